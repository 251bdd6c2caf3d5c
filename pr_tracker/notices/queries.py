"""Find notices: whom one reaches today, what somebody has not read, what was sent, how the sender does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.notices.models import Notice, NoticeChoices, SenderPulse
from pr_tracker.notices.rules import LATE_AFTER, Choices, MailState


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


@dataclass(frozen=True)
class SenderHealth:
    """How the sender does: minutes since its last pass (None: it never ran), jobs that failed, mail that failed and
    mail that waits although its time has come."""

    minutes_silent: int | None
    fault: str
    failed: int
    overdue: int

    @property
    def is_running(self) -> bool:
        """Whether it ran lately."""
        return self.minutes_silent is not None and self.minutes_silent * 60 <= LATE_AFTER.total_seconds()

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look after it."""
        return self.is_running and not (self.fault or self.failed or self.overdue)


def health(now: datetime) -> SenderHealth:
    """How the sender does at this moment."""
    pulse = db.session.get(SenderPulse, 1)
    failed = sa.select(sa.func.count()).where(Notice.mail_state == MailState.FAILED)
    overdue = sa.select(sa.func.count()).where(Notice.mail_next_at < now - LATE_AFTER)
    counts = db.session.execute(sa.select(failed.scalar_subquery(), overdue.scalar_subquery())).one()
    silent = None if pulse is None else max(0, int((now - pulse.last_pass_at).total_seconds() // 60))
    return SenderHealth(silent, pulse.fault if pulse else "", *counts)
