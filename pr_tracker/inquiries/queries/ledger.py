"""Find what was taken over from ledgers, and what a ledger's rows are compared with."""

from pr_tracker.db import db
from pr_tracker.inquiries.models_ledger import LedgerEntry


def find_ledger_entry(inquiry_id: int) -> LedgerEntry | None:
    """The line of a ledger from which a case was taken over."""
    return db.session.get(LedgerEntry, inquiry_id)
