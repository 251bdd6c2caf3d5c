"""Call the roll: marks, closing, corrections."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.roll import counts_of, mark_now, people_on_roll
from pr_tracker.trainings.rules import TrainingEvent
from pr_tracker.trainings.rules_roll import ATTENDED, Mark, MarkedMeanwhile, Source, row_code

Event = TrainingEvent

CLOSED = N_("This session is closed. A mark can be corrected, with a reason.")
CANCELLED = N_("This session was cancelled. There is no roll call.")


def mark(
    session: ClassSession,
    participant: Participant,
    chosen: Mark,
    remark: str = "",
    *,
    version: int,
    actor: Actor | None,
    now: datetime,
    source: Source = Source.ROLL,
    arrived_at: datetime | None = None,
) -> AttendanceMark:
    """One mark of the roll call; marking the same again changes nothing.

    Raises MarkedMeanwhile when somebody else marked the row otherwise since `version`, StepNotAllowed once closed.
    """
    _begin_marking(session)
    _require_same_class(session, participant)
    row = _row_of(session, participant)
    if row is None and not participant.active:
        raise StepNotAllowed(N_("This person was taken off the roster."))
    if row is not None and (row.mark, row.remark) == (chosen, remark):
        return row
    if (row.version if row else 0) != version:
        raise MarkedMeanwhile(mark_now(session.id, participant.id))
    row = _put(row, session, participant.id, chosen, remark, actor, now)
    row.source, row.arrived_at = source, arrived_at or row.arrived_at
    _record_marks(session, {participant.id: chosen}, actor, now, source)
    return row


def mark_many(
    session: ClassSession,
    chosen: Mapping[int, tuple[Mark, str, int]],
    *,
    actor: Actor | None,
    now: datetime,
    source: Source = Source.ROLL,
) -> set[int]:
    """Many marks at once, by participant: mark, remark, version read. Who has the mark that was chosen now.

    Who is missing in the answer was marked otherwise by somebody else meanwhile, or taken off the roster.
    """
    _begin_marking(session)
    on_roll = people_on_roll(session, list(chosen))
    query = sa.select(AttendanceMark).where(AttendanceMark.session_id == session.id)
    rows = {row.participant_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
    who = actor.id if actor else None
    made, changed, same = [], {}, set()
    for participant_id, (value, remark, version) in chosen.items():
        row = rows.get(participant_id)
        stands = (row.mark, row.remark) if row else None
        if stands == (value, remark):
            same.add(participant_id)
        elif participant_id in on_roll and (row.version if row else 0) == version:
            changed[participant_id] = value
            if row is None:
                said = {"mark": value, "source": source, "remark": remark, "marked_by_id": who, "marked_at": now}
                made.append({"session_id": session.id, "participant_id": participant_id, **said})
            else:
                _write_mark(row, value, remark, who, now)
                row.source = source
    if made:
        db.session.execute(sa.insert(AttendanceMark), made)
    _record_marks(session, changed, actor, now, source)
    return same | set(changed)


def close_session(session: ClassSession, *, version: int, actor: Actor | None, now: datetime) -> None:
    """End the roll call. Raises BadInput while somebody is unmarked, ChangedMeanwhile if the session was changed."""
    _begin_marking(session)
    if session.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    counts = counts_of(session)
    if counts["unmarked"]:
        raise BadInput(
            N_("Still unmarked: %(count)s. Mark everybody, then close the session."), count=counts["unmarked"]
        )
    session.closed_at, session.closed_by_id = now, actor.id if actor else None
    session.version += 1
    record(Event.SESSION_CLOSE, session, actor=actor, now=now, **counts)


def correct_mark(
    session: ClassSession,
    participant: Participant,
    chosen: Mark,
    remark: str,
    reason: str,
    *,
    version: int,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Change a mark after the session was closed. Raises BadInput without a reason, MarkedMeanwhile, StepNotAllowed."""
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    take_turn()
    db.session.refresh(session)
    _require_same_class(session, participant)
    if session.closed_at is None:
        raise StepNotAllowed(N_("The session is still open: mark on the roll call itself."))
    row = _row_of(session, participant)
    if (row.version if row else 0) != version:
        raise MarkedMeanwhile(mark_now(session.id, participant.id))
    former = row.mark if row else None
    row = _put(row, session, participant.id, chosen, remark, actor, now)
    row.corrected_because = reason
    code = row_code(participant.number)
    record(
        Event.ATTENDANCE_CORRECT, session, actor=actor, now=now, code=code, former=former, mark=chosen, reason=reason
    )


def note_sheet(session: ClassSession, *, actor: Actor, now: datetime, filled: bool) -> None:
    """Keep in the audit log who printed the list of names (Law 91/2025/QH15)."""
    record(Event.SESSION_SHEET, session, actor=actor, now=now, filled=filled)


def _begin_marking(session: ClassSession) -> None:
    take_turn()
    db.session.refresh(session)
    if session.cancelled_at is not None:
        raise StepNotAllowed(CANCELLED)
    if session.closed_at is not None:
        raise StepNotAllowed(CLOSED)


def _require_same_class(session: ClassSession, participant: Participant) -> None:
    if participant.class_id != session.class_id:
        raise BadInput(N_("This person is on the roster of another class."))


def _row_of(session: ClassSession, participant: Participant) -> AttendanceMark | None:
    return db.session.scalar(
        sa.select(AttendanceMark)
        .where(AttendanceMark.session_id == session.id, AttendanceMark.participant_id == participant.id)
        .execution_options(populate_existing=True)
    )


def _put(
    row: AttendanceMark | None,
    session: ClassSession,
    participant_id: int,
    chosen: Mark,
    remark: str,
    actor: Actor | None,
    now: datetime,
) -> AttendanceMark:
    who = actor.id if actor else None  # read before the row is there to be flushed half-made
    if row is None:
        row = AttendanceMark(session_id=session.id, participant_id=participant_id, version=0)
        db.session.add(row)
    _write_mark(row, chosen, remark, who, now)
    return row


def _write_mark(row: AttendanceMark, chosen: Mark, remark: str, who: int | None, now: datetime) -> None:
    row.mark, row.remark, row.marked_by_id, row.marked_at = chosen, remark, who, now
    row.version += 1
    row.source = Source.ROLL
    if chosen not in ATTENDED:
        row.arrived_at = None


def _record_marks(
    session: ClassSession, marks: Mapping[int, Mark], actor: Actor | None, now: datetime, source: Source
) -> None:
    if not marks:
        return
    query = sa.select(Participant.id, Participant.number).where(Participant.id.in_(list(marks)))
    codes = {row_code(number): marks[participant_id].value for participant_id, number in db.session.execute(query)}
    how = {} if source is Source.ROLL else {"source": source.value}
    record(Event.ATTENDANCE_MARK, session, actor=actor, now=now, marks=codes, **how)
