"""Courses, classes, sessions, rosters, roll call: marks, row codes, pasted lists (Decree 244/2026/NĐ-CP Art 8(2))."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from pr_tracker.errors import N_, BadInput, ChangedMeanwhile
from pr_tracker.office_time import office_instant
from pr_tracker.text import fold

LEGAL_GROUND = "Điều 8 khoản 2 Nghị định số 244/2026/NĐ-CP"
LONGEST_NAME = 120
LONGEST_TITLE = 120
LONGEST_AGENCY = 200
LONGEST_REMARK = 200
MOST_LINES = 1000
_ROWS_PER_LETTER = 99
_LEADING_NUMBER = re.compile(r"^\d{1,4}\s*[.)/-]?(?:\s+|$)")
_SEPARATOR = re.compile(r"[^\S\t]*[;\t][^\S\t]*")


class Mark(StrEnum):
    """What a roll call says of one person in one session."""

    PRESENT = "present"  # có mặt
    EXCUSED = "excused"  # vắng có phép
    ABSENT = "absent"  # vắng


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


@dataclass(frozen=True)
class Entry:
    """Somebody for a roster: who, and from where."""

    full_name: str
    title: str = ""
    agency_name: str = ""
    phone: str = ""
    email: str = ""
    agency_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class MarkNow:
    """A mark as it stands, and who made it when; version 0 and no mark before anybody has."""

    mark: Mark | None = None
    remark: str = ""
    version: int = 0
    by_name: str = ""
    at: datetime | None = None


class MarkedMeanwhile(ChangedMeanwhile):
    """Somebody else has marked this row since it was read; `now` is their mark."""

    def __init__(self, now: MarkNow) -> None:
        super().__init__(N_("Somebody else has marked this row meanwhile."))
        self.now = now


def row_code(number: int) -> str:
    """The code of a roster's row on paper and screen: 1 is A01, 99 is A99, 100 is B01. Raises ValueError below 1."""
    if number < 1:
        raise ValueError("rows are numbered from 1")
    letters, place = "", (number - 1) // _ROWS_PER_LETTER
    while True:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
        if place < 0:
            return f"{letters}{(number - 1) % _ROWS_PER_LETTER + 1:02}"


def session_span(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """The session's two instants. Raises BadInput unless it ends after it starts."""
    if end <= start:
        raise BadInput(N_("The session must end after it starts."), field="end")
    return office_instant(day, start), office_instant(day, end)


class Trouble(StrEnum):
    """Why a pasted line cannot be taken."""

    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    TOO_MANY_PARTS = "too_many_parts"


class Doubt(StrEnum):
    """Why a line or a new entry may be somebody who is on the roster already."""

    SAME_PERSON = "same_person"  # same name and agency on the roster
    SAME_NAME = "same_name"  # same name, another agency or none
    REPEATED = "repeated"  # same name and agency earlier in what was pasted


@dataclass(frozen=True)
class Line:
    """A pasted line: its number, as typed, and what it says, or why it cannot be taken, or what is doubtful."""

    number: int
    typed: str
    entry: Entry
    trouble: Trouble | None = None
    doubt: Doubt | None = None
    like: str = ""  # who on the roster is meant by the doubt


@dataclass(frozen=True)
class Known:
    """Somebody who is on the roster: code, name, agency."""

    code: str
    full_name: str
    agency_name: str


def read_lines(text: str) -> list[Line]:
    """One entry a line, "Họ tên; chức vụ; đơn vị", also cells copied from a sheet; leading numbers are dropped.

    Raises BadInput for more lines than are taken at once.
    """
    numbered = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    filled = [(number, line) for number, line in numbered if line]
    if len(filled) > MOST_LINES:
        raise BadInput(N_("At most %(most)s lines at once."), field="lines", most=MOST_LINES)
    return [_read_line(number, line) for number, line in filled]


def _read_line(number: int, typed: str) -> Line:
    parts = [" ".join(part.split()) for part in _SEPARATOR.split(_LEADING_NUMBER.sub("", typed))]
    while parts and not parts[-1]:
        parts.pop()
    name, title, agency = (*parts, "", "", "")[:3]
    entry = Entry(name, title, agency)
    return Line(number, typed, entry, _trouble_of(parts, entry))


def _trouble_of(parts: Sequence[str], entry: Entry) -> Trouble | None:
    if not any(letter.isalpha() for letter in entry.full_name):
        return Trouble.NO_NAME
    if len(parts) > 3:
        return Trouble.TOO_MANY_PARTS
    longest = ((entry.full_name, LONGEST_NAME), (entry.title, LONGEST_TITLE), (entry.agency_name, LONGEST_AGENCY))
    return Trouble.TOO_LONG if any(len(value) > most for value, most in longest) else None


def doubt_about(entry: Entry, known: Iterable[Known]) -> tuple[Doubt, Known] | None:
    """Whom on the roster this may be: same name and agency first, then same name; marks and capitals do not matter."""
    namesakes = [one for one in known if fold(one.full_name) == fold(entry.full_name)]
    for one in namesakes:
        if fold(one.agency_name) == fold(entry.agency_name):
            return Doubt.SAME_PERSON, one
    return (Doubt.SAME_NAME, namesakes[0]) if namesakes else None


def weigh(lines: Iterable[Line], known: Sequence[Known]) -> list[Line]:
    """The lines with their doubts: against the roster, and against what stands above them."""
    by_name: dict[str, list[Known]] = {}
    for one in known:
        by_name.setdefault(fold(one.full_name), []).append(one)
    weighed, above = [], set[tuple[str, str]]()
    for line in lines:
        name, agency = fold(line.entry.full_name), fold(line.entry.agency_name)
        doubtful = doubt_about(line.entry, by_name.get(name, ()))
        if line.trouble:
            weighed.append(line)
            continue
        if (name, agency) in above:
            weighed.append(Line(line.number, line.typed, line.entry, doubt=Doubt.REPEATED))
        elif doubtful:
            doubt, like = doubtful
            said = f"{like.code} {like.full_name}" + (f", {like.agency_name}" if like.agency_name else "")
            weighed.append(Line(line.number, line.typed, line.entry, doubt=doubt, like=said))
        else:
            weighed.append(line)
        above.add((name, agency))
    return weighed
