"""How values are written on pages: official dates, the reader's language."""

from datetime import date, datetime

from flask import Flask
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
    app.jinja_env.globals["ngettext"] = ngettext
