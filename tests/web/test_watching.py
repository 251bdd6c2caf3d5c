"""Seen from outside: an instance says whether it is of use, what it has done, and what went wrong; nothing personal."""

import json
import logging

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from prometheus_client import values

from pr_tracker.config import WrongSetting, read
from pr_tracker.db import db
from pr_tracker.web import logs, metrics, readiness, tally
from tests.databases import BASE, dispose
from tests.factories.accounts import a_person

SETTINGS = {"LOG": "json", "LOG_ADDRESSES": False, "SLOW_MS": 0, "ENV": "production"}


@pytest.fixture(autouse=True)
def looks_each_time(request, monkeypatch):
    """Readiness as it is at this moment."""
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 0)
    if "app" in request.fixturenames:
        request.getfixturevalue("app").extensions.pop("readiness", None)


@pytest.fixture
def watched(app, capsys):
    """lines(): what the log holds by now, as JSON."""
    ended = list(app.extensions["request_ended"])
    logs.install(app, SETTINGS)

    def lines():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield lines
    logs.install(app, {**SETTINGS, "LOG": "text"})
    app.extensions["request_ended"][:] = ended


@pytest.fixture
def counting(app, tmp_path, monkeypatch):
    """The application with metrics."""
    ended = list(app.extensions["request_ended"])
    monkeypatch.setitem(app.config, "PR_TRACKER_METRICS_TOKEN", "a-token")
    count_anew(app, tmp_path / "metrics", monkeypatch)
    yield
    app.extensions["request_ended"][:] = ended


def count_anew(app, folder, monkeypatch):
    """Metrics of this application alone, in a folder of its own: a process has one set of figures and one folder."""
    monkeypatch.setitem(app.config, "PR_TRACKER_METRICS", True)
    monkeypatch.setitem(app.config, "PR_TRACKER_METRICS_FOLDER", str(folder))
    metrics.metrics_folder.count_in(str(folder))
    monkeypatch.setattr(values, "ValueClass", values.MultiProcessValue())
    for figure in (metrics.REQUESTS, metrics.LATENCY, metrics.STATEMENTS, metrics.SQL_SECONDS, metrics.POOL):
        figure.clear()
    tally.when_ended(app, metrics._count)


def test_an_instance_is_ready_when_everything_it_needs_can_be_used(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.text == "database: ok\nmigrations: ok\nattachments: ok\nqueue: ok\n"


def test_whoever_asks_again_and_again_has_it_looked_at_once_in_some_seconds(client, monkeypatch):
    looked = []
    monkeypatch.setattr(readiness, "PARTS", {"queue": lambda: looked.append(1) or ""})
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 60)
    for _ in range(3):
        assert client.get("/readyz").text == "queue: ok\n"
    assert client.get("/readyz?exclude=queue").text == ""
    assert len(looked) == 1


def test_a_database_of_another_version_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(readiness, "_heads", lambda _directory: {"9999"})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "migrations: not at head: flask db upgrade\n" in answer.text


def test_a_new_database_is_not_ready_and_says_what_it_lacks(client, session, watched):
    session.execute(sa.text("ALTER TABLE alembic_version RENAME TO hidden_version"))
    session.commit()
    answer = client.get("/readyz")
    assert "migrations: not at head: flask db upgrade\n" in answer.text
    assert "broke" not in str(watched())


def test_a_database_that_can_only_be_read_is_not_ready(client, app, engine, tmp_path):
    engines = db._app_engines[app]
    working = engines[None]
    if engine == "sqlite":
        url = f"sqlite:///file:{working.url.database}?mode=ro&uri=true"
        engines[None] = sa.create_engine(url)
    else:
        engines[None] = sa.create_engine(
            working.url, connect_args={"options": "-c default_transaction_read_only=on"}, poolclass=sa.NullPool
        )
    try:
        answer = client.get("/readyz")
    finally:
        engines[None].dispose()
        engines[None] = working
    assert answer.status_code == 503
    assert answer.text.startswith("database: can")


