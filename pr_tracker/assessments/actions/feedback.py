"""Ask a class for feedback, and take in an answer so that nobody can tell whose it is."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.assessments.actions.beats import begin, write
from pr_tracker.assessments.models import FeedbackForm, FeedbackGiven, FeedbackQuestion, FeedbackTally, FeedbackText
from pr_tracker.assessments.queries.feedback import asked_of, count_answers, find_form, has_answered, has_attended
from pr_tracker.assessments.rules import AssessmentEvent
from pr_tracker.assessments.rules_feedback import LONGEST_TEXT, SCALE, Asked, Asking
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant

Event = AssessmentEvent

SPAN = N_("It must close after it opens.")


def open_feedback(
    one: TrainingClass,
    asked: Sequence[Asked],
    opens_at: datetime,
    closes_at: datetime,
    *,
    actor: Actor | None,
    now: datetime,
) -> FeedbackForm:
    """Ask a class for feedback between two moments. Raises BadInput, or ChangedMeanwhile when it is asked already."""
    if closes_at <= opens_at:
        raise BadInput(SPAN, field="closes_at")
    take_turn()
    if find_form(one.id) is not None:
        raise ChangedMeanwhile(N_("This class is asked for feedback already."))
    form = FeedbackForm(class_id=one.id, opens_at=opens_at, closes_at=closes_at, version=1, created_at=now)
    db.session.add(form)
    db.session.flush()
    _ask(form, asked)
    record(Event.FEEDBACK_OPEN, form, actor=actor, now=now, questions=len(asked))
    return form


def change_feedback(
    form: FeedbackForm,
    asked: Sequence[Asked],
    opens_at: datetime,
    closes_at: datetime,
    *,
    version: int,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Other times; other questions only while nobody has answered, else StepNotAllowed. Raises ChangedMeanwhile."""
    if closes_at <= opens_at:
        raise BadInput(SPAN, field="closes_at")
    begin(form, version)
    changed = write(form, {"opens_at": opens_at, "closes_at": closes_at})
    if [(one.kind, one.words) for one in asked_of(form.id)] != [(one.kind, one.words) for one in asked]:
        if count_answers(form.class_id):
            raise StepNotAllowed(N_("Somebody has answered: the questions stay as they are."))
        old = sa.update(FeedbackQuestion).where(FeedbackQuestion.form_id == form.id)
        db.session.execute(old.values(active=False))
        _ask(form, asked)
        form.version += not changed
        changed.append("questions")
    if changed:
        record(Event.FEEDBACK_CHANGE, form, actor=actor, now=now, changed=changed)


def give_feedback(
    form: FeedbackForm, participant: Participant, scales: Mapping[int, int], texts: Mapping[int, str], *, now: datetime
) -> None:
    """Take in an answer by question id. That the person answered is kept apart from what was said, without a time.

    Raises StepNotAllowed outside the time, for whoever did not attend, and the second time.
    """
    take_turn()
    require_may_answer(form, participant, now)
    asked = asked_of(form.id)
    db.session.add(FeedbackGiven(participant_id=participant.id))
    _count(
        {one.id: scales[one.id] for one in asked if one.kind is Asking.SCALE and scales.get(one.id) in SCALE},
        [one.id for one in asked if one.kind is Asking.SCALE],
    )
    free = {one.id: texts.get(one.id, "").strip()[:LONGEST_TEXT] for one in asked if one.kind is Asking.TEXT}
    _keep_texts([one.id for one in asked], {ident: words for ident, words in free.items() if words})
    record(Event.FEEDBACK_GIVE, form, actor=None, now=now)


def require_may_answer(form: FeedbackForm, participant: Participant, now: datetime) -> None:
    """Raises StepNotAllowed unless the person attended, has not answered, and it is time."""
    if participant.class_id != form.class_id or not has_attended(form.class_id, participant.id):
        raise StepNotAllowed(N_("Only those who attended the class are asked for feedback."))
    if has_answered(participant.id):
        raise StepNotAllowed(N_("You have given your feedback already."))
    if not form.opens_at <= now < form.closes_at:
        raise StepNotAllowed(N_("Feedback is not open now."))


def _ask(form: FeedbackForm, asked: Sequence[Asked]) -> None:
    """The questions, each scale with an empty tally for every value."""
    rows = [
        FeedbackQuestion(form_id=form.id, number=number, kind=one.kind, words=one.words, active=True)
        for number, one in enumerate(asked, 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        if row.kind is Asking.SCALE:
            db.session.add_all(FeedbackTally(question_id=row.id, value=value, count=0) for value in SCALE)
    db.session.flush()


def _count(chosen: Mapping[int, int], scales: Sequence[int]) -> None:
    """Add to the tallies. All rows are written, also those that stay: the database keeps which act wrote a row last."""
    one = FeedbackTally
    hits = [sa.and_(one.question_id == question, one.value == value) for question, value in chosen.items()]
    more = sa.case((sa.or_(*hits), 1), else_=0) if hits else sa.literal(0)
    db.session.execute(sa.update(one).where(one.question_id.in_(scales)).values(count=one.count + more))


def _keep_texts(questions: Sequence[int], free: Mapping[int, str]) -> None:
    """Put the texts among those there are: all are written anew in a random order, so that none is the last one."""
    one = FeedbackText
    query = sa.select(one.question_id, one.words).where(one.question_id.in_(questions))
    kept = [(question, words) for question, words in db.session.execute(query)] + list(free.items())
    if not kept:
        return
    db.session.execute(sa.delete(one).where(one.question_id.in_(questions)))
    secrets.SystemRandom().shuffle(kept)
    rows = [{"id": secrets.token_hex(16), "question_id": question, "words": words} for question, words in kept]
    db.session.execute(sa.insert(one), rows)
