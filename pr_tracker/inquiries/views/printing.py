"""Letters to the press as PDF: the sealed answer or refusal, what is asked of the press; who printed is noted."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from flask import Response, current_app, send_file

from pr_tracker import clock
from pr_tracker.audit.actions import record
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.inquiries.documents_letters import write_answer, write_letter
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.articles import get_letter
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules_articles import LetterKind
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires

P = Permission


@blueprint.get("/inquiries/<id:inquiry_id>/answer.pdf")
@requires(P.INQUIRY_VIEW)
def answer_pdf(inquiry_id: int) -> Response:
    """The approved answer or refusal as the letter that gives it to the press, word for word."""
    start_writing()
    inquiry = get_visible(inquiry_id, reader())
    if inquiry.approved_draft is None:
        raise NotFound(N_("There is no approved text."))
    name = f"cong-van-tra-loi-DN-{inquiry.year}-{inquiry.number:04d}.pdf"
    facts = {"paper": "answer_letter", "digest": inquiry.approved_draft.digest}
    return _printed(inquiry, lambda out, **when: write_answer(inquiry, out, **when), name, facts)


@blueprint.get("/inquiries/<id:inquiry_id>/letters/<id:letter_id>/letter.pdf")
@requires(P.INQUIRY_VIEW)
def letter_pdf(inquiry_id: int, letter_id: int) -> Response:
    """A letter to the press, a draft until the document office has numbered it."""
    start_writing()
    inquiry = get_visible(inquiry_id, reader())
    found = get_letter(inquiry, letter_id)
    if found.kind is LetterKind.RELAY:
        raise NotFound(N_("There is no such letter."))
    name = f"cong-van-bao-chi-DN-{inquiry.year}-{inquiry.number:04d}-{found.id}.pdf"
    facts = {"paper": "press_letter", "letter": found.kind, "letter_id": found.id}
    return _printed(inquiry, lambda out, **when: write_letter(found, out, **when), name, facts)


def _printed(inquiry: Inquiry, write: Callable[..., None], name: str, facts: Mapping[str, Any]) -> Response:
    out, now = BytesIO(), clock.now()
    write(out, place=current_app.config["PR_TRACKER_PLACE"], now=now)
    record(InquiryEvent.EXPORT, inquiry, actor=reader(), now=now, code=inquiry.code, **facts)
    db.session.commit()
    out.seek(0)
    answer = send_file(out, "application/pdf", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
