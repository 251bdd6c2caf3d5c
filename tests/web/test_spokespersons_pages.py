"""The pages of the register: public without a session, kept by whoever may, in both languages, long lists and names."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts.models import HeadTenure
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.queries import entries_of
from pr_tracker.db import db
from pr_tracker.duties.models import Duty
from pr_tracker.permissions import Role
from pr_tracker.spokespersons.models import SpokespersonDecision
from pr_tracker.spokespersons.rules import SpokespersonEvent
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.duties import Province
from tests.factories.spokespersons import a_decision

DAY = timedelta(days=1)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """It is Friday 20 November 2026, 16:30."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def province(session):
    """Its heads are on record for some days."""
    province = Province()
    session.execute(sa.update(HeadTenure).values(changed_at=NOW - 9 * DAY))
    return province


@pytest.fixture
def page(province, session, sign_in):
    """page(person): a client that acts as the person, everything so far committed."""

    def page(person):
        session.commit()
        return sign_in(person)

    return page


@pytest.fixture
def visitor(session, client):
    """visitor(): a client without a session, everything so far committed."""

    def visitor():
        session.commit()
        return client

    return visitor


def stored(decision):
    db.session.expire_all()
    return db.session.get_one(SpokespersonDecision, decision.id)


# The public list


def test_anybody_reads_the_list_without_signing_in_and_without_a_cookie(province, visitor):
    a_decision(province.staff, NOW - DAY, actor=province.head, number="215/QĐ-SXD", phone="0296 3852 345")
    answer = visitor().get("/spokespersons")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    for shown in ("Sở Xây dựng", "Nguyễn Chuyên Viên", "0296 3852 345", "215/QĐ-SXD", "Lê Giám Đốc", "Trần Chủ Tịch"):
        assert shown in answer.text
    assert "16:30 thứ Năm 19/11/2026" in answer.text, "the date of the last change"


def test_only_what_the_law_makes_public_is_shown(province, visitor):
    a_decision(province.staff, NOW - DAY, actor=province.head)
    text = visitor().get("/spokespersons").text
    for person in (province.head, province.staff, province.clerk):
        assert person.email not in text, "the address one signs in with is nobody's business"
    assert province.stranger.full_name not in text


def test_the_list_speaks_english_by_its_address(province, visitor):
    client = visitor()
    assert "Spokespersons of the province" in client.get("/spokespersons?lang=en").text
    assert "Danh sách người phát ngôn" in client.get("/spokespersons?lang=vi").text
    assert "Danh sách người phát ngôn" in client.get("/spokespersons?lang=xx").text


@pytest.mark.parametrize("typed", ["so xay dung", "CHUYEN VIEN", "nguyễn xây", "sở le giam"])
def test_the_list_is_searched_without_marks_by_agency_name_and_head(province, visitor, typed):
    a_decision(province.staff, NOW - DAY, actor=province.head)
    text = visitor().get("/spokespersons", query_string={"q": typed}).text
    assert "Nguyễn Chuyên Viên" in text
    assert "Sở Tài chính" not in text


def test_a_search_that_finds_nothing_says_what_to_do(province, visitor):
    assert "không cần gõ dấu" in visitor().get("/spokespersons?q=zzz").text


def test_who_was_a_spokesperson_and_who_will_be_are_not_in_the_list(province, visitor):
    former = a_decision(province.staff, NOW - 2 * DAY, actor=province.head)
    a_decision(a_person("Võ Kế Tiếp", agency=province.department), NOW - DAY, actor=province.head, replaces=former)
    text = visitor().get("/spokespersons").text
    assert "Võ Kế Tiếp" in text
    assert "Nguyễn Chuyên Viên" not in text


def test_two_hundred_agencies_with_long_names_stay_within_the_budget(province, session, visitor):
    for number in range(200):
        kind = AgencyKind.COMMUNE if number % 2 else AgencyKind.DEPARTMENT
        name = f"Ủy ban nhân dân xã {'Vĩnh Thạnh Trung Nghĩa ' * 3}{number}"
        agency = an_agency(name, kind=kind, superior=province.top)
        person = a_person(f"Công Tằng Tôn Nữ Hoàng Diễm Quỳnh Châu {number}", agency=agency, title="Phó Chủ tịch " * 7)
        session.flush()
        a_decision(person, NOW - DAY, actor=province.clerk, email=f"{'phatngon' * 8}{number}@angiang.example")
    client = visitor()
    assert client.get("/spokespersons").text.count("Hoàng Diễm Quỳnh Châu") == 200
    assert len(list(rows_of(client))) == 204
    assert client.get("/spokespersons.pdf").data.startswith(b"%PDF")


def rows_of(client):
    answer = client.get("/spokespersons.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf"), "spreadsheets then know that it is UTF-8"
    assert answer.mimetype == "text/csv"
    return csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))


