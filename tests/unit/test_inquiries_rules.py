"""The state table, who may take which step, and the number as people type it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import NotAllowed, StepNotAllowed
from pr_tracker.inquiries.rules import (
    CLOCK_STEPS,
    FINISHED,
    OPEN,
    TABLE,
    TURNS,
    Standing,
    Status,
    Step,
    after,
    may,
    require_may,
    steps_from,
    steps_open_to,
)
from pr_tracker.inquiries.rules_kinds import CLOCK_KEYS, Kind, Part, RefusalGround, grounds_on
from pr_tracker.inquiries.rules_number import TypedNumber, read_number, write_number

LEAD_STAFF = Standing(parts=frozenset({Part.LEAD}), is_staff=True)
LEAD_HEAD = Standing(parts=frozenset({Part.LEAD}), is_head=True)
OFFICE = Standing(parts=frozenset({Part.INTAKE}), is_staff=True, follows_province=True)
SUPERVISOR = Standing()
STRANGER = Standing(is_staff=True)
standings = st.builds(
    Standing,
    parts=st.frozensets(st.sampled_from(Part)),
    follows_province=st.booleans(),
    is_staff=st.booleans(),
    is_head=st.booleans(),
    wrote_text=st.booleans(),
    asked_extension=st.booleans(),
    lead_has_no_other_head=st.booleans(),
)


def test_every_status_can_be_reached_from_receipt():
    reached, frontier = {Status.RECEIVED}, [Status.RECEIVED]
    while frontier:
        status = frontier.pop()
        for step in steps_from(status):
            following = after(status, step)
            if following not in reached:
                reached.add(following)
                frontier.append(following)
    assert reached == set(Status)


@given(st.sampled_from(Status), st.sampled_from(Step))
def test_every_pair_is_in_the_table_or_refused(status, step):
    if (status, step) in TABLE:
        assert after(status, step) is TABLE[status, step]
    else:
        with pytest.raises(StepNotAllowed):
            after(status, step)


@given(st.lists(st.sampled_from(Step), max_size=25))
def test_no_history_of_steps_answers_without_an_approval(steps):
    status, approved = Status.RECEIVED, False
    for step in steps:
        if (status, step) not in TABLE:
            continue
        if step is Step.RELEASE:
            assert approved
        status = after(status, step)
        approved |= step is Step.ANSWER_BY_STATEMENT  # it brings the approvals of the incident's statement along
        approved = status is Status.APPROVED or (approved and step not in {Step.DRAFT, Step.RETURN})
    assert status is not Status.ANSWERED or approved


def test_the_archive_is_the_end():
    assert steps_from(Status.ARCHIVED) == frozenset()


def test_a_changed_text_is_no_longer_approved_or_under_review():
    assert after(Status.APPROVED, Step.DRAFT) is Status.DRAFTING
    assert after(Status.IN_REVIEW, Step.DRAFT) is Status.DRAFTING


def test_open_and_finished_and_archived_are_all_there_is():
    assert OPEN | set(FINISHED) | {Status.ARCHIVED} == set(Status)
    assert set(TURNS) == set(Status)
    assert set(CLOCK_KEYS) == set(Kind)


def test_the_drafter_never_approves():
    with pytest.raises(NotAllowed):
        require_may(Step.APPROVE, Standing(parts=frozenset({Part.LEAD}), is_head=True, wrote_text=True))


def test_a_head_of_the_lead_agency_approves_and_nobody_else():
    assert may(Step.APPROVE, LEAD_HEAD)
    for other in (LEAD_STAFF, OFFICE, SUPERVISOR, STRANGER, Standing(is_head=True, follows_province=True)):
        assert not may(Step.APPROVE, other)


@given(st.sampled_from(Step))
def test_a_supervisor_only_looks(step):
    assert not may(step, SUPERVISOR)


@given(standings, st.sampled_from(Status))
def test_what_is_offered_is_what_is_allowed(who, status):
    for step in steps_open_to(status, who):
        require_may(step, who)
        after(status, step)


@given(standings)
def test_only_those_who_lead_write_the_answer(who):
    assert may(Step.DRAFT, who) == (Part.LEAD in who.parts and (who.is_staff or who.is_head))


@pytest.mark.parametrize("status", Status)
def test_a_clock_is_stopped_or_lengthened_only_while_an_agency_leads(status):
    led = status in OPEN - {Status.RECEIVED}
    assert all((step in steps_from(status)) is led for step in CLOCK_STEPS)
    assert all(after(status, step) is status for step in CLOCK_STEPS if led)


@given(standings)
def test_only_those_who_lead_stop_the_clock_let_it_run_on_or_ask_for_more_time(who):
    for step in (Step.PAUSE, Step.RESUME, Step.ASK_EXTENSION):
        assert may(step, who) is (Part.LEAD in who.parts and (who.is_staff or who.is_head))


@given(standings)
def test_nobody_decides_on_the_extension_they_asked_for(who):
    if may(Step.DECIDE_EXTENSION, who):
        assert who.is_head
        assert not who.asked_extension
        assert Part.LEAD in who.parts or (who.follows_province and who.lead_has_no_other_head)


def test_the_province_decides_only_where_the_lead_agency_has_no_other_head():
    province_head = replace(OFFICE, is_head=True)
    assert not may(Step.DECIDE_EXTENSION, province_head)
    assert may(Step.DECIDE_EXTENSION, replace(province_head, lead_has_no_other_head=True))
    assert may(Step.DECIDE_EXTENSION, LEAD_HEAD)
    assert not may(Step.DECIDE_EXTENSION, LEAD_STAFF)


def test_three_grounds_of_refusal_since_july_2026_and_four_before():
    assert len(grounds_on(date(2026, 7, 1))) == 3
    assert set(grounds_on(date(2026, 6, 30))) - set(grounds_on(date(2026, 7, 1))) == {RefusalGround.DRAFT_POLICY}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ĐN-2026-0001", TypedNumber(1, 2026, True)),
        ("DN-2026-1", TypedNumber(1, 2026, True)),
        ("dn 2026 1", TypedNumber(1, 2026, True)),
        ("0001/2026", TypedNumber(1, 2026, True)),
        ("2026-0412", TypedNumber(412, 2026, True)),
        ("ĐN-0001", TypedNumber(1, None, True)),
        ("đn412", TypedNumber(412, None, True)),
        ("412", TypedNumber(412, None, False)),
        ("ĐN-2026-10000", TypedNumber(10000, 2026, True)),
        ("đường", None),
        ("ĐN-2026", TypedNumber(2026, None, True)),
        ("0", None),
        ("2026-1/2026", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_type_it(typed, expected):
    assert read_number(typed) == expected


@given(st.integers(2000, 2099), st.integers(1, 9_999_999))
def test_a_written_number_reads_back(year, number):
    assert read_number(write_number(year, number)) == TypedNumber(number, year, True)


@given(st.text(max_size=40))
def test_no_typed_text_breaks_reading_a_number(typed):
    read_number(typed)
