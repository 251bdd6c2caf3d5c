"""An inquiry belongs to an incident, or no longer: whatever clock it has runs on untouched."""

from datetime import datetime

from pr_tracker.accounts.models import Person
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import begin, note, tell
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm


def join_incident(
    inquiry: Inquiry, incident_id: int, code: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """The inquiry belongs to an incident; to one at a time. Raises BadInput, NotAllowed, StepNotAllowed."""
    begin(inquiry, Step.JOIN_INCIDENT, actor=actor, seen=seen, now=now)
    if inquiry.incident_id is not None:
        message = N_("%(code)s belongs to an incident already: take it out of that one first.")
        raise BadInput(message, code=inquiry.code)
    inquiry.incident_id = incident_id
    tell(inquiry, InquiryEvent.JOIN_INCIDENT, actor=actor, now=now, incident=code, incident_id=incident_id)


def leave_incident(
    inquiry: Inquiry, code: str, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """The inquiry goes its own way again, with the reason. Raises NotAllowed, StepNotAllowed."""
    begin(inquiry, Step.LEAVE_INCIDENT, actor=actor, seen=seen, now=now)
    inquiry.incident_id = None
    tell(inquiry, InquiryEvent.LEAVE_INCIDENT, actor=actor, now=now, incident=code, reason=reason)


def note_informed(
    inquiry: Inquiry, code: str, number: int, form: AnswerForm, at: datetime, *, actor: Person, now: datetime
) -> None:
    """The incident's statement went to this press agency too; the inquiry stays open."""
    note(inquiry, InquiryEvent.INFORM, actor=actor, now=now, incident=code, number=number, form=form, at=at.isoformat())
