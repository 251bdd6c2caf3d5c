"""Plan courses, classes and sessions, keep rosters, call the roll.

Every act first takes the audit log's turn, so that what it looks up stays so until the commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.text import fold, name_sort_key
from pr_tracker.trainings import queries
from pr_tracker.trainings.models import AttendanceMark, ClassSession, Course, Participant, TrainingClass
from pr_tracker.trainings.rules import (
    ClassFacts,
    CourseFacts,
    Entry,
    Mark,
    MarkedMeanwhile,
    SessionFacts,
    TrainingEvent,
    row_code,
)

Event = TrainingEvent
Facts = CourseFacts | ClassFacts | SessionFacts
CLOSED = N_("This session is closed. A mark can be corrected, with a reason.")


def add_course(facts: CourseFacts, *, actor: Actor | None, now: datetime) -> Course:
    """A new course."""
    course = Course(**vars(facts), version=1, created_at=now)
    db.session.add(course)
    record(Event.COURSE_ADD, course, actor=actor, now=now, title=facts.title)
    return course


def change_course(course: Course, facts: CourseFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Correct a course. Raises ChangedMeanwhile unless `version` is the latest."""
    if changed := _begin_change(course, facts, version):
        _write(course, facts)
        record(Event.COURSE_CHANGE, course, actor=actor, now=now, changed=changed, title=facts.title)


def add_class(course: Course, facts: ClassFacts, *, actor: Actor | None, now: datetime) -> TrainingClass:
    """A new class of a course. Raises BadInput when the course has one of this name."""
    take_turn()
    _require_free_name(course.id, facts.name, None)
    made = TrainingClass(course=course, **vars(facts), name_key=fold(facts.name), version=1, created_at=now)
    db.session.add(made)
    record(Event.CLASS_ADD, made, actor=actor, now=now, name=facts.name)
    return made


