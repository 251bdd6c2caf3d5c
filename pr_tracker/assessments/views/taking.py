"""The test on a phone, from the person's own page: saved as one goes, handed in after a look at what is missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.assessments.actions import taking as actions
from pr_tracker.assessments.actions.beats import may_take_part, require_seat
from pr_tracker.assessments.models import ClassTest, TestAttempt, TestQuestion
from pr_tracker.assessments.queries import tests as queries
from pr_tracker.assessments.rules import LONGEST_ANSWER, Kind, Stage, points_of, shuffled, stage_of
from pr_tracker.db import db
from pr_tracker.errors import StepNotAllowed
from pr_tracker.office_time import write_moment, write_time
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Offer
from pr_tracker.trainings.views.my_class import blueprint as my_class
from pr_tracker.web.access import public, wants_json
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy

blueprint = Blueprint("taking", __name__)
blueprint.add_app_template_filter(format_decimal, "figure")
blueprint.after_request(my_class.after_request_funcs[None][0])  # kept out of indexes, as the page it hangs on
Given = Mapping[str, Sequence[int] | str]


@blueprint.get("/my-class/<token>/test")
@public
def show(token: str) -> ResponseReturnValue:
    """What there is to do now: wait, begin, go on, or read the result."""
    one, test, now = _found(token)
    attempt = queries.find_attempt(test.id, one.id)
    if attempt is None:
        return _intro(one, test, now)
    if queries.is_over(test, attempt, now):
        return _result(one, test, attempt, now)
    return _questions(one, test, attempt, now)


@blueprint.post("/my-class/<token>/test/start")
@public
def start(token: str) -> ResponseReturnValue:
    """Begin the test, or go on with it."""
    one, test, now = _found(token)
    try:
        actions.start(test, one, now=now)
        db.session.commit()
    except StepNotAllowed as refusal:
        db.session.rollback()
        flash(say(refusal), "warning")
    return redirect(url_for("taking.show", token=token), 303)


@blueprint.post("/my-class/<token>/test")
@public
def save(token: str) -> ResponseReturnValue:
    """Keep what was answered; `act`: review (then look at what is missing), hand_in (the time is up), else stay."""
    one, test, now = _found(token)
    attempt = queries.find_attempt(test.id, one.id)
    if attempt is None:
        return redirect(url_for("taking.show", token=token), 303)
    act = request.form.get("act", "")
    try:
        if act == "hand_in":
            actions.hand_in(test, attempt, one, _sent(), now=now)
        else:
            actions.save(test, attempt, _sent(), now=now)
        db.session.commit()
    except StepNotAllowed as refusal:
        db.session.rollback()
        if wants_json():
            return jsonify(message=say(refusal)), 409
        flash(say(refusal), "warning")
        return redirect(url_for("taking.show", token=token), 303)
    if wants_json():
        return jsonify(answered=len(attempt.answers), time=write_time(now))
    return redirect(url_for("taking.review" if act == "review" else "taking.show", token=token), 303)


@blueprint.route("/my-class/<token>/test/hand-in", methods=["GET", "POST"])
@public
def review(token: str) -> ResponseReturnValue:
    """Before handing in: which questions have no answer yet; then the attempt ends."""
    one, test, now = _found(token)
    attempt = queries.find_attempt(test.id, one.id)
    if attempt is None or queries.is_over(test, attempt, now):
        return redirect(url_for("taking.show", token=token), 303)
    if request.method == "POST":
        actions.hand_in(test, attempt, one, {}, now=now)
        db.session.commit()
        return redirect(url_for("taking.show", token=token), 303)
    rows = _in_order(test, attempt)
    return render_template(
        "assessments/take_review.html",
        one=one,
        test=test,
        missing=[place for place, row in enumerate(rows, 1) if str(row.id) not in attempt.answers],
        questions=rows,
        ends_at=queries.ends_at(test, attempt),
    )


def offers(one: Participant, now: datetime) -> list[Offer]:
    """The test, on the person's own page."""
    test = queries.find_test(one.class_id)
    if test is None or not may_take_part(one):
        return []
    attempt = queries.find_attempt(test.id, one.id)
    url = url_for("taking.show", token=one.token)
    stage = stage_of(test.opens_at, test.closes_at, queries.count_questions(test.id), now)
    if attempt is None:
        return [_offer_to_begin(test, stage, url)] if stage is not Stage.CLOSED else []
    if not queries.is_over(test, attempt, now):
        until = write_moment(queries.ends_at(test, attempt))
        return [
            Offer(_("Go on with the test"), _("Begun, not handed in yet; until %(moment)s.", moment=until), url, True)
        ]
    if stage is Stage.CLOSED:
        return [Offer(_("Result of the test"), _("The test is closed: see the mark and the answers."), url)]
    return [
        Offer(_("Test"), _("Handed in. The result stands here after %(moment)s.", moment=write_moment(test.closes_at)))
    ]


