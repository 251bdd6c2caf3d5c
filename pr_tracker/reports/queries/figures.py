"""Find the figures of a month or quarter: inquiries by unit, kind and time, and what was done around them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.lists import Filters, conditions, is_paused
from pr_tracker.inquiries.queries.timing import result, timing
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.inquiries.rules_timing import Result
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.reports.queries.around import counted_around
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_figures import (
    ONE_DAY,
    Counts,
    Every,
    Measure,
    PeriodReport,
    Run,
    Stretch,
    Tally,
    Unit,
    added_up,
    whole_of,
)

RUNS = {Every.MONTH: 12, Every.QUARTER: 8}  # how many points the run over time has


def period_report(actor: Person | None, stretch: Stretch, agency_id: int | None, now: datetime) -> PeriodReport:
    """The figures of a month or quarter as they stand now, of one agency or (None) of all the actor may see."""
    today = office_day(now)
    period, compared = stretch.until(today), stretch.compared_with(today)
    tallies, days = _tallies(actor, Filters(agency_id=agency_id, since=period.since, until=period.until), now)
    before, _ = _tallies(actor, Filters(agency_id=agency_id, since=compared.since, until=compared.until), now)
    by_unit: dict[int | None, Counts] = added_up(tallies)
    carried = Filters(agency_id=agency_id, carried=period.since)
    for measure, unit_id, count in (*_carried(actor, carried, now), *counted_around(period, agency_id, now)):
        by_unit.setdefault(unit_id, Counter())[measure] += count
    whole_before = whole_of(added_up(before).values())
    for measure, _unit_id, count in counted_around(compared, agency_id, now):
        whole_before[measure] += count
    names = _names({*by_unit, agency_id} - {None})
    return PeriodReport(
        stretch,
        period,
        compared,
        agency_id,
        names.get(agency_id, ""),
        tuple(_units(by_unit, names, agency_id)),
        {str(kind): counts for kind, counts in added_up(tallies, "kind").items()},
        whole_before,
        _run(actor, stretch, agency_id, now),
        *days,
    )


def _tallies(actor: Person | None, filters: Filters, now: datetime) -> tuple[list[Tally], tuple[int, int]]:
    """Inquiries alike in all that is told apart, and the days of all stops and of all extensions."""
    inner = (
        sa.select(
            Inquiry.lead_agency_id.label("agency_id"),
            Inquiry.kind,
            timing(now).label("timing"),
            result().label("result"),
            sa.case((result() == Result.REFUSED.value, Inquiry.refusal_ground), else_=None).label("ground"),
            sa.case((sa.and_(Inquiry.finished_at.is_(None), is_paused(now)), 1), else_=0).label("paused"),
            sa.case((Inquiry.stopped_days > 0, 1), else_=0).label("stopped"),
            sa.case((Inquiry.extended_days > 0, 1), else_=0).label("extended"),
            Inquiry.stopped_days,
            Inquiry.extended_days,
        )
        .where(*conditions(filters, actor, now))
        .subquery()
    )
    alike = [inner.c[name] for name in ("agency_id", "kind", "timing", "result", "ground", "paused")]
    alike += [inner.c.stopped, inner.c.extended]
    sums = (sa.func.count(), sa.func.sum(inner.c.stopped_days), sa.func.sum(inner.c.extended_days))
    rows = db.session.execute(sa.select(*alike, *sums).group_by(*alike)).all()
    tallies = [
        Tally(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            forwarded=row[1] == Kind.FORWARDED_OPINION,
            paused=bool(row[5]),
            stopped=bool(row[6]),
            extended=bool(row[7]),
            cases=row[8],
        )
        for row in rows
    ]
    return tallies, (sum(row[9] for row in rows), sum(row[10] for row in rows))


def _carried(actor: Person | None, filters: Filters, now: datetime) -> Sequence[tuple[Measure, int | None, int]]:
    """By unit: what came before the period and was not finished when it began."""
    query = sa.select(Inquiry.lead_agency_id, sa.func.count()).where(*conditions(filters, actor, now))
    rows = db.session.execute(query.group_by(Inquiry.lead_agency_id)).all()
    return [(Measure.CARRIED, row[0], row[1]) for row in rows]


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
    """The stretches up to this one, each with what was received in it and became of it: one statement."""
    stretches = [last.step(back) for back in range(1 - RUNS[last.every], 1)]
    until = last.until(office_day(now)).until
    kind = Inquiry.received_at.type
    ends = [(sa.literal(office_instant(each.last + ONE_DAY), kind), place) for place, each in enumerate(stretches)]
    place = sa.case(*((Inquiry.received_at < end, at) for end, at in ends), else_=len(stretches) - 1).label("place")
    filters = Filters(agency_id=agency_id, since=stretches[0].first, until=until)
    inner = (
        sa.select(place, timing(now).label("timing"), result().label("result"))
        .where(*conditions(filters, actor, now))
        .subquery()
    )
    alike = (inner.c.place, inner.c.timing, inner.c.result)
    rows = db.session.execute(sa.select(*alike, sa.func.count()).group_by(*alike)).all()
    tallies = [Tally(row[0], "", row[1], row[2], None, False, False, False, False, row[3]) for row in rows]
    by_place = added_up(tallies)
    return tuple(Run(each, by_place.get(at, Counter())) for at, each in enumerate(stretches))


def cases_behind(period: Period, agency_id: int | None) -> Filters:
    """The filters of the list that has just the inquiries of a report."""
    return Filters(agency_id=agency_id, since=period.since, until=period.until)
