"""Leave a trace of what left the system on paper (Law 91/2025/QH15: log who exported)."""

from datetime import datetime
from typing import Any

from pr_tracker.audit.actions import Actor, record
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_events import InquiryEvent


def note_case_sheet(inquiry: Inquiry, *, actor: Actor | None, now: datetime) -> None:
    """Who printed which case sheet, in the audit log only: it is no part of how the matter was handled."""
    record(InquiryEvent.EXPORT, inquiry, actor=actor, now=now, paper="case_sheet", code=inquiry.code)


def note_register(asked: dict[str, Any], rows: int, *, actor: Actor | None, now: datetime) -> None:
    """Who printed a register, of what period and filters, and how many rows; `asked` is plain JSON."""
    record(InquiryEvent.EXPORT, None, actor=actor, now=now, paper="register", asked=asked, rows=rows)
