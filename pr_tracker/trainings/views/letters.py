"""Letters of invitation to print, and as what goes with the mails."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, has_request_context, request
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.queries import get_agency
from pr_tracker.audit.actions import record
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.notices.mail import DEVELOPMENT, Attachment
from pr_tracker.notices.models import Notice
from pr_tracker.permissions import Permission
from pr_tracker.trainings.documents_invitation import write_agency_letter, write_invitations
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import get_class_for, invited_of
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.trainings.rules_invitations import InvitationEvent
from pr_tracker.web.access import requires

blueprint = Blueprint("letters", __name__)
P = Permission


@blueprint.get("/trainings/classes/<id:class_id>/invitations.pdf")
@requires(P.TRAINING_EDIT)
def people(class_id: int) -> Response:
    """The letters to everybody with a place, a page each."""
    rows = [row for row in invited_of(class_id) if row.waiting_at is None]
    return _printed(get_class(class_id), rows, f"giay-moi-{class_id}.pdf")


@blueprint.get("/trainings/participants/<id:participant_id>/invitation.pdf")
@requires(P.TRAINING_EDIT)
def person(participant_id: int) -> Response:
    """The letter to one person."""
    row = get_participant(participant_id)
    return _printed(row.training_class, [row], f"giay-moi-{row.class_id}-{row.number}.pdf")


@blueprint.get("/trainings/classes/<id:class_id>/agencies/<id:agency_id>/letter.pdf")
@requires(P.TRAINING_EDIT, P.TRAINING_NOMINATE)
def agency(class_id: int, agency_id: int) -> Response:
    """The letter to an agency, which its own people may print too."""
    if current_user.may(P.TRAINING_EDIT):
        one, addressee = get_class(class_id), get_agency(agency_id)
    elif agency_id == current_user.agency_id:
        one, addressee = get_class_for(class_id, agency_id)[0], current_user.agency
    else:
        raise NotFound(N_("There is no such class."))
    out = BytesIO()
    write_agency_letter(one, addressee, out, place=current_app.config["PR_TRACKER_PLACE"])
    return _taken(one, out, f"cong-van-{class_id}-{agency_id}.pdf", agency=addressee.name)


def _printed(one: TrainingClass, rows: Any, name: str) -> Response:
    if not rows:
        raise NotFound(N_("There is nobody to invite."))
    out = BytesIO()
    write_invitations(one, rows, out, place=current_app.config["PR_TRACKER_PLACE"], base=_base())
    return _taken(one, out, name, people=len(rows))


def _taken(one: TrainingClass, out: BytesIO, name: str, **what: Any) -> Response:
    start_writing()  # only now: drawing takes seconds, and meanwhile others write
    record(InvitationEvent.LETTER, one, **_acting(), **what)
    db.session.commit()
    response = Response(out.getvalue(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def paper_of_person(notice: Notice) -> list[Attachment]:
    """The letter that goes with the mail to a participant, as it stands when the mail is sent."""
    row = db.session.get(Participant, notice.about_id) if notice.about_kind == "participants" else None
    if row is None or not row.active or row.waiting_at is not None:
        return []
    out = BytesIO()
    write_invitations(row.training_class, [row], out, place=current_app.config["PR_TRACKER_PLACE"], base=_base())
    return [Attachment("giay-moi.pdf", out.getvalue())]


def paper_of_agency(notice: Notice) -> list[Attachment]:
    """The letter that goes with the mail to the people of an agency."""
    one = db.session.get(TrainingClass, notice.about_id) if notice.about_kind == "training_classes" else None
    if one is None or notice.person is None:
        return []
    out = BytesIO()
    write_agency_letter(one, notice.person.agency, out, place=current_app.config["PR_TRACKER_PLACE"])
    return [Attachment("cong-van.pdf", out.getvalue())]


def _base() -> str:
    here = request.host_url.rstrip("/") if has_request_context() else DEVELOPMENT
    return current_app.config["PR_TRACKER_PUBLIC_URL"] or here


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}
