"""Administrators manage people: who may sign in, for which agency, in which roles."""

import re
import threading
from contextlib import suppress

import pytest
import sqlalchemy as sa

from pr_tracker.accounts import actions
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AccountEvent
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.errors import BadInput
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency, somebody

PASSWORD = "nước sông Hậu trong"


@pytest.fixture
def admin(app):
    return somebody(app, "Nguyễn Quản Trị", roles=(Role.ADMIN,))


@pytest.fixture
def desk(client, admin):
    """A client that acts as an administrator."""
    client.act_as(admin)
    return client


def stored(app, person_id):
    with app.app_context():
        person = db.session.get(Person, person_id)
        return {name: getattr(person, name) for name in ("full_name", "title", "email", "active", "roles", "agency_id")}


def form_of(app, person_id, **changed):
    with app.app_context():
        person = db.session.get(Person, person_id)
        fields = {
            "version": person.version,
            "full_name": person.full_name,
            "title": person.title,
            "email": person.email,
            "phone": person.phone,
            "agency_id": person.agency_id,
            "roles": [role.value for role in person.roles],
            "active": "y",
        }
    return {name: value for name, value in {**fields, **changed}.items() if value is not None}


def events(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number)))


def test_a_person_is_added_and_gets_a_link_to_set_the_password(app, desk, admin, caplog):
    data = {
        "full_name": "Lê Thị Mới",
        "title": "Phó Chánh Văn phòng",
        "email": "Moi@AnGiang.example",
        "phone": "0296 3852 345",
        "agency_id": admin.agency_id,
        "roles": ["staff", "head"],
        "invite": "y",
    }
    answer = desk.post("/people/new", data=data)
    assert answer.status_code == 303
    person = stored(app, int(answer.location.rsplit("/", 1)[1]))
    assert person["email"] == "moi@angiang.example"
    assert person["roles"] == {Role.STAFF, Role.HEAD}
    assert "/new-password/" in caplog.text
    assert [entry.event for entry in events(app)][-2:] == [AccountEvent.PERSON_ADD, AccountEvent.LINK_SENT]
    assert "Lê Thị Mới" in desk.get("/people").text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("full_name", "", "Vui lòng"),
        ("email", "khong-phai-thu", "Đây không phải địa chỉ thư điện tử"),
        ("phone", "gọi sau", "không phải số điện thoại"),
        ("agency_id", "", "Chọn một đơn vị"),
        ("agency_id", "999999", ""),
        ("agency_id", "abc", ""),
        ("roles", [], "Chọn ít nhất một vai trò"),
        ("roles", ["chief"], ""),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(app, desk, admin, field, value, says):
    data = {
        "full_name": "Trần Gõ Nhầm",
        "email": "nham@angiang.example",
        "agency_id": admin.agency_id,
        "roles": ["staff"],
    }
    answer = desk.post("/people/new", data={**data, field: value})
    assert answer.status_code == 422
    if field != "full_name":
        assert "Trần Gõ Nhầm" in answer.text
        assert says in answer.text, re.findall(r"class=.error.*", answer.text)


def test_an_address_belongs_to_one_person_only(app, desk, admin):
    data = {
        "full_name": "Người Thứ Hai",
        "email": admin.email.upper(),
        "agency_id": admin.agency_id,
        "roles": ["staff"],
    }
    answer = desk.post("/people/new", data=data)
    assert answer.status_code == 422
    assert "Địa chỉ này đã dùng cho Nguyễn Quản Trị" in answer.text


def test_a_change_of_agency_and_roles_takes_effect_at_the_next_request(app, client, admin):
    clerk = somebody(app, roles=(Role.STAFF,))

    client.act_as(clerk)
    assert client.get("/people").status_code == 403
    client.act_as(admin)
    answer = client.post(f"/people/{clerk.id}", data=form_of(app, clerk.id, roles=["admin"], agency_id=admin.agency_id))
    assert answer.status_code == 303
    client.act_as(clerk)
    assert client.get("/people").status_code == 200
    assert stored(app, clerk.id)["agency_id"] == admin.agency_id
    entry = events(app)[-1]
    assert entry.event == AccountEvent.PERSON_ROLES
    assert entry.data == {"given": ["admin"], "taken": ["staff"]}
    assert entry.actor_name == "Nguyễn Quản Trị"


