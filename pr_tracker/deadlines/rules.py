"""When is it due, and why: the deadline of every clock of domain.md §7 with each step on the way.

Which version of a rule: the one in force on the office day of the trigger (the decrees are silent; our choice).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from pr_tracker.deadlines.rules_book import SHIPPED, RuleBook
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_counting import Count, count, stopped_days, with_proposals
from pr_tracker.deadlines.rules_faces import ClockFace, DueTime, FaceState, face
from pr_tracker.deadlines.rules_ladder import DEFAULT_LADDER, Ladder
from pr_tracker.deadlines.rules_steps import (
    ExtensionStep,
    IssueStep,
    ResultStep,
    RuleStep,
    Step,
    StopStep,
    TriggerStep,
    from_json,
    to_json,
)
from pr_tracker.deadlines.rules_table import (
    INTERNAL_KEYS,
    UNCONFIRMED_STATUTORY_KEYS,
    Citation,
    ClockKey,
    ClockVersion,
    Confidence,
    allowance_of,
)
from pr_tracker.deadlines.rules_terms import (
    Allowance,
    ByOutlet,
    CalendarDays,
    DayUnit,
    Extension,
    NextIssue,
    OutletPace,
    SettingDays,
    Stop,
    Term,
    TermSettings,
    WorkingDays,
)
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_day

__all__ = [
    "INTERNAL_KEYS",
    "SHIPPED",
    "UNCONFIRMED_STATUTORY_KEYS",
    "ClockFace",
    "ClockKey",
    "Deadline",
    "DeadlineEvent",
    "DueTime",
    "FaceState",
    "OutletPace",
    "RuleBook",
    "TermSettings",
    "compute",
    "face",
    "in_issue_of",
    "recount",
    "term_of",
    "under",
]

DEFAULT_TERMS = TermSettings()
EARLIEST_YEAR = 1900


class DeadlineEvent(StrEnum):
    """What the audit log says of terms."""

    AGENCY_TERM_SET = "agency_term:set"
    PROVINCE_TERM_SET = "province_term:set"
    AGENCY_SHARES_SET = "agency_shares:set"
    OFFICE_HOURS_SET = "office_hours:set"
    VERSION_ADD = "clock_version:add"
    VERSION_WITHDRAW = "clock_version:withdraw"


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

    @property
    def counts_days(self) -> bool:
        """Whether the term is so many days: only those can be stopped and extended."""
        return isinstance(self.rule.term, WorkingDays | CalendarDays)

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """The extensions in the count, in time order."""
        return tuple(step.extension for step in self.steps if isinstance(step, ExtensionStep))

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The stops in the count, in time order."""
        return tuple(step.stop for step in self.steps if isinstance(step, StopStep))

    @property
    def issue_on(self) -> date | None:
        """The day of the next issue, where the term is "in the next issue" and somebody has entered it."""
        return next((step.issue_on for step in self.steps if isinstance(step, IssueStep)), None)

    @property
    def extended_days(self) -> int:
        """How many days were added, in the unit of the term."""
        return sum(extension.days for extension in self.extensions)

    @property
    def stopped_days(self) -> int:
        """How many days the clock stands still in all, in the unit of the term."""
        return sum(step.days for step in self.steps if isinstance(step, StopStep))

    @property
    def allowance(self) -> Allowance:
        """How long the clock may be stopped and extended in all."""
        return self.rule.allowance or allowance_of(self.key)

    @property
    def ladder(self) -> Ladder:
        """When people are reminded of it."""
        return self.rule.ladder or DEFAULT_LADDER

    def to_json(self) -> dict[str, Any]:
        """Plain JSON that from_json reads back for years."""
        written: dict[str, Any] = to_json(self)
        return written

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Deadline":
        """The deadline that to_json wrote."""
        read: Deadline = from_json(cls, data)
        return read


