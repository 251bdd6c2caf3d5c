"""What is done around inquiries: letters, press conferences, releases, classes; each figure and its very rows.

A figure counts the rows of the same SELECT that its list shows, so the two cannot differ. Whoever asks gives the agency
whose rows they may see, None for all. The statements are put together once; what is asked is bound to them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import UTCDateTime, db
from pr_tracker.duties.models import PressConference
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.rules_articles import ABOUT_WRONG_WORDS
from pr_tracker.office_time import office_instant
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_figures import AROUND, ONE_DAY, Measure
from pr_tracker.statements.models import Statement
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import ATTENDED

MOST_SHOWN = 1000
_SINCE, _UNTIL = (sa.bindparam(name, type_=UTCDateTime()) for name in ("since_at", "until_at"))


def _in_span(at: Any) -> sa.ColumnElement[bool]:
    return sa.and_(at >= _SINCE, at < _UNTIL)


def _corrections() -> sa.Select:
    """Letters of response or correction that left the house, by the lead agency of their inquiry."""
    one = PressLetter
    query = sa.select(Inquiry.lead_agency_id.label("agency_id"), one.sent_at.label("at"))
    query = query.add_columns(one.subject.label("title"), one.number.label("about"), one.inquiry_id.label("ref"))
    query = query.join(Inquiry, Inquiry.id == one.inquiry_id).where(one.kind.in_(ABOUT_WRONG_WORDS))
    return query.where(_in_span(one.sent_at))


def _conferences() -> sa.Select:
    """Press conferences that were held."""
    one = PressConference
    query = sa.select(one.agency_id, one.held_at.label("at"), one.title, one.place.label("about"), one.id.label("ref"))
    return query.where(_in_span(one.held_at))


def _releases() -> sa.Select:
    """Statements published by the agency itself or in an incident, not as the answer to an inquiry."""
    one = Statement
    query = sa.select(one.agency_id, one.said_at.label("at"), one.topic.label("title"), one.said_by.label("about"))
    query = query.add_columns(one.id.label("ref")).where(one.inquiry_id.is_(None))
    return query.where(_in_span(one.said_at))


def _classes() -> sa.Select:
    """Classes by their first session; what was cancelled does not count."""
    first = sa.func.min(ClassSession.starts_at)
    named = (Course.agency_id, TrainingClass.name, Course.title, TrainingClass.id)
    query = sa.select(
        Course.agency_id.label("agency_id"),
        first.label("at"),
        TrainingClass.name.label("title"),
        Course.title.label("about"),
        TrainingClass.id.label("ref"),
    )
    query = query.join(Course, Course.id == TrainingClass.course_id)
    query = query.join(ClassSession, ClassSession.class_id == TrainingClass.id)
    begun = sa.select(ClassSession.class_id).where(_in_span(ClassSession.starts_at))  # of few the first is looked for
    query = query.where(TrainingClass.cancelled_at.is_(None), ClassSession.cancelled_at.is_(None))
    return query.where(TrainingClass.id.in_(begun)).group_by(*named).having(_in_span(first))


def _turns() -> sa.Select:
    """People who came to at least one session of such a class, each once for each class, by their own agency."""
    classes, who = _classes().subquery(), Participant
    came = sa.exists().where(
        AttendanceMark.participant_id == who.id,
        AttendanceMark.mark.in_(ATTENDED),
        ClassSession.id == AttendanceMark.session_id,
        ClassSession.cancelled_at.is_(None),
    )
    query = sa.select(who.agency_id, classes.c.at, who.full_name.label("title"), classes.c.title.label("about"))
    return query.add_columns(classes.c.ref).join(classes, classes.c.ref == who.class_id).where(came)


SOURCES: dict[Measure, Callable[[], sa.Select]] = {
    Measure.CORRECTIONS: _corrections,
    Measure.CONFERENCES: _conferences,
    Measure.RELEASES: _releases,
    Measure.CLASSES: _classes,
    Measure.TURNS: _turns,
}


def _asked(period: Period, agency_id: int | None, now: datetime) -> dict[str, Any]:
    until = min(office_instant(period.until + ONE_DAY), now + timedelta(microseconds=1))
    return {"since_at": office_instant(period.since), "until_at": until, "agency": agency_id}


@cache
def _counted(of_agency: bool) -> sa.CompoundSelect:
    counted = []
    for measure in AROUND:
        rows = SOURCES[measure]().subquery()
        each = sa.select(sa.literal(measure.value).label("measure"), rows.c.agency_id, sa.func.count().label("number"))
        own = [rows.c.agency_id == sa.bindparam("agency")] if of_agency else []
        counted.append(each.where(*own).group_by(rows.c.agency_id))
    return sa.union_all(*counted)


def counted_around(period: Period, agency_id: int | None, now: datetime) -> list[tuple[Measure, int | None, int]]:
    """(measure, agency, count) of everything around inquiries in a period: one statement."""
    rows = db.session.execute(_counted(agency_id is not None), _asked(period, agency_id, now))
    return [(Measure(row[0]), row[1], row[2]) for row in rows]


def rows_around(
    measure: Measure, period: Period, agency_id: int | None, now: datetime, *, of_nobody: bool = False
) -> Sequence[sa.Row]:
    """(agency, at, title, about, ref) of a figure in their order, at most MOST_SHOWN and one; agency "" for none."""
    rows = SOURCES[measure]().subquery()
    query = sa.select(
        sa.func.coalesce(Agency.short_name, "").label("agency"), rows.c.at, rows.c.title, rows.c.about, rows.c.ref
    ).outerjoin(Agency, Agency.id == rows.c.agency_id)
    if agency_id is not None:
        query = query.where(rows.c.agency_id == sa.bindparam("agency"))
    if of_nobody:
        query = query.where(rows.c.agency_id.is_(None))
    query = query.order_by(rows.c.at, rows.c.ref, rows.c.title).limit(MOST_SHOWN + 1)
    return db.session.execute(query, _asked(period, agency_id, now)).all()
