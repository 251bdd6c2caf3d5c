"""The demo's class that is going on: a test open on the day, papers handed in, feedback of those who came."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.assessments.actions import feedback, marks, taking, tests
from pr_tracker.assessments.models import ClassTest
from pr_tracker.assessments.queries.feedback import asked_of, attended, topics_of
from pr_tracker.assessments.queries.tests import questions_of
from pr_tracker.assessments.rules import Kind, MarkSource, TestFacts, Verdict, digest_of
from pr_tracker.assessments.rules_feedback import Asking, usual_questions
from pr_tracker.assessments.rules_marks import read_mark
from pr_tracker.assessments.rules_paste import read_questions
from pr_tracker.db import db
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import read_toml
from pr_tracker.files import KeptFile, keep_file
from pr_tracker.office_time import office_instant
from pr_tracker.pdf import Document, Text, build
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant

TESTED, STILL_AT_IT, PAPERS, ANSWERS = 16, 2, 6, 14


def assess_class(trainer: Person, day: date, hours: Hours, moment: datetime, uploads: Path | None) -> None:
    """The latest class is tested today, hands in papers and says what it thinks of the first sessions."""
    texts, random = read_toml("assessments.toml"), Random(day.isoformat())  # noqa: S311
    one = db.session.scalars(sa.select(TrainingClass).order_by(TrainingClass.id.desc()).limit(1)).one()
    who = sa.select(Participant).where(Participant.class_id == one.id, Participant.seated()).order_by(Participant.id)
    people = list(db.session.scalars(who))
    random.shuffle(people)
    prepared = office_instant(hours.working_day(day, -2), time(10))
    test = _prepare(one, texts, trainer, day, prepared)
    _take(test, people[: TESTED + STILL_AT_IT], texts, random, moment)
    _judge(test, texts, trainer, moment)
    due = office_instant(hours.working_day(day, 5), time(17))
    marks.ask_paper(one, texts["task"], due, version=0, actor=trainer, now=prepared)
    _hand_in(people[:PAPERS], texts, trainer, moment, uploads)
    typed = {people[-1].id: (read_mark("8,5"), "Vấn đáp", 0)}
    marks.enter_marks(one, typed, MarkSource.TYPED, actor=trainer, now=moment - timedelta(minutes=9))
    _say(one, texts, trainer, prepared, due, random, moment)


def _prepare(one: TrainingClass, texts: dict, trainer: Person, day: date, now: datetime) -> ClassTest:
    day_after = office_instant(day + timedelta(days=7), time(17))
    facts = TestFacts(texts["title"], texts["instructions"], office_instant(day, time(7)), day_after)
    test = tests.add_test(one, facts, actor=trainer, now=now)
    asked = [pasted.facts for pasted in read_questions(texts["questions"])]
    tests.add_questions(test, asked, actor=trainer, now=now)
    db.session.flush()
    return test


def _take(test: ClassTest, people: list[Participant], texts: dict, random: Random, moment: datetime) -> None:
    """Most have handed in by now, two are still at it; short answers that nobody foresaw wait for the trainer."""
    asked = questions_of(test.id)
    for place, person in enumerate(people):
        at = max(test.opens_at, moment - timedelta(minutes=60 - 2 * place))
        attempt = taking.start(test, person, now=at)
        answers: dict[int, Any] = {}
        for question in asked:
            if question.kind is Kind.SHORT:
                answers[question.id] = random.choice(texts["short"] if question.accepted else texts["free"])
            else:
                right = [option["id"] for option in question.options if option["right"]]
                answers[question.id] = right if random.random() < 0.8 else [len(question.options)]
        then = at + timedelta(minutes=1)
        if place < TESTED:
            taking.hand_in(test, attempt, person, answers, now=then)
        else:
            taking.save(test, attempt, answers, now=then)
        db.session.flush()


def _judge(test: ClassTest, texts: dict, trainer: Person, moment: datetime) -> None:
    """What everybody wrote freely is marked; unforeseen words for the term still wait."""
    last = questions_of(test.id)[-1]
    for place, answer in enumerate(texts["free"]):
        points = Decimal("0.5") if place else last.points
        said: dict[str, Any] = {"answer": answer, "actor": trainer, "now": moment - timedelta(minutes=8)}
        tests.judge_answer(last, digest_of(answer), points, **said)


def _hand_in(people: list[Participant], texts: dict, trainer: Person, moment: datetime, uploads: Path | None) -> None:
    for place, person in enumerate(people):
        at = moment - timedelta(minutes=50 - place)
        paper = marks.hand_in_paper(person, _file(person, uploads, at) if place % 2 == 0 else None, actor=None, now=at)
        said: dict[str, Any] = {"version": 1, "actor": trainer, "now": moment - timedelta(minutes=20 - place)}
        if place == 1:
            marks.judge_paper(paper, Verdict.RETURNED, None, texts["returned"], **said)
        elif place < PAPERS - 2:
            marks.judge_paper(paper, Verdict.PASSED, read_mark("8,5"), "", **said)


def _file(person: Participant, uploads: Path | None, now: datetime) -> KeptFile | None:
    if uploads is None:
        return None
    out = BytesIO()
    build(Document("Bài thu hoạch", [Text(f"Bài thu hoạch của {person.full_name}", "left")]), out)
    return keep_file("Bai thu hoach.pdf", out.getvalue(), folder=uploads, largest=2, by=None, now=now)


def _say(
    one: TrainingClass,
    texts: dict,
    trainer: Person,
    opens: datetime,
    closes: datetime,
    random: Random,
    moment: datetime,
) -> None:
    asked = usual_questions(topics_of(one.id))
    form = feedback.open_feedback(one, asked, opens, closes, actor=trainer, now=opens)
    came = sa.select(Participant).where(Participant.id.in_(attended(one.id))).order_by(Participant.id).limit(ANSWERS)
    questions = asked_of(form.id)
    open_ones = [question.id for question in questions if question.kind is Asking.TEXT]
    words = dict(zip(open_ones, ("useful", "change", "next"), strict=True))
    for place, person in enumerate(db.session.scalars(came).all()):
        scales = {
            question.id: random.choices([5, 4, 3, 2], [8, 6, 2, 1])[0]
            for question in questions
            if question.kind is Asking.SCALE
        }
        free = {
            question: random.choice(texts[said]) if random.random() < 0.6 else "" for question, said in words.items()
        }
        feedback.give_feedback(form, person, scales, free, now=moment - timedelta(minutes=30 - place))
