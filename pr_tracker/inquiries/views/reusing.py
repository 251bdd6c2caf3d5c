"""A statement goes into a draft again; what was said before is held against what is being typed."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.inquiries.actions.reusing import use_statement
from pr_tracker.inquiries.forms.parts import MergeForm
from pr_tracker.inquiries.queries.visibility import get_visible, latest_draft, standing_of
from pr_tracker.inquiries.rules import Step, may
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import Act, reader, run
from pr_tracker.inquiries.views.answer import beside_draft, files_with
from pr_tracker.inquiries.views.voice import said_beside, text_at_hand
from pr_tracker.permissions import Permission
from pr_tracker.web.access import only_reads, requires

P = Permission


@blueprint.post("/inquiries/<id:inquiry_id>/reuse/<id:statement_id>")
@requires(P.INQUIRY_DRAFT)
def reuse(inquiry_id: int, statement_id: int) -> ResponseReturnValue:
    """Put a statement in force at the end of what is typed, as a new version with its source."""
    act = Act(
        Step.DRAFT,
        MergeForm,
        lambda inquiry, form, by: use_statement(
            inquiry, statement_id, form.text.data or "", file_ids=files_with(inquiry, form, by), **by
        ),
        said=_("Put at the end of the draft, as a new version that names the statement."),
        template="inquiries/case_draft.html",
        about=beside_draft,
        then="inquiries.draft",
    )
    return run(inquiry_id, act)


@blueprint.post("/inquiries/<id:inquiry_id>/draft/said-before")
@requires(P.INQUIRY_DRAFT)
@only_reads
def preview_said_before(inquiry_id: int) -> str:
    """What the province said before, held against what is typed now. A piece of a page."""
    inquiry = get_visible(inquiry_id, reader())
    is_open = may(Step.DRAFT, standing_of(inquiry, reader(), Step.DRAFT, now=clock.now()))
    shown = said_beside(inquiry, text_at_hand(latest_draft(inquiry)))
    return render_template("inquiries/case_said.html", inquiry=inquiry, is_open=is_open, **shown)
