"""Values out of the address bar: never trusted, never a reason to fail."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from flask import Flask, g, request
from werkzeug.routing import IntegerConverter

from pr_tracker.keyset import Cursor
from pr_tracker.web.forms import tidy

LARGEST_ID = 2**31 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Member = TypeVar("Member", bound=StrEnum)


class IdConverter(IntegerConverter):
    """`<id:inquiry_id>`: a whole number both databases can hold; anything else is a 404."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{**kwargs, "min": 1, "max": LARGEST_ID})  # type: ignore[arg-type]


def install(app: Flask) -> None:
    """Teach the URL map our converter."""
    app.url_map.converters["id"] = IdConverter


def text_of(name: str, longest: int = 200) -> str:
    """A query parameter as tidy text, "" when absent."""
    return tidy(request.args.get(name, ""))[:longest]


def id_of(name: str) -> int | None:
    """A query parameter as an id, None when absent or not one."""
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 and int(raw) > 0 else None


def day_of(name: str) -> date | None:
    """A query parameter as a day (yyyy-MM-dd or dd/MM/yyyy); None when absent, or not one: then the page says so."""
    raw = request.args.get(name, "").strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(raw, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            return day
    if raw:
        g.setdefault("days_left_out", {})[name] = raw[:40]
    return None


def member_of(name: str, members: type[Member]) -> Member | None:
    """A query parameter as a member of an enum, None when absent or not one."""
    try:
        return members(request.args.get(name, ""))
    except ValueError:
        return None


def cursor_asked() -> Cursor | None:
    """The page of a list that ?before= or ?after= names, None for the first one."""
    for name in ("before", "after"):
        parts = request.args.get(name, "").split(".")
        if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) < 17 for part in parts):
            rank, micros, row_id = (int(part) for part in parts)
            return Cursor(
                min(rank, LARGEST_ID), EPOCH + micros * MICROSECOND, min(row_id, LARGEST_ID), newer=name == "after"
            )
    return None


def address_of(cursor: Cursor) -> dict[str, str]:
    """A cursor as the address bar has it."""
    place = f"{cursor.rank}.{(cursor.at - EPOCH) // MICROSECOND}.{cursor.id}"
    return {"after" if cursor.newer else "before": place}
