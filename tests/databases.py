"""Test databases: a SQLite file copied from a template, or one of a PostgreSQL server of our own on a Unix socket.

A copy of a PostgreSQL database takes half a second, emptying one some milliseconds: those are used again.

Under pytest-xdist each worker has a folder and a server of its own: nothing is shared.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from pr_tracker.config import ROOT

BASE = {"PR_TRACKER_ENV": "test", "PR_TRACKER_SECRET_KEY": "a-secret-for-tests-only-0123456789abcdef"}
VERSIONS = ROOT / "pr_tracker" / "migrations" / "versions"

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
OTHERS_LEAVE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
COUNT_ANEW = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences "
    "WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


class Databases:
    """Makes a template once per engine and a fresh copy per test."""

    def __init__(self, folder: Path, *, must_not_skip: bool) -> None:
        self.folder, self.must_not_skip = folder, must_not_skip
        self.postgres: Postgres | None = None
        self.apps = {}
        self.emptied: list[str] = []  # PostgreSQL databases that are as the migrations left them

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for app in self.apps.values():
            dispose(app)
        if self.postgres:
            self.postgres.stop()

    def application(self, engine: str):
        """The application of an engine, over its template database, filled by the migrations."""
        if engine not in self.apps:
            self.apps[engine] = make_app(self._template_url(engine), self.folder / f"uploads-{engine}")
            make_schema(self.apps[engine])
            keep_compiled(self.apps[engine])
        return self.apps[engine]

    def _template_url(self, engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / 'template.sqlite3'}"
        if self.postgres is None:
            try:
                self.postgres = Postgres.start()
            except FileNotFoundError as missing:
                if self.must_not_skip:
                    raise
                pytest.skip(f"no PostgreSQL on this machine: {missing}")
        self.postgres.run("CREATE DATABASE template_desk")
        return self.postgres.url("template_desk")

    @contextlib.contextmanager
    def fresh(self, engine: str, app):
        """Let the application use a database as the migrations leave it, for one test."""
        with self._as_migrated() if engine == "postgresql" else self.empty(engine) as url:
            if engine == "sqlite":
                shutil.copy(self.folder / "template.sqlite3", url.removeprefix("sqlite:///"))
            _point(app, url)
            try:
                yield url
            finally:
                dispose(app)

    @contextlib.contextmanager
    def _as_migrated(self):
        """The address of an emptied database, or of a new one; no two tests see the same address."""
        if not self.emptied:
            self.emptied.append(f"test_{uuid.uuid4().hex[:12]}")
            self.postgres.run(f"CREATE DATABASE {self.emptied[-1]} TEMPLATE template_desk")
        name = self.emptied.pop()
        try:
            yield f"{self.postgres.url(name)}&application_name={uuid.uuid4().hex[:12]}"
        finally:
            if self.postgres.empty(name, like="template_desk"):
                self.emptied.append(name)
            else:
                self.postgres.run(f"DROP DATABASE {name} WITH (FORCE)")

    def moved(self, url: str) -> str:
        """The name of a PostgreSQL database with all of a SQLite one, by `flask db copy`."""
        runner = self.application("postgresql").test_cli_runner()
        name = f"template_{uuid.uuid4().hex[:12]}"
        self.postgres.run(f"CREATE DATABASE {name} TEMPLATE template0")
        outcome = runner.invoke(args=["db", "copy", url, self.postgres.url(name)])
        assert outcome.exit_code == 0, outcome.output
        return name

    @contextlib.contextmanager
    def copy_of(self, template: str):
        """The address of a copy of a PostgreSQL database, which goes when the test ends."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.postgres.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.postgres.url(name)
        finally:
            self.postgres.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.contextmanager
    def empty(self, engine: str):
        """The address of a new database, which goes when the test ends."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        if engine == "postgresql":
            self.postgres.run(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self.postgres.url(name) if engine == "postgresql" else f"sqlite:///{self.folder / name}.sqlite3"
        finally:
            if engine == "postgresql":
                self.postgres.run(f"DROP DATABASE {name} WITH (FORCE)")
            for leftover in self.folder.glob(f"{name}.sqlite3*"):
                leftover.unlink()


def make_app(url: str, uploads: Path):
    """The application over one database."""
    from pr_tracker.factory import create_app

    app = create_app({**BASE, "PR_TRACKER_DATABASE_URL": url, "PR_TRACKER_UPLOAD_FOLDER": str(uploads)})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def make_schema(app) -> None:
    """The tables, by the migrations, as a user gets them."""
    from pr_tracker.db import db

    with app.app_context():
        if list(VERSIONS.glob("*.py")):
            from flask_migrate import upgrade

            upgrade()
        else:
            db.create_all()
    dispose(app)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        import sqlite3

        path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def keep_compiled(app) -> None:
    """Room for every statement of the application; SQLAlchemy's own is for 500."""
    from pr_tracker.db import db

    db._app_engines[app][None]._compiled_cache.capacity = 10_000


