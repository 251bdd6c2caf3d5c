"""Approval: a seal on exactly one text with its files, its return, its fall; release of the sealed text alone."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotAllowed
from pr_tracker.inquiries.actions.beats import begin, stop_for_good, tell
from pr_tracker.inquiries.actions.voice import Library, put_on_record
from pr_tracker.inquiries.models import Draft, Inquiry, Review
from pr_tracker.inquiries.queries.seals import STANDS, approved_at, given_seals, required_steps, seal_now
from pr_tracker.inquiries.queries.speaking import authority_of, right_to_speak
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import NOT_OWN_TEXT, Standing, Status, Step, after
from pr_tracker.inquiries.rules_articles import Stated, require_fit, states_of
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, Sensitivity, require_text
from pr_tracker.inquiries.rules_seal import (
    BROKEN,
    ReviewStep,
    Seal,
    VoidReason,
    next_step,
    require_read,
    require_sealed,
    text_digest_of,
)
from pr_tracker.statements.queries import lock_statements
from pr_tracker.text import nfc

ONE_MINUTE = timedelta(minutes=1)
# What is sent or posted can only follow the approval of its text; spoken words may be put on record afterwards.
SENT_FORMS = frozenset({AnswerForm.WRITTEN, AnswerForm.PORTAL})


def draft_at_hand(inquiry: Inquiry) -> Draft:
    """The newest version. Raises BadInput when nothing was written."""
    draft = latest_draft(inquiry)
    if draft is None:
        raise BadInput(N_("There is no answer yet: write one first."))
    return draft


def approve(
    inquiry: Inquiry,
    *,
    actor: Person,
    now: datetime,
    digest: str | None = None,
    alone: bool = False,
    seen: int | None = None,
) -> None:
    """Seal exactly the newest version for the step that is awaited; `digest` is the seal of what was read.

    The approver is whose step it is, and did not write the words. `alone`: the head of the lead agency answers alone
    and approves their own words, which is recorded (Decree 244/2026/NĐ-CP Art 8(1)). Nobody gives both seals.
    Raises NotAllowed, BadInput.
    """
    _, who = begin(inquiry, Step.APPROVE, actor=actor, seen=seen, now=now)
    draft, step = draft_at_hand(inquiry), inquiry.review_step or ReviewStep.AGENCY
    require_read(digest, seal_now(draft))
    if draft.digest != seal_now(draft):
        raise BadInput(BROKEN)
    _require_second_person(who, alone)
    by_paper = _by_paper(inquiry, step, actor, now)
    db.session.add(_review(draft, step, actor=actor, now=now, alone=alone, **by_paper))
    following = next_step(required_steps(inquiry), {step, *(seal.step for seal in given_seals(draft))})
    taken = Step.APPROVE if following is None else Step.ENDORSE
    inquiry.status, inquiry.review_step = after(inquiry.status, taken), following
    inquiry.approved_draft = draft if following is None else None
    said: dict[str, Any] = {"number": draft.number, "digest": draft.digest, "step": step, "title": actor.title}
    said |= {"alone": True} if alone else {}
    event = InquiryEvent.APPROVE if following is None else InquiryEvent.ENDORSE
    tell(inquiry, event, actor=actor, now=now, **said)


def _require_second_person(who: Standing, alone: bool) -> None:
    if who.wrote_text and not alone:
        raise NotAllowed(NOT_OWN_TEXT)
    if alone and not who.wrote_text:
        raise BadInput(N_("You did not write this text: approve it without that mark."), field="alone")


def _by_paper(inquiry: Inquiry, step: ReviewStep, actor: Person, now: datetime) -> dict[str, Any]:
    """In whose place somebody reviews at the agency's step, by which paper of its head."""
    authority = authority_of(inquiry, actor, now) if step is ReviewStep.AGENCY else None
    return {"authority": authority, "authorisation_id": authority["id"]} if authority else {}


def _review(draft: Draft, step: ReviewStep, *, actor: Person, now: datetime, **facts: Any) -> Review:
    facts = {"approved": True, **facts}
    return Review(
        draft_id=draft.id, step=step, digest=draft.digest, reviewer_id=actor.id, title=actor.title, at=now, **facts
    )


