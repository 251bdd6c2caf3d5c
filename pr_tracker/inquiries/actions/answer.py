"""The answer: versions, submission, return, approval, release; refusal, withdrawal; closing and archive."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import begin, digest_of, index_text, stop_for_good, tell
from pr_tracker.inquiries.models import Draft, Inquiry, Review
from pr_tracker.inquiries.queries.case import possible_speakers
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Status, Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, RefusalGround, grounds_on, require_text
from pr_tracker.office_time import office_day

ONE_MINUTE = timedelta(minutes=1)
# What is sent or posted can only follow the approval of its text; spoken words may be put on record afterwards.
SENT_FORMS = frozenset({AnswerForm.WRITTEN, AnswerForm.PORTAL})


def save_draft(inquiry: Inquiry, text: str, *, actor: Person, now: datetime, seen: int | None = None) -> Draft:
    """A new version of the answer; an approval or submission of the one before falls. Raises BadInput, NotAllowed."""
    status, _ = begin(inquiry, Step.DRAFT, actor=actor, seen=seen, now=now)
    text = require_text(text, "text")
    before = latest_draft(inquiry)
    if before is not None and before.text == text and inquiry.status is Status.DRAFTING:
        raise BadInput(N_("Nothing was changed since version %(number)s."), field="text", number=before.number)
    voided = inquiry.status is Status.APPROVED
    draft = Draft(
        inquiry_id=inquiry.id,
        number=before.number + 1 if before else 1,
        text=text,
        digest=digest_of(text),
        author=actor,
        saved_at=now,
    )
    db.session.add(draft)
    inquiry.status, inquiry.approved_draft = status, None
    if inquiry.officer is None:
        inquiry.officer = actor
    tell(
        inquiry,
        InquiryEvent.DRAFT,
        actor=actor,
        now=now,
        number=draft.number,
        digest=draft.digest,
        voids_approval=voided,
    )
    index_text(inquiry)
    return draft


def save_and_submit(inquiry: Inquiry, text: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Submit this text: as a new version, or the newest one when it says the same. Raises BadInput, NotAllowed."""
    newest = latest_draft(inquiry)
    if inquiry.status is Status.DRAFTING and newest is not None and newest.text == text.strip():
        submit(inquiry, actor=actor, now=now, seen=seen)
        return
    save_draft(inquiry, text, actor=actor, now=now, seen=seen)
    submit(inquiry, actor=actor, now=now)


