"""Plan a press conference, change it, hold it, call it off; its notice and the running three months follow."""

from datetime import datetime

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.duties import queries
from pr_tracker.duties.actions import (
    clock_for,
    drop,
    finish,
    open_duty,
    require_head,
    require_turn,
    set_clock,
    take_back,
    tell,
)
from pr_tracker.duties.actions_telling import tell_of
from pr_tracker.duties.models import Duty, PressConference
from pr_tracker.duties.rules import (
    ConferenceFacts,
    DutyEvent,
    DutyKind,
    DutyState,
    Item,
    Period,
    changed,
    first_day_of,
    follow_plan,
    known_items,
    owes_notice,
    quarter_after,
    require_words,
)
from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day, write_moment


def plan(agency: Agency, facts: ConferenceFacts, *, actor: Person, now: datetime) -> PressConference:
    """Plan a press conference; where its body owes a notice, the notice's clock is counted back at once.

    One that has been held is recorded the same way, then held. Raises NotAllowed, BadInput.
    """
    take_turn()
    if not queries.may_act(actor, agency):
        raise NotAllowed(N_("Only the agency that owes it acts here."))
    _require_periodic_fits(agency, facts)
    conference = PressConference(agency=agency, **vars(facts), planned_at=now, planned_by_id=actor.id, version=1)
    db.session.add(conference)
    db.session.flush()
    record(DutyEvent.PLAN, conference, actor=actor, now=now, title=facts.title, starts=facts.starts_at.isoformat())
    _open_notice(conference, actor=actor, now=now)
    return conference


def _require_periodic_fits(agency: Agency, facts: ConferenceFacts) -> None:
    if facts.periodic and agency.kind is not AgencyKind.PROVINCE:
        raise BadInput(N_("Only the provincial People's Committee owes periodic press conferences."), field="periodic")


def _open_notice(conference: PressConference, *, actor: Person, now: datetime) -> None:
    """The notice 24 hours before; a further one where the start moved after the first was given."""
    is_law = office_day(conference.starts_at) >= first_day_of(DutyKind.NOTICE)
    if not owes_notice(conference.agency.kind) or not is_law:
        return
    number = len(queries.notices_of(conference.id)) + 1
    period = Period(DutyKind.NOTICE, f"conference-{conference.id}-{number}", conference.starts_at)
    duty = open_duty(conference.agency, period, actor=actor, now=now, conference=conference)
    assert duty is not None
    duty.notice_items = _known(conference.facts)


def _known(facts: ConferenceFacts) -> tuple[Item, ...]:
    return known_items(facts, queries.notice_form().settings, write_moment(facts.starts_at))


