"""What became of an inquiry and of its deadline: each in exactly one part, and the parts agree."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.inquiries.rules_timing import DUE, End, Result, Timing, result_of, timing_of

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
moments = st.integers(-500, 500).map(lambda hours: START + timedelta(hours=hours))
ends = st.builds(End, moments, st.none() | moments, st.booleans(), st.booleans())


@given(ends, moments)
def test_what_is_open_is_running_or_overdue_and_nothing_else_is(end, now):
    open_timings = {Timing.RUNNING, Timing.OVERDUE}
    assert (timing_of(end, now) in open_timings) is (result_of(end) is Result.OPEN) is (end.finished_at is None)


@given(ends, moments)
def test_what_was_given_in_time_is_on_time_and_what_the_press_withdrew_in_time_counts_for_no_rate(end, now):
    found = timing_of(end, now)
    if end.finished_at is not None and end.finished_at < end.ends_at:
        withdrawn = result_of(end) is Result.WITHDRAWN
        assert found is (Timing.WITHDRAWN if withdrawn else Timing.ON_TIME)
        assert (found in DUE) is not withdrawn
    elif end.finished_at is not None:
        assert found is Timing.LATE


@given(ends, moments, st.integers(0, 1000))
def test_a_finished_inquiry_is_judged_the_same_for_ever(end, now, hours):
    if end.finished_at is not None:
        assert timing_of(end, now) is timing_of(end, now + timedelta(hours=hours))


def test_the_end_of_the_term_is_no_longer_in_time():
    assert timing_of(End(START), START) is Timing.OVERDUE
    assert timing_of(End(START, START, released=True), START) is Timing.LATE


def test_an_answer_after_a_refusal_counts_as_answered():
    assert result_of(End(START, START, released=True, refused=True)) is Result.ANSWERED
