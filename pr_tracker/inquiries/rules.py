"""The case: its states, its steps, who may take which, whose turn it is (domain.md §3)."""

from dataclasses import dataclass
from enum import StrEnum

from pr_tracker.deadlines.rules_plan import StageName
from pr_tracker.errors import N_, NotAllowed, StepNotAllowed
from pr_tracker.inquiries.rules_kinds import Part, Turn
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.spokespersons.rules_authority import MATTER_OVER, NO_LONGER, reason_against_authorising


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
    APPROVE_PART = "approve_part"
    WATCH = "watch"
    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    ENDORSE = "endorse"  # approved, and a further approval is needed
    APPROVE = "approve"
    REOPEN = "reopen"  # more approvals are needed than were given; nobody's act, it follows from another
    RELEASE = "release"
    ANSWER_BY_STATEMENT = "answer_by_statement"  # the incident's statement answers; its release does this
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
    MARK_SENSITIVE = "mark_sensitive"
    FOLLOW = "follow"  # what the press made of it: articles found, letters sent, what came of them
    WRITE_LETTER = "write_letter"
    APPROVE_LETTER = "approve_letter"
    JOIN_INCIDENT = "join_incident"
    LEAVE_INCIDENT = "leave_incident"
    AUTHORISE = "authorise"


S = Status
WORKING = (S.ASSIGNED, S.DRAFTING, S.RETURNED)
BEFORE_ANSWER = (S.RECEIVED, *WORKING, S.IN_REVIEW, S.APPROVED)
FINISHED = (S.ANSWERED, S.REFUSED, S.WITHDRAWN)
OPEN = frozenset(BEFORE_ANSWER)
LED = (*WORKING, S.IN_REVIEW, S.APPROVED)
TOLD = (S.ANSWERED, S.REFUSED)  # the press has its answer and may publish
AFTER_STEPS = (Step.FOLLOW, Step.WRITE_LETTER, Step.APPROVE_LETTER)
CLOCK_STEPS = (Step.PAUSE, Step.RESUME, Step.ASK_EXTENSION, Step.DECIDE_EXTENSION)

_STAYS: dict[Step, tuple[Status, ...]] = {
    Step.ACKNOWLEDGE: BEFORE_ANSWER,
    Step.ASK_TAKE_OVER: (S.RECEIVED, *WORKING),
    Step.COORDINATE: BEFORE_ANSWER,
    Step.CONTRIBUTE: BEFORE_ANSWER,
    Step.APPROVE_PART: BEFORE_ANSWER,
    Step.WATCH: (*BEFORE_ANSWER, *FINISHED),
    Step.CLOSE: FINISHED,
    Step.COMMENT: (*BEFORE_ANSWER, *FINISHED),
    Step.ATTACH: (*BEFORE_ANSWER, *FINISHED),
    **dict.fromkeys(CLOCK_STEPS, LED),
    Step.URGE: LED,
    Step.MARK_SENSITIVE: BEFORE_ANSWER,
    **dict.fromkeys(AFTER_STEPS, TOLD),
    Step.JOIN_INCIDENT: (*BEFORE_ANSWER, *FINISHED),
    Step.LEAVE_INCIDENT: (*BEFORE_ANSWER, *FINISHED),
    Step.AUTHORISE: LED,
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
    (S.IN_REVIEW, Step.ENDORSE): S.IN_REVIEW,
    (S.IN_REVIEW, Step.APPROVE): S.APPROVED,
    (S.APPROVED, Step.REOPEN): S.IN_REVIEW,
    (S.APPROVED, Step.RELEASE): S.ANSWERED,
    **{(status, Step.ANSWER_BY_STATEMENT): S.ANSWERED for status in LED},
    (S.APPROVED, Step.REFUSE): S.REFUSED,
    **{(status, Step.WITHDRAW): S.WITHDRAWN for status in BEFORE_ANSWER},
    **{(status, Step.ARCHIVE): S.ARCHIVED for status in FINISHED},
    **{(status, step): status for step, statuses in _STAYS.items() for status in statuses},
}


def after(status: Status, step: Step) -> Status:
    """The status after a step. Raises StepNotAllowed for what is not in the table."""
    try:
        return TABLE[status, step]
    except KeyError:
        if step is Step.AUTHORISE:
            raise StepNotAllowed(MATTER_OVER) from None
        raise StepNotAllowed(N_("This step is not open: the inquiry has moved on. Look at its history.")) from None


def steps_from(status: Status) -> frozenset[Step]:
    """Every step the table knows for a status."""
    return frozenset(step for (start, step) in TABLE if start is status)


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


def whose_turn(status: Status, review_step: ReviewStep | None) -> Turn:
    """Whose turn it is; in review that of whoever's approval is awaited."""
    return Turn.PROVINCE_HEADS if _waits_for_province(status, review_step) else TURNS[status]


def running_stage(status: Status, review_step: ReviewStep | None) -> StageName | None:
    """Which stage of the plan is running; None when the case is over."""
    return StageName.APPROVAL if _waits_for_province(status, review_step) else RUNNING.get(status)


