"""Find what a class is asked, who may answer, and what may be shown of the answers."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pr_tracker.assessments.models import FeedbackForm, FeedbackGiven, FeedbackQuestion, FeedbackTally, FeedbackText
from pr_tracker.assessments.rules_feedback import Asked, FeedbackSummary, summarise
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import ATTENDED


def find_form(class_id: int) -> FeedbackForm | None:
    """What the class is asked, if anything."""
    return db.session.scalar(sa.select(FeedbackForm).where(FeedbackForm.class_id == class_id))


def get_form(class_id: int) -> FeedbackForm:
    """What the class is asked. Raises NotFound."""
    found = find_form(class_id)
    if found is None:
        raise NotFound(N_("This class is not asked for feedback."))
    return found


def asked_of(form_id: int) -> list[Asked]:
    """The questions in their order."""
    one = FeedbackQuestion
    query = sa.select(one.kind, one.words, one.id).where(one.form_id == form_id, one.active)
    return [Asked(kind, words, ident) for kind, words, ident in db.session.execute(query.order_by(one.number, one.id))]


def attended(class_id: int) -> sa.Select[int]:
    """Selects the ids of those who came to at least one session that was held."""
    return (
        sa.select(AttendanceMark.participant_id)
        .join(ClassSession, ClassSession.id == AttendanceMark.session_id)
        .where(
            ClassSession.class_id == class_id,
            ClassSession.cancelled_at.is_(None),
            AttendanceMark.mark.in_(ATTENDED),
        )
    )


def has_attended(class_id: int, participant_id: int) -> bool:
    """Whether a person of the class came to at least one session."""
    query = sa.select(Participant.id).where(Participant.id == participant_id, Participant.id.in_(attended(class_id)))
    return db.session.scalar(query) is not None


def has_answered(participant_id: int) -> bool:
    """Whether the person has given feedback; what was said cannot be found."""
    return db.session.get(FeedbackGiven, participant_id) is not None


def count_attended(class_id: int) -> int:
    """How many may give feedback."""
    return db.session.scalar(_attended_count(class_id)) or 0


def _attended_count(class_id: int) -> sa.Select[int]:
    return sa.select(sa.func.count(Participant.id)).where(
        Participant.class_id == class_id, Participant.id.in_(attended(class_id))
    )


def count_answers(class_id: int) -> int:
    """How many have given feedback."""
    return db.session.scalar(_answers_count(class_id)) or 0


def _answers_count(class_id: int) -> sa.Select[int]:
    query = sa.select(sa.func.count(FeedbackGiven.participant_id))
    query = query.join(Participant, Participant.id == FeedbackGiven.participant_id)
    return query.where(Participant.class_id == class_id)


def topics_of(class_id: int) -> Sequence[str]:
    """The topics of a class's sessions in order of time, without those cancelled."""
    query = sa.select(ClassSession.topic).where(ClassSession.class_id == class_id, ClassSession.cancelled_at.is_(None))
    return db.session.scalars(query.order_by(ClassSession.starts_at, ClassSession.id)).all()


def feedback_summary(class_id: int) -> FeedbackSummary:
    """What may be shown of a class's feedback; below five answers only how many there are."""
    form = sa.select(FeedbackForm.id).where(FeedbackForm.class_id == class_id)
    facts = (form, _attended_count(class_id), _answers_count(class_id))
    form_id, may_answer, answers = db.session.execute(sa.select(*(each.scalar_subquery() for each in facts))).one()
    if form_id is None:
        return FeedbackSummary(may_answer, answers)
    asked = asked_of(form_id)
    ids = [one.id for one in asked]
    tallies: dict[int, dict[int, int]] = {}
    texts: dict[int, list[str]] = {}
    tally, free = FeedbackTally, FeedbackText
    counted = sa.select(tally.question_id, tally.value, tally.count, sa.null().label("words"))
    said = sa.select(free.question_id, sa.cast(sa.null(), sa.Integer), sa.cast(sa.null(), sa.Integer), free.words)
    counted, said = counted.where(tally.question_id.in_(ids)), said.where(free.question_id.in_(ids))
    query: sa.CompoundSelect[Any] = sa.union_all(counted, said)
    for question_id, value, count, words in db.session.execute(query):
        if words is None:
            tallies.setdefault(question_id, {})[value] = count
        else:
            texts.setdefault(question_id, []).append(words)
    return summarise(asked, tallies, texts, may_answer=may_answer, answers=answers)
