"""Find sessions by their time: the calendar of all classes, what a person has to attend, conflicts."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.models import ClassSession, ClassTrainer, ClassVenue, Course, TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_conflicts import (
    Conflict,
    Planned,
    conflicts_among,
    lecturers_in,
    rooms_in,
    trainee_key,
)

COLUMNS = (
    ClassSession.id,
    ClassSession.class_id,
    ClassSession.starts_at,
    ClassSession.ends_at,
    ClassSession.topic,
    ClassSession.lecturer,
    ClassSession.place,
    ClassSession.closed_at,
    ClassSession.cancelled_at,
    ClassSession.cancelled_because,
    ClassSession.version,
    ClassSession.created_at,
    TrainingClass.name.label("class_name"),
    Course.title.label("course_title"),
)


def sessions_between(start: datetime, end: datetime, *, run_by: Person | None = None) -> Sequence[sa.Row]:
    """Sessions that start from `start` until before `end`, also cancelled ones; of a trainer's classes when asked."""
    query = _with_class().where(ClassSession.starts_at >= start, ClassSession.starts_at < end)
    if run_by is not None:
        query = query.where(_run_by(run_by))
    return db.session.execute(query).all()


def sessions_run_by(person: Person, since: datetime) -> Sequence[sa.Row]:
    """Sessions from `since` on of the classes somebody runs, also cancelled ones."""
    query = _with_class().where(_run_by(person), ClassSession.ends_at >= since)
    return db.session.execute(query).all()


def sessions_attended_by(person: Person, since: datetime) -> Sequence[sa.Row]:
    """Sessions from `since` on that somebody with an account has a place in, with the `token` of their own page."""
    query = (
        _with_class(Participant.token)
        .join(Participant, Participant.class_id == ClassSession.class_id)
        .where(Participant.person_id == person.id, Participant.seated(), ClassSession.ends_at >= since)
    )
    return db.session.execute(query).all()


def sessions_of_class(class_id: int) -> Sequence[sa.Row]:
    """All sessions of a class, also cancelled ones."""
    return db.session.execute(_with_class().where(ClassSession.class_id == class_id)).all()


def conflicts_of(class_id: int, now: datetime) -> list[Conflict]:
    """What the coming sessions of a class share with sessions at the same time, its own or others'."""
    own = sa.orm.aliased(ClassSession)
    at_once = sa.and_(own.starts_at < ClassSession.ends_at, ClassSession.starts_at < own.ends_at)
    ids = (
        sa.select(ClassSession.id)
        .join(own, sa.and_(own.class_id == class_id, own.cancelled_at.is_(None), at_once))
        .where(ClassSession.counts(), ClassSession.ends_at > now)
    )
    found = _conflicts(_with_class().where(ClassSession.id.in_(ids)))
    return [each for each in found if class_id in (each.one.class_id, each.other.class_id)]


def conflicts_between(start: datetime, end: datetime, now: datetime) -> list[Conflict]:
    """The conflicts among the sessions of a span of time that are still to come."""
    span = sa.and_(ClassSession.starts_at < end, ClassSession.ends_at > max(start, now))
    return _conflicts(_with_class().where(ClassSession.counts(), span))


def _with_class(*columns: Any) -> sa.Select[Any]:
    query: sa.Select[Any] = sa.select(*[*COLUMNS, *columns])
    return (
        query.join(ClassSession.training_class)
        .join(TrainingClass.course)
        .order_by(ClassSession.starts_at, ClassSession.id)
    )


def _run_by(person: Person) -> sa.ColumnElement[bool]:
    """Sessions of the classes whose team somebody belongs to; a class without a team is every trainer's."""
    team = sa.select(ClassTrainer.class_id).where(ClassTrainer.active)
    own = ClassSession.class_id.in_(team.where(ClassTrainer.person_id == person.id))
    return sa.or_(own, ClassSession.class_id.not_in(team)) if Role.TRAINER in person.roles else own


def _conflicts(query: sa.Select[Any]) -> list[Conflict]:
    rows = db.session.execute(query).all()
    bare = [_bare(row) for row in rows]
    at_once = {one.class_id for pair in combinations(bare, 2) if pair[0].overlaps(pair[1]) for one in pair}
    if not at_once:
        return []
    venues, team, people = _venues(at_once), _team(at_once), _trainees(at_once)
    return conflicts_among(
        [
            replace(
                each,
                rooms={**each.rooms, **rooms_in(venues.get(each.class_id, ()))},
                trainers=team.get(each.class_id, {}),
                trainees=people.get(each.class_id, {}),
            )
            for each in bare
        ]
    )


def _bare(row: Any) -> Planned:
    return Planned(
        row.id,
        row.class_id,
        row.starts_at,
        row.ends_at,
        row.topic,
        f"{row.course_title}, {row.class_name}",
        rooms=rooms_in([row.place]),
        lecturers=lecturers_in(row.lecturer),
    )


def _venues(class_ids: Collection[int]) -> dict[int, list[str]]:
    query = sa.select(ClassVenue.class_id, ClassVenue.place).where(
        ClassVenue.class_id.in_(class_ids), ClassVenue.active
    )
    found: dict[int, list[str]] = {}
    for class_id, place in db.session.execute(query):
        found.setdefault(class_id, []).append(place)
    return found


def _team(class_ids: Collection[int]) -> dict[int, dict[str, str]]:
    query = (
        sa.select(ClassTrainer.class_id, Person.id, Person.full_name)
        .join(Person, Person.id == ClassTrainer.person_id)
        .where(ClassTrainer.class_id.in_(class_ids), ClassTrainer.active)
    )
    found: dict[int, dict[str, str]] = {}
    for class_id, person_id, name in db.session.execute(query):
        found.setdefault(class_id, {})[str(person_id)] = name
    return found


def _trainees(class_ids: Collection[int]) -> dict[int, dict[str, str]]:
    one = Participant
    query = sa.select(one.class_id, one.person_id, one.full_name, one.agency_name).where(
        one.class_id.in_(class_ids), one.seated()
    )
    found: dict[int, dict[str, str]] = {}
    for class_id, person_id, name, agency in db.session.execute(query.order_by(one.sort_key, one.id)):
        found.setdefault(class_id, {})[trainee_key(person_id, name, agency)] = name
    return found
