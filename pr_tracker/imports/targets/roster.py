"""The roster of a class from a file: whom the list means, who may be on the roster already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.imports.rules import Column, Given, Judged, Reason, Setting, judged
from pr_tracker.imports.targets.fields import Reader, Unsaid, changes_between, is_same_name
from pr_tracker.imports.targets.known import known_agencies
from pr_tracker.permissions import Permission
from pr_tracker.text import fold
from pr_tracker.trainings.actions import roster as actions
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.trainings.queries.roster import get_participant, known_on_roster, people_in
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.trainings.rules_roster import (
    LONGEST_AGENCY,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_TITLE,
    Colleague,
    Doubt,
    Entry,
    Known,
    Line,
    recognise,
    weigh,
)

NO_NAME = N_("There is no name in this row.")
TAKEN_OFF = N_("%(like)s was taken off the roster. Put them back on the roster's page, or take this row as a new one.")
DOUBTS = {
    Doubt.SAME_PERSON: N_("Probably on the roster already: %(like)s."),
    Doubt.SAME_NAME: N_("Somebody of this name is on the roster: %(like)s."),
    Doubt.REPEATED: N_("The same name and agency stand in an earlier row."),
}
LIKE_AN_AGENCY = N_("“%(typed)s” is no agency on record: it is written as typed.")
_FIELDS = ("full_name", "title", "agency_name", "phone", "email", "agency_id", "person_id")


class Data(NamedTuple):
    """Whom a row puts on the roster, or of whom on it which facts it changes."""

    ident: int | None
    entry: Entry
    news: dict[str, str]


class RosterTarget:
    """The list of people for a class; `about_id` of the setting is the class."""

    code = "roster"
    label = _l("Roster of a class")
    hint = _l("One trainee a row. People of the staff list are recognised by name and agency.")
    permission = Permission.TRAINING_EDIT
    columns = (
        Column(
            "full_name",
            _l("Full name"),
            ("họ và tên", "họ tên", "tên", "học viên", "đại biểu", "full name", "name"),
            required=True,
            example="Lê Thị Hạnh",
        ),
        Column(
            "family_name", _l("Family and middle name"), ("họ", "họ đệm", "họ và tên đệm", "họ lót", "họ và chữ lót")
        ),
        Column("title", _l("Position"), ("chức vụ", "chức danh", "chức vụ, chức danh", "position", "title")),
        Column(
            "agency",
            _l("Agency"),
            ("đơn vị", "cơ quan", "đơn vị công tác", "cơ quan, đơn vị", "nơi công tác", "agency"),
            example="Sở Y tế",
        ),
        Column("phone", _l("Work phone"), ("điện thoại", "số điện thoại", "sđt", "đt", "số đt", "di động", "phone")),
        Column("email", _l("Work e-mail"), ("thư điện tử", "e-mail", "email", "địa chỉ email", "thư điện tử công vụ")),
    )

    def begin(self, setting: Setting) -> "RosterSession":
        """A pass through a list for the class. Raises NotFound without one."""
        return RosterSession(setting)

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Every agency."""
        return list(known_agencies(Unsaid()).by_id.items())

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """Agencies are put on record by their own list; a roster also takes names that are none of them."""
        return None


