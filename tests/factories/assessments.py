"""Tests, papers and feedback of classes, for tests."""

from datetime import timedelta
from decimal import Decimal

from pr_tracker.assessments.actions import feedback, marks, taking, tests
from pr_tracker.assessments.rules import Kind, Option, QuestionFacts, TestFacts
from pr_tracker.assessments.rules_feedback import Asked, Asking
from pr_tracker.db import db
from tests.factories.accounts import NOW
from tests.factories.trainings import a_class

HOUR = timedelta(hours=1)


def one_choice(text="Ai chịu trách nhiệm phát ngôn?", right="Người đứng đầu", *wrong, points=1):
    wrong = wrong or ("Văn thư", "Không ai")
    options = (Option(right, True), *(Option(words, False) for words in wrong))
    return QuestionFacts(Kind.SINGLE, text, Decimal(points), options)


def several_choices(
    text="Những hình thức phát ngôn?", right=("Họp báo", "Thông cáo báo chí"), wrong=("Im lặng",), points=2
):
    options = (*(Option(words, True) for words in right), *(Option(words, False) for words in wrong))
    return QuestionFacts(Kind.SEVERAL, text, Decimal(points), options)


def a_short_one(text="Thông tin ban đầu trong bao nhiêu giờ?", *accepted, points=1):
    return QuestionFacts(Kind.SHORT, text, Decimal(points), accepted=accepted)


def a_test(of=None, *asked, opens_at=NOW - HOUR, closes_at=NOW + HOUR, minutes=None, shuffled=False, now=NOW):
    """A test that is open at NOW, with its questions."""
    facts = TestFacts("Kiểm tra cuối khóa", "Không dùng tài liệu.", opens_at, closes_at, minutes, shuffled)
    test = tests.add_test(of or a_class(), facts, actor=None, now=now)
    tests.add_questions(test, asked or (one_choice(), several_choices()), actor=None, now=now)
    db.session.flush()
    return test


def an_attempt(test, participant, answers=None, *, handed_in=True, now=NOW):
    attempt = taking.start(test, participant, now=now)
    if handed_in:
        taking.hand_in(test, attempt, participant, answers or {}, now=now)
    else:
        taking.save(test, attempt, answers or {}, now=now)
    db.session.flush()
    return attempt


def a_paper_task(of, task="Tự đánh giá công tác phát ngôn của đơn vị", due_at=NOW + 24 * HOUR, now=NOW):
    return marks.ask_paper(of, task, due_at, version=0, actor=None, now=now)


def a_feedback(of, *asked, opens_at=NOW - HOUR, closes_at=NOW + 24 * HOUR, now=NOW):
    asked = asked or (Asked(Asking.SCALE, "Nội dung thiết thực"), Asked(Asking.TEXT, "Điều cần thay đổi"))
    form = feedback.open_feedback(of, asked, opens_at, closes_at, actor=None, now=now)
    db.session.flush()
    return form