def test_who_is_made_inactive_is_signed_out_at_once_and_stays_on_record(app, client, admin):
    clerk = somebody(app, "Phạm Thôi Việc", password=PASSWORD)
    client.post("/sign-in", data={"email": clerk.email, "password": PASSWORD})
    assert client.get("/shortcuts").status_code == 200
    boss = app.test_client()
    boss.act_as(admin)
    assert boss.post(f"/people/{clerk.id}", data=form_of(app, clerk.id, active=None)).status_code == 303
    assert client.get("/shortcuts").status_code == 302
    assert client.post("/sign-in", data={"email": clerk.email, "password": PASSWORD}).status_code == 422
    assert "Phạm Thôi Việc" not in boss.get("/people").text
    assert "Phạm Thôi Việc" in boss.get("/people?state=inactive").text
    assert boss.post(f"/people/{clerk.id}", data=form_of(app, clerk.id)).status_code == 303
    assert client.get("/shortcuts").status_code == 302, "the old session stays dead"
    assert client.post("/sign-in", data={"email": clerk.email, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("change", [{"roles": ["staff"]}, {"active": None}])
def test_the_last_administrator_keeps_the_role(app, desk, admin, change):
    answer = desk.post(f"/people/{admin.id}", data=form_of(app, admin.id, **change))
    assert answer.status_code == 422
    assert "người quản trị cuối cùng" in answer.text
    somebody(app, roles=(Role.ADMIN,))
    assert desk.post(f"/people/{admin.id}", data=form_of(app, admin.id, **change)).status_code == 303


def test_two_administrators_who_take_the_role_from_each_other_at_once_leave_one(app, client, admin):
    other = somebody(app, roles=(Role.ADMIN,))
    forms = {person.id: form_of(app, person.id, active=None) for person in (admin, other)}
    ready, answers = threading.Barrier(2), []

    def dismiss(who, whom):
        client = app.test_client()
        client.act_as(who)
        ready.wait(60)
        answers.append(client.post(f"/people/{whom.id}", data=forms[whom.id]).status_code)

    threads = [threading.Thread(target=dismiss, args=pair) for pair in ((admin, other), (other, admin))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert 303 in answers
    assert sorted(answers) != [303, 303]
    assert stored(app, admin.id)["active"] or stored(app, other.id)["active"]


def test_an_inactive_administrator_does_not_count(app, desk, admin):
    other = somebody(app, roles=(Role.ADMIN,))
    assert desk.post(f"/people/{other.id}", data=form_of(app, other.id, active=None)).status_code == 303
    assert desk.post(f"/people/{admin.id}", data=form_of(app, admin.id, roles=["staff"])).status_code == 422


def test_a_head_is_not_taken_away_before_another_is_named(app, desk):
    head = somebody(app, "Võ Đứng Đầu", roles=(Role.HEAD,))
    for change in ({"roles": ["staff"]}, {"active": None}):
        answer = desk.post(f"/people/{head.id}", data=form_of(app, head.id, **change))
        assert answer.status_code == 422
        assert "Võ Đứng Đầu đang là người đứng đầu" in answer.text


def test_the_second_of_two_administrators_is_told_and_loses_nothing(app, desk, admin):
    clerk = somebody(app, "Đặng Hai Người", title="Chuyên viên")
    mine = form_of(app, clerk.id, title="Phó Trưởng phòng")
    assert desk.post(f"/people/{clerk.id}", data=form_of(app, clerk.id, title="Trưởng phòng")).status_code == 303
    answer = desk.post(f"/people/{clerk.id}", data=mine)
    assert answer.status_code == 409
    assert "Nguyễn Quản Trị" in answer.text
    assert "Trưởng phòng" in answer.text
    assert 'value="Phó Trưởng phòng"' in answer.text
    assert stored(app, clerk.id)["title"] == "Trưởng phòng"
    again = {**mine, "version": 2}
    assert desk.post(f"/people/{clerk.id}", data=again).status_code == 303
    assert stored(app, clerk.id)["title"] == "Phó Trưởng phòng"


def test_people_are_found_without_marks_and_listed_by_given_name(app, desk):
    with app.app_context():
        agency = an_agency("Sở Tìm Người")
        for name in ("Nguyễn Văn Ân", "Lê Thị Đào", "Trần Văn Dũng", "Phạm Thị An"):
            a_person(name, agency=agency)
        db.session.commit()
        agency_id = agency.id
    page = desk.get(f"/people?agency={agency_id}").text
    order = [page.index(name) for name in ("Phạm Thị An", "Nguyễn Văn Ân", "Trần Văn Dũng", "Lê Thị Đào")]
    assert order == sorted(order)
    found = desk.get("/people?q=thi+dao").text
    assert "Lê Thị Đào" in found
    assert "Trần Văn Dũng" not in found
    assert "Không có ai phù hợp" in desk.get("/people?q=%25").text


def test_the_list_turns_its_pages_both_ways_without_losing_anybody(app, desk):
    with app.app_context():
        agency = an_agency()
        names = [f"Lê Văn {chr(65 + number // 10)}{number % 10}" for number in range(120)]
        for name in names:
            a_person(name, agency=agency)
        db.session.commit()
        agency_id = agency.id
    seen, url, backward = [], f"/people?agency={agency_id}", None
    for _ in range(3):
        page = desk.get(url).text
        seen += [name for name in names if f">{name}<" in page]
        backward = link(page, "prev") or backward
        url = link(page, "next") or url
    assert seen == names
    assert names[50] in desk.get(backward).text


def link(page, rel):
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', page)
    return found[1].replace("&amp;", "&") if found else None


def test_an_administrator_opens_sign_in_again_after_failures(app, client, admin):
    clerk = somebody(app, password=PASSWORD)
    for _ in range(10):
        client.post("/sign-in", data={"email": clerk.email, "password": "sai mật khẩu"})
    boss = app.test_client()
    boss.act_as(admin)
    assert "tạm dừng đến" in boss.get(f"/people/{clerk.id}").text
    assert boss.post(f"/people/{clerk.id}/unlock").status_code == 303
    assert client.post("/sign-in", data={"email": clerk.email, "password": PASSWORD}).status_code == 302
    assert AccountEvent.UNLOCKED in [entry.event for entry in events(app)]


def test_a_lost_phone_is_helped_by_taking_the_second_steps_away(app, desk):
    clerk = somebody(app)
    with app.app_context():
        person = db.session.get(Person, clerk.id)
        person.tf_primary_method, person.tf_totp_secret = "authenticator", "x"
        person.mf_recovery_codes = ["a"]
        db.session.commit()
    assert desk.post(f"/people/{clerk.id}/reset-sign-in").status_code == 303
    with app.app_context():
        person = db.session.get(Person, clerk.id)
        assert (person.tf_primary_method, person.tf_totp_secret, person.mf_recovery_codes or None) == (None, None, None)
        assert person.fs_uniquifier != clerk.fs_uniquifier
    assert events(app)[-1].event == AccountEvent.SIGN_IN_STEPS_RESET


def test_an_unknown_person_is_a_404(desk):
    for url in ("/people/999999", "/people/0", "/people/99999999999999999999", "/people/x"):
        assert desk.get(url).status_code == 404
    for act in ("unlock", "send-link", "reset-sign-in"):
        assert desk.post(f"/people/999999/{act}").status_code == 404


def test_rubbish_in_the_address_of_the_list_is_no_failure(desk):
    for query in ("agency=x", "after=x", "after=-1", "before=999999", "q=%00", "q=" + "a" * 5000, "state=%F0%9F"):
        assert desk.get(f"/people?{query}").status_code == 200


def test_a_person_sent_twice_at_the_same_moment_is_added_once(app, session, monkeypatch):
    agency_id, refusals, together = an_agency("Sở Xây dựng").id, [], threading.Barrier(2)
    session.commit()
    look = actions._require_free_address

    def look_at_the_same_moment(*asked):
        look(*asked)
        with suppress(threading.BrokenBarrierError):  # where the second is kept waiting, the first goes on alone
            together.wait(1)

    def add():
        with app.app_context():
            try:
                values = {"agency": db.session.get(Agency, agency_id), "roles": {Role.STAFF}, "actor": None, "now": NOW}
                actions.add_person(full_name="Lý Thử", email="ly.thu@angiang.gov.vn", **values)
                db.session.commit()
            except Exception as refusal:
                refusals.append(type(refusal))

    monkeypatch.setattr(actions, "_require_free_address", look_at_the_same_moment)
    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == [BadInput]
