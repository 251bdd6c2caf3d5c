"""In the background: people are reminded before a clock runs out and, level by level, after it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.deadlines.jobs import BATCH, left_at, once_key, remind_each
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules_faces import DueTime
from pr_tracker.deadlines.rules_ladder import Reminder, Rung, to_say
from pr_tracker.inquiries.actions.heads import pass_to
from pr_tracker.inquiries.actions.sealing import reopen_if_short
from pr_tracker.inquiries.actions.summaries import fold, recount, settle
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.queries.desks import Desks, desks, reminded_of, reminded_of_part
from pr_tracker.inquiries.queries.digest import Source, things_of_today
from pr_tracker.inquiries.queries.lateness import unsettled_months
from pr_tracker.inquiries.queries.reminding import is_by_hours, office_time_from, rungs_of, rungs_of_part
from pr_tracker.inquiries.queries.seals import approved_without_second
from pr_tracker.inquiries.rules_kinds import INPUT_CLOCK_KEY
from pr_tracker.notices.actions import tell, tell_digest
from pr_tracker.notices.queries import digest_readers
from pr_tracker.office_time import in_office

Row = Inquiry | Participation
DIGEST_FROM, DIGEST_UNTIL = time(7, 30), time(12)
QUEUE = "/queue"
MONTHS_AT_ONCE = 24  # of figures counted anew by one pass, each in a moment


@dataclass(frozen=True)
class _Owed:
    """A clock that runs: whose row it is, who owes it, and whom each rung of its ladder reaches."""

    row: Row
    inquiry: Inquiry
    agency: Agency
    due: DueTime
    rungs: tuple[Reminder, ...]
    people: Callable[[Rung, Desks], set[int]]
    facts: dict[str, str]

    @property
    def by_hours(self) -> bool:
        return is_by_hours(self.row, self.inquiry)


def remind(now: datetime) -> int:
    """Tell what has come of every clock that runs, each rung once; returns how many notices are new.

    Terms of days are told in office hours only. What failed is raised at the end, when everything else is done.
    """
    told, faults = 0, list[Exception]()
    for taken in (_cases, _parts):
        try:
            told += remind_each(taken, lambda row, at: _attempt(row, at, now), now=now)
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return told


def _cases(now: datetime) -> list[Inquiry]:
    query = (
        sa.select(Inquiry)
        .where(Inquiry.next_reminder_at <= now)
        .options(sa.orm.joinedload(Inquiry.lead_agency), sa.orm.joinedload(Inquiry.intake_agency))
        .order_by(Inquiry.next_reminder_at, Inquiry.id)
    )
    if office_time_from(now) != now:
        query = query.where(Inquiry.due_at.is_not(None))
    return [inquiry for (inquiry,) in _locked(query)]


def _parts(now: datetime) -> list[Participation]:
    query = (
        sa.select(Participation)
        .join(Participation.inquiry)
        .where(Participation.next_reminder_at <= now)
        .options(sa.orm.contains_eager(Participation.inquiry), sa.orm.joinedload(Participation.agency))
        .order_by(Participation.next_reminder_at, Participation.id)
    )
    if office_time_from(now) != now:
        query = query.where(Inquiry.due_at.is_not(None), Participation.due_at.is_not(None))
    return [part for (part,) in _locked(query)]


def _locked(query: sa.Select[Any]) -> Iterator[Any]:
    """The rows whose case nobody has: an act locks the case in the same way."""
    query = query.limit(BATCH).with_for_update(of=Inquiry, skip_locked=True, key_share=True)
    yield from db.session.execute(query.execution_options(populate_existing=True))


def _attempt(row: Row, at: Desks, now: datetime) -> int:
    owed = _part(row) if isinstance(row, Participation) else _case(row)
    if owed is not None:
        return _tell(owed, at, now)
    row.next_reminder_at = None  # a clock that ended meanwhile reminds nobody
    return 0


def _case(inquiry: Inquiry) -> _Owed | None:
    if inquiry.finished_at is not None:
        return None
    return _Owed(
        inquiry,
        inquiry,
        inquiry.lead_agency or inquiry.intake_agency,
        DueTime(inquiry.due_on, inquiry.due_at, inquiry.ends_at),
        rungs_of(inquiry.deadline),
        lambda rung, at: reminded_of(inquiry, rung, at),
        {"clock": inquiry.clock_key},
    )


def _part(part: Participation) -> _Owed | None:
    inquiry = part.inquiry
    if inquiry.finished_at or part.ended_at or part.sent_at or part.ends_at is None:
        return None
    return _Owed(
        part,
        inquiry,
        part.agency,
        DueTime(part.due_on, part.due_at, part.ends_at),
        rungs_of_part(part, inquiry),
        lambda rung, at: reminded_of_part(part.agency_id, rung, at),
        {"clock": INPUT_CLOCK_KEY, "note": part.task},
    )


def _tell(owed: _Owed, at: Desks, now: datetime) -> int:
    since, told = owed.row.next_reminder_at, 0
    assert since is not None
    thing = f"{'inquiry' if owed.row is owed.inquiry else 'part'}:{owed.row.id}"
    for reminder in to_say(owed.rungs, since=since, now=now, ends_at=owed.due.ends_at):
        kind, left = left_at(owed.due, reminder, now, by_hours=owed.by_hours)
        new = tell(
            owed.people(reminder.rung, at),
            kind,
            key=once_key(thing, owed.due, reminder),
            about=owed.inquiry,
            data={
                "code": owed.inquiry.code,
                "subject": owed.inquiry.subject,
                "agency": owed.agency.name,
                **owed.facts,
                **owed.due.facts,
                **left,
            },
            now=now,
            path=f"/inquiries/{owed.inquiry.id}",
            urgent=owed.by_hours,
        )
        told += len(new)
    owed.row.next_reminder_at = next((each.at for each in owed.rungs if each.at > now), None)
    return told


def pass_to_new_heads(now: datetime) -> int:
    """Open cases whose lead agency has another head become that head's; how many. May run anywhere at once."""
    passed, last = 0, 0
    while rows := list(_left_by_their_head(last)):
        at = desks()
        for (inquiry,) in rows:
            assert inquiry.lead_agency is not None
            head = inquiry.lead_agency.head
            assert head is not None
            pass_to(inquiry, head, at, now=now)
        passed, last = passed + len(rows), rows[-1][0].id
        db.session.commit()
    return passed


