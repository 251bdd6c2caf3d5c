"""Take out what is kept: about oneself, about a person who asks (Law 91/2025/QH15), an agency's whole file."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.queries import get_person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotAllowed
from pr_tracker.exports import actions, jobs
from pr_tracker.exports.documents import people as papers
from pr_tracker.exports.forms import AgencyForm
from pr_tracker.exports.queries.agency import agencies_for, get_agency_for
from pr_tracker.exports.queries.people import get_participant
from pr_tracker.exports.rules import ExportEvent
from pr_tracker.notices.labels import KINDS, MAIL_STATES
from pr_tracker.outlets.queries import get_journalist
from pr_tracker.permissions import Permission
from pr_tracker.runs.views import in_background, to_page
from pr_tracker.web.access import requires, signed_in
from pr_tracker.web.files import upload_folder

blueprint = Blueprint("exports", __name__)
P = Permission
_write_person = partial(papers.write_person, notice_words=KINDS, mail_words=MAIL_STATES)


@blueprint.get("/exports")
@signed_in
def index() -> str:
    """What the reader may take out as a whole."""
    return _page(_form())


@blueprint.post("/exports/me")
@signed_in
def own() -> Response:
    """Everything kept about the reader."""
    return _zip(ExportEvent.PERSON, get_person(current_user.id), _write_person, "du-lieu-cua-toi")


@blueprint.post("/exports/people/<id:person_id>")
@requires(P.ACCOUNT_MANAGE)
def person(person_id: int) -> Response:
    """Everything kept about somebody who has an account."""
    return _zip(ExportEvent.PERSON, get_person(person_id), _write_person, f"du-lieu-nguoi-dung-{person_id}")


@blueprint.post("/exports/journalists/<id:journalist_id>")
@requires(P.OUTLET_EDIT)
def journalist(journalist_id: int) -> Response:
    """Everything kept about a journalist; who sees the whole province's inquiries answers for all of them."""
    one = get_journalist(journalist_id)
    if not current_user.sees_all:
        raise NotAllowed(N_("The provincial office hands out what is kept about a journalist: it knows every inquiry."))
    return _zip(ExportEvent.JOURNALIST, one, papers.write_journalist, f"du-lieu-nha-bao-{journalist_id}")


@blueprint.post("/exports/participants/<id:participant_id>")
@requires(P.TRAINING_EDIT)
def participant(participant_id: int) -> Response:
    """Everything kept about a trainee, in all classes."""
    one = get_participant(participant_id)
    return _zip(ExportEvent.PARTICIPANT, one, papers.write_participant, f"du-lieu-hoc-vien-{participant_id}")


@blueprint.post("/exports/agency")
@requires(P.AGENCY_FILE)
def agency() -> ResponseReturnValue:
    """An agency's whole file, in the background; a second click finds the first."""
    form = _form()
    if form is None or not form.validate_on_submit():
        return _page(form), 422
    one = get_agency_for(form.agency_id.data, current_user)
    title = _("Whole file of %(name)s", name=one.name)
    return to_page(in_background(jobs.AGENCY, {"agency_id": one.id}, title=title, key=f"agency:{one.id}"))


def _form() -> AgencyForm | None:
    if not current_user.may(P.AGENCY_FILE):
        return None
    form = AgencyForm()
    form.agency_id.choices = [(one.id, one.name) for one in agencies_for(current_user)]
    return form


def _page(form: AgencyForm | None) -> str:
    return render_template("exports/index.html", form=form)


def _zip(event: ExportEvent, subject: Any, write: Callable[..., Any], name: str) -> Response:
    now, out = clock.now(), BytesIO()
    taken = write(subject, out, uploads=upload_folder(), by=current_user.full_name, now=now)
    actions.note_taken(event, subject, taken, actor=current_user, now=now)
    db.session.commit()
    return _download(out, f"{name}-{_stamp(now)}.zip")


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%d}"


def _download(out: BytesIO, name: str) -> Response:
    out.seek(0)
    answer = send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
