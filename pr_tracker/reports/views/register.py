"""Pages of reports: the register of a period, looked at and printed; the case sheet of one inquiry."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries.documents import deadline_title, sheet_title, write_case_sheet, write_deadline_sheet
from pr_tracker.inquiries.labels_parts import blame_words
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.inquiries.views.lists import narrowed_to
from pr_tracker.inquiries.views.tables import columns_of_inquiries, notes_on_deadlines
from pr_tracker.office_time import office_day, write_day
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind, key_of
from pr_tracker.papers.views.listing import send_issued
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions, labels
from pr_tracker.reports.documents.register import register_title, timing_words, write_register
from pr_tracker.reports.forms.period import filters_asked, kept_in_address, period_asked
from pr_tracker.reports.queries import register as queries
from pr_tracker.reports.rules import Blame, Figures, Period, Preset, preset
from pr_tracker.runs.rules import Running, Told
from pr_tracker.runs.views import hand_out
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Table, list_out, of_query

blueprint = Blueprint("reports", __name__)
REGISTER = "register"  # the kind of run
FIELDS = frozenset({"agency", "status", "kind", "outlet", "late", "stopped", "extended"})  # of the form


@blueprint.get("/reports/register")
@requires(Permission.REPORT_VIEW)
def period() -> ResponseReturnValue:
    """Choose a period and filters; see the figures with their definitions and the first lines of the register."""
    now = clock.now()
    form, kept = period_asked(office_day(now)), kept_in_address()
    period = form.period()
    shown: dict[str, Any] = {"figures": None, "rows": [], "narrowed": []}
    if period is not None:
        filters = filters_asked(period)
        led = queries.sums(filters, current_user, now, queries.By.AGENCY)
        figures = queries.figures_in(led)
        rows = queries.register_rows(current_user, filters, now, limit=queries.PREVIEW_SIZE)
        blamed = queries.blame(current_user, filters, now, of=[row.id for row in rows], led=led)
        shown = {
            "figures": figures,
            "blamed": blamed,
            "title": _finding(figures),
            "narrowed": _narrowed(filters, kept),
            "tiles": _tiles(figures, period, kept),
            "rows": _first_rows(rows, blamed, now),
            "pdf_url": url_for(".register", **_days(period), **kept),
        }
    page = render_template(
        "reports/register.html",
        form=form,
        period=period,
        presets=_presets(period, kept),
        kept=kept,
        agencies=accounts.agencies_for_choice(),
        outlets=queries.outlets_for_choice(),
        words=inquiry_words,
        report_words=labels,
        now=now,
        **shown,
    )
    return page, 200 if period else 422


@blueprint.get("/reports/register.pdf")
@requires(Permission.REPORT_VIEW)
def register() -> ResponseReturnValue:
    """The register of a period as PDF, of what the reader may see; a long one is drawn in the background."""
    period, filters = _asked_for(clock.now())
    count = queries.figures(current_user, filters, clock.now()).total
    title = _("Register of %(since)s – %(until)s", since=write_day(period.since), until=write_day(period.until))
    query = [*request.args.items(multi=True), ("from", period.since.isoformat()), ("to", period.until.isoformat())]
    kept = [(name, value) for name, value in query if (name, value) in query[-2:] or name not in ("from", "to", "lang")]
    return hand_out(REGISTER, {"query": kept}, title=f"{title} (pdf)", rows=count)


def draw_register(running: Running) -> None:
    """The work of a run: draw the register that was asked for, issue it, note who printed it."""
    query = urlencode([*map(tuple, running.asked["query"])])
    app, actor, now = current_app._get_current_object(), running.actor, running.now  # type: ignore[attr-defined]
    with app.test_request_context(query_string=query):
        period, filters = _asked_for(now)
    rows = Told(queries.register_rows(actor, filters, now), running)
    blamed, keeper, place = queries.blame(actor, filters, now), actor.agency, _place()
    asked = {name: str(value) for name, value in asdict(filters).items() if value}
    issued = issue_on_reading(
        PaperKind.REGISTER,
        key_of(PaperKind.REGISTER, agency=keeper.id, **asked),
        register_title(filters),
        lambda out, check: write_register(rows, blamed, filters, out, keeper=keeper, place=place, now=now, check=check),
        agency=keeper,
        actor=actor,
        now=now,
    )
    actions.note_register(asked, len(rows), actor=actor, now=now)
    running.name(f"so-theo-doi-{period.since:%Y%m%d}-{period.until:%Y%m%d}.pdf", "application/pdf")
    running.out.write(issued.content)


@list_out(blueprint, "/reports/register", Permission.REPORT_VIEW, file_name="so-theo-doi")
def register_table() -> Table:
    """The same register for a spreadsheet, in the order of receipt."""
    now = clock.now()
    period, filters = _asked_for(now)
    title = _("Register of %(since)s – %(until)s", since=write_day(period.since), until=write_day(period.until))
    query = lists.listed(current_user, filters, now).order_by(None).order_by(Inquiry.received_at, Inquiry.id)
    return of_query(title, query, columns_of_inquiries(), notes_on_deadlines())


def _asked_for(now: datetime) -> tuple[Period, Filters]:
    """The period and filters in the address. Raises BadInput for no period."""
    period = period_asked(office_day(now)).period()
    if period is None:
        raise BadInput(N_("This is not a period. Choose the days again."))
    return period, filters_asked(period)


@blueprint.get("/inquiries/<id:inquiry_id>/sheet.pdf")
@requires(Permission.INQUIRY_VIEW)
def case_sheet(inquiry_id: int) -> Response:
    """The case sheet of one inquiry as PDF; it is noted who printed it. Another agency's inquiry is a 404."""
    now = clock.now()
    inquiry = get_visible(inquiry_id, current_user)
    facts: dict[str, Any] = {"actor": current_user, "now": now}
    issued = issue_on_reading(
        PaperKind.CASE_SHEET,
        f"case_sheet:{inquiry_id}:{current_user.agency_id}",  # what it tells of related cases depends on the reader
        sheet_title(inquiry),
        lambda out, check: write_case_sheet(inquiry, out, place=_place(), check=check, **facts),
        agency=inquiry.lead_agency or inquiry.intake_agency,
        **facts,
    )
    actions.note_case_sheet(inquiry, actor=current_user, now=now)
    name = f"phieu-xu-ly-DN-{inquiry.year}-{inquiry.number:04d}.pdf"
    db.session.commit()
    return send_issued(issued, name)


