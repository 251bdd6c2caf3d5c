"""Who has earned a certificate and why not, what becomes of one, how long it counts."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class CertificateEvent(StrEnum):
    """What the audit log says of certificates."""

    LAYOUT = "certificate:layout:change"
    RUN = "certificate:run"
    ISSUE = "certificate:issue"
    REISSUE = "certificate:reissue"
    REVOKE = "certificate:revoke"
    EXPORT = "certificate:export"


PURPOSE = "certificate"  # of a code
# What gives a certificate, and so says in the log what it says.
GIVING = (CertificateEvent.ISSUE, CertificateEvent.REISSUE)


class Status(StrEnum):
    """What has become of a certificate."""

    VALID = "valid"
    SUPERSEDED = "superseded"  # another was given in its place
    REVOKED = "revoked"  # thu hồi


class Verdict(StrEnum):
    """What the public page says of a code."""

    VALID = "valid"
    LAPSED = "lapsed"  # genuine, but the training no longer counts
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    ALTERED = "altered"  # what is stored is not what the audit log says was given
    UNKNOWN = "unknown"  # forged, or mistyped


class Lack(StrEnum):
    """What somebody lacks for a certificate."""

    NO_SESSION = "no_session"
    ATTENDANCE = "attendance"
    NO_MARK = "no_mark"
    LOW_MARK = "low_mark"
    NO_PAPER = "no_paper"


@dataclass(frozen=True)
class CourseRule:
    """What a course asks for: least share of its sessions (per cent), least mark of 10, the final paper."""

    least_attendance: int
    least_mark: Decimal | None = None
    paper_required: bool = False

    @property
    def graded(self) -> bool:
        """Whether marks or papers matter."""
        return self.least_mark is not None or self.paper_required


@dataclass(frozen=True)
class Record:
    """What somebody has done in a class: sessions attended of all that are not cancelled, mark, final paper.

    `open` sessions are still to be held or their roll call is not closed; they may yet be attended.
    """

    attended: int
    sessions: int
    open: int = 0
    mark: Decimal | None = None
    paper: bool = False

    @property
    def share(self) -> int:
        """Sessions attended, per cent, rounded down: 80 is never said of less."""
        return self.attended * 100 // self.sessions if self.sessions else 0


@dataclass(frozen=True)
class Reason:
    """Something that is lacking, with its figures for the sentence."""

    lack: Lack
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """Whether somebody has earned a certificate, and every reason why not."""

    reasons: tuple[Reason, ...]
    record: Record

    @property
    def qualifies(self) -> bool:
        return not self.reasons


def standing_of(rule: CourseRule, record: Record) -> Standing:
    """Weigh a record against the course's rule; a session that is still open counts as not attended."""
    reasons = []
    figures: dict[str, Any] = {"attended": record.attended, "sessions": record.sessions, "share": record.share}
    if not record.sessions:
        reasons.append(Reason(Lack.NO_SESSION, {}))
    elif record.attended * 100 < rule.least_attendance * record.sessions:
        reasons.append(Reason(Lack.ATTENDANCE, figures | {"least": rule.least_attendance, "open": record.open}))
    if rule.least_mark is not None and record.mark is None:
        reasons.append(Reason(Lack.NO_MARK, {"least": rule.least_mark}))
    elif rule.least_mark is not None and record.mark is not None and record.mark < rule.least_mark:
        reasons.append(Reason(Lack.LOW_MARK, {"mark": record.mark, "least": rule.least_mark}))
    if rule.paper_required and not record.paper:
        reasons.append(Reason(Lack.NO_PAPER, {}))
    return Standing(tuple(reasons), record)


def valid_until(issued_on: date, months: int | None) -> date | None:
    """The last day a certificate counts, None for ever: the same date so many months on, or that month's last day."""
    if months is None:
        return None
    years, month = divmod(issued_on.month - 1 + months, 12)
    year = issued_on.year + years
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def counts_on(day: date, until: date | None) -> bool:
    """Whether training with this last day still counts on a day."""
    return until is None or day <= until


def verdict_of(status: Status, until: date | None, today: date, *, whole: bool) -> Verdict:
    """What is said of a certificate that was found; `whole`: what is stored is what the log says was given."""
    if not whole:
        return Verdict.ALTERED
    if status is not Status.VALID:
        return Verdict(status.value)
    return Verdict.VALID if counts_on(today, until) else Verdict.LAPSED


def write_number(year: int, number: int) -> str:
    """0012/2026: counted per year, four digits or more."""
    return f"{number:04d}/{year}"
