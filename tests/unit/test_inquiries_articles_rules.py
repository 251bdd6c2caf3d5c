"""The rules of life after release: which clock, how many rounds, what a letter needs, the form of an answer."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import SHIPPED, Deadline, TermSettings, compute, in_issue_of, recount, under
from pr_tracker.deadlines.rules_steps import IssueStep
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.errors import BadInput, StepNotAllowed
from pr_tracker.inquiries.rules_articles import (
    PACES,
    LetterAsk,
    LetterKind,
    LetterState,
    LetterText,
    Outcome,
    Stated,
    clock_key,
    next_round,
    require_asks,
    require_fit,
    require_pace,
    require_whole,
    rounds_allowed,
    state_of,
)
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.outlets.rules import OutletKind

CALENDAR = seeded_calendar()
P, K = OutletPace, LetterKind


def office(day, month, hour=9, minute=0):
    from datetime import time

    return office_instant(date(2026, month, day), time(hour, minute))


def due(kind, pace, at):
    return compute(clock_key(kind, pace), at, calendar=CALENDAR, outlet=pace)


# Friday 20 November 2026 09:00; Tuesday 24 November is a holiday.
FRIDAY = office(20, 11)


@pytest.mark.parametrize(
    ("kind", "pace", "due_on"),
    [
        (K.CORRECTION, P.DAILY, date(2026, 11, 23)),  # 2 days: Sunday 22, rolls to Monday 23
        (K.FEEDBACK, P.DAILY, date(2026, 11, 23)),
        (K.CORRECTION, P.SLOW_MAGAZINE, date(2026, 11, 23)),
        (K.FEEDBACK, P.SLOW_MAGAZINE, date(2026, 11, 23)),
        (K.RELAY, P.DAILY, date(2026, 12, 7)),  # 10 working days: Monday 7 December, the 24th is off
        (K.RELAY, P.ONLINE, date(2026, 12, 7)),
        (K.RELAY, P.WEEKLY, date(2026, 12, 14)),  # 15 working days: Monday 14 December
        (K.ANSWER_US, P.DAILY, date(2026, 12, 14)),
        (K.ANSWER_US, P.MAGAZINE, date(2026, 12, 14)),
    ],
)
def test_the_term_follows_the_kind_of_letter_and_of_press_agency(kind, pace, due_on):
    found = due(kind, pace, FRIDAY)
    assert found.due_on == due_on


@pytest.mark.parametrize("kind", [K.CORRECTION, K.FEEDBACK])
def test_online_it_is_due_at_once(kind):
    found = due(kind, P.ONLINE, FRIDAY)
    assert found.due_at == FRIDAY
    assert found.ends_at == office(20, 11, 9, 1)


@pytest.mark.parametrize(
    ("kind", "pace"),
    [
        (K.CORRECTION, P.WEEKLY),
        (K.CORRECTION, P.MAGAZINE),
        (K.FEEDBACK, P.WEEKLY),
        (K.FEEDBACK, P.MAGAZINE),
        (K.RELAY, P.MAGAZINE),
        (K.RELAY, P.SLOW_MAGAZINE),
    ],
)
def test_in_the_next_issue_has_no_day_until_somebody_says_when_it_appears(kind, pace):
    undated = due(kind, pace, FRIDAY)
    assert (undated.due_on, undated.ends_at) == (None, None)
    saturday = date(2026, 11, 28)  # an issue may appear on a day off, and is not put off
    dated = in_issue_of(undated, saturday, calendar=CALENDAR)
    assert dated.due_on == saturday
    assert dated.ends_at == office(29, 11, 0)
    assert dated.warn_on == date(2026, 11, 27)
    assert IssueStep(saturday) in dated.steps
    assert Deadline.from_json(dated.to_json()) == dated
    assert recount(dated, calendar=CALENDAR) == dated
    assert under(SHIPPED, dated, calendar=CALENDAR, settings=TermSettings()) == dated


def test_the_next_issue_is_not_before_the_receipt():
    with pytest.raises(BadInput):
        in_issue_of(due(K.FEEDBACK, P.WEEKLY, FRIDAY), date(2026, 11, 19), calendar=CALENDAR)


def test_a_term_in_days_asks_for_no_issue():
    with pytest.raises(BadInput):
        in_issue_of(due(K.FEEDBACK, P.DAILY, FRIDAY), date(2026, 11, 27), calendar=CALENDAR)


def test_every_kind_of_press_agency_has_a_pace_and_each_pace_a_clock():
    assert set(PACES) == set(OutletKind)
    for kind in K:
        for pace in P:
            due(kind, pace, FRIDAY)


def test_a_radio_is_no_magazine():
    with pytest.raises(BadInput):
        require_pace(OutletKind.RADIO, P.MAGAZINE)


# Rounds


@pytest.mark.parametrize(("day", "most"), [(date(2026, 6, 30), 3), (date(2026, 7, 1), 2), (date(2026, 11, 20), 2)])
def test_feedback_has_two_rounds_and_had_three_before_july_2026(day, most):
    assert rounds_allowed(K.FEEDBACK, day) == most
    earlier = [(number, LetterState.INSUFFICIENT) for number in range(1, most + 1)]
    assert next_round(K.FEEDBACK, earlier[:-1], day) == most
    with pytest.raises(BadInput) as refused:
        next_round(K.FEEDBACK, earlier, day)
    assert "Article 21(1)" in refused.value.message


def test_a_correction_may_be_asked_for_again():
    assert next_round(K.CORRECTION, [(number, LetterState.REFUSED) for number in (1, 2, 3)], date(2026, 11, 20)) == 4


@pytest.mark.parametrize("state", list(LetterState))
def test_a_new_round_follows_an_outcome_or_the_end_of_the_term(state):
    over = {"published", "insufficient", "refused", "closed", "overdue"}
    if state in over:
        assert next_round(K.FEEDBACK, [(1, state)], date(2026, 11, 20)) == 2
    else:
        with pytest.raises(StepNotAllowed):
            next_round(K.FEEDBACK, [(1, state)], date(2026, 11, 20))


# States


def letter(**facts):
    empty = dict.fromkeys(("dropped_at", "outcome", "received_at", "sent_at", "approved_at", "ends_at"))
    return SimpleNamespace(**{**empty, "returned_reason": "", **facts})


def test_a_letter_is_overdue_from_the_first_moment_past_its_term():
    at = office(23, 11)
    running = letter(received_at=FRIDAY, ends_at=at)
    assert state_of(running, datetime.fromtimestamp(at.timestamp() - 1, UTC)) is LetterState.RUNNING
    assert state_of(running, at) is LetterState.OVERDUE
    assert state_of(letter(received_at=FRIDAY), at) is LetterState.RUNNING  # no term is on record
    assert state_of(letter(received_at=FRIDAY, ends_at=at, outcome=Outcome.REFUSED), at) is LetterState.REFUSED


# What a letter needs


def test_feedback_asks_to_be_published_and_a_correction_to_correct_or_apologise():
    assert require_asks(K.FEEDBACK, {LetterAsk.TAKE_DOWN, LetterAsk.PUBLISH}) == (
        LetterAsk.PUBLISH,
        LetterAsk.TAKE_DOWN,
    )
    for kind, asks in ((K.FEEDBACK, ()), (K.CORRECTION, (LetterAsk.TAKE_DOWN,)), (K.ANSWER_US, (LetterAsk.CORRECT,))):
        with pytest.raises(BadInput):
            require_asks(kind, asks)


@pytest.mark.parametrize("missing", ["subject", "text", "passage", "right", "conclusion"])
def test_a_request_to_correct_names_words_facts_and_its_written_conclusion(missing):
    whole = {"subject": "a", "text": "b", "passage": "c", "right": "d", "conclusion": "e"}
    require_whole(K.CORRECTION, LetterText(**whole, asks=(LetterAsk.CORRECT,)))
    with pytest.raises(BadInput) as refused:
        require_whole(K.CORRECTION, LetterText(**{**whole, missing: " "}, asks=(LetterAsk.CORRECT,)))
    assert refused.value.field == missing


def test_a_letter_changed_by_one_mark_has_another_digest():
    assert LetterText("a", "Sở").digest != LetterText("a", "Số").digest


# The form of an answer


def test_an_answer_on_the_press_is_written_and_states_something():
    at = office(20, 11)
    require_fit(Kind.ANSWER_ON_PRESS, AnswerForm.WRITTEN, {Stated.DIRECTION}, at=at)
    for form in set(AnswerForm) - {AnswerForm.WRITTEN}:
        with pytest.raises(BadInput) as refused:
            require_fit(Kind.ANSWER_ON_PRESS, form, {Stated.RESULT}, at=at)
        assert refused.value.field == "answer_form"
    with pytest.raises(BadInput) as refused:
        require_fit(Kind.ANSWER_ON_PRESS, AnswerForm.WRITTEN, (), at=at)
    assert refused.value.field == "stated"
    assert "Article 32(1)" in refused.value.message


def test_of_a_forwarded_opinion_the_press_is_notified_in_writing():
    with pytest.raises(BadInput) as refused:
        require_fit(Kind.FORWARDED_OPINION, AnswerForm.INTERVIEW, (), at=office(20, 11))
    assert "Article 18(3)" in refused.value.message
    require_fit(Kind.FORWARDED_OPINION, AnswerForm.WRITTEN, (), at=office(20, 11))


def test_other_kinds_and_earlier_days_take_any_form():
    for kind in set(Kind) - {Kind.ANSWER_ON_PRESS, Kind.FORWARDED_OPINION}:
        require_fit(kind, AnswerForm.BRIEFING, (), at=office(20, 11))
    require_fit(Kind.ANSWER_ON_PRESS, AnswerForm.BRIEFING, (), at=office(30, 6))
    assert office_day(office(30, 6)) == date(2026, 6, 30)
