"""The signed sheet: who was not there as planned, typed by row code; everybody else was present."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold
from pr_tracker.trainings.rules_roll import LONGEST_REMARK, Mark, row_number, unless_apologised

MOST_LINES = 1000

# What a mark may be called on paper: its letter, or its words with or without marks.
_WORDS = {
    **dict.fromkeys(("c", "x", "co mat"), Mark.PRESENT),
    **dict.fromkeys(("m", "t", "muon", "di muon", "den muon", "tre", "di tre", "den tre"), Mark.LATE),
    **dict.fromkeys(("s", "ve som", "som"), Mark.LEFT_EARLY),
    **dict.fromkeys(("p", "phep", "co phep", "vang co phep", "vang phep"), Mark.EXCUSED),
    **dict.fromkeys(("v", "vang", "vang khong phep", "khong phep"), Mark.ABSENT),
}
_LONGEST_WORDS = 3
_CODE = r"[A-Za-z]{1,2}\d{1,2}"
_BETWEEN = re.compile(rf"\s*;\s*|\s*,\s*(?={_CODE}\b)")
_ITEM = re.compile(rf"({_CODE})\b[\s:,.-]*(.*)")
_ONLY_CODES = re.compile(rf"[\s,;]*{_CODE}(?:[\s,;]+{_CODE})*[\s,;]*")
_GAP = " \t:,.-"


class SheetTrouble(StrEnum):
    """Why something typed from the sheet cannot be taken."""

    NO_CODE = "no_code"
    NO_MARK = "no_mark"
    UNKNOWN_ROW = "unknown_row"
    REPEATED = "repeated"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Typed:
    """One row as typed: the line it stands on, as typed, the row and what is said of it, or why it cannot be taken."""

    line: int
    typed: str
    number: int | None = None
    mark: Mark | None = None
    remark: str = ""
    trouble: SheetTrouble | None = None


@dataclass(frozen=True)
class OnRoll:
    """Somebody on the roll call: row, the mark that stands if any, and whether they apologised in advance."""

    id: int
    number: int
    version: int = 0
    mark: Mark | None = None
    remark: str = ""
    apology: str = ""


@dataclass(frozen=True)
class Planned:
    """What will be recorded of somebody, and whether it stands so on the sheet or follows from what is not there."""

    who: OnRoll
    mark: Mark
    remark: str
    is_typed: bool


def read_sheet(text: str, rows: Iterable[int]) -> list[Typed]:
    """What was typed: "A07 v, B12 m: muộn 20 phút", one or several a line, or a mark and its codes, "v: A07 A12".

    `rows` are the numbers on the roll. Raises BadInput for more lines than are taken at once.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise BadInput(N_("At most %(most)s lines at once."), field="lines", most=MOST_LINES)
    known, seen, read = set(rows), dict[int, Typed](), list[Typed]()
    for one in (item for number, line in lines for item in _read_line(number, line)):
        checked = _checked(one, known, seen)
        if checked is not None:
            read.append(checked)
    return read


def _checked(one: Typed, known: set[int], seen: dict[int, Typed]) -> Typed | None:
    """The same with its trouble, or None for what stands above in the same words."""
    if one.trouble is not None or one.number is None:
        return one
    if one.number not in known:
        return Typed(one.line, one.typed, one.number, trouble=SheetTrouble.UNKNOWN_ROW)
    before = seen.setdefault(one.number, one)
    if before is one:
        return one
    if (before.mark, before.remark) == (one.mark, one.remark):
        return None
    return Typed(one.line, one.typed, one.number, trouble=SheetTrouble.REPEATED)


def _read_line(number: int, line: str) -> list[Typed]:
    mark, rest = _leading_mark(line)
    if mark is not None and _ONLY_CODES.fullmatch(rest):
        return [Typed(number, line, row_number(code), mark) for code in re.findall(_CODE, rest)]
    return [_read_item(number, item) for item in _BETWEEN.split(line) if item]


def _read_item(number: int, typed: str) -> Typed:
    parts = _ITEM.fullmatch(typed)
    if parts is None:
        return Typed(number, typed, trouble=SheetTrouble.NO_CODE)
    row = row_number(parts[1])
    mark, remark = _leading_mark(parts[2])
    if mark is None:
        return Typed(number, typed, row, trouble=SheetTrouble.NO_MARK)
    if len(remark) > LONGEST_REMARK:
        return Typed(number, typed, row, trouble=SheetTrouble.TOO_LONG)
    return Typed(number, typed, row, mark, remark)


def _leading_mark(text: str) -> tuple[Mark | None, str]:
    """The mark that a text begins with, as long as it can be said, and what follows it."""
    ends = [match.end() for match in re.finditer(r"[^\s:,.;-]+", text)][:_LONGEST_WORDS]
    for end in reversed(ends):
        if (mark := _WORDS.get(fold(" ".join(text[:end].split())))) is not None:
            return mark, text[end:].strip(_GAP)
    return None, text


def plan(roll: Sequence[OnRoll], typed: Iterable[Typed]) -> list[Planned]:
    """What the sheet changes, in the order of the roll: what was typed, and everybody without a mark was present.

    Who apologised in advance and is not typed is excused; marks that stand and are not typed stay.
    """
    said: Mapping[int | None, Typed] = {one.number: one for one in typed if one.trouble is None}
    planned = []
    for who in roll:
        one = said.get(who.number)
        if one is not None and one.mark is not None:
            if (one.mark, one.remark) != (who.mark, who.remark):
                planned.append(Planned(who, one.mark, one.remark, is_typed=True))
        elif who.mark is None:
            planned.append(Planned(who, *unless_apologised(who.apology), is_typed=False))
    return planned
