"""In what a text was written: Unicode."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from pr_tracker.errors import N_, BadInput


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Encoding:
    """What was found: its name, the codec that decodes it, and what then turns a text into Unicode Vietnamese."""

    name: str
    codec: str
    converted: Callable[[str], str] = _as_it_is


def find_encoding(file_name: str, file: BinaryIO) -> Encoding:
    """The encoding of a text file. Raises BadInput when its letters are not recognised."""
    start = file.read(4)
    file.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Encoding("utf-16", "utf-16")
    if _is_utf8(file):
        return Encoding("utf-8", "utf-8-sig")
    raise BadInput(
        N_("The letters of “%(name)s” were not recognised. Save it as CSV UTF-8 or as .xlsx and choose it again."),
        field="file", name=file_name,
    )  # fmt: skip


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1 << 20):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
