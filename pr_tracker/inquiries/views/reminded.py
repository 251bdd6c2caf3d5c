"""Of what people were reminded in a case, when and by which words; who of its people is away today."""

from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from pr_tracker.accounts.queries import away_on
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.notices.labels import line
from pr_tracker.notices.queries import sent_about
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day, write_day

LOOKED_THROUGH = 300
REMINDERS = frozenset(
    {
        NoticeKind.BEFORE,
        NoticeKind.LAST_DAY,
        NoticeKind.LATE_1,
        NoticeKind.LATE_2,
        NoticeKind.LATE_3,
        NoticeKind.MOVED,
        NoticeKind.URGED,
    }
)


def reminded_of(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Each reminder with its moment, its words and whoever got it, the newest first."""
    sent = sent_about(Inquiry.__tablename__, inquiry.id, limit=LOOKED_THROUGH)
    rows = [row for row in sent if row.kind in REMINDERS]
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


def away_words(inquiry: Inquiry, now: datetime) -> dict[int, str]:
    """Of the officer and the responsible head: until when they are away, and who stands in."""
    people = [person for person in (inquiry.officer_id, inquiry.responsible_id) if person is not None]
    found = away_on(people, office_day(now)) if people and inquiry.finished_at is None else {}
    return {
        person: _("away until %(day)s, %(substitute)s stands in", day=write_day(row.to_on), substitute=row.substitute)
        for person, row in found.items()
    }
