"""An incident's statement answers an inquiry: a version with the statement's own approvals, released as it stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import index_text, stop_for_good, tell
from pr_tracker.inquiries.actions.sealing import require_told_at, void_seals
from pr_tracker.inquiries.models import Draft, Inquiry, Review
from pr_tracker.inquiries.queries.seals import given_seals, required_steps, seal_now
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Step, after
from pr_tracker.inquiries.rules_articles import require_fit
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, require_text
from pr_tracker.inquiries.rules_seal import ReviewStep, VoidReason, require_sealed, text_digest_of


class Approval(Protocol):
    """An approval of the statement that stands: whose, in which step, of which SHA-256."""

    step: Any
    digest: Any
    reviewer_id: Any
    title: Any
    alone: Any
    authority: Any
    at: Any


def answer_by_statement(
    inquiry: Inquiry,
    *,
    text: str,
    author: Person,
    seals: Sequence[Approval],
    incident: str,
    form: AnswerForm,
    at: datetime,
    speaker: Person,
    right: dict[str, Any] | None,
    evidence: str,
    actor: Person,
    now: datetime,
) -> None:
    """The sealed statement of incident `incident` was the answer; whoever released that may be of another agency.

    A version written before falls with its seals. Where UBND tỉnh leads the incident its one approval stands for
    every step that the inquiry needs. Raises BadInput or StepNotAllowed where the inquiry cannot be answered so.
    """
    if inquiry.lead_agency is None:
        raise BadInput(N_("No agency leads it yet: assign it first."))
    status = after(inquiry.status, Step.ANSWER_BY_STATEMENT)
    require_told_at(inquiry, at, now=now)
    require_fit(inquiry.kind, form, (), at=at)
    draft = _sealed_version(inquiry, text, author, seals, now)
    inquiry.status, inquiry.approved_draft, inquiry.review_step = status, draft, None
    inquiry.evidence = require_text(evidence, "evidence")
    inquiry.answer_form, inquiry.released_at, inquiry.speaker = form, at, speaker
    stop_for_good(inquiry, at=at, by=actor, now=now)
    said: dict[str, Any] = {"form": form, "at": at.isoformat(), "speaker": speaker.full_name, "incident": incident}
    said |= {"evidence": inquiry.evidence, "number": draft.number, "digest": draft.digest}
    tell(inquiry, InquiryEvent.RELEASE, actor=actor, now=now, late=at >= inquiry.ends_at, **said)
    index_text(inquiry)


def _sealed_version(inquiry: Inquiry, text: str, author: Person, seals: Sequence[Approval], now: datetime) -> Draft:
    """The statement's text as the newest version, with copies of its approvals. Raises BadInput unless it is sealed."""
    void_seals(inquiry, VoidReason.NEW_VERSION, now=now)
    before = latest_draft(inquiry)
    draft = Draft(inquiry_id=inquiry.id, number=before.number + 1 if before else 1, text=text, ground=None)
    draft.author, draft.saved_at, draft.files = author, now, []
    draft.text_digest = text_digest_of(text)
    draft.digest = seal_now(draft)
    db.session.add(draft)
    db.session.flush()
    required = required_steps(inquiry)
    by_step = {ReviewStep(seal.step): seal for seal in seals}
    for step in required:
        seal = by_step.get(step) or (seals[-1] if len(by_step) == 1 else None)
        if seal is not None:
            db.session.add(_copy(seal, step, draft))
    db.session.flush()
    require_sealed(seal_now(draft), required, given_seals(draft))
    return draft


def _copy(seal: Approval, step: ReviewStep, draft: Draft) -> Review:
    return Review(
        draft_id=draft.id,
        step=step,
        approved=True,
        digest=seal.digest,
        reviewer_id=seal.reviewer_id,
        title=seal.title,
        alone=seal.alone,
        authority=seal.authority,
        at=seal.at,
    )
