"""Record who arrives: by oneself with the code on the projector, by a trainer at the door, without being invited."""

from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.office_time import write_moment
from pr_tracker.trainings.actions.roster import enrol, restore_participant
from pr_tracker.trainings.labels import MARKS
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.arrival import hours_of
from pr_tracker.trainings.rules import TrainingEvent
from pr_tracker.trainings.rules_arrival import (
    USUAL_TIMES,
    Arrival,
    CheckInRefused,
    Refusal,
    Times,
    mark_on_arrival,
    require_counting,
    require_open,
)
from pr_tracker.trainings.rules_invitations import InvitationEvent, Reply
from pr_tracker.trainings.rules_roll import ATTENDED, Source, row_code
from pr_tracker.trainings.rules_roster import Entry

Event = TrainingEvent


def check_in(
    session: ClassSession,
    participant: Participant,
    source: Source,
    *,
    actor: Actor | None,
    now: datetime,
    times: Times = USUAL_TIMES,
    over: int = 0,
) -> Arrival:
    """Record that somebody of the class is there; a second time changes nothing and gives what stands.

    A trainer's mark that says otherwise stays, unless a trainer names its version in `over`. Raises CheckInRefused.
    """
    take_turn()
    db.session.refresh(session)
    db.session.refresh(participant)
    _require_may(session, participant, source, now, times)
    row = _row_of(session.id, participant.id)
    if row is not None and row.mark in ATTENDED:
        return Arrival(row.mark, row.arrived_at or row.marked_at, is_new=False)
    if row is not None and (source is Source.SELF or row.version != over):
        raise _marked_otherwise(row, participant)
    if row is None:
        row = AttendanceMark(session_id=session.id, participant_id=participant.id, version=0)
    row.mark = mark_on_arrival(session.starts_at, now, times.grace)
    row.source, row.arrived_at, row.marked_at = source, now, now
    row.marked_by_id = actor.id if actor else None
    row.version += 1
    db.session.add(row)
    code, mark = row_code(participant.number), row.mark
    record(Event.ARRIVAL, session, actor=actor, now=now, code=code, name=participant.full_name, mark=mark, by=source)
    return Arrival(mark, now, is_new=True)


def admit(participant: Participant, *, actor: Actor, now: datetime) -> None:
    """Give a place, full or not, to somebody who waits or was taken off the roster: there they stand, as a walk-in."""
    take_turn()
    db.session.refresh(participant)
    if not participant.active:
        restore_participant(participant, actor=actor, now=now)
    if participant.waiting_at is not None:
        participant.waiting_at = None
        participant.version += 1
        code = row_code(participant.number)
        record(InvitationEvent.SEAT, participant, actor=actor, now=now, code=code, name=participant.full_name)


def walk_in(
    session: ClassSession, entry: Entry, *, actor: Actor, now: datetime, times: Times = USUAL_TIMES
) -> tuple[Participant, Arrival]:
    """Put somebody who came uninvited on the roster, and record that they are there. Raises CheckInRefused."""
    take_turn()
    db.session.refresh(session)
    require_counting(hours_of(session))
    (one,) = enrol(session.training_class, [entry], actor=actor, now=now, walk_in=True)
    return one, check_in(session, one, Source.WALK_IN, actor=actor, now=now, times=times)


def _require_may(session: ClassSession, participant: Participant, source: Source, now: datetime, times: Times) -> None:
    if source is Source.SELF:
        require_open(hours_of(session), now, times.opens_before)
    else:
        require_counting(hours_of(session))
    if participant.class_id != session.class_id:
        raise CheckInRefused(Refusal.UNKNOWN, typed=participant.full_name)
    if not participant.active:
        raise CheckInRefused(Refusal.OFF_ROSTER, name=participant.full_name)
    if participant.reply is Reply.SUBSTITUTED:
        raise CheckInRefused(Refusal.SUBSTITUTED, name=participant.full_name)
    if participant.waiting_at is not None:
        raise CheckInRefused(Refusal.WAITING, name=participant.full_name)


def _row_of(session_id: int, participant_id: int) -> AttendanceMark | None:
    query = sa.select(AttendanceMark).where(
        AttendanceMark.session_id == session_id, AttendanceMark.participant_id == participant_id
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def _marked_otherwise(row: AttendanceMark, participant: Participant) -> CheckInRefused:
    mark = str(MARKS[row.mark]).lower()
    refused = CheckInRefused(Refusal.MARKED, name=participant.full_name, mark=mark, at=write_moment(row.marked_at))
    refused.version = row.version
    return refused
