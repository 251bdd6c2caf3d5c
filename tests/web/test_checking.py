"""The checking client itself: it lets good pages through and names what is wrong with bad ones."""

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from tests.checking_client import faults_of
from tests.statements import READING, counted, too_many

GOOD = '<html lang="vi"><title>Trang</title><h1>Trang</h1>{}</html>'


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<input name=a>", "the control “a” has no label"),
        ('<p id="a"></p><p id="a"></p>', "id “a” stands 2 times"),
        ('<p style="color:red"></p>', "inline style on <p>"),
        ("<script>1</script>", "an inline script"),
        ('<a onclick="f()">x</a>', "an event attribute on <a>"),
        ('<form method="post" action="/x"></form>', "the form to /x has no csrf_token"),
        ('<p aria-describedby="b"></p>', "“b” is referred to but not there"),
        ("<h1>Hai</h1>", "1 titles and 2 h1"),
    ],
)
def test_a_bad_page_is_named(part, fault):
    assert faults_of(GOOD.format("")) == []
    assert faults_of(GOOD.format(part)) == [fault]


def test_a_post_carries_the_session_token(client):
    assert client.post("/language", data={"language": "en", "next": "/healthz"}).location == "/healthz"


def test_a_post_with_another_token_is_refused(client):
    assert client.post("/language", data={"language": "en"}, headers={"X-CSRFToken": "another"}).status_code == 400


def test_a_page_that_asks_row_by_row_is_refused(app):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    environ["wsgi.url_scheme"] = "http"
    with app.app_context(), counted() as statements:
        for _ in range(READING + 1):
            db.session.execute(sa.text("SELECT 1"))
    assert too_many(app, environ, statements[:READING]) is None
    assert f"its budget is {READING}" in too_many(app, environ, statements)
