"""Find courses, classes and sessions, rosters, and the roll call of a session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.text import fold
from pr_tracker.trainings.models import AttendanceMark, ClassSession, Course, Participant, TrainingClass
from pr_tracker.trainings.rules import Known, Mark, MarkNow, row_code

COURSES_ON_A_PAGE = 20
MOST_STAFF = 100
EARLIER_SHOWN = 2


def get_course(course_id: int) -> Course:
    """The course. Raises NotFound."""
    return _got(Course, course_id, N_("There is no such course."))


def get_class(class_id: int) -> TrainingClass:
    """The class. Raises NotFound."""
    return _got(TrainingClass, class_id, N_("There is no such class."))


def get_session(session_id: int) -> ClassSession:
    """The session. Raises NotFound."""
    return _got(ClassSession, session_id, N_("There is no such session."))


def get_participant(participant_id: int) -> Participant:
    """The row of a roster. Raises NotFound."""
    return _got(Participant, participant_id, N_("There is no such person on a roster."))


def _got(model: type, ident: int, message: str) -> Any:
    found = db.session.get(model, ident)
    if found is None:
        raise NotFound(message)
    return found


def courses_page(before: int | None = None) -> tuple[Sequence[sa.Row], bool]:
    """Courses, newest first, at most a page below the given one; and whether more follow."""
    query = (
        sa.select(Course.id, Course.title, Course.year, Agency.short_name.label("agency"))
        .join(Course.agency)
        .order_by(Course.year.desc(), Course.id.desc())
        .limit(COURSES_ON_A_PAGE + 1)
    )
    if before is not None:
        place = sa.select(Course.year, Course.id).where(Course.id == before).scalar_subquery()
        query = query.where(sa.tuple_(Course.year, Course.id) < place)
    rows = db.session.execute(query).all()
    return rows[:COURSES_ON_A_PAGE], len(rows) > COURSES_ON_A_PAGE


def classes_of(course_ids: Sequence[int]) -> dict[int, list[sa.Row]]:
    """By course: its classes (id, name, place, participants, sessions, closed, first_at, last_at) in order of start."""
    people = sa.select(sa.func.count(Participant.id)).where(
        Participant.class_id == TrainingClass.id, Participant.active
    )
    query = (
        sa.select(
            TrainingClass.course_id,
            TrainingClass.id,
            TrainingClass.name,
            TrainingClass.place,
            people.scalar_subquery().label("participants"),
            sa.func.count(ClassSession.id).label("sessions"),
            sa.func.count(ClassSession.closed_at).label("closed"),
            sa.func.min(ClassSession.starts_at).label("first_at"),
            sa.func.max(ClassSession.starts_at).label("last_at"),
        )
        .outerjoin(ClassSession, ClassSession.class_id == TrainingClass.id)
        .where(TrainingClass.course_id.in_(course_ids))
        .group_by(TrainingClass.course_id, TrainingClass.id, TrainingClass.name, TrainingClass.place)
        .order_by(TrainingClass.id)
    )
    by_course: dict[int, list[sa.Row]] = {course_id: [] for course_id in course_ids}
    for row in db.session.execute(query):
        by_course[row.course_id].append(row)
    return by_course


def open_sessions(until: datetime) -> Sequence[sa.Row]:
    """Sessions that started before `until` and are not closed, latest first: whose roll call waits."""
    query = (
        sa.select(
            ClassSession.id,
            ClassSession.starts_at,
            ClassSession.ends_at,
            ClassSession.topic,
            ClassSession.place,
            TrainingClass.name.label("class_name"),
            Course.title.label("course_title"),
        )
        .join(ClassSession.training_class)
        .join(TrainingClass.course)
        .where(ClassSession.closed_at.is_(None), ClassSession.starts_at < until)
        .order_by(ClassSession.starts_at.desc(), ClassSession.id.desc())
        .limit(10)
    )
    return db.session.execute(query).all()


def find_class_named(course_id: int, name: str) -> TrainingClass | None:
    """The class of this name in a course, whatever marks and capitals."""
    query = sa.select(TrainingClass).where(TrainingClass.course_id == course_id, TrainingClass.name_key == fold(name))
    return db.session.scalar(query)


def sessions_of(class_id: int) -> Sequence[sa.Row]:
    """A class's sessions in order of time, each with its counts of marks."""
    one = ClassSession
    counted = {mark: sa.func.count(sa.case((AttendanceMark.mark == mark, 1))) for mark in Mark}
    query = (
        sa.select(
            one.id,
            one.starts_at,
            one.ends_at,
            one.topic,
            one.lecturer,
            one.place,
            one.closed_at,
            *(column.label(mark.value) for mark, column in counted.items()),
        )
        .outerjoin(AttendanceMark, AttendanceMark.session_id == one.id)
        .where(one.class_id == class_id)
        .group_by(one.id)
        .order_by(one.starts_at, one.id)
    )
    return db.session.execute(query).all()


def number_of(session: ClassSession) -> int:
    """Which of its class's sessions this is, counted from 1 in order of time."""
    earlier = sa.tuple_(ClassSession.starts_at, ClassSession.id) <= sa.tuple_(
        sa.literal(session.starts_at, ClassSession.starts_at.type), sa.literal(session.id)
    )
    query = sa.select(sa.func.count(ClassSession.id)).where(ClassSession.class_id == session.class_id, earlier)
    return db.session.scalar(query) or 1


