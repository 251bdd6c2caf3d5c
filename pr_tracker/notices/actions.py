"""Put a notice into the outbox, in the transaction of what it tells; keep the account of its mail."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record
from pr_tracker.db import Base, db
from pr_tracker.errors import N_, StepNotAllowed
from pr_tracker.notices import queries
from pr_tracker.notices.models import CalendarFeed, Notice, NoticeChoices, SenderPulse
from pr_tracker.notices.rules import (
    Choices,
    DigestPart,
    MailState,
    NoticeEvent,
    NoticeKind,
    digest_key,
    next_attempt_at,
)
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
    facts = _facts(about, kind, key, data, now, path) | {"urgent": urgent}
    facts |= _mail_from((now if urgent else mail_after or now) if mail else None)
    return _put([facts | vars(receiver) for receiver in receivers])


@dataclass(frozen=True)
class Letter:
    """A notice for one person with an account, or by mail alone for one address without."""

    key: str
    about: Base
    data: dict[str, Any]
    path: str
    person_id: int | None = None
    address: str | None = None
    addressee: str = ""


def send_letters(letters: Iterable[Letter], kind: NoticeKind, *, now: datetime) -> int:
    """Tell many people each their own, once under each key, never a substitute; returns how many are new."""
    db.session.flush()
    rows: dict[str, list[dict[str, Any]]] = {"person_id": [], "address": []}
    for one in letters:
        facts = _facts(one.about, kind, one.key, one.data, now, one.path) | _mail_from(now)
        if one.person_id is not None:
            rows["person_id"].append(facts | {"person_id": one.person_id})
        else:
            rows["address"].append(facts | {"address": one.address, "addressee": one.addressee})
    return sum(len(_put(told, to)) for to, told in rows.items() if told)


def tell_digest(
    person: Person, parts: Mapping[DigestPart, list[dict[str, Any]]], *, now: datetime, path: str
) -> Notice | None:
    """The morning's digest of one person for today: once a day, only who wants it, only when there is something.

    Each thing is {"code", "subject", "due_on" or "due_at", "path"}. It goes to the person, never to a substitute:
    what a substitute has to do stands in the substitute's own. Whether today is a working day is the caller's question.
    """
    day = office_day(now)
    told = {part.value: things for part, things in parts.items() if things}
    if not told or person.id not in queries.digest_readers([person.id], day):
        return None
    facts = _facts(person, NoticeKind.DIGEST, digest_key(person.id, day), {"parts": told}, now, path)
    return next(iter(_put([facts | _mail_from(now) | {"person_id": person.id}])), None)


def _facts(about: Base, kind: NoticeKind, key: str, data: dict[str, Any], now: datetime, path: str) -> dict[str, Any]:
    facts = {"kind": kind, "key": key, "data": data, "created_at": now, "path": path}
    return facts | {"about_kind": about.__tablename__, "about_id": getattr(about, "id")}  # noqa: B009


def _mail_from(at: datetime | None) -> dict[str, Any]:
    return {"mail_state": MailState.WAITING if at else MailState.OFF, "mail_next_at": at}


def _put(rows: list[dict[str, Any]], to: str = "person_id") -> list[Notice]:
    """Add what is not there yet. Somebody who adds the same at the same moment is waited for, and wins."""
    added = _insert(Notice).values(rows).on_conflict_do_nothing(index_elements=["key", to])
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


def choose(person: Person, choices: Choices, *, now: datetime) -> None:
    """What a person wants by mail from now on."""
    row = db.session.get(NoticeChoices, person.id) or NoticeChoices(person_id=person.id)
    row.reminders_by_mail, row.digest = choices.reminders_by_mail, choices.digest
    db.session.add(row)
    record(NoticeEvent.CHOICES, person, actor=person, now=now, **vars(choices))


def make_feed(person: Person, *, now: datetime) -> CalendarFeed:
    """A new calendar link for the person; an earlier one opens nothing any more."""
    feed = db.session.get(CalendarFeed, person.id) or CalendarFeed(person_id=person.id)
    feed.nonce, feed.created_at = secrets.token_hex(16), now
    db.session.add(feed)
    record(NoticeEvent.FEED_MADE, person, actor=person, now=now)
    return feed


def revoke_feed(person: Person, *, now: datetime) -> None:
    """The person's calendar link opens nothing any more; nothing happens without one."""
    feed = db.session.get(CalendarFeed, person.id)
    if feed is not None:
        db.session.delete(feed)
        record(NoticeEvent.FEED_REVOKED, person, actor=person, now=now)


def mark_read(notices: Iterable[Notice], now: datetime) -> None:
    """The person has seen them; what was read before keeps its time."""
    for notice in notices:
        notice.read_at = notice.read_at or now


def mark_all_read(person: Person, newest_id: int, now: datetime) -> None:
    """Everything up to the newest that stood on the page; what came meanwhile stays unread."""
    unread = sa.update(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None), Notice.id <= newest_id)
    db.session.execute(unread.values(read_at=now))


def send_again(notice: Notice, *, actor: Person, now: datetime) -> None:
    """A mail that failed is tried anew from the beginning. Raises StepNotAllowed for any other."""
    if notice.mail_state is not MailState.FAILED:
        raise StepNotAllowed(N_("Only a mail that failed can be sent again."))
    notice.mail_attempts = 0
    put_back(notice, notice.mail_error, now)
    record(NoticeEvent.SENT_AGAIN, notice, actor=actor, now=now)


def claim_mail(notice: Notice, until: datetime) -> str:
    """One sender has the mail until the lease ends; returns the name of the claim."""
    notice.mail_state, notice.mail_next_at, notice.mail_claim = MailState.SENDING, until, secrets.token_hex(16)
    return notice.mail_claim


def mark_sent(notice: Notice, now: datetime) -> None:
    """The mail server has taken the mail over."""
    _close_mail(notice, MailState.SENT, error="")
    notice.mail_attempts += 1
    notice.mail_sent_at = now


def redirect_mails(about: Base, address: str) -> None:
    """Mails about this to an address without account that still wait go to this one instead, to none without one."""
    waiting = (Notice.person_id.is_(None), Notice.mail_state == MailState.WAITING)
    subject = (Notice.about_kind == about.__tablename__, Notice.about_id == getattr(about, "id"))  # noqa: B009
    to = {"address": address} if address else {"mail_state": MailState.OFF, "mail_next_at": None}
    db.session.execute(sa.update(Notice).where(*subject, *waiting).values(**to))


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
