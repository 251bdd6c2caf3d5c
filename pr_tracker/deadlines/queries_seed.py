"""The calendar before anybody has touched it: the PyPI package `holidays`, and our corrections as data.

The package knows the public holidays, the days in lieu and most swaps; it does not know the swap of 2 January 2026. It
computes Tết from the moon, but the days off around it are fixed anew each year: after CONFIRMED_THROUGH they are
estimates, as is the day beside 2 September. Both are applied, and flagged.
"""

import re
from datetime import date, datetime
from functools import lru_cache

import holidays

from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind, HolidayName, WorkingCalendar

FIRST_YEAR, LAST_YEAR = 2005, 2060
CONFIRMED_THROUGH = 2026

_NAMES = {
    "New Year's Day": HolidayName.NEW_YEAR,
    "Hung Kings' Commemoration Day": HolidayName.HUNG_KINGS,
    "Liberation Day/Reunification Day": HolidayName.REUNIFICATION,
    "International Labor Day": HolidayName.LABOUR,
    "National Day": HolidayName.NATIONAL,
    "Vietnam Cultural Day": HolidayName.CULTURE,
}
_OBSERVED = " (observed)"
_SUBSTITUTED = re.compile(r"Day off \(substituted from (\d\d/\d\d/\d{4})\)")


def _swap(off: date, worked: date, decision: str | None = None, *, confirmed: bool = True) -> dict[date, DayEntry]:
    return {
        off: DayEntry(DayKind.SWAPPED_OFF, "", decision, confirmed, swapped_with=worked),
        worked: DayEntry(DayKind.SWAPPED_WORK, "", decision, confirmed, swapped_with=off),
    }


CORRECTIONS = {
    # Fri 2 January 2026 off for Sat 10 January worked: dispatch 12729/VPCP-KGVX of 25 December 2025.
    **_swap(date(2026, 1, 2), date(2026, 1, 10), "12729/VPCP-KGVX"),
    # Mon 31 August 2026 off for Sat 22 August worked.
    **_swap(date(2026, 8, 31), date(2026, 8, 22)),
}
# Mon 23 November 2026 off for Sat 28 November worked: seen as a proposal only.
PROPOSALS = _swap(date(2026, 11, 23), date(2026, 11, 28), confirmed=False)


@lru_cache
def seeded_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> WorkingCalendar:
    """The calendar of whole years as shipped, without what the office has entered."""
    entries: dict[date, DayEntry] = {}
    for day, name in holidays.country_holidays("VN", years=range(first_year, last_year + 1), language="en_US").items():
        entries |= _entries(day, name)
    return WorkingCalendar(entries | CORRECTIONS, first_year, last_year, PROPOSALS)


def _entries(day: date, name: str) -> dict[date, DayEntry]:
    if swapped := _SUBSTITUTED.fullmatch(name):
        return _swap(day, datetime.strptime(swapped[1], "%m/%d/%Y").date())  # noqa: DTZ007 - a day has no zone
    kind = DayKind.DAY_IN_LIEU if name.endswith(_OBSERVED) else DayKind.HOLIDAY
    known = name.removesuffix(_OBSERVED)
    code = HolidayName.TET if "Lunar New Year" in known else _NAMES.get(known, known)
    estimated = day.year > CONFIRMED_THROUGH and _is_fixed_yearly(code, day)
    return {day: DayEntry(kind, str(code), confirmed=not estimated, estimated=estimated)}


def _is_fixed_yearly(code: str, day: date) -> bool:
    beside_national_day = code == HolidayName.NATIONAL and (day.month, day.day) != (9, 2)
    return code == HolidayName.TET or beside_national_day
