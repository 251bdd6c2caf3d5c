"""Agencies name their people: their own only, in four ways, within quota and term; trainers see and change all."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from pr_tracker.db import db
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import waiting
from pr_tracker.trainings.models_roster import ClassQuota, Participant
from pr_tracker.trainings.rules_invitations import Reply
from pr_tracker.trainings.rules_roster import Entry
from tests.broken_sheets import BROKEN_SHEETS, broken_sheet
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.trainings import a_class, a_roster, a_session

DOING = {"actor": None, "now": NOW}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)


@pytest.fixture
def own(session):
    """An agency with two places in a class: its staff, the class, a trainer, another agency."""
    agency, other = an_agency("Sở Xây dựng"), an_agency("Sở Y tế")
    staff = a_person("Lý Quốc Bảo", agency=agency, title="Chuyên viên")
    a_person("Phạm Đình Đăng", agency=agency, title="Phó Giám đốc", email="dang@angiang.example", roles=(Role.HEAD,))
    stranger = a_person("Danh Út", agency=other)
    trainer = a_person("Trần Đào Tạo", roles=(Role.TRAINER,))
    one = a_class()
    a_session(of=one, day=date(2026, 11, 25))
    a_session("Thực hành", of=one, day=date(2026, 11, 26))
    db.session.flush()
    waiting.set_quotas(one, {agency.id: 2}, **DOING)
    db.session.commit()

    class Own:
        pass

    facts = Own()
    facts.__dict__.update(agency=agency, other=other, staff=staff, stranger=stranger, trainer=trainer, one=one)
    facts.url = f"/nominations/{one.id}"
    return facts


def rows():
    db.session.expire_all()
    return {row.full_name: row for row in db.session.scalars(sa.select(Participant))}


def test_staff_see_the_classes_with_places_for_their_agency_and_others_do_not(own, sign_in):
    assert own.one.course.title in sign_in(own.staff).get("/nominations").text
    assert own.one.course.title not in sign_in(own.stranger).get("/nominations").text
    assert sign_in(own.stranger).get(own.url).status_code == 404
    assert sign_in(own.staff).get(own.url).status_code == 200


def test_people_are_named_from_the_staff_list_of_the_own_agency_only(own, sign_in):
    reader = sign_in(own.staff)
    page = reader.get(f"{own.url}/staff").text
    assert "Phạm Đình Đăng" in page
    assert "Danh Út" not in page
    ids = [own.staff.id, own.stranger.id]
    assert reader.post(f"{own.url}/staff", data={"person": ids}).status_code == 303
    assert set(rows()) == {"Lý Quốc Bảo"}
    assert rows()["Lý Quốc Bảo"].named_by_id == own.staff.id


def test_a_typed_person_is_of_the_own_agency_and_needs_no_account(own, sign_in):
    data = {"full_name": "Tô Văn Mới", "title": "Trưởng phòng", "email": "moi@vidu.example"}
    assert sign_in(own.staff).post(f"{own.url}/new", data=data).status_code == 303
    row = rows()["Tô Văn Mới"]
    assert (row.agency_id, row.agency_name, row.person_id, row.waiting_at) == (own.agency.id, "Sở Xây dựng", None, None)


def test_somebody_named_already_is_doubted_before_they_are_named_twice(own, sign_in):
    reader, data = sign_in(own.staff), {"full_name": "Tô Văn Mới"}
    reader.post(f"{own.url}/new", data=data)
    assert reader.post(f"{own.url}/new", data=data | {"full_name": "to van moi"}).status_code == 409
    assert reader.post(f"{own.url}/new", data=data | {"despite": "yes"}).status_code == 303


def test_a_list_is_looked_at_new_known_and_doubtful_and_who_is_beyond_the_quota_waits(own, sign_in):
    a_roster(own.one, Entry("Tô Văn Cũ", agency_id=own.agency.id, agency_name="Sở Xây dựng"))
    db.session.commit()
    pasted = "1. Tô Văn Mới; Trưởng phòng; moi@vidu.example\npham dinh dang\nTô Văn Cũ\n"
    reader = sign_in(own.staff)
    looked = reader.post(f"{own.url}/list", data={"lines": pasted, "act": "look"}).text
    assert "3 dòng: 1 mới, 1 đã có trong danh bạ, 1 nghi trùng, 0 phải sửa" in looked
    sent = {"lines": pasted, "act": "save", "take": ["1", "2"], "doubted": ["3"]}
    assert reader.post(f"{own.url}/list", data=sent).status_code == 303
    known = rows()["Phạm Đình Đăng"]
    assert (known.title, known.email) == ("Phó Giám đốc", "dang@angiang.example")
    assert rows()["Tô Văn Mới"].email == "moi@vidu.example"
    assert [rows()[name].waiting_at is None for name in ("Tô Văn Mới", "Phạm Đình Đăng")] == [True, False]


def a_sheet(*lines):
    book, out = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    out.seek(0)
    return out


def test_an_excel_sheet_is_put_into_the_lines_and_looked_at_first(own, sign_in):
    sheet = a_sheet(
        ["DANH SÁCH CỬ"],
        ["STT", "Họ và tên", "Chức vụ", "Email"],
        [1, "Tô Văn Mới", "Trưởng phòng", "moi@vidu.example"],
    )
    data = {"sheet": (sheet, "danh sach.xlsx"), "lines": "", "act": "save", "take": "1"}
    answer = sign_in(own.staff).post(f"{own.url}/list", data=data, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "Tô Văn Mới; Trưởng phòng; ; moi@vidu.example" in answer.text
    assert rows() == {}


def test_what_is_no_excel_sheet_is_refused_beside_the_field(own, sign_in):
    for content, name in ((b"khong phai", "a.xlsx"), (b"%PDF-1.4 x", "a.pdf")):
        data = {"sheet": (BytesIO(content), name), "lines": ""}
        answer = sign_in(own.staff).post(f"{own.url}/list", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422


@pytest.mark.parametrize("fault", sorted(BROKEN_SHEETS))
def test_a_broken_or_bloated_excel_sheet_is_refused_beside_the_field(own, sign_in, fault):
    data = {"sheet": (broken_sheet(fault), "a.xlsx"), "lines": ""}
    answer = sign_in(own.staff).post(f"{own.url}/list", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_nobody_is_named_after_the_term(own, sign_in):
    own.one.registration_until = NOW - timedelta(hours=1)
    db.session.commit()
    reader = sign_in(own.staff)
    assert reader.post(f"{own.url}/new", data={"full_name": "Tô Văn Mới"}).status_code == 409
    assert f"{own.url}/new" not in reader.get(own.url).text


def test_people_of_other_agencies_are_not_there(own, sign_in):
    (row,) = a_roster(own.one, Entry("Danh Út", agency_id=own.other.id, agency_name="Sở Y tế"))
    db.session.commit()
    reader = sign_in(own.staff)
    assert "Danh Út" not in reader.get(own.url).text
    for act in ("apologise", "substitute"):
        assert reader.get(f"/trainings/participants/{row.id}/{act}").status_code == 404
    assert reader.post(f"/trainings/participants/{row.id}/confirm").status_code == 404
    for act in ("edit", "remove"):
        assert reader.get(f"/nominations/people/{row.id}/{act}").status_code == 404
    assert reader.get(f"/trainings/classes/{own.one.id}/agencies/{own.other.id}/letter.pdf").status_code == 404


def test_the_agency_corrects_takes_back_apologises_and_sends_somebody_else(own, sign_in):
    first, second = a_roster(
        own.one, *(Entry(name, agency_id=own.agency.id, agency_name="Sở Xây dựng") for name in ("Tô An", "Tô Hai"))
    )
    db.session.commit()
    reader = sign_in(own.staff)
    data = {"full_name": "Tô An", "title": "Phó phòng", "version": first.version}
    assert reader.post(f"/nominations/people/{first.id}/edit", data=data).status_code == 303
    assert reader.post(f"/trainings/participants/{first.id}/apologise", data={"reason": ""}).status_code == 422
    sessions = [str(row.id) for row in db.session.execute(sa.text("SELECT id FROM class_sessions"))]
    data = {"reason": "Đi công tác", "sessions": sessions}
    assert reader.post(f"/trainings/participants/{first.id}/apologise", data=data).status_code == 303
    assert (
        reader.post(f"/trainings/participants/{second.id}/substitute", data={"full_name": "Tô Ba"}).status_code == 303
    )
    found = rows()
    assert (found["Tô An"].reply, found["Tô Hai"].reply) == (Reply.APOLOGISED, Reply.SUBSTITUTED)
    assert found["Tô Ba"].agency_id == own.agency.id
    assert reader.post(f"/nominations/people/{found['Tô Ba'].id}/remove", data={"reason": "Nhầm"}).status_code == 303
    page = reader.get(own.url).text
    assert "Đi công tác" in page
    assert "Nhầm" in page


def test_trainers_set_quotas_for_a_kind_at_once_and_ask_the_agencies(own, sign_in):
    trainer, url = sign_in(own.trainer), f"/trainings/classes/{own.one.id}"
    filled = trainer.post(f"{url}/quotas", data={"act": "fill", "fill-department": "3", f"seats-{own.agency.id}": "2"})
    assert f'name="seats-{own.other.id}" value="3"' in filled.text
    assert f'name="seats-{own.agency.id}" value="2"' in filled.text
    wrong = trainer.post(f"{url}/quotas", data={"act": "save", f"seats-{own.other.id}": "nhiều"})
    assert wrong.status_code == 422
    assert "nhiều" in wrong.text
    data = {"act": "save", f"seats-{own.other.id}": "3", f"seats-{own.agency.id}": "2"}
    assert trainer.post(f"{url}/quotas", data=data).status_code == 303
    assert trainer.post(f"{url}/quotas/ask").status_code == 303
    asked = db.session.scalars(sa.select(Notice).where(Notice.kind == NoticeKind.CLASS_ASKED)).all()
    assert own.staff.id in {notice.person_id for notice in asked}
    assert db.session.scalar(sa.select(ClassQuota.asked_at).where(ClassQuota.agency_id == own.other.id)) == NOW


def test_trainers_invite_see_the_answers_and_give_places(own, sign_in):
    own.one.capacity = 2
    rows_made = a_roster(own.one, Entry("Tô Một", email="mot@vidu.example"), "Tô Hai", "Tô Ba")
    db.session.commit()
    trainer, url = sign_in(own.trainer), f"/trainings/classes/{own.one.id}/invitations"
    assert "2 trên 2 chỗ đã có người" in trainer.get(url).text
    assert trainer.post(f"{url}/send").status_code == 303
    assert trainer.post(f"{url}/send").status_code == 409
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == NoticeKind.CLASS_INVITED)).all()
    assert [notice.address for notice in told] == ["mot@vidu.example"]
    page = trainer.get(url).text
    assert "đưa tận tay" in page
    waits = next(row for row in rows_made if row.waiting_at)
    assert trainer.post(f"/trainings/participants/{waits.id}/seat").status_code == 409
    own.one.capacity = None
    db.session.commit()
    assert trainer.post(f"/trainings/participants/{waits.id}/seat").status_code == 303
    assert trainer.post(f"/trainings/participants/{waits.id}/invite").status_code == 303


def test_letters_are_printed_for_all_for_one_and_for_an_agency(own, sign_in):
    row = a_roster(own.one, Entry("Tô Một", agency_id=own.agency.id, agency_name="Sở Xây dựng"))[0]
    db.session.commit()
    trainer, url = sign_in(own.trainer), f"/trainings/classes/{own.one.id}"
    letter = {"note": "Mang theo máy tính", "contact": "", "number": "12/GM", "signed_on": "", "version": "0"}
    assert trainer.post(f"{url}/invitations/letter", data=letter).status_code == 422
    assert trainer.post(f"{url}/invitations/letter", data=letter | {"signed_on": "20/11/2026"}).status_code == 303
    assert trainer.post(f"{url}/invitations/letter", data=letter | {"signed_on": "20/11/2026"}).status_code == 409
    for path in (
        f"{url}/invitations.pdf",
        f"/trainings/participants/{row.id}/invitation.pdf",
        f"{url}/agencies/{own.agency.id}/letter.pdf",
        f"{url}/agencies/{own.other.id}/letter.pdf",
    ):
        assert trainer.get(path).data.startswith(b"%PDF")
    assert sign_in(own.staff).get(f"{url}/agencies/{own.agency.id}/letter.pdf").status_code == 200


def test_the_person_confirms_apologises_and_sends_somebody_else_from_the_own_page(own, client):
    row = a_roster(own.one, Entry("Tô Một", agency_id=own.agency.id, agency_name="Sở Xây dựng"))[0]
    db.session.commit()
    page = f"/my-class/{row.token}"
    assert client.post(f"{page}/confirm").status_code == 303
    assert "Đã xác nhận tham dự" in client.get(page).text
    first = str(db.session.execute(sa.text("SELECT id FROM class_sessions ORDER BY starts_at")).first()[0])
    assert client.get(f"{page}/apologise").status_code == 200
    assert client.post(f"{page}/apologise", data={"reason": "Họp"}).status_code == 422, "no session is chosen"
    assert client.post(f"{page}/apologise", data={"reason": "Họp", "sessions": first}).status_code == 303
    assert "Đã báo vắng: Họp" in client.get(page).text
    assert client.get(f"{page}/substitute").status_code == 200
    assert client.post(f"{page}/substitute", data={"full_name": "Tô Ba", "email": "sai"}).status_code == 422
    assert client.post(f"{page}/substitute", data={"full_name": "Tô Ba"}).status_code == 303
    text = client.get(page).text
    assert "Đã cử Tô Ba đi thay" in text
    assert row.personal_code not in text
    assert client.post(f"{page}/confirm").status_code == 409


def test_after_the_class_an_agency_turns_nobody_into_somebody_else(own, sign_in, monkeypatch):
    (row,) = a_roster(own.one, Entry("Tô Văn Mới", agency_name=own.agency.name))
    db.session.commit()
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW + timedelta(days=60))
    data = {"full_name": "Người khác", "version": row.version}
    assert sign_in(own.staff).post(f"/nominations/people/{row.id}/edit", data=data).status_code == 409
    assert set(rows()) == {"Tô Văn Mới"}


def test_whoever_pastes_a_list_finds_the_way_back_to_the_classes_of_the_agency(own, sign_in):
    page = sign_in(own.staff).get(f"{own.url}/list").text
    assert 'href="/nominations"' in page.split('class="crumbs"')[1].split("</nav>")[0]
