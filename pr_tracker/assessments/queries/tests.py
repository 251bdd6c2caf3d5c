"""Find the test of a class, its questions, who took it and what is still to be marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from pr_tracker.assessments.models import AnswerJudgement, ClassTest, TestAttempt, TestQuestion
from pr_tracker.assessments.rules import (
    GRACE,
    Kind,
    Option,
    QuestionFacts,
    Score,
    Stage,
    digest_of,
    due_at,
    points_of,
    score_of,
    stage_of,
)
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.trainings.models import Course, TrainingClass
from pr_tracker.trainings.models_roster import Participant

NO_TEST = N_("This class has no test.")
CLASSES_OFFERED = 50


@dataclass(frozen=True)
class Book:
    """A test as a whole: its questions by id in their order, and what trainers gave for short answers."""

    questions: dict[int, QuestionFacts]
    judged: dict[int, dict[str, Decimal]]

    @property
    def most(self) -> Decimal:
        """The points one can reach."""
        return sum((question.points for question in self.questions.values()), Decimal(0))

    def score(self, answers: dict[str, Any]) -> Score:
        """What these answers are worth."""
        return score_of(self.questions, answers, self.judged)


@dataclass(frozen=True)
class Unjudged:
    """A short answer that waits for a trainer, or was judged: as typed, by how many, and what was given."""

    question_id: int
    digest: str
    answer: str
    people: int
    points: Decimal | None


def find_test(class_id: int) -> ClassTest | None:
    """The test of a class, if it has one."""
    return db.session.scalar(sa.select(ClassTest).where(ClassTest.class_id == class_id))


def get_test(class_id: int) -> ClassTest:
    """The test of a class. Raises NotFound."""
    found = find_test(class_id)
    if found is None:
        raise NotFound(NO_TEST)
    return found


def get_question(question_id: int) -> TestQuestion:
    """A question that stands in its test. Raises NotFound."""
    found = db.session.get(TestQuestion, question_id)
    if found is None or not found.active:
        raise NotFound(N_("There is no such question."))
    return found


def questions_of(test_id: int) -> Sequence[TestQuestion]:
    """The questions of a test in their order."""
    query = sa.select(TestQuestion).where(TestQuestion.test_id == test_id, TestQuestion.active)
    return db.session.scalars(query.order_by(TestQuestion.number, TestQuestion.id)).all()


def facts_of(row: TestQuestion) -> QuestionFacts:
    """A stored question as a rule sees it."""
    options = tuple(Option(option["text"], option["right"], option["id"]) for option in row.options)
    return QuestionFacts(row.kind, row.text, row.points, options, tuple(row.accepted))


def book_of(test_id: int, questions: Sequence[TestQuestion] | None = None) -> Book:
    """The test as a whole."""
    rows = questions_of(test_id) if questions is None else questions
    judged: dict[int, dict[str, Decimal]] = {}
    one = AnswerJudgement
    query = sa.select(one.question_id, one.digest, one.points).where(one.question_id.in_([row.id for row in rows]))
    for question_id, digest, points in db.session.execute(query):
        judged.setdefault(question_id, {})[digest] = points
    return Book({row.id: facts_of(row) for row in rows}, judged)


def count_questions(test_id: int) -> int:
    """How many questions stand in a test."""
    query = sa.select(sa.func.count(TestQuestion.id)).where(TestQuestion.test_id == test_id, TestQuestion.active)
    return db.session.scalar(query) or 0


def stage_now(test: ClassTest, now: datetime) -> Stage:
    """Where the test stands at a moment."""
    return stage_of(test.opens_at, test.closes_at, count_questions(test.id), now)


def answer_to(question: TestQuestion, answers: dict[str, Any]) -> list[int] | str:
    """What was answered to a question: ids chosen, or text; empty without an answer."""
    given: list[int] | str = answers.get(str(question.id)) or ("" if question.kind is Kind.SHORT else [])
    return given


def has_attempts(test_id: int) -> bool:
    """Whether somebody has begun the test, also where it was annulled."""
    return db.session.scalar(sa.select(TestAttempt.id).where(TestAttempt.test_id == test_id).limit(1)) is not None


def find_attempt(test_id: int, participant_id: int) -> TestAttempt | None:
    """The attempt of a person that counts, if there is one."""
    query = sa.select(TestAttempt).where(
        TestAttempt.test_id == test_id,
        TestAttempt.participant_id == participant_id,
        TestAttempt.annulled_at.is_(None),
    )
    return db.session.scalar(query)


def get_attempt(attempt_id: int) -> TestAttempt:
    """An attempt. Raises NotFound."""
    found = db.session.get(TestAttempt, attempt_id)
    if found is None:
        raise NotFound(N_("There is no such attempt."))
    return found


def ends_at(test: ClassTest, attempt: TestAttempt) -> datetime:
    """When the time of an attempt runs out."""
    return due_at(attempt.started_at, test.minutes, test.closes_at)


def is_over(test: ClassTest, attempt: TestAttempt, now: datetime) -> bool:
    """Whether nothing can be added: handed in, or the time has run out; what was saved counts either way."""
    return attempt.handed_in_at is not None or now >= ends_at(test, attempt) + GRACE


def attempts_of(test: ClassTest) -> Sequence[sa.Row]:
    """Attempts that count, with the person: id, participant, number, name, agency, answers and times, by name."""
    one, who = TestAttempt, Participant
    query = (
        sa.select(
            one.id,
            one.participant_id,
            who.number,
            who.full_name,
            who.agency_name,
            one.answers,
            one.started_at,
            one.saved_at,
            one.handed_in_at,
        )
        .join(who, who.id == one.participant_id)
        .where(one.test_id == test.id, one.annulled_at.is_(None))
        .order_by(who.sort_key, who.id)
    )
    return db.session.execute(query).all()


def annulled_of(test: ClassTest) -> Sequence[sa.Row]:
    """Attempts that were annulled: name, when, why."""
    one, who = TestAttempt, Participant
    query = (
        sa.select(one.id, who.number, who.full_name, one.annulled_at, one.annulled_because)
        .join(who, who.id == one.participant_id)
        .where(one.test_id == test.id, one.annulled_at.is_not(None))
        .order_by(one.annulled_at)
    )
    return db.session.execute(query).all()


def short_answers(book: Book, attempts: Sequence[sa.Row]) -> dict[int, list[Unjudged]]:
    """By question: the different short answers no accepted one settles; first what waits, then what most gave."""
    found: dict[int, dict[str, tuple[str, int]]] = {}
    for question_id, question in book.questions.items():
        if question.kind is not Kind.SHORT:
            continue
        here = found.setdefault(question_id, {})
        for attempt in attempts:
            answer = attempt.answers.get(str(question_id), "")
            if answer and points_of(question, answer, {}) is None:
                first, people = here.get(digest_of(answer), (answer, 0))
                here[digest_of(answer)] = first, people + 1
    return {question_id: _sorted(question_id, here, book) for question_id, here in found.items()}


def _sorted(question_id: int, found: dict[str, tuple[str, int]], book: Book) -> list[Unjudged]:
    given = book.judged.get(question_id, {})
    rows = [Unjudged(question_id, digest, text, n, given.get(digest)) for digest, (text, n) in found.items()]
    return sorted(rows, key=lambda row: (row.points is not None, -row.people, row.answer))


def tests_to_copy(class_id: int) -> Sequence[sa.Row]:
    """Tests of other classes, newest first: class_id, test title, class, course, year, questions."""
    counted = (
        sa.select(sa.func.count(TestQuestion.id))
        .where(TestQuestion.test_id == ClassTest.id, TestQuestion.active)
        .scalar_subquery()
    )
    query = (
        sa.select(
            ClassTest.class_id,
            ClassTest.title,
            TrainingClass.name.label("class_name"),
            Course.title.label("course_title"),
            Course.year,
            counted.label("questions"),
        )
        .join(TrainingClass, TrainingClass.id == ClassTest.class_id)
        .join(Course, Course.id == TrainingClass.course_id)
        .where(ClassTest.class_id != class_id, counted > 0)
        .order_by(ClassTest.id.desc())
        .limit(CLASSES_OFFERED)
    )
    return db.session.execute(query).all()
