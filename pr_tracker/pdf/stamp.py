"""The words of an electronic signature as a page of their own size, to be laid upon another."""

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from pr_tracker.pdf.fonts import Choice, typeface
from pr_tracker.pdf.lines import Ruler, clean
from pr_tracker.pdf.paper import _WRITING

_SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)  # points; the largest that fits
_LEADING = 1.25


def draw_stamp(lines: list[str], width: float, height: float, *, face: Choice = "host") -> bytes:
    """A PDF page of this many points with the lines at its right, wrapped and set as large as they fit."""
    with _WRITING:
        font = typeface(face).font()
        for size in _SIZES:
            ruler = Ruler(font, size)
            wrapped = [part for line in lines for part in ruler.wrap(clean(line), width)]
            if len(wrapped) * size * _LEADING <= height:
                break
        out = BytesIO()
        canvas = Canvas(out, pagesize=(width, height), invariant=1, initialFontName=font)
        canvas.setFont(font, size)
        for at, line in enumerate(wrapped, 1):
            canvas.drawRightString(width, height - at * size * _LEADING + size * 0.25, line)
        canvas.save()
        return out.getvalue()
