"""What coordinating agencies of the demo do in their boxes: one writes, another approves."""

from datetime import datetime, timedelta

from pr_tracker.accounts.models import Person
from pr_tracker.inquiries.actions import parts
from pr_tracker.inquiries.actions.beats import current_part
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_kinds import Part

MINUTE = timedelta(minutes=1)


def send_part(case: Inquiry, author: Person, text: str, now: datetime) -> None:
    """An agency sends its part: the author writes and submits, the agency's head approves."""
    part, head = current_part(case, author.agency, Part.COORDINATING), author.agency.head
    assert part is not None
    assert head is not None
    parts.save(case, part, text, actor=author, now=now)
    parts.submit(case, part, actor=author, now=now)
    parts.approve(case, part, actor=head, now=now)
