"""Find papers: the one that stands for a key, one by its code or fingerprint, a page of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.keyset import Cursor, Page, page_of
from pr_tracker.office_time import office_instant
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PaperEvent, PaperKind, Status, beside, kinds_for
from pr_tracker.permissions import granted
from pr_tracker.text import fold

PAGE_SIZE = 50

COLUMNS = (
    Paper.id,
    Paper.code,
    Paper.kind,
    Paper.title,
    Paper.size,
    Paper.digest,
    Paper.issued_at,
    Paper.superseded_at,
    Paper.withdrawn_at,
    Paper.withdrawn_because,
    Paper.signed_at,
    Paper.signed_as,
    Paper.file_id,
    Agency.short_name.label("agency"),
    Person.full_name.label("issued_by"),
)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; days are the office's, both included."""

    text: str = ""
    kind: PaperKind | None = None
    status: Status | None = None
    unsigned: bool = False
    agency_id: int | None = None
    since: date | None = None
    until: date | None = None


def find_standing(key: str) -> Paper | None:
    """The paper of this key that is neither superseded nor withdrawn."""
    standing = Paper.superseded_at.is_(None), Paper.withdrawn_at.is_(None)
    return db.session.scalar(sa.select(Paper).where(Paper.key == key, *standing))


def standing_of(key: str) -> list[Paper]:
    """The papers of this key that stand: a signed one may have a later, unsigned one beside it. The later first."""
    found = (find_standing(beside(key)), find_standing(key))
    return [paper for paper in found if paper is not None]


def find_by_code(code: str) -> Paper | None:
    """The paper with this code."""
    return db.session.scalar(sa.select(Paper).where(Paper.code == code))


def find_by_digest(digest: str) -> Paper | None:
    """The paper whose file, as drawn or as signed, has this SHA-256; the latest where there are several."""
    fits = sa.or_(Paper.digest == digest, Paper.signed_digest == digest)
    return db.session.scalar(sa.select(Paper).where(fits).order_by(Paper.id.desc()).limit(1))


def successor_of(paper: Paper) -> Paper | None:
    """The paper that took this one's place."""
    return db.session.scalar(sa.select(Paper).where(Paper.replaces_id == paper.id))


def get_visible(paper_id: int, actor: Person) -> Paper:
    """The paper, if this person may see it. Raises NotFound."""
    query = sa.select(Paper).where(Paper.id == paper_id, *visible_to(actor))
    paper = db.session.scalar(query.options(sa.orm.joinedload(Paper.file), sa.orm.joinedload(Paper.issued_by)))
    if paper is None:
        raise NotFound(N_("No such paper was issued."))
    return paper


def visible_to(actor: Person) -> list[sa.ColumnElement[bool]]:
    """Papers their own agency issued, in the province's office and for supervisors all; of the kinds they read."""
    seen: list[sa.ColumnElement[bool]] = [Paper.kind.in_(kinds_for(granted(actor.roles)))]
    return seen if actor.sees_all else [*seen, Paper.holder_id == actor.agency_id]


def page(actor: Person, filters: Filters, cursor: Cursor | None = None) -> Page[Cursor]:
    """One page of the list, the newest first."""
    return page_of(_narrowed(actor, filters), KEYS, cursor, size=PAGE_SIZE, place_of=_cursor)


def papers_listed(actor: Person, filters: Filters) -> sa.Select[Any]:
    """The whole narrowed list, the newest first."""
    return _narrowed(actor, filters).order_by(*(key.desc() for key in KEYS))


def seen_of(ids: Sequence[int], actor: Person) -> Sequence[int]:
    """The ids of those papers that this person sees, in the order they were issued."""
    query = sa.select(Paper.id).where(Paper.id.in_(ids), *visible_to(actor))
    return db.session.scalars(query.order_by(Paper.id)).all()


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


def loose_files(before: datetime, most: int) -> Sequence[Paper]:
    """Papers issued before a moment whose file need not be kept: unsigned, and not kept for good."""
    loose = Paper.file_id.is_not(None), Paper.signed_at.is_(None), Paper.kept.is_(False)
    query = sa.select(Paper).where(*loose, Paper.issued_at < before).order_by(Paper.issued_at).limit(most)
    return db.session.scalars(query.with_for_update(skip_locked=True)).all()


KEYS = (Paper.issued_at, Paper.id)


def _narrowed(actor: Person, filters: Filters) -> sa.Select[Any]:
    joined: sa.Select[Any] = sa.select(*COLUMNS)  # type: ignore[assignment]
    joined = joined.outerjoin(Agency, Agency.id == Paper.agency_id)
    query = joined.outerjoin(Person, Person.id == Paper.issued_by_id).where(*visible_to(actor))
    for word in fold(filters.text).split()[:12]:
        query = query.where(Paper.search_text.contains(word, autoescape=True))
    if filters.kind is not None:
        query = query.where(Paper.kind == filters.kind)
    if filters.status is not None:
        query = query.where(*_standing_as(filters.status))
    if filters.unsigned:
        query = query.where(Paper.signed_at.is_(None))
    if filters.agency_id is not None:
        query = query.where(Paper.agency_id == filters.agency_id)
    if filters.since is not None:
        query = query.where(Paper.issued_at >= office_instant(filters.since))
    if filters.until is not None:
        query = query.where(Paper.issued_at < office_instant(filters.until + timedelta(days=1)))
    return query


def _standing_as(status: Status) -> list[sa.ColumnElement[bool]]:
    if status is Status.WITHDRAWN:
        return [Paper.withdrawn_at.is_not(None)]
    superseded = Paper.superseded_at.is_not(None) if status is Status.SUPERSEDED else Paper.superseded_at.is_(None)
    return [Paper.withdrawn_at.is_(None), superseded]


def _cursor(row: Any) -> Cursor:
    return Cursor(0, row.issued_at, row.id)
