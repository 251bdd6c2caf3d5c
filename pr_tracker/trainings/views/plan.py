"""Pages of training: courses, classes and their sessions."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.audit.queries import last_change_of
from pr_tracker.db import db
from pr_tracker.office_time import in_office, office_day, write_day, write_moment
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import plan as actions
from pr_tracker.trainings.forms.plan import ClassForm, CourseForm, SessionForm, venue_lines
from pr_tracker.trainings.labels import CLASHES
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.queries import plan as queries
from pr_tracker.trainings.queries.plan_calendar import conflicts_of
from pr_tracker.trainings.queries.plan_class import (
    lecturers_known,
    materials_of,
    places_known,
    team_of,
    trainers_to_choose,
    venues_of,
)
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.trainings.views.plan_words import class_facts, course_facts, when_words
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import id_of
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("trainings", __name__)
blueprint.add_app_template_filter(row_code)
P = Permission


@blueprint.get("/trainings")
@requires(P.TRAINING_VIEW)
def index() -> str:
    """Roll calls that wait, then courses with their classes, newest first."""
    now = clock.now()
    courses, more = queries.courses_page(id_of("before"))
    return render_template(
        "trainings/index.html",
        courses=courses,
        more=more,
        classes=queries.classes_of([course.id for course in courses]),
        waiting=queries.open_sessions(now + timedelta(hours=12)),
    )


@blueprint.route("/trainings/courses/new", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def new_course() -> ResponseReturnValue:
    """Plan a course."""
    now = clock.now()
    form = CourseForm(year=in_office(now).year, agency_id=current_user.agency_id)
    form.offer(queries.agencies_to_choose())
    status = 200
    if form.is_submitted():
        status = attempt(form, lambda: actions.add_course(form.facts(), **_acting()))
        if status == 200:
            flash(_("The course is planned. Now add its classes."))
            return redirect(url_for(".index"), 303)
    return render_template("trainings/edit_course.html", form=form, course=None, meanwhile=None), status


@blueprint.route("/trainings/courses/<id:course_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit_course(course_id: int) -> ResponseReturnValue:
    """Correct a course."""
    course = queries.get_course(course_id)
    form = CourseForm(obj=course)
    form.offer(queries.agencies_to_choose())
    status, meanwhile = 200, None
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.change_course(course, form.facts(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".index"), 303)
        if status == 409:
            own = {"agency_id": course.agency_id, "topics": course.topics.splitlines()}
            meanwhile = _meanwhile(course, form, own, {"agency_id": course.agency.name})
    return render_template("trainings/edit_course.html", form=form, course=course, meanwhile=meanwhile), status


@blueprint.route("/trainings/courses/<id:course_id>/classes/new", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def new_class(course_id: int) -> ResponseReturnValue:
    """Open a class of a course."""
    course = queries.get_course(course_id)
    form = ClassForm(trainer_ids=[current_user.id])
    form.offer(trainers_to_choose())
    status = 200
    if form.is_submitted():
        made: list[Any] = []
        status = attempt(
            form, lambda: made.append(actions.add_class(course, form.facts(), **form.parts(), **_acting()))
        )
        if status == 200:
            flash(_("The class is open. Now add sessions and people."))
            return redirect(url_for(".show", class_id=made[0].id), 303)
    page = render_template("trainings/edit_class.html", form=form, course=course, training_class=None, meanwhile=None)
    return page, status


@blueprint.get("/trainings/classes/<id:class_id>")
@requires(P.TRAINING_VIEW)
def show(class_id: int) -> str:
    """One class: its sessions with their materials, what it is about, its conflicts."""
    one, now = queries.get_class(class_id), clock.now()
    sessions, venues = queries.sessions_of(class_id), venues_of(class_id)
    return render_template(
        "trainings/show.html",
        training_class=one,
        course=one.course,
        sessions=sessions,
        when=when_words(sessions, one.place),
        materials=materials_of(class_id),
        venues=venues,
        class_facts=class_facts(one, team_of(class_id), queries.people_in(class_id)),
        course_facts=course_facts(one.course),
        conflicts=conflicts_of(class_id, now),
        clashes=CLASHES,
    )


@blueprint.route("/trainings/classes/<id:class_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit_class(class_id: int) -> ResponseReturnValue:
    """Correct a class."""
    one = queries.get_class(class_id)
    form = ClassForm(obj=one, **_parts_of(class_id))
    form.offer(trainers_to_choose())
    status, meanwhile = 200, None
    if form.is_submitted():
        act = {"version": form.version.data or 0, **_acting()}
        status = attempt(form, lambda: actions.change_class(one, form.facts(), **form.parts(), **act))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show", class_id=one.id), 303)
        if status == 409:
            names = ", ".join(row.full_name for row in team_of(class_id))
            meanwhile = _meanwhile(one, form, _parts_of(class_id), {"trainer_ids": names})
    page = render_template(
        "trainings/edit_class.html", form=form, course=one.course, training_class=one, meanwhile=meanwhile
    )
    return page, status


@blueprint.route("/trainings/classes/<id:class_id>/sessions/new", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def new_session(class_id: int) -> ResponseReturnValue:
    """Add a session to a class."""
    one = queries.get_class(class_id)
    form = SessionForm(place=one.place) if request.method == "GET" else SessionForm()
    status = 200
    if form.is_submitted():
        made: list[ClassSession] = []
        status = attempt(form, lambda: made.append(actions.add_session(one, form.facts(), **_acting())))
        if status == 200:
            flash(_("The session is added."))
            return _to_class_of(made[0])
    return _session_page(form, one, None, None), status


@blueprint.route("/trainings/sessions/<id:session_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit_session(session_id: int) -> ResponseReturnValue:
    """Correct a session that is not closed."""
    session = queries.get_session(session_id)
    form = SessionForm(obj=session, **_office_times(session))
    status, meanwhile = 200, None
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.change_session(session, form.facts(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return _to_class_of(session)
        if status == 409:
            meanwhile = _meanwhile(session, form, _office_times(session))
    return _session_page(form, session.training_class, session, meanwhile), status


def _session_page(form: SessionForm, one: TrainingClass, session: ClassSession | None, meanwhile: Any) -> str:
    return render_template(
        "trainings/edit_session.html",
        form=form,
        training_class=one,
        session=session,
        meanwhile=meanwhile,
        topics=one.course.topics.splitlines(),
        lecturers=lecturers_known(),
        places=places_known(one.id),
    )


def _to_class_of(session: ClassSession) -> ResponseReturnValue:
    """Back to the class, warned when the session shares a room or somebody with another at the same time."""
    found = [each for each in conflicts_of(session.class_id, clock.now()) if session.id in (each.one.id, each.other.id)]
    for each in (shared for conflict in found for shared in conflict.shared):
        said = {"what": CLASHES[each.clash], "names": ", ".join(each.names)}
        flash(_("Another session is at the same hours. %(what)s: %(names)s.", **said), "warning")
    return redirect(url_for(".show", class_id=session.class_id, _anchor=f"session-{session.id}"), 303)


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _office_times(session: ClassSession) -> dict[str, Any]:
    starts, ends = in_office(session.starts_at), in_office(session.ends_at)
    return {"day": office_day(session.starts_at), "start": starts.time(), "end": ends.time()}


def _parts_of(class_id: int) -> dict[str, Any]:
    venues, team = venues_of(class_id), team_of(class_id)
    return {"venues": venue_lines(venues), "trainer_ids": [row.id for row in team]}


def _meanwhile(row: Any, form: Any, own: dict[str, Any], words: dict[str, str] | None = None) -> dict[str, Any]:
    """What is on record now where it differs from what was typed; the form goes on from this version.

    `own` are stored values that are no attribute of the row, `words` how one of them is said.
    """
    db.session.refresh(row)
    form.version.data, form.version.raw_data = row.version, None
    shown = [name for name in form.data if name not in ("version", "csrf_token")]
    now = {name: own[name] if name in own else getattr(row, name) for name in shown}
    said = {name: _words(value) for name, value in now.items()} | (words or {})
    different = [(form[name].label.text, said[name]) for name, value in now.items() if form[name].data != value]
    return {"act": last_change_of(row), "differing": different}


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, list):
        return "; ".join(map(str, value)) or _("(empty)")
    if hasattr(value, "hour"):
        return f"{value:%H:%M}"
    return write_day(value) if hasattr(value, "year") else str(value or _("(empty)"))


@list_out(blueprint, "/trainings", P.TRAINING_VIEW, file_name="lop-tap-huan")
def classes_table() -> Table:
    """Every class with its course, for a spreadsheet."""
    courses = queries.all_courses()
    classes = queries.classes_of([course.id for course in courses])
    rows = [(course, one) for course in courses for one in classes[course.id]]
    columns: list[Column] = [
        (_("Year"), lambda row: row[0].year),
        (_("Course"), lambda row: row[0].title),
        (_("Agency"), lambda row: row[0].agency),
        (_("Class"), lambda row: row[1].name),
        (_("Place"), lambda row: row[1].place),
        (_("First session"), lambda row: row[1].first_at),
        (_("Last session"), lambda row: row[1].last_at),
        (_("Sessions"), lambda row: row[1].sessions),
        (_("Roll calls closed"), lambda row: row[1].closed),
        (_("Trainees"), lambda row: row[1].participants),
        (_("Cancelled at"), lambda row: row[1].cancelled_at),
    ]
    return of_rows(_("Classes"), rows, columns)
