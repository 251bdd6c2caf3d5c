"""Tests taken and marked, marks typed by two, papers, and feedback that leads back to nobody."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from pr_tracker.assessments.actions import feedback, marks, taking, tests
from pr_tracker.assessments.models import (
    FeedbackGiven,
    FeedbackTally,
    FeedbackText,
    TestAttempt,
)
from pr_tracker.assessments.queries.feedback import asked_of, feedback_summary
from pr_tracker.assessments.queries.results import results_of
from pr_tracker.assessments.queries.tests import attempts_of, book_of, find_attempt, questions_of, short_answers
from pr_tracker.assessments.rules import MarkSource, Result, Verdict
from pr_tracker.audit.models import AuditEntry
from pr_tracker.errors import BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.trainings.actions import roll, roster
from pr_tracker.trainings.rules_roll import Mark
from tests.factories.accounts import NOW, a_person
from tests.factories.assessments import (
    HOUR,
    a_feedback,
    a_paper_task,
    a_short_one,
    a_test,
    an_attempt,
    one_choice,
    several_choices,
)
from tests.factories.trainings import a_class, a_roster, a_session


@pytest.fixture
def held(session):
    """A session of a class with seven on its roster, of whom six came, one of them late."""
    held = a_session()
    held.people = a_roster(held.training_class, *(f"Nguyễn Văn {name}" for name in "ABCDEGH"))
    came = [Mark.PRESENT] * 4 + [Mark.LATE, Mark.LEFT_EARLY, Mark.EXCUSED]
    for person, mark in zip(held.people, came, strict=True):
        roll.mark(held, person, mark, version=0, actor=None, now=NOW)
    session.flush()
    return held


def test_a_test_is_marked_by_itself_and_the_result_is_out_of_ten(held):
    test = a_test(held.training_class, one_choice(), several_choices())
    first, second = questions_of(test.id)
    good, half, none = held.people[:3]
    an_attempt(test, good, {first.id: [1], second.id: [2, 1]})
    an_attempt(test, half, {first.id: [1], second.id: [1, 2, 3]})
    results = results_of(held.class_id)
    assert results[good.id] == Result(Decimal("10.00"), False, MarkSource.TEST)
    assert results[half.id].mark == Decimal("3.33")
    assert results[none.id] == Result()
    assert len(results) == 7


def test_answers_to_what_was_not_asked_are_not_kept(held):
    test = a_test(held.training_class)
    first, second = questions_of(test.id)
    attempt = an_attempt(test, held.people[0], {first.id: [3, 2, 99], second.id: "Họp báo", 9999: [1]}, handed_in=False)
    assert attempt.answers == {str(first.id): [2]}


def test_saving_goes_on_where_it_was_and_handing_in_ends_it(held):
    test = a_test(held.training_class)
    first, second = questions_of(test.id)
    person = held.people[0]
    attempt = an_attempt(test, person, {first.id: [1]}, handed_in=False)
    assert taking.start(test, person, now=NOW) is attempt
    assert taking.save(test, attempt, {second.id: [1, 2]}, now=NOW) == 2
    assert taking.save(test, attempt, {second.id: []}, now=NOW) == 1
    taking.hand_in(test, attempt, person, {}, now=NOW)
    for late in (
        lambda: taking.save(test, attempt, {}, now=NOW),
        lambda: taking.hand_in(test, attempt, person, {}, now=NOW),
    ):
        with pytest.raises(StepNotAllowed):
            late()
    assert results_of(held.class_id)[person.id].mark == Decimal("3.33")


def test_when_the_time_is_over_what_was_saved_counts(held):
    test = a_test(held.training_class, minutes=10)
    first, _ = questions_of(test.id)
    person = held.people[0]
    attempt = an_attempt(test, person, {first.id: [1]}, handed_in=False)
    taking.save(test, attempt, {first.id: [1]}, now=NOW + timedelta(minutes=10, seconds=30))  # still on its way
    with pytest.raises(StepNotAllowed):
        taking.save(test, attempt, {first.id: [2]}, now=NOW + timedelta(minutes=11))
    assert results_of(held.class_id)[person.id].mark == Decimal("3.33")


def test_only_whoever_has_a_place_begins_and_only_while_it_is_open(held, session):
    test = a_test(held.training_class)
    gone, waiting, late = held.people[:3]
    roster.remove_participant(gone, "Đi công tác", actor=None, now=NOW)
    waiting.waiting_at = NOW
    session.flush()
    for person, moment in ((gone, NOW), (waiting, NOW), (late, NOW - 2 * HOUR), (late, NOW + HOUR)):
        with pytest.raises(StepNotAllowed):
            taking.start(test, person, now=moment)


def test_an_annulled_attempt_stays_on_record_and_a_new_one_counts(held, session):
    test = a_test(held.training_class)
    first, second = questions_of(test.id)
    person = held.people[0]
    attempt = an_attempt(test, person, {})
    with pytest.raises(BadInput):
        tests.annul_attempt(attempt, "", version=attempt.version, actor=None, now=NOW)
    tests.annul_attempt(attempt, "Điện thoại hỏng", version=attempt.version, actor=None, now=NOW)
    assert results_of(held.class_id)[person.id].mark is None
    again = an_attempt(test, person, {first.id: [1], second.id: [1, 2]})
    assert find_attempt(test.id, person.id).id == again.id
    assert session.scalar(sa.select(sa.func.count(TestAttempt.id))) == 2
    assert results_of(held.class_id)[person.id].mark == Decimal("10.00")


def test_a_short_answer_waits_for_a_trainer_and_is_judged_for_all_who_gave_it(held):
    test = a_test(held.training_class, a_short_one("Bao lâu?", "24 giờ", points=2))
    (question,) = questions_of(test.id)
    known, one, two = held.people[:3]
    an_attempt(test, known, {question.id: "24 GIO"})
    an_attempt(test, one, {question.id: "Một ngày đêm"})
    an_attempt(test, two, {question.id: "mot ngay dem."})
    (waiting,) = short_answers(book_of(test.id), attempts_of(test))[question.id]
    assert (waiting.people, waiting.points) == (2, None)
    assert results_of(held.class_id)[one.id].mark is None
    tests.judge_answer(question, waiting.digest, Decimal(1), answer=waiting.answer, actor=None, now=NOW)
    results = results_of(held.class_id)
    assert [results[person.id].mark for person in (known, one, two)] == [10, 5, 5]
    with pytest.raises(BadInput):
        tests.judge_answer(question, waiting.digest, Decimal(3), answer="x", actor=None, now=NOW)


def test_once_somebody_has_begun_a_question_is_corrected_but_keeps_its_shape(held):
    test = a_test(held.training_class, one_choice("Ai?", "A", "B"))
    (question,) = questions_of(test.id)
    an_attempt(test, held.people[0], {question.id: [2]})
    with pytest.raises(StepNotAllowed):
        tests.add_questions(test, [one_choice()], actor=None, now=NOW)
    with pytest.raises(StepNotAllowed):
        tests.change_question(question, one_choice("Ai?", "A", "B", "C"), version=1, actor=None, now=NOW)
    turned = one_choice("Ai?", "B", "A")
    mended = type(turned)(turned.kind, turned.text, turned.points, turned.options[::-1])
    tests.change_question(question, mended, version=1, actor=None, now=NOW)
    assert results_of(held.class_id)[held.people[0].id].mark == 10
    with pytest.raises(ChangedMeanwhile):
        tests.change_question(question, mended, version=1, actor=None, now=NOW)


def test_a_withdrawn_question_counts_for_nobody(held):
    test = a_test(held.training_class)
    first, second = questions_of(test.id)
    an_attempt(test, held.people[0], {first.id: [1]})
    tests.withdraw_question(second, version=1, actor=None, now=NOW)
    assert results_of(held.class_id)[held.people[0].id].mark == 10


def test_questions_change_places(held):
    test = a_test(held.training_class, *(one_choice(text) for text in ("một", "hai", "ba")))
    first = questions_of(test.id)[0]
    tests.move_question(first, 1, actor=None, now=NOW)
    tests.move_question(questions_of(test.id)[0], -1, actor=None, now=NOW)
    assert [row.text for row in questions_of(test.id)] == ["hai", "một", "ba"]


def test_a_test_is_copied_to_another_class_with_its_questions_and_none_of_its_answers(held):
    test = a_test(held.training_class, minutes=30)
    an_attempt(test, held.people[0], {})
    other = a_class("Lớp 2", course=held.training_class.course)
    copied = tests.copy_test(other, test, NOW + 24 * HOUR, actor=None, now=NOW)
    assert (copied.closes_at - copied.opens_at, copied.minutes) == (2 * HOUR, 30)
    assert [row.text for row in questions_of(copied.id)] == [row.text for row in questions_of(test.id)]
    assert not attempts_of(copied)
    with pytest.raises(ChangedMeanwhile):
        tests.copy_test(other, test, NOW, actor=None, now=NOW)


def test_a_typed_mark_stands_above_the_test_and_can_be_taken_back(held):
    test = a_test(held.training_class)
    person = held.people[0]
    an_attempt(test, person, {})
    sent = {person.id: (Decimal("8.50"), "Thi vấn đáp", 0)}
    assert marks.enter_marks(held.training_class, sent, MarkSource.TYPED, actor=None, now=NOW) == (1, set())
    assert results_of(held.class_id)[person.id] == Result(Decimal("8.50"), False, MarkSource.TYPED)
    sent = {person.id: (None, "", 1)}
    assert marks.enter_marks(held.training_class, sent, MarkSource.TYPED, actor=None, now=NOW) == (1, set())
    assert results_of(held.class_id)[person.id].mark == 0


def test_the_second_to_type_a_mark_is_told_and_overwrites_nothing(held):
    one, two = held.people[:2]
    enter = {"actor": None, "now": NOW}
    marks.enter_marks(held.training_class, {one.id: (Decimal(7), "", 0)}, MarkSource.TYPED, **enter)
    sent = {one.id: (Decimal(5), "", 0), two.id: (Decimal(6), "", 0), 999_999: (Decimal(6), "", 0)}
    assert marks.enter_marks(held.training_class, sent, MarkSource.TYPED, **enter) == (1, {one.id, 999_999})
    same = {one.id: (Decimal(7), "", 0)}
    assert marks.enter_marks(held.training_class, same, MarkSource.TYPED, **enter) == (0, set())
    assert results_of(held.class_id)[one.id].mark == 7


def test_a_paper_counts_when_it_is_handed_in_and_no_longer_when_it_is_returned(held):
    one = held.training_class
    person, other = held.people[:2]
    with pytest.raises(StepNotAllowed):
        marks.hand_in_paper(person, None, actor=None, now=NOW)
    a_paper_task(one)
    paper = marks.hand_in_paper(person, None, actor=None, now=NOW)
    assert results_of(one.id)[person.id].paper
    assert not results_of(one.id)[other.id].paper
    judge = {"actor": None, "now": NOW}
    with pytest.raises(BadInput):
        marks.judge_paper(paper, Verdict.RETURNED, None, "", version=1, **judge)
    marks.judge_paper(paper, Verdict.RETURNED, None, "Thiếu phần liên hệ thực tế", version=1, **judge)
    assert not results_of(one.id)[person.id].paper
    again = marks.hand_in_paper(person, None, actor=None, now=NOW)
    marks.judge_paper(again, Verdict.PASSED, Decimal("8"), "", version=1, **judge)
    assert results_of(one.id)[person.id] == Result(None, True, None, Decimal(8))
    with pytest.raises(StepNotAllowed):
        marks.hand_in_paper(person, None, actor=None, now=NOW)
    with pytest.raises(StepNotAllowed):
        marks.hand_in_paper(other, None, actor=None, now=NOW + 25 * HOUR)
    trainer = a_person()
    assert marks.hand_in_paper(other, None, actor=trainer, now=NOW + 25 * HOUR).handed_in_by_id == trainer.id


def answer(form, person, value=5, words="", now=NOW):
    scale, free = asked_of(form.id)
    feedback.give_feedback(form, person, {scale.id: value}, {free.id: words}, now=now)


def test_feedback_comes_once_and_only_from_those_who_attended(held):
    form = a_feedback(held.training_class)
    answer(form, held.people[4])  # late is attended
    for person, moment in ((held.people[4], NOW), (held.people[6], NOW), (held.people[0], NOW + 24 * HOUR)):
        with pytest.raises(StepNotAllowed):
            answer(form, person, now=moment)
    stranger = a_roster(a_class("Lớp khác"), "Người Lạ")[0]
    with pytest.raises(StepNotAllowed):
        answer(form, stranger)


def test_feedback_is_shown_from_five_answers_on(held):
    form = a_feedback(held.training_class)
    for person, value in zip(held.people[:4], (5, 5, 4, 1), strict=True):
        answer(form, person, value, "Tốt")
    few = feedback_summary(held.class_id)
    assert (few.asked, few.answers, few.is_shown, few.scales, few.texts) == (6, 4, False, (), ())
    answer(form, held.people[4], 3, "Âm thanh kém")
    (scale,), ((_, words),) = feedback_summary(held.class_id).scales, feedback_summary(held.class_id).texts
    assert scale.counts == (2, 1, 1, 0, 1)
    assert len(words) == 5


def test_nothing_that_is_stored_joins_a_person_to_an_answer(held, session):
    form = a_feedback(held.training_class)
    answer(form, held.people[0], 2, "Báo cáo viên nói nhanh")
    answer(form, held.people[1], 5, "Phòng nóng")
    for table, columns in (
        (FeedbackGiven, {"participant_id"}),
        (FeedbackTally, {"question_id", "value", "count"}),
        (FeedbackText, {"id", "question_id", "words"}),
    ):
        assert set(table.__table__.columns.keys()) == columns, "a time or a number would tell whose answer it is"
    said = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "feedback:give")).all()
    assert [(entry.data, entry.actor_id, entry.subject_kind) for entry in said] == [({}, None, "feedback_forms")] * 2


@pytest.mark.only_on("postgresql", why="SQLite keeps no act with a row")
def test_not_even_the_databases_own_columns_join_a_person_to_an_answer(held, session):
    form = a_feedback(held.training_class)
    session.commit()
    for person, value, words in ((held.people[0], 2, "một"), (held.people[1], 5, "hai"), (held.people[2], 4, "")):
        answer(form, person, value, words)
        session.commit()
    acts = session.execute(sa.text("SELECT DISTINCT xmin::text FROM feedback_tallies")).all()
    assert len(acts) == 1, "each row of the tallies is written by the last act, whatever it changed"
    assert len(session.execute(sa.text("SELECT DISTINCT xmin::text FROM feedback_texts")).all()) == 1


def test_once_somebody_has_answered_the_questions_stay(held):
    form = a_feedback(held.training_class)
    asked = asked_of(form.id)
    times = (form.opens_at, form.closes_at + HOUR)
    feedback.change_feedback(form, asked[::-1], *times, version=1, actor=None, now=NOW)
    assert [one.words for one in asked_of(form.id)] == [one.words for one in asked[::-1]]
    free, scale = asked_of(form.id)
    feedback.give_feedback(form, held.people[0], {scale.id: 5}, {free.id: "Tốt"}, now=NOW)
    feedback.change_feedback(form, asked[::-1], form.opens_at, form.closes_at + HOUR, version=2, actor=None, now=NOW)
    with pytest.raises(StepNotAllowed):
        feedback.change_feedback(form, asked, *times, version=3, actor=None, now=NOW)
    assert feedback_summary(held.class_id).answers == 1
