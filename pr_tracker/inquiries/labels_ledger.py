"""History of cases taken over from a ledger, as sentences."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.inquiries.rules_events import InquiryEvent

SENTENCES: dict[InquiryEvent, Any] = {
    InquiryEvent.LOG: _l("%(who)s took the inquiry over from the ledger as %(code)s. Due: %(due)s."),
    InquiryEvent.CHANGE: _l("%(who)s brought the inquiry up to the ledger."),
    InquiryEvent.RELEASE: _l("By the ledger, the press was answered at %(at)s by: %(form)s. Speaker: %(speaker)s."),
    InquiryEvent.REFUSE: _l("By the ledger, it was refused on this ground: %(ground)s. Reason given to the press:"),
    InquiryEvent.WITHDRAW: _l("By the ledger, the press withdrew its inquiry at %(at)s."),
}


def source_words(data: dict[str, Any]) -> str:
    """Where it stands in the ledger: the file, the row, its number there."""
    facts = {"file": data["ledger"], "row": data.get("row", "…")}
    if data.get("ledger_number"):
        return _("Ledger: no. %(number)s, row %(row)s of %(file)s.", number=data["ledger_number"], **facts)
    return _("Ledger: row %(row)s of %(file)s.", **facts)
