"""Open clocks counted again: what moves when the calendar or a rule changes, told before anything is saved."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pr_tracker.deadlines.rules import Deadline, DueTime

Guard = tuple[str, int]  # table and id of the row whose lock keeps a clock as it is


@dataclass(frozen=True)
class OpenClock:
    """A clock that still runs: of what (`kind`, `id`, `code`), who owes it, and the deadline as it is stored."""

    kind: str
    id: int
    code: str
    agency: str
    agency_id: int | None
    deadline: Deadline
    guard: Guard


@dataclass(frozen=True)
class Move:
    """A clock with its deadline counted anew; `moves` when the due time differs, else only the explanation does."""

    clock: OpenClock
    new: Deadline

    @property
    def old_due(self) -> DueTime | None:
        return self.clock.deadline.due

    @property
    def new_due(self) -> DueTime | None:
        return self.new.due

    @property
    def moves(self) -> bool:
        return self.old_due != self.new_due


Recount = Callable[[OpenClock], Deadline]


class ClockHolder(Protocol):
    """Whoever keeps clocks that run: given to the deadlines pages by the list in factory.py."""

    def open_clocks(self) -> Iterator[OpenClock]:
        """Every clock that runs, read in batches."""
        ...

    def lock(self) -> Set[Guard]:
        """Lock every row that guards an open clock, in the order of ids, until the transaction ends."""
        ...

    def move(self, moves: Sequence[Move], *, why: str, actor: Any, now: datetime) -> None:
        """Store the new deadlines of this holder's clocks; history, audit and notices where the due time moves."""
        ...

    def plan_anew(self, now: datetime) -> None:
        """Let the sender plan every reminder of a clock that runs again: working days are not what they were."""
        ...


def changed(clocks: Iterable[OpenClock], recount: Recount) -> list[Move]:
    """What a change would make of these clocks; those it does not touch at all are left out."""
    counted = (Move(clock, recount(clock)) for clock in clocks)
    return [move for move in counted if move.new != move.clock.deadline]


def due_moves(moves: Iterable[Move]) -> list[Move]:
    """Only the moves of a due time, the earliest new one first."""
    found = [move for move in moves if move.moves]
    return sorted(found, key=lambda move: (str(move.new.ends_at), move.clock.code, move.clock.kind, move.clock.id))


def digest_of(moves: Iterable[Move]) -> str:
    """One short text for a list of moved due times: equal when somebody saw the same list."""
    seen = sorted((move.clock.kind, move.clock.id, str(move.old_due), str(move.new_due)) for move in due_moves(moves))
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]
