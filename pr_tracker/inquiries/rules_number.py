"""The number of a case: ĐN-2026-0001, and what somebody types for it."""

import re
from dataclasses import dataclass
from datetime import datetime

from pr_tracker.office_time import office_day

_TYPED = re.compile(r"^(?:[dđ]n)?[-\s]*(?:(?P<year>20\d\d)[-/\s]+)?0*(?P<number>[1-9]\d{0,6})(?:/(?P<after>20\d\d))?$")


LARGEST_ID = 2**31 - 1


def search_place(received_at: datetime, inquiry_id: int) -> int:
    """Where a case stands among what a search finds: by the office day of its receipt, then as it was logged."""
    return place_on(office_day(received_at).toordinal(), inquiry_id)


def place_on(day: int, inquiry_id: int) -> int:
    """The same by the ordinal of the office day."""
    return (day << 31) | inquiry_id


def write_number(year: int, number: int) -> str:
    """ĐN-2026-0001; counted per year, four digits or more."""
    return f"ĐN-{year}-{number:04d}"


@dataclass(frozen=True)
class TypedNumber:
    """A number as somebody typed it; the year may be missing."""

    number: int
    year: int | None
    sure: bool  # whether it can only be meant as a number ("0412" may also be a text)


def read_number(typed: str) -> TypedNumber | None:
    """ĐN-2026-0001, DN-2026-1, 0001/2026, ĐN-0001 or 1; None for anything else."""
    text = typed.strip().lower()
    found = _TYPED.match(text)
    if not found or (found["year"] and found["after"]):
        return None
    year = found["year"] or found["after"]
    return TypedNumber(int(found["number"]), int(year) if year else None, bool(year) or text[0] in "dđ")
