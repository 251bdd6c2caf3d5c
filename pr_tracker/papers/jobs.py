"""Papers for whoever runs inside the application: pages, commands and long work; files that are no longer kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from pr_tracker import pdf
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db, start_writing
from pr_tracker.notices.mail import DEVELOPMENT
from pr_tracker.papers import actions
from pr_tracker.papers.actions import Desk, Draw, DrawAt, Issued
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
    actor: Person | None,
    now: datetime,
    kept: bool = False,
) -> Issued:
    """Draw a paper and put it on record, in the transaction of whoever calls this and commits: POSTs, commands."""
    return actions.issue(kind, key, title, draw, agency=agency, actor=actor, now=now, desk=desk(), kept=kept)


def issue_on_reading(
    kind: PaperKind,
    key: str,
    title: str,
    draw: Draw,
    *,
    agency: Agency | None,
    actor: Person | None,
    now: datetime,
) -> Issued:
    """As issue(), for GET and long work: draws while others may write, then begins anew with the write lock.

    Whoever calls this has written nothing before it, and commits.
    """
    drawn = actions.draw_paper(key, draw, desk=desk())
    start_writing()
    return actions.keep_paper(kind, key, title, drawn, agency=agency, actor=actor, now=now, desk=desk())


def issue_in_public(
    kind: PaperKind, key: str, title: str, draw_at: DrawAt, *, agency: Agency | None, now: datetime
) -> Issued:
    """For a paper that any visitor may ask for: as long as nothing changed it is the one of today, and nothing is
    written; else it is issued and committed."""
    same = actions.find_same(key, draw_at, now=now, desk=desk())
    if same is not None:
        return same

    def draw(out: BinaryIO, check: pdf.Check) -> None:
        draw_at(out, check, now)

    issued = issue_on_reading(kind, key, title, draw, agency=agency, actor=None, now=now)
    db.session.commit()
    return issued


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
