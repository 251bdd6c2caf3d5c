"""Deadlines counted by hand, read from paper: days and moments with their weekday, walks that name every single day.

A walk names every day after the trigger, in order:
  "Mon 23"           counted
  "-Sat 21"          not counted, a weekend; "-Tue 24 culture" a day off by its name
  "=Thu 3"           the clock stood still
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import compute
from pr_tracker.deadlines.rules_calendar import OffReason
from pr_tracker.deadlines.rules_terms import Extension, ExtensionReason, Stop, StopReason
from pr_tracker.office_time import OFFICE_ZONE

CALENDAR = seeded_calendar()
CONFIRMED = CALENDAR.with_proposals_confirmed()
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(written):
    """The date of "Fri 20/11/2026"; the weekday must be the right one."""
    weekday, numbers = written.split()
    found = datetime.strptime(numbers, "%d/%m/%Y").date()
    assert WEEKDAYS[found.weekday()] == weekday, f"{written} is a {WEEKDAYS[found.weekday()]}"
    return found


def moment(written):
    """The instant of "Fri 20/11/2026 16:30" on the office's clock."""
    on, _, time = written.rpartition(" ")
    at = datetime.strptime(time, "%H:%M").time()
    return datetime.combine(day(on), at, OFFICE_ZONE).astimezone(UTC)


def stop(from_at, until_at):
    return Stop(StopReason.WAITING_FOR_OUTSIDE, moment(from_at), moment(until_at))


def longer(days, granted_at):
    return Extension(ExtensionReason.MANY_AGENCIES, days, moment(granted_at))


@dataclass
class Walk:
    """A walk read: the days counted, those stood still, and those off with the names they are given."""

    counted: list = field(default_factory=list)
    stood: list = field(default_factory=list)
    off: list = field(default_factory=list)
    last: date = None

    @classmethod
    def read(cls, written, after):
        walk, today = cls(), after
        for token in written.replace("\n", " ").split(","):
            sign, weekday, number, name = _parts(token.strip())
            today += timedelta(days=1)
            assert (WEEKDAYS[today.weekday()], today.day) == (weekday, number), f"{token.strip()}: it is {today:%a %d}"
            if sign == "-":
                walk.off.append((today, name))
            else:
                (walk.stood if sign == "=" else walk.counted).append(today)
        walk.last = today
        return walk


def _parts(token):
    sign = token[0] if token[0] in "-=" else ""
    weekday, number, *name = token.removeprefix(sign).split()
    return sign, weekday, int(number), " ".join(name)


def off_name(off):
    """How a walk calls a day off."""
    if off.reason is OffReason.WEEKEND:
        return ""
    kind = {OffReason.SWAPPED_OFF: "swapped", OffReason.DAY_IN_LIEU: "in lieu"}.get(off.reason, "")
    return " ".join(filter(None, (off.name, kind)))


def step_of(kind, deadline):
    return next((step for step in deadline.steps if isinstance(step, kind)), None)


def computed(key, trigger, *, calendar=CALENDAR, stops=(), extensions=(), version=None, **more):
    deadline = compute(
        key,
        moment(trigger),
        calendar=calendar,
        stops=[stop(*each) for each in stops],
        extensions=[longer(*each) for each in extensions],
        **more,
    )
    assert version in (None, deadline.version)
    return deadline
