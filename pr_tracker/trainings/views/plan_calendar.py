"""The calendar of all classes: a month, or its sessions one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.deadlines.labels_names import off_words
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules_calendar import OffReason, WorkingCalendar, days_between
from pr_tracker.errors import BadInput
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.permissions import Permission
from pr_tracker.trainings.labels import CLASHES
from pr_tracker.trainings.queries.plan_calendar import conflicts_between, sessions_between
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import day_of

blueprint = Blueprint("class_calendar", __name__)


@dataclass(frozen=True)
class Day:
    """A day of the month picture."""

    on: date
    inside: bool
    today: bool
    rest: bool
    off: str  # why nobody works on it, a weekend apart
    sessions: list[Any] = field(default_factory=list)


@blueprint.get("/trainings/calendar")
@requires(Permission.TRAINING_VIEW)
def index() -> str:
    """A month of sessions, of all classes or of one's own, as a picture of weeks or as a list."""
    now = clock.now()
    first, after = _month(now)
    mine, listed = request.args.get("whose") == "mine", request.args.get("view") == "list"
    start, end = office_instant(first), office_instant(after)
    sessions = sessions_between(start, end, run_by=current_user if mine else None)
    kept: dict[str, Any] = {"whose": "mine" if mine else None, "view": "list" if listed else None}
    return render_template(
        "trainings/calendar.html",
        first=first,
        sessions=sessions,
        weeks=_weeks(first, after, sessions, now),
        conflicts=conflicts_between(start, end, now),
        clashes=CLASHES,
        mine=mine,
        listed=listed,
        earlier=url_for("class_calendar.index", month=(first - timedelta(days=1)).replace(day=1), **kept),
        later=url_for("class_calendar.index", month=after, **kept),
    )


def _weeks(first: date, after: date, sessions: Sequence[Any], now: datetime) -> list[list[Day]]:
    """The weeks of the month, Monday first, each day with its sessions."""
    begin = first - timedelta(days=first.weekday())
    last = after + timedelta(days=(7 - after.weekday()) % 7 - 1)
    held: dict[date, list[Any]] = {}
    for session in sessions:
        held.setdefault(office_day(session.starts_at), []).append(session)
    today = office_day(now)
    off = partial(_off, working_calendar())
    days = [Day(on, first <= on < after, on == today, *off(on), held.get(on, [])) for on in days_between(begin, last)]
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def _off(calendar: WorkingCalendar, day: date) -> tuple[bool, str]:
    """Whether a day is off, and why, a weekend apart."""
    try:
        off = calendar.day_off(day)
    except BadInput:  # beyond the years of the calendar
        return day.weekday() > 4, ""
    return bool(off), off_words(off) if off and off.reason is not OffReason.WEEKEND else ""


def _month(now: datetime) -> tuple[date, date]:
    """The first day of the month that the address asks for, and of the one behind it."""
    first = (day_of("month") or office_day(now)).replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


@list_out(blueprint, "/trainings/calendar", Permission.TRAINING_VIEW, file_name="lich-cac-buoi")
def sessions_table() -> Table:
    """The sessions of the month, for a spreadsheet."""
    first, after = _month(clock.now())
    mine = request.args.get("whose") == "mine"
    rows = sessions_between(office_instant(first), office_instant(after), run_by=current_user if mine else None)
    columns: list[Column] = [
        (_("Begins at"), lambda row: row.starts_at),
        (_("Ends at"), lambda row: row.ends_at),
        (_("Course"), lambda row: row.course_title),
        (_("Class"), lambda row: row.class_name),
        (_("Topic"), lambda row: row.topic),
        (_("Lecturer"), lambda row: row.lecturer),
        (_("Place"), lambda row: row.place),
        (_("Cancelled at"), lambda row: row.cancelled_at),
    ]
    return of_rows(f"{_('Calendar of classes')}, {first:%m/%Y}", rows, columns)
