"""A filled database is one that the office's own acts could have made: sealed, linked, counted, and ready to go on."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.bench.jobs import days_of, fill
from pr_tracker.bench.moments import EPOCH, minute_of
from pr_tracker.bench.sheets import TABLES
from pr_tracker.cli.notices import one_pass
from pr_tracker.db import db
from pr_tracker.deadlines.queries import rule_book, terms_of, working_calendar
from pr_tracker.deadlines.rules import Deadline, compute
from pr_tracker.errors import BadInput
from pr_tracker.inquiries.actions import handling, sealing
from pr_tracker.inquiries.actions.beats import index_text
from pr_tracker.inquiries.models import Draft, HistoryEntry, Inquiry, NumberCounter
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.queries.seals import given_seals, required_steps, seal_now
from pr_tracker.inquiries.rules import OPEN, TOLD, Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.inquiries.rules_seal import require_sealed
from pr_tracker.notices.models import Notice
from pr_tracker.permissions import Role
from tests.checking_client import CheckingClient

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # a Friday afternoon
COUNT = 1_500


@contextmanager
def statements(engine):
    """Every statement with its parameters that runs meanwhile."""
    ran = []

    def note(_connection, _cursor, statement, parameters, *_):
        ran.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


MADE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY 1",
    "postgresql": "SELECT conname::text FROM pg_constraint UNION ALL SELECT indexname::text FROM pg_indexes WHERE "
    "schemaname = 'public' UNION ALL SELECT tgname::text || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal "
    "ORDER BY 1",
}


@pytest.fixture(scope="class")
def made(engine, engine_app, databases):
    """What stands in the schema before and after a fill; the filled database stays open."""
    with databases.fresh(engine, engine_app), engine_app.app_context():
        before = db.session.scalars(sa.text(MADE[engine])).all()
        fill(COUNT, password_hash="-", now=NOW)
        yield before, db.session.scalars(sa.text(MADE[engine])).all()


@pytest.fixture
def filled(made):
    yield db.session
    db.session.rollback()


def some_of(status, count=12):
    return db.session.scalars(
        sa.select(Inquiry).where(Inquiry.status == status).order_by(Inquiry.id).limit(count)
    ).all()


class TestAFilledDatabase:
    def test_has_every_index_key_and_trigger_again(self, made):
        before, after = made
        assert after == before

    def test_is_whole_by_its_own_checks(self, filled, engine):
        if engine == "sqlite":  # PostgreSQL checked every row when the keys were put back
            assert filled.execute(sa.text("PRAGMA foreign_key_check")).all() == []
            assert filled.scalars(sa.text("PRAGMA integrity_check")).all() == ["ok"]
        assert list(faults_in_chain()) == []
        assert filled.scalar(sa.select(sa.func.count()).select_from(Inquiry)) == COUNT
        assert filled.scalar(sa.select(sa.func.sum(NumberCounter.last))) == COUNT

    def test_has_every_status_and_the_history_of_a_long_case(self, filled):
        statuses = set(filled.scalars(sa.select(Inquiry.status).distinct()))
        assert statuses == set(Status) - {Status.ARCHIVED}  # a month must pass before the first is archived
        longest = (
            sa.select(sa.func.count(HistoryEntry.id)).group_by(HistoryEntry.inquiry_id).order_by(sa.func.count().desc())
        )
        assert filled.scalar(longest.limit(1)) >= 200
        assert filled.scalar(sa.select(sa.func.count()).select_from(Notice)) > COUNT

    def test_tells_nobody_of_what_he_did_himself(self, filled):
        act = sa.literal("history:") + sa.cast(HistoryEntry.id, sa.String)
        own = sa.select(sa.func.count()).select_from(Notice).join(HistoryEntry, Notice.key == act)
        assert filled.scalar(own) > COUNT
        assert filled.scalar(own.where(Notice.person_id == HistoryEntry.actor_id)) == 0

    def test_counts_every_clock_by_the_rules(self, filled):
        for case in filled.scalars(sa.select(Inquiry).where(Inquiry.id % 9 == 0)):
            stored = Deadline.from_json(case.clock)
            term = {"calendar": working_calendar(), "book": rule_book(), "settings": terms_of(case.lead_agency_id)}
            if case.lead_agency_id and not (stored.stops or stored.extensions):
                assert stored == compute(case.clock_key, case.started_at, **term)
            assert (case.ends_at, case.due_on, case.due_at) == (stored.ends_at, stored.due_on, stored.due_at)
            assert (case.stopped_days, case.extended_days) == (stored.stopped_days, stored.extended_days)
            assert case.version == max(
                filled.scalars(sa.select(HistoryEntry.version).where(HistoryEntry.inquiry_id == case.id))
            )

    def test_gives_only_what_was_sealed(self, filled):
        for case in [*some_of(Status.APPROVED), *some_of(Status.ANSWERED), *some_of(Status.REFUSED)]:
            assert case.approved_draft
            require_sealed(seal_now(case.approved_draft), required_steps(case), given_seals(case.approved_draft))
            assert (case.finished_at is not None) == (case.status in TOLD)
        assert all(case.finished_at is None for status in OPEN for case in some_of(status))

    def test_is_searched_through_by_the_words_that_stand_in_it(self, filled):
        for case in some_of(Status.ANSWERED, 40):
            found = filled.get(SearchText, case.id)
            words = found.folded, found.exact
            index_text(case)
            assert (found.folded, found.exact) == words


class TestAFilledCaseGoesOn:
    def person(self, agency_id, role, *, but=None):
        query = sa.select(Person).join(PersonRole).where(Person.agency_id == agency_id, PersonRole.role == role)
        return db.session.scalars(query.where(Person.active, Person.id != (but or 0)).order_by(Person.id)).first()

    def test_from_the_logging_to_the_answer(self, filled):
        later = NOW + timedelta(minutes=5)
        [received] = some_of(Status.RECEIVED, 1)
        lead = db.session.scalars(sa.select(Agency).where(Agency.code == "SYT")).one()
        handling.assign(received, lead, actor=received.logged_by, now=later)
        newest = sa.select(sa.func.max(Draft.id)).group_by(Draft.inquiry_id)
        answers = sa.select(Inquiry, Draft).join(Draft, Draft.inquiry_id == Inquiry.id).where(Draft.id.in_(newest))
        answers = answers.where(Inquiry.status == Status.IN_REVIEW, Inquiry.kind == Kind.QUESTION)
        given = db.session.execute(answers.where(Draft.ground.is_(None)).order_by(Inquiry.id))
        case, draft = next(each for each in given if len(required_steps(each.Inquiry)) == 1)
        sealing.approve(case, actor=self.person(case.lead_agency_id, Role.HEAD, but=draft.author_id), now=later)
        officer, head = self.person(case.lead_agency_id, Role.STAFF), case.responsible
        form, said = AnswerForm.WRITTEN, {"evidence": "Đã gửi.", "stated": ()}
        sealing.release(case, form, at=later, speaker=head, **said, actor=officer, now=later)
        assert (received.status, case.status) == (Status.ASSIGNED, Status.ANSWERED)

    def test_and_no_pass_of_the_sender_walks_a_large_table(self, filled, engine):
        if engine != "sqlite":  # of so few rows PostgreSQL reads all, whatever index there is
            return
        one_pass()
        with statements(filled.get_bind()) as ran:
            one_pass()
        assert len(ran) < 60
        walked = {
            row.detail.split()[1]
            for statement, parameters in ran
            if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
            for row in filled.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            if row.detail.startswith("SCAN") and "INDEX" not in row.detail
        }
        assert not walked & (TABLES - {"courses"})

    def test_and_every_page_of_it_opens(self, filled, engine_app):
        engine_app.test_client_class = CheckingClient
        client = engine_app.test_client()
        office = db.session.scalars(sa.select(Agency.id).where(Agency.code == "VPUBND")).one()
        client.act_as(self.person(office, Role.STAFF))
        for status in set(Status) - {Status.ARCHIVED}:
            [case] = some_of(status, 1)
            assert client.get(f"/inquiries/{case.id}").status_code == 200
        assert client.get("/queue").status_code == 200


def test_only_an_empty_database_is_filled(session):
    fill(200, password_hash="-", now=NOW)
    with pytest.raises(BadInput, match="Only an empty database is filled"):
        fill(200, password_hash="-", now=NOW)


def test_a_million_inquiries_are_twenty_years_and_the_last_weeks_are_as_in_ten_thousand():
    today, now = date(2026, 11, 20), minute_of(NOW)
    few, many = days_of(10_000, today, now), days_of(1_000_000, today, now)
    assert sum(many.values()) == 1_000_000
    assert list(few.items())[1:] == list(many.items())[-len(few) + 1 :]
    assert EPOCH + timedelta(days=min(many)) < date(2007, 1, 1)
    with pytest.raises(BadInput):
        days_of(2_000_000, today, now)


def test_filling_is_refused_in_production(app, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_ENV", "production")
    outcome = app.test_cli_runner().invoke(args=["bench", "fill", "200"])
    assert outcome.exit_code == 2
    assert "production" in outcome.output
