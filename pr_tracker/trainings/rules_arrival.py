"""Arrival: the code on the projector, who may check in when, and why somebody may not.

The code changes with every window of 20 seconds and is good for its own window and the next one, so that whoever
scanned at the last moment is not refused. It is made from a key of the server's, the session and the window: nothing is
stored, and nobody can make one. Whoever has shown a good code may take three minutes to type the personal code.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pr_tracker.codes import CODE_LETTERS
from pr_tracker.errors import N_, StepNotAllowed
from pr_tracker.office_time import in_office, office_day, write_moment
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import CODE_LENGTH

WINDOW_SECONDS = 20
WINDOWS_GOOD = 2  # its own and the next
WINDOWS_KNOWN = 90  # a typed code of the last half hour is told apart from one that never was
TICKET = timedelta(minutes=3)
OPENS_BEFORE = timedelta(minutes=60)
GRACE = timedelta(minutes=15)
WRONG_CODES = "60 per minute"  # of a whole session: 300 phones stand behind one address

_SEAL_LETTERS = 8
_SCANNED = re.compile(r"([0-9]{1,9})-([0-9a-f]{1,9})-([A-Z0-9]{8})", re.ASCII)


class Refusal(StrEnum):
    """Why a check-in is not recorded."""

    EXPIRED = "expired"  # the code was on the projector once
    FOREIGN = "foreign"  # the code never was on a projector of ours
    TICKET_OVER = "ticket_over"  # the code was good, but the personal code came too late
    NOT_OPEN = "not_open"
    OVER = "over"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # nobody of this class has the personal code
    OTHER_CLASS = "other_class"  # somebody of another class has it
    OFF_ROSTER = "off_roster"
    WAITING = "waiting"
    SUBSTITUTED = "substituted"  # has sent somebody else instead
    MARKED = "marked"  # a trainer's mark says otherwise
    TOO_MANY = "too_many"


# What is said: the reason, then what to do.
SENTENCES: dict[Refusal, tuple[str, str]] = {
    Refusal.EXPIRED: (
        N_("This code has expired: it was on the screen at %(shown)s."),
        N_("The code changes every 20 seconds. Scan the one on the screen in the hall now."),
    ),
    Refusal.FOREIGN: (
        N_("This is not a check-in code of this system."),
        N_("Scan the code on the screen in the hall, or type the six letters below it."),
    ),
    Refusal.TICKET_OVER: (
        N_("More than three minutes have passed since the code was scanned."),
        N_("Scan the one on the screen in the hall now, then type the personal code."),
    ),
    Refusal.NOT_OPEN: (
        N_("Check-in is not open yet. It opens at %(opens)s."),
        N_("Scan the code again from then on."),
    ),
    Refusal.OVER: (
        N_("The session ended at %(ended)s. Check-in is over."),
        N_("Whoever was there and is not recorded tells the trainer."),
    ),
    Refusal.CLOSED: (
        N_("The roll call of this session is closed."),
        N_("Whoever was there and is not recorded tells the trainer."),
    ),
    Refusal.CANCELLED: (
        N_("This session was cancelled."),
        N_("The invitation page shows the sessions that take place."),
    ),
    Refusal.UNKNOWN: (
        N_("Nobody in this class has the code “%(typed)s”."),
        N_("The personal code has six letters and stands in the invitation. Type it again, or ask at the desk."),
    ),
    Refusal.OTHER_CLASS: (
        N_("The code “%(typed)s” belongs to another class: %(other)s."),
        N_("This screen is of %(own)s. Please go to the right hall, or ask at the desk."),
    ),
    Refusal.OFF_ROSTER: (
        N_("%(name)s is no longer on the roster of this class."),
        N_("Please ask at the desk."),
    ),
    Refusal.WAITING: (
        N_("%(name)s is on the waiting list and has no place yet."),
        N_("Please ask at the desk whether a place is free."),
    ),
    Refusal.SUBSTITUTED: (
        N_("%(name)s has sent somebody else instead, who checks in with a code of their own."),
        N_("Please ask at the desk."),
    ),
    Refusal.MARKED: (
        N_("%(name)s was marked otherwise by the trainer: %(mark)s, at %(at)s."),
        N_("Please ask at the desk to have it corrected."),
    ),
    Refusal.TOO_MANY: (
        N_("Too many wrong codes were typed in this session just now."),
        N_("Wait a minute and type the code again, or ask at the desk."),
    ),
}


class CheckInRefused(StepNotAllowed):
    """A check-in that was not recorded: `reason`, its sentence, and `advice` on what to do (both source strings).

    `version` is that of the trainer's mark that stands in the way.
    """

    version = 0

    def __init__(self, reason: Refusal, **params: object) -> None:
        sentence, self.advice = SENTENCES[reason]
        super().__init__(sentence, **params)
        self.reason = reason


@dataclass(frozen=True)
class ScreenCode:
    """What the projector shows in one window: the code in the QR, and six letters to type instead."""

    scanned: str
    typed: str
    window: int


@dataclass(frozen=True)
class Hours:
    """When a session is, and whether it is closed or cancelled."""

    starts_at: datetime
    ends_at: datetime
    is_closed: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True)
class Arrival:
    """What stands on record of somebody who is there; `is_new` when it was recorded just now."""

    mark: Mark
    at: datetime
    is_new: bool


@dataclass(frozen=True)
class Times:
    """From how long before the start one may check in by oneself, and until how long after it one is not late."""

    opens_before: timedelta = OPENS_BEFORE
    grace: timedelta = GRACE


USUAL_TIMES = Times()


def window_of(now: datetime) -> int:
    """The number of the window that an instant lies in."""
    return int(now.timestamp()) // WINDOW_SECONDS


def window_start(window: int) -> datetime:
    """When a window begins."""
    return datetime.fromtimestamp(window * WINDOW_SECONDS, UTC)


def screen_code(key: bytes, session_id: int, window: int) -> ScreenCode:
    """The code of a session in a window."""
    seal = _seal(key, session_id, window)
    return ScreenCode(f"{session_id}-{window:x}-{seal}", seal[:CODE_LENGTH], window)


def session_scanned(key: bytes, scanned: str, now: datetime) -> int:
    """The session whose code this is. Raises CheckInRefused for a code that has expired or is not ours."""
    parts = _SCANNED.fullmatch(scanned)
    if parts is None:
        raise CheckInRefused(Refusal.FOREIGN)
    session_id, window = int(parts[1]), int(parts[2], 16)
    if not hmac.compare_digest(_seal(key, session_id, window), parts[3]) or window > window_of(now):
        raise CheckInRefused(Refusal.FOREIGN)
    _require_fresh(window, now)
    return session_id


def session_typed(key: bytes, typed: str, session_ids: Iterable[int], now: datetime) -> int:
    """Which of some sessions has these six letters on its screen. Raises CheckInRefused as `session_scanned` does."""
    letters, newest = letters_of(typed), window_of(now)
    candidates = list(session_ids)
    for age in range(WINDOWS_KNOWN):
        for session_id in candidates:
            if hmac.compare_digest(screen_code(key, session_id, newest - age).typed, letters):
                _require_fresh(newest - age, now)
                return session_id
    raise CheckInRefused(Refusal.FOREIGN)


def letters_of(typed: str) -> str:
    """A code as it stands on paper: capitals and figures alone, whatever spaces or marks a phone has put in."""
    plain = unicodedata.normalize("NFD", typed.upper())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def in_groups(code: str) -> str:
    """K7M4QX as K7M 4QX, to be read aloud and typed."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def require_open(hours: Hours, now: datetime, opens_before: timedelta = OPENS_BEFORE) -> None:
    """Whether one may check in by oneself now. Raises CheckInRefused."""
    require_counting(hours)
    opens_at = hours.starts_at - opens_before
    if now < opens_at:
        raise CheckInRefused(Refusal.NOT_OPEN, opens=write_moment(opens_at))
    if now > hours.ends_at:
        raise CheckInRefused(Refusal.OVER, ended=write_moment(hours.ends_at))


