"""Pages of the roster and of tasks."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.errors import StepNotAllowed
from pr_tracker.incidents.actions import roster
from pr_tracker.incidents.forms import ReasonForm, ShiftForm, TaskForm
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries.room import people_of, shifts_of
from pr_tracker.incidents.queries.visibility import get_shift, get_task, get_visible
from pr_tracker.incidents.rules import IncidentStep, Span, gaps
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import BOTH, Act, reader, run
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say

P = Permission
X = IncidentStep
USUAL_SHIFT, USUAL_TASK = timedelta(hours=12), timedelta(hours=2)


@blueprint.route("/incidents/<id:incident_id>/shifts", methods=BOTH)
@requires(P.INCIDENT_DO)
def add_shift(incident_id: int) -> ResponseReturnValue:
    """Put somebody on call; the first gap of the next day is offered."""
    form = ShiftForm()

    def fill(incident: Incident) -> None:
        now = clock.now()
        covered = [Span(row.from_at, row.until_at) for row in shifts_of(incident, since=now)]
        empty = gaps(covered, now) or [Span(now + timedelta(hours=24), now + timedelta(hours=36))]
        form.from_at.process(None, empty[0].from_at)
        form.until_at.process(None, min(empty[0].from_at + USUAL_SHIFT, max(empty[0].until_at, empty[0].from_at)))

    act = Act(
        X.ROSTER,
        form,
        lambda incident, by: roster.add_shift(incident, form.facts(), **by),
        said=_("The roster is changed; the person is told."),
        lede=_("Whoever is on call hears of every reminder of this incident, day and night."),
        fill=fill,
        offer=lambda incident: form.offer(people_of(incident)),
    )
    return run(incident_id, act)


@blueprint.post("/incidents/<id:incident_id>/shifts/<id:shift_id>/remove")
@requires(P.INCIDENT_DO)
def remove_shift(incident_id: int, shift_id: int) -> ResponseReturnValue:
    """Take somebody off the roster."""
    incident = get_visible(incident_id, reader(), to_change=True)
    shift = get_shift(incident, shift_id)
    return _at_once(incident, lambda by: roster.remove_shift(incident, shift, **by), _("Taken off the roster."))


@blueprint.route("/incidents/<id:incident_id>/tasks", methods=BOTH)
@requires(P.INCIDENT_DO)
def add_task(incident_id: int) -> ResponseReturnValue:
    """Give somebody a task."""
    form = TaskForm()

    def do(incident: Incident, by: dict[str, Any]) -> None:
        assert form.due_at.data is not None
        roster.add_task(incident, form.what.data or "", form.person_id.data, form.due_at.data, **by)

    act = Act(
        X.TASK,
        form,
        do,
        said=_("The task is given; the person is told."),
        fill=lambda _incident: form.due_at.process(None, clock.now() + USUAL_TASK),
        offer=lambda incident: form.offer(people_of(incident)),
    )
    return run(incident_id, act)


@blueprint.post("/incidents/<id:incident_id>/tasks/<id:task_id>/done")
@requires(P.INCIDENT_DO)
def finish_task(incident_id: int, task_id: int) -> ResponseReturnValue:
    """Say that a task is done."""
    incident = get_visible(incident_id, reader(), to_change=True)
    task = get_task(incident, task_id)
    return _at_once(incident, lambda by: roster.finish_task(incident, task, **by), _("Recorded as done."))


@blueprint.route("/incidents/<id:incident_id>/tasks/<id:task_id>/drop", methods=BOTH)
@requires(P.INCIDENT_DO)
def drop_task(incident_id: int, task_id: int) -> ResponseReturnValue:
    """Say that a task is not to be done any more, and why."""
    task = get_task(get_visible(incident_id, reader()), task_id)
    form = ReasonForm()
    act = Act(
        X.TASK,
        form,
        lambda incident, by: roster.drop_task(incident, task, form.reason.data or "", **by),
        said=_("The task is dropped."),
        title=_("Drop the task"),
        lede=task.what,
    )
    return run(incident_id, act)


def _at_once(incident: Incident, do: Any, said: str) -> ResponseReturnValue:
    """An act that asks nothing: done, or said why not; back to the room."""
    back = url_for(".room", incident_id=incident.id)
    try:
        do({"actor": reader(), "now": clock.now()})
        db.session.commit()
        flash(said, "success")
    except StepNotAllowed as refusal:
        db.session.rollback()
        flash(say(refusal), "warning")
    return redirect(back, 303)
