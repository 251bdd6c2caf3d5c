"""A change that is carried out on every open clock: inquiries and coordination parts, closed cases left alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.deadlines import actions_rerun, queries
from pr_tracker.deadlines.rules import Deadline, compute
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_rerun import changed, digest_of, due_moves
from pr_tracker.errors import ChangedMeanwhile
from pr_tracker.inquiries.actions.moving import InquiryClocks
from pr_tracker.inquiries.models import HistoryEntry, Inquiry, Participation
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Part
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part

HOLDERS = [InquiryClocks()]
MONDAY = date(2026, 11, 23)
WHY = "Lịch làm việc: 23/11/2026 nghỉ bão"


@pytest.fixture
def province(session):
    return Province()


def with_days_off(*days):
    calendar = queries.working_calendar().with_overrides({day: DayEntry(DayKind.HOLIDAY, "Nghỉ bão") for day in days})
    return lambda clock: compute(clock.deadline.key, clock.deadline.trigger_at, calendar=calendar)


def carry_out(recount):
    moves = changed(actions_rerun.hold(HOLDERS), recount)
    actions_rerun.carry_out(HOLDERS, moves, why=WHY, actor=None, now=NOW)


def history(session, inquiry):
    query = sa.select(HistoryEntry.data).where(
        HistoryEntry.inquiry_id == inquiry.id, HistoryEntry.event == "inquiry:deadline:move"
    )
    return session.scalars(query).all()


def test_a_day_off_moves_an_open_inquiry_and_its_history_says_why(province, session):
    inquiry = an_inquiry(province)
    assert inquiry.due_on == date(2026, 11, 26)  # Fri 20: Mon 23, Wed 25, Thu 26 (Tue 24 is a holiday)
    carry_out(with_days_off(MONDAY))
    session.refresh(inquiry)
    assert inquiry.due_on == date(2026, 11, 27)
    assert Deadline.from_json(inquiry.clock).due_on == date(2026, 11, 27)
    assert inquiry.ends_at > NOW + timedelta(days=7)
    data = {"agency": province.office.name, "old": "2026-11-26", "new": "2026-11-27", "note": WHY}
    assert history(session, inquiry) == [data]
    logged = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "inquiry:deadline:move")).all()
    assert logged == [data]
    assert list(faults_in_chain()) == []


def test_nobodys_open_form_is_disturbed(province, session):
    inquiry = an_inquiry(province)
    before = inquiry.version
    carry_out(with_days_off(MONDAY))
    session.refresh(inquiry)
    assert inquiry.version == before


def test_a_part_that_is_owed_moves_and_one_that_was_sent_does_not(province, session):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    a_part(inquiry, province.other, "Số liệu kinh phí", actor=province.head, now=NOW)
    carry_out(with_days_off(MONDAY))
    part = session.scalars(sa.select(Participation).where(Participation.part == Part.COORDINATING)).one()
    session.refresh(part)
    assert part.due_on == date(2026, 11, 25)
    assert [data["agency"] for data in history(session, inquiry)] == [province.department.name, province.other.name]
    a_sent_part(inquiry, "Đã gửi", actor=province.stranger, now=NOW)
    session.flush()
    assert [clock.kind for clock in InquiryClocks().open_clocks()] == ["inquiries"]


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.REFUSED, Status.WITHDRAWN, Status.ARCHIVED])
def test_closed_cases_stay_as_they_were(province, session, status):
    inquiry = an_inquiry(province, status=status)
    session.flush()
    before = dict(inquiry.clock)
    carry_out(with_days_off(MONDAY))
    session.refresh(inquiry)
    assert inquiry.clock == before
    assert history(session, inquiry) == []


def test_where_only_the_explanation_changes_nothing_is_told(province, session):
    inquiry = an_inquiry(province)
    calendar = queries.working_calendar()
    culture = replace(calendar.entries[date(2026, 11, 24)], decision="80-NQ/TW")
    renamed = calendar.with_overrides({date(2026, 11, 24): culture})
    carry_out(lambda clock: compute(clock.deadline.key, clock.deadline.trigger_at, calendar=renamed))
    session.refresh(inquiry)
    assert "80-NQ/TW" in str(inquiry.clock)
    assert history(session, inquiry) == []


def test_running_it_twice_changes_nothing_more(province, session):
    inquiry = an_inquiry(province)
    carry_out(with_days_off(MONDAY))
    session.expire_all()
    assert actions_rerun.preview(HOLDERS, with_days_off(MONDAY)) == []
    assert len(history(session, inquiry)) == 1


def test_many_clocks_are_read_in_batches(province, session, monkeypatch):
    monkeypatch.setattr("pr_tracker.inquiries.queries.clocks.BATCH", 2)
    ids = [an_inquiry(province).id for _ in range(5)]
    assert [clock.id for clock in InquiryClocks().open_clocks()] == ids


def test_a_preview_is_confirmed_only_as_it_was_shown(province, session):
    an_inquiry(province)
    shown = actions_rerun.preview(HOLDERS, with_days_off(MONDAY))
    actions_rerun.require_seen(shown, digest_of(shown))
    an_inquiry(province)
    meanwhile = actions_rerun.preview(HOLDERS, with_days_off(MONDAY))
    assert len(due_moves(meanwhile)) == 2
    with pytest.raises(ChangedMeanwhile):
        actions_rerun.require_seen(meanwhile, digest_of(shown))


def test_an_inquiry_logged_between_the_locks_is_noticed(province, session):
    an_inquiry(province)

    class Hasty(InquiryClocks):
        def lock(self):
            held = super().lock()
            an_inquiry(province)
            return held

    with pytest.raises(ChangedMeanwhile):
        actions_rerun.hold([Hasty()])


def test_the_holders_of_the_application_are_one_visible_list(app):
    assert [type(holder).__name__ for holder in app.extensions["clock_holders"]][:1] == ["InquiryClocks"]


def test_clocks_and_inquiries_agree(province, session):
    inquiry = an_inquiry(province)
    (clock,) = InquiryClocks().open_clocks()
    assert (clock.code, clock.id, clock.guard) == (inquiry.code, inquiry.id, (Inquiry.__tablename__, inquiry.id))
    assert clock.agency_id == province.office.id


def test_a_part_whose_moment_was_typed_has_no_clock_and_a_withdrawn_rule_passes_it_by(province, session):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    a_part(inquiry, province.other, "Số liệu", actor=province.head, now=NOW, due_at=NOW + timedelta(hours=5))
    session.commit()
    assert [(each.kind, each.deadline is None) for each in InquiryClocks().open_clocks()] == [("inquiries", False)]