def change_class(one: TrainingClass, facts: ClassFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Correct a class. Raises ChangedMeanwhile, or BadInput for a name that is taken."""
    if changed := _begin_change(one, facts, version):
        _require_free_name(one.course_id, facts.name, one)
        _write(one, facts)
        one.name_key = fold(facts.name)
        record(Event.CLASS_CHANGE, one, actor=actor, now=now, changed=changed, name=facts.name)


def add_session(one: TrainingClass, facts: SessionFacts, *, actor: Actor | None, now: datetime) -> ClassSession:
    """A new session of a class."""
    session = ClassSession(training_class=one, **vars(facts), version=1, created_at=now)
    db.session.add(session)
    record(Event.SESSION_ADD, session, actor=actor, now=now, topic=facts.topic)
    return session


def change_session(
    session: ClassSession, facts: SessionFacts, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a session. Raises ChangedMeanwhile, or StepNotAllowed once it is closed."""
    changed = _begin_change(session, facts, version)
    if session.closed_at is not None:
        raise StepNotAllowed(N_("This session is closed and stays as it was held."))
    if changed:
        _write(session, facts)
        record(Event.SESSION_CHANGE, session, actor=actor, now=now, changed=changed, topic=facts.topic)


def enrol(one: TrainingClass, entries: Sequence[Entry], *, actor: Actor | None, now: datetime) -> list[Participant]:
    """Put people on the roster, numbered on in the order of their given names; agencies are recognised by name."""
    take_turn()
    agencies = queries.agencies_by_name()
    first = queries.last_number(one.id) + 1
    rows: list[dict[str, Any]] = []
    for number, entry in enumerate(sorted(entries, key=lambda entry: name_sort_key(entry.full_name)), first):
        entry = _with_agency(entry, agencies)
        own = {"class_id": one.id, "number": number, "sort_key": name_sort_key(entry.full_name), "created_at": now}
        rows.append(vars(entry) | own)
    if rows:
        db.session.execute(sa.insert(Participant), rows)
        names = {row_code(row["number"]): row["full_name"] for row in rows}
        record(Event.ROSTER_ADD, one, actor=actor, now=now, names=names)
    query = sa.select(Participant).where(Participant.class_id == one.id, Participant.number >= first)
    return list(db.session.scalars(query.order_by(Participant.number)))


def enrol_staff(
    one: TrainingClass, person_ids: Sequence[int], *, actor: Actor | None, now: datetime
) -> list[Participant]:
    """Put people with an account on the roster; those who have a row already are passed over."""
    take_turn()
    found = queries.staff_for(one.id, among=person_ids)
    entries = [
        Entry(row.full_name, row.title, row.agency_name, row.phone, row.email, row.agency_id, row.id) for row in found
    ]
    return enrol(one, entries, actor=actor, now=now)


def change_participant(
    participant: Participant, entry: Entry, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a row of the roster; its code stays. Raises ChangedMeanwhile."""
    entry = replace(_with_agency(entry, queries.agencies_by_name()), person_id=participant.person_id)
    if changed := _begin_change(participant, entry, version):
        _write(participant, entry)
        participant.sort_key = name_sort_key(entry.full_name)
        code = row_code(participant.number)
        record(Event.PARTICIPANT_CHANGE, participant, actor=actor, now=now, changed=changed, code=code)


def remove_participant(participant: Participant, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """Take somebody off the roster; the row, its code and its marks stay. Raises BadInput without a reason."""
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    take_turn()
    db.session.refresh(participant)
    if participant.active:
        participant.active, participant.removed_because = False, reason
        participant.version += 1
        code = row_code(participant.number)
        record(Event.PARTICIPANT_REMOVE, participant, actor=actor, now=now, code=code, reason=reason)


def restore_participant(participant: Participant, *, actor: Actor | None, now: datetime) -> None:
    """Put somebody back on the roster under the same code."""
    take_turn()
    db.session.refresh(participant)
    if not participant.active:
        participant.active, participant.removed_because = True, ""
        participant.version += 1
        record(Event.PARTICIPANT_RESTORE, participant, actor=actor, now=now, code=row_code(participant.number))


def mark(
    session: ClassSession,
    participant: Participant,
    chosen: Mark,
    remark: str = "",
    *,
    version: int,
    actor: Actor | None,
    now: datetime,
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
        raise MarkedMeanwhile(queries.mark_now(session.id, participant.id))
    row = _put(row, session, participant.id, chosen, remark, actor, now)
    _record_marks(session, {participant.id: chosen}, actor, now)
    return row


def mark_many(
    session: ClassSession, chosen: Mapping[int, tuple[Mark, str, int]], *, actor: Actor | None, now: datetime
) -> set[int]:
    """Many marks at once, by participant: mark, remark, version read. Who has the mark that was chosen now.

    Who is missing in the answer was marked otherwise by somebody else meanwhile, or taken off the roster.
    """
    _begin_marking(session)
    on_roster = {row.id for row in queries.roll_of(session)}
    query = sa.select(AttendanceMark).where(AttendanceMark.session_id == session.id)
    rows = {row.participant_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
    who = actor.id if actor else None
    made, changed, same = [], {}, set()
    for participant_id, (value, remark, version) in chosen.items():
        row = rows.get(participant_id)
        stands = (row.mark, row.remark) if row else None
        if stands == (value, remark):
            same.add(participant_id)
        elif participant_id in on_roster and (row.version if row else 0) == version:
            changed[participant_id] = value
            if row is None:
                said = {"mark": value, "remark": remark, "marked_by_id": who, "marked_at": now}
                made.append({"session_id": session.id, "participant_id": participant_id, **said})
            else:
                _write_mark(row, value, remark, who, now)
    if made:
        db.session.execute(sa.insert(AttendanceMark), made)
    _record_marks(session, changed, actor, now)
    return same | set(changed)


def close_session(session: ClassSession, *, version: int, actor: Actor | None, now: datetime) -> None:
    """End the roll call. Raises BadInput while somebody is unmarked, ChangedMeanwhile if the session was changed."""
    _begin_marking(session)
    if session.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    counts = queries.counts_of(session)
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
        raise MarkedMeanwhile(queries.mark_now(session.id, participant.id))
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


def _with_agency(entry: Entry, known: Mapping[str, sa.Row[Any]]) -> Entry:
    """The entry with the province's agency that its typed name means, under that agency's own name."""
    agency = known.get(fold(entry.agency_name))
    return entry if agency is None else replace(entry, agency_id=agency.id, agency_name=agency.name)


def _begin_change(row: Any, facts: Facts | Entry, version: int) -> list[str]:
    """The names of the facts that differ; nobody else writes from here to the end of the transaction."""
    take_turn()
    db.session.refresh(row)
    if row.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    return [name for name, value in vars(facts).items() if getattr(row, name) != value]


def _write(row: Any, facts: Facts | Entry) -> None:
    for name, value in vars(facts).items():
        setattr(row, name, value)
    row.version += 1


def _require_free_name(course_id: int, name: str, own: TrainingClass | None) -> None:
    other = queries.find_class_named(course_id, name)
    if other is not None and other is not own:
        raise BadInput(N_("The course already has the class “%(name)s”."), field="name", name=other.name)


def _begin_marking(session: ClassSession) -> None:
    take_turn()
    db.session.refresh(session)
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


def _record_marks(session: ClassSession, marks: Mapping[int, Mark], actor: Actor | None, now: datetime) -> None:
    if not marks:
        return
    query = sa.select(Participant.id, Participant.number).where(Participant.id.in_(list(marks)))
    codes = {row_code(number): marks[participant_id].value for participant_id, number in db.session.execute(query)}
    record(Event.ATTENDANCE_MARK, session, actor=actor, now=now, marks=codes)
