"""Pages of what plans are made of: how an agency shares out its time, when the offices work; each with a preview."""

from collections.abc import Callable
from dataclasses import asdict, astuple
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.deadlines import actions_plan, labels, labels_plan, queries, queries_plan
from pr_tracker.deadlines.forms_plan import OfficeHoursForm, SharesForm
from pr_tracker.deadlines.labels_names import term_words
from pr_tracker.deadlines.labels_plan import PlanLine
from pr_tracker.deadlines.queries_plan import PlanSettings
from pr_tracker.deadlines.rules import ClockKey, compute
from pr_tracker.deadlines.rules_plan import DEFAULT_SHARES, plan
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.forms import Form
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("plans", __name__)

# What a preview plans: a long statutory term, the agency's own, a clock in hours.
PREVIEWED = (ClockKey.FORWARDED_OPINION_NOTICE, ClockKey.INTERNAL_REPLY, ClockKey.INCIDENT_INITIAL_INFO)


class Preview(NamedTuple):
    """One term received now: its length, its due time, the stages up to it."""

    term: str
    due: str
    lines: list[PlanLine]


class SharesShown(NamedTuple):
    """One agency's shares in a row; `parts` are (stage, percent)."""

    id: int
    name: str
    parts: list[tuple[str, int]]
    by_default: bool
    may_edit: bool


@blueprint.get("/deadlines/plans")
@requires(Permission.DEADLINE_VIEW)
def index() -> str:
    """How each agency shares out its time, and the office hours."""
    names, person = [str(words) for words in labels_plan.STAGES.values()], _reader()
    rows = [
        SharesShown(
            row.id,
            row.name,
            list(zip(names, astuple(queries_plan.shares_in(row)), strict=True)),
            row.share_draft is None,
            actions_plan.may_set_shares(row.id, person),
        )
        for row in queries_plan.agencies_with_shares()
    ]
    hours = {name: f"{at:%H:%M}" for name, at in asdict(queries_plan.office_hours()).items()}
    return render_template("deadlines/plans.html", rows=rows, names=names, hours=hours)


@blueprint.route("/deadlines/plans/<id:agency_id>", methods=["GET", "POST"])
@requires(Permission.DEADLINE_SHARES_EDIT)
def shares(agency_id: int) -> ResponseReturnValue:
    """How an agency shares out its time: administrators for every agency, heads for their own."""
    agency, person = queries.get_agency(agency_id), _reader()
    if not actions_plan.may_set_shares(agency.id, person):
        raise NotFound(N_("There is no such agency."))
    stored = queries_plan.plan_settings(agency.id)
    form = SharesForm(obj=stored.shares)

    def save() -> None:
        actions_plan.set_shares(agency, form.shares, actor=person, now=clock.now())

    said = _("%(agency)s shares out its time like this from now on.", agency=agency.name)
    return _answer(form, save, lambda: stored._replace(shares=form.shares), said, agency.id, agency.name)


@blueprint.route("/deadlines/plans/office-hours", methods=["GET", "POST"])
@requires(Permission.DEADLINE_TERMS_EDIT)
def office_hours() -> ResponseReturnValue:
    """When the province's offices work: plans follow, due times never do."""
    form = OfficeHoursForm(obj=queries_plan.office_hours())

    def save() -> None:
        actions_plan.set_office_hours(form.hours, actor=_reader(), now=clock.now())

    return _answer(
        form, save, lambda: PlanSettings(form.hours, DEFAULT_SHARES), _("The office hours are set."), None, ""
    )


def _answer(
    form: Form,
    save: Callable[[], None],
    settings: Callable[[], PlanSettings],
    said: str,
    agency_id: int | None,
    name: str,
) -> ResponseReturnValue:
    """Show the form with its preview, or save and go back to the terms."""
    status = 200
    if form.is_submitted() and "show" not in request.form:
        status = attempt(form, save)
        if status == 200:
            flash(said, "success")
            return redirect(url_for("plans.index"), 303)
    elif form.is_submitted():
        status = 200 if form.validate() else 422
    previews, status = _previews(form, settings, agency_id, status)
    page = render_template("deadlines/plan_form.html", form=form, agency=name, previews=previews)
    return page, status


def _previews(
    form: Form, settings: Callable[[], PlanSettings], agency_id: int | None, status: int
) -> tuple[list[Preview], int]:
    """What the typed values would mean; nothing while they make no sense."""
    if form.errors:
        return [], status
    try:
        chosen = settings()
    except BadInput as refusal:
        if status == 200:
            form.add_problem(refusal)
        return [], 422
    now, calendar = clock.now(), queries.working_calendar()
    terms = queries.terms_of(agency_id)
    found = []
    for key in PREVIEWED:
        deadline = compute(key, now, calendar=calendar, settings=terms)
        if deadline.due is None:
            continue
        stages = plan(now, deadline.due, calendar=calendar, hours=chosen.hours, shares=chosen.shares)
        lines = labels_plan.planned_lines(stages)
        found.append(Preview(term_words(deadline.rule.term), labels.due_words(deadline), lines))
    return found, status


def _reader() -> Person:
    person: Any = current_user._get_current_object()
    return person
