"""Time as whole numbers, fast to reckon with and fast to write: minutes of UTC, and minutes that the office worked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from pr_tracker.deadlines.rules_calendar import WorkingCalendar

DAY = 24 * 60
OFFICE_OFFSET = 7 * 60  # the office's clock is seven hours ahead of UTC
MORNING_FROM, MORNING, AFTERNOON_FROM, AFTERNOON = 7 * 60, 270, 13 * 60, 240
WORKED = MORNING + AFTERNOON  # minutes of a working day
EPOCH = date(1970, 1, 1)

_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(DAY))
KEPT = 200_000  # instants
_days: dict[int, str] = {}


def minute_of(instant: datetime) -> int:
    """The minute of an instant."""
    return int(instant.timestamp()) // 60


def instant_of(minute: int) -> datetime:
    """The instant at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


def office_day_of(minute: int) -> int:
    """The office's day of a minute, in days since 1970."""
    return (minute + OFFICE_OFFSET) // DAY


def written_day(day: int) -> str:
    """2026-11-20, of days since 1970."""
    found = _days.get(day)
    if found is None:
        found = _days[day] = (EPOCH + timedelta(days=day)).isoformat()
    return found


class _Written(dict[int | None, str | None]):
    """Instants as they are written: many acts share a minute, and what is known is found without a call."""

    def __init__(self, between: str, end: str) -> None:
        super().__init__()
        self.clocks = [f"{between}{clock}{end}" for clock in _CLOCK]
        self[None] = None

    def __missing__(self, minute: int) -> str:
        if len(self) > KEPT:
            self.clear()
            self[None] = None
        day, of_day = divmod(minute, DAY)
        self[minute] = found = written_day(day) + self.clocks[of_day]
        return found


stored: Any = _Written(" ", ":00.000000").__getitem__  # as both databases store an instant, or None
sealed: Any = _Written("T", ":00.000000").__getitem__  # as the audit log's digest has it
in_json: Any = _Written("T", ":00+00:00").__getitem__  # as JSON has an instant of UTC


def clock_of(minute: int) -> str:
    """16:30 on the office's clock."""
    return _CLOCK[(minute + OFFICE_OFFSET) % DAY]


class WorkingTime:
    """The minutes that the office works, counted from the first day on."""

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        self.first = (first - EPOCH).days
        self._days: list[int] = []  # the working days
        self._before: list[int] = []  # of each day: how many working days came before it
        self._works: list[bool] = []
        for offset in range((last - first).days + 1):
            works = calendar.is_working_day(first + timedelta(days=offset))
            self._before.append(len(self._days))
            self._works.append(works)
            if works:
                self._days.append(self.first + offset)

    def until(self, minute: int) -> int:
        """How many minutes the office had worked until this minute."""
        local = minute + OFFICE_OFFSET
        day = local // DAY - self.first
        done = self._before[day] * WORKED
        if not self._works[day]:
            return done
        of_day = local % DAY
        return done + min(max(of_day - MORNING_FROM, 0), MORNING) + min(max(of_day - AFTERNOON_FROM, 0), AFTERNOON)

    def when(self, worked: int) -> int:
        """The minute at which the office had worked so long."""
        day, of_day = divmod(worked, WORKED)
        at = MORNING_FROM + of_day if of_day < MORNING else AFTERNOON_FROM + of_day - MORNING
        return self._days[day] * DAY + at - OFFICE_OFFSET
