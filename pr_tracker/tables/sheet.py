"""The XML of one sheet as rows: values by their formats, merged areas filled, hidden rows and columns marked."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from xml.parsers.expat import ParserCreate

from pr_tracker.tables.cells import EMPTY, LONGEST_CELL, MOST_COLUMNS, Cell, Row, Value, cell_of
from pr_tracker.tables.encodings import Conversion, as_it_is, of_font
from pr_tracker.tables.shared import PLAIN, Runs, Strings, Style, refuse, unescape

_DIGITS = "0123456789"
_LETTERS = re.compile(r"[A-Z]{1,3}")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LAST_ROW = 1_048_576
_MIDNIGHT = datetime(1904, 1, 1)  # noqa: DTZ001 - what a spreadsheet says has no zone
_BEFORE_1900 = datetime(1899, 12, 30)  # noqa: DTZ001


class Merges:
    """Merged areas, asked row by row from the top."""

    def __init__(self, areas: Sequence[tuple[str, str]]) -> None:
        whole = [(*_place(first), *_place(last)) for first, last in areas]
        self.areas = sorted((top, left, bottom, right) for left, top, right, bottom in whole if left < MOST_COLUMNS)

    def walk(self) -> "_Walk":
        """Begin at the first row."""
        return _Walk(self.areas)


class _Walk:
    def __init__(self, areas: Sequence[tuple[int, int, int, int]]) -> None:
        self._areas, self._next = areas, 0
        self._open: list[tuple[int, int, int, int, list[Cell]]] = []

    def fill(self, number: int, cells: list[Cell]) -> None:
        """Mark the cells of merged areas; below an area's first row its value stands in its first column."""
        while self._next < len(self._areas) and self._areas[self._next][0] <= number:
            self._open.append((*self._areas[self._next], []))
            self._next += 1
        if self._open:
            self._open = [area for area in self._open if area[2] >= number]
        if len(self._open) > MOST_COLUMNS:
            raise ValueError("merged areas on top of each other")
        for top, left, _bottom, right, value in self._open:
            last = min(right, MOST_COLUMNS - 1)
            cells.extend([EMPTY] * (last + 1 - len(cells)))
            if top == number:
                value.append(cells[left])
            for column in range(left, last + 1):
                taken = value[0] if column == left and value else cells[column]
                cells[column] = taken._replace(merged=True)


