"""What is to be given: versions of the answer or refusal, their submission; withdrawal; closing and archive."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import begin, index_text, stop_for_good, tell
from pr_tracker.inquiries.actions.letters import require_no_unfinished
from pr_tracker.inquiries.actions.sealing import draft_at_hand, void_seals
from pr_tracker.inquiries.models import Attachment, Draft, Inquiry
from pr_tracker.inquiries.queries.seals import required_steps, seal_now
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Status, Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import RefusalGround, require_ground, require_text
from pr_tracker.inquiries.rules_seal import VoidReason, text_digest_of
from pr_tracker.office_time import office_day
from pr_tracker.text import nfc


def save_draft(
    inquiry: Inquiry,
    text: str,
    *,
    actor: Person,
    now: datetime,
    ground: RefusalGround | None = None,
    file_ids: Collection[int] | None = None,
    seen: int | None = None,
) -> Draft:
    """A new version with its files; every seal and submission of the one before falls. Raises BadInput, NotAllowed.

    `ground`: what is written is a refusal, on a ground of the law in force today. `file_ids`: files of the case that
    go with it; None: those of the version before.
    """
    status, _ = begin(inquiry, Step.DRAFT, actor=actor, seen=seen, now=now)
    before = latest_draft(inquiry)
    draft = _version(inquiry, text, before, ground=ground, file_ids=file_ids, now=now)
    if before is not None and before.digest == draft.digest and inquiry.status is Status.DRAFTING:
        raise BadInput(N_("Nothing was changed since version %(number)s."), field="text", number=before.number)
    draft.author, draft.saved_at = actor, now
    db.session.add(draft)
    voids = void_seals(inquiry, VoidReason.NEW_VERSION, now=now)
    inquiry.status, inquiry.approved_draft, inquiry.review_step = status, None, None
    if inquiry.officer is None:
        inquiry.officer = actor
    said = {"number": draft.number, "digest": draft.digest, "voids_approval": voids}
    said |= {"ground": ground} if ground else {}
    said |= {"files": [file.file_name for file in draft.files]} if draft.files else {}
    tell(inquiry, InquiryEvent.DRAFT, actor=actor, now=now, **said)
    index_text(inquiry)
    return draft


def _version(
    inquiry: Inquiry,
    text: str,
    before: Draft | None,
    *,
    ground: RefusalGround | None,
    file_ids: Collection[int] | None,
    now: datetime,
) -> Draft:
    """What would be saved, with its seal; nothing is stored yet."""
    if ground is not None:
        require_ground(ground, office_day(now), field="ground")
    text = nfc(require_text(text, "text"))
    files = _files(inquiry, file_ids) if file_ids is not None else list(before.files if before else ())
    draft = Draft(inquiry_id=inquiry.id, number=before.number + 1 if before else 1, text=text, ground=ground)
    draft.files, draft.text_digest = files, text_digest_of(text)
    draft.digest = seal_now(draft)
    return draft


def _files(inquiry: Inquiry, file_ids: Collection[int]) -> list[Attachment]:
    query = sa.select(Attachment).where(Attachment.inquiry_id == inquiry.id, Attachment.id.in_(set(file_ids)))
    found = list(db.session.scalars(query.order_by(Attachment.id))) if file_ids else []
    if len(found) != len(set(file_ids)):
        raise BadInput(N_("There is no such file."), field="file_ids")
    return found


def save_and_submit(
    inquiry: Inquiry,
    text: str,
    *,
    actor: Person,
    now: datetime,
    ground: RefusalGround | None = None,
    file_ids: Collection[int] | None = None,
    seen: int | None = None,
) -> None:
    """Submit this text with its files: as a new version, or the newest one when it is the same.

    Raises BadInput, NotAllowed.
    """
    newest = latest_draft(inquiry)
    if inquiry.status is Status.DRAFTING and newest is not None:
        same = _version(inquiry, text, newest, ground=ground, file_ids=file_ids, now=now).digest == newest.digest
        if same:
            submit(inquiry, actor=actor, now=now, seen=seen)
            return
    save_draft(inquiry, text, actor=actor, now=now, ground=ground, file_ids=file_ids, seen=seen)
    submit(inquiry, actor=actor, now=now)


def submit(inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Put the newest version before whoever approves first. Raises BadInput without a version."""
    status, _ = begin(inquiry, Step.SUBMIT, actor=actor, seen=seen, now=now)
    draft = draft_at_hand(inquiry)
    inquiry.status, inquiry.review_step = status, required_steps(inquiry)[0]
    tell(inquiry, InquiryEvent.SUBMIT, actor=actor, now=now, number=draft.number)


def withdraw(inquiry: Inquiry, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Record that the press withdrew its inquiry. Raises BadInput without saying how it was told."""
    status, _ = begin(inquiry, Step.WITHDRAW, actor=actor, seen=seen, now=now)
    why = require_text(reason, "reason")
    inquiry.status = status
    stop_for_good(inquiry, at=now, by=actor, now=now)
    tell(inquiry, InquiryEvent.WITHDRAW, actor=actor, now=now, reason=why)


def close(inquiry: Inquiry, closing_note: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """The file is complete: nothing more is expected. Raises BadInput when it is closed already."""
    begin(inquiry, Step.CLOSE, actor=actor, seen=seen, now=now)
    if inquiry.closed_at is not None:
        raise BadInput(N_("This file is closed already."))
    require_no_unfinished(inquiry)
    inquiry.closed_at, inquiry.closing_note = now, closing_note.strip()
    tell(inquiry, InquiryEvent.CLOSE, actor=actor, now=now, note=inquiry.closing_note)


def archive(inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Hand the closed file to the archive. Raises BadInput when it is not closed."""
    status, _ = begin(inquiry, Step.ARCHIVE, actor=actor, seen=seen, now=now)
    if inquiry.closed_at is None:
        raise BadInput(N_("Close the file first, then archive it."))
    require_no_unfinished(inquiry)
    inquiry.status, inquiry.archived_at = status, now
    tell(inquiry, InquiryEvent.ARCHIVE, actor=actor, now=now)
