"""Queue, list, search and saved views, as pages."""

from datetime import timedelta

import pytest

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.inquiries.rules import Status
from tests.factories.inquiries import Province, an_inquiry


@pytest.fixture
def province(session, monkeypatch):
    return Province()


@pytest.fixture
def full(province, session):
    now = clock.now()
    for status in Status:
        an_inquiry(province, status=status, subject=f"Việc {status.value} về đường bộ", now=now - timedelta(minutes=1))
    old = an_inquiry(province, status=Status.DRAFTING, subject="Việc quá hạn", now=now - timedelta(days=30))
    session.commit()
    return old


def test_the_queue_shows_what_is_open_and_done_today(full, province, sign_in):
    page = sign_in(province.clerk).get("/queue").text
    assert "Việc quá hạn" in page
    assert "Việc in_review" in page
    assert "Việc answered" in page
    assert "Quá hạn" in page


def test_an_empty_queue_says_what_to_do(province, session, sign_in):
    session.commit()
    page = sign_in(province.stranger).get("/queue").text
    assert "Ghi đề nghị" in page


def test_another_agency_sees_nothing_of_it(full, province, sign_in):
    client = sign_in(province.stranger)
    for address in ("/queue", "/inquiries", "/inquiries?q=duong", "/queue?part=1", "/inquiries?part=1"):
        page = client.get(address).text
        assert not any(f"Việc {status.value}" in page for status in Status)
        assert "Việc quá hạn" not in page


def test_the_supervisor_looks_but_does_not_log(full, province, sign_in):
    client = sign_in(province.supervisor)
    assert "/inquiries/new" not in client.get("/queue").text
    assert client.get("/inquiries/new").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "q=duong+bo",
        "status=in_review&kind=question",
        "late=1&open=1&mine=1",
        "from=2020-01-01&to=2030-01-01",
        "agency=1&outlet=1&person=1&journalist=1",
        "before=0.1766000000000000.5",
        "after=0.1766000000000000.5",
        "before=x&status=nothing&agency=99999999999999&from=31/02/2026&q=%00%ff",
        "before=9.9999999999999999.9999999999999999",
        "q=" + "a" * 5000,
    ],
)
def test_filters_live_in_the_address_and_no_address_breaks_the_list(full, province, sign_in, query):
    assert sign_in(province.clerk).get(f"/inquiries?{query}").status_code == 200


def test_a_filter_narrows_the_list(full, province, sign_in):
    page = sign_in(province.clerk).get("/inquiries?status=in_review").text
    assert "Việc in_review" in page
    assert "Việc answered" not in page


def test_outlet_and_person_are_found_by_part_of_a_name_without_marks(full, province, sign_in):
    client = sign_in(province.clerk)
    assert "Việc quá hạn" in client.get("/inquiries?person_name=le+giam+doc&open=1").text
    assert "Việc quá hạn" not in client.get("/inquiries?person_name=tran+van&open=1").text
    assert "Việc quá hạn" in client.get("/inquiries?outlet_name=thu+nghiem&late=1").text
    assert "Việc quá hạn" not in client.get("/inquiries?outlet_name=khac&late=1").text


def test_a_view_is_saved_found_and_removed(full, province, sign_in):
    client = sign_in(province.clerk)
    answer = client.post("/saved-views", data={"name": "Chờ duyệt của tôi", "query": "status=in_review&evil=1"})
    assert answer.status_code == 303
    assert "evil" not in answer.location
    assert "Chờ duyệt của tôi" in client.get("/queue").text
    page = client.get("/inquiries?status=in_review").text
    assert "Chờ duyệt của tôi" in page
    stranger = sign_in(province.stranger)
    assert stranger.post("/saved-views/1/remove").status_code == 404
    client = sign_in(province.clerk)
    assert client.post("/saved-views/1/remove").status_code == 303
    assert "Chờ duyệt của tôi" not in client.get("/inquiries").text


def test_a_view_without_filter_or_name_is_refused(province, session, sign_in):
    session.commit()
    client = sign_in(province.clerk)
    client.post("/saved-views", data={"name": "Trống", "query": ""})
    client.post("/saved-views", data={"name": " ", "query": "late=1"})
    assert "Trống" not in client.get("/inquiries").text.split('class="filterbar"')[1]
    assert db.session is not None
