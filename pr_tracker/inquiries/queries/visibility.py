"""Whose inquiries a person may see: their agency's and those it coordinates or watches, or the whole province's."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.inquiries.models import Attachment, Draft, Inquiry, InquiryExtension, Participation, Review
from pr_tracker.inquiries.models_articles import PressLetter
from pr_tracker.inquiries.queries import speaking
from pr_tracker.inquiries.queries.seals import STANDS, required_steps
from pr_tracker.inquiries.queries.seats import Asking
from pr_tracker.inquiries.queries.stops import waiting_extension
from pr_tracker.inquiries.rules import Standing, Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.permissions import Permission, Role

ALWAYS = (sa.orm.joinedload(Inquiry.outlet), sa.orm.joinedload(Inquiry.lead_agency))
PEOPLE = (Inquiry.logged_by, Inquiry.responsible, Inquiry.officer, Inquiry.speaker)
NAMED = (
    *ALWAYS,
    sa.orm.joinedload(Inquiry.intake_agency),
    *(sa.orm.joinedload(person).lazyload(Person.role_rows) for person in PEOPLE),
)


def visible_to(actor: Asking | None) -> sa.ColumnElement[bool]:
    """The condition on Inquiry that every list and every page stands on. None is the system itself: a command."""
    if actor is None:
        return sa.true()
    if not actor.may(Permission.INQUIRY_VIEW):
        return sa.false()
    agency_id = agency_of(actor)
    return sa.true() if agency_id is None else takes_part(agency_id)


def agency_of(actor: Asking) -> int | None:
    """The agency whose part in an inquiry alone lets a person see it; None: they see the whole province's."""
    return None if actor.sees_all else actor.agency_id


def takes_part(agency_id: Any) -> sa.ColumnElement[bool]:
    """That an agency takes part in an inquiry now."""
    return (
        sa.exists()
        .where(Participation.agency_id == agency_id)
        .where(Participation.inquiry_id == Inquiry.id, Participation.ended_at.is_(None))
        .correlate(Inquiry)
    )


def get_visible(inquiry_id: int, actor: Person, *, to_change: bool = False, whole: bool = False) -> Inquiry:
    """The inquiry, its row locked when it is to be changed; `whole` brings everybody it names in the same statement.

    The lock lets others refer to the row (a follow-up), or they and we could wait for each other.
    Raises NotFound: none, or not this person's to see.
    """
    query = sa.select(Inquiry).where(Inquiry.id == inquiry_id, visible_to(actor)).options(*(NAMED if whole else ALWAYS))
    if to_change:
        query = query.with_for_update(of=Inquiry, key_share=True).execution_options(populate_existing=True)
    inquiry = db.session.scalar(query)
    if inquiry is None:
        raise NotFound(N_("There is no such inquiry, or it belongs to another agency."))
    return inquiry


def get_attachment(inquiry: Inquiry, attachment_id: int) -> Attachment:
    """A file of this inquiry. Raises NotFound."""
    found = db.session.get(Attachment, attachment_id)
    if found is None or found.inquiry_id != inquiry.id:
        raise NotFound(N_("There is no such file."))
    return found


def standing_of(inquiry: Inquiry, actor: Person, step: Step | None = None, *, now: datetime) -> Standing:
    """What a person is to a case at a moment, as far as this step asks."""
    given = {"inquiry": inquiry.id, "agency": actor.agency_id, "reader": actor.id}
    rows = db.session.execute(_standing(), given).all()
    parts = [row.part for row in rows if row.part is not None]
    waiting = waiting_extension(inquiry) if step is Step.DECIDE_EXTENSION else None
    who = standing(inquiry, actor, parts, rows[0].wrote_text, waiting=waiting, has_sealed=rows[0].has_sealed)
    return replace(who, **by_paper(inquiry, actor, step, who.heads_lead, now))


@cache
def _standing() -> sa.Select[Any]:
    """What an agency is to a case now, and whether a person wrote its newest words or gave a seal that stands.

    Words stay whose they are: a version that a colleague saved again with the same words, or with another file, is
    still the first author's. There is no seal on any but the newest version.
    """
    case: Any = sa.bindparam("inquiry")
    reader: Any = sa.bindparam("reader")
    part, own = Participation, sa.orm.aliased(Draft)
    newest = sa.select(Draft.text_digest).where(Draft.inquiry_id == case).order_by(Draft.number.desc()).limit(1)
    wrote = sa.exists().where(own.inquiry_id == case, own.author_id == reader)
    sealed = sa.exists().where(Review.draft_id == Draft.id, Draft.inquiry_id == case, Review.reviewer_id == reader)
    here = (part.inquiry_id == case, part.agency_id == sa.bindparam("agency"), part.ended_at.is_(None))
    return (
        sa.select(part.part, wrote.where(own.text_digest == newest.scalar_subquery()).label("wrote_text"))
        .add_columns(sealed.where(*STANDS).label("has_sealed"))
        .select_from(sa.select(sa.literal(1).label("one")).subquery())
        .outerjoin(part, sa.and_(*here))
    )


