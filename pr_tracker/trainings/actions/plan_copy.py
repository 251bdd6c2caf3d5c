"""Hold a class again: its sessions on new days, with its venues, its team and its materials; not its roster."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db
from pr_tracker.office_time import in_office, office_day, office_instant
from pr_tracker.trainings.actions.plan import add_class
from pr_tracker.trainings.models import ClassSession, Course, SessionMaterial, TrainingClass
from pr_tracker.trainings.queries.plan_class import sessions_to_copy, team_of, venues_of
from pr_tracker.trainings.rules import ClassFacts, SessionFacts, TrainingEvent, VenueFacts

Event = TrainingEvent


def copy_class(
    source: TrainingClass,
    course: Course,
    facts: ClassFacts,
    days: Mapping[date, date],
    *,
    actor: Actor | None,
    now: datetime,
) -> TrainingClass:
    """A new class with the sessions of `source` that are held, each moved to the day that `days` gives for its own.

    A place that was the place of the class becomes the new one's. Raises BadInput for a name that is taken.
    """
    venues = [VenueFacts(row.name, row.place) for row in venues_of(source.id)]
    team = [row.id for row in team_of(source.id)]
    made = add_class(course, facts, venues=venues, trainer_ids=team, actor=actor, now=now)
    copies = {}
    for old in sessions_to_copy(source.id):
        own = vars(moved(old, days, source.place, facts.place))
        copies[old.id] = ClassSession(class_id=made.id, **own, version=1, created_at=now)
    db.session.add_all(copies.values())
    db.session.flush()
    materials = _materials(list(copies))
    for material in materials:
        session_id = copies[material.session_id].id
        db.session.add(SessionMaterial(session_id=session_id, file_id=material.file_id, added_at=now))
    counted = {"sessions": len(copies), "materials": len(materials)}
    record(Event.CLASS_COPY, made, actor=actor, now=now, source=source.id, name=facts.name, **counted)
    return made


def moved(old: ClassSession, days: Mapping[date, date], old_place: str, new_place: str) -> SessionFacts:
    """A session as it is to be held on the day that `days` gives, at the same hours of the office."""
    day = days[office_day(old.starts_at)]
    starts, ends = (office_instant(day, in_office(at).time()) for at in (old.starts_at, old.ends_at))
    place = new_place if old.place == old_place else old.place
    return SessionFacts(starts, ends, old.topic, old.lecturer, place)


def _materials(session_ids: list[int]) -> list[SessionMaterial]:
    one = SessionMaterial
    query = sa.select(one).where(one.session_id.in_(session_ids), one.withdrawn_at.is_(None)).order_by(one.id)
    return list(db.session.scalars(query))
