"""What the province said before, beside a draft, an approval and a release; which cases a statement may link."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.visibility import get_visible, latest_draft, visible_to
from pr_tracker.inquiries.queries.voice import said_on
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.statements import labels
from pr_tracker.statements.views import Case
from pr_tracker.web.access import only_reads, requires
from pr_tracker.web.forms import tidy

P = Permission


def cases_seen(person: Person, ids: Iterable[int]) -> Mapping[int, Case]:
    """The inquiries among these that a person may see, by id."""
    columns = (Inquiry.id, Inquiry.year, Inquiry.number, Inquiry.subject)
    rows = db.session.execute(sa.select(*columns).where(Inquiry.id.in_(list(ids)), visible_to(person)))
    return {
        row.id: Case(write_number(row.year, row.number), row.subject, url_for("inquiries.case", inquiry_id=row.id))
        for row in rows
    }


def said_beside(inquiry: Inquiry, text: str) -> dict[str, Any]:
    """What was said before on the matter, held against a text."""
    return {"said": said_on(inquiry, text, office_day(clock.now())), "voice_labels": labels}


def text_at_hand() -> str | None:
    """The text that is being typed, None on a page that is only looked at."""
    return tidy(request.form["text"]) if "text" in request.form else None


@blueprint.post("/inquiries/<id:inquiry_id>/draft/said-before")
@requires(P.INQUIRY_DRAFT)
@only_reads
def preview_said_before(inquiry_id: int) -> str:
    """What the province said before, held against what is typed now. A piece of a page."""
    inquiry = get_visible(inquiry_id, reader())
    typed, newest = text_at_hand(), latest_draft(inquiry)
    text = typed if typed is not None else newest.text if newest else ""
    return render_template("inquiries/case_said.html", inquiry=inquiry, **said_beside(inquiry, text))
