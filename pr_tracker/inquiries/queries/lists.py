"""Lists: the queue of the day, the filtered list page by page, search, possible duplicates, saved views."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db, read_once, rows_of
from pr_tracker.inquiries.models import Inquiry, Participation, SavedView
from pr_tracker.inquiries.queries.filters import Filters, conditions, is_sudden, named, received_within, turn_of
from pr_tracker.inquiries.queries.narrowing import among, ids_of_filters, rarest_condition
from pr_tracker.inquiries.queries.plan import with_plan
from pr_tracker.inquiries.queries.search import matching, searched_page
from pr_tracker.inquiries.queries.seats import NOW, Asking, Seat, asked_by, seat_of
from pr_tracker.inquiries.queries.timing import result, timing
from pr_tracker.inquiries.queries.visibility import agency_of, visible_to
from pr_tracker.inquiries.queries.walks import (
    Ids,
    Way,
    fewest,
    ids_carried,
    ids_of,
    ids_of_agency,
    put_in_order,
    walked_along,
    walked_by_agency,
)
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.keyset import Cursor, Direction, Page, page_from, page_of, place_given, walked
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.outlets.models import Journalist, Outlet

PAGE_SIZE = QUEUE_SIZE = 30  # lists are opened all day: a page stays small, the rest is one key further on
DONE_SIZE = 10
BOXES_SIZE = 60
ONE_DAY = timedelta(days=1)
KEPT = 200  # statements of what a list is narrowed to by choices, of each seat

COLUMNS = (
    Inquiry.id,
    Inquiry.year,
    Inquiry.number,
    Inquiry.subject,
    Inquiry.kind,
    Inquiry.urgency,
    Inquiry.sensitivity,
    Inquiry.status,
    Inquiry.review_step,
    Inquiry.journalist_names,
    Inquiry.received_at,
    Inquiry.finished_at,
    Inquiry.released_at,
    Inquiry.refusal_ground,
    Inquiry.due_on,
    Inquiry.due_at,
    Inquiry.ends_at,
    Inquiry.paused_at,
    Inquiry.paused_until,
    Inquiry.wanted_at,
    Inquiry.clock_key,
    Inquiry.clock_version,
    Inquiry.officer_id,
    Inquiry.lead_agency_id,
    Inquiry.intake_agency_id,
    Inquiry.responsible_id,
    Inquiry.incident_id,
)


def queue(actor: Person, filters: Filters, now: datetime, after: Cursor | None = None) -> Sequence[sa.Row]:
    """What is open, by what runs out first, behind a row; one row more than fits, to know that there is more."""
    place = {} if after is None else {"place_at": after.at, "place_id": after.id}
    given = {**asked_by(actor, now), **place, "size": QUEUE_SIZE + 1}
    return rows_of(_queue(seat_of(actor), filters, bool(place)), given)


@lru_cache(maxsize=KEPT)
def _queue(seat: Seat, filters: Filters, goes_on: bool) -> sa.Select:
    place = sa.bindparam("place_at", type_=Inquiry.ends_at.type), sa.bindparam("place_id", type_=sa.Integer())
    open_only = Inquiry.finished_at.is_(None), *conditions(filters, seat, NOW, by_ids=True)  # by no other index
    query = _planned_rows().where(*open_only)
    if goes_on:
        query = query.where(sa.tuple_(Inquiry.ends_at, Inquiry.id) > sa.tuple_(*place))
    return query.order_by(Inquiry.ends_at, Inquiry.id).limit(_SIZE)


def parts_owed(inquiry_ids: Sequence[int]) -> Sequence[sa.Row]:
    """What coordinating agencies still owe these inquiries, by what runs out first: for the clocks behind a chip."""
    return rows_of(_parts_owed(), {"inquiries": list(inquiry_ids)})


@cache
def _parts_owed() -> sa.Select:
    part = Participation
    return (
        sa.select(part.inquiry_id, part.due_on, part.due_at, part.ends_at, part.sent_at)
        .add_columns(Agency.short_name.label("agency"))
        .join(Agency, Agency.id == part.agency_id)
        .where(part.inquiry_id.in_(sa.bindparam("inquiries", expanding=True)), part.part == Part.COORDINATING)
        .where(part.ended_at.is_(None), part.sent_at.is_(None))
        .order_by(part.ends_at, part.id)
    )


def boxes_of(actor: Person, states: Collection[BoxState]) -> Sequence[sa.Row]:
    """The boxes of the actor's agency in open inquiries that stand so, by what runs out first, with their inquiry."""
    return rows_of(_boxes(), {"agency": actor.agency_id, "states": list(states)})


