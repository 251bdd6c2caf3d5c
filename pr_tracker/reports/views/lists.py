"""Refusals and letters about wrong articles of a period as official papers, under the filter of their pages."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.office_time import office_day
from pr_tracker.papers.rules import PaperKind
from pr_tracker.papers.views.listing import send_issued
from pr_tracker.permissions import Permission
from pr_tracker.reports import jobs_lists as jobs
from pr_tracker.reports.jobs_lists import Asked
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_annual import Window, year_holding
from pr_tracker.runs import views as runs
from pr_tracker.runs.rules import MOST_AT_ONCE
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import day_of, id_of, member_of

blueprint = Blueprint("list_papers", __name__)


@blueprint.get("/reports/refusals.pdf")
@requires(Permission.INQUIRY_VIEW)
def refusals() -> ResponseReturnValue:
    """Refusals of which the press was told in a period, this year's unless asked otherwise; it is noted who took it."""
    today = office_day(clock.now())
    period = _period(Period(today.replace(month=1, day=1), today))
    ground = member_of("ground", RefusalGround) or ""
    return _handed_out(Asked(PaperKind.REFUSALS, period.since, period.until, id_of("agency"), str(ground)))


@blueprint.get("/reports/corrections.pdf")
@requires(Permission.INQUIRY_VIEW)
def corrections() -> ResponseReturnValue:
    """Feedback, requests to correct and apologise sent in a period, this report year's unless asked otherwise."""
    today = office_day(clock.now())
    period = _period(Period(Window(year_holding(today)).first, today))
    return _handed_out(Asked(PaperKind.CORRECTIONS, period.since, period.until, id_of("agency")))


def _period(usual: Period) -> Period:
    since, until = day_of("from") or usual.since, day_of("to") or usual.until
    return Period(min(since, until), max(since, until))


def _handed_out(asked: Asked) -> ResponseReturnValue:
    now, person = clock.now(), current_user._get_current_object()
    listed = jobs.listed_for(asked, person, now)
    if len(listed.rows) > MOST_AT_ONCE:
        return runs.to_page(runs.in_background(jobs.CODE, asked.facts(), title=listed.title))
    issued = jobs.issue_list(asked, listed, actor=person, now=now)
    db.session.commit()
    return send_issued(issued, asked.file_name)
