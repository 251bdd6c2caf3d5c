"""Months and quarters, what is compared with what, and parts that make up the whole."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.reports.rules_figures import (
    BY_GROUND,
    BY_RESULT,
    BY_TIMING,
    Every,
    Measure,
    Stretch,
    counts_of,
    due,
    read_stretch,
    share,
    stretch_of,
    whole_of,
)

M = Measure
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
every = st.sampled_from(Every)
# One inquiry as the summaries count it: its timing, its result, on which ground.
RESULTS = {
    Timing.ON_TIME: (Result.ANSWERED, Result.REFUSED),
    Timing.LATE: (Result.ANSWERED, Result.REFUSED, Result.WITHDRAWN),
    Timing.WITHDRAWN: (Result.WITHDRAWN,),
    Timing.RUNNING: (Result.OPEN,),
    Timing.OVERDUE: (Result.OPEN,),
}
alike = [(timing, result) for timing, results in RESULTS.items() for result in results]
one_case = st.tuples(st.sampled_from(alike), st.sampled_from(RefusalGround))
NAMES = ("cases", "on_time", "late", "running", "overdue", "answered", "refused", "paused", "stopped", "extended")


def sums_of(found):
    sums = Counter(dict.fromkeys((*NAMES, "forwarded", *(each.value for each in RefusalGround)), 0))
    for (timing, result), ground in found:
        sums.update({"cases", timing.value, result.value} | ({ground.value} if result is Result.REFUSED else set()))
    return sums


@given(st.lists(st.lists(one_case)))
def test_the_sum_of_the_parts_is_the_whole_in_every_division(units):
    parts = [counts_of(sums_of(found)) for found in units]
    whole = whole_of(parts)
    assert whole[M.RECEIVED] == sum(len(found) for found in units)
    for counts in (*parts, whole):
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
    counts = counts_of(sums_of([((Timing.ON_TIME, Result.ANSWERED), RefusalGround.SECRET)] * 1999))
    counts[M.LATE] = 1
    assert share(counts) == 99.9