def require_counting(hours: Hours) -> None:
    """Whether anybody may be recorded at all. Raises CheckInRefused for a session that is cancelled or closed."""
    if hours.is_cancelled:
        raise CheckInRefused(Refusal.CANCELLED)
    if hours.is_closed:
        raise CheckInRefused(Refusal.CLOSED)


def mark_on_arrival(starts_at: datetime, now: datetime, grace: timedelta = GRACE) -> Mark:
    """Present up to the grace after the start, late from then on."""
    return Mark.PRESENT if now <= starts_at + grace else Mark.LATE


def ticket_until(now: datetime) -> datetime:
    """Until when whoever shows a good code now may type the personal code."""
    return now + TICKET


def _require_fresh(window: int, now: datetime) -> None:
    if window_of(now) - window >= WINDOWS_GOOD:
        shown = window_start(window)
        same_day = office_day(shown) == office_day(now)
        raise CheckInRefused(Refusal.EXPIRED, shown=f"{in_office(shown):%H:%M:%S}" if same_day else write_moment(shown))


def _seal(key: bytes, session_id: int, window: int) -> str:
    number = int.from_bytes(hmac.digest(key, f"arrival:{session_id}:{window}".encode(), hashlib.sha256))
    letters = []
    for _ in range(_SEAL_LETTERS):
        number, at = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[at])
    return "".join(letters)
