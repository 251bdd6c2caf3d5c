"""What happens around sign-in: failures are counted, an address is closed and opened again, all of it audited."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pr_tracker.accounts import queries
from pr_tracker.accounts.models import Person, SignInTally
from pr_tracker.accounts.rules import AccountEvent, address_digest, after_failure, is_closed
from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db

KEPT_FOR = timedelta(days=1)


def note_failure(email: str, person: Person | None, *, way: str, now: datetime) -> None:
    """Count a failed sign-in with an address; `person` is whose it is, if anybody's. The tenth in a row closes it."""
    db.session.execute(sa.delete(SignInTally).where(SignInTally.last_failed_at < now - KEPT_FOR))
    row = _tally_for_change(email, now)
    before = row.tally
    after = after_failure(before, now)
    row.failed_sign_ins, row.last_failed_at, row.locked_until = after.failed, now, after.closed_until
    record(AccountEvent.SIGN_IN_FAILED, person, actor=None, now=now, way=way)
    if is_closed(after, now) and not is_closed(before, now):
        record(AccountEvent.LOCKED_OUT, person, actor=None, now=now)


def note_sign_in(person: Person, *, way: str, now: datetime) -> None:
    """A person signed in: their failures are forgotten."""
    _forget(person.email)
    record(AccountEvent.SIGN_IN, person, actor=person, now=now, way=way)


def unlock(person: Person, *, actor: Actor, now: datetime) -> None:
    """Open sign-in for a person whose address was closed after failures."""
    _forget(person.email)
    record(AccountEvent.UNLOCKED, person, actor=actor, now=now)


def note_password_reset(person: Person, *, now: datetime) -> None:
    """A person set a new password through a link: whoever reads their mail may sign in at once."""
    _forget(person.email)
    record(AccountEvent.PASSWORD_RESET, person, actor=person, now=now)


def note(event: StrEnum, person: Person, *, actor: Actor | None, now: datetime, **data: Any) -> None:
    """Audit something that Flask-Security did to a person's means of signing in."""
    record(event, person, actor=actor, now=now, **data)


def end_sessions(person: Person, *, actor: Actor, now: datetime) -> None:
    """Sign a person out on every device."""
    person.fs_uniquifier = uuid.uuid4().hex
    record(AccountEvent.SESSIONS_END, person, actor=actor, now=now)


def reset_sign_in_steps(person: Person, *, actor: Actor, now: datetime) -> None:
    """For a lost phone: authenticator app, recovery codes and passkeys are gone, all sessions end."""
    person.tf_primary_method = person.tf_totp_secret = person.tf_last_counter = None
    person.mf_recovery_codes = None
    person.webauthn.clear()
    person.fs_uniquifier = uuid.uuid4().hex
    record(AccountEvent.SIGN_IN_STEPS_RESET, person, actor=actor, now=now)


def _forget(email: str) -> None:
    db.session.execute(sa.delete(SignInTally).where(SignInTally.address_digest == address_digest(email)))


def _tally_for_change(email: str, now: datetime) -> SignInTally:
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = {"address_digest": address_digest(email), "failed_sign_ins": 0, "last_failed_at": now}
    db.session.execute(insert(SignInTally).values(new).on_conflict_do_nothing())
    row = queries.find_tally(email, for_change=True)
    if row is None:
        raise LookupError("the tally just written is not there")
    return row
