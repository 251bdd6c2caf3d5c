"""What belongs to an agency's file: what it led or took part in, said, owed, and whom it named."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, HeadTenure, Person
from pr_tracker.accounts.queries import get_agency
from pr_tracker.certificates.models import Certificate
from pr_tracker.db import db
from pr_tracker.duties.models import Duty, PressBriefing, PressConference
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import KeptFile
from pr_tracker.incidents.models import Incident, IncidentPart
from pr_tracker.inquiries.models import Attachment, Inquiry, Participation
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.outlets.models import Outlet
from pr_tracker.papers.models import Paper
from pr_tracker.spokespersons.models import Authorisation, SpokespersonDecision
from pr_tracker.statements.models import Statement
from pr_tracker.trainings.models import Course, TrainingClass
from pr_tracker.trainings.models_roster import Participant

Rows = Sequence[sa.Row]


def get_agency_for(agency_id: int, actor: Person) -> Agency:
    """An agency whose whole file this person may take out: their own, or any for who sees the province.

    Raises NotFound.
    """
    if agency_id != actor.agency_id and not actor.sees_all:
        raise NotFound(N_("There is no such agency, or its file is not yours to take."))
    return get_agency(agency_id)


def agencies_for(actor: Person) -> Rows:
    """Whose file they may take out: id, name; one's own first."""
    query = sa.select(Agency.id, Agency.name).order_by((Agency.id == actor.agency_id).desc(), Agency.sort_key)
    return _all(query if actor.sees_all else query.where(Agency.id == actor.agency_id))


def people_of(agency: Agency) -> Rows:
    """Who works there: name, title, e-mail, phone, active."""
    one = Person
    query = sa.select(one.full_name, one.title, one.email, one.phone, one.active)
    return _all(query.where(one.agency_id == agency.id).order_by(one.active.desc(), one.sort_key))


def heads_of(agency: Agency) -> Rows:
    """Who headed it: name, title, from, until."""
    one = HeadTenure
    query = sa.select(Person.full_name, one.title, one.from_at, one.until_at).join(Person, Person.id == one.person_id)
    return _all(query.where(one.agency_id == agency.id).order_by(one.from_at))


def inquiries_of(agency: Agency) -> Rows:
    """What it leads or has led, or took part in: with outlet, officer, and what the agency's part was."""
    one, officer = Inquiry, sa.orm.aliased(Person)
    part = sa.select(sa.func.max(Participation.part)).where(
        Participation.inquiry_id == one.id, Participation.agency_id == agency.id
    )
    columns = (
        one.id, one.year, one.number, one.subject, one.kind, one.status, one.received_at, one.due_on, one.due_at,
        one.finished_at, one.refusal_ground, one.lead_agency_id, Outlet.name.label("outlet"),
        officer.full_name.label("officer"), part.scalar_subquery().label("part"),
    )  # fmt: skip
    query = sa.select(*columns).outerjoin(Outlet, Outlet.id == one.outlet_id)
    query = query.outerjoin(officer, officer.id == one.officer_id)
    return _all(query.where(_of(agency)).order_by(one.received_at, one.id))


def led_by(agency: Agency) -> list[int]:
    """Numbers of the inquiries that it leads now: whose sheets and files belong to its own file."""
    query = sa.select(Inquiry.id).where(Inquiry.lead_agency_id == agency.id)
    return list(db.session.scalars(query.order_by(Inquiry.received_at, Inquiry.id)))


def attachments_of(inquiry_id: int) -> Sequence[Attachment]:
    """The files of a case."""
    query = sa.select(Attachment).where(Attachment.inquiry_id == inquiry_id).order_by(Attachment.id)
    return db.session.scalars(query).all()


def letters_of(agency: Agency) -> Rows:
    """Letters to the press in matters that it leads: number, date, kind, round, outlet, subject, outcome."""
    one = PressLetter
    columns = (one.number, one.dated_on, one.kind, one.round, Outlet.name, one.subject, one.sent_at, one.outcome)
    query = sa.select(*columns).join(Inquiry, Inquiry.id == one.inquiry_id).join(Outlet, Outlet.id == one.outlet_id)
    return _all(query.where(Inquiry.lead_agency_id == agency.id).order_by(one.id))


def statements_of(agency: Agency) -> Rows:
    """What it said: year, number, topic, text, form, when, by whom, valid until, withdrawn."""
    one = Statement
    columns = (one.year, one.number, one.topic, one.text, one.form, one.said_at, one.said_by, one.valid_until)
    query = sa.select(*columns, one.superseded_at, one.withdrawn_at)
    return _all(query.where(one.agency_id == agency.id).order_by(one.said_at, one.id))


