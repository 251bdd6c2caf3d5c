"""The worked examples of domain.md §6, counted by hand; each date is written with its weekday."""

import json
from datetime import UTC, date, datetime, time

import pytest

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import ClockKey, Deadline, OutletPace, TermSettings, compute
from pr_tracker.deadlines.rules_steps import (
    NoRollStep,
    ProposedStep,
    ResultStep,
    RollStep,
    SameDateStep,
    SkippedStep,
    Undated,
)
from pr_tracker.errors import BadInput, NotFound
from pr_tracker.office_time import office_instant

CALENDAR = seeded_calendar()
FRI_20_NOV = office_instant(date(2026, 11, 20), time(16, 30))
MON_30_NOV = date(2026, 11, 30)
MON_14_DEC = date(2026, 12, 14)
MON_21_DEC = date(2026, 12, 21)


def due(key, at, calendar=CALENDAR, **more):
    return compute(key, at, calendar=calendar, **more)


def office(*parts):
    return office_instant(date(*parts[:3]), time(*parts[3:]))


def steps_of(kind, deadline):
    return [step for step in deadline.steps if isinstance(step, kind)]


# Working days


def test_five_working_days_from_friday_20_november_skip_culture_day_and_end_on_monday_30():
    deadline = due("complaint_conclusion_notice", FRI_20_NOV)
    # Mon 23 (1), [Tue 24 off], Wed 25 (2), Thu 26 (3), Fri 27 (4), [Sat 28, Sun 29], Mon 30 (5)
    assert deadline.due_on == MON_30_NOV
    assert [off.day.day for off in steps_of(SkippedStep, deadline)[0].days] == [21, 22, 24, 28, 29]


def test_fifteen_working_days_from_friday_20_november_end_on_monday_14_december():
    assert due("forwarded_opinion_notice", FRI_20_NOV).due_on == MON_14_DEC


def test_a_term_in_days_ends_at_midnight_after_its_last_day():
    assert due("forwarded_opinion_notice", FRI_20_NOV).ends_at == office(2026, 12, 15)


def test_a_question_received_after_midnight_on_saturday_in_the_office_counts_as_saturday():
    at = datetime(2026, 11, 20, 20, tzinfo=UTC)  # Sat 21 November 03:00 in the office
    assert due("complaint_conclusion_notice", at).due_on == MON_30_NOV


def test_working_days_pass_over_the_nine_days_of_tet():
    # Thu 12 Feb 2026: Fri 13 (1), [Sat 14 to Sun 22], Mon 23 (2), Tue 24 (3), Wed 25 (4), Thu 26 (5)
    deadline = due("foreign_interview_leader", office(2026, 2, 12, 9))
    assert deadline.due_on == date(2026, 2, 26)
    assert len(steps_of(SkippedStep, deadline)[0].days) == 9


def test_a_swapped_working_saturday_is_counted():
    # Thu 20 Aug 2026: Fri 21 (1), Sat 22 worked (2), [Sun 23], Mon 24 (3), Tue 25 (4), Wed 26 (5)
    assert due("foreign_interview_leader", office(2026, 8, 20, 9)).due_on == date(2026, 8, 26)


# Calendar days


def test_thirty_days_from_friday_20_november_end_on_a_sunday_and_roll_to_monday_21_december():
    deadline = due("answer_on_press", FRI_20_NOV)
    assert deadline.due_on == MON_21_DEC
    assert steps_of(RollStep, deadline)[0].from_on == date(2026, 12, 20)  # Sunday


def test_nothing_rolls_off_a_swapped_working_saturday():
    deadline = due("answer_on_press", office(2025, 12, 11, 9))  # 30 days: Sat 10 January 2026, worked
    assert deadline.due_on == date(2026, 1, 10)
    assert not steps_of(RollStep, deadline)


def test_a_term_that_ends_on_a_swapped_day_off_rolls_over_the_weekend():
    # Wed 3 Dec 2025 and 30 days: Fri 2 Jan 2026, off; Sat 3, Sun 4; so Mon 5
    deadline = due("answer_on_press", office(2025, 12, 3, 9))
    assert deadline.due_on == date(2026, 1, 5)
    assert [off.day.day for off in steps_of(RollStep, deadline)[0].days] == [2, 3, 4]


def test_a_term_that_ends_in_tet_rolls_to_the_monday_after_it():
    # Fri 16 Jan 2026 and 30 days: Sun 15 Feb; Tết 16 to 20; Sat 21, Sun 22; so Mon 23
    assert due("answer_on_press", office(2026, 1, 16, 9)).due_on == date(2026, 2, 23)


