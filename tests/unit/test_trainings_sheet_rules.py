"""What is typed from a signed sheet: exceptions by row code; everybody else was present."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import BadInput
from pr_tracker.trainings.rules_roll import Mark, row_code
from pr_tracker.trainings.rules_sheet import OnRoll, SheetTrouble, plan, read_sheet

P, L, S, E, A = Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY, Mark.EXCUSED, Mark.ABSENT
ROWS = range(1, 130)


def read(text):
    return [(one.number, one.mark, one.remark) for one in read_sheet(text, ROWS)]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("A07 v", [(7, A, "")]),
        ("a7 V", [(7, A, "")]),
        ("A07 v, B12 m: muộn 20 phút", [(7, A, ""), (111, L, "muộn 20 phút")]),
        ("A07: vắng có phép, họp Tỉnh ủy, có giấy", [(7, E, "họp Tỉnh ủy, có giấy")]),
        ("A07 vắng\nA08 về sớm; A09 c", [(7, A, ""), (8, S, ""), (9, P, "")]),
        ("A07 di muon 15 phut", [(7, L, "15 phut")]),
        ("A07 p họp", [(7, E, "họp")]),
        ("v: A07, A12 B03", [(7, A, ""), (12, A, ""), (102, A, "")]),
        ("vắng có phép A07; A12", [(7, E, ""), (12, E, "")]),
        ("s A07", [(7, S, "")]),
        ("  \n\n", []),
        ("A07 v\nA07 v", [(7, A, "")]),
    ],
)
def test_exceptions_are_read_as_clerks_write_them(typed, means):
    assert read(typed) == means


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("Nguyễn Văn An vắng", SheetTrouble.NO_CODE),
        ("A07", SheetTrouble.NO_MARK),
        ("A07 k", SheetTrouble.NO_MARK),
        ("Z99 v", SheetTrouble.UNKNOWN_ROW),
        ("A07 v\nA07 p", SheetTrouble.REPEATED),
        ("A07 m " + "x" * 201, SheetTrouble.TOO_LONG),
    ],
)
def test_what_cannot_be_taken_says_why(typed, trouble):
    assert [one.trouble for one in read_sheet(typed, ROWS)][-1] is trouble


def test_not_without_end():
    with pytest.raises(BadInput):
        read_sheet("A07 v\n" * 1001, ROWS)


@given(st.dictionaries(st.integers(1, 129), st.sampled_from("cmspv"), min_size=1))
def test_one_a_line_or_all_in_one_line_mean_the_same(marks):
    each = [f"{row_code(number)} {letter}" for number, letter in marks.items()]
    assert read("\n".join(each)) == read(", ".join(each)) == read("; ".join(each))


@given(st.text(max_size=60))
def test_nothing_typed_breaks_it(text):
    read_sheet(text, ROWS)


def test_everybody_who_is_not_typed_was_present_unless_they_apologised_or_have_a_mark():
    roll = [
        OnRoll(1, 1),
        OnRoll(2, 2, apology="Đi công tác"),
        OnRoll(3, 3, version=1, mark=L, remark="08:20"),
        OnRoll(4, 4),
        OnRoll(5, 5, version=2, mark=P),
        OnRoll(6, 6, version=1, mark=A),
    ]
    planned = plan(roll, read_sheet("A04 v: ốm, A05 s, A06 v", ROWS))
    said = [(one.who.id, one.mark, one.remark, one.is_typed) for one in planned]
    assert said == [(1, P, "", False), (2, E, "Đi công tác", False), (4, A, "ốm", True), (5, S, "", True)]
