"""Agencies form a tree: each has a superior, a code, a signing form, a head from its own leaders."""

import pytest

from pr_tracker.accounts import actions, queries
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AccountEvent, AgencyKind, SigningForm
from pr_tracker.audit.queries import Wanted, entries_page
from pr_tracker.db import db
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency, somebody


@pytest.fixture
def desk(app, client):
    client.act_as(somebody(app, "Nguyễn Quản Trị", roles=(Role.ADMIN,)))
    return client


@pytest.fixture
def tree(app):
    """UBND tỉnh → Sở → Chi cục: their ids by name."""
    with app.app_context():
        top = an_agency("UBND thử", kind=AgencyKind.PROVINCE, signing_form=SigningForm.COLLECTIVE)
        middle = an_agency("Sở thử", superior=top)
        leaf = an_agency("Chi cục thử", superior=middle)
        db.session.commit()
        return {"top": top.id, "middle": middle.id, "leaf": leaf.id}


def form_of(app, agency_id, **changed):
    with app.app_context():
        agency = db.session.get(Agency, agency_id)
        fields = {
            "version": agency.version,
            "name": agency.name,
            "short_name": agency.short_name,
            "code": agency.code,
            "kind": agency.kind.value,
            "signing_form": agency.signing_form.value,
            "superior_id": agency.superior_id or "",
            "head_id": agency.head_id or "",
            "active": "y",
        }
    return {name: value for name, value in {**fields, **changed}.items() if value is not None}


def stored(app, agency_id):
    with app.app_context():
        agency = db.session.get(Agency, agency_id)
        return agency.name, agency.superior_id, agency.head_id, agency.active, agency.signing_form


def test_an_agency_is_added_below_its_superior(app, desk, tree):
    data = {
        "name": "Đặc khu thử",
        "short_name": "Đặc khu",
        "code": "ĐKT",
        "kind": "commune",
        "signing_form": "collective",
        "superior_id": tree["top"],
    }
    assert desk.post("/agencies/new", data=data).status_code == 303
    with app.app_context():
        added = queries.find_agency_by_code("đkt")
        assert (added.superior_id, added.signing_form) == (tree["top"], SigningForm.COLLECTIVE)
        assert entries_page(Wanted()).lines[0].entry.event == AccountEvent.AGENCY_ADD


def test_the_tree_lists_each_agency_below_its_superior(app, desk, tree):
    page = desk.get("/agencies").text
    places = [page.index(f">{name}<") for name in ("UBND thử", "Sở thử", "Chi cục thử")]
    assert places == sorted(places)
    assert "tree-2" in page


@pytest.mark.parametrize("superior", ["middle", "leaf"])
def test_an_agency_cannot_stand_below_itself_or_its_own_unit(app, desk, tree, superior):
    answer = desk.post(f"/agencies/{tree['middle']}", data=form_of(app, tree["middle"], superior_id=tree[superior]))
    assert answer.status_code == 422
    assert stored(app, tree["middle"])[1] == tree["top"]


def test_code_and_name_belong_to_one_agency_only(app, desk, tree):
    with app.app_context():
        code = db.session.get(Agency, tree["top"]).code
    for taken in ({"code": code.lower()}, {"name": "UBND thử"}):
        answer = desk.post(f"/agencies/{tree['leaf']}", data=form_of(app, tree["leaf"], **taken))
        assert answer.status_code == 422
        assert stored(app, tree["leaf"])[0] == "Chi cục thử"


def test_the_head_is_an_active_leader_of_the_agency_itself(app, desk, tree):
    with app.app_context():
        middle = db.session.get(Agency, tree["middle"])
        leader, clerk = a_person(agency=middle), a_person(agency=middle)
        stranger = a_person(agency=db.session.get(Agency, tree["leaf"]), roles=(Role.HEAD,))
        leader.roles = {Role.HEAD}
        db.session.commit()
        ids = leader.id, clerk.id, stranger.id
    for wrong in (*ids[1:], 999999):
        assert (
            desk.post(f"/agencies/{tree['middle']}", data=form_of(app, tree["middle"], head_id=wrong)).status_code
            == 422
        )
    assert (
        desk.post(f"/agencies/{tree['middle']}", data=form_of(app, tree["middle"], head_id=ids[0])).status_code == 303
    )
    assert stored(app, tree["middle"])[2] == ids[0]


