"""Take the test: begin, save as one goes, hand in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.assessments.actions.beats import code_of, require_seat
from pr_tracker.assessments.models import ClassTest, TestAttempt
from pr_tracker.assessments.queries.tests import Book, book_of, find_attempt, is_over, stage_now
from pr_tracker.assessments.rules import LONGEST_ANSWER, AssessmentEvent, Kind, Stage
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, StepNotAllowed
from pr_tracker.trainings.models_roster import Participant

Event = AssessmentEvent
Answers = Mapping[int, Sequence[int] | str]

OVER = N_("The time is over: what was saved by then counts.")
HANDED_IN = N_("The test is handed in already.")


def start(test: ClassTest, participant: Participant, *, now: datetime) -> TestAttempt:
    """Begin the test, or go on with it; one attempt counts. Raises StepNotAllowed unless it is open to the person."""
    take_turn()
    require_seat(participant)
    attempt = find_attempt(test.id, participant.id)
    if attempt is not None:
        return attempt
    if stage_now(test, now) is not Stage.OPEN:
        raise StepNotAllowed(N_("The test is not open now."))
    attempt = TestAttempt(
        test_id=test.id,
        participant_id=participant.id,
        answers={},
        started_at=now,
        saved_at=now,
        annulled_because="",
        version=1,
    )
    db.session.add(attempt)
    record(Event.ATTEMPT_START, attempt, actor=None, now=now, code=code_of(participant))
    return attempt


def save(test: ClassTest, attempt: TestAttempt, answers: Answers, *, now: datetime) -> int:
    """Keep the answers that were sent; others stay. How many questions are answered now. Raises StepNotAllowed."""
    _lock(attempt)
    if attempt.handed_in_at is not None:
        raise StepNotAllowed(HANDED_IN)
    if attempt.annulled_at is not None or is_over(test, attempt, now):
        raise StepNotAllowed(OVER)
    kept = dict(attempt.answers) | _cleaned(book_of(test.id), answers)
    attempt.answers = {key: answer for key, answer in kept.items() if answer}
    attempt.saved_at = now
    return len(attempt.answers)


def hand_in(
    test: ClassTest, attempt: TestAttempt, participant: Participant, answers: Answers, *, now: datetime
) -> None:
    """Save what was sent and end the attempt; handed in twice, the first stands. Raises StepNotAllowed."""
    take_turn()
    answered = save(test, attempt, answers, now=now)
    attempt.handed_in_at = now
    attempt.version += 1
    record(Event.ATTEMPT_HAND_IN, attempt, actor=None, now=now, code=code_of(participant), answered=answered)


def _lock(attempt: TestAttempt) -> None:
    query = sa.select(TestAttempt).where(TestAttempt.id == attempt.id).with_for_update()
    db.session.scalar(query.execution_options(populate_existing=True))


def _cleaned(book: Book, answers: Answers) -> dict[str, list[int] | str]:
    """Only answers to questions of this test, and only ids they offer; one choice where there is one."""
    found: dict[str, list[int] | str] = {}
    for ident, answer in answers.items():
        question = book.questions.get(ident)
        if question is None:
            continue
        if question.kind is Kind.SHORT:
            found[str(ident)] = answer[:LONGEST_ANSWER] if isinstance(answer, str) else ""
        else:
            offered = {option.id for option in question.options}
            chosen = sorted({one for one in answer if one in offered}) if not isinstance(answer, str) else []
            found[str(ident)] = chosen[:1] if question.kind is Kind.SINGLE else chosen
    return found
