"""What an inquiry is: its kind and clock, channel, urgency, the forms of an answer, grounds of refusal, parts."""

from datetime import date, datetime
from enum import StrEnum

from pr_tracker.deadlines.rules_terms import StopReason
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import write_day
from pr_tracker.statements.rules import AnswerForm as AnswerForm  # a statement below is given in the same forms


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


def require_ground(ground: RefusalGround, day: date, *, field: str) -> None:
    """Raises BadInput when the law in force on this day does not know the ground."""
    if ground not in grounds_on(day):
        raise BadInput(N_("This ground is not in the law in force on %(day)s."), field=field, day=write_day(day))


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
    PROVINCE_HEADS = "province_heads"
    NOBODY = "nobody"


def require_text(value: str, field: str) -> str:
    """The text without outer spaces. Raises BadInput for an empty one."""
    if not value.strip():
        raise BadInput(N_("Please fill this in."), field=field)
    return value.strip()
