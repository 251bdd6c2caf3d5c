"""The week of the list of late units, and what stands on the list.

Some provinces report weekly: before 15:00 each Thursday, with the units that are late (domain.md §8). The day and hour
are a setting; the week runs from one such moment to the next.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pr_tracker.inquiries.rules_parts import Delay, Lateness
from pr_tracker.office_time import in_office, office_instant

WEEK = timedelta(days=7)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Habit:
    """The day of the week (0 is Monday) and the time of day at which the week of the list ends."""

    day: int
    at: time


def read_habit(text: str) -> Habit:
    """“thu 15:00”, as the setting PR_TRACKER_LATE_LIST has been checked. Raises ValueError for anything else."""
    day, _, at = text.partition(" ")
    hour, _, minute = at.partition(":")
    return Habit(DAYS.index(day), time(int(hour), int(minute)))


@dataclass(frozen=True)
class Week:
    """From one moment of the habit, included, to the next, excluded."""

    since_at: datetime
    until_at: datetime

    @property
    def day(self) -> date:
        """The office day on which it ends: its name in addresses."""
        return in_office(self.until_at).date()

    def step(self, count: int, habit: Habit) -> "Week":
        """So many weeks on, or back."""
        return week_ending(self.day + count * WEEK, habit)


def week_ending(day: date, habit: Habit) -> Week:
    """The week that ends on this day, or on the first day of the habit after it."""
    end = day + timedelta(days=(habit.day - day.weekday()) % 7)
    return Week(office_instant(end - WEEK, habit.at), office_instant(end, habit.at))


def week_of(now: datetime, habit: Habit) -> Week:
    """The week that runs at a moment."""
    found = week_ending(in_office(now).date(), habit)
    return found if now < found.until_at else found.step(1, habit)


class LateKind(StrEnum):
    """Why something stands on the list."""

    OVERDUE = "overdue"  # not finished at the end of the week, and the term has ended
    LATE = "late"  # finished within the week, after the term
    PART = "part"  # a coordinating agency's part still missing at the end of the week


@dataclass(frozen=True)
class LateItem:
    """One inquiry, or one part of it, that is late by a unit's doing."""

    inquiry_id: int
    code: str
    subject: str
    outlet: str
    lead: str
    kind: LateKind
    due: date | datetime  # a day, or a moment where the term counts hours
    delay: Delay
    lateness: Lateness | None = None  # of an inquiry: also whose part made it late


@dataclass(frozen=True)
class LateUnit:
    """A unit with what is late by its doing, the longest delay first; without an id: nobody leads it yet."""

    agency_id: int | None
    name: str
    items: tuple[LateItem, ...]

    def count(self, kind: LateKind) -> int:
        """How much of a kind."""
        return sum(item.kind is kind for item in self.items)


@dataclass(frozen=True)
class LateList:
    """The units that are late in a week, as it stood at its end, or now while it runs."""

    week: Week
    as_of: datetime
    agency: str  # "" for the whole province
    units: tuple[LateUnit, ...]

    def count(self, kind: LateKind) -> int:
        """How much of a kind, of all units."""
        return sum(unit.count(kind) for unit in self.units)

    @property
    def total(self) -> int:
        """All items."""
        return sum(len(unit.items) for unit in self.units)
