"""Who may speak and by what right: the head, the permanent spokesperson, whoever the head authorised in writing.

An authority covers one specific matter for a definite term, comes from the head alone, is never passed on and may be
revoked; the head stays liable (Decree 244/2026/NĐ-CP Art 3(4)-(7), 8(1)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.office_time import office_day, office_instant, write_day, write_moment

ONE_SECOND = timedelta(seconds=1)
LONGEST_WORDS = 4000


class RightKind(StrEnum):
    """By what right somebody speaks for an agency (Art 3)."""

    HEAD = "head"  # người đứng đầu
    SPOKESPERSON = "spokesperson"  # người phát ngôn thường xuyên
    AUTHORISED = "authorised"  # người được ủy quyền phát ngôn


class AuthorityState(StrEnum):
    """Where an authorisation stands at a moment."""

    PREPARED = "prepared"  # a draft without number and date: no right yet
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    REVOKED = "revoked"


class AuthorityEvent(StrEnum):
    """What the audit log says of authorisations."""

    PREPARE = "authority:prepare"
    CHANGE = "authority:change"
    GRANT = "authority:grant"
    REVOKE = "authority:revoke"
    END = "authority:end"
    PRINT = "authority:print"
    ADD_SCAN = "authority:scan:add"
    SCAN = "authority:scan:read"


@dataclass(frozen=True)
class Paper:
    """A document by its number and day."""

    number: str
    day: date


@dataclass(frozen=True)
class Matter:
    """One specific matter: an inquiry, or an incident, which covers the inquiries merged into it."""

    inquiry_id: int | None = None
    incident_id: int | None = None


@dataclass(frozen=True)
class Term:
    """From one moment until just before another, sooner when it was revoked."""

    from_at: datetime
    until_at: datetime
    revoked_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return min(self.until_at, self.revoked_at) if self.revoked_at else self.until_at

    def covers(self, at: datetime) -> bool:
        """The second of the start is covered, the second of the end is not."""
        return self.from_at <= at < self.ends_at

    def overlaps(self, other: "Term") -> bool:
        """Whether some moment lies in both."""
        return max(self.from_at, other.from_at) < min(self.ends_at, other.ends_at)


@dataclass(frozen=True)
class Right:
    """Why a person may speak for an agency, and from when until when (None: no end is known)."""

    kind: RightKind
    person_id: int | None
    full_name: str
    title: str
    agency_id: int
    agency: str
    from_at: datetime | None
    until_at: datetime | None
    paper: Paper | None
    giver: str | None
    source_id: int

    def covers(self, at: datetime) -> bool:
        """Whether the right stands at a moment."""
        return (self.from_at is None or self.from_at <= at) and (self.until_at is None or at < self.until_at)

    def to_json(self) -> dict[str, Any]:
        """As an act keeps it for ever, in words and numbers of its day."""
        paper = {"number": self.paper.number, "day": self.paper.day.isoformat()} if self.paper else None
        return {
            "kind": self.kind.value,
            "name": self.full_name,
            "title": self.title,
            "agency": self.agency,
            "paper": paper,
            "giver": self.giver,
            "from_at": self.from_at.isoformat() if self.from_at else None,
            "until_at": self.until_at.isoformat() if self.until_at else None,
            "source_id": self.source_id,
        }


ORDER = (RightKind.HEAD, RightKind.SPOKESPERSON, RightKind.AUTHORISED)


def in_order(rights: Iterable[Right]) -> list[Right]:
    """Head first, then the permanent spokesperson, then authorised persons."""
    return sorted(rights, key=lambda right: (ORDER.index(right.kind), right.full_name, right.source_id))


def state_of(term: Term, granted_at: datetime | None, now: datetime) -> AuthorityState:
    """Where an authorisation stands; a prepared one gives no right before it has its number and date."""
    if term.revoked_at is not None:
        return AuthorityState.REVOKED
    if granted_at is None:
        return AuthorityState.PREPARED
    if now >= term.until_at:
        return AuthorityState.ENDED
    return AuthorityState.COMING if now < term.from_at else AuthorityState.IN_FORCE


# --- what is refused, and by which article ----------------------------------------------------------------

NOT_PASSED_ON = N_(
    "Whoever acts by authority, and the permanent spokesperson, may not authorise anybody further "
    "(Decree 244/2026/NĐ-CP, Article 3(6))."
)
NOT_THE_HEAD = N_(
    "Only the head of the lead agency or of UBND tỉnh authorises somebody to speak, neither a deputy nor a substitute "
    "(Decree 244/2026/NĐ-CP, Article 3(4), (5))."
)
MATTER_OVER = N_(
    "An authorisation is for one specific matter that an agency is handling; this one is not, or is over "
    "(Decree 244/2026/NĐ-CP, Article 3(5))."
)
NO_LONGER = N_(
    "Your authority in this matter is not in force: it has ended or not begun. The head of the agency has the matter "
    "(Decree 244/2026/NĐ-CP, Article 3(5))."
)
HEAD_NEEDS_NONE = N_("The head speaks by office and needs no authorisation (Decree 244/2026/NĐ-CP, Article 3).")
NOT_ELIGIBLE = N_("Choose somebody who works at the agency: whoever speaks, speaks for it.")
END_BEFORE_START = N_(
    "The term ends before it begins: an authorisation has a definite term (Decree 244/2026/NĐ-CP, Article 3(5))."
)
ALREADY_OVER = N_(
    "This term was over at %(until)s: an authorisation has a definite term and gives no right after it "
    "(Decree 244/2026/NĐ-CP, Article 3(5))."
)
BEFORE_ITS_PAPER = N_(
    "The paper was signed on %(day)s, the term cannot begin before: an authorisation is given in writing "
    "(Decree 244/2026/NĐ-CP, Article 3(5))."
)
SIGNED_LATER = N_("The paper cannot be signed on a day that has not come.")
NO_PAPER = N_(
    "An authorisation is given in writing: it needs the number and the date of the document "
    "(Decree 244/2026/NĐ-CP, Article 3(5))."
)
OVERLAP = N_(
    "%(name)s is authorised in this matter already, from %(start)s to %(until)s: one matter, one definite term "
    "(Decree 244/2026/NĐ-CP, Article 3(5))."
)
OVER_ALREADY = N_("This authorisation is over already: there is nothing to revoke.")
IN_FORCE_ALREADY = N_("This authorisation has its number and date already: it can only be revoked.")
NO_RIGHT = N_(
    "At %(at)s %(name)s was neither the head nor the permanent spokesperson nor authorised in this matter: that is not "
    "the agency's official view (Decree 244/2026/NĐ-CP, Article 3(7))."
)
RIGHT_ENDED = N_(
    "The authority of %(name)s by document no. %(number)s ended at %(until)s: what is said from then on is not the "
    "agency's official view (Decree 244/2026/NĐ-CP, Article 3(5), (7))."
)
RIGHT_NOT_BEGUN = N_(
    "The authority of %(name)s by document no. %(number)s begins at %(start)s: what is said before is not the "
    "agency's official view (Decree 244/2026/NĐ-CP, Article 3(5), (7))."
)


def reason_against_authorising(*, is_head: bool, speaks_for_another: bool) -> str | None:
    """Why this person may not authorise anybody, None when they may: the head alone, and nobody passes it on.

    Whoever acts by authority, and the permanent spokesperson, speak for the head.
    """
    if is_head:
        return None
    return NOT_PASSED_ON if speaks_for_another else NOT_THE_HEAD


def require_open(*, is_open: bool) -> None:
    """Raises StepNotAllowed for a matter that is over, or that nobody handles yet."""
    if not is_open:
        raise StepNotAllowed(MATTER_OVER)


def require_term(term: Term, *, now: datetime, signed_on: date | None = None) -> None:
    """A definite term that is not over yet and does not begin before its paper. Raises BadInput."""
    if term.until_at <= term.from_at:
        raise BadInput(END_BEFORE_START, field="until_at")
    if term.until_at <= now:
        raise BadInput(ALREADY_OVER, field="until_at", until=write_moment(term.until_at))
    if signed_on is not None and term.from_at < office_instant(signed_on):
        raise BadInput(BEFORE_ITS_PAPER, field="from_at", day=write_day(signed_on))


def require_paper(number: str, signed_on: date | None, *, now: datetime) -> Paper | None:
    """The paper, None while it has neither number nor date. Raises BadInput for one without the other."""
    if not number and signed_on is None:
        return None
    if not number or signed_on is None:
        raise BadInput(NO_PAPER, field="signed_on" if number else "number")
    if signed_on > office_day(now):
        raise BadInput(SIGNED_LATER, field="signed_on")
    return Paper(number, signed_on)


def require_no_overlap(name: str, term: Term, others: Iterable[Term]) -> None:
    """One person has one authority at a time in one matter. Raises BadInput with the other's term."""
    for other in others:
        if term.overlaps(other):
            start, until = write_moment(other.from_at), write_moment(other.ends_at)
            raise BadInput(OVERLAP, field="from_at", name=name, start=start, until=until)


