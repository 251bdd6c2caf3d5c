"""The definition of rules_timing as SQL over Inquiry: what figures are counted by and lists narrowed to."""

from datetime import datetime

import sqlalchemy as sa

from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_timing import Result, Timing


def timing(now: datetime) -> sa.ColumnElement[str]:
    """What became of the deadline at `now`: rules_timing.timing_of."""
    is_open = Inquiry.finished_at.is_(None)
    moment = sa.bindparam("timing_at", now, Inquiry.ends_at.type) if isinstance(now, datetime) else now
    given = sa.or_(Inquiry.released_at.is_not(None), Inquiry.refusal_ground.is_not(None))
    return sa.case(
        (sa.and_(is_open, moment < Inquiry.ends_at), Timing.RUNNING.value),
        (is_open, Timing.OVERDUE.value),
        (Inquiry.finished_at >= Inquiry.ends_at, Timing.LATE.value),
        (given, Timing.ON_TIME.value),
        else_=Timing.WITHDRAWN.value,
    )


def result() -> sa.ColumnElement[str]:
    """What became of the inquiry: rules_timing.result_of."""
    return sa.case(
        (Inquiry.finished_at.is_(None), Result.OPEN.value),
        (Inquiry.released_at.is_not(None), Result.ANSWERED.value),
        (Inquiry.refusal_ground.is_not(None), Result.REFUSED.value),
        else_=Result.WITHDRAWN.value,
    )
