"""The page of one participant, without an account: whoever has the link is the person.

Other features put what they offer there into a list: install(app, parts).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for

from pr_tracker import clock
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import sessions_of
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Offer
from pr_tracker.web.access import public
from pr_tracker.web.qr import qr_svg

blueprint = Blueprint("my_class", __name__)
Part = Callable[[Participant, datetime], Sequence[Offer]]


def install(app: Flask, parts: Sequence[Part]) -> None:
    """What else a participant's page offers: each part takes the participant and the moment, and gives its offers."""
    app.extensions["my_class_parts"] = tuple(parts)


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/my-class/<token>")
@public
def show(token: str) -> str:
    """The class, its sessions, one's own code and QR, and what there is to do now."""
    one, now = get_by_token(token), clock.now()
    offers = [offer for part in current_app.extensions["my_class_parts"] for offer in part(one, now)]
    return render_template(
        "trainings/my_class.html",
        one=one,
        training_class=one.training_class,
        course=one.training_class.course,
        sessions=sessions_of(one.class_id),
        offers=sorted(offers, key=lambda offer: not offer.primary),
    )


@blueprint.get("/my-class/<token>/qr.svg")
@public
def qr(token: str) -> Response:
    """The QR that leads here: what staff scan at the door."""
    one = get_by_token(token)
    return Response(qr_svg(personal_link(one)), mimetype="image/svg+xml")


def personal_link(one: Participant) -> str:
    """The whole address of a participant's page."""
    base = current_app.config["PR_TRACKER_PUBLIC_URL"] or request.host_url.rstrip("/")
    return f"{base}{url_for('my_class.show', token=one.token)}"
