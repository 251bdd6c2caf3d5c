"""Change the working calendar: looked at first, then saved together with every open clock that it moves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from pr_tracker.audit.actions import Actor, record_each
from pr_tracker.db import db
from pr_tracker.deadlines import actions_rerun, queries
from pr_tracker.deadlines.actions_rerun import Holders
from pr_tracker.deadlines.models import CalendarEntry
from pr_tracker.deadlines.rules import Deadline, recount
from pr_tracker.deadlines.rules_calendar import DayEntry, WorkingCalendar
from pr_tracker.deadlines.rules_rerun import Move, OpenClock, Recount, changed, due_moves
from pr_tracker.deadlines.rules_year import CalendarEvent, Change, Wish
from pr_tracker.office_time import office_day

Words = Callable[[Change, Sequence[date]], str]  # says why a deadline moved: the change, and the days that matter


def look_at(wish: Wish, *, holders: Holders) -> tuple[Change, list[Move]]:
    """What the change would be, and which open clocks it would move. Raises BadInput."""
    standing = queries.standing()
    change = wish(standing)
    after = change.applied_to(standing).calendar
    return change, actions_rerun.preview(holders, _recount_by(after))


def change_calendar(
    wish: Wish,
    *,
    holders: Holders,
    seen: str,
    words: Words,
    actor: Actor | None,
    now: datetime,
    reason: str | None = None,
) -> tuple[Change, list[Move]]:
    """Save the change and move every open clock; `seen` is the digest of the moves that were shown.

    `reason` says why an entry is withdrawn. Raises BadInput, or ChangedMeanwhile when the list is no longer the same.
    """
    clocks = actions_rerun.hold(holders)
    standing = queries.standing()
    change = wish(standing)
    moves = changed(clocks, _recount_by(change.applied_to(standing).calendar))
    actions_rerun.require_seen(moves, seen)
    _store(change, reason=reason, actor=actor, now=now)
    for days, group in _by_days(moves, change).items():
        actions_rerun.carry_out(holders, group, why=words(change, days), actor=actor, now=now)
    actions_rerun.plan_anew(holders, now)
    return change, due_moves(moves)


def _recount_by(calendar: WorkingCalendar) -> Recount:
    def by_calendar(clock: OpenClock) -> Deadline:
        return recount(clock.deadline, calendar=calendar)

    return by_calendar


def _by_days(moves: Sequence[Move], change: Change) -> Mapping[tuple[date, ...], list[Move]]:
    """The moves by the changed days that lie in their way, so that each is told its own reason."""
    groups: dict[tuple[date, ...], list[Move]] = {}
    for move in moves:
        old, new = move.clock.deadline, move.new
        last = max(day for day in (old.due_on, new.due_on, date.min) if day)
        days = tuple(day for day in change.days if office_day(old.trigger_at) < day <= last) or change.days
        groups.setdefault(days if move.moves else (), []).append(move)
    return groups


def _store(change: Change, *, reason: str | None, actor: Actor | None, now: datetime) -> None:
    """Withdraw what no longer stands, then add the new entries: one entry of the audit log for each."""
    former = queries.current_entries(change.days)
    for day, entry in former.items():
        entry.withdrawn_at, entry.withdrawn_by_id = now, actor.id if actor else None
        entry.withdrawn_why = reason if day in change.withdrawn else None
    db.session.flush()
    by = actor.id if actor else None
    added = [CalendarEntry(day=day, changed_at=now, changed_by_id=by, **_columns(e)) for day, e in change.put.items()]
    db.session.add_all(added)
    db.session.flush()
    gone = [(CalendarEntry.__tablename__, former[day].id, _said(day, former[day])) for day in sorted(change.withdrawn)]
    new = [(CalendarEntry.__tablename__, entry.id, _said(entry.day, entry)) for entry in added]
    why = {"reason": reason} if reason else {}
    record_each(CalendarEvent.WITHDRAW, [(kind, at, {**data, **why}) for kind, at, data in gone], actor=actor, now=now)
    record_each(CalendarEvent.ENTER, new, actor=actor, now=now)


def _columns(entry: DayEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "decision": entry.decision,
        "confirmed": entry.confirmed,
        "swapped_with": entry.swapped_with,
    }


def _said(day: date, entry: CalendarEntry) -> dict[str, object]:
    other = {"swapped_with": entry.swapped_with.isoformat()} if entry.swapped_with else {}
    return {
        "day": day.isoformat(),
        "kind": entry.kind,
        "name": entry.name,
        "decision": entry.decision,
        "confirmed": entry.confirmed,
        **other,
    }
