"""The backward plan: a case's time shared out among its stages, on working days and in office hours.

The law sets only the end. The stages before it are the office's own way there, so a plan never moves a due time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache, partial

from pr_tracker.deadlines.rules_calendar import ONE_DAY, WorkingCalendar
from pr_tracker.deadlines.rules_faces import ONE_HOUR, ONE_MINUTE, DueTime, Unit
from pr_tracker.deadlines.rules_terms import Stop
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import in_office, office_day, office_instant

GRAIN_MINUTES = 15  # planned moments are quarters of an hour, never later than counted


class StageName(StrEnum):
    """The stages of a case, in order."""

    DRAFT = "draft"
    AGENCY = "agency"  # the lead agency's head reads and approves
    APPROVAL = "approval"  # the province's leaders or spokesperson, where needed
    RELEASE = "release"


@dataclass(frozen=True)
class OfficeHours:
    """When people are at work on a working day. Raises BadInput naming the field when the times are not in order."""

    morning_from: time = time(7, 30)
    morning_to: time = time(11, 30)
    afternoon_from: time = time(13, 30)
    afternoon_to: time = time(17, 0)

    def __post_init__(self) -> None:
        for before, after, strictly in (
            ("morning_from", "morning_to", True),
            ("morning_to", "afternoon_from", False),
            ("afternoon_from", "afternoon_to", True),
        ):
            first, second = getattr(self, before), getattr(self, after)
            if second < first or (strictly and second == first):
                raise BadInput(
                    N_("%(time)s comes before %(earlier)s; the times of a day go upward."),
                    field=after,
                    time=f"{second:%H:%M}",
                    earlier=f"{first:%H:%M}",
                )

    @property
    def spans(self) -> tuple[tuple[time, time], tuple[time, time]]:
        """Morning and afternoon, each from and to."""
        return (self.morning_from, self.morning_to), (self.afternoon_from, self.afternoon_to)

    def open_from(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """This moment when the office is open, from morning to afternoon of a working day; else when it opens next."""
        moment = in_office(now)
        day = moment.date() if moment.time() < self.afternoon_to else moment.date() + ONE_DAY
        return max(office_instant(calendar.working_day_from(day), self.morning_from), now)


@dataclass(frozen=True)
class Shares:
    """Which part of the time each stage gets, in percent; a stage of 0 is left out. Raises BadInput."""

    draft: int = 60
    agency: int = 15
    approval: int = 15
    release: int = 10

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 <= getattr(self, field.name) <= 100:
                raise BadInput(N_("A share is 0 to 100 percent."), field=field.name)
        if not self.draft:
            raise BadInput(N_("Writing the answer needs time: at least 1 percent."), field="draft")
        if (given := sum(astuple(self))) != 100:
            raise BadInput(
                N_("The shares must make 100 percent together; these make %(given)s."), field="release", given=given
            )


@dataclass(frozen=True)
class Stage:
    """One stage of a plan; the last one is due when the case is."""

    name: StageName
    starts_at: datetime
    due: DueTime

    @property
    def due_at(self) -> datetime:
        """The planned end as an instant; for a due day its midnight."""
        return self.due.due_at or self.due.ends_at


@dataclass(frozen=True)
class Whereabouts:
    """Which stage is running, how much of its time is used, and whose time it eats.

    `used` of `of` in `unit`: working days, hours of an hour clock, or LAST_DAY for a stage of one day. `eats` is the
    later stage whose time is running already; `began_late`: this stage was handed over when half its time was gone,
    and has not yet had as long as was planned for it.
    """

    stage: Stage
    unit: Unit
    used: int
    of: int
    eats: Stage | None = None
    began_late: bool = False


DEFAULT_HOURS = OfficeHours()
DEFAULT_SHARES = Shares()
Stretch = tuple[datetime, datetime]
_ORDER = {name: place for place, name in enumerate(StageName)}


def office_minutes(
    start: datetime,
    end: datetime,
    *,
    calendar: WorkingCalendar,
    hours: OfficeHours = DEFAULT_HOURS,
    stops: Sequence[Stop] = (),
) -> int:
    """Whole minutes of office time from `start` to `end`, without those the clock stood still."""
    return _length(_stretches(start, end, calendar, hours, stops)) // ONE_MINUTE


def instant_after(
    start: datetime,
    minutes: int,
    *,
    calendar: WorkingCalendar,
    hours: OfficeHours = DEFAULT_HOURS,
    stops: Sequence[Stop] = (),
) -> datetime:
    """When so many minutes of office time have passed since `start`. Raises BadInput beyond the calendar's years."""
    return _walk(_stretches(start, None, calendar, hours, stops), minutes * ONE_MINUTE, start)[-1]


