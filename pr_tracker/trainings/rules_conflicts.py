"""What cannot be at two places at once: room, lecturer, trainer of the team, trainee. Warned of, never refused."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from pr_tracker.text import fold

# A place that takes any number of sessions at once.
_NOWHERE = frozenset({"", "truc tuyen", "online", "hop truc tuyen", "tren mang", "zoom", "teams", "google meet"})
_AND = re.compile(r"[;/]|\s+(?:và|and)\s+|\s-\s")
# What stands before a name: degrees with a point, or these words.
_BEFORE = re.compile(
    r"^(?:(?:\w{1,4}\.)+|(?:thac si|tien si|pho giao su|giao su|nha bao|luat su|dong chi|ong|ba)\s)\s*"
)


class Clash(StrEnum):
    """What two sessions at the same time share."""

    ROOM = "room"
    LECTURER = "lecturer"
    TRAINER = "trainer"
    TRAINEE = "trainee"


@dataclass(frozen=True)
class Planned:
    """A session as it is looked at for conflicts; its rooms, lecturers and people by a key, each with its name."""

    id: int
    class_id: int
    starts_at: datetime
    ends_at: datetime
    topic: str
    class_name: str
    rooms: Mapping[str, str] = field(default_factory=dict)
    lecturers: Mapping[str, str] = field(default_factory=dict)
    trainers: Mapping[str, str] = field(default_factory=dict)
    trainees: Mapping[str, str] = field(default_factory=dict)

    def overlaps(self, other: "Planned") -> bool:
        """Whether the two go on at the same time; one that begins as the other ends does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Shared:
    """What or whom two sessions both need; `more` is how many are not named."""

    clash: Clash
    names: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True)
class Conflict:
    """Two sessions at the same time, and what they share."""

    one: Planned
    other: Planned
    shared: tuple[Shared, ...]


MOST_NAMED = 3


def conflicts_among(sessions: Sequence[Planned]) -> list[Conflict]:
    """Every two of the sessions that share something at the same time, in order of time."""
    ordered = sorted(sessions, key=lambda each: (each.starts_at, each.id))
    pairs = (pair for pair in combinations(ordered, 2) if pair[0].overlaps(pair[1]))
    found = (Conflict(one, other, tuple(_shared_by(one, other))) for one, other in pairs)
    return [conflict for conflict in found if conflict.shared]


def _shared_by(one: Planned, other: Planned) -> Iterator[Shared]:
    needs = (
        (Clash.ROOM, one.rooms, other.rooms),
        (Clash.LECTURER, one.lecturers, other.lecturers),
        (Clash.TRAINER, one.trainers, other.trainers),
        (Clash.TRAINEE, one.trainees, other.trainees),
    )
    for clash, mine, theirs in needs:
        if names := [mine[key] for key in mine if key in theirs]:
            yield Shared(clash, tuple(names[:MOST_NAMED]), max(0, len(names) - MOST_NAMED))


def rooms_in(places: Iterable[str]) -> dict[str, str]:
    """Rooms by key; what is no room, such as “trực tuyến”, is left out."""
    return {fold(place): place for place in places if fold(place) not in _NOWHERE}


def lecturers_in(typed: str) -> dict[str, str]:
    """The people named in the field of lecturers, by key: their degrees before and offices after the name count not."""
    found = {}
    for part in _AND.split(typed):
        name, key = part.partition(",")[0].strip(), fold(part.partition(",")[0])
        while (shorter := _BEFORE.sub("", key)) != key:
            key = shorter
        if key:
            found[key] = name
    return found


def trainee_key(person_id: int | None, full_name: str, agency_name: str) -> str:
    """Who somebody on a roster is: the account, else name and agency."""
    return f"#{person_id}" if person_id else f"{fold(full_name)}|{fold(agency_name)}"
