"""Log an inquiry in under a minute: the form, what it would mean, possible duplicates."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from wtforms.fields import SelectChoice

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.db import db
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines.labels_names import basis_words, sentence
from pr_tracker.deadlines.labels_plan import planned_lines
from pr_tracker.errors import BadInput, DomainError, NotFound
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.actions.beats import clock_for
from pr_tracker.inquiries.actions.intake import NewInquiry
from pr_tracker.inquiries.forms.intake import InquiryForm
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.plan import stages_for
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules_kinds import INTERNAL_KEYS, KINDS_WITH_OWN_START, Channel, Kind, Urgency
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import gone, reader
from pr_tracker.inquiries.views.files import attach_all
from pr_tracker.inquiries.views.rows import turn_words
from pr_tracker.inquiries.views.training import RESPONSIBLE, remarks_on
from pr_tracker.outlets import actions as outlets
from pr_tracker.outlets import queries as known_outlets
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Permission
from pr_tracker.statements.rules_likeness import likeness
from pr_tracker.web.access import only_reads, requires
from pr_tracker.web.files import sent_files
from pr_tracker.web.forms import tidy
from pr_tracker.web.parameters import id_of

DUPLICATE_DAYS = 14
RECENT_MOST = 400
DUPLICATES_SHOWN = 4


@blueprint.route("/inquiries/new", methods=["GET", "POST"])
@requires(Permission.INQUIRY_LOG)
def new() -> ResponseReturnValue:
    """The form; `?follows=` starts from an earlier inquiry."""
    form, now = InquiryForm(), clock.now()
    form.lead_id.choices = _lead_choices()
    try:
        parent = _parent(form)
    except NotFound as missing:
        return gone(missing)
    if not form.is_submitted():
        _prefill(form, parent, now)
        return _page(form, parent, now)
    if "show" in request.form:
        return _page(form, parent, now)
    token = tidy(form.once.data or "")[:32]
    logged = lists.find_logged_by_form(token)
    if logged:
        return redirect(url_for(".case", inquiry_id=logged), 303)
    if not form.validate():
        return _page(form, parent, now), 422
    try:
        inquiry = _log(form, parent, now)
        remarks, code, inquiry_id = remarks_on(inquiry, (RESPONSIBLE,), now), inquiry.code, inquiry.id
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        form.add_problem(error)
        return _page(form, parent, now), 422
    except IntegrityError:  # the same form, sent twice at the same moment, may have come first
        db.session.rollback()
        logged = lists.find_logged_by_form(token)
        if logged is None:
            raise
        return redirect(url_for(".case", inquiry_id=logged), 303)
    flash(_("Logged as %(code)s.", code=code))
    for words in remarks:
        flash(words, "warning")
    return redirect(url_for(".case", inquiry_id=inquiry_id), 303)


def _page(form: InquiryForm, parent: Inquiry | None, now: datetime) -> str:
    return render_template(
        "inquiries/new.html",
        form=form,
        parent=parent,
        typed_names=[tidy(name) for name in request.form.getlist("journalist_name")],
        chosen=_chosen_journalists(),
        **_preview(form, now),
    )


@blueprint.post("/inquiries/preview")
@requires(Permission.INQUIRY_LOG)
@only_reads
def preview() -> str:
    """What saving would mean: the deadline with its article, and possible duplicates. A piece of a page."""
    form = InquiryForm()
    form.lead_id.choices = _lead_choices()
    return render_template("inquiries/new_preview.html", **_preview(form, clock.now()))


def _lead_choices() -> list[SelectChoice]:
    if current_user.agency.kind.sees_whole_province:
        agencies = [SelectChoice(row.id, row.name) for row in accounts.agencies_for_choice()]
        return [SelectChoice(0, _("Assign later")), *agencies]
    return [SelectChoice(current_user.agency_id, current_user.agency.name), SelectChoice(0, _("Assign later"))]


def _prefill(form: InquiryForm, parent: Inquiry | None, now: datetime) -> None:
    form.received_at.data, form.once.data = now, secrets.token_hex(16)
    form.lead_id.data = 0 if current_user.agency.kind.sees_whole_province else current_user.agency_id
    if parent is not None:
        form.follows.data = str(parent.id)
        form.subject.data, form.outlet.data = parent.subject, parent.outlet.name
        form.outlet_id.data, form.kind.data = str(parent.outlet_id), parent.kind.value


def _parent(form: InquiryForm) -> Inquiry | None:
    typed = form.follows.data if form.is_submitted() else str(id_of("follows") or "")
    if not typed:
        return None
    ident = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    return get_visible(ident, current_user)


def _log(form: InquiryForm, parent: Inquiry | None, now: datetime) -> Inquiry:
    outlet = _outlet(form, now)
    assert form.received_at.data is not None
    lead = accounts.get_agency(form.lead_id.data) if form.lead_id.data and "later" not in request.form else None
    what = NewInquiry(
        subject=form.title,
        questions=form.questions.data,
        outlet=outlet,
        journalists=list(_journalists(form, outlet, now)),
        channel=Channel(form.channel.data),
        kind=Kind(form.kind.data),
        received_at=form.received_at.data,
        started_at=form.started_at.data,
        acknowledged_at=form.acknowledged_at.data,
        wanted_at=form.wanted_at.data,
        urgency=Urgency(form.urgency.data),
        sensitivity=form.sensitivity,
        parent=parent,
        form_token=tidy(form.once.data or "")[:32] or None,
    )
    files = sent_files(form.files.data)
    inquiry = intake.log_inquiry(what, actor=reader(), now=now, lead=lead)
    attach_all(inquiry, files, {"actor": reader(), "now": now})
    return inquiry


def _outlet(form: InquiryForm, now: datetime) -> Outlet:
    typed, chosen = form.outlet.data, form.outlet_id.data or ""
    chosen_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    meant = known_outlets.find_outlet_meant(chosen_id, typed)
    if meant is not None and meant.active:
        return meant
    return outlets.outlet_named(typed, OutletKind(form.outlet_kind.data), actor=current_user, now=now)


def _journalists(form: InquiryForm, outlet: Outlet, now: datetime) -> Iterable[Journalist]:
    found = {journalist.id: journalist for journalist in map(known_outlets.get_journalist, _chosen_ids())}
    typed = [*request.form.getlist("journalist_name"), *(form.journalists.data or "").replace(";", ",").split(",")]
    for name in dict.fromkeys(tidy(name) for name in typed):
        if name:
            try:
                journalist = outlets.journalist_named(name, outlet, actor=current_user, now=now)
            except BadInput as error:
                raise BadInput(error.message, field="journalists", **error.params) from None
            found[journalist.id] = journalist
    return found.values()


def _chosen_ids() -> list[int]:
    typed = request.form.getlist("journalist_id")
    return [int(one) for one in dict.fromkeys(typed) if one.isascii() and one.isdigit() and len(one) < 10]


def _chosen_journalists() -> list[tuple[int, str]]:
    return [(one.id, one.full_name) for one in map(known_outlets.get_journalist, _chosen_ids())]


def _preview(form: InquiryForm, now: datetime) -> dict[str, Any]:
    deadline = _deadline(form, now)
    return {
        "deadline": deadline,
        "plan": planned_lines(stages_for(deadline, _lead_chosen(form))) if deadline else [],
        "internal_keys": INTERNAL_KEYS,
        "due_words": deadline_words.due_words,
        "basis_words": basis_words,
        "sentence": sentence,
        "explain": deadline_words.explain,
        "duplicates": _duplicates(form, now),
    }


def _deadline(form: InquiryForm, now: datetime) -> Any:
    try:
        kind = Kind(form.kind.data)
        started = form.started_at.data if kind in KINDS_WITH_OWN_START else None
        agency_id = _lead_chosen(form) or current_user.agency_id
        return clock_for(kind, started or form.received_at.data or now, agency_id)
    except (ValueError, DomainError):
        return None


def _lead_chosen(form: InquiryForm) -> int | None:
    offered = {choice.value for choice in form.lead_id.choices}
    return form.lead_id.data or None if form.lead_id.data in offered else None


def _duplicates(form: InquiryForm, now: datetime) -> list[dict[str, Any]]:
    subject = " ".join([form.subject.data or "", *(form.questions.data or [])])
    if len(subject.split()) < 2:
        return []
    typed_outlet = (form.outlet.data or "").casefold()
    found = []
    for row in lists.recent_rows(current_user, now - timedelta(days=DUPLICATE_DAYS), RECENT_MOST):
        same_outlet = row.outlet.casefold() == typed_outlet
        alike = likeness(subject, row.subject)
        if alike.counts(same_source=same_outlet):
            found.append((alike.share, row, alike, same_outlet))
    found.sort(key=lambda one: (one[0], one[1].received_at), reverse=True)
    return [
        {
            "row": row,
            "pieces": alike.pieces,
            "same_outlet": same_outlet,
            "days": (now - row.received_at).days,
            "status_words": labels.STATUS[row.status],
            "turn": turn_words(row, current_user, {}, None),
        }
        for _share, row, alike, same_outlet in found[:DUPLICATES_SHOWN]
    ]
