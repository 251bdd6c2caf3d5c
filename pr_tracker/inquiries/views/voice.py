"""What the province said before, beside a draft, an approval and a release; which cases a statement may link."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import request, url_for

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries.models import Draft, Inquiry
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.queries.voice import said_on
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.office_time import office_day
from pr_tracker.statements import labels
from pr_tracker.statements.views import Case
from pr_tracker.web.forms import tidy


def cases_seen(person: Person, ids: Iterable[int]) -> Mapping[int, Case]:
    """The inquiries among these that a person may see, by id."""
    columns = (Inquiry.id, Inquiry.year, Inquiry.number, Inquiry.subject)
    rows = db.session.execute(sa.select(*columns).where(Inquiry.id.in_(list(ids)), visible_to(person)))
    return {
        row.id: Case(write_number(row.year, row.number), row.subject, url_for("inquiries.case", inquiry_id=row.id))
        for row in rows
    }


def said_beside(inquiry: Inquiry, text: str, calendar: WorkingCalendar | None = None) -> dict[str, Any]:
    """What was said before on the matter, held against a text."""
    return {"said": said_on(inquiry, text, office_day(clock.now()), calendar), "voice_labels": labels}


def text_at_hand(newest: Draft | None) -> str:
    """The text that is being typed, else that of the newest version."""
    if "text" in request.form:
        return str(tidy(request.form["text"]))
    return newest.text if newest else ""
