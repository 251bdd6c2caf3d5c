"""What the province said before on the matter of an incident, and where its statement says otherwise."""

from datetime import date

from pr_tracker.incidents.models import Incident
from pr_tracker.statements.queries import SaidBefore, said_before
from pr_tracker.statements.rules_likeness import Matter


def said_on(incident: Incident, text: str, day: date) -> list[SaidBefore]:
    """What was said on a like matter, held against this text; an earlier statement of the incident too."""
    about = Matter(incident.title, text)
    return said_before(about, about, day)


def contradicted_by(incident: Incident, text: str, day: date) -> list[SaidBefore]:
    """The statements in force that say otherwise than this text."""
    return [one for one in said_on(incident, text, day) if one.contradicts]
