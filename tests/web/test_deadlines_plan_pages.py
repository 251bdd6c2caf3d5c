"""Shares and office hours: who may set them, what is refused, what it would mean before saving."""

from datetime import time

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.deadlines import actions_plan, queries_plan
from pr_tracker.deadlines.rules_plan import DEFAULT_HOURS, DEFAULT_SHARES, OfficeHours, Shares
from pr_tracker.errors import NotFound
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency

TYPED = {"draft": "50", "agency": "25", "approval": "0", "release": "25"}
HOURS = {"morning_from": "07:00", "morning_to": "11:00", "afternoon_from": "13:00", "afternoon_to": "16:30"}


@pytest.fixture
def house(session):
    agency = an_agency("Sở Xây dựng")
    people = {
        "head": a_person(agency=agency, roles=(Role.HEAD,)),
        "staff": a_person(agency=agency),
        "other": a_person(agency=an_agency("Sở Tài chính"), roles=(Role.HEAD,)),
        "admin": a_person(agency=an_agency("Văn phòng"), roles=(Role.ADMIN,)),
    }
    session.commit()
    return agency, people


def page(agency):
    return f"/deadlines/plans/{agency.id}"


def test_without_settings_plans_are_made_by_default(session):
    settings = queries_plan.plan_settings(an_agency().id)
    assert settings == (DEFAULT_HOURS, DEFAULT_SHARES)
    assert queries_plan.plan_settings(None) == settings
    assert queries_plan.office_hours() == DEFAULT_HOURS


@pytest.mark.parametrize("who", ["head", "admin"])
def test_a_head_sets_the_own_agencys_shares_and_an_administrator_everybodys(house, sign_in, who):
    agency, people = house
    client = sign_in(people[who])
    assert client.get(page(agency)).status_code == 200
    assert client.post(page(agency), data=TYPED).status_code == 303
    assert queries_plan.plan_settings(agency.id).shares == Shares(50, 25, 0, 25)
    assert queries_plan.plan_settings(people["other"].agency_id).shares == DEFAULT_SHARES


def test_a_head_of_another_agency_finds_no_such_page(house, sign_in):
    agency, people = house
    client = sign_in(people["other"])
    assert client.get(page(agency)).status_code == 404
    assert client.post(page(agency), data=TYPED).status_code == 404
    with pytest.raises(NotFound):
        actions_plan.set_shares(agency, Shares(50, 25, 0, 25), actor=people["other"], now=NOW)
    assert queries_plan.plan_settings(agency.id).shares == DEFAULT_SHARES


def test_staff_may_look_at_the_shares_and_not_change_them(house, sign_in):
    agency, people = house
    client = sign_in(people["staff"])
    looked = client.get("/deadlines/plans")
    assert looked.status_code == 200
    assert page(agency) not in looked.text
    assert client.get(page(agency)).status_code == 403


def test_an_unknown_agency_has_no_shares(house, sign_in):
    assert sign_in(house[1]["admin"]).get("/deadlines/plans/999").status_code == 404


@pytest.mark.parametrize(
    ("typed", "message", "at"),
    [
        ({"release": "24"}, "hiện là 99", "release"),
        ({"draft": "0", "release": "75"}, "ít nhất 1 phần trăm", "draft"),
        ({"agency": "mười"}, "“mười” không phải số nguyên từ 0 đến 100", "agency"),
        ({"agency": "101"}, "“101” không phải", "agency"),
        ({"agency": ""}, "Cần điền ô này.", "agency"),
    ],
)
def test_shares_that_make_no_sense_come_back_with_a_word_beside_the_field(house, sign_in, typed, message, at):
    agency, people = house
    for button in ({}, {"show": "1"}):
        answer = sign_in(people["head"]).post(page(agency), data={**TYPED, **typed, **button})
        assert answer.status_code == 422
        beside = answer.text.split(f'id="{at}-error"')[1].split("</span></span>")[0]
        assert message in beside
        assert 'value="50"' in answer.text or at == "draft"
    assert queries_plan.plan_settings(agency.id).shares == DEFAULT_SHARES


def test_the_preview_says_what_typed_shares_would_mean_and_saves_nothing(house, sign_in):
    agency, people = house
    answer = sign_in(people["head"]).post(page(agency), data={**TYPED, "show": "1"})
    assert answer.status_code == 200
    assert "15 ngày làm việc, nếu tiếp nhận bây giờ" in answer.text
    assert "Dự thảo xong" in answer.text
    assert "UBND tỉnh cho ý kiến xong" not in answer.text  # a stage of 0 is left out
    assert queries_plan.plan_settings(agency.id).shares == DEFAULT_SHARES


def test_shares_are_recorded_with_what_they_were_and_are_and_once(house, session):
    agency, people = house
    for shares in (Shares(50, 25, 0, 25), Shares(50, 25, 0, 25), DEFAULT_SHARES):
        actions_plan.set_shares(agency, shares, actor=people["head"], now=NOW)
    recorded = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "agency_shares:set")).all()
    assert [(data["before"]["draft"], data["after"]["draft"]) for data in recorded] == [(60, 50), (50, 60)]
    assert recorded[0]["agency"] == agency.name


def test_an_administrator_sets_the_office_hours_once_for_the_whole_province(house, sign_in, session):
    client = sign_in(house[1]["admin"])
    for _ in range(2):
        assert client.post("/deadlines/plans/office-hours", data=HOURS).status_code == 303
    assert queries_plan.office_hours() == OfficeHours(time(7), time(11), time(13), time(16, 30))
    recorded = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "office_hours:set")).all()
    assert [(data["before"]["morning_from"], data["after"]["morning_from"]) for data in recorded] == [
        ("07:30", "07:00")
    ]
    assert "Từ 07:00 đến 11:00 và từ 13:00 đến 16:30" in client.get("/deadlines/plans").text


@pytest.mark.parametrize("who", ["head", "staff"])
def test_nobody_else_sets_the_office_hours(house, sign_in, who):
    assert sign_in(house[1][who]).post("/deadlines/plans/office-hours", data=HOURS).status_code == 403


@pytest.mark.parametrize(
    ("typed", "message", "at"),
    [
        ({"afternoon_from": "10:30"}, "10:30 sớm hơn 11:00", "afternoon_from"),
        ({"morning_to": "25:00"}, "“25:00” không phải giờ trong ngày", "morning_to"),
        ({"morning_to": "1130"}, "“1130” không phải giờ trong ngày", "morning_to"),
        ({"morning_to": ""}, "Cần điền ô này.", "morning_to"),
    ],
)
def test_office_hours_that_make_no_sense_come_back_with_a_word_beside_the_field(house, sign_in, typed, message, at):
    answer = sign_in(house[1]["admin"]).post("/deadlines/plans/office-hours", data={**HOURS, **typed})
    assert answer.status_code == 422
    assert message in answer.text.split(f'id="{at}-error"')[1].split("</span></span>")[0]
    assert queries_plan.office_hours() == DEFAULT_HOURS


@pytest.mark.parametrize("values", [(50, 25, 0, 24), (0, 50, 0, 50), (110, -10, 0, 0)])
def test_the_database_itself_refuses_shares_that_do_not_make_100_percent(session, values):
    from pr_tracker.deadlines.models import AgencyShares

    row = dict(zip(("draft", "agency", "approval", "release"), values, strict=True))
    session.add(AgencyShares(agency_id=an_agency().id, **row))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
