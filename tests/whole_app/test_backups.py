"""Everything in one file and back: into an empty database of either engine, compared; whatever is wrong is refused."""

import contextlib
import hashlib
import json
import re
import zipfile

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.backups import making, restoring
from pr_tracker.backups.manifest import MARK, WITHHELD, Manifest, NotRestorable, read_manifest
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.outlets import actions as outlets
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.rules import OutletFacts, OutletKind
from tests.databases import dispose, make_app
from tests.web.test_inquiries_summaries import full_count, kept
from tests.whole_app.test_upgrade import contents

LOG = {"audit_entries", "audit_head"}


def run(app, *arguments):
    """A command: its outcome, which is one line on standard error where it refuses."""
    outcome = app.test_cli_runner().invoke(args=[str(each) for each in arguments])
    assert "Traceback" not in outcome.output, outcome.output
    return outcome


@pytest.fixture
def empty(engine, engine_app, databases, tmp_path):
    """empty(): one more application over a database without tables, on the engine of the test."""
    with contextlib.ExitStack() as stack:

        def empty(on=engine):
            app = make_app(stack.enter_context(databases.empty(on)), tmp_path / f"uploads {len(apps)}")
            apps.append(app)
            return app

        apps = []
        yield empty
        for app in apps:
            dispose(app)


@pytest.fixture
def saved(province, tmp_path):
    """A backup of the demo province."""
    outcome = run(province.app, "backup", tmp_path / "province.prt")
    assert outcome.exit_code == 0, outcome.output
    return tmp_path / "province.prt"


def manifest_of(path) -> Manifest:
    with zipfile.ZipFile(path) as book:
        return read_manifest(book.read("manifest.json"))


def without_log(manifest: Manifest):
    return {name: part for name, part in manifest.tables.items() if name not in LOG}


@pytest.mark.usefixtures("engine")
def test_a_backup_comes_back_on_either_engine_and_from_there_on_the_other(province, saved, empty, tmp_path):
    there = empty()
    outcome = run(there, "restore", saved)
    assert outcome.exit_code == 0, outcome.output
    assert "The audit log is whole" in outcome.stdout
    assert run(there, "audit", "verify").exit_code == 0
    with there.app_context():
        assert full_count() == kept() != {}
    again, back = tmp_path / "again.prt", empty("sqlite")
    assert run(there, "backup", again).exit_code == 0
    assert without_log(manifest_of(again)) == without_log(manifest_of(saved))
    assert manifest_of(again).files == manifest_of(saved).files
    assert run(back, "restore", again).exit_code == 0
    assert run(back, "backup", tmp_path / "third.prt").exit_code == 0
    assert without_log(manifest_of(tmp_path / "third.prt")) == without_log(manifest_of(saved))


@pytest.mark.usefixtures("engine")
def test_work_goes_on_where_it_stood(saved, empty):
    there = empty()
    assert run(there, "restore", saved).exit_code == 0
    with there.app_context():
        outlet = outlets.add_outlet(OutletFacts("Báo Mới Lập", kind=OutletKind.ONLINE), actor=None, now=clock.now())
        db.session.commit()
        assert outlet.id == db.session.scalar(sa.select(sa.func.max(Outlet.id)))
        one = db.session.scalars(sa.select(Inquiry).order_by(Inquiry.id.desc())).first()
        reader = db.session.scalars(sa.select(Person).where(Person.email.like("vanthu@%"))).one()
        session = {"_user_id": reader.fs_uniquifier, "_fresh": True, "fs_cc": "set", "identity": reader.fs_uniquifier}
        path = f"/inquiries/{one.id}"
    client = there.test_client()
    with client.session_transaction() as kept:
        kept.update(session)
    assert client.get(path).status_code == 200


