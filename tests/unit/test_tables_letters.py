"""What was typed in TCVN3 (ABC), VNI or Windows-1258 comes out in Unicode, letter by letter, and is found by itself."""

import unicodedata
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from pr_tracker.errors import BadInput
from pr_tracker.tables import Table, read_table
from pr_tracker.tables.encodings import find_old, of_font
from pr_tracker.tables.letters import from_tcvn3, from_vni, is_vietnamese

# The 67 letters with marks, and how each was written. TCVN 5712:1993 (VN1) and the manual of VNI-Windows.
SMALL = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
TCVN3_SMALL = "b5b6b7b8b9a8bbbcbdbec6a9c7c8c9cacbaecccecfd0d1aad2d3d4d5d6d7d8dcdddedfe1e2e3e4abe5e6e7e8e9aceaebecedee"
TCVN3_SMALL += "eff1f2f3f4adf5f6f7f8f9fafbfcfdfe"
TCVN3_CAPITAL = (
    "8081828384a1afbabfc085a2c1c2c3c486a78788898a8ba3c5cdd9da8c8d8e8f909192939495" + "96a4dbe0f0ff97a598999a9b9c"
)
TCVN3_CAPITAL += "9d9e9f0102a604050611121314151617"
VNI_SMALL = (  # noqa: SIM905 - as the manual prints them
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä ñ eø eû eõ eù eï eâ eà eå eã eá eä ì æ ó í ò "
    "oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î"
).split(" ")
TEXT = (
    "Ngày nhận;Cơ quan báo chí;Nội dung\n"
    "20/11/2026;Báo Tuổi Trẻ;Đề nghị cung cấp thông tin về việc sạt lở bờ sông, trường học xuống cấp\n"
    "21/11/2026;Đài Phát thanh và Truyền hình;ỦY BAN NHÂN DÂN TỈNH AN GIANG kiểm tra những người nghỉ hưu\n"
)


def codes(letters: str) -> bytes:
    """The text in TCVN3."""
    known = dict(zip(SMALL + SMALL.upper(), bytes.fromhex(TCVN3_SMALL + TCVN3_CAPITAL), strict=True))
    return bytes(known.get(letter, ord(letter)) for letter in letters)


def typed_in_vni(text: str) -> str:
    """The text as it was typed with a VNI font."""
    known = dict(zip(SMALL, VNI_SMALL, strict=True))
    known |= {letter.upper(): typed.upper() for letter, typed in known.items()}
    return "".join(known.get(letter, letter) for letter in text)


def in_windows_1258(text: str) -> bytes:
    """The text in Windows-1258: the tone behind its letter."""
    found = b""
    for letter in text:
        tones = [part for part in unicodedata.normalize("NFD", letter) if part in "\u0300\u0301\u0303\u0309\u0323"]
        plain = "".join(part for part in unicodedata.normalize("NFD", letter) if part not in tones)
        found += (unicodedata.normalize("NFC", plain) + "".join(tones)).encode("cp1258")
    return found


def lines(table: Table) -> str:
    return "".join(";".join(cell.text for cell in row.cells) + "\n" for row in table.rows)


def test_there_are_134_letters_with_marks() -> None:
    assert len(set(SMALL + SMALL.upper())) == 134


