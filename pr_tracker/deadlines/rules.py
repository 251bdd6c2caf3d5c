"""When is it due, and why: counts every term of domain.md §6 and tells each step on the way.

Which version of a rule: the one in force on the office day of the trigger (the decrees are silent; our choice).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from pr_tracker.deadlines.rules_calendar import ONE_DAY, WorkingCalendar, days_between
from pr_tracker.deadlines.rules_faces import ClockFace, DueTime, FaceState, face
from pr_tracker.deadlines.rules_steps import (
    Counting,
    FirstDayStep,
    NoRollStep,
    ProposedDay,
    ProposedStep,
    ResultStep,
    RollStep,
    RuleStep,
    SameDateStep,
    SkippedStep,
    Step,
    TriggerStep,
    Undated,
    from_json,
    to_json,
)
from pr_tracker.deadlines.rules_table import (
    INTERNAL_KEYS,
    UNCONFIRMED_STATUTORY_KEYS,
    VERSIONS,
    Citation,
    ClockKey,
    ClockVersion,
    Confidence,
)
from pr_tracker.deadlines.rules_terms import (
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    DayUnit,
    EveryMonth,
    HoursBefore,
    Months,
    NextIssue,
    OutletPace,
    SettingDays,
    Term,
    TermSettings,
    WorkingDays,
)
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.office_time import office_day, write_day

__all__ = [
    "INTERNAL_KEYS",
    "UNCONFIRMED_STATUTORY_KEYS",
    "ClockFace",
    "ClockKey",
    "Deadline",
    "DeadlineEvent",
    "DueTime",
    "FaceState",
    "OutletPace",
    "TermSettings",
    "compute",
    "face",
    "term_of",
    "version_on",
    "version_with_code",
    "versions_of",
]

DEFAULT_TERMS = TermSettings()
EARLIEST_YEAR = 1900


class DeadlineEvent(StrEnum):
    """What the audit log says of terms."""

    AGENCY_TERM_SET = "agency_term:set"
    PROVINCE_TERM_SET = "province_term:set"


@dataclass(frozen=True)
class Deadline:
    """A due time with its derivation. Day terms have `due_on`, hour terms `due_at`, "next issue" neither.

    An act is in time when it happens before `ends_at`: the end of the due day, or of the due minute, because moments
    are recorded by the minute. `warn_on`, for day terms, is the last working day to do it.
    """

    key: ClockKey
    version: str
    basis: tuple[Citation, ...]
    confidence: Confidence
    trigger_at: datetime
    due_on: date | None
    due_at: datetime | None
    ends_at: datetime | None
    warn_on: date | None
    steps: tuple[Step, ...]

    @property
    def due(self) -> DueTime | None:
        """What a clock face needs; None when no date can be computed."""
        return DueTime(self.due_on, self.due_at, self.ends_at) if self.ends_at else None

    @property
    def rule(self) -> RuleStep:
        """The step that names the rule; always the first."""
        return next(step for step in self.steps if isinstance(step, RuleStep))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON that from_json reads back for years."""
        written: dict[str, Any] = to_json(self)
        return written

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Deadline":
        """The deadline that to_json wrote."""
        read: Deadline = from_json(cls, data)
        return read


@dataclass(frozen=True)
class _Count:
    """What counting a term yields, before the rule is put in front."""

    counting: Counting
    steps: tuple[Step, ...]
    due_on: date | None = None
    due_at: datetime | None = None
    last_on: date | None = None  # the last day allowed, where it is not the due day


def compute(
    key: str,
    trigger_at: datetime,
    *,
    calendar: WorkingCalendar,
    settings: TermSettings = DEFAULT_TERMS,
    outlet: OutletPace | None = None,
) -> Deadline:
    """The deadline of clock `key` for a trigger; `outlet` where the term depends on the kind of press agency.

    Raises NotFound for an unknown clock, BadInput for a naive time, a day before any version, an outlet the rule does
    not know, or a day the calendar does not cover.
    """
    _require_countable(trigger_at, calendar)
    version = version_on(key, office_day(trigger_at))
    term, pace = term_of(version, settings, outlet)
    counted = _count(term, trigger_at, calendar)
    rule = RuleStep(
        version.key,
        version.bearer,
        version.basis,
        version.confidence,
        version.valid_from,
        version.valid_to,
        term,
        version.needs_setting,
        pace,
    )
    return Deadline(
        key=version.key,
        version=version.code,
        basis=version.basis,
        confidence=version.confidence,
        trigger_at=trigger_at,
        due_on=counted.due_on,
        due_at=counted.due_at,
        ends_at=_ends_at(counted),
        warn_on=_warn_on(counted, calendar),
        steps=(
            rule,
            TriggerStep(version.trigger, trigger_at, counted.counting),
            *_with_proposals(counted, term, trigger_at, calendar),
        ),
    )


def _require_countable(at: datetime, calendar: WorkingCalendar) -> None:
    if at.tzinfo is None:
        raise BadInput(N_("A moment must say its time zone."), field="trigger_at")
    if not EARLIEST_YEAR <= at.year <= calendar.last_year:
        raise BadInput(N_("No deadline can be computed from the year %(year)s."), field="trigger_at", year=at.year)


def version_on(key: str, day: date) -> ClockVersion:
    """The version of a clock in force on a day. Raises NotFound (no such clock) or BadInput (none in force yet)."""
    versions = versions_of(key)
    found = next((version for version in versions if version.in_force_on(day)), None)
    if found is None:
        raise BadInput(
            N_("%(key)s has no version in force on %(day)s; the first one begins on %(first)s."),
            field="trigger_at",
            key=key,
            day=write_day(day),
            first=write_day(min(version.valid_from for version in versions)),
        )
    return found


