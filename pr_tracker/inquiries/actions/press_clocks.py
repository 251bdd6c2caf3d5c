"""The clocks of press agencies when the calendar or a rule changes: stored anew, told in history, log and notices."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db
from pr_tracker.deadlines.queries_desks import desks
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_rerun import Guard, Move, OpenClock
from pr_tracker.inquiries.actions.letters import set_clock
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.queries.articles import RUNNING
from pr_tracker.inquiries.queries.desks import handlers_of
from pr_tracker.inquiries.queries.reminding import office_time_from
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind

TABLE, INQUIRY = PressLetter.__tablename__, Inquiry.__tablename__
HAS_CLOCK = sa.and_(RUNNING, PressLetter.ends_at.is_not(None))


class PressClocks:
    """Holds the clocks that run at press agencies; a letter is guarded by its case. See rules_rerun.ClockHolder."""

    def open_clocks(self) -> Iterator[OpenClock]:
        """Every letter whose clock runs."""
        named = (sa.orm.joinedload(PressLetter.outlet), sa.orm.joinedload(PressLetter.inquiry))
        for letter in db.session.scalars(sa.select(PressLetter).where(HAS_CLOCK).options(*named)):
            assert letter.clock is not None
            yield OpenClock(
                kind=TABLE,
                id=letter.id,
                code=letter.inquiry.code,
                agency=letter.outlet.name,
                agency_id=letter.inquiry.lead_agency_id,
                deadline=Deadline.from_json(letter.clock),
                guard=(INQUIRY, letter.inquiry_id),
            )

    def lock(self) -> set[Guard]:
        """Lock the cases of these letters, in the order of ids."""
        running = sa.select(PressLetter.inquiry_id).where(HAS_CLOCK)
        query = sa.select(Inquiry.id).where(Inquiry.id.in_(running)).order_by(Inquiry.id)
        return {(INQUIRY, one) for one in db.session.scalars(query.with_for_update(of=Inquiry, key_share=True))}

    def move(self, moves: Sequence[Move], *, why: str, actor: Actor | None, now: datetime) -> None:
        """Store the new deadlines; where the due time differs, history, audit log and notices say so and why."""
        own = {move.clock.id: move for move in moves if move.clock.kind == TABLE}
        for letter in db.session.scalars(sa.select(PressLetter).where(PressLetter.id.in_(own))):
            set_clock(letter, own[letter.id].new, now=now)
            if own[letter.id].moves:
                _tell(letter, own[letter.id], why=why, actor=actor, now=now)

    def plan_anew(self, now: datetime) -> None:
        """Every reminder still to come is planned again by the sender, who wakes for it now."""
        waiting = sa.update(PressLetter).where(HAS_CLOCK, PressLetter.next_reminder_at > now)
        db.session.execute(waiting.values(next_reminder_at=now).execution_options(synchronize_session=False))


def _tell(letter: PressLetter, move: Move, *, why: str, actor: Actor | None, now: datetime) -> None:
    case, event = letter.inquiry, InquiryEvent.DEADLINE_MOVE
    data = {"agency": letter.outlet.name, "old": _iso(move.clock.deadline), "new": _iso(move.new), "note": why}
    line = {"inquiry_id": case.id, "version": case.version, "at": now, "event": event, "data": data}
    db.session.add(HistoryEntry(**line, actor_id=actor.id if actor else None))
    record(event, case, actor=actor, now=now, **data)
    before, after = (due.facts if due else {} for due in (move.old_due, move.new_due))
    old = {f"old{name.removeprefix('due')}": when for name, when in before.items()}
    facts = {"code": case.code, "subject": case.subject, "agency": letter.outlet.name, "note": why}
    notices.tell(
        handlers_of(case, desks()) - {actor.id if actor else 0},
        NoticeKind.MOVED,
        key=f"{TABLE}:{letter.id}:moved:{now.isoformat()}",
        about=case,
        data={**facts, "clock": move.clock.deadline.key, **old, **after},
        now=now,
        path=f"/inquiries/{case.id}",
        mail_after=office_time_from(now),
    )


def _iso(deadline: Deadline) -> str:
    when = deadline.due_on or deadline.due_at
    return when.isoformat() if when else ""
