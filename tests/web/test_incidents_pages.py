"""The pages of the incident room, as people use them."""

from datetime import timedelta

import pytest

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.incidents.actions import joining, opening, roster, statement
from pr_tracker.incidents.actions.roster import ShiftFacts
from pr_tracker.incidents.models import Incident, IncidentStatement
from pr_tracker.incidents.rules import Span
from pr_tracker.incidents.rules_kinds import IncidentKind
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from tests.factories.incidents import NOW, TEXT, Province, an_incident, approved, submitted
from tests.factories.inquiries import an_inquiry
from tests.statements import counted


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def province(session):
    made = Province()
    db.session.commit()
    return made


@pytest.fixture
def room(province):
    """An incident with two inquiries, somebody on call, a task, a submitted statement."""
    inquiries = [
        an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT),
        an_inquiry(province, status=Status.ASSIGNED, subject="Bao giờ thông xe trở lại"),
    ]
    incident = an_incident(province, inquiries=inquiries)
    span = Span(NOW - timedelta(hours=1), NOW + timedelta(hours=6))
    roster.add_shift(incident, ShiftFacts(province.drafter.id, span, "0000 900 111"), actor=province.head, now=NOW)
    due = NOW + timedelta(hours=2)
    roster.add_task(incident, "Gọi lại các báo", province.drafter.id, due, actor=province.head, now=NOW)
    submitted(incident, province)
    db.session.commit()
    return incident


def post(client, path, **data):
    return client.post(path, data=data)


def seen(incident):
    db.session.refresh(incident)
    return str(incident.version)


def test_the_list_says_what_is_owed_first(province, room, sign_in):
    page = sign_in(province.drafter).get("/incidents")
    assert "1 vụ việc chưa thông tin ban đầu" in page.text
    assert room.code in page.text


def test_the_menu_counts_open_incidents(province, room, sign_in):
    page = " ".join(sign_in(province.drafter).get("/incidents").text.split())
    assert 'Vụ việc <span class="count">1<' in page


def test_the_room_answers_the_four_questions(province, room, sign_in):
    page = sign_in(province.drafter).get(f"/incidents/{room.id}").text
    assert "Còn 23 giờ" in page
    assert "Lê Giám Đốc" in page
    assert 'href="tel:0000900111"' in page
    assert "Gọi lại các báo" in page
    assert "đọc bản 1, duyệt hoặc trả lại" in page
    assert "Không có người trực" in page  # from six hours on


def test_the_part_that_refreshes_is_the_room_alone(province, room, sign_in):
    part = sign_in(province.drafter).get(f"/incidents/{room.id}?part=1")
    assert "<html" not in part.text
    assert 'id="room"' in part.text


def test_a_room_with_much_in_it_asks_the_database_no_more(province, room, sign_in):
    client = sign_in(province.head)
    for _ in range(6):
        joining.join(room, an_inquiry(province, status=Status.ASSIGNED), actor=province.clerk, now=NOW)
        roster.add_task(room, "Việc", province.head.id, NOW + timedelta(hours=3), actor=province.head, now=NOW)
        statement.save_statement(room, f"{TEXT} {_}", actor=province.drafter, now=NOW)
    db.session.commit()
    with counted() as statements:
        assert client.get(f"/incidents/{room.id}").status_code == 200
    assert len(statements) <= 22


@pytest.mark.parametrize("path", ["", "/chronology.pdf", "/change", "/statement", "/merge", "/shifts"])
def test_people_of_other_agencies_find_nothing(province, room, sign_in, path):
    assert sign_in(province.stranger).get(f"/incidents/{room.id}{path}").status_code == 404


def test_agencies_that_coordinate_see_the_room_until_they_are_relieved(province, room, sign_in):
    joining.involve(room, province.other, actor=province.head, now=NOW)
    db.session.commit()
    client = sign_in(province.stranger)
    page = client.get(f"/incidents/{room.id}")
    assert page.status_code == 200
    assert f"/incidents/{room.id}/statement/submit" not in page.text
    assert client.get(f"/incidents/{room.id}/statement").status_code == 403
    joining.relieve(room, province.other, actor=province.head, now=NOW)
    db.session.commit()
    assert client.get(f"/incidents/{room.id}").status_code == 404


def test_supervisors_look_and_do_not_act(province, room, sign_in):
    client = sign_in(province.supervisor)
    assert client.get(f"/incidents/{room.id}").status_code == 200
    assert client.get(f"/incidents/{room.id}/statement").status_code == 403
    assert post(client, f"/incidents/{room.id}/close", note="x").status_code == 403


