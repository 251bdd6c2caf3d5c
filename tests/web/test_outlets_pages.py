"""The press register's pages: who may open them, what they show, what two editors see."""

import re

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.queries import PAGE
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Role
from tests.factories.accounts import a_person
from tests.factories.outlets import a_journalist, an_outlet

READ = ("/outlets", "/outlets/lookup?q=ba", "/journalists/lookup?q=ba", "/outlets/1", "/journalists/1")
WRITE = ("/outlets/new", "/outlets/1/edit", "/journalists/new", "/journalists/1/edit")
ACTS = ("/outlets/1/retire", "/outlets/1/restore", "/journalists/1/retire", "/journalists/1/restore")
READERS, WRITERS = {Role.STAFF, Role.HEAD, Role.SUPERVISOR}, {Role.STAFF, Role.HEAD}


@pytest.fixture
def staff(session, sign_in):
    """A client signed in as staff, with one agency and one journalist on record (ids 1)."""
    person = a_person("Trần Lê Phương Uyên")
    outlet = an_outlet("Báo Nhịp sống Miền Tây", phone="0296 000 0000", short_name="NSMT")
    a_journalist("Đoàn Nhật Vy", outlet=outlet, press_card="NB-012", phone="0900 000 001", email="vy@bao.example")
    db.session.commit()
    return sign_in(person)


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_the_register_as_the_table_says(session, sign_in, role):
    a_journalist(outlet=an_outlet())
    client = sign_in(a_person(roles={role}))
    db.session.commit()
    for url in READ:
        assert client.get(url).status_code == (200 if role in READERS else 403), url
    for url in WRITE:
        assert client.get(url).status_code == (200 if role in WRITERS else 403), url
    for url in ACTS:
        assert client.post(url).status_code == (303 if role in WRITERS else 403), url


def test_nobody_reads_the_register_without_sign_in(client):
    for url in (*READ[:1], *READ[3:], *WRITE):
        assert client.get(url).status_code == 302, url


@pytest.mark.parametrize("url", ["/outlets/99", "/journalists/99", "/outlets/0", "/outlets/99999999999", "/outlets/x"])
def test_what_is_not_on_record_is_a_404(staff, url):
    assert staff.get(url).status_code == 404


@pytest.mark.parametrize(
    "query", ["after=abc", "after=99", "before=99", "kind=nothing", "state=%00", "q=%F0%9F%98%80%25_"]
)
def test_garbage_in_the_address_is_never_an_error(staff, query):
    assert staff.get(f"/outlets?{query}").status_code == 200
    assert staff.get(f"/outlets/lookup?{query}&q=%25%25").status_code == 200


def test_one_letter_narrows_the_list_without_marks(staff):
    an_outlet("Tạp chí Kinh tế Ven biển", kind=OutletKind.MAGAZINE)
    db.session.commit()
    assert "Ven biển" in staff.get("/outlets?q=v").text
    page = staff.get("/outlets?q=nhip+mien").text
    assert "Nhịp sống" in page
    assert "Ven biển" not in page
    assert "Nhịp sống" not in staff.get("/outlets?kind=magazine").text


def test_the_list_finds_journalists_too(staff):
    assert "Đoàn Nhật Vy" in staff.get("/outlets?q=doan+vy").text


def test_pages_follow_the_alphabet_and_lead_back(staff):
    for number in range(PAGE + 5):
        an_outlet(f"Đài số {number:03}")
    db.session.commit()
    first = staff.get("/outlets").text
    assert f"{PAGE + 6}" in first
    after = re.search(r"/outlets\?after=\d+", first).group()
    second = staff.get(after).text
    assert f"Đài số {PAGE + 4:03}" in second
    assert "Đài số 000" not in second
    before = re.search(r"/outlets\?before=\d+", second).group()
    assert "Báo Nhịp sống Miền Tây" in staff.get(before).text


def test_an_agency_is_added_and_the_name_with_other_marks_refused_beside_its_field(staff):
    typed = {"name": "Thời báo Cửu Long", "kind": "online", "website": "cuulong.example"}
    assert staff.post("/outlets/new", data=typed).status_code == 303
    assert db.session.scalar(sa.select(Outlet.website).where(Outlet.id == 2)) == "https://cuulong.example"
    answer = staff.post("/outlets/new", data=typed | {"name": "thoi bao cuu long", "address": "Số 1"})
    assert answer.status_code == 422
    assert "Thời báo Cửu Long" in answer.text
    assert 'value="Số 1"' in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "kind": "print"},
        {"name": "x" * 201, "kind": "print"},
        {"name": "Báo A", "kind": "nothing"},
        {"name": "Báo A"},
        {"name": "Báo A", "kind": "print", "website": "javascript:alert(1)"},
        {"name": "Báo A", "kind": "print", "email": "không phải thư"},
    ],
)
def test_what_cannot_be_kept_is_refused_with_everything_typed(staff, typed):
    answer = staff.post("/outlets/new", data=typed)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Outlet.id))) == 1


