"""Who should come to the next class and why: inquiries of the last 12 months, certificates lapsed or never held."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.certificates.queries import Held, courses_held
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.inquiries.models import Draft, Inquiry, Participation, Review
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.models_parts import Contribution
from pr_tracker.inquiries.queries.parts import late_parts_in, lateness_in
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules_articles import ABOUT_WRONG_WORDS
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.reports.queries.coverage import sees_all_training, speakers_seen
from pr_tracker.reports.rules_training import (
    LOOKED_BACK_MONTHS,
    OF_COVER,
    OF_INQUIRIES,
    Cover,
    Reason,
    Span,
    cover_of,
    months_from,
)
from pr_tracker.spokespersons.rules_authority import RightKind

SHOWN = 5  # inquiries named beside a reason; of one person, all of them
_RANK = (Cover.LAPSED, Cover.NEVER, Cover.SOON, Cover.VALID)


class Case(NamedTuple):
    """An inquiry as a reason: when it became one; `seen`: the reader may open it."""

    at: datetime
    inquiry_id: int
    year: int
    number: int
    seen: bool

    @property
    def code(self) -> str:
        """ĐN-2026-0001."""
        return write_number(self.year, self.number)


@dataclass(frozen=True)
class Ground:
    """One reason: how many inquiries and the latest of them, or the day on which the certificate lapsed or lapses."""

    reason: Reason
    cases: tuple[Case, ...] = ()
    count: int = 0
    day: date | None = None


@dataclass(frozen=True)
class Proposal:
    """Somebody who should come, with every reason; `kinds` are their rights to speak, `cover` as of today."""

    person_id: int
    full_name: str
    title: str
    agency_id: int
    agency: str
    kinds: tuple[RightKind, ...]
    cover: Cover
    grounds: tuple[Ground, ...]
    cases: int  # how many inquiries speak for it, each counted once


def looked_back(today: date) -> Span:
    """The days whose inquiries are looked at: the last 12 months up to today."""
    return Span(months_from(today, -LOOKED_BACK_MONTHS), today)


def proposals(
    actor: Person | None, now: datetime, *, course_id: int | None = None, in_full: int | None = None
) -> list[Proposal]:
    """Who should come, most inquiries first; with a course, certificates of that course alone count as training.

    Inquiries from before somebody's newest certificate do not count: the training came after them. The SHOWN latest
    of each reason are named, of the person `in_full` all.
    """
    today = office_day(now)
    speakers = {one.person_id: one for one in speakers_seen(actor, now) if one.person_id}
    found, by_head = _from_inquiries(actor, now)
    people: dict[int, sa.Row] = {}
    for row in _people({*found, *speakers}, by_head.keys(), actor):
        people[row.id] = row
        if row.headed is not None:
            found[row.id][Reason.MADE_LATE] += by_head[row.headed]
    held = _of_course(courses_held(list(people), now), course_id)
    made = []
    for row in people.values():
        speaker, own = speakers.get(row.id), held[row.id]
        cover = cover_of((one.valid_until for one in own), today)
        last = max((one.issued_on for one in own), default=None)
        fresh = _since(found.get(row.id, {}), last)
        most = None if row.id == in_full else SHOWN
        grounds = [Ground(reason, tuple(cases[:most]), len(cases)) for reason, cases in fresh.items()]
        grounds += _lack(cover, own) if speaker else ()
        if grounds:
            kinds = speaker.kinds if speaker else ()
            who = (row.id, row.full_name, row.title, row.agency_id, row.agency)
            count = len({case.inquiry_id for cases in fresh.values() for case in cases})
            made.append((row.agency_key, row.sort_key, Proposal(*who, kinds, cover, tuple(grounds), count)))
    made.sort(key=lambda each: (-each[2].cases, _RANK.index(each[2].cover), each[0], each[1], each[2].person_id))
    return [proposal for _, _, proposal in made]


def _of_course(held: dict[int, list[Held]], course_id: int | None) -> dict[int, list[Held]]:
    if course_id is None:
        return held
    return {person: [one for one in own if one.course_id == course_id] for person, own in held.items()}


def _since(found: dict[Reason, list[Case]], last: date | None) -> dict[Reason, list[Case]]:
    """The reasons among inquiries that came after the newest certificate: each inquiry once, the latest first."""
    since = last and office_instant(last + timedelta(days=1))
    fresh = {}
    for reason in OF_INQUIRIES:
        cases = {case.inquiry_id: case for case in sorted(found.get(reason, ()))}.values()
        if left := sorted((case for case in cases if since is None or case.at >= since), reverse=True):
            fresh[reason] = left
    return fresh


def _lack(cover: Cover, held: Sequence[Held]) -> Iterable[Ground]:
    if cover in OF_COVER:
        yield Ground(OF_COVER[cover], day=max((one.valid_until for one in held if one.valid_until), default=None))


def _people(ids: set[int], headed: Collection[int], actor: Person | None) -> Sequence[sa.Row]:
    """Those of these people and of the heads of these agencies who are active, of the agencies the actor may look at.

    A line for each agency that somebody heads.
    """
    own = sa.orm.aliased(Agency)
    query = (
        sa.select(Person.id, Person.full_name, Person.title, Person.agency_id, Person.sort_key)
        .add_columns(Agency.short_name.label("agency"), Agency.sort_key.label("agency_key"), own.id.label("headed"))
        .join(Agency, Agency.id == Person.agency_id)
        .outerjoin(own, sa.and_(own.head_id == Person.id, own.id.in_(headed)))
        .where(sa.or_(Person.id.in_(ids), own.id.is_not(None)), Person.active)
    )
    if actor is not None and not sees_all_training(actor):
        query = query.where(Person.agency_id == actor.agency_id)
    return db.session.execute(query).all()


# --- inquiries as reasons -----------------------------------------------------------------------------------


def _from_inquiries(
    actor: Person | None, now: datetime
) -> tuple[dict[int, dict[Reason, list[Case]]], dict[int, list[Case]]]:
    """The inquiries of the last 12 months that speak for training: by person, and by agency for whoever heads it."""
    span = looked_back(office_day(now))
    found: dict[int, dict[Reason, list[Case]]] = defaultdict(lambda: defaultdict(list))
    by_head: dict[int, list[Case]] = defaultdict(list)
    for reason, who, at, row in (*_late(actor, span, now), *_reworked(actor, span)):
        case = Case(at, row.id, row.year, row.number, row.seen)
        if reason is Reason.MADE_LATE and who is not None:
            by_head[who].append(case)
        elif who is not None:
            found[who][reason].append(case)
    return found, by_head


Found = Iterable[tuple[Reason, int | None, datetime, Any]]  # whose: a person, of what an agency made late the agency


def _numbered(actor: Person | None) -> Any:
    seen = visible_to(actor).label("seen")
    return sa.select(Inquiry.id, Inquiry.year, Inquiry.number, seen)


def _late(actor: Person | None, span: Span, now: datetime) -> Found:
    """Inquiries whose term ended in the span and that were late; whose doing it is, as in the register's figures."""
    one = sa.orm.aliased(Inquiry)
    ended = sa.func.coalesce(one.ends_at, None, type_=one.ends_at.type)  # found among the late, not by its end
    which = sa.union_all(  # is_late, as indexes have it
        sa.select(one.id).where(one.finished_at.is_(None), one.ends_at >= span.from_at, one.ends_at <= now),
        sa.select(one.id).where(
            one.finished_at >= one.ends_at, one.finished_at >= span.from_at, ended >= span.from_at, ended <= now
        ),
    )
    here = (Inquiry.id.in_(which),)
    query = _numbered(actor).add_columns(Inquiry.due_on, Inquiry.due_at, Inquiry.ends_at, Inquiry.finished_at)
    query = query.add_columns(Inquiry.lead_agency_id, Inquiry.responsible_id, Inquiry.officer_id).where(*here)
    rows = db.session.execute(query).all()
    parts = late_parts_in(sa.select(Inquiry.id).where(*here), now)
    calendar = working_calendar()
    for row in rows:
        of_parts = parts.get(row.id, ())  # all of these are late; most have no late part, and nothing to be asked
        lateness = lateness_in(row, of_parts, calendar, now) if of_parts else None
        if lateness is not None and lateness.because_of is not None:
            yield Reason.MADE_LATE, lateness.because_of.agency_id, row.ends_at, row
            continue
        for person_id in {row.responsible_id, row.officer_id}:
            yield Reason.LATE, person_id, row.ends_at, row