class SheetReader:
    """Takes the XML in blocks and gives the rows that are complete."""

    def __init__(
        self,
        strings: Strings,
        styles: list[Style],
        from_1904: bool,
        merges: Merges,
        convert: Conversion = as_it_is,
    ) -> None:
        self._strings, self._styles, self._from_1904 = strings, styles, from_1904
        self._merges, self._convert = merges.walk(), convert
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = refuse
        self.hidden_columns: set[int] = set()
        self.in_rows = False
        self._done: list[Row] = []
        self._cells: list[Cell] = []
        self._number, self._hidden, self._column = 0, False, -1
        self._type, self._style, self._formula = "", PLAIN, False
        self._collecting, self._parts, self._skipping = False, list[str](), 0
        self._runs: Runs = []
        self._font, self._length = "", 0

    def feed(self, block: bytes) -> Iterator[Row]:
        """The rows that end in this block."""
        self._parser.Parse(block, False)
        done, self._done = self._done, []
        yield from done

    def close(self) -> Iterator[Row]:
        """Say that the XML has ended. Raises ExpatError when it has not."""
        self._parser.Parse(b"", True)
        done, self._done = self._done, []
        yield from done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._collecting = not self._skipping
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._skipping += 1
        elif name == "r":
            self._font = ""
        elif name == "rFont":
            self._font = attributes.get("val", "")
        elif name == "row":
            number = int(attributes.get("r", self._number + 1))
            if not self._number < number <= _LAST_ROW:
                raise ValueError("rows out of order")
            self._number = number
            self._hidden = attributes.get("hidden") in ("1", "true")
            self._cells, self._column = [], -1
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), min(int(attributes["max"]), MOST_COLUMNS)
            self.hidden_columns.update(range(first - 1, last))
        elif name == "sheetData":
            self.in_rows = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self._column = _column(place.rstrip(_DIGITS)) if place else self._column + 1
        self._type, self._formula, self._parts = attributes.get("t", "n"), False, []
        self._runs, self._font, self._length = [], "", 0
        style = int(attributes.get("s", 0))
        self._style = self._styles[style] if style < len(self._styles) else PLAIN

    def _end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "v":
            self._collecting = False
        elif name == "t" and self._collecting:
            self._collecting = False
            self._runs.append((unescape("".join(self._parts)), self._font))
            self._parts = []
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._skipping -= 1
        elif name == "row":
            self._end_row()

    def _text(self, text: str) -> None:
        if self._collecting:
            self._parts.append(text)
            self._length += len(text)
            if self._length > LONGEST_CELL:
                raise ValueError("longer than any cell")

    def _end_cell(self) -> None:
        if not self._parts and not self._runs and not self._formula:
            return
        cell = self._cell("".join(self._parts))
        if not cell.text and not cell.formula:
            return
        if self._column >= MOST_COLUMNS:
            raise ValueError("more columns than any list has")
        self._cells.extend([EMPTY] * (self._column + 1 - len(self._cells)))
        self._cells[self._column] = cell

    def _cell(self, raw: str) -> Cell:
        kind, formula = self._type, self._formula
        if kind == "s":
            return cell_of(self._typed(self._strings[int(raw)]), formula=formula)
        if kind == "inlineStr":
            return cell_of(self._typed(self._runs), formula=formula)
        if kind == "str":
            return cell_of(self._typed(unescape(raw)), formula=formula)
        if kind == "e":
            return Cell(raw, raw, formula, error=True)
        if kind == "b":
            return cell_of(raw.strip() in ("1", "true"), formula=formula)
        if kind == "d":
            return cell_of(_without_midnight(datetime.fromisoformat(raw)), formula=formula)
        if not raw.strip():
            return Cell(None, "", formula)
        number = float(raw)
        return cell_of(
            as_day(number, self._from_1904) if self._style.date else number, formula=formula, digits=self._style.digits
        )

    def _typed(self, text: str | Runs) -> str:
        """The text in Unicode: as the fonts of its parts say, else that of the cell, else the whole file."""
        convert = self._style.convert or self._convert
        if isinstance(text, str):
            return convert(text)
        if not any(of_font(font) for _, font in text):
            return convert("".join(part for part, _ in text))
        return "".join((of_font(font) or convert)(part) for part, font in text)

    def _end_row(self) -> None:
        if self._cells:
            self._merges.fill(self._number, self._cells)
            self._done.append(Row(self._number, self._cells, self._hidden))


def as_day(serial: float, from_1904: bool) -> Value:
    """The day or moment of Excel's number; the number itself where there is none (29 February 1900, negative)."""
    if not 0 <= serial < 2_958_466 or (not from_1904 and 60 <= serial < 61):
        return serial
    if serial < 1:
        return (_MIDNIGHT + timedelta(seconds=round(serial * 86400))).time()
    start = _MIDNIGHT if from_1904 else _BEFORE_1900 + timedelta(days=serial < 60)  # its 1900 has a 29 February
    try:
        return _without_midnight(start + timedelta(seconds=round(serial * 86400)))
    except OverflowError:
        return serial


def _without_midnight(moment: datetime) -> date | datetime:
    return moment.date() if moment.time() == time(0) else moment


def _place(reference: str) -> tuple[int, int]:
    """Column counted from 0, row from 1."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    return _column(match[1]), int(match[2])


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """The number of a column, counted from 0. Raises ValueError for what names none."""
    if not _LETTERS.fullmatch(letters):
        raise ValueError(letters)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
