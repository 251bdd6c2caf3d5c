"""Clocks that are stopped and extended: the remaining days are kept. Counted by hand, each date with its weekday."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import SHIPPED, Deadline, RuleBook, TermSettings, compute, face, recount
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_steps import ExtensionStep, ResultStep, RollStep, SkippedStep, StopStep
from pr_tracker.deadlines.rules_terms import Allowance, CalendarDays, Extension, ExtensionReason, Stop, StopReason
from pr_tracker.errors import BadInput
from pr_tracker.office_time import in_office, office_day, office_instant

CALENDAR = seeded_calendar()


def office(*parts):
    return office_instant(date(*parts[:3]), time(*parts[3:]))


MON_30_NOV = office(2026, 11, 30, 9)
FIVE_DAYS = TermSettings(internal_reply=5)  # from Mon 30 Nov: Tue 1, Wed 2, Thu 3, Fri 4, [5, 6], Mon 7 December


def stop(from_at, until_at, reason=StopReason.WAITING_FOR_PRESS):
    return Stop(reason, from_at, until_at)


def more(days, granted_at=MON_30_NOV + timedelta(hours=1)):
    return Extension(ExtensionReason.COMPLEX, days, granted_at)


def reply(*, stops=(), extensions=(), at=MON_30_NOV, calendar=CALENDAR, settings=FIVE_DAYS):
    return compute("internal_reply", at, calendar=calendar, settings=settings, stops=stops, extensions=extensions)


def in_calendar_days(days=10, stop_days=10, extension_days=5):
    """A book whose internal reply is counted in calendar days."""
    allowance, term = Allowance(stop_days, extension_days), CalendarDays(days)
    versions = (
        replace(version, term=term, allowance=allowance) if version.key == "internal_reply" else version
        for version in SHIPPED.versions
    )
    return RuleBook(tuple(versions))


def step_of(kind, deadline):
    return next((step for step in deadline.steps if isinstance(step, kind)), None)


# Stops of working days


def test_a_stopped_clock_keeps_the_days_it_had_left():
    # Stopped Wed 2 Dec: Thu 3, Fri 4, Mon 7 were left (3). Runs on Thu 10: Fri 11 (1), Mon 14 (2), Tue 15 (3).
    deadline = reply(stops=[stop(office(2026, 12, 2, 15), office(2026, 12, 10, 8))])
    assert deadline.due_on == date(2026, 12, 15)
    step = step_of(StopStep, deadline)
    assert (step.left, step.from_on, step.to_on) == (3, date(2026, 12, 7), date(2026, 12, 15))
    # It stood still on Thu 3, Fri 4, Mon 7, Tue 8, Wed 9, Thu 10.
    assert step.days == deadline.stopped_days == 6


def test_the_chip_says_the_same_number_when_the_clock_runs_on():
    stopped_at, resumed_at = office(2026, 12, 2, 15), office(2026, 12, 10, 8)
    before = face(reply().due, now=stopped_at, calendar=CALENDAR, statutory=False)
    after = face(reply(stops=[stop(stopped_at, resumed_at)]).due, now=resumed_at, calendar=CALENDAR, statutory=False)
    assert before == after
    assert after.amount == 3


def test_the_days_of_a_stop_are_told_apart_from_the_days_off():
    deadline = reply(stops=[stop(office(2026, 12, 2, 15), office(2026, 12, 10, 8))])
    # Sat 5 and Sun 6 lie inside the stop; Sat 12 and Sun 13 do not.
    assert [off.day.day for off in step_of(SkippedStep, deadline).days] == [12, 13]
    assert step_of(ResultStep, deadline).nth == 5


def test_a_clock_stopped_on_its_last_day_has_the_day_on_which_it_runs_on():
    # Due Mon 7 Dec and stopped that day; runs on Wed 9.
    assert reply(stops=[stop(office(2026, 12, 7, 9), office(2026, 12, 9, 16))]).due_on == date(2026, 12, 9)


def test_a_clock_stopped_on_its_last_day_that_runs_on_on_saturday_has_monday():
    assert reply(stops=[stop(office(2026, 12, 7, 9), office(2026, 12, 12, 9))]).due_on == date(2026, 12, 14)


def test_a_stop_that_ends_on_the_day_it_began_changes_nothing():
    assert reply(stops=[stop(office(2026, 12, 2, 9), office(2026, 12, 2, 17))]).due_on == date(2026, 12, 7)


def test_a_stop_over_a_weekend_alone_changes_nothing():
    # Fri 4 Dec 16:00 to Sun 6: Mon 7 was left and is left.
    deadline = reply(stops=[stop(office(2026, 12, 4, 16), office(2026, 12, 6, 9))])
    assert (deadline.due_on, deadline.stopped_days) == (date(2026, 12, 7), 0)


def test_a_clock_that_runs_on_earlier_than_planned_gets_back_what_was_not_needed():
    planned = reply(stops=[stop(office(2026, 12, 2, 15), office(2026, 12, 10, 8))])
    earlier = recount(planned, calendar=CALENDAR, stops=[stop(office(2026, 12, 2, 15), office(2026, 12, 4, 8))])
    # Runs on Fri 4: Mon 7 (1), Tue 8 (2), Wed 9 (3)
    assert earlier.due_on == date(2026, 12, 9)


def test_two_stops_add_up():
    first = stop(office(2026, 12, 1, 9), office(2026, 12, 3, 9))  # left Wed 2, Thu 3, Fri 4, Mon 7 -> due Wed 9
    second = stop(office(2026, 12, 8, 9), office(2026, 12, 10, 9))  # left Wed 9 -> due Fri 11
    assert reply(stops=[first, second]).due_on == date(2026, 12, 11)
    assert reply(stops=[first, second]).stopped_days == 4


def test_a_stop_across_culture_day_does_not_use_it_up():
    # Asked Thu 19 Nov 2026: Fri 20 (1), Mon 23 (2), [Tue 24], Wed 25 (3), Thu 26 (4), Fri 27 (5).
    # Stopped Mon 23 to Wed 25 with Wed, Thu, Fri left: Thu 26, Fri 27, Mon 30.
    deadline = reply(at=office(2026, 11, 19, 9), stops=[stop(office(2026, 11, 23, 10), office(2026, 11, 25, 10))])
    assert deadline.due_on == date(2026, 11, 30)
    assert deadline.stopped_days == 1


# Extensions


def test_an_extension_adds_working_days():
    deadline = reply(extensions=[more(2)])  # Mon 7, Tue 8, Wed 9
    assert (deadline.due_on, deadline.extended_days) == (date(2026, 12, 9), 2)
    assert step_of(ExtensionStep, deadline) == ExtensionStep(more(2), date(2026, 12, 7), date(2026, 12, 9))
    assert step_of(ResultStep, deadline).nth == 7


def test_extensions_come_before_stops_whenever_they_were_granted():
    # 5 + 1 days end on Tue 8. Stopped Wed 2 to Thu 3 with Thu 3, Fri 4, Mon 7, Tue 8 left: Fri 4, Mon 7, Tue 8, Wed 9.
    stopped = stop(office(2026, 12, 2, 15), office(2026, 12, 3, 8))
    assert reply(extensions=[more(1, office(2026, 12, 4, 9))], stops=[stopped]).due_on == date(2026, 12, 9)


# Calendar days


def test_calendar_days_keep_their_remaining_days_and_roll_at_the_end():
    # 10 days from Mon 30 Nov end on Thu 10 Dec. Stopped Fri 4 with 6 left; runs on Mon 7: Sun 13 rolls to Mon 14.
    deadline = compute(
        "internal_reply",
        MON_30_NOV,
        calendar=CALENDAR,
        book=in_calendar_days(),
        stops=[stop(office(2026, 12, 4, 9), office(2026, 12, 7, 9))],
    )
    assert deadline.due_on == date(2026, 12, 14)
    assert step_of(StopStep, deadline).to_on == date(2026, 12, 13)
    assert step_of(RollStep, deadline).from_on == date(2026, 12, 13)
    assert deadline.stopped_days == 3


def test_calendar_days_are_extended_by_calendar_days():
    # Thu 10 Dec + 3 = Sun 13, so Mon 14
    deadline = compute("internal_reply", MON_30_NOV, calendar=CALENDAR, book=in_calendar_days(), extensions=[more(3)])
    assert deadline.due_on == date(2026, 12, 14)


# What is refused


def refused(**more_of_it):
    with pytest.raises(BadInput) as refusal:
        reply(**more_of_it)
    return str(refusal.value)


@pytest.mark.parametrize("key", ["incident_initial_info", "annual_report", "press_conference_quarterly"])
def test_only_terms_in_days_can_be_stopped(key):
    with pytest.raises(BadInput, match="Only a term in days"):
        compute(key, MON_30_NOV, calendar=CALENDAR, stops=[stop(MON_30_NOV, MON_30_NOV + timedelta(days=1))])


def test_a_statutory_term_is_neither_stopped_nor_extended():
    with pytest.raises(BadInput, match="may not be stopped"):
        compute(
            "forwarded_opinion_notice",
            MON_30_NOV,
            calendar=CALENDAR,
            stops=[stop(MON_30_NOV, MON_30_NOV + timedelta(days=1))],
        )
    with pytest.raises(BadInput, match="may not be extended"):
        compute("forwarded_opinion_notice", MON_30_NOV, calendar=CALENDAR, extensions=[more(1)])


def test_internal_terms_allow_ten_and_five_days():
    assert reply().allowance == Allowance(stop_days=10, extension_days=5)
    assert compute("internal_input", MON_30_NOV, calendar=CALENDAR).allowance == Allowance(5, 2)


def test_extensions_end_at_the_allowance():
    assert reply(extensions=[more(3), more(2, MON_30_NOV + timedelta(hours=2))]).extended_days == 5
    assert "5 days in all, and this would make it 6" in refused(
        extensions=[more(3), more(3, MON_30_NOV + timedelta(hours=2))]
    )


def test_stops_end_at_the_allowance():
    # Tue 1 to Tue 15 Dec: Wed 2, Thu 3, Fri 4, Mon 7 to Fri 11, Mon 14, Tue 15 make 10 working days; Wed 16 is day 11.
    assert reply(stops=[stop(office(2026, 12, 1, 9), office(2026, 12, 15, 9))]).stopped_days == 10
    assert "10 days in all, and this would make it 11" in refused(
        stops=[stop(office(2026, 12, 1, 9), office(2026, 12, 16, 9))]
    )


def test_a_clock_that_ran_out_is_neither_stopped_nor_extended():
    tue_8 = office(2026, 12, 8)  # the end of Mon 7
    assert reply(stops=[stop(tue_8 - timedelta(minutes=1), tue_8 + timedelta(days=1))])
    assert "already run out" in refused(stops=[stop(tue_8, tue_8 + timedelta(days=1))])
    assert "already run out" in refused(extensions=[more(1, tue_8)])


def test_a_clock_that_an_extension_kept_running_may_be_stopped():
    assert reply(extensions=[more(2)], stops=[stop(office(2026, 12, 8, 9), office(2026, 12, 9, 9))])


def test_a_clock_is_not_stopped_before_it_began():
    assert "had not begun" in refused(stops=[stop(MON_30_NOV - timedelta(hours=1), MON_30_NOV)])


def test_stops_do_not_overlap():
    first = stop(office(2026, 12, 1, 9), office(2026, 12, 3, 9))
    assert "already stopped" in refused(stops=[first, stop(office(2026, 12, 3, 8), office(2026, 12, 4, 9))])
    assert reply(stops=[first, stop(office(2026, 12, 3, 9), office(2026, 12, 4, 9))])


def test_a_stop_does_not_end_before_it_began():
    with pytest.raises(BadInput):
        stop(MON_30_NOV, MON_30_NOV - timedelta(minutes=1))


def test_what_a_clock_already_has_is_never_refused_when_the_calendar_changes():
    # Mon 30 Nov + 5: without Mon 7 off the clock ends Mon 7; stopped Tue 8, when a storm had made Mon 7 a day off.
    storm = CALENDAR.with_overrides({date(2026, 12, 7): DayEntry(DayKind.HOLIDAY, "storm")})
    stopped = reply(calendar=storm, stops=[stop(office(2026, 12, 8, 9), office(2026, 12, 9, 9))])
    assert stopped.due_on == date(2026, 12, 9)
    after = recount(stopped, calendar=CALENDAR)  # the storm is taken out: the clock had run out on Mon 7
    assert (after.due_on, after.stopped_days) == (date(2026, 12, 7), 0)
    assert recount(after, calendar=storm) == stopped


# Stored


def test_a_deadline_with_stops_and_extensions_survives_json():
    deadline = reply(extensions=[more(2)], stops=[stop(office(2026, 12, 2, 15), office(2026, 12, 10, 8))])
    read = Deadline.from_json(json.loads(json.dumps(deadline.to_json())))
    assert read == deadline
    assert (read.stops, read.extensions) == (deadline.stops, deadline.extensions)


def test_what_was_stored_before_there_were_stops_still_reads_and_knows_its_allowance():
    old = reply().to_json()
    for name in ("allowance", "ladder"):
        del old["steps"][0][name]
    read = Deadline.from_json(old)
    assert read.allowance == Allowance(10, 5)
    assert (read.stops, read.extensions, read.stopped_days, read.extended_days) == ((), (), 0, 0)
    assert recount(read, calendar=CALENDAR, extensions=[more(1)]).due_on == date(2026, 12, 8)


# What holds for every clock

GENEROUS = RuleBook(
    tuple(
        replace(version, allowance=Allowance(60, 60)) if version.key == "internal_reply" else version
        for version in SHIPPED.versions
    )
)
BOOKS = st.sampled_from([GENEROUS, in_calendar_days(12, 60, 60)])
MOMENTS = st.datetimes(datetime(2026, 7, 2), datetime(2030, 12, 31), timezones=st.just(UTC))
ENTRIES = st.builds(DayEntry, kind=st.sampled_from(DayKind), name=st.just("storm"))
CALENDARS = st.dictionaries(st.dates(date(2026, 7, 1), date(2031, 6, 30)), ENTRIES, max_size=30).map(
    CALENDAR.with_overrides
)
SPANS = st.timedeltas(timedelta(0), timedelta(days=8))


def begin(book, at, calendar=CALENDAR, days=8):
    return compute("internal_reply", at, calendar=calendar, settings=TermSettings(internal_reply=days), book=book)


def stop_within(deadline, share, length):
    """A stop that begins while the clock runs, at a share of the way."""
    at = deadline.trigger_at + (deadline.ends_at - deadline.trigger_at) * share
    return stop(at, at + length)


SHARES = st.floats(0, 0.99)


@given(MOMENTS, SHARES, SPANS, CALENDARS)
def test_the_remaining_working_days_are_kept(at, share, length, calendar):
    plain = begin(GENEROUS, at, calendar)
    halt = stop_within(plain, share, length)
    after = recount(plain, calendar=calendar, stops=[halt])
    left = calendar.working_days_after(office_day(halt.from_at), plain.due_on)
    assert after.due_on >= plain.due_on
    assert calendar.is_working_day(after.due_on)
    if left:
        assert calendar.working_days_after(office_day(halt.until_at), after.due_on) == left
    else:
        assert after.due_on == calendar.working_day_from(office_day(halt.until_at))


@given(BOOKS, MOMENTS, SHARES, SPANS, CALENDARS)
def test_a_stop_within_one_day_changes_no_date(book, at, share, length, calendar):
    plain = begin(book, at, calendar)
    halt = stop_within(plain, share, length)
    assume(office_day(halt.from_at) == office_day(halt.until_at))
    assert recount(plain, calendar=calendar, stops=[halt]).due_on == plain.due_on


@given(BOOKS, MOMENTS, SHARES, SPANS, SHARES, SPANS)
def test_it_makes_no_difference_in_which_order_stops_are_entered(book, at, share, length, second_share, second):
    plain = begin(book, at)
    one = stop_within(plain, share, length)
    stopped = recount(plain, calendar=CALENDAR, stops=[one])
    other = stop_within(stopped, second_share, second)
    assume(other.from_at >= one.until_at)
    step_by_step = recount(stopped, calendar=CALENDAR, stops=[one, other])
    assert step_by_step == recount(plain, calendar=CALENDAR, stops=[other, one])
    assert step_by_step == recount(step_by_step, calendar=CALENDAR, stops=[other, one])


@given(BOOKS, MOMENTS, st.integers(1, 20), SHARES)
def test_an_extension_moves_the_end_by_as_many_counted_days(book, at, days, share):
    plain = begin(book, at)
    granted = Extension(ExtensionReason.COMPLEX, days, stop_within(plain, share, timedelta(0)).from_at)
    after = recount(plain, calendar=CALENDAR, extensions=[granted])
    if book is GENEROUS:
        assert CALENDAR.working_days_after(plain.due_on, after.due_on) == days
    else:
        step = step_of(ExtensionStep, after)
        assert (step.to_on - step.from_on).days == days
        assert after.due_on == CALENDAR.working_day_from(step.to_on)


@given(BOOKS, MOMENTS, SHARES, SPANS, st.integers(1, 9), CALENDARS)
def test_recounting_twice_is_recounting_once_and_taking_a_change_back_restores_every_date(
    book, at, share, length, days, calendar
):
    plain = begin(book, at)
    halt = stop_within(plain, share, length)
    granted = Extension(ExtensionReason.NEW_FACTS, days, halt.from_at)
    before = recount(plain, calendar=CALENDAR, stops=[halt], extensions=[granted])
    changed = recount(before, calendar=calendar)
    assert recount(changed, calendar=calendar) == changed
    assert recount(changed, calendar=CALENDAR) == before
    assert recount(before, calendar=CALENDAR) == before
    assert recount(before, calendar=CALENDAR, stops=(), extensions=()) == plain


@given(BOOKS, MOMENTS, SHARES, SPANS, CALENDARS)
def test_a_recounted_deadline_survives_json_and_ends_on_a_working_day(book, at, share, length, calendar):
    plain = begin(book, at)
    after = recount(recount(plain, calendar=CALENDAR, stops=[stop_within(plain, share, length)]), calendar=calendar)
    assert Deadline.from_json(json.loads(json.dumps(after.to_json()))) == after
    assert calendar.is_working_day(after.due_on)
    assert in_office(after.ends_at).time() == time(0)
