"""Who acts in a filled database: agencies with their desks, the press with its journalists, ready to be written."""

import json
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from random import Random
from typing import NamedTuple

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, HeadTenure, Person, PersonRole
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.bench.words import Phrase, phrase, rare_name
from pr_tracker.db import db
from pr_tracker.deadlines.queries import all_terms
from pr_tracker.deadlines.rules import TermSettings
from pr_tracker.demo.people import demo_agencies
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Role

quoted = encode_basestring  # a text as JSON writes it, with its marks
NOWHERE = Phrase("", "", "")


class Who(NamedTuple):
    """Somebody who acts; what ends in _json is quoted."""

    id: int
    name: str
    name_json: str
    title: str
    title_json: str
    agency: str


@dataclass
class Bureau:
    """An agency with the people at its desk."""

    id: int
    code: str
    name: Phrase
    name_json: str
    kind: AgencyKind
    settings: TermSettings
    leaders: list[Who] = field(default_factory=list)  # its head first
    staff: list[Who] = field(default_factory=list)
    right: str = ""  # by what right its head speaks, JSON
    place: Phrase = NOWHERE
    hamlets: tuple[Phrase, ...] = ()

    @property
    def head(self) -> Who:
        return self.leaders[0]

    def officer(self, random: Random) -> Who:
        """Somebody who drafts; a leader where there is no staff."""
        people = self.staff or self.leaders
        return people[int(random.random() * len(people))]


class Asker(NamedTuple):
    """A press agency and its journalists."""

    id: int
    name: Phrase
    journalists: list[tuple[int, Phrase]]


class Cast:
    """Everybody, read once."""

    def __init__(self, random: Random) -> None:
        self.bureaus = _bureaus(random)
        self.by_code = {bureau.code: bureau for bureau in self.bureaus}
        self.communes = [bureau for bureau in self.bureaus if bureau.place.text]
        self.province = next(bureau for bureau in self.bureaus if bureau.kind is AgencyKind.PROVINCE)
        self.office = next(bureau for bureau in self.bureaus if bureau.kind is AgencyKind.PROVINCE_OFFICE)
        self.foreign, self.press = _press()
        self.trainer = _trainer()
        seated = [who for bureau in self.bureaus for who in (*bureau.leaders, *bureau.staff)]
        self.people = {who.id: who for who in (*seated, self.trainer)}


def _bureaus(random: Random) -> list[Bureau]:
    terms = all_terms()
    found: dict[int, Bureau] = {}
    hamlets = {demo.code: demo.hamlets for demo in demo_agencies()}
    for row in db.session.scalars(sa.select(Agency).order_by(Agency.id)):
        bureau = Bureau(
            row.id, row.code, phrase(row.name), quoted(row.name), row.kind, terms.get(row.id) or terms[None]
        )
        if row.kind is AgencyKind.COMMUNE:
            bureau.place = phrase(row.name.removeprefix("Ủy ban nhân dân "))
            named = hamlets.get(row.code) or [f"ấp {rare_name(random).text}" for _ in range(12)]
            bureau.hamlets = tuple(map(phrase, named))
        found[row.id] = bureau
    _seat(found)
    return [bureau for bureau in found.values() if bureau.leaders and bureau.staff]


def _seat(bureaus: dict[int, Bureau]) -> None:
    """People to their desks, the heads first."""
    heads = set(db.session.scalars(sa.select(Agency.head_id)))
    people = sa.select(Person.id, Person.full_name, Person.title, Person.agency_id, PersonRole.role)
    people = people.join(PersonRole, PersonRole.person_id == Person.id).where(Person.active).order_by(Person.id)
    for row in db.session.execute(people):
        bureau = bureaus[row.agency_id]
        who = Who(row.id, row.full_name, quoted(row.full_name), row.title, quoted(row.title), bureau.name.text)
        if row.role is Role.HEAD:
            bureau.leaders.insert(0 if row.id in heads else len(bureau.leaders), who)
        elif row.role is Role.STAFF:
            bureau.staff.append(who)
    tenures = sa.select(HeadTenure.agency_id, HeadTenure.from_at).where(HeadTenure.until_at.is_(None))
    since = {row.agency_id: row.from_at for row in db.session.execute(tenures)}
    for bureau in bureaus.values():
        if bureau.leaders:
            head, from_at = bureau.head, since.get(bureau.id)
            right = {"agency": bureau.name.text, "from_at": from_at.isoformat() if from_at else None, "giver": None}
            right |= {"kind": "head", "name": head.name, "paper": None, "source_id": bureau.id, "title": head.title}
            right |= {"until_at": None}
            bureau.right = json.dumps(right, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _trainer() -> Who:
    """Who holds classes."""
    query = sa.select(Person).join(PersonRole, PersonRole.person_id == Person.id).where(PersonRole.role == Role.TRAINER)
    person = db.session.scalars(query.order_by(Person.id).limit(1)).one()
    name, title = person.full_name, person.title
    return Who(person.id, name, quoted(name), title, quoted(title), person.agency.name)


def _press() -> tuple[list[Asker], list[Asker]]:
    """The foreign bureaus, and all the others."""
    names: dict[int, list[tuple[int, Phrase]]] = {}
    for row in db.session.execute(sa.select(Journalist.id, Journalist.outlet_id, Journalist.full_name)):
        names.setdefault(row.outlet_id, []).append((row.id, phrase(row.full_name)))
    foreign: list[Asker] = []
    others: list[Asker] = []
    for outlet in db.session.execute(sa.select(Outlet.id, Outlet.name, Outlet.kind).order_by(Outlet.id)):
        asker = Asker(outlet.id, phrase(outlet.name), names[outlet.id])
        (foreign if outlet.kind is OutletKind.FOREIGN_BUREAU else others).append(asker)
    return foreign, others
