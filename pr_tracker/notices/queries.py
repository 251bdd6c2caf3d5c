"""Find notices: whom one reaches today, what somebody has not read, what was sent, how the sender does."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Absence, Person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.notices.models import CalendarFeed, Notice, NoticeChoices, SenderPulse
from pr_tracker.notices.rules import (
    LATE_AFTER,
    MOST_TOLD,
    Choices,
    MailState,
    NoticeKind,
    SenderHealth,
    digest_key,
)
from pr_tracker.text import fold

PAGE = 50


@dataclass(frozen=True)
class Receiver:
    """Who is told, and for whom it comes when that is somebody else."""

    person_id: int
    instead_of_id: int | None = None


def receivers_of(key: str, people_ids: Iterable[int], on: date) -> list[Receiver]:
    """Who is told on a day in place of these people, each once, in order of id; nobody inactive.

    Today's substitute for who is away, both when the substitute is away too. Who was told under this key before,
    in person or through a substitute, is not told again.
    """
    wanted = set(people_ids) - _told_before(key)
    away = accounts.stand_ins(wanted, on) if wanted else {}
    away_too = accounts.stand_ins(away.values(), on) if away else {}
    receivers: dict[int, int | None] = {
        person: None for person in wanted if person not in away or away[person] in away_too
    }
    for person, substitute in sorted(away.items()):
        receivers.setdefault(substitute, person)
    active = set(db.session.scalars(sa.select(Person.id).where(Person.id.in_(receivers), Person.active)))
    return [Receiver(person, receivers[person]) for person in sorted(receivers) if person in active]


def _told_before(key: str) -> set[int | None]:
    rows = db.session.execute(sa.select(Notice.person_id, Notice.instead_of_id).where(Notice.key == key))
    return {person for row in rows for person in row}


def choices_of(person_id: int) -> Choices:
    """What a person wants by mail."""
    row = db.session.get(NoticeChoices, person_id)
    return row.choices if row else Choices()


def digest_readers(people_ids: Iterable[int], day: date) -> list[int]:
    """Who of these people wants the digest and has not been told that of a day, in order of id."""
    wanted = set(people_ids)
    wanted -= set(_ids(NoticeChoices.person_id, ~NoticeChoices.digest, NoticeChoices.person_id.in_(wanted)))
    keys = [digest_key(person, day) for person in wanted]
    return sorted(wanted - set(_ids(Notice.person_id, Notice.key.in_(keys))))


def _ids(column: Any, *where: Any) -> Iterable[int]:
    return db.session.scalars(sa.select(column).where(*where))


def next_mail(now: datetime) -> Notice | None:
    """The mail whose turn it is: waiting, or left behind by a sender whose lease ran out. Locked for the caller;
    what another sender is just taking is passed over."""
    query = sa.select(Notice).where(Notice.mail_next_at <= now).limit(1)
    query = query.order_by(Notice.urgent.desc(), Notice.mail_next_at, Notice.id)
    return db.session.scalar(query.with_for_update(skip_locked=True, of=Notice))


def claimed_mail(notice_id: int, claim: str) -> Notice | None:
    """The mail that a sender claimed, locked; None when its lease ran out and another has it."""
    query = sa.select(Notice).where(Notice.id == notice_id, Notice.mail_claim == claim)
    return db.session.scalar(query.with_for_update(of=Notice))


@cache
def unread() -> sa.ScalarSelect[int]:
    """How many notices the :reader has not read, counted to one more than the bell says; as part of a statement."""
    unread = sa.select(sa.literal(1)).where(Notice.person_id == sa.bindparam("reader"), Notice.read_at.is_(None))
    return sa.select(sa.func.count()).select_from(unread.limit(MOST_TOLD + 1).subquery()).scalar_subquery()


def get_own(person_id: int, notice_id: int) -> Notice:
    """A notice of this person. Raises NotFound for those of others too."""
    notice = db.session.scalar(sa.select(Notice).where(Notice.id == notice_id, Notice.person_id == person_id))
    if notice is None:
        raise NotFound(N_("There is no such notice."))
    return notice


def get_failed(notice_id: int) -> Notice:
    """A notice, locked for a new attempt. Raises NotFound."""
    notice = db.session.scalar(sa.select(Notice).where(Notice.id == notice_id).with_for_update(of=Notice))
    if notice is None:
        raise NotFound(N_("There is no such notice."))
    return notice


@dataclass(frozen=True)
class Page:
    """One page of notices, newest first, and whether there is more on either side."""

    rows: list[sa.Row]
    has_newer: bool
    has_older: bool


_receiver, _absent = aliased(Person), aliased(Person)


def own_page(person_id: int, *, unread: bool, before: int | None = None, after: int | None = None) -> Page:
    """What a person was told, newest first; only what is unread when asked."""
    columns = (Notice.id, Notice.kind, Notice.data, Notice.path, Notice.created_at, Notice.read_at)
    query = sa.select(*columns, _absent.full_name.label("instead_of")).outerjoin(_absent, Notice.instead_of)
    query = query.where(Notice.person_id == person_id)
    return _page(query.where(Notice.read_at.is_(None)) if unread else query, before, after)


@dataclass(frozen=True)
class Wanted:
    """What a reader of the list of what was sent looks for: words of a name, a kind, a state of the mail."""

    name: str = ""
    kind: NoticeKind | None = None
    state: MailState | None = None


def sent_page(wanted: Wanted, *, before: int | None = None, after: int | None = None) -> Page:
    """What was told to whom, newest first, with its mail."""
    return _page(_sent_to(wanted), before, after)


def sent_listed(wanted: Wanted) -> sa.Select[Any]:
    """All of it, the newest first: for a table."""
    return _sent_to(wanted).order_by(Notice.id.desc())


def _sent_to(wanted: Wanted) -> sa.Select[Any]:
    query = _sent()
    if wanted.name:
        names = [Person.search_text.contains(word, autoescape=True) for word in fold(wanted.name).split()]
        addressed = [Notice.addressee.icontains(word, autoescape=True) for word in wanted.name.split()]
        query = query.where(sa.or_(Notice.person_id.in_(sa.select(Person.id).where(*names)), sa.and_(*addressed)))
    if wanted.kind:
        query = query.where(Notice.kind == wanted.kind)
    if wanted.state:
        query = query.where(Notice.mail_state == wanted.state)
    return query


def sent_about(
    about_kind: str, about_id: int, *, kinds: Collection[NoticeKind] = tuple(NoticeKind), limit: int = PAGE
) -> list[sa.Row]:
    """What was told about one thing, newest first: the columns of sent_page."""
    given = {"about_kind": about_kind, "about_id": about_id, "kinds": sorted(kinds), "most": limit}
    return list(db.session.execute(_sent_about(), given))


@cache
def _sent_about() -> sa.Select[Any]:
    about = (Notice.about_kind == sa.bindparam("about_kind"), Notice.about_id == sa.bindparam("about_id"))
    kinds = Notice.kind.in_(sa.bindparam("kinds", expanding=True))
    return _sent().where(*about, kinds).order_by(Notice.id.desc()).limit(sa.bindparam("most", type_=sa.Integer()))


def _sent() -> sa.Select[Any]:
    columns = (Notice.id, Notice.kind, Notice.data, Notice.about_kind, Notice.about_id, Notice.created_at)
    mail = (Notice.mail_state, Notice.mail_next_at, Notice.mail_sent_at, Notice.mail_attempts, Notice.mail_error)
    receiver = sa.func.coalesce(_receiver.full_name, Notice.addressee)
    people = (receiver.label("person"), Notice.address, _absent.full_name.label("instead_of"))
    query = sa.select(*columns, *mail, Notice.read_at, *people)
    return query.outerjoin(_receiver, Notice.person).outerjoin(_absent, Notice.instead_of)


def _page(query: sa.Select[Any], before: int | None, after: int | None) -> Page:
    query = query.limit(PAGE + 1)
    if after is not None:
        query = query.where(Notice.id > after).order_by(Notice.id)
    else:
        query = query.order_by(Notice.id.desc())
        query = query if before is None else query.where(Notice.id < before)
    rows = list(db.session.execute(query))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if after is not None:
        return Page(rows[::-1], more, True)
    return Page(rows, before is not None, more)


def find_feed(person_id: int) -> CalendarFeed | None:
    """The calendar link of a person."""
    return db.session.get(CalendarFeed, person_id)


def feed_owner(nonce: str) -> Person | None:
    """Whose calendar link has this nonce; nobody who may not sign in any more."""
    query = sa.select(Person).join(CalendarFeed, CalendarFeed.person_id == Person.id)
    return db.session.scalar(query.where(CalendarFeed.nonce == nonce, Person.active))


def health(now: datetime) -> SenderHealth:
    """How the sender does at this moment."""
    pulse = db.session.get(SenderPulse, 1)
    failed = sa.select(sa.func.count()).where(Notice.mail_state == MailState.FAILED)
    overdue = sa.select(sa.func.count()).where(Notice.mail_next_at < now - LATE_AFTER)
    counts = db.session.execute(sa.select(failed.scalar_subquery(), overdue.scalar_subquery())).one()
    silent = None if pulse is None else max(0, int((now - pulse.last_pass_at).total_seconds() // 60))
    return SenderHealth(silent, pulse.fault if pulse else "", *counts)


def count_mail(now: datetime) -> dict[str, int]:
    """How many mails wait or are being sent, how many of them too long, and how many have failed for good."""

    def counted(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(Notice).where(*where).scalar_subquery()

    waiting, late = Notice.mail_next_at.is_not(None), Notice.mail_next_at < now - LATE_AFTER
    row = db.session.execute(
        sa.select(counted(waiting), counted(late), counted(Notice.mail_state == MailState.FAILED))
    ).one()
    return dict(zip(("waiting", "late", "failed"), row, strict=True))


def last_pass(now: datetime) -> float | None:
    """When the sender last ran to its end, in seconds of Unix time; None when it never did."""
    pulse = db.session.scalar(sa.select(SenderPulse.last_pass_at))
    return None if pulse is None else pulse.timestamp()


def untold_absences(today: date) -> list[Absence]:
    """Absences of today or later whose substitute has not been told of them."""
    told = sa.exists().where(Notice.key == sa.literal("absence:") + sa.cast(Absence.id, sa.String))
    query = sa.select(Absence).where(Absence.to_on >= today, Absence.ended_at.is_(None), ~told)
    return list(db.session.scalars(query.order_by(Absence.id)))
