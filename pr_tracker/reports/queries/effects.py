"""Before and after a class: what became of the inquiries of the agencies whose people came to it."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

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
    return spans_between(first, last, now)


def spans_between(first: datetime | None, last: datetime | None, now: datetime) -> tuple[Span, Span] | None:
    """The same, of the begin of the first session and the end of the last that took place."""
    if first is None or last is None:
        return None
    return before_and_after(office_day(first), office_day(last), office_day(now))


def effects_of(class_id: int, spans: tuple[Span, Span], now: datetime) -> list[Effect]:
    """Agency by agency, in Vietnamese order: those whose people came to the class, in its spans_of()."""
    agencies = _attended(class_id)
    if not agencies:
        return []
    before, after = _handled([row.id for row in agencies], spans, now)
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


def _handled(agency_ids: Collection[int], spans: tuple[Span, Span], now: datetime) -> list[dict[int, Handled]]:
    """For each span, by agency: inquiries it led whose term ended, its texts returned, its inquiries corrected."""
    counted: Counter[tuple[int, str, int]] = Counter()
    pieces = [piece for at, span in enumerate(spans) for piece in _counts(at, agency_ids, span, now)]
    for row in db.session.execute(sa.union_all(*pieces)):
        counted[row.at, row.what, row.agency_id] += row.found
    return [
        {
            each: Handled(
                sum(counted[at, due.value, each] for due in DUE),
                counted[at, Timing.ON_TIME.value, each],
                counted[at, _RETURNED, each],
                counted[at, _CORRECTED, each],
            )
            for each in agency_ids
        }
        for at in range(len(spans))
    ]


_RETURNED, _CORRECTED = "returned", "corrected"


def _counts(at: int, agency_ids: Collection[int], span: Span, now: datetime) -> Iterator[sa.Select[Any]]:
    """What is counted in a span: (at, what, agency_id, found)."""

    def count(what: Any, agency: Any, found: Any) -> Any:
        columns = sa.literal(at).label("at"), what.label("what"), agency.label("agency_id"), found.label("found")
        of_them = (agency + sa.literal_column("0")).in_(agency_ids)  # found by time: few of an agency's in 20 years
        return sa.select(*columns).select_from(agency.class_).where(of_them).group_by(agency)

    def within(column: Any) -> tuple[sa.ColumnElement[bool], ...]:
        return column >= span.from_at, column < span.until_at

    def is_(what: str) -> Any:
        return sa.literal(what, sa.Text())

    of_term, lead, number = sa.type_coerce(timing(now), sa.Text()), Inquiry.lead_agency_id, sa.func.count
    yield count(of_term, lead, number()).where(*within(Inquiry.ends_at)).group_by(sa.text("what"))
    yield (
        count(is_(_RETURNED), lead, number(Review.id))  # draft answers of the lead agency
        .join(Draft, Draft.inquiry_id == Inquiry.id)
        .join(Review, Review.draft_id == Draft.id)
        .where(~Review.approved, *within(Review.at))
    )
    yield (
        count(is_(_RETURNED), Participation.agency_id, number(Contribution.id))  # contributions of coordinating ones
        .join(Contribution, Contribution.participation_id == Participation.id)
        .where(*within(Contribution.returned_at))
    )
    yield (
        count(is_(_CORRECTED), lead, number(sa.distinct(Inquiry.id)))  # a response or a correction was sent
        .join(PressLetter, PressLetter.inquiry_id == Inquiry.id)
        .where(PressLetter.kind.in_(ABOUT_WRONG_WORDS), *within(PressLetter.sent_at))
    )
