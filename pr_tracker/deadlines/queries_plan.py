"""What a plan needs: the office hours of the province, and how an agency shares out its time."""

from collections.abc import Sequence
from datetime import time
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.db import db, read_once, rows_of
from pr_tracker.deadlines.models import AgencyShares, OfficeHoursRow
from pr_tracker.deadlines.queries import calendar_of, calendar_state
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_plan import DEFAULT_HOURS, DEFAULT_SHARES, OfficeHours, Shares

HOURS = (
    OfficeHoursRow.morning_from,
    OfficeHoursRow.morning_to,
    OfficeHoursRow.afternoon_from,
    OfficeHoursRow.afternoon_to,
)
# For lists: joined to the agency whose shares count, all None where it has set none.
SHARES = (
    AgencyShares.draft.label("share_draft"),
    AgencyShares.agency.label("share_agency"),
    AgencyShares.approval.label("share_approval"),
    AgencyShares.release.label("share_release"),
)


class PlanSettings(NamedTuple):
    """How plans are made for one agency."""

    hours: OfficeHours
    shares: Shares


def plan_settings(agency_id: int | None) -> PlanSettings:
    """The office hours and an agency's shares, in one statement; defaults where nobody set any."""
    return calendar_and_plan(agency_id)[1]


def calendar_and_plan(agency_id: int | None) -> tuple[WorkingCalendar, PlanSettings]:
    """The calendar that counts now, the office hours and an agency's shares, in one statement."""
    row = db.session.execute(_calendar_and_plan(), {"agency": agency_id}).one()
    hours = OfficeHours(*row[:4]) if row[0] else DEFAULT_HOURS
    return calendar_of(row[8:]), PlanSettings(hours, shares_in(row))


@cache
def _calendar_and_plan() -> sa.Select[Any]:
    state = calendar_state().subquery()
    return (
        sa.select(*HOURS, *SHARES, *state.columns)
        .select_from(state)
        .outerjoin(OfficeHoursRow, sa.true())
        .outerjoin(AgencyShares, AgencyShares.agency_id == sa.bindparam("agency", type_=sa.Integer()))
    )


def shares_in(row: Any) -> Shares:
    """The shares of a row with the columns of SHARES."""
    if row.share_draft is None:
        return DEFAULT_SHARES
    return Shares(row.share_draft, row.share_agency, row.share_approval, row.share_release)


def office_hours() -> OfficeHours:
    """When the province's offices work."""
    return read_once("hours", _office_hours)


def _office_hours() -> OfficeHours:
    rows = rows_of(_hours())
    return OfficeHours(*rows[0]) if rows else DEFAULT_HOURS


@cache
def _hours() -> sa.Select[time, time, time, time]:
    return sa.select(*HOURS)


def agencies_with_shares() -> Sequence[sa.Row]:
    """Every active agency by name: id, name, and its shares, None where it has set none."""
    return db.session.execute(
        sa.select(Agency.id, Agency.name, *SHARES)
        .outerjoin(AgencyShares, AgencyShares.agency_id == Agency.id)
        .where(Agency.active)
        .order_by(Agency.sort_key, Agency.id)
    ).all()
