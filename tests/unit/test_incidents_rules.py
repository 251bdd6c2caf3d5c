"""Which moment starts the 24 hours, who approves, when nobody is on call: worked by hand."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.deadlines.rules import SHIPPED, compute
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import BadInput, NotAllowed, StepNotAllowed
from pr_tracker.incidents.rules import (
    IncidentStep,
    Span,
    Standing,
    StatementState,
    Unfinished,
    after,
    gaps,
    may,
    overlaps,
    require_closable,
    require_may,
    require_open,
    require_released_at,
    require_shift,
    steps_open_to,
)
from pr_tracker.incidents.rules_kinds import (
    IncidentKind,
    Moment,
    Moments,
    read_number,
    require_order,
    start_of,
    write_number,
)
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.office_time import OFFICE_ZONE

K, M, X, S = IncidentKind, Moment, IncidentStep, StatementState


def at(hour, minute, day, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=OFFICE_ZONE)


# The clock


def test_an_incident_counts_from_when_the_agency_received_it_not_from_the_event():
    start = start_of(K.INCIDENT, Moments(at(23, 10, 20), happened_at=at(19, 0, 20)), SHIPPED)
    assert (start.moment, start.at) == (M.RECEIVED, at(23, 10, 20))  # Friday night


def test_before_july_2026_the_hours_ran_from_the_event_itself():
    start = start_of(K.INCIDENT, Moments(at(9, 0, 30, 6), happened_at=at(2, 15, 30, 6)), SHIPPED)
    assert (start.moment, start.at) == (M.HAPPENED, at(2, 15, 30, 6))  # Tuesday


def test_what_was_received_in_june_needs_the_moment_of_the_event():
    with pytest.raises(BadInput) as refusal:
        start_of(K.INCIDENT, Moments(at(9, 0, 30, 6)), SHIPPED)
    assert refusal.value.field == "happened_at"
    assert "Art 6(3)(a)" in str(refusal.value)


def test_an_event_of_june_received_in_july_counts_from_receipt():
    start = start_of(K.INCIDENT, Moments(at(0, 5, 1, 7), happened_at=at(23, 50, 30, 6)), SHIPPED)
    assert (start.moment, start.at) == (M.RECEIVED, at(0, 5, 1, 7))  # Wednesday


def test_divided_opinion_counts_from_the_determination_and_not_before():
    moments = Moments(at(8, 0, 19))
    assert start_of(K.DIVIDED_OPINION, moments, SHIPPED) is None
    determined = Moments(at(8, 0, 19), determined_at=at(16, 45, 20))
    assert start_of(K.DIVIDED_OPINION, determined, SHIPPED).at == at(16, 45, 20)


def test_before_july_2026_no_rule_knew_divided_opinion():
    with pytest.raises(BadInput) as refusal:
        start_of(K.DIVIDED_OPINION, Moments(at(8, 0, 29, 6), determined_at=at(9, 0, 30, 6)), SHIPPED)
    assert refusal.value.field == "determined_at"


@pytest.mark.parametrize(
    ("kind", "moments", "due"),
    [
        # Friday 23:10 → Saturday 23:10: hours run through nights, Saturdays and Sundays and never roll
        (K.INCIDENT, Moments(at(23, 10, 20), happened_at=at(19, 0, 20)), at(23, 10, 21)),
        # Monday 23 November 17:30 → Tuesday 24 November 17:30, a public holiday
        (K.INCIDENT, Moments(at(17, 30, 23)), at(17, 30, 24)),
        # happened Tuesday 30 June 02:15 → Wednesday 1 July 02:15, by the decree of 2017
        (K.INCIDENT, Moments(at(9, 0, 30, 6), happened_at=at(2, 15, 30, 6)), at(2, 15, 1, 7)),
        # determined Friday 20 November 16:45 → Saturday 16:45
        (K.DIVIDED_OPINION, Moments(at(8, 0, 19), determined_at=at(16, 45, 20)), at(16, 45, 21)),
    ],
)
def test_the_24_hours_by_hand(kind, moments, due):
    start = start_of(kind, moments, SHIPPED)
    deadline = compute(kind.clock_key, start.at, calendar=WorkingCalendar({}, 2025, 2027))
    assert deadline.due_at == due


@pytest.mark.parametrize(
    ("moments", "field"),
    [
        (Moments(at(12, 1, 20)), "received_at"),
        (Moments(at(9, 0, 20), happened_at=at(9, 30, 20)), "received_at"),
        (Moments(at(11, 0, 20), happened_at=at(10, 0, 20), determined_at=at(9, 0, 20)), "determined_at"),
        (Moments(at(9, 0, 20), determined_at=at(12, 30, 20)), "determined_at"),
    ],
)
def test_moments_that_cannot_be_are_refused_beside_their_field(moments, field):
    with pytest.raises(BadInput) as refusal:
        require_order(moments, at(12, 0, 20))
    assert refusal.value.field == field


@pytest.mark.parametrize("typed", ["VV-2026-0007", "vv-2026-7", "7/2026", "0007/2026", "vv 2026/7"])
def test_a_number_is_read_as_people_type_it(typed):
    assert read_number(typed) == (7, 2026)
    assert read_number("VV-7") == (7, None)
    assert read_number("2026") == (2026, None)
    assert read_number("ĐN-2026-7") is None
    assert write_number(2026, 7) == "VV-2026-0007"


# Who does what

HEAD = Standing(leads=True, is_head=True)
STAFF = Standing(leads=True, is_staff=True)
OFFICE = Standing(follows_province=True, is_staff=True)
CHAIRMAN = Standing(follows_province=True, is_head=True, heads_province=True)
PARTNER = Standing(takes_part=True, is_staff=True)
LOOKER = Standing(follows_province=True)


@pytest.mark.parametrize("step", [X.DRAFT, X.SUBMIT, X.RELEASE, X.JOIN, X.LEAVE, X.ROSTER, X.TASK, X.CLOSE, X.REOPEN])
def test_the_lead_agency_and_the_provincial_office_steer_the_room(step):
    assert all(may(step, who) for who in (HEAD, STAFF, OFFICE, CHAIRMAN))
    assert not may(step, PARTNER)
    assert not may(step, LOOKER)


def test_whoever_takes_part_writes_into_the_chronology():
    assert may(X.NOTE, PARTNER)
    assert not may(X.NOTE, Standing(is_staff=True))


@pytest.mark.parametrize(
    ("who", "awaited", "allowed"),
    [
        (HEAD, ReviewStep.AGENCY, True),
        (STAFF, ReviewStep.AGENCY, False),
        (CHAIRMAN, ReviewStep.AGENCY, False),
        (OFFICE, ReviewStep.PROVINCE, False),
        (HEAD, ReviewStep.PROVINCE, False),
        (CHAIRMAN, ReviewStep.PROVINCE, True),
        (Standing(leads=True, is_head=True, wrote_text=True), ReviewStep.AGENCY, False),
        (Standing(leads=True, is_head=True, wrote_text=True, answers_alone=True), ReviewStep.AGENCY, True),
        (Standing(is_head=True, heads_province=True, wrote_text=True, answers_alone=True), ReviewStep.PROVINCE, False),
        (Standing(is_head=True, heads_province=True, gave_first_seal=True), ReviewStep.PROVINCE, False),
        (Standing(takes_part=True, is_staff=True, by_authority=True), ReviewStep.AGENCY, True),
        (Standing(takes_part=True, is_staff=True, by_authority=True), ReviewStep.PROVINCE, False),
        (Standing(is_staff=True, by_authority=True, wrote_text=True), ReviewStep.AGENCY, False),
    ],
)
def test_each_approval_is_given_by_whose_it_is(who, awaited, allowed):
    assert may(X.APPROVE, who, awaited) is allowed


def test_a_refusal_says_why():
    with pytest.raises(NotAllowed, match="UBND tỉnh"):
        require_may(X.APPROVE, HEAD, ReviewStep.PROVINCE)


def test_a_closed_room_is_only_opened_again():
    with pytest.raises(StepNotAllowed):
        require_open(X.TASK, closed=True)
    with pytest.raises(StepNotAllowed):
        require_open(X.REOPEN, closed=False)
    assert steps_open_to(HEAD, closed=True, statement=S.APPROVED, awaited=None) == {X.REOPEN}


@given(st.lists(st.sampled_from([X.DRAFT, X.SUBMIT, X.RETURN, X.APPROVE, X.RELEASE]), max_size=40))
def test_no_sequence_of_steps_releases_what_was_not_approved_just_before(steps):
    state, last = None, None
    for step in steps:
        try:
            state, last = after(state, step), step if step is not X.RELEASE else last
        except StepNotAllowed:
            continue
        if state is S.RELEASED:
            assert last is X.APPROVE
        if step is X.RELEASE:
            last = None


# The roster


def span(start, end):
    base = at(8, 0, 20)
    return Span(base + timedelta(hours=start), base + timedelta(hours=end))


def test_gaps_of_the_next_24_hours_are_found():
    now = at(8, 0, 20)
    assert gaps([], now) == [span(0, 24)]
    assert gaps([span(-2, 6), span(9, 30)], now) == [span(6, 9)]
    assert gaps([span(0, 12), span(12, 24)], now) == []
    assert gaps([span(30, 40)], now) == [span(0, 24)]


@given(st.lists(st.tuples(st.integers(-30, 60), st.integers(1, 30)), max_size=8), st.integers(0, 23))
def test_each_hour_is_covered_by_somebody_or_stands_in_a_gap(shifts, hour):
    now, rows = at(8, 0, 20), [span(start, start + length) for start, length in shifts]
    moment = now + timedelta(hours=hour, minutes=30)
    covered = any(row.from_at <= moment < row.until_at for row in rows)
    in_gap = any(gap.from_at <= moment < gap.until_at for gap in gaps(rows, now))
    assert covered is not in_gap


def test_overlaps_are_shown_on_both():
    assert overlaps([span(0, 8), span(7, 12), span(12, 20)]) == [True, True, False]


@pytest.mark.parametrize("wrong", [span(4, 4), span(5, 4), span(0, 24 * 15)])
def test_an_impossible_shift_is_refused(wrong):
    with pytest.raises(BadInput):
        require_shift(wrong)


# Release and closing


def test_what_is_sent_cannot_precede_its_approval_but_spoken_words_may_be_recorded_later():
    known = {"not_before": at(8, 0, 20), "approved_at": at(10, 0, 20), "now": at(12, 0, 20)}
    require_released_at(at(10, 0, 20), sent=True, **known)
    require_released_at(at(9, 0, 20), sent=False, **known)
    for moment, sent in ((at(9, 59, 20), True), (at(12, 1, 20), False), (at(7, 59, 20), False)):
        with pytest.raises(BadInput):
            require_released_at(moment, sent=sent, **known)


@pytest.mark.parametrize("left", [Unfinished(inquiries=1), Unfinished(tasks=2), Unfinished(statement=True)])
def test_a_room_with_something_open_stays_open(left):
    with pytest.raises(StepNotAllowed):
        require_closable(left, HEAD)


def test_only_a_head_closes_a_room_whose_information_was_never_given():
    require_closable(Unfinished(informing=True), HEAD)
    with pytest.raises(StepNotAllowed):
        require_closable(Unfinished(informing=True), STAFF)
    require_closable(Unfinished(), STAFF)