@cache
def _boxes() -> sa.Select:
    part, intake, other = Participation, sa.orm.aliased(Agency), sa.orm.aliased(Inquiry)
    return (
        sa.select(part.id.label("part_id"), part.inquiry_id, part.box, part.due_on, part.due_at, part.ends_at)
        .add_columns(part.sent_at, part.task, Inquiry.year, Inquiry.number, Inquiry.subject)
        .add_columns(Agency.short_name.label("lead"), intake.short_name.label("intake"))
        .join(Inquiry, Inquiry.id == part.inquiry_id)
        .join(intake, intake.id == Inquiry.intake_agency_id)
        .outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(sa.func.coalesce(part.agency_id, None) == sa.bindparam("agency"))  # by no index of all it ever had
        .where(part.inquiry_id.in_(sa.select(other.id).where(other.finished_at.is_(None))))
        .where(part.part == Part.COORDINATING, part.ended_at.is_(None))
        .where(part.box.in_(sa.bindparam("states", expanding=True)), Inquiry.finished_at.is_(None))
        .order_by(part.ends_at, part.id)
        .limit(BOXES_SIZE)
    )


def end_of_day(now: datetime) -> datetime:
    """The first instant after this office day."""
    return office_instant(office_day(now) + ONE_DAY)


def done_today(actor: Person, filters: Filters, now: datetime) -> Sequence[sa.Row]:
    """What was answered, refused or withdrawn on this office day, the latest first."""
    given = {**asked_by(actor, now), **_day_of(now), "size": DONE_SIZE}
    return rows_of(_done(seat_of(actor), filters), given)


@lru_cache(maxsize=KEPT)
def _done(seat: Seat, filters: Filters) -> sa.Select:
    query = _rows().where(_DONE_ON_DAY, *conditions(filters, seat, NOW, by_ids=True))
    return query.order_by(Inquiry.finished_at.desc(), Inquiry.id.desc()).limit(_SIZE)


def count_done(actor: Person, now: datetime) -> sa.Row:
    """How many were finished on this office day, and how many of them late: (done, late)."""
    return rows_of(_done_count(seat_of(actor)), {**asked_by(actor, now), **_day_of(now)})[0]


@cache
def _done_count(seat: Seat) -> sa.Select:
    late = sa.func.count().filter(Inquiry.finished_at >= Inquiry.ends_at)
    return sa.select(sa.func.count().label("done"), late.label("late")).where(_DONE_ON_DAY, visible_to(seat))


_DONE_ON_DAY = Inquiry.finished_at >= sa.bindparam("day_began", type_=Inquiry.finished_at.type)


def _day_of(now: datetime) -> dict[str, datetime]:
    return {"day_began": office_instant(office_day(now)), "day_ends": end_of_day(now)}


@dataclass(frozen=True)
class Counts:
    """Figures above the queue, over everything open that the reader sees."""

    by_status: dict[Status, int]
    overdue: int
    due_today: int
    my_turn: int
    incidents: int
    first_due: datetime | None

    @property
    def open(self) -> int:
        return sum(self.by_status.values())


def counts(actor: Person, now: datetime) -> Counts:
    """Open inquiries by status, overdue, due today, and on the reader's turn: one statement."""
    rows = rows_of(_counts(seat_of(actor)), {**asked_by(actor, now), **_day_of(now)})
    firsts = [row[6] for row in rows if row[6] is not None]
    return Counts(
        by_status={Status(row[0]): row[1] for row in rows},
        overdue=sum(row[2] for row in rows),
        due_today=sum(row[3] for row in rows),
        my_turn=sum(row[4] for row in rows),
        incidents=sum(row[5] for row in rows),
        first_due=min(firsts) if firsts else None,
    )


