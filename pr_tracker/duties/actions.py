"""Open duties, do them with evidence, cancel them with a reason; record spokespersons; word the province's notice.

Every act takes the audit log's turn before it looks anything up, so that two at once come one after the other.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import Deadline, compute
from pr_tracker.deadlines.rules_ladder import planned_from
from pr_tracker.duties import queries
from pr_tracker.duties.actions_telling import tell_of
from pr_tracker.duties.models import Duty, NoticeForm, PressBriefing, PressConference
from pr_tracker.duties.rules import (
    ITEM_COUNT,
    DutyEvent,
    DutyKind,
    DutyState,
    NoticeSettings,
    Period,
    first_day_of,
    items_from,
    missing_items,
    month_of,
    quarter_after,
    require_done_at,
    require_words,
    year_of,
)
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Role
from pr_tracker.spokespersons.actions import record_decision
from pr_tracker.spokespersons.rules import SpokespersonFacts

CHANGED = N_("Somebody else changed this while you had it open.")


def require_turn(row: Duty | PressConference | PressBriefing, *, actor: Person | None, seen: int | None) -> None:
    """May this person act here, on what they looked at? Raises NotAllowed, ChangedMeanwhile; None is the system."""
    if actor is not None and not queries.may_act(actor, row.agency):
        raise NotAllowed(N_("Only the agency that owes it acts here."))
    if seen is not None and seen != row.version:
        raise ChangedMeanwhile(CHANGED)


def _begin(duty: Duty, *, actor: Person | None, seen: int | None, state: DutyState = DutyState.OPEN) -> None:
    require_turn(duty, actor=actor, seen=seen)
    if duty.state is not state:
        raise StepNotAllowed(N_("This duty has been done or cancelled meanwhile."))


def tell(duty: Duty, event: DutyEvent, *, actor: Person | None, now: datetime, **data: Any) -> None:
    """A new version of the duty and a line of its history, in the audit log."""
    duty.version += 1
    record(event, duty, actor=actor, now=now, kind=duty.kind.value, period=duty.period, **data)


def set_clock(duty: Duty, deadline: Deadline, now: datetime) -> None:
    """Store the due time with the rule version and the steps that made it; reminders are planned anew."""
    assert deadline.ends_at is not None
    duty.trigger_at, duty.clock_version, duty.clock = deadline.trigger_at, deadline.version, deadline.to_json()
    duty.due_on, duty.due_at, duty.ends_at = deadline.due_on, deadline.due_at, deadline.ends_at
    duty.next_reminder_at = planned_from(queries.rungs_of(deadline, duty.opened_at), now)


def clock_for(kind: DutyKind, trigger_at: datetime) -> Deadline:
    """The clock of a duty. Raises BadInput for a moment the law or the calendar does not cover."""
    return compute(kind.clock_key, trigger_at, calendar=deadlines.working_calendar(), book=deadlines.rule_book())


def open_duty(agency: Agency, period: Period, *, actor: Person | None, now: datetime, **belongs: Any) -> Duty | None:
    """A new duty of an agency, with its clock; None when the period's has been opened before."""
    take_turn()
    if queries.find_duty(period.kind, agency.id, period.key) is not None:
        return None
    duty = Duty(kind=period.kind, agency=agency, period=period.key, opened_at=now, version=0, **belongs)
    set_clock(duty, clock_for(period.kind, period.trigger_at), now)
    db.session.add(duty)
    tell(duty, DutyEvent.OPEN, actor=actor, now=now, due=_due(duty))
    tell_of(duty, NoticeKind.DUTY_OPENED, key="opened", actor=actor, now=now)
    return duty


def _due(duty: Duty) -> str:
    due = duty.due_on or duty.due_at
    assert due is not None
    return due.isoformat()


def open_periodic(province: Agency, *, now: datetime) -> list[Duty]:
    """What comes round by itself for UBND tỉnh at `now`: this month, this report year, the running three months."""
    day = office_day(now)
    periods = [period(day) for period in (month_of, year_of) if _is_law(period(day).kind, day)]
    held_at = queries.last_periodic_conference(province.id)
    if held_at is not None and _is_law(DutyKind.QUARTERLY, office_day(held_at)):
        periods.append(quarter_after(held_at))
    opened = (open_duty(province, period, actor=None, now=now) for period in periods)
    return [duty for duty in opened if duty is not None]


def _is_law(kind: DutyKind, day: date) -> bool:
    return first_day_of(kind) <= day


