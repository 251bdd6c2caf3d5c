"""The week of the list of late units runs from one moment of the habit to the next, without a gap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.config import WrongSetting, read
from pr_tracker.office_time import write_moment
from pr_tracker.reports.rules_late import read_habit, week_ending, week_of

THURSDAY = read_habit("thu 15:00")
habits = st.builds(
    lambda day, hour: read_habit(f"{day} {hour}:30"), st.sampled_from(["mon", "sun"]), st.integers(0, 23)
)


def test_the_week_of_a_friday_ends_on_the_next_thursday_at_15():
    week = week_of(datetime(2026, 11, 20, 9, tzinfo=UTC), THURSDAY)  # Friday
    assert (write_moment(week.since_at), write_moment(week.until_at)) == ("15:00 19/11/2026", "15:00 26/11/2026")
    assert week.day == date(2026, 11, 26)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), habits)
def test_every_moment_lies_in_one_week_and_weeks_follow_each_other(now, habit):
    week = week_of(now, habit)
    assert week.since_at <= now < week.until_at
    assert week.step(1, habit).since_at == week.until_at
    assert week_ending(week.day, habit) == week
    assert week_ending(week.day - timedelta(days=6), habit) == week


@pytest.mark.parametrize("value", ["thu", "thu 25:00", "Thursday 15:00", "15:00", "thu 15", ""])
def test_a_wrong_habit_stops_the_start(value):
    with pytest.raises(WrongSetting, match="must be a day"):
        read({"PR_TRACKER_LATE_LIST": value})


def test_the_habit_is_read_in_any_capitals():
    assert read({"PR_TRACKER_LATE_LIST": "Fri 9:05"})["LATE_LIST"] == "fri 9:05"