def compute(
    key: str,
    trigger_at: datetime,
    *,
    calendar: WorkingCalendar,
    settings: TermSettings = DEFAULT_TERMS,
    outlet: OutletPace | None = None,
    book: RuleBook = SHIPPED,
    extensions: Sequence[Extension] = (),
    stops: Sequence[Stop] = (),
) -> Deadline:
    """The deadline of clock `key` for a trigger; `outlet` where the term depends on the kind of press agency.

    Raises NotFound for an unknown clock, BadInput for a naive time, a day before any version, an outlet the rule does
    not know, a day the calendar does not cover, or extensions and stops the rule does not allow.
    """
    _require_countable(trigger_at, calendar)
    version = book.version_on(key, office_day(trigger_at))
    term, pace = term_of(version, settings, outlet)
    counted = count(term, trigger_at, calendar)
    plain = Deadline(
        key=version.key,
        version=version.code,
        basis=version.basis,
        confidence=version.confidence,
        trigger_at=trigger_at,
        due_on=counted.due_on,
        due_at=counted.due_at,
        ends_at=counted.ends_at,
        warn_on=_warn_on(counted, calendar),
        steps=(
            _rule_step(version, term, pace),
            TriggerStep(version.trigger, trigger_at, counted.counting),
            *with_proposals(counted, term, trigger_at, calendar),
        ),
    )
    return recount(plain, calendar=calendar, extensions=extensions, stops=stops) if extensions or stops else plain


def under(book: RuleBook, deadline: Deadline, *, calendar: WorkingCalendar, settings: TermSettings) -> Deadline:
    """The same clock and trigger under the version this book has for that day, with its stops and extensions.

    They are kept as they are where the new term is in days, and have no meaning where it is not.
    """
    plain = compute(
        deadline.key, deadline.trigger_at, calendar=calendar, settings=settings, outlet=deadline.rule.outlet, book=book
    )
    if deadline.issue_on and isinstance(plain.rule.term, NextIssue):
        return in_issue_of(plain, deadline.issue_on, calendar=calendar)
    return _recounted(plain, calendar, deadline.extensions, deadline.stops) if plain.counts_days else plain


def in_issue_of(deadline: Deadline, issue_on: date, *, calendar: WorkingCalendar) -> Deadline:
    """A deadline "in the next issue", due on the day this issue appears; an issue is not put off by a day off.

    Raises BadInput for another kind of term, or an issue before the trigger.
    """
    if not isinstance(deadline.rule.term, NextIssue):
        raise BadInput(N_("Only a term that ends with the next issue asks for its day."), field="next_issue_on")
    if not office_day(deadline.trigger_at) <= issue_on <= date(calendar.last_year, 12, 31):
        raise BadInput(N_("The next issue appears on the day of receipt or later."), field="next_issue_on")
    begun = (step for step in deadline.steps if isinstance(step, RuleStep | TriggerStep))
    return replace(
        deadline,
        due_on=issue_on,
        ends_at=DueTime.on_day(issue_on).ends_at,
        warn_on=calendar.working_day_until(issue_on),
        steps=(*begun, IssueStep(issue_on), ResultStep(due_on=issue_on)),
    )


def _rule_step(version: ClockVersion, term: Term, pace: OutletPace | None) -> RuleStep:
    return RuleStep(
        version.key,
        version.bearer,
        version.basis,
        version.confidence,
        version.valid_from,
        version.valid_to,
        term,
        version.needs_setting,
        pace,
        version.allowance,
        version.ladder,
    )


def recount(
    deadline: Deadline,
    *,
    calendar: WorkingCalendar,
    extensions: Sequence[Extension] | None = None,
    stops: Sequence[Stop] | None = None,
) -> Deadline:
    """The same trigger under the same version and term, counted again; None = the extensions and stops it has.

    Raises BadInput where something new is not allowed: the term is not in days, more than the allowance, after the
    clock ran out or before it began, or stops that overlap. What the deadline already has is never refused.
    """
    extensions = deadline.extensions if extensions is None else tuple(extensions)
    stops = deadline.stops if stops is None else tuple(stops)
    _require_allowed(deadline, extensions, stops, calendar)
    return _recounted(deadline, calendar, extensions, stops)


