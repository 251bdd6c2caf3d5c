"""The roll call's pages: marks from devices and by form, closing, corrections."""

import re

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import SessionApology
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person
from tests.factories.trainings import a_class, a_roster, a_session

JSON = {"Accept": "application/json"}


@pytest.fixture
def trainer(session, sign_in):
    """A client signed in as a trainer, with one session and three on its roster (all ids from 1)."""
    person = a_person("Kim Ngọc Diễm Hương", roles={Role.TRAINER})
    held = a_session("Thực hành trả lời phỏng vấn")
    a_roster(
        held.training_class,
        Entry("Nguyễn Thị Thúy An", "Phó Chủ tịch", "Ủy ban nhân dân xã Châu Phú", email="an@chauphu.example"),
        "Danh Hoàng Út Ân",
        "Lý Quốc Bảo",
    )
    db.session.commit()
    return sign_in(person)


def marks():
    query = sa.select(AttendanceMark.participant_id, AttendanceMark.mark).order_by(AttendanceMark.participant_id)
    return [(participant, mark.value) for participant, mark in db.session.execute(query)]


def send(trainer, *entries, person=None):
    """What a device sends: (row, mark, version, remark)."""
    named = zip(*(entry + ("",) * (4 - len(entry)) for entry in entries), strict=True)
    keys = ("row", "mark", "version", "remark")
    listed = [dict(zip(keys, values, strict=True)) for values in zip(*named, strict=True)]
    sender = person or db.session.scalar(sa.select(Person.id).where(Person.full_name == "Kim Ngọc Diễm Hương"))
    return trainer.post("/trainings/sessions/1/marks", json={"person": sender, "entries": listed}, headers=JSON)


def test_the_device_hears_of_each_row_what_is_recorded_now(trainer):
    said = send(trainer, (1, "present", 0, "Điểm cầu Kiên Hải"), (2, "late", 0)).get_json()
    stands = {"mark": "present", "remark": "Điểm cầu Kiên Hải", "version": 1}
    assert said["rows"]["1"] == stands | {"saved": True, "said": ""}
    assert said["rows"]["2"]["saved"]
    assert said["counts"] == {"present": 1, "late": 1, "left_early": 0, "excused": 0, "absent": 0, "unmarked": 1}
    assert trainer.get("/trainings/sessions/1/state").get_json()["rows"]["1"] == stands


def test_an_entry_that_is_sent_twice_is_recorded_once(trainer):
    first, again = (send(trainer, (1, "present", 0)).get_json()["rows"]["1"] for _ in range(2))
    assert first == again
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "attendance:mark")) == 1


def test_the_device_of_the_second_trainer_hears_whose_mark_stands(trainer):
    send(trainer, (1, "absent", 0))
    said = send(trainer, (1, "present", 0), (2, "present", 0)).get_json()["rows"]
    assert (said["1"]["saved"], said["1"]["mark"], said["1"]["version"]) == (False, "absent", 1)
    assert "Kim Ngọc Diễm Hương" in said["1"]["said"]
    assert said["2"]["saved"]
    assert send(trainer, (1, "present", 1)).get_json()["rows"]["1"]["saved"]


def test_nobodys_entries_are_recorded_under_another_name(trainer):
    answer = send(trainer, (1, "present", 0), person=999)
    assert (answer.status_code, answer.get_json()["other"]) == (409, True)
    assert marks() == []


def test_who_was_taken_off_meanwhile_is_said(trainer):
    trainer.post("/trainings/participants/1/remove", data={"reason": "Cử người khác đi thay"})
    said = send(trainer, (1, "present", 0)).get_json()["rows"]["1"]
    assert (said["saved"], said["version"]) == (False, 0)
    assert said["said"]


@pytest.mark.parametrize(
    "entry", [{}, [], {"row": 1, "mark": "asleep", "version": 0, "remark": ""}, {"row": "1"}, {"row": -1}, None]
)
def test_a_mark_that_is_none_is_refused(trainer, entry):
    answer = trainer.post("/trainings/sessions/1/marks", json={"person": 1, "entries": [entry]}, headers=JSON)
    assert answer.status_code == 400
    assert trainer.post("/trainings/sessions/1/marks", data="nonsense", headers=JSON).status_code == 400
    assert marks() == []


@pytest.mark.parametrize("since", ["0", "1", "29000000", "999999999", "x"])
def test_state_is_read_in_parts(trainer, since):
    send(trainer, (1, "present", 0))
    said = trainer.get(f"/trainings/sessions/1/state?since={since}").get_json()
    assert said["rows"].keys() <= {"1"}
    assert said["since"] > 1
    assert said["others"] == []


