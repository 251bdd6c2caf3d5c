"""Who may speak for an incident at a moment: head, permanent spokesperson, authorised person (Decree 244 Art 3)."""

from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.incidents.models import Incident
from pr_tracker.permissions import Role


def has_authority(incident: Incident, actor: Person, now: datetime) -> bool:
    """Whether the lead agency's head authorised this person in this incident, in force at `now`."""
    return False


def speakers_at(incident: Incident, at: datetime) -> list[sa.Row]:
    """Heads and deputies of the lead agency and of UBND tỉnh."""
    own_first = sa.case((Person.agency_id == incident.agency_id, 0), else_=1)
    query = (
        sa.select(Person.id, Person.full_name, Person.title, Agency.short_name.label("agency"))
        .join(Agency, Agency.id == Person.agency_id)
        .join(PersonRole, sa.and_(PersonRole.person_id == Person.id, PersonRole.role == Role.HEAD))
        .where(Person.active, sa.or_(Person.agency_id == incident.agency_id, Agency.kind == AgencyKind.PROVINCE))
        .order_by(own_first, sa.case((Agency.head_id == Person.id, 0), else_=1), Person.sort_key)
    )
    return list(db.session.execute(query))


def right_at(incident: Incident, speaker: Person, at: datetime) -> dict[str, object] | None:
    """The right by which somebody speaks at a moment, as it is kept. Raises BadInput when there is none."""
    if speaker.id not in {row.id for row in speakers_at(incident, at)}:
        raise BadInput(N_("This person may not speak for the agency."), field="speaker_id")
    return None


def right_words(right: dict[str, object] | None) -> str:
    """The speaker's right in words, "" when none was kept."""
    return ""
