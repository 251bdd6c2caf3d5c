"""Find agencies, people, their roles and the state of their sign-in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pr_tracker.accounts.models import Absence, Agency, HeadTenure, Passkey, Person, PersonRole, SignInTally
from pr_tracker.accounts.rules import AccountEvent, AgencyKind, Tally, address_digest, is_closed, may_stand_in
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db, read_once, rows_of
from pr_tracker.errors import N_, NotFound
from pr_tracker.permissions import Role
from pr_tracker.text import fold, nfc

PEOPLE_ON_A_PAGE = 50


def get_person(person_id: int, *, for_change: bool = False) -> Person:
    """The person, read anew and locked when it is to be changed. Raises NotFound."""
    query = sa.select(Person).where(Person.id == person_id)
    if for_change:
        query = query.with_for_update(of=Person, key_share=True).execution_options(populate_existing=True)
    person = db.session.scalar(query)
    if person is None:
        raise NotFound(N_("There is no such person."))
    return person


def get_agency(agency_id: int, *, for_change: bool = False) -> Agency:
    """The agency, read anew and locked when it is to be changed. Raises NotFound."""
    query = sa.select(Agency).where(Agency.id == agency_id)
    if for_change:
        query = query.with_for_update(of=Agency, key_share=True).execution_options(populate_existing=True)
    agency = db.session.scalar(query)
    if agency is None:
        raise NotFound(N_("There is no such agency."))
    return agency


def find_person_by_email(email: str) -> Person | None:
    """The person with this address, in whatever case it is typed."""
    return db.session.scalar(sa.select(Person).where(sa.func.lower(Person.email) == email.strip().lower()))


def find_agency_by_code(code: str) -> Agency | None:
    """The agency with this code, in whatever case it is typed (the engines disagree on the case of Đ)."""
    wanted = nfc(code.strip()).casefold()
    codes = db.session.execute(sa.select(Agency.id, Agency.code))
    found = next((row.id for row in codes if row.code.casefold() == wanted), None)
    return db.session.get(Agency, found) if found else None


def find_agency_by_name(name: str) -> Agency | None:
    """The agency with exactly this name."""
    return db.session.scalar(sa.select(Agency).where(Agency.name == name))


def agencies_for_choice() -> list[sa.Row[tuple[int, str]]]:
    """(id, name) of active agencies in Vietnamese order."""
    return rows_of(_for_choice())


@cache
def _for_choice() -> sa.Select[int, str]:
    return sa.select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.sort_key, Agency.id)


def people_of(agency_id: int, role: Role | None = None) -> list[sa.Row[tuple[int, str, str]]]:
    """(id, full_name, title) of the agency's active people, with the role where one is given, in order of name."""
    query = sa.select(Person.id, Person.full_name, Person.title).where(Person.agency_id == agency_id, Person.active)
    if role is not None:
        query = query.where(Person.role_rows.any(PersonRole.role == role))
    return list(db.session.execute(query.order_by(Person.sort_key, Person.id)))


def count_agencies() -> int:
    """How many agencies there are, active or not."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Agency)) or 0


def has_units(agency_id: int) -> bool:
    """Whether agencies in use stand below it."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Agency.superior_id == agency_id, Agency.active))))


def superiors() -> dict[int, int | None]:
    """Each agency's superior, by id."""
    return {row.id: row.superior_id for row in db.session.execute(sa.select(Agency.id, Agency.superior_id))}


@dataclass(frozen=True)
class Branch:
    """An agency in the tree: `row` has its columns, `depth` counts from 0 at the top."""

    row: Any
    depth: int


def agency_tree() -> list[Branch]:
    """All agencies, each under its superior, siblings by kind and in Vietnamese order; with head and active people."""
    people = (
        sa.select(Person.agency_id, sa.func.count().label("number"))
        .where(Person.active)
        .group_by(Person.agency_id)
        .subquery()
    )
    head = aliased(Person)
    columns = (
        Agency.id,
        Agency.code,
        Agency.name,
        Agency.short_name,
        Agency.kind,
        Agency.signing_form,
        Agency.superior_id,
        Agency.active,
    )
    query = (
        sa.select(*columns, head.full_name.label("head"), sa.func.coalesce(people.c.number, 0).label("people"))
        .outerjoin(head, Agency.head_id == head.id)
        .outerjoin(people, people.c.agency_id == Agency.id)
        .order_by(Agency.sort_key, Agency.id)
    )
    below: dict[int | None, list[Any]] = defaultdict(list)
    kinds = list(AgencyKind)
    for row in sorted(db.session.execute(query), key=lambda row: kinds.index(row.kind)):
        below[row.superior_id].append(row)
    return list(_branches(below, None, 0))


