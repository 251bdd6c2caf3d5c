"""Lists: the queue of the day, the filtered list page by page, search, possible duplicates, saved views."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import absent_behind
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db, read_once
from pr_tracker.inquiries.models import Inquiry, InquiryJournalist, Participation, SavedView
from pr_tracker.inquiries.queries.narrowing import among
from pr_tracker.inquiries.queries.plan import with_plan
from pr_tracker.inquiries.queries.search import matching, searched_page
from pr_tracker.inquiries.queries.speaking import acts_by_authority, handed_over_by
from pr_tracker.inquiries.queries.timing import result, timing
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind, Part, RefusalGround
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.keyset import Cursor, Page, page_of
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.permissions import Role
from pr_tracker.text import fold

PAGE_SIZE = QUEUE_SIZE = 30  # lists are opened all day: a page stays small, the rest is one key further on
DONE_SIZE = 10
BOXES_SIZE = 60
FEW = 4  # people or press agencies of a name whose cases are fetched and put in order
ONE_DAY = timedelta(days=1)

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


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None or "" means everything. Periods are days of receipt, both ends included."""

    text: str = ""
    agency_id: int | None = None
    status: Status | None = None
    kind: Kind | None = None
    outlet_id: int | None = None
    person_id: int | None = None  # case officer or responsible head
    journalist_id: int | None = None
    outlet_name: str = ""  # part of a name, without marks
    person_name: str = ""  # the same, of case officer or responsible head
    since: date | None = None
    until: date | None = None
    late: bool = False
    only_open: bool = False
    my_turn: bool = False
    paused: bool = False  # stands still now
    stopped: bool = False  # has stood still, or does
    extended: bool = False
    timing: Timing | None = None
    result: Result | None = None
    ground: RefusalGround | None = None
    unassigned: bool = False  # no agency leads yet
    carried: date | None = None  # received before this day, and open when it began

    @property
    def is_empty(self) -> bool:
        return self == Filters()

    @property
    def has_names(self) -> bool:
        """Whether people or press agencies are asked for, by whom the list is not ordered."""
        return bool(self.person_id or self.person_name or self.outlet_name)

    def without_text(self) -> "Filters":
        return replace(self, text="")


