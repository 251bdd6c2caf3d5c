"""Lists of press agencies, journalists, agencies, people and trainees come in from files; the same file twice changes
nothing, and what cannot be is said with its row."""

from datetime import date

import pytest
import sqlalchemy as sa

from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.db import db
from pr_tracker.errors import NotFound
from pr_tracker.imports.targets.agencies import AgenciesTarget
from pr_tracker.imports.targets.journalists import JournalistsTarget
from pr_tracker.imports.targets.outlets import OutletsTarget
from pr_tracker.imports.targets.people import PeopleTarget
from pr_tracker.imports.targets.roster import RosterTarget
from pr_tracker.outlets import actions as outlets
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roster as rosters
from pr_tracker.trainings.models_roster import Participant
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.imports import Said, a_setting, given, judge, reasons, take_in, verdicts
from tests.factories.outlets import a_journalist, an_outlet
from tests.factories.trainings import a_class, a_roster

OUTLETS, JOURNALISTS, AGENCIES, PEOPLE, ROSTER = (
    *(OutletsTarget(), JournalistsTarget(), AgenciesTarget()),
    *(PeopleTarget(), RosterTarget()),
)


# --- press agencies -----------------------------------------------------------------------------------------


def test_new_press_agencies_are_added_with_what_the_file_says(session):
    row = {
        "name": "Báo Đồng Bằng",
        "kind": "Báo điện tử",
        "phone": 296385234,
        "website": "dongbang.example",
        "email": "",
    }
    assert verdicts(take_in(OUTLETS, row)) == ["new"]
    made = db.session.scalar(sa.select(Outlet))
    assert (made.kind, made.phone, made.website) == (OutletKind.ONLINE, "0296385234", "https://dongbang.example")
    assert verdicts(take_in(OUTLETS, row)) == ["unchanged"]


def test_a_press_agency_known_under_its_name_without_marks_is_changed_only_where_the_file_says_something(session):
    known = an_outlet("Báo Đồng Bằng", kind=OutletKind.PRINT, address="Rạch Giá")
    (one,) = take_in(OUTLETS, {"name": "bao dong bang", "kind": "", "phone": "0297 3852 345", "address": ""})
    assert one.verdict.value == "changed"
    assert one.changes == {"phone": ("", "0297 3852 345")}
    assert (known.name, known.address, known.phone, known.kind) == (
        *("Báo Đồng Bằng", "Rạch Giá", "0297 3852 345"),
        OutletKind.PRINT,
    )


def test_a_kind_is_taken_from_the_name_with_a_doubt_and_asked_for_where_the_name_is_silent(session):
    found = judge(OUTLETS, {"name": "Tạp chí Biển"}, {"name": "Cửu Long"}, {"name": "Báo X", "kind": "báo tường"})
    assert verdicts(found) == ["doubtful", "rejected", "rejected"]
    assert "báo tường" in reasons(found)[2][0]


def test_almost_the_same_name_and_the_same_name_again_are_pointed_out(session):
    an_outlet("Báo Tuổi Xanh")
    found = judge(
        OUTLETS,
        {"name": "Tạp chí Tuổi Xanh", "kind": "tạp chí"},
        {"name": "Báo Mới Toanh", "kind": "báo in"},
        {"name": "BÁO MỚI TOANH", "kind": "báo in"},
    )
    assert verdicts(found) == ["doubtful", "new", "rejected"]
    assert found[0].reasons[0].suggestions == ("Báo Tuổi Xanh",)
    assert reasons(found)[2] == ["This stands in row 3 already."]


def test_a_retired_press_agency_comes_back_only_after_a_look(session):
    known = an_outlet("Báo Cũ")
    outlets.set_outlet_active(known, False, actor=None, now=NOW)
    assert verdicts(take_in(OUTLETS, {"name": "Báo Cũ"})) == ["doubtful"]
    assert known.active
    assert verdicts(take_in(OUTLETS, {"name": "Báo Cũ"})) == ["unchanged"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("email", "toasoan", "not an e-mail"),
        ("phone", "gọi sau", "not a phone"),
        ("name", "", "empty"),
        ("name", "x" * 201, "longer than 200"),
        ("address", "#REF!", "#REF!"),
    ],
)
def test_what_no_register_can_take_is_refused_with_its_column(session, column, value, said):
    (one,) = judge(OUTLETS, {"name": "Báo A", "kind": "báo in"} | {column: value})
    assert one.verdict.value == "rejected"
    assert one.reasons[0].column == column
    assert said in reasons([one])[0][0]


