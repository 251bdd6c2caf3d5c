"""Nobody can change, remove or add a line of the audit log unseen."""

import sqlalchemy as sa

from pr_tracker.audit import queries
from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.rules import Fault, FaultKind
from pr_tracker.db import db
from tests.factories.accounts import a_person


def some_entries():
    for _ in range(3):
        a_person()
    db.session.commit()


def test_an_untouched_log_is_whole(session):
    some_entries()
    assert queries.count_entries() == 6
    assert list(queries.faults_in_chain()) == []


def test_a_changed_entry_is_named(session):
    some_entries()
    session.execute(sa.update(AuditEntry).where(AuditEntry.number == 3).values(actor_name="Người khác"))
    assert list(queries.faults_in_chain()) == [Fault(FaultKind.CHANGED, 3)]


def test_a_removed_entry_is_named_wherever_it_stood(session):
    some_entries()
    session.execute(sa.delete(AuditEntry).where(AuditEntry.number.in_([1, 4, 6])))
    assert list(queries.faults_in_chain()) == [Fault(FaultKind.MISSING, n) for n in (1, 4, 6)]


def test_an_entry_written_past_the_chain_is_named(session):
    some_entries()
    columns = [c for c in AuditEntry.__table__.columns if c.name != "number"]
    copied = sa.select(sa.literal(7), *columns).where(AuditEntry.number == 6)
    session.execute(sa.insert(AuditEntry).from_select(["number", *[c.name for c in columns]], copied))
    assert list(queries.faults_in_chain()) == [Fault(FaultKind.INSERTED, 7)]


def test_an_entry_whose_digest_was_made_anew_breaks_the_next_link(session):
    from pr_tracker.audit.queries import _sealed
    from pr_tracker.audit.rules import digest

    some_entries()
    session.execute(sa.update(AuditEntry).where(AuditEntry.number == 3).values(event="person:other"))
    row = session.execute(sa.select(*AuditEntry.__table__.columns).where(AuditEntry.number == 3)).one()
    session.execute(sa.update(AuditEntry).where(AuditEntry.number == 3).values(hash=digest(_sealed(row))))
    assert list(queries.faults_in_chain()) == [Fault(FaultKind.CHANGED, 4)]


def test_the_command_refuses_a_broken_log(app):
    with app.app_context():
        some_entries()
        db.session.execute(sa.delete(AuditEntry).where(AuditEntry.number == 2))
        db.session.commit()
    outcome = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert outcome.exit_code == 2
    assert "entry 2: missing" in outcome.stderr
