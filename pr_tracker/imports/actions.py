"""Keep a file, name its columns, say what a name means, confirm, drop; what was judged and written is put on record."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.files import MEGABYTE, put
from pr_tracker.imports.models import Import, ImportColumns, ImportName, ImportRow
from pr_tracker.imports.rules import GOOD, ImportEvent, ImportState, Judged, Verdict, heads_digest
from pr_tracker.text import fold

KEPT = timedelta(days=7)
MOST_UNKNOWN = 200
CLOSED = frozenset({ImportState.DONE, ImportState.DROPPED})


def keep(
    kind: str,
    file_name: str,
    content: bytes,
    *,
    folder: Path,
    largest: int,
    actor: Person,
    now: datetime,
    about_id: int | None = None,
) -> Import:
    """Keep a file to look at; `largest` in megabytes. Raises BadInput for an empty or too large one."""
    if not content:
        raise BadInput(N_("“%(name)s” is empty."), field="file", name=file_name)
    if len(content) > largest * MEGABYTE:
        raise BadInput(N_("“%(name)s” is larger than %(largest)s MB."), field="file", name=file_name, largest=largest)
    stored_name = secrets.token_hex(16)
    put(folder, stored_name, content)
    one = Import(
        kind=kind,
        about_id=about_id,
        agency_id=actor.agency_id,
        by_id=actor.id,
        file_name=file_name[-200:],
        stored_name=stored_name,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        sheets=[],
        heads=[],
        columns={},
        counts={},
        unknown=[],
        chosen=[],
        state=ImportState.UPLOADED,
        created_at=now,
    )
    db.session.add(one)
    record(ImportEvent.UPLOAD, one, actor=actor, now=now, kind=kind, file=one.file_name, digest=one.digest)
    return one


def describe(
    one: Import, *, sheets: Sequence[str], sheet: str, about: str, head_row: int, heads: Sequence[str]
) -> None:
    """What was found in the file: its sheets, the one that is read, the row of heads (0: none was found).

    What was judged of another sheet is forgotten: nothing is written that nobody looked at.
    """
    if one.state is not ImportState.UPLOADED:
        require_idle(one)
        begin_judging(one)
        one.state = ImportState.UPLOADED
    one.sheets, one.sheet, one.about_file = list(sheets), sheet[:200], about
    one.head_row, one.heads = head_row or None, list(heads)


def name_columns(one: Import, columns: Mapping[str, int], *, by_hand: bool, actor: Person, now: datetime) -> None:
    """Which column is what; said by hand, it is remembered for the agency's next file with these heads."""
    require_idle(one)
    one.columns = dict(columns)
    one.version += 1
    if not by_hand:
        return
    key = {"agency_id": one.agency_id, "kind": one.kind, "heads_digest": heads_digest(one.heads)}
    known = db.session.scalar(sa.select(ImportColumns).filter_by(**key))
    if known is None:
        known = ImportColumns(**key)
        db.session.add(known)
    known.columns, known.said_by_id, known.said_at = dict(columns), actor.id, now


def remember_name(one: Import, what: str, typed: str, meant_id: int, *, actor: Person, now: datetime) -> None:
    """From now on this name in files of the agency means that."""
    require_idle(one)
    key = {"agency_id": one.agency_id, "what": what, "typed_key": fold(typed)[:300]}
    known = db.session.scalar(sa.select(ImportName).filter_by(**key))
    if known is None:
        known = ImportName(**key)
        db.session.add(known)
    known.meant_id, known.said_by_id, known.said_at = meant_id, actor.id, now
    record(ImportEvent.NAME, one, actor=actor, now=now, what=what, typed=typed, meant_id=meant_id)


def begin_judging(one: Import) -> None:
    """What was judged before is judged anew."""
    require_open(one)
    db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == one.id))
    one.state, one.counts, one.unknown = ImportState.JUDGING, {}, []
    one.version += 1


def keep_judged(import_id: int, rows: Sequence[tuple[Judged, list[str]]]) -> None:
    """The verdicts on these rows, each with its cells."""
    if rows:
        db.session.execute(sa.insert(ImportRow), [_row(import_id, judged, cells) for judged, cells in rows])


