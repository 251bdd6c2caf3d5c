"""Which months are counted whole for a period of days, and which days beside them: so few as may be."""

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def month_of(day: date) -> int:
    """202611."""
    return day.year * 100 + day.month


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_first(day: date) -> date:
    """The first day of the month after."""
    return first_of(first_of(day) + timedelta(days=31))


@dataclass(frozen=True)
class Days:
    """Days to count beside the months, the last not among them; `times` -1: a month was counted with them."""

    since: date
    before: date
    times: int = 1


@dataclass(frozen=True)
class Pieces:
    """A period taken apart: the months from `first` to `last` (None: no month), and days added or taken away."""

    first: int | None
    last: int | None
    days: tuple[Days, ...]


def pieces_of(since: date, until: date, today: date) -> Pieces:
    """Take a period of days, both ends included, apart. What is not counted by its month is at most half of it.

    Days after `today` cost nothing: nothing was received then, but for a clock that was set back.
    """
    before = until + ONE_DAY
    whole_from, whole_to = _near(since, today), _near(before, today)
    if whole_from >= whole_to:
        return Pieces(None, None, (Days(since, before),))
    days = [Days(since, whole_from), Days(whole_from, since, -1), Days(whole_to, before), Days(before, whole_to, -1)]
    months = (month_of(whole_from), month_of(whole_to - ONE_DAY))
    return Pieces(*months, tuple(each for each in days if each.since < each.before))


def _near(day: date, today: date) -> date:
    """The end of a month that is reached from a day by the fewest days up to today."""
    here, there = first_of(day), next_first(day)
    passed = min(day, today + ONE_DAY) - min(here, today + ONE_DAY)
    to_come = min(there, today + ONE_DAY) - min(day, today + ONE_DAY)
    return here if passed <= to_come else there
