"""The law's examples in working days, counted by hand on paper before the program was asked; see walks.py.

The checks read the walk itself: weekdays against dates, no day left out, the days off by name, the sum, the last day.

Days off 2026: Thu 1 January, Fri 2 January for Sat 10; Tết Mon 16 to Fri 20 February; Mon 27 April for Sunday's Hung
Kings' day; Thu 30 April, Fri 1 May; Mon 31 August for Sat 22, Tue 1 and Wed 2 September; Tue 24 November; proposed
only: Mon 23 for Sat 28 November. 2027: Fri 1 January; Tết Thu 4 to Wed 10 February (estimated); Fri 16 and 30 April,
Mon 3 May.
"""

from datetime import date, timedelta

import pytest

from pr_tracker.deadlines.rules import OutletPace, TermSettings
from pr_tracker.deadlines.rules_counting import stood_days
from pr_tracker.deadlines.rules_steps import ResultStep, SkippedStep, StopStep
from pr_tracker.office_time import in_office, office_instant
from tests.unit.walks import CONFIRMED, Walk, computed, day, moment, off_name, step_of

# Working days: (what it shows, clock, trigger, walk, more)

FIVE = TermSettings(internal_reply=5)
TET = "-Mon 16 tet, -Tue 17 tet, -Wed 18 tet, -Thu 19 tet, -Fri 20 tet"

