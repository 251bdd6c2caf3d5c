"""Figures of a period: whole months from the summaries, what is open and the days beside them counted live.

All in one statement, so that what is finished meanwhile is counted once; each part of it is added up by itself, so that
few lines are put together. Where a filter or the reader's own part asks for more than the summaries tell apart, all of
it is counted live, by the same statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from functools import cache
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
from pr_tracker.inquiries.queries.filters import Filters, conditions, is_paused
from pr_tracker.inquiries.queries.lists import of_text
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
_NOBODY: sa.ColumnElement[int] = sa.literal_column(str(NOBODY), sa.Integer)
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=Inquiry.ends_at.type)
_AGENCY: sa.BindParameter[int] = sa.bindparam("agency")
# What only an open inquiry counts as.
IS_OPEN, RUNNING, OVERDUE, PAUSED = "open", "running", "overdue", "paused"
STANDING = tuple(f"stands_{status.value}" for status in sorted(OPEN))
SUMS = (*COUNTED, IS_OPEN, RUNNING, OVERDUE, PAUSED, *STANDING)
Names = tuple[str, ...]
Where = Iterable[sa.ColumnElement[bool]]


class OfficeMonth(FunctionElement[int]):
    """The office's month of an instant, as the summaries have it."""

    type = sa.Integer()
    inherit_cache = True


