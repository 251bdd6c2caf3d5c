"""The year of the working calendar: how its days are changed, in which state it is, and when it warns.

Nothing here is deleted: a changed day gets a new entry, its former one is withdrawn. Two halves of a swap go together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from pr_tracker.deadlines.rules_calendar import (
    SATURDAY,
    DayEntry,
    DayKind,
    HolidayName,
    WorkingCalendar,
    days_between,
)
from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold

LONGEST_RUN = 15
WARNS_FROM = (11, 1)  # from 1 November on, the next year must be there and confirmed
DAYS_OFF = frozenset({DayKind.HOLIDAY, DayKind.DAY_IN_LIEU})
SWAPS = frozenset({DayKind.SWAPPED_OFF, DayKind.SWAPPED_WORK})


class CalendarEvent(StrEnum):
    """What the audit log says of the calendar."""

    ENTER = "calendar:day:enter"
    WITHDRAW = "calendar:day:withdraw"


@dataclass(frozen=True)
class Standing:
    """The calendar as it stands: shipped and entered together, and the entries of the office alone."""

    shipped: WorkingCalendar
    own: Mapping[date, DayEntry]

    @property
    def calendar(self) -> WorkingCalendar:
        return self.shipped.with_overrides(self.own)

    def entry_on(self, day: date) -> DayEntry | None:
        """What the calendar says of a day: what a person proposed, else what applies, else what was shipped so."""
        own = self.own.get(day)
        return own or self.shipped.proposals.get(day) or self.shipped.entries.get(day)


@dataclass(frozen=True)
class Change:
    """What an act makes of the office's entries: days with a new entry, days whose entry is withdrawn."""

    put: Mapping[date, DayEntry] = field(default_factory=dict)
    withdrawn: frozenset[date] = frozenset()

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({*self.put, *self.withdrawn}))

    def applied_to(self, standing: Standing) -> Standing:
        """The calendar afterwards."""
        kept = {day: entry for day, entry in standing.own.items() if day not in self.withdrawn}
        return Standing(standing.shipped, {**kept, **self.put})


Wish = Callable[[Standing], Change]  # what a person wants; it is asked again when everything is locked


# --- what a person may want -------------------------------------------------------------------------------


def days_off(
    kind: DayKind, first: date, last: date, *, name: str, decision: str | None, confirmed: bool
) -> dict[date, DayEntry]:
    """Public holidays, or days in lieu, from `first` to `last`. Raises BadInput."""
    if kind not in DAYS_OFF:
        raise BadInput(N_("This kind of day comes in pairs."), field="kind")
    _require_run(first, last)
    if not name:
        raise BadInput(N_("Say what the day is called."), field="name")
    if kind is DayKind.DAY_IN_LIEU and any(day.weekday() >= SATURDAY for day in days_between(first, last)):
        raise BadInput(N_("A day in lieu is a working day, not a Saturday or Sunday."), field="first")
    _require_decision(decision, confirmed)
    entry = DayEntry(kind, holiday_code(name), decision, confirmed)
    return dict.fromkeys(days_between(first, last), entry)


def swapped(off: date, worked: date, *, decision: str | None, confirmed: bool) -> dict[date, DayEntry]:
    """A day off for which a day of the weekend is worked. Raises BadInput."""
    if off.weekday() >= SATURDAY:
        raise BadInput(N_("This is a Saturday or Sunday, which is off anyway."), field="off")
    if worked.weekday() < SATURDAY:
        raise BadInput(N_("The day worked in exchange is a Saturday or Sunday."), field="worked")
    _require_decision(decision, confirmed)
    return {
        off: DayEntry(DayKind.SWAPPED_OFF, "", decision, confirmed, swapped_with=worked),
        worked: DayEntry(DayKind.SWAPPED_WORK, "", decision, confirmed, swapped_with=off),
    }


def ordinary(first: date, last: date, *, decision: str | None, standing: Standing) -> dict[date, DayEntry]:
    """The weekday decides after all: wrong days off, estimates or proposals are taken away. Raises BadInput."""
    _require_run(first, last)
    known = {day: standing.entry_on(day) for day in days_between(first, last)}
    wrong = {day: entry for day, entry in known.items() if entry and entry.kind is not DayKind.ORDINARY}
    if not wrong:
        raise BadInput(N_("Nothing is entered for this day."), field="first")
    _require_decision(decision, confirmed=True)
    return {day: DayEntry(DayKind.ORDINARY, entry.name, decision) for day, entry in wrong.items()}


def _require_run(first: date, last: date) -> None:
    if last < first:
        raise BadInput(N_("The last day comes before the first."), field="last")
    if (last - first).days >= LONGEST_RUN:
        raise BadInput(N_("At most %(most)s days at once."), field="last", most=LONGEST_RUN)


def confirmed(days: Iterable[date], *, decision: str | None, standing: Standing) -> dict[date, DayEntry]:
    """Proposals and estimates that a decision makes certain, swaps with their other half. Raises BadInput."""
    _require_decision(decision, confirmed=True)
    found = {day: standing.entry_on(day) for day in days}
    found |= {e.swapped_with: standing.entry_on(e.swapped_with) for e in found.values() if e and e.swapped_with}
    if not found:
        raise BadInput(N_("Tick at least one day."), field="days")
    return {
        day: replace(entry, decision=decision, confirmed=True, estimated=False)
        for day, entry in found.items()
        if entry is not None and is_unsure(entry)
    }


def is_unsure(entry: DayEntry) -> bool:
    """A proposal or an estimate."""
    return entry.estimated or not entry.confirmed


