"""All versions of all clocks, and which of them counts on a day; how a version is superseded and withdrawn.

A version holds from its first day until the day before its successor's, so no day of a clock is left out or counted
twice. A version in force is never changed: a newer one takes its place from a later day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pr_tracker.deadlines.rules_calendar import ONE_DAY
from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_table import (
    INTERNAL_KEYS,
    VERSIONS,
    Bearer,
    Citation,
    ClockKey,
    ClockVersion,
    Confidence,
)
from pr_tracker.deadlines.rules_terms import (
    NO_ALLOWANCE,
    Allowance,
    AnyTerm,
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    EveryMonth,
    HoursBefore,
    Months,
    NextIssue,
    SettingDays,
    WorkingDays,
)
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.office_time import write_day

MOST_TERM_DAYS = 365
MOST_TERM_HOURS = 24 * 90
MOST_TERM_MONTHS = 24

TermKind = type[AnyTerm]


@dataclass(frozen=True)
class NewVersion:
    """What an administrator enters; the trigger and who must act are those of the version before."""

    key: ClockKey
    valid_from: date
    term: AnyTerm
    basis: tuple[Citation, ...]
    confidence: Confidence
    allowance: Allowance = NO_ALLOWANCE
    ladder: Ladder | None = None

    @property
    def code(self) -> str:
        """The code its version will have."""
        return f"{self.key}@{self.valid_from.isoformat()}"

    def after(self, last: ClockVersion) -> ClockVersion:
        """The version that follows `last`."""
        return replace(
            last,
            term=self.term,
            basis=self.basis,
            confidence=self.confidence,
            valid_from=self.valid_from,
            valid_to=None,
            allowance=self.allowance,
            ladder=self.ladder,
        )


@dataclass(frozen=True)
class RuleBook:
    """The versions of every clock, those of one clock together and the newest first; see book_of."""

    versions: tuple[ClockVersion, ...]

    def version_on(self, key: str, day: date) -> ClockVersion:
        """The version of a clock in force on a day. Raises NotFound (no such clock) or BadInput (none in force yet)."""
        versions = self.versions_of(key)
        found = next((version for version in versions if version.in_force_on(day)), None)
        if found is None:
            raise BadInput(
                N_("%(key)s has no version in force on %(day)s; the first one begins on %(first)s."),
                field="trigger_at",
                key=key,
                day=write_day(day),
                first=write_day(versions[-1].valid_from),
            )
        return found

    def versions_of(self, key: str) -> tuple[ClockVersion, ...]:
        """All versions of a clock, the newest first. Raises NotFound."""
        found = tuple(version for version in self.versions if version.key == key)
        if not found:
            raise NotFound(N_("There is no clock named %(key)s."), key=key)
        return found

    def version_with_code(self, code: str) -> ClockVersion:
        """The version a stored code names ("answer_on_press@2026-07-01"). Raises NotFound."""
        found = next((version for version in self.versions if version.code == code), None)
        if found is None:
            raise NotFound(N_("There is no clock named %(key)s."), key=code)
        return found

    def supersede(self, new: NewVersion) -> "RuleBook":
        """The book with a newer version. Raises BadInput: too early, without ground, or a term it cannot have."""
        last = self.versions_of(new.key)[0]
        if new.valid_from <= last.valid_from:
            raise BadInput(
                N_("The newest version begins on %(day)s. A new one must begin later; one in force is never changed."),
                field="valid_from",
                day=write_day(last.valid_from),
            )
        if not new.basis:
            raise BadInput(N_("Name the text this version stands on."), field="basis")
        _require_term(new, last)
        return self.with_stored([new])

    def with_stored(self, stored: Iterable[NewVersion]) -> "RuleBook":
        """The book with versions that were checked when they were entered, in the order of their first days."""
        versions = list(self.versions)
        for new in sorted(stored, key=lambda each: each.valid_from):
            known = [each for each in versions if each.key == new.key]
            before = [each for each in known if each.valid_from < new.valid_from]
            if known:
                like = max(before or known[-1:], key=lambda each: each.valid_from)
                versions = [each for each in versions if each.code != new.code]
                versions.insert(0, new.after(like))
        return book_of(versions)

    def withdraw(self, version: ClockVersion, *, today: date) -> "RuleBook":
        """The book without a version that has not begun. Raises BadInput for one in force or past."""
        if version.valid_from <= today:
            raise BadInput(
                N_("This version is in force since %(day)s. It cannot be withdrawn, only superseded."),
                day=write_day(version.valid_from),
            )
        return book_of(each for each in self.versions if each.code != version.code)


def book_of(versions: Iterable[ClockVersion]) -> RuleBook:
    """A book in which each version ends on the day before the next one of its clock begins."""
    by_key: dict[str, list[ClockVersion]] = {key: [] for key in ClockKey}
    for version in versions:
        by_key[version.key].append(version)
    return RuleBook(tuple(version for of_key in by_key.values() if of_key for version in _dated(of_key)))


def _dated(of_key: list[ClockVersion]) -> list[ClockVersion]:
    newest, *older = sorted(of_key, key=lambda version: version.valid_from, reverse=True)
    found = [replace(newest, valid_to=None)]
    for version in older:
        found.append(replace(version, valid_to=found[-1].valid_from - ONE_DAY))
    return found


SHIPPED = book_of(VERSIONS)


# Which terms a new version may have

FORWARD: tuple[TermKind, ...] = (WorkingDays, CalendarDays, ClockHours)
UNDATED: tuple[TermKind, ...] = (AtOnce, NextIssue)


def term_kinds(last: ClockVersion) -> tuple[TermKind, ...]:
    """Which kinds of term may follow this version: the trigger stays, so the way of counting from it does too."""
    match last.term:
        case ByOutlet(cases):
            return term_kinds(replace(last, term=cases[0][1]))
        case HoursBefore() | EveryMonth() | BeforeDate():
            return (type(last.term),)
        case Months():
            return Months, CalendarDays, WorkingDays
        case SettingDays() if last.key not in INTERNAL_KEYS:
            return SettingDays, *FORWARD
    if last.key in INTERNAL_KEYS:
        return SettingDays, WorkingDays
    return (*FORWARD, *UNDATED) if last.bearer is Bearer.PRESS_AGENCY else FORWARD


def _require_term(version: NewVersion, last: ClockVersion) -> None:
    kinds = term_kinds(last)
    by_outlet = isinstance(last.term, ByOutlet)
    if by_outlet != isinstance(version.term, ByOutlet):
        raise BadInput(N_("This clock cannot have such a term."), field="term")
    terms = [term for _pace, term in version.term.cases] if isinstance(version.term, ByOutlet) else [version.term]
    for term in terms:
        if not isinstance(term, kinds):
            raise BadInput(N_("This clock cannot have such a term."), field="term")
        require_length(term)
    in_days = isinstance(version.term, WorkingDays | CalendarDays | SettingDays)
    if version.allowance != NO_ALLOWANCE and not in_days:
        raise BadInput(N_("Only a term in days can be stopped or extended."), field="stop_days")


def require_length(term: AnyTerm) -> None:
    """Raises BadInput unless a term is as long as terms can be."""
    match term:
        case WorkingDays(number) | CalendarDays(number):
            most = MOST_TERM_DAYS
        case ClockHours(number) | HoursBefore(number):
            most = MOST_TERM_HOURS
        case Months(number):
            most = MOST_TERM_MONTHS
        case BeforeDate(month, day):
            _require_date(month, day)
            return
        case _:
            return
    if not 1 <= number <= most:
        raise BadInput(N_("Such a term is 1 to %(most)s long, not %(number)s."), field="term", most=most, number=number)


def _require_date(month: int, day: int) -> None:
    try:
        date(2001, month, day)  # a year without 29 February: the date must exist every year
    except ValueError:
        raise BadInput(N_("There is no such date every year."), field="term") from None


class VersionState(StrEnum):
    """Where a version stands on a day."""

    IN_FORCE = "in_force"
    FUTURE = "future"
    PAST = "past"
    WITHDRAWN = "withdrawn"


def state_on(version: ClockVersion, today: date) -> VersionState:
    """In force, still to begin, or past."""
    if version.valid_from > today:
        return VersionState.FUTURE
    return VersionState.IN_FORCE if version.in_force_on(today) else VersionState.PAST


def reading_order(versions: Iterable[ClockVersion], today: date) -> list[ClockVersion]:
    """The version in force first, then those to come, then the past ones, each nearest to today first."""
    order = (VersionState.IN_FORCE, VersionState.FUTURE, VersionState.PAST)
    return sorted(versions, key=lambda each: (order.index(state_on(each, today)), abs((each.valid_from - today).days)))
