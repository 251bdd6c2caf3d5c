"""A table as lines of text, the same octets from either engine: what PostgreSQL's COPY writes and reads.

Columns stand in the order of their names, rows in the order of their key, so a table has one digest wherever it lies.
SQLite builds each line itself, in one expression; only JSON goes through Python, to be written as jsonb is.
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
_SAME_WORDS = ("SET LOCAL TIME ZONE 'UTC'", "SET LOCAL datestyle = 'ISO, MDY'", "SET LOCAL bytea_output = 'hex'")
_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_MEANT = {escape[1].encode(): plain.encode() for plain, escape in _ESCAPES.items()}
_ESCAPED = re.compile(rb"\\(.)")
_POWER = re.compile(r"\d[eE][-+]?\d")
_POINTS = re.compile(r'"\\u0000([-.\d]+)\\u0000"')


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Every row as a line of COPY text, some thousand rows at a time."""
    rows = _postgresql_lines if connection.dialect.name == "postgresql" else _sqlite_lines
    return _batches(rows(connection, table))


def put_lines(connection: sa.Connection, table: sa.Table, batches: Iterable[bytes]) -> None:
    """Write such lines into a table. Raises what the driver raises where the table does not take them."""
    put = _into_postgresql if connection.dialect.name == "postgresql" else _into_sqlite
    put(connection, table, batches)


def _batches(rows: Iterator[bytes]) -> Iterator[bytes]:
    while batch := b"".join(islice(rows, BATCH)):
        yield batch


# --- PostgreSQL ---------------------------------------------------------------------------------------------


def _postgresql_lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    for statement in _SAME_WORDS:
        connection.exec_driver_sql(statement)
    query = sa.select(*ordered(table)).order_by(*(bytewise(column, connection) for column in table.primary_key))
    with _cursor(connection).copy(f"COPY ({query.compile(connection)}) TO STDOUT") as rows:
        for row in rows:
            yield bytes(row)


def _into_postgresql(connection: sa.Connection, table: sa.Table, batches: Iterable[bytes]) -> None:
    with _cursor(connection).copy(f"COPY {_named(connection, table)} FROM STDIN") as copy:
        for batch in batches:
            copy.write(batch)


def _cursor(connection: sa.Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


def _named(connection: sa.Connection, table: sa.Table) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(quote(column.name) for column in ordered(table))})"


# --- SQLite -------------------------------------------------------------------------------------------------


def _sqlite_lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    driver: Any = connection.connection.driver_connection
    driver.create_function("as_jsonb", 1, _as_jsonb, deterministic=True)
    driver.create_function("as_number", 2, _as_number, deterministic=True)
    fields = " || char(9) || ".join(_field(column, connection) for column in ordered(table))
    keys = sa.select(*table.primary_key).order_by(*(bytewise(column, connection) for column in table.primary_key))
    order = str(keys.compile(connection)).partition("ORDER BY")[2]
    query = f"SELECT CAST({fields} || char(10) AS BLOB) FROM {_quoted(connection, table.name)} ORDER BY {order}"  # noqa: S608
    return (line for (line,) in driver.execute(query))


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
            said = f"'\\\\x' || lower(hex({name}))"
        case sa.Numeric(scale=scale):
            said = f"as_number({name}, {scale or 0})"
        case sa.String():
            said = name
            for plain, escape in _ESCAPES.items():
                said = f"replace({said}, char({ord(plain)}), '{escape}')"
        case _:
            said = name
    return f"iif({name} IS NULL, '{NULL.decode()}', {said})"


def _short(name: str) -> str:
    """PostgreSQL leaves zeros at the end of a second away."""
    return f"iif({name} LIKE '%.%', rtrim(rtrim({name}, '0'), '.'), {name})"


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _into_sqlite(connection: sa.Connection, table: sa.Table, batches: Iterable[bytes]) -> None:
    driver: Any = connection.connection.driver_connection
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


def _as_jsonb(text: str) -> str:
    """As jsonb is written: shorter keys first, no powers of ten; what COPY escapes is escaped."""
    if _POWER.search(text):
        value = json.loads(text, object_pairs_hook=_in_order, parse_float=lambda said: f"\x00{Decimal(said):f}\x00")
        written = _POINTS.sub(r"\1", _write(value))
    else:
        written = _write(json.loads(text, object_pairs_hook=_in_order))
    return written.replace("\\", "\\\\")


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
