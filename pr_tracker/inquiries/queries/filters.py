"""What a list is narrowed to, and the conditions on Inquiry that say so: of pages, tables and figures alike."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.queries import absent_behind
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db, read_once
from pr_tracker.inquiries.models import Inquiry, InquiryJournalist
from pr_tracker.inquiries.queries.seats import TODAY, Asking, Seat
from pr_tracker.inquiries.queries.speaking import acts_by_authority, handed_over_by
from pr_tracker.inquiries.queries.timing import result, timing
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules import RUNNING, Status
from pr_tracker.inquiries.rules_kinds import KINDS_WITH_OWN_START, Kind, RefusalGround
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.outlets.models import Outlet
from pr_tracker.permissions import Role
from pr_tracker.text import fold

ONE_DAY = timedelta(days=1)
_OPEN = frozenset({Result.OPEN})
_FINISHED = frozenset(Result) - _OPEN
# What can have become of an inquiry whose deadline ended so, or that stands so.
_MAY_END = {
    Timing.RUNNING: _OPEN,
    Timing.OVERDUE: _OPEN,
    Timing.LATE: _FINISHED,
    Timing.ON_TIME: frozenset({Result.ANSWERED, Result.REFUSED}),
    Timing.WITHDRAWN: frozenset({Result.WITHDRAWN}),
}
_MAY_STAND = {Status.ANSWERED: frozenset({Result.ANSWERED})}


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
    sudden: bool = False  # incidents and divided opinion: the press is told within hours, whoever has asked

    @property
    def is_empty(self) -> bool:
        return self == Filters()

    @property
    def is_open(self) -> bool:
        """Whether only what is not finished can be in the list."""
        told = self.timing in (Timing.RUNNING, Timing.OVERDUE) or self.result is Result.OPEN
        return self.only_open or self.my_turn or told or self.status in RUNNING

    @property
    def is_of_few(self) -> bool:
        """Whether only what is being worked on can be in the list: however large the desk, that is some hundreds."""
        return self.is_open or self.paused

    @property
    def is_impossible(self) -> bool:
        """Whether nothing can be all of this, so that nothing need be looked for."""
        told = [_MAY_END[self.timing]] if self.timing else []
        told += [frozenset({self.result})] if self.result else []
        told += [frozenset({Result.REFUSED})] if self.ground else []
        told += [_OPEN if self.status in RUNNING else _MAY_STAND.get(self.status, _FINISHED)] if self.status else []
        told += [_OPEN] if self.only_open or self.my_turn else []
        in_time = self.late and self.timing is not None and self.timing not in (Timing.LATE, Timing.OVERDUE)
        return in_time or not frozenset(Result).intersection(*told)

    @property
    def has_order(self) -> bool:
        """Whether an index tells what is asked for in the order of the list."""
        among = (self.status, self.kind, self.outlet_id, self.agency_id, self.ground)
        return any(one is not None for one in among) or self.stopped or self.extended or self.unassigned

    @property
    def is_of_choices(self) -> bool:
        """Whether all it asks for is chosen among a few, so that its statement is worth keeping."""
        typed = (self.text, self.outlet_name, self.person_name)
        found = (self.agency_id, self.outlet_id, self.person_id, self.journalist_id)
        return not any((*typed, *found, self.since, self.until, self.carried))

    def without_text(self) -> "Filters":
        return replace(self, text="")


def conditions(
    filters: Filters, actor: Asking | None, now: datetime, *, walked: bool = False, by_ids: bool = False
) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on Inquiry, the text apart, and only what the actor may see (None: a command).

    `walked`: no index of people or press agencies is to be used; `by_ids`: nor any of the list's order.
    """
    found: list[sa.ColumnElement[bool]] = [visible_to(actor)]
    found += [sa.false()] if filters.is_impossible else []
    for column, value in (
        (Inquiry.status, filters.status),
        (Inquiry.kind, filters.kind),
        (Inquiry.outlet_id, filters.outlet_id),
        (Inquiry.lead_agency_id, filters.agency_id),
    ):
        if value is not None:
            found.append((sa.func.coalesce(column, None) if by_ids else column) == value)
    for columns, ids in named(filters):
        found.append(sa.or_(*((column + _NONE if walked else column).in_(ids) for column in columns)))
    if filters.journalist_id is not None:
        found.append(
            sa.exists().where(
                InquiryJournalist.inquiry_id == Inquiry.id, InquiryJournalist.journalist_id == filters.journalist_id
            )
        )
    found += received_within(filters, Inquiry.received_at)
    if filters.sudden:
        found.append(is_sudden())
    if filters.late:
        found.append(is_late(now))
    if filters.is_open:
        found.append(Inquiry.finished_at.is_(None))
    if filters.paused:
        found.append(Inquiry.id.in_(sa.select(_other.id).where(is_paused(now, _other))))
    found += _counted_as(filters, now)
    if filters.my_turn and actor is not None:
        found.append(turn_of(actor, now))
    return found


