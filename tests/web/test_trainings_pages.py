"""Training's pages: who opens what, rosters made by pasting, roll call by script and by form, closing, corrections."""

import re

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.models import Course, TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import COURSES_ON_A_PAGE
from pr_tracker.trainings.queries.roster import roster_of
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import a_person, an_agency
from tests.factories.trainings import a_roster, a_session

READ = (
    "/trainings",
    "/trainings/classes/1",
    "/trainings/classes/1/roster",
    "/trainings/sessions/1",
    "/trainings/sessions/1/state",
)
WRITE = (
    "/trainings/courses/new",
    "/trainings/courses/1/edit",
    "/trainings/courses/1/classes/new",
    "/trainings/classes/1/edit",
    "/trainings/classes/1/sessions/new",
    "/trainings/sessions/1/edit",
    "/trainings/sessions/1/close",
    "/trainings/sessions/1/marks/1/correct",
    "/trainings/classes/1/roster/new",
    "/trainings/classes/1/roster/paste",
    "/trainings/classes/1/roster/staff",
    "/trainings/participants/1/edit",
    "/trainings/participants/1/remove",
)
ACTS = ("/trainings/sessions/1", "/trainings/sessions/1/marks", "/trainings/participants/1/restore")
READERS = {Role.TRAINER, Role.SUPERVISOR}
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


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_training_as_the_table_says(session, sign_in, role):
    a_roster(a_session().training_class, "Lý Quốc Bảo")
    client = sign_in(a_person(roles={role}))
    db.session.commit()
    for url in (*READ, "/trainings/sessions/1/sheet.pdf"):
        assert client.get(url).status_code == (200 if role in READERS else 403), url
    for url in WRITE:
        assert client.get(url).status_code == (200 if role is Role.TRAINER else 403), url
    for url in (*ACTS, *WRITE):
        refused = client.post(url).status_code == 403
        assert refused == (role is not Role.TRAINER), url


def test_training_is_the_trainers_first_screen(trainer):
    assert trainer.get("/").location.endswith("/trainings")


@pytest.mark.parametrize(
    "url",
    [
        "/trainings/classes/9",
        "/trainings/sessions/9",
        "/trainings/sessions/9/sheet.pdf",
        "/trainings/participants/9/edit",
        "/trainings/courses/9/edit",
        "/trainings/sessions/1/marks/9/correct",
    ],
)
def test_what_is_not_on_record_is_a_404(trainer, url):
    assert trainer.get(url).status_code == 404


def test_a_course_a_class_and_a_session_are_planned_on_pages(trainer):
    agency = db.session.scalar(sa.select(Course.agency_id))
    course = {"title": "Tập huấn người phát ngôn", "year": "2026", "agency_id": str(agency), "legal_ground": "Điều 8"}
    assert trainer.post("/trainings/courses/new", data=course).status_code == 303
    assert trainer.post("/trainings/courses/2/classes/new", data={"name": "Lớp 1"}).location.endswith("/classes/2")
    held = {"topic": "Luật Báo chí", "day": "2026-11-18", "start": "08:00", "end": "11:30"}
    assert trainer.post("/trainings/classes/2/sessions/new", data=held).status_code == 303
    page = trainer.get("/trainings/classes/2").text
    assert "Luật Báo chí" in page
    assert "18/11/2026" in page
    assert "Tập huấn người phát ngôn" in trainer.get("/trainings").text


def test_a_course_has_no_two_classes_of_one_name(trainer):
    answer = trainer.post("/trainings/courses/1/classes/new", data={"name": "lop 1", "place": "Hội trường B"})
    assert answer.status_code == 422
    assert 'value="Hội trường B"' in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"end": "07:00"}, {"day": "31/02/2026"}, {"start": "25:99"}, {"topic": ""}, {"day": ""}, {"end": ""}],
)
def test_a_session_that_cannot_be_is_refused_with_what_was_typed(trainer, wrong):
    typed = {"topic": "Luật Báo chí", "day": "2026-11-18", "start": "08:00", "end": "11:30", "lecturer": "Lê Văn Giảng"}
    answer = trainer.post("/trainings/classes/1/sessions/new", data=typed | wrong)
    assert answer.status_code == 422
    assert 'value="Lê Văn Giảng"' in answer.text


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("/trainings/classes/1/edit", {"name": "Lớp 1", "place": "Hội trường B"}),
        ("/trainings/participants/1/edit", {"full_name": "Nguyễn Thị Thúy An", "title": "Chủ tịch"}),
        ("/trainings/sessions/1/edit", {"topic": "X", "day": "2026-11-25", "start": "08:00", "end": "12:00"}),
    ],
)
def test_the_second_editor_is_told_and_loses_nothing(trainer, url, typed):
    assert trainer.post(url, data=typed | {"version": "1"}).status_code == 303
    field = list(typed)[1] if "place" in typed or "title" in typed else "topic"
    answer = trainer.post(url, data=typed | {"version": "1", field: "Điều tôi gõ"})
    assert answer.status_code == 409
    assert 'value="Điều tôi gõ"' in answer.text
    assert "Kim Ngọc Diễm Hương" in answer.text