@blueprint.get("/inquiries/<id:inquiry_id>/deadline.pdf")
@requires(Permission.INQUIRY_VIEW)
def deadline_sheet(inquiry_id: int) -> Response:
    """Why an inquiry is due when it is, as PDF; it is noted who printed it. Another agency's inquiry is a 404."""
    now = clock.now()
    inquiry = get_visible(inquiry_id, current_user)
    issued = issue_on_reading(
        PaperKind.DEADLINE_SHEET,
        f"deadline_sheet:{inquiry_id}:{current_user.agency_id}",
        deadline_title(inquiry),
        lambda out, check: write_deadline_sheet(inquiry, out, place=_place(), now=now, check=check),
        agency=inquiry.lead_agency or inquiry.intake_agency,
        actor=current_user,
        now=now,
    )
    actions.note_case_sheet(inquiry, actor=current_user, now=now)
    name = f"giai-trinh-thoi-han-DN-{inquiry.year}-{inquiry.number:04d}.pdf"
    db.session.commit()
    return send_issued(issued, name)


def _place() -> str:
    place: str = current_app.config["PR_TRACKER_PLACE"]
    return place


def _days(period: Period) -> dict[str, Any]:
    return {"from": period.since.isoformat(), "to": period.until.isoformat()}


def _presets(period: Period | None, kept: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    today = office_day(clock.now())
    found = [(name, preset(name, today)) for name in Preset]
    return [
        (str(labels.PRESET[name]), url_for(".period", **_days(each), **kept), each == period) for name, each in found
    ]


def _narrowed(filters: Filters, kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Filters of the list that have no field here: the address's name, and the words."""
    found = [(name, f"{words}: {who}") for name, words, who in narrowed_to(filters) if name not in FIELDS]
    typed = {
        "q": _("Words or number"),
        "outlet_name": _("Press agency"),
        "person_name": _("Officer or responsible head"),
    }
    found += [(name, f"{words}: {kept[name]}") for name, words in typed.items() if name in kept]
    flags = {"open": _("Open"), "mine": _("My turn"), "paused": _("Stands still now")}
    return found + [(name, words) for name, words in flags.items() if name in kept]


def _first_rows(rows: Sequence[Any], blamed: Blame, now: datetime) -> list[tuple[Any, str, str, str | None]]:
    """The first lines of the register: each with its number, what became of its deadline, and because of whom."""
    calendar = deadlines.working_calendar()
    return [
        (
            row,
            write_number(row.year, row.number),
            timing_words(row, now, calendar),
            blame_words(blamed.by_case.get(row.id), is_over=row.finished_at is not None),
        )
        for row in rows
    ]


def _finding(figures: Figures) -> str:
    if not figures.total:
        return _("No inquiry in this period")
    if not figures.due:
        return ngettext("%(num)d inquiry, not due yet", "%(num)d inquiries, none due yet", figures.total)
    return _(
        "%(part)s of %(whole)s inquiries that fell due were answered on time",
        part=figures.by_timing[Timing.ON_TIME],
        whole=figures.due,
    )


def _tiles(figures: Figures, period: Period, kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    timed, list_of = figures.by_timing, partial(url_for, "inquiries.index", **{**kept, **_days(period)})
    refused = ngettext("%(num)d refused with a ground", "%(num)d refused with a ground", figures.refused)
    return [
        {
            "label": _("Inquiries received"),
            "glyph": "document",
            "value": figures.total,
            "note": _("in this period"),
            "url": list_of(),
        },
        {
            "label": labels.TIMING[Timing.ON_TIME],
            "glyph": "check",
            "value": timed[Timing.ON_TIME],
            "note": labels.rate_words(figures),
            "url": list_of(timing=Timing.ON_TIME.value),
        },
        {
            "label": labels.TIMING[Timing.LATE],
            "glyph": "triangle",
            "value": timed[Timing.LATE],
            "url": list_of(timing=Timing.LATE.value),
        },
        {
            "label": labels.TIMING[Timing.OVERDUE],
            "glyph": "warning",
            "value": timed[Timing.OVERDUE],
            "tone": "red" if timed[Timing.OVERDUE] else None,
            "url": list_of(timing=Timing.OVERDUE.value),
        },
        {
            "label": _("Answered"),
            "glyph": "square",
            "value": figures.answered,
            "note": refused,
            "url": list_of(result=Result.ANSWERED.value),
        },
    ]
