"""Stops and extensions on the pages: only what may be done is offered, what it means is shown before, refusals mend.

Now is Friday 20 November 2026, 16:30; the internal term ends on Thursday 26 November.
"""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.inquiries.actions import stops
from pr_tracker.inquiries.models import Attachment, InquiryExtension, InquiryPause
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part
from tests.factories.stops import ask_extension, pause

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PAUSE = {"reason": "waiting_for_press", "runs_on": "25/11/2026", "evidence": "Chờ phóng viên bổ sung địa chỉ"}
EXTEND = {"reason": "complex", "days": "2", "evidence": "Phải đo đạc lại"}


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


@pytest.fixture
def inquiry(province, session):
    found = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    return found


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def act(inquiry, name):
    return f"/inquiries/{inquiry.id}/{name}"


def test_the_clock_is_stopped_with_a_file_as_evidence_and_let_run_on(province, inquiry, session, sign_in):
    drafter = sign_in(province.drafter)
    page = text_of(drafter.get(act(inquiry, "pause")))
    assert "Hạn mới Hết thứ Hai 30/11/2026 Hiện nay: Hết thứ Năm 26/11/2026." in page
    assert "2 trên 10 ngày làm việc" in page
    sent = PAUSE | {"seen": inquiry.version, "files": (BytesIO(PDF), "Thư gửi báo.pdf")}
    assert drafter.post(act(inquiry, "pause"), data=sent, content_type="multipart/form-data").status_code == 303
    stopped = session.scalar(sa.select(InquiryPause))
    assert session.get(Attachment, stopped.attachment_id).file_name == "Thư gửi báo.pdf"
    case = text_of(drafter.get(f"/inquiries/{inquiry.id}"))
    assert "Đang tạm dừng, chờ cơ quan báo chí bổ sung nội dung đề nghị; tính tiếp từ 25/11/2026." in case
    assert "Cần báo cho phóng viên biết đang chờ gì." in case
    assert "Đã tạm dừng 2 trên tối đa 10 ngày làm việc." in case
    assert "Cho tính tiếp" in case and ">Tạm dừng thời hạn<" not in case  # noqa: PT018
    assert "Đang dừng" in text_of(drafter.get("/queue"))
    assert inquiry.subject in text_of(drafter.get("/inquiries?paused=1"))
    session.expire_all()
    assert drafter.post(act(inquiry, "resume"), data={"seen": inquiry.version}).status_code == 303
    assert session.scalar(sa.select(InquiryPause.ended_by_id)) == province.drafter.id
    assert inquiry.subject not in text_of(drafter.get("/inquiries?paused=1"))


def test_the_preview_says_what_would_be_before_anything_is_saved(province, inquiry, session, sign_in):
    drafter = sign_in(province.drafter)
    piece = text_of(
        drafter.post(act(inquiry, "pause/preview"), data=PAUSE | {"runs_on": "", "reason": "force_majeure"})
    )
    assert "Hạn mới Hết thứ Ba 01/12/2026" in piece  # three working days, the usual length: it runs on from Thu 26
    piece = text_of(drafter.post(act(inquiry, "pause/preview"), data=PAUSE | {"runs_on": "24/11/2026"}))
    assert "24/11/2026 là ngày nghỉ" in piece
    piece = text_of(drafter.post(act(inquiry, "extension/preview"), data=EXTEND))
    assert "Hạn mới Hết thứ Hai 30/11/2026" in piece
    shown = drafter.post(act(inquiry, "pause"), data=PAUSE | {"seen": inquiry.version, "show": "1"})
    assert shown.status_code == 200 and PAUSE["evidence"] in shown.text  # noqa: PT018 - without scripts
    assert session.scalar(sa.select(sa.func.count()).select_from(InquiryPause)) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"runs_on": "24/11/2026"}, "24/11/2026 là ngày nghỉ"),
        ({"runs_on": "mai"}, "“mai”"),
        ({"runs_on": "20/11/2026"}, "phải sau hôm nay"),
        ({"runs_on": "18/12/2026"}, "trong 10 ngày được phép chỉ còn 10 ngày"),
        ({"evidence": ""}, "Cần điền ô này."),
        ({"reason": "holiday"}, "lý do"),
    ],
)
def test_what_cannot_be_is_said_next_to_the_field_and_what_was_typed_is_kept(
    province, inquiry, session, sign_in, typed, said
):
    page = sign_in(province.drafter).post(act(inquiry, "pause"), data=PAUSE | {"seen": inquiry.version} | typed)
    assert page.status_code == 422
    assert said.lower() in text_of(page).lower()
    assert typed.get("evidence", PAUSE["evidence"]) in page.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0


