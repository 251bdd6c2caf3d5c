"""The case: its states, its steps, who may take which, its number, its clock (domain.md §3–§7)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pr_tracker.deadlines.rules_plan import StageName
from pr_tracker.deadlines.rules_terms import StopReason
from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed
from pr_tracker.office_time import write_moment, write_time


class Status(StrEnum):
    """Where a case stands (domain.md §3)."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


class Step(StrEnum):
    """What can be done with a case; a step that leaves the status alone stands in the table too."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    TAKE_OVER = "take_over"
    ASK_TAKE_OVER = "ask_take_over"
    COORDINATE = "coordinate"
    CONTRIBUTE = "contribute"
    WATCH = "watch"
    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    RELEASE = "release"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ARCHIVE = "archive"
    COMMENT = "comment"
    ATTACH = "attach"
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    URGE = "urge"


S = Status
WORKING = (S.ASSIGNED, S.DRAFTING, S.RETURNED)
BEFORE_ANSWER = (S.RECEIVED, *WORKING, S.IN_REVIEW, S.APPROVED)
FINISHED = (S.ANSWERED, S.REFUSED, S.WITHDRAWN)
OPEN = frozenset(BEFORE_ANSWER)
LED = (*WORKING, S.IN_REVIEW, S.APPROVED)
CLOCK_STEPS = (Step.PAUSE, Step.RESUME, Step.ASK_EXTENSION, Step.DECIDE_EXTENSION)

_STAYS: dict[Step, tuple[Status, ...]] = {
    Step.ACKNOWLEDGE: BEFORE_ANSWER,
    Step.ASK_TAKE_OVER: (S.RECEIVED, *WORKING),
    Step.COORDINATE: BEFORE_ANSWER,
    Step.CONTRIBUTE: BEFORE_ANSWER,
    Step.WATCH: (*BEFORE_ANSWER, *FINISHED),
    Step.CLOSE: FINISHED,
    Step.COMMENT: (*BEFORE_ANSWER, *FINISHED),
    Step.ATTACH: (*BEFORE_ANSWER, *FINISHED),
    **dict.fromkeys(CLOCK_STEPS, LED),
    Step.URGE: LED,
}

# The state machine: (status, step) → status. What is not here is refused.
TABLE: dict[tuple[Status, Step], Status] = {
    (S.RECEIVED, Step.ASSIGN): S.ASSIGNED,
    (S.ASSIGNED, Step.ASSIGN): S.ASSIGNED,
    (S.DRAFTING, Step.ASSIGN): S.ASSIGNED,
    (S.RETURNED, Step.ASSIGN): S.ASSIGNED,
    (S.RECEIVED, Step.TAKE_OVER): S.ASSIGNED,
    (S.ASSIGNED, Step.TAKE_OVER): S.ASSIGNED,
    (S.DRAFTING, Step.TAKE_OVER): S.DRAFTING,
    (S.RETURNED, Step.TAKE_OVER): S.RETURNED,
    (S.ASSIGNED, Step.DRAFT): S.DRAFTING,
    (S.DRAFTING, Step.DRAFT): S.DRAFTING,
    (S.RETURNED, Step.DRAFT): S.DRAFTING,
    (S.IN_REVIEW, Step.DRAFT): S.DRAFTING,  # taken back from the approver's desk
    (S.APPROVED, Step.DRAFT): S.DRAFTING,  # a changed text is no longer the approved one
    (S.DRAFTING, Step.SUBMIT): S.IN_REVIEW,
    (S.IN_REVIEW, Step.RETURN): S.RETURNED,
    (S.APPROVED, Step.RETURN): S.RETURNED,
    (S.IN_REVIEW, Step.APPROVE): S.APPROVED,
    (S.APPROVED, Step.RELEASE): S.ANSWERED,
    **{(status, Step.REFUSE): S.REFUSED for status in LED},
    **{(status, Step.WITHDRAW): S.WITHDRAWN for status in BEFORE_ANSWER},
    **{(status, Step.ARCHIVE): S.ARCHIVED for status in FINISHED},
    **{(status, step): status for step, statuses in _STAYS.items() for status in statuses},
}


def after(status: Status, step: Step) -> Status:
    """The status after a step. Raises StepNotAllowed for what is not in the table."""
    try:
        return TABLE[status, step]
    except KeyError:
        raise StepNotAllowed(N_("This step is not open: the inquiry has moved on. Look at its history.")) from None


def steps_from(status: Status) -> frozenset[Step]:
    """Every step the table knows for a status."""
    return frozenset(step for (start, step) in TABLE if start is status)


class Kind(StrEnum):
    """What the press asks for; the kind decides the clock."""

    QUESTION = "question"
    INTERVIEW = "interview"
    ANSWER_ON_PRESS = "answer_on_press"
    FORWARDED_OPINION = "forwarded_opinion"
    FORWARDED_COMPLAINT = "forwarded_complaint"
    FORWARDED_DENUNCIATION = "forwarded_denunciation"
    INCIDENT = "incident"
    DIVIDED_OPINION = "divided_opinion"
    FOREIGN_INTERVIEW = "foreign_interview"
    FOREIGN_ACTIVITY = "foreign_activity"


# Which clock of domain.md §7 runs for which kind.
CLOCK_KEYS: dict[Kind, str] = {
    Kind.QUESTION: "internal_reply",
    Kind.INTERVIEW: "internal_reply",
    Kind.ANSWER_ON_PRESS: "answer_on_press",
    Kind.FORWARDED_OPINION: "forwarded_opinion_notice",
    Kind.FORWARDED_COMPLAINT: "complaint_acceptance_notice",
    Kind.FORWARDED_DENUNCIATION: "denunciation_acceptance_notice",
    Kind.INCIDENT: "incident_initial_info",
    Kind.DIVIDED_OPINION: "divided_opinion_initial_info",
    Kind.FOREIGN_INTERVIEW: "foreign_interview_leader",
    Kind.FOREIGN_ACTIVITY: "foreign_local_activity",
}
INPUT_CLOCK_KEY = "internal_input"
INTERNAL_KEYS = frozenset({"internal_reply", INPUT_CLOCK_KEY})
# These clocks start when the agency takes the event up or finds the impact, not always when a journalist asks.
KINDS_WITH_OWN_START = frozenset({Kind.INCIDENT, Kind.DIVIDED_OPINION})


# How long a stop usually lasts, in the unit of the term.
USUAL_STOP_DAYS = {
    StopReason.WAITING_FOR_PRESS: 2,
    StopReason.WAITING_FOR_OUTSIDE: 5,
    StopReason.FORCE_MAJEURE: 3,
}


def stands_since(paused_at: datetime | None, paused_until: datetime | None, now: datetime) -> datetime | None:
    """Since when a clock with this newest stop stands still at `now`; None when it runs."""
    return paused_at if paused_at and paused_until and paused_at <= now < paused_until else None


class Channel(StrEnum):
    """How the inquiry came in."""

    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    PRESS_CONFERENCE = "press_conference"
    SOCIAL_NETWORK = "social_network"
    FORWARDED = "forwarded"


class Urgency(StrEnum):
    """The marks of Decree 30/2020/NĐ-CP."""

    NORMAL = "normal"
    URGENT = "urgent"  # KHẨN
    VERY_URGENT = "very_urgent"  # THƯỢNG KHẨN
    MOST_URGENT = "most_urgent"  # HỎA TỐC


class Sensitivity(StrEnum):
    """Whether the matter needs special care; never a mark of secrecy."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"