# --- journalists --------------------------------------------------------------------------------------------


def test_a_journalist_is_added_to_the_press_agency_of_the_typed_name(session):
    outlet = an_outlet("Báo Đồng Bằng", short_name="ĐB")
    row = {"full_name": "Trần Thị Minh", "outlet": "đb", "press_card": "IBT 01234", "letter_on": date(2026, 3, 5)}
    assert verdicts(take_in(JOURNALISTS, row)) == ["new"]
    made = db.session.scalar(sa.select(Journalist))
    assert (made.outlet_id, made.press_card, made.letter_on) == (outlet.id, "IBT 01234", date(2026, 3, 5))
    assert verdicts(take_in(JOURNALISTS, row)) == ["unchanged"]


def test_an_unknown_press_agency_is_refused_with_the_names_it_may_mean(session):
    outlet = an_outlet("Báo Đồng Bằng")
    row = {"full_name": "Trần Thị Minh", "outlet": "Báo Đồng Bắng Sông"}
    (one,) = judge(JOURNALISTS, row)
    assert (one.verdict.value, one.reasons[0].what, one.reasons[0].suggestions) == (
        *("rejected", "outlet"),
        ("Báo Đồng Bằng",),
    )
    assert verdicts(judge(JOURNALISTS, row, names=Said({"Báo Đồng Bắng Sông": outlet.id}))) == ["new"]


def test_a_press_card_tells_journalists_apart(session):
    known = a_journalist("Lê Văn An", outlet=an_outlet("Báo A"), press_card="01")
    an_outlet("Báo B")
    found = judge(
        JOURNALISTS,
        {"full_name": "Lê Văn An", "outlet": "Báo B", "press_card": "01"},
        {"full_name": "Phạm Thị Hoa", "outlet": "Báo A", "press_card": "01"},
        {"full_name": "Lê Văn An", "outlet": "Báo A", "press_card": "02"},
        {"full_name": "lê văn an", "outlet": "Báo A", "phone": "0297385234"},
    )
    assert verdicts(found) == ["doubtful", "rejected", "doubtful", "changed"]
    assert [one.subject_id for one in found] == [known.id, None, None, known.id]


def test_namesakes_with_and_without_a_card_are_each_known_again(session):
    an_outlet("Báo A")
    rows = [
        {"full_name": "Lê Văn An", "outlet": "Báo A"},
        {"full_name": "Lê Văn An", "outlet": "Báo A", "press_card": "02"},
        {"full_name": "Lê Vân An", "outlet": "Báo A", "press_card": "03"},
    ]
    assert verdicts(take_in(JOURNALISTS, *rows[:1])) == ["new"]
    a_journalist("Lê Văn An", outlet=db.session.scalar(sa.select(Outlet)), press_card="02")
    assert verdicts(take_in(JOURNALISTS, *rows)) == ["unchanged", "unchanged", "new"]


# --- agencies -----------------------------------------------------------------------------------------------


def test_agencies_stand_below_earlier_rows_and_their_kind_and_signing_form_follow_from_their_names(session):
    rows = (
        {"name": "UBND tỉnh Thử", "code": "UBT", "superior": ""},
        {"name": "Sở Y tế Thử", "code": "", "superior": "UBND tỉnh Thử"},
        {"name": "Phường Thử", "code": "PT", "superior": "UBT"},
    )
    found = take_in(AGENCIES, *rows)
    assert verdicts(found) == ["new", "doubtful", "new"]  # a code was made
    health, ward = (accounts.find_agency_by_name(name) for name in ("Sở Y tế Thử", "Phường Thử"))
    assert (health.code, health.kind, health.superior.code) == ("SYTT", AgencyKind.DEPARTMENT, "UBT")
    assert (ward.kind, ward.signing_form) == (AgencyKind.COMMUNE, SigningForm.COLLECTIVE)
    assert verdicts(take_in(AGENCIES, *rows)) == ["unchanged"] * 3


