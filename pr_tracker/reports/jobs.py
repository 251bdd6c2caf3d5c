"""Annual reports drawn for whoever asks: a page at once, the worker later, a command."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import start_writing
from pr_tracker.office_time import write_moment
from pr_tracker.papers import jobs as papers
from pr_tracker.papers.actions import Issued
from pr_tracker.papers.rules import PaperKind
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions_annual as actions
from pr_tracker.reports.documents.annual import annual_sheets, case_sheet, title_of, write_annual
from pr_tracker.reports.queries import annual
from pr_tracker.reports.queries import annual_reports as queries
from pr_tracker.reports.queries.annual_reports import Whole
from pr_tracker.reports.rules_annual import FigureKey, Outcome, Window
from pr_tracker.runs.rules import Kind, Running
from pr_tracker.sheets import write_csv, write_workbook

MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class Wanted:
    """Which report, as which kind of file; of one figure its list alone."""

    year: int
    agency_id: int
    kind: str  # pdf, xlsx, csv
    figure: str = ""
    outcome: str = ""


def place_of_office() -> str:
    """What begins the date line of a paper."""
    place: str = current_app.config["PR_TRACKER_PLACE"]
    return place


def issue_draft(whole: Whole, *, actor: Person | None) -> Issued:
    """The report as it stands, not fixed, as a paper of its own: the fixed one stays valid. For reading requests."""
    return papers.issue_on_reading(
        PaperKind.ANNUAL_REPORT,
        f"annual-draft:{whole.window.year}:{whole.agency.id}",
        f"{title_of(whole)} (bản chưa chốt, số liệu đến {write_moment(whole.now)})",
        lambda out, check: write_annual(whole, out, check, place=place_of_office()),
        agency=whole.agency,
        actor=actor,
        now=whole.now,
    )


def issue_version(whole: Whole, *, actor: Person | None) -> Issued:
    """The paper of a version about to be fixed: it supersedes that of the version before, its file stays for good."""
    return papers.issue(
        PaperKind.ANNUAL_REPORT,
        f"annual:{whole.window.year}:{whole.agency.id}",
        title_of(whole),
        lambda out, check: write_annual(whole, out, check, place=place_of_office()),
        agency=whole.agency,
        actor=actor,
        now=whole.now,
        kept=True,
    )


def draw(running: Running) -> None:
    """The report, or the list behind one figure, that was asked for."""
    wanted = Wanted(**running.asked)
    agency = queries.reporting_agency(running.actor, wanted.agency_id)
    window = Window(wanted.year)
    if wanted.figure:
        _draw_list(running, wanted, agency, window)
        return
    whole = queries.whole_at(agency, window, running.now)
    if wanted.kind == "pdf":
        running.out.write(issue_draft(whole, actor=running.actor).content)
    elif wanted.kind == "csv":
        write_csv(annual_sheets(whole)[0], running.out)
    else:
        write_workbook(annual_sheets(whole), running.out)
    if wanted.kind != "pdf":
        start_writing()
    actions.note_annual(whole, wanted.kind, actor=running.actor, now=running.now)
    running.name(f"bao-cao-nam-{window.year}.{wanted.kind}", MEDIA[wanted.kind])


def _draw_list(running: Running, wanted: Wanted, agency: Agency, window: Window) -> None:
    key, outcome = FigureKey(wanted.figure), Outcome(wanted.outcome) if wanted.outcome else None
    listed = annual.cases(key, agency, window, running.now, outcome=outcome)
    with force_locale("vi"):
        sheet = case_sheet(key, listed, f"{agency.name}, số liệu đến {write_moment(running.now)}")
    if wanted.kind == "csv":
        write_csv(sheet, running.out)
    else:
        write_workbook([sheet], running.out)
    start_writing()
    data: dict[str, Any] = {"year": window.year, "agency": agency.code, "kind": wanted.kind, "figure": key.value}
    actions.note_list(data, len(listed), actor=running.actor, now=running.now)
    running.name(f"bao-cao-nam-{window.year}-so-lieu-{key.number}.{wanted.kind}", MEDIA[wanted.kind])


def kinds(words: Any) -> dict[str, Kind]:
    """What of it may run in the background."""
    return {"annual_report": Kind(words, draw, Permission.REPORT_VIEW)}
