"""Pages of training: courses, classes and their sessions."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.audit.queries import last_change_of
from pr_tracker.db import db
from pr_tracker.office_time import in_office, office_day, write_day
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import plan as actions
from pr_tracker.trainings.forms.plan import ClassForm, CourseForm, SessionForm
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.queries import plan as queries
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import id_of
from pr_tracker.web.views_saving import attempt, differing

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
            meanwhile = _meanwhile(course, form, agency_id=course.agency.name)
    return render_template("trainings/edit_course.html", form=form, course=course, meanwhile=meanwhile), status


@blueprint.route("/trainings/courses/<id:course_id>/classes/new", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def new_class(course_id: int) -> ResponseReturnValue:
    """Open a class of a course."""
    course = queries.get_course(course_id)
    form = ClassForm()
    status = 200
    if form.is_submitted():
        made: list[Any] = []
        status = attempt(form, lambda: made.append(actions.add_class(course, form.facts(), **_acting())))
        if status == 200:
            flash(_("The class is open. Now add sessions and people."))
            return redirect(url_for(".show", class_id=made[0].id), 303)
    page = render_template("trainings/edit_class.html", form=form, course=course, training_class=None, meanwhile=None)
    return page, status


@blueprint.get("/trainings/classes/<id:class_id>")
@requires(P.TRAINING_VIEW)
def show(class_id: int) -> str:
    """One class: its sessions, and where the rest of it stands."""
    training_class = queries.get_class(class_id)
    return render_template(
        "trainings/show.html",
        training_class=training_class,
        course=training_class.course,
        sessions=queries.sessions_of(class_id),
    )


@blueprint.route("/trainings/classes/<id:class_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit_class(class_id: int) -> ResponseReturnValue:
    """Correct a class."""
    one = queries.get_class(class_id)
    form = ClassForm(obj=one)
    status, meanwhile = 200, None
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.change_class(one, form.facts(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show", class_id=one.id), 303)
        if status == 409:
            meanwhile = _meanwhile(one, form)
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
        status = attempt(form, lambda: actions.add_session(one, form.facts(), **_acting()))
        if status == 200:
            flash(_("The session is added."))
            return redirect(url_for(".show", class_id=one.id), 303)
    page = render_template("trainings/edit_session.html", form=form, training_class=one, session=None, meanwhile=None)
    return page, status


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
            return redirect(url_for(".show", class_id=session.class_id), 303)
        if status == 409:
            meanwhile = _meanwhile(session, form, **_office_times(session))
    page = render_template(
        "trainings/edit_session.html",
        form=form,
        training_class=session.training_class,
        session=session,
        meanwhile=meanwhile,
    )
    return page, status


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _office_times(session: ClassSession) -> dict[str, Any]:
    starts, ends = in_office(session.starts_at), in_office(session.ends_at)
    return {"day": office_day(session.starts_at), "start": starts.time(), "end": ends.time()}


def _meanwhile(row: Any, form: Any, **stored: Any) -> dict[str, Any]:
    """What is on record now where it differs from what was typed; the form goes on from this version."""
    db.session.refresh(row)
    form.version.data, form.version.raw_data = row.version, None
    shown = [name for name in form.data if name not in ("version", "csrf_token")]
    now = {name: stored[name] if name in stored else getattr(row, name) for name in shown}
    return {"act": last_change_of(row), "differing": differing(form, now, _words)}


def _words(value: Any) -> str:
    if hasattr(value, "hour"):
        return f"{value:%H:%M}"
    return write_day(value) if hasattr(value, "year") else str(value or _("(empty)"))
