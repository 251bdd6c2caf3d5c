"""The period of a report, and what became of a deadline."""

from collections import Counter
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import RefusalGround

ONE_DAY = timedelta(days=1)


class Timing(StrEnum):
    """What became of a deadline; `queries.timing` is the definition."""

    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    RUNNING = "running"
    WITHDRAWN = "withdrawn"


# Deadlines that have had to be met: what a rate of on-time answers counts.
DUE = (Timing.ON_TIME, Timing.LATE, Timing.OVERDUE)


class Preset(StrEnum):
    """Periods one asks for by name."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"


@dataclass(frozen=True)
class Period:
    """Days of receipt, both ends included. Raises BadInput when the last comes before the first."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise BadInput(N_("The last day is before the first day."), field="until")


def preset(name: Preset, today: date) -> Period:
    """A period by name; what has not ended yet runs until today."""
    month = today.replace(day=1)
    match name:
        case Preset.THIS_MONTH:
            return Period(month, today)
        case Preset.LAST_MONTH:
            last = month - ONE_DAY
            return Period(last.replace(day=1), last)
        case Preset.THIS_QUARTER:
            return Period(month.replace(month=today.month - (today.month - 1) % 3), today)
        case Preset.THIS_YEAR:
            return Period(month.replace(month=1), today)


@dataclass(frozen=True)
class Adjusted:
    """What was done to clocks, beside every rate: how many were stopped and extended, for how many days in all."""

    stopped: int = 0
    stopped_days: int = 0
    extended: int = 0
    extended_days: int = 0
    on_time_extended: int = 0  # on time, but only counted with an extension

    def __add__(self, other: "Adjusted") -> "Adjusted":
        return Adjusted(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Figures:
    """How many inquiries there are, by state, by what became of their deadlines, answered, refused by ground."""

    total: int
    by_status: Counter[Status]
    by_timing: Counter[Timing]
    by_ground: Counter[RefusalGround]
    answered: int
    adjusted: "Adjusted"

    @property
    def due(self) -> int:
        """Deadlines that have had to be met: on time, late and overdue together."""
        return sum(self.by_timing[each] for each in DUE)

    @property
    def refused(self) -> int:
        """Refused on any ground."""
        return self.by_ground.total()
