"""Read papers back: what stands in the file and where, not what the writer meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from pr_tracker.pdf import Document, build
from pr_tracker.pdf.fonts import Choice


@dataclass(frozen=True)
class Written:
    """A line of text on a page: from where to where (points from the lower left corner), in which font and size."""

    page: int
    x: float
    y: float
    end: float
    size: float
    font: str
    text: str


def printed(*blocks: Any, title: str = "Giấy thử", face: Choice = "packaged", **settings: Any) -> bytes:
    out = BytesIO()
    build(Document(title, blocks, **settings), out, face=face)
    return out.getvalue()


def read(paper: bytes) -> PdfReader:
    return PdfReader(BytesIO(paper))


def pages(paper: bytes) -> list[str]:
    return [page.extract_text() for page in read(paper).pages]


def words(paper: bytes) -> str:
    return " ".join(" ".join(pages(paper)).split())


def fonts(paper: bytes) -> list[Any]:
    """Every font any page refers to."""
    found = {}
    for page in read(paper).pages:
        for name, font in page["/Resources"]["/Font"].items():
            found[name] = font.get_object()
    return list(found.values())


def written(paper: bytes) -> list[Written]:
    """Every line of text in the order written, as placed and measured by the file itself."""
    return [line for number, page in enumerate(read(paper).pages, 1) for line in _lines(number, page)]


def rules(paper: bytes) -> list[float]:
    """Lengths of the horizontal lines on page 1, in the order drawn."""
    return [end - start for start, end, _ in strokes(paper)]


def strokes(paper: bytes) -> list[tuple[float, float, float]]:
    """The horizontal lines on page 1 in the order drawn: from where, to where, at which height."""
    found, left, bottom, kept = [], 0.0, 0.0, []
    for given, operator in read(paper).pages[0].get_contents().operations:
        match operator, given:
            case b"q", _:
                kept.append((left, bottom))
            case b"Q", _:
                left, bottom = kept.pop()
            case b"cm", [*_, right, up]:
                left, bottom = left + float(right), bottom + float(up)
            case b"m", [x, y]:
                start = (float(x), float(y))
            case b"l", [x, y] if float(y) == start[1]:
                found.append((left + start[0], left + float(x), bottom + start[1]))
    return found


def _lines(number: int, page: Any) -> Iterator[Written]:
    faces = {name: _face(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    left, bottom, scale, kept = 0.0, 0.0, 1.0, []
    x = y = end = size = leading = spacing = 0.0
    text = font = ""
    for given, operator in page.get_contents().operations:
        if operator in (b"BT", b"Tm", b"Td", b"T*", b"ET"):
            if text.strip():
                places = (left + scale * x, bottom + scale * y, left + scale * end)
                yield Written(number, *places, size * scale, faces[font][0], text)
            text = ""
        match operator, given:
            case b"q", _:
                kept.append((left, bottom, scale))
            case b"Q", _:
                left, bottom, scale = kept.pop()
            case b"cm", [larger, *_, right, up]:
                left, bottom, scale = left + scale * float(right), bottom + scale * float(up), scale * float(larger)
            case b"Tf", [font, points]:
                size = float(points)
            case b"TL", [points]:
                leading = float(points)
            case b"Tw", [points]:
                spacing = float(points)
            case b"Tm", [*_, right, up]:
                x, y = float(right), float(up)
            case b"Td", [right, up]:
                x, y = x + float(right), y + float(up)
            case b"T*", _:
                y -= leading
            case b"Tj", [codes]:
                end = end if text else x
                for code in codes.original_bytes:
                    text += faces[font][1][code]
                    end += faces[font][2][code] * size / 1000 + (spacing if code == 32 else 0)


def _face(font: Any) -> tuple[str, dict[int, str], dict[int, float]]:
    """A font's name, what each of its codes means, and how wide each is."""
    table = font["/ToUnicode"].get_object().get_data().decode()
    letters = {int(code, 16): chr(int(letter, 16)) for code, letter in re.findall(r"<(\w\w)> <(\w{4})>", table)}
    widths = {font["/FirstChar"] + at: float(width) for at, width in enumerate(font["/Widths"])}
    return font["/BaseFont"][8:], letters, widths
