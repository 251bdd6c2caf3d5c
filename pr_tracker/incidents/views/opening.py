"""Pages that open an incident, correct it, determine its impact, write into its chronology, close and reopen it."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.db import db
from pr_tracker.errors import BadInput, DomainError, NotAllowed, StepNotAllowed
from pr_tracker.incidents.actions import opening
from pr_tracker.incidents.forms import ChangeForm, CloseForm, DetermineForm, NoteForm, OpenForm, ReasonForm
from pr_tracker.incidents.labels import KIND_HINT
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries.joinable import joinable, lock_joinable
from pr_tracker.incidents.queries.lists import find_opened_by_form
from pr_tracker.incidents.queries.visibility import possible_leads
from pr_tracker.incidents.rules import IncidentStep
from pr_tracker.incidents.rules_kinds import IncidentKind
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import BOTH, UNPROCESSABLE, Act, reader, run
from pr_tracker.incidents.views.picking import choices, ticked
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import write_moment
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import text_of

P = Permission
X = IncidentStep


@blueprint.route("/incidents/new", methods=BOTH)
@requires(P.INCIDENT_DO)
def new() -> ResponseReturnValue:
    """Open an incident: from scratch, or from the inquiries that the address names."""
    form = OpenForm(agency_id=reader().agency_id)
    form.offer(possible_leads(reader()))
    if request.method != "POST":
        _preset(form)
        return _new_page(form)
    earlier = find_opened_by_form(form.form_token.data or "")
    if earlier is not None:
        return redirect(url_for(".room", incident_id=earlier), 303)
    made: list[Incident] = []
    if _attempt(form, made) is not None:
        return _new_page(form), UNPROCESSABLE
    flash(_opened_words(made[0]), "success")
    return redirect(url_for(".room", incident_id=made[0].id), 303)


def _preset(form: OpenForm) -> None:
    """What the inquiries named in the address say already; now, for when it was received."""
    now = clock.now()
    form.form_token.data = secrets.token_hex(16)
    form.received_at.data = now
    wanted = ticked()
    if not wanted:
        return
    named = [row for row in joinable(reader(), "", wanted) if row.id in wanted]
    if not named:
        return
    first = min(named, key=lambda row: row.received_at)
    form.title.data, form.received_at.data = first.subject, first.received_at
    if first.kind is Kind.DIVIDED_OPINION:
        form.kind.data = IncidentKind.DIVIDED_OPINION.value
    offered = {choice.value for choice in form.agency_id.choices}
    if str(first.lead_agency_id) in offered:
        form.agency_id.data = first.lead_agency_id


def _attempt(form: OpenForm, made: list[Incident]) -> DomainError | None:
    if not form.validate():
        return BadInput("")
    try:
        inquiries = lock_joinable(reader(), ticked())
        agency = accounts.get_agency(form.agency_id.data)
        token = (form.form_token.data or "")[:32] or None
        given: dict[str, Any] = {"inquiries": inquiries, "actor": reader(), "now": clock.now(), "form_token": token}
        made.append(opening.open_incident(form.facts(), agency, **given))
        db.session.commit()
    except (BadInput, NotAllowed, StepNotAllowed) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return refusal
    return None


def _opened_words(incident: Incident) -> str:
    if incident.due_at is None:
        return _("%(code)s is open. No clock runs before an impact is determined.", code=incident.code)
    due = write_moment(incident.due_at)
    return _("%(code)s is open. Initial information is due at %(due)s.", code=incident.code, due=due)


def _new_page(form: OpenForm) -> str:
    return render_template(
        "incidents/new.html", form=form, choices=choices(), q=text_of("q"), ticked=ticked(), kind_hints=KIND_HINT
    )


@blueprint.route("/incidents/<id:incident_id>/change", methods=BOTH)
@requires(P.INCIDENT_DO)
def change(incident_id: int) -> ResponseReturnValue:
    """Correct what is known; what moves the clock needs a reason."""
    form = ChangeForm()
    act = Act(
        X.CHANGE,
        form,
        lambda incident, by: opening.change(incident, form.facts(), form.reason.data or "", **by),
        said=_("The incident is corrected."),
        lede=_("A changed kind or moment counts the 24 hours anew; the former due time stays in the chronology."),
        fill=form.preset,
    )
    return run(incident_id, act)


@blueprint.route("/incidents/<id:incident_id>/determine", methods=BOTH)
@requires(P.INCIDENT_DO)
def determine(incident_id: int) -> ResponseReturnValue:
    """Determine the impact on public opinion: the 24 hours begin."""
    form = DetermineForm()

    def do(incident: Incident, by: dict[str, Any]) -> None:
        assert form.determined_at.data is not None
        opening.determine(incident, form.determined_at.data, form.note.data or "", **by)

    act = Act(
        X.DETERMINE,
        form,
        do,
        said=_("Determined: the 24 hours run."),
        lede=str(KIND_HINT[IncidentKind.DIVIDED_OPINION]),
        fill=lambda _incident: form.determined_at.process(None, clock.now()),
    )
    return run(incident_id, act)


@blueprint.route("/incidents/<id:incident_id>/notes", methods=BOTH)
@requires(P.INCIDENT_DO)
def write_down(incident_id: int) -> ResponseReturnValue:
    """A line of the chronology in one's own words."""
    form = NoteForm()

    def do(incident: Incident, by: dict[str, Any]) -> None:
        assert form.at.data is not None
        opening.write_down(incident, form.text.data or "", form.at.data, **by)

    act = Act(
        X.NOTE,
        form,
        do,
        said=_("It stands in the chronology."),
        lede=_("Say what happened and when, to the minute. It prints with the chronology."),
        fill=lambda _incident: form.at.process(None, clock.now()),
    )
    return run(incident_id, act)


@blueprint.route("/incidents/<id:incident_id>/close", methods=BOTH)
@requires(P.INCIDENT_DO)
def close(incident_id: int) -> ResponseReturnValue:
    """Close the room when nothing is open."""
    form = CloseForm()
    act = Act(
        X.CLOSE,
        form,
        lambda incident, by: opening.close(incident, form.note.data or "", **by),
        said=_("The incident is closed."),
        lede=_("When no inquiry, task or statement is open. The room stays readable and can be opened again."),
    )
    return run(incident_id, act)


@blueprint.route("/incidents/<id:incident_id>/reopen", methods=BOTH)
@requires(P.INCIDENT_DO)
def reopen(incident_id: int) -> ResponseReturnValue:
    """Open a closed room again."""
    form = ReasonForm()
    act = Act(
        X.REOPEN,
        form,
        lambda incident, by: opening.reopen(incident, form.reason.data or "", **by),
        said=_("The incident is open again."),
    )
    return run(incident_id, act)
