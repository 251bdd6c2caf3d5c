"""The period of a report, and the figures counted in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_parts import Lateness
from pr_tracker.inquiries.rules_timing import DUE, Result, Timing

ONE_DAY = timedelta(days=1)


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
class AgencyLateness:
    """Of one agency: cases it led, late by its own doing or because of others; parts it owed, and those late."""

    agency: str  # "" where no agency leads yet
    led: int = 0
    late_own: int = 0
    late_by_others: int = 0
    parts: int = 0
    parts_late: int = 0
    made_late: int = 0  # cases of others that are late because of it


@dataclass(frozen=True)
class Blame:
    """Whose lateness the late cases are, by inquiries.rules_parts.whose_lateness; the sums are whole."""

    by_case: Mapping[int, Lateness]
    by_agency: tuple[AgencyLateness, ...]

    @property
    def late_by_others(self) -> int:
        """Late cases that count for a coordinating agency."""
        return sum(each.late_by_others for each in self.by_agency)

    @property
    def late_own(self) -> int:
        """Late cases that count for their lead agency."""
        return sum(each.late_own for each in self.by_agency)

    @property
    def parts_late(self) -> int:
        """Parts that came late, or are late and missing."""
        return sum(each.parts_late for each in self.by_agency)


@dataclass(frozen=True)
class Figures:
    """How many inquiries there are, by state, by what became of their deadlines and of themselves, by ground.

    Each of by_status, by_timing and by_result sums up to the total; by_ground to those refused.
    """

    total: int
    by_status: Counter[Status]
    by_timing: Counter[Timing]
    by_result: Counter[Result]
    by_ground: Counter[RefusalGround]
    adjusted: "Adjusted"

    @property
    def due(self) -> int:
        """Deadlines that have had to be met: on time, late and overdue together."""
        return sum(self.by_timing[each] for each in DUE)

    @property
    def answered(self) -> int:
        """Answered, in whatever form."""
        return self.by_result[Result.ANSWERED]

    @property
    def refused(self) -> int:
        """Refused on any ground."""
        return self.by_result[Result.REFUSED]