def _left_by_their_head(after_id: int) -> Iterator[Any]:
    lead = sa.orm.joinedload(Inquiry.lead_agency).joinedload(Agency.head)
    query = (
        sa.select(Inquiry)
        .join(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(Inquiry.finished_at.is_(None), Inquiry.id > after_id)
        .where(Agency.head_id.is_not(None), Inquiry.responsible_id.is_distinct_from(Agency.head_id))
        .options(lead, sa.orm.joinedload(Inquiry.responsible))
        .order_by(Inquiry.id)
    )
    return _locked(query)


def reopen_short_approvals(now: datetime) -> int:
    """Approved cases that by now need one approval more wait for it again; how many. May run anywhere at once.

    An agency's rule changed, or the case was put into an incident, after the approval.
    """
    reopened, last = 0, 0
    while rows := list(_locked(approved_without_second(last))):
        for (inquiry,) in rows:
            reopened += reopen_if_short(inquiry, "", actor=None, now=now)
        last = rows[-1][0].id
        db.session.commit()
    return reopened


def digest(now: datetime, *also: Source) -> int:
    """The morning's digest, with what other features add, once for each person who has something; how many are new.

    On working days from 07:30 to noon: a sender that begins late still tells the morning, not the afternoon.
    """
    moment = in_office(now)
    if not DIGEST_FROM <= moment.time() < DIGEST_UNTIL or not working_calendar().is_working_day(moment.date()):
        return 0
    things = things_of_today(now, *also)
    readers = digest_readers(things, moment.date())
    told = [tell_digest(db.session.get_one(Person, one), things[one], now=now, path=QUEUE) for one in readers]
    db.session.commit()
    return sum(notice is not None for notice in told)


def fold_summaries(now: datetime) -> int:
    """Add what was finished since the last pass to the months of figures: they stay short, and the same."""
    folded = fold(db.session.connection())
    db.session.commit()
    _settle(unsettled_months()[:MONTHS_AT_ONCE], now)
    return folded


def make_summaries(now: datetime) -> None:
    """After many rows were put in at once: figures made anew, every month of them."""
    recount(db.session.connection())
    db.session.commit()
    _settle(unsettled_months(), now)


def _settle(months: Iterable[int], now: datetime) -> None:
    db.session.commit()
    for month in months:
        settle(month, now)
        db.session.commit()