def _branches(below: dict[int | None, list[Any]], superior_id: int | None, depth: int) -> Iterable[Branch]:
    for row in below[superior_id]:
        yield Branch(row, depth)
        yield from _branches(below, row.id, depth + 1)


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list of people, with how many match in all and whether there are more before and after."""

    rows: list[Any]
    roles: dict[int, list[Role]]
    total: int
    has_before: bool
    has_after: bool


def people_page(
    search: str, agency_id: int | None, *, active: bool, after: int | None = None, before: int | None = None
) -> PeoplePage:
    """People in order of given name whose name, title or address has all words typed, marks or not."""
    narrowed = _people_narrowed(search, agency_id, active)
    query = _people_where(narrowed).limit(PEOPLE_ON_A_PAGE + 1)
    place = sa.tuple_(Person.sort_key, Person.id)
    if before is not None:
        query = query.where(place < _place_of(before)).order_by(Person.sort_key.desc(), Person.id.desc())
    else:
        query = query.order_by(Person.sort_key, Person.id)
        query = query if after is None else query.where(place > _place_of(after))
    rows = list(db.session.execute(query))
    more, rows = len(rows) > PEOPLE_ON_A_PAGE, rows[:PEOPLE_ON_A_PAGE]
    total = db.session.scalar(sa.select(sa.func.count(Person.id)).where(*narrowed)) or 0
    if before is not None:
        rows.reverse()
    has_before, has_after = (more, True) if before is not None else (after is not None, more)
    return PeoplePage(rows, roles_of([row.id for row in rows]), total, has_before, has_after)


def people_listed(search: str, agency_id: int | None, *, active: bool) -> sa.Select[Any]:
    """All of them: for a table."""
    query = _people_where(_people_narrowed(search, agency_id, active)).add_columns(Person.created_at)
    return query.order_by(Person.sort_key, Person.id)


def _people_narrowed(search: str, agency_id: int | None, active: bool) -> list[sa.ColumnElement[bool]]:
    narrowed: list[sa.ColumnElement[bool]] = [Person.active == active]
    narrowed += [Person.search_text.contains(word, autoescape=True) for word in fold(search).split()]
    return narrowed if agency_id is None else [*narrowed, Person.agency_id == agency_id]


def _people_where(narrowed: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    columns = (Person.id, Person.full_name, Person.title, Person.email, Person.phone)
    query: sa.Select = sa.select(*columns, Agency.name.label("agency")).join(Agency, Person.agency_id == Agency.id)
    return query.where(*narrowed)


def all_roles() -> dict[int, list[Role]]:
    """The roles of everybody, in the order of the enum."""
    return roles_of(list(db.session.scalars(sa.select(PersonRole.person_id).distinct())))


def _place_of(person_id: int) -> Any:
    last = db.session.execute(sa.select(Person.sort_key, Person.id).where(Person.id == person_id)).first()
    return sa.tuple_(sa.literal(last.sort_key if last else ""), sa.literal(last.id if last else 0))


def roles_of(person_ids: list[int]) -> dict[int, list[Role]]:
    """Roles by person, in the order of the enum."""
    found: dict[int, list[Role]] = defaultdict(list)
    query = sa.select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(person_ids))
    for person_id, role in db.session.execute(query):
        found[person_id].append(role)
    order = list(Role)
    return {person_id: sorted(roles, key=order.index) for person_id, roles in found.items()}


def active_administrators(*, for_change: bool = False) -> list[int]:
    """Ids of the active people who administer. For a change, whoever changes them at the same time is waited for."""
    administers = PersonRole.role == Role.ADMIN
    if for_change:  # a statement of its own: the one after it sees what the other committed meanwhile
        db.session.execute(
            sa.select(PersonRole.role).where(administers).order_by(PersonRole.person_id).with_for_update()
        )
    query = sa.select(PersonRole.person_id).join(Person, Person.id == PersonRole.person_id)
    return list(db.session.scalars(query.where(administers, Person.active)))


def agency_headed_by(person_id: int) -> Agency | None:
    """The agency whose head the person is."""
    return db.session.scalar(sa.select(Agency).where(Agency.head_id == person_id))


def present_tenure(agency_id: int) -> HeadTenure | None:
    """The tenure of whoever heads the agency now."""
    query = sa.select(HeadTenure).where(HeadTenure.agency_id == agency_id, HeadTenure.until_at.is_(None))
    return db.session.scalar(query)


def last_handover(agency_id: int) -> datetime | None:
    """When a head of the agency last took or left office, as far as it is on record."""
    one = HeadTenure
    began = sa.select(one.from_at.label("at")).where(one.agency_id == agency_id)
    moments = began.union_all(sa.select(one.until_at).where(one.agency_id == agency_id))
    return db.session.scalar(sa.select(sa.func.max(moments.subquery().c.at)))


def _tenures() -> sa.Select:
    one = HeadTenure
    columns = (one.id, one.agency_id, one.person_id, one.title, one.from_at, one.until_at)
    query = sa.select(*columns, Person.full_name, Agency.name.label("agency"))
    return query.join(Person, Person.id == one.person_id).join(Agency, Agency.id == one.agency_id)


def heads_at(agency_ids: Iterable[int], at: datetime) -> list[Any]:
    """Who headed these agencies at a moment: id, agency_id, agency, person_id, full_name, title, from_at, until_at."""
    one = HeadTenure
    begun, lasts = sa.or_(one.from_at.is_(None), one.from_at <= at), sa.or_(one.until_at.is_(None), one.until_at > at)
    query = _tenures().where(one.agency_id.in_(set(agency_ids)), begun, lasts)
    return list(db.session.execute(query.order_by(one.agency_id)))


def tenures_of(agency_id: int) -> list[Any]:
    """Everybody who headed the agency, the latest first; the columns are those of heads_at()."""
    one = HeadTenure
    query = _tenures().where(one.agency_id == agency_id)
    latest = (one.until_at.is_(None).desc(), one.until_at.desc(), one.id.desc())
    return list(db.session.execute(query.order_by(*latest)))


def tally_of(email: str) -> Tally:
    """Failed sign-ins with the address so far."""
    row = find_tally(email)
    return row.tally if row else Tally()


def find_tally(email: str, *, for_change: bool = False) -> SignInTally | None:
    """The stored tally of an address."""
    query = sa.select(SignInTally).where(SignInTally.address_digest == address_digest(email))
    return db.session.scalar(query.with_for_update() if for_change else query)


def closed_until(email: str, now: datetime) -> datetime | None:
    """Until when sign-in with the address is closed, None when it is open."""
    tally = tally_of(email)
    return tally.closed_until if is_closed(tally, now) else None


def passkeys_of(person_id: int) -> list[Any]:
    """(name, lastuse_datetime) of the person's passkeys."""
    query = sa.select(Passkey.name, Passkey.lastuse_datetime).where(Passkey.user_id == person_id)
    return list(db.session.execute(query.order_by(Passkey.name)))


