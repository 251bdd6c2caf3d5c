"""Read the cells of a row: what fits the registers, or the reason why it does not."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from pr_tracker.errors import N_
from pr_tracker.imports.rules import Given, Reason
from pr_tracker.imports.rules_dates import read_day
from pr_tracker.imports.targets.known import Known
from pr_tracker.text import fold, lower_nfc, nfc

_T = TypeVar("_T")
_EMAIL = re.compile(r"[^\s@<>;,]+@[^\s@<>;,]+\.[^\s@<>;,.]+")
_PHONE = re.compile(r"[(+]?\d[\d\s().+/,;-]{4,58}")
_LOST_ZERO = re.compile(r"[1-9]\d{8}")  # a phone number that Excel took for a number

EMPTY = N_("The cell is empty, and it has to be filled in.")
TOO_LONG = N_("This is longer than %(longest)s characters.")
NO_EMAIL = N_("“%(typed)s” is not an e-mail address.")
NO_PHONE = N_("“%(typed)s” is not a phone number.")
NOT_A_CHOICE = N_("“%(typed)s” is not one of: %(choices)s.")
REPEATED = N_("This stands in row %(row)s already.")
ERROR = N_("The cell shows the error %(typed)s.")


class Reader:
    """Reads one row; what is wrong with it, and what is doubtful, gathers here."""

    def __init__(self, row: Given) -> None:
        self.row = row
        self.wrong: list[Reason] = []
        self.doubts: list[Reason] = []

    def text(self, key: str, longest: int, *, required: bool = False) -> str:
        """What stands in the column, "" where nothing does."""
        value = nfc(self.row.text(key))
        if value.startswith("#") and value.rstrip("!?").isupper():
            self._refuse(ERROR, key, value)
        elif required and not value:
            self.wrong.append(Reason(EMPTY, key))
        elif len(value) > longest:
            self.wrong.append(Reason(TOO_LONG, key, {"longest": longest}))
        return value

    def email(self, key: str, *, required: bool = False) -> str:
        """An e-mail address in small letters."""
        value = self.text(key, 255, required=required).lower().removeprefix("mailto:")
        if value and not _EMAIL.fullmatch(value):
            self._refuse(NO_EMAIL, key, value)
        return value

    def phone(self, key: str, longest: int) -> str:
        """A phone number in any usual spelling; the zero that a spreadsheet took away is put back."""
        value = self.text(key, longest)
        if _LOST_ZERO.fullmatch(value):
            return f"0{value}"
        if value and not _PHONE.fullmatch(value):
            self._refuse(NO_PHONE, key, value)
        return value

    def choice(self, key: str, words: Mapping[str, _T], choices: Iterable[str]) -> _T | None:
        """Which of a few is meant; None for an empty cell, and for one that is not understood."""
        value = self.row.text(key)
        found = words.get(fold(value))
        if value and found is None:
            self.wrong.append(Reason(NOT_A_CHOICE, key, {"typed": value[:80], "choices": "; ".join(choices)}))
        return found

    def day(self, key: str) -> date | None:
        """A day."""
        cell = self.row.cells.get(key)
        if cell is None:
            return None
        read = read_day(cell.value, cell.text, key)
        self.wrong += [read.wrong] if read.wrong else []
        self.doubts += [read.doubt] if read.doubt else []
        return read.day

    def name(self, key: str, known: Known, longest: int) -> int | None:
        """The id of what a name means; one that is not known is refused with the names it may mean."""
        typed = self.text(key, longest, required=True)
        found = known.find(typed, key) if typed else None
        if isinstance(found, Reason):
            self.wrong.append(found)
            return None
        return found

    def once(self, key: object, seen: dict[object, int], column: str) -> None:
        """Refuse what an earlier row of the file says already; `seen` remembers it with its row."""
        first = seen.setdefault(key, self.row.number)
        if first != self.row.number:
            self.wrong.append(Reason(REPEATED, column, {"row": first}))

    def _refuse(self, message: str, key: str, value: str) -> None:
        self.wrong.append(Reason(message, key, {"typed": value[:80]}))


class Unsaid:
    """Nobody was asked what names mean."""

    def meant(self, what: str, typed: str) -> int | None:
        """Nothing was said."""
        return None


def is_same_name(typed: str, known: str) -> bool:
    """Whether a name is meant: marks count where some were typed, capitals never ("Văn" is not "Vân", "Van" may be)."""
    marked = fold(typed) != lower_nfc(typed)
    return lower_nfc(typed) == lower_nfc(known) if marked else fold(typed) == fold(known)


def changes_between(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """What differs, as the preview shows it."""
    return {key: (_shown(before[key]), _shown(value)) for key, value in after.items() if before[key] != value}


def _shown(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)