def _require_decision(decision: str | None, confirmed: bool) -> None:
    if confirmed and not decision:
        raise BadInput(N_("A confirmed day needs the number of the decision."), field="decision")


def entering(put: Mapping[date, DayEntry], standing: Standing) -> Change:
    """The change that enters these days; other halves of swaps that lose their partner go too. Raises BadInput."""
    new = {day: entry for day, entry in put.items() if standing.entry_on(day) != entry}
    if not new:
        raise BadInput(N_("The calendar says this already."))
    for day, entry in new.items():
        _require_enterable(day, entry, standing)
    withdrawn: set[date] = set()
    put_too: dict[date, DayEntry] = {}
    for day in [day for day, entry in new.items() if entry.applies]:
        partner = _lost_partner(day, new, standing)
        if partner is not None and partner in standing.own:
            withdrawn.add(partner)
        elif partner is not None:
            put_too[partner] = DayEntry(DayKind.ORDINARY, "", new[day].decision, swapped_with=day)
    return Change({**put_too, **new}, frozenset(withdrawn))


def _require_enterable(day: date, entry: DayEntry, standing: Standing) -> None:
    if not standing.shipped.first_year <= day.year <= standing.shipped.last_year:
        raise BadInput(
            N_("The working calendar covers the years %(first)s to %(last)s, not %(day)s."),
            field="day",
            first=standing.shipped.first_year,
            last=standing.shipped.last_year,
            day=f"{day:%d/%m/%Y}",
        )
    known = standing.own.get(day)
    if known is not None and known.confirmed and not entry.confirmed:
        raise BadInput(
            N_("%(day)s is confirmed already; withdraw that entry before proposing another."), day=f"{day:%d/%m/%Y}"
        )


def _lost_partner(day: date, put: Mapping[date, DayEntry], standing: Standing) -> date | None:
    """The day that was swapped with this one and is no longer."""
    before = standing.entry_on(day)
    partner = before.swapped_with if before else None
    if partner is None or partner in put or put[day].swapped_with == partner:
        return None
    other = standing.entry_on(partner)
    return partner if other is not None and other.swapped_with == day else None


def withdrawing(first: date, last: date, standing: Standing) -> Change:
    """The change that takes the office's entries of these days back, and what hangs on them. Raises BadInput."""
    _require_run(first, last)
    own = {day: standing.own[day] for day in days_between(first, last) if day in standing.own}
    if not own:
        raise BadInput(N_("The office has entered nothing for this day."), field="first")
    others = {entry.swapped_with for entry in own.values()}
    bound = {day for day, entry in standing.own.items() if entry.swapped_with in own or day in others}
    return Change(withdrawn=frozenset({*own, *bound}))


# --- names ------------------------------------------------------------------------------------------------

_NAMES = {
    HolidayName.NEW_YEAR: ("tết dương lịch", "new year's day", "new year"),
    HolidayName.TET: ("tết", "tết nguyên đán", "tết âm lịch", "lunar new year"),
    HolidayName.HUNG_KINGS: ("giỗ tổ hùng vương", "ngày giỗ tổ hùng vương", "hung kings' commemoration day"),
    HolidayName.REUNIFICATION: ("ngày chiến thắng", "ngày thống nhất đất nước", "30/4", "reunification day"),
    HolidayName.LABOUR: ("quốc tế lao động", "ngày quốc tế lao động", "1/5", "international labour day", "labour day"),
    HolidayName.NATIONAL: ("quốc khánh", "ngày quốc khánh", "2/9", "national day"),
    HolidayName.CULTURE: ("ngày văn hóa việt nam", "ngày văn hoá việt nam", "vietnam culture day"),
}
_CODES = {fold(name): code for code, names in _NAMES.items() for name in (code.value, *names)}


def holiday_code(name: str) -> str:
    """The code of a holiday of the law, typed with or without marks; else the words as they stand."""
    return str(_CODES.get(fold(name), name))


# --- the state of a year ----------------------------------------------------------------------------------


class YearState(StrEnum):
    """Whether a year's calendar can be relied on."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    MISSING = "missing"


@dataclass(frozen=True)
class CalendarState:
    """A year, and the days in it that are only estimated or proposed."""

    year: int
    state: YearState
    estimated: tuple[date, ...] = ()
    proposed: tuple[date, ...] = ()


def state_of(calendar: WorkingCalendar, year: int) -> CalendarState:
    """In which state a year of the calendar is."""
    estimated = tuple(sorted(day for day, e in calendar.entries.items() if day.year == year and e.estimated))
    proposed = tuple(sorted(day for day in calendar.proposals if day.year == year))
    holidays = any(day.year == year and entry.kind in DAYS_OFF for day, entry in calendar.entries.items())
    if not holidays:
        return CalendarState(year, YearState.MISSING, estimated, proposed)
    unsure = YearState.UNCONFIRMED if estimated or proposed else YearState.CONFIRMED
    return CalendarState(year, unsure, estimated, proposed)


def warnings_on(calendar: WorkingCalendar, today: date) -> tuple[CalendarState, ...]:
    """What must be said today: next year from 1 November on, and days still to come this year that are estimated."""
    this, following = state_of(calendar, today.year), state_of(calendar, today.year + 1)
    ahead = replace(this, estimated=tuple(day for day in this.estimated if day >= today), proposed=())
    found = [ahead] if this.state is YearState.MISSING or ahead.estimated else []
    if (today.month, today.day) >= WARNS_FROM and following.state is not YearState.CONFIRMED:
        found.append(following)
    return tuple(found)