def test_a_taken_code_a_circle_and_an_unknown_superior_are_refused(session):
    top = an_agency("Sở Trên")
    below = an_agency("Chi cục Dưới", superior=top)
    found = judge(
        AGENCIES,
        {"name": "Sở Trên", "superior": "Chi cục Dưới"},
        {"name": "Chi cục Dưới", "code": top.code},
        {"name": "Sở Mới", "code": "SM", "superior": "Sở Không Có"},
        {"name": "Đội Thử", "code": "ĐT"},
        {"name": "Sở Lạ", "code": "có khoảng trống"},
        {"name": "Sở Một", "code": "SX"},
        {"name": "Sở Hai", "code": "sx"},
    )
    assert verdicts(found) == [*["rejected"] * 5, "new", "rejected"]
    assert reasons(found)[1] == [f"The code {top.code} belongs to Sở Trên."]
    assert below.superior_id == top.id


# --- people -------------------------------------------------------------------------------------------------


def test_people_are_added_with_their_roles_and_known_again_by_their_address(session):
    agency = an_agency("Sở Y tế")
    row = {"full_name": "Trần Văn Bình", "email": "TVBinh@angiang.example", "agency": "so y te"}
    row |= {"roles": "lãnh đạo, cán bộ đào tạo", "phone": "0912345678", "title": "Phó Giám đốc"}
    assert verdicts(take_in(PEOPLE, row)) == ["new"]
    made = accounts.find_person_by_email("tvbinh@angiang.example")
    assert (made.agency_id, made.roles, made.password) == (agency.id, {Role.HEAD, Role.TRAINER}, None)
    assert verdicts(take_in(PEOPLE, row)) == ["unchanged"]
    (one,) = take_in(PEOPLE, row | {"title": "Giám đốc", "phone": "", "roles": ""})
    assert one.changes == {"title": ("Phó Giám đốc", "Giám đốc")}
    assert made.roles == {Role.HEAD, Role.TRAINER}


def test_who_becomes_administrator_or_has_a_namesake_is_looked_at_first(session):
    agency = an_agency("Sở Y tế")
    a_person("Lê Thị Hạnh", agency=agency)
    found = judge(
        PEOPLE,
        {"full_name": "Lê Thị Hạnh", "email": "h2@angiang.example", "agency": "Sở Y tế", "roles": "chuyên viên"},
        {"full_name": "Ngô An", "email": "an@angiang.example", "agency": "Sở Y tế", "roles": "quản trị"},
        {"full_name": "Ngô Ba", "email": "ba@angiang.example", "agency": "Sở Y tế"},
        {"full_name": "Ngô Tư", "email": "tu@angiang.example", "agency": "Sở Y tế", "roles": "vua"},
        {"full_name": "Ngô Năm", "email": "ba@angiang.example", "agency": "Sở Y tế"},
    )
    assert verdicts(found) == ["doubtful", "doubtful", "doubtful", "rejected", "rejected"]


def test_a_list_takes_no_head_and_no_administrator_away(session):
    head = a_person("Trưởng", agency=an_agency("Sở Y tế"), roles=[Role.HEAD])
    admin = a_person("Quản", roles=[Role.ADMIN])
    an_agency("Sở Khác")
    found = judge(
        PEOPLE,
        {"full_name": "Trưởng", "email": head.email, "agency": "Sở Khác"},
        {"full_name": "Quản", "email": admin.email, "agency": admin.agency.name, "roles": "chuyên viên"},
    )
    assert verdicts(found) == ["rejected", "rejected"]


# --- the roster of a class ----------------------------------------------------------------------------------


