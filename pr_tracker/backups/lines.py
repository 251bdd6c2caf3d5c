"""A table as lines of text, the same octets from either engine: what PostgreSQL's COPY writes and reads.

Columns stand in the order of their names, rows in the order of their key, so a table has one digest wherever it lies.
SQLite writes each value itself, as text; only JSON goes through Python, to be written as jsonb is.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa

from pr_tracker.backups.snapshot import bytewise, ordered

BATCH = 2000
NULL = b"\\N"
COMMAND_OK, COPY_OUT = 1, 3  # libpq's ExecStatusType
_SAME_WORDS = ("SET LOCAL TIME ZONE 'UTC'", "SET LOCAL datestyle = 'ISO, MDY'", "SET LOCAL bytea_output = 'hex'")
_ESCAPES = {
    b"\\": b"\\\\", b"\b": b"\\b", b"\f": b"\\f", b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t", b"\v": b"\\v",
    b"\0f": b"\t", b"\0r": b"\n", b"\0n": NULL,  # no text holds NUL: SQLite puts it where a field, a row or nothing is
}  # fmt: skip
_MEANT = {escape[1:]: plain for plain, escape in _ESCAPES.items()}
_ESCAPED = re.compile(rb"\\(.)")
_POWER = re.compile(r"\d[eE][-+]?\d")
_POINTS = re.compile(r'"\\u0000([-.\d]+)\\u0000"')


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Every row as a line of COPY text, some thousand rows at a time."""
    if connection.dialect.name == "postgresql":
        rows = _postgresql_lines(connection, table)
        return iter(lambda: b"".join(islice(rows, BATCH)), b"")
    texts = _sqlite_rows(connection, table)
    return map(_escaped, iter(lambda: "".join(islice(texts, BATCH)), ""))


def put_lines(connection: sa.Connection, table: sa.Table, batches: Iterable[bytes]) -> None:
    """Write such lines into a table. Raises what the driver raises where the table does not take them."""
    put = _into_postgresql if connection.dialect.name == "postgresql" else _into_sqlite
    put(connection, table, batches)


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


# --- PostgreSQL ---------------------------------------------------------------------------------------------


def _postgresql_lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    for statement in _SAME_WORDS:
        connection.exec_driver_sql(statement)
    query = sa.select(*ordered(table)).order_by(*(bytewise(column, connection) for column in table.primary_key))
    libpq = _driver(connection).pgconn
    _require(libpq.exec_(f"COPY ({query.compile(connection)}) TO STDOUT".encode()).status == COPY_OUT, connection)
    while True:  # psycopg's own way takes ten times as long a row
        size, row = libpq.get_copy_data(0)
        if size < 0:
            break
        yield bytes(row)
    _require(libpq.get_result().status == COMMAND_OK, connection)
    libpq.get_result()  # nothing more: the connection is free again


def _require(succeeded: bool, connection: sa.Connection) -> None:
    if not succeeded:
        raise connection.dialect.loaded_dbapi.DatabaseError(_driver(connection).pgconn.get_error_message())


def _into_postgresql(connection: sa.Connection, table: sa.Table, batches: Iterable[bytes]) -> None:
    with _driver(connection).cursor().copy(f"COPY {_named(connection, table)} FROM STDIN") as copy:
        for batch in batches:
            copy.write(batch)


def _named(connection: sa.Connection, table: sa.Table) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(quote(column.name) for column in ordered(table))})"


# --- SQLite -------------------------------------------------------------------------------------------------


