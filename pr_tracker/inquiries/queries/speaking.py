"""Who may speak in an inquiry, by what right; who acts in it by the head's authority."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Draft, Inquiry
from pr_tracker.inquiries.rules import Step
from pr_tracker.spokespersons import queries_rights as rights
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.rules_authority import Matter, Right, Term

# The steps whose answer depends on a paper of the head.
ASKING_FOR_PAPERS = frozenset(
    {None, Step.APPROVE, Step.RETURN, Step.RELEASE, Step.REFUSE, Step.AUTHORISE, Step.APPROVE_LETTER}
)
# Those that are done under it: a revocation at the same moment waits, or is waited for.
DONE_BY_AUTHORITY = frozenset({Step.APPROVE, Step.RETURN, Step.APPROVE_LETTER})


def matter_of(inquiry: Inquiry) -> Matter:
    """An inquiry as the matter of an authorisation; one for its incident covers it too."""
    return Matter(inquiry.id, inquiry.incident_id)


def speakers_at(inquiry: Inquiry, at: datetime) -> list[Right]:
    """Who may speak in this inquiry at a moment, for its lead agency or UBND tỉnh (Decree 244/2026/NĐ-CP Art 3)."""
    return rights.rights_in_matter(inquiry.lead_agency_id, matter_of(inquiry), at)


def speakers_between(inquiry: Inquiry, since: datetime, until: datetime) -> list[Right]:
    """Who might speak in this inquiry at some moment of a span."""
    agencies = rights.speaking_agencies(inquiry.lead_agency_id)
    return rights.rights_between(agencies, matter_of(inquiry), since, until)


def right_to_speak(inquiry: Inquiry, speaker: Person, at: datetime) -> Right:
    """By what right somebody spoke. Raises BadInput with the article when they had none at that moment."""
    agencies = rights.speaking_agencies(inquiry.lead_agency_id)
    return rights.require_right(speaker, agencies, matter_of(inquiry), at)


def papers_of(inquiry: Inquiry, actor: Person, *, to_act: bool = False) -> Sequence[sa.Row]:
    """What the head of the lead agency ever granted a person in this inquiry."""
    if inquiry.lead_agency_id is None:
        return ()
    return rights.authorities_in(matter_of(inquiry), actor.id, inquiry.lead_agency_id, to_act=to_act)


def in_force(papers: Sequence[sa.Row], now: datetime) -> sa.Row | None:
    """The paper under which somebody may act now; one that is revoked counts no more at any moment."""
    valid = (row for row in papers if row.revoked_at is None and Term(row.from_at, row.until_at).covers(now))
    return next(valid, None)


def authority_of(inquiry: Inquiry, actor: Person, now: datetime) -> dict[str, Any] | None:
    """In whose place and by which paper a person acts, as an act keeps it; None for whoever acts in their own right."""
    paper = in_force(papers_of(inquiry, actor), now)
    if paper is None:
        return None
    facts = {"id": paper.id, "name": paper.name, "giver": paper.giver, "number": paper.number}
    return facts | {"signed_on": paper.signed_on.isoformat()}


def by_papers(inquiry: Inquiry, actor: Person, papers: Sequence[sa.Row], now: datetime) -> dict[str, Any]:
    """What of a standing hangs on papers, where every authorisation of the inquiry is at hand."""
    own = [row for row in papers if row.person_id == actor.id and row.agency_id == inquiry.lead_agency_id]
    own = [row for row in own if row.granted_at is not None and row.still_there]
    return {"authority": in_force(own, now) is not None, "had_authority": bool(own)}


def speaks_for_another(inquiry: Inquiry, actor: Person, now: datetime) -> bool:
    """Whether a person acts by authority anywhere or is a permanent spokesperson: what they may not pass on."""
    if rights.authorities_of(actor.id, now):
        return True
    return rights.is_spokesperson(actor.id, rights.speaking_agencies(inquiry.lead_agency_id), now)


def authorised_in(inquiry: Inquiry, now: datetime) -> Sequence[int]:
    """Who acts in an inquiry by authority of the lead agency's head."""
    here = rights.covers(matter_of(inquiry)), Authorisation.agency_id == inquiry.lead_agency_id
    query = sa.select(Authorisation.person_id).join(Person, Person.id == Authorisation.person_id)
    return db.session.scalars(query.where(*here, *rights.in_force(now), rights.STILL_THERE)).all()


def acts_by_authority(person_id: int, now: datetime) -> sa.ColumnElement[bool]:
    """In a list of inquiries: where a person acts by authority of the lead agency's head."""
    return _in_force_here(now, Authorisation.person_id == person_id)


def handed_over_by(person_id: int, now: datetime) -> sa.ColumnElement[bool]:
    """In a list of inquiries: what a head has handed to somebody who has not written the answer themself."""
    wrote = sa.exists().where(Draft.inquiry_id == Inquiry.id, Draft.author_id == Authorisation.person_id)
    return _in_force_here(now, Authorisation.giver_id == person_id, ~wrote.correlate(Inquiry, Authorisation))


def _in_force_here(now: datetime, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(sa.or_(Authorisation.inquiry_id == Inquiry.id, Authorisation.incident_id == Inquiry.incident_id))
        .where(Authorisation.agency_id == Inquiry.lead_agency_id)
        .where(*rights.in_force(now), Person.id == Authorisation.person_id, rights.STILL_THERE, *conditions)
        .correlate(Inquiry)
    )
