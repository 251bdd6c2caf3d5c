"""What pages of an incident say in the same way: its clock, the chronology, a text's seal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from pr_tracker.deadlines.labels import end_words, exact_words, face_words
from pr_tracker.deadlines.rules import ClockFace, DueTime, face
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.incidents import labels
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views.telling import GLYPHS as INQUIRY_GLYPHS
from pr_tracker.office_time import in_office
from pr_tracker.web.formatting import long_moment


@dataclass(frozen=True)
class ClockShown:
    """The clock of an incident as a page shows it."""

    face: ClockFace
    words: str
    end: str
    exact: str
    title: str


def clock_of(row: Any, now: datetime, calendar: WorkingCalendar) -> ClockShown | None:
    """The clock of an incident, or of a row with its columns; None while no clock runs."""
    if row.ends_at is None:
        return None
    due = DueTime(row.due_on, row.due_at, row.ends_at)
    shown = face(due, now=now, calendar=calendar, statutory=True, closed_at=row.informed_at)
    exact = exact_words(due, version=row.clock_version, now=now)
    return ClockShown(shown, face_words(shown), end_words(due, now=now), exact, long_moment(row.due_at or row.ends_at))


def timeline(own: Iterable[sa.Row], of_inquiries: Sequence[sa.Row]) -> list[dict[str, Any]]:
    """The chronology for a page, the newest first: the incident's own lines and those of its inquiries."""
    lines = [(row.occurred_at, 1, row.id, _own_line(row)) for row in own]
    lines += [(row.at, 0, row.id, _inquiry_line(row)) for row in of_inquiries]
    lines.sort(key=lambda line: line[:3], reverse=True)
    return [line[3] for line in lines]


def _own_line(row: sa.Row) -> dict[str, Any]:
    glyph = labels.GLYPHS.get(IncidentEvent(row.event), "document")
    return _line(row.occurred_at, glyph, _bold(row.actor, labels.sentence(row)), labels.quotation(row))


def _inquiry_line(row: sa.Row) -> dict[str, Any]:
    code, url = write_number(row.year, row.number), url_for("inquiries.case", inquiry_id=row.inquiry_id)
    named = Markup('<a href="{}" class="nowrap">{}</a>: ').format(url, code)
    said = named + _bold(row.actor, inquiry_words.sentence(row))
    return _line(row.at, INQUIRY_GLYPHS.get(InquiryEvent(row.event), "person"), said, inquiry_words.quotation(row))


def _bold(name: str | None, said: str) -> Markup:
    if name and said.startswith(name):
        return Markup("<b>{}</b>{}").format(name, said[len(name) :])
    return Markup("{}").format(said)


def _line(at: datetime, glyph: str, sentence: Markup, quote: str) -> dict[str, Any]:
    moment = in_office(at)
    return {
        "iso": moment.isoformat(timespec="minutes"),
        "day": f"{moment:%d/%m/%Y}",
        "hour": f"{moment:%H:%M}",
        "glyph": glyph,
        "sentence": sentence,
        "quote": quote,
    }


def state_words(row: Any) -> str:
    """Open, or closed and how."""
    if row.closed_at is None:
        return _("Open")
    informed = row.informed_at is not None or row.ends_at is None
    return _("Closed") if informed else _("Closed without initial information")
