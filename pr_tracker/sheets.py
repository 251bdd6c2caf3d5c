"""Tables for spreadsheets, Excel and CSV: what was typed never becomes a formula, days are days."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pr_tracker.office_time import write_day, write_moment

_WIDEST, _NARROWEST = 60, 8
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def write_csv(sheet: Sheet, out: BinaryIO) -> None:
    """Write one table as CSV (RFC 4180, UTF-8 with BOM, so that Excel reads it): its head and rows, nothing else."""
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="")
    table = csv.writer(text)
    table.writerow([_plain(each) for each in sheet.head])
    table.writerows([_plain(each) for each in row] for row in sheet.rows)
    text.flush()
    text.detach()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, date):
        return write_day(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


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
