"""The audit log's filters are answered by its indexes on both engines: asked, a database that knows its statistics."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import RENAMED, Wanted, entries_page
from pr_tracker.db import db
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW

DAY = office_day(NOW)
FILTERS = {
    "event": (Wanted(event="x:rare"), {"event"}),
    "day": (Wanted(day=DAY), {"at"}),
    "event of a day": (Wanted(event="x:often", day=DAY), {"at"}),
    "person": (Wanted(name="Lê Hiếm"), {"event", "actor_id"}),
}


@pytest.fixture
def log(session):
    """So many entries of a hundred actors that walking through all of them costs most."""
    rest = {"data": {}, "previous_hash": "", "hash": ""}
    rows = [
        {
            "number": number,
            "at": NOW - timedelta(hours=2 * number),
            "actor_id": number % 100,
            "actor_name": "Lê Hiếm" if number % 100 == 7 else "Trần Thường",
            "event": {0: "x:rare", 1: RENAMED}.get(number % 500, "x:often"),
            "subject_kind": "people" if number % 50 == 1 else "inquiries",
            "subject_id": number % 997,
            **rest,
        }
        for number in range(1, 6001)
    ]
    session.execute(sa.insert(AuditEntry.__table__), rows)
    session.commit()
    session.execute(sa.text("ANALYZE"))
    session.commit()
    return session


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_of_the_log_is_answered_by_its_index(log, name):
    wanted, indexes = FILTERS[name]
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "audit_entries" in statement:
            sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert entries_page(wanted).lines
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    # Whose entries they are is found by indexes. How the page of theirs is then read is not guarded: SQLite walks here
    # from the newest down until the page is full.
    if name == "person":
        sent.pop()
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    plan = [row[-1] for one, given in sent for row in log.connection().exec_driver_sql(explain + one, given)]
    walked = [line for line in plan if "Seq Scan on audit_entries" in line or line == "SCAN audit_entries"]
    assert not walked, plan
    assert not [index for index in indexes if f"ix_audit_entries_{index}" not in " ".join(plan)], plan
