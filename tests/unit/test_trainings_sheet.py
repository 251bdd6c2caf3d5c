"""Excel sheets of people: columns by their heads, numbers dropped, whatever is no sheet refused."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from pr_tracker.errors import BadInput
from pr_tracker.trainings.forms.sheet import lines_of_sheet
from pr_tracker.trainings.rules_roster import Colleague, Entry, Line, read_lines, recognise


def sheet(*rows):
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_columns_are_known_by_their_heads_wherever_they_stand():
    rows = (
        ["TỈNH AN GIANG"],
        ["Danh sách"],
        ["STT", "Đơn vị", "Họ và tên", "SĐT", "Chức vụ"],
        [1, "Sở Y tế", "Tô Văn Một", 912345678, "Y sĩ"],
    )
    assert lines_of_sheet(sheet(*rows)) == "Tô Văn Một; Y sĩ; Sở Y tế; ; 0912345678"


def test_a_name_in_two_columns_is_put_together():
    assert lines_of_sheet(sheet(["Họ đệm", "Tên", "Email"], ["Tô Văn", "Một", "mot@vidu.example"])) == (
        "Tô Văn Một; ; ; mot@vidu.example"
    )


def test_without_heads_the_first_column_is_the_name_and_numbers_are_dropped():
    assert lines_of_sheet(sheet([1, "Tô Văn Một", "Y sĩ"], [2, "Tô Hai", None])) == "Tô Văn Một; Y sĩ\nTô Hai"


@pytest.mark.parametrize("content", [b"", b"khong phai", b"PK\x03\x04 hong"])
def test_what_is_no_sheet_is_refused(content):
    with pytest.raises(BadInput):
        lines_of_sheet(content)


def test_address_and_phone_are_known_by_their_looks():
    (line,) = read_lines("1. Tô Văn Một; 0912 345 678; Y sĩ; mot@vidu.example; Sở Y tế")
    assert line.entry == Entry("Tô Văn Một", "Y sĩ", "Sở Y tế", "0912 345 678", "mot@vidu.example")
    assert line.trouble is None


def test_a_name_that_stands_once_on_the_staff_list_is_known_and_its_facts_filled_in():
    staff = [
        Colleague(7, "Tô Văn Một", "Y sĩ", "0912", "mot@vidu.example", 1),
        Colleague(8, "Lê Hai", "", "", "", 1),
        Colleague(9, "Lê Hai", "", "", "", 1),
    ]
    lines = [Line(at, name, Entry(name, agency_id=1)) for at, name in enumerate(("to van mot", "Lê Hai", "Bùi Ba"), 1)]
    known, twice, new = recognise(lines, staff)
    assert (known.known, known.entry.person_id, known.entry.email) == (True, 7, "mot@vidu.example")
    assert (twice.known, new.known) == (False, False)
