"""Read a list of days from a file: CSV with any separator, or Excel; each row says what it means or why it cannot be.

Columns are known by their heads, Vietnamese or English, with or without marks: day, kind, name, decision, exchanged
for, state.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pr_tracker.deadlines import rules_year
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_year import Change, Standing
from pr_tracker.errors import N_, BadInput
from pr_tracker.tables import text_rows
from pr_tracker.text import fold, nfc

MOST_ROWS = 200
LONGEST_CELL = 200
MOST_COLUMNS = 12


class Column(StrEnum):
    """What a column says."""

    DAY = "day"
    KIND = "kind"
    NAME = "name"
    DECISION = "decision"
    OTHER = "other"
    STATE = "state"


_HEADS = {
    Column.DAY: ("ngày", "day", "date", "ngày nghỉ"),
    Column.KIND: ("loại", "loại ngày", "kind", "type"),
    Column.NAME: ("tên", "tên gọi", "tên ngày", "nội dung", "name", "holiday"),
    Column.DECISION: ("số quyết định", "quyết định", "số văn bản", "văn bản", "decision", "decision number"),
    Column.OTHER: ("hoán đổi với", "ngày làm bù", "ngày hoán đổi", "đổi với", "exchanged for", "swapped with"),
    Column.STATE: ("tình trạng", "trạng thái", "state", "status"),
}
HEADS = {fold(head): column for column, heads in _HEADS.items() for head in heads}
_KINDS = {
    DayKind.HOLIDAY: ("nghỉ lễ", "nghỉ", "lễ", "lễ, tết", "ngày lễ", "nghỉ lễ, tết", "tết", "public holiday"),
    DayKind.DAY_IN_LIEU: ("nghỉ bù", "bù", "ngày nghỉ bù", "day in lieu", "in lieu"),
    DayKind.SWAPPED_OFF: ("nghỉ hoán đổi", "hoán đổi", "ngày nghỉ hoán đổi", "swapped day off"),
    DayKind.SWAPPED_WORK: ("làm bù", "làm việc bù", "ngày làm bù", "worked in exchange", "work in exchange"),
    DayKind.ORDINARY: ("ngày thường", "ngày bình thường", "đi làm", "ordinary day"),
}
KINDS = {fold(name): kind for kind, names in _KINDS.items() for name in (kind.value, *names)}
_STATES = {"": True, "xac nhan": True, "da xac nhan": True, "confirmed": True} | {
    "de xuat": False,
    "du kien": False,
    "chua xac nhan": False,
    "proposed": False,
}
_DAY_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")


class Trouble(StrEnum):
    """Why a row cannot be taken."""

    BAD_DATE = "bad_date"
    BAD_KIND = "bad_kind"
    BAD_OTHER = "bad_other"
    BAD_STATE = "bad_state"
    DOUBLED = "doubled"
    NO_DECISION = "no_decision"
    NO_NAME = "no_name"
    REFUSED = "refused"  # the calendar itself says why


class Effect(StrEnum):
    """What a row does to the calendar."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class Row:
    """A row of the list: its number in the file, what was typed, and what it puts, or why it cannot."""

    number: int
    typed: Mapping[Column, str]
    put: Mapping[date, DayEntry] = field(default_factory=dict)
    trouble: Trouble | None = None
    refusal: BadInput | None = None
    effect: Effect = Effect.NEW


# --- the file ---------------------------------------------------------------------------------------------


def cells_of(file_name: str, content: bytes) -> list[list[str]]:
    """The rows of a file as text. Raises BadInput for what cannot be read."""
    rows = text_rows(file_name, content, most_rows=MOST_ROWS + 2, most_columns=MOST_COLUMNS)
    found = [[_cell(value) for value in row] for row in rows]
    if len(found) > MOST_ROWS:
        raise BadInput(N_("At most %(most)s rows at once."), field="file", most=MOST_ROWS)
    return found


def _cell(value: object) -> str:
    text = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", str(value))
    return nfc(re.sub(r"\s+", " ", text)).strip()[:LONGEST_CELL]


def to_text(cells: Iterable[Sequence[str]]) -> str:
    """The cells as one text that the preview carries to the confirmation."""
    return json.dumps(list(cells), ensure_ascii=False)


