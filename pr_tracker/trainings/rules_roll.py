"""The roll call: marks, codes of rows, what stands when two mark at once."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pr_tracker.errors import N_, ChangedMeanwhile

LONGEST_REMARK = 200

_ROWS_PER_LETTER = 99
_ROW_CODE = re.compile(r"([A-Z]{1,3})(0?[1-9]|[1-9][0-9])")


class Mark(StrEnum):
    """What a roll call says of one person in one session."""

    PRESENT = "present"  # có mặt
    LATE = "late"  # đi muộn
    LEFT_EARLY = "left_early"  # về sớm
    EXCUSED = "excused"  # vắng có phép
    ABSENT = "absent"  # vắng


# Who was there, if not from beginning to end.
ATTENDED = frozenset({Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY})


class Source(StrEnum):
    """How a mark came about."""

    ROLL = "roll"  # a trainer called the roll
    SELF = "self"  # the person checked in, by the code on the projector
    SCAN = "scan"  # a trainer scanned or typed the personal code
    PAPER = "paper"  # typed from the signed sheet
    WALK_IN = "walk_in"  # came without being on the roster


@dataclass(frozen=True)
class MarkNow:
    """A mark as it stands, and who made it when; version 0 and no mark before anybody has."""

    mark: Mark | None = None
    remark: str = ""
    version: int = 0
    by_name: str = ""
    at: datetime | None = None
    source: Source = Source.ROLL


@dataclass(frozen=True)
class MarkedOnce:
    """A mark that was made at some time: by whom, how, and why when it was a correction."""

    at: datetime
    by_name: str
    mark: Mark
    source: Source = Source.ROLL
    reason: str = ""


class MarkedMeanwhile(ChangedMeanwhile):
    """Somebody else has marked this row since it was read; `now` is their mark."""

    def __init__(self, now: MarkNow) -> None:
        super().__init__(N_("Somebody else has marked this row meanwhile."))
        self.now = now


def unless_apologised(apology: str | None) -> tuple[Mark, str]:
    """The mark of somebody nobody marked, when the rest was there: present; excused if they apologised before."""
    return (Mark.EXCUSED, apology[:LONGEST_REMARK]) if apology else (Mark.PRESENT, "")


def row_code(number: int) -> str:
    """The code of a roster's row on paper and screen: 1 is A01, 99 is A99, 100 is B01. Raises ValueError below 1."""
    if number < 1:
        raise ValueError("rows are numbered from 1")
    letters, place = "", (number - 1) // _ROWS_PER_LETTER
    while True:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
        if place < 0:
            return f"{letters}{(number - 1) % _ROWS_PER_LETTER + 1:02}"


def row_number(code: str) -> int | None:
    """The row that a code as typed means, None for what is no row code: A01 and a1 are 1, B01 is 100."""
    parts = _ROW_CODE.fullmatch(code.strip().upper())
    if parts is None:
        return None
    place = 0
    for letter in parts[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return (place - 1) * _ROWS_PER_LETTER + int(parts[2])