def test_the_csv_has_a_row_for_each_spokesperson_and_for_each_agency_without_one(province, visitor):
    a_decision(province.staff, NOW - DAY, actor=province.head, number="215/QĐ-SXD")
    rows = {row["Đơn vị"]: row for row in rows_of(visitor())}
    assert len(rows) == 4
    assert rows["Sở Xây dựng"]["Họ và tên"] == "Nguyễn Chuyên Viên"
    assert rows["Sở Xây dựng"]["Số văn bản"] == "215/QĐ-SXD"
    assert rows["Sở Tài chính"]["Họ và tên"] == ""
    assert rows["Sở Xây dựng"]["Danh sách thay đổi lần cuối"] == "16:30 19/11/2026"


def test_nothing_in_the_csv_runs_as_a_formula(province, visitor):
    a_decision(province.staff, NOW - DAY, actor=province.head, full_name="=HYPERLINK(1)", phone="+84 296 3852345")
    row = next(row for row in rows_of(visitor()) if row["Đơn vị"] == "Sở Xây dựng")
    assert row["Họ và tên"] == "'=HYPERLINK(1)"
    assert row["Điện thoại cơ quan"] == "'+84 296 3852345"


def test_without_the_provinces_committee_there_is_no_paper_yet(session, visitor):
    client = visitor()
    assert client.get("/spokespersons.pdf").status_code == 404
    assert client.get("/spokespersons").status_code == 200


# The page of an agency, and its acts


def test_the_page_of_an_agency_says_where_the_clock_of_publication_stands(province, page):
    client = page(province.head)
    assert "Chưa giao người phát ngôn thường xuyên" in client.get(agency_url(province)).text
    answer = client.post(record_url(province), data=typed())
    assert answer.status_code == 303
    text = client.get(answer.headers["Location"]).text
    assert "Còn 23 giờ" in text or "Còn 22 giờ" in text
    assert "Phải có trên cổng trước" in text or "16:00" in text


def agency_url(province):
    return f"/spokespersons/agencies/{province.department.id}"


def record_url(province, person=None):
    chosen = person or province.staff
    return f"/spokespersons/decisions/new?agency={province.department.id}&person={chosen.id}"


def typed(**fields):
    return {
        "full_name": "Nguyễn Chuyên Viên",
        "title": "Phó Giám đốc",
        "phone": "0000 911 200",
        "email": "pn@angiang.example",
        "decision_number": "215/QĐ-SXD",
        "decided_at": "16:00 20/11/2026",
        "replaces_id": "",
    } | fields


def test_a_decision_is_recorded_with_its_scan_and_its_24_hours_begin(province, page):
    client = page(province.head)
    data = typed(scan=(io.BytesIO(PDF), "Quyết định 215.pdf"))
    assert client.post(record_url(province), data=data).status_code == 303
    decision = db.session.query(SpokespersonDecision).one()
    assert decision.person_id == province.staff.id
    assert decision.scan.file_name == "Quyết định 215.pdf"
    duty = db.session.query(Duty).filter_by(decision_id=decision.id).one()
    assert duty.due_at == decision.decided_at + DAY
    answer = client.get(f"/spokespersons/decisions/{decision.id}/scan/file")
    assert answer.data == PDF
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert entries_of(decision)[0].event == SpokespersonEvent.SCAN_READ