@compiles(OfficeMonth)
def _office_month(element: OfficeMonth, compiler: Any, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return MONTH[compiler.dialect.name].format(instant)


def sums(filters: Filters, actor: Person | None, now: datetime, by: By, names: Names = SUMS) -> Sequence[sa.Row]:
    """(key, *names) for what the list of these filters holds, its text too; a key of which there is none is left out.

    `names`: those of SUMS that are wanted, "cases" among them.
    """
    pieces = _pieces(filters, actor, by, office_day(now))
    if pieces is None or filters.since is None or filters.until is None:
        rows = db.session.execute(_live(filters, actor, now, by, names), {"now": now})
    else:
        asked: dict[str, Any] = {"now": now, "agency": filters.agency_id, "kind": filters.kind}
        asked |= {"first": pieces.first, "last": pieces.last}
        asked |= {"since": office_instant(filters.since), "before": office_instant(filters.until + ONE_DAY)}
        for number, each in enumerate(pieces.days):
            asked |= {f"since_{number}": office_instant(each.since), f"before_{number}": office_instant(each.before)}
        days, narrowed = tuple(each.times for each in pieces.days), (filters.agency_id is not None, bool(filters.kind))
        rows = db.session.execute(_kept(by, names, *narrowed, days, pieces.first is not None), asked)
    return [row for row in rows if row.cases]


@cache
def _kept(by: By, names: Names, of_agency: bool, of_kind: bool, days: tuple[int, ...], has_months: bool) -> sa.Select:
    """Of an agency, of a kind or of everything: whole months, and days that are added to them or taken away."""
    kind: sa.BindParameter[Any] = sa.bindparam("kind", type_=Inquiry.kind.type)
    where = [Inquiry.lead_agency_id == _AGENCY] if of_agency else []
    where += [Inquiry.kind == kind] if of_kind else []
    whose = [_led_by == _AGENCY, *where[1:]] if of_agency else where
    parts = [_open(by, names, [*whose, *_within(_received, "")])]
    for number, times in enumerate(days):
        parts.append(_finished(by, names, [*where, *_within(Inquiry.received_at, f"_{number}")], times))
    tables: list[Any] = [MonthOfKind if of_kind or by is By.KIND else MonthOfAgency, Change] if has_months else []
    for table in tables:
        asked = [table.month.between(sa.bindparam("first"), sa.bindparam("last"))]
        asked += [table.agency_id == _AGENCY] if of_agency else []
        asked += [table.kind == sa.cast(kind, sa.String)] if of_kind else []
        key = _ONE if by is By.NOTHING else getattr(table, by.value)
        parts.append(_summed(key, names, {name: getattr(table, name) for name in COUNTED}).where(*asked))
    return _together(parts, names)


def _live(filters: Filters, actor: Person | None, now: datetime, by: By, names: Names) -> sa.Select:
    """Any list, one by one; what is open is found by its being open, however long the period is."""
    whenever = asked_of(replace(filters, since=None, until=None, agency_id=None), actor, now, listed=filters)
    if filters.agency_id is not None:
        whenever.append(_led_by == filters.agency_id)
    if filters.since is not None:
        whenever.append(_received >= office_instant(filters.since))
    if filters.until is not None:
        whenever.append(_received < office_instant(filters.until + ONE_DAY))
    return _together([_open(by, names, whenever), _finished(by, names, asked_of(filters, actor, now))], names)


def carried_into(first: date, filters: Filters, actor: Person | None, now: datetime) -> dict[int, int]:
    """By lead agency: what came before a month and was not finished when it began. `filters` has an agency at most."""
    asked = {"month": month_of(first), "first": office_instant(first), "agency": filters.agency_id}
    if sees_led_by(filters.agency_id, actor):
        query = _carried(filters.agency_id is not None)
    else:
        came = (Inquiry.received_at < _FIRST, *conditions(filters, actor, now))
        still = (_received < _FIRST, *conditions(replace(filters, agency_id=None), actor, now))
        still = still if filters.agency_id is None else (*still, _led_by == _AGENCY)
        lines = [_led(Inquiry.finished_at.is_(None), *still), _led(Inquiry.finished_at >= _FIRST, *came)]
        query = _by_agency(lines)
    return {row[0]: row[1] for row in db.session.execute(query, asked) if row[1]}


_FIRST = sa.bindparam("first", type_=Inquiry.received_at.type)


@cache
def _carried(of_agency: bool) -> sa.Select:
    month: sa.BindParameter[int] = sa.bindparam("month")
    own = [_led_by == _AGENCY] if of_agency else []
    parts = [_led(Inquiry.finished_at.is_(None), _received < _FIRST, *own)]
    tables: tuple[tuple[Any, Where], ...] = (
        (Carried, [Carried.month == month]),
        (Change, [Change.month < month, Change.finished_month >= month]),
    )
    for table, then in tables:
        line = sa.select(table.agency_id.label("key"), table.cases.label("cases")).where(*then)
        parts.append(line.where(table.agency_id == _AGENCY) if of_agency else line)
    return _by_agency(parts)


def _led(*where: sa.ColumnElement[bool]) -> sa.Select:
    return sa.select(sa.func.coalesce(Inquiry.lead_agency_id, _NOBODY).label("key"), _ONE.label("cases")).where(*where)


def _by_agency(parts: Sequence[sa.Select]) -> sa.Select:
    lines = sa.union_all(*parts).subquery()
    return sa.select(lines.c.key, sa.func.sum(lines.c.cases)).group_by(lines.c.key)


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


# No index is walked for these: what is open is found by its being open.
_received = sa.func.coalesce(Inquiry.received_at, None, type_=Inquiry.received_at.type)
_led_by = sa.func.coalesce(Inquiry.lead_agency_id, None, type_=Inquiry.lead_agency_id.type)


def _within(received: Any, which: str) -> list[sa.ColumnElement[bool]]:
    since, before = (sa.bindparam(f"{end}{which}", type_=Inquiry.received_at.type) for end in ("since", "before"))
    return [received >= since, received < before]


def _key_of(by: By) -> sa.ColumnElement[Any]:
    keys: dict[By, sa.ColumnElement[Any]] = {
        By.AGENCY: sa.func.coalesce(Inquiry.lead_agency_id, _NOBODY),
        By.KIND: sa.cast(Inquiry.kind, sa.String),
        By.MONTH: OfficeMonth(Inquiry.received_at),
        By.NOTHING: _ONE,
    }
    return keys[by]


def _summed(key: sa.ColumnElement[Any], names: Names, counted: Mapping[str, Any]) -> sa.Select:
    """One line a key: what is counted, added up."""
    columns = ((sa.func.sum(counted[name]) if name in counted else _NONE).label(name) for name in names)
    query = sa.select(key.label("key"), *columns)
    return query if key is _ONE else query.group_by(key)


def _together(parts: Sequence[sa.Select], names: Names) -> sa.Select:
    lines = sa.union_all(*parts).subquery()
    columns = (sa.cast(sa.func.sum(lines.c[name]), sa.BigInteger).label(name) for name in names)
    return sa.select(lines.c.key, *columns).group_by(lines.c.key)


def _finished(by: By, names: Names, where: Where, times: int = 1) -> sa.Select:
    """What is finished of a list, one by one."""
    once = sa.literal_column(str(times), sa.Integer)
    measured = {name: sa.literal_column(what.format("inquiries"), sa.Boolean) for name, what in MEASURES.items()}
    counted: dict[str, Any] = {"cases": once} | {
        name: sa.case((what, once), else_=_NONE) for name, what in measured.items()
    }
    counted |= {name: getattr(Inquiry, name) * once for name in DAYS}
    return _summed(_key_of(by), names, counted).where(Inquiry.finished_at.is_not(None), *where)


def _open(by: By, names: Names, where: Where) -> sa.Select:
    """What is open of a list at the bound moment `now`, one by one."""
    measured = {f"stands_{status.value}": Inquiry.status == status for status in sorted(OPEN)} | {
        RUNNING: Inquiry.ends_at > _NOW,
        OVERDUE: Inquiry.ends_at <= _NOW,
        PAUSED: is_paused(_NOW),
        "stopped": Inquiry.stopped_days > 0,
        "extended": Inquiry.extended_days > 0,
        "forwarded": Inquiry.kind == Kind.FORWARDED_OPINION,
    }
    counted: dict[str, Any] = {"cases": _ONE, IS_OPEN: _ONE}
    counted |= {name: sa.case((what, _ONE), else_=_NONE) for name, what in measured.items()}
    counted |= {name: getattr(Inquiry, name) for name in DAYS}
    return _summed(_key_of(by), names, counted).where(Inquiry.finished_at.is_(None), *where)


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
