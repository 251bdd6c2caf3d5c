"""Final papers, for trainers: what is asked, one person's papers, taking in and judging."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.assessments.actions import marks as actions
from pr_tracker.assessments.forms.papers import JudgeForm, TakeInForm, TaskForm
from pr_tracker.assessments.labels import VERDICTS
from pr_tracker.assessments.models import FinalPaper
from pr_tracker.assessments.queries import results as queries
from pr_tracker.assessments.rules import Verdict
from pr_tracker.assessments.views.own import PAPER_TYPES
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.files import KeptFile, keep_file
from pr_tracker.permissions import Permission
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, kept_path, send_kept, sent_files
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("papers", __name__)
P = Permission


@blueprint.route("/trainings/classes/<id:class_id>/paper", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def task(class_id: int) -> ResponseReturnValue:
    """Ask the class for a final paper, or correct what is asked."""
    one, row = get_class(class_id), queries.find_task(class_id)
    form, status = TaskForm(obj=row), 200
    if form.is_submitted():
        version = form.version.data or 0
        said: dict[str, Any] = form.data
        status = attempt(
            form, lambda: actions.ask_paper(one, said["task"], said["due_at"], version=version, **_acting())
        )
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for("marks.show", class_id=class_id), 303)
        if status == 409:
            row = queries.find_task(class_id)
            form.version.data, form.version.raw_data = row.version if row else 0, None
    return render_template("assessments/edit_task.html", form=form, training_class=one, task=row), status


@blueprint.route("/trainings/participants/<id:participant_id>/papers", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def show(participant_id: int) -> ResponseReturnValue:
    """One person's papers; take one in for them, as a file or on paper."""
    one = get_participant(participant_id)
    form, status = TakeInForm(), 200
    if form.is_submitted():
        try:
            status = attempt(form, lambda: _take_in(one, form))
        except StepNotAllowed as refusal:
            db.session.rollback()
            form.add_problem(refusal)
            status = 409
        if status == 200:
            flash(_("The paper is taken in."))
            return redirect(url_for("papers.show", participant_id=participant_id), 303)
    return _page(one, form, None), status


@blueprint.post("/trainings/papers/<id:paper_id>/judge")
@requires(P.TRAINING_EDIT)
def judge(paper_id: int) -> ResponseReturnValue:
    """Say whether the paper passes."""
    paper = queries.get_paper(paper_id)
    one = get_participant(paper.participant_id)
    form = JudgeForm()
    version = form.version.data or 0
    said = (form.verdict, form.mark, form.remark)
    status = attempt(form, lambda: _judge(paper, *said, version=version))
    if status == 200:
        flash(_("Saved."))
        return redirect(url_for("marks.show", class_id=one.class_id), 303)
    form.version.data, form.version.raw_data = paper.version, None
    return _page(one, TakeInForm(formdata=None), form), status


@blueprint.get("/trainings/papers/<id:paper_id>/file")
@requires(P.TRAINING_EDIT)
def download(paper_id: int) -> Response:
    """The file of a paper; who read it is logged."""
    start_writing()
    paper = queries.get_paper(paper_id)
    kept = queries.get_file(paper)
    path = kept_path(kept)
    answer = send_kept(path, file_name=kept.file_name, media_type=kept.media_type)
    actions.note_read(paper, **_acting())
    db.session.commit()
    return answer


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _page(one: Participant, form: TakeInForm, judging: JudgeForm | None) -> str:
    papers = queries.papers_by(one.id)
    if judging is None and papers:
        last = queries.get_paper(papers[0].id)
        mark = "" if last.mark is None else f"{last.mark.normalize():f}".replace(".", ",")
        verdict = None if last.verdict is Verdict.WAITING else last.verdict
        judging = JudgeForm(formdata=None, verdict=verdict, mark=mark, remark=last.remark, version=last.version)
    return render_template(
        "assessments/papers.html",
        training_class=one.training_class,
        participant=one,
        task=queries.find_task(one.class_id),
        papers=papers,
        form=form,
        judging=judging,
        verdicts=VERDICTS,
    )


def _ask(one: TrainingClass, said: dict[str, Any], version: int) -> None:
    actions.ask_paper(one, said["task"], said["due_at"], version=version, **_acting())


def _take_in(one: Participant, form: Any) -> None:
    sent = sent_files(form.file.data, types=PAPER_TYPES, field="file")
    if len(sent) > 1:
        raise BadInput(N_("Choose one file."), field="file")
    kept: KeptFile | None = None
    now = clock.now()
    if sent:
        name, content = sent[0]
        kept = keep_file(name, content, **keeping(), by=current_user.id, now=now, types=PAPER_TYPES, field="file")
    actions.hand_in_paper(one, kept, actor=current_user, now=now)


def _judge(paper: FinalPaper, verdict: Any, mark: Any, remark: Any, *, version: int) -> None:
    actions.judge_paper(paper, verdict.data, mark.mark, remark.data or "", version=version, **_acting())
