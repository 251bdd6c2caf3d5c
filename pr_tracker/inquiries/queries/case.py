"""Everything of one case: drafts, parts, files, history, who may speak, what changed since somebody looked."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.inquiries.models import Attachment, Draft, DraftFile, HistoryEntry, Inquiry, Participation, Review
from pr_tracker.inquiries.models_parts import IS_CURRENT, Contribution
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.permissions import Role


def load_names(inquiry: Inquiry) -> None:
    """Everybody and everything a case names, in three statements, for whoever writes out the whole of it."""
    one, many, no_roles = sa.orm.joinedload, sa.orm.selectinload, sa.orm.lazyload(Person.role_rows)
    of_agency = (one(Agency.superior), one(Agency.head).options(no_roles))
    agencies = [one(path).options(*of_agency) for path in (Inquiry.lead_agency, Inquiry.intake_agency)]
    named = (Inquiry.logged_by, Inquiry.responsible, Inquiry.officer, Inquiry.speaker)
    people = [one(path).options(no_roles) for path in named]
    others = [one(Inquiry.outlet), one(Inquiry.approved_draft)]
    lists = [many(Inquiry.questions), many(Inquiry.journalists)]
    db.session.scalar(sa.select(Inquiry).where(Inquiry.id == inquiry.id).options(*agencies, *people, *others, *lists))


def parts_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Every agency's present part, with its task, clock and what it sent; the lead first, then as they joined."""
    return db.session.execute(_parts_of(), {"inquiry": inquiry.id}).all()


@cache
def _parts_of() -> Any:
    lead_first = sa.case((Participation.part == Part.LEAD, 0), (Participation.part == Part.COORDINATING, 1), else_=2)
    sender = sa.orm.aliased(Person)
    return (
        sa.select(
            Participation.id,
            Participation.part,
            Participation.agency_id,
            Agency.name.label("agency"),
            Participation.task,
            Participation.due_on,
            Participation.due_at,
            Participation.ends_at,
            Participation.due_by_plan,
            Participation.box,
            Participation.sent_at,
            sender.full_name.label("sent_by"),
            Contribution.text.label("sent_text"),
            Contribution.number.label("sent_version"),
            Contribution.approved_at,
            Contribution.approved_title,
            Contribution.alone,
            Participation.added_at,
        )
        .join(Agency, Agency.id == Participation.agency_id)
        .outerjoin(Contribution, sa.and_(Contribution.participation_id == Participation.id, *IS_CURRENT))
        .outerjoin(sender, sender.id == Contribution.approved_by_id)
        .where(Participation.inquiry_id == sa.bindparam("inquiry"), Participation.ended_at.is_(None))
        .order_by(lead_first, Participation.added_at, Participation.id)
    )


def versions_of(inquiry: Inquiry) -> Sequence[int]:
    """The numbers of every version of the answer, the newest first."""
    query = sa.select(Draft.number).where(Draft.inquiry_id == inquiry.id)
    return db.session.scalars(query.order_by(Draft.number.desc())).all()


def get_draft(inquiry: Inquiry, number: int) -> Draft:
    """One version of the answer. Raises NotFound."""
    draft = db.session.scalar(sa.select(Draft).where(Draft.inquiry_id == inquiry.id, Draft.number == number))
    if draft is None:
        raise NotFound(N_("There is no version %(number)s of this answer."), number=number)
    return draft


def attachments_of(inquiry: Inquiry, draft_id: int | None = None) -> Sequence[sa.Row]:
    """The files of a case, in the order they came; `goes_with`: whether the version with this id has it."""
    goes_with = sa.exists().where(DraftFile.attachment_id == Attachment.id, DraftFile.draft_id == draft_id)
    query = (
        sa.select(
            Attachment.id,
            Attachment.file_name,
            Attachment.media_type,
            Attachment.size,
            Attachment.digest,
            Attachment.uploaded_at,
            Person.full_name.label("uploaded_by"),
            goes_with.label("goes_with"),
        )
        .join(Person, Person.id == Attachment.uploaded_by_id)
        .where(Attachment.inquiry_id == inquiry.id)
        .order_by(Attachment.id)
    )
    return db.session.execute(query).all()


