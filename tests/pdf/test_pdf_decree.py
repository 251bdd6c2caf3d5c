"""Each element of Decree 30/2020, annex I, read back from the file: where it stands, how large, in which face."""

import subprocess
import unicodedata
from datetime import date
from itertools import pairwise

import pytest

from pr_tracker.pdf import Addressees, Closing, Letterhead, Recipients, Signature, Text
from pr_tracker.pdf.fonts import Face
from tests.pdf.reading import printed, read, strokes, written

MM = 72 / 25.4
BODY = "Trong tháng, người phát ngôn của các cơ quan đã cung cấp thông tin cho báo chí kịp thời, chính xác. " * 8
HEAD = {
    "superior": "UBND tỉnh An Giang",
    "issuer": "Sở Xây dựng",
    "symbol": "BC-SXD",
    "place": "An Giang",
    "day": date(2026, 2, 5),
    "kind": "Báo cáo",
    "abstract": "Công tác cung cấp thông tin cho báo chí tháng 01 năm 2026",
    "urgency": "Thượng khẩn",
}
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
SUPERIOR, ISSUER = HEAD["superior"].upper(), HEAD["issuer"].upper()
PLACE = "An Giang, ngày 05 tháng 02 năm 2026"
# Text, face, least and most size in points, where its middle stands: the table of the decree.
ELEMENTS: list[tuple[str, Face, float, float, str]] = [
    (COUNTRY, "bold", 12, 13, "right"),
    (MOTTO, "bold", 13, 14, "right"),
    (SUPERIOR, "regular", 12, 13, "left"),
    (ISSUER, "bold", 12, 13, "left"),
    ("/BC-SXD", "regular", 13, 13, "left"),
    (PLACE, "italic", 13, 14, "right"),
    ("THƯỢNG KHẨN", "bold", 13, 14, "left"),
    ("BÁO CÁO", "bold", 13, 14, "middle"),
    (HEAD["abstract"], "bold", 13, 14, "middle"),
    ("TM. ỦY BAN NHÂN DÂN", "bold", 13, 14, "signature"),
    ("KT. CHỦ TỊCH", "bold", 13, 14, "signature"),
    ("PHÓ CHỦ TỊCH", "bold", 13, 14, "signature"),
    ("Lê Văn Hải", "bold", 13, 14, "signature"),
    ("Nơi nhận:", "bold_italic", 12, 12, "edge"),
    ("- Như trên;", "regular", 11, 11, "edge"),
    ("- Lưu: VT.", "regular", 11, 11, "edge"),
]
FACES = {
    "regular": ("Regular", "LiberationSerif", "Tinos", "TimesNewRomanPSMT", "TimesNewRoman"),
    "bold": ("Bold",),
    "italic": ("Italic",),
    "bold_italic": ("BoldItalic",),
}


@pytest.fixture(params=["packaged", "host"])
def typeface(request):
    return request.param


@pytest.fixture(params=[False, True], ids=["standing", "lying"])
def lying(request):
    return request.param


@pytest.fixture(params=[13, 14])
def size(request):
    return request.param


@pytest.fixture
def paper(typeface, lying, size):
    signed = Signature(["TM. Ủy ban nhân dân", "KT. Chủ tịch"], ["Phó Chủ tịch"], "Lê Văn Hải")
    body = [Text(BODY)] * 2
    return printed(
        Letterhead(**HEAD), *body, Closing(signed, Recipients(["Như trên"])), face=typeface, landscape=lying, size=size
    )


def one(paper, text):
    (found,) = [line for line in written(paper) if text in line.text]
    return found


def middle(line):
    return (line.x + line.end) / 2


def is_face(line, face):
    return line.font.endswith(FACES[face]) and (face != "bold" or "Italic" not in line.font)


def test_every_element_has_the_size_and_the_face_of_the_table(paper):
    for text, face, least, most, _ in ELEMENTS:
        line = one(paper, text)
        assert least <= line.size <= most, line
        assert is_face(line, face), line


def test_every_element_stands_where_the_table_puts_it(paper, lying):
    width = (297 if lying else 210) * MM
    centre = (30 * MM + width - 15 * MM) / 2
    middles = {"left": middle(one(paper, ISSUER)), "right": middle(one(paper, COUNTRY)), "middle": centre}
    middles["signature"] = centre + (width - 45 * MM) / 4
    assert middles["left"] < centre < middles["right"]
    for text, _, _, _, where in ELEMENTS:
        line = one(paper, text)
        if where == "edge":
            assert line.x == pytest.approx(30 * MM, abs=0.1), line
        else:
            assert middle(line) == pytest.approx(middles[where], abs=0.2), line


