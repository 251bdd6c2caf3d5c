"""Plan courses, classes and sessions."""

from datetime import datetime

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.text import fold
from pr_tracker.trainings.actions.beats import begin_change, write
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.queries.plan import find_class_named
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, SessionFacts, TrainingEvent

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


def add_class(course: Course, facts: ClassFacts, *, actor: Actor | None, now: datetime) -> TrainingClass:
    """A new class of a course. Raises BadInput when the course has one of this name."""
    take_turn()
    _require_free_name(course.id, facts.name, None)
    made = TrainingClass(course=course, **vars(facts), name_key=fold(facts.name), version=1, created_at=now)
    db.session.add(made)
    record(Event.CLASS_ADD, made, actor=actor, now=now, name=facts.name)
    return made


def change_class(one: TrainingClass, facts: ClassFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Correct a class. Raises ChangedMeanwhile, or BadInput for a name that is taken."""
    if changed := begin_change(one, facts, version):
        _require_free_name(one.course_id, facts.name, one)
        write(one, facts)
        one.name_key = fold(facts.name)
        record(Event.CLASS_CHANGE, one, actor=actor, now=now, changed=changed, name=facts.name)


def add_session(one: TrainingClass, facts: SessionFacts, *, actor: Actor | None, now: datetime) -> ClassSession:
    """A new session of a class."""
    session = ClassSession(training_class=one, **vars(facts), version=1, created_at=now)
    db.session.add(session)
    record(Event.SESSION_ADD, session, actor=actor, now=now, topic=facts.topic)
    return session


def change_session(
    session: ClassSession, facts: SessionFacts, *, version: int, actor: Actor | None, now: datetime
) -> None:
    """Correct a session. Raises ChangedMeanwhile, or StepNotAllowed once it is closed."""
    changed = begin_change(session, facts, version)
    if session.closed_at is not None:
        raise StepNotAllowed(N_("This session is closed and stays as it was held."))
    if changed:
        write(session, facts)
        record(Event.SESSION_CHANGE, session, actor=actor, now=now, changed=changed, topic=facts.topic)


def _require_free_name(course_id: int, name: str, own: TrainingClass | None) -> None:
    other = find_class_named(course_id, name)
    if other is not None and other is not own:
        raise BadInput(N_("The course already has the class “%(name)s”."), field="name", name=other.name)
