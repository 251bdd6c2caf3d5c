"""Find runs: a reader's own, those that wait, results that are too old."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import RESULT_KEPT, RunState

SHOWN = 50


def get_own(run_id: int, person_id: int) -> Run:
    """A run that this person asked for. Raises NotFound."""
    run = db.session.scalar(sa.select(Run).where(Run.id == run_id, Run.asked_by_id == person_id))
    if run is None:
        raise NotFound(N_("There is no such work, or somebody else asked for it."))
    return run


def own_runs(person_id: int, before: int | None = None) -> tuple[list[Run], bool]:
    """The runs a person asked for, the newest first, behind one of them; and whether there are older ones."""
    query = sa.select(Run).where(Run.asked_by_id == person_id).order_by(Run.id.desc()).limit(SHOWN + 1)
    rows = list(db.session.scalars(query if before is None else query.where(Run.id < before)))
    return rows[:SHOWN], len(rows) > SHOWN


def listed(person_id: int) -> sa.Select:
    """All runs a person asked for, the newest first: for a table."""
    columns = (Run.title, Run.kind, Run.asked_at, Run.state, Run.finished_at, Run.file_name, Run.removed_at, Run.fault)
    return sa.select(*columns).where(Run.asked_by_id == person_id).order_by(Run.id.desc())


def find_unfinished(kind: str, key: str, person_id: int) -> Run | None:
    """The run of the same thing that this person waits for already."""
    query = sa.select(Run).where(Run.asked_by_id == person_id, Run.kind == kind, Run.key == key)
    return db.session.scalar(query.where(Run.finished_at.is_(None)))


def asked_of_unfinished(kinds: Sequence[str]) -> Sequence[dict[str, Any]]:
    """What was asked of the runs of these kinds that wait or are worked on, whoever asked."""
    return db.session.scalars(sa.select(Run.asked).where(Run.kind.in_(kinds), Run.finished_at.is_(None))).all()


def find_latest(kind: str, key: str, person_id: int) -> Run | None:
    """The last run of a thing that this person asked for, finished or not."""
    query = sa.select(Run).where(Run.asked_by_id == person_id, Run.kind == kind, Run.key == key)
    return db.session.scalar(query.order_by(Run.id.desc()).limit(1))


def next_to_work(now: datetime) -> Run | None:
    """The oldest run that waits, or whose worker has gone; locked against every other worker."""
    free = sa.or_(Run.state == RunState.WAITING, Run.lease_until < now)
    query = sa.select(Run).where(Run.finished_at.is_(None), free).order_by(Run.id).limit(1)
    return db.session.scalar(query.with_for_update(skip_locked=True))


def results_too_old(now: datetime, most: int) -> Sequence[Run]:
    """Runs whose result has been kept for a week."""
    query = sa.select(Run).where(Run.stored_name.is_not(None), Run.removed_at.is_(None))
    query = query.where(Run.finished_at < now - RESULT_KEPT).order_by(Run.finished_at).limit(most)
    return db.session.scalars(query.with_for_update(skip_locked=True)).all()


def count_unfinished(now: datetime) -> dict[str, int]:
    """How many runs wait, and how many are being worked on."""
    query = sa.select(Run.state, sa.func.count()).where(Run.finished_at.is_(None)).group_by(Run.state)
    counted = {state.value: count for state, count in db.session.execute(query)}
    return {state.value: counted.get(state.value, 0) for state in (RunState.WAITING, RunState.RUNNING)}