def test_a_term_that_ends_on_a_day_in_lieu_rolls():
    # Sat 28 Mar 2026 and 30 days: Mon 27 Apr, in lieu of Sunday's Hung Kings' day; so Tue 28
    assert due("answer_on_press", office(2026, 3, 28, 9)).due_on == date(2026, 4, 28)


# Clock hours


def test_twenty_four_hours_run_through_the_weekend():
    deadline = due("incident_initial_info", office(2026, 11, 21, 22))  # Sat 22:00
    assert deadline.due_at == office(2026, 11, 22, 22)  # Sun 22:00
    assert deadline.due_on is None


def test_twenty_four_hours_run_into_a_public_holiday():
    assert due("incident_initial_info", office(2026, 11, 23, 12, 40)).due_at == office(2026, 11, 24, 12, 40)


def test_the_last_minute_of_an_hour_term_is_in_time():
    assert due("incident_initial_info", office(2026, 11, 23, 12, 40)).ends_at == office(2026, 11, 24, 12, 41)


def test_the_notice_of_a_press_conference_is_counted_back_from_its_start():
    monday_8_30 = office(2026, 11, 23, 8, 30)
    assert due("press_conference_notice", monday_8_30).due_at == office(2026, 11, 22, 8, 30)  # Sunday, no roll
    assert due("press_conference_refusal", monday_8_30).due_at == office(2026, 11, 22, 20, 30)


def test_an_online_newspaper_corrects_at_once():
    assert due("correction_online", FRI_20_NOV).due_at == FRI_20_NOV


# Months, dates, periods


def test_three_months_end_on_the_same_date_and_roll_as_calendar_days():
    # Fri 20 Nov 2026: Sat 20 Feb 2027, so Mon 22
    assert due("press_conference_quarterly", FRI_20_NOV).due_on == date(2027, 2, 22)


def test_a_month_without_that_date_lends_its_last_day():
    deadline = due("press_conference_quarterly", office(2026, 11, 30, 9))  # there is no 30 February
    assert steps_of(SameDateStep, deadline) == [SameDateStep(date(2027, 2, 28), last_of_month=True)]  # Sunday
    assert deadline.due_on == date(2027, 3, 1)  # Monday


@pytest.mark.parametrize(
    ("year", "last", "keep"),
    [
        (2026, date(2026, 12, 19), date(2026, 12, 18)),  # Saturday: keep Friday
        (2027, date(2027, 12, 19), date(2027, 12, 17)),  # Sunday: keep Friday
        (2028, date(2028, 12, 19), date(2028, 12, 19)),  # Tuesday
    ],
)
def test_before_20_december_means_done_by_the_19th_and_never_rolls_forward(year, last, keep):
    deadline = due("annual_report", office(year, 11, 2, 9))
    assert (deadline.due_on, deadline.warn_on) == (keep, keep)
    assert steps_of(NoRollStep, deadline)[0].last_on == last
    assert deadline.ends_at == office(year, 12, 20)


def test_monthly_information_ends_with_the_month_and_is_kept_on_its_last_working_day():
    deadline = due("periodic_info", office(2026, 10, 5, 9))
    assert deadline.due_on == date(2026, 10, 30)  # Fri; 31 October is a Saturday
    assert deadline.ends_at == office(2026, 11, 1)


def test_a_weekly_corrects_in_its_next_issue_which_has_no_date():
    deadline = due("correction_periodical", FRI_20_NOV, outlet=OutletPace.WEEKLY)
    assert (deadline.due_on, deadline.due_at, deadline.ends_at, deadline.due) == (None, None, None, None)
    assert deadline.steps[-1] == ResultStep(undated=Undated.NEXT_ISSUE)


def test_a_magazine_slower_than_thirty_days_answers_in_two_days():
    deadline = due("correction_periodical", FRI_20_NOV, outlet=OutletPace.SLOW_MAGAZINE)
    assert deadline.due_on == date(2026, 11, 23)  # Sun 22 rolls to Mon 23


@pytest.mark.parametrize(
    ("outlet", "expected"),
    [
        (None, date(2026, 12, 7)),  # as a daily: 10 working days, Mon
        (OutletPace.ONLINE, date(2026, 12, 7)),
        (OutletPace.WEEKLY, MON_14_DEC),  # 15 working days
        (OutletPace.MAGAZINE, None),
    ],
)
def test_how_soon_the_press_prints_our_answer_depends_on_how_often_it_appears(outlet, expected):
    assert due("press_relay_answer", FRI_20_NOV, outlet=outlet).due_on == expected


def test_an_outlet_a_rule_does_not_speak_of_is_refused():
    with pytest.raises(BadInput, match="no term for this kind of press agency"):
        due("correction_periodical", FRI_20_NOV, outlet=OutletPace.DAILY)


