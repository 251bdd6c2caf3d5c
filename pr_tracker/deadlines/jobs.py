"""In the background: whoever waits for a reminder is told, one row after another; no row keeps another waiting."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_desks import Desks, desks
from pr_tracker.deadlines.rules_faces import ONE_HOUR, DueTime
from pr_tracker.deadlines.rules_ladder import Reminder, Rung
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day

BATCH = 100
POSTPONED = ONE_HOUR  # a row that cannot be reminded of is tried again then
KINDS = {
    Rung.BEFORE: NoticeKind.BEFORE,
    Rung.LAST_DAY: NoticeKind.LAST_DAY,
    Rung.LATE_1: NoticeKind.LATE_1,
    Rung.LATE_2: NoticeKind.LATE_2,
    Rung.LATE_3: NoticeKind.LATE_3,
}
log = logging.getLogger(__name__)


class Reminded(Protocol):
    """A row that people are reminded of; `next_reminder_at` is None when there is nothing more to say."""

    id: Any
    next_reminder_at: Any
    __tablename__: str


def remind_each(taken: Callable[[datetime], Sequence[Any]], tell: Callable[[Any, Desks], int], *, now: datetime) -> int:
    """Tell of every row that `taken` locks, at most BATCH at a time; returns how many notices are new.

    Any number may run at once: a row is taken by one of them, told and planned on in the same transaction. What failed
    is raised at the end, when everything else is done.
    """
    told, faults, found = 0, list[Exception](), BATCH
    while found == BATCH:
        rows = taken(now)
        found, at = len(rows), desks() if rows else Desks({})
        for row in rows:
            told += _attempt(row, at, tell, now, faults)
        db.session.commit()
    if faults:
        raise faults[0]
    return told


def _attempt(
    row: Reminded, at: Desks, tell: Callable[[Any, Desks], int], now: datetime, faults: list[Exception]
) -> int:
    try:
        with db.session.begin_nested():
            return tell(row, at)
    except Exception as fault:  # one row must not keep all others from being told
        log.exception("No reminder could be told of %s %s", row.__tablename__, row.id)
        faults.append(fault)
        row.next_reminder_at = now + POSTPONED
        return 0


def left_at(due: DueTime, reminder: Reminder, now: datetime, *, by_hours: bool) -> tuple[NoticeKind, dict[str, Any]]:
    """The kind of notice, and how much is left or past at this moment: a late sender says what is true now."""
    if by_hours:
        span = now - due.ends_at if reminder.level else due.ends_at - now
        return KINDS[reminder.rung], {"hours": round(span / ONE_HOUR)}
    calendar, today = working_calendar(), office_day(now)
    if reminder.level:
        return KINDS[reminder.rung], {"days": calendar.working_days_after(due.day, today)}
    left = calendar.working_days_after(today, due.day)
    return KINDS[reminder.rung if left else Rung.LAST_DAY], {"days": left}


def once_key(thing: str, due: DueTime, reminder: Reminder) -> str:
    """What is told once: this rung of this due time of a thing. A due time that moves is told of anew."""
    when = due.due_on or due.due_at or due.ends_at
    return f"{thing}:{when.isoformat()}:{reminder.rung}:{reminder.amount}"
