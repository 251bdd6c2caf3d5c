"""Acts on a planned class: copy it, cancel it or a session of it, hold it after all, materials."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.errors import BadInput
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import plan_cancel, plan_copy, plan_materials
from pr_tracker.trainings.actions.plan_class import seat_people
from pr_tracker.trainings.forms.plan_acts import CopyForm, MaterialsForm
from pr_tracker.trainings.forms.roster import ReasonForm
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.queries.plan import courses_page, get_class, get_course, get_session
from pr_tracker.trainings.queries.plan_class import (
    get_material,
    materials_on_record,
    seats_of,
    sessions_to_copy,
    venues_of,
)
from pr_tracker.trainings.rules import SessionFacts
from pr_tracker.trainings.rules_copy import shifted
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, kept_path, largest_file, send_kept, sent_files
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("plan_acts", __name__)
P = Permission
BOTH = ("GET", "POST")


@blueprint.route("/trainings/classes/<id:class_id>/copy", methods=BOTH)
@requires(P.TRAINING_EDIT)
def copy(class_id: int) -> ResponseReturnValue:
    """Hold a class again: look at the new days first, then copy."""
    source = get_class(class_id)
    form = CopyForm(course_id=source.course_id, place=source.place, capacity=source.capacity)
    form.offer([*courses_page()[0], source.course])
    status, days = 200, dict[date, date]()
    if form.is_submitted():
        status, days = _new_days(form, class_id)
    if status == 200 and request.form.get("act") == "save":
        made: list[TrainingClass] = []
        course = get_course(form.course_id.data)
        status = attempt(
            form, lambda: made.append(plan_copy.copy_class(source, course, form.facts(), days, **_acting()))
        )
        if status == 200:
            flash(_("The class is copied. People are not: name them anew."))
            return redirect(url_for("trainings.show", class_id=made[0].id), 303)
    page = render_template(
        "trainings/copy.html", form=form, training_class=source, planned=_planned(source, days, form.place.data or "")
    )
    return page, status


def _new_days(form: CopyForm, class_id: int) -> tuple[int, dict[date, date]]:
    """The status of the page, and the new day of each old one."""
    if not form.validate():
        return 422, {}
    old = [office_day(session.starts_at) for session in sessions_to_copy(class_id)]
    assert form.first_day.data is not None
    try:
        return 200, shifted(old, form.first_day.data, working_calendar())
    except BadInput as refusal:
        form.add_problem(BadInput(refusal.message, field="first_day", **refusal.params))
        return 422, {}


def _planned(source: TrainingClass, days: Mapping[date, date], place: str) -> Sequence[tuple[SessionFacts, bool]]:
    """The sessions as they would be, and whether each falls on a day off."""
    if not days:
        return []
    calendar = working_calendar()
    facts = [plan_copy.moved(one, days, source.place, place) for one in sessions_to_copy(source.id)]
    return [(one, not calendar.is_working_day(office_day(one.starts_at))) for one in facts]


@blueprint.route("/trainings/classes/<id:class_id>/venues", methods=BOTH)
@requires(P.TRAINING_EDIT)
def seating(class_id: int) -> ResponseReturnValue:
    """At which remote venue each sits: a whole agency at once, or one by one."""
    one, people = get_class(class_id), seats_of(class_id)
    if request.method == "POST":
        moved = seat_people(one, _chosen_seats(people), **_acting())
        db.session.commit()
        flash(ngettext("%(num)d person moved.", "%(num)d people moved.", moved))
        return redirect(url_for("plan_acts.seating", class_id=class_id), 303)
    groups = [(agency, list(rows)) for agency, rows in groupby(people, key=lambda row: row.agency_name)]
    return render_template("trainings/seating.html", training_class=one, groups=groups, venues=venues_of(class_id))


def _chosen_seats(people: Sequence[Any]) -> dict[int, int | None]:
    """What was chosen: a person's own choice, when it is new, goes before that of the agency."""
    seats: dict[int, int | None] = {}
    for _agency, group in groupby(people, key=lambda row: row.agency_name):
        rows = list(group)
        together = request.form.get(f"group-{rows[0].id}", "")
        for row in rows:
            stands = str(row.venue_id or 0)
            own = request.form.get(f"seat-{row.id}", stands)
            chosen = own if own != stands else together or stands
            if chosen != stands and chosen.isascii() and chosen.isdigit() and len(chosen) < 10:
                seats[row.id] = int(chosen) or None
    return seats


