"""Answers that an agency or a trainer records for somebody invited: comes, cannot come, somebody else sent instead."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import replying as actions
from pr_tracker.trainings.forms.invitations import ApologyForm, NomineeForm
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import get_own_participant, sessions_ahead
from pr_tracker.web.access import requires
from pr_tracker.web.forms import Form
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("replies", __name__)
P = Permission


@blueprint.post("/trainings/participants/<id:participant_id>/confirm")
@requires(P.TRAINING_NOMINATE, P.TRAINING_EDIT)
def confirm(participant_id: int) -> ResponseReturnValue:
    """The person comes, as the agency or a trainer knows."""
    one = own(participant_id)
    actions.confirm(one, **_acting())
    db.session.commit()
    if one.waiting_at:
        flash(_("%(name)s is on the waiting list: the place was given on.", name=one.full_name), "warning")
    else:
        flash(_("%(name)s comes.", name=one.full_name))
    return redirect(back_from(one), 303)


@blueprint.route("/trainings/participants/<id:participant_id>/apologise", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE, P.TRAINING_EDIT)
def apologise(participant_id: int) -> ResponseReturnValue:
    """The person cannot come, to the class or to some of its sessions."""
    one, form, status = own(participant_id), ApologyForm(), 200
    form.offer(sessions_ahead(one.class_id, clock.now()))
    if form.is_submitted():
        chosen = form.sessions.data or ()
        status = attempt(form, lambda: actions.apologise(one, form.reason.data, chosen, **_acting()))
        if status == 200:
            flash(_("The apology is recorded."))
            return redirect(back_from(one), 303)
    heading = _("%(name)s cannot come", name=one.full_name)
    return _page(one, form, heading, _("Record the apology")), status


@blueprint.route("/trainings/participants/<id:participant_id>/substitute", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE, P.TRAINING_EDIT)
def substitute(participant_id: int) -> ResponseReturnValue:
    """Somebody else of the same agency comes instead."""
    one, form, status = own(participant_id), NomineeForm(), 200
    if form.is_submitted():
        status = attempt(form, lambda: actions.send_substitute(one, form.entry(), **_acting()))
        if status == 200:
            flash(_("%(name)s comes instead and has a page of their own.", name=form.full_name.data))
            return redirect(back_from(one), 303)
    heading = _("Send somebody else instead of %(name)s", name=one.full_name)
    return _page(one, form, heading, _("Send this person instead")), status


def own(participant_id: int) -> Participant:
    """The row of a roster, when the reader may answer for it. Raises NotFound."""
    return get_own_participant(participant_id, current_user, sees_all=current_user.may(P.TRAINING_EDIT))


def back_from(one: Participant) -> str:
    """The list the reader came from."""
    endpoint = "invitations.index" if current_user.may(P.TRAINING_EDIT) else "nominations.show"
    return url_for(endpoint, class_id=one.class_id)


def _page(one: Participant, form: Form, heading: str, act: str) -> str:
    back = back_from(one)
    return render_template("trainings/reply.html", one=one, form=form, heading=heading, act=act, back=back)


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}
