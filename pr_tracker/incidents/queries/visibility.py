"""Whose incidents a person may see, and what the person is to one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.incidents.models import (
    Incident,
    IncidentInquiry,
    IncidentPart,
    IncidentReview,
    IncidentShift,
    IncidentStatement,
    IncidentTask,
)
from pr_tracker.incidents.queries.speaking import in_force, papers_of, speaks_for_another
from pr_tracker.incidents.rules import IncidentStep, Standing
from pr_tracker.inquiries.models import Participation
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.permissions import Permission, Role

NO_INCIDENT = N_("There is no such incident, or it belongs to other agencies.")
WORKING_PARTS = (Part.LEAD, Part.COORDINATING)
NAMED = (sa.orm.joinedload(Incident.agency), sa.orm.joinedload(Incident.opened_by).lazyload(Person.role_rows))


def visible_to(actor: Person | None) -> sa.ColumnElement[bool]:
    """The condition on Incident that every list and page stands on. None is the system itself.

    The lead agency, agencies that coordinate, agencies that lead or coordinate one of its inquiries, the province's
    office and UBND tỉnh, supervisors.
    """
    if actor is None:
        return sa.true()
    return seen_from(actor.agency_id, may=actor.may(Permission.INCIDENT_VIEW), sees_all=actor.sees_all)


def seen_from(agency_id: Any, *, may: bool, sees_all: bool) -> sa.ColumnElement[bool]:
    """The same by what it hangs on."""
    if not may or sees_all:
        return sa.true() if may else sa.false()
    return sa.or_(Incident.agency_id == agency_id, takes_part(agency_id))


def takes_part(agency_id: Any) -> sa.ColumnElement[bool]:
    """The agency coordinates in the incident, or leads or coordinates an inquiry that belongs to it now."""
    coordinates = sa.exists().where(
        IncidentPart.agency_id == agency_id, IncidentPart.incident_id == Incident.id, IncidentPart.ended_at.is_(None)
    )
    has_inquiry = sa.exists().where(
        IncidentInquiry.incident_id == Incident.id,
        IncidentInquiry.unmerged_at.is_(None),
        Participation.inquiry_id == IncidentInquiry.inquiry_id,
        sa.func.coalesce(Participation.agency_id, None) == agency_id,  # by no index of all it ever had a part in
        Participation.part.in_(WORKING_PARTS),
        Participation.ended_at.is_(None),
    )
    return sa.or_(coordinates.correlate(Incident), has_inquiry.correlate(Incident))


def get_visible(incident_id: int, actor: Person | None, *, to_change: bool = False) -> Incident:
    """The incident, its row locked when it is to be changed. Raises NotFound: none, or not this person's to see."""
    query = sa.select(Incident).where(Incident.id == incident_id, visible_to(actor)).options(*NAMED)
    if to_change:
        query = query.with_for_update(of=Incident, key_share=True).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NO_INCIDENT)
    return found


def newest_statement(incident: Incident) -> IncidentStatement | None:
    """The version now at hand; people it names come in the same statement."""
    query = sa.select(IncidentStatement).where(IncidentStatement.incident_id == incident.id)
    one, bare = sa.orm.joinedload, sa.orm.lazyload(Person.role_rows)
    named = (one(IncidentStatement.author).options(bare), one(IncidentStatement.speaker).options(bare))
    return db.session.scalar(query.options(*named).order_by(IncidentStatement.number.desc()).limit(1))


def standing_of(
    incident: Incident,
    actor: Person,
    *,
    now: datetime,
    statement: IncidentStatement | None = None,
    step: IncidentStep | None = None,
) -> Standing:
    """What a person is to an incident at `now`, as far as `step` asks; `statement` is the newest version, else read."""
    newest, part = statement or newest_statement(incident), _has_part(incident, actor)
    papers = papers_of(incident, actor) if part and not _heads(incident, actor) else ()
    wrote_text, gave_first_seal = _by_their_hand(newest, actor) if newest else (False, False)
    return replace(
        _standing(incident, actor, part, papers, now),
        wrote_text=wrote_text,
        gave_first_seal=gave_first_seal,
        speaks_for_another=step is IncidentStep.AUTHORISE and speaks_for_another(incident, actor, now),
    )


