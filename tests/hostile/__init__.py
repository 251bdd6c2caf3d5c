"""Files nobody would wish for, made on the spot, each with what has to become of it.

`said` is what the refusal says; without it the file is read and `cells` are its rows as text.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook

NOT_A_TABLE, BROKEN, EMPTY = "neither an Excel workbook", "broken or no Excel workbook", "is empty"
NO_LETTERS, TOO_LARGE, QUOTE = "were not recognised", "unpacks to more", "quotation mark"


@dataclass(frozen=True)
class Hostile:
    """A file: its name, how it is made, and its verdict."""

    name: str
    content: Callable[[], bytes]
    said: str = ""
    cells: tuple[tuple[str, ...], ...] = ()


def a_workbook(*rows, **sheets) -> bytes:
    """A sound workbook."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    """A workbook with one part changed."""
    out = io.BytesIO()
    whole = io.BytesIO(content or a_workbook(["Tên", "Loại"], ["Báo A", "in"]))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


def a_zip(**parts: bytes) -> bytes:
    """A zip with these parts; "__" in a name stands for a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def a_sheet(body: bytes, tail: bytes = b"") -> bytes:
    """A workbook whose sheet has this XML."""
    return with_part(SHEET, lambda _old: _HEAD + body + b"</sheetData>" + tail + b"</worksheet>")


