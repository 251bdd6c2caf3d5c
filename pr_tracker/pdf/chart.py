"""Pictures on paper, from the geometry of pr_tracker.charts: black, grey, hatched and outlined, never by hue."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from reportlab.platypus import Flowable

from pr_tracker.charts import Drawing, Look
from pr_tracker.pdf.fonts import Typeface
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.tags import said

_LETTERS = 13.0  # the size of words in a picture's own units
_WIDEST = 0.85  # points to a unit; wider paper leaves room at right
_KEY_SIZE, _SWATCH = 10.0, (16.0, 9.0)
_LEAST_ROWS = 3  # a part of a long picture has no fewer
_NUMBERS = re.compile(r"[MLH]|-?\d+(?:\.\d+)?")
_GREY = {Look.SOLID: 0.3, Look.SOON: 1.0, Look.LATE: 1.0, Look.OPEN: 1.0}
# Strokes of a hatching: how far apart, how thick, whether crossed.
_HATCHED = {Look.SOON: (5.0, 0.5, False), Look.LATE: (3.2, 0.9, True)}


class ChartOnPage(Flowable):  # type: ignore[misc]
    """A picture with its key above it; a picture of rows that is longer than the page goes on at the next."""

    def __init__(self, drawing: Drawing, key: Sequence[tuple[str, str]], typeface: Typeface) -> None:
        super().__init__()
        self.drawing, self.key, self.typeface = drawing, key, typeface
        self.spaceBefore, self.spaceAfter = 4, 10

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as there is; one that cannot be parted is made as small as the page asks."""
        self.scale = min(width / self.drawing.width, _WIDEST)
        self.width, self.key_lines = width, list(self._key_lines(width))
        self.above = len(self.key_lines) * _KEY_SIZE * 1.5 + (6 if self.key_lines else 0)
        self.height = self.above + self.drawing.height * self.scale + 4
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """What fits of the rows, and the rest with the key again."""
        self.wrap(width, height)
        step = self.drawing.step
        rows = int((height - self.above - 4) // (step * self.scale)) if step else 0
        if rows < _LEAST_ROWS:
            return []
        parts = (_part(self.drawing, 0, rows * step), _part(self.drawing, rows * step, self.drawing.height))
        return [ChartOnPage(part, self.key, self.typeface) for part in parts]

    def draw(self) -> None:
        """The key, then the shapes in their order; to who cannot see it, its words and values."""
        words = [words for _, words in self.key]
        words += [shape["words"] for shape in self.drawing.shapes if shape["tag"] == "text"]
        with said(self.canv, "Figure", clean(", ".join(words))):
            self._draw()

    def _draw(self) -> None:
        canvas = self.canv
        for down, line in enumerate(self.key_lines, 1):
            for x, look, words in line:
                y = self.height - down * _KEY_SIZE * 1.5
                self._swatch(x, y, look)
                canvas.setFont(self.typeface.font(), _KEY_SIZE)
                canvas.drawString(x + _SWATCH[0] + 4, y, words)
        canvas.saveState()
        canvas.translate(0, 4)
        canvas.scale(self.scale, self.scale)
        for shape in self.drawing.shapes:
            _DRAWN[shape["tag"]](self, shape)
        canvas.restoreState()

    def _key_lines(self, width: float) -> Iterator[list[tuple[float, str, str]]]:
        ruler, x = Ruler(self.typeface.font(), _KEY_SIZE), 0.0
        line: list[tuple[float, str, str]] = []
        for look, words in self.key:
            needed = _SWATCH[0] + 4 + ruler.width(clean(words))
            if line and x + needed > width:
                yield line
                line, x = [], 0.0
            line.append((x, look, clean(words)))
            x += needed + 16
        if line:
            yield line

    def _swatch(self, x: float, y: float, look: str) -> None:
        if look in ("ln", "ln2"):
            self._pen(look)
            self.canv.line(x, y + 3, x + _SWATCH[0], y + 3)
            self.canv.setDash()
            return
        self._box(x, y - 1, *_SWATCH, Look(look))

    def _rect(self, shape: dict[str, Any]) -> None:
        low = self.drawing.height - shape["y"] - shape["height"]
        self._box(shape["x"], low, shape["width"], shape["height"], Look(shape["class"]))

    def _box(self, x: float, y: float, width: float, height: float, look: Look) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setLineWidth(0.7)
        canvas.setFillGray(_GREY[look])
        canvas.rect(x, y, width, height, 1, 1)
        if look in _HATCHED:
            path = canvas.beginPath()
            path.rect(x, y, width, height)
            canvas.clipPath(path, stroke=0)
            apart, thick, crossed = _HATCHED[look]
            canvas.setLineWidth(thick)
            canvas.lines(list(_strokes(x, y, width, height, apart, crossed)))
        canvas.restoreState()

    def _pen(self, look: str) -> None:
        self.canv.setStrokeGray({"grid": 0.78, "ln2": 0.45}.get(look, 0.0))
        self.canv.setLineWidth({"grid": 0.6, "ln2": 1.4}.get(look, 2.0))
        self.canv.setDash(*(((2, 3),) if look == "ln2" else ()))

    def _path(self, shape: dict[str, Any]) -> None:
        """Straight strokes: M and L to a point, H to a place on the same height."""
        self.canv.saveState()
        self._pen(shape["class"])
        self.canv.setLineJoin(1)
        path, found, y = self.canv.beginPath(), iter(_NUMBERS.findall(shape["d"])), 0.0
        for command in found:
            x = float(next(found))
            y = y if command == "H" else self.drawing.height - float(next(found))
            (path.moveTo if command == "M" else path.lineTo)(x, y)
        self.canv.drawPath(path)
        self.canv.restoreState()

    def _circle(self, shape: dict[str, Any]) -> None:
        self.canv.saveState()
        self.canv.setLineWidth(1.4)
        self.canv.setFillGray(0 if shape["class"] == "dot-l" else 1)
        self.canv.circle(shape["cx"], self.drawing.height - shape["cy"], shape["r"], 1, 1)
        self.canv.restoreState()

    def _text(self, shape: dict[str, Any]) -> None:
        looks, words = shape["class"].split(), clean(shape["words"])
        font = self.typeface.font("bold" if "strong" in looks else "regular")
        x, y = shape["x"], self.drawing.height - shape["y"]
        width = Ruler(font, _LETTERS).width(words)
        x -= width if "end" in looks else width / 2 if "mid" in looks else 0
        if "halo" in looks:
            self.canv.setFillGray(1)
            self.canv.rect(x - 2, y - 3, width + 4, _LETTERS, 0, 1)
        self.canv.setFillGray(1 if "on" in looks else 0)
        self.canv.setFont(font, _LETTERS)
        self.canv.drawString(x, y, words)
        self.canv.setFillGray(0)


_DRAWN = {
    "rect": ChartOnPage._rect,
    "path": ChartOnPage._path,
    "circle": ChartOnPage._circle,
    "text": ChartOnPage._text,
}


def _strokes(
    x: float, y: float, width: float, height: float, apart: float, crossed: bool
) -> Iterator[tuple[float, float, float, float]]:
    """Slanting strokes over a box; it cuts them off."""
    for number in range(int((width + height) / apart) + 1):
        at = x - height + number * apart
        yield at, y, at + height, y + height
        if crossed:
            yield at, y + height, at + height, y


def _part(drawing: Drawing, first: int, end: int) -> Drawing:
    """The rows between two heights, moved up to the top."""
    shapes = tuple(shape | {"y": shape["y"] - first} for shape in drawing.shapes if first <= shape["y"] < end)
    return replace(drawing, height=end - first, shapes=shapes)
