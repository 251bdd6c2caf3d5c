"""A deadline as weeks on a calendar: which days were counted, which were not and why."""

from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from flask_babel import gettext as _
from flask_babel import pgettext

from pr_tracker.deadlines.labels_names import off_words
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_calendar import ONE_DAY, DayOff, OffReason, days_between
from pr_tracker.deadlines.rules_counting import stood_days
from pr_tracker.deadlines.rules_steps import NoRollStep, ResultStep, RollStep, SameDateStep, SkippedStep, StopStep
from pr_tracker.office_time import office_day, write_time

MOST_WEEKS, FIRST_SHOWN, LAST_SHOWN = 7, 2, 3
AnyStep = TypeVar("AnyStep")


class MonthDay(NamedTuple):
    """One day of the picture: its number, "/12" where a month begins, how it looks, words for wide and narrow."""

    number: int
    month: str
    look: str  # a class of weeks.css: o outside, s start, c counted, w weekend, h holiday, p stopped, d due
    words: str = ""
    short: str = ""


def month_picture(deadline: Deadline) -> list[list[MonthDay]]:
    """The weeks from the start to the due day; a week without days stands for those left out of a long term.

    Empty where no day follows from the trigger.
    """
    shown = _shown(deadline)
    if not shown:
        return []
    first, last = min(shown), max(shown)
    monday = first - timedelta(days=first.weekday())
    days = list(days_between(monday, last + timedelta(days=6 - last.weekday())))
    cells = [
        MonthDay(day.day, f"/{day.month:02}" if day.day == 1 or day == monday else "", *shown.get(day, ("o",)))
        for day in days
    ]
    weeks = [cells[at : at + 7] for at in range(0, len(cells), 7)]
    return weeks if len(weeks) <= MOST_WEEKS else _shortened(weeks)


def _shortened(weeks: list[list[MonthDay]]) -> list[list[MonthDay]]:
    """The first and last weeks, with an empty one for those between; the month stands where the picture goes on."""
    before, end = weeks[:-LAST_SHOWN], weeks[-LAST_SHOWN:]
    month = next(day.month for week in reversed(before) for day in reversed(week) if day.month)
    first = end[0][0]
    end[0] = [first._replace(month=first.month or month), *end[0][1:]]
    return [*weeks[:FIRST_SHOWN], [], *end]


Looks = dict[date, tuple[str, str, str]]


def _shown(deadline: Deadline) -> Looks:
    """Look, words and short words of every day that means something to the term."""
    start = office_day(deadline.trigger_at)
    begins = {start: ("s", _("start of the term"), pgettext("day", "start"))}
    until = _step(deadline, NoRollStep)
    if until:
        return _kept_before(until)
    if deadline.due_at is not None:
        return _hours(deadline.trigger_at, deadline.due_at)
    if deadline.due_on is None:
        return {}
    same = _step(deadline, SameDateStep)
    if same:
        return begins | _rolled_from(same.same_on, deadline)
    return begins | _counted(deadline, start + ONE_DAY, deadline.due_on)


def _hours(trigger_at: datetime, due_at: datetime) -> Looks:
    """Hours run through every day; counted back, the due time comes before the start."""
    start, due = office_day(trigger_at), office_day(due_at)
    between = days_between(min(start, due) + ONE_DAY, max(start, due) - ONE_DAY)
    runs: Looks = {day: ("c", _("hours run"), pgettext("day", "runs")) for day in between}
    begins = _("from %(time)s", time=write_time(trigger_at))
    ends = _("due at %(time)s", time=write_time(due_at))
    if start == due:
        return {due: ("d", f"{begins}, {ends}", pgettext("day", "due"))}
    return runs | {start: ("s", begins, pgettext("day", "start")), due: ("d", ends, pgettext("day", "due"))}


def _kept_before(until: NoRollStep) -> Looks:
    """A term that does not move: the last day allowed, and the working day to keep."""
    passed = {off.day: _off(off) for off in until.days}
    last: Looks = {until.last_on: ("c", _("last day allowed"), pgettext("day", "last"))}
    return last | passed | {until.keep_on: ("d", _("to be done"), pgettext("day", "due"))}


def _rolled_from(same_on: date, deadline: Deadline) -> Looks:
    """The same date months later, and the days off it rolls over."""
    roll, due = _step(deadline, RollStep), deadline.due_on
    passed = {off.day: _off(off) for off in roll.days} if roll else {}
    assert due is not None
    same = ("w" if same_on in passed else "c", _("same date"), "")
    return {**passed, same_on: same, due: ("d", pgettext("day", "due"), pgettext("day", "due"))}


def _counted(deadline: Deadline, first: date, due: date) -> Looks:
    """Look, words and short words of every day from the first to the due one."""
    skipped, roll = _step(deadline, SkippedStep), _step(deadline, RollStep)
    passed = {off.day: off for off in skipped.days} if skipped else {}
    rolled = {off.day: off for off in roll.days} if roll else {}
    stood = {day for step in deadline.steps if isinstance(step, StopStep) for day in stood_days(step)} - {due}
    result = _step(deadline, ResultStep)
    shown: Looks = {}
    number, nth = 0, result and result.nth
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
