"""Pages that put inquiries into an incident and take them out; agencies that coordinate."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.incidents.actions import joining
from pr_tracker.incidents.forms import InvolveForm, JoinForm, ReasonForm, SeenForm
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries.joinable import lock_joinable
from pr_tracker.incidents.queries.lists import choices_for
from pr_tracker.incidents.queries.visibility import get_visible
from pr_tracker.incidents.rules import IncidentStep
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import BOTH, UNPROCESSABLE, Act, page_of, reader, run
from pr_tracker.incidents.views.picking import choices, ticked
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.visibility import get_visible as get_inquiry
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.parameters import text_of

P = Permission
X = IncidentStep
NONE_TICKED = N_("Tick at least one inquiry.")


@blueprint.route("/incidents/<id:incident_id>/merge", methods=BOTH)
@requires(P.INCIDENT_DO)
def merge(incident_id: int) -> ResponseReturnValue:
    """Put several inquiries in at once; each keeps its own clock."""
    form = SeenForm()
    wanted = ticked()

    def do(incident: Incident, by: dict[str, Any]) -> None:
        if not wanted:
            raise BadInput(NONE_TICKED)
        seen = by.pop("seen")
        for inquiry in lock_joinable(reader(), wanted):
            joining.join(incident, inquiry, **by, seen=seen)
            seen = None

    act = Act(
        X.JOIN,
        form,
        do,
        said=ngettext("%(num)d inquiry is in.", "%(num)d inquiries are in.", len(wanted)),
        lede=_("Each inquiry keeps its own deadline, stops and reminders. One statement can go to all of them."),
        template="incidents/merge.html",
        about=lambda _incident: {"choices": choices(), "q": text_of("q")},
    )
    return run(incident_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/incident", methods=BOTH)
@requires(P.INCIDENT_DO)
def join(inquiry_id: int) -> ResponseReturnValue:
    """From an inquiry: put it into an open incident, or open one with it."""
    form = JoinForm()
    form.offer(choices_for(reader()))
    status = 200
    if request.method == "POST":
        incident = _joined(inquiry_id, form)
        if incident is not None:
            flash(_("The inquiry is in. Its own deadline stays."), "success")
            return redirect(page_of(incident), 303)
        status = UNPROCESSABLE
    inquiry = get_inquiry(inquiry_id, reader())
    if inquiry.incident_id is not None and request.method != "POST":
        flash(_("The inquiry belongs to an incident already."), "warning")
        return redirect(url_for("inquiries.case", inquiry_id=inquiry_id))
    return render_template("incidents/join.html", form=form, inquiry=inquiry), status


def _joined(inquiry_id: int, form: JoinForm) -> Incident | None:
    if not form.validate():
        return None
    try:
        incident = get_visible(form.incident_id.data, reader(), to_change=True)
        inquiry = get_inquiry(inquiry_id, reader(), to_change=True)
        joining.join(incident, inquiry, actor=reader(), now=clock.now())
        db.session.commit()
    except (BadInput, NotAllowed, StepNotAllowed) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return None
    return incident


@blueprint.route("/inquiries/<id:inquiry_id>/incident/leave", methods=BOTH)
@requires(P.INCIDENT_DO)
def leave(inquiry_id: int) -> ResponseReturnValue:
    """Take an inquiry out of its incident, with the reason; its clock is the one it always had."""
    inquiry = get_inquiry(inquiry_id, reader())
    if inquiry.incident_id is None:
        if request.method == "POST":
            raise StepNotAllowed(N_("This inquiry does not belong to the incident any more."))
        flash(_("This inquiry does not belong to the incident any more."), "warning")
        return redirect(url_for("inquiries.case", inquiry_id=inquiry_id))
    form = ReasonForm()

    def do(incident: Incident, by: dict[str, Any]) -> None:
        locked: Inquiry = get_inquiry(inquiry_id, reader(), to_change=True)
        joining.leave(incident, locked, form.reason.data or "", **by)

    act = Act(
        X.LEAVE,
        form,
        do,
        said=_("%(code)s is out. Its own deadline stays.", code=inquiry.code),
        title=_("Take %(code)s out of the incident", code=inquiry.code),
        lede=inquiry.subject,
    )
    return run(inquiry.incident_id, act)


@blueprint.route("/incidents/<id:incident_id>/agencies", methods=BOTH)
@requires(P.INCIDENT_DO)
def involve(incident_id: int) -> ResponseReturnValue:
    """Let an agency coordinate."""
    form = InvolveForm()
    form.offer(accounts.agencies_for_choice())
    act = Act(
        X.INVOLVE,
        form,
        lambda incident, by: joining.involve(incident, accounts.get_agency(form.agency_id.data), **by),
        said=_("The agency coordinates from now on."),
        lede=_("Its people see the room and may be on call or have tasks."),
    )
    return run(incident_id, act)


@blueprint.post("/incidents/<id:incident_id>/agencies/<id:agency_id>/end")
@requires(P.INCIDENT_DO)
def relieve(incident_id: int, agency_id: int) -> ResponseReturnValue:
    """An agency coordinates no longer."""
    incident = get_visible(incident_id, reader(), to_change=True)
    try:
        agency = accounts.get_agency(agency_id)
        joining.relieve(incident, agency, actor=reader(), now=clock.now())
        db.session.commit()
        flash(_("The agency coordinates no longer."), "success")
    except (StepNotAllowed, NotFound) as refusal:
        db.session.rollback()
        flash(say(refusal), "warning")
    return redirect(url_for(".room", incident_id=incident_id), 303)
