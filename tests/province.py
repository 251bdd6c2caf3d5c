"""The demo province in a SQLite file, made once per run and copied: for guards and browsers, which need full pages.

Guards that ask for `province_on_each` also have it in PostgreSQL, where `flask db copy` moved it.
"""

import fcntl
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.demo.people import DOMAIN, ROLES
from pr_tracker.inquiries.actions import handling, intake
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.permissions import Role
from pr_tracker.runs import actions as runs
from pr_tracker.runs.jobs import FOLDER
from pr_tracker.runs.rules import RunState
from tests.databases import dispose, make_app, make_schema

# Who reads, where a test only says which role: the department in these roles leads inquiries in every state.
BY_ROLE = {
    Role.STAFF: "chuyenvien",
    Role.HEAD: "lanhdao",
    Role.TRAINER: "daotao",
    Role.SUPERVISOR: "giamsat",
    Role.ADMIN: "quantri",
}


@dataclass(frozen=True)
class Reader:
    """A demo sign-in: the part of the address before the @, and the row."""

    name: str
    person_id: int

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


class Province:
    """One copy of the filled database, and the application over it."""

    def __init__(self, template: Path, folder: Path, url: str | None = None) -> None:
        shutil.copytree(template, folder)
        self.app = make_app(url or url_in(folder), folder / "uploads")
        with self.app.app_context():
            self.readers = {name: Reader(name, _person(name).id) for name in ROLES}

    def session_of(self, reader: str | Role) -> dict[str, object]:
        """What a reader's session cookie holds; asked anew each time, for signing out everywhere changes it."""
        name = BY_ROLE[reader] if isinstance(reader, Role) else reader
        with self.app.app_context():
            known = db.session.get_one(Person, self.readers[name].person_id).fs_uniquifier
        return {"_user_id": known, "_fresh": True, "fs_cc": "set", "identity": known}

    def __enter__(self) -> "Province":
        return self

    def __exit__(self, *_) -> None:
        dispose(self.app)


def template_in(folder: Path) -> Path:
    """The folder of the filled database; the first worker that asks makes it, the others wait."""
    template = folder / "province"
    with (folder / "province.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            _make(folder / "province-unfinished").rename(template)
    return template


def url_in(folder: Path) -> str:
    """The filled database of a folder."""
    return f"sqlite:///{folder / 'province.sqlite3'}"


def _make(folder: Path) -> Path:
    (folder / "uploads").mkdir(parents=True)
    app = make_app(url_in(folder), folder / "uploads")
    make_schema(app)
    outcome = app.test_cli_runner().invoke(args=["demo"])
    assert outcome.exit_code == 0, outcome.output
    with app.app_context():
        _add_what_the_demo_lacks(folder / "uploads")
        db.session.commit()
    dispose(app)
    return folder


def _add_what_the_demo_lacks(uploads: Path) -> None:
    """A file, a request to take over that waits for its answer, a result: so that their pages are tried too."""
    now, officer = clock.now(), _person("chuyenvien")
    others = db.session.scalars(
        sa.select(Inquiry).where(Inquiry.status == Status.ASSIGNED, Inquiry.lead_agency_id != officer.agency_id)
    )
    inquiry = others.first()
    assert inquiry is not None
    lead = inquiry.responsible
    handling.ask_take_over(inquiry, officer.agency, "Thuộc lĩnh vực của sở", actor=lead, now=now)
    intake.attach(inquiry, "cong-van.pdf", b"%PDF-1.4\n", folder=uploads, largest=1, actor=lead, now=now)
    _leave_a_result(_person("vanthu"), uploads, now)


def _leave_a_result(clerk: Person, uploads: Path, now: datetime) -> None:
    """Long work that has ended, with its file."""
    run = runs.ask("imports.left_out", {}, title="Danh sách đề nghị của báo chí", language="vi", actor=clerk, now=now)
    run.state, run.begun_at, run.finished_at, run.done, run.total = RunState.DONE, now, now, 1, 1
    run.stored_name, run.file_name, run.media_type, run.size = "result", "de-nghi.csv", "text/csv", 3
    (uploads / FOLDER).mkdir()
    (uploads / FOLDER / run.stored_name).write_bytes(b"a,b")


def _person(name: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.email == f"{name}@{DOMAIN}")).one()
