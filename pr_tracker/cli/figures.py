"""flask report month, quarter and late: periodic figures and the weekly list of late units, by command."""

from typing import Any

import click
from flask import current_app

from pr_tracker.cli.frame import PDF, Asked, read_day, takes
from pr_tracker.cli.reports import report
from pr_tracker.cli.saying import Refused
from pr_tracker.db import db
from pr_tracker.papers.rules import PaperKind
from pr_tracker.reports import actions
from pr_tracker.reports.documents import late as late_paper
from pr_tracker.reports.documents.figures import period_sheets, title_of, write_period_report
from pr_tracker.reports.queries import register as queries
from pr_tracker.reports.queries.figures import period_report
from pr_tracker.reports.queries.late import late_list
from pr_tracker.reports.rules_figures import Every, Measure, read_stretch, stretch_of
from pr_tracker.reports.rules_late import read_habit, week_ending, week_of
from pr_tracker.text import nfc


@report.command("month")
@click.argument("month", required=False)
@takes("agency")
def month(asked: Asked, month: str | None) -> None:
    """Write the figures of MONTH (2026-11 or 11/2026; this one without) of the province or of one agency."""
    _write(asked, Every.MONTH, month, "11/2026", PaperKind.MONTH_REPORT)


@report.command("quarter")
@click.argument("quarter", required=False)
@takes("agency")
def quarter(asked: Asked, quarter: str | None) -> None:
    """Write the figures of QUARTER (2026-Q4 or IV/2026; this one without) of the province or of one agency."""
    _write(asked, Every.QUARTER, quarter, "IV/2026", PaperKind.QUARTER_REPORT)


@report.command("late")
@click.option("--week", metavar="DAY", help="A day of the week the list is of: 2026-11-19; this week without.")
@takes("agency")
def late(asked: Asked, week: str | None) -> None:
    """Write the weekly list of late units; the week ends as PR_TRACKER_LATE_LIST says."""
    habit, agency = read_habit(current_app.config["PR_TRACKER_LATE_LIST"]), asked.agency()
    chosen = week_of(asked.now, habit)
    if week and (day := read_day(week)) < chosen.day:
        chosen = week_ending(day, habit)
    found = late_list(None, chosen, agency.id if agency else None, asked.now)
    keeper, about = agency or queries.keeper_of_the_register(), late_paper.title_of(found)
    if asked.kind == PDF:
        key = f"late:{chosen.day}:{found.agency or 'all'}:{keeper.id}"
        facts: dict[str, Any] = {"keeper": keeper, "place": asked.place, "now": asked.now}
        asked.issue(
            PaperKind.LATE_UNITS,
            key,
            about,
            lambda out, check: late_paper.write_late_list(found, out, **facts, check=check),
            agency=keeper,
        )
    else:
        asked.write_sheets(late_paper.late_sheets(found))
    _note(asked, "late_units", str(chosen.day), found.agency)
    click.echo(f"{asked.output}: {len(found.units)} units, {found.total} late.")


def _write(asked: Asked, every: Every, typed: str | None, example: str, kind: PaperKind) -> None:
    stretch = read_stretch(nfc(typed), every) if typed else stretch_of(every, asked.today)
    if stretch is None or stretch.first > asked.today:
        raise Refused(f"“{typed}” is not a {every.value} that has begun. Example: {example}")
    agency = asked.agency()
    found = period_report(None, stretch, agency.id if agency else None, asked.now)
    keeper = agency or queries.keeper_of_the_register()
    if asked.kind == PDF:
        key = f"{every}:{stretch.key}:{found.agency_id or 'all'}:{keeper.id}"
        facts: dict[str, Any] = {"keeper": keeper, "place": asked.place, "now": asked.now}
        asked.issue(
            kind,
            key,
            f"Báo cáo: {title_of(found)}",
            lambda out, check: write_period_report(found, out, **facts, check=check),
            agency=keeper,
        )
    else:
        asked.write_sheets(period_sheets(found, asked.now))
    _note(asked, "figures", stretch.key, found.agency)
    click.echo(f"{asked.output}: {found.whole[Measure.RECEIVED]} inquiries.")


def _note(asked: Asked, paper: str, of: str, agency: str) -> None:
    actions.note_figures(paper, {"of": of, "agency": agency, "kind": asked.kind}, actor=None, now=asked.now)
    db.session.commit()
