"""Who may speak at a moment, now or in the past, and by what right; whose authority covers which matter."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, HeadTenure, Person, PersonRole
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import UTCDateTime, db, rows_of, will_write
from pr_tracker.errors import N_, NotFound
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Role
from pr_tracker.spokespersons.models import Authorisation, SpokespersonDecision
from pr_tracker.spokespersons.rules_authority import Matter, Paper, Right, RightKind, Term, in_order, no_right

PAGE_SIZE = 50
NO_AUTHORISATION = N_("There is no such authorisation, or it belongs to another agency.")
Agencies = Collection[int] | sa.Select[Any]  # ids, or the query that finds them
_giver = sa.orm.aliased(Person)
A = Authorisation
# A matter whose ids are given with the statement; NULL is none.
_ANY_MATTER: Any = SimpleNamespace(
    inquiry_id=sa.bindparam("inquiry", type_=sa.Integer()), incident_id=sa.bindparam("incident", type_=sa.Integer())
)
_SPAN = ("since", "until")
# A revocation may cut the term short; one before the start leaves nothing of it.
ENDS_AT = sa.case((A.revoked_at < A.until_at, A.revoked_at), else_=A.until_at)
# Whoever left the agency lost the authority; told_at says that an end has been seen to, so that the past stays.
STILL_THERE = sa.or_(A.told_at.is_not(None), sa.and_(Person.active, Person.agency_id == A.person_agency_id))


def rights_at(agency_ids: Agencies, matter: Matter | None, at: datetime) -> list[Right]:
    """Everybody who may speak for these agencies at a moment: head, permanent spokesperson, authorised persons.

    `matter` narrows authorised persons to one matter; None brings those of every matter (for a list, not for an act).
    """
    return rights_between(agency_ids, matter, at, at)


def rights_between(agency_ids: Agencies, matter: Matter | None, since: datetime, until: datetime) -> list[Right]:
    """Everybody who might speak at some moment from `since` to `until`, both included; in one statement."""
    rows = db.session.execute(_rights(agency_ids, matter), {"since": since, "until": until})
    return in_order(_right(row) for row in rows)


def rights_in_matter(lead_agency_id: int | None, matter: Matter, at: datetime) -> list[Right]:
    """Everybody who may speak in a matter at a moment, for its lead agency and for UBND tỉnh."""
    given = {"lead": lead_agency_id, "inquiry": matter.inquiry_id, "incident": matter.incident_id}
    rows = db.session.execute(_rights_in_matter(), {**given, "since": at, "until": at})
    return in_order(_right(row) for row in rows)


@cache
def _rights_in_matter() -> sa.CompoundSelect[Any]:
    """Built once: building it takes longer than asking it."""
    return _rights(speaking_agencies(sa.bindparam("lead", type_=sa.Integer())), _ANY_MATTER)


def _rights(agency_ids: Agencies, matter: Any) -> sa.CompoundSelect[Any]:
    parts = (_heads(agency_ids), _spokespersons(agency_ids), _authorised(agency_ids, matter))
    return sa.union_all(*(_within(part) for part in parts))


def right_of(person_id: int, agency_ids: Agencies, matter: Matter | None, at: datetime) -> Right | None:
    """By what right a person may speak at a moment; of several the first in order."""
    return next((right for right in rights_at(agency_ids, matter, at) if right.person_id == person_id), None)


def require_right(person: Person, agency_ids: Agencies, matter: Matter, at: datetime) -> Right:
    """The right of a speaker at the moment of speaking. Raises BadInput with the article when there is none."""
    right = right_of(person.id, agency_ids, matter, at)
    if right is not None:
        return right
    query = sa.select(A.number, A.signed_on, A.from_at, A.until_at, A.revoked_at)
    query = query.where(
        A.person_id == person.id, A.granted_at.is_not(None), covers(matter), A.agency_id.in_(agency_ids)
    )
    papers = [
        (Paper(row.number, row.signed_on), Term(row.from_at, row.until_at, row.revoked_at))
        for row in db.session.execute(query)
    ]
    raise no_right(person.full_name, at, papers)


def speaking_agencies(lead_agency_id: Any) -> sa.Select[Any]:
    """For whom a matter may be answered: the ids of the lead agency and of UBND tỉnh, for the queries here."""
    return sa.select(Agency.id).where(sa.or_(Agency.id == lead_agency_id, Agency.kind == AgencyKind.PROVINCE))


def authorities_of(person_id: int, at: datetime) -> Sequence[sa.Row]:
    """The matters in which a person may act or speak by authority at a moment: for whom, by which paper, until when."""
    return rows_of(_authorities(), {"person": person_id, "at": at})


@cache
def _authorities() -> sa.Select[Any]:
    at: Any = sa.bindparam("at", type_=UTCDateTime())
    return (
        sa.select(A.id, A.inquiry_id, A.incident_id, A.agency_id, A.number, A.signed_on, A.until_at)
        .add_columns(_giver.full_name.label("giver"), A.matter_code, A.matter_title)
        .join(_giver, _giver.id == A.giver_id)
        .join(Person, Person.id == A.person_id)
        .where(A.person_id == sa.bindparam("person", type_=sa.Integer()), *in_force(at), STILL_THERE)
        .order_by(A.until_at, A.id)
    )


def in_force(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition on Authorisation that it may be acted under now. What is revoked counts no more at any moment."""
    return A.granted_at.is_not(None), A.revoked_at.is_(None), A.from_at <= at, A.until_at > at


