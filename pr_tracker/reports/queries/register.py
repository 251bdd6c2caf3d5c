"""Find for reports: the register of a period, its figures, who keeps it. `actor` None is the system: it sees all."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import NamedTuple

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.deadlines.queries import calendar_of, calendar_state
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_summaries import NOBODY
from pr_tracker.inquiries.queries.filters import Filters, is_late
from pr_tracker.inquiries.queries.lateness import DOINGS, Doing, doings_of
from pr_tracker.inquiries.queries.parts import late_parts_in, lateness_in
from pr_tracker.inquiries.queries.summaries import SUMS, By, asked_of, sums
from pr_tracker.inquiries.queries.timing import result, timing
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_number import TypedNumber
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.outlets.models import Outlet
from pr_tracker.reports.rules import Adjusted, AgencyLateness, Blame, Figures

PREVIEW_SIZE = 20


def register_rows(
    actor: Person | None, filters: Filters, now: datetime, *, limit: int | None = None
) -> Sequence[sa.Row]:
    """What the actor may see of a period, in the order of receipt: columns only, as the register shows them."""
    query = (
        sa.select(
            Inquiry.id,
            Inquiry.year,
            Inquiry.number,
            Inquiry.subject,
            Inquiry.kind,
            Inquiry.status,
            Inquiry.journalist_names,
            Inquiry.received_at,
            Inquiry.finished_at,
            Inquiry.released_at,
            Inquiry.answer_form,
            Inquiry.refusal_ground,
            Inquiry.clock_key,
            Inquiry.due_on,
            Inquiry.due_at,
            Inquiry.ends_at,
            Inquiry.paused_at,
            Inquiry.paused_until,
            Inquiry.stopped_days,
            Inquiry.extended_days,
            Outlet.name.label("outlet"),
            Agency.short_name.label("lead"),
            timing(now).label("timing"),
            result().label("result"),
        )
        .join(Outlet, Outlet.id == Inquiry.outlet_id)
        .outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(*asked_of(filters, actor, now))
        .order_by(Inquiry.received_at, Inquiry.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def figures(actor: Person | None, filters: Filters, now: datetime) -> Figures:
    """The figures of what register_rows would give: one statement."""
    return figures_in(sums(filters, actor, now, By.NOTHING))


def figures_in(lines: Sequence[sa.Row]) -> Figures:
    """The same, of sums that are at hand."""
    of: Counter[str] = Counter()
    for line in lines:
        of.update({name: line._mapping[name] for name in SUMS})
    row = SimpleNamespace(**{name: of[name] for name in SUMS})
    is_open, given = row.running + row.overdue, row.on_time + row.late
    timing: dict[Timing, int] = {each: of[each.value] for each in Timing if each is not Timing.WITHDRAWN}
    timing[Timing.WITHDRAWN] = row.cases - is_open - given
    became = {Result.ANSWERED: row.answered, Result.REFUSED: row.refused, Result.OPEN: is_open}
    became[Result.WITHDRAWN] = row.cases - sum(became.values())
    return Figures(
        row.cases,
        +Counter({status: of[f"stands_{status.value}"] for status in Status}),
        +Counter(timing),
        +Counter(became),
        +Counter({ground: of[ground.value] for ground in RefusalGround}),
        Adjusted(row.stopped, row.stopped_days, row.extended, row.extended_days, row.extended_on_time),
    )


def figures_of(rows: Iterable[sa.Row]) -> Figures:
    """The same figures, of rows already at hand: so a paper cannot contradict its own table."""
    return _added_up(
        _Tally(
            row.status,
            row.timing,
            row.result,
            row.refusal_ground,
            row.stopped_days > 0,
            row.extended_days > 0,
            1,
            row.stopped_days,
            row.extended_days,
        )
        for row in rows
    )


class _Tally(NamedTuple):
    """How many inquiries are alike in all that figures tell apart."""

    status: Status
    timing: str
    result: str
    ground: RefusalGround | None
    stopped: bool
    extended: bool
    cases: int
    stopped_days: int
    extended_days: int

    @property
    def adjusted(self) -> Adjusted:
        in_time = self.extended and self.timing == Timing.ON_TIME
        return Adjusted(
            self.cases if self.stopped else 0,
            self.stopped_days,
            self.cases if self.extended else 0,
            self.extended_days,
            self.cases if in_time else 0,
        )


def _added_up(counted: Iterable[_Tally]) -> Figures:
    total = 0
    by_status: Counter[Status] = Counter()
    by_timing: Counter[Timing] = Counter()
    by_result: Counter[Result] = Counter()
    by_ground: Counter[RefusalGround] = Counter()
    adjusted = Adjusted()
    for each in counted:
        total += each.cases
        by_status[each.status] += each.cases
        by_timing[Timing(each.timing)] += each.cases
        by_result[Result(each.result)] += each.cases
        adjusted += each.adjusted
        if each.result == Result.REFUSED and each.ground is not None:
            by_ground[each.ground] += each.cases
    return Figures(total, by_status, by_timing, by_result, by_ground, adjusted)


def blame(
    actor: Person | None,
    filters: Filters,
    now: datetime,
    *,
    of: Collection[int] | None = None,
    led: Sequence[sa.Row] | None = None,
) -> Blame:
    """Whose lateness the late cases are among those register_rows would give, and what agencies owed to all of them.

    Case by case for every late one, or only for those of these ids that are late; `led` is what agencies led, if known.
    """
    asked = asked_of(filters, actor, now)
    those = asked if of is None else (Inquiry.id.in_(of),)
    late_parts = late_parts_in(sa.select(Inquiry.id).where(*those, is_late(now)), now)
    late = sa.select(Inquiry.id, Inquiry.due_on, Inquiry.due_at, Inquiry.ends_at, Inquiry.finished_at)
    late = late.add_columns(Inquiry.lead_agency_id).where(*those, is_late(now))
    state = db.session.execute(calendar_state()).one()
    calendar, rows = calendar_of(state), db.session.execute(late.order_by(Inquiry.id)).all()
    by_case = {row.id: found for row in rows if (found := lateness_in(row, late_parts.get(row.id, ()), calendar, now))}
    led = sums(filters, actor, now, By.AGENCY) if led is None else led
    return Blame(by_case, _by_agency(led, doings_of(filters, actor, now, state)))


def _by_agency(led: Sequence[sa.Row], doings: Counter[Doing]) -> tuple[AgencyLateness, ...]:
    """What each agency led and owed, under its name."""
    names = sa.select(Agency.id, Agency.short_name).order_by(Agency.sort_key, Agency.id)
    named = [(row.id, row.short_name) for row in db.session.execute(names)] + [(NOBODY, "")]
    cases = {row.key: (row.cases, row.late + row.overdue) for row in led}
    found = []
    for agency_id, name in named:
        own, (count, late) = {each: doings[agency_id, each] for each in DOINGS}, cases.get(agency_id, (0, 0))
        if count or own["parts"]:
            found.append(AgencyLateness(name, count, late - own["late_by_others"], **own))
    return tuple(found)


def keeper_of_the_register() -> Agency:
    """Who keeps the register of the whole province: its office, else its people's committee. Raises NotFound."""
    office_first = sa.case((Agency.kind == AgencyKind.PROVINCE_OFFICE, 0), else_=1)
    query = (
        sa.select(Agency)
        .where(Agency.active, Agency.kind.in_([AgencyKind.PROVINCE_OFFICE, AgencyKind.PROVINCE]))
        .order_by(office_first, Agency.id)
        .limit(1)
    )
    agency = db.session.scalar(query)
    if agency is None:
        raise NotFound(N_("There is no provincial office yet, so nobody keeps the register."))
    return agency


