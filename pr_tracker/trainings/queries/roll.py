"""Find the roll call of a session and its marks."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import entries_of
from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark, SessionScan
from pr_tracker.trainings.models_roster import Participant, SessionApology
from pr_tracker.trainings.queries.plan import got
from pr_tracker.trainings.rules_invitations import Reply
from pr_tracker.trainings.rules_roll import Mark, MarkedOnce, MarkNow, Source, row_code

EARLIER_SHOWN = 2


def roll_of(session: ClassSession) -> Sequence[sa.Row]:
    """The roll call, by given name: who is on the roster or was marked, and the mark as it stands."""
    marked, who, sorry = AttendanceMark, Participant, SessionApology
    query = (
        sa.select(
            who.id,
            who.number,
            who.full_name,
            who.title,
            who.agency_name,
            who.active,
            who.venue_id,
            marked.mark,
            marked.source,
            marked.remark,
            sa.func.coalesce(marked.version, 0).label("version"),
            marked.marked_at,
            marked.corrected_because,
            Person.full_name.label("by_name"),
            sa.func.coalesce(sorry.reason, sa.case((who.reply == Reply.APOLOGISED, who.reply_reason))).label("apology"),
        )
        .outerjoin(marked, sa.and_(marked.participant_id == who.id, marked.session_id == session.id))
        .outerjoin(Person, Person.id == marked.marked_by_id)
        .outerjoin(sorry, sa.and_(sorry.participant_id == who.id, sorry.session_id == session.id, sorry.active))
        .where(who.class_id == session.class_id, sa.or_(who.seated(), marked.id.is_not(None)))
        .order_by(who.sort_key, who.id)
    )
    return db.session.execute(query).all()


def people_on_roll(session: ClassSession, participant_ids: Sequence[int]) -> set[int]:
    """Which of some people are on the session's roll call."""
    marked, who = AttendanceMark, Participant
    query = (
        sa.select(who.id)
        .outerjoin(marked, sa.and_(marked.participant_id == who.id, marked.session_id == session.id))
        .where(who.class_id == session.class_id, who.id.in_(participant_ids))
        .where(sa.or_(who.seated(), marked.id.is_not(None)))
    )
    return set(db.session.scalars(query))


def counts_of(session: ClassSession) -> dict[str, int]:
    """How many are present, excused, absent and unmarked, by code; as on the roll call."""
    marked, who = AttendanceMark, Participant
    query = (
        sa.select(marked.mark, sa.func.count(who.id))
        .select_from(who)
        .outerjoin(marked, sa.and_(marked.participant_id == who.id, marked.session_id == session.id))
        .where(who.class_id == session.class_id, sa.or_(who.seated(), marked.id.is_not(None)))
        .group_by(marked.mark)
    )
    return count_marks({row[0]: row[1] for row in db.session.execute(query)})


def count_marks(numbers: dict[Mark | None, int]) -> dict[str, int]:
    """Numbers by mark, None for no mark, as numbers by code."""
    return {mark.value: numbers.get(mark, 0) for mark in Mark} | {"unmarked": numbers.get(None, 0)}


def mark_now(session_id: int, participant_id: int) -> MarkNow:
    """The mark of one person in one session as it stands."""
    return marks_now(session_id, [participant_id]).get(participant_id, MarkNow())


def marks_now(
    session_id: int, participant_ids: Sequence[int] | None = None, since: datetime | None = None
) -> dict[int, MarkNow]:
    """By participant: the marks of a session as they stand, of all or of some, or those made since an instant."""
    one = AttendanceMark
    query = (
        sa.select(one.participant_id, one.mark, one.remark, one.version, Person.full_name, one.marked_at, one.source)
        .outerjoin(Person, Person.id == one.marked_by_id)
        .where(one.session_id == session_id)
    )
    if participant_ids is not None:
        query = query.where(one.participant_id.in_(participant_ids))
    if since is not None:
        query = query.where(one.marked_at >= since)
    return {
        participant: MarkNow(mark, remark, version, by_name or "", at, source)
        for participant, mark, remark, version, by_name, at, source in db.session.execute(query)
    }


def marking_now(session_id: int, since: datetime, besides: int) -> list[str]:
    """Who else has marked in a session since an instant, by name."""
    one = AttendanceMark
    query = (
        sa.select(Person.full_name)
        .join(one, one.marked_by_id == Person.id)
        .where(one.session_id == session_id, one.marked_at >= since, Person.id != besides)
        .distinct()
    )
    return sorted(db.session.scalars(query))


def earlier_marks(session: ClassSession) -> list[tuple[int, dict[int, Mark]]]:
    """The last sessions before this one: their number in the class, and their marks by participant."""
    sessions = db.session.execute(
        sa.select(ClassSession.id)
        .where(ClassSession.class_id == session.class_id, ClassSession.starts_at < session.starts_at)
        .order_by(ClassSession.starts_at, ClassSession.id)
    ).all()
    numbered = [(number, row.id) for number, row in enumerate(sessions, 1)][-EARLIER_SHOWN:]
    marks: dict[int, dict[int, Mark]] = {session_id: {} for _, session_id in numbered}
    one = AttendanceMark
    query = sa.select(one.session_id, one.participant_id, one.mark).where(one.session_id.in_(list(marks)))
    for session_id, participant_id, mark in db.session.execute(query):
        marks[session_id][participant_id] = mark
    return [(number, marks[session_id]) for number, session_id in numbered]


def scans_of(session_id: int) -> Sequence[SessionScan]:
    """The scans of a session's signed sheet, also those withdrawn, in the order in which they were added."""
    query = sa.select(SessionScan).options(joinedload(SessionScan.file)).where(SessionScan.session_id == session_id)
    return db.session.scalars(query.order_by(SessionScan.id)).all()


def get_scan(scan_id: int) -> SessionScan:
    """The scan of a signed sheet. Raises NotFound."""
    found: SessionScan = got(SessionScan, scan_id, N_("There is no such scan."))
    return found


def history_of(session: ClassSession, participant: Participant) -> list[MarkedOnce]:
    """What was ever recorded of somebody in a session, the newest first, from the audit log."""
    code, found = row_code(participant.number), list[MarkedOnce]()
    for entry in entries_of(session):
        mark = entry.data.get("marks", {}).get(code)
        if entry.data.get("code") == code:  # a correction, or somebody checked in
            mark = entry.data.get("mark")
        if mark is not None:
            source = Source(entry.data.get("source") or entry.data.get("by") or Source.ROLL)
            found.append(MarkedOnce(entry.at, entry.actor_name, Mark(mark), source, entry.data.get("reason", "")))
    return found


def class_roll(class_id: int) -> tuple[Sequence[sa.Row], dict[int, dict[int, Mark]]]:
    """A class's sessions that count (id, starts_at, topic, closed_at); by participant and session the marks."""
    one, marked = ClassSession, AttendanceMark
    query = sa.select(one.id, one.starts_at, one.topic, one.closed_at).where(one.class_id == class_id, one.counts())
    sessions = db.session.execute(query.order_by(one.starts_at, one.id)).all()
    marks: dict[int, dict[int, Mark]] = {}
    chosen = sa.select(marked.session_id, marked.participant_id, marked.mark)
    for row in db.session.execute(chosen.where(marked.session_id.in_([each.id for each in sessions]))):
        marks.setdefault(row.participant_id, {})[row.session_id] = row.mark
    return sessions, marks
