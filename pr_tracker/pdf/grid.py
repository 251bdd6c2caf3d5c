"""Any number of rows, drawn page by page: each row is measured once, so time and memory grow as the rows do."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

from reportlab.platypus import Flowable

from pr_tracker.pdf.blocks import Cell, Piece
from pr_tracker.pdf.fonts import Face, Typeface
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.tags import Cells, unsaid

Borders = Literal["all", "rows", "none"]
Line = tuple[str, Ruler, float]

_PAD_X = 3.5
_HAIRLINE = 0.5
# A row taller than this goes on at the next page line by line; a smaller one moves there whole.
_TALL = 170.0
_KNOWN = 4000


@dataclass(slots=True)
class Row:
    """A measured row: for each cell its lines, each with its ruler and indent."""

    height: float
    cells: list[list[Line]]
    align: str = ""
    middle: bool = False


class Form:
    """How a grid's columns stand. Measures rows; knows the head that each page repeats."""

    def __init__(
        self,
        typeface: Typeface,
        weights: Sequence[float],
        *,
        size: float,
        aligns: Sequence[str] = (),
        titles: Sequence[str] = (),
        fits: Sequence[str] = (),
        borders: Borders = "all",
        row_height: float = 0.0,
        pad_y: float = 2.5,
    ) -> None:
        self.weights, self.aligns = weights, aligns or ["left"] * len(weights)
        self.titles, self.fits = titles, fits
        self.borders, self.row_height, self.pad_y = borders, row_height, pad_y
        self.leading, self.ascent = size * 1.2, size * 0.92
        faces: tuple[Face, ...] = ("regular", "bold", "italic", "bold_italic")
        self.rulers = {face: Ruler(typeface.font(face), size) for face in faces}
        self.width = 0.0
        self.head: Row | None = None
        self.cells = Cells()
        self.known: dict[tuple[str, float], list[Line]] = {}  # cells that come again, as agencies and results do

    def fit(self, width: float) -> None:
        """Share the width among the columns and measure the head."""
        if width == self.width:
            return
        self.width = width
        widths = self._widths(width)
        self.edges = [0.0, *accumulate(widths)]
        self.lefts = self.edges[:-1]
        self.room = [column - 2 * _PAD_X for column in widths]
        if self.titles:
            cells = [[(line, self.rulers["bold"], 0.0) for line in self._lines(t, "bold", r)] for t, r in self._heads()]
            self.head = Row(self._height(cells), cells, align="center", middle=True)

    def measure(self, cells: Sequence[Cell]) -> Row:
        """Break the cells into lines. A row of one cell runs over all columns."""
        if len(cells) == 1 < len(self.weights):
            lines = [self._cell(cells[0], self.width - 2 * _PAD_X)]
            return Row(max(self._height(lines), self.row_height), lines, align="center", middle=True)
        lines = [self._cell(cell, room) for cell, room in zip(cells, self.room, strict=True)]
        height = self._height(lines)
        return Row(max(height, self.row_height), lines, middle=self.row_height > 0)

    def cut(self, row: Row, room: float) -> tuple[Row, Row] | None:
        """A tall row as what fits in the room and the rest; None if it had better go whole."""
        count = int((room - 2 * self.pad_y) // self.leading)
        if count < 2:
            return None
        upper, lower = [cell[:count] for cell in row.cells], [cell[count:] for cell in row.cells]
        return Row(self._height(upper), upper, row.align), Row(self._height(lower), lower, row.align)

    def _widths(self, width: float) -> list[float]:
        """Shares by weight; a column too narrow for its longest whole word takes what it needs from the others."""
        bold = self.rulers["bold"]
        least = [max((bold.width(word) for word in clean(text).split()), default=0.0) for text in self.titles]
        least = least or [0.0] * len(self.weights)
        for index, text in enumerate(self.fits):
            least[index] = max(least[index], self.rulers["regular"].widest(clean(text)))
        least = [needed + 2 * _PAD_X + 0.1 for needed in least]
        if sum(least) >= width:
            return [needed * width / sum(least) for needed in least]
        weights = list(self.weights)
        while True:
            share = (width - sum(n for n, weight in zip(least, weights, strict=True) if not weight)) / sum(weights)
            widths = [weight * share if weight else n for n, weight in zip(least, weights, strict=True)]
            if all(given >= n for given, n in zip(widths, least, strict=True)):
                return widths
            weights = [w if given > n else 0.0 for w, given, n in zip(weights, widths, least, strict=True)]

    def _heads(self) -> Iterator[tuple[str, float]]:
        return zip(self.titles, self.room, strict=True)

    def _cell(self, cell: Cell, room: float) -> list[Line]:
        if isinstance(cell, str):
            known = self.known.get((cell, room))
            if known is None:
                ruler = self.rulers["regular"]
                known = [(line, ruler, 0.0) for line in ruler.wrap(clean(cell), room)]
                if len(self.known) >= _KNOWN:
                    self.known.clear()
                self.known[cell, room] = known
            return known
        return [line for piece in cell for line in self._piece(piece, room)]

    def _piece(self, piece: Piece, room: float) -> list[Line]:
        lines = self._lines(piece.text, piece.face, room - piece.indent)
        return [(line, self.rulers[piece.face], piece.indent) for line in lines]

    def _lines(self, text: str, face: Face, room: float) -> list[str]:
        return self.rulers[face].wrap(clean(text), room)

    def _height(self, cells: Iterable[list[Line]]) -> float:
        return max((len(cell) for cell in cells), default=0) * self.leading + 2 * self.pad_y


class Grid(Flowable):  # type: ignore[misc]
    """A run of rows on the page. Splitting gives this page's rows and a grid of all that comes after."""

    def __init__(self, form: Form, incoming: Iterable[Sequence[Cell]], measured: Iterable[Row] = ()) -> None:
        super().__init__()
        self.form, self.incoming, self.measured = form, iter(incoming), deque(measured)
        self.spaceBefore, self.spaceAfter = 3, 8

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size; with more rows than fit, the height is only sure to be more than there is."""
        self.form.fit(width)
        total = self._head_height() + sum(row.height for row in self.measured)
        while total <= height:
            cells = next(self.incoming, None)
            if cells is None:
                break
            self.measured.append(self.form.measure(cells))
            total += self.measured[-1].height
        self.width, self.height = width, total
        return width, total

    def split(self, width: float, height: float) -> list[Flowable]:
        """This page's rows, and the rest; nothing if not even the first row fits."""
        self.wrap(width, height)
        here: list[Row] = []
        room = height - self._head_height()
        while self.measured and self.measured[0].height <= room:
            here.append(self.measured.popleft())
            room -= here[-1].height
        if self.measured and self.measured[0].height > _TALL and (parts := self.form.cut(self.measured[0], room)):
            here.append(parts[0])
            self.measured[0] = parts[1]
        return [Grid(self.form, (), here), Grid(self.form, self.incoming, self.measured)] if here else []

    def draw(self) -> None:
        """The head and the rows, downward."""
        rows = [self.form.head, *self.measured] if self.form.head else list(self.measured)
        text = self.canv.beginText()
        self.form.cells.begin(self.canv, text)
        top, tops = self.height, [self.height]
        hand: Ruler | None = None
        for row in rows:
            self.form.cells.row(head=row is self.form.head)
            hand = self._write(text, row, top, hand)
            top -= row.height
            tops.append(top)
        self.form.cells.end()
        self.canv.drawText(text)
        with unsaid(self.canv):
            self._rule(rows, tops)

    def _head_height(self) -> float:
        return self.form.head.height if self.form.head else 0.0

    def _write(self, text: Any, row: Row, top: float, hand: Ruler | None) -> Ruler | None:
        """Write a row's lines; the font in hand is changed only where another follows."""
        form = self.form
        across, told = len(row.cells) == 1, form.cells.told
        for index, lines in enumerate(row.cells):
            room = form.width - 2 * _PAD_X if across else form.room[index]
            align = row.align or form.aligns[index]
            spare = (row.height - len(lines) * form.leading) / 2 if row.middle else form.pad_y
            baseline = top - spare - form.ascent
            if told:
                form.cells.open(filled=bool(lines))
            for string, ruler, indent in lines:
                x = form.lefts[index] + _PAD_X + indent
                if align != "left":
                    slack = room - indent - ruler.width(string)
                    x += slack if align == "right" else slack / 2
                if ruler is not hand:
                    text.setFont(ruler.font, ruler.size)
                    hand = ruler
                text.setTextOrigin(x, baseline)
                text.textOut(string)
                baseline -= form.leading
            if told:
                form.cells.close()
        return hand

    def _rule(self, rows: Sequence[Row], tops: Sequence[float]) -> None:
        if self.form.borders == "none":
            return
        self.canv.setLineWidth(_HAIRLINE)
        self.canv.lines([(0, y, self.form.width, y) for y in tops])
        if self.form.borders == "rows":
            return
        bottom = tops[-1]
        self.canv.lines([(x, tops[0], x, bottom) for x in (0, self.form.width)])
        for first, last in _runs(rows):
            self.canv.lines([(x, tops[first], x, tops[last]) for x in self.form.edges[1:-1]])


def _runs(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Where the inner vertical lines run: from, to; rows of one cell across interrupt them."""
    start: int | None = None
    for index, row in enumerate(rows):
        if len(row.cells) == 1:
            if start is not None:
                yield start, index
            start = None
        elif start is None:
            start = index
    if start is not None:
        yield start, len(rows)
