"""The incident room: the statement's states, who may do what, who is on call, what keeps an incident open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.spokespersons.rules_authority import NO_LONGER, reason_against_authorising


class StatementState(StrEnum):
    """Where one version of the holding statement stands."""

    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    RELEASED = "released"
    SUPERSEDED = "superseded"  # a newer version took its place before it went out


class IncidentStep(StrEnum):
    """What can be done in an incident room."""

    CHANGE = "change"
    DETERMINE = "determine"
    JOIN = "join"
    LEAVE = "leave"
    INVOLVE = "involve"
    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    RELEASE = "release"
    ROSTER = "roster"
    TASK = "task"
    NOTE = "note"
    CLOSE = "close"
    REOPEN = "reopen"
    AUTHORISE = "authorise"
    REVOKE = "revoke"  # also when the incident is closed


S = StatementState
X = IncidentStep
ON_STATEMENT = frozenset({X.DRAFT, X.SUBMIT, X.RETURN, X.APPROVE, X.RELEASE})
# (state of the newest version, None when there is none; step) → its state afterwards. What is not here is refused.
TABLE: dict[tuple[StatementState | None, IncidentStep], StatementState] = {
    **{(state, X.DRAFT): S.DRAFTING for state in (None, *S)},  # always a new version; the one before is superseded
    (S.DRAFTING, X.SUBMIT): S.IN_REVIEW,
    (S.IN_REVIEW, X.RETURN): S.RETURNED,
    (S.APPROVED, X.RETURN): S.RETURNED,
    (S.IN_REVIEW, X.APPROVE): S.APPROVED,  # once the last step that it needs has been taken
    (S.APPROVED, X.RELEASE): S.RELEASED,
}
REPLACEABLE = frozenset({S.DRAFTING, S.IN_REVIEW, S.RETURNED, S.APPROVED})
UNDER_WAY = frozenset({S.IN_REVIEW, S.APPROVED})


@dataclass(frozen=True)
class Standing:
    """What a person is to an incident, and what their roles allow."""

    leads: bool = False  # of its lead agency
    takes_part: bool = False  # of an agency that coordinates, or leads or coordinates one of its inquiries
    follows_province: bool = False  # staff and heads of the province and its office
    is_staff: bool = False
    is_head: bool = False  # head or deputy of the own agency
    heads_province: bool = False  # head or deputy of UBND tỉnh
    answers_alone: bool = False  # the head of the lead agency, who may answer alone, on record
    wrote_text: bool = False  # wrote the version now before the approver
    gave_first_seal: bool = False  # approved this version as the lead agency
    heads_own_agency: bool = False  # the head in person, no deputy
    by_authority: bool = False  # the lead agency's head authorised them in this incident
    had_authority: bool = False  # did, or will, but not at this moment
    speaks_for_another: bool = False  # acts by authority or is the permanent spokesperson: may not pass it on

    @property
    def steers(self) -> bool:
        """Whoever may act in the room: the lead agency and the province's office."""
        return self.leads or self.follows_province


NOT_WORKING = N_("This account may look but not act.")
NOT_STEERING = N_("Only the lead agency of the incident or the provincial office may do this.")
NOT_PART = N_("Only agencies that take part in the incident may do this.")
NOT_HEAD = N_("Only the head or a deputy of the lead agency approves here.")
NOT_PROVINCE = N_("This approval is given by the leadership of UBND tỉnh.")
NOT_OWN_TEXT = N_("Whoever wrote this text may not approve it: another leader must.")
NOT_TWICE = N_("Whoever approved as the lead agency may not give the second approval too.")
CLOSED = N_("This incident is closed. Open it again first.")
NOT_CLOSED = N_("This incident is open.")
MOVED_ON = N_("This step is not open: the statement has moved on. Look at the chronology.")


def require_may(step: IncidentStep, who: Standing, awaited: ReviewStep | None = None) -> None:
    """Raises NotAllowed with the reason. `awaited` is the approval that the statement waits for."""
    reason = _reason_against(step, who, awaited)
    if reason:
        raise NotAllowed(reason)


def may(step: IncidentStep, who: Standing, awaited: ReviewStep | None = None) -> bool:
    """Whether this person may take this step, the incident's state aside."""
    return _reason_against(step, who, awaited) is None


def _reason_against(step: IncidentStep, who: Standing, awaited: ReviewStep | None) -> str | None:
    if not (who.is_staff or who.is_head):
        return NOT_WORKING
    match step:
        case X.NOTE:
            return None if who.steers or who.takes_part else NOT_PART
        case X.AUTHORISE:
            return _reason_against_authorising(who, own=who.leads or who.heads_province)
        case X.REVOKE:
            return _reason_against_authorising(who, own=True)
        case X.APPROVE | X.RETURN:
            return _reason_against_reviewing(step, who, awaited)
        case _:
            return None if who.steers else NOT_STEERING


def _reason_against_authorising(who: Standing, *, own: bool) -> str | None:
    return reason_against_authorising(is_head=who.heads_own_agency and own, speaks_for_another=who.speaks_for_another)


