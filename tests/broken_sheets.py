"""Excel sheets as no program writes them."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
BROKEN_SHEETS = {
    "no XML": (SHEET, b"<worksheet><"),
    "no text": (SHEET, b"\xff\xfe\x00"),
    "no workbook": ("xl/workbook.xml", b"<a/>"),
    "unpacks to 60 MB": ("xl/media/image1.bin", bytes(60 * 1024 * 1024)),
    "locked": (SHEET, None),
    "damaged": (SHEET, None),
}


def broken_sheet(fault: str) -> BytesIO:
    """A workbook with this fault, as it is sent."""
    name, content = BROKEN_SHEETS[fault]
    whole, out = BytesIO(), BytesIO()
    book = Workbook()
    book.active.append(["Họ và tên", "Chức vụ"])
    book.active.append(["Tô Văn Mới", "Trưởng phòng"])
    book.save(whole)
    with ZipFile(whole) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name or content is None:
                new.writestr(part, old.read(part))
        if content is not None:
            new.writestr(name, content)
        at = new.getinfo(name).header_offset
    sent = bytearray(out.getvalue())
    if fault == "locked":
        for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = -1
            while (place := sent.find(sign, place + 1)) >= 0:
                sent[place + offset] |= 1
    elif fault == "damaged":
        (length,) = struct.unpack_from("<H", sent, at + 26)
        start = at + 30 + length
        sent[start : start + 40] = b"\xff" * 40
    return BytesIO(bytes(sent))