class AnswerForm(StrEnum):
    """The five forms of speaking (Decree 244/2026/NĐ-CP Art 5)."""

    PRESS_CONFERENCE = "press_conference"
    PORTAL = "portal"
    INTERVIEW = "interview"
    WRITTEN = "written"
    BRIEFING = "briefing"


class RefusalGround(StrEnum):
    """Why information may be refused (Press Law 126/2025/QH15 Art 31(2); Decree 244/2026/NĐ-CP Art 4(3))."""

    SECRET = "secret"  # noqa: S105 - a ground, not a password
    INVESTIGATION = "investigation"
    UNCONCLUDED = "unconcluded"
    DRAFT_POLICY = "draft_policy"  # Press Law 103/2016/QH13 Art 38(2)(d), before 2026-07-01


NEW_PRESS_LAW_ON = date(2026, 7, 1)


def grounds_on(day: date) -> tuple[RefusalGround, ...]:
    """The grounds of the law in force on a day: three since 2026-07-01, four before."""
    return tuple(g for g in RefusalGround if g is not RefusalGround.DRAFT_POLICY or day < NEW_PRESS_LAW_ON)


class Part(StrEnum):
    """What an agency has to do with a case; any part lets its people see it."""

    INTAKE = "intake"
    LEAD = "lead"
    COORDINATING = "coordinating"
    WATCHING = "watching"
    ASKED = "asked"  # asked to take over, not yet answered


class Turn(StrEnum):
    """Whose turn it is."""

    INTAKE = "intake"
    LEAD = "lead"
    LEAD_HEADS = "lead_heads"
    NOBODY = "nobody"