def test_attachments_that_cannot_be_kept_and_a_full_disk_are_not_ready(client, app, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path / "file" / "uploads"))
    assert "attachments: cannot be written\n" in client.get("/readyz").text
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    monkeypatch.setattr(readiness, "LEAST_ROOM", 2**62)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "attachments: the disk is full\n" in answer.text


def test_a_queue_out_of_reach_is_named_and_can_be_left_out(client, monkeypatch):
    def gone():
        raise ConnectionError

    monkeypatch.setattr(readiness.huey, "pending_count", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "queue: cannot be reached\n" in answer.text
    left = client.get("/readyz?exclude=queue")
    assert (left.status_code, left.text) == (200, "database: ok\nmigrations: ok\nattachments: ok\n")


def test_metrics_are_closed_unless_a_setting_opens_them(client):
    assert client.get("/metrics").status_code == 404


def test_production_gives_metrics_to_no_one_without_a_token():
    production = {"ENV": "production", "SECRET_KEY": "x" * 32, "PUBLIC_URL": "https://desk.example", "METRICS": "yes"}
    with pytest.raises(WrongSetting, match="METRICS_TOKEN"):
        read({f"PR_TRACKER_{name}": value for name, value in production.items()})


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DATABASE_URL", "postgresql://desk:geheim@server:port/desk", "cannot be read as the address"),
        ("DATABASE_URL", "mysql://desk:geheim@server/desk", "must begin with"),
        ("REPORTS_DATABASE_URL", "postgresql://desk:geheim@server:port/desk", "cannot be read as the address"),
        ("REDIS_URL", "http://desk:geheim@server", "must begin with"),
        ("REDIS_URL", "redis://desk:geheim@server:port/0", "names no port"),
    ],
)
def test_an_address_that_cannot_be_read_stops_the_start_in_one_sentence_without_its_password(setting, value, said):
    with pytest.raises(WrongSetting, match=rf"^PR_TRACKER_{setting} {said}") as stopped:
        read({f"PR_TRACKER_{setting}": value})
    assert "geheim" not in str(stopped.value)


def test_metrics_count_requests_and_say_how_the_work_stands(client, counting, session):
    session.commit()
    assert client.get("/nowhere/secret").data
    for token in ({}, {"Authorization": "Bearer other"}):
        assert client.get("/metrics", headers=token).text == "401\n"
    told = client.get("/metrics", headers={"Authorization": "Bearer a-token"}).text
    assert 'press_desk_requests_total{endpoint="none",method="GET",status="404"} 1.0' in told
    assert 'press_desk_requests_total{endpoint="metrics.show",method="GET",status="401"} 2.0' in told
    assert 'press_desk_request_seconds_count{endpoint="none"} 1.0' in told
    for figure in (
        'ready{part="database"} 1.0',
        'inquiries{state="overdue"} 0.0',
        'notices_mail{state="waiting"} 0.0',
        'runs{state="waiting"} 0.0',
        "queue_length ",
        "audit_entries ",
    ):
        assert f"press_desk_{figure}" in told, figure
    assert "secret" not in told


def test_metrics_answer_without_a_database(client, app, counting):
    engines = db._app_engines[app]
    working = engines[None]
    engines[None] = sa.create_engine("sqlite:////nowhere/at/all.sqlite3")
    try:
        answer = client.get("/metrics", headers={"Authorization": "Bearer a-token"})
    finally:
        engines[None] = working
    assert answer.status_code == 200
    assert 'press_desk_ready{part="database"} 0.0' in answer.text