def _sqlite_rows(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    driver = _driver(connection)
    driver.create_function("as_jsonb", 1, _as_jsonb, deterministic=True)
    driver.create_function("as_number", 2, _as_number, deterministic=True)
    fields = ", ".join(_field(column, connection) for column in ordered(table))
    keys = sa.select(*table.primary_key).order_by(*(bytewise(column, connection) for column in table.primary_key))
    order = str(keys.compile(connection)).partition("ORDER BY")[2]
    query = f"SELECT {fields} FROM {_quoted(connection, table.name)} ORDER BY {order}"  # noqa: S608
    return ("\0f".join(row) + "\0r" for row in driver.execute(query))


def _field(column: sa.Column[Any], connection: sa.Connection) -> str:
    """A stored value of SQLite as COPY has it, as an expression of SQLite's."""
    name = _quoted(connection, column.name)
    match column.type:
        case sa.Boolean():
            said = f"CASE {name} WHEN 1 THEN 't' WHEN 0 THEN 'f' ELSE {name} END"
        case sa.DateTime():
            said = f"{_short(name)} || '+00'"
        case sa.Time():
            said = _short(name)
        case sa.JSON():
            said = f"as_jsonb({name})"
        case sa.LargeBinary():
            said = f"'\\x' || lower(hex({name}))"
        case sa.Numeric(scale=scale):
            said = f"as_number({name}, {scale or 0})"
        case sa.String() | sa.Date():
            said = name
        case _:
            said = f"{name} || ''"
    return f"iif({name} IS NULL, char(0) || 'n', {said})"


def _escaped(text: str) -> bytes:
    batch = text.encode()
    for plain, escape in _ESCAPES.items():
        batch = batch.replace(plain, escape)
    return batch


def _short(name: str) -> str:
    """PostgreSQL leaves zeros at the end of a second away."""
    return f"iif({name} LIKE '%.%', rtrim(rtrim({name}, '0'), '.'), {name})"


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _into_sqlite(connection: sa.Connection, table: sa.Table, batches: Iterable[bytes]) -> None:
    driver = _driver(connection)
    makers = [_maker(column.type) for column in ordered(table)]
    marks = ", ".join("?" for _ in makers)
    insert = f"INSERT INTO {_named(connection, table)} VALUES ({marks})"  # noqa: S608
    for batch in batches:
        rows = (line.split(b"\t") for line in batch.splitlines())
        driver.executemany(insert, ([m(_meant(v)) for m, v in zip(makers, row, strict=True)] for row in rows))


def _meant(field: bytes) -> str | None:
    if field == NULL:
        return None
    return (_ESCAPED.sub(lambda found: _MEANT[found[1]], field) if b"\\" in field else field).decode()


def _maker(kind: sa.types.TypeEngine[Any]) -> Callable[[str | None], Any]:
    """What makes SQLite's stored value of such a text; whole and other numbers it makes itself."""
    match kind:
        case sa.Boolean():
            return {"t": 1, "f": 0, None: None}.__getitem__
        case sa.DateTime():
            return lambda text: text and _long(text.removesuffix("+00"))
        case sa.Time():
            return lambda text: text and _long(text)
        case sa.JSON():
            return lambda text: None if text is None else json.dumps(json.loads(text))
        case sa.LargeBinary():
            return lambda text: None if text is None else bytes.fromhex(text[2:])
        case _:
            return lambda text: text


def _long(text: str) -> str:
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<6}"


# --- numbers and JSON as PostgreSQL writes them -------------------------------------------------------------


def _as_number(value: Any, scale: int) -> str:
    number = Decimal(str(value))
    rounded = round(number, scale)
    return str(rounded if rounded == number else number)  # what would be rounded must be seen as a difference


_ORDERS: dict[tuple[str, ...], list[str]] = {}


_write = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


def _in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) < 2:
        return known
    names = tuple(known)
    order = _ORDERS.get(names)
    if order is None:
        order = sorted(names, key=lambda name: (len(name.encode()), name.encode()))
        if len(_ORDERS) < BATCH:
            _ORDERS[names] = order
    return {name: known[name] for name in order}


_read = json.JSONDecoder(object_pairs_hook=_in_order).decode
_read_powers = json.JSONDecoder(
    object_pairs_hook=_in_order, parse_float=lambda said: f"\x00{Decimal(said):f}\x00"
).decode


def _as_jsonb(text: str) -> str:
    """As jsonb is written: shorter keys first, no powers of ten. What is no JSON stays, for TO to refuse it."""
    try:
        if _POWER.search(text):
            return _POINTS.sub(r"\1", _write(_read_powers(text)))
        written = _write(_read(text))
        if "\\ud" in text:
            written.encode()  # half a letter has no octets
    except ValueError:
        return text
    return written
