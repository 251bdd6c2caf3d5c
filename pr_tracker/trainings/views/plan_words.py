"""A class and its course in words, as terms and descriptions."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.trainings.models import Course, TrainingClass

Facts = list[tuple[str, str]]


def when_words(sessions: Sequence[Any], place: str) -> str:
    """From which day to which a class is held, and where; cancelled sessions do not count."""
    days = [office_day(row.starts_at) for row in sessions if row.cancelled_at is None]
    if not days:
        span = _("No day is set yet")
    elif days[0] == days[-1]:
        span = write_day(days[0])
    else:
        span = f"{write_day(days[0])}–{write_day(days[-1])}"
    return ", ".join(part for part in (span, place) if part) + "."


def class_facts(one: TrainingClass, team: Sequence[Any], people: Any) -> Facts:
    """Who runs the class, how many places it has, until when people are named."""
    seats = ngettext("%(num)d trainee", "%(num)d trainees", people.seated)
    if one.capacity:
        seats = _("%(seats)s of %(capacity)s places", seats=people.seated, capacity=one.capacity)
    if people.waiting:
        seats += ", " + _("%(count)s on the waiting list", count=people.waiting)
    until = write_moment(one.registration_until) if one.registration_until else _("no term set")
    names = ", ".join(row.full_name for row in team) or _("nobody named: every trainer")
    return [(_("Team"), names), (_("Places"), seats), (_("People are named until"), until)]


def course_facts(course: Course) -> Facts:
    """What the course is for, and who earns its certificate."""
    facts = [
        (_("Held by"), course.agency.name),
        (_("Purpose"), course.purpose),
        (_("Legal ground"), course.legal_ground),
        (_("Periods of teaching"), str(course.hours or "")),
        (_("Certificate"), certificate_words(course)),
    ]
    return [(term, words) for term, words in facts if words]


def certificate_words(course: Course) -> str:
    """The rule of the course's certificates, and how long the training counts, as a sentence."""
    asked = []
    if course.least_attendance:
        asked.append(_("attendance of at least %(share)s%% of the sessions", share=course.least_attendance))
    if course.least_mark is not None:
        asked.append(_("a mark of at least %(mark)s in the test", mark=format_decimal(course.least_mark)))
    if course.paper_required:
        asked.append(_("a final paper"))
    term = course.valid_months
    counts = ngettext("It counts for %(num)d month.", "It counts for %(num)d months.", term) if term else ""
    rule = _("For %(asked)s.", asked=", ".join(asked)) if asked else _("For everybody on the roster.")
    return f"{rule} {counts}".strip()
