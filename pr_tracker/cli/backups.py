"""flask backup, flask restore, flask export all: everything in one file, back again, and as tables to read."""

import zipfile
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from pr_tracker import clock
from pr_tracker.audit import actions as log
from pr_tracker.audit import queries as chain
from pr_tracker.backups import exporting, making, restoring
from pr_tracker.backups.manifest import BackupEvent, Manifest, key_fingerprint
from pr_tracker.cli.saying import Group, OneCommand, Refused, few, refusing
from pr_tracker.db import db
from pr_tracker.inquiries.jobs import make_summaries

OTHER_KEY = (
    "Mind: PR_TRACKER_SECRET_KEY is not the one of the backup. Until it is, codes on papers already handed out are "
    "not recognised and authenticator apps do not fit."
)


@click.command("backup", cls=OneCommand)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
@refusing
def backup(file: Path) -> None:
    """Write everything to FILE: the database at one instant and all attachments. The service may go on working."""
    now = clock.now()
    try:
        manifest, digest = making.make_backup(file, uploads=_uploads(), key=_key(), now=now)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    about = {"digest": digest, "rows": manifest.rows, "files": len(manifest.files)}
    log.record(BackupEvent.MAKE, None, actor=None, now=now, **about)
    db.session.commit()
    click.echo(f"{file}: {_contents(manifest)}.\nSHA-256 {digest}")
    if manifest.missing:
        raise Refused(f"{file} is written, but {few(manifest.missing)}")


@click.command("restore", cls=OneCommand)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Only look whether FILE is whole and fits this program.")
@with_appcontext
@refusing
def restore(file: Path, check: bool) -> None:
    """Put a backup into an empty database of either engine, and compare. Nothing is changed when anything is wrong."""
    with restoring.opened(file) as (book, manifest):
        said = f"{_contents(manifest)}, made at {manifest.made_at}"
        if check:
            end = f"its log ends with entry {manifest.audit['number']}, {manifest.audit['hash'][:16]}…"
            click.echo(f"{file} is whole: {said}; {end}")
        else:
            _put_back(book, manifest)
            click.echo(f"Restored and compared: {said}.\nThe audit log is whole: {chain.count_entries()} entries.")
        if manifest.key != key_fingerprint(_key()):
            click.echo(OTHER_KEY, err=True)
        if manifest.missing:
            click.echo(f"Already when the backup was made, {few(manifest.missing)}", err=True)


export = Group("export", help="Everything as tables that other programs read.")


@export.command("all")
@click.argument("target", type=click.Path(path_type=Path))
@refusing
def export_all(target: Path) -> None:
    """Write every table as CSV and JSON, with all attachments and checksums, to a new folder or a .zip file TARGET.

    What opens a door (passwords, keys, tokens) is left out; for coming back there is flask backup.
    """
    now = clock.now()
    try:
        exported = exporting.export_everything(target, uploads=_uploads(), now=now)
    except OSError as error:
        raise Refused(f"{target} cannot be written: {error.strerror}.") from None
    about = {"rows": exported.rows, "files": exported.files}
    log.record(BackupEvent.EXPORT, None, actor=None, now=now, **about)
    db.session.commit()
    click.echo(f"{target}: {exported.tables} tables, {exported.rows} rows, {exported.files} attachments.")
    if exported.missing:
        raise Refused(f"{target} is written, but {few(exported.missing)}")


def _put_back(book: zipfile.ZipFile, manifest: Manifest) -> None:
    restoring.restore(book, manifest, uploads=_uploads())
    make_summaries(clock.now())
    faults = sum(1 for _ in chain.faults_in_chain())
    if faults:
        raise Refused(f"Everything is restored as it was, but its audit log is not whole: {faults} faults.")
    about = {"made_at": manifest.made_at, "rows": manifest.rows, "files": len(manifest.files)}
    log.record(BackupEvent.RESTORE, None, actor=None, now=clock.now(), **about)
    db.session.commit()


def _contents(manifest: Manifest) -> str:
    return f"{len(manifest.tables)} tables, {manifest.rows} rows, {len(manifest.files)} attachments"


def _uploads() -> Path:
    return Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