def test_an_agency_with_people_is_not_taken_out_of_use(app, desk, tree):
    with app.app_context():
        person = a_person(agency=db.session.get(Agency, tree["leaf"]))
        db.session.commit()
        person_id = person.id
    answer = desk.post(f"/agencies/{tree['leaf']}", data=form_of(app, tree["leaf"], active=None))
    assert answer.status_code == 422
    assert "Vẫn còn người" in answer.text
    with app.app_context():
        db.session.get(Person, person_id).active = False
        db.session.commit()
    assert desk.post(f"/agencies/{tree['leaf']}", data=form_of(app, tree["leaf"], active=None)).status_code == 303
    with app.app_context():
        assert "Chi cục thử" not in [row.name for row in queries.agencies_for_choice()]
    assert "Chi cục thử" in desk.get("/agencies").text


def test_an_agency_with_units_is_not_taken_out_of_use(app, desk, tree):
    answer = desk.post(f"/agencies/{tree['middle']}", data=form_of(app, tree["middle"], active=None))
    assert answer.status_code == 422
    assert "Vẫn còn đơn vị trực thuộc" in answer.text


def test_the_second_of_two_administrators_is_told_and_loses_nothing(app, desk, tree):
    mine = form_of(app, tree["leaf"], short_name="Của tôi")
    assert (
        desk.post(f"/agencies/{tree['leaf']}", data=form_of(app, tree["leaf"], short_name="Người kia")).status_code
        == 303
    )
    answer = desk.post(f"/agencies/{tree['leaf']}", data=mine)
    assert answer.status_code == 409
    assert "Nguyễn Quản Trị" in answer.text
    assert "Người kia" in answer.text
    assert 'value="Của tôi"' in answer.text


def test_agencies_to_choose_from_stand_in_vietnamese_order(app):
    with app.app_context():
        for name in ("Sở Y tế", "Sở Du lịch", "Sở Công Thương", "Ủy ban", "Đặc khu", "Văn phòng"):
            an_agency(name)
        db.session.commit()
        names = [row.name for row in queries.agencies_for_choice()]
    assert names == ["Đặc khu", "Sở Công Thương", "Sở Du lịch", "Sở Y tế", "Ủy ban", "Văn phòng"]


def test_the_people_of_an_agency_are_its_active_ones_with_the_role(app):
    with app.app_context():
        agency = an_agency()
        a_person("Lê Văn Bình", agency=agency, roles=(Role.HEAD,))
        a_person("Lê Văn An", agency=agency, roles=(Role.STAFF,))
        gone = a_person("Lê Văn Cũ", agency=agency, roles=(Role.HEAD,))
        gone.active = False
        a_person("Người Nơi Khác", roles=(Role.HEAD,))
        db.session.commit()
        assert [row.full_name for row in queries.people_of(agency.id)] == ["Lê Văn An", "Lê Văn Bình"]
        assert [row.full_name for row in queries.people_of(agency.id, Role.HEAD)] == ["Lê Văn Bình"]


def test_a_head_is_named_in_one_step(app):
    with app.app_context():
        agency = an_agency()
        leader = a_person(agency=agency, roles=(Role.STAFF,))
        leader.roles = {Role.HEAD}
        actions.name_head(agency, leader, actor=None, now=NOW)
        db.session.commit()
        assert agency.head is leader


def test_an_unknown_agency_is_a_404(desk):
    for url in ("/agencies/999999", "/agencies/x"):
        assert desk.get(url).status_code == 404
