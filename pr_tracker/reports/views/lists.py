"""Refusals and letters about wrong articles of a period as official papers, under the filter of their pages."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.queries import refusals as refused
from pr_tracker.inquiries.queries.articles import letters_about_wrong_words
from pr_tracker.inquiries.queries.refusals import Wanted
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.office_time import office_day
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind, key_of
from pr_tracker.papers.views.listing import send_issued
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions
from pr_tracker.reports.documents import lists
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_annual import Window, year_holding
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import day_of, id_of, member_of

blueprint = Blueprint("list_papers", __name__)


@blueprint.get("/reports/refusals.pdf")
@requires(Permission.INQUIRY_VIEW)
def refusals() -> Response:
    """Refusals of which the press was told in a period, this year's unless asked otherwise; it is noted who took it."""
    today = office_day(clock.now())
    period = _period(Period(today.replace(month=1, day=1), today))
    wanted = Wanted(period.since, period.until, id_of("agency"), member_of("ground", RefusalGround))
    rows = db.session.execute(refused.table(wanted, _reader())).all()
    return _issued(
        PaperKind.REFUSALS, lists.refusals(rows, period, wanted), period, wanted.agency_id, wanted.ground or ""
    )


@blueprint.get("/reports/corrections.pdf")
@requires(Permission.INQUIRY_VIEW)
def corrections() -> Response:
    """Feedback, requests to correct and apologise sent in a period, this report year's unless asked otherwise."""
    now = clock.now()
    period = _period(Period(Window(year_holding(office_day(now))).first, office_day(now)))
    agency_id = id_of("agency")
    query = letters_about_wrong_words(_reader(), period.since, period.until, agency_id)
    rows: Sequence[sa.Row] = db.session.execute(query).all()
    return _issued(PaperKind.CORRECTIONS, lists.corrections(rows, period, now, agency_id), period, agency_id, "")


def _reader() -> Person:
    person: Person = current_user._get_current_object()
    return person


def _period(usual: Period) -> Period:
    since, until = day_of("from") or usual.since, day_of("to") or usual.until
    return Period(min(since, until), max(since, until))


def _issued(kind: PaperKind, listed: lists.Listed, period: Period, agency_id: int | None, ground: str) -> Response:
    now, person = clock.now(), _reader()
    keeper, asked = person.agency, {"since": str(period.since), "until": str(period.until), "ground": str(ground)}
    where: dict[str, Any] = {"keeper": keeper, "place": current_app.config["PR_TRACKER_PLACE"], "now": now}
    issued = issue_on_reading(
        kind,
        key_of(kind, keeper=keeper.id, agency=agency_id, **asked),
        listed.title,
        lambda out, check: lists.write_list(listed, out, check, **where),
        agency=keeper,
        actor=person,
        now=now,
    )
    actions.note_list(kind.value, {**asked, "agency": agency_id}, len(listed.rows), actor=person, now=now)
    db.session.commit()
    return send_issued(issued, f"{kind.value}-{period.since:%Y%m%d}-{period.until:%Y%m%d}.pdf")
