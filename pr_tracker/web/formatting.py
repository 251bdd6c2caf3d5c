"""How values are written on pages: official dates, the reader's language, links that caches may keep for ever."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from flask import Flask, current_app, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from pr_tracker.office_time import in_office, office_day, write_day, write_moment, write_time


def weekday(day: date) -> str:
    """The weekday's name, as within a sentence."""
    return _WEEKDAYS[day.weekday()]()


_WEEKDAYS = (
    lambda: _("Monday"),
    lambda: _("Tuesday"),
    lambda: _("Wednesday"),
    lambda: _("Thursday"),
    lambda: _("Friday"),
    lambda: _("Saturday"),
    lambda: _("Sunday"),
)


def long_day(day: date) -> str:
    """Thứ Sáu 20/11/2026."""
    return f"{weekday(day)} {write_day(day)}"


def long_moment(instant: datetime) -> str:
    """10:05 thứ Sáu 20/11/2026."""
    return f"{write_time(instant)} {long_day(office_day(instant))}"


def file_size(octets: int) -> str:
    """1,5 MB in Vietnamese, 1.5 MB in English."""
    if octets < 1024 * 1024:
        return _("%(number)s kB", number=max(1, round(octets / 1024)))
    return _("%(number)s MB", number=format_decimal(round(octets / 1024 / 1024, 1)))


@lru_cache(maxsize=512)
def _content_hash(path: str, _modified: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


def asset(filename: str, endpoint: str = "static") -> str:
    """The address of a static file with its content's hash, so that a cache may keep it for ever."""
    folder = current_app.static_folder if endpoint == "static" else current_app.blueprints["bootstrap"].static_folder
    path = Path(str(folder)) / filename
    return url_for(endpoint, filename=filename, v=_content_hash(str(path), path.stat().st_mtime))


def install(app: Flask) -> None:
    """Filters and functions for templates."""
    app.jinja_env.filters.update(
        day=write_day,
        office_day=office_day,
        time=write_time,
        moment=write_moment,
        long_day=long_day,
        long_moment=long_moment,
        file_size=file_size,
        decimal=format_decimal,
        iso=lambda instant: in_office(instant).isoformat(timespec="minutes"),
    )
    app.jinja_env.globals.update(asset=asset, ngettext=ngettext, bootstrap_version=version("bootstrap-flask"))