@pytest.mark.parametrize("letter", SMALL + SMALL.upper())
def test_each_letter_comes_back_from_the_old_encodings(letter: str) -> None:
    octets = codes(letter)
    assert from_tcvn3(octets.decode("latin-1")) == letter
    if octets[0] not in b"\x81\x8d\x8f\x90\x9d":  # Windows-1252 has no letter there
        assert from_tcvn3(octets.decode("cp1252")) == letter
    assert from_vni(typed_in_vni(letter)) == letter
    assert unicodedata.normalize("NFC", in_windows_1258(letter).decode("cp1258")) == letter


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (unicodedata.normalize("NFD", TEXT).encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16"),
        (TEXT.encode("utf-16-be"), "utf-16"),
        (in_windows_1258(TEXT), "windows-1258"),
        (codes(TEXT), "tcvn3"),
        (typed_in_vni(TEXT).encode("cp1252"), "vni"),
        (codes(TEXT).decode("latin-1").encode(), "tcvn3"),  # Excel saved as "CSV UTF-8" what was typed with .VnTime
        (typed_in_vni(TEXT).encode(), "vni"),
        (TEXT.encode().decode("latin-1").encode(), "utf-8 twice"),
    ],
)
def test_the_encoding_of_a_text_is_found_in_it(content: bytes, encoding: str) -> None:
    table = read_table("so.csv", content)
    assert (table.encoding, lines(table)) == (encoding, TEXT)


def test_a_text_partly_in_unicode_and_partly_in_an_old_encoding_comes_out_whole() -> None:
    mixed = TEXT + codes(TEXT).decode("latin-1")
    assert lines(read_table("so.csv", mixed.encode())) == TEXT + TEXT


def test_letters_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(BadInput, match="not recognised"):
        read_table("so.csv", "Дата;Содержание\n1;Вопрос о здоровье\n".encode("cp1251"))


def test_old_letters_in_a_workbook_are_known_by_their_fonts() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            codes("Đề nghị").decode("latin-1"),
            codes("cộng hòa").decode("latin-1"),
            typed_in_vni("số điện thoại"),
            "Đã rồi",
        ]
    )
    for cell, font in zip(sheet[1], (".VnTime", ".VnTimeH", "VNI-Times", ".VnTime"), strict=True):
        cell.font = Font(name=font)
    old = TextBlock(InlineFont(rFont=".VnTime"), codes("trường").decode("latin-1"))
    sheet["E1"] = CellRichText("Hỏi về ", old, " học")
    out = BytesIO()
    book.save(out)
    (row,) = read_table("so.xlsx", out.getvalue()).rows
    assert [cell.text for cell in row.cells] == ["Đề nghị", "CỘNG HÒA", "số điện thoại", "Đã rồi", "Hỏi về trường học"]


def test_old_letters_in_a_workbook_are_known_without_their_fonts_too() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in TEXT.splitlines():
        sheet.append([codes(cell).decode("latin-1") for cell in line.split(";")])
    out = BytesIO()
    book.save(out)
    table = read_table("so.xlsx", out.getvalue())
    assert (table.encoding, lines(table)) == ("tcvn3", TEXT)


def test_capitals_that_tcvn3_wrote_with_small_toned_letters_are_capitals_again() -> None:
    assert from_tcvn3("§Ò NGHÞ") == "ĐỀ NGHỊ"
    assert from_tcvn3("UBND tØnh B¾c Giang") == "UBND tỉnh Bắc Giang"
    assert from_tcvn3("Hµ Tó") == "Hà Tú"


@pytest.mark.parametrize("text", ["Café Élysée", "Ngày nhận, Báo Tuổi Trẻ", "naïve", "Hoà Bình, quê quán: xã Mỹ Đức"])
def test_what_is_unicode_already_is_left_alone(text: str) -> None:
    assert find_old([text] * 20)[0] == ""
    convert = of_font(".VnTime")
    assert convert is not None
    assert convert("Ngày nhận") == "Ngày nhận"


@pytest.mark.parametrize(
    "word", ["trường", "nghiêng", "Quyền", "giặt", "uỷ", "khuya", "oẳn", "ĐẶC", "gì", "quốc", "hoà", "hòa"]
)
def test_a_syllable_of_vietnamese_is_known(word: str) -> None:
    assert is_vietnamese(word)


@pytest.mark.parametrize("word", ["trêng", "baùo", "b¸o", "nghiÖp", "soá ", "xyz", "tràc", "Ã¡"])
def test_what_is_no_syllable_of_vietnamese_is_known(word: str) -> None:
    assert not is_vietnamese(word)
