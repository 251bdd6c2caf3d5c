"""When people are told of a clock; counted by hand, each date with its weekday."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_faces import DueTime
from pr_tracker.deadlines.rules_ladder import Ladder, Reminder, Rung, next_reminder, planned_from, reminders, to_say
from pr_tracker.deadlines.rules_terms import Stop, StopReason
from pr_tracker.errors import BadInput
from pr_tracker.office_time import in_office, office_instant

CALENDAR = seeded_calendar()


def office(*parts):
    return office_instant(date(*parts[:3]), time(*parts[3:]))


LONG_AGO = office(2025, 1, 1)


def told(due, starts_at=LONG_AGO, calendar=CALENDAR, **more):
    """(rung, "dd/MM HH:mm") of each reminder."""
    every = reminders(due, starts_at=starts_at, calendar=calendar, **more)
    return [(each.rung.value, f"{in_office(each.at):%d/%m %H:%M}") for each in every]


def on_day(*day):
    return DueTime.on_day(date(*day))


# Day terms


def test_a_day_term_reminds_5_and_1_working_days_before_on_the_day_and_at_three_levels_after():
    # due Wed 16 Dec 2026. Before: Tue 15 (1), Mon 14 (2), [13, 12], Fri 11 (3), Thu 10 (4), Wed 9 (5).
    # After the end: Thu 17 (level 1), Fri 18 (level 2), [19, 20], Mon 21, Tue 22 (level 3, three days after level 1).
    assert told(on_day(2026, 12, 16)) == [
        ("before", "09/12 08:00"),
        ("before", "15/12 08:00"),
        ("last_day", "16/12 08:00"),
        ("late_1", "17/12 08:00"),
        ("late_2", "18/12 08:00"),
        ("late_3", "22/12 08:00"),
    ]


def test_amounts_say_how_many_days_are_left_or_past():
    every = reminders(on_day(2026, 12, 16), starts_at=LONG_AGO, calendar=CALENDAR)
    assert [(each.amount, each.level) for each in every] == [(5, 0), (1, 0), (0, 0), (1, 1), (2, 2), (4, 3)]


def test_nobody_is_told_of_a_day_term_on_a_weekend():
    # due Mon 14 Dec 2026: one working day before is Fri 11; five are Mon 7; Sat 12 and Sun 13 are quiet.
    assert told(on_day(2026, 12, 14))[:3] == [
        ("before", "07/12 08:00"),
        ("before", "11/12 08:00"),
        ("last_day", "14/12 08:00"),
    ]


def test_a_term_that_ends_on_friday_is_late_on_monday():
    # due Fri 11 Dec 2026: Mon 14 (1), Tue 15 (2), Thu 17 (3)
    assert told(on_day(2026, 12, 11))[-3:] == [
        ("late_1", "14/12 08:00"),
        ("late_2", "15/12 08:00"),
        ("late_3", "17/12 08:00"),
    ]


def test_culture_day_is_no_day_to_remind():
    # due Thu 26 Nov 2026; Wed 25 (1), [Tue 24 Culture Day], Mon 23 (2), [22, 21], Fri 20 (3), Thu 19 (4), Wed 18 (5)
    assert told(on_day(2026, 11, 26))[:2] == [("before", "18/11 08:00"), ("before", "25/11 08:00")]
    # due Mon 23 Nov: late on Wed 25, not on Tue 24
    assert told(on_day(2026, 11, 23))[3] == ("late_1", "25/11 08:00")


def test_reminders_step_over_tet():
    # Tết 2026: Mon 16 to Fri 20 February off, weekends 14-15 and 21-22 around it.
    # due Tue 24 Feb: Mon 23 (1), [14-22], Fri 13 (2), Thu 12 (3), Wed 11 (4), Tue 10 (5)
    assert told(on_day(2026, 2, 24))[:2] == [("before", "10/02 08:00"), ("before", "23/02 08:00")]
    # due Fri 13 Feb, the last day before Tết: late on Mon 23, Tue 24, Thu 26
    assert told(on_day(2026, 2, 13))[-3:] == [
        ("late_1", "23/02 08:00"),
        ("late_2", "24/02 08:00"),
        ("late_3", "26/02 08:00"),
    ]


def test_a_worked_saturday_is_a_day_to_remind():
    # Sat 22 Aug 2026 is worked for Mon 31. due Mon 24 Aug: one working day before is Sat 22.
    assert told(on_day(2026, 8, 24))[1] == ("before", "22/08 08:00")


def test_a_short_term_only_reminds_after_it_began():
    # asked Mon 14 Dec 2026 10:00, due Tue 15: "one day before" would be Mon 14 at 08:00, before the question came
    assert told(on_day(2026, 12, 15), starts_at=office(2026, 12, 14, 10))[0] == ("last_day", "15/12 08:00")


def test_a_term_that_ends_on_a_day_off_is_late_only_after_that_day():
    # the annual report: keep Fri 18 Dec 2026, allowed until Sat 19; late from Mon 21
    due = DueTime(date(2026, 12, 18), None, office(2026, 12, 20))
    assert told(due)[2:4] == [("last_day", "18/12 08:00"), ("late_1", "21/12 08:00")]


def test_a_due_day_that_became_a_day_off_is_reminded_on_the_working_day_before():
    storm = CALENDAR.with_overrides({date(2026, 12, 16): DayEntry(DayKind.HOLIDAY, "storm")})
    assert ("last_day", "15/12 08:00") in told(on_day(2026, 12, 16), calendar=storm)


def test_a_rule_may_have_a_ladder_of_its_own():
    ladder = Ladder(days_before=(3,), day_at=time(14, 30), late_days=(1, 2, 5))
    # due Wed 16 Dec 2026: 3 before is Fri 11; late one day after the first late day (Thu 17): Fri 18, Mon 21, Thu 24
    assert told(on_day(2026, 12, 16), ladder=ladder) == [
        ("before", "11/12 14:30"),
        ("last_day", "16/12 14:30"),
        ("late_1", "18/12 14:30"),
        ("late_2", "21/12 14:30"),
        ("late_3", "24/12 14:30"),
    ]


# Hour clocks


def test_an_hour_clock_reminds_at_12_4_and_1_hours_at_any_hour_and_three_times_after():
    # 24 hours from Sat 12 Dec 2026 02:10: the end is Sun 13 at 02:10, deep in the night of a weekend
    due = DueTime.at_minute(office(2026, 12, 13, 2, 10))
    assert told(due, starts_at=office(2026, 12, 12, 2, 10)) == [
        ("before", "12/12 14:10"),
        ("before", "12/12 22:10"),
        ("before", "13/12 01:10"),
        ("late_1", "13/12 02:11"),  # the due minute counts to its end
        ("late_2", "13/12 04:11"),
        ("late_3", "13/12 08:11"),
    ]


def test_an_hour_clock_speaks_through_tet_and_culture_day():
    assert told(DueTime.at_minute(office(2026, 2, 17, 3)))[0] == ("before", "16/02 15:00")
    assert told(DueTime.at_minute(office(2026, 11, 24, 23)))[0] == ("before", "24/11 11:00")


def test_a_12_hour_clock_has_no_reminder_at_its_own_beginning():
    due = DueTime.at_minute(office(2026, 12, 15, 20))
    assert told(due, starts_at=office(2026, 12, 15, 8))[0] == ("before", "15/12 16:00")


def test_a_clock_due_at_once_is_only_late():
    due = DueTime.at_minute(office(2026, 12, 15, 20))
    assert [rung for rung, _at in told(due, starts_at=office(2026, 12, 15, 20))] == ["late_1", "late_2", "late_3"]


# Stops


def stopped(from_at, until_at):
    return Stop(StopReason.WAITING_FOR_PRESS, from_at, until_at)


def test_a_stopped_clock_does_not_remind():
    # due Wed 16 Dec 2026 and stopped from Tue 8 at 15:00 to Wed 9 at 10:00: the reminder of Wed 9 at 08:00 is silent
    quiet = [stopped(office(2026, 12, 8, 15), office(2026, 12, 9, 10))]
    assert told(on_day(2026, 12, 16), quiet=quiet)[0] == ("before", "15/12 08:00")


def test_a_clock_reminds_again_from_the_minute_it_runs_on():
    quiet = [stopped(office(2026, 12, 8, 15), office(2026, 12, 9, 8))]
    assert told(on_day(2026, 12, 16), quiet=quiet)[0] == ("before", "09/12 08:00")


def test_a_stop_is_quiet_from_its_first_minute():
    quiet = [stopped(office(2026, 12, 9, 8), office(2026, 12, 9, 17))]
    assert told(on_day(2026, 12, 16), quiet=quiet)[0] == ("before", "15/12 08:00")


# The next one


def test_the_next_reminder_comes_strictly_after():
    due, at = on_day(2026, 12, 16), office(2026, 12, 9, 8)
    assert next_reminder(due, starts_at=LONG_AGO, calendar=CALENDAR, after=LONG_AGO) == Reminder(Rung.BEFORE, at, 5)
    assert next_reminder(due, starts_at=LONG_AGO, calendar=CALENDAR, after=at).at == office(2026, 12, 15, 8)


def test_after_the_third_level_there_is_none():
    last = office(2026, 12, 22, 8)
    assert next_reminder(on_day(2026, 12, 16), starts_at=LONG_AGO, calendar=CALENDAR, after=last) is None


# What holds for every due time

DUE_TIMES = st.one_of(
    st.dates(date(2026, 1, 5), date(2031, 12, 1)).map(DueTime.on_day),
    st.integers(0, 60 * 24 * 365 * 5).map(lambda n: DueTime.at_minute(LONG_AGO + timedelta(minutes=n))),
)


@given(DUE_TIMES)
def test_reminders_come_in_time_order_with_each_rung_in_its_place(due):
    every = reminders(due, starts_at=office(2024, 1, 1), calendar=CALENDAR)
    assert [each.at for each in every] == sorted(each.at for each in every)
    assert [each.level for each in every if each.level] == [1, 2, 3]
    assert all((each.at < due.ends_at) == (each.level == 0) for each in every)


@given(DUE_TIMES)
def test_day_terms_speak_only_on_working_days_at_eight(due):
    for each in reminders(due, starts_at=office(2024, 1, 1), calendar=CALENDAR) if due.due_on else ():
        at = in_office(each.at)
        assert CALENDAR.is_working_day(at.date())
        assert at.time() == time(8)


# What cannot be a ladder


@pytest.mark.parametrize(
    "wrong",
    [
        {"days_before": (1, 5)},
        {"days_before": (5, 5)},
        {"days_before": (0,)},
        {"days_before": (61,)},
        {"days_before": (6, 5, 4, 3, 2, 1)},
        {"hours_before": (169,)},
        {"late_days": (0, 1)},
        {"late_days": (1, 0, 3)},
        {"late_hours": (-1, 2, 6)},
        {"late_hours": (2, 2, 6)},
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadInput) as refusal:
        Ladder(**wrong)
    assert refusal.value.field == next(iter(wrong))


def test_a_ladder_may_have_no_reminder_before():
    assert told(on_day(2026, 12, 16), ladder=Ladder(days_before=()))[0][0] == "last_day"


# From when on, and what is said after a gap


def test_a_clock_that_is_set_says_nothing_of_reminders_that_are_past():
    # due Wed 16 Dec 2026, set on Fri 11: "5 days before" was Wed 9; the next is Tue 15.
    every = reminders(on_day(2026, 12, 16), starts_at=LONG_AGO, calendar=CALENDAR)
    assert planned_from(every, office(2026, 12, 11, 10)) == office(2026, 12, 15, 8)


def test_a_clock_that_is_late_when_it_is_set_is_told_at_every_level_that_came():
    every = reminders(on_day(2026, 12, 16), starts_at=LONG_AGO, calendar=CALENDAR)
    since = planned_from(every, now := office(2026, 12, 18, 9))
    assert since == office(2026, 12, 17, 8)
    assert rungs(to_say(every, since=since, now=now, ends_at=office(2026, 12, 17))) == ["late_1", "late_2"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (office(2026, 12, 9, 7, 59), []),
        (office(2026, 12, 9, 8), ["before"]),
        (office(2026, 12, 16, 9), ["last_day"]),  # both before it were missed
        (office(2026, 12, 17, 7), []),  # the end is past, the first level has not come
        (office(2026, 12, 17, 9), ["late_1"]),
        (office(2026, 12, 30, 9), ["late_1", "late_2", "late_3"]),
    ],
)
def test_after_a_gap_only_what_is_true_now_is_said_but_every_level(now, said):
    every = reminders(on_day(2026, 12, 16), starts_at=LONG_AGO, calendar=CALENDAR)
    assert rungs(to_say(every, since=every[0].at, now=now, ends_at=office(2026, 12, 17))) == said


def rungs(every):
    return [each.rung.value for each in every]


@given(st.lists(st.integers(0, 40 * 24), max_size=12), st.integers(1, 20))
def test_whenever_the_sender_runs_every_level_is_told_once_and_nothing_twice(hours, days):
    due = DueTime.on_day(CALENDAR.nth_working_day_after(date(2026, 12, 1), days))
    every = reminders(due, starts_at=office(2026, 12, 1, 9), calendar=CALENDAR)
    since, said = planned_from(every, office(2026, 12, 1, 9)), []
    for hour in [*sorted(hours), 41 * 24]:
        now = office(2026, 12, 1, 9) + timedelta(hours=hour)
        if since is not None and since <= now:
            said += to_say(every, since=since, now=now, ends_at=due.ends_at)
            since = next((each.at for each in every if each.at > now), None)
    assert len(said) == len(set(said))
    assert [each.level for each in said if each.level] == [
        each.level for each in every if each.level and each.at <= now
    ]
