"""64 writers at the same moment, some of whom take their act back: every series of numbers is whole, the log too."""

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit import actions as log
from pr_tracker.audit.models import AuditHead
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.backups.manifest import BackupEvent
from pr_tracker.certificates import actions as certificates
from pr_tracker.certificates.models import Certificate
from pr_tracker.db import db
from pr_tracker.incidents.actions import opening
from pr_tracker.incidents.actions.opening import IncidentFacts
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.rules_kinds import IncidentKind, Moments
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.actions.intake import NewInquiry
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules_kinds import Channel, Kind
from pr_tracker.outlets.models import Outlet
from pr_tracker.statements.actions import clear
from pr_tracker.statements.models import Statement
from tests.factories.accounts import NOW
from tests.factories.certificates import KEY, a_held_class, a_run
from tests.factories.incidents import Province
from tests.factories.outlets import an_outlet
from tests.factories.statements import said
from tests.together import together

WRITERS = {Inquiry: 28, Incident: 14, Statement: 14, Certificate: 8}
PEOPLE = [f"Học Viên {number}" for number in range(WRITERS[Certificate])]


class TakenBack(Exception):
    """The act is done but for its commit."""


@pytest.fixture
def desk(app):
    """The application with a line to the database for each writer, and what they write about."""
    engines = db._app_engines[app]
    before, engines[None] = engines[None], sa.create_engine(engines[None].url, poolclass=sa.NullPool)
    if engines[None].dialect.name == "sqlite":  # the last of 64 on a busy machine; patience is tried in tests/faults
        sa.event.listen(engines[None], "connect", lambda line, _: line.execute("PRAGMA busy_timeout=100000"))
    with app.app_context():
        province, outlet = Province(), an_outlet()
        run = a_run(a_held_class(*PEOPLE))
        db.session.flush()
        ids = {"clerk": province.clerk.id, "outlet": outlet.id, "agency": province.department.id, "run": run.id}
        db.session.commit()
    yield app, ids
    engines[None] = before


def writes(kind, ids):
    """One act of this kind, by rows of its own session."""
    if kind is Certificate:
        return certificates.issue_next(ids["run"], key=KEY, now=NOW)
    clerk, agency = db.session.get_one(Person, ids["clerk"]), db.session.get_one(Agency, ids["agency"])
    if kind is Inquiry:
        outlet = db.session.get_one(Outlet, ids["outlet"])
        facts = {"channel": Channel.PHONE, "kind": Kind.QUESTION, "received_at": NOW}
        new = NewInquiry(subject="Ngập", questions=["Bao giờ xong?"], outlet=outlet, journalists=[], **facts)
        return intake.log_inquiry(new, actor=clerk, now=NOW)
    if kind is Incident:
        facts = IncidentFacts("Sạt lở", IncidentKind.INCIDENT, Moments(NOW), "Nước xoáy.")
        return opening.open_incident(facts, agency, inquiries=(), actor=clerk, now=NOW)
    return clear(said(agency), actor=clerk, now=NOW)


def test_no_number_is_lost_or_given_twice_by_64_writers(desk):
    app, ids = desk

    def writer(kind, takes_back):
        def act():
            writes(kind, ids)
            db.session.flush()
            if takes_back:
                raise TakenBack

        return act

    acts = [writer(kind, at % 4 == 3 and kind is not Certificate) for kind, n in WRITERS.items() for at in range(n)]
    assert len(acts) == 64
    assert together(app, *acts) == ["TakenBack"] * 13
    with app.app_context():
        for kind, writers in WRITERS.items():
            numbers = sorted(db.session.scalars(sa.select(kind.number)))
            stayed = writers if kind is Certificate else writers - writers // 4
            assert numbers == list(range(1, stayed + 1)), kind
        assert list(faults_in_chain()) == []


def test_the_first_two_acts_of_an_empty_log_both_stand(app):
    """Seen red on PostgreSQL: both made the head of the chain, and one of them failed."""

    def act():
        log.record(BackupEvent.MAKE, None, actor=None, now=NOW)

    assert together(app, *[act] * 8) == []
    with app.app_context():
        assert db.session.get_one(AuditHead, 1).last_number == 8
        assert list(faults_in_chain()) == []
