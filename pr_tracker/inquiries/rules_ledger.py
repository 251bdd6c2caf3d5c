"""A line of an office's ledger as a case: what it says, and which line is the same one."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pr_tracker.inquiries.rules_kinds import AnswerForm, Channel, Kind, RefusalGround, Urgency
from pr_tracker.inquiries.rules_number import TypedNumber, read_number
from pr_tracker.office_time import office_day
from pr_tracker.text import fold


class Outcome(StrEnum):
    """How a case of the ledger ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class LedgerCase:
    """One line: instants are aware; where the ledger has only a day, receipt is its first minute, the end its last."""

    row: int
    received_at: datetime
    outlet_id: int
    outlet: str
    subject: str
    questions: tuple[str, ...]
    number: str = ""
    journalists: tuple[str, ...] = ()
    kind: Kind = Kind.QUESTION
    channel: Channel = Channel.LETTER
    urgency: Urgency = Urgency.NORMAL
    lead_id: int | None = None
    watching_ids: tuple[int, ...] = ()
    outcome: Outcome | None = None  # None: still open
    finished_at: datetime | None = None
    has_time: bool = True  # whether the ledger says at what time it ended
    form: AnswerForm | None = None
    speaker: str = ""
    evidence: str = ""
    ground: RefusalGround | None = None
    reason: str = ""
    note: str = ""

    @property
    def year(self) -> int:
        """The year of receipt on the office's calendar, in which it is numbered."""
        return office_day(self.received_at).year

    @property
    def told_at(self) -> str:
        """When it ended, as history keeps it: a moment, or a day where the ledger has no time."""
        assert self.finished_at is not None
        return self.finished_at.isoformat() if self.has_time else office_day(self.finished_at).isoformat()

    @property
    def number_key(self) -> str:
        """Under which a line is found again, whatever the capitals and spaces of its number."""
        return ledger_number_key(self.number)

    @property
    def likeness(self) -> str:
        """Under which a line without a number is found again."""
        return likeness_of(office_day(self.received_at), self.outlet_id, self.subject)


def ledger_number_key(number: str) -> str:
    """What makes two numbers of one ledger the same; leading zeros do not count."""
    key = "".join(fold(number).split())
    return (key.lstrip("0") or key)[:60]


def likeness_of(day: date, outlet_id: int, subject: str) -> str:
    """The fingerprint of a day, a press agency and a subject."""
    return hashlib.sha256(f"{day.isoformat()}|{outlet_id}|{fold(subject)}".encode()).hexdigest()


def own_number(number: str) -> TypedNumber | None:
    """A number of our own form with its year (ĐN-2026-0001), else None."""
    typed = read_number(number) if fold(number).startswith("dn") else None
    return typed if typed is not None and typed.year is not None else None
