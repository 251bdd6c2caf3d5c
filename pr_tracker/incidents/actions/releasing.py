"""The holding statement goes out: once, to all press agencies at once, by whoever has the right at that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, DomainError
from pr_tracker.incidents.actions.beats import begin, plan_reminders, tell
from pr_tracker.incidents.actions.statement import steps_of
from pr_tracker.incidents.models import Incident, IncidentReview, IncidentStatement, IncidentTelling
from pr_tracker.incidents.queries.room import approved_at, lock_members, seals_of
from pr_tracker.incidents.queries.speaking import right_at
from pr_tracker.incidents.queries.voice import contradicted_by
from pr_tracker.incidents.rules import IncidentStep, StatementState, after, require_released_at, require_words
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.inquiries.actions.joining import note_informed
from pr_tracker.inquiries.actions.sealing import SENT_FORMS, answer_by_statement
from pr_tracker.inquiries.actions.voice import Library, reason_kept_out, require_decided
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_articles import require_fit
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.inquiries.rules_seal import ReviewStep, require_read, require_sealed, seal_of
from pr_tracker.office_time import office_day
from pr_tracker.outlets.models import Outlet
from pr_tracker.statements.actions import Said, clear, speaker_words
from pr_tracker.statements.queries import get_statement, lock_statements

INITIAL_INFORMATION = frozenset({"incident_initial_info", "divided_opinion_initial_info"})
NOBODY = N_("Say to whom it goes: an inquiry, a press agency, or the portal as form of speaking.")


@dataclass(frozen=True)
class Release:
    """How a statement was given: the form, when, by whom, what shows it, and to whom."""

    form: AnswerForm
    at: datetime
    speaker: Person
    evidence: str
    answers: frozenset[int] = frozenset()  # inquiries that it answers, besides those that owe initial information
    outlets: Sequence[Outlet] = ()  # press agencies that have no inquiry here
    seen: Mapping[int, int] | None = None  # inquiries as the page showed them: id and version; None: nobody looked
    digest: str | None = None
    library: Library = field(default_factory=Library)  # what is decided on the statement it becomes


class Approval:
    """An approval of the statement, as an inquiry that it answers takes it over."""

    def __init__(self, step: ReviewStep, row: IncidentReview) -> None:
        self.step, self.digest, self.reviewer_id = step, row.digest, row.reviewer_id
        self.title, self.alone, self.authority, self.at = row.title, row.alone, row.authority, row.at


def release(
    incident: Incident, given: Release, *, actor: Person, now: datetime, seen: int | None = None
) -> IncidentStatement:
    """Record that the approved statement went to all at once: all inquiries of it, or none where one cannot.

    Inquiries that owe initial information are answered by it, others where `answers` says so; the rest stays open with
    a line in its history. The first statement meets the incident's clock. Raises BadInput, ChangedMeanwhile,
    NotAllowed, StepNotAllowed; BadInput too for a statement in force that says otherwise with nothing decided.
    """
    _, version = begin(incident, IncidentStep.RELEASE, actor=actor, seen=seen, now=now)
    state = after(version.state if version else None, IncidentStep.RELEASE)
    assert version is not None
    members = [each for each in lock_members(incident) if each.finished_at is None]
    lock_statements(given.library.replaces)  # after the cases and before the audit log, as at the release of one
    _require_unchanged(members, given.seen)
    if not members and not given.outlets and given.form is not AnswerForm.PORTAL:
        raise BadInput(NOBODY, field="answer_form")
    right = _require_sound(incident, version, given, now)
    agrees = _agreed(incident, version, given.library, now)
    answered = [each for each in members if is_answered(each, given.answers)]
    for inquiry in members:
        _inform(incident, version, inquiry, given, inquiry in answered, right, actor=actor, now=now)
    _record(version, given, state, members, answered, right, actor)
    kept = _clear(incident, version, given, right, actor=actor, now=now)
    first = incident.informed_at is None
    incident.informed_at = incident.informed_at or given.at
    plan_reminders(incident, now=now)
    late = first and incident.ends_at is not None and given.at >= incident.ends_at
    _tell(incident, version, given, members, late=late, actor=actor, now=now, **agrees, **kept)
    return version


def _agreed(incident: Incident, version: IncidentStatement, library: Library, now: datetime) -> dict[str, Any]:
    """With which statements in force it agrees although it seems to say otherwise, and why. Raises BadInput."""
    said = contradicted_by(incident, version.text, office_day(now))
    require_decided(said, library)
    reasons = [(one.code, library.agrees[one.row.id].strip()) for one in said if one.row.id not in library.replaces]
    return {"agrees": [{"code": code, "reason": reason} for code, reason in reasons]} if reasons else {}


def is_answered(inquiry: Inquiry | sa.Row[Any], answers: frozenset[int]) -> bool:
    """Whether the statement closes an inquiry: one that owes initial information always, others when ticked."""
    return inquiry.clock_key in INITIAL_INFORMATION or inquiry.id in answers


def _require_unchanged(members: Sequence[Inquiry], seen: Mapping[int, int] | None) -> None:
    """Raises ChangedMeanwhile naming the inquiries that are not as the page showed them."""
    if seen is None:
        return
    known = {each.id: each for each in members}
    changed = [each.code for each in members if seen.get(each.id) != each.version]
    gone = sa.select(Inquiry).where(Inquiry.id.in_(set(seen) - set(known)))
    changed += [each.code for each in db.session.scalars(gone)]
    if changed:
        message = N_("Nothing was recorded: %(codes)s changed meanwhile. Look at the list again.")
        raise ChangedMeanwhile(message, codes=", ".join(sorted(changed)))


def _require_sound(
    incident: Incident, version: IncidentStatement, given: Release, now: datetime
) -> dict[str, Any] | None:
    """The speaker's right. Raises BadInput for anything but the sealed text, an impossible moment, no right."""
    seal = seal_of(version.text)
    require_read(given.digest, seal)
    require_sealed(seal, steps_of(incident), seals_of(version))
    approved = approved_at(version)
    assert approved is not None
    begins = min(filter(None, (incident.happened_at, incident.received_at)))
    sent = given.form in SENT_FORMS
    require_released_at(given.at, not_before=begins, approved_at=approved, sent=sent, now=now)
    require_words(given.evidence, "evidence")
    return right_at(incident, given.speaker, given.at)


