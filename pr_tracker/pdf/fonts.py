"""The typeface of official papers: Times New Roman's metrics where the host has them, else the packaged face."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import fontpkg_crimson_text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFile

Face = Literal["regular", "bold", "italic", "bold_italic"]
Choice = Literal["host", "packaged"]
Files = tuple[str, str, str, str]

_FACES: tuple[Face, ...] = ("regular", "bold", "italic", "bold_italic")
# Best first. Fonts-liberation 1.07 has the same file names as version 2 but lacks 92 letters: the letters decide.
_SUITABLE: tuple[Files, ...] = (
    ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
    (
        "Times_New_Roman.ttf",
        "Times_New_Roman_Bold.ttf",
        "Times_New_Roman_Italic.ttf",
        "Times_New_Roman_Bold_Italic.ttf",
    ),
    (
        "Times New Roman.ttf",
        "Times New Roman Bold.ttf",
        "Times New Roman Italic.ttf",
        "Times New Roman Bold Italic.ttf",
    ),
    ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"),
    (
        "LiberationSerif-Regular.ttf",
        "LiberationSerif-Bold.ttf",
        "LiberationSerif-Italic.ttf",
        "LiberationSerif-BoldItalic.ttf",
    ),
)
_HOST_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "C:/Windows/Fonts",
    "/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
)
_REGISTERING = Lock()


def vietnamese_letters() -> list[str]:
    """The 134 letters of Vietnamese that are not in ASCII, composed, small and capital."""
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    small = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    return sorted(letter for letter in small | {s.upper() for s in small} if not letter.isascii())


@dataclass(frozen=True)
class Typeface:
    """Four faces registered with ReportLab; `font` gives the name of one."""

    name: str
    files: Files

    def font(self, face: Face = "regular") -> str:
        return f"{self.name}-{face}"


def typeface(choice: Choice = "host") -> Typeface:
    """The typeface to draw with; "packaged" gives the same on every machine. Raises ValueError for another word."""
    if choice not in ("host", "packaged"):
        raise ValueError(f"{choice!r} is not a typeface: host or packaged")
    with _REGISTERING:
        return (choice == "host" and _host_typeface()) or _packaged_typeface()


@cache
def _packaged_typeface() -> Typeface:
    folder = Path(fontpkg_crimson_text.ROOT) / "files"
    names = ("Regular", "Bold", "Italic", "BoldItalic")
    regular, bold, italic, bold_italic = (str(folder / f"CrimsonText-{name}.ttf") for name in names)
    return _register(Typeface("packaged", (regular, bold, italic, bold_italic)))


@cache
def _host_typeface() -> Typeface | None:
    files = find_files(_HOST_FOLDERS)
    return _register(Typeface("host", files)) if files else None


def find_files(folders: Iterable[str]) -> Files | None:
    """The best four files under these folders whose faces all have every Vietnamese letter."""
    shelves = [(folder, set(names)) for folder in folders for folder, names in _walk(folder)]
    for wanted in _SUITABLE:
        for folder, names in shelves:
            regular, bold, italic, bold_italic = (os.path.join(folder, name) for name in wanted)
            files = (regular, bold, italic, bold_italic)
            if names.issuperset(wanted) and all(has_vietnamese(file) for file in files):
                return files
    return None


def _walk(folder: str) -> Iterator[tuple[str, list[str]]]:
    for inner, folders, names in os.walk(os.path.expanduser(folder)):
        folders.sort()
        yield inner, names


def has_vietnamese(file: str) -> bool:
    """Whether a TrueType file has a glyph for each of the 134 letters."""
    try:
        glyphs = TTFontFile(file, charInfo=1).charToGlyph
    except (TTFError, OSError):
        return False
    return all(glyphs.get(ord(letter)) for letter in vietnamese_letters())


def _register(chosen: Typeface) -> Typeface:
    for face, file in zip(_FACES, chosen.files, strict=True):
        pdfmetrics.registerFont(TTFont(chosen.font(face), file))
    return chosen
