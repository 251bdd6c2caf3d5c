"""A filled database of 0004 goes up to 0005 and works on; the way back stands open until this version is used.

The rows are written by SQL, as they stood then: no action of today makes them.
"""

import importlib
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.backups import making, restoring
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from tests.databases import dispose, make_app
from tests.whole_app import test_upgrade
from tests.whole_app.test_upgrade import contents, reads, writer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MIGRATION = importlib.import_module("pr_tracker.migrations.versions.0005_documents")


@pytest.fixture
def filled(engine, engine_app, databases, tmp_path):
    """The application over a database of 0004 with the cases of 0002, as the migrations between have carried them."""
    with databases.empty(engine) as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            upgrade(revision="0002")
            with db.engine.begin() as connection:
                test_upgrade._fill(connection)
            upgrade(revision="0004")
            with db.engine.begin() as connection:
                _fill(writer(connection))
            yield app
        dispose(app)


def _fill(write):
    """What 0004 knew besides: a class, notices of most kinds."""
    write("courses", id=1, agency_id=1, title="Khóa", year=2026, least_attendance=80, version=1, created_at=NOW)
    write("training_classes", id=1, course_id=1, name="Lớp 1", name_key="lop 1", version=1, created_at=NOW)
    for number, kind in enumerate(("duty:opened", "class:asked"), 1):
        key = {"key": f"k{number}", "mail_state": "off", "created_at": NOW, "data": {"code": "x"}}
        write("notices", person_id=2, kind=kind, **key)


def test_everything_of_before_is_there_and_goes_on(filled):
    before = contents()
    upgrade(revision="0005")
    after = contents()
    assert {name: after[name] for name in before if name != "alembic_version"} == {
        name: rows for name, rows in before.items() if name != "alembic_version"
    }
    upgrade()
    chairman = db.session.get_one(Person, test_upgrade.CHAIRMAN)
    db.session.commit()
    for path in ("/inquiries", "/inquiries/5", "/inquiries/5/sheet.pdf", "/reports", "/runs", "/exports"):
        assert reads(filled, chairman, path) == 200, path
    assert list(faults_in_chain()) == []


def test_the_way_back_loses_nothing_and_leads_up_again(filled):
    before = contents()
    upgrade()
    downgrade(revision="0004")
    assert contents() == before
    upgrade()
    assert db.session.scalar(sa.select(sa.func.count(Inquiry.id))) == len(test_upgrade.CASES)


def test_the_backup_made_before_the_upgrade_leads_back(filled, databases, engine, tmp_path):
    """What README says of going back: the backup of before, restored."""
    before, _digest = making.make_backup(tmp_path / "before.prt", uploads=tmp_path, key="k", now=NOW)
    with databases.empty(engine) as url:
        other = make_app(url, tmp_path / "other")
        with other.app_context():
            with restoring.opened(tmp_path / "before.prt") as (book, manifest):
                restoring.restore(book, manifest, uploads=tmp_path / "other")
            downgrade(revision="0004")
            again, _digest = making.make_backup(tmp_path / "again.prt", uploads=tmp_path, key="k", now=NOW)
        dispose(other)
    assert (again.revision, again.tables) == (before.revision, before.tables) == ("0004", before.tables)


# One row of each table that only this version writes.
WRITTEN = {
    "papers": {"code": "c", "kind": "report", "key": "k", "digest": "d", "size": 1, "issued_at": NOW, "version": 1},
    "runs": {
        "kind": "k", "key": "k", "title": "t", "language": "vi", "asked_by_id": 1, "asked_at": NOW, "state": "waiting",
    },
    "imports": {"agency_id": 1, "by_id": 1, "kind": "inquiries", "state": "uploaded", "version": 1},
    "import_names": {"agency_id": 1, "what": "outlet", "typed_key": "x", "meant_id": 1, "said_by_id": 1},
    "press_briefings": {"agency_id": 1, "recorded_by_id": 1, "version": 1, "title": "Giao ban", "evidence": "Tin"},
    "annual_reports": {"agency_id": 1, "year": 2026, "version": 1},
    "inquiry_ledger_entries": {"inquiry_id": 1, "agency_id": 1, "taken_by_id": 1, "year": 2026, "row": 2},
}  # fmt: skip


def test_each_table_that_only_this_version_writes_is_tried():
    assert set(WRITTEN) == {table for table, _since in MIGRATION.WRITTEN_SINCE}, "add a row for the new table above"


@pytest.mark.parametrize("table", WRITTEN)
def test_the_way_back_is_refused_before_anything_changes_once_this_version_was_used(filled, caplog, table):
    upgrade()
    with db.engine.begin() as connection:
        writer(connection)(table, **WRITTEN[table])
    before = contents()
    with pytest.raises(SystemExit):
        downgrade(revision="0004")
    assert "restore the backup" in caplog.text
    assert contents() == before
