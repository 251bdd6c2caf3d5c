"""The lead agency has another head: whoever heads it answers for its open cases (Decree 244/2026/NĐ-CP Art 8(1))."""

from datetime import datetime

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.inquiries.actions.telling import tell_of_new_head
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.queries.desks import Desks
from pr_tracker.inquiries.rules_events import InquiryEvent


def pass_to(inquiry: Inquiry, head: Person, at: Desks, *, now: datetime) -> None:
    """The head is the responsible person from now on: one line of history, by the system, and a notice.

    The version stays: nobody's work on the case is disturbed.
    """
    assert inquiry.lead_agency is not None
    former = inquiry.responsible
    inquiry.responsible = head
    data = {"agency": inquiry.lead_agency.name, "new": head.full_name, "old": former.full_name if former else ""}
    entry = HistoryEntry(inquiry_id=inquiry.id, version=inquiry.version, at=now, event=InquiryEvent.NEW_HEAD, data=data)
    db.session.add(entry)
    record(InquiryEvent.NEW_HEAD, inquiry, actor=None, now=now, **data)
    tell_of_new_head(entry, inquiry, at)
