"""A newer version of a clock is saved together with every open clock it touches; none in force is ever changed."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.deadlines import actions, actions_rules, queries
from pr_tracker.deadlines.models import ClockVersionRow
from pr_tracker.deadlines.rules import SHIPPED, ClockKey, Deadline
from pr_tracker.deadlines.rules_book import NewVersion
from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_table import Citation, Confidence, Instrument
from pr_tracker.deadlines.rules_terms import Allowance, ClockHours, WorkingDays
from pr_tracker.errors import BadInput, ChangedMeanwhile
from pr_tracker.inquiries.actions import answer, stops
from pr_tracker.inquiries.actions.moving import InquiryClocks
from pr_tracker.inquiries.models import HistoryEntry
from pr_tracker.inquiries.queries.stops import find_unended_pause
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.stops import pause

HOLDERS = [InquiryClocks()]
FRI_20_NOV, THU_26_NOV = date(2026, 11, 20), date(2026, 11, 26)
MARCH = date(2027, 3, 1)
DECREE = Citation(Instrument.OTHER, 12, 3, name="Nghị định 300/2027/NĐ-CP")
WHY = "Nghị định 300/2027/NĐ-CP"


@pytest.fixture
def province(session):
    return Province()


def new(key=ClockKey.INTERNAL_REPLY, days=5, since=FRI_20_NOV, **more):
    return NewVersion(key, since, WorkingDays(days), (DECREE,), Confidence.TEXT, **more)


def supersede(version, *, seen=None, now=NOW):
    if seen is None:
        _, seen = actions_rules.look_at(version, holders=HOLDERS)
    return actions_rules.supersede(version, note="", holders=HOLDERS, seen=seen, why=WHY, actor=a_person(), now=now)


def withdraw(row, *, now=NOW):
    _, seen = actions_rules.look_at_withdrawal(row, holders=HOLDERS, now=now)
    return actions_rules.withdraw(row, holders=HOLDERS, seen=seen, why=WHY, actor=a_person(), now=now)


def stored(session):
    return session.scalars(sa.select(ClockVersionRow).order_by(ClockVersionRow.id)).all()


def test_without_entered_versions_the_book_is_the_shipped_one(session):
    assert queries.rule_book() == SHIPPED
    assert queries.rule_book() is queries.rule_book()


def test_looking_at_a_version_changes_nothing(province, session):
    inquiry = an_inquiry(province)
    moves, _ = actions_rules.look_at(new(), holders=HOLDERS)
    # 5 working days from Fri 20 Nov: Mon 23, [Tue 24 Culture Day], Wed 25, Thu 26, Fri 27, Mon 30
    assert [(move.old_due.due_on, move.new_due.due_on) for move in moves] == [(THU_26_NOV, date(2026, 11, 30))]
    session.refresh(inquiry)
    assert inquiry.due_on == THU_26_NOV
    assert stored(session) == []


def test_a_newer_version_moves_the_open_clocks_of_its_days_and_tells_why(province, session):
    inquiry = an_inquiry(province)
    supersede(new(allowance=Allowance(7, 3), ladder=Ladder((2,))))
    session.refresh(inquiry)
    deadline = Deadline.from_json(inquiry.clock)
    assert (inquiry.due_on, inquiry.clock_version) == (date(2026, 11, 30), "internal_reply@2026-11-20")
    assert (deadline.version, deadline.allowance, deadline.ladder) == (
        "internal_reply@2026-11-20",
        Allowance(7, 3),
        Ladder((2,)),
    )
    told = session.scalars(sa.select(HistoryEntry.data).where(HistoryEntry.event == "inquiry:deadline:move")).one()
    assert (told["old"], told["new"], told["note"]) == ("2026-11-26", "2026-11-30", WHY)
    assert list(faults_in_chain()) == []


def test_the_audit_log_keeps_what_the_version_says(province, session):
    supersede(new())
    data = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "clock_version:add")).one()
    assert data["version"] == "internal_reply@2026-11-20"
    assert data["term"] == {"kind": "working_days", "days": 5}
    assert data["basis"][0]["name"] == "Nghị định 300/2027/NĐ-CP"


def test_clocks_that_started_before_and_closed_cases_stay_as_they_were(province, session):
    before = an_inquiry(province, now=NOW - timedelta(days=1))
    closed = an_inquiry(province, status=Status.ANSWERED)
    other = an_inquiry(province, kind=Kind.FORWARDED_OPINION)
    session.flush()
    kept = {each.id: each.clock for each in (before, closed, other)}
    assert supersede(new()) == []
    for each in (before, closed, other):
        session.refresh(each)
        assert each.clock == kept[each.id]


def test_new_inquiries_and_parts_count_under_the_version_of_their_day(province, session):
    supersede(new(since=MARCH))
    supersede(new(ClockKey.INTERNAL_INPUT, 2, since=MARCH))
    # Mon 1 March 2027, 5 working days: Tue 2, Wed 3, Thu 4, Fri 5, Mon 8
    march = NOW + (MARCH - FRI_20_NOV)
    inquiry = an_inquiry(province, now=march)
    assert (inquiry.due_on, inquiry.clock_version) == (date(2027, 3, 8), "internal_reply@2027-03-01")


def test_a_version_of_the_future_touches_nothing_that_is_open(province):
    an_inquiry(province)
    moves, _ = actions_rules.look_at(new(since=MARCH), holders=HOLDERS)
    assert moves == []


def test_a_term_that_is_the_agencys_own_is_that_of_each_agency(province, session):
    inquiry = an_inquiry(province)
    actions.set_agency_term(inquiry.lead_agency or province.office, ClockKey.INTERNAL_REPLY, 7, actor=None, now=NOW)
    last = SHIPPED.versions_of("internal_reply")[0]
    again = NewVersion(ClockKey.INTERNAL_REPLY, FRI_20_NOV, last.term, last.basis, last.confidence)
    supersede(again)
    session.refresh(inquiry)
    # 7 working days: Mon 23, Wed 25, Thu 26, Fri 27, Mon 30, Tue 1, Wed 2 December
    assert inquiry.due_on == date(2026, 12, 2)


def test_a_version_in_force_is_neither_changed_nor_withdrawn(session):
    supersede(new())
    with pytest.raises(BadInput, match="must begin later"):
        supersede(new(days=6))
    with pytest.raises(BadInput, match="only superseded"):
        withdraw(stored(session)[0])


def test_a_version_that_has_not_begun_is_withdrawn_and_stays_on_record(session):
    supersede(new(since=MARCH))
    assert queries.rule_book().versions_of("internal_reply")[0].code == "internal_reply@2027-03-01"
    row = stored(session)[0]
    withdraw(row)
    assert queries.rule_book() == SHIPPED
    assert (row.withdrawn_at, row.withdrawn_by_id is not None) == (NOW, True)
    assert session.scalar(sa.select(AuditEntry.event).where(AuditEntry.event == "clock_version:withdraw"))
    with pytest.raises(ChangedMeanwhile):
        withdraw(row)


def test_the_day_of_a_withdrawn_version_is_free_again(session):
    supersede(new(since=MARCH))
    withdraw(stored(session)[0])
    supersede(new(since=MARCH, days=8))
    assert queries.rule_book().version_on("internal_reply", MARCH).term == WorkingDays(8)


def test_of_two_administrators_one_wins(session):
    """Both looked at the same book; the slower one must look again, whatever day was typed."""
    _, seen = actions_rules.look_at(new(since=MARCH), holders=HOLDERS)
    supersede(new(since=MARCH), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        supersede(new(since=MARCH + timedelta(days=30), days=9), seen=seen)


def test_what_was_not_shown_is_not_saved(province, session):
    _, seen = actions_rules.look_at(new(), holders=HOLDERS)
    an_inquiry(province)
    with pytest.raises(ChangedMeanwhile):
        supersede(new(), seen=seen)
    session.rollback()
    assert queries.rule_book() == SHIPPED


def test_the_database_itself_holds_one_version_a_day(session):
    supersede(new())
    row = stored(session)[0]
    again = {
        column.name: getattr(row, column.name) for column in ClockVersionRow.__table__.columns if column.name != "id"
    }
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.insert(ClockVersionRow).values(**again))


def test_taking_a_newer_version_back_by_a_newer_one_restores_the_term(province, session):
    """Fri 20 Nov stays under the version of its day; what starts later counts as before."""
    supersede(new())
    supersede(new(days=3, since=date(2026, 11, 21)))
    assert queries.rule_book().version_on("internal_reply", FRI_20_NOV).term == WorkingDays(5)
    assert queries.rule_book().version_on("internal_reply", date(2026, 11, 21)).term == WorkingDays(3)


@pytest.mark.parametrize("finish", [stops.resume, partial(answer.withdraw, reason="Báo rút câu hỏi")])
def test_a_stop_ends_when_a_newer_version_counts_hours(province, session, finish):
    key, day = ClockKey.ANSWER_ON_PRESS, timedelta(days=1)
    supersede(new(key, 20, since=FRI_20_NOV - day, allowance=Allowance(7, 3)))
    inquiry = an_inquiry(province, kind=Kind.ANSWER_ON_PRESS, status=Status.ASSIGNED)
    pause(inquiry, province.drafter)
    session.flush()
    hours = replace(new(key), term=ClockHours(72))
    supersede(hours, now=NOW + timedelta(hours=1))
    session.expire_all()
    assert (inquiry.paused_at, inquiry.paused_until, inquiry.stopped_days) == (None, None, 0)
    assert find_unended_pause(inquiry) is None
    if finish is stops.resume:
        with pytest.raises(BadInput, match="not stopped"):
            finish(inquiry, actor=province.drafter, now=NOW + day)
    else:
        finish(inquiry, actor=province.drafter, now=NOW + day)


def test_a_paused_clock_survives_that_its_version_counts_days_again(province, session):
    key, day = ClockKey.ANSWER_ON_PRESS, timedelta(days=1)
    supersede(new(key, 20, since=FRI_20_NOV - day, allowance=Allowance(7, 3)))
    inquiry = an_inquiry(province, kind=Kind.ANSWER_ON_PRESS, status=Status.ASSIGNED)
    pause(inquiry, province.drafter)
    session.flush()
    supersede(new(key, 10), now=NOW + timedelta(hours=1))
    session.expire_all()
    assert inquiry.paused_at == NOW
    stops.resume(inquiry, actor=province.drafter, now=NOW + day)
    assert inquiry.paused_at is None
