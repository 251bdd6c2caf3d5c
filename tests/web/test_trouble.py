"""When something breaks, the reader gets a page in their language that says what to do, never a trace."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from pr_tracker.db import db
from pr_tracker.web.access import Access
from tests.factories.accounts import a_person


@pytest.fixture
def reader(session):
    person = a_person()
    session.commit()
    return person


def test_a_fault_of_ours_is_a_page_with_a_number_and_no_trace(client, app, reader, monkeypatch):
    def broken():
        raise RuntimeError("secret detail")

    broken.access = Access()
    monkeypatch.setitem(app.view_functions, "web.shortcuts", broken)
    client.act_as(reader)
    page = FlaskClient.open(client, "/shortcuts")
    assert page.status_code == 500
    assert "secret detail" not in page.text
    assert "<h1" in page.text


def test_without_its_database_the_desk_says_try_again(client, app, reader):
    client.act_as(reader)
    db.session.remove()
    engines = db._app_engines[app]
    working = engines[None]
    engines[None] = sa.create_engine("sqlite:////nowhere/at/all.sqlite3")
    try:
        for address in ("/queue", "/", "/sign-in", "/healthz"):
            page = client.get(address)
            assert page.status_code in {503, 200}, address
        assert client.get("/queue").status_code == 503
        assert client.get("/healthz").status_code == 503
    finally:
        engines[None] = working
