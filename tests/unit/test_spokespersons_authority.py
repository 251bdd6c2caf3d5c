"""An authority to speak: its term to the second, what is refused and by which article, when both are reminded."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import BadInput, StepNotAllowed
from pr_tracker.spokespersons.rules_authority import (
    AuthorityState,
    Paper,
    Right,
    RightKind,
    Term,
    in_order,
    no_right,
    reason_against_authorising,
    reminder_at,
    require_no_overlap,
    require_open,
    require_paper,
    require_revocable,
    require_term,
    state_of,
)
from tests.factories.accounts import NOW
from tests.unit.walks import CALENDAR, moment

SECOND = timedelta(seconds=1)
START, END = moment("Mon 23/11/2026 08:00"), moment("Fri 27/11/2026 16:30")
TERM = Term(START, END)
PAPER = Paper("215/UQ-SXD", date(2026, 11, 20))
terms = st.builds(
    lambda start, length, revoked: Term(
        START + timedelta(hours=start),
        START + timedelta(hours=start + length),
        None if revoked is None else START + timedelta(hours=revoked),
    ),
    st.integers(-50, 50),
    st.integers(1, 60),
    st.none() | st.integers(-60, 120),
)
instants = st.integers(-80, 130).map(lambda hours: START + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("at", "covered", "state"),
    [
        (START - SECOND, False, AuthorityState.COMING),
        (START, True, AuthorityState.IN_FORCE),
        (START + SECOND, True, AuthorityState.IN_FORCE),
        (END - SECOND, True, AuthorityState.IN_FORCE),
        (END, False, AuthorityState.ENDED),
        (END + SECOND, False, AuthorityState.ENDED),
    ],
)
def test_a_term_holds_from_the_second_it_begins_to_the_second_before_it_ends(at, covered, state):
    assert TERM.covers(at) is covered
    assert state_of(TERM, START, at) is state


def test_a_revocation_ends_it_at_its_second():
    revoked_at = START + timedelta(hours=3)
    term = Term(START, END, revoked_at)
    assert [term.covers(revoked_at + shift) for shift in (-SECOND, 0 * SECOND, SECOND)] == [True, False, False]
    assert state_of(term, START, revoked_at) is AuthorityState.REVOKED


def test_a_prepared_one_gives_no_right_at_any_moment():
    assert {state_of(TERM, None, at) for at in (START, END - SECOND, END)} == {AuthorityState.PREPARED}


@given(terms, terms)
def test_overlapping_is_mutual_and_means_a_moment_in_both(one, other):
    shared = any(one.covers(at) and other.covers(at) for at in (one.from_at, other.from_at))
    assert one.overlaps(other) is other.overlaps(one) is shared


@given(terms, instants)
def test_a_revoked_term_never_covers_what_the_whole_one_would_not(term, at):
    assert not term.covers(at) or Term(term.from_at, term.until_at).covers(at)


@given(st.booleans(), st.booleans())
def test_only_the_head_authorises(is_head, speaks_for_another):
    reason = reason_against_authorising(is_head=is_head, speaks_for_another=speaks_for_another)
    assert (reason is None) is is_head


@pytest.mark.parametrize(("speaks_for_another", "article"), [(True, "Article 3(6)"), (False, "Article 3(4), (5)")])
def test_passing_it_on_is_refused_with_the_article_that_says_so(speaks_for_another, article):
    assert article in reason_against_authorising(is_head=False, speaks_for_another=speaks_for_another)


def test_a_matter_that_is_over_is_refused():
    require_open(is_open=True)
    with pytest.raises(StepNotAllowed, match="3\\(5\\)"):
        require_open(is_open=False)


@pytest.mark.parametrize(
    ("term", "signed_on", "field"),
    [
        (Term(END, START), None, "until_at"),
        (Term(START, START), None, "until_at"),
        (Term(NOW - timedelta(days=2), NOW), None, "until_at"),
        (Term(START, END), date(2026, 11, 24), "from_at"),
    ],
)
def test_an_end_before_the_start_a_term_that_is_over_or_before_its_paper_is_refused(term, signed_on, field):
    with pytest.raises(BadInput, match="3\\(5\\)") as refusal:
        require_term(term, now=NOW, signed_on=signed_on)
    assert refusal.value.field == field


def test_a_term_may_begin_on_the_day_the_paper_is_signed():
    require_term(Term(START, END), now=START + timedelta(hours=5), signed_on=date(2026, 11, 23))


def test_number_and_date_come_together():
    assert require_paper("", None, now=NOW) is None
    assert require_paper("215/UQ", date(2026, 11, 20), now=NOW) == Paper("215/UQ", date(2026, 11, 20))
    for number, day in (("215/UQ", None), ("", date(2026, 11, 20)), ("215/UQ", date(2026, 11, 21))):
        with pytest.raises(BadInput):
            require_paper(number, day, now=NOW)


def test_two_terms_of_one_person_may_touch_and_not_overlap():
    require_no_overlap("B", Term(END, END + timedelta(days=1)), [TERM])
    with pytest.raises(BadInput, match="08:00 23/11/2026 to 16:30 27/11/2026"):
        require_no_overlap("B", Term(END - SECOND, END + timedelta(days=1)), [TERM])


def test_what_is_over_cannot_be_revoked():
    for state in (AuthorityState.PREPARED, AuthorityState.COMING, AuthorityState.IN_FORCE):
        require_revocable(state)
    for state in (AuthorityState.ENDED, AuthorityState.REVOKED):
        with pytest.raises(StepNotAllowed):
            require_revocable(state)


def test_whoever_could_not_speak_is_told_which_paper_ended_or_has_not_begun():
    assert "215/UQ-SXD ended at 16:30 27/11/2026" in str(no_right("B", END, [(PAPER, TERM)]))
    assert "begins at 08:00 23/11/2026" in str(no_right("B", START - SECOND, [(PAPER, TERM)]))
    assert "Article 3(7)" in str(no_right("B", START, []))


def test_rights_are_named_head_first():
    def right(kind):
        return Right(kind, 1, "A", "", 1, "Sở", None, None, None, None, 1)

    mixed = [right(RightKind.AUTHORISED), right(RightKind.SPOKESPERSON), right(RightKind.HEAD)]
    assert [each.kind for each in in_order(mixed)] == list(RightKind)


@pytest.mark.parametrize(
    ("until", "reminded"),
    [
        ("Fri 27/11/2026 16:30", "Thu 26/11/2026 08:00"),
        ("Mon 30/11/2026 00:00", "Fri 27/11/2026 08:00"),  # ends with Sunday
        ("Wed 25/11/2026 10:00", "Mon 23/11/2026 08:00"),  # the 24th is a holiday
    ],
)
def test_both_are_reminded_on_the_working_day_before_the_end(until, reminded):
    term = Term(moment("Fri 20/11/2026 17:00"), moment(until))
    assert reminder_at(term, calendar=CALENDAR, morning=time(8), now=NOW) == moment(reminded)


def test_a_term_of_a_day_is_reminded_of_by_nobody():
    term = Term(START, START + timedelta(hours=4))
    assert reminder_at(term, calendar=CALENDAR, morning=time(8), now=NOW) is None
