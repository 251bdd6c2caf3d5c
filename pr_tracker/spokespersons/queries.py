"""Find decisions on permanent spokespersons: in force at a moment, of an agency, the whole province's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pr_tracker.accounts.models import Agency, HeadTenure, Person, PersonRole
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import KeptFile
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission, Role
from pr_tracker.spokespersons.models import Authorisation, SpokespersonDecision
from pr_tracker.spokespersons.rules import Speaker, keeps_register_of
from pr_tracker.text import fold

NO_DECISION = N_("There is no such decision.")
COLUMNS = (
    SpokespersonDecision.id,
    SpokespersonDecision.agency_id,
    SpokespersonDecision.person_id,
    SpokespersonDecision.full_name,
    SpokespersonDecision.title,
    SpokespersonDecision.phone,
    SpokespersonDecision.email,
    SpokespersonDecision.decision_number,
    SpokespersonDecision.decided_at,
    SpokespersonDecision.ended_at,
)


def may_keep(actor: Person, agency: Agency) -> bool:
    """Whether a person keeps the register of an agency: its own people, and the provincial office."""
    own = actor.agency
    return actor.may(Permission.SPOKESPERSON_RECORD) and keeps_register_of(own.kind, own.id, agency.id)


def get_decision(decision_id: int, *, to_change: bool = False) -> SpokespersonDecision:
    """The decision, its row locked when it is to be changed. Raises NotFound."""
    one = SpokespersonDecision
    query = sa.select(one).where(one.id == decision_id).options(joinedload(one.agency), joinedload(one.person))
    if to_change:
        query = query.with_for_update(of=one, key_share=True).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NO_DECISION)
    return found


def in_force_at(at: datetime) -> sa.ColumnElement[bool]:
    """The condition of a decision that is in force at a moment."""
    one = SpokespersonDecision
    return sa.and_(one.decided_at <= at, sa.or_(one.ended_at.is_(None), one.ended_at > at))


def decisions_at(agency_ids: Iterable[int], at: datetime) -> Sequence[sa.Row]:
    """The decisions of these agencies that are in force at a moment, the earliest first."""
    one = SpokespersonDecision
    query = sa.select(*COLUMNS, Agency.name.label("agency")).join(Agency, Agency.id == one.agency_id)
    query = query.where(one.agency_id.in_(set(agency_ids)), in_force_at(at))
    return db.session.execute(query.order_by(one.decided_at, one.id)).all()


def decisions_of(agency_id: int) -> Sequence[SpokespersonDecision]:
    """Every decision of an agency with its scan, those in force first, then the latest ended."""
    one = SpokespersonDecision
    query = sa.select(one).where(one.agency_id == agency_id)
    query = query.options(joinedload(one.scan), joinedload(one.person))
    return db.session.scalars(query.order_by(one.ended_at.is_(None).desc(), one.decided_at.desc(), one.id.desc())).all()


def standing_decisions(agency_id: int) -> Sequence[sa.Row]:
    """The decisions of an agency that nothing has ended: id, version, full_name, person_id, decision_number, ...."""
    one = SpokespersonDecision
    query = sa.select(*COLUMNS, one.version).where(one.agency_id == agency_id, one.ended_at.is_(None))
    return db.session.execute(query.order_by(one.decided_at, one.id)).all()


def has_decision(agency_id: int, number: str, full_name: str) -> bool:
    """Whether a decision on this person is on record already."""
    one = SpokespersonDecision
    same = sa.exists().where(one.agency_id == agency_id, one.decision_number == number, one.full_name == full_name)
    return bool(db.session.scalar(sa.select(same)))


def people_to_name(agency: Agency) -> list[Any]:
    """(id, full_name, title, phone, email) of those who may speak for an agency: its active staff and leaders.

    For UBND tỉnh the people of its office too.
    """
    own = Person.agency_id == agency.id
    if agency.kind is AgencyKind.PROVINCE:
        own = sa.or_(own, Person.agency.has(Agency.kind == AgencyKind.PROVINCE_OFFICE))
    speaks = Person.role_rows.any(PersonRole.role.in_((Role.HEAD, Role.STAFF)))
    query = sa.select(Person.id, Person.full_name, Person.title, Person.phone, Person.email)
    return list(db.session.execute(query.where(own, speaks, Person.active).order_by(Person.sort_key, Person.id)))


def get_scan(decision_id: int) -> KeptFile:
    """The scan of a decision. Raises NotFound when there is none."""
    one = SpokespersonDecision
    query = sa.select(KeptFile).join(one, one.scan_id == KeptFile.id).where(one.id == decision_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("This decision has no scan yet."))
    return found


@dataclass(frozen=True)
class Entry:
    """An agency in the province's list: `agency` has id, name, kind, head, head_title; who speaks besides the head."""

    agency: Any
    speakers: tuple[Speaker, ...]

    @property
    def words(self) -> str:
        """What a search looks through, folded."""
        named = [f"{one.full_name} {one.title}" for one in self.speakers]
        return fold(" ".join([self.agency.search_text, self.agency.head or "", self.agency.head_title or "", *named]))


