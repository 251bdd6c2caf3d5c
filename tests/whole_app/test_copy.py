"""flask db copy: a desk moves between the engines, compared; FROM may be in use, TO is filled whole or not at all.

What was copied is compared by the digests of backups, which are made another way.
"""

import contextlib
import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from pr_tracker import clock
from pr_tracker.accounts.models import Passkey
from pr_tracker.audit.models import AuditEntry
from pr_tracker.backups import copying, restoring
from pr_tracker.backups.snapshot import part_of, reflected
from pr_tracker.db import db, start_writing
from pr_tracker.outlets import actions as outlets
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.rules import OutletFacts, OutletKind
from tests.databases import dispose
from tests.factories.accounts import a_person
from tests.whole_app.test_backups import empty, run  # noqa: F401 - a fixture

NOW = datetime(2026, 11, 23, 2, 0, 0, 120_300, tzinfo=UTC)
LOG = {"audit_entries", "audit_head"}
NO_JSON = "audit_entries cannot be copied: invalid input syntax for type json"
HOSTILE = "Tab\t, gạch \\ chéo \\N \\t, dòng\nmới \r\n \b\f\v\x1c\x85\u2028 “ngoặc” 'đơn' 😀 é " + "ệ" * 20


def address(app) -> str:
    return app.config["SQLALCHEMY_DATABASE_URI"]


def parts(*, but=frozenset()):
    """The digest of each table, as backups make them."""
    with db.engine.connect() as connection:
        return {name: part_of(connection, table) for name, table in reflected(connection).items() if name not in but}


def without_log(app):
    with app.app_context():
        return parts(but=LOG)


def knows_how_much(app):
    """Whether the planner has been told how much there is of what: the first page must not wait for the next night."""
    asked = {
        "sqlite": "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'inquiries' AND idx = 'ix_inquiries_status'",
        "postgresql": "SELECT count(*) FROM pg_stats WHERE tablename = 'inquiries' AND attname = 'status'",
    }
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(sa.text(asked[db.engine.dialect.name])) == 1


@pytest.mark.usefixtures("engine")
def test_a_desk_moves_to_the_other_engine_and_back(province, empty):  # noqa: F811
    there, back = empty(), empty("sqlite")
    outcome = run(there, "db", "copy", address(province.app), address(there))
    assert outcome.exit_code == 0, outcome.output
    assert "Copied and compared: " in outcome.stdout
    assert "The audit log is whole" in outcome.stdout
    assert without_log(there) == without_log(province.app)
    assert knows_how_much(there)
    assert run(back, "db", "copy", address(there), address(back)).exit_code == 0
    assert without_log(back) == without_log(province.app)
    assert knows_how_much(back)
    with there.app_context():  # numbers go on after the highest
        outlets.add_outlet(OutletFacts("Báo Mới Lập", kind=OutletKind.ONLINE), actor=None, now=clock.now())
        db.session.commit()
    assert run(there, "audit", "verify").exit_code == 0


def test_every_value_comes_over_as_it_was(session, empty, engine):  # noqa: F811
    person = a_person(full_name=HOSTILE[:100])
    data = {"b": 1, "aa": [1.5, 1e-07, 12345678901234567890], "ă": {"zz": None, "y": HOSTILE}, "a": True}
    entry = {"actor_name": "", "event": "x", "subject_kind": "", "data": data, "previous_hash": "", "hash": ""}
    for number, at in enumerate((NOW, NOW.replace(microsecond=0), NOW.replace(microsecond=100)), 100):
        session.add(AuditEntry(number=number, at=at, **entry))
    key = {"credential_id": bytes(range(256)), "public_key": b"\\x00\n", "name": "k", "usage": "", "device_type": ""}
    session.add(Passkey(user_id=person.id, backup_state=True, lastuse_datetime=NOW, **key))
    session.commit()
    before = parts()
    for on in ("sqlite", engine):
        there = empty(on)
        copied(db.engine, there)
        with there.app_context():
            assert parts() == before
            assert db.session.get_one(AuditEntry, 100).data == data


def copied(source, there):
    """Copy a database into that of an application."""
    with copying.opened(address(there), must_exist=False) as aim:
        return copying.copy_desk(source, aim, uploads=Path(there.instance_path), told=lambda _: None)


@pytest.mark.usefixtures("app")
def test_what_is_written_meanwhile_is_told_and_left_behind(session, empty, monkeypatch):  # noqa: F811
    there, send, source = empty(), copying._send, db.engine

    def meanwhile(taken, connection, table):
        if table.name == "agencies":  # the first; press agencies come later
            with copying.working_on(source):
                start_writing()
                outlets.add_outlet(OutletFacts("Báo Chen Ngang", kind=OutletKind.PRINT), actor=None, now=NOW)
                db.session.commit()
        return send(taken, connection, table)

    monkeypatch.setattr(copying, "_send", meanwhile)
    assert copied(source, there).acts_since == 1
    with there.app_context():
        assert parts()["outlets"].size == 0
    assert session.scalar(sa.select(sa.func.count(Outlet.id))) == 1


