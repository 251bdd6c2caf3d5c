"""The clocks of duties when the calendar or a rule changes: stored anew, told in the audit log and in notices."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_rerun import Guard, Move, OpenClock
from pr_tracker.duties import queries
from pr_tracker.duties.actions import set_clock
from pr_tracker.duties.actions_telling import tell_of
from pr_tracker.duties.labels import title_of_duty
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyEvent
from pr_tracker.notices.rules import NoticeKind

TABLE = Duty.__tablename__


class DutyClocks:
    """Holds the clocks of duties that are owed; see deadlines.rules_rerun.ClockHolder."""

    def open_clocks(self) -> Iterator[OpenClock]:
        """Every duty that is owed; done and cancelled ones stay as they are."""
        for duty in db.session.scalars(queries.owed().options(*queries.NAMES)):
            yield OpenClock(
                kind=TABLE,
                id=duty.id,
                code=title_of_duty(duty),
                agency=duty.agency.name,
                agency_id=duty.agency_id,
                deadline=Deadline.from_json(duty.clock),
                guard=(TABLE, duty.id),
            )

    def lock(self) -> set[Guard]:
        """Lock the duties that are owed, in the order of ids."""
        query = sa.select(Duty.id).where(queries.IS_OPEN).order_by(Duty.id).with_for_update(key_share=True)
        return {(TABLE, duty_id) for duty_id in db.session.scalars(query)}

    def move(self, moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
        """Store the new deadlines; where the due time differs, the audit log and notices say so and why."""
        own = {move.clock.id: move for move in moves if move.clock.kind == TABLE}
        for duty in db.session.scalars(queries.owed().where(Duty.id.in_(own)).options(*queries.NAMES)):
            _move(duty, own[duty.id], why=why, actor=actor, now=now)

    def plan_anew(self, now: datetime) -> None:
        """Every reminder still to come is planned again by the sender, who wakes for it now."""
        waiting = sa.update(Duty).where(queries.IS_OPEN, Duty.next_reminder_at > now).values(next_reminder_at=now)
        db.session.execute(waiting.execution_options(synchronize_session=False))


def _move(duty: Duty, move: Move, *, why: str, actor: Actor | None, now: datetime) -> None:
    set_clock(duty, move.new, now)
    if not move.moves:
        return
    old, new = _iso(move.clock.deadline), _iso(move.new)
    record(
        DutyEvent.MOVE,
        duty,
        actor=actor,
        now=now,
        kind=duty.kind.value,
        period=duty.period,
        old=old,
        new=new,
        reason=why,
    )
    facts: dict[str, Any] = {"old_on" if "T" not in old else "old_at": old, "note": why}
    tell_of(duty, NoticeKind.MOVED, key=f"moved:{now.isoformat()}", actor=actor, now=now, **facts)


def _iso(deadline: Deadline) -> str:
    when = deadline.due_on or deadline.due_at
    assert when is not None
    return when.isoformat()