def text_row(number: int, *cells: tuple[str, str]) -> bytes:
    """A row of XML with texts at places."""
    inner = "".join(f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>' for place, text in cells)
    return f'<row r="{number}">{inner}</row>'.encode()


def _flipped() -> bytes:
    content = bytearray(a_workbook(*[[f"Báo {number}", "in"] for number in range(500)]))
    at = content.find(b"PK\x03\x04", content.find(SHEET.encode()))
    content[at - 40] ^= 0xFF
    return bytes(content)


def _locked_zip() -> bytes:
    content = bytearray(a_workbook(["Tên"]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


REFUSED = (
    Hostile("rỗng.xlsx", lambda: b"", EMPTY),
    Hostile("rỗng.csv", lambda: b"\xef\xbb\xbf\r\n\r\n", EMPTY),
    Hostile("chỉ dấu phẩy.csv", lambda: b";;;\n;;;\n", EMPTY),
    Hostile("không có ô.xlsx", a_workbook, EMPTY),
    Hostile("scan.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", NOT_A_TABLE),
    Hostile("ảnh.csv", lambda: b"\x89PNG\r\n\x1a\n\x00\x00", NOT_A_TABLE),
    Hostile("trang.xls", lambda: b"<html><table><tr><td>T\xc3\xaan</td></tr></table></html>", NOT_A_TABLE),
    Hostile("văn bản.xlsx", lambda: a_zip(word__document__xml=b"<w/>"), BROKEN),
    Hostile("bảng.ods", lambda: a_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
    Hostile("nhị phân.xlsb", lambda: with_part("x", bytes, a_zip(**{"xl/workbook.bin": b"x"})), "binary workbook"),
    Hostile("cũ.xls", lambda: _OLE + b"\0" * 600, "old Excel file"),
    Hostile("cũ đổi tên.xlsx", lambda: _OLE + b"\0" * 600, "old Excel file"),
    Hostile("mật khẩu.xlsx", lambda: _OLE + b"\0" * 5000 + "EncryptedPackage".encode("utf-16-le"), "password"),
    Hostile("mật khẩu zip.xlsx", _locked_zip, BROKEN),
    Hostile("cắt cụt.xlsx", lambda: a_workbook(["Tên"], ["Báo A"])[:-400], BROKEN),
    Hostile("hỏng giữa chừng.xlsx", _flipped, BROKEN),
    Hostile("bom.xlsx", lambda: with_part(SHEET, lambda _old: b"\0" * (120 << 20)), TOO_LARGE),
    Hostile("tiếng cười.xlsx", lambda: with_part(SHEET, lambda old: _LAUGHS + old), BROKEN),
    Hostile("thực thể ngoài.xlsx", lambda: with_part("xl/workbook.xml", lambda old: _LAUGHS + old), BROKEN),
    Hostile("xml dở dang.xlsx", lambda: with_part(SHEET, lambda old: old[: len(old) // 2]), BROKEN),
    Hostile(
        "đường dẫn.xlsx",
        lambda: with_part("xl/_rels/workbook.xml.rels", lambda old: old.replace(b"worksheets/", b"../../../etc/")),
        BROKEN,
    ),
    Hostile("chuỗi không có.xlsx", lambda: a_sheet(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), BROKEN),
    Hostile("dòng ngược.xlsx", lambda: a_sheet(text_row(5, ("A5", "x")) + text_row(2, ("A2", "y"))), BROKEN),
    Hostile("dòng quá xa.xlsx", lambda: a_sheet(text_row(99_999_999, ("A1", "x"))), BROKEN),
    Hostile("cột XFD.xlsx", lambda: a_sheet(text_row(1, ("XFD1", "x"))), BROKEN),
    Hostile("ô dài.xlsx", lambda: a_sheet(text_row(1, ("A1", "x" * 100_001))), BROKEN),
    Hostile("số lạ.xlsx", lambda: a_sheet(b'<row r="1"><c r="A1"><v>mot</v></c></row>'), BROKEN),
    Hostile(
        "gộp chồng.xlsx",
        lambda: a_sheet(text_row(1, ("A1", "x")), b'<mergeCells><mergeCell ref="A1:C9"/></mergeCells>' * 300),
        BROKEN,
    ),
    Hostile("nháy không đóng.csv", lambda: 'Tên;Loại\n"Báo A;in\n'.encode() + b"x;y\n" * 400, QUOTE),
    Hostile("ô dài.csv", lambda: b'a;b\n"' + b"x" * 100_001 + b'";y\n', QUOTE),
    Hostile("nghìn cột.csv", lambda: b"x;" * 300 + b"x\n", "more than 256 columns"),
    Hostile("chữ Nga.csv", lambda: "Дата;Содержание\n1;Вопрос о здоровье\n".encode("cp1251"), NO_LETTERS),
    Hostile("ngẫu nhiên.csv", lambda: bytes(range(256)) * 20, NO_LETTERS),
    Hostile("số không.csv", lambda: b"T\0e\0\0n;x\n1;2\n", NO_LETTERS),
)  # fmt: skip

READ = (
    Hostile("công thức.csv", lambda: b"=cmd|' /C calc'!A0;@SUM(A1)\n", cells=(("=cmd|' /C calc'!A0", "@SUM(A1)"),)),
    Hostile("đổi chiều.csv", lambda: "Báo\u202egnad\u200b A;x\n".encode(), cells=(("Báognad A", "x"),)),
    Hostile("xuống dòng.csv", lambda: b"a;b\r\nc;d\re;f\n", cells=(("a", "b"), ("c", "d"), ("e", "f"))),
    Hostile("nháy giữa ô.csv", lambda: 'Báo "A";in\n'.encode(), cells=(('Báo "A"', "in"),)),
    Hostile("không có đuôi", lambda: b"a;b\n1;2\n", cells=(("a", "b"), ("1", "2"))),
    Hostile("tên sai.csv", lambda: a_workbook(["Tên"], ["Báo A"]), cells=(("Tên",), ("Báo A",))),
    Hostile("một cột.txt", lambda: "Báo A\nBáo B\n".encode(), cells=(("Báo A",), ("Báo B",))),
    Hostile(
        "ô lộn xộn.xlsx",
        lambda: a_sheet(text_row(3, ("C3", "ba"), ("A3", "một"), ("A3", "hai"))),
        cells=(("hai", "", "ba"),),
    ),
    Hostile(
        "ngày không có.xlsx",
        lambda: a_workbook([date(1900, 3, 1), 60, -5, 99_999_999]),
        cells=(("01/03/1900", "60", "-5", "99999999"),),
    ),
    Hostile("lỗi.xlsx", lambda: a_workbook(["#REF!", "#N/A"]), cells=(("#REF!", "#N/A"),)),
    Hostile(
        "không gian tên.xlsx",
        lambda: with_part(
            SHEET,
            lambda _old: b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
            b'<x:row><x:c t="inlineStr"><x:is><x:t>A</x:t></x:is></x:c><x:c><x:v>5</x:v></x:c></x:row>'
            b"</x:sheetData></x:worksheet>",
        ),
        cells=(("A", "5"),),
    ),
)  # fmt: skip
