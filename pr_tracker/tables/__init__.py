"""Any list in a file as rows: Excel (.xlsx), CSV and text of any separator and any Vietnamese encoding.

`read_table` looks at the content, never at the name alone; whatever is no table is refused with a sentence.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pr_tracker.errors import N_, BadInput
from pr_tracker.tables.cells import EMPTY, MOST_COLUMNS, Cell, Row, SheetName, Value
from pr_tracker.tables.texts import TextTable
from pr_tracker.tables.workbook import Workbook

__all__ = ["EMPTY", "MOST_COLUMNS", "Cell", "Row", "SheetName", "Table", "Value", "read_table", "text_rows"]

_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x1f\x8b",
    b"BM",
    b"II*\0",
)


@dataclass(frozen=True)
class Table:
    """One table of a file. `rows` may be walked as often as one likes: each walk reads the file anew, row by row.

    A walk raises BadInput where the file turns out to be broken further on.
    """

    file_name: str
    sheets: tuple[SheetName, ...]  # of a workbook; none for CSV
    sheet: str  # the one read
    encoding: (
        str  # "utf-8", "utf-16", "windows-1258", "tcvn3", "vni", "utf-8 twice" …; fonts may say more of a workbook
    )
    separator: str
    hidden_columns: frozenset[int]  # counted from 0
    _walk: Callable[[], Iterator[Row]]

    @property
    def rows(self) -> Iterator[Row]:
        """The rows that have something in them."""
        return self._walk()


def read_table(file_name: str, content: bytes | Path, *, sheet: str | None = None) -> Table:
    """The table in a file: of a workbook the sheet named, or the first that is shown and has something in it.

    Raises BadInput for what is no table, is empty, is locked by a password, or has no such sheet.
    """

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
            yield file

    with opened() as file:
        start = file.read(4096)
        _require_table(file_name, start, file)
    if start[:2] == b"PK":
        book = Workbook(file_name, opened)
        name = book.choose(sheet)
        hidden = book.hidden_columns(name)
        return Table(file_name, book.sheets, name, book.encoding(name), "", hidden, lambda: book.rows(name))
    text = TextTable(file_name, opened)
    if next(text.rows(), None) is None:
        raise BadInput(N_("“%(name)s” is empty."), field="file", name=file_name)
    return Table(file_name, (), "", text.encoding, text.separator, frozenset(), text.rows)


def text_rows(file_name: str, content: bytes, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """The first rows as text, empty ones too: row n of the file has place n - 1. Days stand as dd/MM/yyyy.

    Raises BadInput as read_table does.
    """
    found: list[list[str]] = []
    for row in read_table(file_name, content).rows:
        if row.number > most_rows:
            break
        found += [[] for _ in range(row.number - 1 - len(found))]
        found.append([_short(cell) for cell in row.cells[:most_columns]])
    return found


def _short(cell: Cell) -> str:
    return f"{cell.value:%d/%m/%Y}" if isinstance(cell.value, datetime) else cell.text


def _require_table(file_name: str, start: bytes, file: BinaryIO) -> None:
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise BadInput(N_("“%(name)s” is empty."), field="file", name=file_name)
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadInput(_old_or_locked(start + file.read()), field="file", name=file_name)
    if start.startswith(_FOREIGN) or start.lstrip()[:1] == b"<":
        raise BadInput(
            N_("“%(name)s” is neither an Excel workbook (.xlsx) nor a CSV file."), field="file", name=file_name
        )


def _old_or_locked(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return N_("“%(name)s” is locked with a password. Remove the password in Excel and choose it again.")
    return N_("“%(name)s” is an old Excel file (.xls). Save it as .xlsx in Excel and choose it again.")
