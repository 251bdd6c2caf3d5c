"""Of what people were reminded in a case, when and by which words; who of its people is away today."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.reminding import REMINDERS
from pr_tracker.notices.labels import line
from pr_tracker.notices.queries import sent_about
from pr_tracker.office_time import write_day

LOOKED_THROUGH = 300


def reminded_of(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Each reminder with its moment, its words and whoever got it, the newest first."""
    rows = sent_about(Inquiry.__tablename__, inquiry.id, kinds=REMINDERS, limit=LOOKED_THROUGH)
    told = []
    for (at, _kind, words), group in groupby(rows, key=lambda row: (row.created_at, row.kind, _words(row))):
        people = sorted((_receiver(row), row.read_at is not None) for row in group)
        told.append({"at": at, "words": words, "people": people})
    return told


def _words(row: Any) -> str:
    facts = {name: value for name, value in row.data.items() if name not in ("code", "subject")}
    words = line(row.kind, facts)
    return f"{words}, {row.data['agency']}" if row.data.get("note") and row.data.get("agency") else words


def _receiver(row: Any) -> str:
    if row.instead_of:
        return _("%(who)s, instead of %(absent)s", who=row.person, absent=row.instead_of)
    return str(row.person)


def away_words(found: Mapping[int, Any]) -> dict[int, str]:
    """Of the officer and the responsible head: until when they are away, and who stands in."""
    return {
        person: _("away until %(day)s, %(substitute)s stands in", day=write_day(row.on), substitute=row.text)
        for person, row in found.items()
    }
