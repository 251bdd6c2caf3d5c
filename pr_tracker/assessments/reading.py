"""Lists of marks as they come: an Excel sheet or a CSV file, as rows of cells."""

import csv
from io import StringIO
from typing import Any

from pr_tracker.errors import N_, BadInput
from pr_tracker.files import rows_of_workbook
from pr_tracker.text import nfc

MOST_ROWS, MOST_COLUMNS = 2000, 30
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")


def read_cells(file_name: str, content: bytes) -> list[list[str]]:
    """The rows of the first sheet as text. Raises BadInput for what is neither an Excel sheet nor a CSV file."""
    if file_name.lower().endswith((".xlsx", ".xlsm")):
        return _read_sheet(file_name, content)
    if file_name.lower().endswith((".csv", ".txt")):
        return _read_csv(file_name, content)
    raise _wrong(file_name)


def _read_sheet(file_name: str, content: bytes) -> list[list[str]]:
    try:
        rows = rows_of_workbook(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
    except ValueError as trouble:
        raise _wrong(file_name) from trouble
    return [[_text(cell) for cell in row] for row in rows]


def _read_csv(file_name: str, content: bytes) -> list[list[str]]:
    text = _decoded(file_name, content)
    first = text.split("\n", 1)[0]
    separator = max(";\t,", key=first.count)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error as trouble:
        raise _wrong(file_name) from trouble
    return [row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]]


def _decoded(file_name: str, content: bytes) -> str:
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return nfc(text)
    raise _wrong(file_name)


def _text(cell: Any) -> str:
    """A cell as it is read: a whole number without its decimals, an empty one as nothing."""
    if cell is None:
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else nfc(str(cell)).strip()


def _wrong(file_name: str) -> BadInput:
    return BadInput(N_("“%(name)s” is neither an Excel sheet (.xlsx) nor a CSV file."), field="file", name=file_name)
