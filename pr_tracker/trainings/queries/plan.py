"""Find courses, classes and sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.text import fold
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import Mark

COURSES_ON_A_PAGE = 20


def get_course(course_id: int) -> Course:
    """The course. Raises NotFound."""
    return got(Course, course_id, N_("There is no such course."))


def get_class(class_id: int, *, with_course: bool = False) -> TrainingClass:
    """The class, with its course in the same statement if asked. Raises NotFound."""
    options = [sa.orm.joinedload(TrainingClass.course)] if with_course else []
    return got(TrainingClass, class_id, N_("There is no such class."), options)


def get_session(session_id: int) -> ClassSession:
    """The session. Raises NotFound."""
    return got(ClassSession, session_id, N_("There is no such session."))


def got(model: type, ident: int, message: str, options: Sequence[Any] = ()) -> Any:
    found = db.session.get(model, ident, options=options)
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


def all_courses() -> Sequence[sa.Row]:
    """Every course (id, title, year, agency), the newest first: for a table."""
    query = sa.select(Course.id, Course.title, Course.year, Agency.short_name.label("agency")).join(Course.agency)
    return db.session.execute(query.order_by(Course.year.desc(), Course.id.desc())).all()


def classes_of(course_ids: Sequence[int]) -> dict[int, list[sa.Row]]:
    """By course: its classes (id, name, place, cancelled_at, participants, sessions, closed, first_at, last_at).

    Sessions that were cancelled are not counted.
    """
    people = sa.select(sa.func.count(Participant.id)).where(
        Participant.class_id == TrainingClass.id, Participant.seated()
    )
    query = (
        sa.select(
            TrainingClass.course_id,
            TrainingClass.id,
            TrainingClass.name,
            TrainingClass.place,
            TrainingClass.cancelled_at,
            people.scalar_subquery().label("participants"),
            sa.func.count(ClassSession.id).label("sessions"),
            sa.func.count(ClassSession.closed_at).label("closed"),
            sa.func.min(ClassSession.starts_at).label("first_at"),
            sa.func.max(ClassSession.starts_at).label("last_at"),
        )
        .outerjoin(ClassSession, sa.and_(ClassSession.class_id == TrainingClass.id, ClassSession.counts()))
        .where(TrainingClass.course_id.in_(course_ids))
        .group_by(
            TrainingClass.course_id,
            TrainingClass.id,
            TrainingClass.name,
            TrainingClass.place,
            TrainingClass.cancelled_at,
        )
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
        .where(ClassSession.closed_at.is_(None), ClassSession.counts(), ClassSession.starts_at < until)
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
            one.cancelled_at,
            one.cancelled_because,
            *(column.label(mark.value) for mark, column in counted.items()),
        )
        .outerjoin(AttendanceMark, AttendanceMark.session_id == one.id)
        .where(one.class_id == class_id)
        .group_by(one.id)
        .order_by(one.starts_at, one.id)
    )
    return db.session.execute(query).all()


def people_in(class_id: int) -> sa.Row:
    """How many are in a class: with a place (`seated`), on the waiting list (`waiting`)."""
    waits = sa.and_(Participant.active, Participant.waiting_at.is_not(None))
    query = sa.select(
        sa.func.count(sa.case((Participant.seated(), 1))).label("seated"),
        sa.func.count(sa.case((waits, 1))).label("waiting"),
    ).where(Participant.class_id == class_id)
    return db.session.execute(query).one()


def number_of(session: ClassSession) -> int:
    """Which of its class's sessions this is, counted from 1 in order of time."""
    earlier = sa.tuple_(ClassSession.starts_at, ClassSession.id) <= sa.tuple_(
        sa.literal(session.starts_at, ClassSession.starts_at.type), sa.literal(session.id)
    )
    query = sa.select(sa.func.count(ClassSession.id)).where(ClassSession.class_id == session.class_id, earlier)
    return db.session.scalar(query) or 1


def agencies_to_choose() -> Sequence[sa.Row]:
    """Active agencies (id, name) in alphabetical order."""
    return db.session.execute(sa.select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.sort_key)).all()
