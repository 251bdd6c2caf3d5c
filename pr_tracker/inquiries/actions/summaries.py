"""The summaries behind figures: made anew from every inquiry, and kept short while the office works."""

from typing import Any

import sqlalchemy as sa

from pr_tracker.inquiries.models_summaries import COUNTED, LINE, line_of

_SUMS = ", ".join(COUNTED)
_ADDED_UP = ", ".join(f"SUM({name})" for name in COUNTED)
_PLAIN = {"no_parameters": True}  # a per cent sign is one


def recount(connection: sa.Connection) -> None:
    """Make the summaries anew from the inquiries as they stand. Commits nothing.

    On PostgreSQL whoever finishes an inquiry meanwhile waits; nobody who reads does.
    """
    _alone(connection, "summary_agencies", "summary_changes")
    for name in ("changes", "agencies", "kinds", "carried"):
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
        )
        return int(_run(connection, f"WITH RECURSIVE {', '.join(steps)} SELECT count(*) FROM gone").scalar_one())
    _run(connection, _by("agencies", "agency_id", "summary_changes"))
    _run(connection, _by("kinds", "kind", "summary_changes"))
    _run(connection, f"WITH RECURSIVE {_open_in('summary_changes')} {_carried()}")
    return _run(connection, "DELETE FROM summary_changes").rowcount


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


def _carried() -> str:
    return (
        "INSERT INTO summary_carried (month, agency_id, cases) SELECT month, agency_id, SUM(cases) FROM open_in "
        "WHERE true GROUP BY month, agency_id ORDER BY month, agency_id "
        "ON CONFLICT (month, agency_id) DO UPDATE SET cases = summary_carried.cases + excluded.cases"
    )
