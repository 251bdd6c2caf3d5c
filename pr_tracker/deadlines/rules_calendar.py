"""The working calendar as a plain value: which day is worked, and by what name a day is not (domain.md §6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from pr_tracker.errors import N_, BadInput

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is not what its weekday says."""

    HOLIDAY = "holiday"
    DAY_IN_LIEU = "day_in_lieu"
    SWAPPED_OFF = "swapped_off"
    SWAPPED_WORK = "swapped_work"
    ORDINARY = "ordinary"  # the weekday decides after all: takes a wrong or estimated day off away again


class HolidayName(StrEnum):
    """The public holidays of Labour Code Art 112, as codes; a person may type any other name."""

    NEW_YEAR = "new_year"
    TET = "tet"
    HUNG_KINGS = "hung_kings"
    REUNIFICATION = "reunification"
    LABOUR = "labour"
    NATIONAL = "national"
    CULTURE = "culture"


class OffReason(StrEnum):
    """Why nobody works on a day."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    DAY_IN_LIEU = "day_in_lieu"
    SWAPPED_OFF = "swapped_off"


@dataclass(frozen=True)
class DayEntry:
    """One line of the calendar. It applies when confirmed, or when it is an estimate nobody has replaced yet."""

    kind: DayKind
    name: str = ""  # a HolidayName code, or words a person typed
    decision: str | None = None
    confirmed: bool = True
    estimated: bool = False
    swapped_with: date | None = None

    @property
    def applies(self) -> bool:
        return self.confirmed or self.estimated


@dataclass(frozen=True)
class DayOff:
    """A day on which nobody works, the name it is called by, and the number of the decision that says so."""

    day: date
    reason: OffReason
    name: str = ""
    estimated: bool = False
    swapped_with: date | None = None
    decision: str | None = None


@dataclass(frozen=True)
class WorkingCalendar:
    """Days that differ from their weekday, for whole years; `proposals` are listed and never applied."""

    entries: Mapping[date, DayEntry]
    first_year: int
    last_year: int
    proposals: Mapping[date, DayEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not all(entry.applies for entry in self.entries.values()):
            raise ValueError("an entry nobody has confirmed belongs among the proposals")

    def day_off(self, day: date) -> DayOff | None:
        """Why nobody works on this day; None on a working day. Raises BadInput outside the calendar's years."""
        self._require_covered(day)
        entry = self.entries.get(day)
        if entry is None or entry.kind is DayKind.ORDINARY:
            return DayOff(day, OffReason.WEEKEND) if day.weekday() >= SATURDAY else None
        if entry.kind is DayKind.SWAPPED_WORK:
            return None
        return DayOff(day, OffReason(entry.kind), entry.name, entry.estimated, entry.swapped_with, entry.decision)

    def is_working_day(self, day: date) -> bool:
        return self.day_off(day) is None

    def working_day_from(self, day: date) -> date:
        """This day if it is worked, else the next one that is."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_day_until(self, day: date) -> date:
        """This day if it is worked, else the last one before it that is."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def nth_working_day_after(self, day: date, number: int) -> date:
        """The working day that is `number` (1 or more) working days after this one, worked or not."""
        for _ in range(number):
            day = self.working_day_from(day + ONE_DAY)
        return day

    def nth_working_day_before(self, day: date, number: int) -> date:
        """The working day that is `number` (1 or more) working days before this one, worked or not."""
        for _ in range(number):
            day = self.working_day_until(day - ONE_DAY)
        return day

    def days_off_between(self, first: date, last: date) -> tuple[DayOff, ...]:
        """The days off from `first` to `last`, both included."""
        offs = (self.day_off(day) for day in days_between(first, last))
        return tuple(off for off in offs if off)

    def working_days_after(self, day: date, until: date) -> int:
        """How many working days lie after `day`, up to and with `until`; 0 when there are none."""
        first = day + ONE_DAY
        if until < first:
            return 0
        self._require_covered(first)
        self._require_covered(until)
        years = sum(self._worked_in(year)[-1] for year in range(first.year, until.year))
        return years + self._worked_in(until.year)[_number(until)] - self._worked_in(first.year)[_number(first) - 1]

    def __hash__(self) -> int:
        return hash((self.first_year, self.last_year, len(self.entries), len(self.proposals)))

    def _worked_in(self, year: int) -> list[int]:
        """How many days of a year are worked up to each of its days, from none on: a count is one subtraction."""
        if year not in self._years:
            days = days_between(date(year, 1, 1), date(year, 12, 31))
            self._years[year] = [0, *accumulate(int(self.is_working_day(day)) for day in days)]
        return self._years[year]

    @cached_property
    def _years(self) -> dict[int, list[int]]:
        return {}

    def with_proposals_confirmed(self) -> "WorkingCalendar":
        """What the calendar would be if somebody confirmed every proposal."""
        return self._confirmed

    @cached_property
    def _confirmed(self) -> "WorkingCalendar":
        agreed = {day: replace(entry, confirmed=True) for day, entry in self.proposals.items()}
        return WorkingCalendar({**self.entries, **agreed}, self.first_year, self.last_year)

    def with_overrides(self, overrides: Mapping[date, DayEntry]) -> "WorkingCalendar":
        """This calendar where what a person entered replaces the seed; what is not confirmed is only proposed."""
        proposed = {day: entry for day, entry in overrides.items() if not entry.applies}
        applied = {day: entry for day, entry in overrides.items() if entry.applies}
        kept = {day: entry for day, entry in self.proposals.items() if day not in applied}
        return WorkingCalendar({**self.entries, **applied}, self.first_year, self.last_year, {**kept, **proposed})

    def _require_covered(self, day: date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise BadInput(
                N_("The working calendar covers the years %(first)s to %(last)s, not %(day)s."),
                first=self.first_year,
                last=self.last_year,
                day=f"{day:%d/%m/%Y}",
            )


def _number(day: date) -> int:
    """Which day of its year: 1 for 1 January."""
    return day.timetuple().tm_yday


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day from `first` to `last`, both included; none when `last` comes earlier."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
