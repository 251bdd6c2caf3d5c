"""The remote venues of a class, who sits where, and the team that runs it: nothing deleted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold
from pr_tracker.trainings.models import ClassTrainer, ClassVenue, TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan_class import trainers_to_choose, venues_of
from pr_tracker.trainings.rules import TrainingEvent, VenueFacts
from pr_tracker.trainings.rules_roll import row_code


def put_venues(one: TrainingClass, venues: Sequence[VenueFacts], now: datetime) -> bool:
    """The class has these venues from now on, known by their names; whether that changed anything.

    Raises BadInput when people still sit at one that is left out.
    """
    rows = db.session.scalars(sa.select(ClassVenue).where(ClassVenue.class_id == one.id)).all()
    known, changed = {row.name_key: row for row in rows}, False
    for facts in venues:
        row = known.pop(fold(facts.name), None)
        if row is None:
            row = ClassVenue(class_id=one.id, name_key=fold(facts.name), created_at=now)
            db.session.add(row)
        if (row.name, row.place, row.active) != (facts.name, facts.place, True):
            row.name, row.place, row.active = facts.name, facts.place, True
            changed = True
    for row in known.values():
        if row.active:
            _require_nobody_at(row)
            row.active, changed = False, True
    db.session.flush()
    return changed


def seat_people(one: TrainingClass, seats: Mapping[int, int | None], *, actor: Actor | None, now: datetime) -> int:
    """By participant: the venue where they sit, None for the main hall. How many moved; unknown ids are passed over."""
    take_turn()
    names: dict[int | None, str] = {row.id: row.name for row in venues_of(one.id)} | {None: ""}
    query = sa.select(Participant).where(Participant.class_id == one.id, Participant.id.in_(list(seats)))
    moved: dict[str, str] = {}
    for row in db.session.scalars(query.execution_options(populate_existing=True)):
        venue_id = seats[row.id]
        if venue_id in names and row.venue_id != venue_id:
            row.venue_id = venue_id
            moved[row_code(row.number)] = names[venue_id]
    if moved:
        record(TrainingEvent.PARTICIPANT_SEAT, one, actor=actor, now=now, venues=moved)
    return len(moved)


def put_team(one: TrainingClass, trainer_ids: Collection[int], now: datetime) -> bool:
    """These trainers run the class from now on; whether that changed anything. Others' ids are passed over."""
    rows = db.session.scalars(sa.select(ClassTrainer).where(ClassTrainer.class_id == one.id)).all()
    known = {row.person_id: row for row in rows}
    wanted = set(trainer_ids) & ({row.id for row in trainers_to_choose()} | known.keys()) if trainer_ids else set()
    changed = wanted != {row.person_id for row in rows if row.active}
    for person_id in wanted - known.keys():
        db.session.add(ClassTrainer(class_id=one.id, person_id=person_id, active=True, created_at=now))
    for row in rows:
        row.active = row.person_id in wanted
    db.session.flush()
    return changed


def _require_nobody_at(venue: ClassVenue) -> None:
    people = sa.select(sa.func.count(Participant.id)).where(Participant.venue_id == venue.id, Participant.active)
    if count := db.session.scalar(people):
        raise BadInput(
            N_("%(count)s people on the roster sit at “%(name)s”. Move them first."),
            field="venues",
            count=count,
            name=venue.name,
        )
