"""Find papers: the one that stands for a key, one by its code or fingerprint, a page of the list."""

from pathlib import Path

import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PaperEvent


def find_standing(key: str) -> Paper | None:
    """The paper of this key that is neither superseded nor withdrawn."""
    standing = Paper.superseded_at.is_(None), Paper.withdrawn_at.is_(None)
    return db.session.scalar(sa.select(Paper).where(Paper.key == key, *standing))


def find_by_code(code: str) -> Paper | None:
    """The paper with this code."""
    return db.session.scalar(sa.select(Paper).where(Paper.code == code))


def find_by_digest(digest: str) -> Paper | None:
    """The paper whose file, as drawn or as signed, has this SHA-256; the latest where there are several."""
    fits = sa.or_(Paper.digest == digest, Paper.signed_digest == digest)
    return db.session.scalar(sa.select(Paper).where(fits).order_by(Paper.id.desc()).limit(1))


def is_whole(paper: Paper) -> bool:
    """Whether the fingerprints that are stored are those that the audit log says were given."""
    entry = AuditEntry
    query = sa.select(entry.event, entry.data).where(
        entry.subject_kind == Paper.__tablename__,
        entry.subject_id == paper.id,
        entry.event.in_((PaperEvent.ISSUE, PaperEvent.SIGN)),
    )
    said = {row.event: row.data.get("digest") for row in db.session.execute(query)}
    return said.get(PaperEvent.ISSUE) == paper.digest and said.get(PaperEvent.SIGN) == paper.signed_digest


def content_of(paper: Paper, folder: Path) -> bytes | None:
    """The kept file, signed where it is signed; None when it is no longer kept."""
    path = folder / paper.file.stored_name if paper.file else None
    return path.read_bytes() if path and path.is_file() else None