@blueprint.route("/trainings/classes/<id:class_id>/cancel", methods=BOTH)
@requires(P.TRAINING_EDIT)
def cancel_class(class_id: int) -> ResponseReturnValue:
    """Cancel a class with all its sessions that are still to be held."""
    one = get_class(class_id)
    return _with_reason(
        one,
        lambda reason: plan_cancel.cancel_class(one, reason, **_acting()),
        title=_("Cancel %(name)s", name=one.name),
        lede=_("Sessions that are not closed are cancelled with it. Nothing is deleted; it can be held after all."),
        button=_("Cancel the class"),
        said=_("The class is cancelled."),
    )


@blueprint.post("/trainings/classes/<id:class_id>/resume")
@requires(P.TRAINING_EDIT)
def resume_class(class_id: int) -> ResponseReturnValue:
    """Hold a cancelled class after all."""
    plan_cancel.resume_class(get_class(class_id), **_acting())
    db.session.commit()
    flash(_("The class is held after all."))
    return redirect(url_for("trainings.show", class_id=class_id), 303)


@blueprint.route("/trainings/sessions/<id:session_id>/cancel", methods=BOTH)
@requires(P.TRAINING_EDIT)
def cancel_session(session_id: int) -> ResponseReturnValue:
    """Cancel one session."""
    session = get_session(session_id)
    return _with_reason(
        session.training_class,
        lambda reason: plan_cancel.cancel_session(session, reason, **_acting()),
        title=_("Cancel the session “%(topic)s”", topic=session.topic),
        lede=_("It has no roll call then and counts nowhere. Nothing is deleted; it can be held after all."),
        button=_("Cancel the session"),
        said=_("The session is cancelled."),
    )


@blueprint.post("/trainings/sessions/<id:session_id>/resume")
@requires(P.TRAINING_EDIT)
def resume_session(session_id: int) -> ResponseReturnValue:
    """Hold a cancelled session after all."""
    session = get_session(session_id)
    plan_cancel.resume_session(session, **_acting())
    db.session.commit()
    flash(_("The session is held after all."))
    return redirect(url_for("trainings.show", class_id=session.class_id), 303)


@blueprint.route("/trainings/sessions/<id:session_id>/materials", methods=BOTH)
@requires(P.TRAINING_EDIT)
def materials(session_id: int) -> ResponseReturnValue:
    """What a session hands out: add files, withdraw them."""
    session = get_session(session_id)
    form = MaterialsForm()
    status = 200
    if form.is_submitted():
        added: list[Any] = []
        status = attempt(form, lambda: added.extend(_keep(session, form)))
        if status == 200:
            flash(ngettext("%(num)d material added.", "%(num)d materials added.", len(added)))
            return redirect(url_for("plan_acts.materials", session_id=session_id), 303)
    page = render_template(
        "trainings/materials.html",
        form=form,
        session=session,
        training_class=session.training_class,
        materials=materials_on_record(session_id),
        largest=largest_file(),
    )
    return page, status


def _keep(session: ClassSession, form: MaterialsForm) -> Sequence[Any]:
    files = sent_files(form.files.data, needed=True)
    return plan_materials.add_materials(session, files, **keeping(), **_acting())


@blueprint.get("/trainings/materials/<id:material_id>/file")
@requires(P.TRAINING_VIEW)
def material(material_id: int) -> Response:
    """A material, to be saved; also one that was withdrawn."""
    kept = get_material(material_id).file
    return send_kept(kept_path(kept), file_name=kept.file_name, media_type=kept.media_type)


@blueprint.route("/trainings/materials/<id:material_id>/withdraw", methods=BOTH)
@requires(P.TRAINING_EDIT)
def withdraw(material_id: int) -> ResponseReturnValue:
    """Withdraw a material: trainees no longer see it."""
    one = get_material(material_id)
    session = get_session(one.session_id)
    return _with_reason(
        session.training_class,
        lambda reason: plan_materials.withdraw_material(one, reason, **_acting()),
        title=_("Withdraw “%(name)s”", name=one.file.file_name),
        lede=_("Trainees no longer see it. The file stays on record."),
        button=_("Withdraw the material"),
        said=_("The material is withdrawn."),
        back=url_for("plan_acts.materials", session_id=session.id),
    )


def _with_reason(
    one: TrainingClass,
    act: Callable[[str], None],
    *,
    title: str,
    lede: str,
    button: str,
    said: str,
    back: str | None = None,
) -> ResponseReturnValue:
    """The page of an act that asks for nothing but a reason."""
    form, status = ReasonForm(), 200
    back = back or url_for("trainings.show", class_id=one.id)
    if form.is_submitted():
        status = attempt(form, lambda: act(form.reason.data))
        if status == 200:
            flash(said)
            return redirect(back, 303)
    page = render_template(
        "trainings/reason.html", form=form, training_class=one, title=title, lede=lede, button=button, back=back
    )
    return page, status


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}