def _point(app, url: str) -> None:
    """Let the application use another database from now on.

    Statements stay compiled: a cache knows a statement by its dialect too, so the next engine keeps both. The dialect
    has learnt from the first database what it asks each server once, so nothing is asked anew (`_initialize`).
    """
    from pr_tracker.db import db

    engines = db._app_engines[app]
    before = engines[None]
    before.dispose()
    engines[None] = now = sa.create_engine(url, _initialize=False)
    now.dialect, now._compiled_cache = before.dialect, before._compiled_cache


def dispose(app) -> None:
    """Close what the application has open."""
    from pr_tracker.db import db

    for engine in db._app_engines[app].values():
        engine.dispose()


class Postgres:
    """A server in a temporary folder; as root it runs under the system's `postgres` user."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.bin_folder = folder, bin_folder
        self.expected: list[str] = []  # the tables that the migrations make
        self.emptying: dict[str, sa.Connection] = {}  # kept: a new one reads all of the catalogue before its first act

    @classmethod
    def start(cls, *, durable: bool = False) -> "Postgres":
        """Raises FileNotFoundError where no server is installed; `durable` writes as in production, for the bench."""
        bin_folder = _postgres_programs()
        folder = Path(tempfile.mkdtemp(prefix="prt-", dir="/tmp"))  # a socket's path must be short
        server = cls(folder, bin_folder)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server._command("initdb", "-D", str(folder / "data"), "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync")
        in_haste = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
        options = f"-k {folder} -c listen_addresses='' {in_haste}-c max_connections=120"
        server._command("pg_ctl", "-D", str(folder / "data"), "-o", options, "-w", "-l", str(folder / "log"), "start")
        return server

    def _command(self, program: str, *arguments: str) -> None:
        command = [str(self.bin_folder / program), *arguments]
        user = {"user": "postgres"} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, capture_output=True, cwd="/", **user)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://desk@/{database}?host={self.folder}"

    @contextlib.contextmanager
    def _connected(self, database: str = "postgres"):
        engine = sa.create_engine(self.url(database), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            yield connection

    def run(self, statement: str) -> None:
        with self._connected() as connection:
            connection.execute(sa.text(statement))

    def vacuum(self, name: str) -> None:
        """What the server does by itself in the minutes after many rows came: not while pages are measured."""
        with self._connected(name) as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))

    def tables(self, name: str) -> list[str]:
        """The names of a database's tables, but for the migrations' own."""
        with self._connected(name) as connection:
            return list(connection.scalars(sa.text(TABLES)))

    def empty(self, name: str, *, like: str) -> bool:
        """Take every row out and count from 1 again; False when a test changed the tables themselves."""
        connection = self._kept(name)
        tables = list(connection.scalars(sa.text(TABLES)))
        if tables != (self.expected or self.tables(like)):
            self.emptying.pop(name).close()
            return False
        self.expected = tables
        connection.execute(sa.text(OTHERS_LEAVE))
        connection.execute(sa.text("; ".join(f"DELETE FROM {table}" for table in tables)))
        connection.execute(sa.text(COUNT_ANEW))
        return True

    def _kept(self, name: str) -> sa.Connection:
        """A connection that empties a database in any order, without a trigger; a new one where a test ended it."""
        try:
            self.emptying[name].execute(sa.text("SELECT 1"))
        except (KeyError, sa.exc.DBAPIError):
            engine = sa.create_engine(self.url(name), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
            self.emptying[name] = engine.connect()
            self.emptying[name].execute(sa.text("SET session_replication_role = replica"))
        return self.emptying[name]

    def stop(self) -> None:
        for connection in self.emptying.values():
            connection.close()
        self._command("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _postgres_programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if not found:
        raise FileNotFoundError("initdb")
    return Path(found).parent
