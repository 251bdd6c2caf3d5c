"""The explained deadline on paper, read back: alone, as a page of the case sheet, and its traces in the register."""

from datetime import timedelta
from io import BytesIO

import pytest

from pr_tracker.inquiries.actions import stops
from pr_tracker.inquiries.documents import write_case_sheet, write_deadline_sheet
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import office_day
from pr_tracker.reports.documents.register import write_register
from pr_tracker.reports.queries.register import blame, register_rows
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part
from tests.factories.stops import ask_extension, pause
from tests.pdf.reading import pages

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def inquiry(province):
    """Received on Friday 20 November 2026, stopped until Wednesday 25, extended by two working days."""
    found = an_inquiry(province, status=Status.ASSIGNED)
    pause(found, province.drafter)
    ask_extension(found, province.drafter)
    stops.grant_extension(found, "Đồng ý", actor=province.head, now=NOW)
    a_part(found, province.other, "Số liệu", actor=province.drafter, now=NOW)
    return found


def on_paper(write, *args, **kwargs):
    out = BytesIO()
    write(*args, out, place="An Giang", now=LATER, typeface="packaged", **kwargs)
    return pages(out.getvalue())


def flat(page):
    return " ".join(page.split())


def test_the_sheet_walks_from_the_article_to_the_minute_with_every_ground(province, inquiry):
    paper = flat(" ".join(on_paper(write_deadline_sheet, inquiry)))
    for words in (
        "GIẢI TRÌNH THỜI HẠN",
        "Hết thứ Tư 02/12/2026",
        "khoản 3 Điều 8 Nghị định 244/2026/NĐ-CP",
        "Thời hạn này chưa xác nhận.",
        "Tạm dừng 2 ngày làm việc",
        "Gia hạn 2 ngày làm việc",
        "Ngày thứ 5: thứ Tư 02/12/2026",
        "ngày 5, hạn",
        "Chờ cơ quan báo chí bổ sung nội dung đề nghị",
        "16:30 20/11/2026, Nguyễn Chuyên Viên",
        "Đồng ý, Lê Giám Đốc, 16:30 20/11/2026",
        "Sở Tài chính",
    ):
        assert words in paper, words


def test_in_the_case_sheet_it_has_a_page_of_its_own_and_the_signature_closes_it(province, inquiry):
    paper = on_paper(write_case_sheet, inquiry, actor=None)
    begins = next(number for number, page in enumerate(paper) if "VI. Giải trình thời hạn" in page)
    assert "V. Diễn biến xử lý" not in paper[begins]
    assert "Nơi nhận:" in paper[-1]
    assert "Đã tạm dừng 1 lần, tổng 2 ngày làm việc" in flat(" ".join(paper[:begins]))


def test_hours_have_their_picture_too(province):
    incident = an_inquiry(province, status=Status.ASSIGNED, kind=Kind.INCIDENT)
    paper = flat(" ".join(on_paper(write_deadline_sheet, incident)))
    assert "từ 16:25" in paper
    assert "hạn 16:25" in paper


def test_the_register_names_stops_and_extensions_in_the_row_and_beside_the_rate(province, inquiry):
    day = office_day(NOW)
    filters = Filters(since=day, until=day)
    rows = register_rows(None, filters, LATER)
    paper = flat(" ".join(on_paper(write_register, rows, blame(None, filters, LATER), filters, keeper=province.office)))
    assert "Đã dừng 2 ngày" in paper
    assert "Đã gia hạn 2 ngày" in paper
    assert "Trong đó 1 hồ sơ đã tạm dừng, tổng 2 ngày. 1 hồ sơ được gia hạn, tổng 2 ngày." in paper
