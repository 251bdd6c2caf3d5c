"""Find the figures of a month or quarter: inquiries by unit, kind and time, and what was done around them."""

from collections import Counter
from datetime import date, datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.summaries import By, carried_into, sums
from pr_tracker.office_time import office_day
from pr_tracker.reports.queries.around import counted_around
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_figures import (
    SUMS_ASKED,
    Counts,
    Every,
    Measure,
    PeriodReport,
    Run,
    Stretch,
    Unit,
    counts_of,
    stretch_of,
    whole_of,
)

RUNS = {Every.MONTH: 12, Every.QUARTER: 8}  # how many points the run over time has


def period_report(actor: Person | None, stretch: Stretch, agency_id: int | None, now: datetime) -> PeriodReport:
    """The figures of a month or quarter as they stand now, of one agency or (None) of all the actor may see."""
    today = office_day(now)
    period, compared = stretch.until(today), stretch.compared_with(today)
    asked, asked_before = cases_behind(period, agency_id), cases_behind(compared, agency_id)
    lines = sums(asked, actor, now, By.AGENCY, SUMS_ASKED)
    by_unit: dict[int | None, Counts] = {row.key or None: counts_of(row._mapping) for row in lines}
    before = whole_of(counts_of(row._mapping) for row in sums(asked_before, actor, now, By.NOTHING, SUMS_ASKED))
    for unit_id, count in carried_into(period.since, Filters(agency_id=agency_id), actor, now).items():
        by_unit.setdefault(unit_id or None, Counter())[Measure.CARRIED] = count
    for measure, of_unit, count in counted_around(period, agency_id, now):
        by_unit.setdefault(of_unit, Counter())[measure] += count
    for measure, _of_unit, count in counted_around(compared, agency_id, now):
        before[measure] += count
    names = _names({*by_unit, agency_id} - {None})
    return PeriodReport(
        stretch,
        period,
        compared,
        agency_id,
        names.get(agency_id, ""),
        tuple(_units(by_unit, names, agency_id)),
        {row.key: counts_of(row._mapping) for row in sums(asked, actor, now, By.KIND, SUMS_ASKED)},
        before,
        _run(actor, stretch, agency_id, now),
        sum(row.stopped_days for row in lines),
        sum(row.extended_days for row in lines),
    )


def _names(ids: set[int | None]) -> dict[int | None, str]:
    """The names of these agencies, in Vietnamese order."""
    query = sa.select(Agency.id, Agency.name).where(Agency.id.in_(ids)).order_by(Agency.sort_key, Agency.id)
    return {row.id: row.name for row in db.session.execute(query)}


def _units(by_unit: dict[int | None, Counts], names: dict[int | None, str], agency_id: int | None) -> list[Unit]:
    """The units in order, one that is asked for also where nothing is counted, what no unit has at the end."""
    found = [Unit(each, name, by_unit.get(each, Counter())) for each, name in names.items()]
    if agency_id is None and None in by_unit:
        found.append(Unit(None, "", by_unit[None]))
    return found


def _run(actor: Person | None, last: Stretch, agency_id: int | None, now: datetime) -> tuple[Run, ...]:
    """The stretches up to this one, each with what was received in it and became of it."""
    stretches = [last.step(back) for back in range(1 - RUNS[last.every], 1)]
    period = Period(stretches[0].first, last.until(office_day(now)).until)
    found: dict[Stretch, Counts] = {each: Counter() for each in stretches}
    for row in sums(cases_behind(period, agency_id), actor, now, By.MONTH, SUMS_ASKED):
        month = date(row.key // 100, row.key % 100, 1)
        found[stretch_of(last.every, month)] += counts_of(row._mapping)
    return tuple(Run(each, counts) for each, counts in found.items())


def cases_behind(period: Period, agency_id: int | None) -> Filters:
    """The filters of the list that has just the inquiries of a report."""
    return Filters(agency_id=agency_id, since=period.since, until=period.until)