WORKING_DAYS = [
    (
        "five working days step over Culture Day",
        "complaint_conclusion_notice",
        "Fri 20/11/2026 16:30",
        "-Sat 21, -Sun 22, Mon 23, -Tue 24 culture, Wed 25, Thu 26, Fri 27, -Sat 28, -Sun 29, Mon 30",
        {},
    ),
    (
        "fifteen working days",
        "forwarded_opinion_notice",
        "Fri 20/11/2026 10:05",
        "-Sat 21, -Sun 22, Mon 23, -Tue 24 culture, Wed 25, Thu 26, Fri 27, -Sat 28, -Sun 29, Mon 30, Tue 1, Wed 2,"
        " Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7, Tue 8, Wed 9, Thu 10, Fri 11, -Sat 12, -Sun 13, Mon 14",
        {},
    ),
    (
        "a confirmed swap takes one day and gives one: the end stays",
        "complaint_conclusion_notice",
        "Fri 20/11/2026 16:30",
        "-Sat 21, -Sun 22, -Mon 23 swapped, -Tue 24 culture, Wed 25, Thu 26, Fri 27, Sat 28, -Sun 29, Mon 30",
        {"calendar": CONFIRMED},
    ),
    (
        "the same swap moves a shorter term by a day",
        "internal_reply",
        "Fri 20/11/2026 16:30",
        "-Sat 21, -Sun 22, -Mon 23 swapped, -Tue 24 culture, Wed 25, Thu 26, Fri 27",
        {"calendar": CONFIRMED},
    ),
    (
        "a swap that is only proposed moves nothing",
        "internal_reply",
        "Fri 20/11/2026 16:30",
        "-Sat 21, -Sun 22, Mon 23, -Tue 24 culture, Wed 25, Thu 26",
        {},
    ),
    (
        "three in the morning of Saturday in the office is Saturday",
        "complaint_conclusion_notice",
        "Sat 21/11/2026 03:00",
        "-Sun 22, Mon 23, -Tue 24 culture, Wed 25, Thu 26, Fri 27, -Sat 28, -Sun 29, Mon 30",
        {},
    ),
    (
        "the nine days of Tết",
        "foreign_interview_leader",
        "Thu 12/02/2026 09:00",
        f"Fri 13, -Sat 14, -Sun 15, {TET}, -Sat 21, -Sun 22, Mon 23, Tue 24, Wed 25, Thu 26",
        {"version": "foreign_interview_leader@2012-12-20"},
    ),
    (
        "asked on the last afternoon before Tết, one working day",
        "internal_input",
        "Fri 13/02/2026 15:00",
        f"-Sat 14, -Sun 15, {TET}, -Sat 21, -Sun 22, Mon 23",
        {},
    ),
    (
        "received in the middle of Tết",
        "internal_reply",
        "Wed 18/02/2026 09:00",
        "-Thu 19 tet, -Fri 20 tet, -Sat 21, -Sun 22, Mon 23, Tue 24, Wed 25",
        {},
    ),
    (
        "Tết 2027, estimated, counts as off",
        "foreign_extra_reporter_opinion",
        "Fri 29/01/2027 11:00",
        "-Sat 30, -Sun 31, Mon 1, Tue 2, Wed 3, -Thu 4 tet, -Fri 5 tet, -Sat 6 tet, -Sun 7 tet, -Mon 8 tet,"
        " -Tue 9 tet, -Wed 10 tet, Thu 11, Fri 12",
        {},
    ),
    (
        "a day in lieu, 30 April and 1 May in one term",
        "internal_reply",
        "Fri 24/04/2026 14:00",
        "-Sat 25, -Sun 26 hung_kings, -Mon 27 hung_kings in lieu, Tue 28, Wed 29, -Thu 30 reunification,"
        " -Fri 1 labour, -Sat 2, -Sun 3, Mon 4",
        {},
    ),
    (
        "received on the eve of 30 April",
        "foreign_local_activity",
        "Wed 29/04/2026 16:45",
        "-Thu 30 reunification, -Fri 1 labour, -Sat 2, -Sun 3, Mon 4, Tue 5, Wed 6, Thu 7, Fri 8",
        {"version": "foreign_local_activity@2012-12-20"},
    ),
    (
        "1 May 2027 is a Saturday, so Monday is off in lieu",
        "internal_reply",
        "Thu 29/04/2027 08:00",
        "-Fri 30 reunification, -Sat 1 labour, -Sun 2, -Mon 3 labour in lieu, Tue 4, Wed 5, Thu 6",
        {},
    ),
    (
        "2 September with the swapped Monday",
        "complaint_conclusion_notice",
        "Thu 27/08/2026 10:00",
        "Fri 28, -Sat 29, -Sun 30, -Mon 31 swapped, -Tue 1 national, -Wed 2 national, Thu 3, Fri 4, -Sat 5, -Sun 6,"
        " Mon 7, Tue 8",
        {},
    ),
    (
        "the Saturday worked for it is counted",
        "foreign_interview_leader",
        "Thu 20/08/2026 09:00",
        "Fri 21, Sat 22, -Sun 23, Mon 24, Tue 25, Wed 26",
        {},
    ),
    (
        "received on a worked Saturday",
        "internal_reply",
        "Sat 22/08/2026 09:00",
        "-Sun 23, Mon 24, Tue 25, Wed 26",
        {},
    ),
    (
        "received on a public holiday",
        "denunciation_acceptance_notice",
        "Tue 01/09/2026 09:00",
        "-Wed 2 national, Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7, Tue 8, Wed 9, Thu 10, Fri 11",
        {},
    ),
    (
        "the year begins with four days off",
        "internal_reply",
        "Wed 31/12/2025 10:00",
        "-Thu 1 new_year, -Fri 2 swapped, -Sat 3, -Sun 4, Mon 5, Tue 6, Wed 7",
        {},
    ),
    (
        "Saturday 10 January is worked for Friday 2",
        "foreign_interview_leader",
        "Tue 06/01/2026 15:00",
        "Wed 7, Thu 8, Fri 9, Sat 10, -Sun 11, Mon 12",
        {},
    ),
    (
        "over the end of the year, and 25 December is worked",
        "press_answers_agency",
        "Mon 14/12/2026 09:00",
        "Tue 15, Wed 16, Thu 17, Fri 18, -Sat 19, -Sun 20, Mon 21, Tue 22, Wed 23, Thu 24, Fri 25, -Sat 26, -Sun 27,"
        " Mon 28, Tue 29, Wed 30, Thu 31, -Fri 1 new_year, -Sat 2, -Sun 3, Mon 4, Tue 5",
        {},
    ),
    (
        "a daily prints our answer within ten working days",
        "press_relay_answer",
        "Tue 22/12/2026 09:00",
        "Wed 23, Thu 24, Fri 25, -Sat 26, -Sun 27, Mon 28, Tue 29, Wed 30, Thu 31, -Fri 1 new_year, -Sat 2, -Sun 3,"
        " Mon 4, Tue 5, Wed 6",
        {"outlet": OutletPace.DAILY},
    ),
    (
        "a weekly within fifteen",
        "press_relay_answer",
        "Mon 23/11/2026 09:00",
        "-Tue 24 culture, Wed 25, Thu 26, Fri 27, -Sat 28, -Sun 29, Mon 30, Tue 1, Wed 2, Thu 3, Fri 4, -Sat 5, -Sun 6,"
        " Mon 7, Tue 8, Wed 9, Thu 10, Fri 11, -Sat 12, -Sun 13, Mon 14, Tue 15",
        {"outlet": OutletPace.WEEKLY},
    ),
    (
        "the first day of the new law: fifteen working days",
        "forwarded_opinion_notice",
        "Wed 01/07/2026 00:00",
        "Thu 2, Fri 3, -Sat 4, -Sun 5, Mon 6, Tue 7, Wed 8, Thu 9, Fri 10, -Sat 11, -Sun 12, Mon 13, Tue 14, Wed 15,"
        " Thu 16, Fri 17, -Sat 18, -Sun 19, Mon 20, Tue 21, Wed 22",
        {"version": "forwarded_opinion_notice@2026-07-01"},
    ),
    (
        "the last day of the old decree on the foreign press, counted into the new law's days",
        "foreign_interview_leader",
        "Tue 30/06/2026 23:59",
        "Wed 1, Thu 2, Fri 3, -Sat 4, -Sun 5, Mon 6, Tue 7",
        {"version": "foreign_interview_leader@2012-12-20"},
    ),
    (
        "an agency that gives itself five days",
        "internal_reply",
        "Mon 30/11/2026 09:00",
        "Tue 1, Wed 2, Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7",
        {"settings": FIVE},
    ),
    (
        "a stopped clock keeps the three days it had left",
        "internal_reply",
        "Mon 30/11/2026 09:00",
        "Tue 1, Wed 2, =Thu 3, =Fri 4, =Sat 5, =Sun 6, =Mon 7, =Tue 8, =Wed 9, =Thu 10, Fri 11, -Sat 12, -Sun 13,"
        " Mon 14, Tue 15",
        {"settings": FIVE, "stops": [("Wed 02/12/2026 15:00", "Thu 10/12/2026 08:00")]},
    ),
    (
        "stopped over Tết",
        "internal_reply",
        "Mon 09/02/2026 09:00",
        "Tue 10, Wed 11, =Thu 12, =Fri 13, =Sat 14, =Sun 15, =Mon 16, =Tue 17, =Wed 18, =Thu 19, =Fri 20, =Sat 21,"
        " =Sun 22, =Mon 23, Tue 24, Wed 25, Thu 26",
        {"settings": FIVE, "stops": [("Wed 11/02/2026 16:00", "Mon 23/02/2026 09:00")]},
    ),
    (
        "stopped twice",
        "internal_reply",
        "Mon 30/11/2026 09:00",
        "Tue 1, =Wed 2, =Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7, Tue 8, =Wed 9, =Thu 10, Fri 11",
        {
            "settings": FIVE,
            "stops": [
                ("Tue 01/12/2026 09:00", "Thu 03/12/2026 09:00"),
                ("Tue 08/12/2026 09:00", "Thu 10/12/2026 09:00"),
            ],
        },
    ),
    (
        "extended by two",
        "internal_reply",
        "Mon 30/11/2026 09:00",
        "Tue 1, Wed 2, Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7, Tue 8, Wed 9",
        {"settings": FIVE, "extensions": [(2, "Fri 04/12/2026 09:00")]},
    ),
    (
        "extended over Culture Day",
        "internal_reply",
        "Thu 19/11/2026 09:00",
        "Fri 20, -Sat 21, -Sun 22, Mon 23, -Tue 24 culture, Wed 25, Thu 26, Fri 27",
        {"extensions": [(2, "Mon 23/11/2026 09:00")]},
    ),
    (
        "stopped, then extended",
        "internal_reply",
        "Mon 30/11/2026 09:00",
        "Tue 1, Wed 2, =Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7, Tue 8, Wed 9",
        {
            "settings": FIVE,
            "stops": [("Wed 02/12/2026 15:00", "Thu 03/12/2026 08:00")],
            "extensions": [(1, "Fri 04/12/2026 09:00")],
        },
    ),
    (
        "stopped on its last day, it has the day on which it runs on",
        "internal_reply",
        "Mon 30/11/2026 09:00",
        "Tue 1, Wed 2, Thu 3, Fri 4, -Sat 5, -Sun 6, Mon 7, =Tue 8, =Wed 9",
        {"settings": FIVE, "stops": [("Mon 07/12/2026 09:00", "Wed 09/12/2026 16:00")]},
    ),
]


