"""When a role holds, who keeps whose part of the register, what is refused."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.errors import BadInput
from pr_tracker.spokespersons.rules import (
    changed,
    in_force,
    keeps_register_of,
    may_be_named,
    require_end,
    require_words,
)
from tests.factories.accounts import NOW

SECOND = timedelta(seconds=1)
SPANS = st.integers(-100, 100)


@pytest.mark.parametrize(("seconds", "holds"), [(-1, False), (0, True), (1, True), (9, True), (10, False), (11, False)])
def test_a_role_holds_from_its_first_instant_and_no_longer_at_its_last(seconds, holds):
    assert in_force(NOW, NOW + 10 * SECOND, NOW + seconds * SECOND) is holds


def test_without_a_beginning_it_holds_since_ever_and_without_an_end_for_ever():
    assert in_force(None, None, NOW)
    assert in_force(None, NOW, NOW - SECOND)
    assert not in_force(None, NOW, NOW)
    assert in_force(NOW, None, NOW + timedelta(days=9999))


@given(first=SPANS, change=SPANS, last=SPANS, at=SPANS)
def test_of_two_who_follow_each_other_exactly_one_holds(first, change, last, at):
    first, change, last = sorted((first, change, last))
    spans = [(NOW + a * SECOND, NOW + b * SECOND) for a, b in ((first, change), (change, last))]
    holding = sum(in_force(start, end, NOW + at * SECOND) for start, end in spans)
    assert holding == (first <= at < last)


def test_each_agency_keeps_its_own_part_and_the_provincial_office_everybodys():
    assert keeps_register_of(AgencyKind.DEPARTMENT, 3, 3)
    assert not keeps_register_of(AgencyKind.DEPARTMENT, 3, 4)
    assert keeps_register_of(AgencyKind.PROVINCE_OFFICE, 2, 4)
    assert keeps_register_of(AgencyKind.PROVINCE, 1, 4)
    assert not keeps_register_of(AgencyKind.COMMUNE, 5, 1)


def test_people_of_the_office_may_speak_for_the_province_and_for_nobody_else():
    assert may_be_named(AgencyKind.PROVINCE, 1, AgencyKind.PROVINCE_OFFICE, 2)
    assert not may_be_named(AgencyKind.DEPARTMENT, 3, AgencyKind.PROVINCE_OFFICE, 2)
    assert may_be_named(AgencyKind.DEPARTMENT, 3, AgencyKind.DEPARTMENT, 3)


@pytest.mark.parametrize("ended_at", [NOW + SECOND, NOW - timedelta(days=3)])
def test_a_decision_ends_after_it_began_and_not_in_the_future(ended_at):
    with pytest.raises(BadInput) as refusal:
        require_end(ended_at, decided_at=NOW - timedelta(days=2), now=NOW)
    assert refusal.value.field == "ended_at"


def test_spaces_are_no_reason():
    with pytest.raises(BadInput):
        require_words("  ", "reason")
    assert require_words(" Gõ nhầm ", "reason") == "Gõ nhầm"


def test_only_what_differs_is_a_correction():
    before = {"full_name": "A", "title": "B", "phone": "1", "email": "e", "decision_number": "1/QĐ"}
    assert changed(before, before) == {}
    assert changed(before, before | {"phone": "2"}) == {"phone": ["1", "2"]}
