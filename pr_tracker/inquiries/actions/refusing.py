"""Refusal: a ground of the law and the reason in words for the press, sealed like an answer, told on a day."""

from datetime import datetime
from pathlib import Path

from pr_tracker.accounts.models import Person
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import begin, stop_for_good, tell
from pr_tracker.inquiries.actions.sealing import ONE_MINUTE, require_told_at, sealed_draft
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.seals import approved_at
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, require_ground, require_text
from pr_tracker.office_time import office_day


def refuse(
    inquiry: Inquiry,
    form: AnswerForm,
    *,
    at: datetime,
    evidence: str,
    actor: Person,
    now: datetime,
    digest: str | None = None,
    folder: Path | None = None,
    seen: int | None = None,
) -> None:
    """The press was told `at`, word for word, why the information is refused; the clock stops then.

    Only the sealed refusal is told, on a ground of the law in force on that day (Press Law 126/2025/QH15 Art 31(2),
    Decree 244/2026/NĐ-CP Art 4(3)). Raises BadInput.
    """
    status, _ = begin(inquiry, Step.REFUSE, actor=actor, seen=seen, now=now)
    draft = sealed_draft(inquiry, digest=digest, folder=folder)
    if draft.ground is None:
        raise BadInput(N_("What was approved is an answer: record its release."))
    require_told_at(inquiry, at, now=now)
    if at + ONE_MINUTE <= approved_at(draft):
        raise BadInput(N_("The press cannot have been told before the refusal was approved."), field="released_at")
    require_ground(draft.ground, office_day(at), field="released_at")
    inquiry.refusal_ground, inquiry.refusal_reason = draft.ground, draft.text
    inquiry.answer_form, inquiry.evidence = form, require_text(evidence, "evidence")
    inquiry.status = status
    stop_for_good(inquiry, at=at, by=actor, now=now)
    said = {"number": draft.number, "digest": draft.digest, "ground": draft.ground, "form": form, "at": at.isoformat()}
    said |= {"reason": draft.text, "evidence": inquiry.evidence, "late": at >= inquiry.ends_at}
    tell(inquiry, InquiryEvent.REFUSE, actor=actor, now=now, **said)