def test_every_file_of_the_folder_is_in_the_backup(province, saved):
    """A new table that keeps files must have stored_name, size and digest, or its files are lost."""
    folder = making.Path(province.app.config["PR_TRACKER_UPLOAD_FOLDER"])
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {name for name in there if not name.startswith("results/")} == set(manifest_of(saved).files)
    assert manifest_of(saved).missing == ()


@pytest.mark.usefixtures("engine")
def test_a_backup_is_of_one_instant(app, session, tmp_path, monkeypatch):
    before = making._table

    def meanwhile(taken, table, parcel):
        if table.name == "agencies":  # the first; press agencies come later
            with app.app_context():
                outlets.add_outlet(OutletFacts("Báo Chen Ngang", kind=OutletKind.PRINT), actor=None, now=clock.now())
                db.session.commit()
        return before(taken, table, parcel)

    monkeypatch.setattr(making, "_table", meanwhile)
    assert run(app, "backup", tmp_path / "one.prt").exit_code == 0
    manifest = manifest_of(tmp_path / "one.prt")
    assert manifest.tables["outlets"].size == manifest.audit["number"] == 0
    assert session.scalar(sa.select(sa.func.count(Outlet.id))) == 1


@pytest.mark.usefixtures("engine")
def test_an_older_backup_is_brought_up_to_date(empty, tmp_path):
    old, new = empty(), empty()
    with old.app_context():
        upgrade(revision="0003")
        making.make_backup(tmp_path / "old.prt", uploads=tmp_path, key="k", now=clock.now())
    assert manifest_of(tmp_path / "old.prt").revision == "0003"
    with new.app_context():
        upgrade()  # empty, but further: the way leads down and up again
    outcome = run(new, "restore", tmp_path / "old.prt")
    assert outcome.exit_code == 0, outcome.output
    with new.app_context(), db.engine.connect() as connection:
        assert restoring.revision_of(connection) == restoring.revisions()[-1]


def refused(app, path) -> str:
    """What restore says; it must leave the database as it is."""
    outcome = run(app, "restore", path)
    assert outcome.exit_code == 2, outcome.output
    assert len(outcome.stderr.strip().splitlines()) == 1
    return outcome.stderr


@pytest.mark.usefixtures("engine")
def test_a_database_in_which_somebody_works_is_left_alone(app, session, saved):
    outlets.add_outlet(OutletFacts("Báo Đang Có", kind=OutletKind.PRINT), actor=None, now=clock.now())
    session.commit()
    before = contents()
    session.commit()
    assert "not empty" in refused(app, saved)
    assert contents() == before


@pytest.mark.usefixtures("engine")
def test_a_database_of_something_else_is_left_alone(empty, saved):
    other = empty()
    with other.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE ledger (id INTEGER)")
    assert "tables of something else" in refused(other, saved)


def rewritten(path, name, change, *, comment=None):
    """The same backup with one part changed, as somebody would who knows ZIP but not more."""
    with zipfile.ZipFile(path) as book:
        parts, said = {each: book.read(each) for each in book.namelist()}, book.comment
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as book:
        for each, content in parts.items():
            if content is not None:
                book.writestr(each, content)
        book.comment = comment(parts) if comment else said


def _signed(parts):
    return f"sha256:{hashlib.sha256(parts['manifest.json']).hexdigest()}".encode()


def _newer(content):
    return json.dumps({**json.loads(content), "revision": "0999"}).encode()


def _newer_format(content):
    return json.dumps({**json.loads(content), "version": 2}).encode()


def _stray_column(content):
    said = json.loads(content)
    said["tables"]["agencies"]["columns"].append("stray")
    return json.dumps(said).encode()


def _torn(path):
    path.write_bytes(path.read_bytes()[:-2000])