def register_at(at: datetime, search: str = "", authorised: Iterable[Any] = ()) -> list[Entry]:
    """The whole province's list at a moment, agencies by kind and in Vietnamese order; all words typed, marks or not.

    `authorised` are rows of queries_rights.shown_publicly_at(). Heads are those of now: the list is asked for now.
    """
    head = sa.orm.aliased(Person)
    columns = (Agency.id, Agency.name, Agency.short_name, Agency.kind, Agency.search_text)
    query = sa.select(*columns, head.full_name.label("head"), head.title.label("head_title"))
    query = query.outerjoin(head, head.id == Agency.head_id).where(Agency.active)
    rows = db.session.execute(query.order_by(Agency.sort_key, Agency.id))
    kinds, words, speakers = list(AgencyKind), fold(search).split(), _speakers_at(at)
    for one in authorised:
        paper = (one.number, one.signed_on, one.matter_title, one.until_at)
        speakers[one.agency_id].append(Speaker(one.name, one.title, "", "", *paper))
    ordered = sorted(rows, key=lambda row: kinds.index(row.kind))
    entries = [Entry(row, tuple(speakers[row.id])) for row in ordered]
    return [entry for entry in entries if all(word in entry.words for word in words)]


def _speakers_at(at: datetime) -> dict[int, list[Speaker]]:
    found: dict[int, list[Speaker]] = defaultdict(list)
    one = SpokespersonDecision
    for row in db.session.execute(sa.select(*COLUMNS).where(in_force_at(at)).order_by(one.decided_at, one.id)):
        contact = (row.full_name, row.title, row.phone, row.email)
        found[row.agency_id].append(Speaker(*contact, row.decision_number, office_day(row.decided_at)))
    return found


def last_change(now: datetime) -> datetime | None:
    """When what the public list shows last changed: a decision, its end or correction, a head, an authorisation."""
    paper = Authorisation
    moments = [
        sa.select(sa.func.coalesce(SpokespersonDecision.changed_at, SpokespersonDecision.recorded_at).label("at")),
        sa.select(HeadTenure.changed_at),
    ]
    for moment in (paper.granted_at, paper.from_at, paper.until_at, paper.revoked_at):
        moments.append(sa.select(moment).where(paper.shown_publicly, paper.granted_at.is_not(None), moment <= now))
    found = sa.union_all(*moments).subquery()
    return db.session.scalar(sa.select(sa.func.max(found.c.at)))


def provinces() -> Sequence[Agency]:
    """UBND tỉnh; more than one only by a mistake in the list of agencies."""
    query = sa.select(Agency).where(Agency.kind == AgencyKind.PROVINCE, Agency.active).order_by(Agency.id)
    return db.session.scalars(query).all()


def province() -> Agency:
    """UBND tỉnh, which keeps the list. Raises NotFound while it is not on record."""
    found = provinces()
    if not found:
        raise NotFound(N_("The People's Committee of the province is not on record yet."))
    return found[0]


def agencies_ever() -> Sequence[sa.Row]:
    """(id, name) of all agencies, those no longer in use too, in Vietnamese order."""
    return db.session.execute(sa.select(Agency.id, Agency.name).order_by(Agency.sort_key, Agency.id)).all()
