"""The backward plan of an inquiry: its stages, since when the running one runs, by when coordinating parts are due."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.models import AgencyShares
from pr_tracker.deadlines.queries_plan import SHARES, PlanSettings, calendar_and_plan
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_faces import ONE_HOUR
from pr_tracker.deadlines.rules_plan import Stage, StageName, part_of, plan
from pr_tracker.deadlines.rules_terms import Stop
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.rules import Status, running_stage
from pr_tracker.inquiries.rules_events import InquiryEvent

HANDED_OVER = (InquiryEvent.ASSIGN, InquiryEvent.TAKE_OVER, InquiryEvent.ACCEPT_TAKE_OVER)
PART_OF_DRAFT = (2, 3)  # coordinating parts are due when this much of what is left of the draft has passed


def stages_of(inquiry: Inquiry) -> tuple[Stage, ...]:
    """The planned stages with their due times, by the lead agency's shares; none without a due time after the start.

    For everything that asks by when: the page, reminders, a calendar feed. One small statement beside the calendar's.
    """
    return stages_for(inquiry.deadline, inquiry.lead_agency_id)


def stages_for(deadline: Deadline, agency_id: int | None) -> tuple[Stage, ...]:
    """The stages a deadline would have with this lead agency; None: not known yet, so by default."""
    return stages_by(deadline, *calendar_and_plan(agency_id))


def stages_by(deadline: Deadline, calendar: WorkingCalendar, settings: PlanSettings) -> tuple[Stage, ...]:
    """The same, with the calendar and the lead's settings at hand."""
    if deadline.due is None:
        return ()
    return plan(
        deadline.trigger_at,
        deadline.due,
        calendar=calendar,
        hours=settings.hours,
        shares=settings.shares,
        stops=deadline.stops,
    )


def part_due_at(inquiry: Inquiry, now: datetime) -> datetime | None:
    """By when a coordinating part should be in: after two thirds of what is left of the draft's time.

    The last third is for the lead agency, to work the parts in. None when less than an hour would be left for it:
    a draft that is late already is no reason to make another agency late.
    """
    deadline, (calendar, settings) = inquiry.deadline, calendar_and_plan(inquiry.lead_agency_id)
    stages = stages_by(deadline, calendar, settings)
    if not stages or running_stage(inquiry.status, inquiry.review_step) is StageName.APPROVAL:
        return None
    due_at = part_of(
        stages[0],
        *PART_OF_DRAFT,
        now=now,
        calendar=calendar,
        hours=None if deadline.due_at else settings.hours,
        stops=deadline.stops,
    )
    return due_at if due_at and due_at - now >= ONE_HOUR else None


def with_plan(query: sa.Select) -> sa.Select:
    """A list of inquiries with what their plans need: the lead's shares, the start, since when the stage runs."""
    in_review = Inquiry.status == Status.IN_REVIEW
    began = sa.or_(
        sa.and_(in_review, HistoryEntry.event == InquiryEvent.SUBMIT),
        sa.and_(~in_review, HistoryEntry.event.in_(HANDED_OVER)),
    )
    since = (
        sa.select(sa.func.max(HistoryEntry.at))
        .where(HistoryEntry.inquiry_id == Inquiry.id, began)
        .correlate(Inquiry)
        .scalar_subquery()
    )
    was_stopped = Inquiry.paused_at.is_not(None).label("was_stopped")
    return query.add_columns(Inquiry.started_at, *SHARES, since.label("stage_since"), was_stopped).outerjoin(
        AgencyShares, AgencyShares.agency_id == Inquiry.lead_agency_id
    )


def stops_by_inquiry(inquiry_ids: Iterable[int]) -> dict[int, tuple[Stop, ...]]:
    """The stops of each of these inquiries, as their clocks have them."""
    rows = db.session.execute(sa.select(Inquiry.id, Inquiry.clock).where(Inquiry.id.in_(inquiry_ids)))
    return {row.id: Deadline.from_json(row.clock).stops for row in rows}
