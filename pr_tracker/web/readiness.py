"""Whether this instance is of use: its database, its schema, its folder of attachments, its queue.

Anybody may ask, so each process looks once in some seconds, however often it is asked.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app

from pr_tracker.background import huey
from pr_tracker.db import db

READY_PATIENCE_MS = 500
KEPT_SECONDS = 5
LEAST_ROOM = 32 * 1024 * 1024  # octets


def readiness() -> dict[str, str]:
    """What an instance needs to be of use, part by part: "" when it can be used, else what is wrong, in English.

    As it was found at most KEPT_SECONDS ago.
    """
    until, found = current_app.extensions.get("readiness", (0.0, {}))
    if monotonic() >= until:
        found = {name: fault_of(name) for name in PARTS}
        current_app.extensions["readiness"] = (monotonic() + KEPT_SECONDS, found)
    return dict(found)


def fault_of(part: str) -> str:
    """What is wrong with one part; "" when it can be used."""
    try:
        return PARTS[part]()
    except Exception:
        current_app.logger.exception("a readiness check broke")
        return "cannot be reached"
    finally:
        db.session.rollback()


def _database_writable() -> str:
    if db.engine.dialect.name == "postgresql":
        reads_only = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'"
        return "can only be read" if db.session.scalar(sa.text(reads_only)) else ""
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {READY_PATIENCE_MS}")
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("ROLLBACK")
    except sqlite3.OperationalError as trouble:
        if trouble.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # busy: somebody writes just now
            return "cannot be written"
    finally:
        connection.invalidate()  # its patience was changed
    database = Path(db.engine.url.database or "")
    return _room(database.parent)


def _migrations_at_head() -> str:
    noted = sa.inspect(db.session.connection()).has_table("alembic_version")  # not yet in a new database
    stands = set(db.session.scalars(sa.text("SELECT version_num FROM alembic_version"))) if noted else set()
    return "" if stands == _heads(current_app.extensions["migrate"].directory) else "not at head: flask db upgrade"


@cache
def _heads(directory: str) -> set[str]:
    return set(ScriptDirectory(directory).get_heads())


def _attachments_writable() -> str:
    folder = Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"ready")
    except OSError:
        return "cannot be written"
    return _room(folder)


def _room(folder: Path) -> str:
    return "" if shutil.disk_usage(folder).free >= LEAST_ROOM else "the disk is full"


def _queue_reachable() -> str:
    huey.pending_count()
    return ""


PARTS: dict[str, Callable[[], str]] = {
    "database": _database_writable,
    "migrations": _migrations_at_head,
    "attachments": _attachments_writable,
    "queue": _queue_reachable,
}
