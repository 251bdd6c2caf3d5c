"""A deadline as weeks on a calendar: which days were counted, which were not and why."""

from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from flask_babel import gettext as _
from flask_babel import pgettext

from pr_tracker.deadlines.labels_names import off_words
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_calendar import ONE_DAY, DayOff, OffReason, days_between
from pr_tracker.deadlines.rules_counting import stood_days
from pr_tracker.deadlines.rules_steps import FirstDayStep, ResultStep, RollStep, SameDateStep, SkippedStep, StopStep
from pr_tracker.office_time import office_day

LONGEST = timedelta(weeks=7)
AnyStep = TypeVar("AnyStep")


class MonthDay(NamedTuple):
    """One day of the picture: its number, "/12" where a month begins, how it looks, words for wide and narrow."""

    number: int
    month: str
    look: str  # a class of weeks.css: o outside, s start, c counted, w weekend, h holiday, p stopped, d due
    words: str = ""
    short: str = ""


def month_picture(deadline: Deadline) -> list[list[MonthDay]]:
    """The weeks from the start to the due day. Empty when days are not counted one by one, or are too many to show."""
    start, due = office_day(deadline.trigger_at), deadline.due_on
    if due is None or due - start > LONGEST or not _counts_day_by_day(deadline):
        return []
    monday = start - timedelta(days=start.weekday())
    days = list(days_between(monday, due + timedelta(days=6 - due.weekday())))
    shown = {start: ("s", _("start of the term"), pgettext("day", "start")), **_counted(deadline, start + ONE_DAY, due)}
    cells = [
        MonthDay(day.day, f"/{day.month:02}" if day.day == 1 or day == monday else "", *shown.get(day, ("o",)))
        for day in days
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _counts_day_by_day(deadline: Deadline) -> bool:
    kinds = {type(step) for step in deadline.steps}
    return FirstDayStep in kinds and SameDateStep not in kinds


def _counted(deadline: Deadline, first: date, due: date) -> dict[date, tuple[str, str, str]]:
    """Look, words and short words of every day from the first to the due one."""
    skipped, roll = _step(deadline, SkippedStep), _step(deadline, RollStep)
    passed = {off.day: off for off in skipped.days} if skipped else {}
    rolled = {off.day: off for off in roll.days} if roll else {}
    stood = {day for step in deadline.steps if isinstance(step, StopStep) for day in stood_days(step)} - {due}
    result = _step(deadline, ResultStep)
    shown, number, nth = {}, 0, result and result.nth
    for day in days_between(first, due):
        if day in passed or (roll and day in rolled and day != roll.from_on):
            shown[day] = _off(passed.get(day) or rolled[day])
            continue
        if day in stood:
            shown[day] = ("p", _("stopped"), pgettext("day", "stopped"))
            continue
        if day == due and (roll or number == nth):
            shown[day] = ("d", pgettext("day", "due"), pgettext("day", "due"))
            continue
        number += 1
        if day == due:
            shown[day] = ("d", _("day %(number)s, due", number=number), str(number))
        elif day in rolled:
            shown[day] = ("w", _("day %(number)s, a day off", number=number), str(number))
        else:
            shown[day] = ("c", _("day %(number)s", number=number), str(number))
    return shown


def _off(off: DayOff) -> tuple[str, str, str]:
    if off.reason is OffReason.WEEKEND:
        return "w", _("not counted"), ""
    return "h", off_words(off), pgettext("day", "off")


def _step(deadline: Deadline, kind: type[AnyStep]) -> AnyStep | None:
    return next((step for step in deadline.steps if isinstance(step, kind)), None)
