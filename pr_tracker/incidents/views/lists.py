"""The list of incidents: what is open, by what runs out first; what is closed, page by page."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import FaceState
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.incidents import labels
from pr_tracker.incidents.queries import lists
from pr_tracker.incidents.rules_kinds import write_number
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import reader
from pr_tracker.incidents.views.telling import ClockShown, clock_of, state_words
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import id_of

P = Permission


@dataclass(frozen=True)
class Shown:
    """An incident as the list shows it."""

    row: sa.Row
    url: str
    code: str
    clock: ClockShown | None
    state: str
    kind: str


def shown(rows: list[sa.Row] | tuple[sa.Row, ...], now: datetime, calendar: WorkingCalendar) -> list[Shown]:
    """Rows as the list shows them."""
    base = url_for("incidents.index")
    return [
        Shown(
            row,
            f"{base}/{row.id}",
            write_number(row.year, row.number),
            clock_of(row, now, calendar),
            state_words(row),
            str(labels.KIND[row.kind]),
        )
        for row in rows
    ]


@blueprint.get("/incidents")
@requires(P.INCIDENT_VIEW)
def index() -> str:
    """What is open, by what runs out first; what is closed, the latest first."""
    now, person = clock.now(), reader()
    calendar = deadlines.working_calendar()
    page = lists.closed_page(person, before=id_of("before"), after=id_of("after"))
    running = shown(list(lists.open_incidents(person)), now, calendar)
    closed = shown(page.rows, now, calendar)
    owing = [each for each in running if each.row.informed_at is None]
    return render_template(
        "incidents/index.html",
        title=_finding(running, owing),
        lede=_nearest(owing),
        owing=owing,
        informed=[each for each in running if each.row.informed_at is not None],
        closed=closed,
        newer=url_for(".index", after=closed[0].row.id) if page.has_newer and closed else None,
        older=url_for(".index", before=closed[-1].row.id) if page.has_older and closed else None,
        may_open=person.may(P.INCIDENT_DO),
    )


def _finding(running: list[Shown], owing: list[Shown]) -> str:
    overdue = sum(each.clock is not None and each.clock.face.state is FaceState.OVERDUE for each in owing)
    if overdue:
        return ngettext(
            "%(num)d incident is late with its initial information",
            "%(num)d incidents are late with their initial information",
            overdue,
        )
    if owing:
        return ngettext(
            "%(num)d incident owes its initial information",
            "%(num)d incidents owe their initial information",
            len(owing),
        )
    if running:
        return ngettext("%(num)d incident is open", "%(num)d incidents are open", len(running))
    return _("No incident is open")


def _nearest(owing: list[Shown]) -> str:
    first = next((each for each in owing if each.clock), None)
    if first is None or first.clock is None:
        return _("Several inquiries on one event belong into one incident: one clock, one statement to all.")
    return _("First: %(title)s, %(due)s.", title=first.row.title, due=first.clock.exact)


@list_out(blueprint, "/incidents", P.INCIDENT_VIEW, file_name="vu-viec")
def incidents_table() -> Table:
    """Open and closed incidents for a spreadsheet."""
    columns: list[Column] = [
        (_("Number"), lambda row: write_number(row.year, row.number)),
        (_("What happened"), lambda row: row.title),
        (_("Kind"), lambda row: labels.KIND[row.kind]),
        (_("Lead agency"), lambda row: row.agency),
        (_("Opened at"), lambda row: row.opened_at),
        (_("Initial information due"), lambda row: row.due_on or row.due_at),
        (_("Informed at"), lambda row: row.informed_at),
        (_("In time"), lambda row: _in_time(row.informed_at, row.ends_at)),
        (_("Inquiries"), lambda row: row.inquiries),
        (_("Closed at"), lambda row: row.closed_at),
    ]
    return of_query(_("Incidents"), lists.listed(reader()), columns)


def _in_time(informed_at: datetime | None, ends_at: datetime | None) -> str:
    """The clock of the initial information (Decree 244/2026/NĐ-CP, Article 7(3), (4)); it may not run yet."""
    if ends_at is None:
        return _("No clock runs yet")
    if informed_at is None:
        return _("overdue") if clock.now() >= ends_at else _("running")
    return _("on time") if informed_at < ends_at else _("late")
