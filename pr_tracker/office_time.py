"""The office's zone and the official written forms of dates: dd/MM/yyyy and the 24-hour clock (domain.md §6)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def in_office(instant: datetime) -> datetime:
    """The same instant on the office's wall clock. Raises ValueError for a naive value."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no place on the office clock")
    return instant.astimezone(OFFICE_ZONE)


def office_day(instant: datetime) -> date:
    """The office's calendar day of an instant."""
    return in_office(instant).date()


def office_instant(day: date, at: time = time(0)) -> datetime:
    """The UTC instant of a wall-clock time on a day of the office."""
    return datetime.combine(day, at, OFFICE_ZONE).astimezone(UTC)


def write_day(day: date) -> str:
    """dd/MM/yyyy."""
    return f"{day:%d/%m/%Y}"


def write_time(instant: datetime) -> str:
    """HH:mm on the office clock."""
    return f"{in_office(instant):%H:%M}"


def write_moment(instant: datetime) -> str:
    """HH:mm dd/MM/yyyy on the office clock."""
    return f"{in_office(instant):%H:%M %d/%m/%Y}"