def test_an_incident_is_opened_from_inquiries(province, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, kind=Kind.INCIDENT, subject="Cháy kho hàng")
    db.session.commit()
    client = sign_in(province.drafter)
    page = client.get(f"/incidents/new?inquiry={inquiry.id}")
    assert 'value="Cháy kho hàng"' in page.text
    assert f'value="{inquiry.id}" checked' in page.text
    answer = post(
        client,
        "/incidents/new",
        title="Cháy kho hàng cảng cá",
        kind="incident",
        agency_id=province.department.id,
        received_at="16:00 20/11/2026",
        inquiry=inquiry.id,
        form_token="a" * 32,
    )
    made = db.session.query(Incident).one()
    assert answer.location.endswith(f"/incidents/{made.id}")
    db.session.expire_all()
    assert db.session.get(Inquiry, inquiry.id).incident_id == made.id
    again = post(client, "/incidents/new", title="x", kind="incident", agency_id="1", form_token="a" * 32)
    assert again.location.endswith(f"/incidents/{made.id}")
    assert db.session.query(Incident).count() == 1


def test_what_was_typed_stays_when_a_moment_is_wrong(province, sign_in):
    page = post(
        sign_in(province.drafter),
        "/incidents/new",
        title="Sạt lở",
        kind="incident",
        agency_id=province.department.id,
        received_at="09:00 21/11/2026",
        summary="Đang xác minh",
    )
    assert page.status_code == 422
    assert "Thời điểm này chưa tới" in page.text
    assert "Đang xác minh" in page.text


