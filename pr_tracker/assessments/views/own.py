"""The final paper and the anonymous feedback, from the person's own page."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.assessments.actions import feedback as answering
from pr_tracker.assessments.actions import marks as actions
from pr_tracker.assessments.actions.beats import may_take_part
from pr_tracker.assessments.forms.papers import OwnPaperForm
from pr_tracker.assessments.labels import SCALE_WORDS, VERDICTS
from pr_tracker.assessments.models import FeedbackForm, PaperTask
from pr_tracker.assessments.queries import feedback as asking
from pr_tracker.assessments.queries.results import find_task, latest_papers, papers_by
from pr_tracker.assessments.rules import Verdict
from pr_tracker.assessments.rules_feedback import LONGEST_TEXT, SCALE
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotFound, StepNotAllowed
from pr_tracker.files import keep_file
from pr_tracker.office_time import write_moment
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Offer
from pr_tracker.trainings.views.my_class import blueprint as my_class
from pr_tracker.web.access import public
from pr_tracker.web.errors import say
from pr_tracker.web.files import keeping, sent_files
from pr_tracker.web.forms import tidy
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("own_assessments", __name__)
blueprint.after_request(my_class.after_request_funcs[None][0])  # kept out of indexes, as the page it hangs on

PAPER_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


@blueprint.route("/my-class/<token>/paper", methods=["GET", "POST"])
@public
def paper(token: str) -> ResponseReturnValue:
    """What the paper is about, what was handed in and what was said of it; hand in a file."""
    one, now = get_by_token(token), clock.now()
    task = find_task(one.class_id)
    if task is None:
        raise NotFound(N_("This class is not asked for a final paper."))
    form, status = OwnPaperForm(), 200
    if form.is_submitted():
        try:
            status = attempt(form, lambda: _take_in(one, form, now))
        except StepNotAllowed as refusal:
            db.session.rollback()
            form.add_problem(refusal)
            status = 409
        if status == 200:
            flash(_("The paper is handed in."))
            return redirect(url_for("own_assessments.paper", token=token), 303)
    page = render_template(
        "assessments/own_paper.html",
        one=one,
        task=task,
        form=form,
        papers=papers_by(one.id),
        may=_may_hand_in(one, task, now),
        verdicts=VERDICTS,
    )
    return page, status


@blueprint.route("/my-class/<token>/feedback", methods=["GET", "POST"])
@public
def feedback(token: str) -> ResponseReturnValue:
    """Answer, once and without a name."""
    one, now = get_by_token(token), clock.now()
    form = asking.get_form(one.class_id)
    asked = asking.asked_of(form.id)
    problem, status = None, 200
    typed = {question.id: str(tidy(request.form.get(f"q-{question.id}", ""))) for question in asked}
    refused = _why_not(form, one, now)
    if request.method == "POST" and refused is None:
        if any(typed.values()):
            scales = {ident: int(value) for ident, value in typed.items() if value in {str(one) for one in SCALE}}
            answering.give_feedback(form, one, scales, typed, now=now)
            db.session.commit()
            return redirect(url_for("own_assessments.feedback", token=token), 303)
        problem, status = _("Answer at least one question."), 422
    elif request.method == "POST":
        status = 409
    page = render_template(
        "assessments/own_feedback.html",
        one=one,
        form=form,
        asked=asked,
        typed=typed,
        problem=problem,
        refused=refused,
        given=asking.has_answered(one.id),
        scale=SCALE_WORDS,
        longest=LONGEST_TEXT,
    )
    return page, status


def paper_offers(one: Participant, now: datetime) -> list[Offer]:
    """The final paper, on the person's own page."""
    task = find_task(one.class_id)
    if task is None or not may_take_part(one):
        return []
    url = url_for("own_assessments.paper", token=one.token)
    title = _("Final paper")
    last = latest_papers(one.class_id, one.id).get(one.id)
    due = write_moment(task.due_at)
    if last is None:
        return [Offer(title, _("To be handed in until %(moment)s.", moment=due), url, now <= task.due_at)]
    if last.verdict is Verdict.RETURNED:
        return [Offer(title, _("Returned to be done again: %(remark)s", remark=last.remark), url, now <= task.due_at)]
    return [Offer(title, _("Handed in at %(moment)s.", moment=write_moment(last.handed_in_at)), url)]


def feedback_offers(one: Participant, now: datetime) -> list[Offer]:
    """The feedback, on the person's own page: only while it may be given."""
    form = asking.find_form(one.class_id)
    if form is None or _why_not(form, one, now) is not None:
        return []
    sentence = _("A few questions, without a name. Until %(moment)s.", moment=write_moment(form.closes_at))
    return [Offer(_("Give feedback"), sentence, url_for("own_assessments.feedback", token=one.token), True)]


def _why_not(form: FeedbackForm, one: Participant, now: datetime) -> str | None:
    try:
        answering.require_may_answer(form, one, now)
    except StepNotAllowed as refusal:
        return say(refusal)
    return None


def _may_hand_in(one: Participant, task: PaperTask, now: datetime) -> bool:
    last = latest_papers(one.class_id, one.id).get(one.id)
    return may_take_part(one) and now <= task.due_at and (last is None or last.verdict is not Verdict.PASSED)


def _take_in(one: Participant, form: Any, now: datetime) -> None:
    sent = sent_files(form.file.data, needed=True, types=PAPER_TYPES, field="file")
    if len(sent) != 1:
        raise BadInput(N_("Choose one file."), field="file")
    name, content = sent[0]
    actions.require_open(one, now)
    kept = keep_file(name, content, **keeping(), by=None, now=now, types=PAPER_TYPES, field="file")
    actions.hand_in_paper(one, kept, actor=None, now=now)