@pytest.mark.usefixtures("engine")
def test_an_older_database_is_brought_up_to_date(empty):  # noqa: F811
    old, new = empty(), empty()
    with old.app_context():
        upgrade(revision="0003")
    assert run(new, "db", "copy", address(old), address(new)).exit_code == 0
    with new.app_context(), db.engine.connect() as connection:
        assert restoring.revision_of(connection) == restoring.revisions()[-1]


def refused(app, source, target) -> str:
    """What the command says, in one line."""
    outcome = run(app, "db", "copy", source, target)
    assert outcome.exit_code == 2, outcome.output
    assert len(outcome.stderr.strip().splitlines()) == 1
    return outcome.stderr


@pytest.mark.usefixtures("engine")
def test_what_comes_out_otherwise_undoes_everything(province, empty, monkeypatch):  # noqa: F811
    there = empty()
    real = copying._compared
    monkeypatch.setattr(copying, "_compared", lambda c, t, sent, told: real(c, t, _spoilt(sent), told))
    assert "people came out otherwise" in refused(there, address(province.app), address(there))
    monkeypatch.setattr(copying, "_compared", real)
    outcome = run(there, "db", "copy", address(province.app), address(there))  # still empty
    assert outcome.exit_code == 0, outcome.output
    with there.app_context(), pytest.raises(sa.exc.IntegrityError):  # its references stand
        db.session.execute(sa.text("UPDATE people SET agency_id = 9999"))
        db.session.commit()


def _spoilt(sent):
    return replace(sent, digest="") if sent.table == "people" else sent


@pytest.mark.only_on("postgresql", why="SQLite does not measure text")
def test_what_a_stricter_database_does_not_take_is_named(session, empty):  # noqa: F811
    """SQLite does not measure text."""
    loose, there = empty("sqlite"), empty()
    with loose.app_context():
        upgrade()
        db.session.execute(sa.text("INSERT INTO audit_head VALUES (1, 0, :long)"), {"long": "x" * 65})
        db.session.commit()
    assert "audit_head cannot be copied: value too long" in refused(there, address(loose), address(there))


@pytest.mark.only_on("postgresql", why="SQLite has one encoding")
def test_a_database_of_another_encoding_is_refused(session, databases, empty):  # noqa: F811
    there = empty()
    for letters in ("SQL_ASCII", "LATIN1"):
        databases.postgres.run(
            f"CREATE DATABASE {letters} TEMPLATE template0 ENCODING '{letters}' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        aim = databases.postgres.url(letters.lower())
        assert f"keeps {letters}: make it by createdb --encoding UTF8" in refused(there, address(there), aim)
        databases.postgres.run(f"DROP DATABASE {letters}")


@pytest.mark.only_on("postgresql", why="SQLite takes any text")
def test_what_hands_have_spoilt_is_told_in_one_line(session, empty):  # noqa: F811
    """What no page of ours stores. Seen red: each was a trace."""
    source, there = empty("sqlite"), empty()
    with source.app_context():
        upgrade()
        a_person(full_name="Nguyễn Văn A")
        db.session.commit()
    dispose(source)
    spoilt = {
        'audit_entries SET data = \'{"half a letter": "\\ud800"}\'': NO_JSON,
        "audit_entries SET data = '{\"broken'": NO_JSON,
        "agencies SET name = CAST(x'ff41' AS TEXT)": "agencies cannot be copied: Could not decode",
        "people SET phone = x'4142'": "people cannot be copied: a value is not of its column's kind",
        "people SET agency_id = 999": "Rows of people refer to what is not there",
    }
    file = Path(source.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    whole = file.read_bytes()
    for change, said in spoilt.items():
        file.write_bytes(whole)
        with contextlib.closing(sqlite3.connect(file)) as raw:
            raw.execute(f"UPDATE {change}")
            raw.commit()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert said in refused(there, address(source), address(there)), change


@pytest.mark.usefixtures("app")
def test_wrong_addresses_are_refused_in_one_line(session, empty, tmp_path):  # noqa: F811
    a_person()
    session.commit()
    there, filled = empty(), session.get_bind().url.render_as_string(hide_password=False)
    none = f"sqlite:///{tmp_path}/none.sqlite3"
    assert "There is no database" in refused(there, none, address(there))
    assert not Path(f"{tmp_path}/none.sqlite3").exists()
    (tmp_path / "text.sqlite3").write_text("no database " * 100)
    assert "not a database" in refused(there, f"sqlite:///{tmp_path}/text.sqlite3", address(there))
    assert "There is no folder" in refused(there, filled, f"sqlite:///{tmp_path}/none/x.sqlite3")
    assert "must begin with" in refused(there, "mysql://x", address(there))
    assert "the same database" in refused(there, filled, filled)
    assert re.search("nothing in|no database", refused(there, address(there), f"sqlite:///{tmp_path}/new.sqlite3"))
    assert "cannot be used" in refused(there, filled, "postgresql://nobody:secret@127.0.0.1:1/x")
    assert "secret" not in refused(there, "postgresql://nobody:secret@127.0.0.1:1/x", filled)
    other = empty("sqlite")
    with other.app_context():
        upgrade()
    assert "not empty" in refused(there, address(other), filled)
