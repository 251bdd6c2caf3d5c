"""What agencies sent goes into the answer with its source kept: who said it, in which version, approved by whom."""

from collections.abc import Collection
from datetime import datetime

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.answer import save_draft
from pr_tracker.inquiries.actions.beats import begin, note
from pr_tracker.inquiries.models import Draft, Inquiry
from pr_tracker.inquiries.models_parts import Contribution, DraftSource
from pr_tracker.inquiries.queries.parts import used_of
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import WORKING, Step
from pr_tracker.inquiries.rules_events import InquiryEvent


def merge(
    inquiry: Inquiry,
    sent: Contribution,
    text: str,
    *,
    actor: Person,
    now: datetime,
    file_ids: Collection[int] | None = None,
    seen: int | None = None,
) -> Draft:
    """Put what an agency sent at the end of `text`, what is typed so far, as a new version that names its source.

    `file_ids`: see answer.save_draft. An earlier version of the same agency's input is a source no longer. Raises
    BadInput, NotAllowed.
    """
    begin(inquiry, Step.DRAFT, actor=actor, seen=seen, now=now)
    used = used_of(sent.participation)
    if used is not None and used.contribution_id == sent.id:
        raise BadInput(N_("This part is in the answer already."))
    whole = "\n\n".join(each for each in (text.strip(), sent.text) if each)
    draft = save_draft(inquiry, whole, file_ids=file_ids, actor=actor, now=now)
    if used is not None:
        used.dropped_from, used.dropped_by_id = draft.number, actor.id
        db.session.flush()  # an input is used once at a time
    db.session.add(DraftSource(draft_id=draft.id, contribution_id=sent.id, added_at=now, added_by_id=actor.id))
    agency = sent.participation.agency
    facts = {"agency": agency.name, "part_id": sent.participation_id, "version": sent.number, "digest": sent.digest}
    note(inquiry, InquiryEvent.MERGE_PART, actor=actor, now=now, number=draft.number, **facts)
    return draft


def drop_source(
    inquiry: Inquiry, source: DraftSource, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """The answer no longer uses what an agency sent; versions before keep it as their source. Raises BadInput.

    What is before the approver or approved keeps its sources: they belong to what is approved.
    """
    begin(inquiry, Step.DRAFT, actor=actor, seen=seen, now=now)
    if inquiry.status not in WORKING:
        raise BadInput(N_("Save a new version first: what is before the approver keeps its sources."))
    draft, sent = latest_draft(inquiry), db.session.get_one(Contribution, source.contribution_id)
    assert draft is not None
    source.dropped_from, source.dropped_by_id = draft.number, actor.id
    facts = {"agency": sent.participation.agency.name, "version": sent.number, "number": draft.number}
    note(inquiry, InquiryEvent.DROP_SOURCE, actor=actor, now=now, **facts)
