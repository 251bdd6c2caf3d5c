"""A QR code on paper, with lines beside it; how a paper says that it can be checked."""

from typing import Any

import segno
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from pr_tracker.codes import read_code, show_code
from pr_tracker.pdf.blocks import Check
from pr_tracker.pdf.fonts import Typeface
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.tags import said

_SIDE, _GAP = 30 * mm, 5 * mm
_FOOT, _FOOT_SIDE, _FOOT_SIZE = 5 * mm, 17 * mm, 9


class QrBeside(Flowable):  # type: ignore[misc]
    """The code at left as vectors, the lines at right of its middle; the first line is bold."""

    def __init__(self, url: str, lines: list[str], typeface: Typeface, size: float) -> None:
        super().__init__()
        self.url, self.lines, self.typeface, self.size = url, lines, typeface, size
        self.spaceBefore = self.spaceAfter = 6

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as there is."""
        room = width - _SIDE - _GAP
        self.set: list[tuple[str, Ruler]] = []
        for at, line in enumerate(self.lines):
            ruler = Ruler(self.typeface.font("regular" if at else "bold"), self.size)
            self.set += [(part, ruler) for part in ruler.wrap(clean(line), room)]
        self.width, self.height = width, max(_SIDE, len(self.set) * self.size * 1.3)
        return self.width, self.height

    def draw(self) -> None:
        """The code, then the lines."""
        with said(self.canv, "Figure", f"QR: {self.url}"):
            draw_qr(self.canv, self.url, 0, self.height - _SIDE, _SIDE)
        top = self.height - (self.height - len(self.set) * self.size * 1.3) / 2
        with said(self.canv, "P"):
            for at, (text, ruler) in enumerate(self.set, 1):
                self.canv.setFont(ruler.font, ruler.size)
                self.canv.drawString(_SIDE + _GAP, top - at * self.size * 1.3 + self.size * 0.3, text)


class CheckedEnd(Flowable):  # type: ignore[misc]
    """Takes no room: where the paper ends it says in the bottom margin how to check it, with the QR at right."""

    def __init__(self, check: Check, typeface: Typeface, left: float) -> None:
        super().__init__()
        self.check, self.typeface, self.left = check, typeface, left

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Nothing of the page."""
        self.right = self.left + width
        return 0.0, 0.0

    def draw(self) -> None:
        """Within the margin of the page, wherever on it the text ends."""
        x, y = self.canv.absolutePosition(0, 0)
        address = self.check.url.split("://", 1)[-1].rsplit("/", 1)[0]
        self.canv.saveState()
        self.canv.translate(-x, -y)
        with said(self.canv, "Figure", f"QR: {self.check.url}"):
            draw_qr(self.canv, self.check.url, self.right - _FOOT_SIDE, _FOOT, _FOOT_SIDE)
        words = f"Kiểm tra văn bản: quét mã bên phải, hoặc mở {address} và nhập mã."
        with said(self.canv, "P"):
            self.canv.setFont(self.typeface.font(), _FOOT_SIZE)
            self.canv.drawString(self.left, _FOOT + 9.5 * mm, words)
        self.canv.restoreState()


def write_code(canvas: Any, check: Check, typeface: Typeface, left: float) -> None:
    """The code in the bottom margin of a page."""
    canvas.setFont(typeface.font(), _FOOT_SIZE)
    canvas.drawString(left, _FOOT + 5 * mm, f"Mã kiểm tra: {show_code(read_code(check.code))}")


def draw_qr(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """A QR code as vectors from its lower left corner, its quiet zone within `side`."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=4))
    module = side / len(rows)
    for down, row in enumerate(rows, 1):
        start = None
        for at, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = at
            elif not dark and start is not None:
                canvas.rect(x + start * module, y + side - down * module, (at - start) * module, module, 0, 1)
                start = None
