"""The clocks of inquiries when the calendar or a rule changes: stored anew, told in history, audit log and notices."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record_each
from pr_tracker.db import db
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_ladder import planned_from
from pr_tracker.deadlines.rules_rerun import Guard, Move, OpenClock
from pr_tracker.inquiries.actions.telling import tell_of_moves
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, InquiryPause, Participation
from pr_tracker.inquiries.queries import clocks
from pr_tracker.inquiries.queries.reminding import rungs_of
from pr_tracker.inquiries.rules_events import InquiryEvent


class InquiryClocks:
    """Holds the clocks of open inquiries and of coordination parts; see deadlines.rules_rerun.ClockHolder."""

    def open_clocks(self) -> Iterator[OpenClock]:
        """Every clock that runs, read in batches."""
        return clocks.open_clocks()

    def lock(self) -> set[Guard]:
        """Lock the open inquiries by id; a part is guarded by its inquiry."""
        return {(clocks.INQUIRY, inquiry_id) for inquiry_id in clocks.lock_open()}

    def move(self, moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
        """Store the new deadlines; where the due time differs, history and audit log say so and why."""
        for model in (Inquiry, Participation):
            own = [move for move in moves if move.clock.kind == model.__tablename__]
            if own:
                _store(model, own, now)
                _end_stops(own, now)
                _tell([move for move in own if move.moves], why=why, actor=actor, now=now)

    def plan_anew(self, now: datetime) -> None:
        """Every reminder still to come is planned again by the sender, who wakes for it now."""
        open_ids = sa.select(Inquiry.id).where(clocks.IS_OPEN)
        for model, is_open in ((Inquiry, clocks.IS_OPEN), (Participation, Participation.inquiry_id.in_(open_ids))):
            waiting = sa.update(model).where(is_open, model.next_reminder_at > now)
            db.session.execute(waiting.values(next_reminder_at=now).execution_options(synchronize_session=False))


def _store(model: type[Inquiry | Participation], moves: Sequence[Move], now: datetime) -> None:
    """The new deadlines and when to remind of them, in one statement; the version stays: nobody's work is disturbed."""
    table: Any = model.__table__
    rows = [_columns(model, move.new, now) for move in moves]
    statement = sa.update(table).where(table.c.id == sa.bindparam("row_id"))
    statement = statement.values({name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in rows[0]})
    db.session.connection().execute(
        statement,
        [
            {"row_id": move.clock.id, **{f"new_{name}": value for name, value in row.items()}}
            for move, row in zip(moves, rows, strict=True)
        ],
    )


def _columns(model: type[Inquiry | Participation], new: Deadline, now: datetime) -> dict[str, Any]:
    columns = {
        "clock": new.to_json(),
        "due_on": new.due_on,
        "due_at": new.due_at,
        "ends_at": new.ends_at,
        "next_reminder_at": planned_from(rungs_of(new), now),
    }
    if model is Participation:
        return columns
    stood = {"stopped_days": new.stopped_days, "extended_days": new.extended_days}
    return columns | stood | {"clock_version": new.version}


def _end_stops(moves: Sequence[Move], now: datetime) -> None:
    """A clock that now counts hours cannot stand still: whatever stop it had ends."""
    ended = [move.clock.guard[1] for move in moves if move.clock.deadline.stops and not move.new.stops]
    if not ended:
        return
    at = sa.case((InquiryPause.planned_until < now, InquiryPause.planned_until), else_=now)
    pauses = sa.update(InquiryPause).where(InquiryPause.inquiry_id.in_(ended), InquiryPause.ended_at.is_(None))
    inquiries = sa.update(Inquiry).where(Inquiry.id.in_(ended)).values(paused_at=None, paused_until=None)
    for statement in (pauses.values(ended_at=at), inquiries):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _tell(moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
    if not moves:
        return
    event = InquiryEvent.DEADLINE_MOVE
    said = [(move.clock.guard[1], _data(move, why)) for move in moves]
    versions = clocks.versions_of({inquiry_id for inquiry_id, _ in said})
    common = {"at": now, "actor_id": actor.id if actor else None, "event": event}
    lines = [{**common, "inquiry_id": at, "version": versions[at], "data": data} for at, data in said]
    db.session.execute(sa.insert(HistoryEntry), lines)
    record_each(event, [(clocks.INQUIRY, at, data) for at, data in said], actor=actor, now=now)
    tell_of_moves(moves, why=why, actor=actor, now=now)


def _data(move: Move, why: str) -> dict[str, str]:
    return {
        "agency": move.clock.agency,
        "old": _iso(move.clock.deadline),
        "new": _iso(move.new),
        "note": why,
    }


def _iso(deadline: Deadline) -> str:
    when = deadline.due_on or deadline.due_at
    return when.isoformat() if when else ""