TURNS: dict[Status, Turn] = {
    S.RECEIVED: Turn.INTAKE,
    S.ASSIGNED: Turn.LEAD,
    S.DRAFTING: Turn.LEAD,
    S.RETURNED: Turn.LEAD,
    S.IN_REVIEW: Turn.LEAD_HEADS,
    S.APPROVED: Turn.LEAD,
    S.ANSWERED: Turn.NOBODY,
    S.REFUSED: Turn.NOBODY,
    S.WITHDRAWN: Turn.NOBODY,
    S.ARCHIVED: Turn.NOBODY,
}


# Which stage of the plan is running; in none when the case is over.
RUNNING: dict[Status, StageName] = {
    S.RECEIVED: StageName.DRAFT,
    S.ASSIGNED: StageName.DRAFT,
    S.DRAFTING: StageName.DRAFT,
    S.RETURNED: StageName.DRAFT,
    S.IN_REVIEW: StageName.AGENCY,
    S.APPROVED: StageName.APPROVAL,
}


@dataclass(frozen=True)
class Standing:
    """What a person is to a case, and what their roles allow."""

    parts: frozenset[Part] = frozenset()
    follows_province: bool = False  # staff and heads of the province and its office
    is_staff: bool = False
    is_head: bool = False  # head or deputy of the own agency
    wrote_text: bool = False  # wrote the version now before the approver
    asked_extension: bool = False  # asked for the extension that waits for a decision
    lead_has_no_other_head: bool = False  # nobody heads the lead agency but whoever asked for that extension

    @property
    def leads(self) -> bool:
        return Part.LEAD in self.parts

    @property
    def steers(self) -> bool:
        """Whoever may direct the case: the lead agency, the agency that took it in, the province's office."""
        return self.follows_province or bool(self.parts & {Part.LEAD, Part.INTAKE})


NOT_YOURS = N_("Only people of the lead agency may do this.")
NOT_STEERING = N_("Only the lead agency, the agency that logged it or the provincial office may do this.")
NOT_HEAD = N_("Only the head or a deputy of the lead agency may do this.")
NOT_OWN_TEXT = N_("Whoever wrote this text may not approve it: another head or deputy of the lead agency must.")
NOT_OWN_REQUEST = N_("Whoever asked for the extension may not decide it: a second person must.")
NOT_DECIDING = N_("The head or a deputy of the lead agency decides on the extension.")
NOT_URGING = N_("The provincial office, UBND tỉnh and the leaders of the lead agency may urge.")
NOT_COORDINATING = N_("Only a coordinating agency may do this.")
NOT_WORKING = N_("This account may look but not act.")


def require_may(step: Step, who: Standing) -> None:
    """Raises NotAllowed with the reason when this person may not take this step."""
    reason = _reason_against(step, who)
    if reason:
        raise NotAllowed(reason)


def may(step: Step, who: Standing) -> bool:
    """Whether this person may take this step, the status aside."""
    return _reason_against(step, who) is None


def _reason_against(step: Step, who: Standing) -> str | None:
    if not (who.is_staff or who.is_head):
        return NOT_WORKING
    match step:
        case Step.COMMENT | Step.ATTACH:
            return None
        case Step.CONTRIBUTE:
            return None if Part.COORDINATING in who.parts else NOT_COORDINATING
        case Step.DECIDE_EXTENSION:
            return _reason_against_deciding(who)
        case Step.DRAFT | Step.SUBMIT | Step.PAUSE | Step.RESUME | Step.ASK_EXTENSION:
            return None if who.leads else NOT_YOURS
        case Step.RELEASE:
            return None if who.leads or who.follows_province else NOT_YOURS
        case Step.APPROVE | Step.RETURN | Step.REFUSE:
            if not (who.leads and who.is_head):
                return NOT_HEAD
            return NOT_OWN_TEXT if step is Step.APPROVE and who.wrote_text else None
        case Step.URGE:
            return None if who.follows_province or (who.leads and who.is_head) else NOT_URGING
        case Step.TAKE_OVER:
            own = who.follows_province or bool(who.parts - {Part.WATCHING})
            return None if own else NOT_STEERING
        case _:
            return None if who.steers else NOT_STEERING


def _reason_against_deciding(who: Standing) -> str | None:
    """A second person: a head of the lead agency; of the province's office where that agency has no other head."""
    if who.asked_extension:
        return NOT_OWN_REQUEST
    decides = who.leads or (who.follows_province and who.lead_has_no_other_head)
    return None if who.is_head and decides else NOT_DECIDING


def steps_open_to(status: Status, who: Standing) -> frozenset[Step]:
    """What this person can do with a case in this status."""
    return frozenset(step for step in steps_from(status) if may(step, who))


# --- the number -------------------------------------------------------------------------------------------

_TYPED = re.compile(r"^(?:[dđ]n)?[-\s]*(?:(?P<year>20\d\d)[-/\s]+)?0*(?P<number>[1-9]\d{0,6})(?:/(?P<after>20\d\d))?$")