def test_an_extension_is_asked_for_by_one_and_granted_by_another(province, inquiry, session, sign_in):
    assert (
        sign_in(province.head).post(act(inquiry, "extension"), data=EXTEND | {"seen": inquiry.version}).status_code
        == 303
    )
    own = sign_in(province.head)
    assert "Duyệt gia hạn" not in text_of(own.get(f"/inquiries/{inquiry.id}"))
    assert own.get(act(inquiry, "extension/decision")).status_code == 403
    deputy = sign_in(province.deputy)
    assert "Duyệt gia hạn" in text_of(deputy.get(f"/inquiries/{inquiry.id}"))
    page = text_of(deputy.get(act(inquiry, "extension/decision")))
    assert "Lê Giám Đốc đề nghị gia hạn thêm 2 ngày làm việc" in page
    assert "Hạn mới Hết thứ Hai 30/11/2026" in page
    session.expire_all()
    unreasoned = deputy.post(act(inquiry, "extension/decision"), data={"seen": inquiry.version, "answer": "decline"})
    assert unreasoned.status_code == 422
    granted = deputy.post(act(inquiry, "extension/decision"), data={"seen": inquiry.version, "answer": "grant"})
    assert granted.status_code == 303
    session.expire_all()
    assert (inquiry.due_on, session.scalar(sa.select(InquiryExtension.granted))) == (date(2026, 11, 30), True)


@pytest.mark.parametrize("days", [None, "", "0", "6", "nhiều"])
def test_an_extension_names_a_number_of_days_that_the_rule_allows(province, inquiry, session, sign_in, days):
    sent = {name: value for name, value in (EXTEND | {"days": days}).items() if value is not None}
    page = sign_in(province.drafter).post(act(inquiry, "extension"), data=sent | {"seen": inquiry.version})
    assert page.status_code == 422
    assert EXTEND["evidence"] in page.text
    assert session.scalar(sa.select(sa.func.count()).select_from(InquiryExtension)) == 0


@pytest.mark.parametrize(
    ("kind", "said"), [(Kind.FORWARDED_OPINION, "luật định"), (Kind.INCIDENT, "không tính theo ngày")]
)
def test_where_the_law_sets_the_term_nothing_is_offered_and_the_panel_says_why(province, session, sign_in, kind, said):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, kind=kind)
    session.commit()
    drafter = sign_in(province.drafter)
    case = text_of(drafter.get(f"/inquiries/{inquiry.id}"))
    assert said in case
    assert "Tạm dừng thời hạn" not in case
    assert "Đề nghị gia hạn" not in case
    refused = drafter.post(act(inquiry, "pause"), data=PAUSE | {"seen": inquiry.version})
    assert refused.status_code == 422
    assert said in text_of(refused)


def test_the_deadline_has_a_page_with_its_weeks_every_clock_and_every_ground(province, inquiry, session, sign_in):
    pause(inquiry, province.drafter)
    ask_extension(inquiry, province.drafter)
    stops.grant_extension(inquiry, "Đồng ý", actor=province.head, now=NOW)
    a_part(inquiry, province.other, "Số liệu", actor=province.drafter, now=NOW)
    inquiry.wanted_at = NOW + timedelta(hours=3)
    session.commit()
    page = text_of(sign_in(province.drafter).get(act(inquiry, "deadline")))
    for words in (
        "Hết thứ Tư 02/12/2026",
        "ngày 5, hạn",
        "tạm dừng",
        "Phần phối hợp của Sở Tài chính",
        "Báo cần trước",
        "tạm dừng lúc 16:30 20/11/2026, Nguyễn Chuyên Viên; tính tiếp lúc 00:00 25/11/2026",
        "2 ngày làm việc: nội dung phức tạp",
        "đồng ý lúc 16:30 20/11/2026, Lê Giám Đốc",
        "Thời hạn này chưa xác nhận.",
    ):
        assert words in page
    assert sign_in(province.stranger).get(act(inquiry, "deadline")).status_code == 200  # coordinates
    stranger = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    assert sign_in(province.stranger).get(act(stranger, "deadline")).status_code == 404


def test_a_chip_opens_every_clock_of_an_inquiry_in_lists_and_on_its_page(province, inquiry, session, sign_in):
    a_part(inquiry, province.other, "Số liệu", actor=province.drafter, now=NOW)
    session.commit()
    drafter = sign_in(province.drafter)
    for address in ("/queue", "/inquiries", f"/inquiries/{inquiry.id}"):
        page = drafter.get(address).text
        chip = re.search(r'<details class="clocks".*?</details>', page, re.S)[0]
        assert "2 thời hạn" in chip
        assert "Phần phối hợp của" in chip
