"""The law's examples, counted by hand on paper before the program was asked, each day with its weekday.

A walk names every single day after the trigger, in order:
  "Mon 23"           counted
  "-Sat 21"          not counted, a weekend; "-Tue 24 culture" a day off by its name
  "=Thu 3"           the clock stood still
The checks read the walk itself: weekdays against dates, no day left out, the days off by name, the sum, the last day.

Days off 2026: Thu 1 January, Fri 2 January for Sat 10; Tết Mon 16 to Fri 20 February; Mon 27 April for Sunday's Hung
Kings' day; Thu 30 April, Fri 1 May; Mon 31 August for Sat 22, Tue 1 and Wed 2 September; Tue 24 November; proposed
only: Mon 23 for Sat 28 November. 2027: Fri 1 January; Tết Thu 4 to Wed 10 February (estimated); Fri 16 and 30 April,
Mon 3 May.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import OutletPace, TermSettings, compute
from pr_tracker.deadlines.rules_calendar import OffReason
from pr_tracker.deadlines.rules_counting import stood_days
from pr_tracker.deadlines.rules_steps import (
    NoRollStep,
    ResultStep,
    RollStep,
    SameDateStep,
    SkippedStep,
    StopStep,
    Undated,
)
from pr_tracker.deadlines.rules_terms import Extension, ExtensionReason, Stop, StopReason
from pr_tracker.office_time import OFFICE_ZONE, in_office, office_instant

CALENDAR = seeded_calendar()
CONFIRMED = CALENDAR.with_proposals_confirmed()
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(written):
    """The date of "Fri 20/11/2026"; the weekday must be the right one."""
    weekday, numbers = written.split()
    found = datetime.strptime(numbers, "%d/%m/%Y").date()
    assert WEEKDAYS[found.weekday()] == weekday, f"{written} is a {WEEKDAYS[found.weekday()]}"
    return found


def moment(written):
    """The instant of "Fri 20/11/2026 16:30" on the office's clock."""
    on, _, time = written.rpartition(" ")
    at = datetime.strptime(time, "%H:%M").time()
    return datetime.combine(day(on), at, OFFICE_ZONE).astimezone(UTC)


def stop(from_at, until_at):
    return Stop(StopReason.WAITING_FOR_OUTSIDE, moment(from_at), moment(until_at))


def longer(days, granted_at):
    return Extension(ExtensionReason.MANY_AGENCIES, days, moment(granted_at))


@dataclass
class Walk:
    """A walk read: the days counted, those stood still, and those off with the names they are given."""

    counted: list = field(default_factory=list)
    stood: list = field(default_factory=list)
    off: list = field(default_factory=list)
    last: date = None

    @classmethod
    def read(cls, written, after):
        walk, today = cls(), after
        for token in written.replace("\n", " ").split(","):
            sign, weekday, number, name = _parts(token.strip())
            today += timedelta(days=1)
            assert (WEEKDAYS[today.weekday()], today.day) == (weekday, number), f"{token.strip()}: it is {today:%a %d}"
            if sign == "-":
                walk.off.append((today, name))
            else:
                (walk.stood if sign == "=" else walk.counted).append(today)
        walk.last = today
        return walk


def _parts(token):
    sign = token[0] if token[0] in "-=" else ""
    weekday, number, *name = token.removeprefix(sign).split()
    return sign, weekday, int(number), " ".join(name)


def off_name(off):
    """How a walk calls a day off."""
    if off.reason is OffReason.WEEKEND:
        return ""
    kind = {OffReason.SWAPPED_OFF: "swapped", OffReason.DAY_IN_LIEU: "in lieu"}.get(off.reason, "")
    return " ".join(filter(None, (off.name, kind)))


def step_of(kind, deadline):
    return next((step for step in deadline.steps if isinstance(step, kind)), None)


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


def computed(key, trigger, *, calendar=CALENDAR, stops=(), extensions=(), version=None, **more):
    deadline = compute(
        key,
        moment(trigger),
        calendar=calendar,
        stops=[stop(*each) for each in stops],
        extensions=[longer(*each) for each in extensions],
        **more,
    )
    assert version in (None, deadline.version)
    return deadline


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


def test_a_walk_with_a_wrong_weekday_or_a_missing_day_is_seen():
    """The reader of walks itself, seen red."""
    friday = date(2026, 11, 20)
    for wrong in ("-Sun 21", "-Sat 21, Mon 23"):
        with pytest.raises(AssertionError):
            Walk.read(wrong, friday)
    with pytest.raises(AssertionError):
        day("Thu 20/11/2026")
    assert in_office(moment("Fri 20/11/2026 16:30")).hour == 16
