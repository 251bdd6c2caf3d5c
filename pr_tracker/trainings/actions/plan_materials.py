"""The materials of a session: handed out, withdrawn with a reason; the file stays on record."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.files import keep_file
from pr_tracker.trainings.models import ClassSession, SessionMaterial
from pr_tracker.trainings.rules import TrainingEvent

Event = TrainingEvent


def add_materials(
    session: ClassSession,
    files: Sequence[tuple[str, bytes]],
    *,
    folder: Path,
    largest: int,
    actor: Actor | None,
    now: datetime,
) -> list[SessionMaterial]:
    """Hand out files (name and content) with a session. Raises BadInput for one that may not be kept."""
    take_turn()
    by, added = actor.id if actor else None, []
    for name, content in files:
        kept = keep_file(name, content, folder=folder, largest=largest, by=by, now=now)
        added.append(SessionMaterial(session_id=session.id, file=kept, added_at=now))
    db.session.add_all(added)
    names = {str(one.file_id or one.file.id): one.file.file_name for one in added}
    record(Event.MATERIAL_ADD, session, actor=actor, now=now, files=names, topic=session.topic)
    return added


def withdraw_material(material: SessionMaterial, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """Nobody downloads it any more. Raises BadInput without a reason; withdrawing twice changes nothing."""
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    take_turn()
    db.session.refresh(material)
    if material.withdrawn_at is None:
        material.withdrawn_at, material.withdrawn_because = now, reason
        record(Event.MATERIAL_WITHDRAW, material, actor=actor, now=now, file=material.file.file_name, reason=reason)
