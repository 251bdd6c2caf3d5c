"""Find notices: whom one reaches today, what somebody has not read, what was sent, how the sender does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.notices.models import Notice


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
