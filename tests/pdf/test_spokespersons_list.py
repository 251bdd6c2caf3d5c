"""The province's list on paper: official layout, every agency, long names, nothing outside the page."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import HeadTenure
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.spokespersons import queries
from pr_tracker.spokespersons.documents import write_list
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.duties import Province
from tests.factories.spokespersons import a_decision
from tests.pdf.reading import pages, read, words, written

DAY = timedelta(days=1)


@pytest.fixture
def province(session):
    """Its heads are on record for some days."""
    province = Province()
    session.execute(sa.update(HeadTenure).values(changed_at=NOW - 9 * DAY))
    return province


def the_list(province):
    out = BytesIO()
    where = {"keeper": province.top, "place": "An Giang", "province": "tỉnh An Giang", "typeface": "packaged"}
    write_list(queries.register_at(NOW), queries.last_change(NOW), out, now=NOW, **where)
    return out.getvalue()


def test_the_list_says_who_keeps_it_since_when_and_who_speaks_for_whom(province, session):
    a_decision(province.staff, NOW - DAY, actor=province.head, number="215/QĐ-SXD", phone="0296 3852 345")
    text = words(the_list(province))
    for said in (
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "An Giang, ngày 20 tháng 11 năm 2026",
        "DANH SÁCH",
        "Người phát ngôn và cung cấp thông tin cho báo chí",
        "thay đổi lần cuối lúc 16:30 19/11/2026",
        "Sở Xây dựng",
        "Lê Giám Đốc",
        "Nguyễn Chuyên Viên",
        "0296 3852 345",
        "215/QĐ-SXD",
        "Chưa giao, người đứng đầu phát ngôn",
        "Danh sách có 4 cơ quan, 1 người phát ngôn thường xuyên.",
    ):
        assert said in text
    assert "DỰ THẢO" not in text, "it is printed from the register, nobody signs it"


def test_it_lies_and_long_names_stay_on_the_page(province, session):
    for number in range(60):
        agency = an_agency(
            f"Ủy ban nhân dân đặc khu Hòn Đất Mỹ Thuận Bình Giang Vĩnh Thạnh Trung {number}", kind=AgencyKind.COMMUNE
        )
        person = a_person(f"Công Tằng Tôn Nữ Hoàng Diễm Quỳnh Châu {number}", agency=agency)
        session.flush()
        address = f"nguoiphatngon.ubnddackhuhondatmythuan{number}@angiang.example"
        a_decision(
            person, NOW - DAY, actor=province.clerk, email=address, title="Phó Chủ tịch Thường trực UBND đặc khu"
        )
    paper = the_list(province)
    width, height = (float(size) for size in read(paper).pages[0].mediabox[2:])
    assert width > height
    assert len(pages(paper)) > 3
    assert all("Người đứng đầu" in page for page in pages(paper)[:-1]), "each page repeats the head of the table"
    for line in written(paper):
        assert line.x > 30, line
        assert line.end < width - 30, line