def find_numbered(typed: TypedNumber) -> list[Inquiry]:
    """The inquiries a typed number may mean: several years when it names none."""
    query = sa.select(Inquiry).where(Inquiry.number == typed.number).order_by(Inquiry.year)
    if typed.year is not None:
        query = query.where(Inquiry.year == typed.year)
    return list(db.session.scalars(query))


def get_numbered(typed: TypedNumber) -> Inquiry:
    """The one inquiry a typed number means. Raises NotFound for none, BadInput naming the candidates for several."""
    found = find_numbered(typed)
    if not found:
        raise NotFound(N_("There is no inquiry of this number."))
    if len(found) > 1:
        codes = ", ".join(inquiry.code for inquiry in found)
        raise BadInput(N_("This number stands for several inquiries: %(codes)s. Give the year too."), codes=codes)
    return found[0]


def outlets_for_choice() -> Sequence[sa.Row]:
    """(id, name) of every press agency, in Vietnamese order."""
    return db.session.execute(sa.select(Outlet.id, Outlet.name).order_by(Outlet.sort_key, Outlet.id)).all()


def agency_name(agency_id: int) -> str:
    """An agency's name. Raises NotFound."""
    return _name(sa.select(Agency.name).where(Agency.id == agency_id), N_("There is no such agency."))


def outlet_name(outlet_id: int) -> str:
    """A press agency's name. Raises NotFound."""
    return _name(sa.select(Outlet.name).where(Outlet.id == outlet_id), N_("There is no such press agency."))


def _name(query: sa.Select[str], missing: str) -> str:
    name = db.session.scalar(query)
    if name is None:
        raise NotFound(missing)
    return name
