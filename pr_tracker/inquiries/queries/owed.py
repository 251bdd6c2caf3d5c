"""What a person owes the press and others: for their private calendar."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import absent_behind
from pr_tracker.db import db
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, Participation
from pr_tracker.inquiries.queries.clocks import IS_OPEN
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Role

MOST = 300
CASE = (Inquiry.id, Inquiry.year, Inquiry.number, Inquiry.subject, Inquiry.clock_key)
CHANGED = (
    sa.select(sa.func.max(HistoryEntry.at))
    .where(HistoryEntry.inquiry_id == Inquiry.id)
    .scalar_subquery()
    .label("changed_at")
)


def owed_by(person: Person, now: datetime) -> Sequence[sa.Row]:
    """Open cases of which a person, or somebody they stand in for today, is the officer or the responsible head.

    For staff also what nobody of the agency has taken yet. What ends first comes first.
    """
    behind = absent_behind(person.id, office_day(now))
    mine = [
        column == person.id if who is None else column.in_(who)
        for column in (Inquiry.officer_id, Inquiry.responsible_id)
        for who in (None, behind)
    ]
    if Role.STAFF in person.roles:
        own = sa.func.coalesce(Inquiry.lead_agency_id, Inquiry.intake_agency_id) == person.agency_id
        mine.append(sa.and_(own, Inquiry.officer_id.is_(None)))
    columns = (*CASE, Inquiry.due_on, Inquiry.due_at, Inquiry.next_reminder_at, Agency.name.label("agency"), CHANGED)
    query = sa.select(*columns).outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
    query = query.where(IS_OPEN, visible_to(person), sa.or_(*mine)).order_by(Inquiry.ends_at, Inquiry.id)
    return db.session.execute(query.limit(MOST)).all()


def parts_owed_by(person: Person) -> Sequence[sa.Row]:
    """The parts that a person's agency still owes to other agencies' cases, for its staff and leaders."""
    if not person.roles & {Role.STAFF, Role.HEAD}:
        return []
    part: Any = Participation
    columns = (part.id.label("part_id"), part.task, part.due_on, part.due_at, part.next_reminder_at)
    query = sa.select(*CASE, *columns, CHANGED).join(Inquiry, Inquiry.id == part.inquiry_id)
    owes = (part.agency_id == person.agency_id, part.part == Part.COORDINATING, part.ended_at.is_(None))
    query = query.where(IS_OPEN, *owes, part.sent_at.is_(None)).order_by(part.ends_at, part.id)
    return db.session.execute(query.limit(MOST)).all()
