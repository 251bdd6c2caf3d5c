"""What the province said before on the matter of a case, and where an answer says otherwise."""

from datetime import date

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.statements.queries import SaidBefore, said_before
from pr_tracker.statements.rules_likeness import Matter


def said_on(inquiry: Inquiry, text: str, day: date, calendar: WorkingCalendar | None = None) -> list[SaidBefore]:
    """What was said on a like matter, held against this text of the answer; never the case's own statement."""
    asked = Matter(". ".join([inquiry.subject, *(question.text for question in inquiry.questions)]), text)
    about = Matter(inquiry.subject, text)
    return said_before(asked, about, day, besides_inquiry=inquiry.id, calendar=calendar)


def contradicted_by(inquiry: Inquiry, text: str, day: date) -> list[SaidBefore]:
    """The statements in force that say otherwise than this text."""
    return [one for one in said_on(inquiry, text, day) if one.contradicts]