def test_the_elements_follow_each_other_downward_and_left_and_right_begin_level(paper):
    for column in (
        (SUPERIOR, ISSUER, "/BC-SXD", "THƯỢNG KHẨN", "DỰ THẢO", "BÁO CÁO", HEAD["abstract"]),
        (COUNTRY, MOTTO, PLACE, "BÁO CÁO"),
        ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn Hải"),
        ("Nơi nhận:", "- Như trên;", "- Lưu: VT."),
    ):
        for upper, lower in pairwise(column):
            assert one(paper, upper).y > one(paper, lower).y
    assert one(paper, COUNTRY).y == pytest.approx(one(paper, SUPERIOR).y, abs=0.1)
    assert one(paper, PLACE).y == pytest.approx(one(paper, "/BC-SXD").y, abs=0.1)
    assert one(paper, "Nơi nhận:").y == pytest.approx(one(paper, "TM. ỦY BAN NHÂN DÂN").y, abs=0.1)


def test_the_lines_lie_under_what_they_belong_to_as_long_as_the_decree_says(paper):
    for text, stroke, (least, most) in zip(
        (ISSUER, MOTTO, HEAD["abstract"]), strokes(paper), ((1 / 3, 1 / 2), (1, 1), (1 / 3, 1 / 2)), strict=False
    ):
        line, (start, end, down) = one(paper, text), stroke
        assert (start + end) / 2 == pytest.approx(middle(line), abs=0.1)
        assert least - 0.01 <= (end - start) / (line.end - line.x) <= most + 0.01
        assert 2 < line.y - down < 9


def test_the_body_is_justified_indented_and_has_room_between_lines_and_paragraphs(paper, lying, size):
    lines = [line for line in written(paper) if line.text.strip() in BODY and len(line.text) > 3]
    assert {line.size for line in lines} == {size}
    starts = [line for line in lines if line.x > 31 * MM]
    assert [line.x for line in starts] == pytest.approx([42.7 * MM] * 2, abs=0.1)
    right = (297 if lying else 210) * MM - 15 * MM
    for upper, lower in pairwise(lines):
        last = lower in starts or lower.page > upper.page
        assert last or upper.end == pytest.approx(right, abs=0.5), upper
        if lower.page == upper.page:
            apart = upper.y - lower.y
            assert 1.15 * size <= apart - (6 if lower in starts else 0) <= 1.5 * 1.15 * size
    assert all(line.x == pytest.approx(30 * MM, abs=0.1) for line in lines if line not in starts)


def test_the_page_number_stands_in_the_top_margin_from_the_second_page_on(typeface, lying):
    paper = printed(*[Text(BODY)] * 9, face=typeface, landscape=lying)
    count = len(read(paper).pages)
    height, width = (210 if lying else 297) * MM, (297 if lying else 210) * MM
    numbers = [line for line in written(paper) if line.text.isdigit()]
    assert count > 1
    assert [(line.page, line.text) for line in numbers] == [(page, str(page)) for page in range(2, count + 1)]
    for line in numbers:
        assert height - 20 * MM < line.y < height - 8 * MM
        assert middle(line) == pytest.approx((width + 15 * MM) / 2, abs=0.1)
        assert 13 <= line.size <= 14
        assert is_face(line, "regular")


def test_the_margins_are_those_of_the_decree(paper, lying):
    width, height = (297, 210) if lying else (210, 297)
    for page in read(paper).pages:
        assert [float(side) / MM for side in page.mediabox[2:]] == pytest.approx([width, height], abs=0.1)
    for line in written(paper):
        assert 30 * MM - 0.1 <= line.x <= line.end <= (width - 15) * MM + 0.6
        assert line.text.isdigit() or 20 * MM <= line.y <= (height - 20) * MM


def test_a_letter_says_what_it_is_about_under_its_number_then_how_urgent_it_is(typeface):
    about = HEAD | {"kind": "", "abstract": "trả lời báo chí"}
    paper = printed(Letterhead(**about), Addressees(["Báo Phương Nam"]), face=typeface)
    about = one(paper, "V/v trả lời báo chí")
    assert 12 <= about.size <= 13
    assert is_face(about, "regular")
    assert middle(about) == pytest.approx(middle(one(paper, ISSUER)), abs=0.1)
    assert one(paper, "/BC-SXD").y > about.y > one(paper, "THƯỢNG KHẨN").y
    assert 13 <= one(paper, "Kính gửi").size <= 14


def test_poppler_reads_the_same_words_composed_and_finds_only_embedded_subsets(paper, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(paper)
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True).stdout
    assert unicodedata.is_normalized("NFC", said)
    for text, *_ in ELEMENTS:
        assert text in said
    listed = subprocess.run(["pdffonts", file], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert len(listed) >= 4
    for font in listed:
        *_, embedded, subset, unicode_map, _, _ = font.split()
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), font
