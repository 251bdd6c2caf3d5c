"""The chronology as an official paper."""

from io import BytesIO

from flask import Response, current_app, send_file

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.incidents.actions.opening import note_print
from pr_tracker.incidents.documents import write_chronology
from pr_tracker.incidents.queries.visibility import get_visible
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import reader
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires


@blueprint.get("/incidents/<id:incident_id>/chronology.pdf")
@requires(Permission.INCIDENT_VIEW)
def chronology(incident_id: int) -> Response:
    """The chronology as PDF; it is noted who printed it. Another agency's incident is a 404."""
    now, incident = clock.now(), get_visible(incident_id, reader())
    out = BytesIO()
    write_chronology(incident, out, actor=reader(), place=current_app.config["PR_TRACKER_PLACE"], now=now)
    name = f"dien-bien-VV-{incident.year}-{incident.number:04d}.pdf"
    start_writing()  # only now: drawing takes a while, and meanwhile others write
    note_print(get_visible(incident_id, reader()), actor=reader(), now=now)
    db.session.commit()
    out.seek(0)
    answer = send_file(out, "application/pdf", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
