"""Pages of coordination: agencies are asked, asked again, relieved; their boxes; what they sent in the answer."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.inquiries.actions import merging, parts
from pr_tracker.inquiries.forms import parts as forms
from pr_tracker.inquiries.forms.handling import ActForm
from pr_tracker.inquiries.labels_parts import BOX
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.queries import parts as queries
from pr_tracker.inquiries.queries.case import get_agency
from pr_tracker.inquiries.queries.visibility import get_visible, standing_of
from pr_tracker.inquiries.rules import Step, may
from pr_tracker.inquiries.rules_parts import BoxStep, may_in_box
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.inquiries.views.answer import beside_draft, files_with
from pr_tracker.inquiries.views.telling import part_clock, seal_code
from pr_tracker.permissions import Permission
from pr_tracker.text import word_changes
from pr_tracker.web.access import requires

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/coordination", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def coordinate(inquiry_id: int) -> ResponseReturnValue:
    """Ask agencies for their input."""
    return run(
        inquiry_id,
        Act(
            Step.COORDINATE,
            forms.AskPartsForm,
            _ask,
            said=_("The agencies are asked for their input."),
            lede=_(
                "Each agency answers in its own box; its own head or deputy approves what it sends (Decree "
                "244/2026/NĐ-CP, Article 4(2))."
            ),
            template="inquiries/part_ask.html",
        ),
    )


def _ask(inquiry: Inquiry, form: forms.AskPartsForm, by: dict[str, Any]) -> None:
    agencies = [get_agency(agency_id) for agency_id in form.agency_ids.data or []]
    typed: dict[str, Any] = {"due_at": form.due_at.data, "own_due": form.own_due, "note_text": form.note.data or ""}
    parts.ask(inquiry, agencies, form.questions.data or [], **typed, **by)


@blueprint.route("/inquiries/<id:inquiry_id>/parts/<id:part_id>/ask", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def ask_again(inquiry_id: int, part_id: int) -> ResponseReturnValue:
    """Ask an agency further questions, or back about what it sent."""
    return run(
        inquiry_id,
        Act(
            Step.COORDINATE,
            forms.AskAgainForm.about(part_id),
            lambda inquiry, form, by: _ask_again(queries.get_part(inquiry, part_id), inquiry, form, by),
            said=_("The agency is asked."),
            title=_("Ask the agency again"),
            button=_("Ask"),
            lede=_("Earlier questions and what was sent stay on record, and so does whether it was late."),
            about=lambda inquiry: {"agency": queries.get_part(inquiry, part_id).agency},
        ),
    )


def _ask_again(part: Participation, inquiry: Inquiry, form: forms.AskAgainForm, by: dict[str, Any]) -> None:
    back = bool(form.back.data) if "back" in form else False
    typed: dict[str, Any] = {"back": back, "due_at": form.due_at.data, "note_text": form.note.data or ""}
    parts.ask_again(inquiry, part, form.questions.data or [], **typed, **by)


@blueprint.route("/inquiries/<id:inquiry_id>/coordination/<id:agency_id>/end", methods=BOTH)
@requires(P.INQUIRY_ASSIGN)
def end_coordination(inquiry_id: int, agency_id: int) -> ResponseReturnValue:
    """An agency is asked for its part no longer."""
    return run(
        inquiry_id,
        Act(
            Step.COORDINATE,
            ActForm,
            lambda inquiry, form, by: parts.end_coordination(inquiry, get_agency(agency_id), **by),
            said=_("The agency coordinates no longer. What it sent stays."),
            title=_("End a coordination"),
            button=_("End the coordination"),
            lede=_("The agency will no longer see this inquiry. What it sent stays on record."),
            about=lambda _inquiry: {"agency": get_agency(agency_id)},
        ),
    )


@blueprint.get("/inquiries/<id:inquiry_id>/parts/<id:part_id>")
@requires(P.INQUIRY_VIEW)
def part(inquiry_id: int, part_id: int) -> str:
    """One agency's box: what it is asked, until when, what it sent; for its own people also what is being written."""
    inquiry = get_visible(inquiry_id, reader(), whole=True)
    box, now = queries.get_part(inquiry, part_id), clock.now()
    standing = standing_of(inquiry, reader(), now=now)
    who = queries.box_standing(box, reader(), steers=standing.steers and may(Step.COORDINATE, standing))
    versions = queries.versions_of(box, own=who.is_own)
    running = box.ended_at is None and inquiry.finished_at is None
    return render_template(
        "inquiries/part.html",
        inquiry=inquiry,
        part=box,
        who=who,
        rounds=queries.rounds_of(box),
        versions=versions,
        newest=versions[0] if versions else None,
        current=next((each for each in versions if each.approved_at and not each.superseded_at), None),
        clock=part_clock(box, now, inquiry.finished_at, working_calendar()),
        steps={step for step in BoxStep if running and box.box and may_in_box(step, box.box, who)},
        running=running,
        box_words=BOX,
        seal_code=seal_code,
    )


@blueprint.get("/inquiries/<id:inquiry_id>/parts/<id:part_id>/versions/<id:old>/<id:new>")
@requires(P.INQUIRY_VIEW)
def part_difference(inquiry_id: int, part_id: int, old: int, new: int) -> str:
    """What changed between two versions of a part, word by word; for others only between approved ones."""
    inquiry = get_visible(inquiry_id, reader())
    box = queries.get_part(inquiry, part_id)
    own = queries.is_own_box(box, reader())
    before, after = (queries.get_version(box, number, own=own) for number in (old, new))
    return render_template(
        "inquiries/part_difference.html",
        inquiry=inquiry,
        part=box,
        before=before,
        after=after,
        changes=word_changes(before.text, after.text),
    )


# --- what was sent goes into the answer -------------------------------------------------------------------


@blueprint.post("/inquiries/<id:inquiry_id>/merge/<id:contribution_id>")
@requires(P.INQUIRY_DRAFT)
def merge(inquiry_id: int, contribution_id: int) -> ResponseReturnValue:
    """Put what an agency sent at the end of what is typed, as a new version with its source."""
    return run(
        inquiry_id,
        Act(
            Step.DRAFT,
            forms.MergeForm,
            lambda inquiry, form, by: merging.merge(
                inquiry,
                queries.get_sent(inquiry, contribution_id),
                form.text.data or "",
                file_ids=files_with(inquiry, form, by),
                **by,
            ),
            said=_("Taken up at the end of the answer, as a new version that names its source."),
            template="inquiries/case_draft.html",
            about=beside_draft,
            then="inquiries.draft",
        ),
    )


@blueprint.post("/inquiries/<id:inquiry_id>/sources/<id:source_id>/drop")
@requires(P.INQUIRY_DRAFT)
def drop_source(inquiry_id: int, source_id: int) -> ResponseReturnValue:
    """The answer no longer uses what an agency sent."""
    return run(
        inquiry_id,
        Act(
            Step.DRAFT,
            ActForm,
            lambda inquiry, form, by: merging.drop_source(inquiry, queries.get_source(inquiry, source_id), **by),
            said=_("The answer no longer names this source."),
            title=_("Drop a source of the answer"),
            then="inquiries.draft",
        ),
    )
