"""The summaries behind figures: made anew from every inquiry, and kept short while the office works."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.queries import calendar_state
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_summaries import COUNTED, LINE, NOBODY, MonthOfLateness, Stale, line_of
from pr_tracker.inquiries.queries.lateness import DOINGS, by_whose_doing, mark_of
from pr_tracker.inquiries.rules_months import next_first
from pr_tracker.office_time import office_instant

_SUMS = ", ".join(COUNTED)
_ADDED_UP = ", ".join(f"SUM({name})" for name in COUNTED)
_PLAIN = {"no_parameters": True}  # a per cent sign is one


def recount(connection: sa.Connection) -> None:
    """Make the summaries anew from the inquiries as they stand. Commits nothing.

    On PostgreSQL whoever finishes an inquiry meanwhile waits; nobody who reads does. Marks of stale months are written
    freely: whoever has written one and then has a line to write would wait for us, and we for them. A mark that comes
    meanwhile stays, so that its month is counted once more.
    """
    _alone(connection, "summary_agencies", "summary_lateness", "summary_changes")
    for name in ("changes", "agencies", "kinds", "carried", "lateness", "stale"):
        _run(connection, f"DELETE FROM summary_{name}")
    values = [
        f"{value} AS {name}" for name, value in zip(LINE, line_of("inquiries", connection.dialect.name), strict=True)
    ]
    source = f"(SELECT {', '.join(values)} FROM inquiries WHERE finished_at IS NOT NULL)"
    for statement in (_by("agencies", "agency_id", source), _by("kinds", "kind", source)):
        _run(connection, statement)
    _run(connection, f"WITH RECURSIVE {_open_in(source)} {_carried()}")


def fold(connection: sa.Connection) -> int:
    """Add the lines of changes to the months; returns how many there were. Commits nothing.

    Figures are the same before, after and meanwhile. Of several at once one works and the others wait for it.
    """
    _alone(connection, "summary_agencies")
    if connection.dialect.name == "postgresql":  # in one statement: it adds just the lines that it takes away
        steps = (
            "gone AS (DELETE FROM summary_changes RETURNING *)",
            _open_in("gone"),
            f"added AS ({_by('agencies', 'agency_id', 'gone')})",
            f"of_kinds AS ({_by('kinds', 'kind', 'gone')})",
            f"open_before AS ({_carried()})",
            f"marked AS ({_changed('gone')})",
        )
        return int(_run(connection, f"WITH RECURSIVE {', '.join(steps)} SELECT count(*) FROM gone").scalar_one())
    _run(connection, _by("agencies", "agency_id", "summary_changes"))
    _run(connection, _by("kinds", "kind", "summary_changes"))
    _run(connection, f"WITH RECURSIVE {_open_in('summary_changes')} {_carried()}")
    _run(connection, _changed("summary_changes"))
    return _run(connection, "DELETE FROM summary_changes").rowcount


def settle(month: int, now: datetime) -> None:
    """Count anew whose doing lateness was, of what is finished of a month of receipt. Commits nothing.

    Marks that come while it counts stay, so that the month is counted once more.
    """
    _alone(db.session.connection(), "summary_lateness")
    seen = db.session.scalars(sa.select(Stale.id).where(Stale.month == month)).all()
    first = date(month // 100, month % 100, 1)
    within = (Inquiry.received_at >= office_instant(first), Inquiry.received_at < office_instant(next_first(first)))
    calendar, kept = db.session.execute(calendar_state()).one(), MonthOfLateness
    key = {"month": month, "calendar": mark_of(calendar)}
    doings = by_whose_doing(sa.select(Inquiry.id).where(*within, Inquiry.finished_at.is_not(None)), now, calendar)
    db.session.execute(sa.delete(kept).where(kept.month == month))
    rows = [
        {**key, "agency_id": each, **{name: doings[each, name] for name in DOINGS}}
        for each in sorted({NOBODY, *(agency_id for agency_id, _ in doings)})
    ]
    db.session.execute(sa.insert(kept), rows)
    for at in range(0, len(seen), 1000):
        db.session.execute(sa.delete(Stale).where(Stale.id.in_(seen[at : at + 1000])))


def _run(connection: sa.Connection, statement: str) -> sa.CursorResult[Any]:
    return connection.exec_driver_sql(statement, execution_options=_PLAIN)


def _alone(connection: sa.Connection, *tables: str) -> None:
    """Nobody else changes these tables until the end of the transaction; on SQLite a writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            _run(connection, f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _by(name: str, key: str, source: str) -> str:
    """Add the lines of a source up by month and `key`, onto what stands there."""
    onto = ", ".join(f"{each} = summary_{name}.{each} + excluded.{each}" for each in COUNTED)
    return (
        f"INSERT INTO summary_{name} (month, {key}, {_SUMS}) SELECT month, {key}, {_ADDED_UP} FROM {source} AS lines "
        f"WHERE true GROUP BY month, {key} ORDER BY month, {key} ON CONFLICT (month, {key}) DO UPDATE SET {onto}"
    )


def _open_in(source: str) -> str:
    """The table open_in: each month after that of receipt, up to that of the end, with what it found open."""
    then = "CASE WHEN month % 100 = 12 THEN month + 89 ELSE month + 1 END"
    return (
        f"open_in AS (SELECT {then} AS month, finished_month, agency_id, cases FROM {source} AS lines "
        f"WHERE finished_month > month UNION ALL "
        f"SELECT {then}, finished_month, agency_id, cases FROM open_in WHERE month < finished_month)"
    )


def _changed(source: str) -> str:
    return f"INSERT INTO summary_stale (month) SELECT DISTINCT month FROM {source} AS lines"


def _carried() -> str:
    return (
        "INSERT INTO summary_carried (month, agency_id, cases) SELECT month, agency_id, SUM(cases) FROM open_in "
        "WHERE true GROUP BY month, agency_id ORDER BY month, agency_id "
        "ON CONFLICT (month, agency_id) DO UPDATE SET cases = summary_carried.cases + excluded.cases"
    )
