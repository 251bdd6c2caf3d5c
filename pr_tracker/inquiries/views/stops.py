"""Pages of the acts that stop the clock or lengthen its term: what is left, what it would mean, then the act."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines.labels import due_words, explain
from pr_tracker.deadlines.labels_names import EXTENSION_REASONS, sentence
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_terms import DayUnit
from pr_tracker.errors import BadInput
from pr_tracker.inquiries.actions import stops
from pr_tracker.inquiries.forms.handling import ActForm
from pr_tracker.inquiries.forms.stops import DecisionForm, ExtensionForm, PauseForm
from pr_tracker.inquiries.labels import unit_words
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.queries.stops import waiting_extension
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.inquiries.views.files import attach_all
from pr_tracker.permissions import Permission
from pr_tracker.web.access import only_reads, requires
from pr_tracker.web.errors import say
from pr_tracker.web.files import sent_files

P = Permission


@blueprint.route("/inquiries/<id:inquiry_id>/pause", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def pause(inquiry_id: int) -> ResponseReturnValue:
    """Stop the clock until a working day, for a coded reason and with evidence."""
    act = Act(
        Step.PAUSE,
        PauseForm,
        _pause,
        said=_("The clock is stopped. It runs on by itself."),
        lede=_(
            "The clock keeps the days it has left and reminds nobody while it stands; it runs on by itself. "
            "The stop stands beside every figure of what was on time."
        ),
        template="inquiries/case_stop.html",
        about=partial(_what_it_means, form_class=PauseForm, computed=_if_paused, preview=".preview_pause"),
    )
    return run(inquiry_id, act)


def _pause(inquiry: Inquiry, form: PauseForm, by: dict[str, Any]) -> None:
    day = form.day
    assert day is not None  # the form has asked for the reason
    stops.planned_stop(inquiry, form.reason.data, day, now=by["now"])  # before a file is kept
    evidence = _kept(inquiry, form, by)
    stops.pause(inquiry, form.reason.data, day, form.evidence.data, attachment=evidence, **by)


def _kept(inquiry: Inquiry, form: PauseForm | ExtensionForm, by: dict[str, Any]) -> Attachment | None:
    """The first of the files sent as evidence; all are kept with the inquiry."""
    kept = attach_all(inquiry, sent_files(form.files.data), by)
    return kept[0] if kept else None


def _if_paused(inquiry: Inquiry, form: PauseForm, now: datetime) -> Deadline | None:
    return stops.planned_stop(inquiry, form.reason.data, form.day, now=now) if form.reason.data and form.day else None


@blueprint.post("/inquiries/<id:inquiry_id>/pause/preview")
@requires(P.INQUIRY_DRAFT)
@only_reads
def preview_pause(inquiry_id: int) -> str:
    """What a stop would mean: the due time before and after. A piece of a page."""
    return _preview(inquiry_id, PauseForm, _if_paused, ".preview_pause")


@blueprint.route("/inquiries/<id:inquiry_id>/resume", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def resume(inquiry_id: int) -> ResponseReturnValue:
    """Let a stopped clock run on from today."""
    act = Act(
        Step.RESUME,
        ActForm,
        lambda inquiry, form, by: stops.resume(inquiry, **by),
        said=_("The clock runs on."),
        lede=_("From today the clock runs on with the days it had left when it was stopped."),
    )
    return run(inquiry_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/extension", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def ask_extension(inquiry_id: int) -> ResponseReturnValue:
    """Ask a second person for more days."""
    act = Act(
        Step.ASK_EXTENSION,
        ExtensionForm,
        _ask_extension,
        said=_("Asked. Until a second person grants it, the due time stays."),
        lede=_(
            "Another head or deputy of the lead agency decides before the term ends; where there is none, a head of "
            "the province's office. Until then nothing changes."
        ),
        template="inquiries/case_stop.html",
        about=partial(_what_it_means, form_class=ExtensionForm, computed=_if_extended, preview=".preview_extension"),
    )
    return run(inquiry_id, act)


def _ask_extension(inquiry: Inquiry, form: ExtensionForm, by: dict[str, Any]) -> None:
    reason, days = form.reason.data, form.days.data
    assert days is not None  # the form has asked
    stops.lengthened(inquiry, reason, days, now=by["now"])  # before a file is kept
    stops.ask_extension(inquiry, reason, days, form.evidence.data, attachment=_kept(inquiry, form, by), **by)


def _if_extended(inquiry: Inquiry, form: ExtensionForm, now: datetime) -> Deadline | None:
    if not form.reason.data or not form.days.data:
        return None
    return stops.lengthened(inquiry, form.reason.data, form.days.data, now=now)


@blueprint.post("/inquiries/<id:inquiry_id>/extension/preview")
@requires(P.INQUIRY_DRAFT)
@only_reads
def preview_extension(inquiry_id: int) -> str:
    """What an extension would mean: the due time before and after. A piece of a page."""
    return _preview(inquiry_id, ExtensionForm, _if_extended, ".preview_extension")


@blueprint.route("/inquiries/<id:inquiry_id>/extension/decision", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def decide_extension(inquiry_id: int) -> ResponseReturnValue:
    """A second person grants the days asked for, or declines with a reason."""
    act = Act(
        Step.DECIDE_EXTENSION,
        DecisionForm,
        _decide,
        said=_("Your decision is recorded."),
        button=_("Grant the extension"),
        template="inquiries/case_extension.html",
        about=_asked,
    )
    return run(inquiry_id, act)


def _decide(inquiry: Inquiry, form: DecisionForm, by: dict[str, Any]) -> None:
    if form.grants:
        stops.grant_extension(inquiry, form.decision.data or "", **by)
    else:
        stops.decline_extension(inquiry, form.decision.data or "", **by)


def _asked(inquiry: Inquiry) -> dict[str, Any]:
    """What waits for a decision, and what granting it would mean."""
    asked, now = waiting_extension(inquiry), clock.now()
    if asked is None:
        return {"asked": None, **_shown(inquiry, None, "")}
    room = stops.room_of(inquiry.deadline)
    try:
        after, refusal = stops.lengthened(inquiry, asked.reason, asked.days, now=now), ""
    except BadInput as problem:
        after, refusal = None, say(problem)
    words = unit_words(asked.days, working=room.unit is DayUnit.WORKING)
    return {"asked": asked, "asked_days": words, "reasons": EXTENSION_REASONS, **_shown(inquiry, after, refusal)}


Computed = Callable[[Inquiry, Any, datetime], Deadline | None]


def _what_it_means(inquiry: Inquiry, form_class: type[ActForm], computed: Computed, preview: str) -> dict[str, Any]:
    """The preview as it stands with what the form says now."""
    now = clock.now()
    form = form_class()
    form.prepare(inquiry, reader(), now)
    if not form.is_submitted():
        form.preset(inquiry, now)
    form.validate()
    try:
        after, refusal = computed(inquiry, form, now), ""
    except BadInput as problem:
        after, refusal = None, say(problem)
    return {"preview_url": url_for(preview, inquiry_id=inquiry.id), **_shown(inquiry, after, refusal)}


def _preview(inquiry_id: int, form_class: type[ActForm], computed: Computed, preview: str) -> str:
    shown = _what_it_means(get_visible(inquiry_id, reader()), form_class, computed, preview)
    return render_template("inquiries/case_stop_preview.html", **shown)


def _shown(inquiry: Inquiry, after: Deadline | None, refusal: str) -> dict[str, Any]:
    """The due time before and after, and how much of what the rule allows is used then."""
    before = inquiry.deadline
    room = stops.room_of(after or before)
    working = room.unit is DayUnit.WORKING
    used = [
        (_("Stopped in all"), room.stop_most - room.stop_left, room.stop_most),
        (_("Extended in all"), room.extension_most - room.extension_left, room.extension_most),
    ]
    return {
        "refusal": refusal,
        "before": sentence(due_words(before)),
        "after": sentence(due_words(after)) if after else "",
        "used": [
            (name, _("%(days)s of %(most)s", days=days, most=unit_words(most, working=working)))
            for name, days, most in used
            if most
        ],
        "steps": explain(after) if after else [],
    }