def complete(
    duty: Duty,
    done_at: datetime,
    evidence: str,
    link: str = "",
    *,
    actor: Person | None,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Done at a moment, with evidence. The three months end only with a press conference that was held.

    Raises BadInput for a moment to come or before the duty began, missing evidence, or a notice with empty items.
    """
    _begin(duty, actor=actor, seen=seen)
    if duty.kind is DutyKind.QUARTERLY:
        raise StepNotAllowed(N_("Record the periodic press conference as held: that fulfils this duty."))
    if duty.kind is DutyKind.NOTICE and missing_items(duty.notice_items):
        raise BadInput(N_("The notice is not complete: fill in all six items first."), field="evidence")
    counted_back = duty.kind is DutyKind.NOTICE
    require_done_at(done_at, not_before=None if counted_back else duty.trigger_at, now=now)
    finish(duty, done_at, evidence, link, actor=actor, now=now)


def finish(duty: Duty, done_at: datetime, evidence: str, link: str, *, actor: Person | None, now: datetime) -> None:
    """Store that an open duty is done, and say in its history whether that was late."""
    duty.evidence, duty.link = require_words(evidence, "evidence"), link.strip()
    duty.done_at, duty.recorded_at, duty.done_by_id = done_at, now, actor.id if actor else None
    duty.next_reminder_at = None
    late = done_at >= duty.ends_at
    tell(duty, DutyEvent.DONE, actor=actor, now=now, at=done_at.isoformat(), late=late, evidence=duty.evidence)
    tell_of(duty, NoticeKind.DUTY_DONE, key="done", actor=actor, now=now, chiefs_only=True, due=False)


def correct_evidence(
    duty: Duty, evidence: str, link: str = "", *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Better words or a better link for what is done; when it was done stays, the former words stay on record."""
    _begin(duty, actor=actor, seen=seen, state=DutyState.DONE)
    former = {"evidence": duty.evidence, "link": duty.link}
    duty.evidence, duty.link = require_words(evidence, "evidence"), link.strip()
    if former != {"evidence": duty.evidence, "link": duty.link}:
        tell(duty, DutyEvent.CORRECT, actor=actor, now=now, former=former, evidence=duty.evidence)


def cancel(duty: Duty, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Not owed after all: only a head of the agency says so, with the reason. Raises BadInput, NotAllowed."""
    _begin(duty, actor=actor, seen=seen)
    require_head(actor)
    drop(duty, reason, actor=actor, now=now)


def drop(duty: Duty, reason: str, *, actor: Person | None, now: datetime) -> None:
    """Store that an open duty is cancelled, and why."""
    duty.cancel_reason, duty.cancelled_at = require_words(reason, "reason"), now
    duty.next_reminder_at = None
    tell(duty, DutyEvent.CANCEL, actor=actor, now=now, reason=duty.cancel_reason)


def reopen(duty: Duty, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """What was recorded was wrong: the duty is owed again, by its first due time; only a head says so, with the reason.

    Raises StepNotAllowed for one that a press conference fulfilled or took along: take that back instead.
    """
    require_turn(duty, actor=actor, seen=seen)
    require_head(actor)
    by_conference = duty.kind is DutyKind.QUARTERLY or (duty.conference and duty.conference.cancelled_at)
    if duty.state is DutyState.OPEN or by_conference:
        raise StepNotAllowed(N_("This follows from its press conference, or is open already."))
    take_back(duty, reason, actor=actor, now=now)


def take_back(duty: Duty, reason: str, *, actor: Person, now: datetime) -> None:
    """Store that a duty is owed again; the former record stays in the history."""
    former = {"evidence": duty.evidence or duty.cancel_reason, "link": duty.link}
    duty.done_at = duty.recorded_at = duty.cancelled_at = duty.done_by_id = None
    duty.evidence = duty.link = duty.cancel_reason = ""
    duty.next_reminder_at = planned_from(queries.rungs_of(Deadline.from_json(duty.clock), duty.opened_at), now)
    words = require_words(reason, "reason")
    tell(duty, DutyEvent.REOPEN, actor=actor, now=now, reason=words, former=former, due=_due(duty))
    tell_of(duty, NoticeKind.DUTY_OPENED, key=f"reopened:{duty.version}", actor=actor, now=now, reason=words)


def require_head(actor: Person) -> None:
    """Raises NotAllowed for everybody but a head."""
    if Role.HEAD not in actor.roles:
        raise NotAllowed(N_("Only a head of the agency does this."))


def fill_items(duty: Duty, texts: Sequence[str], *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Fill in the six items of a notice that has not been sent; empty ones may follow later."""
    _begin(duty, actor=actor, seen=seen)
    if duty.kind is not DutyKind.NOTICE:
        raise StepNotAllowed(N_("Only the notice of a press conference has items."))
    items = items_from(texts, queries.notice_form().settings)
    if items == duty.notice_items:
        return
    duty.notice_items = items
    tell(duty, DutyEvent.ITEMS, actor=actor, now=now, missing=missing_items(items))


def note_letter(duty: Duty, *, actor: Person, now: datetime) -> None:
    """Somebody printed the letter of the notice."""
    record(DutyEvent.LETTER, duty, actor=actor, now=now, kind=duty.kind.value, period=duty.period)


def record_spokesperson(
    agency: Agency,
    facts: SpokespersonFacts,
    *,
    person_id: int,
    replaces_id: int | None = None,
    actor: Person,
    now: datetime,
) -> Duty:
    """A decision that assigns a permanent spokesperson; it must be on the portal 24 hours later (Art 3(3)).

    Raises what spokespersons.actions.record_decision raises; who may record is decided there.
    """
    naming: dict[str, Any] = {"person_id": person_id, "replaces_id": replaces_id}
    decision = record_decision(agency, facts, **naming, actor=actor, now=now)
    period = Period(DutyKind.PUBLICATION, f"decision-{decision.id}", facts.decided_at)
    duty = open_duty(agency, period, actor=actor, now=now, decision=decision)
    assert duty is not None
    return duty


def set_notice_form(settings: NoticeSettings, *, actor: Person, now: datetime, seen: int) -> None:
    """Word the notice's addressee and items for the whole province; "" keeps the shipped words.

    Raises NotAllowed for people outside the province's office, ChangedMeanwhile.
    """
    take_turn()
    if not actor.agency.kind.sees_whole_province:
        raise NotAllowed(N_("Only the provincial office words the notice."))
    stored = queries.notice_form()
    if stored.version != seen:
        raise ChangedMeanwhile(CHANGED)
    if stored.settings == settings:
        return
    row = db.session.get(NoticeForm, 1)
    if row is None:
        row = NoticeForm(id=1, version=0)
        db.session.add(row)
    assert len(settings.labels) == ITEM_COUNT
    row.addressee, row.labels, row.version = settings.addressee, list(settings.labels), row.version + 1
    data = {"addressee": settings.addressee, "labels": list(settings.labels)}
    record(DutyEvent.NOTICE_SETTINGS, row, actor=actor, now=now, **data)
