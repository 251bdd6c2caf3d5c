"""A head authorises somebody to speak in one incident, or takes that back: the chronology says by which paper."""

from datetime import datetime
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.files import KeptFile
from pr_tracker.incidents.actions.beats import begin, tell
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries.speaking import matter_of
from pr_tracker.incidents.rules import IncidentStep
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.spokespersons import actions_authorising as spokespersons
from pr_tracker.spokespersons.actions_authorising import Grant, Subject
from pr_tracker.spokespersons.models import Authorisation


def agency_for(incident: Incident, actor: Person) -> Agency:
    """For which agency a head authorises: the lead agency, else their own, which is UBND tỉnh."""
    return incident.agency if incident.agency.head_id == actor.id else actor.agency


def authorise(
    incident: Incident,
    grant: Grant,
    *,
    actor: Person,
    now: datetime,
    seen: int | None = None,
    scan: KeptFile | None = None,
    made: Authorisation | None = None,
) -> Authorisation:
    """Prepare or give an authority to speak in this incident and its inquiries; `made` is a prepared one.

    Raises NotAllowed, StepNotAllowed, BadInput, each with its article.
    """
    begin(incident, IncidentStep.AUTHORISE, actor=actor, seen=seen, now=now)
    subject = Subject(matter_of(incident), incident.code, incident.title, incident.agency_id)
    if made is None:
        agency = agency_for(incident, actor)
        made = spokespersons.authorise(subject, grant, agency=agency, actor=actor, now=now, scan=scan)
    else:
        spokespersons.complete(made, subject, grant, actor=actor, now=now, scan=scan)
    if made.granted_at is not None:
        tell(incident, IncidentEvent.AUTHORISE, actor=actor, now=now, **_facts(made))
        spokespersons.tell_given(made, now=now)
    return made


def revoke(incident: Incident, made: Authorisation, reason: str, *, actor: Person, now: datetime) -> None:
    """Take the authority back, whatever became of the incident. Raises NotAllowed, StepNotAllowed, BadInput."""
    if spokespersons.revoke(made, reason, actor=actor, now=now):
        tell(incident, IncidentEvent.REVOKE_AUTHORITY, actor=actor, now=now, reason=made.revoke_reason, **_facts(made))


def _facts(made: Authorisation) -> dict[str, Any]:
    term = {"since": made.from_at.isoformat(), "until": made.term.ends_at.isoformat()}
    return {**spokespersons.facts_of(made), **term}
