"""The list of refusals: figures per agency and ground for a period, each with its list; a table."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.queries import refusals as queries
from pr_tracker.inquiries.queries.refusals import Place, Wanted
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.office_time import office_day, write_day
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import EPOCH, LARGEST_ID, MICROSECOND, day_of, id_of, member_of


@blueprint.get("/inquiries/refusals")
@requires(Permission.INQUIRY_VIEW)
def refusals() -> str:
    """How many refusals per agency and ground, this year unless asked otherwise, and which."""
    wanted, person = _wanted(), reader()
    counted = queries.figures(wanted, person)
    rows, older = queries.page(wanted, person, _place())
    return render_template(
        "inquiries/refusals.html",
        wanted=wanted,
        kept=_kept(wanted),
        title=ngettext("%(num)d refusal", "%(num)d refusals", sum(row.number for row in counted)),
        grounds=[ground for ground in RefusalGround if any(row.refusal_ground is ground for row in counted)],
        agencies=_by_agency(counted),
        of_agency=next((row.name for row in counted if row.id == wanted.agency_id), None),
        rows=[(row, write_number(row.year, row.number)) for row in rows],
        older=_address(wanted, older) if older else None,
        labels=labels,
    )


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense is left out."""
    today = office_day(clock.now())
    since, until = day_of("from") or today.replace(month=1, day=1), day_of("to") or today
    return Wanted(min(since, until), until, id_of("agency"), member_of("ground", RefusalGround))


def _kept(wanted: Wanted) -> dict[str, Any]:
    return {"from": f"{wanted.since:%d/%m/%Y}", "to": f"{wanted.until:%d/%m/%Y}"}


def _narrowed(wanted: Wanted) -> dict[str, Any]:
    return {"agency": wanted.agency_id, "ground": wanted.ground.value if wanted.ground else None}


def _by_agency(counted: Any) -> list[dict[str, Any]]:
    """A line for each agency: its figures by ground, and their sum."""
    lines: dict[int, dict[str, Any]] = {}
    for row in counted:
        line = lines.setdefault(row.id, {"id": row.id, "name": row.name, "by_ground": {}, "total": 0})
        line["by_ground"][row.refusal_ground] = row.number
        line["total"] += row.number
    return list(lines.values())


def _place() -> Place | None:
    parts = request.args.get("before", "").split(".")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 17 for part in parts):
        return Place(EPOCH + int(parts[0]) * MICROSECOND, min(int(parts[1]), LARGEST_ID))
    return None


def _address(wanted: Wanted, place: Place) -> str:
    before = f"{(place.at - EPOCH) // MICROSECOND}.{place.id}"
    return url_for(".refusals", **_kept(wanted), **_narrowed(wanted), before=before)


@list_out(blueprint, "/inquiries/refusals", Permission.INQUIRY_VIEW, file_name="tu-choi")
def refusals_table() -> Table:
    """The same refusals for a spreadsheet."""
    wanted = _wanted()
    columns: list[Column] = [
        (_("Number of the case"), lambda row: write_number(row.year, row.number)),
        (_("What it is about"), lambda row: row.subject),
        (_("Press agency"), lambda row: row.outlet),
        (_("Lead agency"), lambda row: row.agency),
        (_("Ground"), lambda row: labels.GROUND[row.refusal_ground]),
        (_("Article of law"), lambda row: labels.GROUND_ARTICLE[row.refusal_ground]),
        (_("Reason given to the press"), lambda row: row.refusal_reason),
        (_("Told at"), lambda row: row.finished_at),
        (_("Form of speaking"), lambda row: labels.ANSWER_FORM[row.answer_form] if row.answer_form else ""),
        (_("Evidence"), lambda row: row.evidence),
    ]
    days = _("Refusals of which the press was told from %(since)s to %(until)s", **_written(wanted))
    return of_query(days, queries.table(wanted, reader()), columns)


def _written(wanted: Wanted) -> dict[str, str]:
    return {"since": write_day(wanted.since), "until": write_day(wanted.until)}
