"""What stands before each person this morning: overdue, due today, due soon, waiting for their own act."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.queries import stand_ins
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import DueTime
from pr_tracker.deadlines.rules_calendar import ONE_DAY
from pr_tracker.inquiries.models import Draft, Inquiry, Participation
from pr_tracker.inquiries.queries.clocks import IS_OPEN
from pr_tracker.inquiries.queries.desks import Desks, desks, handlers_of, responsible_for
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.notices.rules import DigestPart
from pr_tracker.office_time import office_day, office_instant

SOON_DAYS = 2  # working days after today
Thing = dict[str, Any]
Things = dict[int, dict[DigestPart, list[Thing]]]
Found = tuple[DigestPart, set[int], Thing]
# Another feature's things: it is told how to place a due time, and up to when one is soon.
Source = Callable[[Callable[[datetime], DigestPart | None], datetime], Iterable[Found]]


@dataclass(frozen=True)
class Days:
    """Now, when today ends, and when the last day ends that is soon."""

    now: datetime
    midnight: datetime
    horizon: datetime

    @classmethod
    def at(cls, now: datetime) -> "Days":
        today = office_day(now)
        last = working_calendar().nth_working_day_after(today, SOON_DAYS)
        return cls(now, office_instant(today + ONE_DAY), office_instant(last + ONE_DAY))

    def part_of(self, ends_at: datetime) -> DigestPart | None:
        """Where a due time stands; None when it is not soon."""
        for part, until in (
            (DigestPart.LATE, self.now),
            (DigestPart.TODAY, self.midnight),
            (DigestPart.SOON, self.horizon),
        ):
            if ends_at <= until:
                return part
        return None


def things_of_today(now: datetime, *also: Source) -> Things:
    """By person, what a digest has of inquiries and of what other features add.

    What is for somebody who is away stands in the substitute's, see reached_instead.
    """
    at, days = desks(), Days.at(now)
    found = [*_cases(at, days), *_parts(at, days)]
    found += [one for source in also for one in source(days.part_of, days.horizon)]
    instead = reached_instead({person for _, people, _ in found for person in people}, now)
    things: Things = {}
    for part, people, thing in found:
        for person in {each for one in people for each in instead[one]}:
            things.setdefault(person, {}).setdefault(part, []).append(thing)
    return things


def reached_instead(people: Iterable[int], now: datetime) -> dict[int, set[int]]:
    """Whom one reaches today for each of these: the substitute of who is away, both when that one is away too."""
    wanted, today = set(people), office_day(now)
    away = stand_ins(wanted, today)
    away_too = stand_ins(away.values(), today) if away else {}
    return {
        person: {away[person], person} if away.get(person) in away_too else {away.get(person, person)}
        for person in wanted
    }


def _cases(at: Desks, days: Days) -> Iterator[Found]:
    waiting = Inquiry.status.in_([Status.RECEIVED, Status.IN_REVIEW])
    query = sa.select(Inquiry).where(IS_OPEN, sa.or_(Inquiry.ends_at <= days.horizon, waiting))
    cases = db.session.scalars(query.order_by(Inquiry.ends_at, Inquiry.id)).all()
    authors = _authors([case.id for case in cases if case.status is Status.IN_REVIEW])
    for case in cases:
        thing = _thing(case, DueTime(case.due_on, case.due_at, case.ends_at))
        part = days.part_of(case.ends_at)
        if case.status is Status.RECEIVED and part in (None, DigestPart.SOON):
            part = DigestPart.WAITING
        if part is not None:
            heads = responsible_for(case, at) if part in (DigestPart.LATE, DigestPart.TODAY) else set()
            yield part, handlers_of(case, at) | heads, thing
        if case.status is Status.IN_REVIEW:
            second = case.review_step is ReviewStep.PROVINCE
            leaders = at.leaders_of(AgencyKind.PROVINCE) if second else at.of(case.lead_agency_id).leaders
            yield DigestPart.WAITING, leaders - {authors.get(case.id)}, thing


def _parts(at: Desks, days: Days) -> Iterator[Found]:
    owed = sa.and_(Participation.part == Part.COORDINATING, Participation.ends_at <= days.horizon)
    query = (
        sa.select(Participation, Inquiry)
        .join(Inquiry, Inquiry.id == Participation.inquiry_id)
        .where(IS_OPEN, Participation.ended_at.is_(None), Participation.sent_at.is_(None))
        .where(sa.or_(owed, Participation.part == Part.ASKED, Participation.box == BoxState.SUBMITTED))
        .order_by(Participation.ends_at, Participation.id)
    )
    for part, case in db.session.execute(query):
        desk = at.of(part.agency_id)
        if part.ends_at is None:  # asked to take over
            yield DigestPart.WAITING, desk.workers | desk.chiefs, _thing(case, None)
            continue
        box = f"/inquiries/{case.id}/parts/{part.id}"
        thing = {**_thing(case, DueTime(part.due_on, part.due_at, part.ends_at)), "path": box}
        if part.box is BoxState.SUBMITTED:
            yield DigestPart.WAITING, desk.leaders, thing
        if when := days.part_of(part.ends_at):
            heads = desk.chiefs if when is DigestPart.LATE else set()
            yield when, desk.workers | heads, thing


def _authors(case_ids: list[int]) -> dict[int, int]:
    """Who wrote the newest version of each case."""
    query = sa.select(Draft.inquiry_id, Draft.author_id).where(Draft.inquiry_id.in_(case_ids))
    return {row.inquiry_id: row.author_id for row in db.session.execute(query.order_by(Draft.number))}


def _thing(case: Inquiry, due: DueTime | None) -> Thing:
    return {"code": case.code, "subject": case.subject, "path": f"/inquiries/{case.id}", **(due.facts if due else {})}
