"""Geometry of pictures as plain numbers: templates/components/charts.html draws them by class, pdf.Chart on paper.

Every picture comes wide (640) and narrow (318), so that its words stay 13 px; hue is never needed to tell series apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

WIDE, NARROW = 640, 318
_LETTER = 6.9  # width of a letter at 13 px, rather too much than too little
_BAR, _STEP = 22, 32


class Look(StrEnum):
    """How a part of a bar is filled; the value is its class."""

    SOLID = "b-on"
    SOON = "b-soon"  # hatched in amber
    LATE = "b-late"  # hatched in red
    OPEN = "b-open"  # outlined


HATCHED = (Look.SOON, Look.LATE)


@dataclass(frozen=True)
class Piece:
    """A part of a bar: how long, how it looks."""

    value: float
    look: Look = Look.SOLID


@dataclass(frozen=True)
class Bar:
    """A bar with its name, its parts from left to right, and what stands at its end."""

    label: str
    pieces: tuple[Piece, ...]
    end: str = ""


@dataclass(frozen=True)
class Line:
    """A run of values, None where there is none; `faint` for what is compared with or only expected."""

    values: tuple[float | None, ...]
    faint: bool = False


@dataclass(frozen=True)
class Drawing:
    """One SVG: its size, its shapes in the order they are painted, the prefix of its ids.

    `step` is the height of a row where the picture may be parted between rows, as paper does with a long one.
    """

    width: int
    height: int
    key: str
    shapes: tuple[dict[str, Any], ...]
    step: int = 0


@dataclass(frozen=True)
class Picture:
    """The same picture for wide and for narrow pages."""

    wide: Drawing
    narrow: Drawing


def bars(
    rows: Sequence[Bar], *, key: str, most: float | None = None, above: bool = False, values: bool = False
) -> Picture:
    """Lying bars, stacked; `most` is the value that fills the width, the longest bar's unless given.

    `above`: long names stand above their bars also where there is room beside them. `values`: each part that is long
    enough says its value.
    """
    top = most or max((_sum(row) for row in rows), default=0) or 1
    wide, narrow = _bars(rows, f"{key}-w", WIDE, top, not above), _bars(rows, f"{key}-n", NARROW, top, False)
    return Picture(_valued(wide), _valued(narrow)) if values else Picture(wide, narrow)


def columns(rows: Sequence[Bar], *, key: str) -> Picture:
    """Standing bars, stacked from the floor up, over an axis of whole numbers; above each its `end`, else its sum."""
    return Picture(*(_columns(rows, f"{key}-{end}", width) for end, width in (("w", WIDE), ("n", NARROW))))


def lines(series: Sequence[Line], labels: Sequence[str], *, key: str, words: Callable[[float], str] = str) -> Picture:
    """Lines from 0 to 100 over the same points; the last value of each stands written."""
    return Picture(
        *(_lines(series, labels, f"{key}-{end}", width, words) for end, width in (("w", WIDE), ("n", NARROW)))
    )


def _bars(rows: Sequence[Bar], key: str, width: int, top: float, wide: bool) -> Drawing:
    longest = max((len(row.end) for row in rows), default=0) * _LETTER + 12
    left = 216.0 if wide else 0.0
    room, step, shapes = width - left - longest, _STEP if wide else _STEP + 20, []
    for place, row in enumerate(rows):
        y = place * step + (3 if wide else 20)
        if wide:
            shapes.append(_text(left - 12, y + 15.5, _cut(row.label, left - 12), "end"))
        else:
            shapes.append(_text(0, y - 5, _cut(row.label, width)))
        x = left
        for piece in row.pieces:
            length = round(piece.value / top * room, 1)
            if length > 0:
                shapes.append(_rect(x, y, max(length - 1, 1), _BAR, piece, key))
                x += length
        if row.end:
            shapes.append(_text(x + 8, y + 15.5, row.end, "strong"))
    return Drawing(width, max(len(rows) * step, 1), key, tuple(shapes), step)


def _columns(rows: Sequence[Bar], key: str, width: int) -> Drawing:
    wide = width == WIDE
    left, height, floor = (46.0, 270, 238.5) if wide else (34.0, 230, 198.5)
    ticks = _ticks(max((_sum(row) for row in rows), default=0))
    scale, step = (floor - 30) / ticks[-1], (width - left) / max(len(rows), 1)
    shapes: list[dict[str, Any]] = []
    for value in ticks:
        y = round(floor - value * scale, 1)
        shapes.append({"tag": "path", "class": "grid", "d": f"M{left} {y}H{width}"})
        shapes.append(_text(left - 8, y + 4, write_number(value), "end"))
    every = max(1, -(-len(rows) * 44 // int(width - left)))
    for place, row in enumerate(rows):
        thick = min(step * 0.66, 48.0)
        x, y = left + (place + 0.5) * step - thick / 2, floor
        for piece in row.pieces:
            tall = piece.value * scale
            if tall > 0:
                y -= tall
                shapes.append(_rect(round(x, 1), round(y, 1), thick, max(tall - 1, 1), piece, key))
        if step >= 22 or place % every == 0:
            shapes.append(_text(x + thick / 2, y - 6, row.end or write_number(_sum(row)), "strong mid halo"))
        if place % every == 0:
            shapes.append(_text(x + thick / 2, height - 10, _cut(row.label, step * every), "mid"))
    return Drawing(width, height, key, tuple(shapes))


def _ticks(most: float) -> list[int]:
    """Round whole numbers from 0 to no less than the most, five or six of them at the most."""
    unit = 1
    while unit * 5 < most:
        unit = unit * 5 // 2 if str(unit)[0] == "2" else unit * 2
    return list(range(0, unit * max(1, -(-int(-(-most // 1)) // unit)) + 1, unit))


def _valued(drawing: Drawing) -> Drawing:
    """The drawing with the value in each part that is long enough for it."""
    said = []
    for shape in drawing.shapes:
        words = shape.get("words") or write_number(shape.get("value", 0))
        if shape["tag"] == "rect" and shape["width"] >= len(words) * _LETTER + 6:
            css = "strong mid on" if shape["class"] == Look.SOLID else "strong mid halo"
            said.append(_text(shape["x"] + shape["width"] / 2, shape["y"] + 15.5, words, css))
    return replace(drawing, shapes=(*drawing.shapes, *said))


def _sum(row: Bar) -> float:
    return sum(piece.value for piece in row.pieces)


def write_number(value: float) -> str:
    """A value as the pictures say it: 1.250 and 12,5 as Vietnamese writes them."""
    words = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return words.translate(str.maketrans(",.", ".,"))


def _lines(
    series: Sequence[Line], labels: Sequence[str], key: str, width: int, words: Callable[[float], str]
) -> Drawing:
    wide = width == WIDE
    left, right, height, floor = (46.0, 36.0, 270, 230.5) if wide else (32.0, 34.0, 230, 190.5)
    step = (width - left - right) / max(len(labels) - 1, 1)

    def at(place: int, value: float) -> tuple[float, float]:
        return round(left + place * step, 1), round(floor - value / 100 * (floor - 20), 1)

    shapes = []
    for value in (0, 25, 50, 75, 100):
        y = at(0, value)[1]
        shapes.append({"tag": "path", "class": "grid", "d": f"M{left} {y}H{width - right}"})
        shapes.append(_text(left - 8, y + 4, str(value), "end"))
    for line in series:
        shapes.extend(_line(line, at, words))
    every = max(1, -(-len(labels) // (13 if wide else 5)))
    for place, label in enumerate(labels):
        if place % every == 0:
            shapes.append(_text(at(place, 0)[0], height - 8, label, "mid"))
    return Drawing(width, height, key, tuple(shapes))


def _line(line: Line, at: Callable[[int, float], tuple[float, float]], words: Callable[[float], str]) -> list[Any]:
    points = [(place, value) for place, value in enumerate(line.values) if value is not None]
    if not points:
        return []
    path = "L".join("{} {}".format(*at(*point)) for point in points)
    shapes: list[Any] = [{"tag": "path", "class": "ln2" if line.faint else "ln", "d": f"M{path}"}]
    if not line.faint:
        shapes += [_dot(*at(*point)) for point in points[:-1]]
    x, y = at(*points[-1])
    shapes.append({"tag": "circle", "class": "dot" if line.faint else "dot-l", "cx": x, "cy": y, "r": 5})
    shapes.append(_text(x, y - 12, words(points[-1][1]), "strong mid halo"))
    return shapes


def _dot(x: float, y: float) -> dict[str, Any]:
    return {"tag": "circle", "class": "dot", "cx": x, "cy": y, "r": 3.5}


def _rect(x: float, y: float, length: float, height: float, piece: Piece, key: str) -> dict[str, Any]:
    inset = 0.5 if piece.look is not Look.SOLID else 0.0
    size = {"x": x + inset, "y": y + inset, "width": max(length - 2 * inset, 0.5), "height": height - 2 * inset}
    size = {name: round(length, 1) for name, length in size.items()} | {"value": piece.value}
    fill = {"fill": f"url(#{key}-{piece.look})"} if piece.look in HATCHED else {}
    return {"tag": "rect", "class": str(piece.look), **size, **fill}


def _text(x: float, y: float, words: str, css: str = "") -> dict[str, Any]:
    return {"tag": "text", "class": css, "x": round(x, 1), "y": round(y, 1), "words": words}


def _cut(words: str, room: float) -> str:
    """The words as far as they fit; the table beside the picture has them whole."""
    letters = int(room / _LETTER)
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"