def last_change_of(thing: Agency | Person) -> Any | None:
    """(at, actor_name) of the latest change of the entry itself, None when it was never changed."""
    changing = (AccountEvent.PERSON_CHANGE, AccountEvent.PERSON_ROLES, AccountEvent.AGENCY_CHANGE)
    query = (
        sa.select(AuditEntry.at, AuditEntry.actor_name)
        .where(AuditEntry.subject_kind == thing.__tablename__, AuditEntry.subject_id == thing.id)
        .where(AuditEntry.event.in_([event.value for event in changing]))
        .order_by(AuditEntry.number.desc())
        .limit(1)
    )
    return db.session.execute(query).first()


_absent, _substitute = aliased(Person), aliased(Person)


def _absences(*columns: Any) -> sa.Select[Any]:
    query = sa.select(*columns).select_from(Absence)
    return query.join(_absent, _absent.id == Absence.person_id).join(
        _substitute, _substitute.id == Absence.substitute_id
    )


def _still_there() -> sa.ColumnElement[bool]:
    """Whether the substitute is active, in the same agency, and by role may still stand in: see rules.may_stand_in."""
    of_absent, of_substitute = (
        sa.select(PersonRole.role).where(PersonRole.person_id == person.id).correlate(person).scalar_subquery()
        for person in (_absent, _substitute)
    )
    leads = sa.literal(Role.HEAD.value).in_(of_substitute)
    may = sa.case(
        (sa.literal(Role.HEAD.value).in_(of_absent), leads),
        (sa.literal(Role.STAFF.value).in_(of_absent), sa.or_(leads, sa.literal(Role.STAFF.value).in_(of_substitute))),
        else_=sa.true(),
    )
    return sa.and_(_substitute.active, _substitute.agency_id == _absent.agency_id, may)


