"""Who counts as trained on a day; which days a before and an after compare. Dates with their weekday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.reports.rules_training import (
    SOON,
    TRAINED,
    Cover,
    Effect,
    Handled,
    before_and_after,
    cover_of,
    month_starts,
    months_from,
    together,
)

TODAY = date(2026, 11, 20)  # Friday
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("last_days", "cover"),
    [
        ([], Cover.NEVER),
        ([None], Cover.VALID),
        ([date(2026, 11, 19)], Cover.LAPSED),
        ([TODAY], Cover.SOON),
        ([TODAY + SOON], Cover.SOON),
        ([TODAY + SOON + timedelta(days=1)], Cover.VALID),
        ([date(2026, 11, 19), date(2030, 1, 1)], Cover.VALID),
        ([date(2026, 11, 19), None], Cover.VALID),
    ],
)
def test_the_certificate_that_counts_longest_decides(last_days, cover):
    assert cover_of(last_days, TODAY) is cover


@given(st.lists(st.one_of(st.none(), DAYS)), DAYS)
def test_whoever_is_trained_on_a_day_holds_a_certificate_that_has_not_ended_by_it(last_days, on):
    counts = any(day is None or day >= on for day in last_days)
    assert (cover_of(last_days, on) in TRAINED) is counts


def test_months_back_and_ahead_keep_the_date_or_take_the_last_day():
    assert months_from(date(2026, 11, 20), -12) == date(2025, 11, 20)
    assert months_from(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_from(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert month_starts(TODAY, 1, 2) == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_before_and_after_are_equally_long_and_leave_out_the_days_of_the_class():
    before, after = before_and_after(date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 20))
    assert (after.since, after.until) == (date(2026, 11, 13), date(2026, 11, 20))
    assert (before.since, before.until) == (date(2026, 11, 2), date(2026, 11, 9))


def test_before_the_class_is_over_there_is_nothing_to_compare():
    assert before_and_after(TODAY, TODAY, TODAY) is None
    assert before_and_after(TODAY, TODAY, TODAY + timedelta(days=1)) is not None


@given(DAYS, st.integers(0, 10), st.integers(1, 2000))
def test_before_and_after_never_look_further_than_twelve_months(first, length, passed):
    last = first + timedelta(days=length)
    before, after = before_and_after(first, last, last + timedelta(days=passed))
    assert before.days == after.days <= 366
    assert before.until < first <= last < after.since


def test_agencies_together_are_the_sum_and_the_rate_that_of_the_sum():
    one = Effect(1, "A", 2, Handled(3, 1, 2, 1), Handled(2, 2, 0, 0))
    other = Effect(2, "B", 1, Handled(1, 1, 0, 0), Handled())
    whole = together([one, other])
    assert whole.attended == 3
    assert whole.before == Handled(4, 2, 2, 1)
    assert whole.before.share == 50
    assert Handled().share is None