def conditions(filters: Filters, actor: Person | None, now: datetime) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on Inquiry, the text apart, and only what the actor may see (None: a command)."""
    found: list[sa.ColumnElement[bool]] = [visible_to(actor)]
    for column, value in (
        (Inquiry.status, filters.status),
        (Inquiry.kind, filters.kind),
        (Inquiry.outlet_id, filters.outlet_id),
        (Inquiry.lead_agency_id, filters.agency_id),
    ):
        if value is not None:
            found.append(column == value)
    if filters.person_id is not None:
        found.append(sa.or_(Inquiry.officer_id == filters.person_id, Inquiry.responsible_id == filters.person_id))
    found += _of_names(filters)
    if filters.journalist_id is not None:
        found.append(
            sa.exists().where(
                InquiryJournalist.inquiry_id == Inquiry.id, InquiryJournalist.journalist_id == filters.journalist_id
            )
        )
    if filters.since is not None:
        found.append(Inquiry.received_at >= office_instant(filters.since))
    if filters.until is not None:
        found.append(Inquiry.received_at < office_instant(filters.until + ONE_DAY))
    if filters.late:
        found.append(is_late(now))
    if filters.only_open:
        found.append(Inquiry.finished_at.is_(None))
    if filters.paused:
        found.append(Inquiry.id.in_(sa.select(_other.id).where(is_paused(now, _other))))
    found += _counted_as(filters, now)
    if filters.my_turn and actor is not None:
        found.append(turn_of(actor, now))
    return found


def _counted_as(filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    """The filters that open a figure of a report: the same definitions (rules_timing)."""
    found: list[sa.ColumnElement[bool]] = []
    if filters.stopped:
        found.append(Inquiry.stopped_days > _NONE)
    if filters.extended:
        found.append(Inquiry.extended_days > _NONE)
    if filters.timing is not None:
        found.append(timing(now) == filters.timing.value)
    if filters.result is not None:
        found.append(result() == filters.result.value)
    if filters.ground is not None:
        found.append(sa.and_(result() == Result.REFUSED.value, Inquiry.refusal_ground == filters.ground))
    if filters.unassigned:
        found.append(Inquiry.lead_agency_id.is_(None))
    if filters.carried is not None:
        began = office_instant(filters.carried)
        found += [Inquiry.received_at < began, sa.or_(Inquiry.finished_at.is_(None), Inquiry.finished_at >= began)]
    return found


def is_late(now: datetime) -> sa.ColumnElement[bool]:
    """Finished at or past the end of the term, or still open past it."""
    return sa.func.coalesce(Inquiry.finished_at, sa.bindparam("late_at", now, Inquiry.ends_at.type)) >= Inquiry.ends_at


def is_paused(now: datetime | sa.BindParameter[datetime], of: type[Inquiry] = Inquiry) -> sa.ColumnElement[bool]:
    """The clock stands still at `now`."""
    moment = sa.bindparam("paused_now", now, Inquiry.paused_until.type) if isinstance(now, datetime) else now
    return sa.and_(of.paused_at.is_not(None), of.paused_until > moment)


_other = sa.orm.aliased(Inquiry)
_NONE: sa.ColumnElement[int] = sa.literal_column("0")  # written out: an index of those above it is only then known


def _of_names(filters: Filters) -> list[sa.ColumnElement[bool]]:
    return [_of_any(ids, *columns) for columns, ids in _named(filters)]


def _named(filters: Filters) -> list[tuple[tuple[Any, ...], list[int]]]:
    """Columns, and the ids behind a typed name that they are asked for."""
    asked: list[tuple[type[Outlet] | type[Person], str, tuple[Any, ...]]] = [
        (Outlet, filters.outlet_name, (Inquiry.outlet_id,)),
        (Person, filters.person_name, (Inquiry.officer_id, Inquiry.responsible_id)),
    ]
    named = [
        sa.select(sa.literal(number), model.id).where(model.search_text.contains(fold(name), autoescape=True))
        for number, (model, name, _) in enumerate(asked)
        if name
    ]
    key = ("of names", filters.outlet_name, filters.person_name)  # a report asks for them with each of its figures
    rows = read_once(key, lambda: db.session.execute(sa.union_all(*named)).all()) if named else ()
    return [
        (columns, [row[1] for row in rows if row[0] == number])
        for number, (_, name, columns) in enumerate(asked)
        if name
    ]


def _of_any(ids: list[int], *columns: Any) -> sa.ColumnElement[bool]:
    """One of the columns is one of these. Few are looked up by index; the cases of many stand close together in the
    list, which is walked."""
    if len(ids) > FEW:
        columns = tuple(column + _NONE for column in columns)
    return sa.or_(*(column.in_(ids) for column in columns))


def turn_of(actor: Person, now: datetime) -> sa.ColumnElement[bool]:
    """Where the next act is this person's or theirs for whom they stand in: agency's work, reviews for its heads.

    A review that the head has handed to somebody by authority is that person's until it ends.
    """
    today = office_day(now)
    lead = Inquiry.lead_agency_id == actor.agency_id
    working = [Status.ASSIGNED, Status.DRAFTING, Status.RETURNED, Status.APPROVED]
    own = sa.or_(Inquiry.officer_id == actor.id, Inquiry.officer_id.in_(absent_behind(actor.id, today)))
    turns = [
        sa.and_(Inquiry.status == Status.RECEIVED, Inquiry.intake_agency_id == actor.agency_id),
        sa.and_(Inquiry.status.in_(working), lead if Role.STAFF in actor.roles else own),
    ]
    in_review = sa.and_(Inquiry.status == Status.IN_REVIEW, Inquiry.review_step == ReviewStep.AGENCY)
    turns.append(sa.and_(in_review, acts_by_authority(actor.id, now)))
    if Role.HEAD in actor.roles:
        turns.append(sa.and_(in_review, lead, ~handed_over_by(actor.id, now)))
    if Role.HEAD in actor.roles and actor.agency.kind is AgencyKind.PROVINCE:
        turns.append(sa.and_(Inquiry.status == Status.IN_REVIEW, Inquiry.review_step == ReviewStep.PROVINCE))
    return sa.or_(*turns)


def queue(actor: Person, filters: Filters, now: datetime, after: Cursor | None = None) -> Sequence[sa.Row]:
    """What is open, by what runs out first, behind a row; one row more than fits, to know that there is more."""
    query = _planned_rows().where(Inquiry.finished_at.is_(None), *conditions(filters, actor, now))
    if after is not None:
        place = sa.literal(after.at, Inquiry.ends_at.type), sa.literal(after.id)
        query = query.where(sa.tuple_(Inquiry.ends_at, Inquiry.id) > sa.tuple_(*place))
    return db.session.execute(query.order_by(Inquiry.ends_at, Inquiry.id).limit(QUEUE_SIZE + 1)).all()


def parts_owed(inquiry_ids: Sequence[int]) -> Sequence[sa.Row]:
    """What coordinating agencies still owe these inquiries, by what runs out first: for the clocks behind a chip."""
    return db.session.execute(_parts_owed(), {"inquiries": list(inquiry_ids)}).all()


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
    return db.session.execute(_boxes(), {"agency": actor.agency_id, "states": list(states)}).all()


@cache
def _boxes() -> sa.Select:
    part, intake = Participation, sa.orm.aliased(Agency)
    return (
        sa.select(part.id.label("part_id"), part.inquiry_id, part.box, part.due_on, part.due_at, part.ends_at)
        .add_columns(part.sent_at, part.task, Inquiry.year, Inquiry.number, Inquiry.subject)
        .add_columns(Agency.short_name.label("lead"), intake.short_name.label("intake"))
        .join(Inquiry, Inquiry.id == part.inquiry_id)
        .join(intake, intake.id == Inquiry.intake_agency_id)
        .outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(part.agency_id == sa.bindparam("agency"), part.part == Part.COORDINATING, part.ended_at.is_(None))
        .where(part.box.in_(sa.bindparam("states", expanding=True)), Inquiry.finished_at.is_(None))
        .order_by(part.ends_at, part.id)
        .limit(BOXES_SIZE)
    )


def end_of_day(now: datetime) -> datetime:
    """The first instant after this office day."""
    return office_instant(office_day(now) + ONE_DAY)


def done_today(actor: Person, filters: Filters, now: datetime) -> Sequence[sa.Row]:
    """What was answered, refused or withdrawn on this office day, the latest first."""
    query = (
        _rows()
        .where(_on_day(now), *conditions(filters, actor, now))
        .order_by(Inquiry.finished_at.desc(), Inquiry.id.desc())
        .limit(DONE_SIZE)
    )
    return db.session.execute(query).all()


def count_done(actor: Person, now: datetime) -> sa.Row:
    """How many were finished on this office day, and how many of them late: (done, late)."""
    late = sa.func.count().filter(Inquiry.finished_at >= Inquiry.ends_at)
    query = sa.select(sa.func.count().label("done"), late.label("late"))
    return db.session.execute(query.where(_on_day(now), visible_to(actor))).one()


def _on_day(now: datetime) -> sa.ColumnElement[bool]:
    return Inquiry.finished_at >= office_instant(office_day(now))


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
    midnight = end_of_day(now)

    def tally(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    query = (
        sa.select(
            Inquiry.status,
            sa.func.count(),
            tally(Inquiry.ends_at <= now),
            tally(sa.and_(Inquiry.ends_at > now, Inquiry.ends_at <= midnight)),
            tally(turn_of(actor, now)),
            tally(Inquiry.kind.in_([Kind.INCIDENT, Kind.DIVIDED_OPINION])),
            sa.func.min(sa.case((Inquiry.ends_at > now, Inquiry.ends_at), else_=None)),
        )
        .where(Inquiry.finished_at.is_(None), visible_to(actor))
        .group_by(Inquiry.status)
    )
    rows = db.session.execute(query).all()
    firsts = [row[6] for row in rows if row[6] is not None]
    return Counts(
        by_status={Status(row[0]): row[1] for row in rows},
        overdue=sum(row[2] for row in rows),
        due_today=sum(row[3] for row in rows),
        my_turn=sum(row[4] for row in rows),
        incidents=sum(row[5] for row in rows),
        first_due=min(firsts) if firsts else None,
    )


def count_open(now: datetime) -> dict[str, int]:
    """How many inquiries of the whole province are open, and how many of them overdue."""
    late = sa.func.sum(sa.case((Inquiry.ends_at <= now, 1), else_=0))
    row = db.session.execute(sa.select(sa.func.count(), late).where(Inquiry.finished_at.is_(None))).one()
    return {"open": row[0], "overdue": row[1] or 0}


def page(actor: Person, filters: Filters, now: datetime, cursor: Cursor | None = None) -> Page[Cursor]:
    """One page of the list, the newest first; for a searched text the best matches first."""
    query: sa.Select = _planned_rows()
    keys: tuple[Any, ...] = (Inquiry.received_at, Inquiry.id)  # just what the index has, so that it is walked
    query = query.where(*conditions(filters, actor, now))
    if filters.text:
        return searched_page(query, filters.text, cursor, PAGE_SIZE, among(filters, _named(filters), actor))
    rank = sa.literal(0).label("rank")
    if filters.has_names:  # what must be put in order first is as narrow as can be
        ids: sa.Select = sa.select(Inquiry.id, Inquiry.received_at, rank).where(*conditions(filters, actor, now))
        found = page_of(ids, keys, cursor, size=PAGE_SIZE, place_of=_cursor)
        return replace(found, rows=_in_order([row.id for row in found.rows]))
    return page_of(query.add_columns(rank), keys, cursor, size=PAGE_SIZE, place_of=_cursor)


def _in_order(ids: list[int]) -> list[sa.Row]:
    rows = {row.id: row for row in db.session.execute(_planned_rows().where(Inquiry.id.in_(ids)))}
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
        found = matching(filters.text, among(filters, _named(filters), actor))
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
    return db.session.execute(_saved_views(), {"person": person.id}).all()


@cache
def _saved_views() -> sa.Select:
    query = sa.select(SavedView.id, SavedView.name, SavedView.query)
    return query.where(SavedView.person_id == sa.bindparam("person")).order_by(SavedView.name)


@cache
def _planned_rows() -> sa.Select:
    return with_plan(_rows())


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
