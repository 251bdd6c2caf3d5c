"""The holding statement: versions, submission, return, approval by the lead agency and by UBND tỉnh, one seal each."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.incidents.actions.beats import begin, tell
from pr_tracker.incidents.models import Incident, IncidentReview, IncidentStatement
from pr_tracker.incidents.queries.room import seals_of
from pr_tracker.incidents.queries.speaking import authority_of
from pr_tracker.incidents.rules import (
    MOVED_ON,
    REPLACEABLE,
    IncidentStep,
    Standing,
    StatementState,
    after,
    require_words,
)
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.incidents.rules_kinds import LONGEST_TEXT
from pr_tracker.inquiries.rules_seal import ReviewStep, next_step, require_read, seal_of, steps_required

S = StatementState


def steps_of(incident: Incident) -> tuple[ReviewStep, ...]:
    """The approvals that a statement of this incident needs: always two, unless UBND tỉnh leads."""
    led_by_province = incident.agency.kind is AgencyKind.PROVINCE
    return steps_required(sensitive=False, incident=True, agency_rule=False, led_by_province=led_by_province)


def save_statement(
    incident: Incident, text: str, *, actor: Person, now: datetime, seen: int | None = None
) -> IncidentStatement:
    """A new version; the one before falls with its approvals, unless it was released. Raises BadInput, NotAllowed."""
    _, before = begin(incident, IncidentStep.DRAFT, actor=actor, seen=seen, now=now)
    text = require_words(text, "text")
    if len(text) > LONGEST_TEXT:
        raise BadInput(N_("This text is too long."), field="text")
    if before is not None and before.text == text and before.state is S.DRAFTING:
        raise BadInput(N_("Nothing was changed since version %(number)s."), field="text", number=before.number)
    voided = before is not None and before.state is S.APPROVED
    if before is not None and before.state in REPLACEABLE:
        _void_seals(before, now)
        before.state, before.review_step = S.SUPERSEDED, None
    version = IncidentStatement(
        incident_id=incident.id,
        number=before.number + 1 if before else 1,
        text=text,
        digest=seal_of(text),
        state=after(before.state if before else None, IncidentStep.DRAFT),
        author=actor,
        saved_at=now,
    )
    db.session.add(version)
    said: dict[str, Any] = {"number": version.number, "digest": version.digest, "voids_approval": voided}
    tell(incident, IncidentEvent.DRAFT, actor=actor, now=now, **said)
    return version


def save_and_submit(
    incident: Incident, text: str, *, actor: Person, now: datetime, seen: int | None = None
) -> IncidentStatement:
    """Submit this text: as a new version, or the newest one when it says the same. Raises BadInput, NotAllowed."""
    _, newest = begin(incident, IncidentStep.DRAFT, actor=actor, seen=seen, now=now)
    if newest is None or newest.state is not S.DRAFTING or newest.text != text.strip():
        newest = save_statement(incident, text, actor=actor, now=now, seen=seen)
    submit(incident, actor=actor, now=now)
    return newest


def submit(incident: Incident, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Put the newest version before the leadership of the lead agency. Raises StepNotAllowed."""
    _, version = begin(incident, IncidentStep.SUBMIT, actor=actor, seen=seen, now=now)
    version, state = _at_hand(version, IncidentStep.SUBMIT)
    version.state, version.review_step = state, steps_of(incident)[0]
    version.submitted_at, version.submitted_by_id = now, actor.id
    tell(incident, IncidentEvent.SUBMIT, actor=actor, now=now, number=version.number)


def return_statement(incident: Incident, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Send the version back with the reason; what approvals it had no longer count. Raises BadInput, NotAllowed."""
    standing, version = begin(incident, IncidentStep.RETURN, actor=actor, seen=seen, now=now)
    version, state = _at_hand(version, IncidentStep.RETURN)
    why = require_words(reason, "reason")
    of_lead = (standing.leads and standing.is_head) or standing.by_authority
    step = version.review_step or (ReviewStep.AGENCY if of_lead else ReviewStep.PROVINCE)
    _void_seals(version, now)
    review = _review(version, step, actor, now, approved=False, reason=why)
    review.authority = _by_paper(incident, standing, step, actor, now)
    db.session.add(review)
    version.state, version.review_step = state, None
    said: dict[str, Any] = {"number": version.number, "reason": why, "step": step}
    said |= {"authority": review.authority} if review.authority else {}
    tell(incident, IncidentEvent.RETURN, actor=actor, now=now, **said)


def approve(
    incident: Incident,
    *,
    actor: Person,
    now: datetime,
    digest: str | None = None,
    alone: bool = False,
    seen: int | None = None,
) -> None:
    """Approve exactly the version that was read, `digest` being its seal, in the step that is awaited.

    `alone`: the head of the lead agency wrote the text and approves it, which is recorded (Decree 244/2026/NĐ-CP Art
    8(1)). Raises NotAllowed, StepNotAllowed, BadInput when the text is not the one that was read.
    """
    standing, version = begin(incident, IncidentStep.APPROVE, actor=actor, seen=seen, now=now)
    version, _ = _at_hand(version, IncidentStep.APPROVE)
    require_read(digest, seal_of(version.text))
    if standing.wrote_text and not alone:
        raise BadInput(N_("You wrote this text: approve it only if you answer alone, and say so."), field="alone")
    step = version.review_step
    assert step is not None
    review = _review(version, step, actor, now, approved=True)
    review.alone = standing.wrote_text
    review.authority = _by_paper(incident, standing, step, actor, now)
    db.session.add(review)
    db.session.flush()
    awaited = next_step(steps_of(incident), {seal.step for seal in seals_of(version)})
    version.review_step = awaited
    if awaited is None:
        version.state = after(version.state, IncidentStep.APPROVE)
    said: dict[str, Any] = {"number": version.number, "digest": version.digest, "step": step, "title": actor.title}
    said |= {"authority": review.authority} if review.authority else {}
    tell(incident, IncidentEvent.APPROVE, actor=actor, now=now, alone=review.alone, **said)


def _by_paper(
    incident: Incident, who: Standing, step: ReviewStep, actor: Person, now: datetime
) -> dict[str, Any] | None:
    """In whose place somebody reviews at the agency's step, by which paper of its head."""
    acts = who.by_authority and step is ReviewStep.AGENCY
    return authority_of(incident, actor, now, to_act=True) if acts else None


def _review(
    version: IncidentStatement, step: ReviewStep, actor: Person, now: datetime, *, approved: bool, reason: str = ""
) -> IncidentReview:
    return IncidentReview(
        statement_id=version.id,
        step=step,
        approved=approved,
        reason=reason,
        digest=seal_of(version.text),
        reviewer_id=actor.id,
        title=actor.title,
        at=now,
    )


def _at_hand(version: IncidentStatement | None, step: IncidentStep) -> tuple[IncidentStatement, StatementState]:
    """The version and its state after the step. Raises StepNotAllowed without a version, or when it has moved on."""
    if version is None:
        raise StepNotAllowed(MOVED_ON)
    return version, after(version.state, step)


def _void_seals(version: IncidentStatement, now: datetime) -> None:
    """Approvals of this version no longer count; they stay on record."""
    one = IncidentReview
    standing = sa.update(one).where(one.statement_id == version.id, one.approved, one.voided_at.is_(None))
    db.session.execute(standing.values(voided_at=now).execution_options(synchronize_session=False))
