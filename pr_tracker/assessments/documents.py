"""The list of marks as an Excel sheet: row codes, names, the mark as it stands or an empty cell to type it into."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pr_tracker.assessments.rules import Result
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.rules_roll import row_code

# Official papers are in Vietnamese whatever language the screen has.
_HEAD = ("STT", "Mã", "Họ và tên", "Chức vụ", "Đơn vị", "Điểm", "Bài thu hoạch")
_WIDTHS = (6, 8, 30, 26, 40, 8, 16)


def write_marks(one: TrainingClass, people: Sequence[Any], results: Mapping[int, Result], out: BinaryIO) -> None:
    """Write the sheet; what is typed into its column of marks can be imported again."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Điểm"
    sheet.append([f"{one.course.title}, {one.name}"])
    sheet["A1"].data_type = "s"
    sheet.append(list(_HEAD))
    for place, row in enumerate(people, 1):
        result = results.get(row.id, Result())
        mark = None if result.mark is None else float(result.mark)
        paper = "đã nộp" if result.paper else ""
        sheet.append([place, row_code(row.number), row.full_name, row.title, row.agency_name, mark, paper])
        for cell in sheet[sheet.max_row][1:5]:
            cell.data_type = "s"  # a name that begins with "=" is no formula
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center")
    sheet.freeze_panes = "A3"
    book.save(out)