def test_without_network_the_worker_of_the_roll_calls_opens_them(client):
    answer = client.get("/trainings/sessions/worker.js")
    assert answer.mimetype in ("text/javascript", "application/javascript")


def test_the_rest_is_present_unless_they_apologised(trainer):
    apology = {"session_id": 1, "participant_id": 2, "reason": "Đi công tác", "apologised_at": NOW}
    db.session.add(SessionApology(**apology))
    db.session.commit()
    assert "Đã báo vắng: Đi công tác" in trainer.get("/trainings/sessions/1").text
    sent = {"mark-3": "late", "was-3": "", "version-3": "0", "rest": "present"}
    assert trainer.post("/trainings/sessions/1", data=sent).status_code == 303
    assert marks() == [(1, "present"), (2, "excused"), (3, "late")]
    assert "Đi công tác" in trainer.get("/trainings/sessions/1").text


def test_closing_proposes_leave_for_whoever_apologised(trainer):
    apology = {"session_id": 1, "participant_id": 2, "reason": "Đi công tác", "apologised_at": NOW}
    db.session.add(SessionApology(**apology))
    db.session.commit()
    page = trainer.get("/trainings/sessions/1/close").text
    assert re.search(r'name="mark-2" value="excused"[^>]*checked', page)
    assert 'name="remark-2" value="Đi công tác"' in page
    assert not re.search(r'name="mark-[13]"[^>]*checked', page)


def test_the_roll_is_narrowed_to_the_unmarked(trainer):
    send(trainer, (1, "present", 0))
    page = trainer.get("/trainings/sessions/1?show=unmarked&venue=7").text
    assert len(re.findall(r"<tr data-roll-row[^>]*hidden", page)) == 3
    page = trainer.get("/trainings/sessions/1?show=unmarked").text
    assert len(re.findall(r"<tr data-roll-row[^>]*hidden", page)) == 1


def test_without_script_the_whole_form_is_saved(trainer):
    sent = {"mark-1": "present", "was-1": "", "version-1": "0", "mark-3": "excused", "was-3": "", "version-3": "0"}
    answer = trainer.post("/trainings/sessions/1", data=sent | {"remark-3": "Giấy số 31"})
    assert answer.status_code == 303
    assert marks() == [(1, "present"), (3, "excused")]
    assert "Giấy số 31" in trainer.get("/trainings/sessions/1").text


def test_without_script_too_nobody_overwrites_what_another_marked(trainer):
    send(trainer, (1, "absent", 0))
    sent = {"mark-1": "present", "was-1": "", "version-1": "0", "mark-2": "present", "was-2": "", "version-2": "0"}
    answer = trainer.post("/trainings/sessions/1", data=sent)
    assert answer.status_code == 409
    assert marks() == [(1, "absent"), (2, "present")]
    assert "is-contested" in answer.text


def test_without_script_too_whoever_was_taken_off_meanwhile_is_not_marked(trainer):
    trainer.post("/trainings/participants/1/remove", data={"reason": "Cử người khác đi thay"})
    sent = {"mark-1": "present", "version-1": "0", "mark-2": "present", "version-2": "0"}
    answer = trainer.post("/trainings/sessions/1", data=sent)
    assert answer.status_code == 409
    assert "1 người đã được đưa ra khỏi danh sách" in answer.text
    assert marks() == [(2, "present")]


def test_a_row_nobody_touched_in_an_old_form_is_left_as_others_marked_it(trainer):
    send(trainer, (1, "present", 0))
    send(trainer, (1, "absent", 1))
    old = {"mark-1": "present", "was-1": "present", "version-1": "1"}
    assert trainer.post("/trainings/sessions/1", data=old).status_code == 303
    assert marks() == [(1, "absent")]


@pytest.mark.parametrize(
    "junk", [{"mark-x": "present"}, {"mark-1": "asleep"}, {"mark-²": "present"}, {"mark-999999999999": "present"}]
)
def test_junk_in_the_form_marks_nobody(trainer, junk):
    assert trainer.post("/trainings/sessions/1", data=junk | {"version-1": "0"}).status_code == 303
    assert marks() == []


def test_closing_asks_again_for_the_unmarked_and_keeps_what_was_chosen(trainer):
    url = "/trainings/sessions/1/close"
    first = {"version": "1", "mark-1": "present", "was-1": "", "version-1": "0"}
    answer = trainer.post(url, data=first)
    assert answer.status_code == 422
    assert re.search(r'name="mark-1" value="present"[^>]*checked', answer.text)
    assert marks() == []
    rest = {f"mark-{n}": "absent" for n in (2, 3)} | {f"version-{n}": "0" for n in (2, 3)}
    assert trainer.post(url, data=first | rest).status_code == 303
    assert marks() == [(1, "present"), (2, "absent"), (3, "absent")]
    assert db.session.get(ClassSession, 1).closed_at is not None