def test_trainees_are_enrolled_and_those_of_the_staff_list_are_recognised(session):
    agency = an_agency("Sở Y tế")
    person = a_person("Lê Thị Hạnh", agency=agency, title="Chuyên viên")
    one = a_class()
    rows = (
        {"family_name": "Lê Thị", "full_name": "Hạnh", "agency": "so y te"},
        {"full_name": "Ngô Văn Tư", "agency": "Hội Nhà báo tỉnh", "phone": 912345678},
    )
    assert verdicts(take_in(ROSTER, *rows, about_id=one.id)) == ["new", "new"]
    made = {row.full_name: row for row in db.session.scalars(sa.select(Participant))}
    assert (made["Lê Thị Hạnh"].person_id, made["Lê Thị Hạnh"].title) == (person.id, "Chuyên viên")
    assert (made["Ngô Văn Tư"].agency_id, made["Ngô Văn Tư"].phone) == (None, "0912345678")
    assert verdicts(take_in(ROSTER, *rows, about_id=one.id)) == ["unchanged", "unchanged"]
    (changed,) = take_in(
        ROSTER, {"full_name": "Ngô Văn Tư", "agency": "Hội Nhà báo tỉnh", "title": "PV"}, about_id=one.id
    )
    assert changed.changes == {"title": ("", "PV")}


def test_two_of_one_name_and_agency_are_asked_about_once_and_then_known_as_two(session):
    one = a_class()
    rows = [{"full_name": "Nguyễn Văn An", "agency": "Hội A"}] * 2
    assert verdicts(take_in(ROSTER, *rows, about_id=one.id)) == ["new", "doubtful"]
    assert verdicts(take_in(ROSTER, *rows, about_id=one.id)) == ["unchanged", "unchanged"]


def test_somebody_of_the_same_name_from_elsewhere_and_a_row_without_a_name_are_pointed_out(session):
    one = a_class()
    a_roster(one, "Nguyễn Văn An")
    found = judge(ROSTER, {"full_name": "nguyễn văn an", "agency": "Hội B"}, {"full_name": "12"}, about_id=one.id)
    assert verdicts(found) == ["doubtful", "rejected"]
    assert "A01 Nguyễn Văn An" in reasons(found)[0][0]


def test_a_name_with_other_marks_is_somebody_else_and_without_marks_may_be_the_same(session):
    one = a_class()
    take_in(ROSTER, {"full_name": "Lê Văn An", "agency": "Hội A"}, about_id=one.id)
    found = judge(ROSTER, {"full_name": "Lê Vân An", "agency": "Hội A"}, about_id=one.id)
    assert (verdicts(found), "A01 Lê Văn An" in reasons(found)[0][0]) == (["doubtful"], True)
    assert verdicts(judge(ROSTER, {"full_name": "le van an", "agency": "hoi a"}, about_id=one.id)) == ["unchanged"]


def test_whoever_was_taken_off_the_roster_is_pointed_out(session):
    one = a_class()
    (row,) = a_roster(one, "Lê Văn An")
    rosters.remove_participant(row, "ốm", actor=None, now=NOW)
    (found,) = judge(ROSTER, {"full_name": "Lê Văn An", "agency": row.agency_name}, about_id=one.id)
    assert (found.verdict.value, "taken off" in reasons([found])[0][0]) == ("doubtful", True)


def test_the_same_list_in_two_batches_means_the_same(session):
    one = a_class()
    rows = given({"full_name": "Nguyễn Văn An", "agency": "Hội A"}, {"full_name": "Nguyễn Văn An", "agency": "Hội A"})
    pass_ = ROSTER.begin(a_setting(about_id=one.id))
    assert verdicts([*pass_.judge(rows[:1]), *pass_.judge(rows[1:])]) == ["new", "doubtful"]


def test_a_roster_is_of_a_class_that_exists(session):
    for about in (None, 999):
        with pytest.raises(NotFound):
            judge(ROSTER, {"full_name": "A"}, about_id=about)


def test_nothing_is_written_by_judging(session):
    agency = an_agency("Sở Y tế")
    one = a_class()
    tables = (Outlet, Journalist, Agency, Person, Participant)

    def counted():
        return [db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]

    actor = a_person(agency=agency)
    before = counted()
    judge(OUTLETS, {"name": "Báo A", "kind": "báo in"}, actor=actor)
    judge(AGENCIES, {"name": "Sở B", "code": "B"}, actor=actor)
    judge(PEOPLE, {"full_name": "A", "email": "a@b.example", "agency": "Sở Y tế"}, actor=actor)
    judge(ROSTER, {"full_name": "A"}, about_id=one.id, actor=actor)
    assert counted() == before
