"""In the background: people are reminded of the initial information that an incident owes, level by level."""

import logging
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.queries_desks import Desks, desks
from pr_tracker.deadlines.rules_faces import ONE_HOUR
from pr_tracker.deadlines.rules_ladder import Reminder, Rung, to_say
from pr_tracker.incidents.actions.beats import rungs_of
from pr_tracker.incidents.actions.telling import due_facts, put, reminded_of
from pr_tracker.incidents.models import Incident
from pr_tracker.notices.rules import NoticeKind

BATCH = 100
POSTPONED = ONE_HOUR  # a row that cannot be reminded of is tried again, and does not keep others waiting
KINDS = {
    Rung.BEFORE: NoticeKind.BEFORE,
    Rung.LAST_DAY: NoticeKind.LAST_DAY,
    Rung.LATE_1: NoticeKind.LATE_1,
    Rung.LATE_2: NoticeKind.LATE_2,
    Rung.LATE_3: NoticeKind.LATE_3,
}
log = logging.getLogger(__name__)


def remind(now: datetime) -> int:
    """Tell what has come of every incident's clock, each rung once, at any hour; returns how many notices are new.

    Any number may run at once: a row is taken by one of them, told and planned on in the same transaction. What failed
    is raised at the end, when everything else is done.
    """
    told, faults, found = 0, list[Exception](), BATCH
    while found == BATCH:
        rows = _taken(now)
        found, at = len(rows), desks() if rows else Desks({})
        told += sum([_attempt(incident, at, now, faults) for incident in rows])
        db.session.commit()
    if faults:
        raise faults[0]
    return told


def _taken(now: datetime) -> list[Incident]:
    query = sa.select(Incident).where(Incident.next_reminder_at <= now)
    query = query.order_by(Incident.next_reminder_at, Incident.id).limit(BATCH)
    query = query.options(sa.orm.joinedload(Incident.agency))
    query = query.with_for_update(of=Incident, skip_locked=True, key_share=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _attempt(incident: Incident, at: Desks, now: datetime, faults: list[Exception]) -> int:
    try:
        with db.session.begin_nested():
            return _tell(incident, at, now)
    except Exception as fault:  # one row must not keep all others from being told
        log.exception("No reminder could be told of incident %s", incident.id)
        faults.append(fault)
        incident.next_reminder_at = now + POSTPONED
        return 0


def _tell(incident: Incident, at: Desks, now: datetime) -> int:
    since, told = incident.next_reminder_at, 0
    assert since is not None
    if incident.informed_at is not None or incident.closed_at is not None or incident.ends_at is None:
        incident.next_reminder_at = None
        return 0
    rungs = rungs_of(incident)
    for reminder in to_say(rungs, since=since, now=now, ends_at=incident.ends_at):
        people = reminded_of(incident, reminder.rung, now, at)
        facts: dict[str, Any] = due_facts(incident) | {"clock": incident.kind.clock_key.value}
        facts |= {"hours": _hours(incident.ends_at, reminder, now)}
        told += put(incident, people, KINDS[reminder.rung], key=_key(incident, reminder), now=now, **facts)
    incident.next_reminder_at = next((each.at for each in rungs if each.at > now), None)
    return told


def _key(incident: Incident, reminder: Reminder) -> str:
    """What is told once: this rung of this due time. A due time that moves is told of anew."""
    assert incident.ends_at is not None
    return f"incident:{incident.id}:{incident.ends_at.isoformat()}:{reminder.rung}:{reminder.amount}"


def _hours(ends_at: datetime, reminder: Reminder, now: datetime) -> int:
    """Hours left or past at this moment: a late sender says what is true now."""
    return round((now - ends_at if reminder.level else ends_at - now) / ONE_HOUR)
