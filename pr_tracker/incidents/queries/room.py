"""Everything that one room shows: its inquiries, statement and seals, roster, tasks, agencies, chronology."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.incidents.models import (
    Incident,
    IncidentEntry,
    IncidentInquiry,
    IncidentPart,
    IncidentReview,
    IncidentShift,
    IncidentStatement,
    IncidentTask,
    IncidentTelling,
)
from pr_tracker.incidents.queries.visibility import WORKING_PARTS
from pr_tracker.incidents.rules import UNDER_WAY, Unfinished
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, Participation, Question
from pr_tracker.inquiries.queries import visibility as inquiries
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_seal import ReviewStep, Seal
from pr_tracker.outlets.models import Outlet
from pr_tracker.permissions import Role

# What of a merged inquiry belongs into the chronology of its incident.
TOLD_OF_INQUIRIES = (
    InquiryEvent.LOG,
    InquiryEvent.ASSIGN,
    InquiryEvent.SUBMIT,
    InquiryEvent.RETURN,
    InquiryEvent.APPROVE,
    InquiryEvent.RELEASE,
    InquiryEvent.REFUSE,
    InquiryEvent.WITHDRAW,
)
CURRENT = IncidentInquiry.unmerged_at.is_(None)


def members_of(incident: Incident, actor: Person | None = None) -> Sequence[sa.Row]:
    """The inquiries that belong to it now, what runs out first at the top; `seen`: the actor may open it."""
    columns = (
        Inquiry.id,
        Inquiry.version,
        Inquiry.year,
        Inquiry.number,
        Inquiry.subject,
        Inquiry.kind,
        Inquiry.status,
        Inquiry.clock_key,
        Inquiry.clock_version,
        Inquiry.due_on,
        Inquiry.due_at,
        Inquiry.ends_at,
        Inquiry.paused_at,
        Inquiry.paused_until,
        Inquiry.received_at,
        Inquiry.finished_at,
        Inquiry.released_at,
        Inquiry.refusal_ground,
        Inquiry.lead_agency_id,
        Inquiry.outlet_id,
        Outlet.name.label("outlet"),
        Agency.short_name.label("lead"),
        IncidentInquiry.merged_at,
        inquiries.visible_to(actor).label("seen"),
    )
    query = (
        sa.select(*columns)
        .join(IncidentInquiry, IncidentInquiry.inquiry_id == Inquiry.id)
        .join(Outlet, Outlet.id == Inquiry.outlet_id)
        .outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(IncidentInquiry.incident_id == incident.id, CURRENT)
        .order_by(Inquiry.finished_at.is_not(None), Inquiry.ends_at, Inquiry.id)
    )
    return db.session.execute(query).all()


def lock_members(incident: Incident) -> list[Inquiry]:
    """The inquiries that belong to it, each row locked, lowest id first."""
    belongs = sa.select(IncidentInquiry.inquiry_id).where(IncidentInquiry.incident_id == incident.id, CURRENT)
    query = sa.select(Inquiry).where(Inquiry.id.in_(belongs)).order_by(Inquiry.id)
    query = query.options(*inquiries.ALWAYS).with_for_update(of=Inquiry, key_share=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def what_is_left(incident: Incident) -> Unfinished:
    """What still keeps it open."""
    belongs = sa.select(IncidentInquiry.inquiry_id).where(IncidentInquiry.incident_id == incident.id, CURRENT)
    one, task = IncidentStatement, IncidentTask
    row = db.session.execute(
        sa.select(
            _count(Inquiry.id, Inquiry.id.in_(belongs), Inquiry.finished_at.is_(None)),
            _count(task.id, task.incident_id == incident.id, task.done_at.is_(None), task.dropped_at.is_(None)),
            _count(one.id, one.incident_id == incident.id, one.state.in_(UNDER_WAY)),
        )
    ).one()
    informing = incident.ends_at is not None and incident.informed_at is None
    return Unfinished(row[0], row[1], bool(row[2]), informing)


def _count(column: sa.orm.InstrumentedAttribute[int], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(column)).where(*where).scalar_subquery()


def statements_of(incident: Incident) -> Sequence[sa.Row]:
    """Every version of the statement, the newest first."""
    one, speaker = IncidentStatement, sa.orm.aliased(Person)
    columns = (one.id, one.number, one.text, one.digest, one.state, one.review_step, one.author_id, one.saved_at)
    told = (one.released_at, one.answer_form, one.evidence, one.speaker_right, one.submitted_at)
    query = (
        sa.select(*columns, *told, Person.full_name.label("author"), speaker.full_name.label("speaker"))
        .add_columns(speaker.title.label("speaker_title"))
        .join(Person, Person.id == one.author_id)
        .outerjoin(speaker, speaker.id == one.speaker_id)
        .where(one.incident_id == incident.id)
        .order_by(one.number.desc())
    )
    return db.session.execute(query).all()


def get_statement(incident: Incident, number: int) -> IncidentStatement:
    """One version of the statement. Raises NotFound."""
    one = IncidentStatement
    found = db.session.scalar(sa.select(one).where(one.incident_id == incident.id, one.number == number))
    if found is None:
        raise NotFound(N_("There is no version %(number)s of this statement."), number=number)
    return found


def reviews_of(statement_ids: Iterable[int]) -> Sequence[sa.Row]:
    """What approvers decided about these versions, in order."""
    one = IncidentReview
    columns = (one.statement_id, one.step, one.approved, one.reason, one.title, one.alone, one.authority, one.at)
    query = (
        sa.select(*columns, one.voided_at, one.digest, one.reviewer_id, Person.full_name)
        .join(Person, Person.id == one.reviewer_id)
        .where(one.statement_id.in_(list(statement_ids)))
        .order_by(one.id)
    )
    return db.session.execute(query).all()


def seals_of(version: IncidentStatement) -> list[Seal]:
    """The approvals of a version that stand."""
    one = IncidentReview
    query = sa.select(one.step, one.digest).where(one.statement_id == version.id, one.approved, one.voided_at.is_(None))
    return [Seal(ReviewStep(row.step), row.digest) for row in db.session.execute(query)]


def approved_at(version: IncidentStatement) -> datetime | None:
    """When the last approval that stands was given."""
    one = IncidentReview
    query = sa.select(sa.func.max(one.at).label("at")).where(one.statement_id == version.id, one.approved)
    return db.session.scalar(query.where(one.voided_at.is_(None)))


def tellings_of(statement_ids: Iterable[int]) -> Sequence[sa.Row]:
    """To which press agencies these versions went, with the inquiries they came from."""
    one = IncidentTelling
    query = (
        sa.select(one.statement_id, one.inquiry_id, one.answers, Outlet.name.label("outlet"))
        .add_columns(Inquiry.year, Inquiry.number)
        .join(Outlet, Outlet.id == one.outlet_id)
        .outerjoin(Inquiry, Inquiry.id == one.inquiry_id)
        .where(one.statement_id.in_(list(statement_ids)))
        .order_by(one.id)
    )
    return db.session.execute(query).all()


def shifts_of(incident: Incident, *, since: datetime | None = None) -> Sequence[sa.Row]:
    """The roster in order of time, what was taken off left out; only what ends after `since`, when given."""
    one = IncidentShift
    columns = (one.id, one.person_id, one.phone, one.task, one.from_at, one.until_at)
    query = (
        sa.select(*columns, Person.full_name, Person.title, Agency.short_name.label("agency"))
        .join(Person, Person.id == one.person_id)
        .join(Agency, Agency.id == Person.agency_id)
        .where(one.incident_id == incident.id, one.removed_at.is_(None))
        .order_by(one.from_at, one.id)
    )
    if since is not None:
        query = query.where(one.until_at > since)
    return db.session.execute(query).all()


def tasks_of(incident: Incident) -> Sequence[sa.Row]:
    """Who does what by when: what is to be done first, by its time, then what is done or dropped."""
    one = IncidentTask
    columns = (one.id, one.what, one.person_id, one.due_at, one.done_at, one.dropped_at, one.reason)
    is_over = sa.or_(one.done_at.is_not(None), one.dropped_at.is_not(None))
    query = (
        sa.select(*columns, Person.full_name, Agency.short_name.label("agency"))
        .join(Person, Person.id == one.person_id)
        .join(Agency, Agency.id == Person.agency_id)
        .where(one.incident_id == incident.id)
        .order_by(is_over, one.due_at, one.id)
    )
    return db.session.execute(query).all()


def parts_of(incident: Incident) -> Sequence[sa.Row]:
    """The agencies that coordinate by themselves, without an inquiry of their own."""
    query = (
        sa.select(Agency.id, Agency.name)
        .join(IncidentPart, IncidentPart.agency_id == Agency.id)
        .where(IncidentPart.incident_id == incident.id, IncidentPart.ended_at.is_(None))
        .order_by(IncidentPart.id)
    )
    return db.session.execute(query).all()


def people_of(incident: Incident) -> Sequence[sa.Row]:
    """Who may be on call or have a task: staff and heads of every agency that takes part, and of the province."""
    involved = sa.select(IncidentPart.agency_id).where(
        IncidentPart.incident_id == incident.id, IncidentPart.ended_at.is_(None)
    )
    working = (
        sa.select(Participation.agency_id)
        .join(IncidentInquiry, IncidentInquiry.inquiry_id == Participation.inquiry_id)
        .where(IncidentInquiry.incident_id == incident.id, CURRENT)
        .where(Participation.part.in_(WORKING_PARTS), Participation.ended_at.is_(None))
    )
    of_province = Agency.kind.in_([AgencyKind.PROVINCE_OFFICE, AgencyKind.PROVINCE])
    own_first = sa.case((Person.agency_id == incident.agency_id, 0), else_=1)
    acts = PersonRole.role.in_([Role.STAFF, Role.HEAD])
    query = (
        sa.select(Person.id, Person.full_name, Person.title, Person.phone, Agency.short_name.label("agency"))
        .join(Agency, Agency.id == Person.agency_id)
        .where(Person.active, sa.exists().where(PersonRole.person_id == Person.id, acts))
        .where(sa.or_(Agency.id == incident.agency_id, of_province, Agency.id.in_(involved), Agency.id.in_(working)))
        .order_by(own_first, Agency.sort_key, Person.sort_key, Person.id)
    )
    return db.session.execute(query).all()


def entries_of(incident: Incident, *, since_version: int | None = None) -> Sequence[sa.Row]:
    """The incident's own lines, the newest first; with `since_version` only what came after somebody looked."""
    one = IncidentEntry
    columns = (one.id, one.at, one.occurred_at, one.event, one.data, one.version, one.actor_title.label("title"))
    query = (
        sa.select(*columns, one.actor_agency.label("agency"), Person.full_name.label("actor"))
        .outerjoin(Person, Person.id == one.actor_id)
        .where(one.incident_id == incident.id)
        .order_by(one.occurred_at.desc(), one.id.desc())
    )
    if since_version is not None:
        query = query.where(one.version > since_version)
    return db.session.execute(query).all()


