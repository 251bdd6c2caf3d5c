"""Put a notice into the outbox, in the transaction of what it tells; sending is the job's work."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from pr_tracker.accounts.models import Person
from pr_tracker.db import Base, db
from pr_tracker.notices import queries
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import MailState, NoticeKind
from pr_tracker.office_time import office_day


def tell(
    people: Iterable[Person | int],
    kind: NoticeKind,
    *,
    key: str,
    about: Base,
    data: dict[str, Any],
    now: datetime,
    path: str,
    urgent: bool = False,
    mail: bool = True,
    mail_after: datetime | None = None,
) -> list[Notice]:
    """Tell each of the people, or today's substitute, once under this key; returns the notices that are new.

    They stand in the bell at once. Their mail goes out at once too, or not before `mail_after` (the caller knows the
    office hours) unless `urgent`; with mail=False never. `data` is plain JSON, days and moments in ISO form under
    names that end in _on and _at; it is put into words when it is read. Safe against others who tell the same.
    """
    db.session.flush()
    ids = {person if isinstance(person, int) else person.id for person in people}
    receivers = queries.receivers_of(key, ids, office_day(now)) if ids else []
    if not receivers:
        return []
    facts = {
        "key": key,
        "kind": kind,
        "about_kind": about.__tablename__,
        "about_id": getattr(about, "id"),  # noqa: B009 - every thing people are told of has one
        "path": path,
        "data": data,
        "urgent": urgent,
        "created_at": now,
        "mail_state": MailState.WAITING if mail else MailState.OFF,
        "mail_next_at": (now if urgent else mail_after or now) if mail else None,
    }
    return _put([facts | vars(receiver) for receiver in receivers])


def _put(rows: list[dict[str, Any]]) -> list[Notice]:
    """Add what is not there yet. Somebody who adds the same at the same moment is waited for, and wins."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    added = dialect.insert(Notice).values(rows).on_conflict_do_nothing(index_elements=["key", "person_id"])
    return list(db.session.scalars(added.returning(Notice)))
