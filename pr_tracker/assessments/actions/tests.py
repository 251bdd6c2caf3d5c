"""Build the test of a class, judge short answers, give somebody a new attempt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from pr_tracker.assessments.actions.beats import begin, code_of, write
from pr_tracker.assessments.models import AnswerJudgement, ClassTest, TestAttempt, TestQuestion
from pr_tracker.assessments.queries.tests import count_questions, facts_of, find_test, has_attempts, questions_of
from pr_tracker.assessments.rules import (
    MOST_QUESTIONS,
    AssessmentEvent,
    Kind,
    QuestionFacts,
    TestFacts,
    require_sound,
    require_span,
)
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant

Event = AssessmentEvent

BEGUN = N_("Somebody has begun the test: questions can no longer be added, only corrected or withdrawn.")
SHAPE = N_("Somebody has begun the test: the kind of the question and the number of its answers stay.")


def add_test(one: TrainingClass, facts: TestFacts, *, actor: Actor | None, now: datetime) -> ClassTest:
    """A test for the class, without questions yet. Raises BadInput, or ChangedMeanwhile when it has one."""
    require_span(facts)
    take_turn()
    if find_test(one.id) is not None:
        raise ChangedMeanwhile(N_("The class has a test already."))
    test = ClassTest(class_id=one.id, **vars(facts), version=1, created_at=now)
    db.session.add(test)
    record(Event.TEST_ADD, test, actor=actor, now=now, title=facts.title)
    return test


def change_test(test: ClassTest, facts: TestFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Correct a test's title, times and duration. Raises BadInput, ChangedMeanwhile."""
    require_span(facts)
    begin(test, version)
    if changed := write(test, vars(facts)):
        record(Event.TEST_CHANGE, test, actor=actor, now=now, changed=changed, title=test.title)


def add_questions(
    test: ClassTest, asked: Sequence[QuestionFacts], *, actor: Actor | None, now: datetime
) -> list[TestQuestion]:
    """New questions at the end. Raises BadInput for an unsound one, StepNotAllowed once somebody has begun."""
    take_turn()
    if has_attempts(test.id):
        raise StepNotAllowed(BEGUN)
    if count_questions(test.id) + len(asked) > MOST_QUESTIONS:
        raise BadInput(N_("At most %(most)s questions."), most=MOST_QUESTIONS)
    last = db.session.scalar(sa.select(sa.func.max(TestQuestion.number)).where(TestQuestion.test_id == test.id)) or 0
    rows = [_new_question(test, facts, number, now) for number, facts in enumerate(asked, last + 1)]
    if rows:
        db.session.add_all(rows)
        record(Event.QUESTION_ADD, test, actor=actor, now=now, count=len(rows))
    return rows


def change_question(
    question: TestQuestion, facts: QuestionFacts, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a question; marks follow at once. Raises BadInput, ChangedMeanwhile.

    Once somebody has begun its kind and the number of its answers stay (StepNotAllowed).
    """
    require_sound(facts)
    begin(question, version)
    if has_attempts(question.test_id):
        stands = facts_of(question)
        if stands.kind is not facts.kind or len(stands.options) != len(facts.options):
            raise StepNotAllowed(SHAPE)
    if changed := write(question, _columns(facts)):
        record(Event.QUESTION_CHANGE, question, actor=actor, now=now, changed=changed)


def withdraw_question(question: TestQuestion, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Take a question out of the test: it counts for nobody, and stays on record. Raises ChangedMeanwhile."""
    begin(question, version)
    write(question, {"active": False})
    record(Event.QUESTION_WITHDRAW, question, actor=actor, now=now, text=question.text[:200])


def move_question(question: TestQuestion, by: int, *, actor: Actor | None, now: datetime) -> None:
    """Move a question up (-1) or down (1) by one place; at the end of the list nothing happens."""
    take_turn()
    rows = list(questions_of(question.test_id))
    place = rows.index(question)
    if 0 <= place + by < len(rows):
        rows.insert(place + by, rows.pop(place))
        for number, row in enumerate(rows, 1):
            row.number = number
        record(Event.QUESTION_MOVE, question, actor=actor, now=now, place=place + by + 1)


def copy_test(
    one: TrainingClass, source: ClassTest, opens_at: datetime, *, actor: Actor | None, now: datetime
) -> ClassTest:
    """The test of another class with all its questions, opening at a moment of its own. Raises ChangedMeanwhile."""
    length: timedelta = source.closes_at - source.opens_at
    facts = TestFacts(
        source.title, source.instructions, opens_at, opens_at + length, source.minutes, shuffled=source.shuffled
    )
    test = add_test(one, facts, actor=actor, now=now)
    rows = questions_of(source.id)
    db.session.add_all(_new_question(test, facts_of(row), number, now) for number, row in enumerate(rows, 1))
    record(Event.TEST_COPY, test, actor=actor, now=now, source=source.class_id, count=len(rows))
    return test


def judge_answer(
    question: TestQuestion, digest: str, points: Decimal, *, answer: str, actor: Actor | None, now: datetime
) -> None:
    """Say what a short answer is worth, to everybody who gave it. Raises BadInput for too many points."""
    if question.kind is not Kind.SHORT:
        raise BadInput(N_("Only short answers are marked by hand."))
    if not 0 <= points <= question.points:
        raise BadInput(N_("Give 0 to %(most)s points."), field="points", most=f"{question.points.normalize():f}")
    take_turn()
    one = AnswerJudgement
    row = db.session.scalar(sa.select(one).where(one.question_id == question.id, one.digest == digest))
    if row is None:
        row = AnswerJudgement(question_id=question.id, digest=digest)
        db.session.add(row)
    elif row.points == points:
        return
    row.points, row.judged_by_id, row.judged_at = points, actor.id if actor else None, now
    record(Event.ANSWER_JUDGE, question, actor=actor, now=now, answer=answer[:200], points=str(points))


def annul_attempt(attempt: TestAttempt, reason: str, *, version: int, actor: Actor | None, now: datetime) -> None:
    """The attempt counts no more and a new one may be begun. Raises BadInput without a reason, ChangedMeanwhile."""
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    begin(attempt, version)
    who = actor.id if actor else None
    if attempt.annulled_at is None:
        write(attempt, {"annulled_at": now, "annulled_by_id": who, "annulled_because": reason})
        participant = db.session.get_one(Participant, attempt.participant_id)
        record(Event.ATTEMPT_ANNUL, attempt, actor=actor, now=now, code=code_of(participant), reason=reason)


def _new_question(test: ClassTest, facts: QuestionFacts, number: int, now: datetime) -> TestQuestion:
    require_sound(facts)
    return TestQuestion(test_id=test.id, number=number, **_columns(facts), active=True, version=1, created_at=now)


def _columns(facts: QuestionFacts) -> dict[str, Any]:
    """A question as it is stored; the answers to choose from are numbered from 1 in their order."""
    options = [
        {"id": place, "text": option.text, "right": option.is_right} for place, option in enumerate(facts.options, 1)
    ]
    is_short = facts.kind is Kind.SHORT
    return {
        "kind": facts.kind,
        "text": facts.text,
        "points": facts.points,
        "options": [] if is_short else options,
        "accepted": list(facts.accepted) if is_short else [],
    }
