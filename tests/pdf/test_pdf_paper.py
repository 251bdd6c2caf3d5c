"""The sheet: fonts, text, pages, the file's own facts."""

import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import fontpkg_crimson_text
import pytest

from pr_tracker.pdf import (
    Addressees,
    Closing,
    Event,
    Facts,
    Heading,
    Numbered,
    PageBreak,
    Quote,
    Recipients,
    Signature,
    Step,
    Steps,
    Text,
    Timeline,
)
from pr_tracker.pdf.fonts import find_files, has_vietnamese, typeface, vietnamese_letters
from pr_tracker.pdf.lines import clean
from tests.pdf.reading import fonts, pages, printed, read, words, written

MM = 72 / 25.4
LETTERS = " ".join(vietnamese_letters())
LONG = "Người phát ngôn trả lời báo chí đúng hạn, đúng thẩm quyền. " * 12


def every_kind_of_block():
    return (
        Addressees(["Báo Phương Nam", "Đài Phát thanh và Truyền hình"]),
        Heading("I. Về số liệu"),
        Heading("1. Họp báo", 2),
        Text(LONG),
        Quote(LONG),
        Numbered([LONG, "Hai."]),
        Facts([("Mã hồ sơ", "ĐN-2026-0001"), ("Ghi chú", "")]),
        Steps([Step("Quy định", "Điều 32", [("Thứ Ba 24/11/2026", "Ngày Văn hóa Việt Nam")]), Step("Kết quả", "xong")]),
        Timeline([Event("16:30 20/11/2026", "Lê Hồng trả lại.", "Bổ sung căn cứ.")] * 30),
        Closing(Signature(["KT. Giám đốc"], ["Phó Giám đốc"], "Lê Hồng"), Recipients(["Như trên"])),
    )


def test_every_vietnamese_letter_is_printed_and_read_back_composed():
    assert len(vietnamese_letters()) == 134
    for face in ("regular", "bold", "italic", "bold_italic"):
        got = words(printed(Text(LETTERS, align="left", face=face)))
        assert got == LETTERS
        assert unicodedata.is_normalized("NFC", got)


def test_decomposed_text_is_printed_composed_in_every_kind_of_cell():
    apart = unicodedata.normalize("NFD", "Sở Nông nghiệp và Môi trường")
    paper = printed(Text(apart), Facts([(apart, apart)]), Heading(apart), title=apart)
    assert words(paper).count("Sở Nông nghiệp và Môi trường") == 4
    assert read(paper).metadata.title == "Sở Nông nghiệp và Môi trường"


def test_every_font_is_embedded_as_a_subset_and_helvetica_is_not_even_named():
    paper = printed(*every_kind_of_block())
    assert len(fonts(paper)) >= 4
    for font in fonts(paper):
        assert re.fullmatch(r"/[A-Z]{6}\+CrimsonText-\w+", font["/BaseFont"])
        assert len(font["/FontDescriptor"]["/FontFile2"].get_data()) < 60_000
    assert b"Helvetica" not in paper


def test_the_same_paper_has_the_same_bytes():
    assert printed(*every_kind_of_block()) == printed(*every_kind_of_block())


def test_papers_written_at_the_same_time_do_not_disturb_each_other():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    alone = printed(*every_kind_of_block())
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda _: printed(*every_kind_of_block()), range(48)))
    finally:
        sys.setswitchinterval(usual)
    assert set(together) == {alone}


def test_pages_are_numbered_in_the_middle_of_the_top_margin_from_the_second():
    paper = printed(Text("Một."), PageBreak(), Text("Hai."), PageBreak(landscape=True), Text("Ba."))
    assert pages(paper)[0].split() == ["Một."]
    for number, middle in ((2, 105 + 7.5), (3, 148.5 + 7.5)):
        line = next(line for line in written(paper) if line.page == number and line.text == str(number))
        height = float(read(paper).pages[number - 1].mediabox.height)
        assert (line.x + line.end) / 2 == pytest.approx(middle * MM, abs=0.1)
        assert height - 20 * MM < line.y < height - 5 * MM


def test_a_paper_may_stand_or_lie():
    boxes = [page.mediabox for page in read(printed(Text("a"), PageBreak(), Text("b"), landscape=True)).pages]
    assert [box.width > box.height for box in boxes] == [True, False]


def test_the_file_says_its_title_its_language_and_its_headings():
    paper = read(printed(*every_kind_of_block(), title="Phiếu xử lý ĐN-2026-0001"))
    assert paper.metadata.title == "Phiếu xử lý ĐN-2026-0001"
    assert paper.trailer["/Root"]["/Lang"] == "vi-VN"
    title, (chapter, (section,)) = paper.outline
    assert [entry.title for entry in (title, chapter, section)] == [
        "Phiếu xử lý ĐN-2026-0001",
        "I. Về số liệu",
        "1. Họp báo",
    ]


def test_a_second_level_heading_may_come_first():
    assert len(read(printed(Heading("Chỉ một mục nhỏ", 2))).outline) == 2


def test_markup_in_the_text_is_only_text():
    assert "<b>R&D</b> &amp; <font" in words(printed(Text("<b>R&D</b> &amp; <font")))


def test_what_no_font_can_draw_does_not_stop_the_paper():
    odd = "A\x00B\u200bC\ud800D\u00adE 🙂 東京 F"
    assert words(printed(Text(odd), Facts([(odd, odd)]), title=odd)).count("ABCDE") == 3


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("  hai  chữ ", "hai chữ"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \t \n b", "a\nb"),
        ("ĐN\u2011001\u00a0x", "ĐN-001\u00a0x"),
        ("", ""),
    ],
)
def test_text_is_cleaned_before_it_is_measured(given, cleaned):
    assert clean(given) == cleaned


def test_an_event_and_its_quotation_and_a_step_and_its_rows_are_all_printed():
    got = words(printed(*every_kind_of_block()[-3:-1]))
    assert "16:30 20/11/2026 Lê Hồng trả lại. “Bổ sung căn cứ.”" in got
    assert "1. Quy định Điều 32 - Thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam 2. Kết quả xong" in got


def test_the_packaged_faces_have_every_letter_and_a_file_that_is_no_font_has_none(tmp_path):
    assert all(has_vietnamese(file) for file in typeface("packaged").files)
    (tmp_path / "times.ttf").write_bytes(b"not a font")
    assert not has_vietnamese(str(tmp_path / "times.ttf"))


def test_a_host_face_without_every_letter_is_passed_over(tmp_path, monkeypatch):
    good = {name: fontpkg_crimson_text.ROOT / "files" / f"CrimsonText-{name}.ttf" for name in ("Regular", "Bold")}
    for folder, made in (("old", b"no letters"), ("new", good["Regular"].read_bytes())):
        (tmp_path / folder).mkdir()
        for style in ("Regular", "Bold", "Italic", "BoldItalic"):
            (tmp_path / folder / f"LiberationSerif-{style}.ttf").write_bytes(made)
    files = find_files([str(tmp_path)])
    assert files is not None
    assert files[0] == str(tmp_path / "new" / "LiberationSerif-Regular.ttf")
    assert find_files([str(tmp_path / "old")]) is None


def test_only_two_typefaces_can_be_chosen():
    with pytest.raises(ValueError, match="host or packaged"):
        typeface("comic")
