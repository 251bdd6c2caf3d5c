"""What every change begins with and ends in."""

from collections.abc import Mapping
from typing import Any

from pr_tracker.audit.actions import take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, ChangedMeanwhile, StepNotAllowed
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import row_code


def begin(row: Any, version: int) -> None:
    """Nobody else writes from here to the end of the transaction. Raises ChangedMeanwhile for another version."""
    take_turn()
    db.session.refresh(row)
    if row.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))


def write(row: Any, values: Mapping[str, Any]) -> list[str]:
    """The names of the values that differ, written; the version moves on when there are any."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.version += 1
    return changed


def require_seat(participant: Participant) -> None:
    """Raises StepNotAllowed for somebody who has no place in the class, and when the class is cancelled."""
    if participant.training_class.cancelled_at is not None:
        raise StepNotAllowed(N_("This class was cancelled."))
    if not participant.active:
        raise StepNotAllowed(N_("This person was taken off the roster."))
    if participant.waiting_at is not None:
        raise StepNotAllowed(N_("This person is on the waiting list and has no place in the class yet."))


def may_take_part(participant: Participant) -> bool:
    """Whether somebody has a place in a class that takes place."""
    try:
        require_seat(participant)
    except StepNotAllowed:
        return False
    return True


def code_of(participant: Participant) -> str:
    """The row code, as the audit log names a person of a class."""
    return row_code(participant.number)
