"""Courses, classes and sessions, and what the audit log says of training (Decree 244/2026/NĐ-CP Art 8(2))."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_instant

LEGAL_GROUND = "Điều 8 khoản 2 Nghị định số 244/2026/NĐ-CP"


class TrainingEvent(StrEnum):
    """What the audit log says of training."""

    COURSE_ADD = "course:add"
    COURSE_CHANGE = "course:change"
    CLASS_ADD = "class:add"
    CLASS_CHANGE = "class:change"
    SESSION_ADD = "session:add"
    SESSION_CHANGE = "session:change"
    SESSION_CLOSE = "session:close"
    SESSION_SHEET = "session:sheet"
    ROSTER_ADD = "roster:add"
    PARTICIPANT_CHANGE = "participant:change"
    PARTICIPANT_REMOVE = "participant:remove"
    PARTICIPANT_RESTORE = "participant:restore"
    ATTENDANCE_MARK = "attendance:mark"
    ATTENDANCE_CORRECT = "attendance:correct"


@dataclass(frozen=True)
class CourseFacts:
    """A course (khóa): what for, on which legal ground, who holds it."""

    title: str
    year: int
    agency_id: int
    purpose: str = ""
    legal_ground: str = LEGAL_GROUND


@dataclass(frozen=True)
class ClassFacts:
    """A class (lớp) of a course."""

    name: str
    place: str = ""


@dataclass(frozen=True)
class SessionFacts:
    """A session (buổi) of a class, from one instant to another."""

    starts_at: datetime
    ends_at: datetime
    topic: str
    lecturer: str = ""
    place: str = ""


def session_span(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """The session's two instants. Raises BadInput unless it ends after it starts."""
    if end <= start:
        raise BadInput(N_("The session must end after it starts."), field="end")
    return office_instant(day, start), office_instant(day, end)
