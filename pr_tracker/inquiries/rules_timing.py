"""What became of an inquiry and of its deadline: the one definition behind every figure, filter and report.

Each inquiry is measured by its own deadline, which the rule in force on the day of its trigger has set (domain.md §6),
with the stops and extensions that stand beside every rate. The two divisions below are whole: each inquiry is in
exactly one part of each.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Timing(StrEnum):
    """What became of a deadline."""

    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    RUNNING = "running"
    WITHDRAWN = "withdrawn"


# Deadlines that have had to be met: what a rate of on-time answers counts.
DUE = (Timing.ON_TIME, Timing.LATE, Timing.OVERDUE)


class Result(StrEnum):
    """What became of an inquiry itself."""

    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


@dataclass(frozen=True)
class End:
    """How an inquiry stands: the end of its term (no longer in time), when it was finished, and how."""

    ends_at: datetime
    finished_at: datetime | None = None
    released: bool = False
    refused: bool = False


def result_of(end: End) -> Result:
    """Open until it is finished; then answered, else refused on a ground, else withdrawn by the press."""
    if end.finished_at is None:
        return Result.OPEN
    if end.released:
        return Result.ANSWERED
    return Result.REFUSED if end.refused else Result.WITHDRAWN


def timing_of(end: End, now: datetime) -> Timing:
    """What became of the deadline at `now`.

    On time: answered, or refused with the reason given, before the end of the term. Late: answered, refused or
    withdrawn only after it, because until then nothing had been given. Overdue: still open after it. Running: open, the
    term has not ended. Withdrawn: by the press before the end; counts neither as on time nor as late.
    """
    if end.finished_at is None:
        return Timing.RUNNING if now < end.ends_at else Timing.OVERDUE
    if end.finished_at >= end.ends_at:
        return Timing.LATE
    return Timing.WITHDRAWN if result_of(end) is Result.WITHDRAWN else Timing.ON_TIME