def history_of(inquiry: Inquiry, *, since_version: int | None = None) -> Sequence[sa.Row]:
    """What happened, the newest first; with `since_version` only what came after somebody looked."""
    query = (
        sa.select(
            HistoryEntry.id,
            HistoryEntry.at,
            HistoryEntry.event,
            HistoryEntry.data,
            HistoryEntry.version,
            Person.full_name.label("actor"),
            sa.func.coalesce(HistoryEntry.actor_title, Person.title).label("title"),
            sa.func.coalesce(HistoryEntry.actor_agency, Agency.name).label("agency"),
        )
        .outerjoin(Person, Person.id == HistoryEntry.actor_id)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .where(HistoryEntry.inquiry_id == inquiry.id)
        .order_by(HistoryEntry.id.desc())
    )
    if since_version is not None:
        query = query.where(HistoryEntry.version > since_version)
    return db.session.execute(query).all()


def related_to(inquiry: Inquiry, actor: Person | None) -> tuple[sa.Row | None, list[sa.Row]]:
    """The inquiry that this one follows up, and those that follow it up; only what the actor may see (None: all)."""
    related = Inquiry.parent_id == inquiry.id
    if inquiry.parent_id is not None:
        related = sa.or_(related, Inquiry.id == inquiry.parent_id)
    columns = (Inquiry.id, Inquiry.year, Inquiry.number, Inquiry.subject, Inquiry.status)
    found = db.session.execute(sa.select(*columns).where(related, visible_to(actor))).all()
    rows = sorted(found, key=lambda row: row.id)  # ordered by the database, SQLite would walk the whole table
    parent = next((row for row in rows if row.id == inquiry.parent_id), None)
    return parent, [row for row in rows if row is not parent]


def officers_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Active staff and heads of the lead agency: who may be the case officer."""
    query = (
        sa.select(Person.id, Person.full_name, Person.title)
        .where(Person.agency_id == inquiry.lead_agency_id, Person.active)
        .where(sa.exists().where(PersonRole.person_id == Person.id, PersonRole.role.in_([Role.STAFF, Role.HEAD])))
        .order_by(Person.sort_key)
    )
    return db.session.execute(query).all()


def active_agencies() -> Sequence[sa.Row]:
    """Every agency in use, by name."""
    query = sa.select(Agency.id, Agency.name).where(Agency.active).order_by(Agency.sort_key, Agency.id)
    return db.session.execute(query).all()


def get_agency(agency_id: int) -> Agency:
    """An agency, in use or not. Raises NotFound."""
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(N_("There is no such agency."))
    return agency


def get_person(person_id: int) -> Person:
    """A person. Raises NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound(N_("There is no such person."))
    return person


def last_urged_at(inquiry: Inquiry, actor: Person) -> datetime | None:
    """When somebody urged in this case last."""
    urged = (HistoryEntry.inquiry_id == inquiry.id, HistoryEntry.event == InquiryEvent.URGE)
    return db.session.scalar(
        sa.select(HistoryEntry.at)
        .where(*urged, HistoryEntry.actor_id == actor.id)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )


def submission_of(inquiry: Inquiry) -> sa.Row | None:
    """Who put the answer before the approver last, and when."""
    query = (
        sa.select(HistoryEntry.at, Person.full_name)
        .join(Person, Person.id == HistoryEntry.actor_id)
        .where(HistoryEntry.inquiry_id == inquiry.id, HistoryEntry.event == InquiryEvent.SUBMIT)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    return db.session.execute(query).one_or_none()


def last_return_of(inquiry: Inquiry) -> sa.Row | None:
    """The newest return: which version, why, by whom."""
    query = (
        sa.select(Draft.number, Review.reason, Review.at, Person.full_name, Person.title)
        .join(Draft, Draft.id == Review.draft_id)
        .join(Person, Person.id == Review.reviewer_id)
        .where(Draft.inquiry_id == inquiry.id, ~Review.approved)
        .order_by(Review.id.desc())
        .limit(1)
    )
    return db.session.execute(query).one_or_none()
