"""Calendar entries and terms for tests."""

from datetime import date

from pr_tracker.db import db
from pr_tracker.deadlines.models import CalendarEntry
from pr_tracker.deadlines.rules_calendar import DayKind
from tests.factories.accounts import NOW


def a_calendar_entry(day=date(2026, 12, 1), *, kind=DayKind.HOLIDAY, name="Nghỉ bão", confirmed=True, now=NOW):
    entry = CalendarEntry(day=day, kind=kind, name=name, confirmed=confirmed, changed_at=now)
    db.session.add(entry)
    db.session.flush()
    return entry
