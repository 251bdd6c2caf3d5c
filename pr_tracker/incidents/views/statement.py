"""Pages of the holding statement: write, submit, approve, return."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.incidents import labels
from pr_tracker.incidents.actions import statement
from pr_tracker.incidents.forms import ApproveForm, ReasonForm, SeenForm, StatementForm
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries import room as queries
from pr_tracker.incidents.queries.visibility import newest_statement, standing_of
from pr_tracker.incidents.rules import IncidentStep, StatementState
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import BOTH, Act, reader, run
from pr_tracker.incidents.views.telling import clock_of
from pr_tracker.inquiries.rules_seal import seal_of
from pr_tracker.inquiries.views.telling import seal_code
from pr_tracker.permissions import Permission
from pr_tracker.text import word_changes
from pr_tracker.web.access import requires
from pr_tracker.web.forms import tidy

P = Permission
X = IncidentStep


@blueprint.route("/incidents/<id:incident_id>/statement", methods=BOTH)
@requires(P.INCIDENT_DO)
def draft(incident_id: int) -> ResponseReturnValue:
    """Write the statement: save a new version, or save and submit it."""
    form = StatementForm()
    submits = request.form.get("then") == "submit"
    save = statement.save_and_submit if submits else statement.save_statement

    def fill(incident: Incident) -> None:
        newest = newest_statement(incident)
        if newest is not None and newest.state is not StatementState.RELEASED:
            form.text.data = newest.text

    act = Act(
        X.DRAFT,
        form,
        lambda incident, by: save(incident, form.text.data or "", **by),
        said=_("Saved and submitted for approval.") if submits else _("Saved as a new version."),
        lede=_("What is confirmed, what is being done, when the press hears more. It goes out word for word."),
        template="incidents/statement.html",
        fill=fill,
        about=_beside,
    )
    return run(incident_id, act)


def _beside(incident: Incident) -> dict[str, Any]:
    """What the writer wants in view: the clock, what came back, what the inquiries ask."""
    newest = newest_statement(incident)
    typed = tidy(request.form.get("text", ""))
    reviews = queries.reviews_of([newest.id]) if newest is not None else []
    return {
        "newest": newest,
        "clock": clock_of(incident, clock.now(), deadlines.working_calendar()),
        "returned": next((row for row in reversed(reviews) if not row.approved), None),
        "questions": queries.questions_of(incident),
        "differences": word_changes(newest.text, typed) if newest and typed and newest.text != typed else [],
    }


@blueprint.route("/incidents/<id:incident_id>/statement/submit", methods=BOTH)
@requires(P.INCIDENT_DO)
def submit(incident_id: int) -> ResponseReturnValue:
    """Put the newest version before the leadership of the lead agency."""
    act = Act(
        X.SUBMIT,
        SeenForm(),
        lambda incident, by: statement.submit(incident, **by),
        said=_("Submitted for approval."),
        lede=_("The leadership of the lead agency approves first, then that of UBND tỉnh."),
        template="incidents/statement_act.html",
        about=_text,
    )
    return run(incident_id, act)


def _text(incident: Incident) -> dict[str, Any]:
    """The newest version, its author and its seal."""
    newest = newest_statement(incident)
    return {"newest": newest, "seal": seal_code(seal_of(newest.text)) if newest else ""}


@blueprint.route("/incidents/<id:incident_id>/statement/approve", methods=BOTH)
@requires(P.INCIDENT_DO)
def approve(incident_id: int) -> ResponseReturnValue:
    """Approve exactly the text that was read."""
    form = ApproveForm()

    def fill(incident: Incident) -> None:
        newest = newest_statement(incident)
        form.digest.data = seal_of(newest.text) if newest else ""

    act = Act(
        X.APPROVE,
        form,
        lambda incident, by: statement.approve(
            incident, digest=form.digest.data or "", alone=bool(form.alone.data), **by
        ),
        said=_("Approved."),
        template="incidents/approve.html",
        fill=fill,
        about=_beside_approval,
    )
    return run(incident_id, act)


def _beside_approval(incident: Incident) -> dict[str, Any]:
    shown = _text(incident)
    newest = shown["newest"]
    reviews = queries.reviews_of([newest.id]) if newest is not None else []
    return {
        **shown,
        "labels": labels,
        "clock": clock_of(incident, clock.now(), deadlines.working_calendar()),
        "standing": standing_of(incident, reader(), now=clock.now(), statement=newest),
        "given": [row for row in reviews if row.approved and row.voided_at is None],
        "members": queries.members_of(incident),
    }


@blueprint.route("/incidents/<id:incident_id>/statement/return", methods=BOTH)
@requires(P.INCIDENT_DO)
def return_statement(incident_id: int) -> ResponseReturnValue:
    """Send the text back with a reason."""
    form = ReasonForm()
    act = Act(
        X.RETURN,
        form,
        lambda incident, by: statement.return_statement(incident, form.reason.data or "", **by),
        said=_("Returned for revision."),
        template="incidents/statement_act.html",
        about=_text,
    )
    return run(incident_id, act)
