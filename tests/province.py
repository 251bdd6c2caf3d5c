"""The demo province in a SQLite file, made once per run and copied: for guards and browsers, which need full pages."""

import fcntl
import shutil
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.permissions import Role
from tests.databases import dispose, make_app, make_schema


@dataclass(frozen=True)
class Reader:
    """Somebody of the province who has exactly one role."""

    role: Role
    person_id: int
    full_name: str
    email: str


class Province:
    """One copy of the filled database, and the application over it."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.app = make_app(_url(folder), folder / "uploads")
        with self.app.app_context():
            self.readers = {role: _reader(role) for role in Role}

    def session_of(self, role: Role) -> dict[str, object]:
        """What the session cookie of this reader holds; asked anew each time, for signing out everywhere changes it."""
        with self.app.app_context():
            known = db.session.get_one(Person, self.readers[role].person_id).fs_uniquifier
        return {"_user_id": known, "_fresh": True, "fs_cc": "set", "identity": known}

    def close(self) -> None:
        dispose(self.app)

    def __enter__(self) -> "Province":
        return self

    def __exit__(self, *_) -> None:
        self.close()


def template_in(folder: Path) -> Path:
    """The folder of the filled database; the first worker that asks makes it, the others wait."""
    template = folder / "province"
    with (folder / "province.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            _make(folder / "province-unfinished").rename(template)
    return template


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'province.sqlite3'}"


def _make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    app = make_app(_url(folder), folder / "uploads")
    make_schema(app)
    if "demo" in app.cli.commands:
        outcome = app.test_cli_runner().invoke(args=["demo"])
        assert outcome.exit_code == 0, outcome.output
    else:
        with app.app_context():
            _a_small_province(with_inquiries="inquiries" in app.blueprints)
    dispose(app)
    return folder


def _a_small_province(with_inquiries: bool) -> None:
    from pr_tracker.inquiries.rules import Status
    from tests.factories import inquiries, trainings
    from tests.factories.accounts import a_person
    from tests.factories.outlets import a_journalist

    province = inquiries.Province()
    for role in Role:
        a_person(agency=province.office, roles={role})
    a_journalist()
    session = trainings.a_session()
    trainings.a_roster(session.training_class, "Nguyễn Văn An", "Lê Thị Bình")
    for status in Status if with_inquiries else ():
        inquiries.an_inquiry(province, status=status)
    db.session.commit()


def _reader(role: Role) -> Reader:
    """Of several people with this role only, one of the provincial office, which sees every inquiry."""
    people = db.session.scalars(sa.select(Person).where(Person.active).order_by(Person.id)).all()
    fitting = [person for person in people if person.roles == {role}]
    fitting.sort(key=lambda person: person.agency.kind is not AgencyKind.PROVINCE_OFFICE)
    chosen = fitting[0]
    return Reader(role, chosen.id, chosen.full_name, chosen.email)
