"""Inquiries that may be put into an incident: named by the page one comes from, or found by words."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import visibility as inquiries
from pr_tracker.inquiries.queries.search import Among, matching
from pr_tracker.outlets.models import Outlet

MOST_SHOWN = 30


def joinable(actor: Person, typed: str = "", ids: Sequence[int] = ()) -> Sequence[sa.Row]:
    """Inquiries of no incident that a person sees: those named first, then open ones that match, the newest first."""
    columns = (Inquiry.id, Inquiry.year, Inquiry.number, Inquiry.subject, Inquiry.received_at, Inquiry.kind)
    query: Any = (
        sa.select(*columns, Inquiry.lead_agency_id, Outlet.name.label("outlet"), Agency.short_name.label("lead"))
        .join(Outlet, Outlet.id == Inquiry.outlet_id)
        .outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
        .where(inquiries.visible_to(actor), Inquiry.incident_id.is_(None), Inquiry.archived_at.is_(None))
        .order_by(Inquiry.received_at.desc(), Inquiry.id.desc())
        .limit(MOST_SHOWN)
    )
    named = list(db.session.execute(query.where(Inquiry.id.in_(ids)))) if ids else []
    found = query.where(Inquiry.finished_at.is_(None), Inquiry.id.not_in(ids))
    found = matching(typed, Among(is_few=True)).restrict(found) if typed else found  # open ones are few
    return [*named, *db.session.execute(found)]


def lock_joinable(actor: Person, ids: Sequence[int]) -> list[Inquiry]:
    """These inquiries, each row locked, lowest id first; only those that the person sees."""
    query = sa.select(Inquiry).where(Inquiry.id.in_(ids), inquiries.visible_to(actor)).order_by(Inquiry.id)
    query = query.options(*inquiries.ALWAYS).with_for_update(of=Inquiry, key_share=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