def test_the_second_editor_is_told_who_changed_what_and_loses_nothing(staff):
    typed = {"name": "Báo Nhịp sống Miền Tây", "kind": "print", "version": "1"}
    assert staff.post("/outlets/1/edit", data=typed | {"phone": "0296 111 1111"}).status_code == 303
    answer = staff.post("/outlets/1/edit", data=typed | {"phone": "0296 222 2222"})
    assert answer.status_code == 409
    for said in (
        "Trần Lê Phương Uyên",
        "0296 111 1111",
        'value="0296 222 2222"',
        'name="version" type="hidden" value="2"',
    ):
        assert said in answer.text
    again = staff.post("/outlets/1/edit", data=typed | {"phone": "0296 222 2222", "version": "2"})
    assert again.status_code == 303
    assert db.session.scalar(sa.select(Outlet.phone).where(Outlet.id == 1)) == "0296 222 2222"


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999999999999"])
def test_an_edit_without_its_version_overwrites_nothing(staff, version):
    typed = {"name": "Báo Khác", "kind": "print", "version": version}
    assert staff.post("/outlets/1/edit", data=typed).status_code in (409, 422)
    assert db.session.scalar(sa.select(Outlet.name).where(Outlet.id == 1)) == "Báo Nhịp sống Miền Tây"


def test_a_journalist_is_added_to_an_agency_whose_name_is_typed_without_script(staff):
    typed = {"full_name": "Phan Thị Mỹ Duyên", "outlet_name": "bao nhip song mien tay", "letter_on": "20/11/2026"}
    assert staff.post("/journalists/new", data=typed).status_code == 303
    assert "20/11/2026" in staff.get("/outlets/1").text


def test_a_journalist_of_an_unknown_agency_is_refused_beside_the_field(staff):
    answer = staff.post(
        "/journalists/new", data={"full_name": "Phan A", "outlet_name": "Báo 100% Lạ", "outlet_id": "x"}
    )
    assert answer.status_code == 422
    assert "Báo 100% Lạ" in answer.text


def test_the_second_editor_of_a_journalist_is_told_too(staff):
    typed = {
        "full_name": "Đoàn Nhật Vy",
        "outlet_name": "Báo Nhịp sống Miền Tây",
        "press_card": "NB-012",
        "version": "1",
    }
    assert staff.post("/journalists/1/edit", data=typed | {"phone": "0900 000 002"}).status_code == 303
    answer = staff.post("/journalists/1/edit", data=typed | {"phone": "0900 000 003"})
    assert answer.status_code == 409
    assert "0900 000 002" in answer.text
    assert 'value="0900 000 003"' in answer.text


def test_reading_a_journalists_contacts_is_noted(staff):
    assert "0900 000 001" in staff.get("/journalists/1").text
    last = db.session.execute(
        sa.select(AuditEntry.event, AuditEntry.actor_name).order_by(AuditEntry.number.desc())
    ).first()
    assert tuple(last) == ("journalist:read", "Trần Lê Phương Uyên")


def test_a_supervisor_sees_no_contacts_of_a_journalist(session, sign_in):
    a_journalist("Đoàn Nhật Vy", phone="0900 000 001", email="vy@bao.example")
    client = sign_in(a_person(roles={Role.SUPERVISOR}))
    db.session.commit()
    page = client.get("/journalists/1").text
    assert "Đoàn Nhật Vy" in page
    assert "0900" not in page
    assert "vy@bao" not in page
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "journalist:read")) == 0


def test_lists_and_lookups_never_carry_a_journalists_contacts(staff):
    for url in ("/outlets?q=vy", "/outlets/1", "/journalists/lookup?q=vy"):
        text = staff.get(url).text
        assert "0900" not in text
        assert "vy@bao" not in text


def test_the_lookup_answers_as_the_field_expects(staff):
    assert staff.get("/outlets/lookup?q=nh").get_json() == [
        {"id": 1, "label": "Báo Nhịp sống Miền Tây", "detail": "Báo in"}
    ]
    found = staff.get("/journalists/lookup?q=vy&outlet=1").get_json()
    assert found == [{"id": 1, "label": "Đoàn Nhật Vy", "detail": "Báo Nhịp sống Miền Tây"}]
    assert staff.get("/journalists/lookup?q=vy&outlet=2").get_json() == []
    assert staff.get("/outlets/lookup?q=n").get_json() == []


def test_a_retired_journalist_is_kept_without_contacts(staff):
    assert staff.post("/journalists/1/retire").status_code == 303
    kept = db.session.get(Journalist, 1)
    assert (kept.active, kept.phone, kept.email, kept.press_card) == (False, "", "", "NB-012")
    assert staff.get("/journalists/1").status_code == 200