def _bent(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


WRONG = {
    "no file": (lambda path: path.unlink(), "cannot be read"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "is a directory"),
    "empty": (lambda path: path.write_bytes(b""), "is not a backup"),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500)), "is not a backup"),
    "a ZIP of something else": (lambda path: _other_zip(path), "is not a backup"),
    "torn": (_torn, "is damaged"),
    "a bent octet": (_bent, "is damaged"),
    "a changed table": (lambda path: rewritten(path, "tables/outlets.jsonl", lambda old: old + b"[]\n"), "is damaged"),
    "a missing table": (lambda path: rewritten(path, "tables/outlets.jsonl", lambda _: None), "is damaged"),
    "a changed list": (lambda path: rewritten(path, "manifest.json", _newer), "list of contents was changed"),
    "a newer database": (lambda path: rewritten(path, "manifest.json", _newer, comment=_signed), "newer version"),
    "a newer form": (lambda path: rewritten(path, "manifest.json", _newer_format, comment=_signed), "newer version"),
    "no list": (lambda path: rewritten(path, "manifest.json", lambda _: b"[]", comment=_signed), "not a backup"),
    "half a list": (lambda path: rewritten(path, "manifest.json", _halved, comment=_signed), "cannot be read"),
    "a file that leads out": (lambda path: _leading_out(path), "is no name of a file"),
    "another column": (lambda path: rewritten(path, "manifest.json", _stray_column, comment=_signed), "other tables"),
}


def _led_out(content):
    said = json.loads(content)
    said["files"]["../../outside"] = {"size": 0, "digest": hashlib.sha256(b"").hexdigest(), "columns": []}
    return json.dumps(said).encode()


def _leading_out(path):
    """A file that wants to lie outside the folder of attachments."""
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("files/../../outside", b"")
    rewritten(path, "manifest.json", _led_out, comment=_signed)


def _halved(content):
    return json.dumps({**json.loads(content), "tables": None}).encode()


def _other_zip(path):
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("readme.txt", "nothing")


@pytest.fixture
def small(empty, tmp_path):
    """A backup of an empty desk."""
    app = empty("sqlite")
    with app.app_context():
        upgrade()
        making.make_backup(tmp_path / "small.prt", uploads=tmp_path, key="k", now=clock.now())
    return tmp_path / "small.prt"


@pytest.mark.only_on("sqlite", why="refused while it is read, before any database is asked")
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_whole_backup_is_refused_before_anything_is_written(wrong, small, empty):
    spoil, sentence = WRONG[wrong]
    spoil(small)
    there = empty()
    assert sentence in refused(there, small)
    with there.app_context(), db.engine.connect() as connection:
        assert all(
            not restoring._rows(connection, n) for n in restoring.table_names(connection) if n != "alembic_version"
        )


@pytest.mark.usefixtures("engine")
def test_what_comes_out_otherwise_undoes_everything(saved, empty, monkeypatch):
    there = empty()
    real = restoring.part_of
    monkeypatch.setattr(restoring, "part_of", lambda c, t: real(c, t) if t.name != "people" else making.Part(0, "", ()))
    assert "people came out otherwise" in refused(there, saved)
    monkeypatch.setattr(restoring, "part_of", real)
    outcome = run(there, "restore", saved)  # the database is still empty, its references stand
    assert outcome.exit_code == 0, outcome.output
    with there.app_context(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text("UPDATE people SET agency_id = 9999"))
        db.session.commit()


def test_a_file_that_went_missing_or_bad_is_named(province, tmp_path):
    folder = making.Path(province.app.config["PR_TRACKER_UPLOAD_FOLDER"])
    gone, bad = sorted(folder.iterdir())[:2]
    gone.unlink()
    bad.write_bytes(b"other")
    outcome = run(province.app, "backup", tmp_path / "b.prt")
    assert outcome.exit_code == 2
    assert "2 attachments are not in the folder as they were kept" in outcome.stderr
    assert len(manifest_of(tmp_path / "b.prt").missing) == 2


def test_another_secret_key_is_told(saved, empty):
    there = empty("sqlite")
    there.config["SECRET_KEY"] = "another-secret-for-tests-0123456789abcdef"
    assert "PR_TRACKER_SECRET_KEY is not the one" in run(there, "restore", saved).stderr


