"""In the background: the case officer is reminded of what press agencies owe, before their term ends and after it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.jobs import BATCH, left_at, once_key, remind_each
from pr_tracker.deadlines.queries_desks import Desks, desks
from pr_tracker.deadlines.rules import Deadline, DueTime
from pr_tracker.deadlines.rules_ladder import to_say
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.queries.articles import UNFINISHED
from pr_tracker.inquiries.queries.desks import handlers_of, responsible_for
from pr_tracker.inquiries.queries.reminding import office_time_from, rungs_of
from pr_tracker.notices.actions import tell
from pr_tracker.notices.rules import DigestPart, NoticeKind


def remind_of_press(now: datetime) -> int:
    """Tell what has come of every clock at a press agency, in office hours only; returns how many notices are new.

    Whoever works on the case hears of it, its head too from the second late rung on.
    """
    if office_time_from(now) != now:
        return 0
    return remind_each(_taken, lambda letter, at: _tell(letter, at, now), now=now)


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
        _, left = left_at(due, reminder, now, by_hours=letter.due_at is not None)
        new = tell(
            handlers_of(case, at) | chiefs,
            kind,
            key=once_key(f"press_letter:{letter.id}", due, reminder),
            about=case,
            data={**facts, **due.facts, **left},
            now=now,
            path=f"/inquiries/{case.id}/letters/{letter.id}",
        )
        told += len(new)
    letter.next_reminder_at = next((each.at for each in rungs if each.at > now), None)
    return told
