"""What the chip says: the clock table and "counting words" of the design. Now is Wednesday 25 November 2026, 09:40."""

from datetime import date, time

import pytest

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import compute
from pr_tracker.deadlines.rules_faces import ClockFace, DueTime, FaceState, Unit, face
from pr_tracker.office_time import office_instant

CALENDAR = seeded_calendar()
RUNNING, SOON, OVERDUE, PAUSED, MET, LATE = FaceState


def at(day, hour=9, minute=40, month=11):
    return office_instant(date(2026, month, day), time(hour, minute))


NOW = at(25)


def day_face(day, month=11, statutory=False, now=NOW, **more):
    return face(DueTime.on_day(date(2026, month, day)), now=now, calendar=CALENDAR, statutory=statutory, **more)


def hour_face(due_at, now=NOW, **more):
    return face(DueTime.at_minute(due_at), now=now, calendar=CALENDAR, statutory=True, **more)


@pytest.mark.parametrize(
    ("day", "month", "left"),
    [(26, 11, 1), (30, 11, 3), (14, 12, 13)],  # Thu, Mon, Mon
)
def test_a_running_clock_counts_the_working_days_after_today_up_to_the_due_day(day, month, left):
    assert day_face(day, month) == ClockFace(RUNNING, Unit.WORKING_DAYS, left)


def test_a_clock_due_today_says_so():
    assert day_face(25) == ClockFace(SOON, Unit.LAST_DAY)
    assert day_face(25, now=at(25, 23, 59)) == ClockFace(SOON, Unit.LAST_DAY)


def test_a_statutory_clock_is_due_soon_one_working_day_before():
    assert day_face(26, statutory=True) == ClockFace(SOON, Unit.WORKING_DAYS, 1)
    assert day_face(27, statutory=True).state == RUNNING


def test_on_friday_a_term_of_monday_is_one_working_day_away():
    assert day_face(30, now=at(27)) == ClockFace(RUNNING, Unit.WORKING_DAYS, 1)


def test_an_overdue_clock_counts_the_working_days_since():
    assert day_face(20) == ClockFace(OVERDUE, Unit.WORKING_DAYS, 2)  # Fri; Mon 23, [Tue 24 off], Wed 25
    assert day_face(23) == ClockFace(OVERDUE, Unit.WORKING_DAYS, 1)


def test_an_overdue_clock_without_a_working_day_since_counts_nothing_yet():
    assert day_face(20, now=at(21)) == ClockFace(OVERDUE, Unit.NOTHING)  # Sat


def test_a_day_term_is_overdue_from_midnight_on():
    assert day_face(25, now=at(26, 0, 0)) == ClockFace(OVERDUE, Unit.WORKING_DAYS, 1)


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (at(25, 12, 40), ClockFace(SOON, Unit.MINUTES, 180)),
        (at(25, 17, 0), ClockFace(SOON, Unit.MINUTES, 440)),  # 7 h 20
        (at(25, 17, 40), ClockFace(SOON, Unit.HOURS, 8)),
        (at(25, 17, 41), ClockFace(RUNNING, Unit.HOURS, 8)),
        (at(26, 9, 40), ClockFace(RUNNING, Unit.HOURS, 24)),
        (at(27, 9, 40), ClockFace(RUNNING, Unit.WORKING_DAYS, 2)),
        (at(25, 9, 40), ClockFace(SOON, Unit.MINUTES, 0)),
    ],
)
def test_an_hour_clock_counts_hours_for_a_day_and_minutes_for_eight_hours(due_at, expected):
    assert hour_face(due_at) == expected


def test_over_a_weekend_an_hour_clock_counts_hours_because_no_working_day_is_left():
    assert hour_face(at(22, 16), now=at(21, 9)) == ClockFace(RUNNING, Unit.HOURS, 31)  # Sat to Sun


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (at(25, 9, 39), ClockFace(OVERDUE, Unit.MINUTES, 1)),
        (at(24, 22, 40), ClockFace(OVERDUE, Unit.HOURS, 11)),
        (at(20, 16, 30), ClockFace(OVERDUE, Unit.WORKING_DAYS, 2)),
    ],
)
def test_an_overdue_hour_clock_is_the_mirror_image(due_at, expected):
    assert hour_face(due_at) == expected


def test_a_paused_clock_shows_how_long_it_has_stood():
    assert day_face(30, paused_at=at(24)) == ClockFace(PAUSED, Unit.DAYS, 1)
    assert day_face(30, paused_at=at(25, 8)) == ClockFace(PAUSED, Unit.NOTHING)


def test_a_clock_that_was_met_shows_how_early():
    assert day_face(30, closed_at=at(29)) == ClockFace(MET, Unit.DAYS, 1)
    assert day_face(25, closed_at=at(25, 8)) == ClockFace(MET, Unit.NOTHING)
    assert hour_face(at(25, 12, 0), closed_at=at(25, 9, 30)) == ClockFace(MET, Unit.MINUTES, 150)


def test_a_clock_that_was_missed_shows_how_late_whatever_the_time_is_now():
    assert day_face(20, closed_at=at(25)) == ClockFace(LATE, Unit.WORKING_DAYS, 2)
    assert day_face(20, closed_at=at(21)) == ClockFace(LATE, Unit.NOTHING)
    assert hour_face(at(25, 7, 0), closed_at=at(25, 9, 30)) == ClockFace(LATE, Unit.MINUTES, 150)


def test_the_last_minute_is_in_time_and_the_next_is_late():
    assert hour_face(at(25, 12, 0), closed_at=at(25, 12, 0)).state == MET
    assert hour_face(at(25, 12, 0), closed_at=at(25, 12, 1)).state == LATE
    assert day_face(20, closed_at=at(20, 23, 59)).state == MET
    assert day_face(20, closed_at=at(21, 0, 0)).state == LATE


def test_the_annual_report_may_still_go_on_saturday_19_december_but_no_working_day_is_left():
    due = compute("annual_report", at(25), calendar=CALENDAR).due
    saturday = face(due, now=at(19, month=12), calendar=CALENDAR, statutory=True)
    assert saturday == ClockFace(SOON, Unit.LAST_DAY)
    assert face(due, now=at(20, month=12), calendar=CALENDAR, statutory=True).state == OVERDUE
