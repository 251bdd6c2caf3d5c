"""Paper first: marks typed from the signed sheet, its scan kept as evidence."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile
from pr_tracker.files import PAPERS, keep_file
from pr_tracker.trainings.actions.roll import mark_many
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import SessionScan
from pr_tracker.trainings.rules import TrainingEvent
from pr_tracker.trainings.rules_roll import Source
from pr_tracker.trainings.rules_sheet import Planned

Event = TrainingEvent


def enter_sheet(session: ClassSession, planned: Sequence[Planned], *, actor: Actor | None, now: datetime) -> None:
    """Record what the sheet says, all or nothing. Raises ChangedMeanwhile, StepNotAllowed once closed."""
    chosen = {one.who.id: (one.mark, one.remark, one.who.version) for one in planned}
    if len(mark_many(session, chosen, actor=actor, now=now, source=Source.PAPER)) < len(chosen):
        raise ChangedMeanwhile(N_("Somebody else marked meanwhile. Look at the preview again, then save."))


def add_scans(
    session: ClassSession,
    files: Sequence[tuple[str, bytes]],
    *,
    folder: Path,
    largest: int,
    actor: Actor | None,
    now: datetime,
) -> list[SessionScan]:
    """Keep scans of the signed sheet (name and content), PDF or picture, also after closing. Raises BadInput."""
    take_turn()
    by, scans = actor.id if actor else None, []
    for name, content in files:
        kept = keep_file(name, content, folder=folder, largest=largest, by=by, now=now, types=PAPERS)
        scans.append(SessionScan(session_id=session.id, file=kept, added_at=now))
    db.session.add_all(scans)
    about = [{"name": scan.file.file_name, "digest": scan.file.digest} for scan in scans]
    record(Event.SCAN_ADD, session, actor=actor, now=now, files=about)
    return scans


def withdraw_scan(scan: SessionScan, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """It is evidence no more. Raises BadInput without a reason; withdrawing twice changes nothing."""
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    take_turn()
    db.session.refresh(scan)
    if scan.withdrawn_at is None:
        scan.withdrawn_at, scan.withdrawn_because = now, reason
        record(Event.SCAN_WITHDRAW, scan, actor=actor, now=now, file=scan.file.file_name, reason=reason)


def note_reading(scan: SessionScan, *, actor: Actor, now: datetime) -> None:
    """Somebody took the scan (Law 91/2025/QH15)."""
    record(Event.SCAN_READ, scan, actor=actor, now=now, file=scan.file.file_name)
