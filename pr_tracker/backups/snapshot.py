"""The database at one instant, as it stands: tables are asked of the database itself, so any revision can be read.

Values are written the same on both engines, so that a table has one digest wherever it lies.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from pr_tracker.backups.manifest import NotRestorable, Part
from pr_tracker.db import db, will_write

BATCH = 1000
OWN_TABLE = "alembic_version"
DERIVED = "summary_"  # tables named so hold nothing of their own: what is put back beside them fills them anew
# On SQLite the search keeps tables of its own, which fill themselves.
_REAL_TABLES = (
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
)


@dataclass(frozen=True)
class Snapshot:
    """A transaction that sees one instant, and what the tables are in it, by name."""

    connection: sa.Connection
    revision: str
    tables: dict[str, sa.Table]

    @property
    def engine(self) -> str:
        """sqlite or postgresql."""
        return self.connection.dialect.name


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database as it is now; whoever goes on writing does not change what is read here, and does not wait.

    Raises NotRestorable where no tables of this program are.
    """
    with db.engine.connect() as connection:
        writing = will_write.set(False)
        try:
            transaction = connection.begin()
        finally:
            will_write.reset(writing)
        with transaction:
            revision = revision_of(connection)
            if revision is None:
                raise NotRestorable("There is nothing in this database: flask db upgrade makes its tables.")
            yield Snapshot(connection, revision, reflected(connection))


def table_names(connection: sa.Connection) -> list[str]:
    """The tables that hold something of their own, in order of name."""
    if connection.dialect.name == "sqlite":
        found = connection.scalars(sa.text(_REAL_TABLES)).all()
    else:
        found = sa.inspect(connection).get_table_names()
    return sorted(name for name in found if not name.startswith(DERIVED))


def revision_of(connection: sa.Connection) -> str | None:
    """Which migration the database stands at; None where there is none."""
    if OWN_TABLE not in table_names(connection):
        return None
    return connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(OWN_TABLE)))


def reflected(connection: sa.Connection) -> dict[str, sa.Table]:
    """The tables as the database describes them."""
    names = [name for name in table_names(connection) if name != OWN_TABLE]
    metadata = sa.MetaData()
    metadata.reflect(connection, only=names, resolve_fks=False)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type.none_as_null = True
    return {name: metadata.tables[name] for name in names}


def rows_of(connection: sa.Connection, table: sa.Table) -> Iterator[list[Any]]:
    """Every row in the order of its key, as plain JSON values in the order of the columns."""
    query = sa.select(*ordered(table)).order_by(*(bytewise(column, connection) for column in table.primary_key))
    with connection.execute(query.execution_options(yield_per=BATCH)) as found:
        for row in found:
            yield [plain(value) for value in row]


def ordered(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns in the order of their names: two databases may have got them in another order."""
    return sorted(table.columns, key=lambda column: column.name)


def bytewise(column: sa.Column[Any], connection: sa.Connection) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.String):
        return column
    return sa.collate(column, "BINARY" if connection.dialect.name == "sqlite" else "C")


def line_of(row: Sequence[Any]) -> bytes:
    """A row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def part_of(connection: sa.Connection, table: sa.Table) -> Part:
    """How many rows a table has, and the SHA-256 over all of them."""
    size, sha = 0, hashlib.sha256()
    for row in rows_of(connection, table):
        size += 1
        sha.update(line_of(row))
    return Part(size, sha.hexdigest(), tuple(column.name for column in ordered(table)))


def plain(value: Any) -> Any:
    """A value as JSON has it: instants in UTC, numbers without a zero at their end, octets in base64."""
    match value:
        case datetime():
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            return value


def readers(table: sa.Table, engine: str) -> list[Any]:
    """For each column in order, what makes the stored value of a plain one; None where they are the same."""
    return [_reader(column.type, engine) for column in ordered(table)]


def _reader(kind: sa.types.TypeEngine[Any], engine: str) -> Any:
    match kind:
        case sa.DateTime():
            return _naive if engine == "sqlite" else datetime.fromisoformat
        case sa.Date():
            return date.fromisoformat
        case sa.Time():
            return time.fromisoformat
        case sa.LargeBinary() | postgresql.BYTEA():
            return base64.b64decode
        case sa.Float():
            return None
        case sa.Numeric():
            return Decimal
        case _:
            return None


def _naive(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
