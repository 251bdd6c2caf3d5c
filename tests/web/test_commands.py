"""Whatever is wrong with a command's usage is one line on standard error and exit status 2."""

import pytest
import sqlalchemy as sa

from pr_tracker.db import db


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "register"],
        ["report", "register", "--from", "2026-01-01", "--to", "2026-01-31"],
        ["report", "nothing"],
        ["report", "case"],
        ["deadlines", "due"],
        ["deadlines", "due", "answer_on_press", "--at"],
        ["deadlines", "due", "answer_on_press", "--nothing"],
        ["audit", "verify", "more"],
        ["accounts", "add"],
        ["demo", "--date"],
        ["demo", "more"],
    ],
)
def test_wrong_usage_is_one_line(app, arguments):
    outcome = app.test_cli_runner().invoke(args=arguments)
    assert outcome.exit_code == 2
    assert len(outcome.stderr.strip().splitlines()) == 1, outcome.stderr
    assert "Traceback" not in outcome.output


def command_on(app, url, *arguments):
    """How a command ends over another database."""
    engines = db._app_engines[app]
    working, engines[None] = engines[None], sa.create_engine(url)
    try:
        return app.test_cli_runner().invoke(args=arguments)
    finally:
        engines[None].dispose()
        engines[None] = working


@pytest.mark.parametrize("command", ["upgrade", "current"])
def test_a_migration_without_its_database_is_one_line(app, tmp_path, command):
    for url in (f"sqlite:///{tmp_path}/nowhere/desk.sqlite3", "postgresql+psycopg://press@127.0.0.1:1/press"):
        outcome = command_on(app, url, "db", command)
        assert outcome.exit_code == 2, outcome.output
        assert outcome.stderr.startswith("The database cannot be used: ")
        assert len(outcome.stderr.strip().splitlines()) == 1


def test_a_command_before_the_migrations_says_which_comes_first(app, session):
    for table in ("audit_entries", "people"):
        hide = sa.text(f"ALTER TABLE {table} RENAME TO hidden_{table}")
        session.execute(hide)
    session.commit()
    outcome = app.test_cli_runner().invoke(args=["accounts", "link", "--email", "a@b.example"])
    assert outcome.exit_code == 2
    assert outcome.stderr.strip().endswith("is it at head of its migrations? flask db upgrade")
    assert len(outcome.stderr.strip().splitlines()) == 1
