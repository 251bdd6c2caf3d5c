"""Reports are read from a streaming copy of the database; whatever is written goes to the database itself."""

import contextlib
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.factory import create_app
from pr_tracker.permissions import Role
from tests.checking_client import CheckingClient
from tests.conftest import must_not_skip
from tests.databases import BASE, Postgres, dispose, make_schema
from tests.factories.accounts import a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.many.machines import until

PAGES = tuple(f"/reports{each}" for each in ("", "/register", "/figures", "/late", "/annual"))
PAGES += ("/trainings/coverage", "/trainings/year", "/exports")
FILES = tuple(
    f"/reports/{each}" for each in ("register.pdf", "register.xlsx", "figures.pdf", "figures.csv", "annual.pdf")
)
FILES += ("/reports/annual.xlsx", "/reports/refusals.pdf", "/trainings/coverage.xlsx", "/inquiries.xlsx")


class Standby(Postgres):
    """A second server, which follows the first."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="prt-", dir="/tmp")), primary.bin_folder)
        shutil.chown(self.folder, primary.folder.owner())
        source = ("-h", str(primary.folder), "-U", "desk", "-R", "-c", "fast", "-N")
        self._command("pg_basebackup", "-D", str(self.folder / "data"), *source)
        self.follow()

    def follow(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        log = ("-l", str(self.folder / "log"))
        self._command(
            "pg_ctl",
            "-D",
            str(self.folder / "data"),
            "-o",
            f"{options} -c hot_standby_feedback=on",
            "-w",
            *log,
            "start",
        )

    def halt(self) -> None:
        self._command("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="module")
def servers():
    """The database and its copy."""
    try:
        primary = Postgres.start()
    except FileNotFoundError as missing:
        if must_not_skip():
            raise
        pytest.skip(f"no PostgreSQL on this machine: {missing}")
    primary.run("CREATE DATABASE office TEMPLATE template0")
    standby = Standby(primary)
    yield primary, standby
    standby.stop()
    primary.stop()


@pytest.fixture(scope="module")
def office(servers, tmp_path_factory):
    """The application over both."""
    primary, standby = servers
    urls = {"PR_TRACKER_DATABASE_URL": primary.url("office"), "PR_TRACKER_REPORTS_DATABASE_URL": standby.url("office")}
    uploads = str(tmp_path_factory.mktemp("uploads"))
    app = create_app({**BASE, **urls, "PR_TRACKER_UPLOAD_FOLDER": uploads})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = CheckingClient
    make_schema(app)
    yield app
    dispose(app)
    app.extensions["copy_to_read"].engine.dispose()


@pytest.fixture(scope="module")
def reader(office):
    """Who may read and do most, signed in; the copy has what the office has."""
    with office.app_context():
        province = Province()
        an_inquiry(province)
        reader = a_person(agency=province.office, roles=(Role.STAFF, Role.SUPERVISOR, Role.ADMIN))
        db.session.commit()
        client = office.test_client()
        client.act_as(reader)
    copy = office.extensions["copy_to_read"].engine
    until(lambda: _has_followed(copy), what="the copy of the inquiry")
    return client


def _has_followed(copy):
    """Whether the copy has come as far as the one inquiry; before that it may not even have the table."""
    with contextlib.suppress(sa.exc.ProgrammingError), copy.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM inquiries"))


@contextlib.contextmanager
def asked(office):
    """with asked(office) as count: how many statements each server was sent."""
    count = Counter()
    with office.app_context():
        engines = {"itself": db.engine, "copy": office.extensions["copy_to_read"].engine}
    notes = {name: lambda *_, name=name: count.update([name]) for name in engines}
    for name, engine in engines.items():
        sa.event.listen(engine, "before_cursor_execute", notes[name])
    try:
        yield count
    finally:
        for name, engine in engines.items():
            sa.event.remove(engine, "before_cursor_execute", notes[name])


@pytest.mark.parametrize("path", PAGES)
def test_a_report_is_read_from_the_copy_but_for_who_reads(office, reader, path):
    with asked(office) as count:
        assert reader.get(path).status_code == 200
    assert count["copy"] > 0
    assert count["itself"] <= 3, "the reader, with their roles and agency"


@pytest.mark.parametrize("path", FILES)
def test_what_is_taken_out_is_read_from_the_copy_and_noted_in_the_database_itself(office, reader, path):
    def noted():
        with office.app_context():
            return db.session.scalar(sa.select(sa.func.count(AuditEntry.number)))

    before = noted()
    with asked(office) as count:
        assert reader.get(path).status_code == 200
    assert count["copy"] > 0
    assert noted() > before


def test_daily_work_and_who_has_just_written_never_ask_the_copy(office, reader, set_clock):
    with asked(office) as count:
        assert reader.get("/queue").status_code == 200
        assert reader.post("/notices/read").status_code in {302, 303, 404}
        assert reader.get("/reports").status_code == 200
    assert count["copy"] == 0
    set_clock(clock.now() + timedelta(seconds=11))
    with asked(office) as count:
        assert reader.get("/reports").status_code == 200
    assert count["copy"] > 0


def test_without_its_copy_reports_go_on_and_the_health_page_says_so(office, reader, servers, set_clock):
    _, standby = servers
    set_clock(clock.now() + timedelta(minutes=1))
    assert "Báo cáo đọc từ bản sao" in reader.get("/health").text
    standby.halt()
    with asked(office) as count:
        assert reader.get("/reports/register").status_code == 200
    assert count["itself"] > 3
    assert "Bản sao không trả lời" in reader.get("/health").text
    standby.follow()
    office.extensions["copy_to_read"]._until = 0  # half a minute later
    with asked(office) as count:
        assert reader.get("/reports/register").status_code == 200
    assert count["copy"] > 0
