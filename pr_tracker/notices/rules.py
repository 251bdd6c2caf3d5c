"""Notices: what people are told of, which of it they may switch off by mail, when a mail is tried again."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180, 360, 720)  # the pauses between eight attempts: about a day in all
LATE_AFTER = timedelta(minutes=10)  # without a pass for so long, the sender is not running
MOST_TOLD = 99  # beyond it the bell says 99+


class NoticeKind(StrEnum):
    """What a notice is about."""

    BEFORE = "reminder:before"
    LAST_DAY = "reminder:last_day"
    LATE_1 = "late:1"
    LATE_2 = "late:2"
    LATE_3 = "late:3"
    DIGEST = "digest"
    URGED = "urged"  # đôn đốc
    MOVED = "clock:moved"
    PAUSED = "clock:paused"
    RESUMED = "clock:resumed"
    EXTENSION_ASKED = "extension:asked"
    EXTENSION_GRANTED = "extension:granted"
    EXTENSION_DECLINED = "extension:declined"
    ASSIGNED = "case:assigned"
    TAKE_OVER_ASKED = "case:take_over_asked"
    TAKE_OVER_DECLINED = "case:take_over_declined"
    COORDINATION_ASKED = "case:coordination_asked"
    COORDINATION_SENT = "case:coordination_sent"
    SUBMITTED = "case:submitted"
    RETURNED = "case:returned"
    APPROVED = "case:approved"
    RELEASED = "case:released"
    REFUSED = "case:refused"
    WITHDRAWN = "case:withdrawn"
    COMMENTED = "case:commented"
    DUTY_OPENED = "duty:opened"
    DUTY_DONE = "duty:done"
    SUBSTITUTE_NAMED = "substitute:named"
    NEW_HEAD = "case:new_head"
    PRESS_SOON = "press:soon"
    PRESS_LATE = "press:late"
    ARTICLE_WRONG = "article:wrong"
    LETTER_WRITTEN = "letter:written"
    LETTER_RETURNED = "letter:returned"
    LETTER_APPROVED = "letter:approved"
    STATEMENT_ENDS = "statement:ends"
    STATEMENT_REPLACED = "statement:replaced"
    PART_SUBMITTED = "part:submitted"
    PART_RETURNED = "part:returned"
    PART_APPROVED = "part:approved"
    PART_CORRECTED = "part:corrected"
    PART_ASKED_BACK = "part:asked_back"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_JOINED = "incident:joined"
    INCIDENT_LEFT = "incident:left"
    INCIDENT_SUBMITTED = "incident:submitted"
    INCIDENT_RETURNED = "incident:returned"
    INCIDENT_APPROVED = "incident:approved"
    INCIDENT_RELEASED = "incident:released"
    INCIDENT_ON_CALL = "incident:on_call"
    INCIDENT_TASK = "incident:task"
    INCIDENT_CLOSED = "incident:closed"
    PROVINCE_ASKED = "case:province_asked"  # the leadership of UBND tỉnh approves next
    SEAL_VOIDED = "case:seal_voided"
    AUTHORITY_GIVEN = "authority:given"
    AUTHORITY_ENDING = "authority:ending"
    AUTHORITY_ENDED = "authority:ended"
    AUTHORITY_REVOKED = "authority:revoked"
    CLASS_ASKED = "class:asked"  # an agency is asked to name people
    CLASS_INVITED = "class:invited"
    CLASS_AGENCY_INVITED = "class:agency_invited"
    CLASS_MOVED_UP = "class:moved_up"
    CLASS_APOLOGISED = "class:apologised"
    CLASS_CHANGED = "class:changed"
    CLASS_CANCELLED = "class:cancelled"

    @property
    def is_reminder(self) -> bool:
        """Said before a due time: who does not want it by mail still has it in the bell."""
        return self in (NoticeKind.BEFORE, NoticeKind.LAST_DAY, NoticeKind.PRESS_SOON)

    @property
    def level(self) -> int:
        """1, 2, 3 for an escalation after the due time, else 0."""
        return int(self.value[-1]) if self.value.startswith("late:") else 0


class DigestPart(StrEnum):
    """The parts of the morning's digest, in the order in which they are read."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"  # for the reader's own act: to approve, to assign


def digest_key(person_id: int, day: date) -> str:
    """Under which key a person is told the digest of a day."""
    return f"digest:{day.isoformat()}:{person_id}"


class MailState(StrEnum):
    """Where the mail of a notice stands."""

    WAITING = "waiting"
    SENDING = "sending"  # a sender has it until its lease runs out
    SENT = "sent"
    FAILED = "failed"
    OFF = "off"  # not to be sent: by choice, or no mail server is set


class NoticeEvent(StrEnum):
    """What the audit log says of notices."""

    CHOICES = "notice:choices"
    SENT_AGAIN = "notice:sent_again"
    FEED_MADE = "calendar_feed:make"
    FEED_REVOKED = "calendar_feed:revoke"


@dataclass(frozen=True)
class Choices:
    """What a person wants by mail. Escalations and what others do are always told."""

    reminders_by_mail: bool = True
    digest: bool = True

    def wants_mail(self, kind: NoticeKind) -> bool:
        """Whether a notice of this kind goes out by mail too."""
        if kind is NoticeKind.DIGEST:
            return self.digest
        return self.reminders_by_mail or not kind.is_reminder


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts, None when it is given up."""
    if attempts > len(RETRY_AFTER_MINUTES):
        return None
    return now + timedelta(minutes=RETRY_AFTER_MINUTES[attempts - 1])


@dataclass(frozen=True)
class FeedEntry:
    """One entry in a person's calendar: a whole day (`due_on`) or a moment (`due_at`), never both.

    With `ends_at` it is an appointment from `due_at` on, which takes its hours of the day.
    """

    uid: str  # the same as long as the thing is the same: "inquiry-12"
    title: str
    path: str
    changed_at: datetime
    due_on: date | None = None
    due_at: datetime | None = None
    note: str = ""
    alarm_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    is_cancelled: bool = False
    revision: int = 0  # grows with each change


def feed_token(secret: str, nonce: str) -> str:
    """The unguessable part of a calendar link. Neither the database nor the secret key alone is enough to make it."""
    signed = hmac.new(secret.encode(), f"calendar-feed:{nonce}".encode(), hashlib.sha256)
    return nonce + signed.hexdigest()[:32]


def nonce_in(secret: str, token: str) -> str | None:
    """The nonce of a token that this installation made, else None."""
    nonce = token[:32]
    genuine = token.isascii() and hmac.compare_digest(feed_token(secret, nonce), token)
    return nonce if genuine else None


@dataclass(frozen=True)
class SenderHealth:
    """How the sender does: minutes since its last pass (None: it never ran), jobs that failed, mail that failed and
    mail that waits although its time has come."""

    minutes_silent: int | None
    fault: str
    failed: int
    overdue: int

    @property
    def is_running(self) -> bool:
        """Whether it ran lately."""
        return self.minutes_silent is not None and self.minutes_silent * 60 <= LATE_AFTER.total_seconds()

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look after it."""
        return self.is_running and not (self.fault or self.failed or self.overdue)
