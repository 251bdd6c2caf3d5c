"""Find who arrives where: sessions with a code on the screen, people by their codes, who is there already."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import number_of
from pr_tracker.trainings.rules_arrival import TICKET, Arrival, Hours, letters_of
from pr_tracker.trainings.rules_roll import ATTENDED, row_number

LAST_SHOWN = 12

_LINK = re.compile(r"/my-class/([A-Za-z0-9_-]{16,64})")


def hours_of(session: ClassSession) -> Hours:
    """When the session is, and whether it takes place."""
    return Hours(session.starts_at, session.ends_at, session.closed_at is not None, session.cancelled_at is not None)


def sessions_on_screens(now: datetime, opens_before: timedelta) -> Sequence[int]:
    """The sessions whose code may be on a screen now, or was some minutes ago."""
    query = sa.select(ClassSession.id).where(
        ClassSession.starts_at <= now + opens_before, ClassSession.ends_at >= now - 10 * TICKET
    )
    return db.session.scalars(query.order_by(ClassSession.id)).all()


def open_sessions_of(class_id: int, now: datetime, opens_before: timedelta) -> list[tuple[int, ClassSession]]:
    """A class's sessions that people arrive for now, each with its number in the class."""
    query = (
        sa.select(ClassSession)
        .where(
            ClassSession.class_id == class_id,
            ClassSession.counts(),
            ClassSession.closed_at.is_(None),
            ClassSession.starts_at <= now + opens_before,
            ClassSession.ends_at >= now,
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    return [(number_of(session), session) for session in db.session.scalars(query)]


def find_by_code(class_id: int, typed: str) -> Participant | None:
    """Whose personal code this is in the class, however it is typed."""
    return db.session.scalar(
        sa.select(Participant).where(Participant.class_id == class_id, Participant.personal_code == letters_of(typed))
    )


def find_other_class(session: ClassSession, typed: str) -> TrainingClass | None:
    """The class of the same course in which somebody has this personal code."""
    course = sa.select(TrainingClass.course_id).where(TrainingClass.id == session.class_id).scalar_subquery()
    return db.session.scalar(
        sa.select(TrainingClass)
        .join(Participant, Participant.class_id == TrainingClass.id)
        .where(
            TrainingClass.course_id == course,
            TrainingClass.id != session.class_id,
            Participant.personal_code == letters_of(typed),
        )
        .order_by(TrainingClass.id)
        .limit(1)
    )


def find_by_token(class_id: int, token: str) -> Participant | None:
    """Who of the class has the personal page with this token."""
    return db.session.scalar(sa.select(Participant).where(Participant.token == token, Participant.class_id == class_id))


def find_arrival(session_id: int, participant_id: int) -> Arrival | None:
    """What stands on record when somebody is there."""
    one = AttendanceMark
    query = sa.select(one.mark, one.arrived_at, one.marked_at).where(
        one.session_id == session_id, one.participant_id == participant_id, one.mark.in_(ATTENDED)
    )
    row = db.session.execute(query).one_or_none()
    return Arrival(row.mark, row.arrived_at or row.marked_at, is_new=False) if row else None


def find_at_the_door(session: ClassSession, typed: str) -> Participant | None:
    """Who is meant by what staff scanned or typed: the link of the personal QR, a personal code, a row code."""
    if link := _LINK.search(typed):
        found = db.session.scalar(sa.select(Participant).where(Participant.token == link[1]))
        return found if found is not None and found.class_id == session.class_id else None
    number = row_number(typed)
    if number is not None:
        query = sa.select(Participant).where(Participant.class_id == session.class_id, Participant.number == number)
        return db.session.scalar(query)
    return find_by_code(session.class_id, typed)


def find_class_of_link(typed: str) -> TrainingClass | None:
    """The class whose personal QR this is."""
    link = _LINK.search(typed)
    query = sa.select(TrainingClass).join(Participant, Participant.class_id == TrainingClass.id)
    return db.session.scalar(query.where(Participant.token == link[1])) if link else None


def tally_of(session: ClassSession) -> tuple[int, int]:
    """How many are there, and how many are expected: who has a place, or came without one."""
    there = AttendanceMark.mark.in_(ATTENDED)
    query = (
        sa.select(sa.func.count(sa.case((there, 1))), sa.func.count(Participant.id))
        .select_from(Participant)
        .outerjoin(
            AttendanceMark,
            sa.and_(AttendanceMark.participant_id == Participant.id, AttendanceMark.session_id == session.id),
        )
        .where(Participant.class_id == session.class_id, sa.or_(Participant.seated(), there))
    )
    arrived, expected = db.session.execute(query).one()
    return arrived, expected


def last_arrivals(session_id: int) -> Sequence[sa.Row]:
    """Who came last, newest first: code number, name, agency, mark, source, when."""
    one, who = AttendanceMark, Participant
    query = (
        sa.select(who.number, who.full_name, who.agency_name, who.walk_in, one.mark, one.source, one.arrived_at)
        .join(who, who.id == one.participant_id)
        .where(one.session_id == session_id, one.arrived_at.is_not(None))
        .order_by(one.arrived_at.desc(), one.id.desc())
        .limit(LAST_SHOWN)
    )
    return db.session.execute(query).all()
