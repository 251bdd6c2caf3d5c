"""flask export all: every table as CSV to read and JSON to take over, every attachment under its own name, checksums.

CSV guards cells that a spreadsheet would take for formulas; JSON has every value exactly.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pr_tracker import sheets
from pr_tracker.backups.making import NamedFile, lost, named_files, put_file
from pr_tracker.backups.manifest import WITHHELD, NotRestorable
from pr_tracker.backups.parcel import FolderParcel, Parcel, ZipParcel, whole_file
from pr_tracker.backups.snapshot import BATCH, Snapshot, plain, snapshot

_UNFIT = str.maketrans(dict.fromkeys('/\\:*?"<>|\x00\r\n\t', "_"))
READ_ME = """Everything that the press desk held at {at} (revision {revision}).

tables/NAME.csv    a table, UTF-8; a cell that a spreadsheet would take for a formula has ' before it
tables/NAME.json   the same, every value exactly; instants in UTC, days as 2026-11-20, octets in base64
columns.csv        every column: its type, what it refers to; “withheld” where it is not in the tables
attachments/       the files, by the table and number of the row that names them
attachments.csv    which file is which, with size and SHA-256
manifest.json      rows of each table, size and SHA-256 of each file of this export
SHA256SUMS         the same for: sha256sum --check SHA256SUMS
"""


@dataclass(frozen=True)
class Exported:
    """What was written, and what was not there."""

    tables: int
    rows: int
    files: int
    missing: tuple[str, ...]


def export_everything(target: Path, *, uploads: Path, now: datetime) -> Exported:
    """Write everything to a ZIP, where the name says so, or to a new folder. Raises NotRestorable, OSError."""
    with _parcel(target) as parcel, snapshot() as taken:
        with parcel.part("README.txt") as out:
            said = READ_ME.format(at=now.isoformat(timespec="seconds"), revision=taken.revision)
            out.write(said.encode())
        rows = {name: _table(taken, table, parcel) for name, table in taken.tables.items()}
        _csv(parcel, "columns.csv", ("table", "column", "type", "refers to", "withheld"), _columns(taken))
        missing = _attachments(taken, parcel, uploads)
        files = sum(name.startswith("attachments/") for name in parcel.parts)
        _sums(parcel, {"made_at": now.isoformat(timespec="seconds"), "revision": taken.revision, "rows": rows})
    return Exported(len(rows), sum(rows.values()), files, missing)


@contextmanager
def _parcel(target: Path) -> Iterator[Parcel]:
    if target.suffix.lower() == ".zip":
        with whole_file(target) as out, zipfile.ZipFile(out, "w") as book:
            yield ZipParcel(book)
        return
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotRestorable(f"{target} is there already: name a new folder, or a file that ends in .zip.")
    yield FolderParcel(target)


def _table(taken: Snapshot, table: sa.Table, parcel: Parcel) -> int:
    columns = [column for column in table.columns if (table.name, column.name) not in WITHHELD]
    names = [column.name for column in columns]
    _csv(parcel, f"tables/{table.name}.csv", names, ([_cell(v) for v in row] for row in _rows(taken, table, columns)))
    count = 0
    with parcel.part(f"tables/{table.name}.json") as out:
        out.write(b"[")
        for count, row in enumerate(_rows(taken, table, columns), 1):
            about = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
            out.write((b"\n" if count == 1 else b",\n") + about.encode())
        out.write(b"\n]\n")
    return count


def _rows(taken: Snapshot, table: sa.Table, columns: list[sa.Column[Any]]) -> Iterator[list[Any]]:
    query = sa.select(*columns).order_by(*table.primary_key)
    with taken.connection.execute(query.execution_options(yield_per=BATCH)) as found:
        for row in found:
            yield [plain(value) for value in row]


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _csv(parcel: Parcel, name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    with parcel.part(name) as out:
        sheets.write_csv(sheets.Sheet(name, "", list(head), ([*row] for row in rows)), out)


def _columns(taken: Snapshot) -> Iterator[tuple[str, ...]]:
    for table in taken.tables.values():
        for column in table.columns:
            refers = ", ".join(sorted(key.target_fullname for key in column.foreign_keys))
            withheld = "withheld" if (table.name, column.name) in WITHHELD else ""
            yield table.name, column.name, str(column.type), refers, withheld


def _attachments(taken: Snapshot, parcel: Parcel, uploads: Path) -> tuple[str, ...]:
    index, missing = list[tuple[Any, ...]](), list[NamedFile]()
    for one in named_files(taken):
        path = _path_of(one) if put_file(one, uploads, parcel, _path_of(one)) else ""
        if not path:
            missing.append(one)
        index.append((one.table, one.row_id, one.file_name, path or "missing", one.size, one.digest))
    _csv(parcel, "attachments.csv", ("table", "row", "file name", "path", "size", "sha256"), index)
    return lost(missing)


def _path_of(one: NamedFile) -> str:
    return f"attachments/{one.table}/{one.row_id}-{file_name_of(one.file_name)}"


def file_name_of(file_name: str) -> str:
    """The name that people know, as every file system takes it."""
    name = file_name.translate(_UNFIT).strip(". ") or "file"
    return Path(name).stem.encode()[:150].decode(errors="ignore") + Path(name).suffix[:10]


def _sums(parcel: Parcel, said: dict[str, Any]) -> None:
    parts = {name: {"size": part.size, "sha256": part.digest} for name, part in sorted(parcel.parts.items())}
    with parcel.part("manifest.json") as out:
        out.write(json.dumps({**said, "files": parts}, ensure_ascii=False, indent=1).encode())
    with parcel.part("SHA256SUMS") as out:
        for name, part in sorted(parcel.parts.items()):
            out.write(f"{part.digest}  {name}\n".encode())