def authorities_in(matter: Matter, person_id: int, agency_id: int, *, to_act: bool = False) -> Sequence[sa.Row]:
    """What a person was ever granted in a matter by the head of an agency, the newest first.

    With `to_act` whoever revokes one of them at the same moment is waited for, or waits for us.
    """
    query = (
        sa.select(A.id, A.number, A.signed_on, A.from_at, A.until_at, A.revoked_at)
        .add_columns(Person.full_name.label("name"), _giver.full_name.label("giver"))
        .join(_giver, _giver.id == A.giver_id)
        .join(Person, Person.id == A.person_id)
        .where(covers(matter), A.person_id == person_id, A.agency_id == agency_id, A.granted_at.is_not(None))
        .where(STILL_THERE)
        .order_by(A.id.desc())
    )
    locks = to_act and will_write.get()  # a page that only shows locks nothing
    return db.session.execute(query.with_for_update(read=True, of=A) if locks else query).all()


def authorisations_of(matter: Matter) -> Sequence[sa.Row]:
    """Every authorisation of a matter, prepared and ended ones too, the newest first."""
    given = {"inquiry": matter.inquiry_id, "incident": matter.incident_id}
    return db.session.execute(_of_matter(), given).all()


@cache
def _of_matter() -> sa.Select[Any]:
    return listed().where(covers(_ANY_MATTER)).order_by(A.id.desc())


def listed() -> sa.Select[Any]:
    """Authorisations as lists show them."""
    return (
        sa.select(
            A.id,
            A.agency_id,
            A.giver_id,
            A.person_id,
            A.inquiry_id,
            A.incident_id,
            A.matter_code,
            A.matter_title,
            A.number,
            A.signed_on,
            A.from_at,
            A.until_at,
            A.scan_id,
            A.shown_publicly,
            A.granted_at,
            A.revoked_at,
            A.revoked_by_id,
            A.revoke_reason,
        )
        .add_columns(Person.full_name.label("name"), Person.title, _giver.full_name.label("giver"))
        .add_columns(Agency.short_name.label("agency"), STILL_THERE.label("still_there"))
        .join(_giver, _giver.id == A.giver_id)
        .join(Person, Person.id == A.person_id)
        .join(Agency, Agency.id == A.agency_id)
    )


def get_authorisation(authorisation_id: int, *, to_change: bool = False) -> Authorisation:
    """An authorisation, its row locked when it is to be changed; the matter's row is locked before. Raises NotFound."""
    query = sa.select(A).where(A.id == authorisation_id)
    if to_change:
        query = query.with_for_update(of=A).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NO_AUTHORISATION)
    return found


