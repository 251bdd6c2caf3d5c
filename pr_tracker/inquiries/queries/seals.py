"""The seals of a case: which approvals its text needs, which were given and stand, which fell and why."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.inquiries.models import Draft, Inquiry, Review
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import KINDS_WITH_OWN_START, Sensitivity
from pr_tracker.inquiries.rules_seal import FileMark, ReviewStep, Seal, seal_of, steps_required
from pr_tracker.text import nfc

STANDS = (Review.approved, Review.voided_at.is_(None))


def required_steps(inquiry: Inquiry) -> tuple[ReviewStep, ...]:
    """Which approvals the text of this case needs, as things stand now."""
    lead = inquiry.lead_agency
    return steps_required(
        sensitive=inquiry.sensitivity is not Sensitivity.NORMAL,
        incident=inquiry.incident_id is not None or inquiry.kind in KINDS_WITH_OWN_START,
        agency_rule=lead is not None and lead.second_approval,
        led_by_province=lead is not None and lead.kind is AgencyKind.PROVINCE,
    )


def seal_now(draft: Draft) -> str:
    """The seal of a version, computed from what is stored of it."""
    marks = [FileMark(nfc(mark.name), mark.digest) for mark in draft.marks]
    return seal_of(nfc(draft.text), marks, draft.ground)


def given_seals(draft: Draft) -> list[Seal]:
    """The approvals of a version that stand."""
    rows = db.session.execute(sa.select(Review.step, Review.digest).where(Review.draft_id == draft.id, *STANDS))
    return [Seal(row.step, row.digest) for row in rows]


def sealers_of(inquiry: Inquiry) -> set[int]:
    """Who gave a seal that stands; there is none on any but the newest version."""
    query = sa.select(Review.reviewer_id).join(Draft, Draft.id == Review.draft_id)
    return set(db.session.scalars(query.where(Draft.inquiry_id == inquiry.id, *STANDS)))


def reviews_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Every approval and return, the newest first; whoever approved with the title they held then."""
    return db.session.execute(_reviews(), {"inquiry": inquiry.id}).all()


@cache
def _reviews() -> sa.Select[Any]:
    return (
        sa.select(
            Review.id,
            Draft.number,
            Review.draft_id,
            Review.step,
            Review.approved,
            Review.reason,
            Review.digest,
            Review.alone,
            Review.authority,
            Review.at,
            Review.voided_at,
            Review.void_reason,
            Review.reviewer_id,
            Review.title,
            Person.full_name,
        )
        .join(Draft, Draft.id == Review.draft_id)
        .join(Person, Person.id == Review.reviewer_id)
        .where(Draft.inquiry_id == sa.bindparam("inquiry"))
        .order_by(Review.id.desc())
    )


def approved_at(draft: Draft) -> datetime:
    """When the last of the approvals that stand was given."""
    query = sa.select(sa.func.max(Review.at)).where(Review.draft_id == draft.id, *STANDS)
    moment = db.session.scalar(query)
    assert moment is not None
    return moment


def approver_of(draft: Draft) -> Person | None:
    """Who gave the lead agency's seal on a version: whoever signs the letter that gives it to the press."""
    query = sa.select(Person).join(Review, Review.reviewer_id == Person.id).where(Review.draft_id == draft.id, *STANDS)
    return db.session.scalar(query.where(Review.step == ReviewStep.AGENCY))


def approved_without_second(after_id: int) -> sa.Select[Inquiry]:
    """Approved cases, by id, that UBND tỉnh has not approved and by what is on record now may have to."""
    second = sa.exists().where(
        Review.draft_id == Inquiry.approved_draft_id, Review.step == ReviewStep.PROVINCE, *STANDS
    )
    must = sa.or_(
        Inquiry.sensitivity != Sensitivity.NORMAL,
        Inquiry.incident_id.is_not(None),
        Inquiry.kind.in_(KINDS_WITH_OWN_START),
        Agency.second_approval,
    )
    return (
        sa.select(Inquiry)
        .join(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(Inquiry.status == Status.APPROVED, Inquiry.id > after_id, must, ~second)
        .where(Agency.kind != AgencyKind.PROVINCE)
        .order_by(Inquiry.id)
    )