@pytest.fixture
def closed(trainer):
    """The same client after the session was closed with everybody present."""
    sent = {f"mark-{n}": "present" for n in (1, 2, 3)} | {f"version-{n}": "0" for n in (1, 2, 3)}
    trainer.post("/trainings/sessions/1/close", data=sent | {"version": "1"})
    return trainer


def test_a_closed_roll_call_is_read_and_corrected_with_a_reason(closed):
    assert "data-rollcall" not in closed.get("/trainings/sessions/1").text
    url = "/trainings/sessions/1/marks/1/correct"
    assert closed.post(url, data={"mark": "absent", "version": "1", "reason": ""}).status_code == 422
    assert closed.post(url, data={"mark": "absent", "version": "1", "reason": "Ghi nhầm dòng"}).status_code == 303
    assert marks()[0] == (1, "absent")
    assert "Ghi nhầm dòng" in closed.get("/trainings/sessions/1").text
    again = closed.post(url, data={"mark": "excused", "version": "1", "reason": "Có giấy phép"})
    assert again.status_code == 409
    assert 'value="Có giấy phép"' in again.text


def test_a_script_that_comes_after_closing_is_told(closed):
    answer = send(closed, (1, "absent", 1))
    assert answer.status_code == 409
    assert "other" not in answer.get_json()
    assert closed.get("/trainings/sessions/1/state").get_json()["closed"]
    assert closed.post("/trainings/sessions/1", data={"mark-1": "absent", "version-1": "1"}).status_code == 409


def test_a_closed_session_stays_as_it_was_held(closed):
    typed = {"topic": "Khác", "day": "2026-11-26", "start": "08:00", "end": "12:00", "version": "2"}
    assert closed.post("/trainings/sessions/1/edit", data=typed).status_code == 409


def test_the_supervisor_reads_but_marks_nothing(session, sign_in):
    a_roster(a_session().training_class, "Lý Quốc Bảo")
    client = sign_in(a_person(roles={Role.SUPERVISOR}))
    db.session.commit()
    page = client.get("/trainings/sessions/1").text
    assert "Lý Quốc Bảo" in page
    assert "data-rollcall" not in page
    assert client.post("/trainings/sessions/1", data={"mark-1": "present", "version-1": "0"}).status_code == 403


def test_a_roster_of_two_hundred_and_twelve_stays_within_the_budget(trainer):
    one = a_class("Lớp 2")
    held = a_session(of=one)
    rows = a_roster(one, *(f"Học Viên Số {n}" for n in range(212)))
    db.session.commit()
    page = trainer.get(f"/trainings/sessions/{held.id}").text
    assert page.count("data-roll-row=") == 212
    sent = {}
    for row in rows:
        sent |= {f"mark-{row.id}": "present", f"was-{row.id}": "", f"version-{row.id}": "0"}
    assert trainer.post(f"/trainings/sessions/{held.id}", data=sent).status_code == 303
    assert len(marks()) == 212
    assert trainer.get(f"/trainings/classes/{one.id}").status_code == 200
    assert trainer.get(f"/trainings/classes/{one.id}/roster").status_code == 200
    assert trainer.get(f"/trainings/sessions/{held.id}/state").get_json()["counts"]["present"] == 212


def test_the_sheet_is_a_pdf_and_its_printing_is_noted(trainer):
    answer = trainer.get("/trainings/sessions/1/sheet.pdf?marks=yes")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    event, data = db.session.execute(
        sa.select(AuditEntry.event, AuditEntry.data).order_by(AuditEntry.number.desc())
    ).first()
    assert (event, data) == ("session:sheet", {"filled": True})


def test_all_roll_calls_of_a_class_stand_side_by_side(trainer):
    send(trainer, (1, "late", 0), (2, "absent", 0))
    page = trainer.get("/trainings/classes/1/roll").text
    assert "Đi muộn" in page
    assert re.findall(r'<td class="num">(\d/\d)', page) == ["1/1", "0/1", "0/1"]


def test_the_page_of_a_correction_tells_what_was_recorded_before(closed):
    url = "/trainings/sessions/1/marks/1/correct"
    closed.post(url, data={"mark": "absent", "version": "1", "reason": "Ghi nhầm dòng"})
    page = closed.get(url).text
    said = re.findall(r"<li><span class=\"nowrap\">[^<]*</span>: ([^<]*)</li>", page)
    assert said == ["Vắng, đã sửa: Ghi nhầm dòng, Kim Ngọc Diễm Hương", "Có mặt, điểm danh, Kim Ngọc Diễm Hương"]
