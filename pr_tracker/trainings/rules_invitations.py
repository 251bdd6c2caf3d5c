"""Invitations: places and the waiting list, what somebody answered, what the personal page offers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum

LONGEST_REASON = 300
MOST_SEATS = 1000


class Reply(StrEnum):
    """What an invited person, or their agency, answered."""

    OPEN = "open"  # nothing yet
    CONFIRMED = "confirmed"
    APOLOGISED = "apologised"  # from the whole class; the place is free for another
    SUBSTITUTED = "substituted"  # somebody else was sent instead


class Seating(Enum):
    """What decides whether somebody new gets a place or waits."""

    BY_QUOTA = 1  # named by their agency: its quota and the class's capacity
    BY_CAPACITY = 2  # put on the roster by a trainer, who need not keep to quotas
    ALWAYS = 3  # is there already, or takes over the place of another


class InvitationEvent(StrEnum):
    """What the audit log says of invitations."""

    QUOTAS = "invitation:quotas"
    ASK = "invitation:ask"
    MOVE_UP = "invitation:move_up"
    SEAT = "invitation:seat"
    INVITE = "invitation:send"
    LETTER = "invitation:letter"
    REPLY = "invitation:reply"
    SESSION_APOLOGY = "invitation:apologise:session"
    SUBSTITUTE = "invitation:substitute"


@dataclass(frozen=True)
class LetterFacts:
    """What the letters of a class say besides its plan."""

    number: str = ""
    signed_on: date | None = None
    note: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Offer:
    """Something a participant can do or get on their own page; without `url` it only says something."""

    title: str
    sentence: str
    url: str | None = None
    primary: bool = False


@dataclass(frozen=True)
class Places:
    """The places of a class: how many, how many are taken, of all and by agency. No number means no limit."""

    capacity: int | None = None
    quotas: Mapping[int, int] = field(default_factory=dict)
    taken: int = 0
    taken_by: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def free(self) -> int | None:
        """How many more people the class has room for, never below 0; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def free_of(self, agency_id: int | None) -> int | None:
        """How many more people of an agency would get a place; None without a limit."""
        quota = None if agency_id is None else self.quotas.get(agency_id)
        own = None if quota is None else max(0, quota - self.taken_by.get(agency_id, 0))
        limits = [limit for limit in (self.free, own) if limit is not None]
        return min(limits) if limits else None

    def with_one_of(self, agency_id: int | None) -> "Places":
        """The places after somebody of the agency took one."""
        taken_by = Counter(self.taken_by)
        taken_by[agency_id] += 1
        return Places(self.capacity, self.quotas, self.taken + 1, taken_by)


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list: their row and their agency."""

    participant_id: int
    agency_id: int | None


def who_moves_up(waiting: Iterable[Waiting], places: Places) -> list[int]:
    """Who gets a place, in the order of the list; whose agency's quota is full lets those behind go first."""
    moved = []
    for one in waiting:
        if places.free_of(one.agency_id) != 0:
            places = places.with_one_of(one.agency_id)
            moved.append(one.participant_id)
    return moved


def who_waits(agencies: Sequence[int | None], places: Places, seating: Seating) -> set[int]:
    """Of new people, given by their agency in the order in which they are named, the positions of those who wait."""
    waits: set[int] = set()
    if seating is Seating.ALWAYS:
        return waits
    for position, agency_id in enumerate(agencies):
        free = places.free_of(agency_id) if seating is Seating.BY_QUOTA else places.free
        if free == 0:
            waits.add(position)
        else:
            places = places.with_one_of(agency_id)
    return waits


@dataclass(frozen=True)
class Naming:
    """Whether an agency may name people for a class, and until when; `seats` are the agency's, None without quota."""

    has_quotas: bool
    seats: int | None
    until: datetime | None
    cancelled: bool
    first_at: datetime | None
    last_at: datetime | None

    @property
    def closes_at(self) -> datetime | None:
        """Until when people are named: the class's own term, else the start of its first session."""
        return self.until or self.first_at

    @property
    def invites(self) -> bool:
        """Whether the class has places for the agency: a quota, or a term open to all where there are no quotas."""
        return bool(self.seats) or (not self.has_quotas and self.until is not None)

    def is_over(self, now: datetime) -> bool:
        """Whether nothing more is to be answered: cancelled, or its last session has ended."""
        return self.cancelled or (self.last_at is not None and self.last_at <= now)

    def is_open(self, now: datetime) -> bool:
        """Whether the agency may name people now."""
        in_time = self.closes_at is None or now <= self.closes_at
        return self.invites and in_time and not self.is_over(now)
