"""Pages of an agency's own box: its people write, its head or deputy approves or returns; nobody else comes in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.files import KeptFile, keep_file
from pr_tracker.inquiries.actions import parts
from pr_tracker.inquiries.forms import parts as forms
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_parts import Contribution
from pr_tracker.inquiries.queries import parts as queries
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules import Step, after
from pr_tracker.inquiries.rules_parts import BoxState, BoxStep, box_after, require_may_in_box
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, UNPROCESSABLE, gone, reader
from pr_tracker.inquiries.views.telling import part_clock, seal_code
from pr_tracker.permissions import Permission
from pr_tracker.text import word_changes
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.files import keeping, kept_path, send_kept, sent_files
from pr_tracker.web.forms import tidy

P = Permission


@dataclass(frozen=True)
class BoxAct:
    """What the page of an act in a box needs to know; `do` gets the inquiry, the part, the form; actor, now, seen."""

    step: BoxStep
    form: Callable[[], forms.BoxForm]
    do: Callable[[Inquiry, Participation, Any, dict[str, Any]], object]
    said: str
    template: str
    shown: dict[str, Any] = field(default_factory=dict)


def run_in_box(inquiry_id: int, part_id: int, act: BoxAct) -> ResponseReturnValue:
    """Show the act's form, or do it: load, form, one action, commit, redirect to the box."""
    sent = request.method == "POST"
    try:
        inquiry = get_visible(inquiry_id, reader(), to_change=sent)
        part = queries.get_part(inquiry, part_id)
    except NotFound as missing:
        return gone(missing)
    form, page = act.form(), url_for("inquiries.part", inquiry_id=inquiry_id, part_id=part_id)
    form.of(part, newest := _newest(part))
    if not sent:
        try:
            _require_open(inquiry, part, act.step)
        except StepNotAllowed as refusal:
            flash(say(refusal), "warning")
            return redirect(page)
        form.fill(part, newest)
        form.renew_box(part, newest)
        return _page(inquiry, part, act, form, is_open=True)
    status = _attempt(inquiry, part, act, form)
    if status == 200:
        flash(act.said)
        return redirect(page, 303)
    return _again(inquiry_id, part_id, act, form, status)


def _newest(part: Participation) -> Contribution | None:
    """The newest version, for the box's own people; for anybody else there is none."""
    return queries.newest_version(part) if queries.is_own_box(part, reader()) else None


def _require_open(inquiry: Inquiry, part: Participation, step: BoxStep) -> None:
    require_may_in_box(step, queries.box_standing(part, reader()))
    after(inquiry.status, Step.CONTRIBUTE)
    if part.ended_at is not None:
        raise NotAllowed(parts.ENDED)
    assert part.box is not None
    box_after(part.box, step)


