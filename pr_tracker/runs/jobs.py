"""In the background: runs are worked off one after the other; a worker that is killed is followed by another.

A worker claims a run under a lease and renews it while it says how far it is. The result is written beside and given
its place at the end, in the same transaction in which the run is marked as done.
"""

import logging
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from pr_tracker.accounts.models import Person
from pr_tracker.db import copy_to_read, db, start_writing, will_write
from pr_tracker.errors import DomainError
from pr_tracker.files import keep_names
from pr_tracker.notices.jobs import stopping
from pr_tracker.runs import actions, queries
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import LEASE, MOST_ATTEMPTS, Cancelled, Kind, Released, Running, RunState
from pr_tracker.web import replica
from pr_tracker.web.errors import say
from pr_tracker.web.files import upload_folder

FOLDER = "results"
BEAT = timedelta(seconds=1)  # at most so often a run tells the database how far it is
AT_ONCE = 2  # the worker's other hands stay free for mail
REMOVED_AT_ONCE = 100
log = logging.getLogger(__name__)
_hands = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Claimed:
    """A run in hand, told apart from its row: no transaction is open between its beats."""

    run_id: int
    claim: str
    kind: str
    asked: dict[str, Any]
    asked_by_id: int
    language: str
    attempts: int

    @property
    def place(self) -> Path:
        """Where the result is written while it is not finished."""
        return results_folder() / f"{self.run_id}-{self.claim}.part"


class Clock:
    """What time it is, from the moment a pass began."""

    def __init__(self, now: datetime) -> None:
        self._begun, self._monotonic = now, monotonic()

    def now(self) -> datetime:
        """This moment."""
        return self._begun + timedelta(seconds=monotonic() - self._monotonic)


def install(app: Flask, kinds: dict[str, Kind]) -> None:
    """What can be asked for, by its code."""
    app.extensions["run_kinds"] = {**app.extensions.get("run_kinds", {}), **kinds}


def kind_of(code: str) -> Kind | None:
    """A kind by its code; None for one that this version does not know."""
    kinds: dict[str, Kind] = current_app.extensions["run_kinds"]
    return kinds.get(code)


def work_off(now: datetime) -> int:
    """Work off every run that waits; returns how many came to their end. Commits each by itself."""
    if not _hands.acquire(blocking=False):
        return 0
    try:
        clock, finished = Clock(now), 0
        while not stopping.is_set() and (claimed := _claim(clock.now())) is not None:
            finished += _work(claimed, clock)
        return finished
    finally:
        _hands.release()


def remove_old(now: datetime) -> int:
    """Take away the results of more than a week ago; returns how many. The rows stay."""
    removed = queries.results_too_old(now, REMOVED_AT_ONCE)
    for run in removed:
        (results_folder() / str(run.stored_name)).unlink(missing_ok=True)
        run.removed_at = now
    count = len(removed)
    db.session.commit()
    return count


def results_folder() -> Path:
    """Where results lie: beside the attachments, not among them."""
    folder = upload_folder() / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _claim(now: datetime) -> Claimed | None:
    run = actions.claim_next(now)
    if run is None:
        db.session.rollback()
        return None
    assert run.claim is not None
    facts = (run.kind, run.asked, run.asked_by_id, run.language, run.attempts)
    claimed = Claimed(run.id, run.claim, *facts)
    db.session.commit()
    for left in results_folder().glob(f"{claimed.run_id}-*.part"):  # of a worker that was killed
        left.unlink(missing_ok=True)
    return claimed


