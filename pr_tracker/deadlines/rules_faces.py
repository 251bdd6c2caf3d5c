"""What a clock shows now: its state, and one amount in the unit people count in (the design's clock table)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pr_tracker.deadlines.rules_calendar import ONE_DAY, WorkingCalendar
from pr_tracker.office_time import office_day, office_instant

ONE_MINUTE = timedelta(minutes=1)
ONE_HOUR = timedelta(hours=1)
MINUTES_SHOWN_UNDER = timedelta(hours=8)
HOURS_SHOWN_UNTIL = timedelta(hours=24)


class FaceState(StrEnum):
    """The states of a clock, as the design names them."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"


class Unit(StrEnum):
    """What the amount of a face counts."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"  # shown as hours and minutes
    LAST_DAY = "last_day"  # it ends with today
    NOTHING = "nothing"  # not one of the days that are counted


@dataclass(frozen=True)
class ClockFace:
    """State and amount; an overdue or late face counts how far past the end it is, a met one how early."""

    state: FaceState
    unit: Unit
    amount: int = 0


@dataclass(frozen=True)
class SoonSettings:
    """When a running clock counts as due soon; a day clock always does on its last day."""

    hours: int = 8
    statutory_working_days: int = 1


@dataclass(frozen=True)
class DueTime:
    """A due day or a due minute, and the first instant that is too late."""

    due_on: date | None
    due_at: datetime | None
    ends_at: datetime

    @classmethod
    def on_day(cls, day: date) -> "DueTime":
        """Due by the end of a day."""
        return cls(day, None, office_instant(day + ONE_DAY))

    @classmethod
    def at_minute(cls, instant: datetime) -> "DueTime":
        """Due in a minute, which counts to its end: moments are recorded by the minute."""
        return cls(None, instant, instant.replace(second=0, microsecond=0) + ONE_MINUTE)

    @property
    def day(self) -> date:
        """The office day it is due on."""
        day = self.due_on or (self.due_at and office_day(self.due_at))
        if day is None:
            raise ValueError("a due time has a day or a minute")
        return day

    @property
    def facts(self) -> dict[str, str]:
        """The day or the minute as notices keep it: {"due_on": "2026-12-14"}."""
        found = {"due_on": self.due_on, "due_at": self.due_at}
        return {name: when.isoformat() for name, when in found.items() if when}


DEFAULT_SOON = SoonSettings()


def face(
    due: DueTime,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    statutory: bool,
    closed_at: datetime | None = None,
    paused_at: datetime | None = None,
    soon: SoonSettings = DEFAULT_SOON,
) -> ClockFace:
    """The face of a clock at `now`: open, paused since `paused_at`, or stopped for good at `closed_at`."""
    if closed_at is not None:
        return _met(due, closed_at) if closed_at < due.ends_at else _past(FaceState.LATE, due, closed_at, calendar)
    if paused_at is not None:
        return _days(FaceState.PAUSED, (office_day(now) - office_day(paused_at)).days)
    if now >= due.ends_at:
        return _past(FaceState.OVERDUE, due, now, calendar)
    if due.due_at is not None:
        return _hours_left(due.due_at, now, calendar, soon)
    return _days_left(due, now, calendar, soon.statutory_working_days if statutory else 0)


def _days_left(due: DueTime, now: datetime, calendar: WorkingCalendar, soon_days: int) -> ClockFace:
    today = office_day(now)
    left = calendar.working_days_after(today, due.day)
    state = FaceState.DUE_SOON if left <= soon_days else FaceState.RUNNING
    if left:
        return ClockFace(state, Unit.WORKING_DAYS, left)
    is_last = today == due.day or office_instant(today + ONE_DAY) == due.ends_at
    return ClockFace(state, Unit.LAST_DAY if is_last else Unit.NOTHING)


def _hours_left(due_at: datetime, now: datetime, calendar: WorkingCalendar, soon: SoonSettings) -> ClockFace:
    left = max(due_at - now, timedelta(0))
    state = FaceState.DUE_SOON if left <= soon.hours * ONE_HOUR else FaceState.RUNNING
    return _span(state, left, calendar.working_days_after(office_day(now), office_day(due_at)), Unit.WORKING_DAYS)


def _past(state: FaceState, due: DueTime, then: datetime, calendar: WorkingCalendar) -> ClockFace:
    days = calendar.working_days_after(due.day, office_day(then))
    if due.due_at is not None:
        return _span(state, then - due.due_at, days, Unit.WORKING_DAYS)
    return ClockFace(state, Unit.WORKING_DAYS, days) if days else ClockFace(state, Unit.NOTHING)


def _met(due: DueTime, closed_at: datetime) -> ClockFace:
    days = (due.day - office_day(closed_at)).days
    if due.due_at is not None:
        return _span(FaceState.MET, max(due.due_at - closed_at, timedelta(0)), days, Unit.DAYS)
    return _days(FaceState.MET, days)


def _days(state: FaceState, days: int) -> ClockFace:
    return ClockFace(state, Unit.DAYS, days) if days > 0 else ClockFace(state, Unit.NOTHING)


def _span(state: FaceState, span: timedelta, days: int, unit: Unit) -> ClockFace:
    if span < MINUTES_SHOWN_UNDER:
        return ClockFace(state, Unit.MINUTES, span // ONE_MINUTE)
    if span <= HOURS_SHOWN_UNTIL or not days:
        return ClockFace(state, Unit.HOURS, span // ONE_HOUR)
    return ClockFace(state, unit, days)
