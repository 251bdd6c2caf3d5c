"""A page that asks several times shows one instant, whatever others do between two of its statements.

Seen red on PostgreSQL with its usual transactions, in which each statement sees an instant of its own.
"""

import re
from contextlib import contextmanager
from threading import Thread, current_thread

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.inquiries.actions import answer
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry

PAGES = (
    "/reports/register?from=2026-11-01&to=2026-11-30",
    "/reports/figures",
    "/reports/annual",
    "/inquiries",
    "/queue",
)
TOKEN = re.compile(r'value="[^"]{60,}"|content="[^"]{60,}"')  # of a form: another on each page


@contextmanager
def between_statements(act):
    """After each statement of a page the act is done by another, before the page sends the next one."""
    page, done = current_thread(), []

    def note(_connection, _cursor, statement, *_):
        if current_thread() is page and statement.startswith("SELECT"):
            other = Thread(target=lambda: done.append(act()))
            other.start()
            other.join(20)

    sa.event.listen(sa.Engine, "after_cursor_execute", note)
    try:
        yield done
    finally:
        sa.event.remove(sa.Engine, "after_cursor_execute", note)


@pytest.fixture
def another_ends_a_case(app):
    """Somebody ends the one case that is open and logs the next."""

    def act():
        with app.app_context():
            case = db.session.scalars(sa.select(Inquiry).where(Inquiry.finished_at.is_(None))).one()
            answer.withdraw(case, "Báo rút", actor=case.logged_by, now=NOW)
            an_inquiry(FewHands(case), outlet=case.outlet, journalists=case.journalists)
            db.session.commit()
        return True

    return act


class FewHands:
    """Of a province only who logs."""

    def __init__(self, case):
        self.clerk = case.logged_by


def test_a_case_that_ends_while_a_page_is_read_is_seen_on_it_in_one_state(
    session, sign_in, set_clock, another_ends_a_case
):
    set_clock(NOW)
    province = Province()
    for status in (Status.RECEIVED, Status.ANSWERED):
        an_inquiry(province, status=status)
    client = sign_in(a_person(agency=province.office, roles=(Role.STAFF, Role.SUPERVISOR)))
    session.commit()
    session.remove()
    for page in PAGES:
        before = TOKEN.sub("", client.get(page).text)
        with between_statements(another_ends_a_case) as done:
            meanwhile = TOKEN.sub("", client.get(page).text)
        assert meanwhile == before, page
        assert len(done) > 5, page
        assert TOKEN.sub("", client.get(page).text) != before, page
