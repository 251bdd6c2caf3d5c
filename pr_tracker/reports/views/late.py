"""Pages of the weekly list of late units: as page, official paper, Excel and CSV."""

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from flask import Blueprint, Response, current_app, render_template
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.db import db, start_writing
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions
from pr_tracker.reports import labels_late as labels
from pr_tracker.reports.documents.late import late_sheets, title_of, write_late_list
from pr_tracker.reports.queries.late import late_list
from pr_tracker.reports.rules_late import LateKind, LateList, Week, read_habit, week_ending, week_of
from pr_tracker.reports.views.coverage import download
from pr_tracker.reports.views.figures import scope_of
from pr_tracker.sheets import write_csv, write_workbook
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import day_of, id_of

blueprint = Blueprint("late_units", __name__)
WEEKS_BACK = 6
MOST_SHOWN = 300  # of one unit; the paper and the tables have them all


@blueprint.get("/reports/late")
@requires(Permission.REPORT_VIEW)
def show() -> str:
    """The units that are late in a week, this one unless `on` names a day of another."""
    found = _asked()
    return render_template(
        "reports/late.html",
        found=found,
        kinds=LateKind,
        labels=labels,
        title=labels.finding(found),
        weeks=_weeks(found.week),
        most=MOST_SHOWN,
        agencies=accounts.agencies_for_choice() if current_user.sees_all else [],
        agency=id_of("agency") if current_user.sees_all else None,
    )


@blueprint.get("/reports/late.pdf")
@requires(Permission.REPORT_VIEW)
def paper() -> Response:
    """The same list as official paper; it is noted who took it out."""
    found, now, keeper = _asked(), clock.now(), current_user.agency
    place = current_app.config["PR_TRACKER_PLACE"]
    issued = issue_on_reading(
        PaperKind.LATE_UNITS,
        f"late:{found.week.day}:{found.agency or 'all'}:{keeper.id}",
        title_of(found),
        lambda out, check: write_late_list(found, out, keeper=keeper, place=place, now=now, check=check),
        agency=keeper,
        actor=current_user,
        now=now,
    )
    return _noted(found, BytesIO(issued.content), "pdf")


@blueprint.get("/reports/late.xlsx")
@requires(Permission.REPORT_VIEW)
def workbook() -> Response:
    """The same list as Excel workbook; it is noted who took it out."""
    return _taken(lambda found, out: write_workbook(late_sheets(found), out), "xlsx")


@blueprint.get("/reports/late.csv")
@requires(Permission.REPORT_VIEW)
def table() -> Response:
    """Everything that is late on a line, as CSV; it is noted who took it out."""
    return _taken(lambda found, out: write_csv(late_sheets(found)[0], out), "csv")


def _asked() -> LateList:
    now, habit = clock.now(), read_habit(current_app.config["PR_TRACKER_LATE_LIST"])
    current, day = week_of(now, habit), day_of("on")
    week = week_ending(day, habit) if day is not None and day < current.day else current
    agency_id = scope_of(current_user, id_of("agency"))
    if agency_id is not None:
        accounts.get_agency(agency_id)
    return late_list(current_user, week, agency_id, now)


def _weeks(chosen: Week) -> list[tuple[Week, bool]]:
    """The running week and those before it, and the chosen one where it is older still."""
    habit = read_habit(current_app.config["PR_TRACKER_LATE_LIST"])
    current = week_of(clock.now(), habit)
    weeks = [current.step(-back, habit) for back in range(WEEKS_BACK, -1, -1)]
    return [(week, week == chosen) for week in ([] if chosen in weeks else [chosen]) + weeks]


def _taken(write: Callable[[LateList, BinaryIO], None], kind: str) -> Response:
    found, out = _asked(), BytesIO()
    write(found, out)
    start_writing()  # only now: drawing takes time, and meanwhile others write
    return _noted(found, out, kind)


def _noted(found: LateList, out: BytesIO, kind: str) -> Response:
    asked = {"week": str(found.week.day), "agency": found.agency, "kind": kind}
    actions.note_figures("late_units", asked, actor=current_user, now=clock.now())
    db.session.commit()
    return download(out, f"don-vi-cham-{found.week.day:%Y%m%d}.{kind}")
