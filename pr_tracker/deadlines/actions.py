"""Set the terms that are settings; each is recorded with what it was and what it is."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from pr_tracker.accounts.models import Agency
from pr_tracker.audit.actions import Actor, record
from pr_tracker.db import db
from pr_tracker.deadlines import queries
from pr_tracker.deadlines.models import AgencyTerm, ProvinceTerm
from pr_tracker.deadlines.rules import INTERNAL_KEYS, UNCONFIRMED_STATUTORY_KEYS, ClockKey, DeadlineEvent
from pr_tracker.deadlines.rules_terms import require_days
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile


def set_agency_term(agency: Agency, key: ClockKey, working_days: int, *, actor: Actor | None, now: datetime) -> None:
    """An agency's own internal term. Raises BadInput for a clock that is not internal or a number out of range."""
    if key not in INTERNAL_KEYS:
        raise BadInput(N_("%(key)s is not an internal term."), key=key)
    require_days(working_days, field=key)
    term = queries.find_agency_term(agency.id, key)
    before = term.working_days if term else None
    if before == working_days:
        return
    if term is None:
        term = AgencyTerm(agency_id=agency.id, key=key)
        db.session.add(term)
    term.working_days = working_days
    _record(
        DeadlineEvent.AGENCY_TERM_SET, term, actor=actor, now=now, agency=agency.name, before=before, after=working_days
    )


def set_province_term(key: ClockKey, days: int, *, actor: Actor | None, now: datetime) -> None:
    """A statutory term that is not confirmed, for the whole province. Raises BadInput."""
    if key not in UNCONFIRMED_STATUTORY_KEYS:
        raise BadInput(N_("%(key)s is not a term the province may set."), key=key)
    require_days(days, field=key)
    term = queries.find_province_term(key)
    before = term.days if term else None
    if before == days:
        return
    if term is None:
        term = ProvinceTerm(key=key)
        db.session.add(term)
    term.days = days
    _record(DeadlineEvent.PROVINCE_TERM_SET, term, actor=actor, now=now, before=before, after=days)


def _record(
    event: DeadlineEvent, term: AgencyTerm | ProvinceTerm, *, actor: Actor | None, now: datetime, **data: object
) -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise ChangedMeanwhile(N_("Somebody else set this term at the same moment. Look and try again.")) from None
    record(event, term, actor=actor, now=now, key=term.key, **data)
