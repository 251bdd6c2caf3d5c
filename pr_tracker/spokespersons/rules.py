"""Permanent spokespersons: what a decision says, when it is in force, who keeps the register.

Decree 244/2026/NĐ-CP Art 3(3): the decision, and what the portal must show; UBND tỉnh keeps the whole province's list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.errors import N_, BadInput

LONGEST_REASON = 1000
# What the portal shows of a spokesperson, and the number of the paper; each may be corrected, with the reason.
PUBLISHED = ("full_name", "title", "phone", "email", "decision_number")


class SpokespersonEvent(StrEnum):
    """What the audit log says of the register of spokespersons."""

    RECORD = "spokesperson:record"
    END = "spokesperson:end"
    CORRECT = "spokesperson:correct"
    LINK = "spokesperson:link"
    SCAN = "spokesperson:scan:add"
    SCAN_READ = "spokesperson:scan:read"


@dataclass(frozen=True)
class SpokespersonFacts:
    """A decision that assigns a permanent spokesperson: what the portal must show, and the paper it rests on."""

    full_name: str
    title: str
    phone: str
    email: str
    decision_number: str
    decided_at: datetime


@dataclass(frozen=True)
class PublicationClock:
    """Where the 24 hours of a decision's publication stand; `state` is a FaceState, the words say the rest."""

    decision_id: int
    url: str
    state: str
    words: str
    exact: str


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks for an agency, as the law makes it public; `matter` only of an authorised person."""

    full_name: str
    title: str
    phone: str
    email: str
    number: str
    day: date
    matter: str | None = None
    until_at: datetime | None = None


def in_force(from_at: datetime | None, until_at: datetime | None, at: datetime) -> bool:
    """Whether a role holds at a moment: from its first instant on, no longer at its last."""
    return (from_at is None or from_at <= at) and (until_at is None or at < until_at)


def keeps_register_of(own: AgencyKind, own_id: int, agency_id: int) -> bool:
    """Whether people of one agency keep the register of another: each its own, the provincial office everybody's."""
    return own_id == agency_id or own.sees_whole_province


def may_be_named(kind: AgencyKind, agency_id: int, own: AgencyKind, own_id: int) -> bool:
    """Whether somebody of one agency may speak for another: of the same, and of the provincial office for UBND tỉnh."""
    return own_id == agency_id or (kind is AgencyKind.PROVINCE and own is AgencyKind.PROVINCE_OFFICE)


def require_end(ended_at: datetime, *, decided_at: datetime, now: datetime, field: str = "ended_at") -> None:
    """Raises BadInput unless a decision ends after it began, and not in the future."""
    if ended_at > now:
        raise BadInput(N_("This moment is still to come."), field=field)
    if ended_at < decided_at:
        raise BadInput(N_("This is before the decision was made."), field=field)


def require_words(words: str, field: str) -> str:
    """The words without outer spaces. Raises BadInput when there are none."""
    if not words.strip():
        raise BadInput(N_("Please fill this in."), field=field)
    return words.strip()


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """What differs of the published facts, as {name: [before, after]}, for the history."""
    return {name: [before[name], after[name]] for name in PUBLISHED if before[name] != after[name]}
