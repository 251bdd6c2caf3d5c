"""Pages of the answer: its versions and their files, submission, withdrawal; closing and archive."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.inquiries.actions import answer
from pr_tracker.inquiries.forms import answer as forms
from pr_tracker.inquiries.forms.handling import ActForm
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case as queries
from pr_tracker.inquiries.queries import parts
from pr_tracker.inquiries.queries.visibility import get_visible, read_draft
from pr_tracker.inquiries.rules import Status, Step
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.inquiries.views.files import attach_all
from pr_tracker.inquiries.views.telling import clock_of, text_shown
from pr_tracker.inquiries.views.voice import said_beside, text_at_hand
from pr_tracker.permissions import Permission
from pr_tracker.text import word_changes
from pr_tracker.web.access import requires
from pr_tracker.web.files import sent_files
from pr_tracker.web.forms import tidy
from pr_tracker.web.parameters import id_of

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/draft", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def draft(inquiry_id: int) -> ResponseReturnValue:
    """Write the answer: save a new version with its files, or save and submit it."""
    act = Act(
        Step.DRAFT,
        forms.DraftForm,
        _save,
        said=said_of_saving(),
        template="inquiries/case_draft.html",
        about=beside_draft,
    )
    return run(inquiry_id, act)


def submits() -> bool:
    """Whether the text is to be submitted at once."""
    return request.form.get("then") == "submit"


def said_of_saving() -> str:
    """What is said after a version was saved."""
    return _("Saved and submitted for approval.") if submits() else _("Saved as a new version.")


def _save(inquiry: Inquiry, form: forms.DraftForm, by: dict[str, Any]) -> None:
    save = answer.save_and_submit if submits() else answer.save_draft
    save(inquiry, form.text.data, file_ids=files_with(inquiry, form, by), **by)


def files_with(inquiry: Inquiry, form: forms.DraftForm, by: dict[str, Any]) -> list[int]:
    """The files that go with the version: those ticked, and those handed in now."""
    added = [file.id for file in attach_all(inquiry, sent_files(form.files.data), by)]
    return [*(form.file_ids.data or []), *added]


def beside_draft(inquiry: Inquiry) -> dict[str, Any]:
    """What the drafter wants in view: the questions, what came back, what the agencies sent."""
    newest = read_draft(inquiry)
    typed, calendar = tidy(request.form.get("text", "")), working_calendar()
    return {
        "newest": newest,
        "differences": word_changes(newest.text, typed) if newest and typed and newest.text != typed else [],
        "returned": queries.last_return_of(inquiry) if inquiry.status is Status.RETURNED else None,
        "sent_parts": parts.sent_to(inquiry),
        "sources": parts.sources_of(inquiry, newest.number) if newest else [],
        "clock": clock_of(inquiry, clock.now(), calendar),
        **said_beside(inquiry, text_at_hand(newest), calendar),
    }


@blueprint.route("/inquiries/<id:inquiry_id>/submit", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def submit(inquiry_id: int) -> ResponseReturnValue:
    """Put the newest version before whoever approves first."""
    act = Act(
        Step.SUBMIT,
        ActForm,
        lambda inquiry, form, by: answer.submit(inquiry, **by),
        said=_("Submitted for approval."),
        lede=_("The head or a deputy of the lead agency reads this text and approves or returns it."),
        template="inquiries/case_text.html",
        about=text_shown,
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/withdraw", methods=BOTH)
@requires(P.INQUIRY_CLOSE)
def withdraw(inquiry_id: int) -> ResponseReturnValue:
    """Record that the press withdrew its inquiry."""
    act = Act(
        Step.WITHDRAW,
        forms.WithdrawForm,
        lambda inquiry, form, by: answer.withdraw(inquiry, form.reason.data, **by),
        said=_("The withdrawal is recorded."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/close", methods=BOTH)
@requires(P.INQUIRY_CLOSE)
def close(inquiry_id: int) -> ResponseReturnValue:
    """Close the file."""
    act = Act(
        Step.CLOSE,
        forms.CloseForm,
        lambda inquiry, form, by: answer.close(inquiry, form.note.data or "", **by),
        said=_("The file is closed."),
        lede=_("Close it when nothing more is expected: neither of the press nor of the agencies."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/archive", methods=BOTH)
@requires(P.INQUIRY_CLOSE)
def archive(inquiry_id: int) -> ResponseReturnValue:
    """Hand the closed file to the archive."""
    act = Act(
        Step.ARCHIVE,
        ActForm,
        lambda inquiry, form, by: answer.archive(inquiry, **by),
        said=_("The file is in the archive."),
        lede=_("Nothing can be added to an archived file. It stays readable."),
    )
    return run(inquiry_id, act)


@blueprint.get("/inquiries/<id:inquiry_id>/versions")
@requires(P.INQUIRY_VIEW)
def versions(inquiry_id: int) -> ResponseReturnValue:
    """From the form that names two versions to the address of their difference."""
    inquiry = get_visible(inquiry_id, reader())
    old, new = id_of("old") or 1, id_of("new") or 1
    return redirect(url_for(".difference", inquiry_id=inquiry.id, old=old, new=new))


@blueprint.get("/inquiries/<id:inquiry_id>/versions/<id:old>/<id:new>")
@requires(P.INQUIRY_VIEW)
def difference(inquiry_id: int, old: int, new: int) -> str:
    """What changed between any two versions, word by word."""
    inquiry = get_visible(inquiry_id, reader())
    before, after = queries.get_draft(inquiry, old), queries.get_draft(inquiry, new)
    return render_template(
        "inquiries/case_difference.html",
        inquiry=inquiry,
        before=before,
        after=after,
        changes=word_changes(before.text, after.text),
        numbers=queries.versions_of(inquiry),
    )