# Settings


def test_the_internal_terms_are_three_and_one_working_days_unless_set():
    assert due("internal_reply", FRI_20_NOV).due_on == date(2026, 11, 26)  # Mon 23, Wed 25, Thu 26
    assert due("internal_input", FRI_20_NOV).due_on == date(2026, 11, 23)  # Mon
    assert due("internal_reply", FRI_20_NOV, settings=TermSettings(internal_reply=5)).due_on == MON_30_NOV
    assert due("internal_reply", FRI_20_NOV).rule.from_setting


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_term_of_no_days_or_of_months_on_end_cannot_be_set(days):
    with pytest.raises(BadInput, match="1 to 60 days"):
        TermSettings(internal_reply=days)


# Versions


def test_the_version_in_force_on_the_office_day_of_the_trigger_counts():
    tuesday = due("forwarded_opinion_notice", office(2026, 6, 30, 23, 59))
    wednesday = due("forwarded_opinion_notice", datetime(2026, 6, 30, 17, 30, tzinfo=UTC))  # Wed 1 July 00:30
    assert tuesday.due_on == date(2026, 7, 30)  # 30 calendar days, Thu
    assert wednesday.due_on == date(2026, 7, 22)  # 15 working days, Wed
    assert wednesday.version == "forwarded_opinion_notice@2026-07-01"


def test_an_authorisation_was_published_within_twelve_hours_before_july_2026():
    assert due("spokesperson_publication", office(2026, 6, 30, 10)).due_at == office(2026, 6, 30, 22)
    assert due("spokesperson_publication", office(2026, 7, 1, 10)).due_at == office(2026, 7, 2, 10)


def test_a_day_before_any_version_is_refused_with_the_first_day_that_would_do():
    with pytest.raises(BadInput, match=r"no version in force on 31/12/2016; the first one begins on 01/01/2017"):
        due("answer_on_press", office(2016, 12, 31, 9))


def test_an_unknown_clock_is_refused_by_name():
    with pytest.raises(NotFound, match="no clock named lunch"):
        due("lunch", FRI_20_NOV)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(BadInput, match="time zone"):
        due("internal_reply", datetime(2026, 11, 20, 16, 30))


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_time_at_the_end_of_all_calendars_is_refused(at):
    for key in ClockKey:
        with pytest.raises(BadInput):
            due(key, at)


def test_a_term_that_runs_out_of_the_calendar_is_refused():
    with pytest.raises(BadInput, match="covers the years 2005 to 2060"):
        due("answer_on_press", office(2060, 12, 20, 9))


# Proposals


def test_the_proposed_swap_of_23_november_is_named_and_not_applied():
    deadline = due("internal_input", FRI_20_NOV)
    (proposed,) = steps_of(ProposedStep, deadline)
    assert deadline.due_on == date(2026, 11, 23)  # Monday, still worked
    assert proposed.days[0].day == date(2026, 11, 23)
    assert proposed.due_on_if_confirmed == date(2026, 11, 25)  # Wednesday


def test_confirming_the_proposed_swap_leaves_five_and_fifteen_working_days_where_they_were():
    # Wed 25 (1), Thu 26 (2), Fri 27 (3), Sat 28 worked (4), Mon 30 (5)
    agreed = CALENDAR.with_proposals_confirmed()
    assert due("complaint_conclusion_notice", FRI_20_NOV, agreed).due_on == MON_30_NOV
    assert due("forwarded_opinion_notice", FRI_20_NOV, agreed).due_on == MON_14_DEC
    assert due("internal_input", FRI_20_NOV, agreed).due_on == date(2026, 11, 25)


# Keeping


@pytest.mark.parametrize("key", ClockKey)
def test_a_deadline_comes_back_from_json_as_it_was(key):
    deadline = due(key, FRI_20_NOV)
    assert Deadline.from_json(json.loads(json.dumps(deadline.to_json()))) == deadline


def test_the_json_of_a_deadline_is_codes_and_iso_dates():
    written = due("incident_initial_info", FRI_20_NOV).to_json()
    assert written["due_at"] == "2026-11-21T16:30:00+07:00"
    assert written["steps"][0]["term"] == {"kind": "clock_hours", "hours": 24}
    assert [step["kind"] for step in written["steps"]] == ["rule", "trigger", "result"]


def test_json_written_before_a_field_existed_is_still_read():
    written = due("answer_on_press", FRI_20_NOV).to_json()
    del written["steps"][0]["outlet"]
    assert Deadline.from_json(written) == due("answer_on_press", FRI_20_NOV)