def incidents_of(agency: Agency) -> Rows:
    """Incidents that it leads or takes part in: year, number, title, kind, received, informed, closed."""
    one = Incident
    columns = (one.year, one.number, one.title, one.kind, one.received_at, one.informed_at, one.closed_at)
    takes_part = sa.exists().where(IncidentPart.incident_id == one.id, IncidentPart.agency_id == agency.id)
    query = sa.select(*columns).where(sa.or_(one.agency_id == agency.id, takes_part))
    return _all(query.order_by(one.opened_at, one.id))


def duties_of(agency: Agency) -> Rows:
    """What it owed by itself: kind, period, opened, due, done, cancelled, evidence, link."""
    one = Duty
    columns = (one.kind, one.period, one.opened_at, one.due_on, one.due_at, one.done_at, one.cancelled_at)
    query = sa.select(*columns, one.evidence, one.link)
    return _all(query.where(one.agency_id == agency.id).order_by(one.opened_at, one.id))


def conferences_of(agency: Agency) -> Rows:
    """Its press conferences: title, start, place, form, chair, held, cancelled."""
    one = PressConference
    columns = (one.title, one.starts_at, one.place, one.format, one.chair, one.held_at, one.cancelled_at)
    return _all(sa.select(*columns).where(one.agency_id == agency.id).order_by(one.starts_at))


def briefings_of(agency: Agency) -> Rows:
    """What it told at press briefings: title, when, host, speaker, evidence, link, withdrawn."""
    one = PressBriefing
    columns = (one.title, one.held_at, one.host, one.speaker, one.evidence, one.link, one.withdrawn_at)
    return _all(sa.select(*columns).where(one.agency_id == agency.id).order_by(one.held_at, one.id))


def papers_of(agency: Agency) -> Rows:
    """Papers that its people issued: code, kind, title, when, SHA-256, superseded, withdrawn, why."""
    one = Paper
    columns = (one.code, one.kind, one.title, one.issued_at, one.digest, one.superseded_at, one.withdrawn_at)
    query = sa.select(*columns, one.withdrawn_because)
    return _all(query.where(one.holder_id == agency.id).order_by(one.issued_at, one.id))


def spokespersons_of(agency: Agency) -> Rows:
    """Its permanent spokespersons: name, title, phone, e-mail, number, decided, ended."""
    one = SpokespersonDecision
    columns = (one.full_name, one.title, one.phone, one.email, one.decision_number, one.decided_at, one.ended_at)
    return _all(sa.select(*columns).where(one.agency_id == agency.id).order_by(one.decided_at))


def authorisations_of(agency: Agency) -> Rows:
    """Who was authorised to speak for it: name, number, matter, from, until, revoked."""
    one = Authorisation
    columns = (one.number, one.matter_code, one.matter_title, one.from_at, one.until_at, one.revoked_at)
    query = sa.select(Person.full_name, *columns).join(Person, Person.id == one.person_id)
    return _all(query.where(one.agency_id == agency.id).order_by(one.from_at))


def trainees_of(agency: Agency) -> Rows:
    """Whom it sent to classes: name, title, course, class, certificate and until when it holds."""
    one, given = Participant, Certificate
    columns = (one.full_name, one.title, Course.title, TrainingClass.name, given.year, given.number, given.valid_until)
    query = sa.select(*columns).join(TrainingClass, TrainingClass.id == one.class_id)
    query = query.join(Course, Course.id == TrainingClass.course_id)
    query = query.outerjoin(given, sa.and_(given.participant_id == one.id, given.status == "valid"))
    return _all(query.where(one.agency_id == agency.id, one.active).order_by(one.sort_key, one.id))


def scans_of(agency: Agency) -> Iterator[tuple[str, KeptFile]]:
    """Scans of the papers by which somebody speaks for it: (folder, file)."""
    for folder, model in (("quyet-dinh", SpokespersonDecision), ("uy-quyen", Authorisation)):
        query = sa.select(KeptFile).join(model, model.scan_id == KeptFile.id)
        for file in db.session.scalars(query.where(model.agency_id == agency.id).order_by(KeptFile.id)):
            yield folder, file


def _of(agency: Agency) -> sa.ColumnElement[bool]:
    has_part = sa.exists().where(Participation.inquiry_id == Inquiry.id, Participation.agency_id == agency.id)
    return sa.or_(Inquiry.lead_agency_id == agency.id, has_part)


def _all(query: sa.Select) -> Rows:
    return db.session.execute(query).all()
