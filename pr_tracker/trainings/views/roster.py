"""Pages of a class's roster: add one, paste many, take from the staff list, correct, take off."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.audit.actions import take_turn
from pr_tracker.audit.queries import last_change_of
from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import roster as actions
from pr_tracker.trainings.forms.invitations import NamesForm
from pr_tracker.trainings.forms.roster import EntryForm, ReasonForm
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries import roster as queries
from pr_tracker.trainings.queries.plan import agencies_to_choose, get_class
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.trainings.rules_roster import doubt_about, without_rows
from pr_tracker.trainings.views.naming_lines import preview
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import LARGEST_ID, id_of, text_of
from pr_tracker.web.views_saving import attempt, differing

blueprint = Blueprint("rosters", __name__)
P = Permission


@blueprint.get("/trainings/classes/<id:class_id>/roster")
@requires(P.TRAINING_VIEW)
def index(class_id: int) -> str:
    """Who is on the roster, and who was taken off it."""
    return render_template(
        "trainings/roster.html",
        training_class=get_class(class_id),
        roster=queries.roster_of(class_id),
        removed=queries.roster_of(class_id, active=False),
    )


@blueprint.route("/trainings/classes/<id:class_id>/roster/new", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def new(class_id: int) -> ResponseReturnValue:
    """Add one person; somebody who may be on the roster already is added only when this is said again."""
    one = get_class(class_id)
    form = EntryForm()
    status, doubt = 200, None
    if form.is_submitted():
        if form.validate() and request.form.get("despite") != "yes":
            take_turn()
            doubt = doubt_about(form.entry(), queries.known_on_roster(class_id))
        made: list[Participant] = []
        entries = [form.entry()]
        status = 409 if doubt else attempt(form, lambda: made.extend(actions.enrol(one, entries, **_acting())))
        if status == 200:
            return _added(class_id, made)
    page = render_template(
        "trainings/edit_participant.html", form=form, training_class=one, participant=None, meanwhile=None, doubt=doubt
    )
    return page, status


@blueprint.route("/trainings/classes/<id:class_id>/roster/paste", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def paste(class_id: int) -> ResponseReturnValue:
    """Paste a list or take an Excel sheet, look at what each line means, then add the lines that are ticked."""
    one = get_class(class_id)
    form = NamesForm()
    looked = preview(form, class_id)
    if looked.chosen:
        made = actions.enrol(one, without_rows(looked.chosen, queries.people_in(class_id)), **_acting())
        db.session.commit()
        return _added(class_id, made)
    back = url_for("rosters.index", class_id=class_id)
    page = render_template(
        "trainings/paste.html", form=form, training_class=one, back=back, own_agency=False, **looked.shown
    )
    return page, looked.status


@blueprint.route("/trainings/classes/<id:class_id>/roster/staff", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def staff(class_id: int) -> ResponseReturnValue:
    """Take people from the staff list: those who have an account and are not yet in the class."""
    one = get_class(class_id)
    if request.method == "POST":
        ids = [int(raw) for raw in request.form.getlist("person") if raw.isascii() and raw.isdigit()]
        added = actions.enrol_staff(one, [i for i in ids if i <= LARGEST_ID], **_acting())
        db.session.commit()
        if added:
            return _added(class_id, added)
        flash(_("Nobody was ticked, so nobody was added."), "warning")
    typed, agency_id = text_of("q"), id_of("agency")
    return render_template(
        "trainings/staff.html",
        training_class=one,
        people=queries.staff_for(class_id, typed, agency_id),
        typed=typed,
        agency_id=agency_id,
        agencies=agencies_to_choose(),
        most=queries.MOST_STAFF,
    )


@blueprint.route("/trainings/participants/<id:participant_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit(participant_id: int) -> ResponseReturnValue:
    """Correct a row of the roster."""
    row = queries.get_participant(participant_id)
    form = EntryForm(obj=row)
    status, meanwhile = 200, None
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.change_participant(row, form.entry(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for("rosters.index", class_id=row.class_id), 303)
        if status == 409:
            meanwhile = _meanwhile(row, form)
    page = render_template(
        "trainings/edit_participant.html",
        form=form,
        training_class=row.training_class,
        participant=row,
        meanwhile=meanwhile,
        doubt=None,
    )
    return page, status


@blueprint.route("/trainings/participants/<id:participant_id>/remove", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def remove(participant_id: int) -> ResponseReturnValue:
    """Take somebody off the roster, saying why."""
    row = queries.get_participant(participant_id)
    form = ReasonForm()
    status = 200
    if form.is_submitted():
        status = attempt(form, lambda: actions.remove_participant(row, form.reason.data, **_acting()))
        if status == 200:
            flash(_("%(code)s %(name)s is off the roster.", code=row_code(row.number), name=row.full_name))
            return redirect(url_for("rosters.index", class_id=row.class_id), 303)
    page = render_template(
        "trainings/remove_participant.html", form=form, participant=row, training_class=row.training_class
    )
    return page, status


@blueprint.post("/trainings/participants/<id:participant_id>/restore")
@requires(P.TRAINING_EDIT)
def restore(participant_id: int) -> ResponseReturnValue:
    """Put somebody back on the roster."""
    row = queries.get_participant(participant_id)
    actions.restore_participant(row, **_acting())
    db.session.commit()
    flash(_("%(code)s %(name)s is on the roster again.", code=row_code(row.number), name=row.full_name))
    return redirect(url_for("rosters.index", class_id=row.class_id), 303)


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _added(class_id: int, rows: Sequence[Participant]) -> ResponseReturnValue:
    waiting = sum(row.waiting_at is not None for row in rows)
    if seated := len(rows) - waiting:
        flash(ngettext("%(num)d person added to the roster.", "%(num)d people added to the roster.", seated))
    if waiting:
        words = ngettext("%(num)d is on the waiting list.", "%(num)d are on the waiting list.", waiting)
        flash(_("All places are taken: %(waiting)s", waiting=words), "warning")
    return redirect(url_for("rosters.index", class_id=class_id), 303)


def _meanwhile(row: Any, form: Any) -> dict[str, Any]:
    form.version.data, form.version.raw_data = row.version, None
    stored = {name: getattr(row, name) for name in form.data if name not in ("version", "csrf_token")}
    return {"act": last_change_of(row), "differing": differing(form, stored, lambda value: value or _("(empty)"))}


@list_out(blueprint, "/trainings/classes/<id:class_id>/roster", P.TRAINING_VIEW, file_name="danh-sach-hoc-vien")
def roster_table(class_id: int) -> Table:
    """The roster for a spreadsheet; contacts only for who runs classes (domain.md §11)."""
    one = get_class(class_id)
    columns: list[Column] = [
        (_("Code"), lambda row: row_code(row.number)),
        (_("Full name"), lambda row: row.full_name),
        (_("Position"), lambda row: row.title),
        (_("Agency"), lambda row: row.agency_name),
    ]
    if current_user.may(P.TRAINING_EDIT):
        columns += [(_("Phone"), lambda row: row.phone), (_("E-mail"), lambda row: row.email)]
    return of_rows(f"{_('Roster')}: {one.course.title}, {one.name}", queries.roster_of(class_id), columns)
