"""What every change of a row begins with and ends in."""

from typing import Any

from pr_tracker.audit.actions import take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, ChangedMeanwhile, StepNotAllowed
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, SessionFacts
from pr_tracker.trainings.rules_roster import Entry

Facts = CourseFacts | ClassFacts | SessionFacts


def begin_change(row: Any, facts: Facts | Entry, version: int) -> list[str]:
    """The names of the facts that differ; nobody else writes from here to the end of the transaction."""
    take_turn()
    db.session.refresh(row)
    if row.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    return [name for name, value in vars(facts).items() if getattr(row, name) != value]


def write(row: Any, facts: Facts | Entry) -> None:
    for name, value in vars(facts).items():
        setattr(row, name, value)
    row.version += 1


def require_open(session: ClassSession) -> None:
    """Raises StepNotAllowed for a session that was held to its end, or is not held."""
    if session.closed_at is not None:
        raise StepNotAllowed(N_("This session is closed and stays as it was held."))
    if session.cancelled_at is not None:
        raise StepNotAllowed(N_("This session was cancelled. Hold it after all before changing it."))
