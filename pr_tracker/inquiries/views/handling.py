"""Pages of the acts that say who handles an inquiry, and the parts agencies send."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker.inquiries.actions import handling, intake
from pr_tracker.inquiries.forms import handling as forms
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.case import get_agency, get_person, parts_of
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.inquiries.views.training import OFFICER, RESPONSIBLE
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/acknowledge", methods=BOTH)
@requires(P.INQUIRY_LOG)
def acknowledge(inquiry_id: int) -> ResponseReturnValue:
    """Record when the journalist was told that the inquiry is received."""
    act = Act(
        Step.ACKNOWLEDGE,
        forms.AcknowledgeForm,
        lambda inquiry, form, by: intake.acknowledge(inquiry, form.acknowledged_at.data, **by),
        said=_("The acknowledgement is recorded."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/assign", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def assign(inquiry_id: int) -> ResponseReturnValue:
    """Give the inquiry to a lead agency."""
    act = Act(
        Step.ASSIGN,
        forms.AssignForm,
        lambda inquiry, form, by: handling.assign(
            inquiry, get_agency(form.agency_id.data), note_text=form.note.data or "", **by
        ),
        said=_("Assigned. The head of the lead agency is the responsible person."),
        lede=_("The head of the lead agency is responsible from this moment, whoever writes or speaks."),
        names=(RESPONSIBLE,),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/officer", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def officer(inquiry_id: int) -> ResponseReturnValue:
    """Name the case officer."""
    act = Act(
        Step.TAKE_OVER,
        forms.OfficerForm,
        lambda inquiry, form, by: handling.take_case(inquiry, get_person(form.officer_id.data), **by),
        said=_("The case officer is named."),
        title=_("Name the case officer"),
        names=(OFFICER,),
        fits=lambda who: who.leads,
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/take-over", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def take_over(inquiry_id: int) -> ResponseReturnValue:
    """The reader's agency leads, the reader is the case officer."""
    act = Act(
        Step.TAKE_OVER,
        forms.ActForm,
        lambda inquiry, form, by: handling.take_over(inquiry, **by),
        said=_("Taken over. Your agency leads now."),
        title=_("Take over for %(agency)s", agency=reader().agency.short_name),
        button=_("Take over"),
        lede=_("Your agency becomes the lead agency, its head the responsible person, you the case officer."),
        names=(RESPONSIBLE, OFFICER),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/ask-take-over", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def ask_take_over(inquiry_id: int) -> ResponseReturnValue:
    """Ask another agency to lead."""
    act = Act(
        Step.ASK_TAKE_OVER,
        forms.AskForm,
        lambda inquiry, form, by: handling.ask_take_over(
            inquiry, get_agency(form.agency_id.data), form.reason.data, **by
        ),
        said=_("Asked. Until the agency accepts, nothing changes."),
        button=_("Ask to take over"),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/request", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def answer_request(inquiry_id: int) -> ResponseReturnValue:
    """The asked agency accepts and leads, or declines with a reason."""
    act = Act(
        Step.TAKE_OVER,
        forms.RequestForm,
        lambda inquiry, form, by: handling.answer_request(
            inquiry, accepts=form.accepts, reason=form.reason.data or "", **by
        ),
        said=_("Your answer is recorded."),
        title=_("Asked to take over"),
        button=_("Accept and lead"),
        template="inquiries/case_request.html",
        about=lambda inquiry: {"request_reason": _asked_why(inquiry)},
        fits=lambda who: Part.ASKED in who.parts,
    )
    return run(inquiry_id, act)


def _asked_why(inquiry: Inquiry) -> str:
    own = reader().agency_id
    rows = parts_of(inquiry)
    return next((row.task for row in rows if row.part is Part.ASKED and row.agency_id == own), "")


@blueprint.route("/inquiries/<id:inquiry_id>/urge", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def urge(inquiry_id: int) -> ResponseReturnValue:
    """Remind the lead agency with a word (đôn đốc)."""
    act = Act(
        Step.URGE,
        forms.UrgeForm,
        lambda inquiry, form, by: handling.urge(inquiry, form.note.data, **by),
        said=_("Urged. The case officer and the responsible head are told."),
        lede=_("The case officer, or the staff where none is named, and the responsible head are told at once."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/watchers", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def watch(inquiry_id: int) -> ResponseReturnValue:
    """Let an agency follow for information."""
    act = Act(
        Step.WATCH,
        forms.WatcherForm,
        lambda inquiry, form, by: handling.add_watcher(inquiry, get_agency(form.agency_id.data), **by),
        said=_("The agency can follow this inquiry."),
        lede=_("It sees the whole inquiry and may comment; it has no part to send."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/watchers/<id:agency_id>/end", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def end_watch(inquiry_id: int, agency_id: int) -> ResponseReturnValue:
    """An agency follows no longer."""
    return run(
        inquiry_id,
        Act(
            Step.WATCH,
            forms.ActForm,
            lambda inquiry, form, by: handling.end_watcher(inquiry, get_agency(agency_id), **by),
            said=_("The agency follows no longer."),
            title=_("End the following"),
            lede=_("The agency will no longer see this inquiry."),
            about=lambda _inquiry: {"agency": get_agency(agency_id)},
        ),
    )
