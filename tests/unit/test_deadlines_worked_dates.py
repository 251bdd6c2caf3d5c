"""The law's examples in calendar days, hours, months and up to a date, counted by hand; see walks.py for how to read.

Days off 2026: Thu 1 January, Fri 2 January for Sat 10; Tết Mon 16 to Fri 20 February; Mon 27 April for Sunday's Hung
Kings' day; Thu 30 April, Fri 1 May; Mon 31 August for Sat 22, Tue 1 and Wed 2 September; Tue 24 November. 2027: Fri 1
January; Fri 30 April; Mon 3 May.
"""

from datetime import timedelta

import pytest

from pr_tracker.deadlines.rules import OutletPace
from pr_tracker.deadlines.rules_steps import NoRollStep, ResultStep, RollStep, SameDateStep, Undated
from pr_tracker.office_time import office_instant
from tests.unit.test_deadlines_worked_examples import WORKING_DAYS
from tests.unit.walks import CONFIRMED, computed, day, moment, step_of

# Calendar days: (what it shows, clock, trigger, the last day and each day it rolls over, the due day, more)

CALENDAR_DAYS = [
    ("30 days end on a Sunday", "answer_on_press", "Fri 20/11/2026 10:05", "Sun 20/12/2026", "Mon 21/12/2026", {}),
    (
        "the last day of the old law: 30 days",
        "forwarded_opinion_notice",
        "Tue 30/06/2026 23:59",
        "Thu 30/07/2026",
        "Thu 30/07/2026",
        {"version": "forwarded_opinion_notice@2017-01-01"},
    ),
    (
        "nothing rolls off a worked Saturday",
        "answer_on_press",
        "Thu 11/12/2025 09:00",
        "Sat 10/01/2026",
        "Sat 10/01/2026",
        {"version": "answer_on_press@2017-01-01"},
    ),
    (
        "a swapped day off and the weekend",
        "answer_on_press",
        "Wed 03/12/2025 09:00",
        "Fri 02/01/2026",
        "Mon 05/01/2026",
        {},
    ),
    ("into Tết, eight days on", "answer_on_press", "Fri 16/01/2026 09:00", "Sun 15/02/2026", "Mon 23/02/2026", {}),
    ("a day in lieu", "answer_on_press", "Sat 28/03/2026 09:00", "Mon 27/04/2026", "Tue 28/04/2026", {}),
    ("30 April, 1 May, a weekend", "answer_on_press", "Tue 31/03/2026 09:00", "Thu 30/04/2026", "Mon 04/05/2026", {}),
    (
        "the swapped Monday before 2 September",
        "answer_on_press",
        "Sat 01/08/2026 09:00",
        "Mon 31/08/2026",
        "Thu 03/09/2026",
        {},
    ),
    (
        "2 September itself",
        "complaint_acceptance_notice",
        "Sun 23/08/2026 09:00",
        "Wed 02/09/2026",
        "Thu 03/09/2026",
        {},
    ),
    ("Culture Day", "answer_on_press", "Sun 25/10/2026 09:00", "Tue 24/11/2026", "Wed 25/11/2026", {}),
    ("New Year's Day", "answer_on_press", "Wed 02/12/2026 09:00", "Fri 01/01/2027", "Mon 04/01/2027", {}),
    ("February has 28 days", "answer_on_press", "Mon 01/02/2027 09:00", "Wed 03/03/2027", "Wed 03/03/2027", {}),
    (
        "a daily corrects in two days",
        "correction_daily",
        "Fri 20/11/2026 16:30",
        "Sun 22/11/2026",
        "Mon 23/11/2026",
        {},
    ),
    (
        "a slow magazine, over New Year",
        "correction_periodical",
        "Wed 30/12/2026 09:00",
        "Fri 01/01/2027",
        "Mon 04/01/2027",
        {"outlet": OutletPace.SLOW_MAGAZINE},
    ),
    (
        "a daily publishes our feedback in two days",
        "feedback_publication",
        "Mon 23/11/2026 09:00",
        "Wed 25/11/2026",
        "Wed 25/11/2026",
        {"outlet": OutletPace.DAILY},
    ),
    (
        "a proposed day off does not roll",
        "correction_daily",
        "Sat 21/11/2026 09:00",
        "Mon 23/11/2026",
        "Mon 23/11/2026",
        {},
    ),
    (
        "confirmed it does, over Culture Day",
        "correction_daily",
        "Sat 21/11/2026 09:00",
        "Mon 23/11/2026",
        "Wed 25/11/2026",
        {"calendar": CONFIRMED},
    ),
    (
        "a Saturday that is to be worked is still a Saturday",
        "correction_daily",
        "Thu 26/11/2026 09:00",
        "Sat 28/11/2026",
        "Mon 30/11/2026",
        {},
    ),
    (
        "confirmed it is a working day",
        "correction_daily",
        "Thu 26/11/2026 09:00",
        "Sat 28/11/2026",
        "Sat 28/11/2026",
        {"calendar": CONFIRMED},
    ),
]


