"""QR codes as pictures."""

from io import BytesIO

import segno


def qr_svg(text: str) -> bytes:
    """The text as a QR code in SVG, dark on white whatever the page, with its quiet zone."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=4, light="white", xmldecl=False)
    return out.getvalue()
