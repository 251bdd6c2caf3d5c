"""A filled database of 0002 goes up to 0003, is worked on there, and goes back only while nothing would be lost.

The rows are written by SQL, as they stood then: no action of today makes them.
"""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.actions.sealing import approve, release
from pr_tracker.inquiries.jobs import reopen_short_approvals
from pr_tracker.inquiries.models import Inquiry, Review
from pr_tracker.inquiries.queries.parts import sent_to
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.inquiries.rules_seal import ReviewStep
from tests.checking_client import CheckingClient
from tests.databases import dispose, make_app

THEN = datetime(2026, 8, 3, 3, 0, tzinfo=UTC)
NOW = THEN + timedelta(days=2)
PROVINCE, DEPARTMENT, OTHER = 1, 2, 3
CHAIRMAN, HEAD, DRAFTER, OTHER_HEAD = 1, 2, 3, 4
TEXT = "Đường đã thông từ sáng nay."
BASIS = [{"instrument": "internal_regulation", "article": None, "clause": None, "point": None, "name": ""}]
RULE = {
    "kind": "rule", "key": "internal_reply", "bearer": "lead_agency", "basis": BASIS, "confidence": "?",
    "valid_from": "2026-07-01", "valid_to": None, "term": {"kind": "working_days", "days": 5}, "from_setting": True,
    "outlet": None, "allowance": {"stop_days": 10, "extension_days": 5}, "ladder": None,
}  # fmt: skip
TRIGGER = {
    "kind": "trigger", "trigger": "question_received", "at": "2026-08-03T10:00:00+07:00", "counting": "day_not_counted",
}  # fmt: skip
RESULT = {"kind": "result", "due_on": "2026-08-10", "due_at": None, "nth": 5, "undated": None, "before_last": False}
CLOCK = {
    "key": "internal_reply", "version": "internal_reply@2026-07-01", "basis": BASIS, "confidence": "?",
    "trigger_at": "2026-08-03T10:00:00+07:00", "due_on": "2026-08-10", "due_at": None,
    "ends_at": "2026-08-11T00:00:00+07:00", "warn_on": "2026-08-10",
    "steps": [RULE, TRIGGER, RESULT],
}  # fmt: skip
CASES = {
    1: {"status": "in_review"},
    2: {"status": "approved", "approved_draft_id": 2},
    3: {"status": "approved", "approved_draft_id": 3, "sensitivity": "sensitive"},
    4: {"status": "refused", "refusal_ground": "secret", "refusal_reason": "Bí mật nhà nước", "finished_at": THEN},
    5: {
        "status": "answered", "approved_draft_id": 5, "released_at": THEN, "answer_form": "written",
        "speaker_id": HEAD, "finished_at": THEN,
    },
    6: {"status": "returned"},
    7: {"status": "drafting"},
    8: {"status": "received", "lead_agency_id": None, "responsible_id": None},
}  # fmt: skip
BLANK = {str: "", int: 0, bool: False, datetime: THEN, dict: {}}


@pytest.fixture
def filled(engine, engine_app, databases, tmp_path):
    """The application over a database of 0002 with a case of each kind; the code is today's."""
    with databases.empty(engine) as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            upgrade(revision="0002")
            with db.engine.begin() as connection:
                _fill(connection)
            yield app
        dispose(app)


def writer(connection):
    """write(table, column=value, …) puts a row into a table as it stands in the database; what must be is blank."""
    tables = sa.MetaData()
    tables.reflect(connection)

    def write(table_name, **values):
        table = tables.tables[table_name]
        needed = [each for each in table.c if not each.nullable and each.server_default is None and each.name != "id"]
        blank = {each.name: BLANK.get(_python_type(each), "") for each in needed}
        connection.execute(sa.insert(table).values({**blank, **values}))

    return write


def _fill(connection):
    write = writer(connection)
    _fill_office(write)
    connection.execute(sa.text("UPDATE agencies SET head_id = CASE id WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 4 END"))
    for number, about in CASES.items():
        _fill_case(write, number, about)
    for number, about in CASES.items():
        if "approved_draft_id" in about:
            connection.execute(sa.text(f"UPDATE inquiries SET approved_draft_id = id WHERE id = {number}"))


def _python_type(column):
    return dict if isinstance(column.type, sa.JSON) else column.type.python_type


def _fill_office(write):
    """With the longest names and titles that a row may have."""
    kinds = {PROVINCE: "province", DEPARTMENT: "department", OTHER: "department"}
    for ident, kind in kinds.items():
        about = {"code": f"CQ{ident}", "name": f"Cơ quan {ident}".ljust(200, "x"), "short_name": f"Cơ quan {ident}"}
        write("agencies", id=ident, kind=kind, signing_form="head", active=True, version=1, **about)
    people = {CHAIRMAN: PROVINCE, HEAD: DEPARTMENT, DRAFTER: DEPARTMENT, OTHER_HEAD: OTHER}
    for ident, agency_id in people.items():
        email, name = f"p{ident}@angiang.example", f"Người {ident}".ljust(120, "x")
        about = {"full_name": name, "title": f"Chức vụ {ident}".ljust(120, "x"), "email": email, "fs_uniquifier": email}
        write("people", id=ident, agency_id=agency_id, active=True, version=1, **about)
        write("person_roles", person_id=ident, role="staff" if ident == DRAFTER else "head")
    write("outlets", id=1, name="Báo An Giang", name_key="bao", kind="print", active=True, version=1)
    decision = {"full_name": "Người 3", "title": "Phó", "email": "P3@angiang.example", "decision_number": "12/QĐ"}
    write("spokesperson_decisions", id=1, agency_id=DEPARTMENT, decided_at=THEN, recorded_at=THEN, **decision)


