"""Write many rows at the speed of the engine: no trigger or foreign key in the way meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import sqlalchemy as sa

from pr_tracker.bench.sheets import COLUMNS_OF, TABLES, Rows
from pr_tracker.db import db

QUICK = (
    "journal_mode=OFF",
    "locking_mode=EXCLUSIVE",
    "synchronous=OFF",
    "foreign_keys=OFF",
    "ignore_check_constraints=ON",
    "secure_delete=OFF",  # nothing is wiped from a page when rows move to another one
    "cache_size=-200000",
    "temp_store=MEMORY",
)


def named(sheet: str) -> str:
    """The table of a sheet with its columns, quoted: `right` is a word of SQL."""
    names = ", ".join([f'"{name}"' for name in COLUMNS_OF[sheet]])
    return f"{sheet.split()[0]} ({names})"


class Target(Protocol):
    """A database while it is filled."""

    def begin(self) -> None:
        """Take away what would slow it down."""

    def write(self, rows: Rows) -> None:
        """Append rows."""

    def end(self) -> None:
        """Make anew what was taken away."""


class SqliteTarget:
    """Nothing is cared for but speed: an interrupted fill is thrown away.

    Indexes stay: rows come in order, and the process that writes has time while the other makes the next.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._anew: list[str] = []
        self._inserts = {
            sheet: f"INSERT INTO {named(sheet)} VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            for sheet, names in COLUMNS_OF.items()
        }

    def begin(self) -> None:
        for pragma in QUICK:
            self.connection.execute(f"PRAGMA {pragma}").fetchall()
        found = self.connection.execute(
            "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, sql in [each[:2] for each in found if each[2] in TABLES]:
            self.connection.execute(f'DROP TRIGGER "{name}"')
            self._anew.append(sql)
        self.connection.execute("BEGIN")

    def write(self, rows: Rows) -> None:
        for sheet, of_sheet in rows.items():
            self.connection.executemany(self._inserts[sheet], of_sheet)

    def end(self) -> None:
        """Triggers, and what finds like statements; the journal is on again. Words of inquiries: bench.search."""
        self.connection.execute("COMMIT")
        for sql in self._anew:
            self.connection.execute(sql)
        self.connection.execute("INSERT INTO statement_search_index(statement_search_index) VALUES ('rebuild')")
        for pragma in ("locking_mode=NORMAL", "journal_mode=WAL"):
            self.connection.execute(f"PRAGMA {pragma}").fetchall()


FIELD, ROW, NOTHING = "\x1f", "\x1e", "\x1d"  # no text of ours has them; put in first, so that one pass escapes all


def copied(rows: list[tuple[Any, ...]]) -> str:
    """Rows in the text form of COPY."""
    lines = [
        FIELD.join([NOTHING if value is None else value if type(value) is str else str(value) for value in row])
        for row in rows
    ]
    text = ROW.join(lines).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return text.replace(NOTHING, "\\N").replace(FIELD, "\t").replace(ROW, "\n") + "\n"


class PostgresTarget:
    """COPY in one transaction: an interrupted fill leaves nothing of itself."""

    def __init__(self, connection: Any) -> None:
        self.cursor = connection.cursor()
        self.commit = connection.commit
        self._anew: list[str] = []

    def begin(self) -> None:
        for setting in ("timezone TO 'UTC'", "synchronous_commit TO off", "maintenance_work_mem TO '512MB'"):
            self.cursor.execute(f"SET LOCAL {setting}")
        for table in TABLES:
            self.cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self._drop(
            "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname), "
            "'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || "
            "pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)"
        )
        self._drop(
            "SELECT 'DROP INDEX ' || quote_ident(indexname), indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
            "AND schemaname = current_schema() "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))"
        )

    def _drop(self, query: str) -> None:
        for drop, anew in self.cursor.execute(query, (list(TABLES),)).fetchall():
            self.cursor.execute(drop)
            self._anew.insert(0, anew)  # keys after their indexes

    def write(self, rows: Rows) -> None:
        for sheet, of_sheet in rows.items():
            if of_sheet:
                with self.cursor.copy(f"COPY {named(sheet)} FROM STDIN") as copy:
                    copy.write(copied(of_sheet))

    def end(self) -> None:
        """Keys, indexes, triggers, sequences."""
        for statement in self._anew:
            self.cursor.execute(statement)
        for table in TABLES:
            self.cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            if COLUMNS_OF[table][0] == "id":
                last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
                self.cursor.execute(last)
        self.commit()


@contextmanager
def ready_for_rows() -> Iterator[Target]:
    """The database of the app, ready to be filled; everything that was committed stays."""
    db.session.remove()
    db.engine.dispose()  # nobody else is connected: SQLite's journal can be switched off
    raw: Any = db.engine.raw_connection()
    of_sqlite = db.engine.dialect.name == "sqlite"
    target: Target = SqliteTarget(raw.driver_connection) if of_sqlite else PostgresTarget(raw.driver_connection)
    try:
        target.begin()
        yield target
        target.end()
    finally:
        raw.close()
        db.engine.dispose()  # the next connection has its usual settings


@contextmanager
def unhurried() -> Iterator[None]:
    """Connections made meanwhile do not wait until rows reach SQLite's disk: the system writes them when it will."""

    def prepare(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=OFF")

    sa.event.listen(db.engine, "connect", prepare)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "connect", prepare)
        db.session.remove()
        db.engine.dispose()


def last_ids() -> dict[str, int]:
    """The greatest id of every table that has one."""
    return {
        table: db.session.scalar(sa.text(f"SELECT COALESCE(MAX(id), 0) FROM {table}"))  # noqa: S608
        for table in TABLES
        if COLUMNS_OF[table][0] == "id"
    }
