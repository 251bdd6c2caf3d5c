"""Invitations: what somebody answered, what the personal page offers, what the audit log says of it."""

from dataclasses import dataclass
from enum import StrEnum

LONGEST_REASON = 300


class Reply(StrEnum):
    """What an invited person, or their agency, answered."""

    OPEN = "open"  # nothing yet
    CONFIRMED = "confirmed"
    APOLOGISED = "apologised"  # from the whole class; the place is free for another
    SUBSTITUTED = "substituted"  # somebody else was sent instead


class InvitationEvent(StrEnum):
    """What the audit log says of invitations."""

    REPLY = "invitation:reply"
    SESSION_APOLOGY = "invitation:apologise:session"
    SUBSTITUTE = "invitation:substitute"


@dataclass(frozen=True)
class Offer:
    """Something a participant can do or get on their own page; without `url` it only says something."""

    title: str
    sentence: str
    url: str | None = None
    primary: bool = False