def roster_of(class_id: int, *, active: bool = True) -> Sequence[sa.Row]:
    """A class's roster by given name; with active=False those who were taken off it."""
    one = Participant
    query = (
        sa.select(
            one.id, one.number, one.full_name, one.title, one.agency_name, one.person_id, one.removed_because, one.email
        )
        .where(one.class_id == class_id, one.active == active)
        .order_by(one.sort_key, one.id)
    )
    return db.session.execute(query).all()


def known_on_roster(class_id: int) -> list[Known]:
    """Everybody who has a row in the class, also those taken off, for finding doubtful entries."""
    query = sa.select(Participant.number, Participant.full_name, Participant.agency_name).where(
        Participant.class_id == class_id
    )
    return [Known(row_code(row.number), row.full_name, row.agency_name) for row in db.session.execute(query)]


def last_number(class_id: int) -> int:
    """The highest row number ever given in the class, 0 before the first."""
    return db.session.scalar(sa.select(sa.func.max(Participant.number)).where(Participant.class_id == class_id)) or 0


def agencies_by_name() -> dict[str, sa.Row]:
    """Active agencies (id, name) by each folded name, short name and code."""
    query = sa.select(Agency.id, Agency.name, Agency.short_name, Agency.code).where(Agency.active)
    rows = db.session.execute(query).all()
    return {fold(name): row for row in rows for name in (row.code, row.short_name, row.name)}


def agencies_to_choose() -> Sequence[sa.Row]:
    """Active agencies (id, name) in alphabetical order."""
    return db.session.execute(sa.select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.sort_key)).all()


def staff_for(
    class_id: int, typed: str = "", agency_id: int | None = None, among: Sequence[int] | None = None
) -> Sequence[sa.Row]:
    """Active people not yet in the class, by agency and given name: a page of those sought, or all of some ids."""
    taken = sa.select(Participant.person_id).where(Participant.class_id == class_id, Participant.person_id.is_not(None))
    columns = (Person.id, Person.full_name, Person.title, Person.phone, Person.email, Person.agency_id)
    query = (
        sa.select(*columns, Agency.name.label("agency_name"))
        .join(Agency, Agency.id == Person.agency_id)
        .where(Person.active, Person.id.not_in(taken))
        .where(*(Person.search_text.contains(word, autoescape=True) for word in fold(typed).split()))
        .order_by(Agency.sort_key, Person.sort_key, Person.id)
    )
    if agency_id is not None:
        query = query.where(Person.agency_id == agency_id)
    query = query.limit(MOST_STAFF) if among is None else query.where(Person.id.in_(among))
    return db.session.execute(query).all()


def roll_of(session: ClassSession) -> Sequence[sa.Row]:
    """The roll call, by given name: who is on the roster or was marked, and the mark as it stands."""
    marked, who = AttendanceMark, Participant
    query = (
        sa.select(
            who.id,
            who.number,
            who.full_name,
            who.title,
            who.agency_name,
            who.active,
            marked.mark,
            marked.remark,
            sa.func.coalesce(marked.version, 0).label("version"),
            marked.marked_at,
            marked.corrected_because,
            Person.full_name.label("by_name"),
        )
        .outerjoin(marked, sa.and_(marked.participant_id == who.id, marked.session_id == session.id))
        .outerjoin(Person, Person.id == marked.marked_by_id)
        .where(who.class_id == session.class_id, sa.or_(who.active, marked.id.is_not(None)))
        .order_by(who.sort_key, who.id)
    )
    return db.session.execute(query).all()


def counts_of(session: ClassSession) -> dict[str, int]:
    """How many are present, excused, absent and unmarked, by code; as on the roll call."""
    marked, who = AttendanceMark, Participant
    query = (
        sa.select(marked.mark, sa.func.count(who.id))
        .select_from(who)
        .outerjoin(marked, sa.and_(marked.participant_id == who.id, marked.session_id == session.id))
        .where(who.class_id == session.class_id, sa.or_(who.active, marked.id.is_not(None)))
        .group_by(marked.mark)
    )
    return count_marks({row[0]: row[1] for row in db.session.execute(query)})


def count_marks(numbers: dict[Mark | None, int]) -> dict[str, int]:
    """Numbers by mark, None for no mark, as numbers by code."""
    return {mark.value: numbers.get(mark, 0) for mark in Mark} | {"unmarked": numbers.get(None, 0)}


def mark_now(session_id: int, participant_id: int) -> MarkNow:
    """The mark of one person in one session as it stands."""
    return marks_now(session_id, [participant_id]).get(participant_id, MarkNow())


def marks_now(session_id: int, participant_ids: Sequence[int] | None = None) -> dict[int, MarkNow]:
    """By participant: the marks of a session as they stand, of all or of some."""
    one = AttendanceMark
    query = (
        sa.select(one.participant_id, one.mark, one.remark, one.version, Person.full_name, one.marked_at)
        .outerjoin(Person, Person.id == one.marked_by_id)
        .where(one.session_id == session_id)
    )
    if participant_ids is not None:
        query = query.where(one.participant_id.in_(participant_ids))
    return {
        participant: MarkNow(mark, remark, version, by_name or "", at)
        for participant, mark, remark, version, by_name, at in db.session.execute(query)
    }


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