def test_from_the_case_page_into_an_incident_and_out_again(province, room, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    db.session.commit()
    client = sign_in(province.drafter)
    assert f"/inquiries/{inquiry.id}/incident" in client.get(f"/inquiries/{inquiry.id}").text
    assert client.get(f"/inquiries/{inquiry.id}/incident").status_code == 200
    answer = post(client, f"/inquiries/{inquiry.id}/incident", incident_id=room.id)
    assert answer.location.endswith(f"/incidents/{room.id}")
    page = client.get(f"/inquiries/{inquiry.id}").text
    assert f'href="/incidents/{room.id}"' in page
    assert client.get(f"/inquiries/{inquiry.id}/incident/leave").status_code == 200
    empty = post(client, f"/inquiries/{inquiry.id}/incident/leave", seen=seen(room))
    assert empty.status_code == 422
    out = post(client, f"/inquiries/{inquiry.id}/incident/leave", seen=seen(room), reason="Việc khác")
    assert out.status_code == 303
    assert f'href="/incidents/{room.id}"' not in client.get(f"/inquiries/{inquiry.id}").text


def test_several_inquiries_are_put_in_at_once(province, room, sign_in):
    ids = [an_inquiry(province, status=Status.ASSIGNED).id for _ in range(2)]
    db.session.commit()
    client = sign_in(province.clerk)
    assert client.get(f"/incidents/{room.id}/merge?q=ngập").status_code == 200
    assert post(client, f"/incidents/{room.id}/merge", seen=seen(room)).status_code == 422
    assert post(client, f"/incidents/{room.id}/merge", seen=seen(room), inquiry=ids).status_code == 303
    db.session.expire_all()
    assert {db.session.get(Inquiry, each).incident_id for each in ids} == {room.id}


def test_the_statement_is_written_submitted_approved_twice(province, sign_in):
    incident = an_incident(province)
    db.session.commit()
    drafter = sign_in(province.drafter)
    path = f"/incidents/{incident.id}/statement"
    assert drafter.get(path).status_code == 200
    assert post(drafter, path, text=TEXT, then="submit", seen=seen(incident)).status_code == 303
    for leader in (province.head, province.chairman):
        client = sign_in(leader)
        page = client.get(f"{path}/approve")
        assert TEXT.split(".")[0] in page.text
        digest = page.text.split('name="digest" type="hidden" value="')[1].split('"')[0]
        assert post(client, f"{path}/approve", digest=digest, seen=seen(incident)).status_code == 303
    db.session.expire_all()
    assert db.session.query(IncidentStatement).one().state == "approved"


def test_somebody_who_was_slower_sees_what_happened(province, room, sign_in):
    old = seen(room)
    statement.approve(room, actor=province.head, now=NOW)
    db.session.commit()
    client = sign_in(province.head)
    page = post(client, f"/incidents/{room.id}/statement/return", reason="Sai số", seen=old)
    assert page.status_code in (403, 409)
    assert "Sai số" in page.text


def test_roster_and_tasks_are_kept_on_pages(province, room, sign_in):
    client = sign_in(province.drafter)
    for path in ("shifts", "tasks", "notes", "agencies", "change", "close"):
        assert client.get(f"/incidents/{room.id}/{path}").status_code == 200, path
    data = {"person_id": province.head.id, "from_at": "18:00 20/11/2026", "until_at": "06:00 21/11/2026"}
    assert (
        post(client, f"/incidents/{room.id}/shifts", phone="0000 900 222", seen=seen(room), **data).status_code == 303
    )
    task = {"what": "Viết tin bài", "person_id": province.head.id, "due_at": "18:00 20/11/2026"}
    assert post(client, f"/incidents/{room.id}/tasks", seen=seen(room), **task).status_code == 303
    note = {"at": "16:10 20/11/2026", "text": "Đã điện báo Văn phòng"}
    assert post(client, f"/incidents/{room.id}/notes", seen=seen(room), **note).status_code == 303
    page = client.get(f"/incidents/{room.id}?only=incident").text
    assert "Đã điện báo Văn phòng" in page
    assert "Viết tin bài" in page
    for text in ("/shifts/2/remove", "/tasks/2/done"):
        assert post(client, f"/incidents/{room.id}{text}").status_code == 303
    assert client.get(f"/incidents/{room.id}/tasks/1/drop").status_code == 200
    assert post(client, f"/incidents/{room.id}/tasks/1/drop", reason="Không cần", seen=seen(room)).status_code == 303


def test_a_divided_opinion_is_determined_on_its_page(province, sign_in):
    incident = an_incident(province, kind=IncidentKind.DIVIDED_OPINION)
    db.session.commit()
    client = sign_in(province.drafter)
    assert "Chưa tính hạn" in client.get(f"/incidents/{incident.id}").text
    assert client.get(f"/incidents/{incident.id}/determine").status_code == 200
    data = {"determined_at": "16:20 20/11/2026", "note": "Ý kiến trái chiều lan nhanh"}
    assert post(client, f"/incidents/{incident.id}/determine", seen=seen(incident), **data).status_code == 303
    assert "Còn 23 giờ" in client.get(f"/incidents/{incident.id}").text


def test_the_list_as_a_table_has_what_no_clock_runs_for(province, sign_in):
    an_incident(province, kind=IncidentKind.DIVIDED_OPINION)
    db.session.commit()
    assert "Chưa tính hạn" in sign_in(province.drafter).get("/incidents.csv").text


def test_a_closed_incident_offers_only_to_open_it_again(province, sign_in):
    incident = an_incident(province)
    opening.close(incident, "Tin báo nhầm", actor=province.head, now=NOW)
    db.session.commit()
    client = sign_in(province.drafter)
    page = client.get(f"/incidents/{incident.id}").text
    assert f"/incidents/{incident.id}/reopen" in page
    assert f"/incidents/{incident.id}/statement" not in page
    assert client.get(f"/incidents/{incident.id}/statement").status_code == 302
    assert "Tin báo nhầm" in page


def test_the_case_sheet_of_an_approved_statement_shows_seals_on_the_room(province, sign_in):
    incident = approved(an_incident(province), province)
    db.session.commit()
    page = sign_in(province.clerk).get(f"/incidents/{incident.id}").text
    assert "Duyệt (lãnh đạo UBND tỉnh)" in page or "lãnh đạo UBND tỉnh" in page
    assert page.count("seal-by") == 2


def test_the_chronology_prints_and_says_who_printed_it(province, room, sign_in):
    answer = sign_in(province.drafter).get(f"/incidents/{room.id}/chronology.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


GARBAGE = ("", "\x00", "-1", "9" * 30, "2026-02-30", "x" * 5000, "%😀<b>")


@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_is_answered_on_every_page_of_the_room(province, room, sign_in, value):
    client = sign_in(province.drafter)
    names = ("q", "only", "part", "inquiry", "before", "after")
    for path in ("/incidents", "/incidents/new", f"/incidents/{room.id}", f"/incidents/{room.id}/merge"):
        assert client.get(path, query_string=dict.fromkeys(names, value)).status_code == 200
    fields = ("title", "kind", "summary", "happened_at", "received_at", "determined_at", "agency_id", "inquiry", "seen")
    fields += ("reason", "note", "text", "at", "person_id", "phone", "from_at", "until_at", "what", "due_at", "digest")
    fields += ("answer_form", "released_at", "speaker_id", "evidence", "outlets", "member", "answers", "form_token")
    forms = ("change", "determine", "merge", "agencies", "shifts", "tasks", "tasks/1/drop", "notes", "close", "reopen")
    forms += ("statement", "statement/submit", "statement/approve", "statement/return", "statement/release")
    for form in ("/incidents/new", *(f"/incidents/{room.id}/{each}" for each in forms)):
        assert client.post(form, data=dict.fromkeys(fields, value)).status_code < 500, form
