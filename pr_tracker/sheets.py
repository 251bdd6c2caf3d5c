"""Tables for spreadsheets, Excel and CSV: written row by row; what was typed never becomes a formula, days are days."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pr_tracker.office_time import in_office, write_day, write_moment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
MOST_ROWS = 1_000_000  # a sheet of Excel takes 1,048,576; what is more goes on in the next sheet
_WIDEST, _NARROWEST = 60, 8
_MEASURED = 1000  # the first rows say how wide the columns are
_LONGEST = 32_767  # characters in a cell
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Digits that a spreadsheet would take for a number, and lose: phones, numbers of cards.
_DIGITS = re.compile(r"0[0-9]+|[0-9]{12,}")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the line above the table that says what it is, the head, the rows.

    A row's values are text, numbers, days and moments; a phone number is text, and stays it.
    """

    name: str
    title: str
    head: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()  # below the table: how it is counted


def write_workbook(sheets: Iterable[Sheet], out: BinaryIO) -> None:
    """Write the sheets in their order; rows are taken one by one, so that 100,000 need no more memory than 1,000."""
    book = Workbook(write_only=True)
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
    value = _value(value)
    if isinstance(value, datetime):
        return f"{value:%H:%M %d/%m/%Y}" if value.tzinfo is None else write_moment(value)
    if isinstance(value, date):
        return write_day(value)
    if isinstance(value, str) and (value.startswith(_FORMULA) or _DIGITS.fullmatch(value)):
        return f"'{value}"
    return "" if value is None else value


def _value(value: Any) -> Any:
    """What a cell can hold: words that are translated late are words by now."""
    if value is None or isinstance(value, str | int | float | Decimal | date):
        return str(value) if isinstance(value, str) else value
    return str(value)


def _add(book: Workbook, sheet: Sheet) -> None:
    rows, part = iter(sheet.rows), 1
    while True:
        measured = list(islice(rows, _MEASURED))
        these = chain(measured, islice(rows, MOST_ROWS - len(measured)))
        name = sheet.name[:31] if part == 1 else f"{sheet.name[:25]} ({part})"
        count = _add_part(book.create_sheet(name), sheet, these, measured)
        if count < MOST_ROWS:
            return
        part += 1


def _add_part(page: Any, sheet: Sheet, rows: Iterator[Sequence[Any]], measured: list[Sequence[Any]]) -> int:
    head = [_value(words) for words in sheet.head]
    for column, words in enumerate(head):
        longest = max([len(str(words)), *(_length(row[column]) for row in measured)])
        page.column_dimensions[get_column_letter(column + 1)].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    page.freeze_panes = "A4"
    styles = _Styles(page)
    page.append([styles.written(sheet.title, styles.title)])
    page.append([])
    page.append([styles.written(words, styles.head) for words in head])
    count = 0
    for row in rows:
        page.append([styles.cell(value) for value in row])
        count += 1
    page.auto_filter.ref = f"A3:{get_column_letter(max(len(head), 1))}{3 + count}"
    for words in ("", *sheet.notes) if sheet.notes else ():
        page.append([styles.written(words, styles.note)] if words else [])
    return count


def _length(value: Any) -> int:
    value = _plain(value)
    return max((len(line) for line in str(value).splitlines()), default=0)


class _Styles:
    """The few looks of a cell, made once for each sheet: making one for each cell takes longer than the rest."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.title = self._made(font=Font(bold=True, size=13))
        self.head = self._made(font=Font(bold=True), alignment=Alignment(wrap_text=True, vertical="top"))
        self.note = self._made(number_format="@")
        self.text = self._made(alignment=Alignment(wrap_text=True, vertical="top"), number_format="@")
        self.day = self._made(alignment=Alignment(vertical="top"), number_format="dd/mm/yyyy")
        self.moment = self._made(alignment=Alignment(vertical="top"), number_format="hh:mm dd/mm/yyyy")
        self.number = self._made(alignment=Alignment(vertical="top"))

    def _made(self, **look: Any) -> Any:
        cell = WriteOnlyCell(self._page)
        for name, value in look.items():
            setattr(cell, name, value)
        return copy(cell._style)

    def written(self, words: Any, style: Any) -> WriteOnlyCell:
        """Text, also where it begins with "="; without what XML cannot hold."""
        clean = ILLEGAL_CHARACTERS_RE.sub("", words)[:_LONGEST]
        cell = WriteOnlyCell(self._page, clean)
        cell.data_type, cell._style = "s", style
        return cell

    def cell(self, value: Any) -> Any:
        """A value in its look."""
        value = _value(value)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self.written(value, self.text)
        style = self.number
        if isinstance(value, datetime):
            value, style = (value if value.tzinfo is None else in_office(value).replace(tzinfo=None)), self.moment
        elif isinstance(value, date):
            style = self.day
        cell = WriteOnlyCell(self._page, value)
        cell._style = style
        return cell
