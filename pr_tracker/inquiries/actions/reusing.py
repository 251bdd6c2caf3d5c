"""A statement goes into a draft again, with its source."""

from collections.abc import Collection
from datetime import datetime

from pr_tracker.accounts.models import Person
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.answer import save_draft
from pr_tracker.inquiries.actions.beats import note
from pr_tracker.inquiries.models import Draft, Inquiry
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.office_time import office_day
from pr_tracker.statements.actions import note_use
from pr_tracker.statements.queries import get_statement, soon_from
from pr_tracker.statements.rules import state_on


def use_statement(
    inquiry: Inquiry,
    statement_id: int,
    text: str,
    *,
    actor: Person,
    now: datetime,
    file_ids: Collection[int] | None = None,
    seen: int | None = None,
) -> Draft:
    """A new version: what is written, and a statement in force behind it, its source in the history.

    `file_ids`: files of the case that go with it; None: those of the version before.
    Raises BadInput for one that no longer counts or stands there already, NotAllowed.
    """
    statement = get_statement(statement_id)
    day = office_day(now)
    if not state_on(day, statement.validity, soon=soon_from(day)).is_in_force:
        raise BadInput(N_("Statement %(code)s no longer counts; do not use it again."), code=statement.code)
    if statement.text in text:
        raise BadInput(N_("Statement %(code)s stands in the draft already."), field="text", code=statement.code)
    whole = f"{text}\n\n{statement.text}".strip()
    draft = save_draft(inquiry, whole, actor=actor, now=now, file_ids=file_ids, seen=seen)
    about = {"code": statement.code, "statement_id": statement.id, "agency": statement.agency.name}
    note(inquiry, InquiryEvent.REUSE, actor=actor, now=now, number=draft.number, **about)
    note_use(statement, inquiry_id=inquiry.id, draft_id=draft.id, actor=actor, now=now, inquiry=inquiry.code)
    return draft
