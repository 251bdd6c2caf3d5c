"""Row codes, pasted rosters and doubts about who is who."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.errors import BadInput
from pr_tracker.trainings.rules import session_span
from pr_tracker.trainings.rules_roll import row_code, row_number
from pr_tracker.trainings.rules_roster import Doubt, Entry, Known, Trouble, doubt_about, read_lines, weigh


@pytest.mark.parametrize(("number", "code"), [(1, "A01"), (99, "A99"), (100, "B01"), (212, "C14"), (2575, "AA01")])
def test_rows_have_a_letter_and_two_figures(number, code):
    assert row_code(number) == code


def test_there_is_no_row_nought():
    with pytest.raises(ValueError):
        row_code(0)


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_no_two_rows_share_a_code(one, other):
    assert (row_code(one) == row_code(other)) == (one == other)


@given(st.integers(1, 100_000))
def test_a_row_code_as_typed_means_its_row(number):
    assert row_number(f" {row_code(number).lower()} ") == number


@pytest.mark.parametrize("typed", ["", "A", "A00", "A0", "7", "A100", "Á01", "A 01", "AAAA01", "K7M4QX"])
def test_what_is_no_row_code_means_no_row(typed):
    assert row_number(typed) is None


def test_a_session_stands_on_the_offices_clock():
    starts, ends = session_span(date(2026, 11, 25), time(15, 30), time(17, 0))  # a Wednesday
    assert starts == datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    assert ends == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("end", [time(15, 30), time(9, 0)])
def test_a_session_must_end_after_it_starts(end):
    with pytest.raises(BadInput) as refused:
        session_span(date(2026, 11, 25), time(15, 30), end)
    assert refused.value.field == "end"


def test_a_line_is_name_title_and_agency():
    (line,) = read_lines("Nguyễn Thị Thúy An; Phó Chủ tịch ; Ủy ban nhân dân xã Châu Phú")
    assert line.entry == Entry("Nguyễn Thị Thúy An", "Phó Chủ tịch", "Ủy ban nhân dân xã Châu Phú")
    assert line.trouble is None


@pytest.mark.parametrize(
    "typed",
    [
        "1. Lý Quốc Bảo;;Sở Tài chính",
        "12) Lý Quốc Bảo ; ; Sở Tài chính",
        "3\tLý  Quốc Bảo\t\tSở Tài chính\t",
        "7 Lý Quốc Bảo;;Sở Tài chính;",
    ],
)
def test_numbers_in_front_and_cells_of_a_sheet_are_understood(typed):
    (line,) = read_lines(typed)
    assert line.entry == Entry("Lý Quốc Bảo", "", "Sở Tài chính")


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("; Giám đốc; Sở Y tế", Trouble.NO_NAME),
        ("15", Trouble.NO_NAME),
        ("x" * 121, Trouble.TOO_LONG),
        ("A; b; c; d", Trouble.TOO_MANY_PARTS),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(typed, trouble):
    (line,) = read_lines(typed)
    assert line.trouble is trouble


def test_empty_lines_are_passed_over_and_the_others_keep_their_numbers():
    assert [line.number for line in read_lines("\n\nA B\n \nC D\n")] == [3, 5]


@given(st.text(alphabet=st.sampled_from("aĐ1.;\t\n )-"), max_size=60))
def test_whatever_is_pasted_is_read_without_failing(text):
    for line in weigh(read_lines(text), [Known("A01", "a", "")]):
        assert line.typed.strip() == line.typed
        assert line.trouble is not None or line.entry.full_name


ROSTER = [Known("A01", "Lý Quốc Bảo", "Sở Tài chính"), Known("A02", "Bùi Thị Kiều Loan", "")]


@pytest.mark.parametrize(
    ("entry", "doubt"),
    [
        (Entry("Lý Quốc Bảo", "", "Sở Tài chính"), Doubt.SAME_PERSON),
        (Entry("ly quoc bao", "", "so tai chinh"), Doubt.SAME_PERSON),
        (Entry("Lý Quốc Bảo", "", "Sở Y tế"), Doubt.SAME_NAME),
        (Entry("Bùi Thị Kiều Loan"), Doubt.SAME_PERSON),
    ],
)
def test_a_namesake_on_the_roster_is_a_doubt(entry, doubt):
    assert doubt_about(entry, ROSTER)[0] is doubt


def test_a_new_name_is_no_doubt():
    assert doubt_about(Entry("Ngô Tấn Lực", "", "Sở Tài chính"), ROSTER) is None


def test_a_line_that_stands_twice_is_doubtful_the_second_time():
    lines = weigh(read_lines("Ngô Tấn Lực;;Sở Y tế\nngô tấn lực;;Sở Y tế\nNgô Tấn Lực;;Sở Nội vụ"), ROSTER)
    assert [line.doubt for line in lines] == [None, Doubt.REPEATED, None]
