"""Courses, classes and sessions, and what the audit log says of training (Decree 244/2026/NĐ-CP Art 8(2))."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_instant
from pr_tracker.text import fold

LONGEST_VENUE, LONGEST_PLACE, MOST_VENUES = 120, 200, 60
_VENUE_PARTS = re.compile(r"[^\S\t]*[;\t][^\S\t]*")
LEGAL_GROUND = "khoản 2 Điều 8 Nghị định số 244/2026/NĐ-CP"


class TrainingEvent(StrEnum):
    """What the audit log says of training."""

    COURSE_ADD = "course:add"
    COURSE_CHANGE = "course:change"
    CLASS_ADD = "class:add"
    CLASS_CHANGE = "class:change"
    CLASS_COPY = "class:copy"
    CLASS_CANCEL = "class:cancel"
    CLASS_RESUME = "class:resume"
    SESSION_ADD = "session:add"
    SESSION_CHANGE = "session:change"
    SESSION_CANCEL = "session:cancel"
    SESSION_RESUME = "session:resume"
    MATERIAL_ADD = "material:add"
    MATERIAL_WITHDRAW = "material:withdraw"
    SESSION_CLOSE = "session:close"
    SESSION_SHEET = "session:sheet"
    SCAN_ADD = "session:scan:add"
    SCAN_WITHDRAW = "session:scan:withdraw"
    SCAN_READ = "session:scan:read"
    ROSTER_ADD = "roster:add"
    PARTICIPANT_CHANGE = "participant:change"
    PARTICIPANT_REMOVE = "participant:remove"
    PARTICIPANT_RESTORE = "participant:restore"
    PARTICIPANT_SEAT = "participant:seat"
    ATTENDANCE_MARK = "attendance:mark"
    ATTENDANCE_CORRECT = "attendance:correct"
    ARRIVAL = "attendance:arrive"


@dataclass(frozen=True)
class CourseFacts:
    """A course (khóa): what for, on which legal ground, who holds it, what is taught, who earns its certificate."""

    title: str
    year: int
    agency_id: int
    purpose: str = ""
    legal_ground: str = LEGAL_GROUND
    topics: str = ""  # one a line
    hours: int | None = None
    least_attendance: int = 80  # per cent of the sessions held; 0 asks for nothing
    least_mark: Decimal | None = None  # of 10
    paper_required: bool = False
    valid_months: int | None = None  # for ever when None


@dataclass(frozen=True)
class ClassFacts:
    """A class (lớp) of a course."""

    name: str
    place: str = ""
    capacity: int | None = None
    registration_until: datetime | None = None


@dataclass(frozen=True)
class VenueFacts:
    """A remote venue (điểm cầu): its name, and where it is."""

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


def read_venues(lines: Iterable[str]) -> Sequence[VenueFacts]:
    """Venues typed one a line: name; place. Raises BadInput for two of one name, too many, or one too long."""
    venues = [
        VenueFacts(name, place) for name, _, place in (_VENUE_PARTS.sub(";", line).partition(";") for line in lines)
    ]
    if len(venues) > MOST_VENUES:
        raise BadInput(N_("More than %(most)s remote venues at once."), field="venues", most=MOST_VENUES)
    names: set[str] = set()
    for venue in venues:
        if not venue.name or len(venue.name) > LONGEST_VENUE or len(venue.place) > LONGEST_PLACE:
            raise BadInput(N_("“%(line)s” has no name or is too long."), field="venues", line=venue.name or venue.place)
        if fold(venue.name) in names:
            raise BadInput(N_("“%(line)s” stands there twice."), field="venues", line=venue.name)
        names.add(fold(venue.name))
    return venues
