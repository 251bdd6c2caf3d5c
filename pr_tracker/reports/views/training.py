"""Pages of the reports of a class and of a year, as page, official PDF and Excel."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.charts import Bar, Look, Picture, Piece, bars
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.office_time import in_office
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind
from pr_tracker.papers.views.listing import send_issued
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions
from pr_tracker.reports import labels_training as labels
from pr_tracker.reports.documents.training import (
    MARKS,
    class_abstract,
    write_class_report,
    write_year_report,
    year_abstract,
)
from pr_tracker.reports.documents.training_sheets import write_class_workbook, write_year_workbook
from pr_tracker.reports.queries.classes import ClassReport, class_report
from pr_tracker.reports.queries.coverage import trained
from pr_tracker.reports.queries.years import YearReport, year_report, years_of_training
from pr_tracker.reports.rules_training import together
from pr_tracker.reports.views.coverage import download
from pr_tracker.trainings.labels import MARKS as MARK_WORDS
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import id_of

blueprint = Blueprint("training_reports", __name__)
P = Permission

YEARS = range(2000, 2101)


@blueprint.get("/trainings/classes/<id:class_id>/report")
@requires(P.TRAINING_VIEW)
def of_class(class_id: int) -> str:
    """What happened in a class: by session, by agency, results, feedback, before and after."""
    one = get_class(class_id, with_course=True)
    report = class_report(one, clock.now())
    return render_template(
        "reports/training_class.html",
        report=report,
        training_class=one,
        course=one.course,
        mark_words=MARK_WORDS,
        words=labels,
        whole=together(report.effects),
        picture=_attendance(report),
    )


@blueprint.get("/trainings/classes/<id:class_id>/report.pdf")
@requires(P.TRAINING_VIEW)
def class_pdf(class_id: int) -> Response:
    """The report of a class as official paper; it is noted who took it out."""
    one, now = get_class(class_id), clock.now()
    report = class_report(one, now)
    issued = issue_on_reading(
        PaperKind.CLASS_REPORT,
        f"class_report:{one.id}",
        f"Báo cáo: {class_abstract(one)}",
        lambda out, check: write_class_report(report, out, place=_place(), now=now, check=check),
        agency=one.course.agency,
        actor=current_user,
        now=now,
    )
    _note("class", one, "pdf")
    return send_issued(issued, f"bao-cao-lop-{class_id}.pdf")


@blueprint.get("/trainings/classes/<id:class_id>/report.xlsx")
@requires(P.TRAINING_VIEW)
def class_workbook(class_id: int) -> Response:
    """The report of a class as Excel workbook; it is noted who took it out."""
    one, now, out = get_class(class_id), clock.now(), BytesIO()
    write_class_workbook(class_report(one, now), out, now=now)
    return _taken("class", one, out, f"bao-cao-lop-{one.id}.xlsx")


@blueprint.get("/trainings/year")
@requires(P.TRAINING_VIEW, P.REPORT_VIEW)
def of_year() -> str:
    """The training of a year, this one unless `year` says another."""
    now = clock.now()
    year = _year_asked(now)
    report = year_report(year, now)
    covers = report.coverage.counted()
    return render_template(
        "reports/training_year.html",
        report=report,
        years=sorted({*years_of_training(), in_office(now).year, year}, reverse=True),
        words=labels,
        covers=covers,
        trained=trained(covers),
        picture=_turnout(report),
    )


@blueprint.get("/trainings/year/<int:year>.pdf")
@requires(P.TRAINING_VIEW, P.REPORT_VIEW)
def year_pdf(year: int) -> Response:
    """The report of a year as official paper; it is noted who took it out."""
    now, keeper = clock.now(), current_user.agency
    report = year_report(_known(year), now)
    issued = issue_on_reading(
        PaperKind.TRAINING_YEAR,
        f"training_year:{year}:{keeper.id}",
        f"Báo cáo: {year_abstract(year)}",
        lambda out, check: write_year_report(report, out, keeper=keeper, place=_place(), now=now, check=check),
        agency=keeper,
        actor=current_user,
        now=now,
    )
    _note("year", None, "pdf", year=year)
    return send_issued(issued, f"bao-cao-tap-huan-{year}.pdf")


@blueprint.get("/trainings/year/<int:year>.xlsx")
@requires(P.TRAINING_VIEW, P.REPORT_VIEW)
def year_workbook(year: int) -> Response:
    """The report of a year as Excel workbook; it is noted who took it out."""
    now, out = clock.now(), BytesIO()
    write_year_workbook(year_report(_known(year), now), out, now=now)
    return _taken("year", None, out, f"bao-cao-tap-huan-{year}.xlsx", year=year)


def _year_asked(now: Any) -> int:
    asked = id_of("year")
    return asked if asked in YEARS else in_office(now).year  # type: ignore[return-value]


def _known(year: int) -> int:
    if year not in YEARS:
        raise NotFound(N_("There is no such year."))
    return year


def _taken(paper: str, one: TrainingClass | None, out: BytesIO, name: str, **asked: Any) -> Response:
    start_writing()  # only now: drawing takes seconds, and meanwhile others write
    _note(paper, one, name.rpartition(".")[2], **asked)
    return download(out, name)


def _note(paper: str, one: TrainingClass | None, kind: str, **asked: Any) -> None:
    actions.note_training(paper, one, actor=current_user, now=clock.now(), kind=kind, **asked)
    db.session.commit()


def _place() -> str:
    place: str = current_app.config["PR_TRACKER_PLACE"]
    return place


def _attendance(report: ClassReport) -> Picture:
    """Session by session: who came, who was excused, who was absent, who is not marked."""
    rows = []
    for one in report.held:
        away = {mark: one.marks.get(mark, 0) for mark in MARKS}
        excused, absent, unmarked = (away[mark] for mark in list(MARKS)[3:])
        pieces = (Piece(one.attended), Piece(excused, Look.SOON), Piece(absent, Look.LATE), Piece(unmarked, Look.OPEN))
        rows.append(Bar(f"{one.number}. {one.topic}", pieces, f"{one.attended}/{one.listed}"))
    return bars(rows, key="sessions")


def _turnout(report: YearReport) -> Picture:
    """Class by class: who came, of those on the roster."""
    rows = [
        Bar(
            f"{one.name}, {one.course}",
            (Piece(one.came), Piece(max(one.listed - one.came, 0), Look.OPEN)),
            f"{one.came}/{one.listed}",
        )
        for one in report.classes
    ]
    return bars(rows, key="classes")
