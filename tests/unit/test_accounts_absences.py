"""Out of office: which days, and who may stand in for whom."""

from datetime import date, timedelta

import pytest

from pr_tracker.accounts.rules import days_problem, may_stand_in
from pr_tracker.permissions import Role

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("absent", "substitute", "may"),
    [
        ({Role.HEAD}, {Role.HEAD}, True),
        ({Role.HEAD}, {Role.STAFF}, False),  # a leader's turn is to approve and to answer for the agency
        ({Role.HEAD, Role.STAFF}, {Role.STAFF}, False),
        ({Role.STAFF}, {Role.STAFF}, True),
        ({Role.STAFF}, {Role.HEAD}, True),
        ({Role.STAFF}, {Role.TRAINER}, False),  # sees no inquiry
        ({Role.TRAINER}, {Role.STAFF}, True),
        ({Role.ADMIN}, {Role.TRAINER}, True),
    ],
)
def test_a_substitute_can_do_the_work_by_their_own_roles(absent, substitute, may):
    assert may_stand_in(absent, substitute) is may


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (FRIDAY, FRIDAY, None),
        (FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=7), None),
        (FRIDAY - timedelta(days=1), FRIDAY, "from_on"),
        (FRIDAY, FRIDAY - timedelta(days=1), "to_on"),
        (FRIDAY, FRIDAY + timedelta(days=367), "to_on"),
    ],
)
def test_an_absence_lies_ahead_and_has_an_end(first, last, field):
    problem = days_problem(first, last, FRIDAY)
    assert (problem and problem[0]) == field
