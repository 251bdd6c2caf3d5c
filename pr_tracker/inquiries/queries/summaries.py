"""Figures of a period: whole months from the summaries, what is open and the days beside them counted live.

All in one statement, so that what is finished meanwhile is counted once. Where a filter or the reader's own part asks
for more than the summaries tell apart, all of it is counted live, by the same statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_summaries import (
    COUNTED,
    DAYS,
    MEASURES,
    MONTH,
    NOBODY,
    Carried,
    Change,
    MonthOfAgency,
    MonthOfKind,
)
from pr_tracker.inquiries.queries.lists import Filters, conditions, is_paused, of_text
from pr_tracker.inquiries.rules import OPEN
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.inquiries.rules_months import ONE_DAY, Pieces, month_of, pieces_of
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.permissions import Permission


class By(Enum):
    """What tells the lines apart."""

    AGENCY = "agency_id"  # NOBODY where none leads
    KIND = "kind"
    MONTH = "month"  # of receipt: 202611
    NOTHING = "whole"


_ONE, _NONE = (sa.literal_column(number, sa.Integer) for number in "10")
# What only an open inquiry counts as.
RUNNING, OVERDUE, PAUSED = "running", "overdue", "paused"
STANDING = tuple(f"stands_{status.value}" for status in sorted(OPEN))
SUMS = (*COUNTED, RUNNING, OVERDUE, PAUSED, *STANDING)


class OfficeMonth(FunctionElement[int]):
    """The office's month of an instant, as the summaries have it."""

    type = sa.Integer()
    inherit_cache = True


