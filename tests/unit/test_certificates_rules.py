"""The course's rule decides who has earned a certificate; what becomes of one; how long it counts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.certificates.rules import (
    CourseRule,
    Lack,
    Record,
    Status,
    Verdict,
    standing_of,
    valid_until,
    verdict_of,
    write_number,
)

ASKS_ALL = CourseRule(80, Decimal("5"), paper_required=True)


def lacks(rule, record):
    return [reason.lack for reason in standing_of(rule, record).reasons]


def test_who_attended_enough_passed_the_test_and_handed_in_the_paper_has_earned_it():
    assert standing_of(ASKS_ALL, Record(4, 5, mark=Decimal("5"), paper=True)).qualifies


def test_every_reason_why_not_is_given_at_once():
    assert lacks(ASKS_ALL, Record(3, 5)) == [Lack.ATTENDANCE, Lack.NO_MARK, Lack.NO_PAPER]


def test_a_mark_below_the_least_is_told_apart_from_none():
    (reason,) = standing_of(CourseRule(0, Decimal("5")), Record(1, 1, mark=Decimal("4.75"))).reasons
    assert reason.lack is Lack.LOW_MARK
    assert reason.figures == {"mark": Decimal("4.75"), "least": Decimal("5")}


def test_a_class_without_a_session_gives_nobody_a_certificate():
    assert lacks(CourseRule(0), Record(0, 0)) == [Lack.NO_SESSION]


def test_a_session_that_is_not_closed_yet_is_said_with_the_missing_attendance():
    (reason,) = standing_of(CourseRule(80), Record(2, 3, open=1)).reasons
    assert reason.figures == {"attended": 2, "sessions": 3, "share": 66, "least": 80, "open": 1}


def test_whoever_has_attended_enough_need_not_wait_for_the_closing_session():
    assert standing_of(CourseRule(80), Record(5, 6, open=1)).qualifies


@given(st.integers(0, 100), st.integers(1, 200), st.data())
def test_the_share_is_weighed_exactly_and_never_rounded_up(least, sessions, data):
    attended = data.draw(st.integers(0, sessions))
    stands = standing_of(CourseRule(least), Record(attended, sessions))
    assert stands.qualifies == (attended / sessions >= least / 100 or attended * 100 == least * sessions)
    assert stands.qualifies == (stands.record.share >= least)


@given(st.integers(1, 40), st.data())
def test_one_more_session_attended_never_takes_a_certificate_away(sessions, data):
    attended = data.draw(st.integers(0, sessions - 1))
    before, after = (standing_of(ASKS_ALL, Record(count, sessions)) for count in (attended, attended + 1))
    lacking = [{reason.lack for reason in stands.reasons} for stands in (before, after)]
    assert lacking[1] <= lacking[0]


@pytest.mark.parametrize(
    ("issued", "months", "until"),
    [
        (date(2026, 11, 25), 24, date(2028, 11, 25)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 25), None, None),
    ],
)
def test_a_certificate_counts_to_the_same_date_so_many_months_on(issued, months, until):
    assert valid_until(issued, months) == until


@pytest.mark.parametrize(
    ("status", "until", "whole", "verdict"),
    [
        (Status.VALID, None, True, Verdict.VALID),
        (Status.VALID, date(2026, 11, 25), True, Verdict.VALID),
        (Status.VALID, date(2026, 11, 24), True, Verdict.LAPSED),
        (Status.SUPERSEDED, None, True, Verdict.SUPERSEDED),
        (Status.REVOKED, date(2026, 11, 24), True, Verdict.REVOKED),
        (Status.VALID, None, False, Verdict.ALTERED),
        (Status.REVOKED, None, False, Verdict.ALTERED),
    ],
)
def test_a_code_stands_for_what_has_become_of_its_certificate(status, until, whole, verdict):
    assert verdict_of(status, until, date(2026, 11, 25), whole=whole) is verdict


def test_numbers_are_written_with_their_year():
    assert [write_number(2026, number) for number in (1, 12, 12345)] == ["0001/2026", "0012/2026", "12345/2026"]
