"""All letters to the press: overdue at press agencies, running there, waiting for us, ended; a table as CSV."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO
from typing import Any

import sqlalchemy as sa
from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.audit.actions import record
from pr_tracker.db import db, start_writing
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.inquiries import labels_articles as labels
from pr_tracker.inquiries.queries import articles as queries
from pr_tracker.inquiries.rules_articles import LetterState, state_of
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.afterwards import letter_shown
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires

SHOWN_CLOCKS, SHOWN_WAITING, SHOWN_ENDED = 200, 100, 30
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/inquiries/letters")
@requires(Permission.INQUIRY_VIEW)
def press_letters() -> str:
    """Letters of all cases the reader may see: overdue first, then running, waiting for us, ended."""
    now, person, calendar = clock.now(), reader(), working_calendar()

    def shown(rows: Any) -> list[tuple[Any, str]]:
        return [(letter_shown(row, now, calendar), write_number(row.year, row.inquiry_number)) for row in rows]

    clocks = shown(queries.press_clocks(person, limit=SHOWN_CLOCKS))
    overdue = [each for each in clocks if each[0].state is LetterState.OVERDUE]
    today = office_day(now)
    since = report_year_from(today)
    return render_template(
        "inquiries/letters.html",
        title=_finding(len(overdue), len(clocks)),
        overdue=overdue,
        running=[each for each in clocks if each[0].state is not LetterState.OVERDUE],
        waiting=shown(queries.letters_waiting(person, SHOWN_WAITING)),
        ended=shown(queries.letters_ended(person, SHOWN_ENDED)),
        since=since,
        cases=queries.cases_with_letters(person, since, today),
        labels=labels,
    )


def report_year_from(today: date) -> date:
    """The first day of the report year: 15 December of the year before (Decree 244/2026/NĐ-CP, annex)."""
    first = date(today.year, 12, 15)
    return first if today >= first else first.replace(year=today.year - 1)


def _finding(overdue: int, running: int) -> str:
    if overdue:
        return ngettext("%(num)d press agency term is overdue", "%(num)d press agency terms are overdue", overdue)
    if running:
        return ngettext(
            "%(num)d press agency term runs, none is overdue",
            "%(num)d press agency terms run, none is overdue",
            running,
        )
    return _("No press agency owes us anything")


@blueprint.get("/inquiries/letters.csv")
@requires(Permission.INQUIRY_VIEW)
def letters_table() -> Response:
    """Every letter of the cases the reader may see, for a spreadsheet; it is noted who took it."""
    start_writing()
    now, person = clock.now(), reader()
    rows = queries.all_letters(person)
    out = StringIO()
    table = csv.writer(out)
    table.writerow(_head())
    table.writerows([cell_of(value) for value in _cells(row, now)] for row in rows)
    record(InquiryEvent.EXPORT, None, actor=person, now=now, paper="press_letters", rows=len(rows))
    db.session.commit()
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="cong-van-bao-chi.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def cell_of(value: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _head() -> list[str]:
    return [
        _("Number of the case"),
        _("What it is about"),
        _("Lead agency"),
        _("Press agency"),
        _("The article"),
        _("Letter"),
        _("Round"),
        _("Number of the letter"),
        _("Date of the letter"),
        _("Sent at"),
        _("Received at"),
        _("Due"),
        _("State"),
        _("Published or answered at"),
        _("Evidence"),
    ]


def _cells(row: sa.Row, now: datetime) -> Iterator[str]:
    yield write_number(row.year, row.inquiry_number)
    yield row.about
    yield row.agency
    yield row.outlet
    yield row.article or ""
    yield str(labels.LETTER_KIND[row.kind])
    yield str(row.round)
    yield row.number
    yield write_day(row.dated_on) if row.dated_on else ""
    yield _moment(row.sent_at)
    yield _moment(row.received_at)
    yield write_day(row.due_on) if row.due_on else _moment(row.due_at)
    yield str(labels.LETTER_STATE[state_of(row, now)])
    yield _moment(row.published_at)
    yield row.evidence_url


def _moment(at: datetime | None) -> str:
    return write_moment(at) if at else ""
