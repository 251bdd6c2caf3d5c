"""Tests marked by themselves, texts and lists read, feedback that tells nobody apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.assessments.rules import (
    Kind,
    Option,
    QuestionFacts,
    Stage,
    TestFacts,
    digest_of,
    due_at,
    points_of,
    require_sound,
    require_span,
    score_of,
    shuffled,
    stage_of,
)
from pr_tracker.assessments.rules_feedback import (
    LEAST_SHOWN,
    Asked,
    Asking,
    ScaleSummary,
    read_asked,
    summarise,
    usual_questions,
    write_asked,
)
from pr_tracker.assessments.rules_marks import MarkTrouble, Row, cells_of, read_mark, read_marks
from pr_tracker.assessments.rules_paste import read_questions
from pr_tracker.errors import BadInput

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)  # Wednesday
SINGLE = QuestionFacts(Kind.SINGLE, "?", Decimal(2), (Option("a", True, 1), Option("b", False, 2)))
SEVERAL = QuestionFacts(
    Kind.SEVERAL, "?", Decimal(3), (Option("a", True, 1), Option("b", False, 2), Option("c", True, 3))
)
SHORT = QuestionFacts(Kind.SHORT, "?", Decimal(1), accepted=("Hai mươi bốn giờ", "24 giờ"))


@pytest.mark.parametrize(
    ("question", "answer", "points"),
    [
        (SINGLE, [1], 2),
        (SINGLE, [2], 0),
        (SINGLE, [], 0),
        (SINGLE, "a", 0),
        (SEVERAL, [3, 1], 3),
        (SEVERAL, [1], 0),
        (SEVERAL, [1, 2, 3], 0),
        (SHORT, "hai muoi bon GIO.", 1),
        (SHORT, " 24  giờ ", 1),
        (SHORT, "", 0),
        (SHORT, " . ", 0),
        (SHORT, [1], 0),
        (SHORT, "một ngày", None),
    ],
)
def test_an_answer_earns_all_the_points_or_none_or_waits_for_a_trainer(question, answer, points):
    assert points_of(question, answer) == points


def test_what_a_trainer_gives_a_short_answer_counts_for_everybody_who_gave_it():
    judged = {digest_of("Một ngày"): Decimal("0.5"), digest_of("24 giờ"): Decimal(0)}
    assert points_of(SHORT, "mot ngay.", judged) == Decimal("0.5")
    assert points_of(SHORT, "24 giờ", judged) == 0
    assert points_of(replace(SHORT, points=Decimal("0.25")), "một ngày", judged) == Decimal("0.25")


def test_the_mark_is_out_of_ten_and_only_there_when_nothing_waits():
    questions = {7: SINGLE, 8: SEVERAL, 9: SHORT}
    assert score_of(questions, {"7": [1], "9": "24 giờ"}, {}).mark == Decimal("5.00")
    waiting = score_of(questions, {"7": [1], "9": "một ngày"}, {})
    assert (waiting.waiting, waiting.mark) == (1, None)
    assert score_of(questions, {"7": [1], "9": "x"}, {9: {digest_of("X"): Decimal(1)}}).mark == Decimal("5.00")
    assert score_of(
        {7: replace(SINGLE, points=Decimal(1)), 8: SEVERAL, 9: replace(SHORT, points=Decimal(2))}, {"9": "24 giờ"}, {}
    ).mark == Decimal("3.33")
    assert score_of({}, {}, {}).mark is None


@given(st.sets(st.integers(1, 3)), st.text(max_size=30))
def test_no_answer_earns_more_than_the_question_is_worth(chosen, text):
    for question, answer in ((SINGLE, list(chosen)), (SEVERAL, list(chosen)), (SHORT, text)):
        points = points_of(question, answer)
        assert points is None or 0 <= points <= question.points


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SINGLE, text=""),
        replace(SINGLE, points=Decimal(0)),
        replace(SINGLE, points=Decimal(101)),
        replace(SINGLE, options=(Option("a", True),)),
        replace(SINGLE, options=(Option("a", False), Option("b", False))),
        replace(SINGLE, options=(Option("a", True), Option("b", True))),
        replace(SEVERAL, options=(Option("Họp báo", True), Option("họp  báo", True))),
        replace(SHORT, accepted=("x" * 201,)),
    ],
)
def test_a_question_nobody_could_answer_rightly_is_refused(wrong):
    with pytest.raises(BadInput):
        require_sound(wrong)


def test_a_test_closes_after_it_opens_and_leaves_the_time_it_promises():
    facts = TestFacts("x", "", NOW, NOW + timedelta(minutes=30), 30)
    require_span(facts)
    for wrong in (replace(facts, closes_at=NOW), replace(facts, minutes=31)):
        with pytest.raises(BadInput):
            require_span(wrong)


def test_a_test_without_questions_does_not_open():
    after = NOW + timedelta(hours=1)
    assert stage_of(NOW, after, 0, NOW) is Stage.PREPARING
    assert stage_of(NOW, after, 3, NOW - timedelta(seconds=1)) is Stage.PREPARING
    assert stage_of(NOW, after, 3, NOW) is Stage.OPEN
    assert stage_of(NOW, after, 3, after) is Stage.CLOSED


def test_whoever_begins_late_has_until_the_test_closes():
    closes = NOW + timedelta(minutes=40)
    assert due_at(NOW, 30, closes) == NOW + timedelta(minutes=30)
    assert due_at(NOW + timedelta(minutes=20), 30, closes) == closes
    assert due_at(NOW, None, closes) == closes


def test_each_attempt_keeps_its_own_order():
    ids = list(range(1, 20))
    assert shuffled(1, ids) == shuffled(1, reversed(ids))
    assert sorted(shuffled(1, ids)) == ids
    assert shuffled(1, ids) != shuffled(2, ids)


WORD_FILE = """Câu 1. Ai chịu trách nhiệm phát ngôn
của cơ quan? (2 điểm)
A. Người đứng đầu
B. Văn thư
C. Không ai
Đáp án: A

