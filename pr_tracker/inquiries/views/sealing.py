"""Pages of approval: read and seal exactly one text, or return it; record that the sealed text was given."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.inquiries.actions import sealing
from pr_tracker.inquiries.forms import sealing as forms
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case as queries
from pr_tracker.inquiries.queries.case import get_person
from pr_tracker.inquiries.queries.parts import sources_of
from pr_tracker.inquiries.queries.seals import required_steps, reviews_of
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, run
from pr_tracker.inquiries.views.files import attach_all
from pr_tracker.inquiries.views.telling import clock_of, text_shown
from pr_tracker.inquiries.views.voice import said_beside
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.files import sent_files, upload_folder

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/approve", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def approve(inquiry_id: int) -> ResponseReturnValue:
    """Approve exactly the text and files that were read."""
    act = Act(
        Step.APPROVE,
        forms.ApproveForm,
        lambda inquiry, form, by: sealing.approve(
            inquiry, digest=form.digest.data or "", alone=bool(form.alone.data), **by
        ),
        said=_("Your approval is sealed."),
        template="inquiries/case_approve.html",
        about=_beside_approval,
    )
    return run(inquiry_id, act)


def _beside_approval(inquiry: Inquiry) -> dict[str, Any]:
    parts = [row for row in queries.parts_of(inquiry) if row.part is Part.COORDINATING]
    step, shown = inquiry.review_step or ReviewStep.AGENCY, text_shown(inquiry)
    given = shown["newest"].text if shown["newest"] and not shown["newest"].ground else ""
    return {
        **(said_beside(inquiry, given) if given else {"said": []}),
        **shown,
        "sources": sources_of(inquiry, newest.number) if (newest := shown["newest"]) else [],
        "clock": clock_of(inquiry, clock.now()),
        "submission": queries.submission_of(inquiry),
        "asked_parts": len(parts),
        "sent_parts": sum(row.sent_at is not None for row in parts),
        "step": step,
        "seals": [row for row in reversed(reviews_of(inquiry)) if row.approved and row.voided_at is None],
        "is_last": required_steps(inquiry)[-1] is step or step is ReviewStep.PROVINCE,
    }


@blueprint.route("/inquiries/<id:inquiry_id>/return", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def return_draft(inquiry_id: int) -> ResponseReturnValue:
    """Send the text back with a reason."""
    act = Act(
        Step.RETURN,
        forms.ReturnForm,
        lambda inquiry, form, by: sealing.return_draft(inquiry, form.reason.data, **by),
        said=_("Returned for revision."),
        template="inquiries/case_text.html",
        about=text_shown,
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/sensitive", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def mark_sensitive(inquiry_id: int) -> ResponseReturnValue:
    """Say that the matter is sensitive, so that UBND tỉnh approves too."""
    act = Act(
        Step.MARK_SENSITIVE,
        forms.SensitiveForm,
        lambda inquiry, form, by: sealing.mark_sensitive(inquiry, form.reason.data, **by),
        said=_("The inquiry is marked as sensitive."),
        lede=_("The leadership of UBND tỉnh then approves the answer too. The mark stays."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/release", methods=BOTH)
@requires(P.INQUIRY_RELEASE)
def release(inquiry_id: int) -> ResponseReturnValue:
    """Record how the sealed answer was given to the press."""
    act = Act(
        Step.RELEASE,
        forms.ReleaseForm,
        _release,
        said=_("The release is recorded. The clock has stopped."),
        lede=_("Only the approved version below may be given. The clock stops at the time you enter."),
        template="inquiries/case_release.html",
        about=_beside_release,
    )
    return run(inquiry_id, act)


def _beside_release(inquiry: Inquiry) -> dict[str, Any]:
    shown = text_shown(inquiry)
    return {**shown, **said_beside(inquiry, shown["newest"].text if shown["newest"] else "")}


def _release(inquiry: Inquiry, form: forms.ReleaseForm, by: dict[str, Any]) -> None:
    uploads, at = sent_files(form.files.data), form.released_at.data
    assert at is not None  # the form has asked
    sealing.release(
        inquiry,
        form.answer_form.data,
        at=at,
        speaker=get_person(form.speaker_id.data),
        evidence=form.evidence.data,
        stated=form.stated.data or () if "stated" in form else (),
        digest=form.digest.data or "",
        folder=upload_folder(),
        library=form.library(),
        **by,
    )
    attach_all(inquiry, uploads, by)
