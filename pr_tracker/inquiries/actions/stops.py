"""The clock is stopped for a while, or its term made longer: only where the rule allows, with evidence, and counted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import Deadline, recount
from pr_tracker.deadlines.rules_counting import stopped_days
from pr_tracker.deadlines.rules_terms import (
    CalendarDays,
    DayUnit,
    Extension,
    ExtensionReason,
    Stop,
    StopReason,
    WorkingDays,
)
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.actions.beats import begin, due_data, run_on, set_clock, tell
from pr_tracker.inquiries.models import Attachment, Inquiry, InquiryExtension, InquiryPause
from pr_tracker.inquiries.queries.stops import find_waiting_extension
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import USUAL_STOP_DAYS, require_text, stands_since
from pr_tracker.office_time import office_day, office_instant, write_day


@dataclass(frozen=True)
class Room:
    """How many days a clock may be stopped and extended in all, and how many are left; in the unit of its term."""

    stop_most: int
    stop_left: int
    extension_most: int
    extension_left: int
    unit: DayUnit


def room_of(deadline: Deadline) -> Room:
    """What the rule still allows a clock."""
    most = deadline.allowance
    return Room(
        stop_most=most.stop_days,
        stop_left=max(most.stop_days - deadline.stopped_days, 0),
        extension_most=most.extension_days,
        extension_left=max(most.extension_days - deadline.extended_days, 0),
        unit=DayUnit.CALENDAR if isinstance(deadline.rule.term, CalendarDays) else DayUnit.WORKING,
    )


def require_stoppable(inquiry: Inquiry, now: datetime) -> Room:
    """What is left of the time this clock may be stopped. Raises BadInput with the reason when it may not be."""
    deadline = inquiry.deadline
    room = room_of(deadline)
    _require_running(inquiry, room.stop_most, now)
    if stands_since(inquiry.paused_at, inquiry.paused_until, now):
        assert inquiry.paused_until is not None
        day = write_day(office_day(inquiry.paused_until))
        raise BadInput(N_("The clock is stopped already; it runs on from %(day)s."), day=day)
    if any(office_day(stop.from_at) == office_day(now) for stop in deadline.stops):
        raise BadInput(N_("The clock was stopped today already: once a day at most."))  # a stop may last no day at all
    if not room.stop_left:
        message = N_("The clock has been stopped for %(most)s days in all: its rule allows no more.")
        raise BadInput(message, most=room.stop_most)
    return room


def require_extendable(inquiry: Inquiry, now: datetime) -> Room:
    """What is left of the days this term may be extended by. Raises BadInput with the reason when it may not be."""
    room = room_of(inquiry.deadline)
    _require_running(inquiry, room.extension_most, now)
    if not room.extension_left:
        message = N_("The term has been extended by %(most)s days in all: its rule allows no more.")
        raise BadInput(message, most=room.extension_most)
    return room


def _require_running(inquiry: Inquiry, most: int, now: datetime) -> None:
    deadline = inquiry.deadline
    if not deadline.counts_days:
        raise BadInput(N_("This clock does not count days: it is neither stopped nor extended."))
    if not most:
        raise BadInput(N_("The rule of this clock does not allow it: nobody may stop or extend a term the law sets."))
    if now >= inquiry.ends_at:
        raise BadInput(N_("The term has ended: what is overdue is neither stopped nor extended."))


def planned_stop(inquiry: Inquiry, reason: StopReason, runs_on: date, *, now: datetime) -> Deadline:
    """The deadline if the clock were stopped now until a day. Raises BadInput when it may not be, or not until then."""
    room = require_stoppable(inquiry, now)
    calendar = deadlines.working_calendar()
    if runs_on <= office_day(now):
        raise BadInput(N_("The clock runs on from a day after today."), field="runs_on")
    if not calendar.is_working_day(runs_on):
        raise BadInput(N_("%(day)s is a day off; choose a working day."), field="runs_on", day=write_day(runs_on))
    before = inquiry.deadline
    stop = Stop(reason, now, office_instant(runs_on))
    assert isinstance(before.rule.term, WorkingDays | CalendarDays)  # or it could not be stopped
    days = stopped_days(before.rule.term, calendar, stop)
    if days > room.stop_left:
        message = N_("That would be %(days)s days; of %(most)s that the rule allows, %(left)s are left.")
        raise BadInput(message, field="runs_on", days=days, most=room.stop_most, left=room.stop_left)
    return recount(before, calendar=calendar, stops=(*before.stops, stop))


def usual_stops(inquiry: Inquiry, now: datetime) -> dict[StopReason, tuple[int, date]]:
    """For each reason how many days a clock usually stands, as far as its rule allows, and the day it runs on then."""
    room, calendar, today = room_of(inquiry.deadline), deadlines.working_calendar(), office_day(now)
    found = {}
    for reason, usual in USUAL_STOP_DAYS.items():
        days = max(min(usual, room.stop_left), 1)
        if room.unit is DayUnit.WORKING:
            found[reason] = days, calendar.nth_working_day_after(today, days)
        else:
            found[reason] = days, calendar.working_day_until(today + timedelta(days=days))
    return found


def pause(
    inquiry: Inquiry,
    reason: StopReason,
    runs_on: date,
    evidence: str,
    *,
    actor: Person,
    now: datetime,
    attachment: Attachment | None = None,
    seen: int | None = None,
) -> InquiryPause:
    """Stop the clock until a working day, from which it runs on by itself; the due time moves at once.

    Raises BadInput, NotAllowed.
    """
    begin(inquiry, Step.PAUSE, actor=actor, seen=seen, now=now)
    deadline = planned_stop(inquiry, reason, runs_on, now=now)
    words = require_text(evidence, "evidence")
    run_on(inquiry, at=now, by=None, now=now)  # a former stop that ran out is put to rest
    stopped = InquiryPause(
        inquiry_id=inquiry.id,
        reason=reason,
        evidence=words,
        attachment_id=attachment.id if attachment else None,
        from_at=now,
        planned_until=office_instant(runs_on),
        begun_by_id=actor.id,
    )
    db.session.add(stopped)
    set_clock(inquiry, deadline, now=now)
    inquiry.paused_at, inquiry.paused_until = stopped.from_at, stopped.planned_until
    until = runs_on.isoformat()
    tell(
        inquiry, InquiryEvent.PAUSE, actor=actor, now=now, until=until, ground=reason, words=words, **due_data(inquiry)
    )
    return stopped


def resume(inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """The clock runs on from today, earlier than planned, with as many days to go. Raises BadInput, NotAllowed."""
    begin(inquiry, Step.RESUME, actor=actor, seen=seen, now=now)
    if not stands_since(inquiry.paused_at, inquiry.paused_until, now):
        raise BadInput(N_("The clock is not stopped."))
    run_on(inquiry, at=now, by=actor, now=now)
    tell(inquiry, InquiryEvent.RESUME, actor=actor, now=now, **due_data(inquiry))


def ask_extension(
    inquiry: Inquiry,
    reason: ExtensionReason,
    days: int,
    evidence: str,
    *,
    actor: Person,
    now: datetime,
    attachment: Attachment | None = None,
    seen: int | None = None,
) -> InquiryExtension:
    """Ask a second person for more days, before the term ends. Raises BadInput, NotAllowed."""
    begin(inquiry, Step.ASK_EXTENSION, actor=actor, seen=seen, now=now)
    if find_waiting_extension(inquiry) is not None:
        raise BadInput(N_("An extension was asked for already and waits for a decision."))
    unit = room_of(lengthened(inquiry, reason, days, now=now)).unit
    asked = InquiryExtension(
        inquiry_id=inquiry.id,
        reason=reason,
        days=days,
        evidence=require_text(evidence, "evidence"),
        attachment_id=attachment.id if attachment else None,
        asked_by=actor,
        asked_at=now,
    )
    db.session.add(asked)
    said = {"days": days, "unit": unit, "ground": reason, "words": asked.evidence}
    tell(inquiry, InquiryEvent.ASK_EXTENSION, actor=actor, now=now, **said)
    return asked


def lengthened(inquiry: Inquiry, reason: ExtensionReason, days: int, *, now: datetime) -> Deadline:
    """The deadline if the term were extended now by so many days. Raises BadInput when it may not be."""
    room = require_extendable(inquiry, now)
    if not 1 <= days <= room.extension_left:
        message = N_("Choose 1 to %(left)s days: the rule allows %(most)s in all.")
        raise BadInput(message, field="days", left=room.extension_left, most=room.extension_most)
    before = inquiry.deadline
    extensions = (*before.extensions, Extension(reason, days, now))
    return recount(before, calendar=deadlines.working_calendar(), extensions=extensions)


def grant_extension(
    inquiry: Inquiry, decision: str = "", *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A second person grants the days asked for, before the term ends. Raises BadInput, NotAllowed."""
    begin(inquiry, Step.DECIDE_EXTENSION, actor=actor, seen=seen, now=now)
    asked = _waiting(inquiry)
    deadline = lengthened(inquiry, asked.reason, asked.days, now=now)
    _decide(asked, granted=True, decision=decision.strip(), actor=actor, now=now)
    set_clock(inquiry, deadline, now=now)
    said = {"days": asked.days, "unit": room_of(deadline).unit, **due_data(inquiry)}
    tell(inquiry, InquiryEvent.GRANT_EXTENSION, actor=actor, now=now, words=asked.decision, **said)


def decline_extension(
    inquiry: Inquiry, decision: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A second person declines, with the reason; the due time stays. Raises BadInput without one, NotAllowed."""
    begin(inquiry, Step.DECIDE_EXTENSION, actor=actor, seen=seen, now=now)
    asked = _waiting(inquiry)
    _decide(asked, granted=False, decision=require_text(decision, "decision"), actor=actor, now=now)
    tell(inquiry, InquiryEvent.DECLINE_EXTENSION, actor=actor, now=now, reason=asked.decision)


def _waiting(inquiry: Inquiry) -> InquiryExtension:
    asked = find_waiting_extension(inquiry)
    if asked is None:
        raise BadInput(N_("No extension waits for a decision."))
    return asked


def _decide(asked: InquiryExtension, *, granted: bool, decision: str, actor: Person, now: datetime) -> None:
    asked.granted, asked.decision = granted, decision
    asked.decided_by_id, asked.decided_at = actor.id, now
