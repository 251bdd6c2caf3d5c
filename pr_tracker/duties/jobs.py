"""In the background: what comes round opens by itself; people are reminded of duties, level by level."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_desks import Desks, desks
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_faces import ONE_HOUR
from pr_tracker.deadlines.rules_ladder import Reminder, Rung, to_say
from pr_tracker.duties import actions, queries
from pr_tracker.duties.actions_telling import desk_of, due_of, put, reminded_of, subject_of_duty
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyState
from pr_tracker.notices.rules import DigestPart, NoticeKind
from pr_tracker.office_time import office_day

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


def open_periodic(now: datetime) -> int:
    """Open this month, this report year and the running three months of UBND tỉnh; how many were not open before."""
    opened = sum(len(actions.open_periodic(province, now=now)) for province in queries.provinces())
    db.session.commit()
    return opened


def remind(now: datetime) -> int:
    """Tell what has come of every duty that is owed, each rung once; returns how many notices are new.

    Any number may run at once: a row is taken by one of them, told and planned on in the same transaction. Duties
    counted in days are told in office hours only. What failed is raised at the end, when everything else is done.
    """
    told, faults, found = 0, list[Exception](), BATCH
    while found == BATCH:
        rows = _taken(now)
        found, at = len(rows), desks() if rows else Desks({})
        told += sum([_attempt(duty, at, now, faults) for duty in rows])
        db.session.commit()
    if faults:
        raise faults[0]
    return told


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


def _attempt(duty: Duty, at: Desks, now: datetime, faults: list[Exception]) -> int:
    try:
        with db.session.begin_nested():
            return _tell(duty, at, now)
    except Exception as fault:  # one row must not keep all others from being told
        log.exception("No reminder could be told of duty %s", duty.id)
        faults.append(fault)
        duty.next_reminder_at = now + POSTPONED
        return 0


def _tell(duty: Duty, at: Desks, now: datetime) -> int:
    since, told = duty.next_reminder_at, 0
    assert since is not None
    if duty.state is not DutyState.OPEN:
        duty.next_reminder_at = None
        return 0
    rungs = queries.rungs_of(Deadline.from_json(duty.clock), duty.opened_at)
    for reminder in to_say(rungs, since=since, now=now, ends_at=duty.ends_at):
        kind, left = _what(duty, reminder, now)
        people = reminded_of(duty, reminder.rung, at)
        told += put(duty, people, kind, key=_key(duty, reminder), now=now, **left)
    duty.next_reminder_at = next((each.at for each in rungs if each.at > now), None)
    return told


def _key(duty: Duty, reminder: Reminder) -> str:
    """What is told once: this rung of this due time. A due time that moves is told of anew."""
    when = duty.due_on or duty.due_at
    assert when is not None
    return f"duty:{duty.id}:{when.isoformat()}:{reminder.rung}:{reminder.amount}"


def _what(duty: Duty, reminder: Reminder, now: datetime) -> tuple[NoticeKind, dict[str, Any]]:
    """The kind of notice, and how much is left or past at this moment: a late sender says what is true now."""
    if duty.due_at is not None:
        span = now - duty.ends_at if reminder.level else duty.ends_at - now
        return KINDS[reminder.rung], {"hours": round(span / ONE_HOUR)}
    calendar, today, last = working_calendar(), office_day(now), due_of(duty).day
    if reminder.level:
        return KINDS[reminder.rung], {"days": calendar.working_days_after(last, today)}
    left = calendar.working_days_after(today, last)
    return KINDS[reminder.rung if left else Rung.LAST_DAY], {"days": left}
