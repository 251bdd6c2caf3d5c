"""Versions of clocks in words: term, ground, what may be added to it, when it reminds, since when."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.labels_names import (
    BEARERS,
    CONFIDENCES,
    OUTLETS,
    TRIGGERS,
    basis_words,
    days_words,
    term_words,
    working_days_words,
)
from pr_tracker.deadlines.rules import TermSettings, term_of
from pr_tracker.deadlines.rules_book import VersionState, state_on
from pr_tracker.deadlines.rules_ladder import DEFAULT_LADDER, Ladder
from pr_tracker.deadlines.rules_table import ClockVersion, Confidence
from pr_tracker.deadlines.rules_terms import (
    NO_ALLOWANCE,
    Allowance,
    AnyTerm,
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
    SettingDays,
    WorkingDays,
)
from pr_tracker.office_time import write_day

STATES = {
    VersionState.IN_FORCE: _l("in force"),
    VersionState.FUTURE: _l("not yet in force"),
    VersionState.PAST: _l("past"),
    VersionState.WITHDRAWN: _l("withdrawn"),
}
TERM_KINDS = {
    WorkingDays.kind: _l("working days"),
    CalendarDays.kind: _l("days, weekends included"),
    ClockHours.kind: _l("hours that run day and night"),
    Months.kind: _l("months"),
    HoursBefore.kind: _l("hours before the planned start"),
    BeforeDate.kind: _l("before a date of the year"),
    EveryMonth.kind: _l("within the month"),
    AtOnce.kind: _l("at once"),
    NextIssue.kind: _l("in the next issue"),
    SettingDays.kind: _l("a number that is set"),
}


class VersionShown(NamedTuple):
    """One version of a clock in words; `terms` are (kind of press agency or "", length)."""

    code: str
    terms: list[tuple[str, str]]
    is_set: bool  # the number is a setting of each agency or of the province
    trigger: str
    bearer: str
    basis: str
    valid_from: date
    valid_to: date | None
    confidence: str
    unconfirmed: bool
    state: VersionState
    state_words: str
    allowance: str
    ladder: str


def version_shown(version: ClockVersion, settings: TermSettings, today: date) -> VersionShown:
    """A version as the pages of clocks show it."""
    state = state_on(version, today)
    return VersionShown(
        code=version.code,
        terms=term_lines(version, settings),
        is_set=version.needs_setting,
        trigger=str(TRIGGERS[version.trigger]),
        bearer=str(BEARERS[version.bearer]),
        basis=basis_words(version.basis),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        confidence=str(CONFIDENCES[version.confidence]),
        unconfirmed=version.confidence is Confidence.UNCONFIRMED,
        state=state,
        state_words=str(STATES[state]),
        allowance=allowance_words(version.allowance, version.term),
        ladder=ladder_words(version.ladder, version.term),
    )


def term_lines(version: ClockVersion, settings: TermSettings) -> list[tuple[str, str]]:
    """The length of a version's term, one line for each kind of press agency it tells apart."""
    cases = version.term.cases if isinstance(version.term, ByOutlet) else ((None, term_of(version, settings)[0]),)
    return [(str(OUTLETS[pace]) if pace else "", term_words(term)) for pace, term in cases]


def allowance_words(allowance: Allowance, term: AnyTerm) -> str:
    """How long a clock may be stopped and extended."""
    if allowance == NO_ALLOWANCE:
        return _("Neither stopped nor extended")
    calendar = isinstance(term, CalendarDays) or (isinstance(term, SettingDays) and term.unit is DayUnit.CALENDAR)
    span = days_words if calendar else working_days_words
    stop = _("stopped for at most %(span)s", span=span(allowance.stop_days)) if allowance.stop_days else ""
    longer = _("extended by at most %(span)s", span=span(allowance.extension_days)) if allowance.extension_days else ""
    words = ", ".join(filter(None, (stop, longer)))
    return words[:1].upper() + words[1:]


def ladder_words(own: Ladder | None, term: AnyTerm) -> str:
    """When people are told of a clock; nothing where no date can be computed."""
    ladder = own or DEFAULT_LADDER
    terms = [each for _pace, each in term.cases] if isinstance(term, ByOutlet) else [term]
    in_hours = [each for each in terms if isinstance(each, ClockHours | HoursBefore | AtOnce)]
    in_days = [each for each in terms if not isinstance(each, ClockHours | HoursBefore | AtOnce | NextIssue)]
    said = ([_days_told(ladder)] if in_days else []) + ([_hours_told(ladder)] if in_hours else [])
    return " ".join(said)


def _days_told(ladder: Ladder) -> str:
    time, late = f"{ladder.day_at:%H:%M}", _series([days + 1 for days in ladder.late_days])
    if not ladder.days_before:
        return _("At %(time)s on the last day; when late, on working day %(late)s after the end.", time=time, late=late)
    return _(
        "At %(time)s, %(before)s working days before and on the last day; when late, on working day %(late)s after"
        " the end.",
        time=time,
        before=_series(ladder.days_before),
        late=late,
    )


def _hours_told(ladder: Ladder) -> str:
    late = _series(ladder.late_hours)
    if not ladder.hours_before:
        return _("When late, %(late)s hours after the end.", late=late)
    return _(
        "%(before)s hours before; when late, %(late)s hours after the end.",
        before=_series(ladder.hours_before),
        late=late,
    )


def _series(numbers: Sequence[int]) -> str:
    """5, 1; 1, 2 and 4."""
    words = [str(number) for number in numbers]
    return _("%(some)s and %(last)s", some=", ".join(words[:-1]), last=words[-1]) if len(words) > 1 else words[0]


def why_superseded(version: ClockVersion) -> str:
    """Why a due time moved, for the history of a case."""
    return _(
        "%(basis)s: %(term)s, in force from %(day)s",
        basis=basis_words(version.basis),
        term=term_words(version.term),
        day=write_day(version.valid_from),
    )


def why_withdrawn(valid_from: date) -> str:
    """Why a due time went back, for the history of a case."""
    return _("the version in force from %(day)s was withdrawn", day=write_day(valid_from))
