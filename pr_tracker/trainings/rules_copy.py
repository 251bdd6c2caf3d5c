"""A class held again: its sessions on the working days after a new first day."""

from collections.abc import Iterable
from datetime import date, timedelta

from pr_tracker.deadlines.rules_calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)


def shifted(days: Iterable[date], first: date, calendar: WorkingCalendar) -> dict[date, date]:
    """By old day: the new one, the first old day being `first`.

    As many working days lie between two sessions as before; a session that was on a day off stays as many days after
    the one before it as it was. Raises BadInput beyond the years of the calendar.
    """
    ordered = sorted(set(days))
    moved: dict[date, date] = {}
    for old in ordered:
        if not moved:
            moved[old] = first
            continue
        before = max(moved)
        new = moved[before] + (old - before)
        if calendar.is_working_day(old):
            apart = max(1, calendar.working_days_after(before, old))
            new = calendar.nth_working_day_after(moved[before], apart)
        moved[old] = new
    return moved
