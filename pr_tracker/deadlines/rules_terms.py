"""The kinds of term of domain.md §6, each a small frozen value; how they are counted is in rules.py."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pr_tracker.errors import N_, BadInput

MOST_DAYS = 60


class OutletPace(StrEnum):
    """How often a press agency appears, where a term depends on it."""

    DAILY = "daily"  # daily paper, radio, television
    ONLINE = "online"
    WEEKLY = "weekly"
    MAGAZINE = "magazine"
    SLOW_MAGAZINE = "slow_magazine"  # appears less often than each 30 days


class DayUnit(StrEnum):
    """Which days a term in days counts."""

    CALENDAR = "calendar_days"
    WORKING = "working_days"


@dataclass(frozen=True)
class ClockHours:
    """Run from the minute, through nights, weekends and holidays."""

    kind: ClassVar = "clock_hours"
    hours: int


@dataclass(frozen=True)
class HoursBefore:
    """Counted back from a planned start."""

    kind: ClassVar = "hours_before"
    hours: int


@dataclass(frozen=True)
class CalendarDays:
    """The trigger's day is not counted; a last day that is off rolls to the next working day (Civil Code Art 148)."""

    kind: ClassVar = "calendar_days"
    days: int


@dataclass(frozen=True)
class WorkingDays:
    """Only working days are counted, and not the trigger's day."""

    kind: ClassVar = "working_days"
    days: int


@dataclass(frozen=True)
class Months:
    """The same date months later, or the last one of that month; then as calendar days."""

    kind: ClassVar = "months"
    months: int


@dataclass(frozen=True)
class BeforeDate:
    """Done by the day before this date of the trigger's year; never rolls forward."""

    kind: ClassVar = "before_date"
    month: int
    day: int


@dataclass(frozen=True)
class EveryMonth:
    """Once in the calendar month of the trigger; never rolls into the next."""

    kind: ClassVar = "every_month"


@dataclass(frozen=True)
class AtOnce:
    """Due at the minute of the trigger."""

    kind: ClassVar = "at_once"


@dataclass(frozen=True)
class NextIssue:
    """In the next issue: no date can be computed from the trigger."""

    kind: ClassVar = "next_issue"


Term = ClockHours | HoursBefore | CalendarDays | WorkingDays | Months | BeforeDate | EveryMonth | AtOnce | NextIssue


@dataclass(frozen=True)
class SettingDays:
    """As many days as the office has set; see TermSettings."""

    kind: ClassVar = "setting_days"
    unit: DayUnit


@dataclass(frozen=True)
class ByOutlet:
    """A term for each kind of press agency; the first is taken when nobody says which."""

    kind: ClassVar = "by_outlet"
    cases: tuple[tuple[OutletPace, Term], ...]


AnyTerm = Term | SettingDays | ByOutlet


@dataclass(frozen=True)
class TermSettings:
    """The terms no confirmed text sets, in days, with the defaults of domain.md §7. Raises BadInput."""

    internal_reply: int = 3
    internal_input: int = 1
    complaint_acceptance_notice: int = 10
    denunciation_acceptance_notice: int = 7

    def __post_init__(self) -> None:
        for field in fields(self):
            require_days(getattr(self, field.name), field=field.name)


class StopReason(StrEnum):
    """Why a clock stands still for a while."""

    WAITING_FOR_PRESS = "waiting_for_press"
    WAITING_FOR_OUTSIDE = "waiting_for_outside"
    FORCE_MAJEURE = "force_majeure"


class ExtensionReason(StrEnum):
    """Why a term is made longer."""

    COMPLEX = "complex"
    MANY_AGENCIES = "many_agencies"
    NEW_FACTS = "new_facts"


@dataclass(frozen=True)
class Stop:
    """A clock stands still; `until_at` is the planned end, or the actual one if it ran on earlier. Raises BadInput."""

    reason: StopReason
    from_at: datetime
    until_at: datetime

    def __post_init__(self) -> None:
        if self.from_at.tzinfo is None or self.until_at.tzinfo is None:
            raise BadInput(N_("A moment must say its time zone."), field="until_at")
        if self.until_at < self.from_at:
            raise BadInput(N_("A clock cannot run on before it was stopped."), field="until_at")


@dataclass(frozen=True)
class Extension:
    """So many more days, in the unit of the term. Raises BadInput."""

    reason: ExtensionReason
    days: int
    granted_at: datetime

    def __post_init__(self) -> None:
        if self.granted_at.tzinfo is None:
            raise BadInput(N_("A moment must say its time zone."), field="granted_at")
        require_days(self.days, field="days")


@dataclass(frozen=True)
class Allowance:
    """The most days in all a term may be stopped and extended, in its own unit; 0 = not at all. Raises BadInput."""

    stop_days: int = 0
    extension_days: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 <= (days := getattr(self, field.name)) <= MOST_DAYS:
                raise BadInput(
                    N_("At most %(most)s days can be allowed, not %(days)s."),
                    field=field.name,
                    most=MOST_DAYS,
                    days=days,
                )


NO_ALLOWANCE = Allowance()


def require_days(days: int, *, field: str | None = None) -> None:
    """Raises BadInput unless a term of so many days may be set."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(N_("A term is 1 to %(most)s days, not %(days)s."), field=field, most=MOST_DAYS, days=days)
