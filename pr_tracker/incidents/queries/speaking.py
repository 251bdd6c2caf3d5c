"""Who may speak for an incident at a moment: head, permanent spokesperson, authorised person (Decree 244 Art 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pr_tracker.accounts.models import Person
from pr_tracker.incidents.models import Incident
from pr_tracker.spokespersons import queries_rights as rights
from pr_tracker.spokespersons.labels_names import ground_words, kept_ground_words
from pr_tracker.spokespersons.rules_authority import Matter, Term


@dataclass(frozen=True)
class Speaker:
    """Somebody who may speak, with the office and the ground."""

    id: int
    full_name: str
    title: str
    agency: str
    ground: str


def matter_of(incident: Incident) -> Matter:
    """An incident as the matter of an authorisation."""
    return Matter(incident_id=incident.id)


def has_authority(incident: Incident, actor: Person, now: datetime) -> bool:
    """Whether the lead agency's head authorised this person in this incident, in force at `now`."""
    papers = rights.authorities_in(matter_of(incident), actor.id, incident.agency_id)
    return any(row.revoked_at is None and Term(row.from_at, row.until_at).covers(now) for row in papers)


def speakers_at(incident: Incident, at: datetime) -> list[Speaker]:
    """Who may speak at a moment for the lead agency or UBND tỉnh, once each."""
    found: dict[int, Speaker] = {}
    for right in rights.rights_at(rights.speaking_agencies(incident.agency_id), matter_of(incident), at):
        if right.person_id is not None:
            speaker = Speaker(right.person_id, right.full_name, right.title, right.agency, ground_words(right))
            found.setdefault(right.person_id, speaker)
    return list(found.values())


def right_at(incident: Incident, speaker: Person, at: datetime) -> dict[str, Any]:
    """The right by which somebody speaks at a moment, as it is kept. Raises BadInput when there is none."""
    agencies = rights.speaking_agencies(incident.agency_id)
    return rights.require_right(speaker, agencies, matter_of(incident), at).to_json()


def right_words(right: Mapping[str, Any] | None) -> str:
    """The speaker's name and right in words, "" when none was kept."""
    if not right:
        return ""
    ground = kept_ground_words(right)
    return ground if right["giver"] else f"{', '.join(filter(None, (right['name'], right['title'])))} ({ground})"
