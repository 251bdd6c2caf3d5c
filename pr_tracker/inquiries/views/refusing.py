"""Pages of a refusal: its ground and reason as a version to be approved; record that the press was told."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker.inquiries.actions import answer, refusing
from pr_tracker.inquiries.forms.answer import RefusalForm
from pr_tracker.inquiries.forms.sealing import ToldForm
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, run
from pr_tracker.inquiries.views.answer import beside_draft, said_of_saving, submits
from pr_tracker.inquiries.views.files import attach_all
from pr_tracker.inquiries.views.telling import text_shown
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.files import sent_files, upload_folder

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/refusal", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def refusal(inquiry_id: int) -> ResponseReturnValue:
    """Write the refusal: the ground in force today, and the reason in words for the press."""
    act = Act(
        Step.DRAFT,
        RefusalForm,
        _save,
        said=said_of_saving(),
        title=_("Refuse to give the information"),
        lede=_("The law knows no other grounds, and the press must be told the reason."),
        template="inquiries/case_refusal.html",
        about=beside_draft,
    )
    return run(inquiry_id, act)


def _save(inquiry: Inquiry, form: RefusalForm, by: dict[str, Any]) -> None:
    save = answer.save_and_submit if submits() else answer.save_draft
    save(inquiry, form.text.data, ground=form.ground.data, file_ids=(), **by)


@blueprint.route("/inquiries/<id:inquiry_id>/refuse", methods=BOTH)
@requires(P.INQUIRY_RELEASE)
def refuse(inquiry_id: int) -> ResponseReturnValue:
    """Record that the press was told of the sealed refusal."""
    act = Act(
        Step.REFUSE,
        ToldForm,
        _refuse,
        said=_("The refusal is recorded with its ground and reason."),
        lede=_("Only the approved words below may be given. The clock stops at the time you enter."),
        template="inquiries/case_text.html",
        about=text_shown,
    )
    return run(inquiry_id, act)


def _refuse(inquiry: Inquiry, form: ToldForm, by: dict[str, Any]) -> None:
    uploads, at = sent_files(form.files.data), form.released_at.data
    assert at is not None  # the form has asked
    refusing.refuse(
        inquiry,
        form.answer_form.data,
        at=at,
        evidence=form.evidence.data,
        digest=form.digest.data or "",
        folder=upload_folder(),
        **by,
    )
    attach_all(inquiry, uploads, by)
