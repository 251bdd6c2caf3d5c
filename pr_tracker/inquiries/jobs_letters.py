"""In the background: the case officer is reminded of what press agencies owe, before their term ends and after it."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_desks import Desks, desks
from pr_tracker.deadlines.rules import Deadline, DueTime
from pr_tracker.deadlines.rules_faces import ONE_HOUR
from pr_tracker.deadlines.rules_ladder import Reminder, Rung, to_say
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.queries.articles import UNFINISHED
from pr_tracker.inquiries.queries.desks import handlers_of, responsible_for
from pr_tracker.inquiries.queries.reminding import office_time_from, rungs_of
from pr_tracker.notices.actions import tell
from pr_tracker.notices.rules import DigestPart, NoticeKind
from pr_tracker.office_time import office_day

BATCH = 100
POSTPONED = ONE_HOUR  # a letter that cannot be reminded of is tried again, and does not keep others waiting
log = logging.getLogger(__name__)


def remind_of_press(now: datetime) -> int:
    """Tell what has come of every clock at a press agency, in office hours only; returns how many notices are new.

    Whoever works on the case hears of it, its head too from the second late rung on. Any number may run at once.
    """
    if office_time_from(now) != now:
        return 0
    told, faults, found = 0, list[Exception](), BATCH
    while found == BATCH:
        letters = _taken(now)
        found, at = len(letters), desks() if letters else Desks({})
        told += sum([_attempt(letter, at, now, faults) for letter in letters])
        db.session.commit()
    if faults:
        raise faults[0]
    return told


def things_of_today(
    part_of: Callable[[datetime], DigestPart | None], until: datetime
) -> Iterator[tuple[DigestPart, set[int], dict[str, Any]]]:
    """What a digest has of letters: those a leader has to approve, and press agencies' terms that end by a moment."""
    at, named = desks(), (sa.orm.joinedload(PressLetter.outlet), sa.orm.joinedload(PressLetter.inquiry))
    to_approve = sa.and_(PressLetter.approved_at.is_(None), PressLetter.returned_reason == "")
    query = sa.select(PressLetter).where(UNFINISHED, sa.or_(to_approve, PressLetter.ends_at <= until)).options(*named)
    for letter in db.session.scalars(query.order_by(PressLetter.id)):
        case = letter.inquiry
        path = f"/inquiries/{case.id}/letters/{letter.id}"
        thing: dict[str, Any] = {"code": case.code, "subject": f"{letter.outlet.name}, {case.subject}", "path": path}
        if letter.ends_at is None:
            yield DigestPart.WAITING, at.of(case.lead_agency_id).leaders - {letter.drafted_by_id}, thing
        elif part := part_of(letter.ends_at):
            due = DueTime(letter.due_on, letter.due_at, letter.ends_at)
            yield part, handlers_of(case, at), thing | due.facts


def _taken(now: datetime) -> list[PressLetter]:
    """Letters whose case nobody has: an act locks the case in the same way."""
    query = (
        sa.select(PressLetter)
        .join(PressLetter.inquiry)
        .where(PressLetter.next_reminder_at <= now)
        .options(sa.orm.contains_eager(PressLetter.inquiry), sa.orm.joinedload(PressLetter.outlet))
        .order_by(PressLetter.next_reminder_at, PressLetter.id)
        .limit(BATCH)
        .with_for_update(of=Inquiry, skip_locked=True, key_share=True)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _attempt(letter: PressLetter, at: Desks, now: datetime, faults: list[Exception]) -> int:
    try:
        with db.session.begin_nested():
            return _tell(letter, at, now)
    except Exception as fault:  # one letter must not keep all others from being told
        log.exception("No reminder could be told of letter %s", letter.id)
        faults.append(fault)
        letter.next_reminder_at = now + POSTPONED
        return 0


def _tell(letter: PressLetter, at: Desks, now: datetime) -> int:
    since, case = letter.next_reminder_at, letter.inquiry
    assert since is not None
    if letter.outcome is not None or letter.clock is None or letter.ends_at is None:
        letter.next_reminder_at = None
        return 0
    rungs = rungs_of(Deadline.from_json(letter.clock))
    told = 0
    for reminder in to_say(rungs, since=since, now=now, ends_at=letter.ends_at)[-1:]:
        chiefs = responsible_for(case, at) if reminder.level > 1 else set()
        kind = NoticeKind.PRESS_LATE if reminder.level else NoticeKind.PRESS_SOON
        facts = {"code": case.code, "subject": case.subject, "outlet": letter.outlet.name, "letter": letter.kind}
        due = DueTime(letter.due_on, letter.due_at, letter.ends_at)
        new = tell(
            handlers_of(case, at) | chiefs,
            kind,
            key=_key(letter, reminder),
            about=case,
            data={**facts, **due.facts, **_left(due, reminder, now)},
            now=now,
            path=f"/inquiries/{case.id}/letters/{letter.id}",
        )
        told += len(new)
    letter.next_reminder_at = next((each.at for each in rungs if each.at > now), None)
    return told


def _key(letter: PressLetter, reminder: Reminder) -> str:
    """What is told once: this rung of this due time. A due time that moves is told of anew."""
    when = letter.due_on or letter.due_at
    assert when is not None
    return f"press_letter:{letter.id}:{when.isoformat()}:{reminder.rung}:{reminder.amount}"


def _left(due: DueTime, reminder: Reminder, now: datetime) -> dict[str, int]:
    """How much is left or past at this moment: a late sender says what is true now."""
    if due.due_at is not None:
        return {"hours": round((now - due.ends_at if reminder.level else due.ends_at - now) / ONE_HOUR)}
    calendar, today = working_calendar(), office_day(now)
    if reminder.level:
        return {"days": calendar.working_days_after(due.day, today)}
    return {} if reminder.rung is Rung.LAST_DAY else {"days": calendar.working_days_after(today, due.day)}
