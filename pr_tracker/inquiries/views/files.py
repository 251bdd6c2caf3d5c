"""Files of an inquiry: several at once in, each checked by its content; out as a download that is logged."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.forms.handling import FilesForm
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.queries.visibility import get_attachment, get_visible
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, kept_path, largest_file, send_kept, sent_files

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/files", methods=BOTH)
@requires(P.INQUIRY_ATTACH)
def attach(inquiry_id: int) -> ResponseReturnValue:
    """Attach one or several files."""
    act = Act(
        Step.ATTACH,
        FilesForm,
        lambda inquiry, form, by: attach_all(inquiry, sent_files(form.files.data, needed=True), by),
        said=_("The files are kept with the inquiry."),
        title=_("Attach files"),
        lede=_("At most %(largest)s MB each.", largest=largest_file()),
    )
    return run(inquiry_id, act)


@blueprint.get("/inquiries/<id:inquiry_id>/files/<id:file_id>")
@requires(P.INQUIRY_VIEW)
def download(inquiry_id: int, file_id: int) -> Response:
    """One file, to be saved; who took it is logged."""
    start_writing()
    inquiry = get_visible(inquiry_id, reader())
    attachment = get_attachment(inquiry, file_id)
    path = kept_path(attachment)
    intake.note_download(inquiry, attachment, actor=reader(), now=clock.now())
    name, media_type = attachment.file_name, attachment.media_type
    db.session.commit()
    return send_kept(path, file_name=name, media_type=media_type)


def attach_all(inquiry: Inquiry, files: list[tuple[str, bytes]], by: dict[str, Any]) -> list[Attachment]:
    """Keep files that were checked."""
    where: dict[str, Any] = {**keeping(), "actor": by["actor"], "now": by["now"]}
    return [intake.attach(inquiry, name, content, **where) for name, content in files]
