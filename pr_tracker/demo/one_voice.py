"""What the demo's releasers decide when a statement in force says otherwise than the answer."""

from datetime import datetime

from pr_tracker.inquiries.actions.voice import Library
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.voice import contradicted_by
from pr_tracker.office_time import office_day

ANOTHER_MATTER = "Phát ngôn trước nói về việc khác, thời điểm khác, đã đối chiếu với đơn vị cung cấp số liệu."


def decided(case: Inquiry, now: datetime) -> Library:
    """The answer to a follow-up takes the place of what was said first; any other speaks of another matter."""
    assert case.approved_draft is not None
    said = [one.row.id for one in contradicted_by(case, case.approved_draft.text, office_day(now))]
    if case.parent_id is not None:
        return Library(replaces=said)
    return Library(agrees=dict.fromkeys(said, ANOTHER_MATTER))
