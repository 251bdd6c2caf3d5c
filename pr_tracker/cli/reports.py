"""flask report: papers by command, each as PDF and mostly as Excel and CSV too. The system itself asks."""

from dataclasses import asdict
from functools import partial
from typing import Any

import click
from flask import current_app
from flask_babel import force_locale

from pr_tracker.accounts.models import Agency
from pr_tracker.cli.frame import PDF, XLSX, YEARS, Asked, takes
from pr_tracker.cli.saying import Group, Refused
from pr_tracker.db import db
from pr_tracker.inquiries.documents import sheet_title, write_case_sheet
from pr_tracker.inquiries.queries import refusals as refused
from pr_tracker.inquiries.queries.articles import letters_about_wrong_words
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.refusals import Wanted
from pr_tracker.inquiries.rules_number import read_number
from pr_tracker.papers.rules import PaperKind, key_of
from pr_tracker.reports import actions
from pr_tracker.reports import jobs as report_jobs
from pr_tracker.reports.actions_annual import note_annual
from pr_tracker.reports.documents import lists
from pr_tracker.reports.documents.annual import annual_sheets
from pr_tracker.reports.documents.register import register_sheet, register_title, write_register
from pr_tracker.reports.documents.training import class_abstract, write_class_report, write_year_report, year_abstract
from pr_tracker.reports.documents.training_sheets import write_class_workbook, year_sheets
from pr_tracker.reports.queries import annual_reports
from pr_tracker.reports.queries import register as queries
from pr_tracker.reports.queries.classes import class_report
from pr_tracker.reports.queries.years import year_report
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_annual import Window, year_to_report
from pr_tracker.spokespersons import queries as speaking
from pr_tracker.spokespersons.documents import LIST_TITLE, list_sheet
from pr_tracker.spokespersons.documents import write_list as write_spokespersons
from pr_tracker.spokespersons.queries_rights import shown_publicly_at
from pr_tracker.text import nfc
from pr_tracker.trainings.queries.plan import get_class

report = Group("report", help="Papers and tables: registers, case sheets, lists, reports.")


@report.command("register")
@takes("period", "year", "agency")
def register(asked: Asked) -> None:
    """Write the register of a period (sổ theo dõi), by the day of receipt."""
    period, agency = asked.period(), asked.agency()
    keeper = agency or queries.keeper_of_the_register()
    filters = Filters(agency_id=agency.id if agency else None, since=period.since, until=period.until)
    rows, blamed = queries.register_rows(None, filters, asked.now), queries.blame(None, filters, asked.now)
    wanted = {"since": str(period.since), "until": str(period.until), "agency": asked.code or ""}
    if asked.kind == PDF:
        where: dict[str, Any] = {"keeper": keeper, "place": asked.place, "now": asked.now}
        narrowed = {name: str(value) for name, value in asdict(filters).items() if value}
        key = key_of(PaperKind.REGISTER, agency=keeper.id, **narrowed)
        asked.issue(
            PaperKind.REGISTER,
            key,
            register_title(filters),
            lambda out, check: write_register(rows, blamed, filters, out, check=check, **where),
            agency=keeper,
        )
    else:
        asked.write_sheets([register_sheet(rows, blamed, filters, asked.now)])
    actions.note_register(wanted, len(rows), actor=None, now=asked.now)
    db.session.commit()
    click.echo(f"{asked.output}: {len(rows)} inquiries.")


@report.command("case")
@click.argument("number")
@takes(kinds=[PDF])
def case(asked: Asked, number: str) -> None:
    """Write the case sheet (phiếu xử lý) of inquiry NUMBER: ĐN-2026-0001, DN-2026-1, 0001/2026 or ĐN-0001."""
    typed = read_number(nfc(number))
    if typed is None:
        raise Refused(f"“{number}” is not the number of an inquiry. Example: ĐN-2026-0001")
    inquiry = queries.get_numbered(typed)
    how: dict[str, Any] = {"actor": None, "place": asked.place, "now": asked.now}
    asked.issue(
        PaperKind.CASE_SHEET,
        f"case_sheet:{inquiry.id}:system",
        sheet_title(inquiry),
        lambda out, check: write_case_sheet(inquiry, out, check=check, **how),
        agency=inquiry.lead_agency or inquiry.intake_agency,
    )
    actions.note_case_sheet(inquiry, actor=None, now=asked.now)
    db.session.commit()
    click.echo(f"{asked.output}: {inquiry.code}.")


@report.command("annual")
@takes("year", "agency")
def annual(asked: Asked) -> None:
    """Write the annual report (Decree 244/2026/NĐ-CP, Article 10) of the province, or of one agency, as it stands."""
    agency = asked.agency() or annual_reports.reporting_agency(None, None)
    whole = annual_reports.whole_at(agency, Window(asked.year or year_to_report(asked.today)), asked.now)
    if asked.kind == PDF:
        issued = report_jobs.issue_draft(whole, actor=None)
        asked.write(lambda out: out.write(issued.content))
    else:
        asked.write_sheets(annual_sheets(whole))
    note_annual(whole, asked.kind, actor=None, now=asked.now)
    db.session.commit()
    click.echo(f"{asked.output}: {', '.join(figure.written for figure in whole.figures)}.")


