"""Ask for a run, take it in hand, end it, take away its result."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.runs import queries
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import LEASE, RunEvent, RunState, key_of


def ask(
    kind: str, asked: Mapping[str, Any], *, title: str, language: str, key: str = "", actor: Person, now: datetime
) -> Run:
    """A run of this kind; the one that this person waits for already where the key is the same."""
    key = key or key_of(asked)
    run = queries.find_unfinished(kind, key, actor.id)
    if run is not None:
        return run
    facts = {"kind": kind, "key": key, "title": title[:300], "asked": dict(asked), "language": language}
    run = Run(**facts, asked_by_id=actor.id, asked_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError:  # the second click, at the same moment
        same = queries.find_unfinished(kind, key, actor.id)
        if same is None:
            raise
        return same
    record(RunEvent.ASK, run, actor=actor, now=now, kind=kind, title=run.title)
    return run


def cancel(run: Run, *, actor: Person, now: datetime) -> None:
    """End it: at once where nobody works on it, else when its worker next says how far it is."""
    db.session.refresh(run, with_for_update=True)
    if run.finished_at is not None or run.cancel_asked_at is not None:
        return
    run.cancel_asked_at = now
    if run.claim is None or (run.lease_until is not None and run.lease_until < now):
        run.state, run.finished_at, run.claim, run.lease_until = RunState.CANCELLED, now, None, None
    record(RunEvent.CANCEL, run, actor=actor, now=now, kind=run.kind, title=run.title)


def claim_next(now: datetime) -> Run | None:
    """Take the next run in hand, under a lease; None where nothing waits."""
    run = queries.next_to_work(now)
    if run is None:
        return None
    run.state, run.claim, run.lease_until = RunState.RUNNING, secrets.token_hex(16), now + LEASE
    run.attempts, run.begun_at = run.attempts + 1, run.begun_at or now
    return run


def settle(run_id: int, claim: str, **facts: Any) -> bool:
    """Write how it stands, the lease given back; False where another worker has it by now."""
    mine = sa.update(Run).where(Run.id == run_id, Run.claim == claim)
    done = db.session.execute(mine.values(claim=None, lease_until=None, **facts))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def note_taken(run: Run, *, actor: Person, now: datetime) -> None:
    """Put on record who took the result."""
    record(RunEvent.TAKE, run, actor=actor, now=now, kind=run.kind, title=run.title, file=run.file_name)