def test_another_attachment_of_the_same_name_is_not_written_over(saved, empty, tmp_path):
    there = empty("sqlite")
    folder = making.Path(there.config["PR_TRACKER_UPLOAD_FOLDER"])
    folder.mkdir()
    name = next(iter(manifest_of(saved).files))
    (folder / name).write_bytes(b"something else")
    assert "is another file" in refused(there, saved)
    assert (folder / name).read_bytes() == b"something else"


def test_a_backup_can_be_looked_at_without_restoring_it(saved, empty):
    there = empty("sqlite")
    outcome = run(there, "restore", saved, "--check")
    assert outcome.exit_code == 0
    assert "is whole: " in outcome.stdout
    with there.app_context(), db.engine.connect() as connection:
        assert restoring.table_names(connection) == []


def test_only_its_owner_reads_a_backup_and_each_stands_in_the_log(province, saved, tmp_path):
    assert saved.stat().st_mode & 0o777 == 0o600
    assert saved.read_bytes()[:100].count(MARK.encode()) == 1
    with province.app.app_context():
        event, data = db.session.execute(
            sa.text("SELECT event, data FROM audit_entries ORDER BY number DESC LIMIT 1")
        ).one()
    assert event == "backup:make"
    assert json.loads(data)["digest"] == hashlib.sha256(saved.read_bytes()).hexdigest()
    assert list(tmp_path.glob(".*.part")) == []


# --- flask export all ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["everything", "everything.zip"])
def test_everything_comes_out_as_tables_with_checksums(province_on_each, tmp_path, target):
    outcome = run(province_on_each.app, "export", "all", tmp_path / target)
    assert outcome.exit_code == 0, outcome.output
    read = _reader(tmp_path / target)
    for line in read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(read(name)).hexdigest() == digest, name
    counts = json.loads(read("manifest.json"))["rows"]
    with province_on_each.app.app_context(), db.engine.connect() as connection:
        for name, table in restoring.reflected(connection).items():
            rows = json.loads(read(f"tables/{name}.json"))
            stored = connection.scalar(sa.select(sa.func.count()).select_from(table))
            added = name == "audit_entries"  # the export itself
            assert len(rows) == counts[name] == stored - added, name
            assert read(f"tables/{name}.csv").startswith(b"\xef\xbb\xbf")
    people = json.loads(read("tables/people.json"))
    assert "full_name" in people[0]
    assert "password" not in people[0]


def _reader(path):
    return (lambda name: (path / name).read_bytes()) if path.is_dir() else zipfile.ZipFile(path).read


def test_an_export_goes_into_a_new_folder_only(province, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine.txt").write_text("mine")
    outcome = run(province.app, "export", "all", tmp_path / "x")
    assert outcome.exit_code == 2
    assert "is there already" in outcome.stderr
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["mine.txt"]


DOOR = re.compile(
    r"password|secret|token|uniquifier|recovery|nonce|credential|user_handle|public_key|tf_|personal_code"
)
# The ground of a refusal is counted, and summaries leave in no export.
HARMLESS = {("people", "tf_primary_method")} | {
    (f"summary_{one}", "secret") for one in ("agencies", "kinds", "changes")
}


def test_whatever_opens_a_door_is_withheld_from_an_export(app):
    with app.app_context():
        named = {(t.name, c.name) for t in db.metadata.sorted_tables for c in t.c if DOOR.search(c.name)}
        there = {(t.name, c.name) for t in db.metadata.sorted_tables for c in t.c}
    assert named - HARMLESS <= WITHHELD, "name these in backups.manifest.WITHHELD, or in HARMLESS here"
    assert there >= WITHHELD, "these columns are no more"


def test_restoring_says_what_it_cannot_do():
    with pytest.raises(NotRestorable, match="not a backup"):
        read_manifest(b"{}")