def _inform(
    incident: Incident,
    version: IncidentStatement,
    inquiry: Inquiry,
    given: Release,
    answers: bool,
    right: dict[str, Any] | None,
    *,
    actor: Person,
    now: datetime,
) -> None:
    """One inquiry: answered by the sealed text, or told and left open. Raises BadInput naming it where it cannot."""
    if not answers:
        note_informed(inquiry, incident.code, version.number, given.form, given.at, actor=actor, now=now)
        return
    try:
        if inquiry.lead_agency_id is None:
            raise BadInput(N_("No agency leads it yet: assign it first."))
        require_fit(inquiry.kind, given.form, (), at=given.at)
        answer_by_statement(
            inquiry,
            text=version.text,
            author=version.author,
            seals=_approvals(version),
            incident=incident.code,
            form=given.form,
            at=given.at,
            speaker=given.speaker,
            right=right,
            evidence=given.evidence,
            actor=actor,
            now=now,
        )
    except DomainError as refusal:
        message = N_("Nothing was recorded. %(code)s: %(reason)s")
        raise BadInput(message, code=inquiry.code, reason=refusal.message % refusal.params) from refusal


def _approvals(version: IncidentStatement) -> list[Approval]:
    """The approvals that stand; where UBND tỉnh leads, its one approval is also the second that an inquiry may need."""
    one = IncidentReview
    query = sa.select(one).where(one.statement_id == version.id, one.approved, one.voided_at.is_(None))
    rows = list(db.session.scalars(query.order_by(one.id)))
    found = [Approval(ReviewStep(row.step), row) for row in rows]
    return [*found, Approval(ReviewStep.PROVINCE, rows[0])] if len(rows) == 1 else found


def _record(
    version: IncidentStatement,
    given: Release,
    state: StatementState,
    members: Sequence[Inquiry],
    answered: Sequence[Inquiry],
    right: dict[str, Any] | None,
    actor: Person,
) -> None:
    version.state, version.released_at, version.released_by_id = state, given.at, actor.id
    version.answer_form, version.speaker, version.evidence = given.form, given.speaker, given.evidence.strip()
    version.speaker_right = right
    for inquiry in members:
        told = IncidentTelling(statement_id=version.id, outlet_id=inquiry.outlet_id, inquiry_id=inquiry.id)
        told.answers = inquiry in answered
        db.session.add(told)
    known = {inquiry.outlet_id for inquiry in members}
    for outlet in given.outlets:
        if outlet.id not in known:
            db.session.add(IncidentTelling(statement_id=version.id, outlet_id=outlet.id, answers=False))


def _clear(
    incident: Incident,
    version: IncidentStatement,
    given: Release,
    right: dict[str, Any] | None,
    *,
    actor: Person,
    now: datetime,
) -> dict[str, Any]:
    """What was said becomes a cleared statement, so that the province speaks with one voice afterwards."""
    library = given.library
    if not library.keep:
        return {"kept_out": reason_kept_out(library)}
    said = Said(
        topic=incident.title,
        text=version.text,
        agency_id=incident.agency_id,
        form=given.form,
        said_at=given.at,
        said_by=speaker_words(given.speaker),
        right=right,
        valid_until=library.valid_until,
        incident_id=incident.id,
    )
    clear(said, replaces=library.replaces, actor=actor, now=now)
    codes = [get_statement(each).code for each in sorted(set(library.replaces))]
    return {"replaces": codes} if codes else {}


def _tell(
    incident: Incident,
    version: IncidentStatement,
    given: Release,
    members: Sequence[Inquiry],
    *,
    late: bool,
    actor: Person,
    now: datetime,
    **decided: Any,
) -> None:
    names = [inquiry.outlet.name for inquiry in members] + [outlet.name for outlet in given.outlets]
    tell(
        incident,
        IncidentEvent.RELEASE,
        actor=actor,
        now=now,
        occurred_at=given.at,
        number=version.number,
        digest=version.digest,
        form=given.form,
        at=given.at.isoformat(),
        speaker=given.speaker.full_name,
        right=version.speaker_right,
        outlets=list(dict.fromkeys(names)),
        evidence=version.evidence,
        late=late,
        **decided,
    )
