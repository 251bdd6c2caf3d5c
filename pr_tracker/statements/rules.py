"""Cleared statements: how long each counts, which takes the place of which, and who may act on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_day, write_day

TOLD_WORKING_DAYS_BEFORE = 5  # so early an agency is told that what it said ends
LONGEST_TOPIC = 300


class AnswerForm(StrEnum):
    """The five forms of speaking (Decree 244/2026/NĐ-CP Art 5)."""

    PRESS_CONFERENCE = "press_conference"
    PORTAL = "portal"
    INTERVIEW = "interview"
    WRITTEN = "written"
    BRIEFING = "briefing"


class State(StrEnum):
    """What a statement is worth on a day."""

    IN_FORCE = "in_force"
    ENDS_SOON = "ends_soon"  # still in force
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def is_in_force(self) -> bool:
        """Whether the province still stands by it."""
        return self in (State.IN_FORCE, State.ENDS_SOON)


class StatementEvent(StrEnum):
    """What the audit log says of a statement."""

    CLEAR = "statement:clear"  # an approved answer was given
    RECORD = "statement:record"  # an agency published something by itself
    VALIDITY = "statement:validity:set"
    SUPERSEDE = "statement:supersede"
    WITHDRAW = "statement:withdraw"
    REUSE = "statement:reuse"
    EXPORT = "statement:export"


@dataclass(frozen=True)
class Validity:
    """From when on a statement no longer counts: its last day, when another took its place, when it was withdrawn."""

    valid_until: date | None = None
    superseded_at: datetime | None = None
    withdrawn_at: datetime | None = None


def state_on(day: date, validity: Validity, *, soon: date) -> State:
    """What a statement is worth on a day: valid until the end of its last day, withdrawn and superseded from the
    day of the act. `soon` is the last day that counts as near: what ends by then ends soon.
    """
    if validity.withdrawn_at is not None and office_day(validity.withdrawn_at) <= day:
        return State.WITHDRAWN
    if validity.superseded_at is not None and office_day(validity.superseded_at) <= day:
        return State.SUPERSEDED
    if validity.valid_until is None:
        return State.IN_FORCE
    if validity.valid_until < day:
        return State.EXPIRED
    return State.ENDS_SOON if validity.valid_until <= soon else State.IN_FORCE


def acts_for(own: AgencyKind, own_id: int, agency_id: int) -> bool:
    """Whether people of one agency keep the statements of another: each its own, the province's office all."""
    return own.sees_whole_province or own_id == agency_id


def require_lasting(valid_until: date | None, *, said_at: datetime) -> None:
    """Raises BadInput for a last day before the day on which it was said."""
    if valid_until is not None and valid_until < office_day(said_at):
        said = write_day(office_day(said_at))
        raise BadInput(N_("It was said on %(day)s; it cannot have ended before."), field="valid_until", day=said)


@dataclass(frozen=True)
class Link:
    """A statement in a chain: what took its place, when it was said, whether it was withdrawn."""

    id: int
    said_at: datetime
    superseded_by_id: int | None = None
    withdrawn: bool = False


def require_may_supersede(newer: Link, older: Link, chain: Iterable[int]) -> None:
    """Raises BadInput unless `newer` may take the place of `older`; `chain` are the ids of what took newer's place."""
    if newer.id == older.id:
        raise BadInput(N_("A statement cannot take its own place."), field="newer")
    if newer.withdrawn:
        raise BadInput(N_("That statement is withdrawn; it cannot take the place of another."), field="newer")
    if older.withdrawn or older.superseded_by_id is not None:
        raise BadInput(N_("This statement no longer counts; nothing can take its place."), field="newer")
    if newer.said_at < older.said_at:
        raise BadInput(N_("What was said earlier cannot take the place of what was said later."), field="newer")
    if older.id in chain:
        raise BadInput(N_("That statement was itself replaced by this one."), field="newer")


def write_code(year: int, number: int) -> str:
    """PN-2026-0001."""
    return f"PN-{year}-{number:04}"


def require_words(words: str, field: str) -> str:
    """The words without outer spaces. Raises BadInput when there are none."""
    if not words.strip():
        raise BadInput(N_("Please fill this in."), field=field)
    return words.strip()