def _fill_case(write, number, about):
    kept = {key: value for key, value in about.items() if key != "approved_draft_id"}
    facts = {
        "kind": "question", "channel": "letter", "urgency": "normal", "sensitivity": "normal", "outlet_id": 1,
        "lead_agency_id": DEPARTMENT, "responsible_id": HEAD, "logged_by_id": CHAIRMAN, "intake_agency_id": PROVINCE,
        "clock_key": "internal_reply", "clock_version": "internal_reply@2026-07-01", "clock": CLOCK,
        "due_on": THEN.date() + timedelta(days=7), "ends_at": THEN + timedelta(days=7),
    }  # fmt: skip
    write("inquiries", id=number, version=5, year=2026, number=number, subject=f"Việc số {number}", **facts | kept)
    write("inquiry_questions", inquiry_id=number, position=1, text="Bao giờ xong?")
    write("inquiry_history", inquiry_id=number, version=1, at=THEN, actor_id=CHAIRMAN, event="inquiry:log", data={})
    part = {"inquiry_id": number, "added_at": THEN, "added_by_id": HEAD}
    write("inquiry_participations", agency_id=DEPARTMENT, part="lead", **part)
    sent = {"task": "Số hộ?", "input_text": "120 hộ", "due_at": NOW, "ends_at": NOW}
    sent |= {"sent_at": THEN, "sent_by_id": OTHER_HEAD}
    write("inquiry_participations", agency_id=OTHER, part="coordinating", **part, **sent)
    if kept["status"] in ("received", "refused"):
        return
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    draft = {"text": TEXT, "digest": digest, "author_id": DRAFTER, "saved_at": THEN}
    write("inquiry_drafts", id=number, inquiry_id=number, number=1, **draft)
    if kept["status"] in ("approved", "answered"):
        write("inquiry_reviews", draft_id=number, approved=True, reviewer_id=HEAD, at=THEN)
    if kept["status"] == "returned":  # it had been approved before
        write("inquiry_reviews", draft_id=number, approved=True, reviewer_id=HEAD, at=THEN)
        write("inquiry_reviews", draft_id=number, approved=False, reason="Thiếu số", reviewer_id=HEAD, at=THEN)


def test_every_case_of_before_is_read_and_finished_after_the_upgrade(filled):
    upgrade()
    head, chairman = db.session.get_one(Person, HEAD), db.session.get_one(Person, CHAIRMAN)
    for number in CASES:
        for path in (f"/inquiries/{number}", f"/inquiries/{number}/sheet.pdf", "/inquiries"):
            assert reads(filled, chairman, path) == 200, path
    assert [part.text for part in sent_to(db.session.get_one(Inquiry, 1))] == ["120 hộ"]
    fallen = db.session.scalars(sa.select(Review).where(Review.draft_id == 6, Review.approved)).one()
    assert fallen.voided_at == THEN
    assert reopen_short_approvals(NOW) == 1
    waiting = db.session.get_one(Inquiry, 3)
    assert (waiting.status, waiting.review_step) == (Status.IN_REVIEW, ReviewStep.PROVINCE)
    approve(waiting, actor=chairman, now=NOW)
    approve(db.session.get_one(Inquiry, 1), actor=head, now=NOW)
    for number in (1, 2, 3):
        case = db.session.get_one(Inquiry, number)
        release(case, AnswerForm.WRITTEN, at=NOW, speaker=head, evidence="Công văn số 5", actor=head, now=NOW)
        assert case.status is Status.ANSWERED
    db.session.commit()


def test_the_way_back_loses_nothing_and_leads_up_again(filled):
    before = contents()
    upgrade()
    downgrade(revision="0002")
    assert contents() == before
    upgrade()
    assert db.session.scalar(sa.select(sa.func.count(Inquiry.id))) == len(CASES)


def test_the_way_back_is_refused_before_anything_changes_once_somebody_has_worked(filled, caplog):
    upgrade()
    approve(db.session.get_one(Inquiry, 1), actor=db.session.get_one(Person, HEAD), now=NOW)
    db.session.commit()
    before = contents()
    with pytest.raises(SystemExit):
        downgrade(revision="0002")
    assert "restore the backup" in caplog.text
    assert contents() == before


def reads(app, person, path):
    """The status that a person gets for a page."""
    app.test_client_class = CheckingClient
    client = app.test_client()
    client.act_as(person)
    return client.get(path).status_code


def contents():
    """Every row of every table."""
    db.session.rollback()
    tables = sa.MetaData()
    with db.engine.connect() as connection:
        tables.reflect(connection)
        return {
            name: sorted(
                str(sorted((key, str(value)) for key, value in row._mapping.items()))
                for row in connection.execute(sa.select(table))
            )
            for name, table in tables.tables.items()
            if "search" not in name
        }
