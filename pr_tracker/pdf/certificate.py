"""Certificates: one lying A4 sheet each, with a frame, the official head, who and what for, a code with its QR."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO

import segno
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pr_tracker.pdf.fonts import Choice, Typeface, typeface
from pr_tracker.pdf.letterhead import COUNTRY, MOTTO, Stack
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.paper import _WRITING

WIDTH, HEIGHT = landscape(A4)
_RED, _BLACK = (0.52, 0.09, 0.1), (0.0, 0.0, 0.0)
_OUTER, _INNER, _EDGE = 9 * mm, 11.2 * mm, 18.5 * mm
_QR = 25 * mm
_SEAL = 22 * mm
_ROOM = WIDTH - 2 * _EDGE
_SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6)
_PALE = 0.9
_MASK = 3  # any of the eight can be read; trying them all takes most of the time


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one certificate says; texts of several lines are broken where they say so. `mark` lies across a sample."""

    issuer: str
    heading: str
    lead: str
    person: str
    about: str
    body: str
    number: str
    dated: str
    authority: str
    signer: str
    code: str  # as it is to be read
    check: str  # where to look it up, in words
    url: str  # what the QR opens
    framed: bool = True
    mark: str = ""


def build_certificates(sheets: Iterable[Sheet], out: BinaryIO, *, title: str, face: Choice = "host") -> None:
    """Write the sheets as one PDF, a page each: the same sheets give the same bytes."""
    with _WRITING:
        chosen = typeface(face)
        canvas = Canvas(
            out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=chosen.font(), lang="vi-VN"
        )
        canvas.setTitle(clean(title))
        canvas.setCreator("pr_tracker")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        for place, sheet in enumerate(sheets):
            canvas.bookmarkPage(f"sheet-{place}")
            canvas.addOutlineEntry(clean(f"{sheet.number}, {sheet.person}"), f"sheet-{place}", 0)
            _Drawing(canvas, chosen, sheet).draw()
            canvas.showPage()
        canvas.save()


