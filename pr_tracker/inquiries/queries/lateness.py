"""Whose lateness it is, added up by agency: parts owed, parts late, cases late because of them.

Only cases with a part that was late need be looked at one by one: of every other late case the lead is late by its own
doing. The rule is rules_parts.whose_lateness, as for a single case.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries import calendar_of, calendar_state
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_parts import PartRound
from pr_tracker.inquiries.models_summaries import NOBODY, Change, MonthOfAgency, MonthOfLateness, Stale
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.parts import lateness_in
from pr_tracker.inquiries.queries.summaries import asked_of, sees_led_by
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_months import ONE_DAY, first_of, month_of, next_first
from pr_tracker.inquiries.rules_parts import Owed, PartOwed, late_part
from pr_tracker.office_time import office_instant

Doing = tuple[int, str]  # an agency, or NOBODY, and one of DOINGS
DOINGS = ("late_by_others", "made_late", "parts", "parts_late")
Cases = sa.Select[Any] | sa.CompoundSelect[Any]  # of ids
Where = Sequence[sa.ColumnElement[bool]]
KNOWN = Filters()  # what months are kept for: everybody's inquiries of a period


def doings_of(filters: Filters, actor: Person | None, now: datetime, calendar: sa.Row) -> Counter[Doing]:
    """Of the inquiries on the list of these filters: whole months as they are kept, everything else one by one.

    `calendar` is what calendar_state() gives.
    """
    since, until = filters.since, filters.until
    if (
        since is None
        or until is None
        or replace(filters, since=None, until=None) != KNOWN
        or not sees_led_by(None, actor)
    ):
        return by_whose_doing(sa.select(Inquiry.id).where(*asked_of(filters, actor, now)), now, calendar)
    last = first_of(until + ONE_DAY)  # the first day after the last whole month
    first = since if since == first_of(since) else next_first(since)
    kept = _kept(month_of(first), month_of(last), calendar) if first < last else {}
    live: list[Cases] = []
    begin = day = min(since, first)
    while day <= until:
        following = next_first(day)
        if day >= first and following <= last and month_of(day) in kept:
            live += _received(begin, day)
            begin = following
        day = following
    live += _received(begin, until + ONE_DAY)
    unfinished = sa.func.coalesce(Inquiry.received_at, None, type_=Inquiry.received_at.type)
    live.append(
        sa.select(Inquiry.id).where(
            Inquiry.finished_at.is_(None),
            unfinished >= office_instant(since),
            unfinished < office_instant(until + ONE_DAY),
        )
    )
    return sum(kept.values(), by_whose_doing(sa.union_all(*live) if len(live) > 1 else live[0], now, calendar))


def _received(since: date, before: date) -> list[Cases]:
    """What was received on these days and is finished; nothing for no day."""
    within = (Inquiry.received_at >= office_instant(since), Inquiry.received_at < office_instant(before))
    return [sa.select(Inquiry.id).where(*within, Inquiry.finished_at.is_not(None))] if since < before else []


def _kept(first: int, before: int, calendar: sa.Row) -> dict[int, Counter[Doing]]:
    """By month: what is kept and still holds, of what is finished."""
    changed = [sa.select(one.month).where(one.month >= first, one.month < before) for one in (Change, Stale)]
    kept = MonthOfLateness
    query = sa.select(kept).where(kept.month >= first, kept.month < before, kept.calendar == mark_of(calendar))
    found: dict[int, Counter[Doing]] = {}
    for row in db.session.execute(query.where(kept.month.not_in(sa.union_all(*changed)))).scalars():
        doings = found.setdefault(row.month, Counter())
        doings.update({(row.agency_id, name): getattr(row, name) for name in DOINGS})
    return found


def mark_of(calendar: sa.Row) -> str:
    """Which working calendar whole months were counted by."""
    return " ".join(str(fact) for fact in calendar)


def unsettled_months() -> list[int]:
    """Months of which something is finished and that are not kept, or no longer right; the newest first."""
    mark = mark_of(db.session.execute(calendar_state()).one())
    kept = sa.select(MonthOfLateness.month).where(MonthOfLateness.calendar == mark)
    stale = sa.select(Stale.month)
    month = MonthOfAgency.month
    query = sa.select(month).where(sa.or_(month.not_in(kept), month.in_(stale))).distinct()
    return list(db.session.scalars(query.order_by(month.desc())))


def by_whose_doing(cases: Cases, now: datetime, state: sa.Row) -> Counter[Doing]:
    """Of these inquiries: three statements, and a look at each of them with a late part."""
    one = Participation
    where = (one.inquiry_id.in_(cases), one.part == Part.COORDINATING)
    parts = sa.select(one.agency_id, sa.func.count()).where(*where).group_by(one.agency_id)
    found: Counter[Doing] = Counter({(row[0], "parts"): row[1] for row in db.session.execute(parts)})
    calendar = calendar_of(state)
    for case, own in _with_late_parts(where, now):
        until, by_hours = case.finished_at or now, case.due_at is not None
        for part in own:
            if late_part(part, until=until, calendar=calendar, by_hours=by_hours):
                found[part.agency_id, "parts_late"] += 1
        lateness = lateness_in(case, own, calendar, now)
        if lateness is not None and lateness.because_of is not None:
            found[case.lead_agency_id or NOBODY, "late_by_others"] += 1
            found[lateness.because_of.agency_id, "made_late"] += 1
    return found


def _with_late_parts(asked: Where, now: datetime) -> list[tuple[Any, list[PartOwed]]]:
    """Each of these inquiries that has a part that is or was late, with all those parts."""
    one, moment = Participation, sa.bindparam("doing_at", now, Participation.ends_at.type)
    before = sa.orm.aliased(PartRound)
    asked_before = sa.exists().where(before.participation_id == one.id, before.ends_at.is_not(None))
    late = sa.or_(sa.func.coalesce(one.sent_at, moment) >= one.ends_at, asked_before)
    of_parts = sa.select(one.id, one.inquiry_id, one.agency_id, one.ended_at, one.sent_at)
    of_parts = of_parts.add_columns(one.due_on, one.due_at, one.ends_at)
    of_parts = of_parts.add_columns(
        *(
            getattr(Inquiry, name).label(f"case_{name}")
            for name in ("due_on", "due_at", "ends_at", "finished_at", "lead_agency_id")
        )
    )
    where = (*asked, late)
    rows = db.session.execute(of_parts.join(Inquiry, Inquiry.id == one.inquiry_id).where(*where).order_by(one.id)).all()
    earlier = _earlier_rounds(where) if rows else {}
    cases: dict[int, tuple[Any, list[PartOwed]]] = {}
    for row in rows:
        case = SimpleNamespace(
            due_on=row.case_due_on,
            due_at=row.case_due_at,
            ends_at=row.case_ends_at,
            finished_at=row.case_finished_at,
            lead_agency_id=row.case_lead_agency_id,
        )
        newest = Owed(DueTime(row.due_on, row.due_at, row.ends_at), row.sent_at)
        part = PartOwed(row.id, row.agency_id, "", (*earlier.get(row.id, ()), newest), row.ended_at)
        cases.setdefault(row.inquiry_id, (case, []))[1].append(part)
    return list(cases.values())


def _earlier_rounds(where: Where) -> dict[int, list[Owed]]:
    """By part: the times before the newest that its agency was asked."""
    one = PartRound
    query = sa.select(one.participation_id, one.due_on, one.due_at, one.ends_at, one.answered_at)
    query = query.join(Participation, Participation.id == one.participation_id).where(one.ends_at.is_not(None), *where)
    found: dict[int, list[Owed]] = defaultdict(list)
    for row in db.session.execute(query.order_by(one.participation_id, one.number)):
        found[row.participation_id].append(Owed(DueTime(row.due_on, row.due_at, row.ends_at), row.answered_at))
    return found
