"""What an incident is, which moment starts its 24 hours, and its number (Decree 244/2026/NĐ-CP Art 7(3), (4))."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pr_tracker.deadlines.rules_book import RuleBook
from pr_tracker.deadlines.rules_table import ClockKey, Trigger
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import office_day

LONGEST_TEXT = 20000


class IncidentKind(StrEnum):
    """The two cases in which the agency gives initial information by itself."""

    INCIDENT = "incident"  # vụ việc đột xuất, bất thường
    DIVIDED_OPINION = "divided_opinion"  # tác động hoặc có nguy cơ tác động đến dư luận

    @property
    def clock_key(self) -> ClockKey:
        """The clock it runs by."""
        return _CLOCKS[self]


_CLOCKS = {
    IncidentKind.INCIDENT: ClockKey.INCIDENT_INITIAL_INFO,
    IncidentKind.DIVIDED_OPINION: ClockKey.DIVIDED_OPINION_INITIAL_INFO,
}


class Moment(StrEnum):
    """The three moments of an incident; the rule's version says which of them starts the clock."""

    HAPPENED = "happened_at"
    RECEIVED = "received_at"
    DETERMINED = "determined_at"


COUNTS = {
    Trigger.EVENT_HAPPENED: Moment.HAPPENED,
    Trigger.EVENT_RECEIVED: Moment.RECEIVED,
    Trigger.IMPACT_DETERMINED: Moment.DETERMINED,
}


@dataclass(frozen=True)
class Moments:
    """When it happened, when the agency received and took it up, when it determined an impact on public opinion."""

    received_at: datetime
    happened_at: datetime | None = None
    determined_at: datetime | None = None

    def at(self, moment: Moment) -> datetime | None:
        """One of the three."""
        found: datetime | None = getattr(self, moment.value)
        return found


@dataclass(frozen=True)
class Start:
    """Which moment starts the clock, and when that was."""

    moment: Moment
    at: datetime


def require_order(moments: Moments, now: datetime) -> None:
    """Raises BadInput for a moment to come, or one that cannot have been before another."""
    for moment in Moment:
        at = moments.at(moment)
        if at is not None and at > now:
            raise BadInput(N_("This moment is still to come."), field=moment.value)
    if moments.happened_at is not None:
        if moments.happened_at > moments.received_at:
            raise BadInput(N_("The agency cannot have received it before it happened."), field="received_at")
        if moments.determined_at is not None and moments.determined_at < moments.happened_at:
            raise BadInput(N_("This is before the incident happened."), field="determined_at")


def start_of(kind: IncidentKind, moments: Moments, book: RuleBook) -> Start | None:
    """The moment that counts by the version in force when the agency received or determined it.

    None while the impact on public opinion has not been determined: no clock runs yet. Raises BadInput when the
    version counts from a moment that nobody gave, or when no version was in force.
    """
    decides = Moment.RECEIVED if kind is IncidentKind.INCIDENT else Moment.DETERMINED
    at = moments.at(decides)
    if at is None:
        return None
    try:
        version = book.version_on(kind.clock_key, office_day(at))
    except BadInput as refusal:
        raise BadInput(refusal.message, field=decides.value, **refusal.params) from None
    moment = COUNTS[version.trigger]
    counted = moments.at(moment)
    if counted is None:
        message = N_("On that day the 24 hours ran from the event itself (%(basis)s): say when it happened.")
        raise BadInput(message, field=moment.value, basis=str(version.basis[0]))
    return Start(moment, counted)


_TYPED = re.compile(r"^(?:vv)?[-\s]*(?:(?P<year>20\d\d)[-/\s]+)?0*(?P<number>[1-9]\d{0,6})(?:/(?P<after>20\d\d))?$")


def write_number(year: int, number: int) -> str:
    """VV-2026-0001; counted per year, four digits or more."""
    return f"VV-{year}-{number:04d}"


def read_number(typed: str) -> tuple[int, int | None] | None:
    """(number, year or None) of VV-2026-0001, VV-1, 0001/2026 or 1; None for anything else."""
    found = _TYPED.match(typed.strip().lower())
    if not found or (found["year"] and found["after"]):
        return None
    year = found["year"] or found["after"]
    return int(found["number"]), int(year) if year else None