def standing_in_room(
    incident: Incident,
    actor: Person,
    now: datetime,
    *,
    versions: Sequence[sa.Row],
    reviews: Sequence[sa.Row],
    papers: Sequence[sa.Row],
) -> Standing:
    """The same where every version, the newest first, review and authorisation is at hand, of a visible incident."""
    part = not actor.sees_all or _has_part(incident, actor)
    asks = part and not _heads(incident, actor)
    own = [row for row in papers if row.person_id == actor.id and row.agency_id == incident.agency_id and asks]
    own = [row for row in own if row.granted_at is not None and row.still_there]
    newest = versions[0] if versions else None
    return replace(
        _standing(incident, actor, part, own, now),
        wrote_text=any(row.digest == newest.digest and row.author_id == actor.id for row in versions if newest),
        gave_first_seal=any(_is_first_seal(row, newest, actor) for row in reviews if newest),
    )


def _standing(incident: Incident, actor: Person, part: bool, papers: Sequence[sa.Row], now: datetime) -> Standing:
    """Without what hangs on the statement."""
    is_head = Role.HEAD in actor.roles
    return Standing(
        leads=actor.agency_id == incident.agency_id,
        takes_part=part,
        follows_province=_follows_province(actor),
        is_staff=Role.STAFF in actor.roles,
        is_head=is_head,
        heads_province=is_head and actor.agency.kind is AgencyKind.PROVINCE,
        answers_alone=is_head and incident.agency.head_id == actor.id,
        heads_own_agency=is_head and actor.agency.head_id == actor.id,
        by_authority=in_force(papers, now) is not None,
        had_authority=bool(papers),
    )


def _heads(incident: Incident, actor: Person) -> bool:
    return actor.agency_id == incident.agency_id and Role.HEAD in actor.roles


def _follows_province(actor: Person) -> bool:
    return bool({Role.STAFF, Role.HEAD} & actor.roles) and actor.agency.kind.sees_whole_province


def _has_part(incident: Incident, actor: Person) -> bool:
    leads = actor.agency_id == incident.agency_id
    return leads or _follows_province(actor) or _takes_part_in(incident, actor)


def _takes_part_in(incident: Incident, actor: Person) -> bool:
    query = sa.select(Incident.id).where(Incident.id == incident.id, takes_part(actor.agency_id))
    return db.session.scalar(query) is not None


def _by_their_hand(newest: IncidentStatement, actor: Person) -> tuple[bool, bool]:
    """Whether they wrote the newest version, and whether they gave its first seal.

    Words stay whose they are: also of a version that a colleague saved again without a change.
    """
    wrote = sa.exists().where(
        IncidentStatement.incident_id == newest.incident_id,
        IncidentStatement.digest == newest.digest,
        IncidentStatement.author_id == actor.id,
    )
    sealed = sa.exists().where(
        IncidentReview.statement_id == newest.id,
        IncidentReview.step == ReviewStep.AGENCY,
        IncidentReview.approved,
        IncidentReview.voided_at.is_(None),
        IncidentReview.reviewer_id == actor.id,
    )
    row = db.session.execute(sa.select(wrote.label("wrote"), sealed.label("sealed"))).one()
    return bool(row.wrote), bool(row.sealed)


def _is_first_seal(review: sa.Row, newest: sa.Row, actor: Person) -> bool:
    stands = review.statement_id == newest.id and review.approved and review.voided_at is None
    return stands and review.step is ReviewStep.AGENCY and review.reviewer_id == actor.id


def get_task(incident: Incident, task_id: int) -> IncidentTask:
    """A task of this incident. Raises NotFound."""
    found = db.session.get(IncidentTask, task_id)
    if found is None or found.incident_id != incident.id:
        raise NotFound(N_("There is no such task."))
    return found


def get_shift(incident: Incident, shift_id: int) -> IncidentShift:
    """A shift of this incident. Raises NotFound."""
    found = db.session.get(IncidentShift, shift_id)
    if found is None or found.incident_id != incident.id:
        raise NotFound(N_("There is no such shift."))
    return found


def possible_leads(actor: Person) -> list[sa.Row]:
    """The agencies for which a person may open an incident: the own one; for the province's office every one."""
    query = sa.select(Agency.id, Agency.name).where(Agency.active)
    if not actor.agency.kind.sees_whole_province:
        query = query.where(Agency.id == actor.agency_id)
    own_first = sa.case((Agency.id == actor.agency_id, 0), else_=1)
    return list(db.session.execute(query.order_by(own_first, Agency.sort_key, Agency.id)))