def told_of_inquiries(incident: Incident, actor: Person | None) -> Sequence[sa.Row]:
    """What happened to its inquiries, the newest first: only of those the reader may open (None: of all)."""
    one = HistoryEntry
    columns = (one.id, one.at, one.event, one.data, Inquiry.year, Inquiry.number, Inquiry.id.label("inquiry_id"))
    title = sa.func.coalesce(one.actor_title, Person.title).label("title")
    agency = sa.func.coalesce(one.actor_agency, Agency.name).label("agency")
    query = (
        sa.select(*columns, Person.full_name.label("actor"), title, agency)
        .join(Inquiry, Inquiry.id == one.inquiry_id)
        .join(IncidentInquiry, sa.and_(IncidentInquiry.inquiry_id == Inquiry.id, CURRENT))
        .outerjoin(Person, Person.id == one.actor_id)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .where(IncidentInquiry.incident_id == incident.id, one.event.in_(TOLD_OF_INQUIRIES))
        .where(inquiries.visible_to(actor))
        .order_by(one.id.desc())
    )
    return db.session.execute(query).all()


def questions_of(incident: Incident) -> Sequence[sa.Row]:
    """What the press asks in its inquiries, word for word, inquiry by inquiry."""
    query = (
        sa.select(Inquiry.id, Inquiry.year, Inquiry.number, Outlet.name.label("outlet"), Question.text)
        .join(IncidentInquiry, IncidentInquiry.inquiry_id == Inquiry.id)
        .join(Outlet, Outlet.id == Inquiry.outlet_id)
        .join(Question, Question.inquiry_id == Inquiry.id)
        .where(IncidentInquiry.incident_id == incident.id, CURRENT)
        .order_by(Inquiry.id, Question.position)
    )
    return db.session.execute(query).all()
