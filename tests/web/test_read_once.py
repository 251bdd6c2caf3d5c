"""What a transaction has read once is read anew after it has written, in whatever way it wrote."""

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import db, read_once
from tests.factories.accounts import an_agency

TABLE = Agency.__table__


def core(name):
    return sa.update(TABLE).values(name=name)


def by_text(name):
    return sa.text("UPDATE agencies SET name = :name").bindparams(name=name)


def by_common_table(name):
    return sa.text(f"WITH said AS (SELECT '{name}' AS name) UPDATE agencies SET name = (SELECT name FROM said)")


WAYS = {
    "session.execute": lambda session, name: session.execute(core(name)),
    "session.execute of text": lambda session, name: session.execute(by_text(name)),
    "session.scalar returning": lambda session, name: session.scalar(core(name).returning(TABLE.c.id)),
    "session.scalars returning": lambda session, name: session.scalars(core(name).returning(TABLE.c.id)).all(),
    "connection": lambda session, name: session.connection().execute(core(name)),
    "connection, text": lambda session, name: session.connection().execute(by_text(name)),
    "connection, small letters": lambda session, name: session.connection().execute(
        sa.text(f"\n update agencies set name = '{name}'")
    ),
    "connection, common table": lambda session, name: session.connection().execute(by_common_table(name)),
    "connection, driver": lambda session, name: session.connection().exec_driver_sql(
        f"UPDATE agencies SET name = '{name}'"
    ),
    "bulk": lambda session, name: session.bulk_update_mappings(
        Agency, [{"id": session.scalar(sa.select(Agency.id)), "name": name}]
    ),
}


def name_read_once():
    return read_once("name", lambda: db.session.connection().scalar(sa.select(TABLE.c.name)))


@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_written_is_read_anew(session, way):
    an_agency(name="Sở Cũ")
    session.commit()
    assert name_read_once() == "Sở Cũ"
    WAYS[way](session, "Sở Mới")
    assert name_read_once() == "Sở Mới"


@pytest.mark.only_on("postgresql", why="SQLite writes in no common table")
def test_a_question_that_also_writes_is_a_write(session):
    an_agency(name="Sở Cũ")
    session.commit()
    assert name_read_once() == "Sở Cũ"
    written = core("Sở Mới").returning(TABLE.c.id).cte("written")
    session.scalars(sa.select(written.c.id)).all()
    assert name_read_once() == "Sở Mới"


def test_what_only_reads_is_read_once(session):
    asked = []
    for statement in ("SELECT 1", "WITH a AS (SELECT 1 AS updated) SELECT updated FROM a"):
        read_once("one", lambda: asked.append(1))
        session.connection().exec_driver_sql(statement)
    read_once("one", lambda: asked.append(1))
    assert asked == [1]
