"""A backup that is taken while people work comes back whole: one instant, every file of it, the log unbroken."""

import hashlib
import threading
from pathlib import Path
from time import sleep

import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.actions.intake import NewInquiry
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.rules_kinds import Channel, Kind
from pr_tracker.outlets.models import Outlet
from tests.factories.inquiries import Province
from tests.factories.outlets import an_outlet
from tests.many.machines import until
from tests.many.test_many import PAPER
from tests.whole_app.test_backups import empty, run

__all__ = ["empty"]  # a fixture
WRITERS, BEFORE = 3, 15


class Writer(threading.Thread):
    """Logs cases, each with a file in the same transaction, until it is told that it is enough."""

    def __init__(self, app, confirmed: list[str], enough: threading.Event) -> None:
        super().__init__()
        self.app, self.confirmed, self.enough = app, confirmed, enough

    def run(self) -> None:
        with self.app.app_context():
            while not self.enough.is_set():
                self._log(f"{self.name} {len(self.confirmed)}")
                sleep(0.01)  # nobody is faster, and SQLite's lock is not handed round in turn

    def _log(self, mark: str) -> None:
        now, clerk = clock.now(), db.session.scalars(sa.select(Person).order_by(Person.id)).first()
        new = NewInquiry(
            subject=mark,
            questions=["Bao giờ khơi thông?"],
            outlet=db.session.scalars(sa.select(Outlet)).first(),
            journalists=[],
            channel=Channel.PHONE,
            kind=Kind.QUESTION,
            received_at=now,
        )
        inquiry = intake.log_inquiry(new, actor=clerk, now=now)
        folder = Path(self.app.config["PR_TRACKER_UPLOAD_FOLDER"])
        intake.attach(inquiry, "a.pdf", PAPER + mark.encode(), folder=folder, largest=1, actor=clerk, now=now)
        db.session.commit()
        self.confirmed.append(mark)


def test_a_backup_taken_under_load_comes_back_as_of_one_instant(app, empty, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path / "there"))
    with app.app_context():
        Province()
        an_outlet("Báo Tuổi Trẻ")
        db.session.commit()
    confirmed: list[str] = []
    taken = backups_under_load(app, confirmed, tmp_path)
    for file, before, after in taken:
        there = empty()
        outcome = run(there, "restore", file)
        assert outcome.exit_code == 0, outcome.output
        stands_as_of_one_instant(there, before, after)


def backups_under_load(app, confirmed, folder) -> list[tuple[Path, set[str], int]]:
    """Two backups while the writers write: the file, what was confirmed before it, and how much after it."""
    enough, taken = threading.Event(), []
    writers = [Writer(app, confirmed, enough) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for file in (folder / "0.prt", folder / "1.prt"):
            more = len(confirmed) + BEFORE
            until(lambda more=more: len(confirmed) >= more, what="the next cases")
            before = set(confirmed)
            outcome = run(app, "backup", file)
            assert outcome.exit_code == 0, outcome.output
            taken.append((file, before, len(confirmed)))
            assert all(writer.is_alive() for writer in writers), "a writer has failed"
    finally:
        enough.set()
        for writer in writers:
            writer.join()
    return taken


def stands_as_of_one_instant(there, before, after) -> None:
    """All that was confirmed before, nothing half, every file, the log unbroken, no number missing."""
    with there.app_context():
        subjects = list(db.session.scalars(sa.select(Inquiry.subject)))
        assert before <= set(subjects)
        assert len(before) <= len(subjects) <= after + WRITERS
        assert sorted(db.session.scalars(sa.select(Inquiry.number))) == list(range(1, len(subjects) + 1))
        assert list(faults_in_chain()) == []
        files = db.session.execute(sa.select(Attachment.inquiry_id, Attachment.stored_name, Attachment.digest)).all()
        assert len({file.inquiry_id for file in files}) == len(files) == len(subjects)
        for file in files:
            content = (Path(there.config["PR_TRACKER_UPLOAD_FOLDER"]) / file.stored_name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file.digest
        db.session.rollback()
