"""What a run is: its states, what its work is given, how long a result is kept."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO, TypeVar

from pr_tracker.permissions import Permission

MOST_AT_ONCE = 2000  # rows: what has more is drawn in the background
RESULT_KEPT = timedelta(days=7)
LEASE = timedelta(minutes=2)  # a worker that is silent for longer is taken to be gone
MOST_ATTEMPTS = 3  # a run that kills its worker so often is given up
BEAT_ROWS = 200
Row = TypeVar("Row")


class RunState(StrEnum):
    """How far a run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunEvent(StrEnum):
    """What the audit log says of runs."""

    ASK = "run:asked"
    CANCEL = "run:cancelled"
    TAKE = "run:result:taken"
    EXPORT = "list:exported"


class Cancelled(Exception):
    """Who asked for the run does not want it any more: the work ends, nothing of it stays."""


class Released(Exception):
    """This worker ends, or has lost the run to another: the work ends here and begins anew elsewhere."""


def _silent(done: int, total: int) -> None:
    """Work done at once tells nobody how far it is."""


@dataclass
class Running:
    """What the work of a run is given: what was asked, by whom, when it began, and where the result is written.

    The work begins reading only (SQLite takes no write lock); before it writes it calls db.start_writing(), and leaves
    its last transaction to be committed together with the end of the run. It may be begun anew after a kill.
    """

    asked: Mapping[str, Any]
    actor: Any
    now: datetime
    out: BinaryIO
    tell: Callable[[int, int], None] = _silent
    file_name: str = ""
    media_type: str = ""
    leads_to: str = ""
    done: int = field(default=0, init=False)

    def progress(self, done: int, total: int) -> None:
        """Say how far it is; call it often. Raises Cancelled or Released, which the work lets through."""
        self.done = done
        self.tell(done, total)

    def counted(self, rows: Iterable[Row], total: int) -> Iterator[Row]:
        """The same rows; on the way it is said how far it is."""
        for number, row in enumerate(rows):
            if number % BEAT_ROWS == 0:
                self.progress(number, max(total, number))
            yield row

    def name(self, file_name: str, media_type: str) -> None:
        """What the result is called and is."""
        self.file_name, self.media_type = file_name, media_type

    def lead_to(self, address: str) -> None:
        """Which page of the tool (/…) shows what came of it."""
        self.leads_to = address


class Told(list[Row]):
    """Rows of which it is said, while they are gone through, how far it is: also where they are gone through again."""

    def __init__(self, rows: Iterable[Row], running: Running) -> None:
        super().__init__(rows)
        self._running, self._most = running, 0

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(super().__iter__()):
            if number % BEAT_ROWS == 0:
                self._most = max(self._most, number)
                self._running.progress(self._most, len(self))
            yield row


@dataclass(frozen=True)
class Kind:
    """A kind of run: what it is called, what does it, and who may have it (None: whoever asked).

    `at_source` says that it reads what was written a moment ago: never from a copy of the database.
    """

    words: Any
    work: Callable[[Running], None]
    permission: Permission | None = None
    at_source: bool = False


def key_of(asked: Mapping[str, Any]) -> str:
    """The same for what is asked in the same words: a second click finds the run of the first."""
    said = json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def percent(done: int, total: int) -> int:
    """How much of it is done, 0 to 100; 0 where nobody knows how much there is."""
    return min(100, 100 * done // total) if total > 0 else 0