@report.command("spokespersons")
@takes()
def spokespersons(asked: Asked) -> None:
    """Write the province's list of spokespersons as it is public now."""
    keeper, shown = speaking.province(), shown_publicly_at(asked.now)
    entries, changed_at = speaking.register_at(asked.now, "", shown), speaking.last_change(asked.now)
    where: dict[str, Any] = {"place": asked.place, "province": current_app.config["PR_TRACKER_PROVINCE"]}
    if asked.kind == PDF:
        asked.issue(
            PaperKind.SPOKESPERSONS,
            "spokespersons",
            LIST_TITLE,
            lambda out, check: write_spokespersons(
                entries, changed_at, out, keeper=keeper, now=asked.now, check=check, **where
            ),
            agency=keeper,
        )
    else:
        with force_locale("vi"):
            asked.write_sheets([list_sheet(entries, changed_at)])
    db.session.commit()
    click.echo(f"{asked.output}: {len(entries)} agencies.")


@report.command("refusals")
@takes("period", "year", "agency")
def refusals(asked: Asked) -> None:
    """Write the refusals of which the press was told in a period."""
    period, agency = asked.period(), asked.agency()
    wanted = Wanted(period.since, period.until, agency.id if agency else None)
    rows = db.session.execute(refused.table(wanted, None)).all()
    _write_list(asked, PaperKind.REFUSALS, lists.refusals(rows, period, wanted), period, agency)


@report.command("corrections")
@takes("period", "year", "agency")
def corrections(asked: Asked) -> None:
    """Write the letters of feedback, and requests to correct and apologise, sent in a period."""
    period, agency = asked.period(), asked.agency()
    agency_id = agency.id if agency else None
    query = letters_about_wrong_words(None, period.since, period.until, agency_id)
    rows = db.session.execute(query).all()
    _write_list(asked, PaperKind.CORRECTIONS, lists.corrections(rows, period, asked.now, agency_id), period, agency)


def _write_list(asked: Asked, kind: PaperKind, listed: lists.Listed, period: Period, agency: Agency | None) -> None:
    keeper = agency or queries.keeper_of_the_register()
    wanted: dict[str, Any] = {"since": str(period.since), "until": str(period.until), "agency": asked.code or ""}
    if asked.kind == PDF:
        where: dict[str, Any] = {"keeper": keeper, "place": asked.place, "now": asked.now}
        key = key_of(kind, command=True, keeper=keeper.id, **wanted)
        draw = partial(lists.write_list, listed, **where)
        asked.issue(kind, key, listed.title, draw, agency=keeper)
    else:
        asked.write_sheets([lists.sheet_of(listed, asked.now)])
    actions.note_list(kind.value, wanted, len(listed.rows), actor=None, now=asked.now)
    db.session.commit()
    click.echo(f"{asked.output}: {len(listed.rows)} rows.")


@report.command("training-class")
@click.argument("class_id", type=int)
@takes(kinds=[PDF, XLSX])
def training_class(asked: Asked, class_id: int) -> None:
    """Write the report of the class CLASS_ID (the number in the address of its page)."""
    one = get_class(class_id)
    found = class_report(one, asked.now)
    if asked.kind == PDF:
        asked.issue(
            PaperKind.CLASS_REPORT,
            f"class_report:{one.id}",
            f"Báo cáo: {class_abstract(one)}",
            lambda out, check: write_class_report(found, out, place=asked.place, now=asked.now, check=check),
            agency=one.course.agency,
        )
    else:
        asked.write(lambda out: write_class_workbook(found, out, now=asked.now))
    actions.note_training("class", one, actor=None, now=asked.now, kind=asked.kind)
    db.session.commit()
    click.echo(f"{asked.output}: {len(found.people)} people.")


@report.command("training")
@takes("year")
def training(asked: Asked) -> None:
    """Write the report on the training of a year."""
    _write_training(asked, asked.year or asked.today.year)


@report.command("training-year")
@click.argument("year", type=YEARS)
@takes(kinds=[PDF, XLSX])
def training_year(asked: Asked, year: int) -> None:
    """The same as training --year YEAR."""
    _write_training(asked, year)


def _write_training(asked: Asked, year: int) -> None:
    found = year_report(year, asked.now)
    if asked.kind == PDF:
        keeper = queries.keeper_of_the_register()
        how: dict[str, Any] = {"keeper": keeper, "place": asked.place, "now": asked.now}
        asked.issue(
            PaperKind.TRAINING_YEAR,
            f"training_year:{year}:{keeper.id}",
            f"Báo cáo: {year_abstract(year)}",
            lambda out, check: write_year_report(found, out, check=check, **how),
            agency=keeper,
        )
    else:
        asked.write_sheets(year_sheets(found, asked.now))
    actions.note_training("year", None, actor=None, now=asked.now, kind=asked.kind, year=year)
    db.session.commit()
    click.echo(f"{asked.output}: {len(found.classes)} classes.")
