"""The list and the queue as tables for a spreadsheet: whatever their filter leaves, in words."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.inquiries import labels, labels_timing
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.lists import filters_asked
from pr_tracker.inquiries.views.queue import picked
from pr_tracker.permissions import Permission
from pr_tracker.web.lists import Column, Table, list_out, of_query


@list_out(blueprint, "/inquiries", Permission.INQUIRY_VIEW, file_name="de-nghi-cua-bao-chi")
def index_table() -> Table:
    """The list as its filter narrows it."""
    now = clock.now()
    return of_query(
        _("Inquiries"), lists.listed(current_user, filters_asked(), now), columns_of_inquiries(), notes_on_deadlines()
    )


@list_out(blueprint, "/queue", Permission.INQUIRY_VIEW, file_name="viec-dang-mo")
def queue_table() -> Table:
    """What is open, by what runs out first."""
    now, filters = clock.now(), picked(request.args.get("pick"))
    return of_query(
        _("Today's work"), lists.queue_listed(current_user, filters, now), columns_of_inquiries(), notes_on_deadlines()
    )


def columns_of_inquiries() -> list[Column]:
    """What a table says of an inquiry: of lists.listed()."""
    return [
        (_("Number of the case"), lambda row: write_number(row.year, row.number)),
        (_("Received at"), lambda row: row.received_at),
        (_("Press agency"), lambda row: row.outlet),
        (_("Journalists"), lambda row: row.journalist_names),
        (_("What it is about"), lambda row: row.subject),
        (_("Kind of inquiry"), lambda row: labels.KIND[row.kind]),
        (_("Channel"), lambda row: labels.CHANNEL[row.channel]),
        (_("Urgency"), lambda row: labels.URGENCY[row.urgency]),
        (_("Received by"), lambda row: row.intake),
        (_("Lead agency"), lambda row: row.lead),
        (_("Responsible head"), lambda row: row.head),
        (_("Case officer"), lambda row: row.officer),
        (_("State"), lambda row: labels.STATUS[row.status]),
        (_("Due"), _due),
        (_("Finished at"), lambda row: row.finished_at),
        (_("Result"), lambda row: labels_timing.RESULT[Result(row.result)]),
        (_("Deadline kept"), lambda row: labels_timing.TIMING[Timing(row.timing)]),
        (_("Form of speaking"), lambda row: labels.ANSWER_FORM[row.answer_form] if row.answer_form else ""),
        (_("Ground of refusal"), lambda row: labels.GROUND[row.refusal_ground] if row.refusal_ground else ""),
        (_("Days stood still"), lambda row: row.stopped_days or None),
        (_("Days extended"), lambda row: row.extended_days or None),
    ]


def _due(row: Any) -> Any:
    """A day's term lasts to its end; a term in hours has a moment."""
    return row.due_on or row.due_at


def notes_on_deadlines() -> list[str]:
    """How the deadline is judged, beside what is counted from the table."""
    said = [f"{labels_timing.TIMING[each]}: {labels_timing.DEFINITION[each]}" for each in Timing]
    return [*said, f"{labels_timing.PAUSED}: {labels_timing.PAUSED_DEFINITION}"]
