"""Before and after a class: what became of the inquiries of the agencies whose people came to it."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import db
from pr_tracker.inquiries.models import Draft, Inquiry, Participation, Review
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.models_parts import Contribution
from pr_tracker.inquiries.queries.timing import timing
from pr_tracker.inquiries.rules_articles import ABOUT_WRONG_WORDS
from pr_tracker.inquiries.rules_timing import DUE, Timing
from pr_tracker.office_time import office_day
from pr_tracker.reports.rules_training import Effect, Handled, Span, before_and_after
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import ATTENDED


def spans_of(class_id: int, now: datetime) -> tuple[Span, Span] | None:
    """The days compared for a class: see rules_training.before_and_after; None until a day has passed since."""
    held = ClassSession.class_id == class_id, ClassSession.cancelled_at.is_(None)
    query = sa.select(sa.func.min(ClassSession.starts_at), sa.func.max(ClassSession.ends_at)).where(*held)
    first, last = db.session.execute(query).one()
    return None if first is None else before_and_after(office_day(first), office_day(last), office_day(now))


def effects_of(class_id: int, now: datetime) -> list[Effect]:
    """Agency by agency, in Vietnamese order: those whose people came to the class. Nothing until it is over."""
    spans = spans_of(class_id, now)
    agencies = _attended(class_id) if spans else []
    if not spans or not agencies:
        return []
    before, after = (_handled([row.id for row in agencies], span, now) for span in spans)
    return [Effect(row.id, row.short_name, row.people, before[row.id], after[row.id]) for row in agencies]


def _attended(class_id: int) -> list[sa.Row]:
    """(id, short_name, people): agencies with the number of their people who came to at least one session."""
    query = (
        sa.select(Agency.id, Agency.short_name, sa.func.count(sa.distinct(Participant.id)).label("people"))
        .select_from(Agency)
        .join(Participant, Participant.agency_id == Agency.id)
        .join(AttendanceMark, AttendanceMark.participant_id == Participant.id)
        .join(ClassSession, ClassSession.id == AttendanceMark.session_id)
        .where(Participant.class_id == class_id, AttendanceMark.mark.in_(ATTENDED), ClassSession.cancelled_at.is_(None))
        .group_by(Agency.id, Agency.short_name, Agency.sort_key)
        .order_by(Agency.sort_key, Agency.id)
    )
    return list(db.session.execute(query))


def _handled(agency_ids: Collection[int], span: Span, now: datetime) -> dict[int, Handled]:
    """By agency: inquiries it led whose term ended in the span, its texts returned, its inquiries corrected."""
    due: Counter[int | None] = Counter()
    on_time: Counter[int | None] = Counter()
    by_timing = (
        sa.select(Inquiry.lead_agency_id, timing(now).label("timing"), sa.func.count())
        .where(Inquiry.lead_agency_id.in_(agency_ids))
        .where(Inquiry.ends_at >= span.from_at, Inquiry.ends_at < span.until_at)
        .group_by(Inquiry.lead_agency_id, sa.text("timing"))
    )
    for agency_id, found, count in db.session.execute(by_timing):
        due[agency_id] += count if found in DUE else 0
        on_time[agency_id] += count if found == Timing.ON_TIME else 0
    returned, corrected = _returned(agency_ids, span), _corrected(agency_ids, span)
    return {each: Handled(due[each], on_time[each], returned[each], corrected[each]) for each in agency_ids}


def _returned(agency_ids: Collection[int], span: Span) -> Counter[int | None]:
    """Draft answers of the lead agency, and contributions of coordinating ones, returned in the span."""
    drafts = (
        sa.select(Inquiry.lead_agency_id, sa.func.count(Review.id))
        .select_from(Inquiry)
        .join(Draft, Draft.inquiry_id == Inquiry.id)
        .join(Review, Review.draft_id == Draft.id)
        .where(~Review.approved, Review.at >= span.from_at, Review.at < span.until_at)
        .where(Inquiry.lead_agency_id.in_(agency_ids))
        .group_by(Inquiry.lead_agency_id)
    )
    inputs = (
        sa.select(Participation.agency_id, sa.func.count(Contribution.id))
        .select_from(Participation)
        .join(Contribution, Contribution.participation_id == Participation.id)
        .where(Contribution.returned_at >= span.from_at, Contribution.returned_at < span.until_at)
        .where(Participation.agency_id.in_(agency_ids))
        .group_by(Participation.agency_id)
    )
    counted: Counter[int | None] = Counter()
    for query in (drafts, inputs):
        counted.update({row[0]: row[1] for row in db.session.execute(query)})
    return counted


def _corrected(agency_ids: Collection[int], span: Span) -> Counter[int | None]:
    """Inquiries of the agency about which a response or a correction was sent to the press in the span."""
    query = (
        sa.select(Inquiry.lead_agency_id, sa.func.count(sa.distinct(Inquiry.id)))
        .select_from(Inquiry)
        .join(PressLetter, PressLetter.inquiry_id == Inquiry.id)
        .where(PressLetter.kind.in_(ABOUT_WRONG_WORDS), Inquiry.lead_agency_id.in_(agency_ids))
        .where(PressLetter.sent_at >= span.from_at, PressLetter.sent_at < span.until_at)
        .group_by(Inquiry.lead_agency_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})
