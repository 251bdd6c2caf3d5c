"""The floor of a page: its very statements by plain sqlite3 or psycopg, and its very bytes by a bare function.

What a page asks is recorded in this process, by the same application over the same database.
"""

import contextlib
import sqlite3
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.factory import create_app
from tests.statements import NOT_COUNTED


class Spent(NamedTuple):
    """Milliseconds of a wall clock, and of this process's processor time."""

    wall: float
    cpu: float


@dataclass
class Recorded:
    """What one request sent to the database, and the bytes it gave."""

    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    body: bytes = b""
    status: int = 0
    onward: str = ""


class Recorder:
    """The application in this process; readers are known by the cookies the server gave them."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.app = create_app(settings)
        self.client = self.app.test_client(use_cookies=False)

    def ask(self, method: str, path: str, cookies: dict[str, str], fields: dict[str, str] | None = None) -> Recorded:
        """One request, and what it sent."""
        recorded = Recorded()

        def note(_connection, _cursor, statement, parameters, _context, many):
            if not statement.lstrip().upper().startswith((*NOT_COUNTED, "ROLLBACK")):
                listed = many and isinstance(parameters, list) and isinstance(parameters[0], tuple | dict)
                recorded.statements.append((statement, parameters, listed))  # else several rows in one statement

        header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            answer = self.client.open(path, method=method, headers=header, data=fields)
            recorded.body, recorded.status = answer.data, answer.status_code
            recorded.onward = answer.headers.get("Location", "")
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return recorded

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """What acts write in here is taken back at the end, so that the floor can write it again."""
        engines, options = db._app_engines[self.app], db.session.session_factory.kw
        engine = engines[None]
        counters = _counters(engine)
        options["join_transaction_mode"] = "create_savepoint"
        with engine.connect() as connection, connection.begin() as outer:
            engines[None], connection.url = connection, engine.url
            try:
                yield
            finally:
                engines[None] = engine
                outer.rollback()
        del options["join_transaction_mode"]
        _count_on(engine, counters)

    def close(self) -> None:
        for engine in db._app_engines[self.app].values():
            engine.dispose()


def _counters(engine: sa.Engine) -> list[sa.Row]:
    """PostgreSQL's sequences, which no rollback takes back."""
    if engine.dialect.name == "sqlite":
        return []
    query = "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    with engine.connect() as connection:
        return list(connection.execute(sa.text(query)))


def _count_on(engine: sa.Engine, counters: list[sa.Row]) -> None:
    if counters:
        with engine.begin() as connection:
            back = sa.text("SELECT setval(CAST(:name AS regclass), :last)")
            connection.execute(back, [{"name": name, "last": last} for name, last in counters])


class Plain:
    """A plain connection to the same database, with the settings of the application's own."""

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite"):
            self.connection: Any = sqlite3.connect(
                url.removeprefix("sqlite:///"), isolation_level=None, cached_statements=512
            )
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            import psycopg

            # The rollback that ends each page forgets what psycopg prepared: a page is never asked by a plan for any
            # value, so this must not be either.
            self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True, prepare_threshold=None)

    def replay(self, recorded: Recorded, end: str) -> Spent:
        """The statements in one transaction, every row fetched."""
        cursor, writes = self.connection.cursor(), end == "COMMIT"
        sqlite = isinstance(self.connection, sqlite3.Connection)
        started, used = time.perf_counter(), time.process_time()
        cursor.execute("BEGIN IMMEDIATE" if writes and sqlite else "BEGIN")
        for one in recorded.statements:
            _run(cursor, *one)
        cursor.execute(end)
        return Spent((time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000)

    def slowest(self, recorded: Recorded) -> tuple[float, str]:
        """Milliseconds of the reading statement that takes longest, and its text."""
        cursor, found = self.connection.cursor(), (0.0, "")
        for statement, parameters, many in recorded.statements:
            spent = []
            for _ in range(3):
                started = time.perf_counter()
                _run(cursor, statement, parameters, many)
                spent.append((time.perf_counter() - started) * 1000)
            found = max(found, (min(spent), " ".join(statement.split())))
        return found

    def close(self) -> None:
        self.connection.close()


def _run(cursor: Any, statement: str, parameters: Any, many: bool) -> None:
    if many:
        cursor.executemany(statement, parameters)
        return
    cursor.execute(statement, parameters)
    if cursor.description:
        cursor.fetchall()


def median_of(spent: Iterable[Spent]) -> Spent:
    """The median of each."""
    walls, cpus = zip(*spent, strict=True)
    return Spent(statistics.median(walls), statistics.median(cpus))
