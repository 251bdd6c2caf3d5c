"""The test of a class, for trainers: its questions, what was handed in, short answers to mark."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.assessments.actions import tests as actions
from pr_tracker.assessments.forms.tests import AnnulForm, CopyForm, PasteForm, QuestionForm, TestForm
from pr_tracker.assessments.labels import KINDS, STAGES
from pr_tracker.assessments.models import ClassTest, TestQuestion
from pr_tracker.assessments.queries import tests as queries
from pr_tracker.assessments.rules import MOST_OPTIONS, Kind, points_of, stage_of
from pr_tracker.assessments.rules_paste import PastedQuestion, read_questions
from pr_tracker.audit.queries import last_change_of
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.office_time import write_moment
from pr_tracker.permissions import Permission
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.views_saving import attempt, differing

blueprint = Blueprint("assessments", __name__)
P = Permission


@blueprint.get("/trainings/classes/<id:class_id>/test")
@requires(P.TRAINING_VIEW)
def show(class_id: int) -> str:
    """The test: when, which questions, how many took it; or how to begin one."""
    one = get_class(class_id)
    test = queries.find_test(class_id)
    if test is None:
        return render_template("assessments/test.html", training_class=one, test=None)
    questions = queries.questions_of(test.id)
    attempts = queries.attempts_of(test)
    book = queries.book_of(test.id, questions)
    now = clock.now()
    return render_template(
        "assessments/test.html",
        training_class=one,
        test=test,
        stage=stage_of(test.opens_at, test.closes_at, len(questions), now),
        stages=STAGES,
        questions=questions,
        kinds=KINDS,
        book=book,
        attempts=attempts,
        handed_in=sum(row.handed_in_at is not None for row in attempts),
        waiting=_waiting(book, attempts),
        begun=bool(attempts) or queries.has_attempts(test.id),
    )


@blueprint.route("/trainings/classes/<id:class_id>/test/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit(class_id: int) -> ResponseReturnValue:
    """When the test is open and for how long; the first time it makes the test."""
    one, test = get_class(class_id), queries.find_test(class_id)
    form = TestForm(obj=test)
    status, meanwhile = 200, None
    if form.is_submitted():
        status = attempt(form, lambda: _save_test(one, test, form))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show", class_id=class_id), 303)
        if status == 409 and test is not None:
            meanwhile = _meanwhile(test, form, ("title", "instructions", "opens_at", "closes_at", "minutes"))
    page = render_template("assessments/edit_test.html", form=form, training_class=one, test=test, meanwhile=meanwhile)
    return page, status


@blueprint.route("/trainings/classes/<id:class_id>/test/questions/new", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def new_question(class_id: int) -> ResponseReturnValue:
    """Add one question at the end."""
    test = queries.get_test(class_id)
    form, status = QuestionForm(), 200
    if form.is_submitted():
        status = _attempt_step(form, lambda: actions.add_questions(test, [form.facts()], **_acting()))
        if status == 200:
            flash(_("The question is added."))
            after = ".new_question" if request.form.get("act") == "another" else ".show"
            return redirect(url_for(after, class_id=class_id), 303)
    return _question_page(class_id, form, None, None), status


@blueprint.route("/trainings/questions/<id:question_id>/edit", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit_question(question_id: int) -> ResponseReturnValue:
    """Correct a question; marks follow."""
    row = queries.get_question(question_id)
    class_id = _class_of(row)
    form = QuestionForm(data=None if request.method == "POST" else _typed(row))
    status, meanwhile = 200, None
    if form.is_submitted():
        version = form.version.data or 0
        status = _attempt_step(form, lambda: actions.change_question(row, form.facts(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show", class_id=class_id), 303)
        if status == 409:
            meanwhile = _meanwhile(row, form, ("text",))
    return _question_page(class_id, form, row, meanwhile), status


@blueprint.post("/trainings/questions/<id:question_id>/move")
@requires(P.TRAINING_EDIT)
def move(question_id: int) -> ResponseReturnValue:
    """Move a question up or down by one."""
    row = queries.get_question(question_id)
    class_id = _class_of(row)
    actions.move_question(row, -1 if request.form.get("to") == "up" else 1, **_acting())
    db.session.commit()
    return redirect(url_for(".show", class_id=class_id, _anchor=f"question-{question_id}"), 303)


@blueprint.post("/trainings/questions/<id:question_id>/withdraw")
@requires(P.TRAINING_EDIT)
def withdraw(question_id: int) -> ResponseReturnValue:
    """Take a question out of the test."""
    row = queries.get_question(question_id)
    class_id = _class_of(row)
    actions.withdraw_question(row, version=request.form.get("version", type=int) or 0, **_acting())
    db.session.commit()
    flash(_("The question is withdrawn and counts for nobody."))
    return redirect(url_for(".show", class_id=class_id), 303)


@blueprint.route("/trainings/classes/<id:class_id>/test/paste", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def paste(class_id: int) -> ResponseReturnValue:
    """Paste a test written as text, look at what was understood, then add it."""
    test = queries.get_test(class_id)
    form, status = PasteForm(), 200
    asked: list[PastedQuestion] = []
    if form.is_submitted():
        status, asked = _read(form)
        if status == 200 and request.form.get("act") == "save":
            facts = [one.facts for one in asked]
            status = _attempt_step(form, lambda: actions.add_questions(test, facts, **_acting()))
            if status == 200:
                flash(ngettext("%(num)d question added.", "%(num)d questions added.", len(asked)))
                return redirect(url_for(".show", class_id=class_id), 303)
    page = render_template(
        "assessments/paste_test.html",
        form=form,
        training_class=get_class(class_id),
        asked=[(one, say(one.trouble) if one.trouble else None) for one in asked],
        kinds=KINDS,
    )
    return page, status


@blueprint.route("/trainings/classes/<id:class_id>/test/copy", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def copy(class_id: int) -> ResponseReturnValue:
    """Take over the test of another class."""
    one = get_class(class_id)
    tests = queries.tests_to_copy(class_id)
    form, status = CopyForm(), 200
    form.offer(tests)
    if form.is_submitted():
        status = attempt(form, lambda: _copy(one, form))
        if status == 200:
            flash(_("The test is taken over; look at its times."))
            return redirect(url_for(".show", class_id=class_id), 303)
    return render_template("assessments/copy_test.html", form=form, training_class=one, tests=tests), status


@blueprint.route("/trainings/classes/<id:class_id>/test/answers", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def answers(class_id: int) -> ResponseReturnValue:
    """Short answers that no accepted one settles: the same answer is marked once for all who gave it."""
    one, test = get_class(class_id), queries.get_test(class_id)
    questions = queries.questions_of(test.id)
    book = queries.book_of(test.id, questions)
    found = queries.short_answers(book, queries.attempts_of(test))
    problem, status = None, 200
    if request.method == "POST":
        try:
            count = _judge(questions, found)
            db.session.commit()
            flash(
                ngettext("%(num)d answer marked.", "%(num)d answers marked.", count)
                if count
                else _("Nothing was changed.")
            )
            return redirect(url_for(".answers", class_id=class_id), 303)
        except BadInput as refusal:
            db.session.rollback()
            problem, status = say(refusal), 422
    page = render_template(
        "assessments/answers.html",
        training_class=one,
        test=test,
        questions=[row for row in questions if row.kind is Kind.SHORT],
        found=found,
        typed=request.form,
        problem=problem,
    )
    return page, status


@blueprint.get("/trainings/attempts/<id:attempt_id>")
@requires(P.TRAINING_EDIT)
def show_attempt(attempt_id: int) -> str:
    """What one person answered, and what it is worth."""
    row = queries.get_attempt(attempt_id)
    test = db.session.get_one(ClassTest, row.test_id)
    questions = queries.questions_of(test.id)
    book = queries.book_of(test.id, questions)
    looked = []
    for question in questions:
        answer = queries.answer_to(question, row.answers)
        points = points_of(book.questions[question.id], answer, book.judged.get(question.id))
        looked.append((question, answer, points))
    return render_template(
        "assessments/attempt.html",
        training_class=get_class(test.class_id),
        test=test,
        attempt=row,
        participant=db.session.get_one(Participant, row.participant_id),
        looked=looked,
        score=book.score(row.answers),
        over=queries.is_over(test, row, clock.now()),
        ends_at=queries.ends_at(test, row),
    )


@blueprint.route("/trainings/attempts/<id:attempt_id>/annul", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def annul(attempt_id: int) -> ResponseReturnValue:
    """Let somebody take the test anew, saying why."""
    row = queries.get_attempt(attempt_id)
    test = db.session.get_one(ClassTest, row.test_id)
    form, status = AnnulForm(obj=row), 200
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.annul_attempt(row, form.reason.data, version=version, **_acting()))
        if status == 200:
            flash(_("The attempt counts no more; the test can be begun anew while it is open."))
            return redirect(url_for(".show", class_id=test.class_id), 303)
        form.version.data, form.version.raw_data = row.version, None
    page = render_template(
        "assessments/annul.html",
        form=form,
        training_class=get_class(test.class_id),
        participant=db.session.get_one(Participant, row.participant_id),
        attempt=row,
    )
    return page, status


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _attempt_step(form: Any, act: Any) -> int:
    """As attempt(), and a step that is not allowed is said on the form as well."""
    try:
        return attempt(form, act)
    except StepNotAllowed as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return 422


def _save_test(one: TrainingClass, test: ClassTest | None, form: TestForm) -> None:
    if test is None:
        actions.add_test(one, form.facts(), **_acting())
    else:
        actions.change_test(test, form.facts(), version=form.version.data or 0, **_acting())


def _copy(one: TrainingClass, form: Any) -> None:
    actions.copy_test(one, queries.get_test(form.source.data), form.opens_at.data, **_acting())


def _class_of(question: TestQuestion) -> int:
    return db.session.get_one(ClassTest, question.test_id).class_id


def _typed(row: TestQuestion) -> dict[str, Any]:
    """A stored question as the form's fields."""
    stored = [{"is_right": option["right"], "text": option["text"]} for option in row.options]
    empty = [{"is_right": False, "text": ""}] * (MOST_OPTIONS - len(stored))
    return {
        "kind": row.kind,
        "text": row.text,
        "points": f"{row.points.normalize():f}".replace(".", ","),
        "options": stored + empty,
        "accepted": row.accepted,
        "version": row.version,
    }


