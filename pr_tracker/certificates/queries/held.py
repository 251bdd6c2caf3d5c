"""Find who holds the certificate of which course, and whether it still counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.rules import Status, counts_on
from pr_tracker.db import db
from pr_tracker.office_time import office_day
from pr_tracker.trainings.models import Course, TrainingClass
from pr_tracker.trainings.models_roster import Participant


@dataclass(frozen=True)
class Held:
    """A course for which somebody holds a certificate, and the last day it counts (None: for ever)."""

    course_id: int
    title: str
    class_id: int
    issued_on: date
    valid_until: date | None

    def counts_on(self, day: date) -> bool:
        """Whether it has not lapsed by a day."""
        return counts_on(day, self.valid_until)


def courses_held(person_ids: Sequence[int], at: datetime) -> dict[int, list[Held]]:
    """By person with an account: the courses whose certificate they hold at a moment, also lapsed ones, newest first.

    Everybody asked for is in the answer; revoked and superseded certificates are not.
    """
    query = (
        sa.select(
            Participant.person_id,
            Course.id,
            Course.title,
            Certificate.class_id,
            Certificate.issued_on,
            Certificate.valid_until,
        )
        .join(Certificate, Certificate.participant_id == Participant.id)
        .join(TrainingClass, TrainingClass.id == Certificate.class_id)
        .join(Course, Course.id == TrainingClass.course_id)
        .where(Participant.person_id.in_(person_ids), Certificate.status == Status.VALID)
        .where(Certificate.issued_on <= office_day(at))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    held: dict[int, list[Held]] = {person_id: [] for person_id in person_ids}
    for row in db.session.execute(query):
        held[row.person_id or 0].append(Held(*row[1:]))
    return held


# Written out: SQLite plans a statement anew each time where it reads a value before it knows which index will do.
_IS_VALID: sa.ColumnElement[bool] = Certificate.status == sa.literal(
    Status.VALID, Certificate.status.type, literal_execute=True
)


def is_untrained(person_id: Any, day: Any) -> sa.ColumnElement[bool]:
    """In another statement: that a person of it holds no certificate that counts on a day (rules.counts_on)."""
    valid = (Certificate.participant_id == Participant.id, _IS_VALID)
    counts = (Certificate.issued_on <= day, sa.or_(Certificate.valid_until.is_(None), Certificate.valid_until >= day))
    return ~sa.exists().where(Participant.person_id == person_id, *valid, *counts).correlate_except(
        Participant, Certificate
    )


def is_trained(person_id: int, at: datetime) -> bool:
    """Whether somebody holds, at a moment, a certificate that counts."""
    day = office_day(at)
    return any(held.counts_on(day) for held in courses_held([person_id], at)[person_id])
