"""The calendar as shipped, locked for the years the office works in: a new `holidays` cannot move a day unseen."""

from datetime import date

import pytest

from pr_tracker.deadlines.queries_seed import CONFIRMED_THROUGH, FIRST_YEAR, LAST_YEAR, seeded_calendar
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind, HolidayName, OffReason, WorkingCalendar
from pr_tracker.errors import BadInput

CALENDAR = seeded_calendar()

# Every weekday off and every weekend day worked, by hand from the yearly announcements; 2027 as far as it is known.
WEEKDAYS_OFF = {
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
    2027: "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03 11-24",
}
SATURDAYS_WORKED = {2025: "04-26", 2026: "01-10 08-22", 2027: ""}


def days_of(year):
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(n) for n in range(first, date(year + 1, 1, 1).toordinal())]


@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_the_weekdays_off_and_the_saturdays_worked_of_a_year(year):
    off = [day for day in days_of(year) if day.weekday() < 5 and not CALENDAR.is_working_day(day)]
    worked = [day for day in days_of(year) if day.weekday() >= 5 and CALENDAR.is_working_day(day)]
    assert " ".join(f"{day:%m-%d}" for day in off) == WEEKDAYS_OFF[year]
    assert " ".join(f"{day:%m-%d}" for day in worked) == SATURDAYS_WORKED[year]


def test_each_day_off_has_its_name():
    assert CALENDAR.day_off(date(2026, 11, 24)).name == HolidayName.CULTURE  # Tuesday
    assert CALENDAR.day_off(date(2026, 4, 27)).reason == OffReason.DAY_IN_LIEU  # Monday, for Sunday's Hung Kings' day
    assert CALENDAR.day_off(date(2026, 8, 31)).swapped_with == date(2026, 8, 22)
    assert CALENDAR.day_off(date(2026, 11, 22)).reason == OffReason.WEEKEND


def test_culture_day_is_off_from_2026_only():
    assert CALENDAR.is_working_day(date(2025, 11, 24))  # Monday
    assert not CALENDAR.is_working_day(date(2026, 11, 24))  # Tuesday


def test_every_name_the_package_gives_is_one_we_can_translate():
    assert {entry.name for entry in CALENDAR.entries.values()} <= {"", *HolidayName}


def test_tet_and_the_day_beside_national_day_are_estimates_until_they_are_fixed_for_the_year():
    estimated = {entry.name for day, entry in CALENDAR.entries.items() if entry.estimated}
    assert estimated == {HolidayName.TET, HolidayName.NATIONAL}
    assert not any(entry.estimated for day, entry in CALENDAR.entries.items() if day.year <= CONFIRMED_THROUGH)
    assert CALENDAR.day_off(date(2027, 2, 8)).estimated  # Monday, applied and flagged
    assert not CALENDAR.day_off(date(2027, 9, 2)).estimated


def test_the_swap_of_23_november_2026_is_listed_and_not_applied():
    assert CALENDAR.is_working_day(date(2026, 11, 23))  # Monday
    assert not CALENDAR.is_working_day(date(2026, 11, 28))  # Saturday
    assert CALENDAR.proposals[date(2026, 11, 23)].swapped_with == date(2026, 11, 28)


def test_what_a_person_confirms_replaces_the_seed_and_the_proposal():
    monday = date(2026, 11, 23)
    calendar = CALENDAR.with_overrides({monday: DayEntry(DayKind.SWAPPED_OFF, "", "15/TB-BNV")})
    assert not calendar.is_working_day(monday)
    assert monday not in calendar.proposals


def test_what_a_person_only_proposes_leaves_the_seed_applied():
    culture_day = date(2026, 11, 24)
    calendar = CALENDAR.with_overrides({culture_day: DayEntry(DayKind.ORDINARY, confirmed=False)})
    assert not calendar.is_working_day(culture_day)
    assert culture_day in calendar.proposals


def test_an_estimate_that_proved_wrong_is_taken_away_by_an_ordinary_day():
    thursday = date(2027, 2, 4)
    assert not CALENDAR.is_working_day(thursday)
    assert CALENDAR.with_overrides({thursday: DayEntry(DayKind.ORDINARY)}).is_working_day(thursday)


def test_a_day_outside_the_calendar_is_refused_not_guessed():
    for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
        with pytest.raises(BadInput, match="covers the years"):
            CALENDAR.is_working_day(date(year, 6, 1))


def test_an_unconfirmed_entry_cannot_be_applied_by_mistake():
    with pytest.raises(ValueError, match="among the proposals"):
        WorkingCalendar({date(2026, 11, 23): DayEntry(DayKind.SWAPPED_OFF, confirmed=False)}, 2026, 2026)


def test_working_days_after_a_day_leave_that_day_out():
    assert CALENDAR.working_days_after(date(2026, 11, 20), date(2026, 11, 25)) == 2  # Mon 23, Wed 25
    assert CALENDAR.working_days_after(date(2026, 11, 25), date(2026, 11, 20)) == 0