def return_draft(inquiry: Inquiry, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Send the version back for revision, with the reason; its seals fall. Raises BadInput without one, NotAllowed."""
    status, who = begin(inquiry, Step.RETURN, actor=actor, seen=seen, now=now)
    draft, why = draft_at_hand(inquiry), require_text(reason, "reason")
    step = inquiry.review_step or (ReviewStep.AGENCY if who.approves_first else ReviewStep.PROVINCE)
    voids = void_seals(inquiry, VoidReason.RETURNED, now=now)
    by_paper = _by_paper(inquiry, step, actor, now)
    db.session.add(_review(draft, step, actor=actor, now=now, approved=False, reason=why, **by_paper))
    inquiry.status, inquiry.approved_draft, inquiry.review_step = status, None, None
    said = {"number": draft.number, "reason": why, "step": step, "voids_approval": voids}
    tell(inquiry, InquiryEvent.RETURN, actor=actor, now=now, **said)


def void_seals(inquiry: Inquiry, reason: VoidReason, *, now: datetime) -> bool:
    """Every seal of the case falls, and stays on record as fallen; whether there was one."""
    query = sa.select(Review).join(Draft, Draft.id == Review.draft_id).where(Draft.inquiry_id == inquiry.id, *STANDS)
    fallen = db.session.scalars(query).all()
    for seal in fallen:
        seal.voided_at, seal.void_reason = now, reason
    return bool(fallen)


def reopen_if_short(inquiry: Inquiry, why: str, *, actor: Person | None, now: datetime) -> bool:
    """An approved case that now needs one approval more waits for it again; the seals given stand, the text is theirs.

    For whoever makes a case sensitive, part of an incident, or changes an agency's rule. Returns whether it was short.
    """
    if inquiry.status is not Status.APPROVED or inquiry.approved_draft is None:
        return False
    missing = next_step(required_steps(inquiry), {seal.step for seal in given_seals(inquiry.approved_draft)})
    if missing is None:
        return False
    number = inquiry.approved_draft.number
    inquiry.status, inquiry.review_step = after(inquiry.status, Step.REOPEN), missing
    inquiry.approved_draft = None
    tell(inquiry, InquiryEvent.REOPEN, actor=actor, now=now, number=number, step=missing, note=why)
    return True


def mark_sensitive(inquiry: Inquiry, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """The matter needs special care: UBND tỉnh approves too, also what was approved and not yet given.

    A mark once set stays. Raises BadInput without a reason, or when it is set.
    """
    begin(inquiry, Step.MARK_SENSITIVE, actor=actor, seen=seen, now=now)
    if inquiry.sensitivity is not Sensitivity.NORMAL:
        raise BadInput(N_("This inquiry is marked as sensitive already."))
    why = require_text(reason, "reason")
    inquiry.sensitivity = Sensitivity.SENSITIVE
    tell(inquiry, InquiryEvent.MARK_SENSITIVE, actor=actor, now=now, reason=why)
    reopen_if_short(inquiry, why, actor=actor, now=now)


def sealed_draft(inquiry: Inquiry, *, digest: str | None, folder: Path | None) -> Draft:
    """The version that may be given: its seal is that of every approval it needs, and of what the page showed.

    `folder`: where the files lie; their content is read again. Raises BadInput when anything differs.
    """
    draft = inquiry.approved_draft
    if draft is None:
        raise BadInput(N_("There is no answer yet: write one first."))
    seal = seal_now(draft)
    require_read(digest, seal)
    if seal != draft.digest:
        raise BadInput(BROKEN)
    require_sealed(seal, required_steps(inquiry), given_seals(draft))
    for file in draft.files:
        path = folder / file.stored_name if folder else None
        if path is None or not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file.digest:
            raise BadInput(N_("“%(name)s” is no longer the file that was approved."), name=file.file_name)
    return draft


def release(
    inquiry: Inquiry,
    form: AnswerForm,
    *,
    at: datetime,
    speaker: Person,
    evidence: str,
    stated: Collection[Stated] = (),
    actor: Person,
    now: datetime,
    digest: str | None = None,
    folder: Path | None = None,
    library: Library | None = None,
    seen: int | None = None,
) -> None:
    """The sealed answer has been given, by one of the five forms (Decree 244/2026/NĐ-CP Art 5); the clock stops `at`.

    `digest` is the seal on the page, `folder` where its files lie; `stated` is what an answer on the press states,
    `library` what is decided on the statement it becomes. Raises BadInput for anything but the sealed text, an
    impossible moment, a speaker who may not speak, missing evidence, a form the law does not allow here, or a statement
    in force that says otherwise while nobody decided what that means.
    """
    status, _ = begin(inquiry, Step.RELEASE, actor=actor, seen=seen, now=now)
    library = library or Library()
    lock_statements(library.replaces)  # before the audit log's turn, as whoever withdraws one does
    draft = sealed_draft(inquiry, digest=digest, folder=folder)
    if draft.ground is not None:
        raise BadInput(N_("What was approved is a refusal: record that the press was told of it."))
    require_told_at(inquiry, at, now=now)
    require_fit(inquiry.kind, form, stated, at=at)
    if form in SENT_FORMS and at + ONE_MINUTE <= approved_at(draft):
        raise BadInput(N_("What is sent or posted cannot be earlier than its approval."), field="released_at")
    right = right_to_speak(inquiry, speaker, at).to_json()
    inquiry.evidence = require_text(evidence, "evidence")
    inquiry.answer_form, inquiry.released_at, inquiry.speaker = form, at, speaker
    inquiry.answer_states = states_of(inquiry.kind, stated)
    inquiry.speaker_right, inquiry.status = right, status
    stop_for_good(inquiry, at=at, by=actor, now=now)
    said: dict[str, Any] = {
        "form": form,
        "right": right,
        "at": at.isoformat(),
        "speaker": speaker.full_name,
        "evidence": inquiry.evidence,
    }
    said |= {"number": draft.number, "digest": draft.digest, "late": at >= inquiry.ends_at}
    tell(inquiry, InquiryEvent.RELEASE, actor=actor, now=now, **said)
    put_on_record(inquiry, library, actor=actor, now=now)


class GivenSeal(Protocol):
    """An approval given elsewhere of the same words: a review of an incident's statement."""

    step: Any
    digest: Any
    reviewer_id: Any
    title: Any
    at: Any
    alone: Any
    authority: Any


def answer_by_statement(
    inquiry: Inquiry,
    *,
    text: str,
    author: Person,
    seals: Sequence[GivenSeal],
    form: AnswerForm,
    at: datetime,
    speaker: Person,
    right: dict[str, Any] | None,
    evidence: str,
    incident: str,
    actor: Person,
    now: datetime,
) -> Draft:
    """The statement of an incident (its code) answers this inquiry too: a version with copies of its seals, released.

    Whoever calls it has asked who may release the statement and who may speak. Raises StepNotAllowed, or BadInput when
    the seals are not of exactly this text, or fewer than the inquiry needs.
    """
    status = after(inquiry.status, Step.ANSWER_BY_STATEMENT)
    require_told_at(inquiry, at, now=now)
    draft = _sealed_copy(inquiry, nfc(text), author, seals, now=now)
    inquiry.status, inquiry.review_step, inquiry.approved_draft = status, None, draft
    inquiry.evidence = require_text(evidence, "evidence")
    inquiry.answer_form, inquiry.released_at, inquiry.speaker, inquiry.speaker_right = form, at, speaker, right
    stop_for_good(inquiry, at=at, by=actor, now=now)
    said: dict[str, Any] = {"number": draft.number, "digest": draft.digest, "form": form, "at": at.isoformat()}
    said |= {"right": right} if right else {}
    said |= {"speaker": speaker.full_name, "evidence": inquiry.evidence, "late": at >= inquiry.ends_at}
    tell(inquiry, InquiryEvent.RELEASE, actor=actor, now=now, incident=incident, **said)
    return draft


def _sealed_copy(inquiry: Inquiry, text: str, author: Person, seals: Sequence[GivenSeal], *, now: datetime) -> Draft:
    """A version with the statement's words, and its seals upon it; what was sealed before falls."""
    void_seals(inquiry, VoidReason.NEW_VERSION, now=now)
    before = latest_draft(inquiry)
    digest = text_digest_of(text)
    draft = Draft(
        inquiry_id=inquiry.id,
        number=before.number + 1 if before else 1,
        text=text,
        text_digest=digest,
        digest=digest,
        author=author,
        saved_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    require_sealed(digest, required_steps(inquiry), [Seal(seal.step, seal.digest) for seal in seals])
    copied = ("step", "digest", "reviewer_id", "title", "at", "alone", "authority")
    for seal in seals:
        facts = {name: getattr(seal, name) for name in copied}
        db.session.add(Review(draft_id=draft.id, approved=True, **facts))
    db.session.flush()
    return draft


def require_told_at(inquiry: Inquiry, at: datetime, *, now: datetime) -> None:
    """Raises BadInput when the press cannot have been told at this moment."""
    if not inquiry.received_at <= at <= now:
        raise BadInput(N_("This must lie between receipt and now."), field="released_at")