def _work(claimed: Claimed, clock: Clock) -> bool:
    """Do one run in a session of its own; True when it came to an end."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.test_request_context(query_string={"lang": claimed.language}):
        writing = will_write.set(False)
        try:
            _do(claimed, clock)
        except Released:
            db.session.rollback()
            _end(claimed, state=RunState.WAITING, attempts=claimed.attempts - 1)
            return False
        except Cancelled:
            db.session.rollback()
            _end(claimed, state=RunState.CANCELLED, finished_at=clock.now())
        except OperationalError as trouble:  # a database that is busy or gone for a moment
            db.session.rollback()
            log.warning("run %s (%s) is put back", claimed.run_id, claimed.kind, exc_info=trouble)
            _put_back_or_fail(claimed, clock)
            return False
        except Exception as fault:  # one run must not keep the others waiting
            db.session.rollback()
            _end(claimed, state=RunState.FAILED, fault=_told(fault, claimed), finished_at=clock.now())
        finally:
            claimed.place.unlink(missing_ok=True)
            will_write.reset(writing)
            copy_to_read.set(None)
    return True


def _do(claimed: Claimed, clock: Clock) -> None:
    kind, actor = kind_of(claimed.kind), db.session.get(Person, claimed.asked_by_id)
    if claimed.attempts > MOST_ATTEMPTS:
        raise GivenUp
    if kind is None or actor is None or not actor.active or (kind.permission and not actor.may(kind.permission)):
        raise NotTheirs
    g._login_user = actor  # for what asks who reads: the words and rows are theirs
    with claimed.place.open("wb") as out:
        running = Running(claimed.asked, actor, clock.now(), out, Beat(claimed, clock))
        if not kind.at_source:
            replica.read_from_copy()
        kind.work(running)
        out.flush()
        os.fsync(out.fileno())
    _finish(claimed, running, clock.now())


class GivenUp(Exception):
    """It was begun too often."""


class NotTheirs(Exception):
    """Who asked may not have it any more."""


class Beat:
    """Tell the database how far a run is, on a connection of its own, and learn whether it is still wanted."""

    def __init__(self, claimed: Claimed, clock: Clock) -> None:
        self._claimed, self._clock = claimed, clock
        self._last: datetime | None = None

    def __call__(self, done: int, total: int) -> None:
        now = self._clock.now()
        if stopping.is_set():
            raise Released
        if self._last is not None and now - self._last < BEAT and done < total:
            return
        self._last = now
        mine = sa.and_(Run.id == self._claimed.run_id, Run.claim == self._claimed.claim)
        holds_lock = db.engine.dialect.name == "sqlite" and will_write.get() and db.session().in_transaction()
        writing = will_write.set(not holds_lock)
        try:
            with db.engine.begin() as beside:
                if not holds_lock:
                    far = {"done": max(done, 0), "total": max(total, 0), "lease_until": now + LEASE}
                    beside.execute(sa.update(Run).where(mine).values(**far))
                row = beside.execute(sa.select(Run.cancel_asked_at).where(mine)).first()
        finally:
            will_write.reset(writing)
        if row is None:
            raise Released
        if row.cancel_asked_at is not None:
            raise Cancelled


def _finish(claimed: Claimed, running: Running, now: datetime) -> None:
    """Give the result its place and mark the run as done, together with what the work has written."""
    if not will_write.get():
        start_writing()
    facts: dict[str, Any] = {"state": RunState.DONE, "finished_at": now, "leads_to": running.leads_to}
    stored = results_folder() / secrets.token_hex(16)
    size = claimed.place.stat().st_size
    if size:
        named = {"file_name": running.file_name, "media_type": running.media_type}
        facts |= {"stored_name": stored.name, "size": size, **named}
        claimed.place.rename(stored)
        keep_names(stored.parent)
    if not actions.settle(claimed.run_id, claimed.claim, **facts):
        stored.unlink(missing_ok=True)
        raise Released
    try:
        db.session.commit()
    except Exception:
        stored.unlink(missing_ok=True)
        raise


def _end(claimed: Claimed, **facts: Any) -> None:
    start_writing()
    actions.settle(claimed.run_id, claimed.claim, **facts)
    db.session.commit()


def _put_back_or_fail(claimed: Claimed, clock: Clock) -> None:
    """The lease stays: after it another pass tries again, and the last one gives up."""
    if claimed.attempts >= MOST_ATTEMPTS:
        _end(claimed, state=RunState.FAILED, fault=_told(GivenUp(), claimed), finished_at=clock.now())


def _told(fault: Exception, claimed: Claimed) -> str:
    """Why it failed, for who asked."""
    if isinstance(fault, DomainError):
        return say(fault)[:500]
    if isinstance(fault, NotTheirs):
        return _("You may no longer have this.")
    if isinstance(fault, GivenUp):
        return _("It was broken off %(times)s times. Tell an administrator.", times=MOST_ATTEMPTS)
    log.error("run %s (%s) failed", claimed.run_id, claimed.kind, exc_info=fault)
    return _("An error kept it from being finished. Try again; if it fails again, tell an administrator.")
