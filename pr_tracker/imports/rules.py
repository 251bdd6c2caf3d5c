"""What comes in from a file: its columns, what each row would do and why not, and what a target has to offer.

A target is one kind of file (inquiries, people, outlets …). The engine reads the file, finds the columns, asks the
target to judge rows in batches, shows the preview, and lets the target write the rows that were confirmed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from pr_tracker.errors import N_
from pr_tracker.permissions import Permission
from pr_tracker.text import fold

MOST_ROWS = 100_000
SMALL = 2_000  # rows that are judged and written at once, while somebody waits
BATCH = 500


class Verdict(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"  # it can be written; somebody should look first
    REJECTED = "rejected"


GOOD = frozenset({Verdict.NEW, Verdict.CHANGED})


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"  # its columns are still to be named
    JUDGING = "judging"
    JUDGED = "judged"  # the preview can be read; nothing is written
    WRITING = "writing"
    DONE = "done"
    DROPPED = "dropped"


class ImportEvent(StrEnum):
    """What the audit log says of imports."""

    UPLOAD = "import:upload"
    CONFIRM = "import:confirm"
    FINISH = "import:finish"
    DROP = "import:drop"
    TAKE_REJECTED = "import:rejected:take"
    NAME = "import:name:remember"


class TypedCell(Protocol):
    """A cell as the file has it (see pr_tracker.tables.Cell)."""

    @property
    def value(self) -> Any:
        """Text, a number, a day, a moment, or None."""

    @property
    def text(self) -> str:
        """The same as somebody reads it."""

    @property
    def formula(self) -> Any:
        """Set where the cell is calculated."""

    @property
    def merged(self) -> Any:
        """Set where the cell is a part of a merged one."""


@dataclass(frozen=True)
class Column:
    """A column a target knows: its name on the page, and what it may be called in files."""

    key: str
    label: Any  # a lazy string
    heads: tuple[str, ...] = ()  # in any language, with or without marks
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Given:
    """A row of the file: its number there, and its cells by the key of their column."""

    number: int
    cells: Mapping[str, TypedCell]
    hidden: bool = False

    def text(self, key: str) -> str:
        """What stands in a column, "" where nothing does."""
        cell = self.cells.get(key)
        return " ".join(cell.text.split()) if cell is not None else ""

    def lines(self, key: str) -> list[str]:
        """The lines that stand in a column."""
        cell = self.cells.get(key)
        return [" ".join(line.split()) for line in cell.text.splitlines() if line.strip()] if cell is not None else []

    def has(self, key: str) -> bool:
        """Whether the file has this column at all."""
        return key in self.cells


@dataclass(frozen=True)
class Reason:
    """Why a row is doubtful or rejected, or what to know of it. `message` is a source string with `params`.

    A name that is not known says of `what` it is; `suggestions` are the names it may mean.
    """

    message: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    typed: str = ""
    suggestions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a stored row keeps it."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Judged:
    """A row judged: what it would do, why, on which thing, which columns change from what to what.

    `data` is the target's own: what it will write. It is not stored; rows are judged again when they are written.
    """

    number: int
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    subject_id: int | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    data: Any = None


def judged(
    row: Given,
    *,
    wrong: Sequence[Reason] = (),
    doubts: Sequence[Reason] = (),
    notes: Sequence[Reason] = (),
    subject_id: int | None = None,
    changes: Mapping[str, tuple[str, str]] | None = None,
    data: Any = None,
) -> Judged:
    """The verdict that follows: anything wrong rejects; else a doubt; else whether it is new, changes something or not.

    `notes` are to be known and change no verdict; a row that changes nothing needs no doubt.
    """
    if wrong:
        return Judged(row.number, Verdict.REJECTED, (*wrong, *doubts, *notes), subject_id)
    if subject_id is not None and not changes:
        return Judged(row.number, Verdict.UNCHANGED, tuple(notes), subject_id, data=data)
    found = Verdict.NEW if subject_id is None else Verdict.CHANGED
    verdict = Verdict.DOUBTFUL if doubts else found
    return Judged(row.number, verdict, (*doubts, *notes), subject_id, changes or {}, data)


class Names(Protocol):
    """What an agency's people said earlier that a name in their files means."""

    def meant(self, what: str, typed: str) -> int | None:
        """The id of what the name was said to mean."""


@dataclass(frozen=True)
class Setting:
    """In whose name a file is taken in: the person, their moment, the file, and what it is about (a class)."""

    actor: Any  # accounts.Person
    now: datetime
    names: Names
    file_name: str = ""
    about_id: int | None = None


class Session(Protocol):
    """One pass through a file. It may remember rows it has seen (a repeated number), keeps ids, never rows."""

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each of these rows would do, in their order; asks the database for all of them at once."""

    def write(self, rows: Sequence[Judged]) -> None:
        """Write these rows, which this session has judged in the same transaction. Does not commit."""


@runtime_checkable
class LocksFirst(Protocol):
    """A session that changes things which others lock before they take the audit log's turn.

    Its rows are judged, locked, and judged a second time: to it a row is not its own repetition.
    """

    def lock(self, rows: Sequence[Judged]) -> None:
        """Lock what these rows change, in the order of ids; the audit log's turn is taken next."""


