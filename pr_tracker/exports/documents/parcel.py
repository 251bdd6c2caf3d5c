"""The ZIP itself: a word first, the tables as one workbook and as JSON, the files under their names, checksums."""

import json
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from flask_babel import gettext as _

from pr_tracker.backups.exporting import file_name_of
from pr_tracker.backups.parcel import Parcel, ZipParcel, copy
from pr_tracker.backups.snapshot import plain
from pr_tracker.exports.rules import Taken
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.models import Attachment
from pr_tracker.office_time import write_moment
from pr_tracker.sheets import Sheet, write_workbook


@dataclass
class Bundle:
    """A ZIP in the making; `uploads` is where the files lie."""

    parcel: Parcel
    uploads: Path
    rows: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def taken(self) -> Taken:
        """How much it is."""
        return Taken(self.rows, self.files, len(self.missing))

    def add_tables(self, sheets: Iterable[Sheet]) -> None:
        """The tables that have rows, as a workbook and as JSON."""
        filled = [Sheet(s.name, s.title, s.head, rows, s.notes) for s in sheets if (rows := [[*row] for row in s.rows])]
        self.rows += sum(len(list(sheet.rows)) for sheet in filled)
        out = BytesIO()
        write_workbook(filled, out)
        self._write("du-lieu.xlsx", out.getvalue(), packed=False)
        said = {s.title: [dict(zip(s.head, map(plain, row), strict=True)) for row in s.rows] for s in filled}
        self._write("du-lieu.json", json.dumps(said, ensure_ascii=False, indent=1, default=str).encode())

    def add_file(self, folder: str, one: KeptFile | Attachment) -> None:
        """A file on record, under the name that people know."""
        name = f"{folder}/{one.id}-{file_name_of(one.file_name)}"
        path = self.uploads / one.stored_name
        if not path.is_file():
            self.missing.append(name)
            return
        with path.open("rb") as source, self.parcel.part(name, packed=False) as out:
            copy(source, out)
        self.files += 1

    def add_paper(self, name: str, content: bytes) -> None:
        """A paper drawn for this."""
        self._write(name, content, packed=False)
        self.files += 1

    def _write(self, name: str, content: bytes, *, packed: bool = True) -> None:
        with self.parcel.part(name, packed=packed) as out:
            out.write(content)


@contextmanager
def bundle(out: BinaryIO, uploads: Path) -> Any:
    """A ZIP into `out`; its checksums come last."""
    with zipfile.ZipFile(out, "w") as book:
        parcel = ZipParcel(book)
        made = Bundle(parcel, uploads)
        yield made
        sums = "".join(f"{part.digest}  {name}\n" for name, part in sorted(parcel.parts.items()))
        with parcel.part("SHA256SUMS") as last:
            last.write(sums.encode())


def write_read_me(made: Bundle, about: str, *, by: str, now: datetime, more: Sequence[str] = ()) -> None:
    """What this is, who took it out and when, and what follows from the law for whoever holds it now."""
    lines = [
        about,
        _("Taken out by %(name)s at %(moment)s; it is noted in the audit log.", name=by, moment=write_moment(now)),
        "",
        _("du-lieu.xlsx: the tables, to read. du-lieu.json: the same for programs. SHA256SUMS: checksums."),
        *more,
        *([_("On record, but not in the store: %(names)s", names=", ".join(made.missing))] if made.missing else ()),
        "",
        _("Personal data (Law 91/2025/QH15): for the purpose for which it was asked only; what is wrong is corrected."),
    ]
    made._write("DOC-TRUOC.txt", ("\n".join(lines) + "\n").encode())