Câu 2: Những hình thức nào là phát ngôn?
*a) Họp báo
b) Im lặng
   cho qua
*c) Thông cáo báo chí

3. Thông tin ban đầu trong bao lâu? (0,5 điểm)
= 24 giờ | hai mươi bốn giờ
= một ngày

4/ Nêu một bài học của bản thân."""


def test_a_test_is_read_as_trainers_write_it():
    one, two, three, four = [asked.facts for asked in read_questions(WORD_FILE)]
    assert (one.kind, one.text, one.points) == (Kind.SINGLE, "Ai chịu trách nhiệm phát ngôn của cơ quan?", 2)
    assert [option.is_right for option in one.options] == [True, False, False]
    assert (two.kind, two.options[1].text) == (Kind.SEVERAL, "Im lặng cho qua")
    assert [option.is_right for option in two.options] == [True, False, True]
    assert (three.kind, three.points, three.accepted) == (
        Kind.SHORT,
        Decimal("0.5"),
        ("24 giờ", "hai mươi bốn giờ", "một ngày"),
    )
    assert (four.kind, four.accepted, four.text) == (Kind.SHORT, (), "Nêu một bài học của bản thân.")


def test_without_numbers_empty_lines_part_the_questions_and_what_is_wrong_is_said_at_its_line():
    good, bad = read_questions("Hỏi gì?\nA. x\n*B. y\n\nHỏi nữa?\nA. x\nB. y\nANSWERS: C")
    assert good.trouble is None
    assert (bad.line, bad.trouble.field) == (5, "options")
    with pytest.raises(BadInput):
        read_questions("\n\n".join(f"{number}. x" for number in range(1, 102)))


@given(st.text(max_size=400))
def test_any_text_can_be_pasted(text):
    for asked in read_questions(text.replace("\r", "\n")):
        assert asked.trouble or require_sound(asked.facts) is None


@pytest.mark.parametrize(
    ("typed", "mark"), [("7,5", "7.50"), ("10", "10.00"), (" 0 ", "0.00"), ("8.25/10", "8.25"), ("", None)]
)
def test_a_mark_is_typed_with_a_comma_or_a_point(typed, mark):
    assert read_mark(typed) == (None if mark is None else Decimal(mark))


@pytest.mark.parametrize("typed", ["11", "-1", "7,555", "bảy", "1e1", "NaN", "10,5", "٧"])
def test_what_is_no_mark_is_refused(typed):
    with pytest.raises(BadInput):
        read_mark(typed)


ROSTER = {"A01": Row(1, "Lý Quốc Bảo"), "A02": Row(2, "Danh Út", Decimal("7.50")), "A03": Row(3, "Trần An")}


def test_a_list_of_marks_is_read_by_row_code_and_every_line_says_what_is_wrong_with_it():
    rows = [
        ["STT", "Mã", "Họ và tên", "Điểm"],
        ["1", "a01", "ly quoc bao", "8"],
        ["2", "A02", "", "7,5"],
        ["3", "A03", "Người khác", "9"],
        ["4", "Z99", "Trần An", "9"],
        ["5", "A01", "Lý Quốc Bảo", "9"],
        ["", "", "", ""],
        ["6", "", "Trần An", "9"],
    ]
    read = read_marks(rows, ROSTER)
    assert [(line.number, line.code, line.mark, line.trouble) for line in read] == [
        (2, "A01", Decimal("8.00"), None),
        (3, "A02", Decimal("7.50"), None),
        (4, "A03", None, MarkTrouble.OTHER_NAME),
        (5, "Z99", None, MarkTrouble.UNKNOWN_CODE),
        (6, "A01", None, MarkTrouble.REPEATED),
        (8, "", None, MarkTrouble.NO_CODE),
    ]
    assert [line.is_same for line in read] == [False, True, False, False, False, False]


def test_marks_are_typed_as_code_and_number():
    read = read_marks(cells_of("A01 8,25\nA02; ; 9\nA03\tTrần An\tmười\nA09"), ROSTER)
    assert [(line.code, line.mark, line.trouble) for line in read] == [
        ("A01", Decimal("8.25"), None),
        ("A02", Decimal("9.00"), None),
        ("A03", None, MarkTrouble.NO_MARK),
        ("A09", None, MarkTrouble.UNKNOWN_CODE),
    ]


@given(st.text(max_size=200))
def test_any_text_can_be_typed_as_marks(text):
    for line in read_marks(cells_of(text), ROSTER):
        assert (line.mark is None) == (line.trouble is not None)


ASKED = [Asked(Asking.SCALE, "Thiết thực", 1), Asked(Asking.TEXT, "Góp ý", 2)]


def test_below_five_answers_nothing_of_the_feedback_is_shown():
    tallies, texts = {1: {5: 3, 2: 1}}, {2: ["bé", "An"]}
    few = summarise(ASKED, tallies, texts, may_answer=20, answers=LEAST_SHOWN - 1)
    assert (few.is_shown, few.scales, few.texts) == (False, (), ())
    enough = summarise(ASKED, tallies, texts, may_answer=20, answers=LEAST_SHOWN)
    assert enough.scales == (ScaleSummary("Thiết thực", (3, 0, 0, 1, 0)),)
    assert enough.texts == (("Góp ý", ("An", "bé")),)


def test_a_scale_says_its_mean_and_how_many_agree():
    scale = ScaleSummary("x", (3, 0, 0, 1, 0))
    assert (scale.answers, scale.mean, scale.agreeing) == (4, Decimal("4.3"), 75)
    assert ScaleSummary("x", (0,) * 5).mean is None


def test_the_questions_are_typed_one_a_line_and_read_back_the_same():
    asked = usual_questions(["Luật Báo chí", "Kỹ năng"])
    assert "Buổi 2: Kỹ năng" in [one.words for one in asked]
    assert read_asked(write_asked(asked)) == asked
    assert not any(one.words.startswith("Buổi") for one in usual_questions(["Một buổi"]))
    for wrong in ([], ["?"], ["x" * 301], ["x"] * 31):
        with pytest.raises(BadInput):
            read_asked(wrong)
