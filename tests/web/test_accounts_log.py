"""The audit log on a page: for reading only, narrowed by person, event and day, with the state of its chain."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.actions import change_person, set_preferences
from pr_tracker.accounts.rules import AccountEvent
from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import RENAMED, Wanted, chain_end, entries_page, faults_in_chain
from pr_tracker.db import db
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, somebody


@pytest.fixture
def desk(app, client):
    client.act_as(somebody(app, "Nguyễn Quản Trị", roles=(Role.ADMIN,)))
    return client


def more_people(app, number, **facts):
    with app.app_context():
        person = a_person("Lê Thị Đào", **facts)
        for _ in range(number):
            a_person(agency=person.agency, **facts)
        db.session.commit()


def test_the_newest_entry_stands_first_in_words(app, desk):
    desk.post("/account", data={"language": "vi"})
    page = desk.get("/audit").text
    assert page.index(">Đổi cài đặt của mình</td>") < page.index(">Thêm người dùng</td>")
    assert "Nguyễn Quản Trị" in page


def test_the_log_turns_its_pages_by_number(app, desk):
    more_people(app, 120)
    first = desk.get("/audit").text
    assert "after=" not in first
    second = desk.get("/audit?before=75").text
    assert ">74<" in second
    assert ">75<" not in second
    third = desk.get("/audit?after=74").text
    assert ">75<" in third
    assert ">74<" not in third


def test_the_log_is_narrowed_by_person_event_and_day(app, desk):
    more_people(app, 1)
    more_people(app, 1, now=NOW + timedelta(days=40))
    desk.post("/account", data={"language": "vi"})
    by_person = desk.get("/audit?person=quan+tri").text
    assert "Đổi cài đặt của mình" in by_person
    assert by_person.count("<tr>") == 3, "the head, the act, and the entry about the person"
    assert desk.get("/audit?event=agency:add").text.count("<tr>") == 4
    assert desk.get("/audit?day=2026-12-30").text.count("<tr>") == 4
    assert "Không có dòng nào phù hợp" in desk.get("/audit?person=khong+ai").text


def test_who_was_renamed_twice_is_found_by_every_name(session):
    """By that between the first and the newest too, whether or not they ever acted."""
    assert RENAMED == AccountEvent.PERSON_CHANGE
    for acts in (True, False):
        person = a_person(f"Lê Thị Một{acts}")
        names = [person.full_name, f"Lê Thị Hai{acts}", f"Lê Thị Ba{acts}"]
        for name in names:
            facts = {"email": person.email, "active": True, "agency_id": person.agency_id, "full_name": name}
            change_person(person, version=person.version, roles=person.roles, actor=None, now=NOW, **facts)
            if acts:
                set_preferences(person, language="vi", shortcuts_off=False, now=NOW)
        session.flush()
        found = [[line.entry.number for line in entries_page(Wanted(name=name)).lines] for name in names]
        assert found[0]
        assert found == [found[0]] * 3


def test_a_changed_line_is_marked_and_the_check_names_it(app, desk):
    more_people(app, 3)
    assert "Nhật ký hệ thống nguyên vẹn" in desk.get("/audit/check").text
    with app.app_context():
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.number == 3).values(actor_name="Người khác"))
        db.session.execute(sa.delete(AuditEntry).where(AuditEntry.number == 5))
        db.session.commit()
    assert "đã bị sửa" in desk.get("/audit").text
    page = desk.get("/audit/check").text
    assert "không còn nguyên vẹn" in page
    assert "Dòng 3 bị sửa sau khi ghi" in page
    assert "Dòng 5 bị mất" in page


def test_of_a_long_log_the_page_checks_the_newest_part_and_says_so(app, desk, monkeypatch):
    more_people(app, 6)
    monkeypatch.setattr("pr_tracker.audit.views.CHECKED_HERE", 4)
    with app.app_context():
        last = chain_end().last_number
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.number == last - 4).values(actor_name="Người khác"))
        db.session.commit()
        assert [fault.number for fault in faults_in_chain()] == [last - 4]
    page = desk.get("/audit/check").text
    assert "Phần mới nhất của nhật ký hệ thống nguyên vẹn" in page
    assert f"mới nhất trong {last} dòng" in page
    with app.app_context():
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.number == last - 3).values(actor_name="Người khác"))
        db.session.commit()
    assert f"Dòng {last - 3} bị sửa sau khi ghi" in desk.get("/audit/check").text


def test_rubbish_in_the_address_is_no_failure(desk):
    for query in ("before=x", "after=-5", "before=99999999999", "day=2026-02-31", "event=%00", "person=%25"):
        assert desk.get(f"/audit?{query}").status_code == 200


def test_nothing_can_be_sent_to_the_log(desk):
    for url in ("/audit", "/audit/check"):
        assert desk.post(url).status_code == 405


def test_a_day_that_is_none_is_not_left_out_in_silence(desk):
    assert "“31/02/2026” không phải là ngày nên không được tính" in desk.get("/audit?day=31/02/2026").text
    assert "không phải là ngày" not in desk.get("/audit?day=20/11/2026").text
