"""Places and the waiting list: it moves up by itself whenever a place frees."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, record_each, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.trainings.actions.telling import tell_moved_up
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import ClassQuota, Participant
from pr_tracker.trainings.queries.invitations import is_over, places_of, quotas_of, waiting_of
from pr_tracker.trainings.rules_invitations import MOST_SEATS, InvitationEvent, who_moves_up
from pr_tracker.trainings.rules_roll import row_code

Event = InvitationEvent


def move_up(one: TrainingClass, *, now: datetime) -> list[Participant]:
    """Give the free places to those who wait longest, and tell them; nobody moves once the class is over."""
    take_turn()
    db.session.flush()
    waiting = waiting_of(one.id)
    if not waiting or is_over(one, now):
        return []
    ids = who_moves_up(waiting, places_of(one))
    if not ids:
        return []
    db.session.execute(
        sa.update(Participant)
        .where(Participant.id.in_(ids))
        .values(waiting_at=None, version=Participant.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    moved = list(db.session.scalars(sa.select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)))
    told = [(row.__tablename__, row.id, {"code": row_code(row.number), "name": row.full_name}) for row in moved]
    record_each(Event.MOVE_UP, told, actor=None, now=now)
    tell_moved_up(one, moved, now=now)
    return moved


def has_place_for(participant: Participant) -> bool:
    """Whether a place is free for this person, by the class's capacity and the agency's quota."""
    return places_of(participant.training_class).free_of(participant.agency_id) != 0


def set_quotas(one: TrainingClass, seats: Mapping[int, int], *, actor: Actor | None, now: datetime) -> int:
    """How many people each agency may name; returns how many quotas changed, and lets the waiting list move up.

    An agency that had a quota and is not named keeps it; 0 closes it. Raises BadInput for a number that makes no sense.
    """
    take_turn()
    before = quotas_of(one.id)
    changed = {agency: number for agency, number in seats.items() if before.get(agency, 0) != number}
    if any(not 0 <= number <= MOST_SEATS for number in changed.values()):
        raise BadInput(N_("A quota is a number from 0 to %(most)s."), most=MOST_SEATS)
    rows = {
        row.agency_id: row for row in db.session.scalars(sa.select(ClassQuota).where(ClassQuota.class_id == one.id))
    }
    for agency_id, number in changed.items():
        row = rows.get(agency_id) or ClassQuota(class_id=one.id, agency_id=agency_id)
        row.seats = number
        db.session.add(row)
    if changed:
        told = {str(agency): number for agency, number in changed.items()}
        record(Event.QUOTAS, one, actor=actor, now=now, seats=told)
        move_up(one, now=now)
    return len(changed)


def give_place(participant: Participant, *, actor: Actor | None, now: datetime) -> None:
    """A trainer takes somebody off the waiting list before their turn. Raises StepNotAllowed in a full class."""
    take_turn()
    db.session.refresh(participant)
    if not participant.active or participant.waiting_at is None:
        return
    if places_of(participant.training_class).free == 0:
        raise StepNotAllowed(N_("The class is full. Raise its capacity first, the list then moves up by itself."))
    participant.waiting_at = None
    participant.version += 1
    code = row_code(participant.number)
    record(Event.SEAT, participant, actor=actor, now=now, code=code, name=participant.full_name)
    tell_moved_up(participant.training_class, [participant], now=now)