class Target(Protocol):
    """One kind of file that can be taken in."""

    @property
    def code(self) -> str:
        """The word in addresses and commands."""

    @property
    def label(self) -> Any:
        """What is taken in, as the page names it (a lazy string)."""

    @property
    def hint(self) -> Any:
        """One or two sentences on what such a file has (a lazy string)."""

    @property
    def permission(self) -> Permission:
        """Who may take it in."""

    @property
    def columns(self) -> Sequence[Column]:
        """Every column it knows, in the order of the template."""

    def begin(self, setting: Setting) -> Session:
        """A pass through a file; loads what every row is compared with."""

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Every (id, name) that an unknown name of this sort may mean."""

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """Put a new name of this sort on record and return its id; None where that is not possible here."""


# --- columns ------------------------------------------------------------------------------------------------


def head_key(head: str) -> str:
    """What makes two heads the same column: the letters, whatever marks, capitals, spaces and signs."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(head)).split())


def match_columns(heads: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    """The place of each column whose head is known (head_key → column); of two equal heads the first. No guessing.

    A head that begins with a known one and goes on in brackets ("Ngày nhận (dd/mm/yyyy)") is that one.
    """
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        key = known.get(head_key(head)) or known.get(head_key(head.split("(", 1)[0]))
        if key is not None:
            found.setdefault(key, place)
    return found


def find_head(rows: Iterable[tuple[int, Sequence[str]]], columns: Sequence[Column], known: Mapping[str, str]) -> int:
    """The number of the row with the most known heads, the first of equals; 0 when no row is one.

    A row of heads has two known ones at least, or every required one.
    """
    required = {column.key for column in columns if column.required}
    best, most = 0, 0
    for number, texts in rows:
        found = match_columns(texts, known)
        if len(found) > most and (len(found) > 1 or required <= set(found)):
            best, most = number, len(found)
    return best


def heads_of_two_lines(upper: Sequence[str], lower: Sequence[str], known: Mapping[str, str]) -> list[str] | None:
    """The heads of a table whose heads stand in two lines ("Answer" over "Date" and "Form"); None when they do not.

    Each line has two known heads at least and no figure, as every row of a list has one.
    """
    if any(len(match_columns(line, known)) < 2 or any(map(_has_digit, line)) for line in (upper, lower)):
        return None
    found, over = list[str](), ""
    for place in range(max(len(upper), len(lower))):
        above, below = (" ".join(line[place].split()) if place < len(line) else "" for line in (upper, lower))
        over = above or (over if below else "")
        both = (f"{over} {below}", f"{below} {over}", below) if below and below != over else (over,)
        found.append(next((words for words in both if head_key(words) in known), both[0]))
    return found


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def heads_digest(heads: Iterable[str]) -> str:
    """The fingerprint of a file's heads, under which its columns are remembered."""
    return hashlib.sha256(json.dumps([head_key(head) for head in heads]).encode()).hexdigest()


def missing_columns(found: Mapping[str, int], columns: Sequence[Column]) -> list[Column]:
    """The required columns that no head names."""
    return [column for column in columns if column.required and column.key not in found]


# --- what the engine itself doubts -------------------------------------------------------------------------

HIDDEN = N_("The row is hidden in the file.")
FORMULA = N_("The cell is a formula: the value it last had was taken.")
FORMULA_EMPTY = N_("The cell is a formula without a stored value: open the file in Excel and save it again.")
MERGED = N_("The cell is a part of a merged one: the value of the merged cell was taken.")


def with_cell_doubts(row: Given, verdict: Judged) -> Judged:
    """The same with what the file's form makes doubtful: hidden rows, formulas, merged cells."""
    if verdict.verdict is Verdict.UNCHANGED:
        return verdict
    doubts = [Reason(HIDDEN)] if row.hidden else []
    for key, cell in row.cells.items():
        if cell.formula:
            doubts.append(Reason(FORMULA if cell.text else FORMULA_EMPTY, key))
        if cell.merged and cell.text:
            doubts.append(Reason(MERGED, key))
    if not doubts:
        return verdict
    kept = verdict.verdict is Verdict.REJECTED
    now = Verdict.REJECTED if kept else Verdict.DOUBTFUL
    return replace(verdict, verdict=now, reasons=(*verdict.reasons, *doubts))


def nearest(typed: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names most like a typed one, best first: the same words, then the same letters."""
    wanted = fold(typed)
    words = set(wanted.split())
    ranked = []
    for name in names:
        known = fold(name)
        common = len(words & set(known.split())) / max(len(words), 1)
        likeness = max(common * 0.95, SequenceMatcher(None, wanted, known).ratio())
        if likeness >= 0.6:
            ranked.append((-likeness, name))
    return tuple(name for _, name in sorted(ranked)[:most])
