"""When sign-in closes, what a password must be, how the tree of agencies may stand."""

from datetime import UTC, datetime, timedelta

import pytest

from pr_tracker.accounts.rules import (
    CLOSED_FOR,
    DEMO_PASSWORD,
    FAILURES_ALLOWED,
    Tally,
    address_digest,
    after_failure,
    changes,
    is_closed,
    is_last_administrator,
    makes_a_circle,
    password_problem,
)

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def failures(number, *, every=timedelta(minutes=1)):
    tally = Tally()
    for turn in range(number):
        tally = after_failure(tally, NOON + turn * every)
    return tally, NOON + (number - 1) * every


def test_nine_failures_leave_the_address_open_and_the_tenth_closes_it():
    tally, at = failures(FAILURES_ALLOWED - 1)
    assert not is_closed(tally, at)
    tally, at = failures(FAILURES_ALLOWED)
    assert is_closed(tally, at)
    assert tally.closed_until == at + CLOSED_FOR


def test_after_a_quarter_of_an_hour_it_is_open_again_and_counts_anew():
    tally, at = failures(FAILURES_ALLOWED)
    assert is_closed(tally, at + CLOSED_FOR - timedelta(seconds=1))
    assert not is_closed(tally, at + CLOSED_FOR)
    assert not is_closed(after_failure(tally, at + CLOSED_FOR), at + CLOSED_FOR)


def test_failures_an_hour_apart_never_add_up():
    tally, at = failures(50, every=timedelta(hours=1))
    assert tally.failed == 1
    assert not is_closed(tally, at)


def test_an_address_is_tallied_without_regard_to_case_and_spaces_and_not_as_typed():
    assert address_digest(" A@B.vn ") == address_digest("a@b.vn")
    assert "a@b.vn" not in address_digest("a@b.vn")


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("mười hai ký tự", True),
        ("mười một ký", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("abababababababab", False),
        ("ten@angiang.gov.vn", False),
        ("xin chào TEN@angiang.gov.vn", False),
    ],
)
def test_a_password_is_long_and_neither_the_address_nor_a_few_letters_repeated(password, fits):
    assert (password_problem(password, email="ten@angiang.gov.vn", production=True) is None) is fits


def test_the_demo_password_may_be_set_everywhere_but_in_production():
    assert password_problem(DEMO_PASSWORD, email="a@b.vn", production=False) is None
    assert "demonstration" in password_problem(DEMO_PASSWORD, email="a@b.vn", production=True)


@pytest.mark.parametrize(("superior", "circle"), [(None, False), (1, False), (2, True), (3, True), (4, True)])
def test_an_agency_never_stands_below_itself_at_any_height(superior, circle):
    superiors = {1: None, 2: 1, 3: 2, 4: 3}
    assert makes_a_circle(2, superior, superiors) is circle


def test_a_circle_that_is_already_there_does_not_hang():
    assert makes_a_circle(1, 2, {2: 3, 3: 2})


def test_only_the_one_administrator_left_is_the_last():
    assert is_last_administrator(1, [1])
    assert not is_last_administrator(1, [1, 2])
    assert not is_last_administrator(1, [2])
    assert not is_last_administrator(1, [])


def test_only_what_differs_is_a_change():
    assert changes({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"b": [2, 3]}
