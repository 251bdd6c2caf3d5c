"""Set what plans are made of: an agency's shares, the province's office hours; recorded with what was and is."""

from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from sqlalchemy.exc import IntegrityError

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record
from pr_tracker.db import Base, db
from pr_tracker.deadlines.models import AgencyShares, OfficeHoursRow
from pr_tracker.deadlines.rules import DeadlineEvent
from pr_tracker.deadlines.rules_plan import DEFAULT_HOURS, DEFAULT_SHARES, OfficeHours, Shares
from pr_tracker.errors import N_, ChangedMeanwhile, NotFound
from pr_tracker.permissions import Permission


def may_set_shares(agency_id: int, actor: Person) -> bool:
    """Administrators set the shares of every agency, its heads those of their own."""
    if actor.may(Permission.DEADLINE_TERMS_EDIT):
        return True
    return actor.may(Permission.DEADLINE_SHARES_EDIT) and actor.agency_id == agency_id


def set_shares(agency: Agency, shares: Shares, *, actor: Person, now: datetime) -> None:
    """How an agency shares out the time of its cases, from now on for open ones too. Raises NotFound for others'."""
    if not may_set_shares(agency.id, actor):
        raise NotFound(N_("There is no such agency."))
    row = db.session.get(AgencyShares, agency.id)
    before = Shares(row.draft, row.agency, row.approval, row.release) if row else None
    if shares == (before or DEFAULT_SHARES):
        return
    row = row or AgencyShares(agency_id=agency.id)
    _write(row, asdict(shares))
    record(
        DeadlineEvent.AGENCY_SHARES_SET,
        agency,
        actor=actor,
        now=now,
        agency=agency.name,
        before=asdict(before or DEFAULT_SHARES),
        after=asdict(shares),
    )


def set_office_hours(hours: OfficeHours, *, actor: Person, now: datetime) -> None:
    """When the province's offices work on a working day; plans follow at once, due times never do."""
    row = db.session.get(OfficeHoursRow, 1)
    names = asdict(hours)
    before = OfficeHours(**{name: getattr(row, name) for name in names}) if row else DEFAULT_HOURS
    if hours == before:
        return
    row = row or OfficeHoursRow(id=1)
    _write(row, names)
    record(DeadlineEvent.OFFICE_HOURS_SET, row, actor=actor, now=now, before=_words(before), after=_words(hours))


def _write(row: Base, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise ChangedMeanwhile(N_("Somebody else set this at the same moment. Look and try again.")) from None


def _words(hours: OfficeHours) -> dict[str, str]:
    values: dict[str, time] = asdict(hours)
    return {name: f"{value:%H:%M}" for name, value in values.items()}
