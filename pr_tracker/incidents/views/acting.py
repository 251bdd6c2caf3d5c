"""One act in an incident room: its page, its form, and what happens when somebody else was first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile, DomainError, NotAllowed, StepNotAllowed
from pr_tracker.incidents.actions.beats import CHANGED
from pr_tracker.incidents.forms import SeenForm
from pr_tracker.incidents.labels import STEP
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries.room import entries_of
from pr_tracker.incidents.queries.visibility import get_visible, newest_statement, standing_of
from pr_tracker.incidents.rules import ON_STATEMENT, IncidentStep, after, require_may, require_open
from pr_tracker.incidents.views.telling import timeline
from pr_tracker.web.errors import say

BOTH = ["GET", "POST"]
UNPROCESSABLE = 422
CHANGES_SHOWN = 12


@dataclass
class Act:
    """What the page of an act needs; `do` gets actor, now and seen, `fill` presets a page that is only looked at."""

    step: IncidentStep
    form: SeenForm
    do: Callable[[Incident, dict[str, Any]], object]
    said: str
    title: str = ""
    button: str = ""
    lede: str = ""
    template: str = "incidents/act.html"
    fill: Callable[[Incident], None] = lambda _incident: None
    offer: Callable[[Incident], None] = lambda _incident: None  # choices, before anything is read
    about: Callable[[Incident], Mapping[str, Any]] = lambda _incident: {}
    hints: Mapping[str, str] = field(default_factory=dict)


def reader() -> Person:
    """Whoever is signed in, as a row and not as a proxy for one."""
    person: Person = current_user._get_current_object()
    return person


def page_of(incident: Incident) -> str:
    """The address of the room."""
    return url_for("incidents.room", incident_id=incident.id)


def run(incident_id: int, act: Act) -> ResponseReturnValue:
    """Show the form of an act, or do it: load, form, one action, commit, redirect. A 404 for an unknown incident."""
    sent = request.method == "POST"
    incident = get_visible(incident_id, reader(), to_change=sent)
    act.offer(incident)
    if sent:
        return _do(incident, act)
    try:
        _require_open(incident, act.step)
    except StepNotAllowed as refusal:
        flash(say(refusal), "warning")
        return redirect(page_of(incident))
    act.fill(incident)
    act.form.show(incident.version)
    return _page(incident, act, [])


def _require_open(incident: Incident, step: IncidentStep) -> None:
    """Raises NotAllowed (a 403) or StepNotAllowed (back to the room)."""
    newest = newest_statement(incident)
    awaited = newest.review_step if newest else None
    standing = standing_of(incident, reader(), now=clock.now(), statement=newest, step=step)
    require_may(step, standing, awaited)
    require_open(step, closed=incident.closed_at is not None)
    if step in ON_STATEMENT:
        after(newest.state if newest else None, step)


def _do(incident: Incident, act: Act) -> ResponseReturnValue:
    refusal = attempt(incident, act)
    if refusal is None:
        flash(act.said, "success")
        return redirect(page_of(incident), 303)
    incident_id, seen = incident.id, act.form.seen_version
    incident = get_visible(incident_id, reader())
    act.offer(incident)
    lost = isinstance(refusal, ChangedMeanwhile | StepNotAllowed)
    meanwhile = timeline(entries_of(incident, since_version=seen), [])[:CHANGES_SHOWN] if lost and seen else []
    act.form.show(incident.version)
    status = UNPROCESSABLE if isinstance(refusal, BadInput) else refusal.http_status
    return _page(incident, act, meanwhile), status


def attempt(incident: Incident, act: Act) -> DomainError | None:
    """Do and commit; or put the refusal on the form and give it back."""
    if not act.form.validate():
        return BadInput("")
    try:
        act.do(incident, {"actor": reader(), "now": clock.now(), "seen": act.form.seen_version})
        db.session.commit()
    except (BadInput, ChangedMeanwhile, StepNotAllowed, NotAllowed) as refusal:
        db.session.rollback()
        act.form.add_problem(refusal)
        return refusal
    except StaleDataError:
        db.session.rollback()
        act.form.add_problem(ChangedMeanwhile(CHANGED))
        return ChangedMeanwhile(CHANGED)
    return None


def _page(incident: Incident, act: Act, meanwhile: list[dict[str, Any]]) -> str:
    title = act.title or str(STEP[act.step])
    return render_template(
        act.template,
        incident=incident,
        form=act.form,
        title=title,
        button=act.button or title,
        lede=act.lede,
        hints=act.hints,
        meanwhile=meanwhile,
        **act.about(incident),
    )
