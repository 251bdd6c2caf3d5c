"""In the background: what comes round opens by itself; people are reminded of duties, level by level."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.jobs import BATCH, left_at, once_key, remind_each
from pr_tracker.deadlines.queries_desks import Desks, desks
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_ladder import to_say
from pr_tracker.duties import actions, queries
from pr_tracker.duties.actions_telling import desk_of, due_of, put, reminded_of, subject_of_duty
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyState
from pr_tracker.notices.rules import DigestPart


def open_periodic(now: datetime) -> int:
    """Open this month, this report year and the running three months of UBND tỉnh; how many were not open before."""
    opened = sum(len(actions.open_periodic(province, now=now)) for province in queries.provinces())
    db.session.commit()
    return opened


def remind(now: datetime) -> int:
    """Tell what has come of every duty that is owed, each rung once; returns how many notices are new.

    Duties counted in days are told in office hours only.
    """
    return remind_each(_taken, lambda duty, at: _tell(duty, at, now), now=now)


def things_of_today(
    part_of: Callable[[datetime], DigestPart | None], until: datetime
) -> Iterator[tuple[DigestPart, set[int], dict[str, Any]]]:
    """What a digest has of duties that are due until a moment: the part it stands in, for whom, and the thing."""
    at = desks()
    due = queries.owed().where(Duty.ends_at <= until).order_by(None).order_by(Duty.ends_at, Duty.id)
    for duty in db.session.scalars(due.options(*queries.NAMES)):
        part, desk = part_of(duty.ends_at), desk_of(duty, at)
        if part is not None:
            heads = desk.chiefs if part in (DigestPart.LATE, DigestPart.TODAY) else set()
            thing = {"code": duty.kind.value, "subject": subject_of_duty(duty), "path": f"/duties/{duty.id}"}
            yield part, desk.workers | heads, thing | due_of(duty).facts


def _taken(now: datetime) -> list[Duty]:
    query = sa.select(Duty).where(Duty.next_reminder_at <= now).order_by(Duty.next_reminder_at, Duty.id).limit(BATCH)
    if queries.office_time_from(now) != now:
        query = query.where(Duty.due_at.is_not(None))
    query = query.options(*queries.NAMES).with_for_update(of=Duty, skip_locked=True, key_share=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _tell(duty: Duty, at: Desks, now: datetime) -> int:
    since, told = duty.next_reminder_at, 0
    assert since is not None
    if duty.state is not DutyState.OPEN:
        duty.next_reminder_at = None
        return 0
    rungs = queries.rungs_of(Deadline.from_json(duty.clock), duty.opened_at)
    for reminder in to_say(rungs, since=since, now=now, ends_at=duty.ends_at):
        due = due_of(duty)
        kind, left = left_at(due, reminder, now, by_hours=duty.due_at is not None)
        people = reminded_of(duty, reminder.rung, at)
        told += put(duty, people, kind, key=once_key(f"duty:{duty.id}", due, reminder), now=now, **left)
    duty.next_reminder_at = next((each.at for each in rungs if each.at > now), None)
    return told