@compiles(OfficeMonth)
def _office_month(element: OfficeMonth, compiler: Any, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return MONTH[compiler.dialect.name].format(instant)


def sums(filters: Filters, actor: Person | None, now: datetime, by: By) -> Sequence[sa.Row]:
    """(key, *SUMS) for what the list of these filters holds, its text too; a key of which there is none is left out."""
    pieces, parts = _pieces(filters, actor, by, office_day(now)), [_open(filters, actor, now, by)]
    if pieces is None:
        parts.append(_finished(filters, actor, now, by, 1))
    else:
        for each in pieces.days:
            beside = replace(filters, since=each.since, until=each.before - ONE_DAY)
            parts.append(_finished(beside, actor, now, by, each.times))
        if pieces.first is not None:
            for table in (_months_for(filters, by), Change):
                lines = sa.select(_key_of(table, by), *(_sum_of(table, name) for name in SUMS))
                parts.append(lines.where(table.month.between(pieces.first, pieces.last), *_of(table, filters)))
    every = sa.union_all(*parts).subquery()
    query = sa.select(every.c.key, *(sa.func.sum(every.c[name]).label(name) for name in SUMS)).group_by(every.c.key)
    return [row for row in db.session.execute(query) if row.cases]


def carried_into(first: date, filters: Filters, actor: Person | None, now: datetime) -> dict[int, int]:
    """By lead agency: what came before a month and was not finished when it began. `filters` has an agency at most."""
    month = month_of(first)
    asked = (Inquiry.received_at < office_instant(first), *conditions(filters, actor, now))
    agency = sa.func.coalesce(Inquiry.lead_agency_id, NOBODY)
    parts = [sa.select(agency.label("key"), _ONE.label("cases")).where(Inquiry.finished_at.is_(None), *asked)]
    if sees_led_by(filters.agency_id, actor):
        parts.append(sa.select(Carried.agency_id, Carried.cases).where(Carried.month == month, *_of(Carried, filters)))
        through = (Change.month < month, Change.finished_month >= month)
        parts.append(sa.select(Change.agency_id, Change.cases).where(*through, *_of(Change, filters)))
    else:
        later = Inquiry.finished_at >= office_instant(first)
        parts.append(sa.select(agency, _ONE).where(later, *asked))
    lines = sa.union_all(*parts).subquery()
    query = sa.select(lines.c.key, sa.func.sum(lines.c.cases)).group_by(lines.c.key)
    return {row[0]: row[1] for row in db.session.execute(query) if row[1]}


def sees_led_by(agency_id: int | None, actor: Person | None) -> bool:
    """Whether all that an agency leads, or everybody (None), is this reader's to see."""
    if actor is None:
        return True
    return actor.may(Permission.INQUIRY_VIEW) and (actor.sees_all or agency_id == actor.agency_id)


def _pieces(filters: Filters, actor: Person | None, by: By, today: date) -> Pieces | None:
    """The period taken apart; None where the summaries do not tell apart what is asked."""
    since, until = filters.since, filters.until
    known = Filters(since=since, until=until, agency_id=filters.agency_id, kind=filters.kind)
    of_kinds = by is By.KIND or filters.kind is not None
    if since is None or until is None or filters != known or not sees_led_by(filters.agency_id, actor):
        return None
    return None if of_kinds and (filters.agency_id is not None or by is By.AGENCY) else pieces_of(since, until, today)


def _months_for(filters: Filters, by: By) -> type[MonthOfAgency] | type[MonthOfKind]:
    return MonthOfKind if by is By.KIND or filters.kind is not None else MonthOfAgency


def _of(table: Any, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on a summary."""
    found = [] if filters.agency_id is None else [table.agency_id == filters.agency_id]
    return found if filters.kind is None else [*found, table.kind == filters.kind.value]


def _key_of(table: Any, by: By) -> sa.ColumnElement[Any]:
    column = _ONE if by is By.NOTHING else getattr(table, by.value)
    return column.label("key")


def _sum_of(table: Any, name: str) -> sa.ColumnElement[int]:
    return (getattr(table, name) if name in COUNTED else _NONE).label(name)


def _live(by: By, counted: Mapping[str, sa.ColumnElement[int]]) -> sa.Select[Any]:
    keys: dict[By, sa.ColumnElement[Any]] = {
        By.AGENCY: sa.func.coalesce(Inquiry.lead_agency_id, NOBODY),
        By.KIND: sa.cast(Inquiry.kind, sa.String),
        By.MONTH: OfficeMonth(Inquiry.received_at),
        By.NOTHING: _ONE,
    }
    columns = (counted.get(name, _NONE).label(name) for name in SUMS)
    return sa.select(keys[by].label("key"), *columns).select_from(Inquiry)


def _finished(filters: Filters, actor: Person | None, now: datetime, by: By, times: int) -> sa.Select[Any]:
    """What is finished of a list, one by one."""
    once = sa.literal_column(str(times), sa.Integer)
    measured = {name: sa.literal_column(what.format("inquiries"), sa.Boolean) for name, what in MEASURES.items()}
    counted = {"cases": once} | {name: sa.case((what, once), else_=_NONE) for name, what in measured.items()}
    counted |= {name: getattr(Inquiry, name) * once for name in DAYS}
    return _live(by, counted).where(Inquiry.finished_at.is_not(None), *asked_of(filters, actor, now))


def _open(filters: Filters, actor: Person | None, now: datetime, by: By) -> sa.Select[Any]:
    """What is open of a list, one by one: found by its being open, however long the period is."""
    moment = sa.bindparam("open_at", now, Inquiry.ends_at.type)
    standing = {f"stands_{status.value}": Inquiry.status == status for status in sorted(OPEN)}
    measured = standing | {
        RUNNING: Inquiry.ends_at > moment,
        OVERDUE: Inquiry.ends_at <= moment,
        PAUSED: is_paused(now),
        "stopped": Inquiry.stopped_days > 0,
        "extended": Inquiry.extended_days > 0,
        "forwarded": Inquiry.kind == Kind.FORWARDED_OPINION,
    }
    counted = {"cases": _ONE} | {name: sa.case((what, _ONE), else_=_NONE) for name, what in measured.items()}
    counted |= {name: getattr(Inquiry, name) for name in DAYS}
    received = sa.func.coalesce(Inquiry.received_at, None, type_=Inquiry.received_at.type)  # no index is walked for it
    within = [] if filters.since is None else [received >= office_instant(filters.since)]
    within += [] if filters.until is None else [received < office_instant(filters.until + ONE_DAY)]
    whenever = replace(filters, since=None, until=None)
    return _live(by, counted).where(
        Inquiry.finished_at.is_(None), *within, *asked_of(whenever, actor, now, listed=filters)
    )


def asked_of(
    filters: Filters, actor: Person | None, now: datetime, *, listed: Filters | None = None
) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on Inquiry, the searched text among them, as the list of these filters is searched."""
    found = conditions(filters, actor, now)
    if filters.text:
        found.append(
            Inquiry.id.in_(sa.select(Inquiry.id).correlate(None).where(of_text(listed or filters, actor, now)))
        )
    return found
