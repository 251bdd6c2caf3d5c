"""flask backup: the database at one instant, and every file that its rows name, in one ZIP with a checksum of each."""

import hashlib
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from pr_tracker.backups.manifest import MARK, Manifest, Part, key_fingerprint, write_manifest
from pr_tracker.backups.parcel import Parcel, ZipParcel, copy, digest_of_file, whole_file
from pr_tracker.backups.snapshot import Snapshot, line_of, ordered, rows_of, snapshot

SAID = f"A backup of {MARK.removesuffix('-backup')}: flask restore takes it back. manifest.json says what is in it.\n"
FILES = "files/"
FOLDERS = {"imports": "imports/"}  # whose files lie in a folder of their own, below that of the attachments
PASSING = {"runs"}  # whose files lie elsewhere, go after a week, and can be asked for again


@dataclass(frozen=True)
class NamedFile:
    """A file that a row of `table` names: where it lies and what it was when it was kept."""

    table: str
    row_id: int
    file_name: str
    stored_name: str
    size: int
    digest: str

    @property
    def place(self) -> str:
        """Where it lies, below the folder of attachments."""
        return FOLDERS.get(self.table, "") + self.stored_name


def named_files(taken: Snapshot) -> Iterator[NamedFile]:
    """Of every table that keeps files; where a table keeps no digest, size must do."""
    for name, table in taken.tables.items():
        if "stored_name" not in table.c or name in PASSING:
            continue
        digest = table.c.digest if "digest" in table.c else sa.literal("")
        wanted = (table.c.id, table.c.file_name, table.c.stored_name, table.c.size, digest)
        query = sa.select(*wanted).where(table.c.stored_name.is_not(None)).order_by(table.c.id)
        for row in taken.connection.execute(query):
            yield NamedFile(name, *row)


def put_file(one: NamedFile, uploads: Path, parcel: Parcel, name: str) -> bool:
    """Put the file in; False where it is not there, or is no longer what was kept."""
    path = uploads / one.place
    try:
        if path.stat().st_size != one.size or (one.digest and digest_of_file(path) != one.digest):
            return False
        with path.open("rb") as source, parcel.part(name, packed=False) as target:
            copy(source, target)
    except FileNotFoundError:
        return False
    return True


def lost(files: Collection[NamedFile]) -> tuple[str, ...]:
    """Which of these are truly lost, in words: what was rightly taken away meanwhile is no longer named."""
    if not files:
        return ()
    with snapshot() as later:
        named = {one.place for one in named_files(later)}
    return tuple(f"{one.table} {one.row_id}: {one.file_name}" for one in files if one.place in named)


def not_in_folder(taken: Snapshot, uploads: Path) -> tuple[str, ...]:
    """Which files that rows name are not in the folder at all, in words."""
    return lost([one for one in named_files(taken) if not (uploads / one.place).is_file()])


def make_backup(path: Path, *, uploads: Path, key: str, now: datetime) -> tuple[Manifest, str]:
    """Write everything to `path` at once; the manifest, and the SHA-256 of the file."""
    with whole_file(path) as out, zipfile.ZipFile(out, "w") as book, snapshot() as taken:
        manifest = _write(taken, book, uploads, key, now)
    return manifest, digest_of_file(path)


def _write(taken: Snapshot, book: zipfile.ZipFile, uploads: Path, key: str, now: datetime) -> Manifest:
    parcel = ZipParcel(book)
    with parcel.part(MARK, packed=False) as first:  # the first bytes say what the file is, even of a torn one
        first.write(SAID.encode())
    tables = {name: _table(taken, table, parcel) for name, table in taken.tables.items()}
    missing = [one for one in named_files(taken) if not put_file(one, uploads, parcel, FILES + one.place)]
    manifest = Manifest(
        revision=taken.revision,
        made_at=now.isoformat(timespec="seconds"),
        engine=taken.engine,
        key=key_fingerprint(key),
        audit=_end_of_log(taken),
        tables=tables,
        files={name.removeprefix(FILES): part for name, part in parcel.parts.items() if name.startswith(FILES)},
        missing=lost(missing),
    )
    written = write_manifest(manifest)
    with parcel.part("manifest.json") as last:
        last.write(written)
    book.comment = f"sha256:{hashlib.sha256(written).hexdigest()}".encode()
    return manifest


def _table(taken: Snapshot, table: sa.Table, parcel: ZipParcel) -> Part:
    rows, name = 0, f"tables/{table.name}.jsonl"
    with parcel.part(name) as lines:
        for row in rows_of(taken.connection, table):
            lines.write(line_of(row))
            rows += 1
    return Part(rows, parcel.parts[name].digest, tuple(column.name for column in ordered(table)))


def _end_of_log(taken: Snapshot) -> dict[str, object]:
    head = taken.tables["audit_head"]
    row = taken.connection.execute(sa.select(head.c.last_number, head.c.last_hash)).first()
    return {"number": row.last_number, "hash": row.last_hash} if row else {"number": 0, "hash": ""}