def _reason_against_reviewing(step: IncidentStep, who: Standing, awaited: ReviewStep | None) -> str | None:
    """Awaited None: the version is approved already, and either leadership may still return it."""
    agency = (who.leads and who.is_head) or who.by_authority
    if awaited is ReviewStep.PROVINCE:
        allowed, refusal = who.heads_province, NOT_PROVINCE
    elif awaited is ReviewStep.AGENCY:
        allowed, refusal = agency, NOT_HEAD
    else:
        allowed, refusal = agency or who.heads_province, NOT_HEAD
    if not allowed:
        return NO_LONGER if refusal is NOT_HEAD and who.had_authority else refusal
    if step is X.APPROVE and who.wrote_text and not (who.answers_alone and awaited is ReviewStep.AGENCY):
        return NOT_OWN_TEXT
    if step is X.APPROVE and awaited is ReviewStep.PROVINCE and who.gave_first_seal:
        return NOT_TWICE
    return None


def after(state: StatementState | None, step: IncidentStep) -> StatementState:
    """The state of the newest version after a step on it. Raises StepNotAllowed for what is not in the table."""
    try:
        return TABLE[state, step]
    except KeyError:
        raise StepNotAllowed(MOVED_ON) from None


def require_open(step: IncidentStep, *, closed: bool) -> None:
    """Raises StepNotAllowed: a closed incident is only opened again, an open one is not."""
    if closed and step not in (X.REOPEN, X.REVOKE):
        raise StepNotAllowed(CLOSED)
    if not closed and step is X.REOPEN:
        raise StepNotAllowed(NOT_CLOSED)


def steps_open_to(
    who: Standing, *, closed: bool, statement: StatementState | None, awaited: ReviewStep | None
) -> frozenset[IncidentStep]:
    """What this person can do in the room now."""
    found = set()
    for step in IncidentStep:
        fits = step not in ON_STATEMENT or (statement, step) in TABLE
        if fits and closed == (step is X.REOPEN) and may(step, who, awaited):
            found.add(step)
    return frozenset(found)


@dataclass(frozen=True)
class Unfinished:
    """What still keeps an incident open: inquiries, tasks, a statement on its way, the information that is owed."""

    inquiries: int = 0
    tasks: int = 0
    statement: bool = False
    informing: bool = False


def require_closable(left: Unfinished, who: Standing) -> None:
    """Raises StepNotAllowed naming what is open. Without initial information only a head closes, and says why."""
    if left.inquiries:
        raise StepNotAllowed(N_("%(number)s of its inquiries are still open."), number=left.inquiries)
    if left.tasks:
        raise StepNotAllowed(N_("%(number)s tasks are neither done nor dropped."), number=left.tasks)
    if left.statement:
        raise StepNotAllowed(N_("A statement is on its way: release it or return it first."))
    if left.informing and not who.is_head:
        raise StepNotAllowed(N_("The initial information has not been given: only a head closes it so, and says why."))


# The roster

LOOKS_AHEAD = timedelta(hours=24)
LONGEST_SHIFT = timedelta(days=14)


@dataclass(frozen=True)
class Span:
    """From one moment up to another."""

    from_at: datetime
    until_at: datetime


def require_shift(span: Span) -> None:
    """Raises BadInput for a shift that ends before it begins, or lasts longer than anybody can be on call."""
    if span.until_at <= span.from_at:
        raise BadInput(N_("The end comes before the start."), field="until_at")
    if span.until_at - span.from_at > LONGEST_SHIFT:
        raise BadInput(N_("A shift lasts at most 14 days; enter the next one apart."), field="until_at")


def gaps(shifts: Iterable[Span], now: datetime, *, ahead: timedelta = LOOKS_AHEAD) -> list[Span]:
    """The times in the next 24 hours at which nobody is on call."""
    found, covered, end = [], now, now + ahead
    for shift in sorted(shifts, key=lambda each: each.from_at):
        if shift.until_at <= covered or shift.from_at >= end:
            continue
        if shift.from_at > covered:
            found.append(Span(covered, shift.from_at))
        covered = max(covered, shift.until_at)
    if covered < end:
        found.append(Span(covered, end))
    return found


def overlaps(shifts: Sequence[Span]) -> list[bool]:
    """For each shift whether another one runs at the same time."""
    return [
        any(other is not one and one.from_at < other.until_at and other.from_at < one.until_at for other in shifts)
        for one in shifts
    ]


# The statement goes out

ONE_MINUTE = timedelta(minutes=1)


def require_released_at(
    at: datetime, *, not_before: datetime, approved_at: datetime, sent: bool, now: datetime
) -> None:
    """Raises BadInput for a moment to come, before the incident, or for words sent before they were approved."""
    if at > now:
        raise BadInput(N_("This moment is still to come."), field="released_at")
    if at < not_before:
        raise BadInput(N_("This is before the agency knew of the incident."), field="released_at")
    if sent and at + ONE_MINUTE <= approved_at:
        raise BadInput(N_("What is sent or posted cannot be earlier than its approval."), field="released_at")


def require_words(words: str, field: str) -> str:
    """The words without outer spaces. Raises BadInput when there are none."""
    if not words.strip():
        raise BadInput(N_("Please fill this in."), field=field)
    return words.strip()