def versions_of(key: str) -> tuple[ClockVersion, ...]:
    """All versions of a clock, the newest first. Raises NotFound."""
    found = tuple(version for version in VERSIONS if version.key == key)
    if not found:
        raise NotFound(N_("There is no clock named %(key)s."), key=key)
    return found


def version_with_code(code: str) -> ClockVersion:
    """The version a stored code names ("answer_on_press@2026-07-01"). Raises NotFound."""
    found = next((version for version in VERSIONS if version.code == code), None)
    if found is None:
        raise NotFound(N_("There is no clock named %(key)s."), key=code)
    return found


def term_of(
    version: ClockVersion, settings: TermSettings, outlet: OutletPace | None = None
) -> tuple[Term, OutletPace | None]:
    """The term a version sets, with settings and the kind of press agency filled in. Raises BadInput."""
    if isinstance(version.term, SettingDays):
        days = getattr(settings, version.key)
        return (WorkingDays(days) if version.term.unit is DayUnit.WORKING else CalendarDays(days)), None
    if isinstance(version.term, ByOutlet):
        pace = outlet or version.term.cases[0][0]
        found = dict(version.term.cases).get(pace)
        if found is None:
            raise BadInput(N_("%(key)s sets no term for this kind of press agency."), field="outlet", key=version.key)
        return found, pace
    return version.term, None


def _count(term: Term, at: datetime, calendar: WorkingCalendar) -> _Count:
    day = office_day(at)
    match term:
        case ClockHours(hours):
            return _at_minute(at + timedelta(hours=hours), Counting.FROM_THE_MINUTE)
        case HoursBefore(hours):
            return _at_minute(at - timedelta(hours=hours), Counting.COUNTED_BACK)
        case AtOnce():
            return _at_minute(at, Counting.NOTHING_TO_COUNT)
        case WorkingDays(days):
            return _working_days(day, days, calendar)
        case CalendarDays(days):
            return _rolled(day + timedelta(days=days), (FirstDayStep(day + ONE_DAY),), calendar, nth=days)
        case Months(months):
            return _months(day, months, calendar)
        case BeforeDate(month, of_month):
            return _until(date(day.year, month, of_month) - ONE_DAY, calendar)
        case EveryMonth():
            return _until(day.replace(day=monthrange(day.year, day.month)[1]), calendar)
        case NextIssue():
            return _Count(Counting.NOTHING_TO_COUNT, (ResultStep(undated=Undated.NEXT_ISSUE),))


def _at_minute(due_at: datetime, counting: Counting) -> _Count:
    return _Count(counting, (ResultStep(due_at=due_at),), due_at=due_at)


def _working_days(day: date, days: int, calendar: WorkingCalendar) -> _Count:
    first = due = calendar.working_day_from(day + ONE_DAY)
    for _ in range(days - 1):
        due = calendar.working_day_from(due + ONE_DAY)
    skipped = calendar.days_off_between(day + ONE_DAY, due)
    steps = (FirstDayStep(first), *((SkippedStep(skipped),) if skipped else ()), ResultStep(due_on=due, nth=days))
    return _Count(Counting.DAY_NOT_COUNTED, steps, due_on=due)


def _rolled(last: date, steps: tuple[Step, ...], calendar: WorkingCalendar, nth: int | None = None) -> _Count:
    due = calendar.working_day_from(last)
    if due != last:
        steps = (*steps, RollStep(last, calendar.days_off_between(last, due - ONE_DAY), due))
        nth = None
    return _Count(Counting.DAY_NOT_COUNTED, (*steps, ResultStep(due_on=due, nth=nth)), due_on=due)


def _months(day: date, months: int, calendar: WorkingCalendar) -> _Count:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last_date = monthrange(year, month + 1)[1]
    same = date(year, month + 1, min(day.day, last_date))
    return _rolled(same, (FirstDayStep(day + ONE_DAY), SameDateStep(same, day.day > last_date)), calendar)


def _until(last: date, calendar: WorkingCalendar) -> _Count:
    keep = calendar.working_day_until(last)
    steps = (
        NoRollStep(last, calendar.days_off_between(keep, last), keep),
        ResultStep(due_on=keep, before_last=keep != last),
    )
    return _Count(Counting.NAMES_THE_PERIOD, steps, due_on=keep, last_on=last)


def _ends_at(counted: _Count) -> datetime | None:
    if counted.due_at:
        return DueTime.at_minute(counted.due_at).ends_at
    last = counted.last_on or counted.due_on
    return DueTime.on_day(last).ends_at if last else None


def _warn_on(counted: _Count, calendar: WorkingCalendar) -> date | None:
    return calendar.working_day_until(counted.due_on) if counted.due_on else None


def _with_proposals(counted: _Count, term: Term, at: datetime, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """The steps, with the unconfirmed days that lie on the way named before the result."""
    if counted.due_on is None or not calendar.proposals:
        return counted.steps
    otherwise = _count(term, at, calendar.with_proposals_confirmed()).due_on or counted.due_on
    # Proposals matter to a count of working days all the way, to other terms only about the end.
    near = office_day(at) + ONE_DAY if isinstance(term, WorkingDays) else min(counted.due_on, otherwise)
    far = max(counted.last_on or counted.due_on, counted.due_on, otherwise)
    on_the_way = ((day, calendar.proposals.get(day)) for day in days_between(near, far))
    days = tuple(ProposedDay(day, entry.kind, entry.name, entry.swapped_with) for day, entry in on_the_way if entry)
    if not days:
        return counted.steps
    return (*counted.steps[:-1], ProposedStep(days, counted.due_on, otherwise), counted.steps[-1])