def _reworked(actor: Person | None, span: Span) -> Found:
    """What was returned for revision and what was corrected in the span, in one statement."""
    for row in db.session.execute(sa.union_all(*_returned(actor, span), _corrected(actor, span))):
        yield Reason(row.reason), row.person_id, row.at, row


def _because(actor: Person | None, reason: Reason, person_id: Any, at: Any) -> Any:
    of = sa.literal(reason.value).label("reason"), person_id.label("person_id"), at.label("at")
    return _numbered(actor).add_columns(*of)


def _returned(actor: Person | None, span: Span) -> tuple[Any, Any]:
    """Draft answers and contributions returned for revision in the span: whoever wrote them."""
    drafts = (
        _because(actor, Reason.RETURNED, Draft.author_id, Review.at)
        .join(Draft, Draft.inquiry_id == Inquiry.id)
        .join(Review, Review.draft_id == Draft.id)
        .where(~Review.approved, *_within(Review.at, span))
    )
    inputs = (
        _because(actor, Reason.RETURNED, Contribution.author_id, Contribution.returned_at)
        .join(Participation, Participation.inquiry_id == Inquiry.id)
        .join(Contribution, Contribution.participation_id == Participation.id)
        .where(*_within(Contribution.returned_at, span))
    )
    return drafts, inputs


def _corrected(actor: Person | None, span: Span) -> Any:
    """A response or a correction was sent to the press in the span: whoever had spoken, else the responsible head."""
    spoke = sa.func.coalesce(Inquiry.speaker_id, Inquiry.responsible_id)
    return (
        _because(actor, Reason.CORRECTED, spoke, PressLetter.sent_at)
        .join(PressLetter, PressLetter.inquiry_id == Inquiry.id)
        .where(PressLetter.kind.in_(ABOUT_WRONG_WORDS), *_within(PressLetter.sent_at, span))
    )


def _within(column: Any, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= span.from_at, column < span.until_at
