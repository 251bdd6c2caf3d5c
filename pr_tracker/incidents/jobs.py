"""In the background: people are reminded of the initial information that an incident owes, level by level."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.jobs import BATCH, left_at, once_key, remind_each
from pr_tracker.deadlines.queries_desks import Desks
from pr_tracker.deadlines.rules_faces import DueTime
from pr_tracker.deadlines.rules_ladder import to_say
from pr_tracker.incidents.actions.beats import rungs_of
from pr_tracker.incidents.actions.telling import due_facts, put, reminded_of
from pr_tracker.incidents.models import Incident


def remind(now: datetime) -> int:
    """Tell what has come of every incident's clock, each rung once, at any hour; returns how many notices are new."""
    return remind_each(_taken, lambda incident, at: _tell(incident, at, now), now=now)


def _taken(now: datetime) -> list[Incident]:
    query = sa.select(Incident).where(Incident.next_reminder_at <= now)
    query = query.order_by(Incident.next_reminder_at, Incident.id).limit(BATCH)
    query = query.options(sa.orm.joinedload(Incident.agency))
    query = query.with_for_update(of=Incident, skip_locked=True, key_share=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _tell(incident: Incident, at: Desks, now: datetime) -> int:
    since, told = incident.next_reminder_at, 0
    assert since is not None
    if incident.informed_at is not None or incident.closed_at is not None or incident.ends_at is None:
        incident.next_reminder_at = None
        return 0
    rungs, due = rungs_of(incident), DueTime(None, None, incident.ends_at)
    for reminder in to_say(rungs, since=since, now=now, ends_at=incident.ends_at):
        people = reminded_of(incident, reminder.rung, now, at)
        facts: dict[str, Any] = due_facts(incident) | {"clock": incident.kind.clock_key.value}
        kind, left = left_at(due, reminder, now, by_hours=True)
        key = once_key(f"incident:{incident.id}", due, reminder)
        told += put(incident, people, kind, key=key, now=now, **facts, **left)
    incident.next_reminder_at = next((each.at for each in rungs if each.at > now), None)
    return told
