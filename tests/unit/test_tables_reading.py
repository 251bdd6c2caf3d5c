"""Any list in a file becomes rows: what each cell says, and which row it is for whoever looks into the file."""

from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pr_tracker.errors import BadInput
from pr_tracker.tables import Row, read_table


def a_workbook() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    return book, sheet


def content_of(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def texts(rows: list[Row]) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows]


def test_the_cells_of_a_workbook_keep_their_days_times_and_numbers() -> None:
    book, sheet = a_workbook()
    sheet.append([date(2026, 11, 20), datetime(2026, 11, 20, 16, 30), time(7, 5), 12, 0.1, True, "  Báo\xa0Sài Gòn "])
    (row,) = read_table("so.xlsx", content_of(book)).rows
    assert [cell.value for cell in row.cells] == [
        date(2026, 11, 20),
        datetime(2026, 11, 20, 16, 30),
        time(7, 5),
        12,
        0.1,
        True,
        "Báo Sài Gòn",
    ]
    assert texts([row]) == [["20/11/2026", "16:30 20/11/2026", "07:05", "12", "0.1", "TRUE", "Báo Sài Gòn"]]


def test_days_counted_from_1904_are_the_same_days() -> None:
    book, sheet = a_workbook()
    book.epoch = datetime(1904, 1, 1)
    sheet.append([date(2026, 11, 20)])
    (row,) = read_table("mac.xlsx", content_of(book)).rows
    assert row.at(0).value == date(2026, 11, 20)


def test_a_phone_number_in_a_format_of_zeros_keeps_its_zero() -> None:
    book, sheet = a_workbook()
    sheet["A1"] = 912345678
    sheet["A1"].number_format = "0000000000"
    (row,) = read_table("so.xlsx", content_of(book)).rows
    assert row.at(0).text == "0912345678"


def test_a_cell_that_counts_is_told_from_one_that_was_typed() -> None:
    book, sheet = a_workbook()
    sheet.append(["=TODAY()", "ba", "=1+1"])
    (row,) = read_table("so.xlsx", content_of(book)).rows
    assert [cell.formula for cell in row.cells] == [True, False, True]


def test_a_merged_area_gives_its_first_value_to_each_of_its_rows() -> None:
    book, sheet = a_workbook()
    sheet["A2"], sheet["B2"], sheet["B3"], sheet["B4"] = "Báo Tuổi Trẻ", "một", "hai", "ba"
    sheet.merge_cells("A2:A3")
    rows = list(read_table("so.xlsx", content_of(book)).rows)
    assert [row.number for row in rows] == [2, 3, 4]
    assert texts(rows) == [["Báo Tuổi Trẻ", "một"], ["Báo Tuổi Trẻ", "hai"], ["", "ba"]]
    assert [row.at(0).merged for row in rows] == [True, True, False]


def test_hidden_rows_and_columns_are_read_and_said_to_be_hidden() -> None:
    book, sheet = a_workbook()
    sheet.append(["một", "hai"])
    sheet.append(["ba", "bốn"])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    table = read_table("so.xlsx", content_of(book))
    assert [row.hidden for row in table.rows] == [False, True]
    assert table.hidden_columns == {1}


def test_of_several_sheets_the_first_shown_one_with_something_in_it_is_read_unless_one_is_named() -> None:
    book, sheet = a_workbook()
    sheet.title = "Bìa"
    hidden = book.create_sheet("Ẩn")
    hidden.append(["ẩn"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Năm 2026").append(["sổ"])
    content = content_of(book)
    table = read_table("so.xlsx", content)
    assert [(one.name, one.hidden) for one in table.sheets] == [("Bìa", False), ("Ẩn", True), ("Năm 2026", False)]
    assert table.sheet == "Năm 2026"
    assert texts(list(read_table("so.xlsx", content, sheet="Ẩn").rows)) == [["ẩn"]]
    with pytest.raises(BadInput, match="no sheet"):
        read_table("so.xlsx", content, sheet="Năm 2027")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_parted_by_whatever_separates_it(separator: str, encoding: str) -> None:
    lines = [["Ngày nhận", "Nội dung"], ["20/11/2026", f"Hỏi về đất{separator} nhà"], ["", ""], ["x", "một\nhai"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    table = read_table("so.csv", text.encode(encoding))
    assert table.separator == separator
    assert texts(list(table.rows)) == [lines[0], lines[1], lines[3]]
    assert [row.number for row in table.rows] == [1, 2, 4]


def test_a_first_line_that_names_the_separator_is_obeyed_and_is_no_row() -> None:
    table = read_table("so.csv", b"sep=|\na;b|c\n")
    assert texts(list(table.rows)) == [["a;b", "c"]]
    assert [row.number for row in table.rows] == [2]
