"""Who is on call, and who does what now by when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.incidents.actions.beats import begin, tell
from pr_tracker.incidents.models import Incident, IncidentShift, IncidentTask
from pr_tracker.incidents.queries.room import people_of
from pr_tracker.incidents.rules import IncidentStep, Span, require_open, require_shift, require_words
from pr_tracker.incidents.rules_events import IncidentEvent

NOT_HERE = N_("This person does not work for an agency of the incident.")


@dataclass(frozen=True)
class ShiftFacts:
    """Who is on call under which number, for what, from when to when."""

    person_id: int
    span: Span
    phone: str = ""
    task: str = ""


def add_shift(
    incident: Incident, facts: ShiftFacts, *, actor: Person, now: datetime, seen: int | None = None
) -> IncidentShift:
    """Somebody of an agency that takes part is on call. Raises BadInput: no number, no sense, a shift that is over."""
    begin(incident, IncidentStep.ROSTER, actor=actor, seen=seen, now=now)
    require_shift(facts.span)
    if facts.span.until_at <= now:
        raise BadInput(N_("This shift is over already."), field="until_at")
    person = _require_person(incident, facts.person_id)
    shift = IncidentShift(
        incident_id=incident.id,
        person=person,
        phone=require_words(facts.phone or person.phone, "phone"),
        task=facts.task.strip(),
        from_at=facts.span.from_at,
        until_at=facts.span.until_at,
        added_at=now,
        added_by_id=actor.id,
    )
    db.session.add(shift)
    tell(incident, IncidentEvent.SHIFT_ADD, actor=actor, now=now, **_shift_data(shift, person))
    return shift


def remove_shift(
    incident: Incident, shift: IncidentShift, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Somebody is on call no longer; the shift stays on record. Raises StepNotAllowed when it was removed."""
    begin(incident, IncidentStep.ROSTER, actor=actor, seen=seen, now=now)
    if shift.removed_at is not None:
        raise StepNotAllowed(N_("This shift was taken off the roster already."))
    shift.removed_at, shift.removed_by_id = now, actor.id
    tell(incident, IncidentEvent.SHIFT_END, actor=actor, now=now, **_shift_data(shift, shift.person))


def _shift_data(shift: IncidentShift, person: Person) -> dict[str, Any]:
    return {
        "person_id": person.id,
        "person": person.full_name,
        "task": shift.task,
        "from_at": shift.from_at.isoformat(),
        "until_at": shift.until_at.isoformat(),
    }


def add_task(
    incident: Incident,
    what: str,
    person_id: int,
    due_at: datetime,
    *,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> IncidentTask:
    """Somebody of an agency that takes part does this by then, and is told. Raises BadInput."""
    begin(incident, IncidentStep.TASK, actor=actor, seen=seen, now=now)
    what = require_words(what, "what")
    if due_at <= now:
        raise BadInput(N_("This moment is past already."), field="due_at")
    person = _require_person(incident, person_id)
    task = IncidentTask(
        incident_id=incident.id, what=what, person=person, due_at=due_at, added_at=now, added_by_id=actor.id
    )
    db.session.add(task)
    said: dict[str, Any] = {
        "person_id": person.id,
        "person": person.full_name,
        "what": what,
        "due_at": due_at.isoformat(),
    }
    tell(incident, IncidentEvent.TASK_ADD, actor=actor, now=now, **said)
    return task


def finish_task(
    incident: Incident, task: IncidentTask, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A task is done: said by its person, or by whoever steers the room. Raises StepNotAllowed, NotAllowed."""
    _begin_task(incident, task, actor=actor, seen=seen, now=now)
    task.done_at, task.done_by_id = now, actor.id
    tell(incident, IncidentEvent.TASK_DONE, actor=actor, now=now, what=task.what, person=task.person.full_name)


def drop_task(
    incident: Incident, task: IncidentTask, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """A task is not to be done any more, with the reason. Raises StepNotAllowed, BadInput, NotAllowed."""
    begin(incident, IncidentStep.TASK, actor=actor, seen=seen, now=now)
    _require_undone(task)
    task.reason = require_words(reason, "reason")
    task.dropped_at, task.dropped_by_id = now, actor.id
    said: dict[str, Any] = {"what": task.what, "person": task.person.full_name, "reason": task.reason}
    tell(incident, IncidentEvent.TASK_DROP, actor=actor, now=now, **said)


def _begin_task(incident: Incident, task: IncidentTask, *, actor: Person, seen: int | None, now: datetime) -> None:
    if task.person_id != actor.id:
        begin(incident, IncidentStep.TASK, actor=actor, seen=seen, now=now)
    require_open(IncidentStep.TASK, closed=incident.closed_at is not None)
    _require_undone(task)


def _require_undone(task: IncidentTask) -> None:
    if task.done_at is not None or task.dropped_at is not None:
        raise StepNotAllowed(N_("This task was done or dropped already."))


def _require_person(incident: Incident, person_id: int) -> Person:
    if person_id not in {row.id for row in people_of(incident)}:
        raise BadInput(NOT_HERE, field="person_id")
    return db.session.get_one(Person, person_id)
