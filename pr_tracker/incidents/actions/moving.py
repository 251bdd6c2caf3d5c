"""The clocks of incidents when a rule changes: stored anew, told in the chronology, the audit log and in notices."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import Actor
from pr_tracker.db import db
from pr_tracker.deadlines.queries_desks import desks
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_rerun import Guard, Move, OpenClock
from pr_tracker.incidents.actions.beats import set_clock, tell
from pr_tracker.incidents.actions.telling import Scene, due_facts, put
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.notices.rules import NoticeKind

TABLE = Incident.__tablename__
RUNS = sa.and_(Incident.closed_at.is_(None), Incident.informed_at.is_(None), Incident.ends_at.is_not(None))


def running() -> sa.Select[Any]:
    """Every incident whose initial information is owed, in the order of ids."""
    return sa.select(Incident).where(RUNS).options(sa.orm.joinedload(Incident.agency)).order_by(Incident.id)


class IncidentClocks:
    """Holds the clocks of incidents that run; see deadlines.rules_rerun.ClockHolder."""

    def open_clocks(self) -> Iterator[OpenClock]:
        """Every clock whose information is still owed."""
        for incident in db.session.scalars(running()):
            assert incident.clock is not None
            yield OpenClock(
                kind=TABLE,
                id=incident.id,
                code=incident.code,
                agency=incident.agency.name,
                agency_id=incident.agency_id,
                deadline=Deadline.from_json(incident.clock),
                guard=(TABLE, incident.id),
            )

    def lock(self) -> set[Guard]:
        """Lock the incidents that run, in the order of ids."""
        query = sa.select(Incident.id).where(RUNS).order_by(Incident.id).with_for_update(key_share=True)
        return {(TABLE, incident_id) for incident_id in db.session.scalars(query)}

    def move(self, moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
        """Store the new deadlines; where the due time differs, chronology, audit log and notices say so and why."""
        own = {move.clock.id: move for move in moves if move.clock.kind == TABLE}
        for incident in db.session.scalars(running().where(Incident.id.in_(own))):
            _move(incident, own[incident.id], why=why, actor=actor, now=now)

    def plan_anew(self, now: datetime) -> None:
        """Every reminder still to come is planned again by the sender, who wakes for it now."""
        waiting = sa.update(Incident).where(RUNS, Incident.next_reminder_at > now).values(next_reminder_at=now)
        db.session.execute(waiting.execution_options(synchronize_session=False))


def _move(incident: Incident, move: Move, *, why: str, actor: Actor | None, now: datetime) -> None:
    set_clock(incident, move.new, now=now)
    if not move.moves:
        return
    old, new = _iso(move.clock.deadline), _iso(move.new)
    by = db.session.get(Person, actor.id) if actor else None
    tell(incident, IncidentEvent.DEADLINE_MOVE, actor=by, now=now, old=old, new=new, reason=why)
    scene = Scene(incident, {}, now, desks())
    people = (scene.on_call | scene.lead.chiefs) - {actor.id if actor else 0}
    facts = due_facts(incident) | {"old_at": old, "note": why, "actor": actor.full_name if actor else ""}
    put(incident, people, NoticeKind.MOVED, key=f"incident:{incident.id}:moved:{now.isoformat()}", now=now, **facts)


def _iso(deadline: Deadline) -> str:
    when = deadline.due_at or deadline.due_on
    assert when is not None
    return when.isoformat()
