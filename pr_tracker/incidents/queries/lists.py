"""The list of incidents: what is open by what runs out first, what is closed page by page; counts and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.incidents.models import Incident, IncidentInquiry, IncidentShift
from pr_tracker.incidents.queries.visibility import seen_from, visible_to
from pr_tracker.permissions import Permission

PAGE_SIZE = 30
MOST_OPEN = 100
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)

_INQUIRIES = (
    sa.select(sa.func.count())
    .select_from(IncidentInquiry)
    .where(IncidentInquiry.incident_id == Incident.id, IncidentInquiry.unmerged_at.is_(None))
    .correlate(Incident)
    .scalar_subquery()
)
COLUMNS = (
    Incident.id,
    Incident.year,
    Incident.number,
    Incident.title,
    Incident.kind,
    Incident.agency_id,
    Incident.opened_at,
    Incident.closed_at,
    Incident.informed_at,
    Incident.clock_version,
    Incident.due_on,
    Incident.due_at,
    Incident.ends_at,
)


def _rows(actor: Person | None) -> sa.Select:
    query = sa.select(*COLUMNS, Agency.short_name.label("agency"), _INQUIRIES.label("inquiries"))
    return query.join(Agency, Agency.id == Incident.agency_id).where(visible_to(actor))


def open_incidents(actor: Person | None) -> Sequence[sa.Row]:
    """What is open, by what runs out first; what owes its information comes before what has given it."""
    order = (Incident.informed_at.is_not(None), Incident.ends_at, Incident.id)
    query = _rows(actor).where(Incident.closed_at.is_(None)).order_by(*order).limit(MOST_OPEN)
    return db.session.execute(query).all()


@dataclass(frozen=True)
class Page:
    """One keyset page of closed incidents, the latest first."""

    rows: list[sa.Row]
    has_newer: bool
    has_older: bool


def closed_page(actor: Person, *, before: int | None = None, after: int | None = None) -> Page:
    """Closed incidents, before or after a given one."""
    keys = sa.tuple_(Incident.closed_at, Incident.id)
    query = _rows(actor).where(Incident.closed_at.is_not(None)).limit(PAGE_SIZE + 1)
    if after is not None:
        query = query.where(keys > _place_of(after)).order_by(Incident.closed_at, Incident.id)
    else:
        query = query.order_by(Incident.closed_at.desc(), Incident.id.desc())
        query = query if before is None else query.where(keys < _place_of(before))
    rows = list(db.session.execute(query))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if after is not None:
        return Page(rows[::-1], more, True)
    return Page(rows, before is not None, more)


def _place_of(incident_id: int) -> sa.Tuple:
    """Where an incident stands in the list; a place after everything for one that is not closed."""
    closed_at = db.session.scalar(sa.select(Incident.closed_at).where(Incident.id == incident_id))
    at = sa.bindparam("closed_place", closed_at or END_OF_TIME, Incident.closed_at.type)
    return sa.tuple_(at, sa.literal(incident_id))


def listed(actor: Person | None) -> sa.Select:
    """Every incident, the newest first: for a table."""
    return _rows(actor).order_by(Incident.opened_at.desc(), Incident.id.desc())


def open_seen_by(actor: Person) -> sa.ScalarSelect[int]:
    """How many open incidents a person sees, as part of a statement: with :agency as theirs."""
    return _open_seen(actor.may(Permission.INCIDENT_VIEW), actor.sees_all)


@cache
def _open_seen(may: bool, sees_all: bool) -> sa.ScalarSelect[int]:
    seen = seen_from(sa.bindparam("agency", type_=sa.Integer()), may=may, sees_all=sees_all)
    query = sa.select(sa.func.count()).select_from(Incident).where(Incident.closed_at.is_(None), seen)
    return query.scalar_subquery()


def choices_for(actor: Person) -> Sequence[sa.Row]:
    """Open incidents (id, year, number, title) that a person sees, the newest first."""
    columns = (Incident.id, Incident.year, Incident.number, Incident.title)
    query = sa.select(*columns).where(Incident.closed_at.is_(None), visible_to(actor))
    return db.session.execute(query.order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(MOST_OPEN)).all()


def find_opened_by_form(token: str) -> int | None:
    """The incident that this very form has opened already."""
    return db.session.scalar(sa.select(Incident.id).where(Incident.form_token == token)) if token else None


def owed_by(person: Person) -> Sequence[sa.Row]:
    """Incidents whose initial information is owed by a person's agency, or while the person is on the roster."""
    on_call = sa.exists().where(
        IncidentShift.incident_id == Incident.id,
        IncidentShift.person_id == person.id,
        IncidentShift.removed_at.is_(None),
    )
    works = Incident.agency_id == person.agency_id
    if person.agency.kind.sees_whole_province:
        works = sa.true()
    columns = (Incident.id, Incident.year, Incident.number, Incident.title, Incident.kind, Incident.due_at)
    query = (
        sa.select(*columns, Incident.due_on, Incident.next_reminder_at, Incident.opened_at, Incident.started_at)
        .where(visible_to(person), Incident.closed_at.is_(None), Incident.informed_at.is_(None))
        .where(Incident.ends_at.is_not(None), sa.or_(works, on_call))
        .order_by(Incident.ends_at, Incident.id)
        .limit(MOST_OPEN)
    )
    return db.session.execute(query).all()


@dataclass(frozen=True)
class Spoken:
    """Figures 4 and 5 of the annual report (Decree 244/2026/NĐ-CP, annex): parts and wholes."""

    spoken: int  # incidents with at least one statement made
    all: int
    on_time: int  # initial information in time
    with_term: int  # incidents to which the 24 hours apply


def spoken_between(actor: Person | None, since: datetime, until: datetime) -> Spoken:
    """Of the incidents received from `since` and before `until`: how many were spoken of, how many in time.

    One whose term has not run out, and that has not been informed of, counts as with a term and not yet on time.
    """
    one = Incident
    timely = sa.and_(one.informed_at.is_not(None), one.ends_at.is_not(None), one.informed_at < one.ends_at)
    query = sa.select(
        sa.func.count(one.informed_at),
        sa.func.count(one.id),
        sa.func.coalesce(sa.func.sum(sa.case((timely, 1), else_=0)), 0),
        sa.func.count(one.ends_at),
    ).where(visible_to(actor), one.received_at >= since, one.received_at < until)
    return Spoken(*db.session.execute(query).one())
