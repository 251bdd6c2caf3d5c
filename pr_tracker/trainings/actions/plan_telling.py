"""Tell those who were invited when the plan of their class changes: a session or the class is moved or cancelled."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.actions.telling import class_facts, tell_agencies, tell_participants
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_invitations import Reply

Kind = NoticeKind


def tell_session(session: ClassSession, kind: NoticeKind, reason: str = "", *, now: datetime) -> None:
    """When and where a session is held now, or why it is not; nobody is told of one that has begun."""
    if session.starts_at <= now:
        return
    one = session.training_class
    facts: dict[str, Any] = {"topic": session.topic, "starts_at": session.starts_at.isoformat()}
    facts |= {name: value for name, value in (("place", session.place or one.place), ("reason", reason)) if value}
    tell_participants(_invited(one), kind, class_facts(one) | facts, now=now)


def tell_class(one: TrainingClass, kind: NoticeKind, reason: str = "", *, now: datetime) -> None:
    """That a class is not held, and why, or is held after all: also to the agencies whose people were invited."""
    people = _invited(one)
    facts = class_facts(one) | {"topic": one.name} | ({"reason": reason} if reason else {})
    tell_participants(people, kind, facts, now=now)
    agencies = {row.agency_id for row in people if row.agency_id is not None}
    tell_agencies(one, kind, dict.fromkeys(agencies, facts), now=now)


def _invited(one: TrainingClass) -> list[Participant]:
    """Who holds an invitation and has not said no."""
    comes = Participant.reply.in_((Reply.OPEN, Reply.CONFIRMED))
    query = sa.select(Participant).where(
        Participant.class_id == one.id, Participant.active, Participant.invited_at.is_not(None), comes
    )
    return list(db.session.scalars(query.order_by(Participant.id)))