def write_number(year: int, number: int) -> str:
    """ĐN-2026-0001; counted per year, four digits or more."""
    return f"ĐN-{year}-{number:04d}"


@dataclass(frozen=True)
class TypedNumber:
    """A number as somebody typed it; the year may be missing."""

    number: int
    year: int | None
    sure: bool  # whether it can only be meant as a number ("0412" may also be a text)


def read_number(typed: str) -> TypedNumber | None:
    """ĐN-2026-0001, DN-2026-1, 0001/2026, ĐN-0001 or 1; None for anything else."""
    text = typed.strip().lower()
    found = _TYPED.match(text)
    if not found or (found["year"] and found["after"]):
        return None
    year = found["year"] or found["after"]
    return TypedNumber(int(found["number"]), int(year) if year else None, bool(year) or text[0] in "dđ")


def require_text(value: str, field: str) -> str:
    """The text without outer spaces. Raises BadInput for an empty one."""
    if not value.strip():
        raise BadInput(N_("Please fill this in."), field=field)
    return value.strip()


class InquiryEvent(StrEnum):
    """What history and the audit log say of a case ("inquiry:thing:verb")."""

    LOG = "inquiry:log"
    CHANGE = "inquiry:change"
    ACKNOWLEDGE = "inquiry:acknowledge"
    ASSIGN = "inquiry:assign"
    TAKE_CASE = "inquiry:officer:take"
    TAKE_OVER = "inquiry:lead:take_over"
    ASK_TAKE_OVER = "inquiry:lead:ask"
    ACCEPT_TAKE_OVER = "inquiry:lead:accept"
    DECLINE_TAKE_OVER = "inquiry:lead:decline"
    COORDINATE = "inquiry:coordination:add"
    RELIEVE = "inquiry:coordination:end"
    CONTRIBUTE = "inquiry:coordination:send"
    WATCH = "inquiry:watcher:add"
    UNWATCH = "inquiry:watcher:end"
    DEADLINE = "inquiry:deadline:set"
    DRAFT = "inquiry:answer:draft"
    SUBMIT = "inquiry:answer:submit"
    RETURN = "inquiry:answer:return"
    APPROVE = "inquiry:answer:approve"
    RELEASE = "inquiry:answer:release"
    REFUSE = "inquiry:refuse"
    WITHDRAW = "inquiry:withdraw"
    CLOSE = "inquiry:close"
    ARCHIVE = "inquiry:archive"
    COMMENT = "inquiry:comment"
    ATTACH = "inquiry:attachment:add"
    DOWNLOAD = "inquiry:attachment:download"
    EXPORT = "inquiry:export"
    SAVE_VIEW = "inquiry:view:save"
    REMOVE_VIEW = "inquiry:view:remove"
    DEADLINE_MOVE = "inquiry:deadline:move"
    PAUSE = "inquiry:clock:pause"
    RESUME = "inquiry:clock:resume"
    ASK_EXTENSION = "inquiry:extension:ask"
    GRANT_EXTENSION = "inquiry:extension:grant"
    DECLINE_EXTENSION = "inquiry:extension:decline"
    URGE = "inquiry:urge"


# What a leader does by their office; a remark is anybody's own, and some lines the system writes by itself.
ACTS_OF_LEADERS = frozenset(
    {
        InquiryEvent.APPROVE,
        InquiryEvent.RETURN,
        InquiryEvent.REFUSE,
        InquiryEvent.GRANT_EXTENSION,
        InquiryEvent.DECLINE_EXTENSION,
    }
)
NOBODYS_PART = frozenset(
    {InquiryEvent.COMMENT, InquiryEvent.DOWNLOAD, InquiryEvent.DEADLINE, InquiryEvent.DEADLINE_MOVE, InquiryEvent.URGE}
)


URGED_AGAIN_AFTER = timedelta(hours=4)


def require_not_just_urged(last_at: datetime | None, now: datetime) -> None:
    """One person urges in one case at most every four hours. Raises BadInput with the time of the last word."""
    if last_at is not None and now - last_at < URGED_AGAIN_AFTER:
        message = N_("You urged at %(time)s already; the next time is possible from %(again)s.")
        again = last_at + URGED_AGAIN_AFTER
        raise BadInput(message, field="note", time=write_time(last_at), again=write_moment(again))


def may_be_done_for(
    event: InquiryEvent, *, actor_id: int, officer_id: int | None, responsible_id: int | None
) -> tuple[int, ...]:
    """In whose place somebody may be doing this, likelier first: the case officer, the responsible head."""
    people = (responsible_id,) if event in ACTS_OF_LEADERS else (officer_id, responsible_id)
    if event in NOBODYS_PART or actor_id in people:
        return ()
    return tuple(person_id for person_id in people if person_id is not None)
