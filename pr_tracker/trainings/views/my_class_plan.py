"""The sessions of a participant's class for their own calendar, without an account."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.trainings.documents_calendar import takes_part, write_calendar
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan_calendar import sessions_of_class
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Offer
from pr_tracker.web.access import public

blueprint = Blueprint("my_class_plan", __name__)


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/my-class/<token>/calendar.ics")
@public
def calendar(token: str) -> Response:
    """The sessions of the class, for the calendar of a phone; a program may fetch it again and again."""
    one = get_by_token(token)
    base = current_app.config["PR_TRACKER_PUBLIC_URL"] or request.host_url.rstrip("/")
    with force_locale(current_app.config["PR_TRACKER_LANGUAGE"]):
        domain = urlsplit(base).hostname or "localhost"
        response = Response(write_calendar(one, base=base, domain=domain, now=clock.now()), mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def offers(one: Participant, now: datetime) -> Sequence[Offer]:
    """On the participant's page: the way into their own calendar, while a session is to come."""
    coming = any(row.cancelled_at is None and row.ends_at > now for row in sessions_of_class(one.class_id))
    if not coming or not takes_part(one):
        return []
    sentence = _("Opens in the calendar of the phone or computer; when a day is moved, open it again.")
    return [Offer(_("Put the sessions into a calendar"), sentence, url_for("my_class_plan.calendar", token=one.token))]
