"""Papers for whoever runs inside the application: pages, commands and long work; files that are no longer kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from pr_tracker.accounts.models import Agency
from pr_tracker.audit.actions import Actor
from pr_tracker.db import db, start_writing
from pr_tracker.notices.mail import DEVELOPMENT
from pr_tracker.papers import actions
from pr_tracker.papers.actions import Desk, Draw, Issued
from pr_tracker.papers.rules import PaperKind

AT_ONCE = 100


def desk() -> Desk:
    """What issuing needs, out of the settings."""
    settings = current_app.config
    base = settings["PR_TRACKER_PUBLIC_URL"] or DEVELOPMENT
    return Desk(settings["SECRET_KEY"], base, Path(settings["PR_TRACKER_UPLOAD_FOLDER"]))


def issue(
    kind: PaperKind,
    key: str,
    title: str,
    draw: Draw,
    *,
    agency: Agency | None,
    actor: Actor | None,
    now: datetime,
    kept: bool = False,
) -> Issued:
    """Draw a paper and put it on record; whoever calls this commits. What was written before is NOT undone: for POSTs,
    commands and long work. A page that answers GET uses issue_on_reading()."""
    return actions.issue(kind, key, title, draw, agency=agency, actor=actor, now=now, desk=desk(), kept=kept)


def issue_on_reading(
    kind: PaperKind,
    key: str,
    title: str,
    draw: Draw,
    *,
    agency: Agency | None,
    actor: Actor | None,
    now: datetime,
) -> Issued:
    """As issue(), for GET: draws while others may write, then begins the transaction anew with the write lock.

    Whoever calls this writes nothing before it, and commits.
    """
    drawn = actions.draw_paper(key, draw, desk=desk())
    start_writing()
    return actions.keep_paper(kind, key, title, drawn, agency=agency, actor=actor, now=now, desk=desk())


def forget_files(now: datetime) -> int:
    """Remove the files of papers that need not be kept any longer; returns how many. Commits each few by itself."""
    days, folder = current_app.config["PR_TRACKER_KEEP_PAPERS_DAYS"], desk().folder
    gone = 0
    while names := actions.forget_files(now - timedelta(days=days), AT_ONCE):
        db.session.commit()
        remove(folder, names)
        gone += len(names)
    db.session.rollback()
    return gone


def remove(folder: Path, names: Iterable[str]) -> None:
    """Take files out of the store, once nothing on record points at them."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