def _offer_to_begin(test: ClassTest, stage: Stage, url: str) -> Offer:
    if stage is Stage.OPEN:
        sentence = _("Open until %(moment)s. It can be taken once.", moment=write_moment(test.closes_at))
        return Offer(_("Take the test"), sentence, url, primary=True)
    return Offer(_("Test"), _("It opens at %(moment)s.", moment=write_moment(test.opens_at)))


def _found(token: str) -> tuple[Participant, ClassTest, datetime]:
    one = get_by_token(token)
    return one, queries.get_test(one.class_id), clock.now()


def _intro(one: Participant, test: ClassTest, now: datetime) -> str:
    try:
        require_seat(one)
        problem = None
    except StepNotAllowed as refusal:
        problem = say(refusal)
    count = queries.count_questions(test.id)
    stage = stage_of(test.opens_at, test.closes_at, count, now)
    return render_template("assessments/take.html", one=one, test=test, count=count, stage=stage, problem=problem)


def _questions(one: Participant, test: ClassTest, attempt: TestAttempt, now: datetime) -> str:
    ends_at = queries.ends_at(test, attempt)
    return render_template(
        "assessments/take_questions.html",
        one=one,
        test=test,
        attempt=attempt,
        questions=[(row, _options(test, attempt, row)) for row in _in_order(test, attempt)],
        given=attempt.answers,
        ends_at=ends_at,
        seconds=max(0, int((ends_at - now).total_seconds())),
        longest=LONGEST_ANSWER,
    )


def _result(one: Participant, test: ClassTest, attempt: TestAttempt, now: datetime) -> str:
    rows = _in_order(test, attempt)
    is_told = now >= test.closes_at  # others may still be at it
    book = queries.book_of(test.id, rows) if is_told else None
    looked = []
    for row in rows if book else ():
        assert book is not None
        answer = queries.answer_to(row, attempt.answers)
        looked.append((row, answer, points_of(book.questions[row.id], answer, book.judged.get(row.id))))
    return render_template(
        "assessments/take_result.html",
        one=one,
        test=test,
        attempt=attempt,
        is_told=is_told,
        score=book.score(attempt.answers) if book else None,
        looked=looked,
        answered=len(attempt.answers),
        count=len(rows),
        handed_in_at=attempt.handed_in_at or queries.ends_at(test, attempt),
    )


def _in_order(test: ClassTest, attempt: TestAttempt) -> list[TestQuestion]:
    rows = {row.id: row for row in queries.questions_of(test.id)}
    return [rows[ident] for ident in shuffled(attempt.id, rows)] if test.shuffled else list(rows.values())


def _options(test: ClassTest, attempt: TestAttempt, row: TestQuestion) -> list[dict[str, Any]]:
    by_id = {option["id"]: option for option in row.options}
    order = shuffled(attempt.id * 1000 + row.id, by_id) if test.shuffled else list(by_id)
    return [by_id[ident] for ident in order]


def _sent() -> dict[int, Sequence[int] | str]:
    """By question id: what was sent for each question that the page showed; nothing chosen is an answer taken back."""
    kinds = {Kind.SHORT.value}
    sent: dict[int, Sequence[int] | str] = {}
    for key in request.form.getlist("asked"):
        ident, _colon, kind = key.partition(":")
        if not ident.isascii() or not ident.isdigit() or len(ident) > 9:
            continue
        typed = request.form.getlist(f"q-{ident}")
        if kind in kinds:
            sent[int(ident)] = str(tidy(typed[0] if typed else ""))
        else:
            sent[int(ident)] = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 9]
    return sent
