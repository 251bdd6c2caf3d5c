"""What happened in a class, and in a year: figures by session, by agency, by person."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from pr_tracker.assessments.queries.feedback import feedback_summary
from pr_tracker.assessments.queries.results import results_of
from pr_tracker.assessments.rules_feedback import FeedbackSummary
from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.rules import Status, write_number
from pr_tracker.db import db
from pr_tracker.reports.queries.effects import effects_of, spans_between
from pr_tracker.reports.rules_training import Effect, Span
from pr_tracker.text import sort_key
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import ATTENDED, Mark, row_code


def classes_to_come(now: datetime) -> Sequence[sa.Row]:
    """Classes not cancelled that are not over, without a session too: (id, name, course, first_at)."""
    first, last = sa.func.min(ClassSession.starts_at), sa.func.max(ClassSession.ends_at)
    held = sa.and_(ClassSession.class_id == TrainingClass.id, ClassSession.cancelled_at.is_(None))
    query = (
        sa.select(TrainingClass.id, TrainingClass.name, Course.title.label("course"), first.label("first_at"))
        .join(Course, Course.id == TrainingClass.course_id)
        .outerjoin(ClassSession, held)
        .where(TrainingClass.cancelled_at.is_(None))
        .group_by(TrainingClass.id, TrainingClass.name, Course.title)
        .having(sa.or_(last.is_(None), last > sa.bindparam("moment", now, ClassSession.ends_at.type)))
        .order_by(first, TrainingClass.id)
    )
    return db.session.execute(query).all()


def on_rosters_to_come(class_ids: Collection[int]) -> dict[int, list[str]]:
    """By person: the names of the classes, of these, in which they have a row that was not taken off."""
    query = (
        sa.select(Participant.person_id, TrainingClass.name)
        .join(TrainingClass, TrainingClass.id == Participant.class_id)
        .where(Participant.class_id.in_(class_ids), Participant.active, Participant.person_id.is_not(None))
    )
    found: dict[int, list[str]] = {}
    for person_id, name in db.session.execute(query) if class_ids else ():
        found.setdefault(person_id or 0, []).append(name)
    return found


def courses_to_choose() -> Sequence[sa.Row]:
    """(id, title, year) of every course, the latest first."""
    query = sa.select(Course.id, Course.title, Course.year).order_by(Course.year.desc(), Course.id.desc())
    return db.session.execute(query).all()


# --- one class ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SessionFigures:
    """A session and its marks: how many of each; nobody is counted in a session that was cancelled."""

    number: int
    starts_at: datetime
    ends_at: datetime
    topic: str
    lecturer: str
    closed: bool
    cancelled: bool
    begun: bool
    marks: Mapping[Mark | None, int]

    @property
    def listed(self) -> int:
        """Who was on the roll call."""
        return sum(self.marks.values())

    @property
    def attended(self) -> int:
        """Present, late or left early."""
        return sum(self.marks.get(mark, 0) for mark in ATTENDED)


@dataclass(frozen=True)
class PersonFigures:
    """A row of the roster: sessions attended of those held, mark, final paper, number of the certificate."""

    id: int
    code: str
    full_name: str
    title: str
    agency: str
    attended: int
    held: int
    mark: Decimal | None
    paper: bool
    certificate: str


@dataclass(frozen=True)
class AgencyFigures:
    """Of one agency: on the roster, came to at least one session, came to all, got a certificate."""

    agency: str
    listed: int
    came: int
    came_to_all: int
    certificates: int


@dataclass(frozen=True)
class ClassReport:
    """What happened in a class, as of a moment."""

    training_class: TrainingClass
    sessions: tuple[SessionFigures, ...]
    people: tuple[PersonFigures, ...]
    agencies: tuple[AgencyFigures, ...]
    feedback: FeedbackSummary
    effects: tuple[Effect, ...]
    spans: tuple[Span, Span] | None

    @property
    def held(self) -> list[SessionFigures]:
        """The sessions that have begun and were not cancelled."""
        return [one for one in self.sessions if one.begun and not one.cancelled]

    @property
    def came(self) -> int:
        """People who came to at least one session."""
        return sum(one.attended > 0 for one in self.people)

    @property
    def certificates(self) -> int:
        """People with a certificate that was not revoked."""
        return sum(bool(one.certificate) for one in self.people)

    @property
    def marks(self) -> list[Decimal]:
        """Every mark given."""
        return [one.mark for one in self.people if one.mark is not None]

    @property
    def mean_mark(self) -> Decimal | None:
        """The mean of the marks, to one place; None without one."""
        given = self.marks
        return (sum(given, Decimal(0)) / len(given)).quantize(Decimal("0.1"), ROUND_HALF_UP) if given else None

    @property
    def passed(self) -> int | None:
        """Marks that reach what the course asks; None where it asks for none."""
        least = self.training_class.course.least_mark
        return None if least is None else sum(mark >= least for mark in self.marks)

    @property
    def papers(self) -> int:
        """Final papers that count."""
        return sum(one.paper for one in self.people)


def class_report(one: TrainingClass, now: datetime) -> ClassReport:
    """Everything about a class: on the roster is who has a place, or has a mark of the roll call."""
    sessions = _sessions(one.id, now)
    people = _people(one, sum(each.begun and not each.cancelled for each in sessions))
    took_place = [each for each in sessions if not each.cancelled]
    first = min((each.starts_at for each in took_place), default=None)
    last = max((each.ends_at for each in took_place), default=None)
    spans = spans_between(first, last, now)
    effects = tuple(effects_of(one.id, spans, now)) if spans else ()
    return ClassReport(one, sessions, people, _by_agency(people), feedback_summary(one.id), effects, spans)


def _sessions(class_id: int, now: datetime) -> tuple[SessionFigures, ...]:
    one = ClassSession
    columns = (one.id, one.starts_at, one.ends_at, one.topic, one.lecturer, one.closed_at, one.cancelled_at)
    who = Participant
    everybody = sa.select(sa.func.count(who.id)).where(who.class_id == class_id, who.seated()).scalar_subquery()
    query = sa.select(*columns, everybody.label("everybody")).where(one.class_id == class_id)
    rows = db.session.execute(query.order_by(one.starts_at, one.id)).all()
    marks: dict[int, Counter[Mark | None]] = defaultdict(Counter)
    unmarked = {row.id: row.everybody for row in rows}
    counted = (
        sa.select(AttendanceMark.session_id, AttendanceMark.mark, sa.func.count())
        .add_columns(sa.func.count(sa.case((who.seated(), 1))))
        .select_from(AttendanceMark)
        .join(who, who.id == AttendanceMark.participant_id)
        .where(who.class_id == class_id)
        .group_by(AttendanceMark.session_id, AttendanceMark.mark)
    )
    for session_id, mark, count, seated in db.session.execute(counted):
        marks[session_id][mark] = count
        unmarked[session_id] -= seated
    for row in rows:
        marks[row.id][None] = unmarked[row.id]
    return tuple(
        SessionFigures(
            number,
            row.starts_at,
            row.ends_at,
            row.topic,
            row.lecturer,
            closed=bool(row.closed_at),
            cancelled=bool(row.cancelled_at),
            begun=row.starts_at <= now,
            marks={} if row.cancelled_at else marks[row.id],
        )
        for number, row in enumerate(rows, 1)
    )


def _people(one: TrainingClass, held: int) -> tuple[PersonFigures, ...]:
    who = Participant
    came = sa.func.count(sa.case((AttendanceMark.mark.in_(ATTENDED), 1)))
    marked = sa.and_(AttendanceMark.participant_id == who.id, AttendanceMark.session_id.in_(_held(one.id)))
    certificate = sa.and_(Certificate.participant_id == who.id, Certificate.status == Status.VALID)
    query = (
        sa.select(who.id, who.number, who.full_name, who.title, who.agency_name, came.label("attended"))
        .add_columns(Certificate.year, Certificate.number.label("certificate"))
        .select_from(who)
        .outerjoin(AttendanceMark, marked)
        .outerjoin(Certificate, certificate)
        .where(who.class_id == one.id)
        .group_by(who.id, Certificate.year, Certificate.number)
        .having(sa.or_(who.seated(), sa.func.count(AttendanceMark.id) > 0))
        .order_by(who.sort_key, who.id)
    )
    results = results_of(one.id)
    people = []
    for row in db.session.execute(query):
        result = results.get(row.id)
        number = write_number(row.year, row.certificate) if row.certificate else ""
        mark, paper = (result.mark, result.paper) if result else (None, False)
        facts = (row.id, row_code(row.number), row.full_name, row.title, row.agency_name)
        people.append(PersonFigures(*facts, row.attended, held, mark, paper, number))
    return tuple(people)


def _held(class_id: int) -> sa.Select[Any]:
    held: Any = sa.select(ClassSession.id)
    return held.where(ClassSession.class_id == class_id, ClassSession.cancelled_at.is_(None))


def _by_agency(people: Sequence[PersonFigures]) -> tuple[AgencyFigures, ...]:
    """By the agency's name as it stands on the roster, in Vietnamese order; people without one last."""
    own: dict[str, list[PersonFigures]] = defaultdict(list)
    for one in people:
        own[one.agency].append(one)
    ordered = sorted(own, key=lambda name: (not name, sort_key(name)))
    return tuple(
        AgencyFigures(
            name,
            len(own[name]),
            sum(one.attended > 0 for one in own[name]),
            sum(0 < one.held == one.attended for one in own[name]),
            sum(bool(one.certificate) for one in own[name]),
        )
        for name in ordered
    )
