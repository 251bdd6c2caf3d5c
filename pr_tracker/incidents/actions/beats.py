"""The beats that every act in an incident room shares: load, may, do, record, tell."""

from datetime import datetime
from typing import Any

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import Deadline, compute
from pr_tracker.deadlines.rules_ladder import Reminder, planned_from, reminders
from pr_tracker.errors import N_, ChangedMeanwhile
from pr_tracker.incidents.actions.telling import tell_of
from pr_tracker.incidents.models import Incident, IncidentEntry, IncidentStatement
from pr_tracker.incidents.queries.visibility import newest_statement, standing_of
from pr_tracker.incidents.rules import ON_STATEMENT, IncidentStep, Standing, require_may, require_open
from pr_tracker.incidents.rules_events import NOT_IN_CHRONOLOGY, IncidentEvent
from pr_tracker.incidents.rules_kinds import Start

CHANGED = N_("Somebody else changed this incident while you had it open.")


def begin(
    incident: Incident, step: IncidentStep, *, actor: Person, seen: int | None, now: datetime
) -> tuple[Standing, IncidentStatement | None]:
    """Load and may: who acts, and the newest version of the statement where the step is about it.

    `seen` is the version the actor looked at, None when nobody looked (demo). Raises ChangedMeanwhile, NotAllowed,
    StepNotAllowed.
    """
    if seen is not None and seen != incident.version:
        raise ChangedMeanwhile(CHANGED)
    newest = newest_statement(incident)
    standing = standing_of(incident, actor, now=now, statement=newest, step=step)
    require_may(step, standing, newest.review_step if newest else None)
    require_open(step, closed=incident.closed_at is not None)
    return standing, newest if step in ON_STATEMENT else None


def tell(
    incident: Incident,
    event: IncidentEvent,
    *,
    actor: Person | None,
    now: datetime,
    occurred_at: datetime | None = None,
    **data: Any,
) -> None:
    """Record and tell: a new version of the incident, a line of its chronology, an audit entry, notices."""
    incident.version += 1
    db.session.flush()
    if event not in NOT_IN_CHRONOLOGY:
        entry = IncidentEntry(
            incident_id=incident.id,
            version=incident.version,
            at=now,
            occurred_at=occurred_at or now,
            actor_id=actor.id if actor else None,
            actor_title=actor.title if actor else None,
            actor_agency=actor.agency.name if actor else None,
            event=event,
            data=data,
        )
        db.session.add(entry)
        db.session.flush()
    record(event, incident, actor=actor, now=now, **data)
    if event not in NOT_IN_CHRONOLOGY:
        tell_of(entry, incident, actor=actor, now=now)


def clock_for(incident: Incident, start: Start) -> Deadline:
    """The clock of an incident from the moment that counts. Raises BadInput for a moment no version covers."""
    calendar = deadlines.working_calendar()
    return compute(incident.kind.clock_key, start.at, calendar=calendar, book=deadlines.rule_book())


def set_clock(incident: Incident, deadline: Deadline | None, *, now: datetime) -> None:
    """Store the due time with its derivation, or that no clock runs; reminders are planned anew."""
    incident.started_at = deadline.trigger_at if deadline else None
    incident.clock_version = deadline.version if deadline else None
    incident.clock = deadline.to_json() if deadline else None
    incident.due_on = deadline.due_on if deadline else None
    incident.due_at = deadline.due_at if deadline else None
    incident.ends_at = deadline.ends_at if deadline else None
    plan_reminders(incident, now=now)


def plan_reminders(incident: Incident, *, now: datetime) -> None:
    """From when on people are reminded; of nothing when it is closed or the information has been given."""
    runs = incident.ends_at is not None and incident.informed_at is None and incident.closed_at is None
    incident.next_reminder_at = planned_from(rungs_of(incident), now) if runs else None


def rungs_of(incident: Incident) -> tuple[Reminder, ...]:
    """All reminders of an incident's clock, by the ladder of its rule's version; none when no clock runs."""
    if incident.clock is None or incident.ends_at is None:
        return ()
    deadline = Deadline.from_json(incident.clock)
    assert deadline.due is not None
    return reminders(
        deadline.due,
        starts_at=deadline.trigger_at,
        calendar=deadlines.working_calendar(),
        ladder=deadline.ladder,
    )
