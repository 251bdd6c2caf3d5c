"""CSV and text: the encoding and the separator are found in the content."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO

from pr_tracker.errors import N_, BadInput
from pr_tracker.tables.cells import LONGEST_CELL, MOST_COLUMNS, Row, cell_of
from pr_tracker.tables.encodings import Encoding, find_encoding

Opener = Callable[[], AbstractContextManager[BinaryIO]]

SEPARATORS = "\t;|,"  # of equals the first: a comma may belong to a number
_GUARDED = re.compile(r"'(?:[=+\-@\t\r\n＝＋－＠]|0\d+$|\d{12,}$)")
_LOOKED_AT = 60  # records
_MOST_LINES_IN_A_CELL = 300


class TextTable:
    """A text file as a table."""

    def __init__(self, file_name: str, opened: Opener) -> None:
        self._name, self._opened = file_name, opened
        with opened() as file:
            self._found: Encoding = find_encoding(file_name, file)
        self.encoding = self._found.name
        self.separator, self._declared = self._find_separator()

    def rows(self) -> Iterator[Row]:
        """The rows in their order; a row is what a spreadsheet program shows as one."""
        for number, record in self._records(self.separator):
            if number == 1 and self._declared:
                continue
            if len(record) > MOST_COLUMNS and any(value.strip() for value in record[MOST_COLUMNS:]):
                raise BadInput(
                    N_("Row %(row)s of “%(name)s” has more than %(most)s columns."),
                    field="file", row=number, name=self._name, most=MOST_COLUMNS,
                )  # fmt: skip
            cells = [cell_of(self._found.converted(_unguarded(value))) for value in record[:MOST_COLUMNS]]
            while cells and not cells[-1].text:
                cells.pop()
            if cells:
                yield Row(number, cells)

    def _records(self, separator: str) -> Iterator[tuple[int, list[str]]]:
        with self._opened() as file, TextIOWrapper(file, self._found.codec, errors="replace", newline="") as text:
            csv.field_size_limit(LONGEST_CELL)
            number = 0
            try:
                for number, record in enumerate(csv.reader(text, delimiter=separator), 1):
                    if any(value.count("\n") > _MOST_LINES_IN_A_CELL for value in record):
                        raise csv.Error
                    yield number, record
            except csv.Error:
                raise BadInput(
                    N_("“%(name)s” cannot be read from row %(row)s on: a quotation mark there is never closed."),
                    field="file", name=self._name, row=number + 1,
                ) from None  # fmt: skip

    def _find_separator(self) -> tuple[str, bool]:
        """The separator, and whether the first line declares it, as Excel reads it ("sep=;")."""
        with self._opened() as file, TextIOWrapper(file, self._found.codec, errors="replace", newline="") as text:
            first = text.readline(1000).strip().strip('"')
        if first.lower().startswith("sep=") and len(first) == 5:
            return first[4], True
        return max(SEPARATORS, key=self._evenness), False

    def _evenness(self, separator: str) -> tuple[int, int]:
        """How many rows have the commonest number of columns; one column is no table."""
        try:
            records = [record for _, record in islice(self._records(separator), _LOOKED_AT)]
        except BadInput:
            return 0, 0
        counted = Counter(len(record) for record in records if len(record) > 1)
        (width, times), *_ = counted.most_common(1) or [(0, 0)]
        return times, width


def _unguarded(value: str) -> str:
    """The text behind the apostrophe with which lists keep it from becoming a formula or a number (see sheets)."""
    return value[1:] if _GUARDED.match(value) else value
