"""Periods by name, and a period's order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import BadInput
from pr_tracker.reports.rules import Period, Preset, preset

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        (Preset.THIS_MONTH, date(2026, 11, 1), FRIDAY),
        (Preset.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Preset.THIS_QUARTER, date(2026, 10, 1), FRIDAY),
        (Preset.THIS_YEAR, date(2026, 1, 1), FRIDAY),
    ],
)
def test_a_period_by_name_runs_until_today_or_its_own_end(name, since, until):
    assert preset(name, FRIDAY) == Period(since, until)


def test_the_month_before_january_is_december_of_the_year_before():
    assert preset(Preset.LAST_MONTH, date(2026, 1, 31)) == Period(date(2025, 12, 1), date(2025, 12, 31))


@given(st.dates(date(1991, 1, 1), date(2099, 12, 31)), st.sampled_from(Preset))
def test_no_period_by_name_begins_after_it_ends_or_runs_into_the_future(today, name):
    period = preset(name, today)
    assert period.since <= period.until <= today
    assert period.since.day == 1


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput):
        Period(FRIDAY, date(2026, 11, 19))
