"""QR codes as pictures."""

from io import BytesIO
from itertools import groupby

import segno


def qr_svg(text: str) -> bytes:
    """The text as a QR code in SVG, dark on white whatever the page, with its quiet zone."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=4, light="white", xmldecl=False)
    return out.getvalue()


def qr_path(text: str, border: int = 4) -> tuple[str, int]:
    """The text as one <path> for a square viewBox, dark modules only, and the square's side."""
    code, parts = segno.make(text, error="m", micro=False), []
    for y, row in enumerate(code.matrix_iter(border=border)):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(parts), int(code.symbol_size(border=border)[0])