def _attempt(inquiry: Inquiry, part: Participation, act: BoxAct, form: forms.BoxForm) -> int:
    """Do and commit: 200; or put the refusal on the form: 422 to mend, 409 when somebody else was first, 403."""
    if not form.validate():
        return UNPROCESSABLE
    try:
        act.do(inquiry, part, form, {"actor": reader(), "now": clock.now(), "seen": form.seen_version})
        db.session.commit()
    except (BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return UNPROCESSABLE if isinstance(refusal, BadInput) else refusal.http_status
    return 200


def _again(inquiry_id: int, part_id: int, act: BoxAct, form: forms.BoxForm, status: int) -> ResponseReturnValue:
    """The form with what is to be mended, or what changed meanwhile; everything typed is kept."""
    inquiry = get_visible(inquiry_id, reader())
    part = queries.get_part(inquiry, part_id)
    try:
        _require_open(inquiry, part, act.step)
        is_open = True
    except NotAllowed as refusal:
        return gone(refusal)
    except StepNotAllowed:
        is_open = False
    form.renew_box(part, _newest(part))
    return _page(inquiry, part, act, form, is_open=is_open), status


def _page(inquiry: Inquiry, part: Participation, act: BoxAct, form: forms.BoxForm, *, is_open: bool) -> str:
    newest, typed, now = _newest(part), tidy(request.form.get("text", "")), clock.now()
    differs = newest is not None and bool(typed) and newest.text != typed
    return render_template(
        act.template,
        inquiry=inquiry,
        part=part,
        form=form,
        newest=newest,
        seal=seal_code(newest.digest) if newest else "",
        differences=word_changes(newest.text, typed) if newest and differs else [],
        rounds=queries.rounds_of(part),
        current=queries.current_version(part),
        clock=part_clock(part, now, inquiry.finished_at, working_calendar()),
        is_open=is_open,
        is_chief=part.agency.head_id == reader().id,
        **act.shown,
    )


@blueprint.route("/inquiries/<id:inquiry_id>/parts/<id:part_id>/write", methods=BOTH)
@requires(P.INQUIRY_DRAFT)
def write_part(inquiry_id: int, part_id: int) -> ResponseReturnValue:
    """Write a version; save it, submit it, or, as the head, send it alone."""
    then = request.form.get("then", "")
    said = {
        "submit": _("Saved and submitted to the leaders of your agency."),
        "send": _("Sent. The lead agency has it; it is on record that you answered alone."),
    }
    act = BoxAct(BoxStep.SAVE, forms.WriteForm, _write, said.get(then, _("Saved.")), "inquiries/part_write.html")
    return run_in_box(inquiry_id, part_id, act)


def _write(inquiry: Inquiry, part: Participation, form: forms.WriteForm, by: dict[str, Any]) -> None:
    before, then = queries.newest_version(part), request.form.get("then")
    files = [file for file in (before.files if before else []) if file.id in form.kept_ids]
    uploads = sent_files(form.files.data)
    files += [keep_file(name, content, **keeping(), by=by["actor"].id, now=by["now"]) for name, content in uploads]
    text = form.text.data or ""
    ready = part.box is BoxState.DRAFTING and before and before.text == text and {*before.files} == {*files}
    if not (ready and then in ("submit", "send")):
        parts.save(inquiry, part, text, files, **by)
        by = {**by, "seen": None}
    if then in ("submit", "send"):
        parts.submit(inquiry, part, **by)
    if then == "send":
        parts.approve(inquiry, part, **{**by, "seen": None})


@blueprint.route("/inquiries/<id:inquiry_id>/parts/<id:part_id>/approve", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def approve_part(inquiry_id: int, part_id: int) -> ResponseReturnValue:
    """Approve exactly the text that was read, and so send it."""
    act = BoxAct(
        BoxStep.APPROVE,
        forms.ApprovePartForm,
        lambda inquiry, part, form, by: parts.approve(inquiry, part, digest=form.digest.data or "", **by),
        _("Approved and sent. The lead agency has it."),
        "inquiries/part_approve.html",
    )
    return run_in_box(inquiry_id, part_id, act)


@blueprint.route("/inquiries/<id:inquiry_id>/parts/<id:part_id>/return", methods=BOTH)
@requires(P.INQUIRY_APPROVE)
def return_part(inquiry_id: int, part_id: int) -> ResponseReturnValue:
    """Send a version back inside the agency, with a reason."""
    act = BoxAct(
        BoxStep.RETURN,
        forms.ReturnPartForm,
        lambda inquiry, part, form, by: parts.return_version(inquiry, part, form.reason.data or "", **by),
        _("Returned for revision."),
        "inquiries/part_return.html",
    )
    return run_in_box(inquiry_id, part_id, act)


@blueprint.get("/inquiries/<id:inquiry_id>/parts/<id:part_id>/files/<id:file_id>")
@requires(P.INQUIRY_VIEW)
def part_file(inquiry_id: int, part_id: int, file_id: int) -> Response:
    """A file that goes with a version; before its approval only for the agency's own people. Who took it is logged."""
    start_writing()
    inquiry = get_visible(inquiry_id, reader())
    part = queries.get_part(inquiry, part_id)
    file: KeptFile = queries.get_box_file(part, file_id, own=queries.is_own_box(part, reader()))
    path = kept_path(file)
    parts.note_file_taken(inquiry, part, file, actor=reader(), now=clock.now())
    name, media_type = file.file_name, file.media_type
    db.session.commit()
    return send_kept(path, file_name=name, media_type=media_type)
