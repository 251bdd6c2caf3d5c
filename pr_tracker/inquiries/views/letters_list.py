"""All letters to the press: overdue at press agencies, running there, waiting for us, ended; a table."""

from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.inquiries import labels_articles as labels
from pr_tracker.inquiries.queries import articles as queries
from pr_tracker.inquiries.rules_articles import LetterState, state_of
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.afterwards import letter_shown
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_query

SHOWN_CLOCKS, SHOWN_WAITING, SHOWN_ENDED = 200, 100, 30


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


@list_out(blueprint, "/inquiries/letters", Permission.INQUIRY_VIEW, file_name="cong-van-bao-chi")
def letters_table() -> Table:
    """Every letter of the cases the reader may see, for a spreadsheet."""
    now = clock.now()
    columns: list[Column] = [
        (_("Number of the case"), lambda row: write_number(row.year, row.inquiry_number)),
        (_("What it is about"), lambda row: row.about),
        (_("Lead agency"), lambda row: row.agency),
        (_("Press agency"), lambda row: row.outlet),
        (_("The article"), lambda row: row.article),
        (_("Letter"), lambda row: labels.LETTER_KIND[row.kind]),
        (_("Round"), lambda row: row.round),
        (_("Number of the letter"), lambda row: row.number),
        (_("Date of the letter"), lambda row: row.dated_on),
        (_("Sent at"), lambda row: row.sent_at),
        (_("Received at"), lambda row: row.received_at),
        (_("Due"), lambda row: row.due_on or row.due_at),
        (_("State"), lambda row: labels.LETTER_STATE[state_of(row, now)]),
        (_("Published or answered at"), lambda row: row.published_at),
        (_("Evidence"), lambda row: row.evidence_url),
    ]
    return of_query(_("Letters to the press"), queries.all_letters(reader()), columns)
