"""flask db copy: a desk moves from one database into another, of either engine. It joins Flask-Migrate's commands."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate.cli import db as group

from pr_tracker import clock
from pr_tracker.audit import actions as log
from pr_tracker.audit import queries as chain
from pr_tracker.backups import copying
from pr_tracker.backups.manifest import BackupEvent
from pr_tracker.cli.saying import OneCommand, Refused, few, refusing, refusing_unusable
from pr_tracker.db import db
from pr_tracker.inquiries.jobs import make_summaries

for command in group.commands.values():  # Flask-Migrate's own: what fails is told before the service starts
    assert command.callback
    command.callback = refusing_unusable(command.callback)


@group.command("copy", cls=OneCommand)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@with_appcontext
@refusing
def copy(source: str, target: str) -> None:
    """Copy the whole database FROM into the empty database TO, compared; both as PR_TRACKER_DATABASE_URL has them.

    FROM may be in use; what is written there from now on is not in TO. Attachments stay in their folder. Where anything
    cannot be copied as it is, TO stays empty. An audit log with faults is copied with them, and they are counted.
    """
    uploads = Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])
    with copying.opened(source, must_exist=True) as origin, copying.opened(target, must_exist=False) as aim:
        copied = copying.copy_desk(origin, aim, uploads=uploads, told=_say)
        with copying.working_on(aim):
            make_summaries(clock.now())
            entries = _checked_chain(copied)
    click.echo(f"Copied and compared: {len(copied.tables)} tables, {copied.rows} rows.")
    click.echo(f"The audit log is whole: {entries} entries.")
    click.echo(f"Attachments stay in {uploads}: whoever works on the new database needs this folder.")
    if copied.missing:
        click.echo(f"In FROM already, {few(copied.missing)}", err=True)
    if copied.acts_since:
        click.echo(
            f"Mind: {copied.acts_since} acts were recorded in FROM meanwhile and are not in TO. "
            "Stop the service, empty TO and copy again.",
            err=True,
        )


def _say(table: copying.Copied) -> None:
    if table.rows:
        click.echo(f"{table.table}: {table.rows} rows, SHA-256 {table.digest[:16]}…")


def _checked_chain(copied: copying.Copy) -> int:
    faults = sum(1 for _ in chain.faults_in_chain())
    if faults:
        raise Refused(f"Everything is copied as it was, but its audit log is not whole: {faults} faults.")
    entries = chain.count_entries()
    log.record(BackupEvent.COPY, None, actor=None, now=clock.now(), rows=copied.rows)
    db.session.commit()
    return entries
