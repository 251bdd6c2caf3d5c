"""From every released revision, filled, on both engines: step by step up, each step back and up again, losing nothing.

The rows of the old revisions are written by SQL, as they stood then; those of today by the demo.
"""

from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from pr_tracker.accounts.models import Person
from pr_tracker.backups import copying, restoring
from pr_tracker.db import db
from pr_tracker.inquiries.actions.summaries import recount
from tests.databases import dispose, make_app
from tests.whole_app import test_upgrade
from tests.whole_app.test_upgrade import contents, reads, writer

DERIVED = ("summary_", "alembic_version")
MADE = ("summary_agencies", "summary_kinds", "summary_carried")
NEWEST = "0007"


@pytest.fixture
def blank(engine, engine_app, databases, tmp_path):
    """The application over a database without tables."""
    with databases.empty(engine) as url:
        app = make_app(url, tmp_path / "uploads")
        with app.app_context():
            yield app
        dispose(app)


def known(connection):
    """As writer(), for whatever of it the revision knows."""
    write, tables = writer(connection), sa.inspect(connection)
    columns = {table: {each["name"] for each in tables.get_columns(table)} for table in tables.get_table_names()}

    def write_known(table, **values):
        if table in columns:
            write(table, **{name: value for name, value in values.items() if name in columns[table]})

    return write_known


def record():
    """Every row of the record, by table."""
    return {name: rows for name, rows in contents().items() if not name.startswith(DERIVED)}


def test_a_desk_of_the_first_revision_climbs_to_the_newest(blank):
    steps = restoring.revisions()
    assert steps[-1] == NEWEST, "a new migration: fill what it adds, and raise NEWEST"
    upgrade(revision=steps[0])
    with db.engine.begin() as connection:
        fill_office(known(connection))
    for below, above in pairwise(steps):
        before = record()
        upgrade(revision=above)
        assert kept(before, record()), f"{below} → {above}"
        downgrade(revision=below)
        assert record() == before, f"{above} → {below}"
        upgrade(revision=above)
    chairman = db.session.get_one(Person, test_upgrade.CHAIRMAN)
    db.session.commit()
    for path in ("/queue", "/inquiries", "/inquiries/5", "/reports", "/spokespersons"):
        assert reads(blank, chairman, path) == 200, path


def test_the_demo_goes_one_step_down_and_up_again(province, blank, tmp_path):
    """Everything that today's program writes; what the newest revision adds is made anew from it."""
    with province.app.app_context():
        source = db.engine
    copying.copy_desk(source, db.engine, uploads=tmp_path, told=lambda _table: None)
    with db.engine.begin() as connection:
        recount(connection)
    before, summaries = record(), summed()
    assert len(summaries) == len(MADE)
    assert all(summaries.values())
    downgrade(revision="0005")
    assert kept(before, record())
    upgrade()
    assert record() == before
    assert summed() == summaries
    downgrade(revision="0006")
    with db.engine.begin() as connection:  # as a ledger was taken in by the program of that revision
        connection.execute(sa.text("UPDATE inquiry_participations SET received_at = NULL WHERE id % 3 = 0"))
        connection.execute(sa.text("UPDATE inquiry_participations SET received_at = added_at WHERE id % 3 = 1"))
    assert record() != before
    upgrade()
    assert record() == before


def summed():
    """The summaries that the migration itself makes; the worker makes the rest, and adds what waits to be added."""
    return {name: rows for name, rows in contents().items() if name in MADE}


def kept(before, after):
    return all(len(after.get(name, ())) >= len(rows) for name, rows in before.items())


def fill_office(write):
    test_upgrade._fill_office(write)
    for number, about in test_upgrade.CASES.items():
        test_upgrade._fill_case(write, number, about)
