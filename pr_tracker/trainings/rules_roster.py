"""Rosters: who is named, pasted lists, and who may be on the roster already."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold

LONGEST_NAME = 120

LONGEST_TITLE = 120

LONGEST_AGENCY = 200

LONGEST_EMAIL, LONGEST_PHONE = 255, 60

MOST_LINES = 1000
CODE_LENGTH = 6

_LEADING_NUMBER = re.compile(r"^\d{1,4}\s*[.)/-]?(?:\s+|$)")

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"[+(]?\d[\d\s().+/-]{6,}\d")

_SEPARATOR = re.compile(r"[^\S\t]*[;\t][^\S\t]*")


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
    known: bool = False  # on the staff list, whose facts are taken


@dataclass(frozen=True)
class Colleague:
    """Somebody of the staff list, whom a typed name may mean."""

    person_id: int
    full_name: str
    title: str
    phone: str
    email: str
    agency_id: int


@dataclass(frozen=True)
class Known:
    """Somebody who is on the roster: code, name, agency."""

    code: str
    full_name: str
    agency_name: str


def read_lines(text: str) -> list[Line]:
    """One entry a line, "Họ tên; chức vụ; đơn vị; thư điện tử; điện thoại", also cells copied from a sheet.

    Leading numbers are dropped; an e-mail address and a phone number are known by their looks, wherever they stand.

    Raises BadInput for more lines than are taken at once.
    """
    numbered = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    filled = [(number, line) for number, line in numbered if line]
    if len(filled) > MOST_LINES:
        raise BadInput(N_("At most %(most)s lines at once."), field="lines", most=MOST_LINES)
    return [_read_line(number, line) for number, line in filled]


def _read_line(number: int, typed: str) -> Line:
    parts = [" ".join(part.split()) for part in _SEPARATOR.split(_LEADING_NUMBER.sub("", typed))]
    email = next((part for part in parts[1:] if _EMAIL.fullmatch(part)), "")
    phone = next((part for part in parts[1:] if _PHONE.fullmatch(part)), "")
    parts = parts[:1] + [part for part in parts[1:] if part not in {email, phone} - {""}]
    while parts and not parts[-1]:
        parts.pop()
    name, title, agency = (*parts, "", "", "")[:3]
    entry = Entry(name, title, agency, phone, email)
    return Line(number, typed, entry, _trouble_of(parts, entry))


def _trouble_of(parts: Sequence[str], entry: Entry) -> Trouble | None:
    if not any(letter.isalpha() for letter in entry.full_name):
        return Trouble.NO_NAME
    if len(parts) > 3:
        return Trouble.TOO_MANY_PARTS
    longest = (
        (entry.full_name, LONGEST_NAME),
        (entry.title, LONGEST_TITLE),
        (entry.agency_name, LONGEST_AGENCY),
        (entry.email, LONGEST_EMAIL),
        (entry.phone, LONGEST_PHONE),
    )
    return Trouble.TOO_LONG if any(len(value) > most for value, most in longest) else None


def recognise(lines: Iterable[Line], staff: Iterable[Colleague]) -> list[Line]:
    """The lines whose name stands once on the staff list of their agency take its person and fill in its facts."""
    by_name: dict[tuple[str, int | None], list[Colleague]] = {}
    for one in staff:
        by_name.setdefault((fold(one.full_name), one.agency_id), []).append(one)
    return [_as_colleague(line, by_name.get((fold(line.entry.full_name), line.entry.agency_id), [])) for line in lines]


def _as_colleague(line: Line, found: Sequence[Colleague]) -> Line:
    if line.trouble or len(found) != 1:
        return line
    one, entry = found[0], line.entry
    title, phone, email = entry.title or one.title, entry.phone or one.phone, entry.email or one.email
    entry = replace(entry, full_name=one.full_name, title=title, phone=phone, email=email, person_id=one.person_id)
    return replace(line, entry=entry, known=True)


def without_rows(entries: Iterable[Entry], people_in: Collection[int | None]) -> list[Entry]:
    """The entries, without the account of those who have a row already: whoever adds them says it is another person."""
    return [replace(entry, person_id=None) if entry.person_id in people_in else entry for entry in entries]


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
            weighed.append(replace(line, doubt=Doubt.REPEATED))
        elif doubtful:
            doubt, like = doubtful
            said = f"{like.code} {like.full_name}" + (f", {like.agency_name}" if like.agency_name else "")
            weighed.append(replace(line, doubt=doubt, like=said))
        else:
            weighed.append(line)
        above.add((name, agency))
    return weighed
