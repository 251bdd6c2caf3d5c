"""Pages of agencies: the classes with places for them, and the people they name, in four ways."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.audit.actions import take_turn
from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import naming as actions
from pr_tracker.trainings.forms.invitations import NamesForm, NomineeForm
from pr_tracker.trainings.forms.roster import ReasonForm
from pr_tracker.trainings.labels_invitations import REPLIES
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries import invitations as queries
from pr_tracker.trainings.queries.plan import sessions_of
from pr_tracker.trainings.queries.roster import known_on_roster, staff_for
from pr_tracker.trainings.rules_invitations import Naming
from pr_tracker.trainings.rules_roster import doubt_about
from pr_tracker.trainings.views.invitations import columns_of_people
from pr_tracker.trainings.views.naming_lines import preview
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Table, list_out, of_rows
from pr_tracker.web.parameters import LARGEST_ID, text_of
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("nominations", __name__)
P = Permission


@blueprint.get("/nominations")
@requires(P.TRAINING_NOMINATE)
def index() -> str:
    """Classes with places for the reader's agency, and those its people are in."""
    now = clock.now()
    return render_template(
        "trainings/nominations.html", classes=queries.classes_for(current_user.agency_id, now), now=now
    )


@blueprint.get("/nominations/<id:class_id>")
@requires(P.TRAINING_NOMINATE)
def show(class_id: int) -> str:
    """The people of the reader's agency in a class, how many more it may name, and until when."""
    one, naming = _open_to_reader(class_id)
    people = queries.people_of_agency(class_id, current_user.agency_id)
    now = clock.now()
    return render_template(
        "trainings/nomination.html",
        training_class=one,
        naming=naming,
        sessions=sessions_of(class_id),
        people=people,
        apologies=queries.apologies_of([row.id for row in people]),
        places=queries.places_of(one),
        replies=REPLIES,
        is_open=naming.is_open(now),
        over=naming.is_over(now),
    )


@blueprint.route("/nominations/<id:class_id>/staff", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE)
def staff(class_id: int) -> ResponseReturnValue:
    """Name people of the agency's staff list."""
    one, naming = _open_to_reader(class_id)
    if request.method == "POST":
        ids = [int(raw) for raw in request.form.getlist("person") if raw.isascii() and raw.isdigit()]
        named = actions.name_staff(one, [i for i in ids if i <= LARGEST_ID], **_acting())
        db.session.commit()
        if named:
            return _named(one, named)
        flash(_("Nobody was ticked, so nobody was named."), "warning")
    typed = text_of("q")
    people = staff_for(class_id, typed, current_user.agency_id)
    return render_template(
        "trainings/nomination_staff.html", training_class=one, naming=naming, people=people, typed=typed
    )


@blueprint.route("/nominations/<id:class_id>/new", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE)
def new(class_id: int) -> ResponseReturnValue:
    """Name one person; somebody who may be named already is named again only when this is said."""
    one, _naming = _open_to_reader(class_id)
    form, status, doubt = NomineeForm(), 200, None
    if form.is_submitted():
        entry = form.entry(agency_id=current_user.agency_id, agency_name=current_user.agency.name)
        if form.validate() and request.form.get("despite") != "yes":
            take_turn()
            doubt = doubt_about(entry, known_on_roster(class_id, current_user.agency_id))
        made: list[Participant] = []
        status = 409 if doubt else attempt(form, lambda: made.extend(actions.name_people(one, [entry], **_acting())))
        if status == 200:
            return _named(one, made)
    page = render_template("trainings/nominee.html", form=form, training_class=one, participant=None, doubt=doubt)
    return page, status


@blueprint.route("/nominations/<id:class_id>/list", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE)
def lines(class_id: int) -> ResponseReturnValue:
    """Name many: paste a list or take an Excel sheet, look at what each line means, then name those ticked."""
    one, _naming = _open_to_reader(class_id)
    form, status = NamesForm(), 200
    looked = preview(form, class_id, agency=current_user.agency)
    status = looked.status
    if looked.chosen:
        made: list[Participant] = []
        status = attempt(form, lambda: made.extend(actions.name_people(one, looked.chosen, **_acting())))
        if status == 200:
            return _named(one, made)
    back = url_for(".show", class_id=class_id)
    page = render_template(
        "trainings/paste.html", form=form, training_class=one, back=back, own_agency=True, **looked.shown
    )
    return page, status


@blueprint.route("/nominations/people/<id:participant_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE)
def edit(participant_id: int) -> ResponseReturnValue:
    """Correct what is written of somebody of the reader's agency."""
    row = _own(participant_id)
    form, status = NomineeForm(obj=row), 200
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.correct_named(row, form.entry(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show", class_id=row.class_id), 303)
        if status == 409:
            db.session.refresh(row)
            form.version.data, form.version.raw_data = row.version, None
    page = render_template(
        "trainings/nominee.html", form=form, training_class=row.training_class, participant=row, doubt=None
    )
    return page, status


@blueprint.route("/nominations/people/<id:participant_id>/remove", methods=["GET", "POST"])
@requires(P.TRAINING_NOMINATE)
def remove(participant_id: int) -> ResponseReturnValue:
    """Take back somebody the agency named, while people are still named."""
    row, form, status = _own(participant_id), ReasonForm(), 200
    if form.is_submitted():
        status = attempt(form, lambda: actions.take_back(row, form.reason.data, **_acting()))
        if status == 200:
            flash(_("%(name)s is no longer named.", name=row.full_name))
            return redirect(url_for(".show", class_id=row.class_id), 303)
    return render_template("trainings/nominee_remove.html", form=form, participant=row), status


def _own(participant_id: int) -> Participant:
    return queries.get_own_participant(participant_id, current_user, sees_all=False)


def _open_to_reader(class_id: int) -> tuple[TrainingClass, Naming]:
    return queries.get_class_for(class_id, current_user.agency_id)


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _named(one: TrainingClass, rows: list[Participant]) -> ResponseReturnValue:
    waiting = sum(row.waiting_at is not None for row in rows)
    seated = len(rows) - waiting
    if seated:
        flash(ngettext("%(num)d person named.", "%(num)d people named.", seated))
    if waiting:
        words = ngettext("%(num)d is on the waiting list.", "%(num)d are on the waiting list.", waiting)
        flash(_("All places are taken: %(waiting)s", waiting=words), "warning")
    return redirect(url_for(".show", class_id=one.id), 303)


@list_out(blueprint, "/nominations/<id:class_id>", P.TRAINING_NOMINATE, file_name="de-cu-hoc-vien")
def nominees_table(class_id: int) -> Table:
    """The people of the reader's agency in a class, for a spreadsheet."""
    one, _naming = _open_to_reader(class_id)
    rows = [row for row in queries.people_of_agency(class_id, current_user.agency_id) if row.active]
    return of_rows(f"{_('Nominations')}: {one.course.title}, {one.name}", rows, columns_of_people(True))
