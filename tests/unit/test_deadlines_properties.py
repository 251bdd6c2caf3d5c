"""What holds for every trigger, term and calendar."""

import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import ClockKey, Deadline, TermSettings, compute
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind

SEED = seeded_calendar()
MOMENTS = st.datetimes(datetime(2026, 7, 2), datetime(2031, 12, 31), timezones=st.just(UTC))
DAYS = st.dates(date(2026, 7, 1), date(2032, 6, 30))
KEYS = st.sampled_from(ClockKey)
DAY_KEYS = st.sampled_from(["internal_reply", "complaint_acceptance_notice"])
ENTRIES = st.builds(
    DayEntry, kind=st.sampled_from(DayKind), name=st.just("storm"), confirmed=st.booleans(), estimated=st.just(False)
)
CALENDARS = st.dictionaries(DAYS, ENTRIES, max_size=40).map(SEED.with_overrides)


def terms(days):
    return TermSettings(internal_reply=days, complaint_acceptance_notice=days)


@given(KEYS, MOMENTS, CALENDARS)
def test_a_due_day_is_never_a_day_off(key, at, calendar):
    deadline = compute(key, at, calendar=calendar)
    assert deadline.due_on is None or calendar.is_working_day(deadline.due_on)


@given(DAY_KEYS, MOMENTS, CALENDARS, st.integers(1, 59))
def test_more_days_never_end_earlier(key, at, calendar, days):
    fewer = compute(key, at, calendar=calendar, settings=terms(days))
    more = compute(key, at, calendar=calendar, settings=terms(days + 1))
    assert fewer.due_on <= more.due_on


@given(KEYS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=90)), CALENDARS)
def test_a_later_trigger_never_ends_earlier(key, at, later, calendar):
    first = compute(key, at, calendar=calendar)
    second = compute(key, at + later, calendar=calendar)
    assume(first.ends_at is not None)
    assert first.ends_at <= second.ends_at


@given(MOMENTS, CALENDARS)
def test_clock_hours_never_roll(at, calendar):
    deadline = compute("incident_initial_info", at, calendar=calendar)
    assert deadline.due_at - at == timedelta(hours=24)


@given(MOMENTS, CALENDARS)
def test_a_term_before_a_date_never_rolls_forward(at, calendar):
    deadline = compute("annual_report", at, calendar=calendar)
    assert deadline.due_on < date(deadline.due_on.year, 12, 20)
    assert deadline.due_on.year == (at + timedelta(hours=7)).year


@given(KEYS, MOMENTS, CALENDARS)
def test_every_deadline_survives_json(key, at, calendar):
    deadline = compute(key, at, calendar=calendar)
    assert Deadline.from_json(json.loads(json.dumps(deadline.to_json()))) == deadline


@given(KEYS, MOMENTS, st.dictionaries(DAYS, ENTRIES, min_size=1, max_size=40))
def test_a_proposal_never_changes_a_result_until_somebody_confirms_it(key, at, entries):
    proposals = {day: DayEntry(e.kind, e.name, confirmed=False) for day, e in entries.items()}
    with_proposals = compute(key, at, calendar=SEED.with_overrides(proposals))
    without = compute(key, at, calendar=SEED)
    assert (with_proposals.due_on, with_proposals.due_at) == (without.due_on, without.due_at)
