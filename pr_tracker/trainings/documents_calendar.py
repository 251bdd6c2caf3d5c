"""Sessions for calendar programs: of a trainer's classes, of the classes one attends, of one participant's class."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from pr_tracker.accounts.models import Person
from pr_tracker.notices.documents import write_feed
from pr_tracker.notices.rules import FeedEntry
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan_calendar import sessions_attended_by, sessions_of_class, sessions_run_by
from pr_tracker.trainings.rules_invitations import Reply

KEPT_FOR = timedelta(days=31)  # how long a session stays in a feed once it is over
ALARM_BEFORE = timedelta(hours=2)


def calendar_of(person: Person, now: datetime) -> Iterable[FeedEntry]:
    """What a person's private calendar shows: the sessions of the classes they run, and of those they attend."""
    for row in sessions_run_by(person, now - KEPT_FOR):
        yield _entry(row, f"session-{row.id}", f"/trainings/classes/{row.class_id}#session-{row.id}")
    for row in sessions_attended_by(person, now - KEPT_FOR):
        yield _entry(row, f"session-{row.id}-attended", f"/my-class/{row.token}")


def write_calendar(one: Participant, *, base: str, domain: str, now: datetime) -> bytes:
    """All sessions of a participant's class as an iCalendar file, with the link to their own page."""
    path = f"/my-class/{one.token}"
    off = not takes_part(one)
    entries = [_entry(row, f"session-{row.id}-attended", path, off) for row in sessions_of_class(one.class_id)]
    name = f"{one.training_class.course.title}, {one.training_class.name}"
    return write_feed(entries, name=name, base=base, domain=domain, now=now)


def takes_part(one: Participant) -> bool:
    """Whether somebody on a roster is expected: has a place, has not apologised and sent nobody instead."""
    return one.active and one.waiting_at is None and one.reply in (Reply.OPEN, Reply.CONFIRMED)


def _entry(row: Any, uid: str, path: str, off: bool = False) -> FeedEntry:
    cancelled = row.cancelled_at is not None
    title = _("Cancelled: %(topic)s", topic=row.topic) if cancelled else row.topic
    return FeedEntry(
        uid=uid,
        title=title,
        path=path,
        changed_at=row.cancelled_at or row.created_at,
        due_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        note="\n".join(_note(row)),
        alarm_at=None if cancelled or off else row.starts_at - ALARM_BEFORE,
        is_cancelled=cancelled or off,
        revision=row.version,
    )


def _note(row: Any) -> Iterator[str]:
    yield f"{row.course_title}, {row.class_name}"
    if row.lecturer:
        yield _("Lecturer: %(name)s", name=row.lecturer)
    if row.cancelled_because:
        yield row.cancelled_because
