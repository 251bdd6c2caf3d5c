"""flask restore: a backup is looked through first, then put into an empty database, read again and compared.

All or nothing: the rows go in with one transaction, which is undone unless every table has the digest it had.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade, upgrade

from pr_tracker.backups.manifest import MARK, Manifest, NotRestorable, Part, is_stored_name, read_manifest
from pr_tracker.backups.parcel import copy, digest_of_file
from pr_tracker.backups.snapshot import (
    BATCH,
    OWN_TABLE,
    ordered,
    part_of,
    readers,
    reflected,
    revision_of,
    table_names,
)
from pr_tracker.db import db

_FOREIGN_KEYS = sa.text(
    "SELECT conrelid::regclass::text AS table_name, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS said "
    "FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2"
)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup whose every part was looked at. Raises NotRestorable: not ours, damaged, or of a newer program."""
    try:
        with path.open("rb") as raw:
            beginning = raw.read(100)
    except OSError as error:
        raise NotRestorable(f"{path} cannot be read: {error.strerror}.") from None
    if MARK.encode() not in beginning:
        raise NotRestorable(f"{path} is not a backup of this program.")
    try:
        book = zipfile.ZipFile(path)
        written = book.read("manifest.json")
    except (KeyError, *_UNREADABLE):
        raise NotRestorable(f"{path} is damaged: it is not whole.") from None
    with book:
        if book.comment != f"sha256:{hashlib.sha256(written).hexdigest()}".encode():
            raise NotRestorable(f"{path} is damaged: its list of contents was changed.")
        manifest = read_manifest(written)
        _require_known(manifest)
        _require_whole(book, manifest, path)
        yield book, manifest


def _require_known(manifest: Manifest) -> None:
    if manifest.revision not in revisions():
        raise NotRestorable(
            f"The backup was made by a newer version of this program (its database is at {manifest.revision}, "
            f"this program knows up to {revisions()[-1]}); upgrade the program first."
        )


def _require_whole(book: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    parts = {f"tables/{name}.jsonl": part.digest for name, part in manifest.tables.items()}
    parts |= {f"files/{name}": part.digest for name, part in manifest.files.items()}
    for name, digest in parts.items():
        try:
            with book.open(name) as part:
                found = hashlib.file_digest(part, "sha256").hexdigest()  # type: ignore[arg-type]
        except (KeyError, *_UNREADABLE):
            raise NotRestorable(f"{path} is damaged: {name} cannot be read.") from None
        if found != digest:
            raise NotRestorable(f"{path} is damaged: {name} is not what was written.")
    if odd := [name for name in manifest.files if not is_stored_name(name)]:
        raise NotRestorable(f"{path} is damaged: “{odd[0]}” is no name of a file.")


def revisions() -> list[str]:
    """The migrations that this program knows, the oldest first."""
    folder = current_app.extensions["migrate"].directory
    return [script.revision for script in ScriptDirectory(folder).walk_revisions()][::-1]


def require_empty() -> None:
    """Raises NotRestorable for a database in which anything stands, and for one that is not this program's."""
    with db.engine.connect() as connection:
        names = table_names(connection)
        if names and OWN_TABLE not in names:
            raise NotRestorable(f"This database holds tables of something else: {', '.join(names[:3])}.")
        full = [name for name in names if name != OWN_TABLE and _rows(connection, name)]
    if full:
        raise NotRestorable(
            f"This database is not empty: there are rows in {', '.join(full[:3])}"
            f"{f' and {len(full) - 3} more tables' if len(full) > 3 else ''}. Only an empty one can be filled."
        )


def _rows(connection: sa.Connection, name: str) -> bool:
    return connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)) is not None


