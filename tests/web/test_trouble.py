"""When something breaks, the reader gets a page in their language that says what to do, never a trace."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from pr_tracker.db import db
from pr_tracker.web.access import Access
from tests.factories.accounts import a_person, somebody


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


@contextmanager
def without_database(app):
    """Nothing of the application's database is within reach."""
    db.session.remove()
    engines = db._app_engines[app]
    working = engines[None]
    engines[None] = sa.create_engine("sqlite:////nowhere/at/all.sqlite3")
    try:
        yield
    finally:
        engines[None] = working


def test_without_its_database_the_desk_says_try_again(client, app, reader):
    client.act_as(reader)
    with without_database(app):
        for address in ("/queue", "/", "/sign-in", "/healthz"):
            page = client.get(address)
            assert page.status_code in {503, 200}, address
        page = client.get("/queue?pick=late")
        assert page.status_code == 503
        assert int(page.headers["Retry-After"]) > 0
        assert 'href="/queue?pick=late"' in page.text
        assert client.get("/static/css/base.css").status_code == 200, "the page has its styles"
        assert client.get("/healthz").status_code == 503


def test_what_was_sent_to_a_desk_without_database_stays_on_the_page_in_the_language_of_who_reads(client, app, reader):
    reader.language = "en"
    db.session.commit()
    client.act_as(reader)
    client.get("/shortcuts")
    written = "Sở Xây dựng trả lời: cầu đã được sửa xong, xe được đi lại từ sáng nay, cả hai chiều."
    with without_database(app):
        page = client.post("/inquiries/new?from=phone", data={"subject": "Cầu “Hoàng Diệu”", "question": written})
    assert page.status_code == 503
    assert "Send it again" in page.text
    assert 'action="/inquiries/new?from=phone"' in page.text
    assert 'name="subject" value="Cầu “Hoàng Diệu”"' in page.text
    assert page.text.count(written) == 2, "to be sent, and to be read"
    with without_database(app):
        page = client.post("/incidents/new", data={"subject": "Cháy chợ", "form_token": "a" * 32})
    assert 'name="subject" value="Cháy chợ"' in page.text, "a token that keeps a form from counting twice is no secret"
    with without_database(app):
        page = client.post("/sign-in", data={"email": "a@example.vn", "password": "a secret of mine"})
        code = client.post("/sign-in/code", data={"code": "a secret of mine"})
    assert page.status_code == 503
    assert "secret of mine" not in page.text + code.text


def test_a_page_that_was_made_is_handed_out_though_the_line_to_the_database_died(client, app, monkeypatch):
    client.act_as(somebody(app))
    dialect = client.application.extensions["sqlalchemy"]._app_engines[app][None].dialect

    def dies(_connection):
        raise dialect.loaded_dbapi.OperationalError("the line is dead")

    monkeypatch.setattr(dialect, "do_rollback", dies)
    assert client.get("/shortcuts").status_code == 200


@pytest.mark.only_on("postgresql", why="states that PostgreSQL alone has")
@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "57014"])
def test_acts_that_stand_in_each_others_way_are_asked_to_try_again(client, app, reader, monkeypatch, state):
    """Not serialisable, a deadlock, a lock that was not free in time, a statement that took too long."""

    def hindered():
        db.session.execute(sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"))

    hindered.access = Access()
    monkeypatch.setitem(app.view_functions, "web.shortcuts", hindered)
    client.act_as(reader)
    page = client.get("/shortcuts")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
