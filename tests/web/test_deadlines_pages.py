"""The pages of the clocks, for each role that may see them."""

import re

import pytest

from pr_tracker.db import db
from pr_tracker.deadlines import queries
from pr_tracker.deadlines.rules import ClockKey
from pr_tracker.permissions import Role
from tests.factories.accounts import a_person, an_agency


@pytest.fixture
def as_role(session, sign_in):
    def as_role(role, language="vi"):
        person = a_person(roles=(role,))
        person.language = language
        db.session.commit()
        return sign_in(person)

    return as_role


def words_of(page):
    return re.sub("<[^>]+>", "", page.text)


@pytest.mark.parametrize("role", Role)
def test_everybody_signed_in_sees_every_clock_with_its_ground(as_role, role):
    page = as_role(role).get("/deadlines")
    assert page.status_code == 200
    for key in ClockKey:
        assert f'id="{key}"' in page.text
    assert "khoản 3 Điều 18 Nghị định 237/2026/NĐ-CP" in words_of(page)
    assert "chưa xác nhận" in page.text
    assert "01/01/2017 – 30/06/2026" in page.text


def test_the_clocks_in_english(as_role):
    page = as_role(Role.STAFF, "en").get("/deadlines")
    assert "Decree 237/2026/NĐ-CP Art 18(3)" in words_of(page)
    assert "not confirmed" in page.text


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/deadlines").status_code == 302


def test_the_calculator_answers_without_a_script(as_role):
    page = as_role(Role.STAFF).get("/deadlines/calculator?key=forwarded_opinion_notice&at=2026-11-20T10:05")
    assert "hết thứ Hai 14/12/2026" in page.text
    assert "Không tính 9 ngày" in page.text


def test_the_calculator_starts_with_now(as_role):
    assert as_role(Role.STAFF).get("/deadlines/calculator").status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("key=forwarded_opinion_notice&at=yesterday", "“yesterday”"),
        ("key=forwarded_opinion_notice&at=2001-01-01T08:00", "quy định đầu tiên có hiệu lực từ 01/01/2017"),
        ("key=forwarded_opinion_notice&at=2099-01-01T08:00", "Không tính được thời hạn từ năm 2099"),
        ("key=lunch&at=2026-11-20T10:05", ""),
    ],
)
def test_what_the_calculator_cannot_take_is_said_and_kept(as_role, query, said):
    page = as_role(Role.STAFF).get(f"/deadlines/calculator?{query}")
    assert page.status_code == 422
    assert said in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("key=press_relay_answer&outlet=weekly", "hết thứ Hai 14/12/2026"),
        ("key=press_relay_answer", "hết thứ Hai 07/12/2026"),
        ("key=press_relay_answer&outlet=nothing", "hết thứ Hai 07/12/2026"),
        ("key=correction_periodical&outlet=daily", "trong số báo kế tiếp"),
        ("key=correction_periodical&outlet=slow_magazine", "hết thứ Hai 23/11/2026"),
    ],
)
def test_the_calculator_asks_for_the_kind_of_press_agency_where_it_matters(as_role, query, said):
    page = as_role(Role.STAFF).get(f"/deadlines/calculator?at=2026-11-20T10:05&{query}")
    assert 'name="outlet"' in page.text
    assert said in page.text


def test_the_calculator_does_not_ask_for_the_press_agency_where_it_does_not_matter(as_role):
    page = as_role(Role.STAFF).get("/deadlines/calculator?at=2026-11-20T10:05&key=answer_on_press&outlet=daily")
    assert 'name="outlet"' not in page.text


def test_staff_see_the_terms_and_cannot_change_them(as_role):
    agency = an_agency("Sở Xây dựng")
    client = as_role(Role.STAFF)
    page = client.get("/deadlines/terms")
    assert "Sở Xây dựng" in page.text
    assert f"/deadlines/terms/{agency.id}" not in page.text
    assert client.get(f"/deadlines/terms/{agency.id}").status_code == 403
    assert client.get("/deadlines/terms/province").status_code == 403


def test_an_administrator_sets_the_terms_of_an_agency(as_role):
    agency = an_agency("Sở Xây dựng")
    client = as_role(Role.ADMIN)
    answer = client.post(f"/deadlines/terms/{agency.id}", data={"internal_reply": "5", "internal_input": "2"})
    assert answer.status_code == 303
    terms = queries.terms_of(agency.id)
    assert (terms.internal_reply, terms.internal_input) == (5, 2)
    assert "Đã đặt hạn nội bộ của Sở Xây dựng." in client.get("/deadlines/terms").text


@pytest.mark.parametrize("typed", ["", "0", "61", "ba", "-1", "1e3", "３"])
def test_a_number_that_is_none_is_said_beside_its_field_and_kept(as_role, typed):
    agency = an_agency()
    client = as_role(Role.ADMIN)
    page = client.post(f"/deadlines/terms/{agency.id}", data={"internal_reply": typed, "internal_input": "2"})
    assert page.status_code == 422
    said = f"“{typed}” không phải là số nguyên từ 1 đến 60 ngày" if typed else "Cần điền ô này."
    assert said in page.text
    assert queries.terms_of(agency.id).internal_input == 1


def test_an_administrator_sets_the_unconfirmed_terms_of_the_province(as_role):
    client = as_role(Role.ADMIN)
    data = {"complaint_acceptance_notice": "12", "denunciation_acceptance_notice": "7"}
    assert client.post("/deadlines/terms/province", data=data).status_code == 303
    assert queries.terms_of(None).complaint_acceptance_notice == 12


def test_an_unknown_agency_is_not_found(as_role):
    assert as_role(Role.ADMIN).get("/deadlines/terms/999999").status_code == 404
