"""Open an incident, correct it, determine its impact, write into its chronology, close it, open it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.errors import N_, BadInput, NotAllowed
from pr_tracker.incidents.actions.beats import begin, clock_for, plan_reminders, set_clock, tell
from pr_tracker.incidents.actions.joining import join
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries.room import what_is_left
from pr_tracker.incidents.rules import NOT_STEERING, IncidentStep, require_closable, require_words
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.incidents.rules_kinds import LONGEST_TEXT, IncidentKind, Moments, require_order, start_of
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.office_time import in_office
from pr_tracker.permissions import Permission


@dataclass(frozen=True)
class IncidentFacts:
    """What is known of an incident; instants are aware."""

    title: str
    kind: IncidentKind
    moments: Moments
    summary: str = ""


def open_incident(
    facts: IncidentFacts,
    agency: Agency,
    *,
    inquiries: Sequence[Inquiry] = (),
    actor: Person,
    now: datetime,
    form_token: str | None = None,
) -> Incident:
    """A new incident with its number and, once it counts, its 24 hours; the inquiries join it, their clocks untouched.

    The caller has locked the inquiries. Raises NotAllowed, or BadInput naming the field.
    """
    if not actor.may(Permission.INCIDENT_DO):
        raise NotAllowed(N_("This account may look but not act."))
    if agency.id != actor.agency_id and not actor.agency.kind.sees_whole_province:
        raise NotAllowed(NOT_STEERING)
    take_turn()  # before the year's counter, as everywhere: two locks, one order
    incident = Incident(
        year=in_office(now).year,
        number=_next_number(in_office(now).year),
        agency=agency,
        opened_at=now,
        opened_by=actor,
        form_token=form_token,
        version=0,
    )
    _set_facts(incident, facts, now)
    db.session.add(incident)
    tell(incident, IncidentEvent.OPEN, actor=actor, now=now, code=incident.code, agency=agency.name, **_due(incident))
    for inquiry in inquiries:
        join(incident, inquiry, actor=actor, now=now)
    return incident


def _set_facts(incident: Incident, facts: IncidentFacts, now: datetime) -> None:
    """Title, kind and moments; the clock is counted anew from the moment that the rule's version counts."""
    require_order(facts.moments, now)
    if len(facts.summary) > LONGEST_TEXT:
        raise BadInput(N_("This text is too long."), field="summary")
    incident.title = require_words(facts.title, "title")
    incident.kind, incident.summary = facts.kind, facts.summary.strip()
    for name, at in vars(facts.moments).items():
        setattr(incident, name, at)
    start = start_of(facts.kind, facts.moments, deadlines.rule_book())
    set_clock(incident, clock_for(incident, start) if start else None, now=now)


def _due(incident: Incident) -> dict[str, Any]:
    return {"due": incident.due_at.isoformat()} if incident.due_at else {}


def _next_number(year: int) -> int:
    """The year's next number; the row stays locked until the transaction ends, so none is lost or given twice."""
    statement = sa.text(
        "INSERT INTO incident_numbers (year, last) VALUES (:year, 1) "
        "ON CONFLICT (year) DO UPDATE SET last = incident_numbers.last + 1 RETURNING last"
    )
    number: int = db.session.execute(statement, {"year": year}).scalar_one()
    return number


def change(
    incident: Incident, facts: IncidentFacts, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Correct what is known. What moves the clock needs a reason, which stays in the chronology.

    Raises BadInput, NotAllowed, ChangedMeanwhile.
    """
    begin(incident, IncidentStep.CHANGE, actor=actor, seen=seen, now=now)
    before = (incident.title, incident.summary, incident.kind, incident.moments)
    if before == (facts.title.strip(), facts.summary.strip(), facts.kind, facts.moments):
        return
    moves = before[2:] != (facts.kind, facts.moments)
    why = require_words(reason, "reason") if moves else reason.strip()
    old = _due(incident).get("due", "")
    _set_facts(incident, facts, now)
    data: dict[str, Any] = (
        {"old": old, "new": _due(incident).get("due", "")} if old != _due(incident).get("due", "") else {}
    )
    tell(incident, IncidentEvent.CHANGE, actor=actor, now=now, reason=why, **data)


def determine(incident: Incident, at: datetime, note: str, *, actor: Person, now: datetime, seen: int | None) -> None:
    """The agency determines an impact on public opinion or a risk of it: from then on the 24 hours run (Art 7(4)).

    Raises BadInput when that has been done, for an impossible moment, or without the findings.
    """
    begin(incident, IncidentStep.DETERMINE, actor=actor, seen=seen, now=now)
    if incident.determined_at is not None:
        raise BadInput(N_("The impact on public opinion has been determined already."), field="determined_at")
    found = require_words(note, "note")
    moments = Moments(incident.received_at, incident.happened_at, at)
    _set_facts(incident, IncidentFacts(incident.title, incident.kind, moments, incident.summary), now)
    tell(
        incident,
        IncidentEvent.DETERMINE,
        actor=actor,
        now=now,
        occurred_at=at,
        determined=at.isoformat(),
        text=found,
        **_due(incident),
    )


def write_down(
    incident: Incident, text: str, at: datetime, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A line of the chronology in somebody's own words, at the moment when it was. Raises BadInput."""
    begin(incident, IncidentStep.NOTE, actor=actor, seen=seen, now=now)
    if at > now:
        raise BadInput(N_("This moment is still to come."), field="at")
    said = require_words(text, "text")
    tell(incident, IncidentEvent.NOTE, actor=actor, now=now, occurred_at=at, text=said)


def close(incident: Incident, note: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Close the room with a note when nothing is open. Raises StepNotAllowed naming what is."""
    standing, _ = begin(incident, IncidentStep.CLOSE, actor=actor, seen=seen, now=now)
    require_closable(what_is_left(incident), standing)
    incident.closing_note = require_words(note, "note")
    incident.closed_at, incident.closed_by_id = now, actor.id
    plan_reminders(incident, now=now)
    tell(incident, IncidentEvent.CLOSE, actor=actor, now=now, text=incident.closing_note)


def reopen(incident: Incident, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Open a closed room again, with the reason; its clock is the one it had. Raises BadInput, StepNotAllowed."""
    begin(incident, IncidentStep.REOPEN, actor=actor, seen=seen, now=now)
    why = require_words(reason, "reason")
    incident.closed_at = incident.closed_by_id = None
    incident.closing_note = ""
    plan_reminders(incident, now=now)
    tell(incident, IncidentEvent.REOPEN, actor=actor, now=now, reason=why, **_due(incident))


def note_print(incident: Incident, *, actor: Person, now: datetime) -> None:
    """Somebody printed the chronology: in the audit log only."""
    record(IncidentEvent.PRINT, incident, actor=actor, now=now, code=incident.code)
