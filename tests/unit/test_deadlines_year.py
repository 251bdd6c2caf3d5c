"""How the days of the calendar are changed, and when a year warns. 23 November 2026 is a Monday."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import compute, recount
from pr_tracker.deadlines.rules_calendar import DayKind, HolidayName, WorkingCalendar
from pr_tracker.deadlines.rules_rerun import OpenClock, changed
from pr_tracker.deadlines.rules_year import (
    SWAPS,
    Change,
    Standing,
    YearState,
    confirmed,
    days_off,
    entering,
    holiday_code,
    ordinary,
    state_of,
    swapped,
    warnings_on,
    withdrawing,
)
from pr_tracker.errors import BadInput

SHIPPED = Standing(seeded_calendar(), {})
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
TUESDAY = date(2026, 12, 1)
DECISION = "12/QĐ-TTg"


def a_holiday(first, last=None, *, kind=DayKind.HOLIDAY, name="Nghỉ bão", decision=DECISION, confirmed=True):
    return days_off(kind, first, last or first, name=name, decision=decision, confirmed=confirmed)


def after(put, standing=SHIPPED):
    return entering(put, standing).applied_to(standing)


def works(standing, day):
    return standing.calendar.is_working_day(day)


def test_a_confirmed_day_off_counts_and_a_proposed_one_does_not():
    assert not works(after(a_holiday(TUESDAY)), TUESDAY)
    proposed = after(a_holiday(TUESDAY, decision=None, confirmed=False))
    assert works(proposed, TUESDAY)
    assert TUESDAY in proposed.calendar.proposals


def test_a_run_of_days_is_entered_in_one_act():
    storm = after(a_holiday(TUESDAY, date(2026, 12, 3)))
    assert [works(storm, TUESDAY + timedelta(days=n)) for n in range(4)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda: a_holiday(TUESDAY, date(2026, 11, 30)), "last"),
        (lambda: a_holiday(TUESDAY, date(2026, 12, 16)), "last"),
        (lambda: a_holiday(TUESDAY, name=""), "name"),
        (lambda: a_holiday(TUESDAY, decision=None), "decision"),
        (lambda: a_holiday(SATURDAY, kind=DayKind.DAY_IN_LIEU), "first"),
        (lambda: a_holiday(TUESDAY, kind=DayKind.SWAPPED_OFF), "kind"),
        (lambda: swapped(SATURDAY, date(2026, 12, 5), decision=DECISION, confirmed=True), "off"),
        (lambda: swapped(MONDAY, TUESDAY, decision=DECISION, confirmed=True), "worked"),
        (lambda: swapped(MONDAY, SATURDAY, decision="", confirmed=True), "decision"),
        (lambda: ordinary(TUESDAY, TUESDAY, decision=DECISION, standing=SHIPPED), "first"),
        (lambda: confirmed([], decision=DECISION, standing=SHIPPED), "days"),
    ],
)
def test_what_no_calendar_can_say_is_refused_beside_its_field(wrong, field):
    with pytest.raises(BadInput) as refusal:
        wrong()
    assert refusal.value.field == field


def test_a_day_outside_the_calendars_years_is_refused():
    with pytest.raises(BadInput):
        after(a_holiday(date(2061, 5, 3)))


def test_what_the_calendar_says_already_is_no_change():
    once = after(a_holiday(TUESDAY))
    with pytest.raises(BadInput):
        entering(a_holiday(TUESDAY), once)


def test_a_confirmed_entry_is_not_pushed_aside_by_a_mere_proposal():
    once = after(a_holiday(TUESDAY))
    with pytest.raises(BadInput):
        entering(a_holiday(TUESDAY, name="Nghỉ khác", decision=None, confirmed=False), once)


def test_confirming_one_half_of_a_proposed_swap_confirms_the_other():
    sure = after(confirmed([MONDAY], decision=DECISION, standing=SHIPPED))
    assert not works(sure, MONDAY)
    assert works(sure, SATURDAY)
    assert sure.calendar.day_off(MONDAY).decision == DECISION
    assert sure.calendar.proposals == {}


def test_confirming_an_estimate_takes_the_mark_away():
    tet = date(2027, 2, 8)
    assert SHIPPED.calendar.entries[tet].estimated
    sure = after(confirmed([tet], decision=DECISION, standing=SHIPPED))
    assert not sure.calendar.entries[tet].estimated
    assert sure.calendar.entries[tet].name == HolidayName.TET


def test_a_day_taken_away_is_an_ordinary_day_again_and_so_is_what_was_swapped_with_it():
    off, worked = date(2026, 8, 31), date(2026, 8, 22)
    assert not works(SHIPPED, off)
    without = after(ordinary(off, off, decision=DECISION, standing=SHIPPED))
    assert works(without, off)
    assert not works(without, worked)


def test_a_swap_with_another_saturday_lets_the_first_one_go():
    once = after(swapped(TUESDAY, date(2026, 12, 5), decision=DECISION, confirmed=True))
    again = entering(swapped(TUESDAY, date(2026, 12, 12), decision="13/QĐ-TTg", confirmed=True), once)
    assert again.withdrawn == {date(2026, 12, 5)}
    assert not works(again.applied_to(once), date(2026, 12, 5))


def test_withdrawing_restores_what_was_shipped_and_takes_both_halves_of_a_swap():
    sure = after(confirmed([MONDAY], decision=DECISION, standing=SHIPPED))
    change = withdrawing(SATURDAY, SATURDAY, sure)
    assert change == Change(withdrawn=frozenset({MONDAY, SATURDAY}))
    assert change.applied_to(sure).calendar == SHIPPED.calendar


def test_withdrawing_a_day_that_broke_a_proposed_swap_brings_the_proposal_back():
    storm = after(a_holiday(MONDAY))
    assert storm.calendar.proposals == {}
    assert withdrawing(MONDAY, MONDAY, storm).applied_to(storm) == SHIPPED


def test_only_what_the_office_entered_can_be_withdrawn():
    with pytest.raises(BadInput):
        withdrawing(date(2026, 11, 24), date(2026, 11, 24), SHIPPED)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Tết", "tet"),
        ("tet nguyen dan", "tet"),
        ("Quốc khánh", "national"),
        ("Tết Dương lịch", "new_year"),
        ("Ngày Văn hoá Việt Nam", "culture"),
        ("Nghỉ bão", "Nghỉ bão"),
    ],
)
def test_the_holidays_of_the_law_are_known_by_name(typed, code):
    assert holiday_code(typed) == code


# --- the state of a year ----------------------------------------------------------------------------------


def test_next_year_warns_from_1_november_on_until_every_day_is_confirmed():
    assert warnings_on(SHIPPED.calendar, date(2026, 10, 31)) == ()
    (warning,) = warnings_on(SHIPPED.calendar, date(2026, 11, 1))
    assert (warning.year, warning.state) == (2027, YearState.UNCONFIRMED)
    assert date(2027, 2, 8) in warning.estimated
    sure = after(confirmed(warning.estimated, decision=DECISION, standing=SHIPPED))
    assert warnings_on(sure.calendar, date(2026, 12, 31)) == ()


def test_estimates_of_the_running_year_warn_as_long_as_they_lie_ahead():
    (warning,) = warnings_on(SHIPPED.calendar, date(2027, 1, 4))
    assert warning.year == 2027
    assert warnings_on(SHIPPED.calendar, date(2027, 9, 10)) == ()


def test_a_proposal_for_next_year_warns_too():
    sure = after(confirmed(state_of(SHIPPED.calendar, 2027).estimated, decision=DECISION, standing=SHIPPED))
    proposed = after(a_holiday(date(2027, 5, 3), decision=None, confirmed=False), sure)
    (warning,) = warnings_on(proposed.calendar, date(2026, 11, 2))
    assert warning.proposed == (date(2027, 5, 3),)


def test_a_year_without_any_holiday_is_missing():
    empty = WorkingCalendar({}, 2012, 2060)
    assert [each.state for each in warnings_on(empty, date(2026, 11, 2))] == [YearState.MISSING, YearState.MISSING]


# --- any change, any clocks -------------------------------------------------------------------------------

WEEKDAYS = [MONDAY + timedelta(days=n) for n in range(60) if (MONDAY + timedelta(days=n)).weekday() < 5]
WEEKENDS = [MONDAY + timedelta(days=n) for n in range(60) if (MONDAY + timedelta(days=n)).weekday() >= 5]
OFFS = st.sampled_from(WEEKDAYS).map(lambda day: a_holiday(day))
PAIRS = st.tuples(st.sampled_from(WEEKDAYS), st.sampled_from(WEEKENDS)).map(
    lambda pair: swapped(*pair, decision=DECISION, confirmed=True)
)
WISHES = st.lists(st.one_of(OFFS, PAIRS), min_size=1, max_size=6)
KEYS = ("internal_reply", "forwarded_opinion_notice", "answer_on_press", "incident_initial_info", "annual_report")
CLOCKS = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 60 * 24 * 50)), min_size=1, max_size=8)


def open_clocks(chosen, calendar):
    start = datetime(2026, 11, 16, 1, tzinfo=UTC)
    found = []
    for number, (key, minutes) in enumerate(chosen):
        deadline = compute(key, start + timedelta(minutes=minutes), calendar=calendar)
        found.append(OpenClock("inquiries", number, str(number), "Sở", 1, deadline, ("inquiries", number)))
    return found


def by(calendar):
    return lambda clock: recount(clock.deadline, calendar=calendar)


def moved(clocks, standing):
    """The clocks as they are after a re-run on a calendar."""
    new = {move.clock.id: move.new for move in changed(clocks, by(standing.calendar))}
    return [OpenClock(c.kind, c.id, c.code, c.agency, 1, new.get(c.id, c.deadline), c.guard) for c in clocks]


@settings(max_examples=60, deadline=None)
@given(WISHES, CLOCKS)
def test_running_again_changes_nothing_and_removing_what_was_added_restores_every_date(wishes, chosen):
    clocks = open_clocks(chosen, SHIPPED.calendar)
    standing = SHIPPED
    for put in wishes:
        try:
            standing = entering(put, standing).applied_to(standing)
        except BadInput:
            continue  # said already
    once = moved(clocks, standing)
    assert changed(once, by(standing.calendar)) == []
    while standing.own:
        standing = withdrawing(min(standing.own), min(standing.own), standing).applied_to(standing)
    assert moved(once, standing) == clocks


@settings(max_examples=60, deadline=None)
@given(WISHES)
def test_two_halves_of_a_swap_always_stand_together(wishes):
    standing = SHIPPED
    for put in wishes:
        try:
            standing = entering(put, standing).applied_to(standing)
        except BadInput:
            continue
        for day, entry in standing.own.items():
            if entry.kind in SWAPS:
                other = standing.entry_on(entry.swapped_with)
                assert other is not None
                assert other.swapped_with == day
