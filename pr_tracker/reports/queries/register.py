"""Find for reports: the register of a period, its figures, who keeps it. `actor` None is the system: it sees all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.queries.lists import Filters, conditions, is_late
from pr_tracker.inquiries.queries.parts import late_parts_in, lateness_in
from pr_tracker.inquiries.queries.search import matching
from pr_tracker.inquiries.queries.summaries import By, sums
from pr_tracker.inquiries.queries.timing import result, timing
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Part, RefusalGround
from pr_tracker.inquiries.rules_number import TypedNumber
from pr_tracker.inquiries.rules_parts import late_part
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
        .where(*_asked(filters, actor, now))
        .order_by(Inquiry.received_at, Inquiry.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def _asked(filters: Filters, actor: Person | None, now: datetime) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on Inquiry, the searched text among them."""
    found = conditions(filters, actor, now)
    if filters.text:
        found.append(Inquiry.id.in_(matching(filters.text).restrict(sa.select(Inquiry.id).correlate(None))))
    return found


def figures(actor: Person | None, filters: Filters, now: datetime) -> Figures:
    """The figures of what register_rows would give: one statement."""
    found = sums(filters, actor, now, By.NOTHING)
    if not found:
        return _added_up(())
    row, of = found[0], found[0]._mapping
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


def blame(actor: Person | None, filters: Filters, now: datetime) -> Blame:
    """Whose lateness the late cases are among those register_rows would give, and what agencies owed to all of them."""
    asked = _asked(filters, actor, now)
    late_parts = late_parts_in(sa.select(Inquiry.id).where(*asked), now)
    late = sa.select(Inquiry.id, Inquiry.due_on, Inquiry.due_at, Inquiry.ends_at, Inquiry.finished_at)
    late = late.add_columns(Inquiry.lead_agency_id, Agency.short_name.label("lead"))
    late = late.outerjoin(Agency, Agency.id == Inquiry.lead_agency_id).where(*asked, is_late(now))
    calendar, rows = working_calendar(), db.session.execute(late.order_by(Inquiry.id)).all()
    by_case = {row.id: found for row in rows if (found := lateness_in(row, late_parts.get(row.id, ()), calendar, now))}
    tally: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for row in rows:
        cause = by_case[row.id].because_of
        tally[row.lead_agency_id]["late_by_others" if cause else "late_own"] += 1
        if cause:
            tally[cause.agency_id]["made_late"] += 1
    for case_id, finished_at, by_hours in _ends(late_parts):
        for part in late_parts[case_id]:
            until = finished_at or now
            if late_part(part, until=until, calendar=calendar, by_hours=by_hours):
                tally[part.agency_id]["parts_late"] += 1
    return Blame(by_case, _by_agency(asked, tally))


def _ends(cases: Iterable[int]) -> Iterable[tuple[int, datetime | None, bool]]:
    """When each of these inquiries was finished, and whether its clock counts hours."""
    ids = list(cases)
    query = sa.select(Inquiry.id, Inquiry.finished_at, Inquiry.due_at.is_not(None)).where(Inquiry.id.in_(ids))
    return [(row[0], row[1], bool(row[2])) for row in db.session.execute(query)] if ids else []


def _by_agency(
    asked: Sequence[sa.ColumnElement[bool]], tally: defaultdict[int | None, Counter[str]]
) -> tuple[AgencyLateness, ...]:
    """The tally under the agencies' names, with how much each led and was asked for."""
    led = sa.select(Inquiry.lead_agency_id, sa.func.count()).where(*asked).group_by(Inquiry.lead_agency_id)
    parts = (
        sa.select(Participation.agency_id, sa.func.count())
        .where(
            Participation.part == Part.COORDINATING, Participation.inquiry_id.in_(sa.select(Inquiry.id).where(*asked))
        )
        .group_by(Participation.agency_id)
    )
    by_lead, by_part = ({row[0]: row[1] for row in db.session.execute(query)} for query in (led, parts))
    names = sa.select(Agency.id, Agency.short_name).order_by(Agency.sort_key, Agency.id)
    named = [(row.id, row.short_name) for row in db.session.execute(names)] + [(None, "")]
    return tuple(
        AgencyLateness(name, by_lead.get(agency_id, 0), parts=by_part.get(agency_id, 0), **tally[agency_id])
        for agency_id, name in named
        if agency_id in by_lead or agency_id in by_part
    )


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