class RosterSession:
    """One pass through a list of trainees."""

    def __init__(self, setting: Setting) -> None:
        if setting.about_id is None:
            raise NotFound(N_("There is no such class."))
        self._setting, self._class = setting, get_class(setting.about_id)
        self._agencies = known_agencies(setting.names)
        self._known: list[Known] = known_on_roster(self._class.id)
        self._on_roster: dict[tuple[str, str], list[Any]] = defaultdict(list)
        fields = [getattr(Participant, name) for name in _FIELDS]
        query = sa.select(Participant.id, Participant.number, Participant.active, *fields)
        query = query.where(Participant.class_id == self._class.id).order_by(Participant.number)
        for row in db.session.execute(query):
            self._on_roster[fold(row.full_name), fold(row.agency_name)].append(row)
        self._people = people_in(self._class.id) - {None}
        one = Person
        staff = sa.select(one.id, one.full_name, one.title, one.phone, one.email, one.agency_id).where(one.active)
        self._staff = [Colleague(*row) for row in db.session.execute(staff)]

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each row would do, by the rules of rosters."""
        read = [(Reader(row), row) for row in rows]
        lines = [Line(row.number, "", self._entry(one)) for one, row in read]
        meant = [self._take_from_roster(line) for line in lines]
        new = [line for line, participant in zip(lines, meant, strict=True) if participant is None]
        weighed = {line.number: line for line in weigh(self._recognised(new), self._known)}
        self._known += [Known("", line.entry.full_name, line.entry.agency_name) for line in new]
        found = []
        for (one, row), line, participant in zip(read, lines, meant, strict=True):
            if participant is not None:
                found.append(self._change(one, participant, line.entry))
            else:
                found.append(self._new(one, row, weighed[row.number]))
        return found

    def _entry(self, read: Reader) -> Entry:
        parts = (read.text("family_name", LONGEST_NAME), read.text("full_name", LONGEST_NAME))
        name = " ".join(part for part in parts if part)
        if not any(letter.isalpha() for letter in name):
            read.wrong.append(Reason(NO_NAME, "full_name"))
        typed = read.text("agency", LONGEST_AGENCY)
        found = self._agencies.find(typed, "agency") if typed else None
        agency_id = None if isinstance(found, Reason) else found
        if isinstance(found, Reason) and found.suggestions:
            read.doubts.append(replace(found, message=LIKE_AN_AGENCY))
        return Entry(
            full_name=name,
            title=read.text("title", LONGEST_TITLE),
            agency_name=self._agencies.by_id[agency_id] if agency_id else typed,
            phone=read.phone("phone", LONGEST_PHONE),
            email=read.email("email"),
            agency_id=agency_id,
        )

    def _recognised(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with the people of the staff list they mean; each has one row in a class."""
        found = []
        for line, known in zip(lines, recognise(lines, self._staff), strict=True):
            is_free = known.entry.person_id not in self._people
            found.append(known if is_free else line)
            if is_free and known.entry.person_id is not None:
                self._people.add(known.entry.person_id)
        return found

    def _take_from_roster(self, line: Line) -> Any | None:
        """The next row of the roster with this name and agency: two of one name are two rows."""
        entry = line.entry
        same = self._on_roster.get((fold(entry.full_name), fold(entry.agency_name)), [])
        named = (place for place, row in enumerate(same) if is_same_name(entry.full_name, row.full_name))
        place = next((place for place in named if same[place].active), None)
        return None if place is None else same.pop(place)

    def _new(self, read: Reader, row: Given, line: Line) -> Judged:
        entry, doubts = line.entry, list(read.doubts)
        same = self._on_roster.get((fold(entry.full_name), fold(entry.agency_name)), [])
        off = [one for one in same if not one.active]
        if line.doubt is not None and off:
            doubts.append(Reason(TAKEN_OFF, "full_name", {"like": f"{row_code(off[0].number)} {off[0].full_name}"}))
        elif line.doubt is not None:
            is_in_file = line.like.startswith(" ")  # whoever is on the roster has a code
            message = DOUBTS[Doubt.REPEATED if is_in_file else line.doubt]
            doubts.append(Reason(message, "full_name", {"like": line.like.strip()} if line.like else {}))
        return judged(row, wrong=read.wrong, doubts=doubts, data=Data(None, entry, {}))

    def _change(self, read: Reader, known: Any, said: Entry) -> Judged:
        before = Entry(**{name: getattr(known, name) for name in _FIELDS})
        news = {name: getattr(said, name) for name in ("title", "phone", "email") if getattr(said, name)}
        entry = replace(before, **news)
        changes = changes_between(vars(before), vars(entry))
        data = Data(known.id, entry, news)
        return judged(read.row, wrong=read.wrong, doubts=read.doubts, subject_id=known.id, changes=changes, data=data)

    def write(self, rows: Sequence[Judged]) -> None:
        """Put the new ones on the roster, as many as have a place; the others wait; correct those already there."""
        acting = {"actor": self._setting.actor, "now": self._setting.now}
        chosen: list[Data] = [row.data for row in rows]
        new = [data.entry for data in chosen if data.ident is None]
        if new:
            actions.enrol(self._class, new, **acting)
        for data in chosen:
            if data.ident is not None:
                participant = get_participant(data.ident)
                entry = Entry(**{name: getattr(participant, name) for name in _FIELDS} | data.news)
                actions.change_participant(participant, entry, version=participant.version, **acting)