def _standing_in(on: Any, *columns: Any) -> sa.Select[Any]:
    """Absences of a day whose substitute is still there."""
    return _absences(*columns).where(
        Absence.from_on <= on, Absence.to_on >= on, Absence.ended_at.is_(None), _still_there()
    )


AWAY = (Absence.person_id, Absence.to_on, _substitute.full_name)


def away_rows(on: Any, *columns: Any) -> sa.Select[Any]:
    """Who is away on a day and who stands in, as part of another statement; the columns are made of AWAY."""
    return _standing_in(on, *columns)


def stand_ins(people_ids: Iterable[int], on: date) -> dict[int, int]:
    """Who of these people is away on a day, and who stands in: {absent: substitute}. Chains are not followed."""
    given = {"on": on, "people": sorted(set(people_ids))}
    return {row.person_id: row.substitute_id for row in db.session.execute(_stood_in(), given)}


@cache
def _stood_in() -> sa.Select[Any]:
    query = _standing_in(sa.bindparam("on", type_=sa.Date()), Absence.person_id, Absence.substitute_id)
    return query.where(Absence.person_id.in_(sa.bindparam("people", expanding=True)))


def stands_in_for(person_id: int, on: date) -> list[Any]:
    """(id, full_name, title, to_on) of the people for whom a person stands in on a day, by name."""
    given = {"on": on, "person": person_id}
    return read_once(("stands in", person_id, on), lambda: rows_of(_stood_in_for(), given))


@cache
def _stood_in_for() -> sa.Select[Any]:
    on = sa.bindparam("on", type_=sa.Date())
    query = _standing_in(on, _absent.id, _absent.full_name, _absent.title, Absence.to_on)
    query = query.where(Absence.substitute_id == sa.bindparam("person", type_=sa.Integer()))
    return query.order_by(_absent.sort_key, _absent.id)


def absent_behind(person_id: int, on: date) -> sa.Select[Any]:
    """The ids of those for whom a person stands in on a day, for the condition of another statement."""
    return _standing_in(on, Absence.person_id).where(Absence.substitute_id == person_id)


def absences_from(day: date, *, person_id: int | None = None, agency_id: int | None = None) -> list[Any]:
    """Absences that last until a day or longer, ended ones too, of a person, of an agency or of everybody."""
    columns = (
        Absence.id,
        Absence.person_id,
        Absence.from_on,
        Absence.to_on,
        Absence.note,
        Absence.ended_at,
        _absent.full_name.label("person"),
        _substitute.full_name.label("substitute"),
        _still_there().label("still_there"),
        Agency.short_name.label("agency"),
    )
    query = _absences(*columns).join(Agency, Agency.id == _absent.agency_id).where(Absence.to_on >= day)
    for column, wanted in ((Absence.person_id, person_id), (_absent.agency_id, agency_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    return list(db.session.execute(query.order_by(Absence.from_on, _absent.sort_key, Absence.id)))


def absence_between(person_id: int, first: date, last: date) -> Absence | None:
    """An absence of the person that touches these days."""
    query = sa.select(Absence).where(Absence.person_id == person_id, Absence.ended_at.is_(None))
    return db.session.scalar(query.where(Absence.from_on <= last, Absence.to_on >= first).order_by(Absence.from_on))


def get_absence(absence_id: int) -> Absence:
    """An absence, its row locked until the transaction ends. Raises NotFound."""
    absence = db.session.scalar(sa.select(Absence).where(Absence.id == absence_id).with_for_update(of=Absence))
    if absence is None:
        raise NotFound(N_("There is no such absence."))
    return absence


def possible_substitutes(person: Person) -> list[Any]:
    """(id, full_name, title) of those who may stand in for a person, in order of name."""
    colleagues = [row for row in people_of(person.agency_id) if row.id != person.id]
    roles = roles_of([row.id for row in colleagues])
    return [row for row in colleagues if may_stand_in(person.roles, roles.get(row.id, []))]
