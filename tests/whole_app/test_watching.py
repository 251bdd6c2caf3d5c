"""Whatever page is asked for, neither the log nor the metrics name anybody or repeat what was typed."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from pr_tracker.db import db
from pr_tracker.web import logs, tally
from tests.web.test_watching import count_anew
from tests.whole_app.access import client_of
from tests.whole_app.source import modules, text_of
from tests.whole_app.test_garbage import NAMED, PAGES, path_of, who

SECRET = "bimatcuanguoidoc"
PERSONAL = (
    "SELECT full_name FROM people",
    "SELECT email FROM people",
    "SELECT phone FROM people",
    "SELECT full_name FROM journalists",
    "SELECT email FROM journalists",
    "SELECT phone FROM journalists",
    "SELECT subject FROM inquiries",
    "SELECT token FROM participants",
    "SELECT nonce FROM calendar_feeds",
)


@pytest.fixture
def province(province_on_each):
    """The demo province on each engine."""
    return province_on_each


@pytest.fixture
def told(province, capsys, monkeypatch, tmp_path):
    """told(): all that log and metrics say by now."""
    settings = {"LOG": "json", "LOG_ADDRESSES": False, "SLOW_MS": 0.000001, "ENV": "production"}
    logs.install(province.app, settings)
    count_anew(province.app, tmp_path / "metrics", monkeypatch)
    yield lambda: capsys.readouterr().err
    logs.install(province.app, {**settings, "LOG": "text", "SLOW_MS": 0})
    tally.when_slow(0, None)


def test_nothing_personal_is_told_outside(province, engine, told, monkeypatch):
    names = sorted({name for path in modules() for name in NAMED.findall(text_of(path))})
    pages = PAGES if engine == "sqlite" else PAGES[::4]
    for row in pages:
        client, path = client_of(province, who(row)), path_of(province, row)
        typed = "&".join(f"{name}={SECRET}" for name in names)
        answer = FlaskClient.open(client, path + ("&" if "?" in path else "?") + typed)
        assert answer.data is not None  # read to its end
    client.post("/sign-in", data={"email": f"{SECRET}@example.vn", "password": SECRET})
    break_something(province, monkeypatch)
    log, figures = told(), client.get("/metrics").text
    assert log.count("\n") > len(pages)
    assert "slow statement" in log
    assert "press_desk_requests_total" in figures
    found = [word for word in [SECRET, *personal(province)] if word in log or word in figures]
    assert not found, f"log or metrics say {found[:5]}: leave paths, queries, parameters, names and faults' words out"
    assert "127.0.0.1" not in log


def break_something(province, monkeypatch):
    """A view that fails with somebody's name in its words."""

    def broken():
        raise ValueError(SECRET)

    broken.access = province.app.view_functions["web.healthz"].access
    monkeypatch.setitem(province.app.view_functions, "web.healthz", broken)
    assert FlaskClient(province.app).get("/healthz").status_code == 500


def personal(province):
    """Every name, address, telephone number, subject and secret link of the demo."""
    with province.app.app_context():
        found = {word for query in PERSONAL for word in db.session.scalars(sa.text(query)) if word}
    return sorted(word for word in found if len(word) > 5)
