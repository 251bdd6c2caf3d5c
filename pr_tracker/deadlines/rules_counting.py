"""Counts a term from its trigger to its due time, and tells each step on the way (domain.md §6).

Extensions lengthen a term first. Then each stop, in time order, moves the last day so that the clock has as many days
to go when it runs on as it had at the end of the day it was stopped. Calendar days roll off a day off at the very end.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pr_tracker.deadlines.rules_calendar import ONE_DAY, WorkingCalendar, days_between
from pr_tracker.deadlines.rules_faces import DueTime
from pr_tracker.deadlines.rules_steps import (
    Counting,
    ExtensionStep,
    FirstDayStep,
    NoRollStep,
    ProposedDay,
    ProposedStep,
    ResultStep,
    RollStep,
    SameDateStep,
    SkippedStep,
    Step,
    StopStep,
    Undated,
)
from pr_tracker.deadlines.rules_terms import (
    AtOnce,
    BeforeDate,
    CalendarDays,
    ClockHours,
    EveryMonth,
    Extension,
    HoursBefore,
    Months,
    NextIssue,
    Stop,
    Term,
    WorkingDays,
)
from pr_tracker.office_time import office_day


@dataclass(frozen=True)
class Count:
    """What counting a term yields, before the rule is put in front."""

    counting: Counting
    steps: tuple[Step, ...]
    due_on: date | None = None
    due_at: datetime | None = None
    last_on: date | None = None  # the last day allowed, where it is not the due day

    @property
    def ends_at(self) -> datetime | None:
        """The first instant that is too late; None when no date can be computed."""
        if self.due_at:
            return DueTime.at_minute(self.due_at).ends_at
        last = self.last_on or self.due_on
        return DueTime.on_day(last).ends_at if last else None


def count(
    term: Term,
    at: datetime,
    calendar: WorkingCalendar,
    extensions: Sequence[Extension] = (),
    stops: Sequence[Stop] = (),
) -> Count:
    """The due time of a term from `at`. Only terms in days take extensions and stops."""
    day = office_day(at)
    match term:
        case ClockHours(hours):
            return _at_minute(at + timedelta(hours=hours), Counting.FROM_THE_MINUTE)
        case HoursBefore(hours):
            return _at_minute(at - timedelta(hours=hours), Counting.COUNTED_BACK)
        case AtOnce():
            return _at_minute(at, Counting.NOTHING_TO_COUNT)
        case WorkingDays():
            return _working_days(day, term, calendar, _Adjustments(tuple(extensions), tuple(stops)))
        case CalendarDays():
            return _calendar_days(day, term, calendar, _Adjustments(tuple(extensions), tuple(stops)))
        case Months(months):
            return _months(day, months, calendar)
        case BeforeDate(month, of_month):
            return _until(date(day.year, month, of_month) - ONE_DAY, calendar)
        case EveryMonth():
            return _until(day.replace(day=monthrange(day.year, day.month)[1]), calendar)
        case NextIssue():
            return Count(Counting.NOTHING_TO_COUNT, (ResultStep(undated=Undated.NEXT_ISSUE),))


def day_counted(term: WorkingDays | CalendarDays, calendar: WorkingCalendar, day: date, number: int) -> date:
    """The day `number` counted days after this one; with 0 this day, or for working days the next that is worked."""
    if isinstance(term, CalendarDays):
        return day + timedelta(days=number)
    return calendar.nth_working_day_after(day, number) if number else calendar.working_day_from(day)


def days_counted(term: WorkingDays | CalendarDays, calendar: WorkingCalendar, day: date, until: date) -> int:
    """How many counted days lie after `day`, up to and with `until`; 0 when there are none."""
    if isinstance(term, CalendarDays):
        return max((until - day).days, 0)
    return calendar.working_days_after(day, until)


def stopped_days(term: WorkingDays | CalendarDays, calendar: WorkingCalendar, stop: Stop) -> int:
    """How many counted days a stop keeps from the clock: those after its first day, up to the day it runs on."""
    return days_counted(term, calendar, office_day(stop.from_at), office_day(stop.until_at))


@dataclass(frozen=True)
class _Adjustments:
    """The extensions and stops of a count in days."""

    extensions: tuple[Extension, ...]
    stops: tuple[Stop, ...]

    @property
    def extended_days(self) -> int:
        return sum(extension.days for extension in self.extensions)

    def moved(
        self, last: date, term: WorkingDays | CalendarDays, calendar: WorkingCalendar
    ) -> tuple[date, tuple[Step, ...], frozenset[date]]:
        """The last day after all of them, a step for each, and the days the clock stood still."""
        steps: list[Step] = []
        stood: set[date] = set()
        for extension in sorted(self.extensions, key=lambda each: each.granted_at):
            longer = day_counted(term, calendar, last, extension.days)
            steps.append(ExtensionStep(extension, last, longer))
            last = longer
        for stop in sorted(self.stops, key=lambda each: each.from_at):
            step = _stopped(stop, last, term, calendar)
            steps.append(step)
            last = step.to_on
            stood |= set(stood_days(step))
        return last, tuple(steps), frozenset(stood)


def _stopped(stop: Stop, last: date, term: WorkingDays | CalendarDays, calendar: WorkingCalendar) -> StopStep:
    from_on, until_on = office_day(stop.from_at), office_day(stop.until_at)
    # A clock that had run out is not moved: nobody can stop one then, but a day off taken away may make it so.
    if from_on > calendar.working_day_from(last):
        return StopStep(stop, 0, 0, last, last)
    left = days_counted(term, calendar, from_on, last)
    if from_on == until_on:
        return StopStep(stop, 0, left, last, last)
    return StopStep(stop, stopped_days(term, calendar, stop), left, last, day_counted(term, calendar, until_on, left))


def stood_days(step: StopStep) -> tuple[date, ...]:
    """The days on which a clock stood still; none when the stop did not move it."""
    if step.from_on == step.to_on:
        return ()
    return tuple(days_between(office_day(step.stop.from_at) + ONE_DAY, office_day(step.stop.until_at)))


def _at_minute(due_at: datetime, counting: Counting) -> Count:
    return Count(counting, (ResultStep(due_at=due_at),), due_at=due_at)


def _working_days(day: date, term: WorkingDays, calendar: WorkingCalendar, more: _Adjustments) -> Count:
    first = calendar.working_day_from(day + ONE_DAY)
    due, moves, stood = more.moved(calendar.nth_working_day_after(day, term.days), term, calendar)
    skipped = tuple(off for off in calendar.days_off_between(day + ONE_DAY, due) if off.day not in stood)
    steps = (
        FirstDayStep(first),
        *((SkippedStep(skipped),) if skipped else ()),
        *moves,
        ResultStep(due_on=due, nth=term.days + more.extended_days),
    )
    return Count(Counting.DAY_NOT_COUNTED, steps, due_on=due)


def _calendar_days(day: date, term: CalendarDays, calendar: WorkingCalendar, more: _Adjustments) -> Count:
    last, moves, _stood = more.moved(day + timedelta(days=term.days), term, calendar)
    return _rolled(last, (FirstDayStep(day + ONE_DAY), *moves), calendar, nth=term.days + more.extended_days)


def _rolled(last: date, steps: tuple[Step, ...], calendar: WorkingCalendar, nth: int | None = None) -> Count:
    due = calendar.working_day_from(last)
    if due != last:
        steps = (*steps, RollStep(last, calendar.days_off_between(last, due - ONE_DAY), due))
        nth = None
    return Count(Counting.DAY_NOT_COUNTED, (*steps, ResultStep(due_on=due, nth=nth)), due_on=due)


def _months(day: date, months: int, calendar: WorkingCalendar) -> Count:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last_date = monthrange(year, month + 1)[1]
    same = date(year, month + 1, min(day.day, last_date))
    return _rolled(same, (FirstDayStep(day + ONE_DAY), SameDateStep(same, day.day > last_date)), calendar)


def _until(last: date, calendar: WorkingCalendar) -> Count:
    keep = calendar.working_day_until(last)
    steps = (
        NoRollStep(last, calendar.days_off_between(keep, last), keep),
        ResultStep(due_on=keep, before_last=keep != last),
    )
    return Count(Counting.NAMES_THE_PERIOD, steps, due_on=keep, last_on=last)


def with_proposals(
    counted: Count,
    term: Term,
    at: datetime,
    calendar: WorkingCalendar,
    extensions: Sequence[Extension] = (),
    stops: Sequence[Stop] = (),
) -> tuple[Step, ...]:
    """The steps of a count, with the unconfirmed days that lie on the way named before the result."""
    if counted.due_on is None or not calendar.proposals:
        return counted.steps
    confirmed = count(term, at, calendar.with_proposals_confirmed(), extensions, stops)
    otherwise = confirmed.due_on or counted.due_on
    # Proposals matter to a count of working days all the way, to other terms only about the end.
    near = office_day(at) + ONE_DAY if isinstance(term, WorkingDays) else min(counted.due_on, otherwise)
    far = max(counted.last_on or counted.due_on, counted.due_on, otherwise)
    on_the_way = ((day, calendar.proposals.get(day)) for day in days_between(near, far))
    days = tuple(ProposedDay(day, entry.kind, entry.name, entry.swapped_with) for day, entry in on_the_way if entry)
    if not days:
        return counted.steps
    return (*counted.steps[:-1], ProposedStep(days, counted.due_on, otherwise), counted.steps[-1])
