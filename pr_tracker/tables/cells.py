"""What a table is made of: cells as they were typed, rows with the number they have in the file."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

Value = str | int | float | bool | date | datetime | time | None

MOST_COLUMNS = 256
LONGEST_CELL = 100_000
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]+"
)
_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")


class Cell(NamedTuple):
    """One cell: its value (dates as dates, numbers as numbers), the same as text, and what is odd about it."""

    value: Value
    text: str
    formula: bool = False  # the value is what the formula gave when the file was saved
    merged: bool = False  # of a merged area: the value is that of the area's first cell
    error: bool = False  # "#REF!" and the like


EMPTY = Cell(None, "")


class Row(NamedTuple):
    """One row: its number as the spreadsheet program shows it, its cells without the empty ones at the end."""

    number: int
    cells: list[Cell]
    hidden: bool = False

    def at(self, column: int) -> Cell:
        """The cell of a column counted from 0; an empty one where the row is shorter."""
        return self.cells[column] if 0 <= column < len(self.cells) else EMPTY


@dataclass(frozen=True)
class SheetName:
    """One sheet of a workbook."""

    name: str
    hidden: bool = False


def clean(text: str) -> str:
    """What was typed: NFC, lines kept, no marks that nobody sees, no spaces around."""
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text)).strip()


def cell_of(value: Value, *, formula: bool = False, digits: int = 0) -> Cell:
    """The cell of a value; `digits` is how many a format of zeros shows ("0912…" typed into a number)."""
    if isinstance(value, str):
        value = clean(value)
        return Cell(value, value, formula) if value or formula else EMPTY
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return Cell(value, _in_words(value).zfill(digits), formula)


def _in_words(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)
