"""Months and quarters, what is compared with what, and parts that make up the whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.inquiries.rules_kinds import Kind, RefusalGround
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.reports.rules_figures import (
    BY_GROUND,
    BY_RESULT,
    BY_TIMING,
    Every,
    Measure,
    Stretch,
    Tally,
    added_up,
    due,
    read_stretch,
    share,
    stretch_of,
    whole_of,
)

M = Measure
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
every = st.sampled_from(Every)
tallies = st.builds(
    lambda agency, kind, timing, result, ground, flags, cases: Tally(
        agency, kind, timing, result, ground if result is Result.REFUSED else None, *flags, cases
    ),
    st.sampled_from([None, 1, 2, 3]),
    st.sampled_from(Kind),
    st.sampled_from(Timing),
    st.sampled_from(Result),
    st.sampled_from(RefusalGround),
    st.tuples(*[st.booleans()] * 4),
    st.integers(1, 99),
)


@given(st.lists(tallies))
def test_the_sum_of_the_parts_is_the_whole_in_every_division(found):
    everything = sum(one.cases for one in found)
    for by in ("agency_id", "kind"):
        parts = added_up(found, by)
        whole = whole_of(parts.values())
        assert whole[M.RECEIVED] == everything
        for counts in (*parts.values(), whole):
            assert sum(counts[each] for each in BY_TIMING) == counts[M.RECEIVED]
            assert sum(counts[each] for each in BY_RESULT) == counts[M.RECEIVED]
            assert sum(counts[each] for each in BY_GROUND) == counts[M.REFUSED]
            assert 0 <= (share(counts) or 0) <= 100
            assert (share(counts) is None) is (due(counts) == 0)


@given(every, days)
def test_a_day_lies_in_its_own_month_or_quarter_and_in_no_other(every, day):
    found = stretch_of(every, day)
    assert found.first <= day <= found.last
    assert found.step(1).first == found.last + timedelta(days=1)
    assert found.step(7).step(-7) == found


@given(every, days)
def test_what_runs_is_compared_with_as_many_first_days_of_the_one_before(every, today):
    found = stretch_of(every, today)
    period, compared = found.until(today), found.compared_with(today)
    assert period.until == today
    assert compared.since == found.step(-1).first
    assert compared.until <= found.step(-1).last
    if today < found.last:
        assert compared.until - compared.since <= period.until - period.since


def test_what_is_over_is_compared_with_the_whole_one_before():
    found = Stretch(Every.MONTH, 2026, 3).compared_with(date(2026, 5, 2))
    assert (found.since, found.until) == (date(2026, 2, 1), date(2026, 2, 28))


@given(every, days)
def test_a_stretch_is_read_as_it_is_written(every, day):
    found = stretch_of(every, day)
    assert read_stretch(found.key, every) == found


@pytest.mark.parametrize(
    ("typed", "every", "key"),
    [
        ("11/2026", Every.MONTH, "2026-11"),
        ("tháng 3/2026", Every.MONTH, "2026-03"),
        ("IV/2026", Every.QUARTER, "2026-Q4"),
        ("q2/2026", Every.QUARTER, "2026-Q2"),
        ("quý III/2026", Every.QUARTER, "2026-Q3"),
    ],
)
def test_a_stretch_may_be_typed_as_the_office_writes_it(typed, every, key):
    assert read_stretch(typed, every).key == key


@pytest.mark.parametrize("typed", ["", "2026", "13/2026", "0/2026", "2026-11-01", "x/2026", "5/99", "１/2026"])
def test_what_is_no_month_is_none(typed):
    assert read_stretch(typed, Every.MONTH) is None


def test_a_rate_is_rounded_down():
    counts = added_up([Tally(1, "", Timing.ON_TIME, Result.ANSWERED, None, False, False, False, False, 1999)])[1]
    counts[M.LATE] = 1
    assert share(counts) == 99.9
