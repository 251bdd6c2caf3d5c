"""All versions of all clocks: no day without one, no day with two, none changed once it is in force."""

import json
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import SHIPPED, ClockKey, TermSettings, compute, under
from pr_tracker.deadlines.rules_book import NewVersion, book_of, term_kinds
from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_steps import from_json, to_json
from pr_tracker.deadlines.rules_table import VERSIONS, Bearer, Citation, Confidence, Instrument, Trigger
from pr_tracker.deadlines.rules_terms import (
    Allowance,
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    DayUnit,
    EveryMonth,
    Extension,
    ExtensionReason,
    HoursBefore,
    Months,
    NextIssue,
    OutletPace,
    SettingDays,
    Stop,
    StopReason,
    WorkingDays,
)
from pr_tracker.errors import BadInput
from pr_tracker.office_time import office_instant

DECREE_300 = Citation(Instrument.OTHER, 12, 3, "a", name="Nghị định 300/2027/NĐ-CP")
MARCH = date(2027, 3, 1)
TEN_DAYS = WorkingDays(10)
TODAY = date(2026, 11, 23)
CALENDAR = seeded_calendar()


def new(key=ClockKey.FORWARDED_OPINION_NOTICE, *, term=TEN_DAYS, since=MARCH, basis=(DECREE_300,), **more):
    return NewVersion(key, since, term, basis, Confidence.TEXT, **more)


def test_the_shipped_book_is_the_table():
    assert set(SHIPPED.versions) == set(VERSIONS)


def test_a_newer_version_ends_the_one_before_on_the_day_before():
    book = SHIPPED.supersede(new())
    newest, before, oldest = book.versions_of("forwarded_opinion_notice")
    assert (newest.valid_from, newest.valid_to) == (MARCH, None)
    assert before.valid_to == date(2027, 2, 28)
    assert oldest == SHIPPED.versions_of("forwarded_opinion_notice")[1]


def test_a_newer_version_has_the_trigger_and_the_bearer_of_the_one_before():
    newest = SHIPPED.supersede(new()).versions_of("forwarded_opinion_notice")[0]
    assert (newest.trigger, newest.bearer) == (Trigger.OPINION_SENT, Bearer.HEAD)
    assert newest.code == "forwarded_opinion_notice@2027-03-01"
    assert str(newest.basis[0]) == "Nghị định 300/2027/NĐ-CP Art 12(3)(a)"


def test_the_version_that_counts_is_the_one_of_the_day_of_the_trigger():
    book = SHIPPED.supersede(new())
    # Sunday 28 February 2027 still has 15 working days; Monday 1 March has 10.
    assert book.version_on("forwarded_opinion_notice", date(2027, 2, 28)).term == WorkingDays(15)
    assert book.version_on("forwarded_opinion_notice", MARCH).term == WorkingDays(10)


@pytest.mark.parametrize("since", [date(2026, 7, 1), date(2026, 6, 30), date(2017, 1, 1)])
def test_a_version_in_force_is_never_changed(since):
    with pytest.raises(BadInput, match="must begin later") as refusal:
        SHIPPED.supersede(new(since=since))
    assert refusal.value.field == "valid_from"


def test_a_version_entered_later_for_an_earlier_day_still_begins_after_the_newest():
    assert SHIPPED.supersede(new(since=date(2026, 7, 2))).version_on("forwarded_opinion_notice", TODAY).term.days == 10


def test_two_future_versions_follow_each_other():
    book = SHIPPED.supersede(new()).supersede(new(since=date(2028, 1, 1), term=WorkingDays(7)))
    assert book.versions_of("forwarded_opinion_notice")[1].valid_to == date(2027, 12, 31)
    with pytest.raises(BadInput, match="must begin later"):
        book.supersede(new(since=date(2027, 6, 1)))


def test_a_version_that_has_not_begun_is_withdrawn_and_the_one_before_goes_on():
    book = SHIPPED.supersede(new())
    assert book.withdraw(book.versions_of("forwarded_opinion_notice")[0], today=TODAY) == SHIPPED


@pytest.mark.parametrize("today", [MARCH, MARCH + timedelta(days=1)])
def test_a_version_in_force_is_never_withdrawn(today):
    book = SHIPPED.supersede(new())
    with pytest.raises(BadInput, match="only superseded"):
        book.withdraw(book.versions_of("forwarded_opinion_notice")[0], today=today)


def test_a_version_stands_on_a_text():
    with pytest.raises(BadInput, match="Name the text"):
        SHIPPED.supersede(new(basis=()))


# Which terms


@pytest.mark.parametrize(
    ("key", "term"),
    [
        (ClockKey.PRESS_CONFERENCE_NOTICE, ClockHours(24)),  # counted back from the start
        (ClockKey.PERIODIC_INFO, WorkingDays(5)),  # once a month
        (ClockKey.ANNUAL_REPORT, CalendarDays(30)),  # before a date
        (ClockKey.ANSWER_ON_PRESS, NextIssue()),  # agencies have no issue
        (ClockKey.ANSWER_ON_PRESS, SettingDays(DayUnit.WORKING)),  # a statute sets its own number
        (ClockKey.INTERNAL_REPLY, ClockHours(24)),
        (ClockKey.FEEDBACK_PUBLICATION, CalendarDays(2)),  # one for each kind of press agency
        (ClockKey.ANSWER_ON_PRESS, ByOutlet(((OutletPace.DAILY, WorkingDays(5)),))),
        (ClockKey.ANSWER_ON_PRESS, CalendarDays(0)),
        (ClockKey.ANSWER_ON_PRESS, CalendarDays(366)),
        (ClockKey.INCIDENT_INITIAL_INFO, ClockHours(0)),
        (ClockKey.PRESS_CONFERENCE_QUARTERLY, Months(25)),
        (ClockKey.ANNUAL_REPORT, BeforeDate(2, 29)),
        (ClockKey.ANNUAL_REPORT, BeforeDate(13, 1)),
    ],
)
def test_a_term_that_makes_no_sense_for_the_clock_is_refused(key, term):
    with pytest.raises(BadInput) as refusal:
        SHIPPED.supersede(new(key, term=term))
    assert refusal.value.field == "term"


