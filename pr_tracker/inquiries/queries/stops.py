"""Stops and extensions of a case's clock: the one that stands, the one that waits for a decision, all of them."""

from collections.abc import Sequence

import sqlalchemy as sa

from pr_tracker.accounts.models import Person, PersonRole
from pr_tracker.db import db
from pr_tracker.inquiries.models import Attachment, Inquiry, InquiryExtension, InquiryPause
from pr_tracker.permissions import Role


def find_unended_pause(inquiry: Inquiry) -> InquiryPause | None:
    """The newest stop, when nobody ended it; it may have run out."""
    return db.session.scalar(
        sa.select(InquiryPause).where(InquiryPause.inquiry_id == inquiry.id, InquiryPause.ended_at.is_(None))
    )


def find_waiting_extension(inquiry: Inquiry) -> InquiryExtension | None:
    """The extension somebody asked for and nobody has decided."""
    return db.session.scalar(
        sa.select(InquiryExtension).where(
            InquiryExtension.inquiry_id == inquiry.id, InquiryExtension.decided_at.is_(None)
        )
    )


def waiting_extension(inquiry: Inquiry) -> sa.Row | None:
    """The same for pages, with who asked, and whether anybody else heads the lead agency."""
    query = (
        sa.select(
            InquiryExtension.id,
            InquiryExtension.reason,
            InquiryExtension.days,
            InquiryExtension.evidence,
            InquiryExtension.asked_at,
            InquiryExtension.asked_by_id,
            Person.full_name.label("asked_by"),
            Person.title,
            Attachment.file_name,
            Attachment.id.label("file_id"),
            _another_head(inquiry.lead_agency_id).label("another_head"),
        )
        .join(Person, Person.id == InquiryExtension.asked_by_id)
        .outerjoin(Attachment, Attachment.id == InquiryExtension.attachment_id)
        .where(InquiryExtension.inquiry_id == inquiry.id, InquiryExtension.decided_at.is_(None))
    )
    return db.session.execute(query).one_or_none()


def _another_head(agency_id: int | None) -> sa.Exists:
    head = sa.orm.aliased(Person)
    return (
        sa.exists()
        .where(head.agency_id == agency_id, head.active, head.id != InquiryExtension.asked_by_id)
        .where(PersonRole.person_id == head.id, PersonRole.role == Role.HEAD)
        .correlate(InquiryExtension)
    )


def pauses_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Every stop in time order, with its evidence and who began and ended it."""
    begun, ended = sa.orm.aliased(Person), sa.orm.aliased(Person)
    query = (
        sa.select(
            InquiryPause.reason,
            InquiryPause.evidence,
            InquiryPause.from_at,
            InquiryPause.planned_until,
            InquiryPause.ended_at,
            begun.full_name.label("begun_by"),
            ended.full_name.label("ended_by"),
            Attachment.file_name,
            Attachment.id.label("file_id"),
        )
        .join(begun, begun.id == InquiryPause.begun_by_id)
        .outerjoin(ended, ended.id == InquiryPause.ended_by_id)
        .outerjoin(Attachment, Attachment.id == InquiryPause.attachment_id)
        .where(InquiryPause.inquiry_id == inquiry.id)
        .order_by(InquiryPause.id)
    )
    return db.session.execute(query).all()


def extensions_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Every extension that was asked for, in time order, with who asked and who decided."""
    asked, decided = sa.orm.aliased(Person), sa.orm.aliased(Person)
    query = (
        sa.select(
            InquiryExtension.reason,
            InquiryExtension.days,
            InquiryExtension.evidence,
            InquiryExtension.asked_at,
            InquiryExtension.decided_at,
            InquiryExtension.granted,
            InquiryExtension.decision,
            asked.full_name.label("asked_by"),
            decided.full_name.label("decided_by"),
            Attachment.file_name,
            Attachment.id.label("file_id"),
        )
        .join(asked, asked.id == InquiryExtension.asked_by_id)
        .outerjoin(decided, decided.id == InquiryExtension.decided_by_id)
        .outerjoin(Attachment, Attachment.id == InquiryExtension.attachment_id)
        .where(InquiryExtension.inquiry_id == inquiry.id)
        .order_by(InquiryExtension.id)
    )
    return db.session.execute(query).all()


def find_asker(inquiry: Inquiry) -> int | None:
    """Who asked for the newest extension."""
    query = sa.select(InquiryExtension.asked_by_id).where(InquiryExtension.inquiry_id == inquiry.id)
    return db.session.scalar(query.order_by(InquiryExtension.id.desc()).limit(1))