def by_paper(inquiry: Inquiry, actor: Person, step: Step | None, heads_lead: bool, now: datetime) -> dict[str, Any]:
    """The part of a standing that hangs on a paper of the head in force now, as far as this step asks."""
    if step not in speaking.ASKING_FOR_PAPERS or heads_lead:
        return {}
    papers = speaking.papers_of(inquiry, actor, to_act=step in speaking.DONE_BY_AUTHORITY)
    found: dict[str, Any] = {"authority": speaking.in_force(papers, now) is not None, "had_authority": bool(papers)}
    if step is Step.AUTHORISE:
        found["speaks_for_another"] = speaking.speaks_for_another(inquiry, actor, now)
    return found


def standing(
    inquiry: Inquiry,
    actor: Person,
    parts: Iterable[Part],
    wrote_text: bool,
    *,
    waiting: sa.Row | None = None,
    has_sealed: bool = False,
) -> Standing:
    """What a person is to a case in which their agency has these parts; `waiting`: the extension to be decided."""
    acts, lead = {Role.STAFF, Role.HEAD} & actor.roles, inquiry.lead_agency
    return Standing(
        parts=frozenset(parts),
        follows_province=bool(acts) and actor.agency.kind.sees_whole_province,
        is_staff=Role.STAFF in actor.roles,
        is_head=Role.HEAD in actor.roles,
        wrote_text=wrote_text,
        asked_extension=waiting is not None and waiting.asked_by_id == actor.id,
        lead_has_no_other_head=waiting is not None and not waiting.another_head,
        review_step=inquiry.review_step,
        heads_lead=lead is not None and lead.head_id == actor.id,
        heads_province=actor.agency.kind is AgencyKind.PROVINCE and actor.agency.head_id == actor.id,
        is_province_leader=Role.HEAD in actor.roles and actor.agency.kind is AgencyKind.PROVINCE,
        needs_second=ReviewStep.PROVINCE in (inquiry.review_step, *required_steps(inquiry)),
        has_sealed=has_sealed,
    )


def barred_from(inquiry: Inquiry, event: InquiryEvent) -> frozenset[int]:
    """Who may not decide this themself, so that nobody does it in their place: who wrote the text, who asked."""
    if event in (InquiryEvent.APPROVE, InquiryEvent.ENDORSE):
        newest = sa.select(Draft.text_digest).where(Draft.inquiry_id == inquiry.id)
        newest = newest.order_by(Draft.number.desc()).limit(1)
        people = sa.select(Draft.author_id).where(
            Draft.inquiry_id == inquiry.id, Draft.text_digest == newest.scalar_subquery()
        )
    elif event in (InquiryEvent.GRANT_EXTENSION, InquiryEvent.DECLINE_EXTENSION):
        people = sa.select(InquiryExtension.asked_by_id).where(InquiryExtension.inquiry_id == inquiry.id)
        people = people.order_by(InquiryExtension.id.desc()).limit(1)
    elif event is InquiryEvent.LETTER_APPROVE:
        people = sa.select(PressLetter.drafted_by_id).where(PressLetter.inquiry_id == inquiry.id)
        people = people.where(PressLetter.approved_at.is_not(None)).order_by(PressLetter.approved_at.desc()).limit(1)
    else:
        return frozenset()
    return frozenset(db.session.scalars(people))


def read_draft(inquiry: Inquiry) -> Draft | None:
    """The newest version with its author and files, for pages: read once for as long as the case stands as it does."""
    key, kept = (inquiry.id, inquiry.version), db.session.info.setdefault("newest", {})
    if key not in kept:
        kept[key] = db.session.scalars(_newest(), {"inquiry": inquiry.id}).unique().one_or_none()
    found: Draft | None = kept[key]
    return found


@cache
def _newest() -> sa.Select[Any]:
    case: Any = sa.bindparam("inquiry")
    newest = sa.select(Draft.id).where(Draft.inquiry_id == case).order_by(Draft.number.desc()).limit(1)
    author = sa.orm.joinedload(Draft.author)
    alone = (sa.orm.lazyload(Person.role_rows), sa.orm.lazyload(Person.agency))
    names = author.options(sa.orm.load_only(Person.full_name, Person.title, Person.agency_id), *alone)
    found: Any = sa.select(Draft).where(Draft.id == newest.scalar_subquery())
    return found.options(names, sa.orm.joinedload(Draft.files))  # type: ignore[no-any-return]


def latest_draft(inquiry: Inquiry) -> Draft | None:
    """The newest version of the answer."""
    query = sa.select(Draft).where(Draft.inquiry_id == inquiry.id).order_by(Draft.number.desc()).limit(1)
    return db.session.scalar(query)