def test_figures_of_processes_that_are_gone_go_when_the_server_starts(tmp_path):
    for name in ("counter_999999999.db", "counter_1.db", "notes.txt"):
        (tmp_path / name).touch()
    metrics.metrics_folder.forget_gone(str(tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["counter_1.db", "notes.txt"]


def test_each_request_is_a_line_with_its_number_and_what_it_cost(client, session, watched):
    person = a_person()
    session.commit()
    client.act_as(person)
    watched()
    answer = client.get("/shortcuts?q=secret")
    (line,) = watched()
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["endpoint"], line["method"], line["status"]) == ("web.shortcuts", "GET", 200)
    assert line["statements"] > 0
    assert line["ms"] >= line["sql_ms"] > 0
    assert "secret" not in json.dumps(line)
    assert "address" not in line


def test_a_fault_is_logged_under_the_number_that_the_page_shows_and_without_its_words(
    client, app, watched, monkeypatch
):
    def broken():
        raise ValueError("Nguyễn Văn A, 0912345678")

    monkeypatch.setitem(app.view_functions, "web.readyz", broken)
    broken.access = app.view_functions["web.healthz"].access
    page = FlaskClient.open(client, "/readyz")
    shown = page.text
    fault, request = watched()
    assert page.status_code == 500
    assert fault["request"] == request["request"]
    assert fault["request"] in shown
    assert fault["fault"] == "ValueError"
    assert any("test_watching.py" in step for step in fault["trace"])
    assert "Nguyễn" not in json.dumps([fault, request], ensure_ascii=False)


def test_a_refused_row_is_named_by_its_constraint_never_by_its_values(session, watched):
    session.commit()
    try:
        for _ in range(2):
            session.execute(
                sa.text("INSERT INTO audit_head (id, last_number, last_hash) VALUES (1, 1, :secret)"),
                {"secret": "geheim"},
            )
    except sa.exc.IntegrityError:
        logging.getLogger("pr_tracker").exception("a row was refused")
    session.rollback()
    (line,) = watched()
    assert line["fault"].startswith("IntegrityError: ")
    assert "audit_head" in line["fault"]
    assert "geheim" not in json.dumps(line)


def test_a_slow_statement_is_told_without_the_text_in_it(session, app, watched):
    logs.install(app, {**SETTINGS, "SLOW_MS": 0.000001})
    session.execute(sa.text("SELECT 'geheim' AS word, :other AS more"), {"other": "auch"}).all()
    told = watched()[-1]
    assert told["what"] == "slow statement"
    assert told["statement"].startswith("SELECT '…' AS word, ")
    assert "geheim" not in json.dumps(told)
    assert "auch" not in json.dumps(told)


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("no such user van.a@example.gov.vn", "no such user [mail]"),
        ("GET /queue?q=Nguyen&x=1 failed", "GET /queue?[query] failed"),
        ("from 10.1.2.3 and fe80::1:2:3:4", "from [address] and [address]"),
        ("at 15:08:08 nothing?", "at 15:08:08 nothing?"),
        ("Error handling request GET /reset/secret", "Error handling request [request]"),
        ("Invalid request from ip=10.1.2.3: bad 'x\ny'", "Invalid request from ip=[address]: [request]"),
    ],
)
def test_what_libraries_say_is_scrubbed(said, logged):
    assert logs.scrubbed(said) == logged


def test_text_is_for_reading_and_has_the_number_too():
    record = logging.LogRecord("pr_tracker", logging.WARNING, "x.py", 1, "told %s", ("once",), None)
    record.facts = {"request": "ab12"}
    assert logs.formatter_of({"LOG": "text", "ENV": "production"}).format(record).count("told once [request=ab12") == 1


def test_an_application_with_these_settings_starts(tmp_path):
    from pr_tracker.factory import create_app

    app = create_app(
        {
            **BASE,
            "PR_TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.sqlite3'}",
            "PR_TRACKER_METRICS": "yes",
            "PR_TRACKER_METRICS_FOLDER": str(tmp_path / "metrics"),
        }
    )
    assert app.test_client().get("/metrics").status_code == 200
    dispose(app)