class _Drawing:
    """One sheet on a canvas; everything shrinks together where long names ask for more room than there is."""

    def __init__(self, canvas: Any, chosen: Typeface, sheet: Sheet) -> None:
        self.canvas, self.typeface, self.sheet = canvas, chosen, sheet

    def draw(self) -> None:
        for scale in _SCALES:
            head, main, end = self._head(scale), self._main(scale), self._end(scale)
            left = HEIGHT - 2 * _EDGE - max(stack.height for stack in head) - main.height - self._end_height(end)
            if left >= 0:
                break
        self._mark()
        if self.sheet.framed:
            self._frame()
        top = HEIGHT - _EDGE
        for stack in head:
            stack.draw(self.canvas, top)
        bottom = _EDGE + self._end_height(end)
        top -= max(stack.height for stack in head)
        main.draw_coloured(self.canvas, top - max(0.0, top - bottom - main.height) * 0.45)
        end.draw(self.canvas, bottom)
        self._code(bottom)

    def _head(self, scale: float) -> tuple[Stack, Stack]:
        """Who gives it at left, the country at right."""
        right = Ruler(self.typeface.font("bold"), 13 * scale).width(COUNTRY) + 4
        nation = Stack(self.typeface, _EDGE + _ROOM - right / 2, right)
        nation.write(COUNTRY, "bold", 13 * scale)
        nation.write(MOTTO, "bold", 14 * scale, rule=1.0)
        room = _ROOM - right - 8 * mm
        agency = Stack(self.typeface, _EDGE + room / 2, room)
        *above, last = clean(self.sheet.issuer).split("\n")
        for line in above:
            agency.write(line.upper(), "regular", 13 * scale)
        agency.write(last.upper(), "bold", 13 * scale, rule=0.4)
        return agency, nation

    def _main(self, scale: float) -> "_Middle":
        """What it is, for whom and what for, in the middle."""
        sheet, stack = self.sheet, _Middle(self.typeface, WIDTH / 2, _ROOM - 12 * mm)
        stack.height += 6 * mm * scale
        stack.write(sheet.heading.upper(), "bold", 34 * scale)
        stack.coloured = len(stack.texts)
        stack.write(sheet.lead, "italic", 16 * scale, before=7 * scale)
        stack.write(sheet.person, "bold", self._person_size(scale), before=5 * scale)
        stack.write(sheet.about, "regular", 15 * scale, before=3 * scale)
        stack.height += 5 * scale
        for line in clean(sheet.body).split("\n"):
            stack.write(line, "regular", 15.5 * scale, before=5 * scale)
        return stack

    def _person_size(self, scale: float) -> float:
        """A name stands on one line, smaller where it is long, until two lines are better."""
        size = 28 * scale
        width = Ruler(self.typeface.font("bold"), size).width(clean(self.sheet.person))
        return max(size * min(1.0, (_ROOM - 12 * mm) / width if width else 1.0), 20 * scale)

    def _end(self, scale: float) -> Stack:
        """Place and day, who signs; room for signature and seal."""
        room = _ROOM * 0.46
        stack = Stack(self.typeface, _EDGE + _ROOM - room / 2, room)
        stack.write(self.sheet.dated, "italic", 14 * scale, before=4)
        for line in clean(self.sheet.authority).split("\n"):
            stack.write(line.upper(), "bold", 14 * scale)
        stack.height += _SEAL * max(scale, 0.8)
        stack.write(self.sheet.signer, "bold", 15 * scale)
        return stack

    def _end_height(self, end: Stack) -> float:
        return max(end.height, _QR + 8 * mm)

    def _code(self, top: float) -> None:
        """Number, QR and code at the lower left: the QR has its quiet zone, the code stands beside it."""
        canvas, sheet, x = self.canvas, self.sheet, _EDGE + 3 * mm
        canvas.setFillColorRGB(*_BLACK)
        draw_qr(canvas, sheet.url, x, _EDGE, _QR)
        beside = x + _QR + 3 * mm
        small = Ruler(self.typeface.font(), 10)
        lines = [("bold", 12, clean(sheet.number)), ("regular", 11, f"Mã: {sheet.code}")]
        lines += [("regular", 10, line) for line in small.wrap(clean(sheet.check), _ROOM * 0.52 - _QR)]
        down = _EDGE + 2 + 13 * (len(lines) - 1)
        for at, (face, size, text) in enumerate(lines):
            canvas.setFont(self.typeface.font(face), size)  # type: ignore[arg-type]
            canvas.drawString(beside, down - 13 * at, text)

    def _frame(self) -> None:
        """A double line, its corners set in."""
        canvas = self.canvas
        canvas.setStrokeColorRGB(*_RED)
        for inset, width, notch in ((_OUTER, 2.0, 0.0), (_INNER, 0.7, 4 * mm)):
            canvas.setLineWidth(width)
            canvas.drawPath(_notched(canvas.beginPath(), inset, notch))
        canvas.setStrokeColorRGB(*_BLACK)

    def _mark(self) -> None:
        """A pale word across a sheet that is only to be looked at."""
        if not self.sheet.mark:
            return
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillGray(_PALE)
        canvas.setFont(self.typeface.font("bold"), 96)
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(28)
        canvas.drawCentredString(0, -30, clean(self.sheet.mark))
        canvas.restoreState()


@dataclass
class _Middle(Stack):
    """Lines of which the first few are coloured."""

    coloured: int = 0

    def draw_coloured(self, canvas: Any, top: float) -> None:
        for at, (text, ruler, down) in enumerate(self.texts):
            canvas.setFillColorRGB(*(_RED if at < self.coloured else _BLACK))
            canvas.setFont(ruler.font, ruler.size)
            canvas.drawCentredString(self.middle, top - down, text)


def draw_qr(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """A QR code as vectors, each run of dark modules one rectangle; the paper around it is its quiet zone."""
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    module = side / len(matrix)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        for start, length in _runs(modules):
            path.rect(x + start * module, y + side - (row + 1) * module, length * module, module * 1.01)
    canvas.drawPath(path, stroke=0, fill=1)


def _runs(modules: bytearray) -> Iterator[tuple[int, int]]:
    """Where dark modules begin, and how many."""
    at = 0
    for dark, same in groupby(modules):
        length = sum(1 for _ in same)
        if dark:
            yield at, length
        at += length


def _notched(path: Any, inset: float, notch: float) -> Any:
    """A rectangle whose corners step in."""
    left, right, low, high = inset, WIDTH - inset, inset, HEIGHT - inset
    corners = (
        (left, low + notch, left + notch, low + notch, left + notch, low),
        (right - notch, low, right - notch, low + notch, right, low + notch),
        (right, high - notch, right - notch, high - notch, right - notch, high),
        (left + notch, high, left + notch, high - notch, left, high - notch),
    )
    move = path.moveTo
    for corner in corners:
        for at in range(0, 6, 2):
            move(corner[at], corner[at + 1])
            move = path.lineTo
    path.close()
    return path
