"""The backward plan: worked examples with their weekdays, then what holds for every plan.

In the office of the examples a working day has 450 minutes: 07:30–11:30 and 13:30–17:00.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_faces import DueTime, Unit
from pr_tracker.deadlines.rules_plan import (
    OfficeHours,
    Shares,
    StageName,
    instant_after,
    office_minutes,
    part_of,
    plan,
    where_time_is,
)
from pr_tracker.deadlines.rules_terms import Stop, StopReason
from pr_tracker.errors import BadInput
from pr_tracker.office_time import OFFICE_ZONE, office_day, office_instant, write_moment

SEED = seeded_calendar()
D, A, P, R = StageName


def at(day, month, hour=0, minute=0, year=2026):
    return office_instant(date(year, month, day), time(hour, minute))


def minutes(start, end, **facts):
    return office_minutes(start, end, calendar=SEED, **facts)


def dues(stages):
    return [(stage.name.value, write_moment(stage.due_at)) for stage in stages]


# Office time


def test_the_lunch_break_is_no_office_time():
    assert minutes(at(20, 11, 11, 0), at(20, 11, 14, 0)) == 30 + 30  # Friday


def test_a_whole_working_day_has_450_minutes():
    assert minutes(at(20, 11), at(21, 11)) == 450


def test_a_weekend_has_none():
    assert minutes(at(20, 11, 17, 0), at(23, 11, 7, 30)) == 0  # Friday evening to Monday morning


def test_24_november_has_none():
    assert minutes(at(23, 11, 16, 0), at(25, 11, 8, 0)) == 60 + 30  # Monday, Vietnam Culture Day, Wednesday


def test_tet_has_none():
    # Wednesday 3 February 2027 to Thursday 11 February: off from Thursday 4 to Wednesday 10, as the calendar estimates
    assert [SEED.is_working_day(date(2027, 2, day)) for day in range(3, 12)] == [True, *[False] * 7, True]
    assert minutes(at(3, 2, 16, 0, 2027), at(11, 2, 8, 0, 2027)) == 60 + 30


def test_a_worked_saturday_has_a_whole_day():
    worked = SEED.with_overrides({date(2026, 11, 28): DayEntry(DayKind.SWAPPED_WORK)})
    assert office_minutes(at(28, 11), at(29, 11), calendar=worked) == 450


def test_a_stop_is_no_office_time():
    stop = Stop(StopReason.WAITING_FOR_PRESS, at(25, 11, 10, 0), at(26, 11, 8, 0))
    assert minutes(at(25, 11), at(27, 11), stops=[stop]) == 150 + (450 - 30)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (at(20, 11, 11, 0), 30, at(20, 11, 11, 30)),  # Friday, to the very end of the morning
        (at(20, 11, 11, 0), 31, at(20, 11, 13, 31)),  # one minute more is after lunch
        (at(20, 11, 16, 30), 60, at(23, 11, 8, 0)),  # Friday, over the weekend to Monday
        (at(23, 11, 16, 30), 60, at(25, 11, 8, 0)),  # Monday, over 24 November to Wednesday
        (at(3, 2, 16, 30, 2027), 60, at(11, 2, 8, 0, 2027)),  # Wednesday, over Tết to the Thursday after next
        (at(21, 11, 10, 0), 0, at(21, 11, 10, 0)),  # nothing to wait for, even on a Saturday
    ],
)
def test_office_minutes_are_counted_over_nights_lunches_and_days_off(start, count, end):
    assert instant_after(start, count, calendar=SEED) == end


def test_the_times_of_a_day_go_upward():
    with pytest.raises(BadInput) as refused:
        OfficeHours(morning_to=time(7, 0))
    assert refused.value.field == "morning_to"
    with pytest.raises(BadInput) as refused:
        OfficeHours(afternoon_from=time(11, 0))
    assert refused.value.field == "afternoon_from"


# Shares


@pytest.mark.parametrize(
    ("shares", "field"), [((60, 15, 15, 11), "release"), ((0, 50, 30, 20), "draft"), ((120, -20, 0, 0), "draft")]
)
def test_shares_make_100_percent_and_leave_time_to_write(shares, field):
    with pytest.raises(BadInput) as refused:
        Shares(*shares)
    assert refused.value.field == field


# Plans


def test_15_working_days_from_a_friday_over_24_november_and_three_weekends():
    # Friday 20/11 10:05 leaves 85 + 210 minutes, then 15 days of 450 up to Monday 14/12: 7,045 minutes.
    # 60 % = 4,227: after Friday and 8 days (23, 25, 26, 27, 30/11, 1, 2, 3/12) 332 are left: Friday 4/12 15:02.
    # 75 % = 5,283: Friday and 11 days (up to Tuesday 8/12) leave 38: Wednesday 9/12 08:08.
    # 90 % = 6,340: Friday and 13 days (up to Thursday 10/12) leave 195: Friday 11/12 10:45.
    stages = plan(at(20, 11, 10, 5), DueTime.on_day(date(2026, 12, 14)), calendar=SEED)
    assert dues(stages) == [
        ("draft", "15:00 04/12/2026"),
        ("agency", "08:00 09/12/2026"),
        ("approval", "10:45 11/12/2026"),
        ("release", "00:00 15/12/2026"),
    ]
    assert stages[-1].due == DueTime.on_day(date(2026, 12, 14))


def test_a_question_of_three_days_is_planned_by_hours_of_the_office():
    # Wednesday 25/11 08:00: 210 + 210 that day and 3 days of 450 up to Monday 30/11: 1,770 minutes.
    # 60 % = 1,062: 420 + 450 leave 192 of Friday: 10:42. 75 % = 1,327: 457 - 450 leave 7 of Monday, too few minutes
    # for a quarter of an hour: Friday's end.
    # 90 % = 1,593: 273 of Monday: 240 in the morning, 33 after lunch: 14:03.
    stages = plan(at(25, 11, 8, 0), DueTime.on_day(date(2026, 11, 30)), calendar=SEED)
    assert dues(stages) == [
        ("draft", "10:30 27/11/2026"),
        ("agency", "17:00 27/11/2026"),
        ("approval", "14:00 30/11/2026"),
        ("release", "00:00 01/12/2026"),
    ]


def test_the_plan_goes_over_tet():
    # Wednesday 3/2/2027 15:00 leaves 120 minutes; Thursday 11/2 and Friday 12/2 have 450 each: 1,020.
    # 50 % = 510: 390 of Thursday 11/2: 240 in the morning, 150 after lunch: 16:00.
    stages = plan(
        at(3, 2, 15, 0, 2027),
        DueTime.on_day(date(2027, 2, 12)),
        calendar=SEED,
        shares=Shares(draft=50, agency=50, approval=0, release=0),
    )
    assert dues(stages) == [("draft", "16:00 11/02/2027"), ("agency", "00:00 13/02/2027")]


def test_an_hour_clock_is_planned_through_the_night():
    # Friday 20/11 19:20 to Saturday 19:20: 14 h 24 to 09:44, 18 h to 13:20, 21 h 36 to 16:56
    due = DueTime.at_minute(at(21, 11, 19, 20))
    assert dues(plan(at(20, 11, 19, 20), due, calendar=SEED)) == [
        ("draft", "09:30 21/11/2026"),
        ("agency", "13:15 21/11/2026"),
        ("approval", "16:45 21/11/2026"),
        ("release", "19:20 21/11/2026"),
    ]


def test_time_the_clock_stood_still_is_not_planned():
    # Wednesday 25/11 08:00, stopped from then to Friday 27/11 08:00, due Wednesday 2/12: as if it began on Friday
    stop = Stop(StopReason.WAITING_FOR_OUTSIDE, at(25, 11, 8, 0), at(27, 11, 8, 0))
    due = DueTime.on_day(date(2026, 12, 2))
    stopped = plan(at(25, 11, 8, 0), due, calendar=SEED, stops=[stop])
    assert dues(stopped) == dues(plan(at(27, 11, 8, 0), due, calendar=SEED))


def test_a_stage_without_a_share_is_left_out():
    stages = plan(at(20, 11, 10, 5), DueTime.on_day(date(2026, 12, 14)), calendar=SEED, shares=Shares(70, 20, 0, 10))
    assert [stage.name for stage in stages] == [D, A, R]


def test_a_day_whose_office_hours_are_over_is_planned_to_midnight():
    stages = plan(at(20, 11, 20, 0), DueTime.on_day(date(2026, 11, 20)), calendar=SEED)
    assert dues(stages)[0] == ("draft", "22:15 20/11/2026")
    assert dues(stages)[-1] == ("release", "00:00 21/11/2026")


def test_there_is_no_plan_for_an_end_before_the_start():
    assert plan(at(20, 11, 10, 0), DueTime.at_minute(at(19, 11, 10, 0)), calendar=SEED) == ()


# Where the time is

STAGES = plan(at(20, 11, 10, 5), DueTime.on_day(date(2026, 12, 14)), calendar=SEED)


def where(running, now, since=None, stages=STAGES):
    return where_time_is(stages, running, now=now, calendar=SEED, since=since)


def test_on_wednesday_25_november_the_draft_is_in_its_second_day_of_nine():
    found = where(D, at(25, 11, 9, 40))
    assert (found.stage.name, found.unit, found.used, found.of) == (D, Unit.WORKING_DAYS, 2, 9)
    assert found.eats is None


def test_a_draft_past_its_end_eats_the_time_of_the_stage_that_should_run():
    assert where(D, at(4, 12, 15, 0)).eats is None  # Friday, the planned minute itself
    assert where(D, at(4, 12, 15, 1)).eats.name is A
    assert where(D, at(9, 12, 9, 0)).eats.name is P  # Wednesday
    assert where(D, at(14, 12, 9, 0)).eats.name is R  # Monday, the last day
    assert where(D, at(15, 12, 0, 0)).eats is None  # overdue: there is no later time to eat


def test_an_approval_that_got_its_text_late_is_told_so():
    late = where(A, at(9, 12, 9, 0), since=at(9, 12, 8, 0))
    assert (late.began_late, late.eats.name) == (True, P)
    had_its_time = where(A, at(11, 12, 9, 0), since=at(7, 12, 9, 0))  # Friday; came on Monday, three days planned
    assert (had_its_time.began_late, had_its_time.eats.name) == (False, P)
    in_time = where(A, at(9, 12, 9, 0), since=at(4, 12, 15, 0))
    assert (in_time.began_late, in_time.eats.name) == (False, P)


def test_an_approval_that_came_early_counts_from_its_coming():
    found = where(A, at(3, 12, 9, 0), since=at(2, 12, 10, 0))  # Thursday; came on Wednesday, due on Wednesday 9/12
    assert (found.used, found.of) == (1, 5)  # of Thursday, Friday, Monday, Tuesday, Wednesday


def test_nothing_records_the_second_approval_so_it_gives_way_and_never_eats():
    assert where(P, at(10, 12, 9, 0)).stage.name is P
    after = where(P, at(11, 12, 14, 0))
    assert (after.stage.name, after.eats) == (R, None)


def test_a_stage_that_is_left_out_counts_as_the_next_one():
    short = plan(at(20, 11, 10, 5), DueTime.on_day(date(2026, 12, 14)), calendar=SEED, shares=Shares(80, 20, 0, 0))
    assert where(P, at(9, 12, 9, 0), stages=short).stage.name is A
    assert where(D, at(9, 12, 9, 0), stages=()) is None


def test_an_hour_clock_counts_its_hours():
    due = DueTime.at_minute(at(21, 11, 19, 20))
    found = where(D, at(20, 11, 22, 0), stages=plan(at(20, 11, 19, 20), due, calendar=SEED))
    assert (found.unit, found.used, found.of) == (Unit.HOURS, 3, 15)


def test_days_the_clock_stood_still_are_not_used():
    # Stopped from Wednesday 25/11 10:00 to Monday 30/11 08:00: of Thursday, Friday and Monday none counts as a day.
    # 295 + 18 days of 450 - 1,230 stopped = 7,165; 60 % = 4,299: 295, 450, 150, 420, six days, 284 left.
    stop = Stop(StopReason.WAITING_FOR_PRESS, at(25, 11, 10, 0), at(30, 11, 8, 0))
    due = DueTime.on_day(date(2026, 12, 17))
    stages = plan(at(20, 11, 10, 5), due, calendar=SEED, stops=[stop])
    found = where_time_is(stages, D, now=at(2, 12, 9, 0), calendar=SEED, since=None, stops=[stop])
    assert write_moment(stages[0].due_at) == "14:00 09/12/2026"
    assert (found.used, found.of) == (4, 9)  # 23, 25 November, 1, 2 December


def test_two_thirds_of_what_is_left_of_the_draft():
    # Wednesday 25/11 08:00 to Friday 4/12 15:00: 420 + 6 days + 330 = 3,450; two thirds = 2,300: 420 + 4 × 450 + 80
    assert part_of(STAGES[0], 2, 3, now=at(25, 11, 8, 0), calendar=SEED) == at(2, 12, 8, 45)  # 08:50 on Wednesday
    assert part_of(STAGES[0], 2, 3, now=at(4, 12, 15, 0), calendar=SEED) is None


# What holds for every plan

DAYS = st.dates(date(2026, 7, 1), date(2029, 6, 30))
ENTRIES = st.builds(DayEntry, kind=st.sampled_from(DayKind), name=st.just("storm"))
CALENDARS = st.dictionaries(DAYS, ENTRIES, max_size=30).map(SEED.with_overrides)
MOMENTS = st.datetimes(datetime(2026, 7, 2), datetime(2029, 5, 31), timezones=st.just(UTC))
SHARES = (
    st.lists(st.integers(0, 100), min_size=3, max_size=3)
    .map(sorted)
    .map(lambda cuts: (cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], 100 - cuts[2]))
    .filter(lambda parts: parts[0] > 0)
)
TIMES = st.lists(st.integers(0, 1439), min_size=4, max_size=4, unique=True).map(
    lambda minutes: OfficeHours(*(time(*divmod(each, 60)) for each in sorted(minutes)))
)
LENGTHS = st.timedeltas(timedelta(minutes=1), timedelta(days=40))


def a_stop(start, first, second):
    begin, end = sorted((first, second))
    return Stop(StopReason.FORCE_MAJEURE, start + begin, start + end)


@st.composite
def circumstances(draw):
    start, length, calendar = draw(MOMENTS), draw(LENGTHS), draw(CALENDARS)
    day = calendar.working_day_from(office_day(start + length))
    due = DueTime.at_minute(start + length) if draw(st.booleans()) else DueTime.on_day(day)
    stops = [a_stop(start, draw(LENGTHS), draw(LENGTHS)) for _ in range(draw(st.integers(0, 2)))]
    return start, due, {"calendar": calendar, "hours": draw(TIMES), "stops": stops}


@given(circumstances(), SHARES)
def test_stages_follow_one_another_from_the_start_to_the_due_time(given_, shares):
    start, due, facts = given_
    stages = plan(start, due, shares=Shares(*shares), **facts)
    assert stages[-1].due == due
    moments = [start, *(stage.due_at for stage in stages)]
    assert moments == sorted(moments)
    assert [stage.starts_at for stage in stages] == moments[:-1]
    assert [stage.name for stage in stages] == [n for n, share in zip(StageName, shares, strict=True) if share]


@given(circumstances(), SHARES, st.integers(0, 100))
def test_whoever_gets_a_greater_share_is_never_due_earlier(given_, shares, more):
    start, due, facts = given_
    more = min(more, shares[1])
    fewer = plan(start, due, shares=Shares(*shares), **facts)
    greater = plan(start, due, shares=Shares(shares[0] + more, shares[1] - more, *shares[2:]), **facts)
    assert fewer[0].due_at <= greater[0].due_at


@given(circumstances(), SHARES)
def test_no_stage_of_a_day_term_ends_at_night_on_a_day_off_or_while_the_clock_stands(given_, shares):
    start, due, facts = given_
    assume(due.due_on)
    assume(office_minutes(start, due.ends_at, **facts) > 0)
    for stage in plan(start, due, shares=Shares(*shares), **facts)[:-1]:
        assume(stage.due_at != start)
        moment = stage.due_at.astimezone(OFFICE_ZONE)
        assert facts["calendar"].is_working_day(moment.date())
        assert any(opens <= moment.time() <= closes for opens, closes in facts["hours"].spans)
        assert not any(stop.from_at < stage.due_at < stop.until_at for stop in facts["stops"])


@given(MOMENTS, CALENDARS, TIMES, st.integers(0, 5000))
def test_counting_and_walking_office_time_agree(start, calendar, hours, count):
    start = start.replace(second=0, microsecond=0)
    end = instant_after(start, count, calendar=calendar, hours=hours)
    assert office_minutes(start, end, calendar=calendar, hours=hours) == count


@given(MOMENTS, LENGTHS, LENGTHS, CALENDARS)
def test_office_time_adds_up(start, first, second, calendar):
    start = start.replace(second=0, microsecond=0)
    first, second = (timedelta(minutes=each // timedelta(minutes=1)) for each in (first, second))
    parts = [office_minutes(a, a + b, calendar=calendar) for a, b in ((start, first), (start + first, second))]
    assert sum(parts) == office_minutes(start, start + first + second, calendar=calendar)


@given(circumstances(), SHARES, LENGTHS, st.sampled_from(StageName))
def test_only_a_later_stage_is_ever_eaten(given_, shares, later, running):
    start, due, facts = given_
    stages = plan(start, due, shares=Shares(*shares), **facts)
    found = where_time_is(stages, running, now=start + later, calendar=facts["calendar"], since=None)
    if found.eats:
        assert stages.index(found.stage) < stages.index(found.eats)
        assert found.stage.due_at <= start + later < due.ends_at
