"""Excel workbooks (.xlsx), read sheet by sheet and row by row: 100,000 rows never stand in memory at once."""

import posixpath
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from itertools import islice
from typing import IO, BinaryIO, TypeVar
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from pr_tracker.errors import N_, BadInput
from pr_tracker.tables.cells import Row, SheetName
from pr_tracker.tables.encodings import Conversion, as_it_is, find_old
from pr_tracker.tables.shared import Strings, Style, read_strings, read_styles
from pr_tracker.tables.sheet import Merges, SheetReader

LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_PART = 100 * 1024 * 1024  # of what is kept in memory: the shared texts, the styles
_MOST_RATIO = 250
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"')
_BLOCK = 1 << 16
_SAMPLE_ROWS = 3000
_T = TypeVar("_T")

# What zipfile, zlib, the XML parser and our own reading raise for a file that contradicts itself.
_BROKEN: tuple[type[Exception], ...] = (
    *(BadZipFile, zlib.error, ExpatError, ElementTree.ParseError, KeyError, ValueError, IndexError, EOFError),
    *(OverflowError, RuntimeError, AttributeError, StopIteration),
)


class Workbook:
    """A workbook as its parts say it is; what they contradict is refused as broken."""

    def __init__(self, file_name: str, opened: Callable[[], AbstractContextManager[BinaryIO]]) -> None:
        self._name, self._opened = file_name, opened
        with self._reading() as parts:
            self._require_workbook(parts)
            self._find_sheets(parts)
        self._merges: dict[str, Merges] = {}
        self._old: dict[str, tuple[str, Conversion]] = {}

    def choose(self, sheet: str | None) -> str:
        """The name of the sheet to read. Raises BadInput for one that is not there, and when all are empty."""
        if sheet is not None and sheet not in self._paths:
            raise BadInput(N_("“%(name)s” has no sheet “%(sheet)s”."), field="sheet", name=self._name, sheet=sheet)
        shown = [one.name for one in self.sheets if not one.hidden] or [one.name for one in self.sheets]
        for name in [sheet] if sheet is not None else shown:
            if next(self.rows(name), None) is not None:
                return name
        raise BadInput(N_("“%(name)s” is empty."), field="file", name=self._name)

    def encoding(self, sheet: str) -> str:
        """The old encoding that a sheet was typed in, where its fonts do not say it; "utf-8" when none."""
        return self._typed_in(sheet)[0] or "utf-8"

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet that have something in them."""
        return self._walk(sheet, self._typed_in(sheet)[1])

    def _typed_in(self, sheet: str) -> tuple[str, Conversion]:
        if sheet not in self._old:
            first = islice(self._walk(sheet, as_it_is), _SAMPLE_ROWS)
            self._old[sheet] = find_old(
                cell.value for row in first for cell in row.cells if isinstance(cell.value, str)
            )
        return self._old[sheet]

    def _walk(self, sheet: str, convert: Conversion) -> Iterator[Row]:
        with self._reading() as parts, parts.open(self._paths[sheet]) as part:
            if sheet not in self._merges:
                self._merges[sheet] = _merges(parts, self._paths[sheet])
            reader = SheetReader(self._strings, self._styles, self._from_1904, self._merges[sheet], convert)
            while block := part.read(_BLOCK):
                yield from reader.feed(block)
            yield from reader.close()

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """The columns that are not shown, counted from 0."""
        with self._reading() as parts, parts.open(self._paths[sheet]) as part:
            reader = SheetReader([], [], False, Merges([]))
            while not reader.in_rows and (block := part.read(_BLOCK)):
                list(reader.feed(block))
            return frozenset(reader.hidden_columns)

    @contextmanager
    def _reading(self) -> Iterator[ZipFile]:
        try:
            with self._opened() as file, ZipFile(file) as parts:
                yield parts
        except BadInput:
            raise
        except _BROKEN:
            raise BadInput(
                N_("“%(name)s” is broken or no Excel workbook (.xlsx)."), field="file", name=self._name
            ) from None

    def _require_workbook(self, parts: ZipFile) -> None:
        names = set(parts.namelist())
        if "mimetype" in names and b"opendocument" in parts.read("mimetype")[:100]:
            raise BadInput(
                N_("“%(name)s” is an OpenDocument file. Save it as .xlsx and choose it again."),
                field="file", name=self._name,
            )  # fmt: skip
        if "xl/workbook.bin" in names:
            raise BadInput(
                N_("“%(name)s” is a binary workbook (.xlsb). Save it as .xlsx and choose it again."),
                field="file", name=self._name,
            )  # fmt: skip
        large = [part for part in parts.infolist() if part.file_size > LARGEST_PART // 10]
        swollen = any(part.file_size > _MOST_RATIO * max(part.compress_size, 1) for part in large)
        if swollen or sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
            raise BadInput(
                N_("“%(name)s” unpacks to more than can be read. Split it into several files."),
                field="file", name=self._name,
            )  # fmt: skip

    def _find_sheets(self, parts: ZipFile) -> None:
        self._path = next(path for path in (_office_document(parts), "xl/workbook.xml") if path in parts.namelist())
        root, links = _tree(parts, self._path), _links(parts, self._path)
        if _local(root) != "workbook":
            raise ValueError("no workbook")
        self._from_1904 = any(_local(one) == "workbookPr" and _yes(one.get("date1904")) for one in root)
        sheets, self._paths = [], {}
        for one in root.iter():
            target = next((links.get(value) for key, value in one.items() if key.endswith("}id")), None)
            if _local(one) != "sheet" or target is None or target[0] != "worksheet":
                continue
            name = one.get("name", "")
            sheets.append(SheetName(name, one.get("state", "visible") != "visible"))
            self._paths[name] = target[1]
        self.sheets = tuple(sheets)
        self._links = dict(links.values())

    @cached_property
    def _strings(self) -> Strings:
        return self._kept("sharedStrings", read_strings, [])

    @cached_property
    def _styles(self) -> list[Style]:
        return self._kept("styles", read_styles, [])

    def _kept(self, kind: str, read: Callable[[IO[bytes]], _T], none: _T) -> _T:
        with self._reading() as parts:
            path = self._links.get(kind)
            if path is None or path not in parts.namelist():
                return none
            if parts.getinfo(path).file_size > LARGEST_PART:
                raise ValueError("too large to keep")
            with parts.open(path) as part:
                return read(part)


def _merges(parts: ZipFile, path: str) -> Merges:
    """The merged areas, which stand behind the rows: looked for without parsing them."""
    found: list[tuple[bytes, bytes]] = []
    with parts.open(path) as part:
        tail = b""
        while block := part.read(_BLOCK):
            text = tail + block
            end = 0
            for match in _MERGE.finditer(text):
                found.append((match[1], match[2]))
                end = match.end()
            tail = text[max(end, len(text) - 300) :]
    return Merges([(first.decode(), last.decode()) for first, last in found])


def _tree(parts: ZipFile, path: str) -> ElementTree.Element:
    if parts.getinfo(path).file_size > LARGEST_PART // 10:
        raise ValueError("too large")
    content = parts.read(path)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise ValueError("a workbook declares nothing")
    return ElementTree.fromstring(content)  # noqa: S314 - without a document type nothing is expanded


def _links(parts: ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """What a part points to: id → (kind, path)."""
    folder, name = posixpath.split(path)
    links = {}
    for one in _tree(parts, posixpath.join(folder, "_rels", f"{name}.rels")):
        target = one.get("Target", "")
        whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        links[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], whole)
    return links


def _office_document(parts: ZipFile) -> str:
    found = _links(parts, "").values() if "_rels/.rels" in parts.namelist() else ()
    return next((path for kind, path in found if kind == "officeDocument"), "")


def _local(one: ElementTree.Element) -> str:
    return one.tag.rpartition("}")[2]


def _yes(value: str | None) -> bool:
    return value in ("1", "true")
