"""Clocks that run: of open inquiries, and of the parts that coordinating agencies owe."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import db
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_rerun import OpenClock
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_number import write_number

BATCH = 500
INQUIRY, PART = Inquiry.__tablename__, Participation.__tablename__
IS_OPEN = Inquiry.finished_at.is_(None)
PART_RUNS = sa.and_(
    IS_OPEN,
    Participation.part == Part.COORDINATING,
    Participation.ended_at.is_(None),
    Participation.sent_at.is_(None),
    Participation.clock.is_not(None),
)


def open_clocks() -> Iterator[OpenClock]:
    """The clock of every open inquiry, then those of the parts not yet sent; in batches, by id."""
    yield from _read(_inquiries(), INQUIRY, Inquiry.id)
    yield from _read(_parts(), PART, Participation.id)


def lock_open() -> list[int]:
    """Lock every open inquiry, lowest id first, so that nobody acts on one until the transaction ends."""
    query = sa.select(Inquiry.id).where(IS_OPEN).order_by(Inquiry.id).with_for_update(of=Inquiry, key_share=True)
    return list(db.session.scalars(query))


def versions_of(inquiry_ids: Iterable[int]) -> dict[int, int]:
    """The version of each of these inquiries, for the lines of their history."""
    query = sa.select(Inquiry.id, Inquiry.version).where(Inquiry.id.in_(inquiry_ids))
    return {row.id: row.version for row in db.session.execute(query)}


def _inquiries() -> sa.Select[Any]:
    owner = sa.func.coalesce(Inquiry.lead_agency_id, Inquiry.intake_agency_id)
    return (
        sa.select(Inquiry.id, Inquiry.id.label("inquiry_id"), Inquiry.year, Inquiry.number, Inquiry.clock)
        .add_columns(Agency.id.label("agency_id"), Agency.name.label("agency"))
        .join(Agency, Agency.id == owner)
        .where(IS_OPEN)
    )


def _parts() -> sa.Select[Any]:
    return (
        sa.select(Participation.id, Inquiry.id.label("inquiry_id"), Inquiry.year, Inquiry.number, Participation.clock)
        .add_columns(Agency.id.label("agency_id"), Agency.name.label("agency"))
        .join(Inquiry, Inquiry.id == Participation.inquiry_id)
        .join(Agency, Agency.id == Participation.agency_id)
        .where(PART_RUNS)
    )


def _read(query: sa.Select[Any], kind: str, key: Any) -> Iterator[OpenClock]:
    last = 0
    while rows := db.session.execute(query.where(key > last).order_by(key).limit(BATCH)).all():
        for row in rows:
            yield OpenClock(
                kind=kind,
                id=row.id,
                code=write_number(row.year, row.number),
                agency=row.agency,
                agency_id=row.agency_id,
                deadline=Deadline.from_json(row.clock),
                guard=(INQUIRY, row.inquiry_id),
            )
        last = rows[-1].id
        if len(rows) < BATCH:
            return
