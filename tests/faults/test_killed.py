"""kill -9 of the server in the middle of 500 writes: each that was confirmed is there, none half, no number missing.

Several clients log cases, comment and attach files while all processes of the server are killed at once, three times.
"""

import contextlib
import hashlib
import threading
from http.client import HTTPException

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.security import hashed
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.inquiries.models import Attachment, Comment, Inquiry, Participation
from tests.databases import dispose, make_app, make_schema
from tests.factories.inquiries import Province
from tests.factories.outlets import an_outlet
from tests.faults.server import Server
from tests.many.test_many import CLERK, PAPER, typed
from tests.many.visitor import PASSWORD, Visitor

WRITES, KILLS, CLIENTS = 500, 3, 4
ORPHANS = """
    SELECT count(*) FROM audit_entries a WHERE a.subject_kind = 'inquiries'
    AND NOT EXISTS (SELECT 1 FROM inquiries i WHERE i.id = a.subject_id)"""


@pytest.fixture
def office(tmp_path):
    """The application over a SQLite file with a clerk who can sign in."""
    app = make_app(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path / "uploads")
    make_schema(app)
    with app.app_context():
        clerk = Province().clerk
        clerk.email, clerk.password = CLERK, hashed(PASSWORD)
        an_outlet("Báo Tuổi Trẻ")
        db.session.commit()
    yield app
    dispose(app)


class Client(threading.Thread):
    """Logs a case, comments on it, attaches to it, on and on until nobody answers; keeps what was confirmed."""

    def __init__(self, name: str, visitor: Visitor, confirmed: list) -> None:
        super().__init__(name=name)
        self.visitor, self.confirmed = visitor, confirmed

    def run(self) -> None:
        with contextlib.suppress(OSError, HTTPException):
            for at in range(WRITES):
                self._write(f"{self.name}-{at}")

    def _write(self, mark: str) -> None:
        case = self._sent("case", mark, "/inquiries/new", **typed(subject=mark))
        for turn in range(3):
            self._sent("comment", f"{mark}/{turn}", f"{case}/comments", text=f"{mark}/{turn}")
        content = PAPER + mark.encode()
        self._sent("file", hashlib.sha256(content).hexdigest(), f"{case}/files", file=("files", "a.pdf", content))

    def _sent(self, what: str, mark: str, path: str, **sent) -> str:
        answer = self.visitor.post(path, **sent)
        assert answer.status == 303, (answer.status, answer.text[:2000])
        self.confirmed.append((what, mark))
        return answer.location


def test_what_was_confirmed_before_a_kill_is_there_and_nothing_is_half(office, tmp_path):
    confirmed = []
    for round_ in range(KILLS):
        server = Server(office.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
        try:
            write_until(server, confirmed, WRITES * (round_ + 1) // KILLS, round_)
        finally:
            server.kill()
        with office.app_context():
            nothing_is_lost(confirmed)
            nothing_is_half(tmp_path / "uploads", in_flight=CLIENTS * (round_ + 1), confirmed=confirmed)
            db.session.rollback()
        dispose(office)


def write_until(server, confirmed, enough, round_) -> None:
    """Let the clients write, and kill the server in the midst of it."""
    first = Visitor([server])
    assert first.sign_in(CLERK).status == 302
    clients = []
    for at in range(CLIENTS):
        visitor = Visitor([server])
        visitor.cookies, visitor.token = dict(first.cookies), first.token
        clients.append(Client(f"k{round_}-{at}", visitor, confirmed))
    for client in clients:
        client.start()
    while len(confirmed) < enough and any(client.is_alive() for client in clients):
        clients[0].join(0.01)
    server.kill()
    for client in clients:
        client.join()
    assert len(confirmed) >= enough


def nothing_is_lost(confirmed) -> None:
    """Every write that the server has confirmed."""
    subjects = set(db.session.scalars(sa.select(Inquiry.subject)))
    comments = set(db.session.scalars(sa.select(Comment.text)))
    files = set(db.session.scalars(sa.select(Attachment.digest)))
    there = {"case": subjects, "comment": comments, "file": files}
    lost = [(what, mark) for what, mark in confirmed if mark not in there[what]]
    assert not lost, f"confirmed and lost: {lost[:5]}"


def nothing_is_half(uploads, *, in_flight, confirmed) -> None:
    """The file, the chain, the numbers; each case with its part and its entry, each row with its file."""
    assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    assert list(faults_in_chain()) == []
    assert db.session.scalar(sa.text(ORPHANS)) == 0
    ids = set(db.session.scalars(sa.select(Inquiry.id)))
    assert ids == set(db.session.scalars(sa.select(Participation.inquiry_id)))
    logged = "SELECT subject_id FROM audit_entries WHERE event = 'inquiry:log'"
    assert ids == set(db.session.scalars(sa.text(logged)))
    numbers = list(db.session.scalars(sa.select(Inquiry.number).order_by(Inquiry.number)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) - sum(what == "case" for what, _ in confirmed) <= in_flight
    for name, digest in db.session.execute(sa.select(Attachment.stored_name, Attachment.digest)):
        assert hashlib.sha256((uploads / name).read_bytes()).hexdigest() == digest
