"""Courses, classes, sessions and rosters for tests."""

from datetime import date, time
from itertools import count

from pr_tracker.db import db
from pr_tracker.trainings.actions import plan, roster
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, SessionFacts, session_span
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, an_agency

_numbers = count(1)


def a_course(title=None, *, agency=None, year=2026, now=NOW):
    agency = agency or an_agency(now=now)
    db.session.flush()
    facts = CourseFacts(title or f"Tập huấn phát ngôn {next(_numbers)}", year, agency.id)
    return plan.add_course(facts, actor=None, now=now)


def a_class(name="Lớp 1", *, course=None, place="Hội trường A", now=NOW):
    return plan.add_class(course or a_course(now=now), ClassFacts(name, place), actor=None, now=now)


def a_session(
    topic="Kỹ năng trả lời phỏng vấn", *, of=None, day=date(2026, 11, 25), start=time(8), end=time(11), now=NOW
):
    starts_at, ends_at = session_span(day, start, end)
    facts = SessionFacts(starts_at, ends_at, topic, "Ths. Lê Báo Cáo Viên", "Hội trường A")
    return plan.add_session(of or a_class(now=now), facts, actor=None, now=now)


def a_roster(training_class, *names, now=NOW):
    """Rows in the order of given names; a name may be an Entry."""
    entries = [name if isinstance(name, Entry) else Entry(name) for name in names]
    rows = roster.enrol(training_class, entries, actor=None, now=now)
    db.session.flush()
    return rows
