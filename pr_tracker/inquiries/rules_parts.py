"""The box of a coordinating agency: its states, who may do what in it; and whose lateness a late case is.

Decree 244/2026/NĐ-CP Art 4(2): whoever is asked for information gives it; each agency answers for its own words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_faces import DueTime
from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed
from pr_tracker.office_time import office_day


class BoxState(StrEnum):
    """Where an agency's input stands."""

    ASKED = "asked"
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SENT = "sent"  # approved by its own head or deputy, and so with the lead agency
    ASKED_BACK = "asked_back"  # sent, and come back with a question


class BoxStep(StrEnum):
    """What can be done with a box: the first two by whoever asks, the others by the agency itself."""

    ASK_AGAIN = "ask_again"
    ASK_BACK = "ask_back"
    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"


B, T = BoxState, BoxStep
UNSENT = (B.ASKED, B.ASKED_BACK, B.DRAFTING, B.SUBMITTED, B.RETURNED)

# The state machine: (state, step) → state. What is not here is refused.
BOX_TABLE: dict[tuple[BoxState, BoxStep], BoxState] = {
    **{(state, T.SAVE): B.DRAFTING for state in B},  # taken back from the approver; after sending: a correction
    (B.DRAFTING, T.SUBMIT): B.SUBMITTED,
    (B.SUBMITTED, T.RETURN): B.RETURNED,
    (B.SUBMITTED, T.APPROVE): B.SENT,
    **{(state, T.ASK_AGAIN): state for state in UNSENT},
    (B.SENT, T.ASK_AGAIN): B.ASKED,
    (B.SENT, T.ASK_BACK): B.ASKED_BACK,
}


def box_after(state: BoxState, step: BoxStep) -> BoxState:
    """The state of a box after a step. Raises StepNotAllowed for what is not in the table."""
    try:
        return BOX_TABLE[state, step]
    except KeyError:
        raise StepNotAllowed(N_("This step is not open: the part has moved on. Look at its history.")) from None


@dataclass(frozen=True)
class BoxStanding:
    """What a person is to a box."""

    is_own: bool = False  # staff, head or deputy of the agency whose box it is
    is_head: bool = False  # of them the head or a deputy
    is_chief: bool = False  # of them the head (người đứng đầu)
    wrote_text: bool = False  # wrote the newest version, or the same words before
    steers: bool = False  # may ask: see rules.Standing.steers


NOT_OWN_BOX = N_("This box belongs to another agency: only its people write in it.")
NOT_BOX_HEAD = N_("Only the head or a deputy of this agency approves or returns what it sends.")
NOT_OWN_WORDS = N_("Whoever wrote this text may not approve it: the head or another deputy of this agency must.")
NOT_ASKING = N_("Only the lead agency, the agency that logged it or the provincial office may do this.")


def reason_against_box(step: BoxStep, who: BoxStanding) -> str | None:
    """Why this person may not take this step, as a marked sentence; None when they may."""
    if step in (T.ASK_AGAIN, T.ASK_BACK):
        return None if who.steers else NOT_ASKING
    if not who.is_own:
        return NOT_OWN_BOX
    if step in (T.RETURN, T.APPROVE) and not who.is_head:
        return NOT_BOX_HEAD
    return NOT_OWN_WORDS if step is T.APPROVE and who.wrote_text and not who.is_chief else None


def may_in_box(step: BoxStep, state: BoxState, who: BoxStanding) -> bool:
    """Whether this person may take this step now."""
    return (state, step) in BOX_TABLE and reason_against_box(step, who) is None


def require_may_in_box(step: BoxStep, who: BoxStanding) -> None:
    """Raises NotAllowed with the reason when this person may not take this step."""
    reason = reason_against_box(step, who)
    if reason:
        raise NotAllowed(reason)


def answers_alone(who: BoxStanding) -> bool:
    """Whether an approval is by the head of their own words: allowed to the head only, and recorded as such."""
    return who.is_chief and who.wrote_text


def require_questions(lines: Iterable[str]) -> list[str]:
    """What is asked, one question a line. Raises BadInput for none."""
    questions = [line.strip() for line in lines if line.strip()]
    if not questions:
        raise BadInput(N_("Please fill this in."), field="questions")
    return questions


# --- whose lateness ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """A time until which something was owed, and when it came; None: it has not come yet."""

    due: DueTime
    done_at: datetime | None


@dataclass(frozen=True)
class PartOwed:
    """What one coordinating agency owed, once for each time it was asked; `ended_at`: nobody asks it any longer."""

    id: int
    agency_id: int
    agency: str
    rounds: tuple[Owed, ...]
    ended_at: datetime | None = None


@dataclass(frozen=True, order=True)
class Delay:
    """How long something was late: in working days as the clock says it; in time where it was late within a day."""

    days: int
    span: timedelta


@dataclass(frozen=True)
class LatePart:
    """A part that was late: whose, how much, and whether it was still missing at the end."""

    agency_id: int
    agency: str
    delay: Delay
    is_missing: bool


@dataclass(frozen=True)
class Lateness:
    """How late a case is; `because_of`: the part but for whose delay it would have been on time, None: the lead's."""

    delay: Delay
    because_of: LatePart | None


def delay_of(owed: Owed, *, until: datetime, calendar: WorkingCalendar, by_hours: bool) -> Delay | None:
    """How long something was late, counted to `until` while it is missing; None when it came in time.

    Where the case counts hours, every delay does; else working days, and the time itself within a working day.
    """
    done_at = min(owed.done_at or until, until)
    if done_at < owed.due.ends_at:
        return None
    days = 0 if by_hours else calendar.working_days_after(owed.due.day, office_day(done_at))
    return Delay(days, timedelta(0) if days else done_at - (owed.due.due_at or owed.due.ends_at))


def late_part(part: PartOwed, *, until: datetime, calendar: WorkingCalendar, by_hours: bool) -> LatePart | None:
    """The longest delay of a part, over every time its agency was asked; None when it was never late."""
    end = min(part.ended_at or until, until)
    delays = [
        (delay, owed.done_at is None)
        for owed in part.rounds
        if (delay := delay_of(owed, until=end, calendar=calendar, by_hours=by_hours))
    ]
    if not delays:
        return None
    delay, is_missing = max(delays)
    return LatePart(part.agency_id, part.agency, delay, is_missing)


def whose_lateness(
    case: Owed, parts: Iterable[PartOwed], *, lead_id: int | None, calendar: WorkingCalendar, now: datetime
) -> Lateness | None:
    """How late a case is at `now` or was at its end, and because of whom; None while it is not late.

    Without the delay of a part the case would have been on time when it is no later than that part was: then the
    lateness counts for that part's agency (the longest delay, of the same length the one asked first), not for the
    lead. What the lead agency itself owed as a part, before it led, excuses nobody. The one rule behind every figure.
    """
    until, by_hours = case.done_at or now, case.due.due_at is not None
    delay = delay_of(case, until=until, calendar=calendar, by_hours=by_hours)
    if delay is None:
        return None
    others = sorted((part for part in parts if part.agency_id != lead_id), key=lambda part: part.id)
    late = (late_part(part, until=until, calendar=calendar, by_hours=by_hours) for part in others)
    covering = [part for part in late if part and part.delay >= delay]
    return Lateness(delay, max(covering, key=lambda part: part.delay) if covering else None)
