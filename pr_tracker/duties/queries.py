"""Find duties and press conferences: what a reader may see, what is open, what a year brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_plan import office_hours
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_ladder import Reminder, reminders
from pr_tracker.duties.models import Duty, NoticeForm, PressBriefing, PressConference
from pr_tracker.duties.rules import PERIODIC_KINDS, DutyKind, NoticeSettings, acts_for
from pr_tracker.errors import N_, NotFound
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.models import SpokespersonDecision

MOST_SHOWN = 200
NO_DUTY = N_("There is no such duty, or it belongs to another agency.")
NO_BRIEFING = N_("There is no such press briefing, or it belongs to another agency.")
NO_CONFERENCE = N_("There is no such press conference, or it belongs to another agency.")
NAMES = (sa.orm.joinedload(Duty.agency), sa.orm.joinedload(Duty.conference), sa.orm.joinedload(Duty.decision))
IS_OPEN = sa.and_(Duty.done_at.is_(None), Duty.cancelled_at.is_(None))

# What a list shows of a duty.
COLUMNS = (
    Duty.id,
    Duty.kind,
    Duty.period,
    Duty.agency_id,
    Agency.short_name.label("agency"),
    Agency.kind.label("agency_kind"),
    PressConference.title.label("conference"),
    SpokespersonDecision.full_name.label("spokesperson"),
    Duty.clock_version,
    Duty.due_on,
    Duty.due_at,
    Duty.ends_at,
    Duty.done_at,
    Duty.cancelled_at,
)


def visible_to(
    actor: Person | None, agency_id: sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int]
) -> sa.ColumnElement[bool]:
    """The condition every list and page stands on: one's own agency, or the whole province. None is the system."""
    if actor is None:
        return sa.true()
    if not actor.may(Permission.DUTY_VIEW):
        return sa.false()
    return sa.true() if actor.sees_all else agency_id == actor.agency_id


def may_act(actor: Person, agency: Agency) -> bool:
    """Whether a person does the duties of an agency."""
    return actor.may(Permission.DUTY_DO) and acts_for(actor.agency.kind, actor.agency_id, agency.kind, agency.id)


def get_duty(duty_id: int, actor: Person | None, *, to_change: bool = False) -> Duty:
    """The duty, its row locked when it is to be changed. Raises NotFound: none, or not this person's to see."""
    query = sa.select(Duty).where(Duty.id == duty_id, visible_to(actor, Duty.agency_id)).options(*NAMES)
    if to_change:
        query = query.with_for_update(of=Duty, key_share=True).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NO_DUTY)
    return found


def get_conference(conference_id: int, actor: Person | None, *, to_change: bool = False) -> PressConference:
    """The press conference, its row locked when it is to be changed. Raises NotFound."""
    query = sa.select(PressConference).options(sa.orm.joinedload(PressConference.agency))
    query = query.where(PressConference.id == conference_id, visible_to(actor, PressConference.agency_id))
    if to_change:
        query = query.with_for_update(of=PressConference, key_share=True).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NO_CONFERENCE)
    return found


def get_briefing(briefing_id: int, actor: Person | None, *, to_change: bool = False) -> PressBriefing:
    """What was told at a press briefing, its row locked when it is to be changed. Raises NotFound."""
    query = sa.select(PressBriefing).options(sa.orm.joinedload(PressBriefing.agency))
    query = query.where(PressBriefing.id == briefing_id, visible_to(actor, PressBriefing.agency_id))
    if to_change:
        query = query.with_for_update(of=PressBriefing, key_share=True).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NO_BRIEFING)
    return found


def _listed() -> sa.Select:
    return (
        sa.select(*COLUMNS)
        .join(Agency, Agency.id == Duty.agency_id)
        .outerjoin(PressConference, PressConference.id == Duty.conference_id)
        .outerjoin(SpokespersonDecision, SpokespersonDecision.id == Duty.decision_id)
    )


def open_duties(actor: Person | None) -> Sequence[sa.Row]:
    """What the reader's agencies still owe, what runs out first at the top."""
    query = _listed().where(IS_OPEN, visible_to(actor, Duty.agency_id)).order_by(Duty.ends_at, Duty.id)
    return db.session.execute(query.limit(MOST_SHOWN)).all()