@pytest.mark.parametrize(
    ("key", "trigger", "last", "due", "more"),
    [pytest.param(*example[1:], id=example[0].replace(" ", "_")) for example in CALENDAR_DAYS],
)
def test_calendar_days_by_hand(key, trigger, last, due, more):
    deadline = computed(key, trigger, **more)
    assert deadline.due_on == day(due)
    roll = step_of(RollStep, deadline)
    assert (roll.from_on if roll else deadline.due_on) == day(last)
    assert (roll is not None) == (last != due)


# Clock hours and moments: nothing rolls, day or night

HOURS = [
    ("incident_initial_info", "Sat 21/11/2026 22:00", "Sun 22/11/2026 22:00", {}),  # through the weekend
    ("incident_initial_info", "Mon 23/11/2026 12:40", "Tue 24/11/2026 12:40", {}),  # into Culture Day
    ("incident_initial_info", "Tue 17/02/2026 02:15", "Wed 18/02/2026 02:15", {}),  # a night of Tết
    # from the event itself under the old decree, from when the agency handles it under the new
    (
        "incident_initial_info",
        "Tue 30/06/2026 23:30",
        "Wed 01/07/2026 23:30",
        {"version": "incident_initial_info@2017-03-30"},
    ),
    (
        "incident_initial_info",
        "Wed 01/07/2026 00:30",
        "Thu 02/07/2026 00:30",
        {"version": "incident_initial_info@2026-07-01"},
    ),
    ("incident_initial_info", "Mon 28/02/2028 09:00", "Tue 29/02/2028 09:00", {}),  # a leap day
    ("divided_opinion_initial_info", "Thu 31/12/2026 23:59", "Fri 01/01/2027 23:59", {}),  # over the year's end
    ("spokesperson_publication", "Tue 30/06/2026 10:00", "Tue 30/06/2026 22:00", {}),  # 12 hours before July 2026
    ("spokesperson_publication", "Wed 01/07/2026 10:00", "Thu 02/07/2026 10:00", {}),  # 24 since
    # counted back from the planned start
    ("press_conference_notice", "Mon 23/11/2026 08:30", "Sun 22/11/2026 08:30", {}),
    ("press_conference_refusal", "Mon 23/11/2026 08:30", "Sun 22/11/2026 20:30", {}),
    ("press_conference_notice", "Wed 25/11/2026 14:00", "Tue 24/11/2026 14:00", {}),  # Culture Day
    ("press_conference_notice", "Thu 03/09/2026 09:00", "Wed 02/09/2026 09:00", {}),  # National Day
    ("press_conference_notice", "Fri 01/01/2027 06:00", "Thu 31/12/2026 06:00", {}),
    ("correction_online", "Fri 20/11/2026 16:30", "Fri 20/11/2026 16:30", {}),  # at once
    ("feedback_publication", "Sun 22/11/2026 07:00", "Sun 22/11/2026 07:00", {"outlet": OutletPace.ONLINE}),
]


