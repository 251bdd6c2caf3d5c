"""Put on record who took out what is kept about whom."""

from datetime import datetime

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record
from pr_tracker.exports.rules import ExportEvent, Taken
from pr_tracker.outlets.models import Journalist
from pr_tracker.trainings.models_roster import Participant

Subject = Person | Journalist | Participant | Agency


def note_taken(
    event: ExportEvent,
    subject: Person | Journalist | Participant | Agency,
    taken: Taken,
    *,
    actor: Person,
    now: datetime,
) -> None:
    """One entry about the person or agency: who, when, how many rows and files."""
    record(event, subject, actor=actor, now=now, rows=taken.rows, files=taken.files, missing=taken.missing)