def closed_duties(actor: Person | None, since: datetime, until: datetime) -> Sequence[sa.Row]:
    """What fell due in a time and is done or cancelled, the latest first."""
    query = _listed().where(~IS_OPEN, visible_to(actor, Duty.agency_id), Duty.ends_at >= since, Duty.ends_at < until)
    return db.session.execute(query.order_by(Duty.ends_at.desc(), Duty.id.desc()).limit(MOST_SHOWN)).all()


def listed(actor: Person | None, since: datetime, until: datetime) -> sa.Select:
    """What is owed, and what fell due in a time: for a table."""
    in_time = sa.and_(Duty.ends_at >= since, Duty.ends_at < until)
    query = _listed().where(visible_to(actor, Duty.agency_id), sa.or_(IS_OPEN, in_time))
    return query.order_by(Duty.ends_at, Duty.id)


def year_duties(agency_ids: Sequence[int], since: datetime, until: datetime) -> Sequence[sa.Row]:
    """The periodic duties of agencies that end in a time, whatever became of them, in order."""
    query = _listed().where(
        Duty.agency_id.in_(agency_ids), Duty.kind.in_(PERIODIC_KINDS), Duty.ends_at > since, Duty.ends_at <= until
    )
    return db.session.execute(query.order_by(Duty.ends_at, Duty.id)).all()


def publications_of(decision_ids: Sequence[int]) -> Sequence[sa.Row]:
    """The duties that publish these decisions on spokespersons."""
    query = _listed().add_columns(Duty.decision_id).where(Duty.decision_id.in_(decision_ids))
    return db.session.execute(query.order_by(Duty.id)).all()


def conferences(actor: Person | None, since: datetime, until: datetime) -> Sequence[sa.Row]:
    """Press conferences that begin in a time, in order, with their notice where they owe one."""
    return db.session.execute(conferences_listed(actor, since, until).limit(MOST_SHOWN)).all()


def conferences_listed(actor: Person | None, since: datetime, until: datetime) -> sa.Select:
    """All of them: for a table."""
    one = PressConference
    return (
        sa.select(
            one.id,
            one.title,
            one.starts_at,
            one.place,
            one.periodic,
            one.held_at,
            one.cancelled_at,
            one.agency_id,
            Agency.short_name.label("agency"),
        )
        .join(Agency, Agency.id == one.agency_id)
        .where(visible_to(actor, one.agency_id), one.starts_at >= since, one.starts_at < until)
        .order_by(one.starts_at, one.id)
    )


def briefings(actor: Person | None, since: datetime, until: datetime) -> Sequence[sa.Row]:
    """What was told at press briefings in a time and stands, in order."""
    one = PressBriefing
    query = (
        sa.select(one.id, one.title, one.held_at, one.host, one.speaker, Agency.short_name.label("agency"))
        .join(Agency, Agency.id == one.agency_id)
        .where(visible_to(actor, one.agency_id), one.held_at >= since, one.held_at < until, one.withdrawn_at.is_(None))
        .order_by(one.held_at, one.id)
    )
    return db.session.execute(query.limit(MOST_SHOWN)).all()


def planned_conferences(agency_id: int) -> Sequence[sa.Row]:
    """Periodic press conferences of an agency that are planned and not yet held (id, title, starts_at), in order."""
    one = PressConference
    query = sa.select(one.id, one.title, one.starts_at).where(
        one.agency_id == agency_id, one.periodic, one.held_at.is_(None), one.cancelled_at.is_(None)
    )
    return db.session.execute(query.order_by(one.starts_at, one.id)).all()


def notices_of(conference_id: int) -> Sequence[Duty]:
    """The notices of a press conference, the latest first; a second one where it moved after the first was given."""
    query = sa.select(Duty).where(Duty.conference_id == conference_id).order_by(Duty.id.desc())
    return db.session.scalars(query.options(sa.orm.joinedload(Duty.agency))).all()


def find_duty(kind: DutyKind, agency_id: int, period: str) -> Duty | None:
    """The duty of a period, in whatever state."""
    return db.session.scalar(
        sa.select(Duty).where(Duty.kind == kind, Duty.agency_id == agency_id, Duty.period == period)
    )


def running_quarter(agency_id: int) -> Duty | None:
    """The open three months of an agency; the latest, should there be two."""
    query = sa.select(Duty).where(Duty.kind == DutyKind.QUARTERLY, Duty.agency_id == agency_id, IS_OPEN)
    return db.session.scalar(query.order_by(Duty.trigger_at.desc()).limit(1))