def restore(book: zipfile.ZipFile, manifest: Manifest, *, uploads: Path) -> None:
    """Put everything into the empty database and the folder of attachments; older backups are then brought up to date.

    Raises NotRestorable, and the database stays empty.
    """
    require_empty()
    _put_files(book, manifest, uploads)
    stand_at(manifest.revision)
    with db.engine.connect() as connection, without_references(connection):
        tables = reflected(connection)
        require_same_tables(tables, {name: part.columns for name, part in manifest.tables.items()})
        for name, table in tables.items():
            _fill(connection, table, book, manifest.tables[name])
        count_on(connection, tables)
    if manifest.revision != revisions()[-1]:
        stand_at(revisions()[-1])


def _put_files(book: zipfile.ZipFile, manifest: Manifest, uploads: Path) -> None:
    uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, part in manifest.files.items():
        path = uploads / name
        if path.exists():
            if digest_of_file(path) != part.digest:
                raise NotRestorable(f"{path} is there already and is another file: empty the folder of attachments.")
            continue
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f".{path.name}.part")
        with book.open(f"files/{name}") as source, beside.open("wb") as out:
            copy(source, out)  # type: ignore[arg-type]
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)


def stand_at(revision: str) -> None:
    """Let the migrations lead there, up or down: the tables are empty or were just filled."""
    with db.engine.connect() as connection:
        now = revision_of(connection)
    known = revisions()
    try:
        if now is None or known.index(now) < known.index(revision):
            upgrade(revision=revision)
        elif now != revision:
            downgrade(revision=revision)
    except SystemExit:  # Flask-Migrate has logged why
        raise NotRestorable(f"The migrations do not lead to {revision}; the log says why.") from None


@contextmanager
def without_references(connection: sa.Connection) -> Iterator[None]:
    """One transaction in which rows may come in any order; at its end every reference is looked at."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # heard outside a transaction only
        try:
            with connection.begin():
                yield
                if astray := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise NotRestorable(f"Rows of {astray[0]} refer to what is not there.")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
        return
    with connection.begin():
        keys = connection.execute(_FOREIGN_KEYS).all()
        for key in keys:
            connection.exec_driver_sql(f"ALTER TABLE {key.table_name} DROP CONSTRAINT {key.name}")
        yield
        for key in keys:
            try:
                connection.exec_driver_sql(f"ALTER TABLE {key.table_name} ADD CONSTRAINT {key.name} {key.said}")
            except sa.exc.IntegrityError:
                raise NotRestorable(f"Rows of {key.table_name} refer to what is not there.") from None


def require_same_tables(tables: dict[str, sa.Table], kept: dict[str, tuple[str, ...]]) -> None:
    """Raises NotRestorable unless these are the tables and columns that were kept."""
    here = {name: tuple(column.name for column in ordered(table)) for name, table in tables.items()}
    if here != kept:
        odd = sorted(name for name in here.keys() | kept.keys() if here.get(name) != kept.get(name))
        raise NotRestorable(f"There are other tables or columns than those of this program: {', '.join(odd[:3])}.")


def _fill(connection: sa.Connection, table: sa.Table, book: zipfile.ZipFile, part: Part) -> None:
    names = [column.name for column in ordered(table)]
    make = readers(table, connection.dialect.name)
    with book.open(f"tables/{table.name}.jsonl") as lines:
        rows = (
            {n: v if v is None or not m else m(v) for n, v, m in zip(names, json.loads(line), make, strict=True)}
            for line in lines
        )
        while batch := list(islice(rows, BATCH)):
            connection.execute(sa.insert(table), batch)
    found = part_of(connection, table)
    if found != part:
        raise NotRestorable(f"{table.name} came out otherwise than it was: {found.size} of {part.size} rows.")


def count_on(connection: sa.Connection, tables: dict[str, sa.Table]) -> None:
    """PostgreSQL's counters go on after the highest number."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key:
            counter = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
            last = counter and connection.scalar(sa.select(sa.func.max(column)))
            if last is not None and counter:
                connection.execute(sa.select(sa.func.setval(counter, last)))