@cache
def _counts(seat: Seat) -> sa.Select:
    def tally(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    midnight = sa.bindparam("day_ends", type_=Inquiry.ends_at.type)
    status = sa.func.coalesce(Inquiry.status, None)  # of no index: only what is open is looked at
    return (
        sa.select(
            status,
            sa.func.count(),
            tally(Inquiry.ends_at <= NOW),
            tally(sa.and_(Inquiry.ends_at > NOW, Inquiry.ends_at <= midnight)),
            tally(turn_of(seat, NOW)),
            tally(is_sudden()),
            sa.func.min(sa.case((Inquiry.ends_at > NOW, Inquiry.ends_at), else_=None)),
        )
        .where(Inquiry.finished_at.is_(None), visible_to(seat))
        .group_by(status)
    )


def count_open(now: datetime) -> dict[str, int]:
    """How many inquiries of the whole province are open, and how many of them overdue."""
    late = sa.func.sum(sa.case((Inquiry.ends_at <= now, 1), else_=0))
    row = db.session.execute(sa.select(sa.func.count(), late).where(Inquiry.finished_at.is_(None))).one()
    return {"open": row[0], "overdue": row[1] or 0}


def page(actor: Person, filters: Filters, now: datetime, cursor: Cursor | None = None) -> Page[Cursor]:
    """One page of the list, the newest first; for a searched text the best matches first."""
    if filters.text:
        query = _planned_rows().where(*conditions(filters, actor, now))
        return searched_page(query, filters.text, cursor, PAGE_SIZE, among(filters, named(filters), actor))
    way = _way(actor, filters, now)
    if way is not None:
        found = page_of(way[0].add_columns(_UNRANKED), way[1], cursor, size=PAGE_SIZE, place_of=_cursor)
        return replace(found, rows=_in_order([row.id for row in found.rows]))
    if not filters.is_of_choices:
        return page_of(_narrowed(filters, actor, now), _NEWEST, cursor, size=PAGE_SIZE, place_of=_cursor)
    query = _page(seat_of(actor), filters, Direction.of(cursor), PAGE_SIZE)
    rows = rows_of(query, {**asked_by(actor, now), **place_given(cursor, len(_NEWEST))})
    return page_from(rows, cursor, size=PAGE_SIZE, place_of=_cursor)


_SIZE = sa.bindparam("size", type_=sa.Integer())
_NEWEST = Inquiry.received_at, Inquiry.id
_UNRANKED = sa.literal(0).label("rank")


def _narrowed(filters: Filters, actor: Asking, now: datetime) -> sa.Select:
    """The columns of its conditions are just what an index has, so that it is walked."""
    return _planned_rows().where(*conditions(filters, actor, now, walked=True)).add_columns(_UNRANKED)


@lru_cache(maxsize=KEPT)
def _page(seat: Seat, filters: Filters, direction: Direction, size: int) -> sa.Select:
    return walked(_narrowed(filters, seat, NOW), _NEWEST, direction, size=size)


def _way(actor: Person, filters: Filters, now: datetime) -> Way | None:
    """How a list is read that no index of what is asked for has in its order; None: such an index is walked."""

    def in_order(ids: Ids) -> Way:
        return put_in_order(ids, conditions(filters, actor, now, walked=True, by_ids=True))

    if filters.carried is not None:
        return in_order(ids_carried(office_instant(filters.carried)))
    if filters.is_impossible or (filters.is_of_few and not filters.has_order):
        return None
    sets, agency_id = ids_of(named(filters), filters.journalist_id), agency_of(actor)
    own = None if agency_id is None else ids_of_agency(agency_id)
    if filters.has_order:
        sets = [*([own] if own is not None else []), *sets, *ids_of_filters(filters)]
    few = None if filters.has_order and len(sets) == 1 else fewest(sets)  # an index has just that in its order
    if agency_id is not None and (few is own if filters.has_order else few is None):
        asked = conditions(filters, None, now, walked=True)  # that the agency has part in it, the walk itself says
        asked += [turn_of(actor, now)] if filters.my_turn else []
        return walked_by_agency(agency_id, [*asked, *received_within(filters, Participation.received_at)])
    if few is not None:
        return in_order(few)
    rarest = rarest_condition(filters)
    return None if rarest is None else walked_along(rarest, conditions(filters, actor, now, walked=True, by_ids=True))


def _in_order(ids: list[int]) -> list[sa.Row]:
    rows = {row.id: row for row in rows_of(_planned_rows_of(), {"ids": ids})}
    return [rows[each] for each in ids]


def listed(actor: Person, filters: Filters, now: datetime) -> sa.Select:
    """The whole list, the newest first, with what a table has beside: people, the form of the answer."""
    officer, head = sa.orm.aliased(Person), sa.orm.aliased(Person)
    query = (
        _rows()
        .add_columns(Inquiry.channel, Inquiry.answer_form, Inquiry.stopped_days, Inquiry.extended_days)
        .add_columns(Inquiry.incident_id, officer.full_name.label("officer"), head.full_name.label("head"))
        .add_columns(timing(now).label("timing"), result().label("result"))
        .outerjoin(officer, officer.id == Inquiry.officer_id)
        .outerjoin(head, head.id == Inquiry.responsible_id)
    )
    if filters.text:
        query = query.where(of_text(filters, actor, now))
    return query.where(*conditions(filters, actor, now)).order_by(Inquiry.received_at.desc(), Inquiry.id.desc())


def of_text(filters: Filters, actor: Person | None, now: datetime) -> sa.ColumnElement[bool]:
    """The condition that the pages of a list are searched by; asked for once, however often a report counts it."""

    def asked() -> sa.ColumnElement[bool]:
        found = matching(filters.text, among(filters, named(filters), actor))
        ids = sa.select(Inquiry.id).where(*conditions(filters, actor, now))
        return found.condition(found.goes_by_beginning(ids))

    return read_once(("of text", filters, actor.id if actor else None), asked)


def queue_listed(actor: Person, filters: Filters, now: datetime) -> sa.Select:
    """The same of what is open, by what runs out first."""
    query = listed(actor, replace(filters, only_open=True), now)
    return query.order_by(None).order_by(Inquiry.ends_at, Inquiry.id)


def recent_rows(actor: Person, since: datetime, limit: int) -> Sequence[sa.Row]:
    """The newest inquiries received since a moment: where duplicates are looked for."""
    query = (
        _rows()
        .add_columns(Inquiry.outlet_id)
        .where(Inquiry.received_at >= since, visible_to(actor))
        .order_by(Inquiry.received_at.desc(), Inquiry.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def find_logged_by_form(token: str) -> int | None:
    """The inquiry that this very form has logged already."""
    return db.session.scalar(sa.select(Inquiry.id).where(Inquiry.form_token == token)) if token else None


def name_of(model: type[Outlet] | type[Person] | type[Journalist], row_id: int | None) -> str | None:
    """The name behind an id in the address, for the words of a filter."""
    if row_id is None:
        return None
    column = Outlet.name if model is Outlet else model.full_name  # type: ignore[union-attr]
    name: str | None = db.session.scalar(sa.select(column).where(model.id == row_id))
    return name


def saved_views(person: Person) -> Sequence[sa.Row]:
    """A person's own filters, by name."""
    return rows_of(_saved_views(), {"person": person.id})


@cache
def _saved_views() -> sa.Select:
    query = sa.select(SavedView.id, SavedView.name, SavedView.query)
    return query.where(SavedView.person_id == sa.bindparam("person")).order_by(SavedView.name)


@cache
def _planned_rows() -> sa.Select:
    return with_plan(_rows())


@cache
def _planned_rows_of() -> sa.Select:
    return _planned_rows().where(Inquiry.id.in_(sa.bindparam("ids", expanding=True)))


@cache
def _rows() -> sa.Select:
    intake = sa.orm.aliased(Agency)
    return (
        sa.select(
            *COLUMNS,
            Outlet.name.label("outlet"),
            Agency.short_name.label("lead"),
            intake.short_name.label("intake"),
        )
        .join(Outlet, Outlet.id == Inquiry.outlet_id)
        .join(intake, intake.id == Inquiry.intake_agency_id)
        .outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
    )


def _cursor(row: sa.Row) -> Cursor:
    return Cursor(row.rank, row.received_at, row.id)
