"""Excel workbooks: a sheet for each table, its head fixed and filtered; what is typed never becomes a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

_WIDEST, _NARROWEST = 60, 8


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the line above the table that says what it is, the head, the rows."""

    name: str
    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()  # below the table: how it is counted


def write_workbook(sheets: Iterable[Sheet], out: BinaryIO) -> None:
    """Write the sheets in their order."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _add(book, sheet)
    book.save(out)


def _add(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.name[:31])
    page["A1"].value, page["A1"].data_type = sheet.title, "s"
    page["A1"].font = Font(bold=True, size=13)
    for column, words in enumerate(sheet.head, 1):
        _fill(page.cell(3, column), words)
        page.cell(3, column).font = Font(bold=True)
    widths = [len(str(words)) for words in sheet.head]
    for place, row in enumerate(sheet.rows, 4):
        for column, value in enumerate(row, 1):
            _fill(page.cell(place, column), value)
            widths[column - 1] = max(widths[column - 1], len(str(value)))
    last = page.max_row
    page.auto_filter.ref = f"A3:{get_column_letter(len(sheet.head))}{max(last, 3)}"
    page.freeze_panes = "A4"
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = min(max(width + 2, _NARROWEST), _WIDEST)
    for place, words in enumerate(sheet.notes, last + 2):
        _fill(page.cell(place, 1), words)


def _fill(cell: Cell, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # also where it begins with "="
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
