"""In the background: authorisations end by themselves, both are told; a working day before, both are reminded."""

import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.spokespersons import actions_authorising as actions
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.queries_rights import STILL_THERE

BATCH = 100
Line = Callable[[Authorisation, datetime], object]
log = logging.getLogger(__name__)


def tell_ended(now: datetime, *lines: Line) -> int:
    """End what is over, remind of what ends soon; how many authorisations. `lines` write the matter's history.

    Any number may run at once: each row is taken by one of them.
    """
    done = _each(_over(now), lambda made: _end(made, now, lines))
    return done + _each(_ending(now), lambda made: actions.remind(made, now=now))


def _end(made: Authorisation, now: datetime, lines: tuple[Line, ...]) -> None:
    actions.end(made, now=now)
    for line in lines:
        line(made, now)


def _over(now: datetime) -> sa.Select[Authorisation]:
    over = sa.or_(Authorisation.until_at <= now, sa.not_(STILL_THERE))
    return _given().where(Authorisation.told_at.is_(None), over)


def _ending(now: datetime) -> sa.Select[Authorisation]:
    return _given().where(Authorisation.remind_at <= now, Authorisation.until_at > now)


def _given() -> sa.Select[Authorisation]:
    query = sa.select(Authorisation).join(Person, Person.id == Authorisation.person_id)
    return query.where(Authorisation.granted_at.is_not(None))


def _each(query: sa.Select[Authorisation], do: Callable[[Authorisation], object]) -> int:
    """Take each row that nobody has, in a transaction of its own; what failed is raised when all else is done."""
    done, faults, tried = 0, list[Exception](), list[int]()
    while len(tried) < BATCH:
        waiting = query.where(Authorisation.id.not_in(tried)).order_by(Authorisation.until_at, Authorisation.id)
        made = db.session.scalar(waiting.limit(1).with_for_update(of=Authorisation, skip_locked=True))
        if made is None:
            break
        tried.append(made.id)
        try:
            do(made)
            db.session.commit()
            done += 1
        except Exception as fault:  # one row must not keep all others from being told
            db.session.rollback()
            log.exception("Authorisation %s could not be ended or reminded of", tried[-1])
            faults.append(fault)
    db.session.commit()
    if faults:
        raise faults[0]
    return done
