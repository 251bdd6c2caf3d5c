"""Logging an inquiry, as a person with a form does it."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.office_time import in_office
from pr_tracker.outlets.models import Journalist, Outlet
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.outlets import a_journalist, an_outlet

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def province(session):
    province = Province()
    session.commit()
    return province


def typed(**changes):
    fields = {
        "channel": "phone",
        "outlet": "Báo Nhịp Sóng Mới",
        "received_at": f"{in_office(clock.now()):%Y-%m-%dT%H:%M}",
        "subject": "Đường ngập sau mưa",
        "questions": "Bao giờ khơi thông?\n\nKinh phí từ đâu?",
        "kind": "question",
        "lead_id": "0",
        "urgency": "normal",
        "outlet_kind": "online",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def test_a_call_is_logged_with_a_new_outlet_and_journalist(province, session, sign_in):
    answer = sign_in(province.clerk).post("/inquiries/new", data=typed(journalists="Đoàn Nhật Vy, Lâm Khải"))
    assert answer.status_code == 303
    inquiry = session.scalars(sa.select(Inquiry)).one()
    assert inquiry.status is Status.RECEIVED
    assert [question.text for question in inquiry.questions] == ["Bao giờ khơi thông?", "Kinh phí từ đâu?"]
    assert inquiry.outlet.name == "Báo Nhịp Sóng Mới"
    assert len(inquiry.journalists) == 2
    assert answer.location.endswith(f"/inquiries/{inquiry.id}")


def test_without_a_subject_the_first_question_is_the_title(province, session, sign_in):
    sign_in(province.clerk).post("/inquiries/new", data=typed(subject=""))
    assert session.scalars(sa.select(Inquiry)).one().subject == "Bao giờ khơi thông?"


def test_a_known_outlet_is_found_without_marks_and_not_made_twice(province, session, sign_in):
    outlet = an_outlet("Báo Nhịp Sóng Mới")
    a_journalist("Đoàn Nhật Vy", outlet=outlet)
    session.commit()
    sign_in(province.clerk).post("/inquiries/new", data=typed(outlet="bao nhip song moi", journalists="Doan Nhat Vy"))
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Outlet)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Journalist)) == 1


def test_a_lead_chosen_while_logging_is_assigned_at_once(province, session, sign_in):
    sign_in(province.clerk).post("/inquiries/new", data=typed(lead_id=str(province.department.id)))
    inquiry = session.scalars(sa.select(Inquiry)).one()
    assert (inquiry.status, inquiry.responsible_id) == (Status.ASSIGNED, province.head.id)


def test_assigning_can_wait(province, session, sign_in):
    sign_in(province.clerk).post("/inquiries/new", data=typed(lead_id=str(province.department.id), later="1"))
    assert session.scalars(sa.select(Inquiry)).one().status is Status.RECEIVED


def test_a_department_cannot_assign_elsewhere_while_logging(province, session, sign_in):
    answer = sign_in(province.drafter).post("/inquiries/new", data=typed(lead_id=str(province.other.id)))
    assert answer.status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"questions": "  "},
        {"subject": "x" * 301},
        {"outlet": ""},
        {"received_at": "hôm qua"},
        {"received_at": "2099-01-01T10:00"},
        {"kind": "nothing"},
        {"channel": "pigeon"},
        {"wanted_at": "2001-01-01T10:00"},
        {"acknowledged_at": "2001-01-01T10:00"},
        {"lead_id": "x"},
        {"urgency": "HỎA"},
    ],
)
def test_bad_input_is_said_and_nothing_typed_is_lost(province, session, sign_in, wrong):
    fields = typed(subject="Việc gõ rồi", questions="Câu đã gõ?", outlet="Báo đã gõ", journalists="Người đã gõ")
    answer = sign_in(province.clerk).post("/inquiries/new", data={**fields, **wrong})
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    for name, value in {**fields, **wrong}.items():
        if name in ("subject", "outlet", "journalists", "received_at") and value:
            assert value in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Outlet)) == 0


def test_a_form_sent_twice_logs_once(province, session, sign_in):
    client = sign_in(province.clerk)
    fields = typed(once="0123456789abcdef0123456789abcdef")
    first = client.post("/inquiries/new", data=fields)
    again = client.post("/inquiries/new", data=fields)
    assert first.location == again.location
    assert session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) == 1


def test_files_come_along_and_bad_ones_stop_the_whole(province, session, sign_in, app):
    client = sign_in(province.clerk)
    bad = client.post(
        "/inquiries/new", data=typed(files=(io.BytesIO(b"MZ bad"), "x.pdf")), content_type="multipart/form-data"
    )
    assert bad.status_code == 422
    good = client.post(
        "/inquiries/new", data=typed(files=(io.BytesIO(PDF), "Công văn 218.pdf")), content_type="multipart/form-data"
    )
    assert good.status_code == 303
    session.rollback()
    attachment = session.scalars(sa.select(Attachment)).one()
    assert attachment.file_name == "Công văn 218.pdf"
    assert Path(app.config["PR_TRACKER_UPLOAD_FOLDER"], attachment.stored_name).exists()


def test_the_deadline_with_its_article_is_shown_before_saving(province, sign_in):
    client = sign_in(province.clerk)
    assert "nội bộ" in client.get("/inquiries/new").text
    piece = client.post("/inquiries/preview", data=typed(kind="forwarded_opinion", received_at="2026-11-20T16:30")).text
    assert "14/12/2026" in piece
    assert "237/2026" in piece
    shown = client.post("/inquiries/new", data=typed(show="1", kind="forwarded_opinion", subject="Gõ dở"))
    assert "237/2026" in shown.text
    assert "Gõ dở" in shown.text


def test_possible_duplicates_of_two_weeks_are_shown(province, session, sign_in):
    now = clock.now()
    an_inquiry(province, subject="Mặt đường ngập nước khu tái định cư", now=now - timedelta(days=5))
    an_inquiry(province, subject="Mặt đường ngập nước khu tái định cư cũ", now=now - timedelta(days=20))
    session.commit()
    piece = sign_in(province.clerk).post("/inquiries/preview", data=typed(subject="duong ngap khu tai dinh cu")).text
    assert piece.count("<mark>") >= 3
    assert "khu tái định cư cũ" not in piece.replace("<mark>", "").replace("</mark>", "")


def test_a_follow_up_starts_from_its_parent_and_keeps_it(province, session, sign_in):
    parent = an_inquiry(province, now=clock.now() - timedelta(days=1))
    session.commit()
    client = sign_in(province.clerk)
    assert parent.code in client.get(f"/inquiries/new?follows={parent.id}").text
    client.post("/inquiries/new", data=typed(follows=str(parent.id)))
    session.rollback()
    assert session.scalars(sa.select(Inquiry).order_by(Inquiry.id.desc())).first().parent_id == parent.id


def test_nobody_follows_up_what_they_may_not_see(province, session, sign_in):
    parent = an_inquiry(province, now=clock.now() - timedelta(days=1))
    session.commit()
    client = sign_in(province.stranger)
    assert client.get(f"/inquiries/new?follows={parent.id}").status_code == 404
    assert client.post("/inquiries/new", data=typed(follows=str(parent.id))).status_code == 404
