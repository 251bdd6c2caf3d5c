"""Paper first: exceptions typed from the signed sheet are looked at, then recorded; its scan is kept as evidence."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll as act
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.queries.plan import get_session
from pr_tracker.trainings.queries.roll import mark_now
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.trainings.rules_roll import Mark, Source
from tests.factories.accounts import NOW, a_person
from tests.factories.trainings import a_roster, a_session

URL = "/trainings/sessions/1/paper"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def trainer(session, sign_in):
    """A trainer's client; one session, three on its roster (ids and rows from 1)."""
    held = a_session("Thực hành trả lời phỏng vấn")
    a_roster(held.training_class, "Nguyễn Thị Thúy An", "Danh Hoàng Út Ân", "Lý Quốc Bảo")
    person = a_person("Kim Ngọc Diễm Hương", roles={Role.TRAINER})
    db.session.commit()
    return sign_in(person)


def marks():
    one = AttendanceMark
    query = sa.select(one.participant_id, one.mark, one.remark, one.source).order_by(one.participant_id)
    return [tuple(row) for row in db.session.execute(query)]


def look(trainer, typed):
    page = trainer.post(URL, data={"lines": typed, "act": "look"})
    return page, re.search(r'name="seen"[^>]*value="([\d.]*)"', page.text)[1]


def test_the_exceptions_are_looked_at_then_recorded_and_everybody_else_was_present(trainer):
    typed = "A03 m: muộn 20 phút"
    page, seen = look(trainer, typed)
    assert page.status_code == 200
    assert "2 người không nêu và chưa ghi: có mặt" in page.text
    assert "muộn 20 phút" in page.text
    assert marks() == []
    assert trainer.post(URL, data={"lines": typed, "act": "save", "seen": seen}).status_code == 303
    paper = Source.PAPER
    assert marks() == [
        (1, Mark.PRESENT, "", paper),
        (2, Mark.PRESENT, "", paper),
        (3, Mark.LATE, "muộn 20 phút", paper),
    ]
    data = db.session.scalar(sa.select(AuditEntry.data).where(AuditEntry.event == "attendance:mark"))
    assert data == {"marks": {"A01": "present", "A02": "present", "A03": "late"}, "source": "paper"}


def test_what_cannot_be_read_is_said_by_line_and_nothing_is_recorded(trainer):
    page = trainer.post(URL, data={"lines": "A03 v\nZ90 v", "act": "save", "seen": "1"})
    assert page.status_code == 422
    assert "Dòng 2" in page.text
    assert "A03 v\nZ90 v" in page.text
    assert marks() == []


def test_what_was_typed_on_after_the_preview_is_looked_at_first(trainer):
    _, seen = look(trainer, "A03 v")
    assert trainer.post(URL, data={"lines": "A02 v", "act": "save", "seen": seen}).status_code == 200
    assert marks() == []


def test_who_marked_after_the_preview_is_not_overwritten(trainer):
    _, seen = look(trainer, "A03 v")
    act.mark(get_session(1), get_participant(3), Mark.EXCUSED, version=0, actor=None, now=NOW)
    db.session.commit()
    page = trainer.post(URL, data={"lines": "A03 v", "act": "save", "seen": seen})
    assert page.status_code == 409
    assert mark_now(1, 3).mark is Mark.EXCUSED
    seen = re.search(r'name="seen"[^>]*value="([\d.]*)"', page.text)[1]
    assert trainer.post(URL, data={"lines": "A03 v", "act": "save", "seen": seen}).status_code == 303
    assert mark_now(1, 3).mark is Mark.ABSENT


def keep(trainer, name="to-ky-ten.pdf", content=PDF):
    return trainer.post("/trainings/sessions/1/scans", data={"files": (BytesIO(content), name)})


def test_a_scan_is_kept_as_evidence_and_its_reading_is_noted(trainer):
    assert keep(trainer).status_code == 303
    assert "to-ky-ten.pdf" in trainer.get(URL).text
    assert trainer.get("/trainings/scans/1/file").data == PDF
    events = list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))
    assert events[-2:] == ["session:scan:add", "session:scan:read"]


def test_a_scan_is_withdrawn_with_a_reason_and_stays_on_record(trainer):
    keep(trainer)
    assert trainer.post("/trainings/scans/1/withdraw", data={"reason": ""}).status_code == 422
    assert trainer.post("/trainings/scans/1/withdraw", data={"reason": "Tờ của lớp khác"}).status_code == 303
    assert "Tờ của lớp khác" in trainer.get(URL).text


@pytest.mark.parametrize(("name", "content"), [("to.pdf", b""), ("to.pdf", b"MZ"), ("to.exe", b"MZ")])
def test_what_is_no_scan_is_refused_beside_its_field(trainer, name, content):
    answer = keep(trainer, name, content)
    assert answer.status_code == 422
    assert "error" in answer.text


def test_after_closing_the_sheet_says_so_and_scans_are_still_taken(trainer):
    _, seen = look(trainer, "")
    held = get_session(1)
    act.mark_many(held, dict.fromkeys((1, 2, 3), (Mark.PRESENT, "", 0)), actor=None, now=NOW)
    act.close_session(held, version=1, actor=None, now=NOW)
    db.session.commit()
    assert "Buổi đã điểm danh xong" in trainer.get(URL).text
    assert keep(trainer).status_code == 303
    assert trainer.post(URL, data={"lines": "", "act": "save", "seen": seen}).status_code == 409


def test_unknown_scans_are_a_404(trainer):
    assert trainer.get("/trainings/scans/9/file").status_code == 404
    assert trainer.get("/trainings/sessions/9/paper").status_code == 404
