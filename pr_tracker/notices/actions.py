"""Put a notice into the outbox, in the transaction of what it tells; keep the account of its mail."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from pr_tracker.accounts.models import Person
from pr_tracker.db import Base, db
from pr_tracker.notices import queries
from pr_tracker.notices.models import Notice, SenderPulse
from pr_tracker.notices.rules import MailState, NoticeKind, next_attempt_at
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
    added = _insert(Notice).values(rows).on_conflict_do_nothing(index_elements=["key", "person_id"])
    return list(db.session.scalars(added.returning(Notice)))


def _insert(table: type[Base]) -> Any:
    """INSERT with ON CONFLICT, which both engines have."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def note_pass(fault: str, now: datetime) -> None:
    """The sender's pulse: it ran to its end; `fault` names the jobs that failed on the way."""
    facts = {"last_pass_at": now, "fault": fault}
    made = _insert(SenderPulse).values(id=1, **facts)
    db.session.execute(made.on_conflict_do_update(index_elements=["id"], set_=facts))


def claim_mail(notice: Notice, until: datetime) -> str:
    """One sender has the mail until the lease ends; returns the name of the claim."""
    notice.mail_state, notice.mail_next_at, notice.mail_claim = MailState.SENDING, until, secrets.token_hex(16)
    return notice.mail_claim


def mark_sent(notice: Notice, now: datetime) -> None:
    """The mail server has taken the mail over."""
    _close_mail(notice, MailState.SENT, error="")
    notice.mail_attempts += 1
    notice.mail_sent_at = now


def mark_off(notice: Notice) -> None:
    """The mail is not to be sent; the notice stays in the bell."""
    _close_mail(notice, MailState.OFF, error="")


def mark_failed(notice: Notice, error: str, now: datetime, *, for_ever: bool) -> None:
    """An attempt failed: another follows after a pause, each longer, until the last or a refusal for ever."""
    notice.mail_attempts += 1
    again_at = None if for_ever else next_attempt_at(notice.mail_attempts, now)
    if again_at is None:
        _close_mail(notice, MailState.FAILED, error=error)
    else:
        put_back(notice, error, again_at)


def put_back(notice: Notice, error: str, again_at: datetime) -> None:
    """The mail waits again."""
    notice.mail_state, notice.mail_next_at, notice.mail_claim = MailState.WAITING, again_at, None
    notice.mail_error = error


def _close_mail(notice: Notice, state: MailState, *, error: str) -> None:
    notice.mail_state, notice.mail_next_at, notice.mail_claim, notice.mail_error = state, None, None, error