@pytest.mark.parametrize(
    ("key", "term"),
    [
        (ClockKey.PRESS_CONFERENCE_NOTICE, HoursBefore(48)),
        (ClockKey.PERIODIC_INFO, EveryMonth()),
        (ClockKey.ANNUAL_REPORT, BeforeDate(12, 15)),
        (ClockKey.PRESS_CONFERENCE_QUARTERLY, Months(6)),
        (ClockKey.INTERNAL_REPLY, SettingDays(DayUnit.WORKING)),
        (ClockKey.INTERNAL_REPLY, WorkingDays(4)),
        (ClockKey.COMPLAINT_ACCEPTANCE_NOTICE, CalendarDays(10)),
        (ClockKey.CORRECTION_ONLINE, ClockHours(6)),
        (ClockKey.CORRECTION_ONLINE, AtOnce()),
        (
            ClockKey.FEEDBACK_PUBLICATION,
            ByOutlet(((OutletPace.DAILY, ClockHours(24)), (OutletPace.WEEKLY, NextIssue()))),
        ),
    ],
)
def test_a_term_that_fits_the_clock_is_taken_and_can_be_counted(key, term):
    book = SHIPPED.supersede(new(key, term=term))
    assert compute(key, office_instant(MARCH, time(9)), calendar=CALENDAR, book=book).version == f"{key}@2027-03-01"


def test_only_a_term_in_days_has_an_allowance():
    with pytest.raises(BadInput) as refusal:
        SHIPPED.supersede(new(term=ClockHours(24), allowance=Allowance(5, 5)))
    assert refusal.value.field == "stop_days"


@pytest.mark.parametrize("key", ClockKey)
def test_the_term_a_clock_has_may_be_kept(key):
    last = SHIPPED.versions_of(key)[0]
    kept = NewVersion(key, MARCH, last.term, last.basis, last.confidence, last.allowance, last.ladder)
    assert SHIPPED.supersede(kept).versions_of(key)[0] == replace(last, valid_from=MARCH)
    assert term_kinds(last)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.code)
def test_everything_a_version_says_survives_json(version):
    entered = NewVersion(
        version.key,
        MARCH,
        version.term,
        (*version.basis, DECREE_300),
        version.confidence,
        Allowance(3, 2),
        Ladder((7, 2)),
    )
    assert from_json(NewVersion, json.loads(json.dumps(to_json(entered)))) == entered


# An open clock under another version


def test_a_clock_under_a_newer_version_keeps_its_stops_and_extensions():
    at = office_instant(date(2026, 11, 30), time(9))  # Monday
    stop = Stop(
        StopReason.WAITING_FOR_PRESS, office_instant(date(2026, 12, 1), time(9)), office_instant(date(2026, 12, 2))
    )
    longer = Extension(ExtensionReason.COMPLEX, 2, at)
    plain = compute("internal_reply", at, calendar=CALENDAR, stops=[stop], extensions=[longer])
    # 3 + 2 days: Tue 1 | Wed 2 stopped | Thu 3, Fri 4, Mon 7, Tue 8
    assert plain.due_on == date(2026, 12, 8)
    book = SHIPPED.supersede(new(ClockKey.INTERNAL_REPLY, term=WorkingDays(4), since=date(2026, 11, 30)))
    moved = under(book, plain, calendar=CALENDAR, settings=TermSettings())
    # 4 + 2 days, one more: Wed 9; the new version allows none, what was granted stays
    assert (moved.due_on, moved.version) == (date(2026, 12, 9), "internal_reply@2026-11-30")
    assert (moved.stops, moved.extensions) == ((stop,), (longer,))
    assert under(SHIPPED, moved, calendar=CALENDAR, settings=TermSettings()) == plain


# What holds for every book

KEYS = st.sampled_from(ClockKey)
FIRST_DAYS = st.lists(st.dates(date(2026, 7, 2), date(2031, 12, 31)), unique=True, max_size=5)


def with_versions(key, days):
    book = SHIPPED
    last = SHIPPED.versions_of(key)[0]
    for day in sorted(days):
        book = book.supersede(NewVersion(key, day, last.term, last.basis, last.confidence))
    return book


@given(KEYS, FIRST_DAYS, st.dates(date(2026, 7, 1), date(2033, 1, 1)))
def test_each_day_has_exactly_one_version(key, days, day):
    book = with_versions(key, days)
    in_force = [version for version in book.versions_of(key) if version.in_force_on(day)]
    assert len(in_force) == 1
    assert in_force[0].valid_from == max(first for first in [date(2026, 7, 1), *days] if first <= day)


@given(KEYS, FIRST_DAYS)
def test_the_order_in_which_stored_versions_are_read_makes_no_difference(key, days):
    last = SHIPPED.versions_of(key)[0]
    entered = [NewVersion(key, day, last.term, last.basis, last.confidence) for day in days]
    assert SHIPPED.with_stored(entered) == with_versions(key, days)
    assert book_of(reversed(SHIPPED.versions)) == SHIPPED


@given(KEYS, FIRST_DAYS)
def test_withdrawing_everything_that_was_entered_restores_the_shipped_book(key, days):
    book = with_versions(key, days)
    for version in book.versions_of(key):
        if version.valid_from in days:
            book = book.withdraw(version, today=date(2026, 7, 1))
    assert book == SHIPPED