def from_text(text: str) -> list[list[str]]:
    """What to_text wrote. Raises BadInput for anything else."""
    try:
        return [[_cell(cell) for cell in line[:MOST_COLUMNS]] for line in json.loads(text)[: MOST_ROWS + 1]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(N_("Choose a file."), field="file") from None


# --- the rows ---------------------------------------------------------------------------------------------


def rows_of(cells: Sequence[Sequence[str]], standing: Standing) -> list[Row]:
    """What each row means for the calendar as it stands. Raises BadInput when the heads are not understood."""
    head, columns = _head(cells)
    rows = []
    for number, line in enumerate(cells[head + 1 :], head + 2):
        typed = {column: line[at] if at < len(line) else "" for column, at in columns.items()}
        if any(typed.values()):
            rows.append(_row(number, typed, standing))
    if not rows:
        raise BadInput(N_("The file has no row below its heads."), field="file")
    return _without_doubles(rows)


def _head(cells: Sequence[Sequence[str]]) -> tuple[int, dict[Column, int]]:
    for number, line in enumerate(cells[:10]):
        columns: dict[Column, int] = {}
        for at, cell in enumerate(line):
            column = HEADS.get(fold(cell).strip(" *:.()"))
            if column is not None:
                columns.setdefault(column, at)
        if {Column.DAY, Column.KIND} <= set(columns):
            return number, columns
    raise BadInput(N_("No row with the heads “Ngày” and “Loại” was found."), field="file")


def _row(number: int, typed: Mapping[Column, str], standing: Standing) -> Row:
    day, kind = _day(typed[Column.DAY]), KINDS.get(fold(typed[Column.KIND]))
    other, sure = _day(typed.get(Column.OTHER, "")), _STATES.get(fold(typed.get(Column.STATE, "")))
    decision, name = typed.get(Column.DECISION, ""), typed.get(Column.NAME, "")
    trouble = _trouble(day, kind, other, sure, decision, name)
    if trouble or day is None or kind is None or sure is None:
        return Row(number, typed, trouble=trouble, effect=Effect.WRONG)
    try:
        put = _put(day, kind, other, sure, decision[:100] or None, name, standing)
    except BadInput as refusal:
        return Row(number, typed, trouble=Trouble.REFUSED, refusal=refusal, effect=Effect.WRONG)
    return Row(number, typed, put, effect=_effect(put, standing))


def _trouble(
    day: date | None, kind: DayKind | None, other: date | None, sure: bool | None, decision: str, name: str
) -> Trouble | None:
    found = (
        (day is None, Trouble.BAD_DATE),
        (kind is None, Trouble.BAD_KIND),
        (kind in rules_year.SWAPS and other is None, Trouble.BAD_OTHER),
        (sure is None, Trouble.BAD_STATE),
        (bool(sure) and not decision, Trouble.NO_DECISION),
        (kind in rules_year.DAYS_OFF and not name, Trouble.NO_NAME),
    )
    return next((trouble for wrong, trouble in found if wrong), None)


def _day(typed: str) -> date | None:
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _put(
    day: date, kind: DayKind, other: date | None, sure: bool, decision: str | None, name: str, standing: Standing
) -> Mapping[date, DayEntry]:
    if kind in rules_year.DAYS_OFF:
        put = rules_year.days_off(kind, day, day, name=name, decision=decision, confirmed=sure)
    elif kind is DayKind.ORDINARY:
        known = standing.entry_on(day)
        if known is not None and known.kind is DayKind.ORDINARY:
            return {day: known}
        put = rules_year.ordinary(day, day, decision=decision, standing=standing)
    else:
        assert other is not None
        off, worked = (day, other) if kind is DayKind.SWAPPED_OFF else (other, day)
        put = rules_year.swapped(off, worked, decision=decision, confirmed=sure)
    if _effect(put, standing) is not Effect.UNCHANGED:
        rules_year.entering(put, standing)  # what the calendar would refuse is refused here, beside its row
    return put


def _effect(put: Mapping[date, DayEntry], standing: Standing) -> Effect:
    known = [standing.entry_on(day) for day in put]
    if list(put.values()) == known:
        return Effect.UNCHANGED
    return Effect.CHANGED if any(known) else Effect.NEW


def _without_doubles(rows: Sequence[Row]) -> list[Row]:
    """A day that stands in two rows which say different things is wrong in the second."""
    said: dict[date, DayEntry] = {}
    found = []
    for row in rows:
        doubled = any(said.get(day, entry) != entry for day, entry in row.put.items())
        again = not doubled and bool(row.put) and all(day in said for day in row.put)
        said.update({} if doubled else row.put)
        if doubled or (again and not rules_year.SWAPS & {entry.kind for entry in row.put.values()}):
            row = Row(row.number, row.typed, trouble=Trouble.DOUBLED, effect=Effect.WRONG)
        found.append(row)
    return found


def change_of(rows: Sequence[Row], standing: Standing) -> Change:
    """All rows together as one change. Raises BadInput when a row is wrong, or when nothing changes."""
    wrong = [row.number for row in rows if row.effect is Effect.WRONG]
    if wrong:
        raise BadInput(N_("Mend the rows that are wrong in the file, then choose it again."), field="file")
    put: dict[date, DayEntry] = {}
    for row in rows:
        put |= row.put
    return rules_year.entering(put, standing)
