"""Who may speak for an incident at a moment and by what right; who acts in it by the head's authority."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.incidents.models import Incident
from pr_tracker.spokespersons import queries_rights as rights
from pr_tracker.spokespersons.rules_authority import Matter, Right, Term


def matter_of(incident: Incident) -> Matter:
    """An incident as the matter of an authorisation."""
    return Matter(incident_id=incident.id)


def speakers_at(incident: Incident, at: datetime) -> list[Right]:
    """Who may speak for the incident at a moment, for its lead agency or UBND tỉnh (Decree 244/2026/NĐ-CP Art 3)."""
    return _once(rights.rights_at(rights.speaking_agencies(incident.agency_id), matter_of(incident), at))


def speakers_between(incident: Incident, since: datetime, until: datetime) -> list[Right]:
    """Who might have spoken at some moment of a span, each once; the moment itself is checked when it is recorded."""
    agencies = rights.speaking_agencies(incident.agency_id)
    return _once(rights.rights_between(agencies, matter_of(incident), since, until))


def _once(found: Sequence[Right]) -> list[Right]:
    by_person: dict[int, Right] = {}
    for right in found:
        if right.person_id is not None:
            by_person.setdefault(right.person_id, right)
    return list(by_person.values())


def right_at(incident: Incident, speaker: Person, at: datetime) -> dict[str, Any]:
    """The right by which somebody speaks at a moment, as it is kept. Raises BadInput with the article."""
    agencies = rights.speaking_agencies(incident.agency_id)
    return rights.require_right(speaker, agencies, matter_of(incident), at).to_json()


def papers_of(incident: Incident, actor: Person, *, to_act: bool = False) -> Sequence[sa.Row]:
    """What the head of the lead agency ever granted a person in this incident."""
    return rights.authorities_in(matter_of(incident), actor.id, incident.agency_id, to_act=to_act)


def in_force(papers: Sequence[sa.Row], now: datetime) -> sa.Row | None:
    """The paper under which somebody may act now; one that is revoked counts no more at any moment."""
    valid = (row for row in papers if row.revoked_at is None and Term(row.from_at, row.until_at).covers(now))
    return next(valid, None)


def authority_of(incident: Incident, actor: Person, now: datetime, *, to_act: bool = False) -> dict[str, Any] | None:
    """In whose place and by which paper a person acts now; None for whoever acts in their own right."""
    paper = in_force(papers_of(incident, actor, to_act=to_act), now)
    if paper is None:
        return None
    facts = {"id": paper.id, "name": paper.name, "giver": paper.giver, "number": paper.number}
    return facts | {"signed_on": paper.signed_on.isoformat()}


def speaks_for_another(incident: Incident, actor: Person, now: datetime) -> bool:
    """Whether a person acts by authority anywhere or is a permanent spokesperson: what they may not pass on."""
    if rights.authorities_of(actor.id, now):
        return True
    return rights.is_spokesperson(actor.id, rights.speaking_agencies(incident.agency_id), now)
