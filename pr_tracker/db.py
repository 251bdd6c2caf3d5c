"""The database: one declarative base, the column types that keep the house rules, and SQLite's settings."""

import re
import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, SessionTransaction

from pr_tracker.text import nfc

Kept = TypeVar("Kept")
_REPEATABLE_READ = 3  # as psycopg counts; an office on SQLite has no psycopg
_READ = "read_once"  # where a session keeps what its transaction has read once
_FLUSHING = "flushing"  # and that it is writing its objects
_SESSION = "session"  # where a connection keeps what its session keeps
_READS = ("SELECT", "SAVEPOINT", "RELEASE")
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = sa.MetaData(naming_convention=NAMING)


elsewhere: ContextVar[sa.Engine | None] = ContextVar("elsewhere", default=None)


class Database(SQLAlchemy):
    """The database of the settings, or for a while another one."""

    @property
    def engines(self) -> Mapping[str | None, sa.Engine]:
        other = elsewhere.get()
        return super().engines if other is None else {None: other}


# A copy from which reports are read (web/replica.py); whoever writes goes to the database itself.
copy_to_read: ContextVar[sa.Engine | None] = ContextVar("copy_to_read", default=None)


class DeskSession(Session):
    """Flask-SQLAlchemy's session, which may read from a copy of the database."""

    def get_bind(self, *args: Any, **facts: Any) -> Any:
        """The engine of the next statement."""
        return copy_to_read.get() or super().get_bind(*args, **facts)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """As everywhere; whether what it writes is read once, it tells itself: see _forget_what_changed."""
        outer, self.info[_FLUSHING] = self.info.get(_FLUSHING), True
        try:
            super().flush(objects)
        finally:
            self.info[_FLUSHING] = outer


db = Database(model_class=Base, session_options={"class_": DeskSession})


def rows_of(query: sa.Executable, given: Mapping[str, Any] | None = None) -> list[sa.Row]:
    """The rows of a statement that asks for columns: as db.session.execute(), without the way round by the objects."""
    session = db.session()
    session.flush()
    return list(session.connection().execute(query, given).all())


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in storage. Refuses naive values with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime may not be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NfcString(sa.types.TypeDecorator[str]):
    """Text in composed form, without NUL, at most `length` characters."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else nfc(value).replace("\x00", "")


class NfcText(NfcString):
    """As NfcString, of any length."""

    impl = sa.Text
    cache_ok = True


def SortKey() -> sa.types.TypeEngine[str]:
    """A column for text.sort_key(): compared byte by byte on both engines."""
    return sa.String().with_variant(postgresql.VARCHAR(collation="C"), "postgresql")


def Json() -> sa.types.TypeEngine[Any]:
    """JSON on SQLite, JSONB on PostgreSQL; None is NULL, not the word null."""
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def str_enum(members: type[StrEnum], name: str | None = None) -> sa.Enum:
    """A StrEnum stored by its code, with a CHECK; `name` tells two columns of one enum apart."""
    return sa.Enum(
        members,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or members.__name__.lower(),
        values_callable=lambda enum: [member.value for member in enum],
    )


# Whether the next transaction may write. On SQLite it then takes the write lock at once: two readers that both go on to
# write would otherwise deadlock half-way. Web requests that only read switch it off; then PostgreSQL lets nothing
# be written.
will_write: ContextVar[bool] = ContextVar("will_write", default=True)


def start_writing() -> None:
    """For the few GET pages that also write (an export is logged): begin anew, on SQLite with the write lock."""
    db.session.rollback()
    will_write.set(True)
    copy_to_read.set(None)


# Tables that offices change seldom.
_SELDOM: set[type[Any]] = set()


def seldom_changed(*models: type[Any]) -> None:
    """Rows of these are read once in a transaction by whoever asks through read_once."""
    _SELDOM.update(models)


def read_once(key: Hashable, read: Callable[[], Kept]) -> Kept:
    """What `read()` gave first in this transaction; asked anew in the next one, and after a write.

    A flush counts as a write only where it writes a row that is seldom changed.
    """
    session = db.session()
    if any(type(one) in _SELDOM for one in (*session.new, *session.dirty, *session.deleted)):
        session.flush()
    if key not in session.info.get(_READ, ()):
        found = read()
        session.info.setdefault(_READ, {})[key] = found
    kept: Kept = session.info[_READ][key]
    return kept


@sa.event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None or transaction.nested:  # else it is a flush's own
        session.info.pop(_READ, None)


@sa.event.listens_for(Session, "after_flush")
def _forget_what_changed(session: Session, _context: Any) -> None:
    if _READ in session.info and any(type(one) in _SELDOM for one in (*session.new, *session.dirty, *session.deleted)):
        session.info.pop(_READ)


@sa.event.listens_for(Session, "after_begin")
def _know_session(session: Session, _transaction: SessionTransaction, connection: sa.Connection) -> None:
    connection.info[_SESSION] = session.info


@lru_cache(maxsize=1_000)
def _only_reads(statement: str) -> bool:
    begun = statement.lstrip()[:12].upper()
    return begun.startswith(_READS) or (begun.startswith("WITH") and not _WRITES.search(statement))


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _forget_what_is_written(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
    """Rows written past the objects, in whatever way: all that was read is asked anew."""
    session: Any = connection.info.get(_SESSION)
    if session and _READ in session and not session.get(_FLUSHING) and not _only_reads(statement):
        del session[_READ]


@sa.event.listens_for(sa.Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


@sa.event.listens_for(sa.Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    """Whoever only reads sees one instant, however many statements it takes: SQLite's readers do so anyway."""
    writes = will_write.get()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif connection.dialect.driver == "psycopg":  # which says so in its BEGIN: nothing more is sent
        line: Any = connection.connection.driver_connection
        level, only = (None, None) if writes else (_REPEATABLE_READ, True)
        if (line.isolation_level, line.read_only) != (level, only):
            line.isolation_level, line.read_only = level, only
