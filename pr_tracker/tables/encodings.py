"""In what a text was written, found by its content: Unicode, Windows-1258, or the old TCVN3 (ABC) and VNI."""

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from pr_tracker.errors import N_, BadInput
from pr_tracker.tables.letters import from_doubled_utf8, from_tcvn3, from_vni, is_vietnamese

Conversion = Callable[[str], str]

_TOKEN = re.compile(r"[^\s\d!-/:-@\[-`{-~“”‘’–—…«]+")
# Letters that only Vietnamese in Unicode has: a text with one of them was typed in Unicode.
_UNICODE = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
_OLD: dict[str, Conversion] = {"tcvn3": from_tcvn3, "vni": from_vni, "utf-8 twice": from_doubled_utf8}
_ENOUGH, _CLEARLY = 0.6, 0.2  # of the words with marks: Vietnamese so read, and more than read otherwise
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SAMPLE = 20_000  # words
_SAMPLE_OCTETS = 200_000


def as_it_is(text: str) -> str:
    """No conversion."""
    return text


@dataclass(frozen=True)
class Encoding:
    """What was found: its name, the codec that decodes it, and what then turns a text into Unicode Vietnamese."""

    name: str
    codec: str
    converted: Conversion = as_it_is


def find_encoding(file_name: str, file: BinaryIO) -> Encoding:
    """The encoding of a text file. Raises BadInput when its letters are not recognised."""
    start = file.read(4096)
    if (wide := _wide(start)) is not None:
        file.seek(0)
        name, converted = find_old([file.read(_SAMPLE_OCTETS).decode(wide, "replace")])
        return Encoding(name or "utf-16", wide, converted)
    if _is_utf8(file):
        name, converted = find_old([_lines_with_marks(file).decode("utf-8", "replace")])
        return Encoding(name or "utf-8", "utf-8-sig", converted)
    found = _single_byte(_lines_with_marks(file)) if b"\0" not in start else None
    if found is None:
        raise BadInput(
            N_("The letters of “%(name)s” were not recognised. Save it as CSV UTF-8 or as .xlsx and choose it again."),
            field="file", name=file_name,
        )  # fmt: skip
    return found


def find_old(texts: Iterable[str]) -> tuple[str, Conversion]:
    """The old encoding in which texts were typed as if they were Latin-1, and its conversion; none: "" and as it is.

    The conversion leaves alone what is Vietnamese as it stands, so files of both kinds come out right.
    """
    words = [word for text in texts for word in _words(text) if not _UNICODE.search(word)][:_SAMPLE]
    if not words:
        return "", as_it_is
    standing = _share(words)
    shares = {name: _share([convert(word) for word in words]) for name, convert in _OLD.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] < _ENOUGH or shares[best] < standing + _CLEARLY:
        return "", as_it_is
    return best, lambda text: converted_if_better(text, _OLD[best])


def converted_if_better(text: str, convert: Conversion) -> str:
    """The text converted, unless it is Unicode already or has fewer Vietnamese words then."""
    if text.isascii() or _UNICODE.search(text):
        return text
    after = convert(text)
    return after if _vietnamese(after) >= _vietnamese(text) else text


def of_font(font: str) -> Conversion | None:
    """The conversion of what was typed with a font of an old encoding: .VnTime, .VnTimeH (capitals), VNI-Times."""
    name = font.lower()
    if name.startswith((".vn", "vni-")):
        convert = from_vni if name.startswith("vni-") else from_tcvn3
        capitals = name.startswith(".vn") and font.endswith("H")

        def converted(text: str) -> str:
            after = converted_if_better(text, convert)
            return after.upper() if capitals and (after != text or text.isascii()) else after

        return converted
    return None


def _single_byte(sample: bytes) -> Encoding | None:
    """Which of the encodings of one byte a letter makes most words Vietnamese."""
    choices = [Encoding("windows-1258", "cp1258"), Encoding("tcvn3", "latin-1", from_tcvn3)]
    choices += [Encoding("vni", "cp1252", from_vni), Encoding("windows-1252", "cp1252")]
    shares = [_share(_words(choice.converted(sample.decode(choice.codec, "replace")))[:_SAMPLE]) for choice in choices]
    best = max(shares)
    return choices[shares.index(best)] if best >= _ENOUGH else None


def _words(text: str) -> list[str]:
    """The words with marks: the only ones that say something of the encoding."""
    return [] if text.isascii() else [word for word in _TOKEN.findall(text) if not word.isascii()]


def _share(words: list[str]) -> float:
    return sum(map(is_vietnamese, words)) / len(words) if words else 0.0


def _vietnamese(text: str) -> int:
    return sum(map(is_vietnamese, _words(text)))


def _lines_with_marks(file: BinaryIO) -> bytes:
    """Lines from anywhere in the file that say something of its letters."""
    file.seek(0)
    found, size = [], 0
    while size < _SAMPLE_OCTETS and (line := file.readline(1 << 16)):
        if not line.isascii():
            found.append(line)
            size += len(line)
    return b"".join(found)


def _wide(start: bytes) -> str | None:
    """UTF-16 by its mark, or by the zeros that half its octets are where most letters are plain."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    zeros = (start[::2].count(0), start[1::2].count(0))
    for mine, other, codec in ((1, 0, "utf-16-le"), (0, 1, "utf-16-be")):
        if zeros[mine] * 4 > len(start) / 2 and zeros[other] * 20 < zeros[mine]:
            text = start[: len(start) // 2 * 2].decode(codec, "replace")
            return None if _CONTROL.search(text) else codec
    return None


def _is_utf8(file: BinaryIO) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1 << 20):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
