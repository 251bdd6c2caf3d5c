"""In the background: an agency is told five working days before what it said ends."""

from datetime import datetime

from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_desks import desks
from pr_tracker.deadlines.queries_plan import office_hours
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day
from pr_tracker.statements import queries
from pr_tracker.statements.models import Statement


def tell_of_ends(now: datetime) -> int:
    """Tell of each statement that ends within five working days, once for each end; how many notices are new.

    In office hours only, and safe to run anywhere at the same time: the row is locked while its agency is told.
    """
    day = office_day(now)
    if office_hours().open_from(now, working_calendar()) != now:
        return 0
    told, ids = 0, queries.ending_by(queries.soon_from(day), day)
    at = desks() if ids else None
    for statement_id in ids:
        statement = queries.get_statement(statement_id, to_change=True)
        if at is not None and statement.told_ending_at is None and _still_ends(statement, now):
            desk = at.of(statement.agency_id)
            told += _tell(statement, desk.workers | desk.chiefs, now)
        db.session.commit()
    return told


def _still_ends(statement: Statement, now: datetime) -> bool:
    """Whether it still stands with an end, now that the row is locked."""
    stands = statement.superseded_by_id is None and statement.withdrawn_at is None
    return stands and statement.valid_until is not None and statement.valid_until <= queries.soon_from(office_day(now))


def _tell(statement: Statement, people: set[int], now: datetime) -> int:
    assert statement.valid_until is not None
    statement.told_ending_at = now
    facts = {
        "code": statement.code,
        "subject": statement.topic,
        "agency": statement.agency.name,
        "due_on": statement.valid_until.isoformat(),
    }
    key = f"statement:{statement.id}:ends:{statement.valid_until.isoformat()}"
    path = f"/statements/{statement.id}"
    kind = NoticeKind.STATEMENT_ENDS
    return len(notices.tell(people, kind, key=key, about=statement, data=facts, now=now, path=path))
