"""Pages of press briefings at which an agency informed the press by itself: record, look, correct, take back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.audit.queries import entries_of
from pr_tracker.duties import actions_briefings as actions
from pr_tracker.duties import queries
from pr_tracker.duties.actions import require_head
from pr_tracker.duties.forms import BriefingForm, CancelForm
from pr_tracker.duties.models import PressBriefing
from pr_tracker.duties.views_acts import BOTH, UNPROCESSABLE, ActPage, attempt, may_act_on, reader, run, timeline_of
from pr_tracker.permissions import Permission, Role
from pr_tracker.web.access import requires

blueprint = Blueprint("briefings", __name__)
P = Permission


@blueprint.route("/duties/briefings/new", methods=BOTH)
@requires(P.DUTY_DO)
def new() -> ResponseReturnValue:
    """Record what an agency told at a press briefing."""
    agencies = {agency.id: agency for agency in queries.agencies_for(reader())}
    form = BriefingForm(agency_id=next(iter(agencies), reader().agency_id))
    form.offer(agencies.values())
    made: list[PressBriefing] = []

    def do() -> None:
        agency = agencies[form.agency_id.data]
        made.append(actions.record_briefing(agency, form.facts(), actor=reader(), now=clock.now()))

    refused = request.method == "POST" and attempt(form, do) is not None
    if made and not refused:
        flash(_("The press briefing is on record."), "success")
        return redirect(url_for(".show", briefing_id=made[0].id), 303)
    page = render_template("duties/briefing_form.html", form=form, page=None, meanwhile=[])
    return page, UNPROCESSABLE if refused else 200


@blueprint.get("/duties/briefings/<id:briefing_id>")
@requires(P.DUTY_VIEW)
def show(briefing_id: int) -> str:
    """What was told at one press briefing, what shows it, its history."""
    briefing = queries.get_briefing(briefing_id, reader())
    return render_template(
        "duties/briefing.html",
        briefing=briefing,
        history=timeline_of(entries_of(briefing)),
        may_do=may_act_on(briefing) and briefing.withdrawn_at is None,
        is_head=Role.HEAD in reader().roles,
    )


@blueprint.route("/duties/briefings/<id:briefing_id>/edit", methods=BOTH)
@requires(P.DUTY_DO)
def edit(briefing_id: int) -> ResponseReturnValue:
    """Correct what is on record."""
    briefing = _to_act(briefing_id)
    form = BriefingForm(obj=briefing if request.method != "POST" else None)
    del form.agency_id
    page = _page(
        briefing,
        title=_("Correct the record"),
        button=_("Save the record"),
        said=_("The record is corrected."),
        lede=_("The former words stay in the history."),
        template="duties/briefing_form.html",
    )

    def do() -> None:
        actions.correct_briefing(briefing, form.facts(), actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(briefing, form, page, do, lambda: None)


@blueprint.route("/duties/briefings/<id:briefing_id>/withdraw", methods=BOTH)
@requires(P.DUTY_DO)
def withdraw(briefing_id: int) -> ResponseReturnValue:
    """Say that it was recorded wrongly, with the reason; for heads."""
    briefing, form = _to_act(briefing_id), CancelForm()
    require_head(reader())
    page = _page(
        briefing,
        title=_("Take the record back"),
        button=_("Take the record back"),
        said=_("The record is taken back, it no longer counts."),
        lede=_("It stays on record with the reason, and no longer counts in any report."),
    )

    def do() -> None:
        reason = form.reason.data or ""
        actions.withdraw_briefing(briefing, reason, actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(briefing, form, page, do, lambda: None)


def _page(briefing: PressBriefing, **words: Any) -> ActPage:
    back = url_for(".show", briefing_id=briefing.id)
    return ActPage(back=back, subject=briefing.title, is_open=briefing.withdrawn_at is None, **words)


def _to_act(briefing_id: int) -> PressBriefing:
    return queries.get_briefing(briefing_id, reader(), to_change=request.method == "POST")
