"""The upgrade: every answer given before there was a library stands in it, as it would had it been released today."""

import importlib.util
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from pr_tracker.inquiries.rules import Status
from pr_tracker.statements.actions import clear
from pr_tracker.statements.models import Statement, StatementTerm
from pr_tracker.statements.queries import Filters, like, page
from pr_tracker.statements.rules_likeness import Matter
from tests.databases import VERSIONS
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.statements import TOPIC, said

KEPT = ("year", "number", "topic", "text", "digest", "agency_id", "inquiry_id", "draft_id", "form", "said_by")
KEPT += ("said_at", "folded", "exact", "link", "valid_until")


def migration():
    spec = importlib.util.spec_from_file_location("who_speaks", VERSIONS / "0003_who_speaks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stored(session):
    rows = session.execute(sa.select(*(getattr(Statement, name) for name in KEPT)).order_by(Statement.number)).all()
    terms = session.execute(sa.select(StatementTerm.term, StatementTerm.weight).order_by(StatementTerm.term)).all()
    return [tuple(row) for row in rows], [tuple(row) for row in terms]


@pytest.fixture
def province(session):
    return Province()


def test_answers_given_before_the_upgrade_become_statements(province, session):
    first = an_inquiry(province, status=Status.ANSWERED, subject=TOPIC, now=NOW - timedelta(days=400))
    an_inquiry(province, status=Status.ARCHIVED, subject="Giá vé phà", now=NOW)
    an_inquiry(province, status=Status.REFUSED)
    an_inquiry(province, status=Status.APPROVED)
    session.commit()
    today = stored(session)
    assert len(today[0]) == 2
    for table in ("statement_terms", "statements", "statement_numbers"):
        session.execute(sa.text(f"DELETE FROM {table}"))
    if session.get_bind().dialect.name == "sqlite":  # statements are never deleted; here the search must forget them
        session.execute(sa.text("INSERT INTO statement_search_index(statement_search_index) VALUES ('rebuild')"))
    with Operations.context(MigrationContext.configure(session.connection())):
        migration()._answers_become_statements()
    assert stored(session) == today
    assert [row.topic for row in page(Filters(text="tai dinh cu"), NOW.date()).rows] == [TOPIC]
    assert like(Matter(TOPIC))[0].row.topic == TOPIC
    assert session.scalar(sa.select(Statement.inquiry_id).where(Statement.topic == TOPIC)) == first.id
    following = clear(said(province.other), actor=None, now=NOW)
    assert following.number == 2