def require_revocable(state: AuthorityState) -> None:
    """Raises StepNotAllowed for one that has ended or was revoked."""
    if state in (AuthorityState.ENDED, AuthorityState.REVOKED):
        raise StepNotAllowed(OVER_ALREADY)


def no_right(name: str, at: datetime, authorities: Iterable[tuple[Paper, Term]]) -> BadInput:
    """Why somebody could not speak at a moment; of several authorities of theirs the one nearest before it counts."""
    papers = sorted(authorities, key=lambda each: each[1].from_at)
    ended = [each for each in papers if each[1].ends_at <= at]
    if ended:
        paper, term = max(ended, key=lambda each: each[1].ends_at)
        until = write_moment(term.ends_at)
        return BadInput(RIGHT_ENDED, field="speaker_id", name=name, number=paper.number, until=until)
    if papers:
        paper, term = papers[0]
        start = write_moment(term.from_at)
        return BadInput(RIGHT_NOT_BEGUN, field="speaker_id", name=name, number=paper.number, start=start)
    return BadInput(NO_RIGHT, field="speaker_id", name=name, at=write_moment(at))


def reminder_at(term: Term, *, calendar: WorkingCalendar, morning: time, now: datetime) -> datetime | None:
    """The morning of the working day before the last one; None when that is past, or before the term begins.

    Raises BadInput for an end outside the working calendar.
    """
    last = office_day(term.until_at - ONE_SECOND)
    at = office_instant(calendar.nth_working_day_before(last, 1), morning)
    return at if max(term.from_at, now) < at else None
