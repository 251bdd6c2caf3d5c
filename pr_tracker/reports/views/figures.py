"""Pages of monthly and quarterly figures: every number opens its cases; then the same as paper, Excel and CSV."""

from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import escape

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.inquiries.labels import KIND
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import office_day
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions
from pr_tracker.reports import labels_figures as labels
from pr_tracker.reports.documents.figures import (
    COMPARED,
    title_of,
    write_period_csv,
    write_period_report,
    write_period_workbook,
)
from pr_tracker.reports.documents.pictures import by_unit, over_time
from pr_tracker.reports.queries.around import MOST_SHOWN, rows_around
from pr_tracker.reports.queries.figures import period_report
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_figures import (
    AROUND,
    Every,
    Measure,
    PeriodReport,
    Stretch,
    Unit,
    read_stretch,
    stretch_of,
)
from pr_tracker.reports.views.behind import NOBODY, Behind, Cell, places
from pr_tracker.reports.views.coverage import download
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import day_of, id_of, member_of, text_of

blueprint = Blueprint("figures", __name__)
M = Measure
KINDS = {Every.MONTH: PaperKind.MONTH_REPORT, Every.QUARTER: PaperKind.QUARTER_REPORT}


@blueprint.get("/reports/figures")
@requires(Permission.REPORT_VIEW)
def show() -> str:
    """The figures of a month or quarter, this one unless asked otherwise, of the province or of one agency."""
    report, now, behind = asked_report(), clock.now(), places()
    return render_template(
        "reports/figures.html",
        report=report,
        whole=report.whole,
        now=now,
        labels=labels,
        M=M,
        behind=behind,
        tiles=_tiles(report, behind),
        tables=_tables(report, behind),
        by_unit=by_unit(report),
        over_time=over_time(report),
        stretches=_neighbours(report.stretch, now),
        agencies=accounts.agencies_for_choice() if current_user.sees_all else [],
        address=_address(report),
        title=labels.finding(report.whole),
    )


@blueprint.get("/reports/figures.pdf")
@requires(Permission.REPORT_VIEW)
def paper() -> Response:
    """The same figures as official paper; it is noted who took it out."""
    report, now, keeper = asked_report(), clock.now(), current_user.agency
    place = current_app.config["PR_TRACKER_PLACE"]
    issued = issue_on_reading(
        KINDS[report.stretch.every],
        f"{report.stretch.every}:{report.stretch.key}:{report.agency_id or 'all'}:{keeper.id}",
        f"Báo cáo: {title_of(report)}",
        lambda out, check: write_period_report(report, out, keeper=keeper, place=place, now=now, check=check),
        agency=keeper,
        actor=current_user,
        now=now,
    )
    return _taken(report, BytesIO(issued.content), "pdf", now)


@blueprint.get("/reports/figures.xlsx")
@requires(Permission.REPORT_VIEW)
def workbook() -> Response:
    """The same figures as Excel workbook, a sheet for each table; it is noted who took it out."""
    report, now, out = asked_report(), clock.now(), BytesIO()
    write_period_workbook(report, out, now)
    return _taken(report, out, "xlsx", now)


@blueprint.get("/reports/figures.csv")
@requires(Permission.REPORT_VIEW)
def table() -> Response:
    """The table of units as CSV; it is noted who took it out."""
    report, now, out = asked_report(), clock.now(), BytesIO()
    write_period_csv(report, out, now)
    return _taken(report, out, "csv", now)


def _taken(report: PeriodReport, out: BytesIO, kind: str, now: datetime) -> Response:
    if kind != "pdf":
        start_writing()  # only now: drawing takes time, and meanwhile others write
    asked = {"of": report.stretch.key, "agency": report.agency, "kind": kind}
    actions.note_figures("figures", asked, actor=current_user, now=now)
    db.session.commit()
    return download(out, f"bao-cao-{report.stretch.key.lower()}.{kind}")


@blueprint.get("/reports/behind")
@requires(Permission.REPORT_VIEW)
def rows() -> str:
    """The letters, press conferences, releases, classes or people that a figure counts. 404 for no figure or period."""
    measure, since, until = member_of("what", Measure), day_of("from"), day_of("to")
    if measure not in AROUND or since is None or until is None or until < since:
        raise NotFound(N_("There is no such figure."))
    period, of_nobody = Period(since, until), text_of("agency") == NOBODY
    agency_id = scope_of(current_user, None if of_nobody else id_of("agency"))
    found = rows_around(measure, period, agency_id, clock.now(), of_nobody=of_nobody)
    return render_template(
        "reports/behind.html",
        measure=measure,
        words=labels,
        period=period,
        agency=accounts.get_agency(agency_id).name if agency_id is not None else "",
        rows=[(row, _place_of(measure, row.ref)) for row in found[:MOST_SHOWN]],
        more=len(found) > MOST_SHOWN,
    )