def _row(import_id: int, judged: Judged, cells: list[str]) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "number": judged.number,
        "verdict": judged.verdict,
        "reasons": [reason.to_json() for reason in judged.reasons],
        "changes": {key: list(values) for key, values in judged.changes.items()},
        "cells": cells,
        "subject_id": judged.subject_id,
        "written": False,
    }


def end_judging(one: Import, counts: Mapping[str, int], unknown: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Every row has its verdict: the preview can be read."""
    one.counts, one.unknown = dict(counts), list(unknown[:MOST_UNKNOWN])
    one.state, one.judged_at = ImportState.JUDGED, now
    one.version += 1


def confirm(one: Import, verdicts: Collection[Verdict], *, seen: int | None, actor: Person, now: datetime) -> None:
    """Write the rows of these verdicts; whoever confirms has seen the preview. Raises ChangedMeanwhile, BadInput."""
    require_open(one)
    if one.state is not ImportState.JUDGED or (seen is not None and seen != one.version):
        raise StepNotAllowed(N_("This preview is no longer the newest one. Look at it again."))
    chosen = set(verdicts) & (GOOD | {Verdict.DOUBTFUL})
    if not any(one.counts.get(verdict.value) for verdict in chosen):
        raise BadInput(N_("There is no row to write."), field="what")
    one.chosen, one.state, one.confirmed_at = sorted(chosen), ImportState.WRITING, now
    one.version += 1
    record(ImportEvent.CONFIRM, one, actor=actor, now=now, **_facts(one), rows=one.counts, chosen=one.chosen)


def mark_written(import_id: int, numbers: Sequence[int]) -> None:
    """These rows have been written."""
    rows = sa.update(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number.in_(numbers))
    db.session.execute(rows.values(written=True).execution_options(synchronize_session=False))


def note_verdicts(import_id: int, rows: Sequence[Judged]) -> None:
    """What became of rows that are no longer what the preview said."""
    for judged in rows:
        row = sa.update(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number == judged.number)
        reasons = [reason.to_json() for reason in judged.reasons]
        values = {"verdict": judged.verdict, "reasons": reasons, "subject_id": judged.subject_id}
        db.session.execute(row.values(**values).execution_options(synchronize_session=False))


def finish(one: Import, written: int, *, stopped: bool, actor: Person, now: datetime) -> None:
    """The confirmed rows are written, or it was stopped half-way: what is written stays."""
    one.written, one.version = written, one.version + 1
    one.state, one.finished_at = (ImportState.JUDGED, None) if stopped else (ImportState.DONE, now)
    record(ImportEvent.FINISH, one, actor=actor, now=now, **_facts(one), written=written, stopped=stopped)


def drop(one: Import, *, folder: Path, actor: Person, now: datetime) -> None:
    """Nothing of this file is written; the file and its rows are removed."""
    require_open(one)
    if one.state is ImportState.WRITING:
        raise StepNotAllowed(N_("Its rows are being written. Stop that first."))
    one.state = ImportState.DROPPED
    one.version += 1
    forget(one, folder=folder)
    record(ImportEvent.DROP, one, actor=actor, now=now, **_facts(one))


def forget(one: Import, *, folder: Path) -> None:
    """Remove the file and the rows as they were read; what was written and the line of the import stay."""
    db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == one.id))
    if one.stored_name:
        (folder / one.stored_name).unlink(missing_ok=True)
    one.stored_name = None


def note_rejected_taken(one: Import, count: int, *, actor: Person, now: datetime) -> None:
    """Who took the rows that were left out, as a file."""
    record(ImportEvent.TAKE_REJECTED, one, actor=actor, now=now, **_facts(one), rows=count)


def require_open(one: Import) -> None:
    """Raises StepNotAllowed for an import that is done or dropped, or whose file has been removed."""
    if one.state in CLOSED or one.stored_name is None:
        raise StepNotAllowed(N_("This import is over. Choose the file again to begin anew."))


def require_idle(one: Import) -> None:
    """Raises StepNotAllowed as require_open does, and while its rows are looked at or written."""
    require_open(one)
    if one.state in (ImportState.JUDGING, ImportState.WRITING):
        raise StepNotAllowed(N_("It is under way. Stop that first."))


def _facts(one: Import) -> dict[str, Any]:
    return {"kind": one.kind, "file": one.file_name, "digest": one.digest}
