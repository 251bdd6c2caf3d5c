"""The mild remark that whoever an inquiry was given to has no valid course (Decree 244/2026/NĐ-CP Art 8(2))."""

from datetime import datetime

from flask_babel import gettext as _

from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.training import untrained

RESPONSIBLE, OFFICER = "responsible", "officer"


def remarks_on(inquiry: Inquiry, named: tuple[str, ...], now: datetime) -> list[str]:
    """A sentence on each of those just named who has no valid course, for after the act."""
    people = [getattr(inquiry, name) for name in named]
    lacking = untrained([one.id for one in people if one is not None], now)
    told = {one.id: ", ".join(filter(None, (one.full_name, one.title))) for one in people if one is not None}
    return [
        _("%(who)s has no training certificate that is valid today.", who=who)
        for person_id, who in told.items()
        if person_id in lacking
    ]
