"""A disk that is full, closed or busy: a page says so in the reader's language and keeps what was typed."""

import contextlib
import resource
import shutil
import sqlite3
import subprocess

import pytest
import sqlalchemy as sa

from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.models import Attachment, Inquiry
from tests.databases import dispose, make_app, make_schema
from tests.factories.inquiries import Province
from tests.factories.outlets import an_outlet
from tests.many.test_many import PAPER, typed

QUESTIONS = "Bao giờ khơi thông cống dọc đường Trần Hưng Đạo, ai chịu trách nhiệm, kinh phí lấy từ nguồn nào?"
MEGABYTE = 1024 * 1024


class Disk:
    """A small disk for the database and the attachments; where nothing may be mounted, limits do instead."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.mounted = _run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder))

    @contextlib.contextmanager
    def full(self):
        """No room for another octet."""
        if not self.mounted:
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (512, before[1]))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)
            return
        ballast = self.folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as out:
            while True:
                out.write(b"\0" * 4096)
        try:
            yield
        finally:
            ballast.unlink()

    @contextlib.contextmanager
    def closed(self, app):
        """Nothing may be written; False where that cannot be had."""
        dispose(app)
        done = self.mounted and _run("mount", "-o", "remount,ro", str(self.folder))
        try:
            yield done
        finally:
            dispose(app)
            _run("mount", "-o", "remount,rw", str(self.folder))

    def take_away(self) -> None:
        if self.mounted:
            _run("umount", str(self.folder))


def _run(*command) -> bool:
    return bool(shutil.which(command[0])) and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path):
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.take_away()


@pytest.fixture
def desk(disk):
    """The application on that disk, a clerk signed in, a case; SQLite, for its file lies there."""
    from tests.checking_client import CheckingClient

    app = make_app(f"sqlite:///{disk.folder / 'desk.sqlite3'}", disk.folder / "uploads")
    make_schema(app)
    client = CheckingClient(app, app.response_class)
    with app.app_context():
        clerk = Province().clerk
        an_outlet("Báo Tuổi Trẻ")
        db.session.commit()
        client.act_as(clerk)
        client.clerk_id = clerk.id
        db.session.rollback()
    assert client.post("/inquiries/new", data=typed()).status_code == 303
    yield client
    dispose(app)


def stored(desk) -> tuple[int, ...]:
    """How much is on record; the chain and the file are whole."""
    with desk.application.app_context():
        tables = (Inquiry, Attachment, KeptFile)
        counts = tuple(db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables)
        assert list(faults_in_chain()) == []
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        db.session.rollback()
    return counts


def case_of(desk) -> str:
    with desk.application.app_context():
        return f"/inquiries/{db.session.scalar(sa.select(sa.func.max(Inquiry.id)))}"


def log_one(desk, **more):
    return desk.post("/inquiries/new", data=typed(questions=QUESTIONS) | more)


def attach(desk, case):
    import io

    return desk.post(f"{case}/files", data={"files": (io.BytesIO(PAPER * 2000), "cong-van.pdf")})


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Ổ đĩa của máy chủ đã đầy"), ("en", "The disk of the server is full")]
)
def test_a_full_disk_is_told_and_what_was_typed_can_be_sent_again(desk, disk, language, words):
    with desk.session_transaction() as session:
        session["language"] = language
    case, before = case_of(desk), stored(desk)
    with disk.full():
        answer, page = log_one(desk), desk.get(case)
        attached = attach(desk, case)
    assert answer.status_code in ({507} if disk.mounted else {507, 503})
    assert words in answer.text or not disk.mounted
    assert QUESTIONS in answer.text
    assert 'action="/inquiries/new"' in answer.text
    assert answer.headers["Retry-After"]
    assert page.status_code == 200, "what needs no room goes on"
    assert attached.status_code == 507
    assert words in attached.text
    assert stored(desk) == before
    assert list((disk.folder / "uploads").glob("*.part")) == []
    assert log_one(desk).status_code == 303, "with room again it goes on"
    assert attach(desk, case).status_code == 303


def test_a_disk_that_can_only_be_read_is_told(desk, disk):
    before = stored(desk)
    with disk.closed(desk.application) as closed:
        answer = log_one(desk) if closed else None
    if answer is not None:
        assert answer.status_code == 503
        assert "Hiện không mở được cơ sở dữ liệu" in answer.text
        assert QUESTIONS in answer.text
    assert stored(desk) == before
    assert log_one(desk).status_code == 303


def test_a_database_that_can_only_be_read_is_told(desk, disk):
    before = stored(desk)
    engines = db._app_engines[desk.application]
    working = engines[None]
    engines[None] = sa.create_engine(f"sqlite:///file:{working.url.database}?mode=ro&uri=true")
    answer, page = log_one(desk), desk.get("/queue")
    engines[None].dispose()
    engines[None] = working
    assert answer.status_code == 503
    assert "Cơ sở dữ liệu hiện chỉ đọc được" in answer.text
    assert QUESTIONS in answer.text
    assert page.status_code == 200
    assert stored(desk) == before


def test_a_folder_that_takes_no_files_is_told_and_the_row_is_not_written(desk, monkeypatch):
    import errno

    from pr_tracker import files

    def closed(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    case, before = case_of(desk), stored(desk)
    monkeypatch.setattr(files.os, "fsync", closed)
    answer = attach(desk, case)
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "thư mục lưu tệp chỉ đọc được" in answer.text
    assert stored(desk) == before
    assert list(files.Path(desk.application.config["PR_TRACKER_UPLOAD_FOLDER"]).glob("*.part")) == []


def test_a_database_locked_for_longer_than_patience_is_told_and_reading_goes_on(desk, disk):
    before = stored(desk)

    @sa.event.listens_for(db._app_engines[desk.application][None], "connect")
    def impatient(connection, _record):
        connection.execute("PRAGMA busy_timeout=50")

    dispose(desk.application)
    other = sqlite3.connect(disk.folder / "desk.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer, page = log_one(desk), desk.get("/queue")
    other.close()
    assert answer.status_code == 503
    assert "Đang có thao tác ghi khác kéo dài" in answer.text
    assert QUESTIONS in answer.text
    assert page.status_code == 200
    assert stored(desk) == before
    assert log_one(desk).status_code == 303


def test_an_attachment_that_is_gone_or_damaged_is_told_not_handed_out(desk, disk):
    case = case_of(desk)
    assert attach(desk, case).status_code == 303
    with desk.application.app_context():
        number, name = db.session.execute(sa.select(Attachment.id, Attachment.stored_name)).one()
    file = disk.folder / "uploads" / name
    whole = file.read_bytes()
    for content, words in (
        (b"X" + whole[1:], "đã bị hỏng"),
        (whole[:-1], "đã bị hỏng"),
        (None, "Tệp có trong hồ sơ nhưng không còn trong kho lưu"),
    ):
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        answer = desk.get(f"{case}/files/{number}")
        assert answer.status_code == 404
        assert words in answer.text
        if content is None:
            file.write_bytes(whole)
    assert desk.get(f"{case}/files/{number}").data == whole


def test_a_log_that_a_power_cut_left_torn_gives_back_all_that_was_confirmed_before_it(desk, disk):
    """The last transaction of the write-ahead log is cut, as by a power cut before its yes: it is gone whole."""
    copy = disk.folder / "cut.sqlite3"
    log = disk.folder / "desk.sqlite3-wal"
    confirmed = []
    for _ in range(2):
        assert log_one(desk).status_code == 303
        confirmed.append((stored(desk)[0], log.stat().st_size))
    (first, first_end), (_, end) = confirmed
    for cut in range(first_end + 1, end, max(1, (end - first_end) // 7)):
        shutil.copy(disk.folder / "desk.sqlite3", copy)
        (disk.folder / "cut.sqlite3-wal").write_bytes(log.read_bytes()[:cut])
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM inquiries").fetchone() == (first,)
            assert connection.execute("SELECT count(*), max(number) FROM audit_entries").fetchone()[0] > 0
        for left in disk.folder.glob("cut.*"):
            left.unlink()