def change(
    conference: PressConference, facts: ConferenceFacts, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Change the plan. A new start recounts the notice; one given already told the old start, so it is owed anew.

    Raises NotAllowed, ChangedMeanwhile, StepNotAllowed once it was held or called off, BadInput.
    """
    _begin(conference, actor=actor, seen=seen)
    _require_periodic_fits(conference.agency, facts)
    before = conference.facts
    differing = changed(vars(before), vars(facts))
    if not differing:
        return
    for name, value in vars(facts).items():
        setattr(conference, name, value)
    conference.version += 1
    record(DutyEvent.CHANGE, conference, actor=actor, now=now, changed=differing, title=facts.title)
    _notice_follows(conference, before, actor=actor, now=now)


def _notice_follows(conference: PressConference, before: ConferenceFacts, *, actor: Person, now: datetime) -> None:
    facts = conference.facts
    latest = next((one for one in queries.notices_of(conference.id)), None)
    moved = facts.starts_at != before.starts_at
    if latest is None or latest.state is not DutyState.OPEN:
        if moved:
            _open_notice(conference, actor=actor, now=now)
        return
    latest.notice_items = follow_plan(latest.notice_items, _known(before), _known(facts))
    if moved:
        _recount(latest, facts.starts_at, actor=actor, now=now)


def _recount(duty: Duty, starts_at: datetime, *, actor: Person, now: datetime) -> None:
    old = duty.due_at
    set_clock(duty, clock_for(duty.kind, starts_at), now)
    assert old is not None and duty.due_at is not None  # noqa: PT018 - hours have a minute
    tell(duty, DutyEvent.MOVE, actor=actor, now=now, old=old.isoformat(), new=duty.due_at.isoformat())
    tell_of(duty, NoticeKind.MOVED, key=f"moved:{duty.version}", actor=actor, now=now, old_at=old.isoformat())


def hold(
    conference: PressConference,
    held_at: datetime,
    evidence: str,
    link: str = "",
    *,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """It took place, with evidence. A periodic one of UBND tỉnh fulfils the running three months and starts the next.

    Raises NotAllowed, ChangedMeanwhile, StepNotAllowed, BadInput for a moment to come or missing evidence.
    """
    _begin(conference, actor=actor, seen=seen)
    if held_at > now:
        raise BadInput(N_("This moment is still to come."), field="done_at")
    conference.held_at, conference.link = held_at, link.strip()
    conference.evidence = require_words(evidence, "evidence")
    conference.version += 1
    record(DutyEvent.HOLD, conference, actor=actor, now=now, title=conference.title, at=held_at.isoformat())
    if conference.periodic and conference.agency.kind is AgencyKind.PROVINCE:
        _quarter_turns(conference, held_at, actor=actor, now=now)


def _quarter_turns(conference: PressConference, held_at: datetime, *, actor: Person, now: datetime) -> None:
    """The running three months are fulfilled, and the next begin; an older one recorded afterwards changes nothing."""
    running = queries.running_quarter(conference.agency_id)
    if running is not None:
        if held_at <= running.trigger_at:
            return
        finish(running, held_at, f"{conference.title}. {conference.evidence}", conference.link, actor=actor, now=now)
    elif (last := queries.last_periodic_conference(conference.agency_id)) is not None and last > held_at:
        return
    if office_day(held_at) < first_day_of(DutyKind.QUARTERLY):
        return
    following = quarter_after(held_at)
    if open_duty(conference.agency, following, actor=actor, now=now) is None:
        again = queries.find_duty(following.kind, conference.agency_id, following.key)
        assert again is not None  # opened once, and taken back since
        take_back(again, conference.title, actor=actor, now=now)


def call_off(
    conference: PressConference, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """It will not take place; a notice that was not given is owed no longer. Raises as change()."""
    _begin(conference, actor=actor, seen=seen)
    conference.cancel_reason, conference.cancelled_at = require_words(reason, "reason"), now
    conference.version += 1
    record(
        DutyEvent.CALL_OFF, conference, actor=actor, now=now, title=conference.title, reason=conference.cancel_reason
    )
    for notice in queries.notices_of(conference.id):
        if notice.state is DutyState.OPEN:
            drop(notice, conference.cancel_reason, actor=actor, now=now)


def take_back_record(
    conference: PressConference, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """What was recorded was wrong: it is planned again, and the three months turn back. Only a head, with the reason.

    Raises NotAllowed, ChangedMeanwhile, StepNotAllowed when a later periodic one was held since.
    """
    require_turn(conference, actor=actor, seen=seen)
    require_head(actor)
    if conference.is_planned:
        raise StepNotAllowed(N_("Nothing is recorded of this press conference yet."))
    words = require_words(reason, "reason")
    queries.lock_duties_of(conference)
    held_at, former = conference.held_at, conference.evidence or conference.cancel_reason
    conference.held_at = conference.cancelled_at = None
    conference.evidence = conference.link = conference.cancel_reason = ""
    conference.version += 1
    data = {"title": conference.title, "reason": words, "former": former}
    record(DutyEvent.TAKE_BACK, conference, actor=actor, now=now, **data)
    if held_at is not None and conference.periodic:
        _quarter_turns_back(conference, held_at, words, actor=actor, now=now)
    dropped = next((one for one in queries.notices_of(conference.id) if one.state is DutyState.CANCELLED), None)
    if held_at is None and dropped is not None:
        take_back(dropped, words, actor=actor, now=now)


def _quarter_turns_back(
    conference: PressConference, held_at: datetime, reason: str, *, actor: Person, now: datetime
) -> None:
    following = quarter_after(held_at)
    begun = queries.find_duty(following.kind, conference.agency_id, following.key)
    if begun is not None and begun.state is DutyState.DONE:
        raise StepNotAllowed(N_("A later periodic press conference was held since: take that back first."))
    if begun is not None and begun.state is DutyState.OPEN:
        drop(begun, reason, actor=actor, now=now)
    fulfilled = queries.quarter_fulfilled_at(conference.agency_id, held_at)
    if fulfilled is not None:
        take_back(fulfilled, reason, actor=actor, now=now)


def _begin(conference: PressConference, *, actor: Person, seen: int | None) -> None:
    require_turn(conference, actor=actor, seen=seen)
    if not conference.is_planned:
        raise StepNotAllowed(N_("This press conference was held or called off meanwhile."))
    queries.lock_duties_of(conference)
