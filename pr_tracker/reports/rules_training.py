"""Who is trained, who should come to the next class and why, and which days a before and an after may compare."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pr_tracker.office_time import office_instant

SOON = timedelta(days=90)  # a certificate that lapses within these days is shown as lapsing soon
LOOKED_BACK_MONTHS = 12  # inquiries of the last 12 months propose who should come
ONE_DAY = timedelta(days=1)


class ReportEvent(StrEnum):
    """What the audit log says of reports on training."""

    EXPORT = "training:report:export"


class Cover(StrEnum):
    """Whether somebody is trained."""

    VALID = "valid"
    SOON = "soon"  # valid, but lapses within SOON
    LAPSED = "lapsed"
    NEVER = "never"  # holds no certificate


# Who counts as trained: whoever holds at least one certificate that counts on the day.
TRAINED = (Cover.VALID, Cover.SOON)


class Reason(StrEnum):
    """Why somebody should come to the next class; the first four are about inquiries."""

    LATE = "late"  # heads the lead agency, or is the case officer, of an inquiry late by its own doing
    MADE_LATE = "made_late"  # heads the coordinating agency whose part made an inquiry late
    RETURNED = "returned"  # wrote a draft answer or a contribution that was returned for revision
    CORRECTED = "corrected"  # spoke in an inquiry that needed a response or a correction to the press
    LAPSED = "lapsed"  # may speak, and the certificates have lapsed
    SOON = "soon"  # may speak, and the last certificate lapses within SOON
    NEVER = "never"  # may speak, and holds no certificate


OF_INQUIRIES = (Reason.LATE, Reason.MADE_LATE, Reason.RETURNED, Reason.CORRECTED)
OF_COVER = {Cover.LAPSED: Reason.LAPSED, Cover.SOON: Reason.SOON, Cover.NEVER: Reason.NEVER}


def cover_of(last_days: Iterable[date | None], on: date) -> Cover:
    """Whether certificates with these last days (None: for ever) make somebody trained on a day."""
    days = list(last_days)
    if not days:
        return Cover.NEVER
    if None in days:
        return Cover.VALID
    last = max(day for day in days if day is not None)
    if last < on:
        return Cover.LAPSED
    return Cover.SOON if last <= on + SOON else Cover.VALID


def months_from(day: date, months: int) -> date:
    """The same date so many months on or back, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - ONE_DAY).day
    return first.replace(day=min(day.day, last))


def month_starts(today: date, back: int, ahead: int) -> list[date]:
    """The first days of so many months before today's month, of it, and of so many after it."""
    return [months_from(today.replace(day=1), step) for step in range(-back, ahead + 1)]


@dataclass(frozen=True)
class Span:
    """Days, both ends included."""

    since: date
    until: date

    @property
    def from_at(self) -> datetime:
        """The first instant."""
        return office_instant(self.since)

    @property
    def until_at(self) -> datetime:
        """The instant after the last."""
        return office_instant(self.until + ONE_DAY)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def before_and_after(first_day: date, last_day: date, today: date) -> tuple[Span, Span] | None:
    """Equally many days before a class's first and after its last day, at most LOOKED_BACK_MONTHS; None: not over yet.

    The day itself belongs to neither. While less time has passed since, less is looked at before.
    """
    after = Span(last_day + ONE_DAY, min(today, months_from(last_day, LOOKED_BACK_MONTHS)))
    if after.days < 1:
        return None
    return Span(first_day - timedelta(days=after.days), first_day - ONE_DAY), after


@dataclass(frozen=True)
class Handled:
    """What became of an agency's inquiries in a span: how many fell due, of these on time; returned; corrected."""

    due: int = 0
    on_time: int = 0
    returned: int = 0
    corrected: int = 0

    @property
    def share(self) -> int | None:
        """On time of what fell due, per cent rounded down; None where nothing did."""
        return self.on_time * 100 // self.due if self.due else None

    def __add__(self, other: "Handled") -> "Handled":
        return Handled(*(mine + theirs for mine, theirs in zip(_numbers(self), _numbers(other), strict=True)))


def _numbers(one: Handled) -> tuple[int, int, int, int]:
    return one.due, one.on_time, one.returned, one.corrected


@dataclass(frozen=True)
class Effect:
    """An agency whose people came to a class, before and after it."""

    agency_id: int | None  # None: all of them together
    agency: str
    attended: int  # people of the agency who came to at least one session
    before: Handled
    after: Handled


def together(effects: Sequence[Effect]) -> Effect:
    """All agencies added up."""
    empty = Handled()
    return Effect(
        None,
        "",
        sum(one.attended for one in effects),
        sum((one.before for one in effects), empty),
        sum((one.after for one in effects), empty),
    )