def of(table):
    return pytest.mark.parametrize(
        ("key", "trigger", "written", "more"),
        [pytest.param(*example[1:], id=example[0].replace(" ", "_")) for example in table],
    )


@of(WORKING_DAYS)
def test_working_days_by_hand(key, trigger, written, more):
    walk = Walk.read(written, day(trigger.rpartition(" ")[0]))
    deadline = computed(key, trigger, **more)
    assert deadline.due_on == walk.last
    assert deadline.ends_at == office_instant(walk.last + timedelta(days=1))
    assert step_of(ResultStep, deadline).nth == len(walk.counted)
    skipped = step_of(SkippedStep, deadline)
    assert [(off.day, off_name(off)) for off in (skipped.days if skipped else ())] == walk.off
    stood = [each for step in deadline.steps if isinstance(step, StopStep) for each in stood_days(step)]
    assert stood == walk.stood


def test_a_walk_with_a_wrong_weekday_or_a_missing_day_is_seen():
    """The reader of walks itself, seen red."""
    friday = date(2026, 11, 20)
    for wrong in ("-Sun 21", "-Sat 21, Mon 23"):
        with pytest.raises(AssertionError):
            Walk.read(wrong, friday)
    with pytest.raises(AssertionError):
        day("Thu 20/11/2026")
    assert in_office(moment("Fri 20/11/2026 16:30")).hour == 16