def _seen_by(reader: Person) -> sa.ColumnElement[bool]:
    """Whose authorisations a person sees: their agency's, their own, those of colleagues; or the whole province's."""
    if reader.sees_all:
        return sa.true()
    own = reader.agency_id
    return sa.or_(A.agency_id == own, A.person_agency_id == own, A.person_id == reader.id)


def get_visible(authorisation_id: int, reader: Person) -> Authorisation:
    """An authorisation that a person may read, with everybody it names. Raises NotFound."""
    agency = sa.orm.joinedload(A.agency).options(sa.orm.joinedload(Agency.head), sa.orm.joinedload(Agency.superior))
    named = (agency, sa.orm.joinedload(A.giver), sa.orm.joinedload(A.person), sa.orm.joinedload(A.scan))
    found = db.session.scalar(sa.select(A).where(A.id == authorisation_id, _seen_by(reader)).options(*named))
    if found is None:
        raise NotFound(NO_AUTHORISATION)
    return found


def running(reader: Person, now: datetime) -> Sequence[sa.Row]:
    """Authorisations in force, to come and prepared, by when they end."""
    query = listed().where(_seen_by(reader), A.revoked_at.is_(None), A.until_at > now)
    return db.session.execute(query.order_by(A.until_at, A.id)).all()


def over(reader: Person, now: datetime, *, before: int | None = None) -> Sequence[sa.Row]:
    """A page of those ended or revoked, the newest first, one more than fits; `before` is the last id seen."""
    query = listed().where(_seen_by(reader), sa.or_(A.revoked_at.is_not(None), A.until_at <= now))
    if before is not None:
        query = query.where(A.id < before)
    return db.session.execute(query.order_by(A.id.desc()).limit(PAGE_SIZE + 1)).all()


def all_listed(reader: Person) -> sa.Select[Any]:
    """Every authorisation that a person sees, the newest first: for a table."""
    return listed().where(_seen_by(reader)).order_by(A.id.desc())


def shown_publicly_at(at: datetime) -> Sequence[sa.Row]:
    """Authorised persons whom the public list shows at a moment."""
    query = listed().where(A.shown_publicly, *in_force(at), STILL_THERE)
    return db.session.execute(query.order_by(A.agency_id, A.from_at, A.id)).all()


def terms_of(person_id: int, matter: Matter, agency_id: int, *, but: int | None) -> list[Term]:
    """The terms a person has in just this matter, drafts too, one authorisation aside: for overlaps."""
    same = A.inquiry_id == matter.inquiry_id if matter.inquiry_id else A.incident_id == matter.incident_id
    query = sa.select(A.id, A.from_at, A.until_at, A.revoked_at)
    rows = db.session.execute(query.where(same, A.person_id == person_id, A.agency_id == agency_id))
    return [Term(row.from_at, row.until_at, row.revoked_at) for row in rows if row.id != but]


def is_spokesperson(person_id: int, agency_ids: Agencies, at: datetime) -> bool:
    """Whether a person is the permanent spokesperson of one of these agencies at a moment."""
    rights = rights_at(agency_ids, Matter(), at)
    return any(right.kind is RightKind.SPOKESPERSON and right.person_id == person_id for right in rights)


def may_be_authorised(agency: Agency, lead_agency_id: int | None) -> Sequence[sa.Row]:
    """Whom the head may authorise: active staff and leaders of the agency, the head aside.

    The chairman of UBND tỉnh also those of the provincial office and of the lead agency.
    """
    works_here = Person.agency_id == agency.id
    if agency.kind is AgencyKind.PROVINCE:
        office = Agency.kind == AgencyKind.PROVINCE_OFFICE
        works_here = sa.or_(works_here, office, Person.agency_id == lead_agency_id)
    has_role = sa.exists().where(PersonRole.person_id == Person.id, PersonRole.role.in_([Role.STAFF, Role.HEAD]))
    query = (
        sa.select(Person.id, Person.full_name, Person.title, Agency.short_name.label("agency"))
        .join(Agency, Agency.id == Person.agency_id)
        .where(works_here, has_role, Person.active, Person.id != agency.head_id)
        .order_by(sa.case((Person.agency_id == agency.id, 0), else_=1), Person.sort_key, Person.id)
    )
    return db.session.execute(query).all()