def plan(
    started_at: datetime,
    due: DueTime,
    *,
    calendar: WorkingCalendar,
    hours: OfficeHours = DEFAULT_HOURS,
    shares: Shares = DEFAULT_SHARES,
    stops: Sequence[Stop] = (),
) -> tuple[Stage, ...]:
    """The stages up to a due time, one after the other; none when the due time is not after the start.

    A due day is planned in office hours, a due minute (an hour clock) in plain clock time; the last stage ends with
    the due time itself. A day without office hours left is planned in clock time too. Lists ask for the same plans
    again and again, so the last ones are kept.
    """
    return _stages(started_at, due, calendar, hours, shares, tuple(stops))


@lru_cache(maxsize=5000)
def _stages(
    started_at: datetime,
    due: DueTime,
    calendar: WorkingCalendar,
    hours: OfficeHours,
    shares: Shares,
    stops: tuple[Stop, ...],
) -> tuple[Stage, ...]:
    end = due.due_at or office_instant(due.day + ONE_DAY)
    if end <= started_at:
        return ()
    whole = [(started_at, end)]
    stretches = whole if due.due_at else list(_stretches(started_at, end, calendar, hours, stops)) or whole
    total, sofar, starts_at = _length(stretches), 0, started_at
    parts = [(name, share) for name, share in zip(StageName, astuple(shares), strict=True) if share]
    stages = []
    for name, share in parts[:-1]:
        sofar += share
        ends_at = _planned(stretches, total * sofar // 100, started_at)
        stages.append(Stage(name, starts_at, DueTime.at_minute(ends_at)))
        starts_at = ends_at
    return (*stages, Stage(parts[-1][0], starts_at, due))


def where_time_is(
    stages: Sequence[Stage],
    running: StageName,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    since: datetime | None,
    stops: Sequence[Stop] = (),
) -> Whereabouts | None:
    """What the running stage has used, and the later stage whose time it eats; None without a plan.

    `since`: when the stage was handed over. A stage that is not in the plan counts as the next that is. Nothing
    records the end of APPROVAL, so it gives way to RELEASE when its time is over and never eats.
    """
    stage, eats = _running(stages, running, now)
    if stage is None:
        return None
    by_hours = stages[-1].due.due_at is not None
    begun_at, days = min(since or stage.starts_at, stage.starts_at), partial(days_used, calendar=calendar, stops=stops)
    late = since is not None and _began_late(stage, since, now, None if by_hours else days)
    if by_hours:
        used, of = max(now - begun_at, timedelta(0)), stage.due_at - begun_at
        return Whereabouts(stage, Unit.HOURS, used // ONE_HOUR + 1, max(-(-of // ONE_HOUR), 1), eats, late)
    whole = days(begun_at, stage.due_at)
    return Whereabouts(stage, Unit.WORKING_DAYS if whole else Unit.LAST_DAY, days(begun_at, now), whole, eats, late)


def eats_time(stages: Sequence[Stage], running: StageName, now: datetime) -> bool:
    """Whether the running stage uses the time of a later one: where_time_is has `eats`, at a glance."""
    return _running(stages, running, now)[1] is not None


def _running(stages: Sequence[Stage], running: StageName, now: datetime) -> tuple[Stage | None, Stage | None]:
    """The stage that runs, and the later one whose time it eats."""
    begins = _ORDER[running]
    later = [stage for stage in stages if _ORDER[stage.name] >= begins] or list(stages[-1:])
    if not later:
        return None, None
    if later[0].name is StageName.APPROVAL and later[1:] and now >= later[0].due.ends_at:
        later = later[1:]
    ended_at = later[0].due.ends_at
    return later[0], next((each for each in later[1:] if ended_at <= now < each.due.ends_at), None)


def days_used(start: datetime, end: datetime, *, calendar: WorkingCalendar, stops: Sequence[Stop] = ()) -> int:
    """Working days after the day of `start` up to that of `end`; those a clock stood still do not count.

    Of a stop its first day counts and the day on which the clock runs on does not, as in the due day itself. Midnight
    belongs to the day before it.
    """
    first, last = office_day(start), office_day(end - ONE_MINUTE)
    stood = 0
    for stop in stops:
        from_on, to_on = max(office_day(stop.from_at), first), min(office_day(stop.until_at), last)
        stood += calendar.working_days_after(from_on, to_on)
    return calendar.working_days_after(first, last) - stood


def _began_late(stage: Stage, since: datetime, now: datetime, days: Callable[[datetime, datetime], int] | None) -> bool:
    planned = stage.due_at - stage.starts_at
    if since <= stage.starts_at + planned / 2:
        return False
    return days(since, now) <= days(stage.starts_at, stage.due_at) if days else now < since + planned


def part_of(
    stage: Stage,
    numerator: int,
    denominator: int,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    hours: OfficeHours | None = DEFAULT_HOURS,
    stops: Sequence[Stop] = (),
) -> datetime | None:
    """When this fraction of what is left of a stage will have passed; None when nothing is left.

    In office time, or with `hours=None` (an hour clock) in plain clock time.
    """
    start = max(now, stage.starts_at)
    if start >= stage.due_at:
        return None
    counted = _stretches(start, stage.due_at, calendar, hours, stops) if hours else ()
    stretches = list(counted) or [(start, stage.due_at)]
    return _planned(stretches, _length(stretches) * numerator // denominator, start)


def _stretches(
    start: datetime, end: datetime | None, calendar: WorkingCalendar, hours: OfficeHours, stops: Sequence[Stop]
) -> Iterator[Stretch]:
    """Office time from `start` on, in order, up to `end`, with the stops cut out."""
    day = office_day(start)
    while end is None or office_instant(day) < end:
        if calendar.is_working_day(day):
            for opens, closes in hours.spans:
                opened = max(office_instant(day, opens), start)
                closed = office_instant(day, closes) if end is None else min(office_instant(day, closes), end)
                yield from _without_stops((opened, closed), stops)
        day += ONE_DAY


def _without_stops(stretch: Stretch, stops: Sequence[Stop]) -> Iterator[Stretch]:
    start, end = stretch
    for stop in sorted(stops, key=lambda each: each.from_at):
        if stop.from_at >= end:
            break
        if start < stop.from_at:
            yield start, stop.from_at
        start = max(start, stop.until_at)
    if start < end:
        yield start, end


def _length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((end - start for start, end in stretches), timedelta(0))


def _planned(stretches: Iterable[Stretch], span: timedelta, start: datetime) -> datetime:
    """Where `span` has passed, as a quarter of an hour; at the opening of a stretch rather the close of the last."""
    closed_before, opened, ended = _walk(stretches, span, start)
    moment = _floor(ended)
    return moment if moment > opened else closed_before or opened


def _walk(stretches: Iterable[Stretch], span: timedelta, start: datetime) -> tuple[datetime | None, datetime, datetime]:
    """Where `span` of these stretches has passed: the close of the stretch before, the opening, the moment."""
    before, opened, ended = None, start, start
    if not span:
        return before, opened, ended
    for opened, closed in stretches:
        if span <= closed - opened:
            return before, opened, opened + span
        span -= closed - opened
        before = ended = closed
    return before, opened, ended


def _floor(instant: datetime) -> datetime:
    local = in_office(instant)
    return instant - timedelta(
        minutes=local.minute % GRAIN_MINUTES, seconds=local.second, microseconds=local.microsecond
    )
