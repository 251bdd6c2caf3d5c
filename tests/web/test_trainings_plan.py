"""Planning on pages: facts of course and class, venues, conflicts, copies, cancelling, materials, the calendar."""

import io
import re
from datetime import date, time

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.notices.models import Notice
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import plan_cancel
from pr_tracker.trainings.actions.plan_class import put_team
from pr_tracker.trainings.documents_calendar import calendar_of
from pr_tracker.trainings.models import ClassSession, ClassVenue, Course, SessionMaterial, TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_invitations import Reply
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person
from tests.factories.trainings import a_class, a_course, a_roster, a_session

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def trainer(session, sign_in, monkeypatch):
    """A client signed in as a trainer, with one session (id 1) of one class on Wednesday 25 November 2026."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    person = a_person("Kim Ngọc Diễm Hương", roles={Role.TRAINER})
    a_session("Thực hành trả lời phỏng vấn")
    db.session.commit()
    return sign_in(person)


def course_as_typed(**more):
    agency = db.session.scalar(sa.select(Course.agency_id))
    return {"title": "Tập huấn", "year": "2026", "agency_id": str(agency), "least_attendance": "80", **more}


def upload(client, name="Đề cương.pdf", content=PDF):
    return client.post(
        "/trainings/sessions/1/materials",
        data={"files": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def test_a_course_says_what_is_taught_and_who_earns_its_certificate(trainer):
    typed = course_as_typed(
        topics="Luật Báo chí\n\nXử lý khủng hoảng", hours="20", least_mark="5,5", paper_required="y", valid_months="24"
    )
    assert trainer.post("/trainings/courses/1/edit", data=typed | {"version": "1"}).status_code == 303
    page = trainer.get("/trainings/classes/1").text
    assert "dự ít nhất 80% số buổi, điểm kiểm tra từ 5,5 trở lên, có bài thu hoạch" in page
    assert "Có giá trị trong 24 tháng." in page
    assert "<li>Xử lý khủng hoảng</li>" in page
    again = trainer.get("/trainings/courses/1/edit").text
    assert 'value="5,5"' in again
    assert "Luật Báo chí\r\nXử lý khủng hoảng</textarea>".replace("\r", "") in again
    assert '<option value="Luật Báo chí">' in trainer.get("/trainings/classes/1/sessions/new").text


@pytest.mark.parametrize(
    "wrong",
    [{"least_mark": "11"}, {"least_mark": "NaN"}, {"least_attendance": "101"}, {"hours": "0"}, {"valid_months": "x"}],
)
def test_a_rule_that_cannot_be_is_refused_with_what_was_typed(trainer, wrong):
    answer = trainer.post("/trainings/courses/new", data=course_as_typed(purpose="Nâng cao kỹ năng") | wrong)
    assert answer.status_code == 422
    assert "Nâng cao kỹ năng" in answer.text


def class_as_typed(**more):
    return {"name": "Lớp 1", "version": "1", **more}


def test_a_class_has_places_venues_and_a_team(trainer):
    typed = class_as_typed(
        capacity="63",
        registration_until="16:30 20/11/2026",
        venues="Điểm cầu Phú Quốc; Hội trường đặc khu\nĐiểm cầu Hà Tiên",
        trainer_ids=[str(row) for row in db.session.scalars(sa.text("SELECT id FROM people"))],
    )
    assert trainer.post("/trainings/classes/1/edit", data=typed).status_code == 303
    page = trainer.get("/trainings/classes/1").text
    for words in ("0 trên 63 chỗ", "16:30 20/11/2026", "2 điểm cầu", "Hội trường đặc khu", "Kim Ngọc Diễm Hương"):
        assert words in page


def test_a_venue_where_people_sit_is_not_left_out(trainer):
    trainer.post("/trainings/classes/1/edit", data=class_as_typed(venues="Điểm cầu Hà Tiên"))
    (row,) = a_roster(db.session.get(TrainingClass, 1), "Lý Quốc Bảo")
    row.venue_id = db.session.scalar(sa.select(ClassVenue.id))
    db.session.commit()
    answer = trainer.post("/trainings/classes/1/edit", data=class_as_typed(version="2", venues="Điểm cầu Phú Quốc"))
    assert answer.status_code == 422
    assert "1 học viên" in answer.text
    row.venue_id = None
    db.session.commit()
    typed = class_as_typed(version="2", venues="Điểm cầu Phú Quốc")
    assert trainer.post("/trainings/classes/1/edit", data=typed).status_code == 303
    assert "Hà Tiên" not in trainer.get("/trainings/classes/1").text
    assert db.session.scalar(sa.select(sa.func.count(ClassVenue.id))) == 2


def test_a_whole_agency_is_seated_at_a_venue_and_one_of_it_elsewhere(trainer):
    one = db.session.get(TrainingClass, 1)
    names = [Entry(name, "", "UBND phường Hà Tiên") for name in ("Lý Bảo", "Danh Ân", "Tô Cúc")]
    people = {row.full_name: row for row in a_roster(one, *names)}
    db.session.commit()
    trainer.post("/trainings/classes/1/edit", data=class_as_typed(venues="Hà Tiên\nPhú Quốc"))
    first = re.search(r'name="(group-\d+)"', trainer.get("/trainings/classes/1/venues").text).group(1)
    sent = {first: "1", f"seat-{people['Tô Cúc'].id}": "2", f"seat-{people['Lý Bảo'].id}": "0"}
    assert trainer.post("/trainings/classes/1/venues", data=sent).status_code == 303
    seats = dict(db.session.execute(sa.select(Participant.full_name, Participant.venue_id)).all())
    assert seats == {"Lý Bảo": 1, "Danh Ân": 1, "Tô Cúc": 2}
    assert trainer.post("/trainings/classes/1/venues", data={first: "99", "seat-x": "²"}).status_code == 303


def test_who_saves_a_session_is_warned_of_the_same_room_lecturer_and_trainees_but_not_hindered(trainer):
    other = a_class("Lớp 2")
    for one in (db.session.get(TrainingClass, 1), other):
        a_roster(one, Entry("Lý Quốc Bảo", "", "Sở Tài chính"))
        put_team(one, [db.session.scalar(sa.text("SELECT id FROM people"))], NOW)
    db.session.commit()
    held = {"topic": "Luật Báo chí", "day": "25/11/2026", "start": "10:00", "end": "12:00", "place": "hội trường A"}
    url = f"/trainings/classes/{other.id}/sessions/new"
    answer = trainer.post(url, data=held | {"lecturer": "Lê Báo Cáo Viên"}, follow_redirects=True)
    assert answer.status_code == 200
    for words in ("Trùng phòng họp", "Trùng báo cáo viên", "Trùng cán bộ phụ trách lớp", "Trùng học viên"):
        assert answer.text.count(words) == 2, words  # told once, and shown on the page
    assert "1 cặp buổi trùng giờ" in trainer.get("/trainings/classes/1").text
    assert "1 cặp buổi trùng giờ" in trainer.get("/trainings/calendar?month=2026-11-01").text
    plan_cancel.cancel_session(db.session.get(ClassSession, 1), "Báo cáo viên bận", actor=None, now=NOW)
    db.session.commit()
    assert "trùng giờ" not in trainer.get(f"/trainings/classes/{other.id}").text


def test_a_class_is_held_again_on_the_working_days_after_its_new_first_day(trainer):
    one = db.session.get(TrainingClass, 1)
    a_session("Bế giảng", of=one, day=date(2026, 11, 27), start=time(14), end=time(16))  # two working days later
    put_team(one, [db.session.scalar(sa.text("SELECT id FROM people"))], NOW)
    a_roster(one, "Lý Quốc Bảo")
    db.session.commit()
    upload(trainer)
    typed = {"course_id": "1", "name": "Lớp 2", "first_day": "03/12/2026", "place": "Hội trường B"}
    looked = trainer.post("/trainings/classes/1/copy", data=typed | {"act": "look"})
    assert "thứ Hai 07/12/2026" in looked.text  # over the weekend
    assert db.session.scalar(sa.select(sa.func.count(TrainingClass.id))) == 1
    page = trainer.post("/trainings/classes/1/copy", data=typed | {"act": "save"}, follow_redirects=True).text
    for words in ("03/12/2026–07/12/2026, Hội trường B", "Kim Ngọc Diễm Hương", "Đề cương.pdf", "0 học viên"):
        assert words in page
    query = sa.select(ClassSession.topic, ClassSession.place).where(ClassSession.class_id == 2)
    assert [tuple(row) for row in db.session.execute(query)] == [
        ("Thực hành trả lời phỏng vấn", "Hội trường B"),
        ("Bế giảng", "Hội trường B"),
    ]
    again = trainer.post("/trainings/classes/1/copy", data=typed | {"act": "save"})
    assert again.status_code == 422
    assert "Lớp 2" in again.text


@pytest.mark.parametrize("day", ["", "31/02/2026", "20/11/2099"])
def test_a_first_day_that_cannot_be_is_refused(trainer, day):
    typed = {"course_id": "1", "name": "Lớp 2", "first_day": day, "act": "save"}
    a_session("Bế giảng", of=db.session.get(TrainingClass, 1), day=date(2026, 11, 27))
    db.session.commit()
    assert trainer.post("/trainings/classes/1/copy", data=typed).status_code == 422


def test_a_copy_in_another_course_may_keep_its_name(trainer):
    a_course("Khóa 2027", year=2027)
    db.session.commit()
    typed = {"course_id": "2", "name": "Lớp 1", "first_day": "03/12/2026", "act": "save"}
    assert trainer.post("/trainings/classes/1/copy", data=typed).status_code == 303
    assert db.session.get(TrainingClass, 2).course_id == 2


def test_a_cancelled_session_stays_on_record_and_waits_for_no_roll_call(trainer):
    assert trainer.post("/trainings/sessions/1/cancel", data={"reason": ""}).status_code == 422
    assert trainer.post("/trainings/sessions/1/cancel", data={"reason": "Bão số 12"}).status_code == 303
    page = trainer.get("/trainings/classes/1").text
    assert "Bão số 12" in page
    typed = {"topic": "X", "day": "25/11/2026", "start": "08:00", "end": "12:00", "version": "2"}
    assert trainer.post("/trainings/sessions/1/edit", data=typed).status_code == 409
    assert trainer.post("/trainings/sessions/1/cancel", data={"reason": "Nữa"}).status_code == 409
    assert trainer.post("/trainings/sessions/1/resume").status_code == 303
    assert "Bão số 12" not in trainer.get("/trainings/classes/1").text
    assert trainer.post("/trainings/sessions/1/resume").status_code == 409


def test_a_class_is_cancelled_with_its_coming_sessions_and_held_after_all_with_them(trainer):
    one = db.session.get(TrainingClass, 1)
    before, held = a_session("Hủy từ trước", of=one), a_session("Đã tổ chức", of=one, day=date(2026, 11, 20))
    plan_cancel.cancel_session(before, "Báo cáo viên bận", actor=None, now=NOW)
    held.closed_at = NOW
    db.session.commit()
    assert trainer.post("/trainings/classes/1/cancel", data={"reason": "Dồn vào Lớp 2"}).status_code == 303
    assert "Dồn vào Lớp 2" in trainer.get("/trainings/classes/1/roster").text
    assert cancelled() == {"Thực hành trả lời phỏng vấn", "Hủy từ trước"}
    assert trainer.post("/trainings/sessions/1/resume").status_code == 409
    assert trainer.post("/trainings/classes/1/resume").status_code == 303
    assert cancelled() == {"Hủy từ trước"}


def test_a_cancelled_class_gets_no_session_but_may_be_held_again_as_a_copy(trainer):
    trainer.post("/trainings/classes/1/cancel", data={"reason": "Bão số 12"})
    typed = {"topic": "X", "day": "26/11/2026", "start": "08:00", "end": "12:00"}
    assert trainer.post("/trainings/classes/1/sessions/new", data=typed).status_code == 409
    copied = {"course_id": "1", "name": "Lớp 1, lần hai", "first_day": "03/12/2026", "act": "save"}
    assert trainer.post("/trainings/classes/1/copy", data=copied).status_code == 303
    assert len(cancelled()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(ClassSession.class_id == 2)) == 1


def cancelled():
    return set(db.session.scalars(sa.select(ClassSession.topic).where(ClassSession.cancelled_at.is_not(None))))


def told():
    """Kind, addressee and reason of each notice about the class."""
    rows = db.session.scalars(sa.select(Notice).order_by(Notice.id))
    return [(row.kind.value, row.address or row.person_id, row.data.get("reason")) for row in rows]


def test_who_holds_an_invitation_is_told_when_a_session_is_moved_or_cancelled(trainer):
    one = db.session.get(TrainingClass, 1)
    names = [Entry(name, email=f"{number}@xa.example") for number, name in enumerate(("Lý Bảo", "Tô Cúc", "Danh Ân"))]
    invited, sorry, _not_yet = sorted(a_roster(one, *names), key=lambda row: row.email)
    invited.invited_at = sorry.invited_at = NOW
    sorry.reply, sorry.reply_reason, sorry.replied_at = Reply.APOLOGISED, "Bận họp", NOW
    db.session.commit()
    typed = {"topic": "X", "day": "26/11/2026", "start": "08:00", "end": "12:00"}
    trainer.post("/trainings/sessions/1/edit", data=typed | {"version": "1", "lecturer": "Lê Văn Giảng"})
    trainer.post("/trainings/sessions/1/edit", data=typed | {"version": "2", "lecturer": "Trần Hạnh"})
    trainer.post("/trainings/sessions/1/cancel", data={"reason": "Bão số 12"})
    address = "0@xa.example"
    assert told() == [("class:changed", address, None), ("class:cancelled", address, "Bão số 12")]


def test_agencies_too_are_told_when_a_class_with_their_people_is_cancelled(trainer):
    head = a_person("Nguyễn Thị Thủ Trưởng", roles={Role.HEAD})
    db.session.flush()
    entry = Entry("Lý Bảo", "", head.agency.name, email="bao@xa.example", agency_id=head.agency_id)
    (row,) = a_roster(db.session.get(TrainingClass, 1), entry)
    row.invited_at = NOW
    db.session.commit()
    trainer.post("/trainings/classes/1/cancel", data={"reason": "Dồn lớp"})
    assert told() == [("class:cancelled", "bao@xa.example", "Dồn lớp"), ("class:cancelled", head.id, "Dồn lớp")]


def test_materials_are_handed_out_and_withdrawn_with_a_reason(trainer):
    assert upload(trainer).status_code == 303
    assert "Đề cương.pdf" in trainer.get("/trainings/classes/1").text
    answer = trainer.get("/trainings/materials/1/file")
    assert (answer.status_code, answer.data) == (200, PDF)
    assert trainer.post("/trainings/materials/1/withdraw", data={"reason": "Bản cũ"}).status_code == 303
    assert "Đề cương.pdf" not in trainer.get("/trainings/classes/1").text
    assert "Bản cũ" in trainer.get("/trainings/sessions/1/materials").text
    assert db.session.scalar(sa.select(sa.func.count(SessionMaterial.id))) == 1


@pytest.mark.parametrize(("name", "content"), [("x.exe", b"MZ"), ("x.pdf", b""), ("x.pdf", b"not a pdf")])
def test_what_is_no_material_is_refused(trainer, name, content):
    assert upload(trainer, name, content).status_code == 422
    assert trainer.post("/trainings/sessions/1/materials", data={}).status_code == 422


def test_the_calendar_shows_a_month_of_all_classes_and_of_ones_own(trainer):
    mine = a_class("Lớp của tôi")
    a_session("Chuyên đề của tôi", of=mine, day=date(2026, 11, 30))
    put_team(mine, [db.session.scalar(sa.text("SELECT id FROM people"))], NOW)
    put_team(db.session.get(TrainingClass, 1), [a_person("Lê Khác", roles={Role.TRAINER}).id], NOW)
    db.session.commit()
    page = trainer.get("/trainings/calendar?month=2026-11-17").text
    assert "Có 2 buổi trong tháng." in page
    assert "Ngày Văn hóa Việt Nam" in page  # Tuesday 24 November
    own = trainer.get("/trainings/calendar?month=2026-11-01&whose=mine&view=list").text
    assert "Chuyên đề của tôi" in own
    assert "Thực hành trả lời phỏng vấn" not in own
    assert "Tháng này không có buổi nào" in trainer.get("/trainings/calendar?month=2027-01-01").text


def feed_of(name):
    person = db.session.scalar(sa.select(Person).where(Person.full_name == name))
    return {entry.title: entry for entry in calendar_of(person, NOW)}


def test_a_trainers_calendar_has_the_classes_they_run_and_those_without_a_team(trainer):
    run = a_session("Chuyên đề của tôi", of=a_class("Lớp của tôi"))
    put_team(run.training_class, [db.session.scalar(sa.text("SELECT id FROM people"))], NOW)
    others = a_session("Của người khác", of=a_class("Lớp khác"))
    put_team(others.training_class, [a_person("Lê Khác", roles={Role.TRAINER}).id], NOW)
    plan_cancel.cancel_session(run, "Báo cáo viên bận", actor=None, now=NOW)
    db.session.commit()
    feed = feed_of("Kim Ngọc Diễm Hương")
    assert set(feed) == {"Thực hành trả lời phỏng vấn", "Đã hủy: Chuyên đề của tôi"}
    assert feed["Đã hủy: Chuyên đề của tôi"].is_cancelled
    assert feed["Đã hủy: Chuyên đề của tôi"].alarm_at is None


def test_staff_who_attend_a_class_find_it_in_their_calendar(trainer):
    person = a_person("Trần Phát Ngôn", roles={Role.STAFF})
    db.session.flush()
    (row,) = a_roster(db.session.get(TrainingClass, 1), Entry("Trần Phát Ngôn", person_id=person.id))
    db.session.commit()
    (entry,) = feed_of("Trần Phát Ngôn").values()
    assert entry.path == f"/my-class/{row.token}"
    row.waiting_at = NOW
    db.session.commit()
    assert feed_of("Trần Phát Ngôn") == {}


def test_a_participant_takes_the_sessions_along_as_appointments(trainer, client):
    one = db.session.get(TrainingClass, 1)
    (row,) = a_roster(one, "Lý Quốc Bảo")
    cancelled = a_session("Bế giảng", of=one, day=date(2026, 11, 27))
    plan_cancel.cancel_session(cancelled, "Dồn sang tuần sau", actor=None, now=NOW)
    db.session.commit()
    assert f"/my-class/{row.token}/calendar.ics" in client.get(f"/my-class/{row.token}").text
    answer = client.get(f"/my-class/{row.token}/calendar.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    first, second = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(first["summary"]) == "Thực hành trả lời phỏng vấn"
    assert (first["dtstart"].dt.isoformat(), first["dtend"].dt.isoformat()) == (
        "2026-11-25T08:00:00+07:00",
        "2026-11-25T11:00:00+07:00",
    )
    assert (str(first["location"]), str(first["transp"]), str(first["status"])) == (
        "Hội trường A",
        "OPAQUE",
        "CONFIRMED",
    )
    assert (str(second["status"]), "Dồn sang tuần sau" in str(second["description"])) == ("CANCELLED", True)
    assert client.get("/my-class/nobody/calendar.ics").status_code == 404


@pytest.mark.parametrize("month", ["x", "2026-13-01", "1990-01-01", "2100-12-31", "99999-01-01"])
def test_any_month_has_a_page(trainer, month):
    assert trainer.get(f"/trainings/calendar?month={month}").status_code == 200
