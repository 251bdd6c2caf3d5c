"""Leave a trace of what left the system on paper (Law 91/2025/QH15: log who exported)."""

from datetime import datetime
from typing import Any

from pr_tracker.audit.actions import Actor, record
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.reports.rules_training import ReportEvent
from pr_tracker.trainings.models import TrainingClass


def note_case_sheet(inquiry: Inquiry, *, actor: Actor | None, now: datetime) -> None:
    """Who printed which case sheet, in the audit log only: it is no part of how the matter was handled."""
    record(InquiryEvent.EXPORT, inquiry, actor=actor, now=now, paper="case_sheet", code=inquiry.code)


def note_register(asked: dict[str, Any], rows: int, *, actor: Actor | None, now: datetime) -> None:
    """Who printed a register, of what period and filters, and how many rows; `asked` is plain JSON."""
    record(InquiryEvent.EXPORT, None, actor=actor, now=now, paper="register", asked=asked, rows=rows)


def note_figures(paper: str, asked: dict[str, Any], *, actor: Actor | None, now: datetime) -> None:
    """Who took out which report of figures, of what period and unit, as which kind of file; `asked` is plain JSON."""
    record(InquiryEvent.EXPORT, None, actor=actor, now=now, paper=paper, asked=asked)


def note_training(paper: str, one: TrainingClass | None, *, actor: Actor | None, now: datetime, **asked: Any) -> None:
    """Who took out which report on training, as which kind of file; it names people and what they know."""
    record(ReportEvent.EXPORT, one, actor=actor, now=now, paper=paper, **asked)


def note_list(paper: str, asked: dict[str, Any], rows: int, *, actor: Actor | None, now: datetime) -> None:
    """Who took out the list of refusals or corrections of a period, and how many rows; `asked` is plain JSON."""
    record(InquiryEvent.EXPORT, None, actor=actor, now=now, paper=paper, asked=asked, rows=rows)
