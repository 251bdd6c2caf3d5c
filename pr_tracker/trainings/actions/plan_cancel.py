"""Cancel a session or a class, saying why, and hold it after all. Nothing is deleted; the cancelled counts nowhere."""

from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.actions.beats import require_open
from pr_tracker.trainings.actions.plan_telling import tell_class, tell_session
from pr_tracker.trainings.actions.waiting import move_up
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.rules import TrainingEvent

Event = TrainingEvent


def cancel_session(session: ClassSession, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """The session is not held. Raises BadInput without a reason, StepNotAllowed when it was closed or cancelled."""
    _require(reason)
    take_turn()
    db.session.refresh(session)
    require_open(session)
    _cancel(session, reason, now)
    record(Event.SESSION_CANCEL, session, actor=actor, now=now, topic=session.topic, reason=reason)
    tell_session(session, NoticeKind.CLASS_CANCELLED, reason, now=now)


def resume_session(session: ClassSession, *, actor: Actor | None, now: datetime) -> None:
    """The session is held after all. Raises StepNotAllowed unless it was cancelled and its class is held."""
    take_turn()
    db.session.refresh(session)
    if session.cancelled_at is None:
        raise StepNotAllowed(N_("This session is not cancelled."))
    if session.training_class.cancelled_at is not None:
        raise StepNotAllowed(N_("The whole class is cancelled. Hold the class after all first."))
    _resume(session)
    record(Event.SESSION_RESUME, session, actor=actor, now=now, topic=session.topic)
    tell_session(session, NoticeKind.CLASS_CHANGED, now=now)


def cancel_class(one: TrainingClass, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """The class is not held, nor any session of it that is not closed. Raises BadInput, StepNotAllowed."""
    _require(reason)
    take_turn()
    db.session.refresh(one)
    if one.cancelled_at is not None:
        raise StepNotAllowed(N_("This class is cancelled already."))
    _cancel(one, reason, now)
    coming = _sessions(one, ClassSession.closed_at.is_(None), ClassSession.counts())
    for session in coming:
        _cancel(session, reason, now)
    record(Event.CLASS_CANCEL, one, actor=actor, now=now, name=one.name, reason=reason, sessions=len(coming))
    if any(session.starts_at > now for session in coming):
        tell_class(one, NoticeKind.CLASS_CANCELLED, reason, now=now)


def resume_class(one: TrainingClass, *, actor: Actor | None, now: datetime) -> None:
    """The class is held after all, with the sessions that were cancelled with it. Raises StepNotAllowed."""
    take_turn()
    db.session.refresh(one)
    if one.cancelled_at is None:
        raise StepNotAllowed(N_("This class is not cancelled."))
    same = (ClassSession.cancelled_at == one.cancelled_at, ClassSession.cancelled_because == one.cancelled_because)
    with_it = _sessions(one, *same)
    _resume(one)
    for session in with_it:
        _resume(session)
    record(Event.CLASS_RESUME, one, actor=actor, now=now, name=one.name, sessions=len(with_it))
    move_up(one, now=now)
    if any(session.starts_at > now for session in with_it):
        tell_class(one, NoticeKind.CLASS_CHANGED, now=now)


def _require(reason: str) -> None:
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")


def _sessions(one: TrainingClass, *conditions: sa.ColumnElement[bool]) -> list[ClassSession]:
    query = sa.select(ClassSession).where(ClassSession.class_id == one.id, *conditions)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _cancel(row: TrainingClass | ClassSession, reason: str, now: datetime) -> None:
    row.cancelled_at, row.cancelled_because = now, reason
    row.version += 1


def _resume(row: TrainingClass | ClassSession) -> None:
    row.cancelled_at, row.cancelled_because = None, ""
    row.version += 1
