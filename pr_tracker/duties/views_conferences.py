"""Pages of press conferences: plan, change, hold, call off."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.queries import entries_of
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import DueTime, face
from pr_tracker.duties import actions_conferences as actions
from pr_tracker.duties import labels, queries
from pr_tracker.duties.actions import require_head
from pr_tracker.duties.forms import CancelForm, ConferenceForm, HoldForm
from pr_tracker.duties.models import Duty, PressConference
from pr_tracker.duties.rules import DutyKind, owes_notice
from pr_tracker.duties.views_acts import (
    BOTH,
    UNPROCESSABLE,
    ActPage,
    attempt,
    may_act_on,
    reader,
    run,
    timeline_of,
)
from pr_tracker.permissions import Permission, Role
from pr_tracker.web.access import requires
from pr_tracker.web.formatting import long_moment

blueprint = Blueprint("conferences", __name__)
P = Permission


@blueprint.route("/duties/conferences/new", methods=BOTH)
@requires(P.DUTY_DO)
def new() -> ResponseReturnValue:
    """Plan a press conference; its notice is counted back at once."""
    agencies = {agency.id: agency for agency in queries.agencies_for(reader())}
    first = next(iter(agencies), reader().agency_id)
    form = ConferenceForm(agency_id=first)
    _offer(form, agencies.values())
    if request.method != "POST":
        return render_template("duties/conference_form.html", form=form, conference=None, page=None, meanwhile=[])
    made: list[PressConference] = []

    def do() -> None:
        agency = agencies[form.agency_id.data]
        made.append(actions.plan(agency, form.facts(), actor=reader(), now=clock.now()))

    if attempt(form, do) is not None:
        page = render_template("duties/conference_form.html", form=form, conference=None, page=None, meanwhile=[])
        return page, UNPROCESSABLE
    flash(_("The press conference is planned."), "success")
    return redirect(url_for(".show", conference_id=made[0].id), 303)


def _offer(form: ConferenceForm, agencies: Any) -> None:
    offered = list(agencies)
    form.offer(offered)
    if not any(agency.kind is AgencyKind.PROVINCE for agency in offered):
        del form.periodic


@blueprint.get("/duties/conferences/<id:conference_id>")
@requires(P.DUTY_VIEW)
def show(conference_id: int) -> str:
    """One press conference: the plan, its notices with their clocks, what became of it."""
    conference, now = queries.get_conference(conference_id, reader()), clock.now()
    return render_template(
        "duties/conference.html",
        conference=conference,
        labels=labels,
        notices=[_notice(duty, now) for duty in queries.notices_of(conference.id)],
        owes_notice=owes_notice(conference.agency.kind),
        history=timeline_of(entries_of(conference)),
        may_do=may_act_on(conference),
        is_head=Role.HEAD in reader().roles,
        began=conference.starts_at <= now,
    )


def _notice(duty: Duty, now: datetime) -> dict[str, Any]:
    due = DueTime(duty.due_on, duty.due_at, duty.ends_at)
    calendar = deadlines.working_calendar()
    looks = face(due, now=now, calendar=calendar, statutory=True, closed_at=duty.done_at)
    exact = deadline_words.exact_words(due, version=duty.clock_version, now=now)
    return {"duty": duty, "face": looks, "words": deadline_words.face_words(looks), "exact": exact}


def _page(conference: PressConference, **words: Any) -> ActPage:
    back = url_for(".show", conference_id=conference.id)
    return ActPage(back=back, subject=conference.title, is_open=conference.is_planned, **words)


@blueprint.route("/duties/conferences/<id:conference_id>/edit", methods=BOTH)
@requires(P.DUTY_DO)
def edit(conference_id: int) -> ResponseReturnValue:
    """Change the plan; a new start recounts the notice."""
    conference = _to_act(conference_id)
    form = ConferenceForm(obj=conference if request.method != "POST" else None)
    del form.agency_id
    if conference.agency.kind is not AgencyKind.PROVINCE:
        del form.periodic
    moves = _("A new start counts the notice anew; if it was given already, it is owed again.")
    page = _page(
        conference,
        title=_("Change the plan"),
        button=_("Save the plan"),
        said=_("The plan is changed."),
        lede=moves if owes_notice(conference.agency.kind) else "",
        template="duties/conference_form.html",
        more={"conference": conference},
    )

    def do() -> None:
        actions.change(conference, form.facts(), actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(conference, form, page, do, lambda: None)


@blueprint.route("/duties/conferences/<id:conference_id>/hold", methods=BOTH)
@requires(P.DUTY_DO)
def hold(conference_id: int) -> ResponseReturnValue:
    """Record that it was held, with evidence; a periodic one starts the next three months."""
    conference, form = _to_act(conference_id), HoldForm()
    restarts = _("The three months begin anew with this press conference.")
    page = _page(
        conference,
        title=_("Record as held"),
        button=_("Record as held"),
        said=_("Recorded as held."),
        lede=restarts if conference.periodic else "",
        hints={"evidence": str(labels.EVIDENCE_HINT[DutyKind.QUARTERLY])},
    )

    def do() -> None:
        assert form.done_at.data is not None
        words = (form.evidence.data or "", form.link.data or "")
        actions.hold(conference, form.done_at.data, *words, actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(conference, form, page, do, lambda: form.done_at.process(None, conference.starts_at))


@blueprint.route("/duties/conferences/<id:conference_id>/cancel", methods=BOTH)
@requires(P.DUTY_DO)
def cancel(conference_id: int) -> ResponseReturnValue:
    """Call it off, with the reason; a notice that was not given is owed no longer."""
    conference, form = _to_act(conference_id), CancelForm()
    page = _page(
        conference,
        title=_("Call it off"),
        button=_("Call it off"),
        said=_("The press conference is called off."),
        lede=_("Planned for %(moment)s. It stays on record with the reason.", moment=long_moment(conference.starts_at)),
    )

    def do() -> None:
        actions.call_off(conference, form.reason.data or "", actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(conference, form, page, do, lambda: None)


@blueprint.route("/duties/conferences/<id:conference_id>/reopen", methods=BOTH)
@requires(P.DUTY_DO)
def reopen(conference_id: int) -> ResponseReturnValue:
    """Say that what was recorded is wrong, with the reason; for heads."""
    conference, form = _to_act(conference_id), CancelForm()
    require_head(reader())
    page = _page(
        conference,
        title=_("Take the record back"),
        button=_("Take the record back"),
        said=_("It is planned again."),
        lede=_("For a record that was wrong. The three months turn back too; the former record stays in the history."),
    )
    page.is_open = not conference.is_planned

    def do() -> None:
        reason = form.reason.data or ""
        actions.take_back_record(conference, reason, actor=reader(), now=clock.now(), seen=form.seen_version)

    return run(conference, form, page, do, lambda: None)


def _to_act(conference_id: int) -> PressConference:
    return queries.get_conference(conference_id, reader(), to_change=request.method == "POST")
