"""Write to the audit log, in the same transaction as the act itself."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry, AuditHead
from pr_tracker.audit.rules import FIRST_HASH, Sealed, digest
from pr_tracker.db import Base, db, read_once

_FIRST_HEAD = sa.text(
    "INSERT INTO audit_head (id, last_number, last_hash) VALUES (1, 0, :hash) ON CONFLICT (id) DO NOTHING"
)


class Actor(Protocol):
    """Whoever acts: a signed-in person."""

    id: int
    full_name: str


def record(event: StrEnum, subject: Base | None, *, actor: Actor | None, now: datetime, **data: Any) -> None:
    """Append one entry about `subject`; `actor` is None for the system itself. `data` must be plain JSON."""
    db.session.flush()
    kind = type(subject).__tablename__ if subject is not None else ""
    record_each(event, [(kind, getattr(subject, "id", None), data)], actor=actor, now=now)


def record_each(
    event: StrEnum, subjects: Iterable[tuple[str, int | None, dict[str, Any]]], *, actor: Actor | None, now: datetime
) -> None:
    """One entry for each (table, id, data), at the cost of one: for what happens to many things at once."""
    head = read_once("audit head", _locked_head)
    for kind, subject_id, data in subjects:
        sealed = Sealed(
            number=head.last_number + 1,
            at=now,
            actor_id=actor.id if actor else None,
            actor_name=actor.full_name if actor else "",
            event=event.value,
            subject_kind=kind,
            subject_id=subject_id,
            data=data,
            previous_hash=head.last_hash,
        )
        head.last_number, head.last_hash = sealed.number, digest(sealed)
        db.session.add(AuditEntry(**vars(sealed), hash=head.last_hash))


def take_turn() -> None:
    """Wait until no other act is being recorded: what is looked up from here on stays so until the commit."""
    read_once("audit head", _locked_head)


def _locked_head() -> AuditHead:
    query = sa.select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    head = db.session.scalar(query)
    if head is None:  # the log is empty: of several first acts one makes the head, the others wait for it
        db.session.execute(_FIRST_HEAD, {"hash": FIRST_HASH})
        head = db.session.scalars(query).one()
    return head