def _recounted(
    deadline: Deadline, calendar: WorkingCalendar, extensions: tuple[Extension, ...], stops: tuple[Stop, ...]
) -> Deadline:
    term, at = deadline.rule.term, deadline.trigger_at
    if deadline.issue_on:
        return in_issue_of(deadline, deadline.issue_on, calendar=calendar)
    counted = count(term, at, calendar, extensions, stops)
    begun = (step for step in deadline.steps if isinstance(step, RuleStep | TriggerStep))
    return replace(
        deadline,
        due_on=counted.due_on,
        due_at=counted.due_at,
        ends_at=counted.ends_at,
        warn_on=_warn_on(counted, calendar),
        steps=(*begun, *with_proposals(counted, term, at, calendar, extensions, stops)),
    )


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


def _require_countable(at: datetime, calendar: WorkingCalendar) -> None:
    if at.tzinfo is None:
        raise BadInput(N_("A moment must say its time zone."), field="trigger_at")
    if not EARLIEST_YEAR <= at.year <= calendar.last_year:
        raise BadInput(N_("No deadline can be computed from the year %(year)s."), field="trigger_at", year=at.year)


def _warn_on(counted: Count, calendar: WorkingCalendar) -> date | None:
    return calendar.working_day_until(counted.due_on) if counted.due_on else None


# What may be added to a clock


def _require_allowed(
    deadline: Deadline, extensions: tuple[Extension, ...], stops: tuple[Stop, ...], calendar: WorkingCalendar
) -> None:
    if (extensions, stops) == (deadline.extensions, deadline.stops):
        return
    if not deadline.counts_days:
        raise BadInput(N_("Only a term in days can be stopped or extended."))
    _require_apart(stops)
    _require_extension_days(deadline, extensions)
    _require_stop_days(deadline, stops, calendar)
    for extension in set(extensions) - set(deadline.extensions):
        _require_running(deadline, extension.granted_at, extensions, stops, calendar)
    begun = {stop.from_at for stop in deadline.stops}
    for stop in stops:
        if stop.from_at not in begun:
            _require_running(deadline, stop.from_at, extensions, stops, calendar)


def _require_apart(stops: tuple[Stop, ...]) -> None:
    in_order = sorted(stops, key=lambda each: each.from_at)
    if any(later.from_at < stop.until_at for stop, later in pairwise(in_order)):
        raise BadInput(N_("The clock is already stopped at that time."), field="from_at")


def _require_extension_days(deadline: Deadline, extensions: tuple[Extension, ...]) -> None:
    asked, most = sum(extension.days for extension in extensions), deadline.allowance.extension_days
    if asked <= max(most, deadline.extended_days):
        return
    if not most:
        raise BadInput(N_("This term may not be extended."), field="days")
    raise BadInput(
        N_("This term may be extended by %(most)s days in all, and this would make it %(asked)s."),
        field="days",
        most=most,
        asked=asked,
    )


def _require_stop_days(deadline: Deadline, stops: tuple[Stop, ...], calendar: WorkingCalendar) -> None:
    term, most = deadline.rule.term, deadline.allowance.stop_days
    assert isinstance(term, WorkingDays | CalendarDays)
    if not most and {stop.from_at for stop in stops} - {stop.from_at for stop in deadline.stops}:
        raise BadInput(N_("This term may not be stopped."), field="until_at")
    asked = sum(stopped_days(term, calendar, stop) for stop in stops)
    has = sum(stopped_days(term, calendar, stop) for stop in deadline.stops)
    if asked > max(most, has):
        raise BadInput(
            N_("This clock may be stopped for %(most)s days in all, and this would make it %(asked)s."),
            field="until_at",
            most=most,
            asked=asked,
        )


def _require_running(
    deadline: Deadline,
    at: datetime,
    extensions: tuple[Extension, ...],
    stops: tuple[Stop, ...],
    calendar: WorkingCalendar,
) -> None:
    """Raises BadInput unless the clock runs at `at`, given what had been added by then."""
    if at < deadline.trigger_at:
        raise BadInput(N_("The clock had not begun at that time."), field="from_at")
    granted = [extension for extension in extensions if extension.granted_at < at]
    begun = [stop for stop in stops if stop.from_at < at]
    ends_at = count(deadline.rule.term, deadline.trigger_at, calendar, granted, begun).ends_at
    if ends_at is None or at >= ends_at:
        raise BadInput(N_("The clock had already run out at that time."), field="from_at")
