"""Find faults in the chain, and the entries of one thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry, AuditHead
from pr_tracker.audit.rules import FIRST_HASH, Fault, FaultKind, Sealed, digest
from pr_tracker.db import db
from pr_tracker.office_time import office_instant
from pr_tracker.text import fold

BATCH = 1000
PAGE = 50
RENAMED = "person:change"  # the event whose entry holds the names before and after
_NONE: sa.ColumnElement[int] = sa.literal_column("0")  # a sum is no index to be walked


def faults_in_chain(newest: int | None = None) -> Iterator[Fault]:
    """Every broken place, in order of number; nothing for a whole chain.

    `newest`: only among so many entries, the last ones; the link of the first of them to those before is believed.
    """
    head = db.session.get(AuditHead, 1)
    last_number, last_hash = (head.last_number, head.last_hash) if head else (0, FIRST_HASH)
    expected, previous, after = 1, FIRST_HASH, -(10**9)
    if newest is not None and last_number > newest:
        after = last_number - newest
        expected, previous = after + 1, ""
    for entry in _entries_after(after):
        if entry.number > last_number:
            yield Fault(FaultKind.INSERTED, entry.number)
            continue
        for number in range(expected, entry.number):
            yield Fault(FaultKind.MISSING, number)
        broken_link = expected == entry.number and entry.previous_hash != (previous or entry.previous_hash)
        if (
            broken_link
            or digest(_sealed(entry)) != entry.hash
            or (entry.number == last_number and entry.hash != last_hash)
        ):
            yield Fault(FaultKind.CHANGED, entry.number)
        expected, previous = entry.number + 1, entry.hash
    for number in range(expected, last_number + 1):
        yield Fault(FaultKind.MISSING, number)


def count_entries() -> int:
    """How many entries there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def last_at() -> datetime | None:
    """When the last entry was written; None for an empty log."""
    last = sa.select(AuditHead.last_number).scalar_subquery()
    return db.session.scalar(sa.select(AuditEntry.at).where(AuditEntry.number == last))


def last_number() -> int:
    """The number of the last entry; 0 for an empty log."""
    return db.session.scalar(sa.select(AuditHead.last_number)) or 0


@dataclass(frozen=True)
class Wanted:
    """What a reader of the log looks for: words of a name, one event, one office day."""

    name: str = ""
    event: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Line:
    """An entry as stored, and whether its digest still fits what it says."""

    entry: sa.Row
    whole: bool


@dataclass(frozen=True)
class Page:
    """One page of the log, newest first, and whether there is more on either side."""

    lines: list[Line]
    has_newer: bool
    has_older: bool


def entries_page(wanted: Wanted, *, older_than: int | None = None, newer_than: int | None = None) -> Page:
    """Entries that fit, before or after a number: a keyset page."""
    number: Any = AuditEntry.number
    if wanted.day:  # the entries of a day are found by their day, then put in order
        number = number + _NONE
    query = sa.select(*AuditEntry.__table__.columns).where(*_narrowed(wanted)).limit(PAGE + 1)
    if newer_than is not None:
        query = query.where(number > newer_than).order_by(number)
    else:
        query = query.order_by(number.desc())
        query = query if older_than is None else query.where(number < older_than)
    rows = list(db.session.execute(query))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if newer_than is not None:
        rows.reverse()
    lines = [Line(row, digest(_sealed(row)) == row.hash) for row in rows]
    return Page(lines, *((more, True) if newer_than is not None else (older_than is not None, more)))


def entries_listed(wanted: Wanted) -> sa.Select[Any]:
    """All entries that fit, the newest first: for a table."""
    return sa.select(*AuditEntry.__table__.columns).where(*_narrowed(wanted)).order_by(AuditEntry.number.desc())


def _narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    narrowed: list[sa.ColumnElement[bool]] = []
    if wanted.event:
        event = sa.func.coalesce(AuditEntry.event, None) if wanted.day else AuditEntry.event
        narrowed.append(event == wanted.event)
    if wanted.day:
        begin, end = office_instant(wanted.day), office_instant(wanted.day + timedelta(days=1))
        narrowed += [AuditEntry.at >= begin, AuditEntry.at < end]
    if wanted.name:
        ids = _people_called(wanted.name)
        about = sa.and_(AuditEntry.subject_kind == "people", AuditEntry.subject_id.in_(ids))
        narrowed.append(sa.or_(AuditEntry.actor_id.in_(ids), about))
    return narrowed


def _people_called(name: str) -> list[int]:
    """Who is or was called so: in their first or their newest entry, found from one person to the next by the index of
    actors and not among all that everybody did, or in an entry of a renaming."""
    entry, actor = AuditEntry, AuditEntry.actor_id
    people = sa.select(sa.func.min(actor).label("id")).cte("people", recursive=True)
    following = sa.select(sa.func.min(actor)).where(actor > people.c.id).correlate(people).scalar_subquery()
    people = people.union_all(sa.select(following).where(people.c.id.is_not(None)))
    own = sa.select(entry.actor_name).where(actor == people.c.id).correlate(people).limit(1)
    names = [own.order_by(entry.number).scalar_subquery(), own.order_by(entry.number.desc()).scalar_subquery()]
    words = fold(name).split()
    known = db.session.execute(sa.select(people.c.id, *names).where(people.c.id.is_not(None)))
    said = [(row[0], name) for row in known for name in row[1:]]
    changes = sa.select(entry.subject_id, entry.data).where(entry.event == RENAMED, entry.subject_id.is_not(None))
    for person_id, data in db.session.execute(changes):
        said += [(person_id, str(name)) for name in data.get("changed", {}).get("full_name", ())]
    return sorted({person_id for person_id, name in said if all(word in fold(name) for word in words)})


def chain_end() -> AuditHead | None:
    """The number and digest with which the log ends, None while it is empty."""
    return db.session.get(AuditHead, 1)


def last_change_of(subject: Any) -> sa.Row | None:
    """The latest entry about a thing that is not a mere reading of it: at, actor_name, event, data."""
    entry = AuditEntry
    query = (
        sa.select(entry.at, entry.actor_name, entry.event, entry.data)
        .where(entry.subject_kind == subject.__tablename__, entry.subject_id == subject.id)
        .where(entry.event.not_like("%:read"))
        .order_by(entry.number.desc())
        .limit(1)
    )
    return db.session.execute(query).first()


def entries_of(*subjects: Any) -> Sequence[sa.Row]:
    """What is on record about some things, the newest first: number, at, actor_name, event, data."""
    entry = AuditEntry
    about = [sa.and_(entry.subject_kind == each.__tablename__, entry.subject_id == each.id) for each in subjects]
    query = sa.select(entry.number, entry.at, entry.actor_name, entry.event, entry.data).where(sa.or_(*about))
    return db.session.execute(query.order_by(entry.number.desc())).all()


def _entries_after(after: int) -> Iterator[sa.Row]:
    while True:
        rows = db.session.execute(
            sa.select(*AuditEntry.__table__.columns)
            .where(AuditEntry.number > after)
            .order_by(AuditEntry.number)
            .limit(BATCH)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].number


def _sealed(row: sa.Row) -> Sealed:
    return Sealed(
        row.number,
        row.at,
        row.actor_id,
        row.actor_name,
        row.event,
        row.subject_kind,
        row.subject_id,
        row.data,
        row.previous_hash,
    )