@pytest.mark.parametrize(("key", "trigger", "due", "more"), HOURS)
def test_hours_by_hand(key, trigger, due, more):
    deadline = computed(key, trigger, **more)
    assert deadline.due_at == moment(due)
    assert deadline.ends_at == moment(due) + timedelta(minutes=1)
    assert (deadline.due_on, deadline.warn_on) == (None, None)


# Months: (trigger, the same date of the last month, whether it is the month's last for want of such a date, due day)

MONTHS = [
    ("Fri 20/11/2026 09:00", "Sat 20/02/2027", False, "Mon 22/02/2027"),
    ("Mon 30/11/2026 09:00", "Sun 28/02/2027", True, "Mon 01/03/2027"),  # no 30 February
    # no 31 April; Fri 30 April, Sat 1 May, Sun 2, and Mon 3 in lieu are off
    ("Sun 31/01/2027 09:00", "Fri 30/04/2027", True, "Tue 04/05/2027"),
    ("Mon 29/11/2027 09:00", "Tue 29/02/2028", False, "Tue 29/02/2028"),  # a leap day
    ("Wed 01/07/2026 09:00", "Thu 01/10/2026", False, "Thu 01/10/2026"),
]


@pytest.mark.parametrize(("trigger", "same", "last_of_month", "due"), MONTHS)
def test_months_by_hand(trigger, same, last_of_month, due):
    deadline = computed("press_conference_quarterly", trigger)
    assert step_of(SameDateStep, deadline) == SameDateStep(day(same), last_of_month)
    assert deadline.due_on == day(due)


# Before a date, within a month: (clock, trigger, last day allowed, the working day to keep)

NO_ROLL = [
    ("annual_report", "Mon 02/11/2026 09:00", "Sat 19/12/2026", "Fri 18/12/2026"),
    ("annual_report", "Mon 01/11/2027 09:00", "Sun 19/12/2027", "Fri 17/12/2027"),
    ("annual_report", "Wed 01/11/2028 09:00", "Tue 19/12/2028", "Tue 19/12/2028"),
    ("periodic_info", "Mon 05/10/2026 09:00", "Sat 31/10/2026", "Fri 30/10/2026"),
    ("periodic_info", "Mon 04/01/2027 09:00", "Sun 31/01/2027", "Fri 29/01/2027"),
    # Mon 31 August is off for Sat 22, Sun 30 and Sat 29 are a weekend
    ("periodic_info", "Wed 12/08/2026 09:00", "Mon 31/08/2026", "Fri 28/08/2026"),
    ("periodic_info", "Thu 01/04/2027 09:00", "Fri 30/04/2027", "Thu 29/04/2027"),  # Reunification Day
]


@pytest.mark.parametrize(("key", "trigger", "last", "keep"), NO_ROLL)
def test_what_must_be_done_by_a_day_never_rolls_forward(key, trigger, last, keep):
    deadline = computed(key, trigger)
    assert step_of(NoRollStep, deadline).last_on == day(last)
    assert (deadline.due_on, deadline.warn_on) == (day(keep), day(keep))
    assert deadline.ends_at == office_instant(day(last) + timedelta(days=1))


@pytest.mark.parametrize(
    ("key", "outlet"),
    [
        ("correction_periodical", OutletPace.WEEKLY),
        ("correction_periodical", OutletPace.MAGAZINE),
        ("feedback_publication", OutletPace.WEEKLY),
        ("press_relay_answer", OutletPace.MAGAZINE),
        ("press_relay_answer", OutletPace.SLOW_MAGAZINE),
    ],
)
def test_what_is_owed_in_the_next_issue_has_no_date(key, outlet):
    deadline = computed(key, "Fri 20/11/2026 16:30", outlet=outlet)
    assert (deadline.due_on, deadline.due_at, deadline.due) == (None, None, None)
    assert deadline.steps[-1] == ResultStep(undated=Undated.NEXT_ISSUE)


def test_there_are_at_least_forty_examples():
    assert len(WORKING_DAYS) + len(CALENDAR_DAYS) + len(HOURS) + len(MONTHS) + len(NO_ROLL) >= 75