def _waits_for_province(status: Status, review_step: ReviewStep | None) -> bool:
    return status is S.IN_REVIEW and review_step is ReviewStep.PROVINCE


# Which stage of the plan a status runs, the second approval apart.
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
    review_step: ReviewStep | None = None  # the approval that is awaited; None outside review
    heads_lead: bool = False  # the head of the lead agency in person, no deputy, nobody in their place
    authority: bool = False  # authorised by that head for this matter, and at this moment
    had_authority: bool = False  # was, or will be, but not at this moment
    heads_province: bool = False  # the chairman of UBND tỉnh in person
    speaks_for_another: bool = False  # acts by authority or is the permanent spokesperson: may not pass it on
    is_province_leader: bool = False  # head or deputy of UBND tỉnh
    needs_second: bool = False  # the leadership of UBND tỉnh approves this text too
    has_sealed: bool = False  # gave a seal that stands on the newest version

    @property
    def leads(self) -> bool:
        return Part.LEAD in self.parts

    @property
    def approves_first(self) -> bool:
        """The head and deputies of the lead agency, and whom the head has authorised."""
        return (self.leads and self.is_head) or self.authority

    @property
    def approves_second(self) -> bool:
        """The leaders of UBND tỉnh, where the text needs their approval too."""
        return self.is_province_leader and self.needs_second

    @property
    def may_answer_alone(self) -> bool:
        """The head of the lead agency may approve their own words, and it is recorded (Decree 244/2026/NĐ-CP Art 8)."""
        return self.heads_lead and self.wrote_text and self.review_step is not ReviewStep.PROVINCE

    @property
    def steers(self) -> bool:
        """Whoever may direct the case: the lead agency, the agency that took it in, the province's office."""
        return self.follows_province or bool(self.parts & {Part.LEAD, Part.INTAKE})


NOT_YOURS = N_("Only people of the lead agency may do this.")
NOT_STEERING = N_("Only the lead agency, the agency that logged it or the provincial office may do this.")
NOT_HEAD = N_("Only the head or a deputy of the lead agency may do this.")
NOT_OWN_TEXT = N_("Whoever wrote this text may not approve it: another head or deputy of the lead agency must.")
NOT_PROVINCE = N_("The leadership of UBND tỉnh approves this step.")
NOT_TWICE = N_("You approved this version already; the next approval is another person's.")
NOT_BY_HAND = N_("This follows from another act; nobody does it by hand.")
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
        case Step.AUTHORISE:
            return reason_against_authorising(
                is_head=who.heads_lead or who.heads_province, speaks_for_another=who.speaks_for_another
            )
        case Step.COMMENT | Step.ATTACH:
            return None
        case Step.CONTRIBUTE | Step.APPROVE_PART:
            return None if Part.COORDINATING in who.parts else NOT_COORDINATING
        case Step.DECIDE_EXTENSION:
            return _reason_against_deciding(who)
        case Step.DRAFT | Step.SUBMIT | Step.PAUSE | Step.RESUME | Step.ASK_EXTENSION | Step.WRITE_LETTER:
            return None if who.leads else NOT_YOURS
        case Step.RELEASE | Step.REFUSE:
            return None if who.leads or who.authority or who.follows_province else NOT_YOURS
        case Step.APPROVE | Step.ENDORSE:
            return _reason_against_approving(who)
        case Step.RETURN:
            return _reason_against_reviewing(who)
        case Step.APPROVE_LETTER:
            return None if who.approves_first else NOT_HEAD
        case Step.REOPEN | Step.ANSWER_BY_STATEMENT:
            return NOT_BY_HAND
        case Step.URGE:
            return None if who.follows_province or (who.leads and who.is_head) else NOT_URGING
        case Step.TAKE_OVER:
            own = who.follows_province or bool(who.parts - {Part.WATCHING})
            return None if own else NOT_STEERING
        case _:
            return None if who.steers else NOT_STEERING


def _reason_against_approving(who: Standing) -> str | None:
    """Whoever's step it is, who neither wrote the words nor gave the seal before."""
    if reason := _reason_against_reviewing(who):
        return reason
    if who.has_sealed:
        return NOT_TWICE
    return NOT_OWN_TEXT if who.wrote_text and not who.may_answer_alone else None


def _reason_against_reviewing(who: Standing) -> str | None:
    """Whoever's step it is; after the last one both may still send the text back."""
    if who.review_step is ReviewStep.PROVINCE:
        return None if who.approves_second else NOT_PROVINCE
    approves = who.approves_first or (who.review_step is None and who.approves_second)
    if approves:
        return None
    return NO_LONGER if who.had_authority else NOT_HEAD


def _reason_against_deciding(who: Standing) -> str | None:
    """A second person: a head of the lead agency; of the province's office where that agency has no other head."""
    if who.asked_extension:
        return NOT_OWN_REQUEST
    decides = who.leads or (who.follows_province and who.lead_has_no_other_head)
    return None if who.is_head and decides else NOT_DECIDING


def steps_open_to(status: Status, who: Standing) -> frozenset[Step]:
    """What this person can do with a case in this status."""
    return frozenset(step for step in steps_from(status) if may(step, who))
