"""When people are reminded of a case, and of the parts that coordinating agencies owe; when the office is open."""

from datetime import datetime

from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_plan import office_hours
from pr_tracker.deadlines.rules import Deadline, DueTime
from pr_tracker.deadlines.rules_ladder import Reminder, reminders
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.notices.rules import NoticeKind

REMINDERS = frozenset(
    {
        NoticeKind.BEFORE,
        NoticeKind.LAST_DAY,
        NoticeKind.LATE_1,
        NoticeKind.LATE_2,
        NoticeKind.LATE_3,
        NoticeKind.MOVED,
        NoticeKind.URGED,
    }
)


def rungs_of(deadline: Deadline) -> tuple[Reminder, ...]:
    """All reminders of a deadline, by the ladder of its rule's version; none while its clock stands."""
    if deadline.due is None:
        return ()
    return reminders(
        deadline.due,
        starts_at=deadline.trigger_at,
        calendar=working_calendar(),
        ladder=deadline.ladder,
        quiet=deadline.stops,
    )


def is_by_hours(thing: Inquiry | Participation, inquiry: Inquiry) -> bool:
    """Whether a case, or a part of it, is owed within a clock of hours, so that people are told at any hour."""
    return thing.due_at is not None and inquiry.due_at is not None


def rungs_of_part(part: Participation, inquiry: Inquiry) -> tuple[Reminder, ...]:
    """All reminders of a part. One due at an hour of a day, in a case that counts days, is reminded of as a day."""
    if part.clock is not None:
        return rungs_of(Deadline.from_json(part.clock))
    assert part.ends_at is not None
    due = DueTime(part.due_on, part.due_at, part.ends_at)
    counted = due if is_by_hours(part, inquiry) else DueTime.on_day(due.day)
    return reminders(counted, starts_at=part.added_at, calendar=working_calendar())


def office_time_from(now: datetime) -> datetime:
    """This moment when the office is open, else when it opens next."""
    return office_hours().open_from(now, working_calendar())
