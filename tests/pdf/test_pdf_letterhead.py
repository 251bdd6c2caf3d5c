"""The head and the end of a paper, as Decree 30/2020 asks."""

from datetime import date
from itertools import combinations, pairwise

import pytest

from pr_tracker.pdf import Addressees, Closing, Letterhead, Recipients, Signature, Text, write_official_day
from pr_tracker.pdf.fonts import typeface
from pr_tracker.pdf.lines import Ruler
from tests.pdf.reading import printed, rules, words, written

MM = 72 / 25.4
AGENCIES = [
    ("", "Ủy ban nhân dân tỉnh An Giang"),
    ("Ủy ban nhân dân tỉnh An Giang", "Ủy ban nhân dân đặc khu Phú Quốc"),
    ("Ủy ban nhân dân tỉnh An Giang", "Sở Nông nghiệp và Môi trường"),
    ("Ủy ban nhân dân tỉnh An Giang", "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh An Giang"),
]


def head(**changes):
    given = {
        "superior": "Ủy ban nhân dân tỉnh An Giang",
        "issuer": "Sở Y tế",
        "symbol": "BC-SYT",
        "place": "An Giang",
        "day": date(2026, 2, 5),
        "kind": "Báo cáo",
        "abstract": "Công tác phát ngôn năm 2026",
    }
    return Letterhead(**(given | changes))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 12), "ngày 12 tháng 3 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
        (None, "ngày … tháng … năm …"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day, written):
    assert write_official_day(day) == written
    assert f"An Giang, {written}" in words(printed(head(day=day)))


def test_a_report_names_who_writes_and_what_it_is_and_leaves_the_number_empty():
    got = words(printed(head(urgency="khẩn")))
    assert got == (
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG SỞ Y TẾ Số: /BC-SYT KHẨN DỰ THẢO "
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc An Giang, ngày 05 tháng 02 năm 2026 "
        "BÁO CÁO Công tác phát ngôn năm 2026"
    )


def test_a_letter_says_what_it_is_about_under_its_number():
    got = words(printed(head(kind="", abstract="trả lời báo chí"), Addressees(["Báo Phương Nam"])))
    assert "Số: /BC-SYT V/v trả lời báo chí DỰ THẢO" in got
    assert got.endswith("Kính gửi: Báo Phương Nam")


def test_a_paper_of_the_house_has_neither_number_nor_draft_mark():
    got = words(printed(head(symbol="", draft=False)))
    assert "Số:" not in got
    assert "DỰ THẢO" not in got


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize(("superior", "issuer"), AGENCIES)
def test_long_agency_names_wrap_without_touching_anything(superior, issuer, landscape):
    paper = printed(
        head(superior=superior, issuer=issuer, urgency="thượng khẩn", abstract="Tình hình " * 30), landscape=landscape
    )
    assert superior.upper() in words(paper)
    assert issuer.upper() in words(paper)
    width = (297 if landscape else 210) * MM
    for line in written(paper):
        assert 30 * MM - 0.1 <= line.x <= line.end <= width - 15 * MM + 0.1
    for one, other in combinations(written(paper), 2):
        assert abs(one.y - other.y) >= 13 or one.end < other.x or other.end < one.x, (one, other)


def test_the_motto_has_a_line_as_long_as_itself_and_the_agency_one_of_a_third_to_a_half():
    lines = rules(printed(head()))
    motto = Ruler(typeface("packaged").font("bold"), 13).width("Độc lập - Tự do - Hạnh phúc")
    agency = Ruler(typeface("packaged").font("bold"), 12).width("SỞ Y TẾ")
    abstract = Ruler(typeface("packaged").font("bold"), 13).width("Công tác phát ngôn năm 2026")
    assert lines[1] == pytest.approx(motto, abs=0.1)
    assert 1 / 3 <= lines[0] / agency <= 1 / 2
    assert 1 / 3 <= lines[2] / abstract <= 1 / 2


def test_recipients_stand_level_with_the_title_and_end_with_the_file_copy():
    paper = printed(
        Text("Nội dung."),
        Closing(
            Signature(["TM. Ủy ban nhân dân", "KT. Chủ tịch"], ["Phó Chủ tịch"], "Lê Văn Hải"),
            Recipients(["Như trên", "UBND tỉnh (báo cáo)"], "VT, VHXH"),
        ),
    )
    place = {line.text: line for line in written(paper)}
    assert [line.text for line in written(paper) if line.x < 100 and line.text != "Nội dung."] == [
        "Nơi nhận:",
        "- Như trên;",
        "- UBND tỉnh (báo cáo);",
        "- Lưu: VT, VHXH.",
    ]
    assert place["Nơi nhận:"].y == pytest.approx(place["TM. ỦY BAN NHÂN DÂN"].y, abs=1.5)
    column = [place[text] for text in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn Hải")]
    assert all(upper.y > lower.y for upper, lower in pairwise(column))
    assert column[2].y - column[3].y > 25 * MM, "no place for signature and seal"
    assert all((line.x + line.end) / 2 == pytest.approx((30 + 165 * 0.75) * MM, abs=0.1) for line in column)


def test_two_may_sign_side_by_side():
    left = Signature([], ["Giảng viên"], note="(Ký, ghi rõ họ tên)")
    paper = printed(Closing(Signature([], ["Người lập danh sách"], "Lê Hồng"), left))
    place = {line.text: line for line in written(paper)}
    assert place["GIẢNG VIÊN"].y == place["NGƯỜI LẬP DANH SÁCH"].y
    assert place["GIẢNG VIÊN"].end < (30 + 165 / 2) * MM < place["NGƯỜI LẬP DANH SÁCH"].x
