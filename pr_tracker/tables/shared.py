"""What the sheets of a workbook share: texts and formats."""

import re
from collections.abc import Callable
from typing import IO, NamedTuple
from xml.parsers.expat import ParserCreate

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from pr_tracker.tables.encodings import Conversion, of_font

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ZEROS = re.compile(r"0{2,20}")
# Formats of days that Excel keeps without writing them down.
_DATES_UNWRITTEN = {*range(27, 37), *range(50, 59)}


class Style(NamedTuple):
    """What a cell's format says: whether a number is a date, how many digits it shows, in what a text was typed."""

    date: bool = False
    digits: int = 0
    convert: Conversion | None = None


Runs = list[tuple[str, str]]  # parts of a text with the names of their fonts
Strings = list[str | Runs]
PLAIN = Style()


def read_strings(part: IO[bytes]) -> Strings:
    """The texts that the cells of a workbook share, without how they are pronounced."""
    found: Strings = []
    runs: Runs = []
    state = {"text": False, "phonetic": False, "font": ""}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            runs.clear()
        elif name == "r":
            state["font"] = ""
        elif name == "rFont":
            state["font"] = attributes.get("val", "")
        elif name == "rPh":
            state["phonetic"] = True
        elif name == "t":
            state["text"] = not state["phonetic"]

    def end(name: str) -> None:
        if name == "si":
            has_old = any(of_font(font) for _, font in runs)
            plain = unescape("".join(words for words, _ in runs))
            found.append([(unescape(words), font) for words, font in runs] if has_old else plain)
        elif name == "rPh":
            state["phonetic"] = False
        elif name == "t":
            state["text"] = False

    def text(words: str) -> None:
        if state["text"]:
            runs.append((words, str(state["font"])))

    _parse(part, start, end, text)
    return found


def read_styles(part: IO[bytes]) -> list[Style]:
    """What each format of the workbook says."""
    formats: dict[int, str] = {}
    fonts: list[str] = []
    styles: list[Style] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        parent = inside[-1] if inside else ""
        inside.append(name)
        if name == "numFmt" and "numFmtId" in attributes:
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "font" and parent == "fonts":
            fonts.append("")
        elif name == "name" and parent == "font" and fonts:
            fonts[-1] = attributes.get("val", "")
        elif name == "xf" and parent == "cellXfs":
            font = int(attributes.get("fontId", 0))
            styles.append(_style(int(attributes.get("numFmtId", 0)), formats, fonts[font] if font < len(fonts) else ""))

    _parse(part, start, lambda _name: inside.pop())
    return styles


def _style(number: int, formats: dict[int, str], font: str) -> Style:
    form = formats.get(number, BUILTIN_FORMATS.get(number, ""))
    is_date = is_date_format(form) or (number in _DATES_UNWRITTEN and number not in formats)
    return Style(is_date, len(form) if _ZEROS.fullmatch(form) else 0, of_font(font))


def unescape(text: str) -> str:
    """Letters that XML cannot carry, as Excel writes them: "_x000D_"."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def refuse(*_declared: object) -> None:
    """No part of a workbook declares a document type; one that does means harm."""
    raise ValueError("a document type")


def _parse(
    part: IO[bytes],
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object] | None = None,
) -> None:
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.ParseFile(part)