def received_within(filters: Filters, column: Any) -> list[sa.ColumnElement[bool]]:
    """Within which days a list's inquiries came in."""
    found = [] if filters.since is None else [column >= office_instant(filters.since)]
    found += [] if filters.until is None else [column < office_instant(filters.until + ONE_DAY)]
    return found if filters.carried is None else [*found, column < office_instant(filters.carried)]


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
        found.append(sa.or_(Inquiry.finished_at.is_(None), Inquiry.finished_at >= began))
    return found


def is_sudden() -> sa.ColumnElement[bool]:
    """An incident, or a matter on which opinion is divided; by no index of all that ever was."""
    return sa.func.coalesce(Inquiry.kind, None).in_(sorted(KINDS_WITH_OWN_START))


def is_late(now: datetime) -> sa.ColumnElement[bool]:
    """Finished at or past the end of the term, or still open past it."""
    moment = sa.bindparam("late_at", now, Inquiry.ends_at.type) if isinstance(now, datetime) else now
    return sa.func.coalesce(Inquiry.finished_at, moment) >= Inquiry.ends_at


def is_paused(now: datetime | sa.BindParameter[datetime], of: type[Inquiry] = Inquiry) -> sa.ColumnElement[bool]:
    """The clock stands still at `now`."""
    moment = sa.bindparam("paused_now", now, Inquiry.paused_until.type) if isinstance(now, datetime) else now
    return sa.and_(of.paused_at.is_not(None), of.paused_until > moment)


_other = sa.orm.aliased(Inquiry)
_NONE: sa.ColumnElement[int] = sa.literal_column("0")  # written out: an index of those above it is only then known


def named(filters: Filters) -> list[tuple[tuple[Any, ...], list[int]]]:
    """Columns of Inquiry, and the ids of people or press agencies of which one of these has one."""
    of_people = (Inquiry.officer_id, Inquiry.responsible_id)
    asked: list[tuple[type[Outlet] | type[Person], str, tuple[Any, ...]]] = [
        (Outlet, filters.outlet_name, (Inquiry.outlet_id,)),
        (Person, filters.person_name, of_people),
    ]
    by_name = [
        sa.select(sa.literal(number), model.id).where(model.search_text.contains(fold(name), autoescape=True))
        for number, (model, name, _) in enumerate(asked)
        if name
    ]
    key = ("of names", filters.outlet_name, filters.person_name)  # a report asks for them with each of its figures
    rows = read_once(key, lambda: db.session.execute(sa.union_all(*by_name)).all()) if by_name else ()
    one = [] if filters.person_id is None else [(of_people, [filters.person_id])]
    return one + [
        (columns, [row[1] for row in rows if row[0] == number])
        for number, (_, name, columns) in enumerate(asked)
        if name
    ]


def turn_of(actor: Asking, now: datetime) -> sa.ColumnElement[bool]:
    """Where the next act is this person's or theirs for whom they stand in: agency's work, reviews for its heads.

    A review that the head has handed to somebody by authority is that person's until it ends. No index of all that ever
    was is used: whoever asks looks at what is open only.
    """
    status, lead_agency = (sa.func.coalesce(column, None) for column in (Inquiry.status, Inquiry.lead_agency_id))
    today, kind = (TODAY, actor.kind) if isinstance(actor, Seat) else (office_day(now), actor.agency.kind)
    lead = lead_agency == actor.agency_id
    working = [Status.ASSIGNED, Status.DRAFTING, Status.RETURNED, Status.APPROVED]
    own = sa.or_(Inquiry.officer_id == actor.id, Inquiry.officer_id.in_(absent_behind(actor.id, today)))
    turns = [
        sa.and_(status == Status.RECEIVED, Inquiry.intake_agency_id == actor.agency_id),
        sa.and_(status.in_(working), lead if Role.STAFF in actor.roles else own),
    ]
    in_review = sa.and_(status == Status.IN_REVIEW, Inquiry.review_step == ReviewStep.AGENCY)
    turns.append(sa.and_(in_review, acts_by_authority(actor.id, now)))
    if Role.HEAD in actor.roles:
        turns.append(sa.and_(in_review, lead, ~handed_over_by(actor.id, now)))
    if Role.HEAD in actor.roles and kind is AgencyKind.PROVINCE:
        turns.append(sa.and_(status == Status.IN_REVIEW, Inquiry.review_step == ReviewStep.PROVINCE))
    return sa.or_(*turns)
