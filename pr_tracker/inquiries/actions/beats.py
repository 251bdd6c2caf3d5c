"""The beats that every action shares: load, may, do, record, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import stands_in_for
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import Deadline, compute, recount
from pr_tracker.deadlines.rules_ladder import planned_from
from pr_tracker.deadlines.rules_steps import ExtensionStep, StopStep
from pr_tracker.errors import N_, ChangedMeanwhile
from pr_tracker.inquiries.actions.telling import tell_of
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, Participation
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.queries.reminding import rungs_of
from pr_tracker.inquiries.queries.speaking import authority_of
from pr_tracker.inquiries.queries.stops import find_unended_pause, find_waiting_extension
from pr_tracker.inquiries.queries.visibility import barred_from, latest_draft, standing_of
from pr_tracker.inquiries.rules import Standing, Status, Step, after, require_may
from pr_tracker.inquiries.rules_events import ACTS_BY_AUTHORITY, InquiryEvent, may_be_done_for
from pr_tracker.inquiries.rules_kinds import CLOCK_KEYS, Kind, Part
from pr_tracker.inquiries.rules_number import search_place
from pr_tracker.office_time import office_day
from pr_tracker.text import fold, lower_nfc, words_in


def begin(inquiry: Inquiry, step: Step, *, actor: Person, seen: int | None, now: datetime) -> tuple[Status, Standing]:
    """Load and may: the status after the step, and who acts at `now`.

    `seen` is the version the actor looked at, None when nobody looked (import, demo). Raises ChangedMeanwhile,
    NotAllowed or StepNotAllowed.
    """
    if seen is not None and seen != inquiry.version:
        raise ChangedMeanwhile(N_("Somebody else changed this inquiry while you had it open."))
    standing = standing_of(inquiry, actor, step, now=now)
    require_may(step, standing)
    return after(inquiry.status, step), standing


def tell(inquiry: Inquiry, event: InquiryEvent, *, actor: Person | None, now: datetime, **data: Any) -> None:
    """Record and tell: a new version of the case, a line of history, an entry of the audit log, notices.

    `actor` is None for the system itself: a job, or what follows from a rule.
    """
    inquiry.version += 1
    note(inquiry, event, actor=actor, now=now, **data)


def note(inquiry: Inquiry, event: InquiryEvent, *, actor: Person | None, now: datetime, **data: Any) -> None:
    """As tell, for what changes nothing that others are working on (a comment, a download)."""
    db.session.flush()
    absent = {row.id: row.full_name for row in stands_in_for(actor.id, office_day(now))} if actor else {}
    if actor and event in ACTS_BY_AUTHORITY and (authority := authority_of(inquiry, actor, now)):
        data["authority"] = authority
    else:
        data |= _instead_of(inquiry, event, actor, absent) if actor else {}
    entry = HistoryEntry(
        inquiry_id=inquiry.id,
        version=inquiry.version,
        at=now,
        actor_id=actor.id if actor else None,
        actor_title=actor.title if actor else None,
        actor_agency=actor.agency.name if actor else None,
        event=event,
        data=data,
    )
    db.session.add(entry)
    record(event, inquiry, actor=actor, now=now, **data)
    tell_of(entry, inquiry, actor=actor, absent=absent.keys(), now=now)


def _instead_of(inquiry: Inquiry, event: InquiryEvent, actor: Person, absent: Mapping[int, str]) -> dict[str, str]:
    """Whoever is away today and in whose place the actor does this, by name."""
    people = {"officer_id": inquiry.officer_id, "responsible_id": inquiry.responsible_id}
    places = [at for at in may_be_done_for(event, actor_id=actor.id, **people) if at in absent]
    names = [absent[at] for at in places if at not in barred_from(inquiry, event)]
    return {"instead_of": names[0]} if names else {}


def clock_for(kind: Kind, started_at: datetime, agency_id: int, *, like: Deadline | None = None) -> Deadline:
    """The clock of a kind of inquiry; the internal term is the agency's. Raises BadInput for an impossible moment.

    `like` is the deadline it takes the place of: its stops and extensions stay.
    """
    calendar = deadlines.working_calendar()
    settings, book = deadlines.terms_of(agency_id), deadlines.rule_book()
    plain = compute(CLOCK_KEYS[kind], started_at, calendar=calendar, settings=settings, book=book)
    kept = [step for step in like.steps if isinstance(step, ExtensionStep | StopStep)] if like else []
    return recount(replace(plain, steps=(*plain.steps, *kept)), calendar=calendar) if kept else plain


def set_clock(inquiry: Inquiry, deadline: Deadline, *, now: datetime) -> None:
    """Store the due time together with the rule version and the steps that made it; reminders are planned anew."""
    assert deadline.ends_at is not None
    inquiry.clock_key, inquiry.clock_version = deadline.key.value, deadline.version
    inquiry.clock = deadline.to_json()
    inquiry.due_on, inquiry.due_at, inquiry.ends_at = deadline.due_on, deadline.due_at, deadline.ends_at
    inquiry.next_reminder_at = planned_from(rungs_of(deadline), now)
    inquiry.stopped_days, inquiry.extended_days = deadline.stopped_days, deadline.extended_days


def due_data(inquiry: Inquiry) -> dict[str, str]:
    """The due day or minute as history keeps it."""
    if inquiry.due_on is not None:
        return {"due_on": inquiry.due_on.isoformat()}
    assert inquiry.due_at is not None
    return {"due_at": inquiry.due_at.isoformat()}


def run_on(inquiry: Inquiry, *, at: datetime, by: Person | None, now: datetime) -> None:
    """A stop ends `at`, at the latest when it was planned to: the due time is counted anew, earlier stops stay."""
    stopped = find_unended_pause(inquiry)
    if stopped is not None:
        ended = min(max(at, stopped.from_at), stopped.planned_until)
        early = ended < stopped.planned_until
        stopped.ended_at, stopped.ended_by_id = ended, by.id if by and early else None
        if early:
            deadline = inquiry.deadline
            *earlier, last = deadline.stops
            stops = (*earlier, replace(last, until_at=ended))
            set_clock(inquiry, recount(deadline, calendar=deadlines.working_calendar(), stops=stops), now=now)
    inquiry.paused_at = inquiry.paused_until = None


def stop_for_good(inquiry: Inquiry, *, at: datetime, by: Person, now: datetime) -> None:
    """The case is finished `at`: the clock stands no longer, and nobody waits for a take-over or an extension."""
    inquiry.finished_at, inquiry.review_step = at, None
    run_on(inquiry, at=at, by=by, now=now)
    waiting = find_waiting_extension(inquiry)
    if waiting is not None:
        waiting.decided_at = now
    end_requests(inquiry, now=now)


def current_parts(inquiry: Inquiry) -> Sequence[Participation]:
    """What all agencies are to the case now."""
    now = sa.select(Participation).where(Participation.inquiry_id == inquiry.id, Participation.ended_at.is_(None))
    return db.session.scalars(now).all()


def current_part(inquiry: Inquiry, agency: Agency, part: Part) -> Participation | None:
    """What an agency is to the case now."""
    return db.session.scalar(
        sa.select(Participation).where(
            Participation.inquiry_id == inquiry.id,
            Participation.agency_id == agency.id,
            Participation.part == part,
            Participation.ended_at.is_(None),
        )
    )


def give_part(inquiry: Inquiry, agency: Agency, part: Part, *, actor: Person, now: datetime) -> Participation:
    """Let an agency take part; the existing part when it has it already."""
    existing = current_part(inquiry, agency, part)
    return existing or add_part(inquiry, agency, part, actor=actor, now=now)


def add_part(inquiry: Inquiry, agency: Agency, part: Part, *, actor: Person, now: datetime) -> Participation:
    """The part of an agency that has not had it."""
    added = Participation(inquiry_id=inquiry.id, agency=agency, part=part, added_at=now, added_by_id=actor.id)
    added.received_at = inquiry.received_at
    db.session.add(added)
    return added


def end_part(inquiry: Inquiry, agency: Agency, *parts: Part, now: datetime) -> None:
    """An agency's parts end; they stay in the record."""
    for part in parts:
        existing = current_part(inquiry, agency, part)
        if existing is not None:
            existing.ended_at = now


def end_requests(inquiry: Inquiry, *, now: datetime) -> None:
    """Nobody is asked to take over any longer: somebody leads anew, or the case is over."""
    asked = sa.select(Participation).where(
        Participation.inquiry_id == inquiry.id, Participation.part == Part.ASKED, Participation.ended_at.is_(None)
    )
    for request in db.session.scalars(asked):
        request.ended_at = now


def index_text(inquiry: Inquiry, *, is_new: bool = False) -> None:
    """Bring what search looks through up to date."""
    db.session.flush()
    draft = None if is_new else latest_draft(inquiry)
    pieces = [
        inquiry.code,
        inquiry.subject,
        *(question.text for question in inquiry.questions),
        inquiry.outlet.name,
        inquiry.journalist_names,
        draft.text if draft else "",
    ]
    whole = " \n ".join(piece for piece in pieces if piece)
    stored = None if is_new else db.session.get(SearchText, inquiry.id)
    if stored is None:
        stored = SearchText(inquiry_id=inquiry.id, place=search_place(inquiry.received_at, inquiry.id))
        db.session.add(stored)
    stored.folded, stored.exact = words_in(fold(whole)), words_in(lower_nfc(whole))