def _place_of(measure: Measure, ref: int) -> str | None:
    """The page of a row, as far as the reader may open it."""
    endpoint, name, permission = {
        M.CORRECTIONS: ("inquiries.case", "inquiry_id", Permission.INQUIRY_VIEW),
        M.CONFERENCES: ("conferences.show", "conference_id", Permission.DUTY_VIEW),
        M.RELEASES: ("statements.show", "statement_id", Permission.STATEMENT_VIEW),
    }.get(measure, ("training_reports.of_class", "class_id", Permission.TRAINING_VIEW))
    place: dict[str, Any] = {name: ref}
    return url_for(endpoint, **place) if current_user.may(permission) else None


def scope_of(actor: Person, asked: int | None) -> int | None:
    """The agency a report is of: whoever does not see the whole province reads that of their own."""
    return asked if actor.sees_all else actor.agency_id


def asked_report() -> PeriodReport:
    """The report the address asks for; what makes no sense is left out. Raises NotFound for an unknown agency."""
    now = clock.now()
    every = member_of("every", Every) or Every.MONTH
    today = office_day(now)
    stretch = read_stretch(text_of("of"), every) or stretch_of(every, today)
    if stretch.first > today:
        stretch = stretch_of(every, today)
    agency_id = scope_of(current_user, id_of("agency"))
    if agency_id is not None:
        accounts.get_agency(agency_id)
    return period_report(current_user, stretch, agency_id, now)


def _address(report: PeriodReport) -> dict[str, Any]:
    """The report as addresses have it."""
    agency = report.agency_id if current_user.sees_all else None
    return {"every": report.stretch.every.value, "of": report.stretch.key, "agency": agency}


def _tables(report: PeriodReport, behind: Behind) -> dict[str, list[Any]]:
    """The lines of each table: the name, the cells and, where there is one, the rate."""
    scope, period, whole = report.agency_id, report.period, report.whole
    times: list[tuple[Measure, str]] = [(each, escape(labels.MEASURE[each])) for each in labels.TIMES]
    results: list[tuple[Measure, str]] = [(each, escape(labels.MEASURE[each])) for each in labels.result_columns(whole)]
    now, before = escape(_("This period")), escape(_("The period before"))

    def of_unit(unit: Unit, words: list[tuple[Measure, str]]) -> list[Cell]:
        return behind.cells(unit.counts, words, period, unit.agency_id or NOBODY)

    return {
        "run": [
            (one.stretch, behind.cells(one.counts, times[1:], days, scope), labels.share_words(one.counts))
            for one, days in zip(report.run, report.days_of_run, strict=True)
        ],
        "compared": [
            (
                labels.MEASURE[each],
                [
                    Cell(now, whole[each], behind.url(each, period, scope)),
                    Cell(before, report.before[each], behind.url(each, report.compared, scope)),
                ],
                labels.change_words(whole[each], report.before[each]),
            )
            for each in COMPARED
        ],
        "units": [(unit.name, of_unit(unit, times), labels.share_words(unit.counts)) for unit in report.units_asked],
        "results": [(unit.name, of_unit(unit, results)) for unit in report.units],
        "whole": [behind.cells(whole, words, period, scope) for words in (times, results)],
        "kinds": [
            (KIND[kind], behind.cells(counts, times[1:], period, scope, kind.value), labels.share_words(counts))
            for kind in Kind
            if (counts := report.kinds.get(kind.value))
        ],
    }


def _neighbours(stretch: Stretch, now: Any) -> list[tuple[str, str, bool]]:
    """The stretches around this one, none to come: words, key, whether it is this."""
    last = stretch_of(stretch.every, office_day(now))
    around = [stretch.step(at) for at in range(-4, 3)]
    return [(labels.short_stretch(each), each.key, each == stretch) for each in around if each.first <= last.first]


def _tiles(report: PeriodReport, behind: Behind) -> list[dict[str, Any]]:
    whole = report.whole

    def tile(measure: Measure, glyph: str, note: str = "", tone: str | None = None) -> dict[str, Any]:
        return {
            "label": labels.MEASURE[measure],
            "glyph": glyph,
            "value": whole[measure],
            "note": note,
            "tone": tone if whole[measure] else None,
            "url": behind.url(measure, report.period, report.agency_id),
        }

    count = report.before[M.RECEIVED]
    before = _("%(count)s in the period before", count=count)
    if report.is_running:
        before = _("%(count)s in as many first days of the period before", count=count)
    return [
        tile(M.RECEIVED, "document", before),
        tile(M.ON_TIME, "check", labels.rate_words(whole)),
        tile(M.LATE, "triangle"),
        tile(M.OVERDUE, "warning", tone="red"),
        tile(M.RUNNING, "clock"),
    ]
