"""Refusals: how many per agency and ground, and which, over a period of the days on which the press was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.filters import ONE_DAY
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.office_time import office_instant
from pr_tracker.outlets.models import Outlet

PAGE_SIZE = 30


@dataclass(frozen=True)
class Wanted:
    """The days on which the press was told, both included; of one agency, on one ground."""

    since: date
    until: date
    agency_id: int | None = None
    ground: RefusalGround | None = None


@dataclass(frozen=True)
class Place:
    """A place in the list: when the press was told, and the id."""

    at: datetime
    id: int


def _told(wanted: Wanted, actor: Person | None) -> list[sa.ColumnElement[bool]]:
    """What may be counted and listed: refused within the period, and the reader's to see."""
    found = [
        Inquiry.refusal_ground.is_not(None),
        Inquiry.finished_at >= office_instant(wanted.since),
        Inquiry.finished_at < office_instant(wanted.until + ONE_DAY),
        visible_to(actor),
    ]
    if wanted.agency_id is not None:
        found.append(Inquiry.lead_agency_id == wanted.agency_id)
    if wanted.ground is not None:
        found.append(Inquiry.refusal_ground == wanted.ground)
    return found


def figures(wanted: Wanted, actor: Person) -> Sequence[sa.Row]:
    """(agency_id, agency, ground, count), by agency; agency and ground of `wanted` do not narrow it."""
    whole = Wanted(wanted.since, wanted.until)
    query = (
        sa.select(Agency.id, Agency.name, Inquiry.refusal_ground, sa.func.count().label("number"))
        .join(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(*_told(whole, actor))
        .group_by(Agency.id, Agency.name, Agency.sort_key, Inquiry.refusal_ground)
        .order_by(Agency.sort_key, Agency.id)
    )
    return db.session.execute(query).all()


def page(wanted: Wanted, actor: Person, before: Place | None = None) -> tuple[list[sa.Row], Place | None]:
    """One page, the latest first, and where the next one begins."""
    query = _rows(wanted, actor)
    if before is not None:
        at = sa.bindparam("before_at", before.at, Inquiry.finished_at.type)
        query = query.where(sa.tuple_(Inquiry.finished_at, Inquiry.id) < sa.tuple_(at, before.id))
    rows = list(db.session.execute(query.limit(PAGE_SIZE + 1)))
    shown = rows[:PAGE_SIZE]
    return shown, Place(shown[-1].finished_at, shown[-1].id) if len(rows) > PAGE_SIZE else None


def table(wanted: Wanted, actor: Person | None) -> sa.Select:
    """All of them, for a spreadsheet."""
    return _rows(wanted, actor)


def _rows(wanted: Wanted, actor: Person | None) -> sa.Select:
    return (
        sa.select(
            Inquiry.id,
            Inquiry.year,
            Inquiry.number,
            Inquiry.subject,
            Outlet.name.label("outlet"),
            Agency.name.label("agency"),
            Inquiry.refusal_ground,
            Inquiry.refusal_reason,
            Inquiry.finished_at,
            Inquiry.answer_form,
            Inquiry.evidence,
        )
        .join(Outlet, Outlet.id == Inquiry.outlet_id)
        .join(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(*_told(wanted, actor))
        .order_by(Inquiry.finished_at.desc(), Inquiry.id.desc())
    )
