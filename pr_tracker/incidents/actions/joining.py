"""Inquiries join an incident and leave it, agencies coordinate: no clock of any inquiry is touched."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.incidents.actions.beats import begin, tell
from pr_tracker.incidents.models import Incident, IncidentInquiry, IncidentPart
from pr_tracker.incidents.rules import IncidentStep, require_words
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.inquiries.actions.joining import join_incident, leave_incident
from pr_tracker.inquiries.actions.sealing import reopen_if_short
from pr_tracker.inquiries.models import Inquiry


def join(incident: Incident, inquiry: Inquiry, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """An inquiry belongs to the incident from now on; its own clock runs on. The caller has locked both.

    An answer that is approved already but lacks the approval of UBND tỉnh waits for it again.

    Raises BadInput when it belongs to one already, NotAllowed where the actor may not act in both.
    """
    begin(incident, IncidentStep.JOIN, actor=actor, seen=seen, now=now)
    join_incident(inquiry, incident.id, incident.code, actor=actor, now=now)
    reopen_if_short(inquiry, incident.code, actor=actor, now=now)
    db.session.add(
        IncidentInquiry(incident_id=incident.id, inquiry_id=inquiry.id, merged_at=now, merged_by_id=actor.id)
    )
    said: dict[str, Any] = {"code": inquiry.code, "matter": inquiry.subject, "outlet": inquiry.outlet.name}
    tell(incident, IncidentEvent.JOIN, actor=actor, now=now, inquiry_id=inquiry.id, **said)


def leave(
    incident: Incident, inquiry: Inquiry, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """An inquiry goes its own way again, with the reason; its clock is the one it always had.

    Raises StepNotAllowed when it does not belong here, BadInput without a reason.
    """
    begin(incident, IncidentStep.LEAVE, actor=actor, seen=seen, now=now)
    member = db.session.scalar(
        sa.select(IncidentInquiry).where(
            IncidentInquiry.incident_id == incident.id,
            IncidentInquiry.inquiry_id == inquiry.id,
            IncidentInquiry.unmerged_at.is_(None),
        )
    )
    if member is None:
        raise StepNotAllowed(N_("This inquiry does not belong to the incident any more."))
    member.reason = require_words(reason, "reason")
    member.unmerged_at, member.unmerged_by_id = now, actor.id
    leave_incident(inquiry, incident.code, member.reason, actor=actor, now=now)
    said: dict[str, Any] = {"code": inquiry.code, "reason": member.reason}
    tell(incident, IncidentEvent.LEAVE, actor=actor, now=now, inquiry_id=inquiry.id, **said)


def involve(incident: Incident, agency: Agency, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """An agency coordinates: its people see the room and may be on call. Raises BadInput when it does already."""
    begin(incident, IncidentStep.INVOLVE, actor=actor, seen=seen, now=now)
    if agency.id == incident.agency_id or _current_part(incident, agency.id) is not None:
        raise BadInput(N_("This agency takes part already."), field="agency_id")
    db.session.add(IncidentPart(incident_id=incident.id, agency_id=agency.id, added_at=now, added_by_id=actor.id))
    tell(incident, IncidentEvent.INVOLVE, actor=actor, now=now, agency=agency.name, agency_id=agency.id)


def relieve(incident: Incident, agency: Agency, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """An agency coordinates no longer. Raises StepNotAllowed when it did not."""
    begin(incident, IncidentStep.INVOLVE, actor=actor, seen=seen, now=now)
    part = _current_part(incident, agency.id)
    if part is None:
        raise StepNotAllowed(N_("This agency does not coordinate here any more."))
    part.ended_at = now
    tell(incident, IncidentEvent.RELIEVE, actor=actor, now=now, agency=agency.name, agency_id=agency.id)


def _current_part(incident: Incident, agency_id: int) -> IncidentPart | None:
    query = sa.select(IncidentPart).where(IncidentPart.incident_id == incident.id, IncidentPart.agency_id == agency_id)
    return db.session.scalar(query.where(IncidentPart.ended_at.is_(None)))
