"""The page of one participant, without an account: whoever has the link is the person.

Other features put what they offer there into a list: install(app, parts).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.trainings.actions import replying as actions
from pr_tracker.trainings.forms.invitations import ApologyForm, NomineeForm
from pr_tracker.trainings.models import ClassVenue
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import apologies_of, is_over, sessions_ahead, substitute_of
from pr_tracker.trainings.queries.plan import sessions_of
from pr_tracker.trainings.queries.plan_class import get_material, materials_of
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Offer, Reply
from pr_tracker.web.access import public
from pr_tracker.web.files import kept_path, send_kept
from pr_tracker.web.forms import Form
from pr_tracker.web.qr import qr_svg
from pr_tracker.web.views_saving import attempt

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
        materials=materials_of(one.class_id),
        apologies=apologies_of([one.id]).get(one.id, []),
        instead=substitute_of(one) if one.reply is Reply.SUBSTITUTED else "",
        venue=db.session.get(ClassVenue, one.venue_id) if one.venue_id else None,
        over=is_over(one.training_class, now),
        offers=sorted(offers, key=lambda offer: not offer.primary),
    )


@blueprint.post("/my-class/<token>/confirm")
@public
def confirm(token: str) -> ResponseReturnValue:
    """The person comes."""
    one = get_by_token(token)
    actions.confirm(one, actor=None, now=clock.now())
    db.session.commit()
    flash(_("On the waiting list again: the place was given on.") if one.waiting_at else _("Confirmed, thank you."))
    return redirect(url_for(".show", token=token), 303)


@blueprint.route("/my-class/<token>/apologise", methods=["GET", "POST"])
@public
def apologise(token: str) -> ResponseReturnValue:
    """The person cannot come, to the class or to some of its sessions, and says why."""
    one, now, form, status = get_by_token(token), clock.now(), ApologyForm(), 200
    form.offer(sessions_ahead(one.class_id, now))
    if form.is_submitted():
        chosen = form.sessions.data or ()
        status = attempt(form, lambda: actions.apologise(one, form.reason.data, chosen, actor=None, now=now))
        if status == 200:
            flash(_("The apology is recorded."))
            return redirect(url_for(".show", token=token), 303)
    return _reply_page(one, form, _("Cannot come"), _("Send the apology")), status


@blueprint.route("/my-class/<token>/substitute", methods=["GET", "POST"])
@public
def substitute(token: str) -> ResponseReturnValue:
    """Somebody else of the same agency comes instead."""
    one, form, status = get_by_token(token), NomineeForm(), 200
    if form.is_submitted():
        status = attempt(form, lambda: actions.send_substitute(one, form.entry(), actor=None, now=clock.now()))
        if status == 200:
            flash(_("%(name)s comes instead and has a page of their own.", name=form.full_name.data))
            return redirect(url_for(".show", token=token), 303)
    return _reply_page(one, form, _("Send somebody else"), _("Send this person instead")), status


def _reply_page(one: Participant, form: Form, heading: str, act: str) -> str:
    return render_template("trainings/my_class_reply.html", one=one, form=form, heading=heading, act=act)


@blueprint.get("/my-class/<token>/materials/<id:material_id>")
@public
def material(token: str, material_id: int) -> Response:
    """A paper of one of the sessions."""
    one = get_by_token(token)
    if not one.active or one.reply is Reply.SUBSTITUTED:
        raise NotFound(N_("There is no such material."))
    file = get_material(material_id, class_id=one.class_id).file
    return send_kept(kept_path(file), file_name=file.file_name, media_type=file.media_type)


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
