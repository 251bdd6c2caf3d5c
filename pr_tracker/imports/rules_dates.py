"""Read the days and moments of ledgers as offices write them; what cannot be one is said why.

dd/MM/yyyy throughout: nothing is guessed. A day without a time has none.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pr_tracker.errors import N_
from pr_tracker.imports.rules import Reason
from pr_tracker.office_time import write_day
from pr_tracker.text import fold

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)

NOT_A_DATE = N_("“%(typed)s” is not a date. Example: 20/11/2026")
NO_DATE_YET = N_("“%(typed)s” says how soon, not when. Write the date, or leave the cell empty.")
TEXT_BESIDE_DATE = N_("There is text beside the date: “%(typed)s”. Write the date alone.")
TWO_DATES = N_("There are two dates in the cell: “%(typed)s”. Write one.")
IMPOSSIBLE_DATE = N_("There is no such day: “%(typed)s”.")
SWAPPED = N_("There is no month %(month)s: “%(typed)s”. Are day and month swapped? Write dd/MM/yyyy: %(meant)s")
FAR_AWAY = N_("The year of “%(typed)s” cannot be right.")
SHORT_YEAR = N_("The year has two digits: %(day)s was read.")
SERIAL = N_("The cell is a number, not a date: %(day)s was read, as Excel counts days.")
BAD_TIME = N_("“%(typed)s” is not a time of day. Example: 16:30")

_SOON = (
    *("asap", "cang som cang tot", "som nhat", "khan", "khan cap", "hoa toc", "thuong khan", "ngay", "gap", "soon"),
    *("urgent", "ngay lap tuc", "trong ngay", "chua ro", "chua xac dinh", "tbd", "n/a", "dang cho", "sau", "khi co"),
)
_NOTHING = frozenset({"", "-", "--", "—", "–", "…", "...", "x", "khong", "khong co", "0"})
_DAY = re.compile(
    r"(?:ngày\s+)?(?P<d>\d{1,2})\s*(?:[/.\-]\s*|\s+tháng\s+)(?P<m>\d{1,2})\s*(?:[/.\-]\s*|\s+năm\s+)(?P<y>\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_TIME = re.compile(
    r"(?<![\d/.\-])(?P<h>\d{1,2})\s*(?:giờ|[:hg])\s*(?P<n>\d{2})?(?:\s*(?:phút|ph\b|p\b))?(?::\d{2}(?:\.\d+)?)?(?![\d/\-])"
    r"(?:\s*(?P<half>am|pm|sa|ch)\b)?",
    re.IGNORECASE,
)
_FILL = re.compile(
    r"(?:(?:thứ\s+[^\s,]+)|(?:chủ\s+nhật)|lúc|vào|hồi|ngày|sáng|chiều|tối|trưa|\bT\b|at|on|[,;()\s])+", re.IGNORECASE
)


@dataclass(frozen=True)
class ReadDay:
    """A day read from a cell, with its time if it has one; or why it cannot be read. Nothing at all: an empty cell."""

    day: date | None = None
    at: time | None = None
    wrong: Reason | None = None
    doubt: Reason | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the cell says nothing."""
        return self.day is None and self.wrong is None


def read_day(value: Any, text: str, column: str = "") -> ReadDay:
    """What a cell says: a day or moment of the workbook, else its text."""
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return _checked(value.date(), None if midnight else value.time().replace(second=0, microsecond=0), text, column)
    if isinstance(value, date):
        return _checked(value, None, text, column)
    typed = " ".join(text.split())
    if fold(typed) in _NOTHING:
        return ReadDay()
    if isinstance(value, int | float) and not isinstance(value, bool) and 30_000 < value < 80_000:
        return _serial(float(value), typed, column)
    return _read_text(typed, column)


def _serial(value: float, typed: str, column: str) -> ReadDay:
    """A number where a day should be: days since 30 December 1899."""
    read = _checked(date.fromordinal(date(1899, 12, 30).toordinal() + int(value)), None, typed, column)
    if read.wrong or read.day is None:
        return read
    return ReadDay(read.day, None, doubt=Reason(SERIAL, column, {"day": write_day(read.day)}))


def _read_text(typed: str, column: str) -> ReadDay:
    found = [*_ISO.finditer(typed)] or [*_DAY.finditer(typed)]
    if not found:
        folded = fold(typed)
        soon = any(folded == word or folded.startswith((f"{word} ", f"{word},", f"{word}.")) for word in _SOON)
        return ReadDay(wrong=_reason(NO_DATE_YET if soon else NOT_A_DATE, column, typed))
    if len(found) > 1:
        return ReadDay(wrong=_reason(TWO_DATES, column, typed))
    at, rest = _time_beside(typed, found[0])
    if rest:
        return ReadDay(wrong=_reason(TEXT_BESIDE_DATE, column, typed))
    if isinstance(at, Reason):
        return ReadDay(wrong=_reason(at.message, column, typed))
    return _day_of(found[0], at, typed, column)


def _time_beside(typed: str, day: re.Match[str]) -> tuple[time | Reason | None, str]:
    """The time beside a day, and whatever else is there."""
    rest = f"{typed[: day.start()]} {typed[day.end() :]}"
    clock = _TIME.search(rest)
    at: time | Reason | None = None
    if clock:
        at = _time_of(clock)
        rest = rest[: clock.start()] + " " + rest[clock.end() :]
    return at, _FILL.sub("", rest).strip()


def _time_of(clock: re.Match[str]) -> time | Reason:
    hour, minute = int(clock["h"]), int(clock["n"] or 0)
    half = (clock["half"] or "").lower()
    if half in ("pm", "ch") and hour < 12:
        hour += 12
    elif half in ("am", "sa") and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else Reason(BAD_TIME)


def _day_of(found: re.Match[str], at: time | None, typed: str, column: str) -> ReadDay:
    day, month, year = int(found["d"]), int(found["m"]), int(found["y"])
    short = len(found["y"]) == 2
    year += 2000 if short else 0
    if month > 12 >= day and month <= 31:
        params = {"month": month, "typed": typed, "meant": f"{month:02d}/{day:02d}/{year}"}
        return ReadDay(wrong=Reason(SWAPPED, column, params))
    try:
        read = _checked(date(year, month, day), at, typed, column)
    except ValueError:
        return ReadDay(wrong=_reason(IMPOSSIBLE_DATE, column, typed))
    if short and read.day is not None:
        return ReadDay(read.day, at, doubt=Reason(SHORT_YEAR, column, {"day": write_day(read.day)}))
    return read


def _checked(day: date, at: time | None, typed: str, column: str) -> ReadDay:
    if not EARLIEST <= day <= LATEST:
        return ReadDay(wrong=_reason(FAR_AWAY, column, typed))
    return ReadDay(day, at)


def read_time(value: Any, text: str, column: str = "") -> time | Reason | None:
    """The time of day in a cell of its own; None for an empty one, a reason for what is none."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    typed = " ".join(text.split())
    if fold(typed) in _NOTHING:
        return None
    if isinstance(value, float) and 0 <= value < 1:
        return time(int(value * 24), round(value * 1440) % 60)
    clock = _TIME.fullmatch(typed) or re.fullmatch(r"(?P<h>\d{1,2})(?P<n>)(?P<half>)", typed)
    read = _time_of(clock) if clock else Reason(BAD_TIME)
    return _reason(read.message, column, typed) if isinstance(read, Reason) else read


def _reason(message: str, column: str, typed: str) -> Reason:
    return Reason(message, column, {"typed": typed[:80]})
