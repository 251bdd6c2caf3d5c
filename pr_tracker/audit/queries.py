"""Find faults in the chain, and the entries of one thing."""

from collections.abc import Iterator

import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry, AuditHead
from pr_tracker.audit.rules import FIRST_HASH, Fault, FaultKind, Sealed, digest
from pr_tracker.db import db

BATCH = 1000


def faults_in_chain() -> Iterator[Fault]:
    """Every broken place, in order of number; nothing for a whole chain."""
    head = db.session.get(AuditHead, 1)
    last_number, last_hash = (head.last_number, head.last_hash) if head else (0, FIRST_HASH)
    expected, previous = 1, FIRST_HASH
    for entry in _all_entries():
        if entry.number > last_number:
            yield Fault(FaultKind.INSERTED, entry.number)
            continue
        for number in range(expected, entry.number):
            yield Fault(FaultKind.MISSING, number)
        broken_link = expected == entry.number and entry.previous_hash != previous
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


def entries_before(number: int | None, limit: int) -> list[sa.Row]:
    """Entries below a number (newest first), at most `limit`: a keyset page."""
    query = sa.select(*AuditEntry.__table__.columns).order_by(AuditEntry.number.desc()).limit(limit)
    return list(db.session.execute(query if number is None else query.where(AuditEntry.number < number)))


def _all_entries() -> Iterator[sa.Row]:
    after = -(10**9)
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
