"""Plan courses, classes and sessions."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.text import fold
from pr_tracker.trainings.actions.beats import begin_change, require_open, write
from pr_tracker.trainings.actions.plan_class import put_team, put_venues
from pr_tracker.trainings.actions.plan_telling import tell_session
from pr_tracker.trainings.actions.waiting import move_up
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.queries.plan import find_class_named
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, SessionFacts, TrainingEvent, VenueFacts

Event = TrainingEvent


def add_course(facts: CourseFacts, *, actor: Actor | None, now: datetime) -> Course:
    """A new course."""
    course = Course(**vars(facts), version=1, created_at=now)
    db.session.add(course)
    record(Event.COURSE_ADD, course, actor=actor, now=now, title=facts.title)
    return course


def change_course(course: Course, facts: CourseFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Correct a course. Raises ChangedMeanwhile unless `version` is the latest."""
    if changed := begin_change(course, facts, version):
        write(course, facts)
        record(Event.COURSE_CHANGE, course, actor=actor, now=now, changed=changed, title=facts.title)


def add_class(
    course: Course,
    facts: ClassFacts,
    *,
    venues: Sequence[VenueFacts] = (),
    trainer_ids: Collection[int] = (),
    actor: Actor | None,
    now: datetime,
) -> TrainingClass:
    """A new class of a course. Raises BadInput when the course has one of this name."""
    take_turn()
    _require_free_name(course.id, facts.name, None)
    made = TrainingClass(course=course, **vars(facts), name_key=fold(facts.name), version=1, created_at=now)
    db.session.add(made)
    db.session.flush()
    put_venues(made, venues, now)
    put_team(made, trainer_ids, now)
    record(Event.CLASS_ADD, made, actor=actor, now=now, name=facts.name)
    return made


def change_class(
    one: TrainingClass,
    facts: ClassFacts,
    *,
    venues: Sequence[VenueFacts] | None = None,
    trainer_ids: Collection[int] | None = None,
    version: int,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Correct a class; venues and team stay unless given.

    Raises ChangedMeanwhile, or BadInput for a name that is taken and for a venue left out where people still sit.
    """
    changed = begin_change(one, facts, version)
    _require_free_name(one.course_id, facts.name, one)
    changed += ["venues"] if venues is not None and put_venues(one, venues, now) else []
    changed += ["trainers"] if trainer_ids is not None and put_team(one, trainer_ids, now) else []
    if changed:
        write(one, facts)
        one.name_key = fold(facts.name)
        record(Event.CLASS_CHANGE, one, actor=actor, now=now, changed=changed, name=facts.name)
        move_up(one, now=now)


def add_session(one: TrainingClass, facts: SessionFacts, *, actor: Actor | None, now: datetime) -> ClassSession:
    """A new session of a class. Raises StepNotAllowed for a class that was cancelled."""
    take_turn()
    db.session.flush()
    db.session.refresh(one, ["cancelled_at"])
    if one.cancelled_at is not None:
        raise StepNotAllowed(N_("This class was cancelled. Hold it after all before adding a session."))
    session = ClassSession(training_class=one, **vars(facts), version=1, created_at=now)
    db.session.add(session)
    record(Event.SESSION_ADD, session, actor=actor, now=now, topic=facts.topic)
    tell_session(session, NoticeKind.CLASS_CHANGED, now=now)
    return session


def change_session(
    session: ClassSession, facts: SessionFacts, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a session. Raises ChangedMeanwhile, or StepNotAllowed once it is closed or cancelled."""
    changed = begin_change(session, facts, version)
    require_open(session)
    if changed:
        write(session, facts)
        record(Event.SESSION_CHANGE, session, actor=actor, now=now, changed=changed, topic=facts.topic)
    if {"starts_at", "ends_at", "place"} & set(changed):
        tell_session(session, NoticeKind.CLASS_CHANGED, now=now)


def _require_free_name(course_id: int, name: str, own: TrainingClass | None) -> None:
    other = find_class_named(course_id, name)
    if other is not None and other is not own:
        raise BadInput(N_("The course already has the class “%(name)s”."), field="name", name=other.name)