def test_the_form_comes_filled_in_with_what_is_known_of_the_person(province, session, page):
    province.staff.phone, province.staff.title = "0296 3852 345", "Chánh Văn phòng Sở"
    text = page(province.head).get(record_url(province)).text
    for known in ("0296 3852 345", "Chánh Văn phòng Sở", province.staff.email, "16:30 20/11/2026"):
        assert f'value="{known}"' in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"decided_at": "16:31 20/11/2026"}, "Thời điểm này chưa tới"),
        ({"email": "không"}, "không phải địa chỉ thư điện tử"),
        ({"phone": "gọi sau"}, "không phải số điện thoại"),
        ({"decision_number": ""}, "Cần điền ô này"),
        ({"replaces_id": "99"}, ""),
        ({"scan": b"MZ"}, "không phải là tệp PDF hoặc ảnh"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(province, page, wrong, said):
    if "scan" in wrong:
        wrong = {"scan": (io.BytesIO(wrong["scan"]), "virus.pdf")}
    answer = page(province.head).post(record_url(province), data=typed(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="pn@angiang.example"' in answer.text or "email" in wrong
    assert db.session.query(SpokespersonDecision).count() == 0


def test_the_same_decision_is_not_recorded_twice(province, page):
    client = page(province.head)
    assert client.post(record_url(province), data=typed()).status_code == 303
    second = client.post(record_url(province), data=typed())
    assert second.status_code == 422
    assert "Quyết định này đã được ghi" in second.text


def test_only_the_agency_and_the_office_record(province, page):
    for person in (province.stranger, province.supervisor):
        assert page(person).get(record_url(province)).status_code == 403
        assert page(person).post(record_url(province), data=typed()).status_code == 403
    assert page(province.clerk).post(record_url(province), data=typed()).status_code == 303


def test_the_office_chooses_the_agency_first(province, page):
    text = page(province.clerk).get("/spokespersons/decisions/new").text
    assert "Sở Tài chính" in text
    assert "Sở Tài chính" not in page(province.head).get("/spokespersons/decisions/new").text


def test_a_decision_is_ended_corrected_linked_and_scanned_on_pages(province, session, page):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    decision.person_id = None
    decision.version += 1
    client, base = page(province.head), f"/spokespersons/decisions/{decision.id}"
    assert "chưa ai phát ngôn được" in client.get(agency_url(province)).text
    seen = stored(decision).version
    assert client.post(f"{base}/person", data={"seen": seen, "person_id": province.staff.id}).status_code == 303
    new = {"seen": seen + 1, "phone": "0000 911 999", "reason": "Gõ nhầm"}
    facts = {name: getattr(stored(decision), name) for name in ("full_name", "title", "email", "decision_number")}
    assert client.post(f"{base}/correct", data=facts | new).status_code == 303
    scan = {"seen": seen + 2, "scan": (io.BytesIO(PDF), "q.pdf")}
    assert client.post(f"{base}/scan", data=scan).status_code == 303
    end = {"seen": seen + 3, "end_number": "9/QĐ-SXD", "ended_at": "16:30 20/11/2026", "end_reason": "Nghỉ hưu"}
    assert client.post(f"{base}/end", data=end).status_code == 303
    text = client.get(agency_url(province)).text
    for said in ("0000 911 999", "Gõ nhầm", "Nghỉ hưu", "9/QĐ-SXD", "Người phát ngôn trước đây"):
        assert said in text


@pytest.mark.parametrize("act", ["end", "correct", "person", "scan"])
def test_whoever_comes_second_is_told_and_keeps_what_was_typed(province, page, act):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    data = typed(seen="0", reason="Lý do", end_number="9/QĐ", end_reason="Lý do", ended_at="16:30 20/11/2026")
    data |= {"person_id": province.staff.id, "scan": (io.BytesIO(PDF), "q.pdf")}
    answer = page(province.head).post(f"/spokespersons/decisions/{decision.id}/{act}", data=data)
    assert answer.status_code == 409


@pytest.mark.parametrize("act", ["end", "correct", "person", "scan"])
def test_others_do_not_keep_the_register_of_the_agency(province, page, act):
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    assert page(province.stranger).get(f"/spokespersons/decisions/{decision.id}/{act}").status_code == 403
    assert page(province.clerk).get(f"/spokespersons/decisions/{decision.id}/{act}").status_code == 200


def test_unknown_decisions_and_agencies_are_not_found(province, page):
    client = page(province.head)
    for path in ("agencies/999", "decisions/999/end", "decisions/999/scan/file", "decisions/new?agency=999"):
        assert client.get(f"/spokespersons/{path}").status_code == 404
    decision = a_decision(province.staff, NOW - DAY, actor=province.head)
    client = page(province.head)
    assert client.get(f"/spokespersons/decisions/{decision.id}/scan/file").status_code == 404


def test_somebody_who_no_longer_works_here_is_pointed_out(province, page):
    a_decision(province.staff, NOW - DAY, actor=province.head)
    province.staff.active = False
    assert "không còn làm việc cho cơ quan này" in page(province.head).get(agency_url(province)).text


def test_trainers_have_no_part_in_the_register(province, page):
    trainer = a_person(agency=province.department, roles=(Role.TRAINER,))
    client = page(trainer)
    assert client.get(agency_url(province)).status_code == 403
    assert client.get("/spokespersons").status_code == 200


# Who could speak when


def at_url(agency, moment):
    return "/spokespersons/at", {"agency": agency.id, "moment": moment}


def test_who_could_speak_at_a_moment_is_asked_of_any_agency(province, page):
    former = a_decision(province.staff, NOW - 2 * DAY, actor=province.head)
    deputy = a_person("Võ Kế Tiếp", agency=province.department)
    a_decision(deputy, NOW - DAY, actor=province.head, replaces=former)
    client = page(province.stranger)
    for moment, speaks, not_yet in (
        ("16:29 18/11/2026", "Lê Giám Đốc", "Nguyễn Chuyên Viên"),
        ("16:30 18/11/2026", "Nguyễn Chuyên Viên", "Võ Kế Tiếp"),
        ("16:29 19/11/2026", "Nguyễn Chuyên Viên", "Võ Kế Tiếp"),
        ("16:30 19/11/2026", "Võ Kế Tiếp", "Nguyễn Chuyên Viên"),
    ):
        path, query = at_url(province.department, moment)
        text = client.get(path, query_string=query).text
        assert speaks in text, moment
        assert not_yet not in text, moment
        assert "Trần Chủ Tịch" in text, "UBND tỉnh may speak in any matter"


def test_a_moment_nobody_can_read_is_said_beside_its_field(province, page):
    client = page(province.head)
    assert client.get("/spokespersons/at?moment=hôm+qua").status_code == 422
    assert client.get("/spokespersons/at?agency=99999").status_code == 422
    assert client.get("/spokespersons/at").status_code == 200
