"""Papers that left the office: a register issued twice, so that one is superseded; case sheets, one withdrawn."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.demo.doing import Office
from pr_tracker.inquiries.documents import sheet_title, write_case_sheet
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.papers import actions
from pr_tracker.papers.actions import Desk
from pr_tracker.papers.rules import PaperKind, key_of
from pr_tracker.reports.documents.register import register_title, write_register
from pr_tracker.reports.queries import register

PLACE = "An Giang"
SHEETS = 3
WHY = "In nhầm bản chưa có chữ ký của lãnh đạo; dùng bản cấp lại."


def issue_papers(office: Office, day: date, now: datetime, desk: Desk) -> None:
    """As the records officer issued them in the last two weeks."""
    clerk = office.people["vanthu"]
    since = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    filters = Filters(since=since, until=day.replace(day=1) - timedelta(days=1))
    for at in (now - timedelta(days=9), now - timedelta(days=2)):
        _issue_register(filters, clerk, at, desk)
    wanted = sa.select(Inquiry).where(Inquiry.status == Status.ANSWERED, Inquiry.finished_at < now - timedelta(days=8))
    issued = []
    for number, inquiry in enumerate(db.session.scalars(wanted.order_by(Inquiry.finished_at.desc()).limit(SHEETS))):
        at = now - timedelta(days=6 - number)
        issued.append(_issue_sheet(inquiry, clerk, at, desk))
    if issued:
        actions.withdraw(issued[0], WHY, seen=issued[0].version, actor=clerk, now=now - timedelta(days=1))


def _issue_register(filters: Filters, clerk: Person, at: datetime, desk: Desk) -> None:
    rows, blamed = register.register_rows(clerk, filters, at), register.blame(clerk, filters, at)
    keeper = clerk.agency
    asked = {"since": str(filters.since), "until": str(filters.until)}
    write = partial(_register, rows, blamed, filters, keeper, at)
    key = key_of(PaperKind.REGISTER, agency=keeper.id, **asked)
    about: dict[str, Any] = {"agency": keeper, "actor": clerk, "now": at, "desk": desk}
    actions.issue(PaperKind.REGISTER, key, register_title(filters), write, **about)


def _register(rows: Any, blamed: Any, filters: Filters, keeper: Any, at: datetime, out: Any, check: Any) -> None:
    write_register(rows, blamed, filters, out, keeper=keeper, place=PLACE, now=at, check=check)


def _issue_sheet(inquiry: Inquiry, clerk: Person, at: datetime, desk: Desk) -> Any:
    def write(out: Any, check: Any) -> None:
        write_case_sheet(inquiry, out, actor=clerk, place=PLACE, now=at, check=check)

    key = f"case_sheet:{inquiry.id}:{clerk.agency_id}"
    agency = inquiry.lead_agency or inquiry.intake_agency
    about: dict[str, Any] = {"agency": agency, "actor": clerk, "now": at, "desk": desk}
    return actions.issue(PaperKind.CASE_SHEET, key, sheet_title(inquiry), write, **about).paper
