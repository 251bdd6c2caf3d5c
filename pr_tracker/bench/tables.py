"""Write many rows at the speed of the engine: no index, trigger or foreign key in the way meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from pr_tracker.bench.sheets import COLUMNS_OF, Rows
from pr_tracker.db import db
from pr_tracker.inquiries.models import SEARCH_WORDS_ANEW


QUICK = (
    "journal_mode=OFF",
    "locking_mode=EXCLUSIVE",
    "synchronous=OFF",
    "foreign_keys=OFF",
    "ignore_check_constraints=ON",
    "cache_size=-200000",
    "temp_store=MEMORY",
)


class SqliteFilling:
    """A SQLite database while it is filled; what was dropped is made anew at the end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._anew: list[str] = []
        self._inserts = {
            table: f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            for table, names in COLUMNS_OF.items()
        }

    def begin(self) -> None:
        """Take indexes and triggers away, and care for nothing but speed: an interrupted fill is thrown away."""
        for pragma in QUICK:
            self.connection.execute(f"PRAGMA {pragma}").fetchall()
        tables = tuple(COLUMNS_OF)
        marks = ",".join("?" * len(tables))
        found = self.connection.execute(
            f"SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "  # noqa: S608
            f"AND tbl_name IN ({marks})",
            tables,
        ).fetchall()
        for kind, name, sql in found:
            self.connection.execute(f'DROP {kind} "{name}"')
            self._anew.append(sql)

    def write(self, rows: Rows) -> None:
        """Append the rows and empty the sheets."""
        self.connection.execute("BEGIN")
        for table, of_table in rows.items():
            if of_table:
                self.connection.executemany(self._inserts[table], of_table)
                of_table.clear()
        self.connection.execute("COMMIT")

    def end(self) -> None:
        """Indexes, search and triggers again, and everything checked."""
        for sql in sorted(self._anew, key=lambda each: "TRIGGER" in each[:20].upper()):
            self.connection.execute(sql)
        self.connection.execute("INSERT INTO statement_search_index(statement_search_index) VALUES ('rebuild')")
        for sql in SEARCH_WORDS_ANEW:
            self.connection.execute(sql)
        self.connection.execute("ANALYZE")


@contextmanager
def filling() -> Iterator[Any]:
    """The database of the app, ready to be filled; everything that was committed stays."""
    db.session.commit()
    db.session.remove()
    db.engine.dispose()  # nobody else is connected: the journal can be switched off
    raw: Any = db.engine.raw_connection()
    try:
        target = SqliteFilling(raw.driver_connection)
        target.begin()
        yield target
        target.end()
    finally:
        raw.close()
        db.engine.dispose()  # the next connection has its usual settings


def last_ids() -> dict[str, int]:
    """The greatest id of every table that has one."""
    return {
        table: db.session.scalar(sa.text(f"SELECT COALESCE(MAX(id), 0) FROM {table}"))  # noqa: S608
        for table, names in COLUMNS_OF.items()
        if names[0] == "id"
    }
