"""flask db copy: a whole desk from one database into another, of either engine, while the first is in use.

One snapshot of FROM, streamed; all or nothing in TO: one transaction, undone unless every table, read again, has the
digest that it had. Attachments are files and stay where they are.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from pr_tracker import planner
from pr_tracker.backups.lines import lines_of, put_lines
from pr_tracker.backups.making import not_in_folder
from pr_tracker.backups.manifest import NotRestorable
from pr_tracker.backups.restoring import (
    count_on,
    require_empty,
    require_same_tables,
    revisions,
    stand_at,
    without_references,
)
from pr_tracker.backups.snapshot import Snapshot, ordered, reflected, snapshot
from pr_tracker.config import database_address, engine_options
from pr_tracker.db import db, elsewhere

_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    "postgresql": "SELECT quote_ident(indexname), indexdef FROM pg_indexes WHERE schemaname = 'public' "
    "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname AND contype IN ('p', 'u')) ORDER BY 1",
}


@dataclass(frozen=True)
class Copied:
    """A table that lies in TO as it lay in FROM."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True)
class Copy:
    """What came over, attachments that are not in their folder, and what FROM's log has gained meanwhile."""

    tables: tuple[Copied, ...]
    missing: tuple[str, ...]
    acts_since: int

    @property
    def rows(self) -> int:
        """How many rows, of all tables."""
        return sum(copied.rows for copied in self.tables)


@contextmanager
def opened(address: str, *, must_exist: bool) -> Iterator[sa.Engine]:
    """The database at an address as PR_TRACKER_DATABASE_URL takes it. Raises NotRestorable."""
    url = _url(address, must_exist)
    options = engine_options(url.drivername, pgbouncer=current_app.config["PR_TRACKER_PGBOUNCER"])
    if url.get_backend_name() == "postgresql":
        options["connect_args"]["client_encoding"] = "utf8"  # else a database of plain octets cannot even be asked
    engine = sa.create_engine(url, **options)
    try:
        _require_within_reach(engine)
        yield engine
    finally:
        engine.dispose()


def _require_within_reach(engine: sa.Engine) -> None:
    try:
        with engine.connect() as connection:
            sqlite = engine.dialect.name == "sqlite"
            letters = "UTF8" if sqlite else connection.scalar(sa.text("SHOW server_encoding"))
    except DatabaseError as error:
        why = str(error.orig).splitlines()[0]
        raise NotRestorable(f"{engine.url.render_as_string()} cannot be used: {why}") from None
    if letters != "UTF8":
        raise NotRestorable(f"{engine.url.render_as_string()} keeps {letters}: make it by createdb --encoding UTF8.")


def _url(address: str, must_exist: bool) -> sa.URL:
    try:
        url = sa.make_url(database_address(address))
    except (ValueError, sa.exc.ArgumentError) as error:
        why = error if isinstance(error, ValueError) else "cannot be read"
        raise NotRestorable(f"The address of a database {why}.") from None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise NotRestorable("A SQLite database is named by its file: sqlite:////srv/press.sqlite3.")
        path = Path(current_app.instance_path, url.database)  # as the setting understands it
        if must_exist and not path.is_file():
            raise NotRestorable(f"There is no database {path}.")
        if not path.parent.is_dir():
            raise NotRestorable(f"There is no folder {path.parent}.")
        url = url.set(database=str(path))
    return url


@contextmanager
def working_on(engine: sa.Engine) -> Iterator[None]:
    """In here db.engine, and a db.session of its own, are of another database than that of the settings."""
    token = elsewhere.set(engine)
    try:
        with current_app.app_context():  # sessions go by application context
            yield
    finally:
        elsewhere.reset(token)


def copy_desk(source: sa.Engine, target: sa.Engine, *, uploads: Path, told: Callable[[Copied], object]) -> Copy:
    """Copy everything; `told` hears of each table. Raises NotRestorable, and TO stays empty."""
    if source.url == target.url:
        raise NotRestorable("FROM and TO are the same database.")
    with working_on(source), snapshot() as taken:
        if taken.revision not in revisions():
            raise NotRestorable(f"FROM is of a newer version of this program (its database is at {taken.revision}).")
        with working_on(target):
            require_empty()
            stand_at(taken.revision)
            tables = _copy_tables(taken, told)
            stand_at(revisions()[-1])
            _let_the_planner_know()
        missing, last = not_in_folder(taken, uploads), _last_act(taken.connection)
    with working_on(source), snapshot() as later:
        return Copy(tables, missing, _last_act(later.connection) - last)


def _let_the_planner_know() -> None:
    """From the first page on it goes by how much there is of what."""
    if db.engine.dialect.name == "sqlite":
        planner.look()
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _copy_tables(taken: Snapshot, told: Callable[[Copied], object]) -> tuple[Copied, ...]:
    with db.engine.connect() as connection, without_references(connection):
        tables = reflected(connection)
        require_same_tables(tables, {name: _columns(table) for name, table in taken.tables.items()})
        with _without_indexes(connection):
            sent = {name: _send(taken, connection, table) for name, table in tables.items()}
        copied = tuple(_compared(connection, tables[name], sent[name], told) for name in tables)
        count_on(connection, tables)
    return copied


def _columns(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in ordered(table))


def _send(taken: Snapshot, connection: sa.Connection, table: sa.Table) -> Copied:
    seen = _Seen(lines_of(taken.connection, taken.tables[table.name]))
    with _naming(table, taken.connection, connection):
        put_lines(connection, table, seen)
    return seen.as_of(table)


def _compared(connection: sa.Connection, table: sa.Table, sent: Copied, told: Callable[[Copied], object]) -> Copied:
    seen = _Seen(lines_of(connection, table))
    with _naming(table, connection):
        for _batch in seen:
            pass
    found = seen.as_of(table)
    if found != sent:
        raise NotRestorable(f"{table.name} came out otherwise than it was: {found.rows} of {sent.rows} rows.")
    told(found)
    return found


class _Seen:
    """Counts and digests lines that go by."""

    def __init__(self, batches: Iterable[bytes]) -> None:
        self.batches, self.rows, self.sha = batches, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for batch in self.batches:
            self.rows += batch.count(b"\n")
            self.sha.update(batch)
            yield batch

    def as_of(self, table: sa.Table) -> Copied:
        return Copied(table.name, self.rows, self.sha.hexdigest())


@contextmanager
def _naming(table: sa.Table, *connections: sa.Connection) -> Iterator[None]:
    """Whatever one of these databases refuses, or holds that its column should not, is told with the table's name."""
    refusals: tuple[type[Exception], ...] = (SQLAlchemyError, *(one.dialect.loaded_dbapi.Error for one in connections))
    try:
        yield
    except refusals as error:
        raise NotRestorable(f"{table.name} cannot be copied: {str(error).splitlines()[0]}.") from None
    except (TypeError, ValueError, KeyError):  # whose words may quote a value
        raise NotRestorable(f"{table.name} cannot be copied: a value is not of its column's kind.") from None


@contextmanager
def _without_indexes(connection: sa.Connection) -> Iterator[None]:
    """Rows go in first: an index that is made at once costs a fraction of one that grows row by row."""
    indexes: list[Any] = list(connection.exec_driver_sql(_INDEXES[connection.dialect.name]))
    for name, _said in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, said in indexes:
        connection.exec_driver_sql(said)


def _last_act(connection: sa.Connection) -> int:
    last = connection.scalar(sa.select(sa.column("last_number")).select_from(sa.table("audit_head")))
    return last or 0
