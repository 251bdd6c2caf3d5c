"""Monthly and quarterly figures, unit by unit: what is counted, and how the parts make up the whole."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.reports.rules import Period

ONE_DAY = timedelta(days=1)


class Every(StrEnum):
    """How long a report looks at."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """Its months."""
        return 1 if self is Every.MONTH else 3


@dataclass(frozen=True)
class Stretch:
    """A month or a quarter of a year, by its number: 2026-11, 2026-Q4."""

    every: Every
    year: int
    number: int

    @property
    def key(self) -> str:
        """As addresses and commands write it."""
        return f"{self.year}-{self.number:02d}" if self.every is Every.MONTH else f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * self.every.months + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.step(1).first - ONE_DAY

    def step(self, count: int) -> "Stretch":
        """So many stretches on, or back."""
        in_year = 12 // self.every.months
        place = self.year * in_year + self.number - 1 + count
        return Stretch(self.every, place // in_year, place % in_year + 1)

    def until(self, today: date) -> Period:
        """Its days; while it runs, those up to today."""
        return Period(self.first, max(min(self.last, today), self.first))

    def compared_with(self, today: date) -> Period:
        """The days of the stretch before; while this one runs, as many of its first days as have passed of this."""
        before = self.step(-1)
        if today >= self.last:
            return Period(before.first, before.last)
        passed = self.until(today)
        return Period(before.first, min(before.last, before.first + (passed.until - passed.since)))


def stretch_of(every: Every, day: date) -> Stretch:
    """The month or quarter of a day."""
    return Stretch(every, day.year, (day.month - 1) // every.months + 1)


def read_stretch(typed: str, every: Every) -> Stretch | None:
    """2026-11, 11/2026, 2026-Q4, Q4/2026, IV/2026; None for anything else."""
    text = typed.strip().upper().replace("QUÝ", "").replace("THÁNG", "").strip()
    parts = text.replace("/", "-").split("-")
    if len(parts) != 2:
        return None
    year, number = parts if len(parts[0]) == 4 else reversed(parts)
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4"}
    if every is Every.QUARTER:
        number = roman.get(number, number.removeprefix("Q"))
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, number)):
        return None
    found = Stretch(every, int(year), int(number))
    return found if 1990 < found.year < 2100 and 1 <= found.number <= 12 // every.months else None


class Measure(StrEnum):
    """What is counted of each unit; the code stands in addresses and the order is that of the table."""

    CARRIED = "carried"
    RECEIVED = "received"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    REFUSED = "refused"
    SECRET = "secret"  # noqa: S105 - a ground, not a password
    INVESTIGATION = "investigation"
    UNCONCLUDED = "unconcluded"
    DRAFT_POLICY = "draft_policy"
    GIVEN_UP = "given_up"  # withdrawn by the press, in time or not
    OPEN = "open"
    PAUSED = "paused"
    STOPPED = "stopped"
    EXTENDED = "extended"
    FORWARDED = "forwarded"
    CORRECTIONS = "corrections"
    CONFERENCES = "conferences"
    RELEASES = "releases"
    CLASSES = "classes"
    TURNS = "turns"


# Each of these divides the inquiries received: its parts sum up to Measure.RECEIVED.
BY_TIMING = {
    Measure.ON_TIME: Timing.ON_TIME,
    Measure.LATE: Timing.LATE,
    Measure.RUNNING: Timing.RUNNING,
    Measure.OVERDUE: Timing.OVERDUE,
    Measure.WITHDRAWN: Timing.WITHDRAWN,
}
BY_RESULT = {
    Measure.ANSWERED: Result.ANSWERED,
    Measure.REFUSED: Result.REFUSED,
    Measure.GIVEN_UP: Result.WITHDRAWN,
    Measure.OPEN: Result.OPEN,
}
# These divide Measure.REFUSED.
BY_GROUND = {
    Measure.SECRET: RefusalGround.SECRET,
    Measure.INVESTIGATION: RefusalGround.INVESTIGATION,
    Measure.UNCONCLUDED: RefusalGround.UNCONCLUDED,
    Measure.DRAFT_POLICY: RefusalGround.DRAFT_POLICY,
}
# What is no inquiry: counted by the day it was sent, held, published or began.
AROUND = (Measure.CORRECTIONS, Measure.CONFERENCES, Measure.RELEASES, Measure.CLASSES, Measure.TURNS)
# Deadlines that have had to be met: what a rate counts (rules_timing.DUE).
DUE_MEASURES = (Measure.ON_TIME, Measure.LATE, Measure.OVERDUE)


Counts = Counter[Measure]


# Sums that are kept under the very name of their measure (inquiries.queries.summaries.SUMS).
_AS_KEPT = (
    *(Measure.ON_TIME, Measure.LATE, Measure.RUNNING, Measure.OVERDUE, Measure.ANSWERED, Measure.REFUSED),
    *(*BY_GROUND, Measure.PAUSED, Measure.STOPPED, Measure.EXTENDED, Measure.FORWARDED),
)
SUMS_ASKED = ("cases", *(measure.value for measure in _AS_KEPT), "stopped_days", "extended_days")


def counts_of(sums: Mapping[Any, Any]) -> Counts:
    """The measures of these sums; what no sum names is the rest of its division: it was withdrawn."""
    counts = Counter({measure: sums[measure.value] for measure in _AS_KEPT})
    counts[Measure.RECEIVED] = sums["cases"]
    counts[Measure.OPEN] = counts[Measure.RUNNING] + counts[Measure.OVERDUE]
    counts[Measure.WITHDRAWN] = sums["cases"] - sum(counts[each] for each in BY_TIMING if each != Measure.WITHDRAWN)
    counts[Measure.GIVEN_UP] = sums["cases"] - sum(counts[each] for each in BY_RESULT if each != Measure.GIVEN_UP)
    return counts


def whole_of(parts: Iterable[Mapping[Measure, int]]) -> Counts:
    """All parts together."""
    whole: Counts = Counter()
    for part in parts:
        whole.update(part)
    return whole


def due(counts: Mapping[Measure, int]) -> int:
    """Deadlines that have had to be met."""
    return sum(counts.get(each, 0) for each in DUE_MEASURES)


def share(counts: Mapping[Measure, int]) -> float | None:
    """On time among what has fallen due, per cent rounded down to a tenth; None where nothing has."""
    whole = due(counts)
    return counts.get(Measure.ON_TIME, 0) * 1000 // whole / 10 if whole else None


@dataclass(frozen=True)
class Unit:
    """A unit of the report; without an id: inquiries that nobody leads yet, people whose agency is not known."""

    agency_id: int | None
    name: str
    counts: Counts


@dataclass(frozen=True)
class Run:
    """One point of the run over time: what was received then, and what became of it."""

    stretch: Stretch
    counts: Counts


@dataclass(frozen=True)
class PeriodReport:
    """The figures of a month or quarter, of the province or of one agency, as they stood at a moment."""

    stretch: Stretch
    period: Period
    compared: Period
    agency_id: int | None
    agency: str  # "" for the whole province
    units: tuple[Unit, ...]
    kinds: Mapping[str, Counts]
    before: Counts
    run: tuple[Run, ...]
    stopped_days: int = 0
    extended_days: int = 0

    @cached_property
    def whole(self) -> Counts:
        """All units together."""
        return whole_of(unit.counts for unit in self.units)

    @property
    def units_asked(self) -> tuple[Unit, ...]:
        """Units that received something, or had something to finish."""
        return tuple(unit for unit in self.units if unit.counts[Measure.RECEIVED] or unit.counts[Measure.CARRIED])

    @property
    def days_of_run(self) -> tuple[Period, ...]:
        """The days of each point of the run; the last is this period, which may not have ended."""
        return (*(Period(one.stretch.first, one.stretch.last) for one in self.run[:-1]), self.period)

    @property
    def is_running(self) -> bool:
        """The month or quarter has not ended."""
        return self.period.until < self.stretch.last
