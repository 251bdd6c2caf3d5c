"""Files of an inquiry: several at once in, each checked by its content; out as a download that is logged."""

from pathlib import Path
from typing import Any

from flask import Response, current_app, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.forms.handling import FilesForm
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.queries.visibility import get_attachment, get_visible
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.forms import tidy

P = Permission
LONGEST_FILE_NAME = 200


@blueprint.route("/inquiries/<id:inquiry_id>/files", methods=BOTH)
@requires(P.INQUIRY_ATTACH)
def attach(inquiry_id: int) -> ResponseReturnValue:
    """Attach one or several files."""
    act = Act(
        Step.ATTACH,
        FilesForm,
        lambda inquiry, form, by: attach_all(inquiry, checked(form.files.data, needed=True), by),
        said=_("The files are kept with the inquiry."),
        title=_("Attach files"),
        lede=_("At most %(largest)s MB each.", largest=_largest()),
    )
    return run(inquiry_id, act)


@blueprint.get("/inquiries/<id:inquiry_id>/files/<id:file_id>")
@requires(P.INQUIRY_VIEW)
def download(inquiry_id: int, file_id: int) -> Response:
    """One file, to be saved; who took it is logged."""
    start_writing()
    inquiry = get_visible(inquiry_id, reader())
    attachment = get_attachment(inquiry, file_id)
    path = _folder() / attachment.stored_name
    if not path.is_file():
        raise NotFound(N_("This file is on record but not in the store. Tell an administrator."))
    intake.note_download(inquiry, attachment, actor=reader(), now=clock.now())
    name, media_type = attachment.file_name, attachment.media_type
    db.session.commit()
    response = send_file(path, mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def checked(uploads: list[FileStorage] | None, *, needed: bool = False) -> list[tuple[str, bytes]]:
    """Name and content of each file sent. Raises BadInput for the first that may not be kept, before any is."""
    sent = [upload for upload in uploads or [] if isinstance(upload, FileStorage) and upload.filename]
    if needed and not sent:
        raise BadInput(N_("Choose at least one file."), field="files")
    found = [(_plain_name(upload.filename or ""), upload.read()) for upload in sent]
    for name, content in found:
        intake.require_file(name, content, largest=_largest())
    return found


def attach_all(inquiry: Inquiry, files: list[tuple[str, bytes]], by: dict[str, Any]) -> list[Attachment]:
    """Keep files that were checked."""
    where: dict[str, Any] = {"folder": _folder(), "largest": _largest(), "actor": by["actor"], "now": by["now"]}
    return [intake.attach(inquiry, name, content, **where) for name, content in files]


def _plain_name(sent: str) -> str:
    """The name on one line, without folders and control characters, short enough, its ending kept."""
    name = " ".join(str(tidy(sent.replace("\\", "/").rsplit("/", 1)[-1])).split())
    suffix = Path(name).suffix[-20:]
    return name if len(name) <= LONGEST_FILE_NAME else name[: LONGEST_FILE_NAME - len(suffix)] + suffix


def _folder() -> Path:
    return Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])


def _largest() -> int:
    largest: int = current_app.config["PR_TRACKER_MAX_UPLOAD_MB"]
    return largest