def quarter_fulfilled_at(agency_id: int, held_at: datetime) -> Duty | None:
    """The three months that a press conference held at this moment fulfilled."""
    query = sa.select(Duty).where(Duty.kind == DutyKind.QUARTERLY, Duty.agency_id == agency_id, Duty.done_at == held_at)
    return db.session.scalar(query)


def lock_duties_of(conference: PressConference) -> None:
    """Lock what an act on a press conference may move, before the audit log's turn: its notices, the quarter."""
    quarter = sa.and_(Duty.kind == DutyKind.QUARTERLY, Duty.agency_id == conference.agency_id)
    query = sa.select(Duty).where(sa.or_(Duty.conference_id == conference.id, quarter)).order_by(Duty.id)
    query = query.with_for_update(of=Duty, key_share=True).execution_options(populate_existing=True)
    db.session.scalars(query).all()


def last_periodic_conference(agency_id: int) -> datetime | None:
    """When the last periodic press conference on record was held."""
    held = sa.select(sa.func.max(PressConference.held_at).label("at")).where(
        PressConference.agency_id == agency_id, PressConference.periodic
    )
    return db.session.scalar(held)


def provinces() -> Sequence[Agency]:
    """UBND tỉnh; more than one only by a mistake in the list of agencies."""
    query = sa.select(Agency).where(Agency.kind == AgencyKind.PROVINCE, Agency.active).order_by(Agency.id)
    return db.session.scalars(query).all()


def agencies_for(actor: Person) -> Sequence[Agency]:
    """The agencies whose duties a person does: the own one, for the provincial office UBND tỉnh first."""
    own = Agency.id == actor.agency_id
    if actor.agency.kind is AgencyKind.PROVINCE_OFFICE:
        own = sa.or_(own, Agency.kind == AgencyKind.PROVINCE)
    query = sa.select(Agency).where(own, Agency.active)
    return db.session.scalars(query.order_by(Agency.kind != AgencyKind.PROVINCE, Agency.id)).all()


def rungs_of(deadline: Deadline, opened_at: datetime) -> tuple[Reminder, ...]:
    """All reminders of a duty from when it was opened on, by the ladder of its rule's version."""
    assert deadline.due is not None
    return reminders(deadline.due, starts_at=opened_at, calendar=working_calendar(), ladder=deadline.ladder)


def office_time_from(now: datetime) -> datetime:
    """This moment when the office is open, else when it opens next."""
    return office_hours().open_from(now, working_calendar())


def owed() -> sa.Select[Any]:
    """Every duty that is neither done nor cancelled, in the order of ids."""
    return sa.select(Duty).where(IS_OPEN).order_by(Duty.id)


def owed_by(person: Person) -> Sequence[Duty]:
    """The duties that a person's agency does and still owes, what runs out first at the top."""
    ids = [agency.id for agency in agencies_for(person)] if person.may(Permission.DUTY_DO) else []
    query = sa.select(Duty).where(IS_OPEN, Duty.agency_id.in_(ids)).options(*NAMES)
    return db.session.scalars(query.order_by(Duty.ends_at, Duty.id).limit(MOST_SHOWN)).all()


def coming_conferences_of(person: Person, now: datetime) -> Sequence[PressConference]:
    """The press conferences that a person's agency holds from now on, in order."""
    one = PressConference
    ids = [agency.id for agency in agencies_for(person)] if person.may(Permission.DUTY_DO) else []
    query = sa.select(one).where(one.agency_id.in_(ids), one.starts_at >= now, one.held_at.is_(None))
    query = query.where(one.cancelled_at.is_(None)).order_by(one.starts_at, one.id)
    return db.session.scalars(query.limit(MOST_SHOWN)).all()


def changes_of(table: str, ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these was last written about in the audit log."""
    entry = AuditEntry
    query = sa.select(entry.subject_id, sa.func.max(entry.at).label("at"))
    query = query.where(entry.subject_kind == table, entry.subject_id.in_(ids)).group_by(entry.subject_id)
    return {row.subject_id: row.at for row in db.session.execute(query)}


@dataclass(frozen=True)
class FormRow:
    """The province's form of the notice with the version it was read in; version 0 while it is as shipped."""

    settings: NoticeSettings
    version: int


def notice_form() -> FormRow:
    """How the province words the notice now."""
    row = db.session.get(NoticeForm, 1)
    return FormRow(row.settings, row.version) if row else FormRow(NoticeSettings(), 0)
