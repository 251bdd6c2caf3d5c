"""Feedback on a class, for trainers: what is asked, and what may be shown of the answers as pictures and tables."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.assessments.actions import feedback as actions
from pr_tracker.assessments.forms.marks import FeedbackPlanForm
from pr_tracker.assessments.labels import SCALE_WORDS
from pr_tracker.assessments.models import FeedbackForm
from pr_tracker.assessments.queries import feedback as queries
from pr_tracker.assessments.rules_feedback import (
    LEAST_SHOWN,
    FeedbackSummary,
    ScaleSummary,
    read_asked,
    usual_questions,
    write_asked,
)
from pr_tracker.charts import Bar, Look, Picture, Piece, bars
from pr_tracker.db import db
from pr_tracker.errors import StepNotAllowed
from pr_tracker.permissions import Permission
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.web.access import requires
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("feedback", __name__)
P = Permission
# How answers are drawn: who agrees, neither, who does not.
PARTS = (
    (Look.SOLID, _l("Agree"), slice(0, 2)),
    (Look.OPEN, _l("Neither"), slice(2, 3)),
    (Look.LATE, _l("Disagree"), slice(3, 5)),
)


@blueprint.get("/trainings/classes/<id:class_id>/feedback")
@requires(P.TRAINING_VIEW)
def show(class_id: int) -> str:
    """What the class says, from five answers on."""
    one, form = get_class(class_id), queries.find_form(class_id)
    summary = queries.feedback_summary(class_id)
    return render_template(
        "assessments/feedback.html",
        training_class=one,
        form=form,
        asked=queries.asked_of(form.id) if form else [],
        summary=summary,
        least=LEAST_SHOWN,
        picture=picture_of(summary) if summary.is_shown and summary.scales else None,
        looks=[(look.value, words) for look, words, _values in PARTS],
        scale=SCALE_WORDS,
        now=clock.now(),
    )


@blueprint.route("/trainings/classes/<id:class_id>/feedback/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit(class_id: int) -> ResponseReturnValue:
    """Ask the class, or change when and what it is asked."""
    one, stored = get_class(class_id), queries.find_form(class_id)
    asked = queries.asked_of(stored.id) if stored else usual_questions(queries.topics_of(class_id))
    form = FeedbackPlanForm(obj=stored, lines=write_asked(asked))
    status = 200
    if form.is_submitted():
        try:
            status = attempt(form, lambda: _save(one, stored, form))
        except StepNotAllowed as refusal:
            db.session.rollback()
            form.add_problem(refusal)
            status = 422
        if status == 200:
            flash(_("Saved. Those who attended find the questions on their own page."))
            return redirect(url_for("feedback.show", class_id=class_id), 303)
        if status == 409 and stored is not None:
            form.version.data, form.version.raw_data = stored.version, None
    page = render_template(
        "assessments/edit_feedback.html",
        form=form,
        training_class=one,
        stored=stored,
        answered=queries.count_answers(class_id),
    )
    return page, status


def picture_of(summary: FeedbackSummary) -> Picture:
    """A bar for each scale: who agrees, neither, who does not; its mean at the end."""
    return bars([_bar(scale) for scale in summary.scales], key="scales", most=100, above=True)


def _bar(scale: ScaleSummary) -> Bar:
    numbers = [(look, sum(scale.counts[values])) for look, _words, values in PARTS]
    pieces = tuple(Piece(100 * number / (scale.answers or 1), look) for look, number in numbers)
    return Bar(scale.words, pieces, "" if scale.mean is None else format_decimal(scale.mean, format="0.0"))


def _save(one: TrainingClass, stored: FeedbackForm | None, form: Any) -> None:
    asked = read_asked(form.lines.data)
    acting = {"actor": current_user, "now": clock.now()}
    times = (form.opens_at.data, form.closes_at.data)
    if stored is None:
        actions.open_feedback(one, asked, *times, **acting)
    else:
        actions.change_feedback(stored, asked, *times, version=form.version.data or 0, **acting)
