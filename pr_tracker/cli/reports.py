"""flask report: the register of a period and the case sheet of one inquiry, as PDF files. The system itself asks."""

import os
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.cli.saying import Group, Refused, refusing
from pr_tracker.db import db
from pr_tracker.inquiries.documents import write_case_sheet
from pr_tracker.inquiries.queries.lists import Filters
from pr_tracker.inquiries.rules_number import read_number
from pr_tracker.reports import actions
from pr_tracker.reports.documents.register import write_register
from pr_tracker.reports.documents.training import write_class_report, write_year_report
from pr_tracker.reports.documents.training_sheets import write_class_workbook, write_year_workbook
from pr_tracker.reports.queries import register as queries
from pr_tracker.reports.queries.classes import class_report
from pr_tracker.reports.queries.years import year_report
from pr_tracker.reports.rules import Period
from pr_tracker.text import nfc
from pr_tracker.trainings.queries.plan import get_class

report = Group("report", help="Papers for the file: register, case sheet, reports on training.")
FILE = click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the PDF.")


@report.command("register")
@click.option("--from", "since", required=True, metavar="DAY", help="First day of receipt: 2026-01-01.")
@click.option("--to", "until", required=True, metavar="DAY", help="Last day of receipt, included.")
@click.option("--agency", "code", metavar="CODE", help="Only what this agency leads; it then keeps the register.")
@FILE
@refusing
def register(since: str, until: str, code: str | None, output: str) -> None:
    """Write the register of a period (sổ theo dõi)."""
    period = Period(_day(since), _day(until))
    agency = accounts.find_agency_by_code(nfc(code)) if code else queries.keeper_of_the_register()
    if agency is None:
        raise Refused(f"There is no agency with the code {code}.")
    filters = Filters(agency_id=agency.id if code else None, since=period.since, until=period.until)
    now = clock.now()
    rows, blamed = queries.register_rows(None, filters, now), queries.blame(None, filters, now)
    place = current_app.config["PR_TRACKER_PLACE"]
    _write_whole(output, lambda out: write_register(rows, blamed, filters, out, keeper=agency, place=place, now=now))
    asked = {"since": str(period.since), "until": str(period.until), "agency": code or ""}
    actions.note_register(asked, len(rows), actor=None, now=now)
    db.session.commit()
    click.echo(f"{output}: {len(rows)} inquiries.")


@report.command("case")
@click.argument("number")
@FILE
@refusing
def case(number: str, output: str) -> None:
    """Write the case sheet (phiếu xử lý) of inquiry NUMBER: ĐN-2026-0001, DN-2026-1, 0001/2026 or ĐN-0001."""
    typed = read_number(nfc(number))
    if typed is None:
        raise Refused(f"“{number}” is not the number of an inquiry. Example: ĐN-2026-0001")
    inquiry, now = queries.get_numbered(typed), clock.now()
    place = current_app.config["PR_TRACKER_PLACE"]
    _write_whole(output, lambda out: write_case_sheet(inquiry, out, actor=None, place=place, now=now))
    actions.note_case_sheet(inquiry, actor=None, now=now)
    db.session.commit()
    click.echo(f"{output}: {inquiry.code}.")


@report.command("training-class")
@click.argument("class_id", type=int)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write it: .pdf or .xlsx.")
@refusing
def training_class(class_id: int, output: str) -> None:
    """Write the report of the class CLASS_ID (the number in the address of its page)."""
    now, kind = clock.now(), _kind(output)
    one = get_class(class_id)
    found, place = class_report(one, now), current_app.config["PR_TRACKER_PLACE"]
    if kind == "pdf":
        _write_whole(output, lambda out: write_class_report(found, out, place=place, now=now))
    else:
        _write_whole(output, lambda out: write_class_workbook(found, out, now=now))
    actions.note_training("class", one, actor=None, now=now, kind=kind)
    db.session.commit()
    click.echo(f"{output}: {len(found.people)} people.")


@report.command("training-year")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write it: .pdf or .xlsx.")
@refusing
def training_year(year: int, output: str) -> None:
    """Write the report on the training of YEAR."""
    now, kind = clock.now(), _kind(output)
    found, place = year_report(year, now), current_app.config["PR_TRACKER_PLACE"]
    if kind == "pdf":
        keeper = queries.keeper_of_the_register()
        _write_whole(output, lambda out: write_year_report(found, out, keeper=keeper, place=place, now=now))
    else:
        _write_whole(output, lambda out: write_year_workbook(found, out, now=now))
    actions.note_training("year", None, actor=None, now=now, kind=kind, year=year)
    db.session.commit()
    click.echo(f"{output}: {len(found.classes)} classes.")


def _kind(output: str) -> str:
    kind = Path(output).suffix.lower().removeprefix(".")
    if kind not in ("pdf", "xlsx"):
        raise Refused("The file's name must end in .pdf or .xlsx.")
    return kind


def _day(typed: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            return day
    raise Refused(f"“{typed}” is not a day. Example: 2026-01-31")


def _write_whole(output: str, write: Callable[[BinaryIO], None]) -> None:
    """Draw, then put the file in place at once: whoever reads it finds the old one or the whole new one."""
    drawn = BytesIO()
    path = Path(output).resolve()
    if path.exists() and not path.is_file():
        raise Refused(f"{output} is not a file that can be written.")
    write(drawn)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(drawn.getvalue())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"{output} cannot be written: {error.strerror}.") from None