def test_a_pasted_list_is_looked_at_before_anybody_is_added(trainer):
    pasted = "1. Phạm Đình Đăng; Giám đốc; Sở Y tế\n; Trưởng phòng; Sở Du lịch\nly quoc bao\n"
    looked = trainer.post("/trainings/classes/1/roster/paste", data={"lines": pasted, "act": "look"})
    assert looked.status_code == 200
    assert "A03 Lý Quốc Bảo" in looked.text
    assert re.findall(r'name="take" value="(\d)"[^>]*checked', looked.text) == ["1"]
    assert len(roster_of(1)) == 3
    saved = trainer.post("/trainings/classes/1/roster/paste", data={"lines": pasted, "act": "save", "take": ["1", "2"]})
    assert saved.status_code == 303
    added = db.session.scalars(sa.select(Participant).where(Participant.id > 3)).all()
    assert [(one.number, one.full_name, one.agency_name) for one in added] == [(4, "Phạm Đình Đăng", "Sở Y tế")]


def test_a_list_that_another_trainer_has_just_added_is_not_added_twice(trainer):
    sent = {"lines": "Phạm Đình Đăng; Giám đốc; Sở Y tế", "act": "save", "take": "1"}
    assert trainer.post("/trainings/classes/1/roster/paste", data=sent).status_code == 303
    answer = trainer.post("/trainings/classes/1/roster/paste", data=sent)
    assert answer.status_code == 409
    assert "A04 Phạm Đình Đăng" in answer.text
    assert len(roster_of(1)) == 4
    assert trainer.post("/trainings/classes/1/roster/paste", data=sent | {"doubted": "1"}).status_code == 303


@pytest.mark.parametrize("lines", ["", "Họ Tên\n" * 1001])
def test_no_list_or_too_long_a_list_is_refused(trainer, lines):
    answer = trainer.post("/trainings/classes/1/roster/paste", data={"lines": lines, "act": "save", "take": "1"})
    assert answer.status_code == 422
    assert len(roster_of(1)) == 3


def test_a_pasted_agency_of_the_province_is_recognised(trainer):
    agency = an_agency("Sở Văn hóa và Thể thao")
    db.session.commit()
    data = {"lines": "Phạm Đình Đăng;;so van hoa va the thao", "act": "save", "take": "1"}
    trainer.post("/trainings/classes/1/roster/paste", data=data)
    added = db.session.scalars(sa.select(Participant).where(Participant.number == 4)).one()
    assert (added.agency_id, added.agency_name) == (agency.id, "Sở Văn hóa và Thể thao")


def test_a_namesake_is_added_only_when_it_is_said_again(trainer):
    typed = {"full_name": "lý quốc bảo", "agency_name": "Sở Tài chính"}
    asked = trainer.post("/trainings/classes/1/roster/new", data=typed)
    assert asked.status_code == 409
    assert 'name="despite"' in asked.text
    assert trainer.post("/trainings/classes/1/roster/new", data=typed | {"despite": "yes"}).status_code == 303


def test_staff_are_taken_from_the_list_once(trainer):
    person = a_person("Trần Phát Ngôn", title="Chánh Văn phòng")
    db.session.commit()
    assert "Trần Phát Ngôn" in trainer.get("/trainings/classes/1/roster/staff?q=tran+phat").text
    url = "/trainings/classes/1/roster/staff"
    assert trainer.post(url, data={"person": [str(person.id), "x", "99999999999"]}).status_code == 303
    assert "Trần Phát Ngôn" not in trainer.get(f"{url}?q=tran+phat").text
    assert trainer.post(url, data={"person": str(person.id)}).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).where(Participant.person_id == person.id)) == 1


def test_whoever_is_taken_off_stays_on_record_with_the_reason_and_may_come_back(trainer):
    assert trainer.post("/trainings/participants/1/remove", data={"reason": ""}).status_code == 422
    trainer.post("/trainings/participants/1/remove", data={"reason": "Cử người khác đi thay"})
    assert "Cử người khác đi thay" in trainer.get("/trainings/classes/1/roster").text
    trainer.post("/trainings/participants/1/restore")
    assert db.session.get(Participant, 1).active


def test_rosters_and_roll_calls_show_no_contacts(trainer):
    for url in READ:
        assert "an@chauphu" not in trainer.get(url).text


def test_every_mark_has_words_and_a_look():
    from pr_tracker.trainings.labels import MARK_LOOKS, MARKS

    assert set(MARKS) == set(MARK_LOOKS) == set(Mark)


def test_the_list_leads_to_older_courses(trainer):
    from tests.factories.trainings import a_course

    for number in range(COURSES_ON_A_PAGE + 2):
        a_course(f"Khóa {number:02}", year=2025)
    db.session.commit()
    older = re.search(r"/trainings\?before=\d+", trainer.get("/trainings").text).group()
    assert "Khóa 00" in trainer.get(older).text
    assert db.session.scalar(sa.select(sa.func.count(TrainingClass.id))) == 1
