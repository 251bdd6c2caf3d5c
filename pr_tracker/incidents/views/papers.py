"""The chronology as an official paper."""

from typing import Any

from flask import Response, current_app

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.incidents.actions.opening import note_print
from pr_tracker.incidents.documents import chronology_title, write_chronology
from pr_tracker.incidents.queries.visibility import get_visible
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import reader
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind
from pr_tracker.papers.views.listing import send_issued
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires


@blueprint.get("/incidents/<id:incident_id>/chronology.pdf")
@requires(Permission.INCIDENT_VIEW)
def chronology(incident_id: int) -> Response:
    """The chronology as PDF; it is noted who printed it. Another agency's incident is a 404."""
    now, incident = clock.now(), get_visible(incident_id, reader())
    facts: dict[str, Any] = {"actor": reader(), "now": now}
    place = current_app.config["PR_TRACKER_PLACE"]
    issued = issue_on_reading(
        PaperKind.CHRONOLOGY,
        f"chronology:{incident_id}:{reader().agency_id}",  # what it tells of the inquiries depends on the reader
        chronology_title(incident),
        lambda out, check: write_chronology(incident, out, place=place, check=check, **facts),
        agency=incident.agency,
        **facts,
    )
    name = f"dien-bien-VV-{incident.year}-{incident.number:04d}.pdf"
    note_print(get_visible(incident_id, reader()), actor=reader(), now=now)
    db.session.commit()
    return send_issued(issued, name)