def _question_page(class_id: int, form: QuestionForm, row: TestQuestion | None, meanwhile: Any) -> str:
    test = queries.get_test(class_id)
    return render_template(
        "assessments/edit_question.html",
        form=form,
        training_class=get_class(class_id),
        question=row,
        meanwhile=meanwhile,
        begun=queries.has_attempts(test.id),
    )


def _read(form: PasteForm) -> tuple[int, list[PastedQuestion]]:
    """The status of the page and the questions found; 422 to save while one of them is wrong."""
    if not form.validate():
        return 422, []
    try:
        asked = read_questions(form.lines.data or "")
    except BadInput as refusal:
        form.add_problem(refusal)
        return 422, []
    wrong = [one for one in asked if one.trouble]
    if wrong and request.form.get("act") == "save":
        form.add_problem(BadInput(N_("Mend the questions marked below, then add them.")))
        return 422, asked
    return 200, asked


def _judge(questions: Any, found: dict[int, list[queries.Unjudged]]) -> int:
    """Keep the points that were typed and differ; how many."""
    rows, count = {row.id: row for row in questions}, 0
    for question_id, unjudged in found.items():
        for one in unjudged:
            typed = request.form.get(f"points-{question_id}-{one.digest[:16]}", "").strip().replace(",", ".")
            if not typed:
                continue
            points = _points(typed)
            if points != one.points:
                said = {"answer": one.answer, **_acting()}
                actions.judge_answer(rows[question_id], one.digest, points, **said)
                count += 1
    return count


def _points(typed: str) -> Decimal:
    try:
        points = Decimal(typed[:9])
        is_sound = len(typed) <= 8 and points.is_finite() and points == points.quantize(Decimal("0.01"))
    except InvalidOperation:  # no number, or one too large
        is_sound = False
    if not is_sound:
        raise BadInput(N_("“%(typed)s” is not a number of points. Example: 0,5"), typed=typed)
    return points


def _waiting(book: queries.Book, attempts: Any) -> int:
    return sum(one.points is None for rows in queries.short_answers(book, attempts).values() for one in rows)


def _meanwhile(row: Any, form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    form.version.data, form.version.raw_data = row.version, None
    stored = {name: getattr(row, name) for name in names}

    def words(value: Any) -> str:
        return write_moment(value) if hasattr(value, "tzinfo") else str(value or _("(empty)"))

    return {"act": last_change_of(row), "differing": differing(form, stored, words)}
