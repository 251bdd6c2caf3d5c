"""Find what is late, unit by unit, in a week: by whose doing it is late, as the figures of lateness say it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.queries.parts import late_parts_in, lateness_in
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_parts import Delay, Lateness, Owed, delay_of
from pr_tracker.outlets.models import Outlet
from pr_tracker.reports.rules_late import LateItem, LateKind, LateList, LateUnit, Week

NEAR = timedelta(days=180)  # what was not finished then is little; further back, all that came since
Found = list[tuple[int | None, LateItem]]  # whose doing it is, and what


def late_list(actor: Person | None, week: Week, agency_id: int | None, now: datetime) -> LateList:
    """What stood late at the end of the week, or stands now while it runs, and what came late within it.

    `agency_id`: only what is late by the doing of this unit. Terms are those that hold now.
    """
    as_of, calendar = min(week.until_at, now), working_calendar()
    found = [*_cases(actor, week, as_of, calendar), *_parts(actor, as_of, calendar, now)]
    by_unit: defaultdict[int | None, list[LateItem]] = defaultdict(list)
    for unit_id, item in found:
        if agency_id is None or unit_id == agency_id:
            by_unit[unit_id].append(item)
    query = sa.select(Agency.id, Agency.name).where(Agency.id.in_({*by_unit, agency_id} - {None}))
    names: dict[int | None, str] = {
        row.id: row.name for row in db.session.execute(query.order_by(Agency.sort_key, Agency.id))
    }
    ordered = [*names, None]
    units = [
        LateUnit(each, names.get(each, ""), tuple(sorted(by_unit[each], key=_longest_first)))
        for each in ordered
        if each in by_unit
    ]
    return LateList(week, as_of, names.get(agency_id, ""), tuple(units))


def _longest_first(item: LateItem) -> tuple[Any, ...]:
    return list(LateKind).index(item.kind), -item.delay.days, -item.delay.span, item.inquiry_id


def _named() -> sa.Select:
    return sa.select(
        Inquiry.id,
        Inquiry.year,
        Inquiry.number,
        Inquiry.subject,
        Inquiry.lead_agency_id,
        Inquiry.finished_at,
        Outlet.name.label("outlet"),
        sa.func.coalesce(Agency.short_name, "").label("lead"),
    )


def _joined(query: sa.Select) -> sa.Select:
    query = query.join(Outlet, Outlet.id == Inquiry.outlet_id)
    return query.outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)


def _cases(actor: Person | None, week: Week, as_of: datetime, calendar: WorkingCalendar) -> Found:
    """Inquiries overdue at the end, and those finished late within the week; each counts for who made it late."""
    moment = sa.bindparam("late_list_at", as_of, Inquiry.ends_at.type)
    one = sa.orm.aliased(Inquiry)
    late = one.finished_at >= one.ends_at  # an index has just these
    ended = sa.func.coalesce(one.ends_at, None, type_=one.ends_at.type)  # and is walked by the end of the work
    which = sa.union_all(
        sa.select(one.id).where(one.finished_at.is_(None), one.ends_at <= moment),
        sa.select(one.id).where(one.finished_at >= moment, ended <= moment, late),
        sa.select(one.id).where(one.finished_at >= week.since_at, one.finished_at < moment, late),
    )
    asked = (visible_to(actor), Inquiry.id.in_(which))
    query = _joined(_named().add_columns(Inquiry.due_on, Inquiry.due_at, Inquiry.ends_at)).where(*asked)
    rows = db.session.execute(query.order_by(Inquiry.id)).all()
    parts = late_parts_in(sa.select(Inquiry.id).where(*asked), as_of)
    found: Found = []
    for row in rows:
        finished = row.finished_at if row.finished_at and row.finished_at < as_of else None
        case = SimpleNamespace(**{**row._mapping, "finished_at": finished})
        lateness = lateness_in(case, parts.get(row.id, ()), calendar, as_of)
        if lateness is None:
            continue
        cause = lateness.because_of
        kind = LateKind.LATE if finished else LateKind.OVERDUE
        found.append((cause.agency_id if cause else row.lead_agency_id, _item(row, kind, lateness.delay, lateness)))
    return found


def _parts(actor: Person | None, as_of: datetime, calendar: WorkingCalendar, now: datetime) -> Found:
    """Parts of coordinating agencies that were asked, not sent and past their term, in inquiries not finished."""
    one, moment = Participation, sa.bindparam("late_part_at", as_of, Participation.ends_at.type)
    query = _joined(_named().select_from(Inquiry).join(one, one.inquiry_id == Inquiry.id))
    query = query.add_columns(
        one.agency_id, one.due_on, one.due_at, one.ends_at, Inquiry.due_at.label("case_due_at")
    ).where(
        visible_to(actor),
        one.part == Part.COORDINATING,
        sa.or_(one.ended_at.is_(None), one.ended_at > moment),
        one.ends_at <= moment,
        one.ends_at <= sa.func.coalesce(one.sent_at, one.ends_at),  # an index has just these: late, or never sent
        sa.func.coalesce(one.sent_at, moment) >= moment,
        sa.func.coalesce(Inquiry.finished_at, moment) >= moment,
    )
    if as_of > now - NEAR:
        case = sa.orm.aliased(Inquiry)
        unfinished = sa.select(case.id).where(case.finished_at.is_(None))
        query = query.where(
            one.inquiry_id.in_(unfinished.union_all(sa.select(case.id).where(case.finished_at >= moment)))
        )
    found: Found = []
    for row in _execute(query.order_by(one.id + sa.literal_column("0"))):  # found by the index, then put in order
        owed = Owed(DueTime(row.due_on, row.due_at, row.ends_at), None)
        delay = delay_of(owed, until=as_of, calendar=calendar, by_hours=row.case_due_at is not None)
        if delay is not None:
            found.append((row.agency_id, _item(row, LateKind.PART, delay)))
    return found


def _execute(query: sa.Select) -> Sequence[sa.Row]:
    return db.session.execute(query).all()


def _item(row: Any, kind: LateKind, delay: Delay, lateness: Lateness | None = None) -> LateItem:
    due = row.due_on or row.due_at or row.ends_at
    code = write_number(row.year, row.number)
    return LateItem(row.id, code, row.subject, row.outlet, row.lead, kind, due, delay, lateness)
