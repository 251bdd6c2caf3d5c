"""Neither the bell nor the sender nor a list walks through all notices: SQLite names an index for each statement.

Seen red: with the bell and the sender comparing abs() of a column, which no index knows.
"""

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.notices import queries
from pr_tracker.notices.rules import MailState, NoticeKind
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW
from tests.factories.notices import told

ASKED = {
    "bell": lambda person: db.session.scalar(sa.select(queries.unread()), {"reader": person.id}),
    "own": lambda person: queries.own_page(person.id, unread=False),
    "own older": lambda person: queries.own_page(person.id, unread=False, before=9),
    "unread": lambda person: queries.own_page(person.id, unread=True),
    "sent": lambda _: queries.sent_page(queries.Wanted()),
    "sent by kind": lambda _: queries.sent_page(queries.Wanted(kind=NoticeKind.URGED)),
    "failed": lambda _: queries.sent_page(queries.Wanted(state=MailState.FAILED)),
    "about": lambda _: queries.sent_about("inquiries", 1),
    "next mail": lambda _: queries.next_mail(NOW),
    "told before": lambda person: queries.receivers_of("k", [person.id], office_day(NOW)),
    "digest": lambda person: queries.digest_readers([person.id], office_day(NOW)),
    "health": lambda _: queries.health(NOW),
}


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("name", ASKED)
def test_nothing_walks_through_all_notices(session, name):
    person = told()[0].person
    session.commit()
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        ASKED[name](person)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    session.rollback()
    plans = [
        row[3]
        for statement, parameters in sent
        if statement.lstrip().upper().startswith("SELECT")
        for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
    ]
    about_notices = [plan for plan in plans if "notices" in plan]
    assert about_notices
    # the newest of everything come by the primary key, from its end, and stop after a page
    assert [plan for plan in about_notices if plan.startswith("SCAN") and name != "sent"] == []
    if name not in {"next mail", "digest"}:
        assert [plan for plan in plans if "TEMP B-TREE" in plan] == []
