"""Each hostile file gets its verdict: a sentence, or its rows; never a crash, never memory without end."""

import tracemalloc
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pr_tracker.errors import BadInput
from pr_tracker.tables import read_table
from tests.hostile import READ, REFUSED, Hostile, a_workbook


def walked(name: str, content: bytes | Path) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.text for cell in row.cells) for row in read_table(name, content).rows)


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.name)
def test_what_is_no_list_is_refused_with_a_sentence(file: Hostile) -> None:
    with pytest.raises(BadInput) as refusal:
        walked(file.name, file.content())
    assert file.said in str(refusal.value)
    assert refusal.value.field == "file"


@pytest.mark.parametrize("file", READ, ids=lambda file: file.name)
def test_what_is_odd_but_a_list_is_read(file: Hostile) -> None:
    assert walked(file.name, file.content()) == file.cells


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_content_whatever_is_more_than_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"):
        with suppress(BadInput):
            walked("x.csv", start + content)


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_workbook_with_one_octet_changed_is_read_or_refused(place: int, octet: int) -> None:
    content = bytearray(WORKBOOK)
    content[place % len(content)] = octet
    with suppress(BadInput):
        walked("x.xlsx", bytes(content))


WORKBOOK = a_workbook(["Tên", "Loại"], ["Báo A", 5], ["Báo B", 7.5])


def test_the_memory_for_a_long_list_does_not_grow_with_its_rows(tmp_path: Path) -> None:
    def peak(rows: int, name: str, content: bytes) -> int:
        path = tmp_path / f"{rows}{name}"
        path.write_bytes(content)
        tracemalloc.start()
        assert sum(1 for _ in read_table(name, path).rows) == rows
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    def a_book(rows: int) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for number in range(rows):
            sheet.append([number, "Báo A", "Câu hỏi"])
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    def a_text(rows: int) -> bytes:
        return "".join(f"{number};Báo A;Câu hỏi\n" for number in range(rows)).encode()

    for make, name, few, many in ((a_book, "so.xlsx", 3_500, 8_000), (a_text, "so.csv", 10_000, 30_000)):
        peak(10, name, make(10))  # what is loaded once
        assert peak(many, name, make(many)) < 1.2 * peak(few, name, make(few)) + 2**18
