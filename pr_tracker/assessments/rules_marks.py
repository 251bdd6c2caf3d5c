"""Marks typed or imported: reading "7,5", and lists of row codes with marks, looked at before they are kept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from pr_tracker.assessments.rules import FULL_MARK
from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold

LONGEST_REMARK = 200
MOST_LINES = 1000
_CODE = re.compile(r"^[A-Z]{1,2}[0-9]{2}$")
_SPLIT = re.compile(r"\s*[;\t]\s*")
_HEADS = frozenset({"ma", "ma so", "code", "stt", "diem", "mark", "row"})


class MarkTrouble(StrEnum):
    """Why a line of marks cannot be taken."""

    NO_CODE = "no_code"  # no row code on the line
    UNKNOWN_CODE = "unknown_code"  # nobody of the roster has it
    OTHER_NAME = "other_name"  # the code is somebody else's
    NO_MARK = "no_mark"
    BAD_MARK = "bad_mark"  # not a number from 0 to 10
    REPEATED = "repeated"  # the code stands above already


@dataclass(frozen=True)
class Row:
    """Somebody who may get a mark: their participant id, name, and the mark as it stands."""

    participant_id: int
    full_name: str
    mark: Decimal | None = None


@dataclass(frozen=True)
class MarkLine:
    """A line of a list: as it came, whose it is, the mark, or why it cannot be taken."""

    number: int
    typed: str
    code: str = ""
    row: Row | None = None
    mark: Decimal | None = None
    trouble: MarkTrouble | None = None

    @property
    def is_same(self) -> bool:
        """Whether the person has this mark already."""
        return self.row is not None and self.trouble is None and self.row.mark == self.mark


def read_mark(typed: str) -> Decimal | None:
    """A mark out of 10 as typed, "7,5" or "7.5"; None for nothing typed. Raises BadInput for anything else."""
    said = typed.strip().replace(",", ".").removesuffix("/10").strip()
    if not said:
        return None
    try:
        mark = Decimal(said)
    except InvalidOperation:
        mark = Decimal(-1)
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", said) or not 0 <= mark <= FULL_MARK:
        raise BadInput(N_("“%(typed)s” is not a mark from 0 to 10. Example: 7,5"), field="mark", typed=typed.strip())
    return mark.quantize(Decimal("0.01"))


def read_marks(rows: Iterable[Sequence[str]], roster: Mapping[str, Row]) -> list[MarkLine]:
    """What each line of cells means: a row code, perhaps a name, and the last cell the mark; a head line is dropped.

    `roster`: who may get a mark, by row code. Raises BadInput for more lines than are taken at once.
    """
    filled = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, 1)]
    filled = [(number, cells) for number, cells in filled if any(cells) and not _is_head(cells)]
    if len(filled) > MOST_LINES:
        raise BadInput(N_("At most %(most)s lines at once."), field="lines", most=MOST_LINES)
    seen: set[str] = set()
    return [_read(number, cells, roster, seen) for number, cells in filled]


def cells_of(text: str) -> list[list[str]]:
    """Lines of typed text as cells: parted by tabs or semicolons, or "A07 7,5" by the space."""
    return [_SPLIT.split(line) if _SPLIT.search(line.strip()) else line.split(None, 1) for line in text.split("\n")]


def _is_head(cells: Sequence[str]) -> bool:
    return bool({fold(cell) for cell in cells} & _HEADS) and not any(_CODE.match(cell.upper()) for cell in cells)


def _read(number: int, cells: Sequence[str], roster: Mapping[str, Row], seen: set[str]) -> MarkLine:
    typed = "; ".join(cell for cell in cells if cell)
    at = next((place for place, cell in enumerate(cells) if _CODE.match(cell.upper())), None)
    if at is None:
        return MarkLine(number, typed, trouble=MarkTrouble.NO_CODE)
    code = cells[at].upper()
    row = roster.get(code)
    if row is None:
        return MarkLine(number, typed, code, trouble=MarkTrouble.UNKNOWN_CODE)
    rest = [cell for cell in cells[at + 1 :] if cell]
    if code in seen:
        return MarkLine(number, typed, code, row, trouble=MarkTrouble.REPEATED)
    seen.add(code)
    if not rest:
        return MarkLine(number, typed, code, row, trouble=MarkTrouble.NO_MARK)
    return _with_mark(MarkLine(number, typed, code, row), rest)


def _with_mark(line: MarkLine, rest: Sequence[str]) -> MarkLine:
    """The line with its mark: the last cell that is a number; a name beside it must be that of the row."""
    assert line.row is not None
    marks = [cell for cell in rest if re.match(r"^-?[0-9]", cell)]
    names = [cell for cell in rest if not re.match(r"^-?[0-9]", cell)]
    plain = {fold(name) for name in names}
    if names and fold(names[0]) != fold(line.row.full_name) and fold(line.row.full_name) not in plain:
        return MarkLine(line.number, line.typed, line.code, line.row, trouble=MarkTrouble.OTHER_NAME)
    if not marks:
        return MarkLine(line.number, line.typed, line.code, line.row, trouble=MarkTrouble.NO_MARK)
    try:
        mark = read_mark(marks[-1])
    except BadInput:
        return MarkLine(line.number, line.typed, line.code, line.row, trouble=MarkTrouble.BAD_MARK)
    return MarkLine(line.number, line.typed, line.code, line.row, mark)
