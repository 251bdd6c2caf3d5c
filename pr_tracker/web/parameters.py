"""Values out of the address bar: never trusted, never a reason to fail."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from flask import Flask, request
from werkzeug.routing import IntegerConverter

from pr_tracker.web.forms import tidy

LARGEST_ID = 2**31 - 1
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
    """A query parameter as a day (yyyy-MM-dd or dd/MM/yyyy), None when absent or not one."""
    raw = request.args.get(name, "").strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(raw, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            return day
    return None


def member_of(name: str, members: type[Member]) -> Member | None:
    """A query parameter as a member of an enum, None when absent or not one."""
    try:
        return members(request.args.get(name, ""))
    except ValueError:
        return None
