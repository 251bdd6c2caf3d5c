"""When people are told: before a clock runs out, on its last day, and at three levels after it (domain.md §1).

Day terms speak in the morning of working days; hour clocks at any hour, as they run through nights and holidays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_faces import ONE_HOUR, DueTime
from pr_tracker.deadlines.rules_terms import MOST_DAYS, Stop
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_day, office_instant

MOST_HOURS = 24 * 7
MOST_RUNGS = 5


class Rung(StrEnum):
    """Which reminder it is; the late ones are the levels of escalation."""

    BEFORE = "before"
    LAST_DAY = "last_day"
    LATE_1 = "late_1"
    LATE_2 = "late_2"
    LATE_3 = "late_3"

    @property
    def level(self) -> int:
        """0 before the end, 1 to 3 after it."""
        return LATE_RUNGS.index(self) + 1 if self in LATE_RUNGS else 0


LATE_RUNGS = (Rung.LATE_1, Rung.LATE_2, Rung.LATE_3)


@dataclass(frozen=True)
class Ladder:
    """When to remind: working days or hours before, then how long after the first late moment. Raises BadInput.

    `late_days` are working days after the first working day past the end; `late_hours` are hours past the end.
    """

    days_before: tuple[int, ...] = (5, 1)
    day_at: time = time(8, 0)
    hours_before: tuple[int, ...] = (12, 4, 1)
    late_days: tuple[int, int, int] = (0, 1, 3)
    late_hours: tuple[int, int, int] = (0, 2, 6)

    def __post_init__(self) -> None:
        _require_before(self.days_before, most=MOST_DAYS, field="days_before")
        _require_before(self.hours_before, most=MOST_HOURS, field="hours_before")
        _require_late(self.late_days, most=MOST_DAYS, field="late_days")
        _require_late(self.late_hours, most=MOST_HOURS, field="late_hours")


def _require_before(amounts: tuple[int, ...], *, most: int, field: str) -> None:
    falling = tuple(sorted(set(amounts), reverse=True)) == amounts
    if not falling or len(amounts) > MOST_RUNGS or not all(1 <= amount <= most for amount in amounts):
        raise BadInput(
            N_("Give up to %(rungs)s different numbers of 1 to %(most)s, the largest first."),
            field=field,
            rungs=MOST_RUNGS,
            most=most,
        )


def _require_late(amounts: tuple[int, ...], *, most: int, field: str) -> None:
    rising = tuple(sorted(set(amounts))) == amounts
    if not rising or len(amounts) != len(LATE_RUNGS) or not all(0 <= amount <= most for amount in amounts):
        raise BadInput(N_("Give three different numbers of 0 to %(most)s, the smallest first."), field=field, most=most)


DEFAULT_LADDER = Ladder()


@dataclass(frozen=True)
class Reminder:
    """One moment to speak. `amount`: working days or hours left, or past the end; 0 on the last day."""

    rung: Rung
    at: datetime
    amount: int

    @property
    def level(self) -> int:
        """0 before the end, 1 to 3 after it."""
        return self.rung.level


def reminders(
    due: DueTime,
    *,
    starts_at: datetime,
    calendar: WorkingCalendar,
    ladder: Ladder = DEFAULT_LADDER,
    quiet: Sequence[Stop] = (),
) -> tuple[Reminder, ...]:
    """All reminders of a clock in time order: only after `starts_at`, and none while it is stopped."""
    every = _of_day(due, due.due_on, calendar, ladder) if due.due_on else _of_hours(due, ladder)
    said = (each for each in every if each.at > starts_at and not _is_quiet(each.at, quiet))
    return tuple(sorted(said, key=lambda each: (each.at, each.level)))


def next_reminder(
    due: DueTime,
    *,
    starts_at: datetime,
    calendar: WorkingCalendar,
    ladder: Ladder = DEFAULT_LADDER,
    quiet: Sequence[Stop] = (),
    after: datetime,
) -> Reminder | None:
    """The first reminder later than `after`; None when all have been."""
    every = reminders(due, starts_at=starts_at, calendar=calendar, ladder=ladder, quiet=quiet)
    return next((each for each in every if each.at > after), None)


def _of_day(due: DueTime, due_on: date, calendar: WorkingCalendar, ladder: Ladder) -> Iterator[Reminder]:
    for days in ladder.days_before:
        yield Reminder(Rung.BEFORE, office_instant(calendar.nth_working_day_before(due_on, days), ladder.day_at), days)
    yield Reminder(Rung.LAST_DAY, office_instant(calendar.working_day_until(due_on), ladder.day_at), 0)
    first = calendar.working_day_from(office_day(due.ends_at))
    for rung, days in zip(LATE_RUNGS, ladder.late_days, strict=True):
        day = calendar.nth_working_day_after(first, days)
        yield Reminder(rung, office_instant(day, ladder.day_at), calendar.working_days_after(due_on, day))


def _of_hours(due: DueTime, ladder: Ladder) -> Iterator[Reminder]:
    ends = due.due_at or due.ends_at
    for hours in ladder.hours_before:
        yield Reminder(Rung.BEFORE, ends - hours * ONE_HOUR, hours)
    for rung, hours in zip(LATE_RUNGS, ladder.late_hours, strict=True):
        yield Reminder(rung, due.ends_at + hours * ONE_HOUR, hours)


def _is_quiet(at: datetime, stops: Sequence[Stop]) -> bool:
    return any(stop.from_at <= at < stop.until_at for stop in stops)


def planned_from(rungs: Sequence[Reminder], now: datetime) -> datetime | None:
    """From when on to remind of a clock that is set at `now`; None when there is nothing more to say.

    What would have been said before its end is past; that it is late already is said.
    """
    return next((each.at for each in rungs if each.at > now or each.level), None)


def to_say(rungs: Sequence[Reminder], *, since: datetime, now: datetime, ends_at: datetime) -> tuple[Reminder, ...]:
    """What has come between two moments, both included: each late level, or else only the last of the others.

    A sender that stood still says what is true now: nothing of what was to be said before an end that is past.
    """
    come = [each for each in rungs if since <= each.at <= now]
    late = tuple(each for each in come if each.level)
    return late if late or now >= ends_at else tuple(come[-1:])
