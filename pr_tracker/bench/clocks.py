"""The deadlines of many cases: each by the real rules, counted once for all that came on the same day."""

import json
from typing import NamedTuple

from pr_tracker.bench.moments import DAY, OFFICE_OFFSET, clock_of, in_json, instant_of, minute_of, office_day_of, stored
from pr_tracker.deadlines.rules import Deadline, RuleBook, TermSettings, compute
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries.rules_kinds import CLOCK_KEYS, INTERNAL_KEYS, Kind

NOON = "12:00"
TRIGGER, END = "T{trigger}", "T{end}"  # where the hour goes; a clock of hours ends a minute after it is due


class Clock(NamedTuple):
    """A deadline as a case keeps it."""

    key: str
    version: str
    whole: str  # JSON
    due_on: str | None
    due_at: str | None
    ends_at: int
    said: str  # of history: "due_on":"…" or "due_at":"…"


Kept = tuple[Clock, int, int]  # of a trigger at noon, that noon, and the minute at which it is due then


class Clocks:
    """Deadlines by kind, term and day of the trigger; only the hour is put in anew."""

    def __init__(self, calendar: WorkingCalendar, book: RuleBook, province: TermSettings) -> None:
        self.calendar, self.book, self.province = calendar, book, province
        self._kept: dict[tuple[str, TermSettings, int], Kept] = {}

    def deadline(self, kind: Kind, at: int, settings: TermSettings) -> Deadline:
        """The deadline of one trigger, by the rules themselves."""
        return compute(CLOCK_KEYS[kind], instant_of(at), calendar=self.calendar, settings=settings, book=self.book)

    def clock(self, kind: Kind, at: int, settings: TermSettings) -> Clock:
        """The same for a trigger between 01:00 and 22:00 office time, as it is stored."""
        day, key = office_day_of(at), CLOCK_KEYS[kind]
        settings = settings if key in INTERNAL_KEYS else self.province  # an agency has no terms but its own
        kept = self._kept.get((key, settings, day))
        if kept is None:
            if len(self._kept) > 5_000:
                self._kept.clear()
            noon = day * DAY - OFFICE_OFFSET + 12 * 60
            kept = self._kept[key, settings, day] = self._at_noon(kind, noon, settings)
        clock, noon, due_at = kept
        whole = clock.whole.replace(TRIGGER, f"T{clock_of(at)}:00").replace(END, f"T{clock_of(at + 1)}:00")
        if clock.due_on is not None:
            return Clock(clock.key, clock.version, whole, clock.due_on, None, clock.ends_at, clock.said)
        moved = at - noon
        due_at += moved
        said = f'"due_at":"{in_json(due_at)}"'
        return Clock(clock.key, clock.version, whole, None, stored(due_at), clock.ends_at + moved, said)

    def _at_noon(self, kind: Kind, noon: int, settings: TermSettings) -> Kept:
        deadline = self.deadline(kind, noon, settings)
        clock = stored_clock(deadline)
        whole = clock.whole.replace(f"T{NOON}:00", TRIGGER).replace("T12:01:00", END)
        return clock._replace(whole=whole), noon, minute_of(deadline.due_at) if deadline.due_at else 0


def stored_clock(deadline: Deadline) -> Clock:
    """A deadline that stands alone, with its stops and extensions, as it is stored."""
    assert deadline.ends_at is not None
    whole = json.dumps(deadline.to_json(), ensure_ascii=False)
    ends_at = minute_of(deadline.ends_at)
    due_on = deadline.due_on.isoformat() if deadline.due_on else None
    due_at = minute_of(deadline.due_at) if deadline.due_at else 0
    said = f'"due_on":"{due_on}"' if due_on else f'"due_at":"{in_json(due_at)}"'
    return Clock(deadline.key.value, deadline.version, whole, due_on, stored(due_at) if due_at else None, ends_at, said)
