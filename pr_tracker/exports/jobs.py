"""In the background: an agency's whole file."""

from pathlib import Path

from flask import current_app

from pr_tracker.db import start_writing
from pr_tracker.exports import actions
from pr_tracker.exports.documents.agency import write_agency
from pr_tracker.exports.queries.agency import get_agency_for
from pr_tracker.exports.rules import ExportEvent
from pr_tracker.runs.rules import Running

AGENCY = "exports.agency"


def agency_file(running: Running) -> None:
    """The whole file of running.asked["agency_id"], as one ZIP; at the end it is noted who took it out."""
    agency = get_agency_for(int(running.asked["agency_id"]), running.actor)
    running.name(f"ho-so-{agency.code}.zip", "application/zip")
    uploads, place = Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"]), current_app.config["PR_TRACKER_PLACE"]
    about = {"uploads": uploads, "place": place, "actor": running.actor, "now": running.now}
    taken = write_agency(agency, running.out, progress=running.progress, **about)
    start_writing()
    actions.note_taken(ExportEvent.AGENCY, agency, taken, actor=running.actor, now=running.now)
