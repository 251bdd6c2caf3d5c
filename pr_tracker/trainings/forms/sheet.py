"""An Excel sheet of people as the lines one would have typed."""

import re
from collections.abc import Iterable, Sequence

from pr_tracker.errors import N_, BadInput
from pr_tracker.tables import text_rows
from pr_tracker.text import fold
from pr_tracker.trainings.rules_roster import MOST_LINES

EXCEL = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
NOT_EXCEL = N_("This is not an Excel sheet (.xlsx). Save it as .xlsx and choose it again.")
MOST_ROWS, MOST_CELLS = MOST_LINES + 50, 30
# The heads of columns, as lists of people have them, without marks.
_HEADS = {
    "first": ("ho", "ho dem", "ho va dem", "ho va ten dem", "ho lot", "ho va chu lot"),
    "name": ("ho va ten", "ho ten", "ten", "hoc vien", "full name", "name"),
    "title": ("chuc vu", "chuc danh", "chuc vu, chuc danh", "position", "title"),
    "agency": ("don vi", "co quan", "don vi cong tac", "co quan, don vi", "noi cong tac", "agency"),
    "email": ("email", "e-mail", "thu dien tu", "dia chi email", "thu dien tu cong vu"),
    "phone": ("dien thoai", "so dien thoai", "sdt", "di dong", "so dt", "phone"),
}
_ORDER = ("name", "title", "agency", "email", "phone")
_NUMBER = re.compile(r"\d{1,4}\.?")
_LOST_ZERO = re.compile(r"[1-9]\d{8}")  # a phone number that Excel took for a number


def lines_of_sheet(content: bytes) -> str:
    """The first sheet as lines "name; title; agency; e-mail; phone"; columns are known by their heads, if any.

    Raises BadInput for what is no Excel sheet.
    """
    try:
        if content[:2] != b"PK":
            raise BadInput(NOT_EXCEL)
        rows = text_rows("", content, most_rows=MOST_ROWS, most_columns=MOST_CELLS)
    except BadInput as trouble:
        raise BadInput(NOT_EXCEL, field="sheet") from trouble
    return "\n".join(_lines([[_text(cell) for cell in row] for row in rows]))


def _lines(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    headed = next((at for at, row in enumerate(rows) if _heads(row)), None)
    heads = _heads(rows[headed]) if headed is not None else {}
    for row in rows if headed is None else rows[headed + 1 :]:
        if heads:
            name = " ".join(part for part in (_at(row, heads, "first"), _at(row, heads, "name")) if part)
            parts = [name, *(_at(row, heads, column) for column in _ORDER[1:])]
            parts[-1] = f"0{parts[-1]}" if _LOST_ZERO.fullmatch(parts[-1]) else parts[-1]
        else:
            cells = list(row)
            parts = cells[1:] if cells and _NUMBER.fullmatch(cells[0]) else cells
        if parts and parts[0]:
            yield "; ".join(parts).rstrip("; ")


def _heads(row: Sequence[str]) -> dict[str, int]:
    """Which column is which, when the row is a row of heads: it has at least a name and one other."""
    known = {head: column for column, heads in _HEADS.items() for head in heads}
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        column = known.get(" ".join(fold(cell).replace("/", ",").split()))
        if column:
            found.setdefault(column, place)
    return found if "name" in found and len(found) > 1 else {}


def _at(row: Sequence[str], heads: dict[str, int], column: str) -> str:
    place = heads.get(column)
    return row[place] if place is not None and place < len(row) else ""


def _text(cell: str) -> str:
    """A cell on one line; a semicolon would part it."""
    return " ".join(cell.replace(";", ",").split())
