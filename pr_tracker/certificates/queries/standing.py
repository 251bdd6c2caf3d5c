"""Find who of a class has earned a certificate, and what a certificate of the class says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.assessments.queries.results import results_of
from pr_tracker.assessments.rules import Result
from pr_tracker.certificates.models import CertificateLayout
from pr_tracker.certificates.rules import CourseRule, Record, Standing, standing_of
from pr_tracker.certificates.rules_layout import Layout, write_dates
from pr_tracker.db import db
from pr_tracker.office_time import office_day
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import ATTENDED


@dataclass(frozen=True)
class Candidate:
    """Somebody with a place in a class, and how they stand."""

    id: int
    number: int
    full_name: str
    title: str
    agency_name: str
    standing: Standing


def rule_of(course: Course) -> CourseRule:
    """What the course asks for."""
    return CourseRule(course.least_attendance, course.least_mark, course.paper_required)


def candidates_of(training_class: TrainingClass) -> list[Candidate]:
    """Everybody with a place in the class, by given name, each weighed against the course's rule."""
    rule, records = rule_of(training_class.course), records_of(training_class.id)
    one = Participant
    query = (
        sa.select(one.id, one.number, one.full_name, one.title, one.agency_name)
        .where(one.class_id == training_class.id, one.seated())
        .order_by(one.sort_key, one.id)
    )
    return [Candidate(*row, standing=standing_of(rule, records[row.id])) for row in db.session.execute(query).all()]


def records_of(class_id: int, participant_id: int | None = None, *, graded: bool = True) -> Mapping[int, Record]:
    """By participant: what each on the roster of the class, or one of them, has done in it.

    Without marks and papers unless `graded`.
    """
    counts = sa.select(sa.func.count(ClassSession.id), sa.func.count(ClassSession.closed_at))
    sessions, closed = db.session.execute(counts.where(ClassSession.class_id == class_id, ClassSession.counts())).one()
    counted = sa.and_(
        ClassSession.id == AttendanceMark.session_id, ClassSession.counts(), AttendanceMark.mark.in_(ATTENDED)
    )
    query = (
        sa.select(Participant.id, sa.func.count(ClassSession.id))
        .outerjoin(AttendanceMark, AttendanceMark.participant_id == Participant.id)
        .outerjoin(ClassSession, counted)
        .where(Participant.class_id == class_id)
        .group_by(Participant.id)
    )
    if participant_id is not None:
        query = query.where(Participant.id == participant_id)
    results, none = results_of(class_id) if graded else {}, Result()
    found = {participant: (count, results.get(participant, none)) for participant, count in db.session.execute(query)}
    return {
        participant: Record(count, sessions, sessions - closed, result.mark, result.paper)
        for participant, (count, result) in found.items()
    }


def layout_of(course: Course, place: str) -> Layout:
    """The layout of a course's certificates; the ordinary one, signed as its agency signs, where none was made."""
    stored = db.session.get(CertificateLayout, course.id)
    return Layout(**stored.texts) if stored else ordinary_layout(course, place)


def ordinary_layout(course: Course, place: str) -> Layout:
    """The layout a course begins with; `place` stands before the day."""
    signed = signature(course.agency)
    authority = "\n".join(line for line in (*signed.authority_lines, *signed.title_lines) if line)
    return Layout(dated=f"{place}, {{ngày cấp}}", authority=authority)


def layout_version(course_id: int) -> int:
    """Which version of its layout a course has, 0 while it has the ordinary one."""
    query = sa.select(CertificateLayout.version).where(CertificateLayout.course_id == course_id)
    return db.session.scalar(query) or 0


def course_values(course: Course) -> dict[str, str]:
    """What the placeholders stand for in every certificate of a course."""
    agency = course.agency
    head = letterhead(agency, place="", day=None, kind="", abstract="", draft=False)
    return {
        "course": course.title,
        "hours": str(course.hours or ""),
        "topics": "; ".join(line.strip() for line in course.topics.split("\n") if line.strip()),
        "superior": head.superior,
        "issuer": head.issuer,
        "signer": signature(agency).name,
    }


def class_values(training_class: TrainingClass) -> dict[str, str]:
    """The same of a class."""
    query = sa.select(ClassSession.starts_at).where(ClassSession.class_id == training_class.id, ClassSession.counts())
    return course_values(training_class.course) | {
        "class": training_class.name,
        "place": training_class.place,
        "dates": write_dates([office_day(starts_at) for starts_at in db.session.scalars(query)]),
    }


def latest_class(course_id: int) -> TrainingClass | None:
    """The class of a course that was opened last."""
    query = sa.select(TrainingClass).where(TrainingClass.course_id == course_id)
    return db.session.scalar(query.order_by(TrainingClass.id.desc()).limit(1))


def first_day(class_id: int) -> date | None:
    """The day of the class's first session that is not cancelled, None before one is planned."""
    query = sa.select(sa.func.min(ClassSession.starts_at)).where(ClassSession.class_id == class_id)
    starts_at = db.session.scalar(query.where(ClassSession.counts()))
    return office_day(starts_at) if starts_at else None