def covers(matter: Any) -> sa.ColumnElement[bool]:
    """Authorisations for a matter: of an inquiry in an incident, both."""
    covers = []
    if matter.inquiry_id is not None:
        covers.append(A.inquiry_id == matter.inquiry_id)
    if matter.incident_id is not None:
        covers.append(A.incident_id == matter.incident_id)
    return sa.or_(sa.false(), *covers)


def _heads(agency_ids: Agencies) -> Any:
    return (
        sa.select(
            sa.literal(RightKind.HEAD.value).label("kind"),
            HeadTenure.person_id,
            Person.full_name,
            HeadTenure.title,
            HeadTenure.agency_id,
            Agency.short_name.label("agency"),
            HeadTenure.from_at,
            HeadTenure.until_at,
            sa.cast(sa.null(), sa.String).label("number"),
            sa.cast(sa.null(), sa.Date).label("signed_on"),
            sa.cast(sa.null(), sa.String).label("giver"),
            HeadTenure.id.label("source_id"),
        )
        .join(Person, Person.id == HeadTenure.person_id)
        .join(Agency, Agency.id == HeadTenure.agency_id)
        .where(HeadTenure.agency_id.in_(agency_ids))
    )


def _spokespersons(agency_ids: Agencies) -> Any:
    decision = SpokespersonDecision
    return (
        sa.select(
            sa.literal(RightKind.SPOKESPERSON.value).label("kind"),
            decision.person_id,
            decision.full_name,
            decision.title,
            decision.agency_id,
            Agency.short_name.label("agency"),
            decision.decided_at.label("from_at"),
            decision.ended_at.label("until_at"),
            decision.decision_number.label("number"),
            sa.cast(sa.null(), sa.Date).label("signed_on"),
            sa.cast(sa.null(), sa.String).label("giver"),
            decision.id.label("source_id"),
        )
        .join(Agency, Agency.id == decision.agency_id)
        .where(decision.agency_id.in_(agency_ids))
    )


def _authorised(agency_ids: Agencies, matter: Matter | None) -> Any:
    query = (
        sa.select(
            sa.literal(RightKind.AUTHORISED.value).label("kind"),
            A.person_id,
            Person.full_name,
            Person.title,
            A.agency_id,
            Agency.short_name.label("agency"),
            A.from_at,
            ENDS_AT.label("until_at"),
            A.number,
            A.signed_on,
            _giver.full_name.label("giver"),
            A.id.label("source_id"),
        )
        .join(Person, Person.id == A.person_id)
        .join(_giver, _giver.id == A.giver_id)
        .join(Agency, Agency.id == A.agency_id)
        .where(A.agency_id.in_(agency_ids), A.granted_at.is_not(None), A.from_at < ENDS_AT, STILL_THERE)
    )
    return query if matter is None else query.where(covers(matter))


def _within(part: Any) -> Any:
    columns, (since, until) = part.selected_columns, (sa.bindparam(name, type_=UTCDateTime()) for name in _SPAN)
    begun = sa.or_(columns.from_at.is_(None), columns.from_at <= until)
    left = sa.or_(columns.until_at.is_(None), columns.until_at > since)
    return part.where(begun, left)


def _right(row: sa.Row) -> Right:
    signed_on = row.signed_on or (office_day(row.from_at) if row.kind == RightKind.SPOKESPERSON else None)
    return Right(
        RightKind(row.kind),
        row.person_id,
        row.full_name,
        row.title,
        row.agency_id,
        row.agency,
        row.from_at,
        row.until_at,
        Paper(row.number, signed_on) if row.number and signed_on else None,
        row.giver,
        row.source_id,
    )
