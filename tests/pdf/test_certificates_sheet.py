"""The certificate has the official head, everything it is given, and room for it however long the names are."""

from io import BytesIO

import pytest

from pr_tracker.certificates.rules_layout import Layout, fill
from pr_tracker.pdf.certificate import HEIGHT, WIDTH, Sheet, build_certificates
from tests.pdf.reading import fonts, pages, read, words, written

SHORT = {
    "name": "Lý Quốc Bảo",
    "title": "Giám đốc",
    "agency": "Sở Tài chính",
    "course": "Tập huấn phát ngôn",
    "class": "Lớp 1",
    "place": "Hội trường A",
    "dates": "ngày 25/11/2026",
    "hours": "8",
    "number": "0012/2026",
    "day": "ngày 05 tháng 02 năm 2026",
    "valid_until": "25/11/2028",
    "superior": "Ủy ban nhân dân tỉnh An Giang",
    "issuer": "Văn phòng Ủy ban nhân dân tỉnh An Giang",
    "signer": "Huỳnh Đặng Phương Khánh",
}
LONGEST = SHORT | {
    "name": "Công Tằng Tôn Nữ Thị Ngọc Huyền Trân Phương Quỳnh Nguyễn Đặng Hoàng Thị Tường Vi Khánh Linh Uyên Thư",
    "title": "Phó Chủ nhiệm thường trực Ủy ban Kiểm tra, kiêm Trưởng phòng Nghiệp vụ Báo chí, Xuất bản",
    "agency": "Ban Quản lý Khu dự trữ sinh quyển và Vườn quốc gia Phú Quốc trực thuộc Ủy ban nhân dân đặc khu Phú Quốc",
    "course": "Tập huấn kỹ năng phát ngôn và cung cấp thông tin cho báo chí, xử lý khủng hoảng truyền thông " * 3,
    "class": "Lớp dành cho người đứng đầu, người phát ngôn các sở, ban, ngành và Ủy ban nhân dân xã, phường, đặc khu",
    "place": "Hội trường lớn Trung tâm Hội nghị tỉnh và 11 điểm cầu trực tuyến tại các xã, phường, đặc khu",
    "issuer": "Ban Quản lý Khu dự trữ sinh quyển và Vườn quốc gia Phú Quốc",
}
MARGIN = 40.0


def a_sheet(values=SHORT, **facts):
    layout = Layout(dated="An Giang, {ngày cấp}", authority="TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch")
    paper = vars(fill(layout, values)) | facts
    check = "Kiểm tra giấy này: quét mã, hoặc mở baochi.angiang.gov.vn/certificates và nhập mã."
    return Sheet(**paper, code="CFHJ-KLMN-PQRT-VX34", check=check, url="https://baochi.angiang.gov.vn/certificates/C")


def drawn(*sheets):
    out = BytesIO()
    build_certificates(sheets, out, title="Giấy chứng nhận", face="packaged")
    return out.getvalue()


def test_it_says_who_gives_it_to_whom_what_for_and_how_to_check_it():
    text = words(drawn(a_sheet()))
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG",
        "GIẤY CHỨNG NHẬN",
        "Lý Quốc Bảo",
        "Giám đốc, Sở Tài chính",
        "Đã hoàn thành khóa “Tập huấn phát ngôn”, Lớp 1",
        "Giấy chứng nhận có giá trị đến hết ngày 25/11/2028.",
        "An Giang, ngày 05 tháng 02 năm 2026",
        "KT. CHỦ TỊCH",
        "Huỳnh Đặng Phương Khánh",
        "Số: 0012/2026/GCN",
        "Mã: CFHJ-KLMN-PQRT-VX34",
        "baochi.angiang.gov.vn/certificates",
    ):
        assert said in text


@pytest.mark.parametrize("values", [SHORT, LONGEST])
def test_one_lying_sheet_holds_it_within_its_frame_and_nothing_lies_on_anything(values):
    paper = drawn(a_sheet(values))
    (page,) = read(paper).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((WIDTH, HEIGHT))
    lines = written(paper)
    assert min(line.x for line in lines) >= MARGIN
    assert max(line.end for line in lines) <= WIDTH - MARGIN
    assert min(line.y for line in lines) >= MARGIN
    assert max(line.y for line in lines) <= HEIGHT - MARGIN
    for at, one in enumerate(lines):
        for other in lines[at + 1 :]:
            beside = one.end <= other.x or other.end <= one.x
            assert beside or abs(one.y - other.y) >= min(one.size, other.size) * 0.9, (one.text, other.text)


def test_a_long_name_stays_whole_and_large():
    lines = [line for line in written(drawn(a_sheet(LONGEST))) if line.text in LONGEST["name"] and len(line.text) > 20]
    assert " ".join(line.text for line in lines) == LONGEST["name"]
    assert all(line.size >= 12 for line in lines)


def test_a_class_in_one_file_has_a_page_and_a_bookmark_each_and_embeds_its_faces_once():
    paper = drawn(*(a_sheet(SHORT | {"number": f"{number:04d}/2026"}) for number in range(1, 31)))
    assert len(pages(paper)) == 30
    assert [mark.title for mark in read(paper).outline][:2] == [
        "Số: 0001/2026/GCN, Lý Quốc Bảo",
        "Số: 0002/2026/GCN, Lý Quốc Bảo",
    ]
    assert all("+CrimsonText" in font["/BaseFont"] for font in fonts(paper))
    assert len(paper) < 30 * len(drawn(a_sheet())) / 3


def test_the_same_certificate_is_the_same_file_and_a_sample_says_that_it_is_one():
    assert drawn(a_sheet()) == drawn(a_sheet())
    assert "BẢN XEM THỬ" in words(drawn(a_sheet(mark="BẢN XEM THỬ")))


def test_on_sheets_that_have_a_frame_none_is_drawn():
    def strokes(paper):
        return sum(operator == b"S" for _, operator in read(paper).pages[0].get_contents().operations)

    assert strokes(drawn(a_sheet())) == strokes(drawn(a_sheet(framed=False))) + 2