def submit(inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Put the newest version before the head or a deputy of the lead agency. Raises BadInput without a version."""
    status, _ = begin(inquiry, Step.SUBMIT, actor=actor, seen=seen, now=now)
    draft = _draft_at_hand(inquiry)
    inquiry.status = status
    tell(inquiry, InquiryEvent.SUBMIT, actor=actor, now=now, number=draft.number)


def return_draft(inquiry: Inquiry, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Send the version back for revision, with the reason. Raises BadInput without one, NotAllowed."""
    status, _ = begin(inquiry, Step.RETURN, actor=actor, seen=seen, now=now)
    draft, why = _draft_at_hand(inquiry), require_text(reason, "reason")
    db.session.add(Review(draft_id=draft.id, approved=False, reason=why, reviewer_id=actor.id, at=now))
    inquiry.status, inquiry.approved_draft = status, None
    tell(inquiry, InquiryEvent.RETURN, actor=actor, now=now, number=draft.number, reason=why)


def approve(
    inquiry: Inquiry, *, actor: Person, now: datetime, digest: str | None = None, seen: int | None = None
) -> None:
    """Approve exactly the newest version; `digest` is that of the text the approver read.

    The approver is the head or a deputy of the lead agency and did not write it. Raises NotAllowed, BadInput.
    """
    status, _ = begin(inquiry, Step.APPROVE, actor=actor, seen=seen, now=now)
    draft = _draft_at_hand(inquiry)
    if digest is not None and digest != draft.digest:
        raise BadInput(N_("The text is no longer the one you read. Read it again."))
    db.session.add(Review(draft_id=draft.id, approved=True, reviewer_id=actor.id, at=now))
    inquiry.status, inquiry.approved_draft = status, draft
    tell(
        inquiry, InquiryEvent.APPROVE, actor=actor, now=now, number=draft.number, digest=draft.digest, title=actor.title
    )


def release(
    inquiry: Inquiry,
    form: AnswerForm,
    *,
    at: datetime,
    speaker: Person,
    evidence: str,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """The approved answer has been given, by one of the five forms (Decree 244/2026/NĐ-CP Art 5); the clock stops `at`.

    Raises BadInput for an impossible moment, a speaker who may not speak, or missing evidence.
    """
    status, _ = begin(inquiry, Step.RELEASE, actor=actor, seen=seen, now=now)
    if not inquiry.received_at <= at <= now:
        raise BadInput(N_("This must lie between receipt and now."), field="released_at")
    if form in SENT_FORMS and at + ONE_MINUTE <= _approved_at(inquiry):
        raise BadInput(N_("What is sent or posted cannot be earlier than its approval."), field="released_at")
    if speaker.id not in {person.id for person in possible_speakers(inquiry)}:
        raise BadInput(N_("This person may not speak for the agency."), field="speaker_id")
    inquiry.evidence = require_text(evidence, "evidence")
    inquiry.answer_form, inquiry.released_at, inquiry.speaker = form, at, speaker
    inquiry.status = status
    stop_for_good(inquiry, at=at, by=actor, now=now)
    tell(
        inquiry,
        InquiryEvent.RELEASE,
        actor=actor,
        now=now,
        form=form,
        at=at.isoformat(),
        speaker=speaker.full_name,
        evidence=inquiry.evidence,
        late=at >= inquiry.ends_at,
    )


def refuse(
    inquiry: Inquiry, ground: RefusalGround, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Refuse on a ground of the law, with the reason given to the press (Press Law 126/2025/QH15 Art 31(2)).

    Raises BadInput for a ground that the law of the day does not know, or without a reason.
    """
    status, _ = begin(inquiry, Step.REFUSE, actor=actor, seen=seen, now=now)
    if ground not in grounds_on(office_day(now)):
        raise BadInput(N_("This ground is not in the law in force today."), field="ground")
    inquiry.refusal_ground, inquiry.refusal_reason = ground, require_text(reason, "reason")
    inquiry.status = status
    stop_for_good(inquiry, at=now, by=actor, now=now)
    tell(
        inquiry,
        InquiryEvent.REFUSE,
        actor=actor,
        now=now,
        ground=ground,
        reason=inquiry.refusal_reason,
        late=now >= inquiry.ends_at,
    )


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
    inquiry.closed_at, inquiry.closing_note = now, closing_note.strip()
    tell(inquiry, InquiryEvent.CLOSE, actor=actor, now=now, note=inquiry.closing_note)


def archive(inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Hand the closed file to the archive. Raises BadInput when it is not closed."""
    status, _ = begin(inquiry, Step.ARCHIVE, actor=actor, seen=seen, now=now)
    if inquiry.closed_at is None:
        raise BadInput(N_("Close the file first, then archive it."))
    inquiry.status, inquiry.archived_at = status, now
    tell(inquiry, InquiryEvent.ARCHIVE, actor=actor, now=now)


def _draft_at_hand(inquiry: Inquiry) -> Draft:
    draft = latest_draft(inquiry)
    if draft is None:
        raise BadInput(N_("There is no answer yet: write one first."))
    return draft


def _approved_at(inquiry: Inquiry) -> datetime:
    query = sa.select(sa.func.max(Review.at)).where(Review.draft_id == inquiry.approved_draft_id, Review.approved)
    approved_at = db.session.scalar(query)
    assert approved_at is not None
    return approved_at
