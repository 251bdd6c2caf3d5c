"""The pictures of monthly and quarterly figures, the same on the page and on paper."""

from flask_babel import format_decimal
from flask_babel import gettext as _

from pr_tracker.charts import Bar, Line, Look, Picture, Piece, bars, lines
from pr_tracker.reports import labels_figures as labels
from pr_tracker.reports.rules_figures import Every, Measure, PeriodReport, share

M = Measure
UNITS_DRAWN = 15


def by_unit(report: PeriodReport) -> Picture:
    """Unit by unit: on time, late and overdue, the rest; those with the most first."""
    units = [unit for unit in report.units if unit.counts[M.RECEIVED]]
    units.sort(key=lambda unit: -unit.counts[M.RECEIVED])
    rows = []
    for unit in units[:UNITS_DRAWN]:
        counts = unit.counts
        on_time, late = counts[M.ON_TIME], counts[M.LATE] + counts[M.OVERDUE]
        pieces = (Piece(on_time), Piece(late, Look.LATE), Piece(counts[M.RECEIVED] - on_time - late, Look.OPEN))
        rows.append(Bar(unit.name or _("not assigned"), pieces, f"{counts[M.RECEIVED]}"))
    return bars(rows, key="units", values=True)


def over_time(report: PeriodReport) -> Picture:
    """The rate on time, stretch by stretch."""
    names = [
        f"{one.stretch.number:02d}" if one.stretch.every is Every.MONTH else labels.short_stretch(one.stretch)
        for one in report.run
    ]
    return lines(
        [Line(tuple(share(one.counts) for one in report.run))],
        names,
        key="run",
        words=lambda v: f"{format_decimal(v, '0.#')}%",
    )
