"""The training of a year: its classes, who came from which agency, and who is trained at its end."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.rules import Status
from pr_tracker.db import db
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.reports.queries.coverage import Coverage, coverage
from pr_tracker.text import fold, sort_key
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import ATTENDED


@dataclass(frozen=True)
class ClassOfYear:
    """A class with its days, the sessions held, and how many were on its roster, came, got a certificate."""

    id: int
    course_id: int
    course: str
    name: str
    place: str
    first_on: date
    last_on: date
    sessions: int
    listed: int
    came: int
    certificates: int


@dataclass(frozen=True)
class AgencyOfYear:
    """Of one agency: how often its people came to a class, how many people these are, how many certificates."""

    agency: str
    came: int
    people: int
    certificates: int


@dataclass(frozen=True)
class YearReport:
    """The training of a year as of a moment; a class belongs to the year of its first session."""

    year: int
    classes: tuple[ClassOfYear, ...]
    agencies: tuple[AgencyOfYear, ...]
    people: int  # each person once, however many classes
    coverage: Coverage

    @property
    def courses(self) -> int:
        """Courses that had a class."""
        return len({one.course_id for one in self.classes})

    @property
    def sessions(self) -> int:
        """Sessions held."""
        return sum(one.sessions for one in self.classes)

    @property
    def came(self) -> int:
        """Lượt người: people who came to at least one session of a class, once for each class."""
        return sum(one.came for one in self.classes)

    @property
    def certificates(self) -> int:
        """Certificates given in these classes that were not revoked."""
        return sum(one.certificates for one in self.classes)


def years_of_training() -> list[int]:
    """The years in which a class began, the latest first."""
    first = sa.select(sa.func.min(ClassSession.starts_at)).where(ClassSession.cancelled_at.is_(None))
    starts = db.session.scalars(first.group_by(ClassSession.class_id)).all()
    return sorted({office_day(_aware(at)).year for at in starts if at}, reverse=True)


def year_report(year: int, now: datetime) -> YearReport:
    """The training of a year; who is trained is looked at on its last day, or now while it runs."""
    classes = _classes(year, now)
    people = _people([row.id for row in classes])
    own: dict[int, list[sa.Row]] = defaultdict(list)
    for row in people:
        own[row.class_id].append(row)
    end = min(now, office_instant(date(year + 1, 1, 1)) - timedelta(seconds=1))
    return YearReport(
        year,
        tuple(_class_of_year(row, own[row.id]) for row in classes),
        _by_agency(people),
        len({_who(row) for row in people if row.came}),
        coverage(None, end),
    )


def _classes(year: int, now: datetime) -> Sequence[sa.Row]:
    since, until = office_instant(date(year, 1, 1)), office_instant(date(year + 1, 1, 1))
    first, last = sa.func.min(ClassSession.starts_at), sa.func.max(ClassSession.ends_at)
    kind = ClassSession.starts_at.type
    held = sa.func.count(sa.case((ClassSession.starts_at <= sa.literal(now, kind), 1)))
    named = (TrainingClass.id, TrainingClass.course_id, Course.title.label("course"), TrainingClass.name)
    query = (
        sa.select(*named, TrainingClass.place, first.label("first_at"), last.label("last_at"), held.label("sessions"))
        .join(Course, Course.id == TrainingClass.course_id)
        .join(ClassSession, ClassSession.class_id == TrainingClass.id)
        .where(TrainingClass.cancelled_at.is_(None), ClassSession.cancelled_at.is_(None))
        .group_by(*named, TrainingClass.place)
        .having(first >= sa.literal(since, kind), first < sa.literal(until, kind), first <= sa.literal(now, kind))
        .order_by(first, TrainingClass.id)
    )
    return db.session.execute(query).all()


def _people(class_ids: Sequence[int]) -> Sequence[sa.Row]:
    """Rows of these rosters: whether they came to a session that was held, whether they got a certificate."""
    who, held = Participant, sa.select(ClassSession.id).where(ClassSession.cancelled_at.is_(None))
    came = sa.exists().where(
        AttendanceMark.participant_id == who.id,
        AttendanceMark.mark.in_(ATTENDED),
        AttendanceMark.session_id.in_(held),
    )
    got = sa.exists().where(Certificate.participant_id == who.id, Certificate.status == Status.VALID)
    query = sa.select(who.id, who.class_id, who.person_id, who.full_name, who.agency_id, who.agency_name)
    query = query.add_columns(who.seated().label("seated"), came.label("came"), got.label("got"))
    return db.session.execute(query.where(who.class_id.in_(class_ids)).order_by(who.id)).all() if class_ids else ()


def _class_of_year(row: sa.Row, people: Sequence[sa.Row]) -> ClassOfYear:
    return ClassOfYear(
        row.id,
        row.course_id,
        row.course,
        row.name,
        row.place,
        office_day(_aware(row.first_at)),
        office_day(_aware(row.last_at)),
        row.sessions,
        sum(bool(one.seated or one.came) for one in people),
        sum(bool(one.came) for one in people),
        sum(bool(one.got) for one in people),
    )


def _by_agency(people: Iterable[sa.Row]) -> tuple[AgencyOfYear, ...]:
    own: dict[str, list[sa.Row]] = defaultdict(list)
    for row in people:
        if row.came or row.got:
            own[row.agency_name].append(row)
    return tuple(
        AgencyOfYear(
            name,
            sum(bool(row.came) for row in own[name]),
            len({_who(row) for row in own[name] if row.came}),
            sum(bool(row.got) for row in own[name]),
        )
        for name in sorted(own, key=lambda name: (not name, sort_key(name)))
    )


def _who(row: sa.Row) -> tuple[object, ...]:
    """What makes two rows the same person: the account, else name and agency whatever marks and capitals."""
    return ("account", row.person_id) if row.person_id else (fold(row.full_name), fold(row.agency_name))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
