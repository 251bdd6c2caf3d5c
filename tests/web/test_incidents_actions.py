"""What happens in an incident room, by the actions themselves."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed
from pr_tracker.incidents.actions import joining, opening, roster, statement
from pr_tracker.incidents.actions.opening import IncidentFacts
from pr_tracker.incidents.actions.roster import ShiftFacts
from pr_tracker.incidents.models import IncidentEntry, IncidentInquiry, IncidentReview
from pr_tracker.incidents.queries.visibility import newest_statement
from pr_tracker.incidents.rules import Span, StatementState
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.incidents.rules_kinds import IncidentKind, Moments
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.inquiries.rules_seal import ReviewStep, seal_of
from pr_tracker.office_time import OFFICE_ZONE
from tests.factories.incidents import NOW, TEXT, Province, an_incident, approved, submitted
from tests.factories.inquiries import an_inquiry


@pytest.fixture
def province(session):
    return Province()


def clock_of(inquiry):
    """Everything that makes up the clock of an inquiry, byte for byte as it is stored."""
    table = Inquiry.__table__
    names = (
        "clock", "clock_key", "clock_version", "due_on", "due_at", "ends_at", "started_at", "next_reminder_at",
        "paused_at", "paused_until", "stopped_days", "extended_days",
    )  # fmt: skip
    db.session.flush()
    columns = [sa.cast(table.c[name], sa.Text).label(name) for name in names]
    return tuple(db.session.execute(sa.select(*columns).where(table.c.id == inquiry.id)).one())


def events(incident):
    query = sa.select(IncidentEntry.event).where(IncidentEntry.incident_id == incident.id).order_by(IncidentEntry.id)
    return list(db.session.scalars(query))


def office(hour, minute, day, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=OFFICE_ZONE)


# Opening


def test_an_incident_gets_its_number_and_24_hours_from_receipt(province):
    incident = an_incident(province, received_at=office(15, 30, 20))  # Friday
    assert incident.code == "VV-2026-0001"
    assert incident.due_at == office(15, 30, 21)  # Saturday: hours do not roll
    assert incident.started_at == office(15, 30, 20)
    assert incident.next_reminder_at == office(3, 30, 21)  # 12 hours before
    assert an_incident(province).code == "VV-2026-0002"


def test_divided_opinion_has_no_clock_until_it_is_determined(province):
    incident = an_incident(province, kind=IncidentKind.DIVIDED_OPINION)
    assert (incident.due_at, incident.next_reminder_at) == (None, None)
    found = "Lan truyền trên mạng xã hội, ý kiến trái chiều"
    opening.determine(incident, office(16, 0, 20), found, actor=province.head, now=NOW, seen=incident.version)
    assert incident.due_at == office(16, 0, 21)
    with pytest.raises(BadInput):
        opening.determine(incident, NOW, found, actor=province.head, now=NOW, seen=None)


def test_an_incident_of_june_counts_from_the_event(province):
    now = office(10, 0, 1, 7)
    moments = Moments(office(9, 0, 30, 6), office(2, 15, 30, 6))
    facts = IncidentFacts("Cháy chợ", IncidentKind.INCIDENT, moments)
    incident = opening.open_incident(facts, province.department, actor=province.drafter, now=now)
    assert incident.due_at == office(2, 15, 1, 7)


def test_a_changed_moment_needs_a_reason_and_keeps_the_former_due_time(province):
    incident = an_incident(province, received_at=office(15, 30, 20))
    moments = Moments(office(14, 30, 20))
    facts = IncidentFacts(incident.title, incident.kind, moments, incident.summary)
    with pytest.raises(BadInput) as refusal:
        opening.change(incident, facts, "", actor=province.drafter, now=NOW)
    assert refusal.value.field == "reason"
    opening.change(incident, facts, "Ghi nhầm giờ", actor=province.drafter, now=NOW)
    assert incident.due_at == office(14, 30, 21)
    line = db.session.scalars(sa.select(IncidentEntry).order_by(IncidentEntry.id.desc())).first()
    assert datetime.fromisoformat(line.data["old"]) == office(15, 30, 21)
    assert line.data["reason"] == "Ghi nhầm giờ"


def test_only_the_provincial_office_opens_for_others(province):
    with pytest.raises(NotAllowed):
        an_incident(province, agency=province.other, actor=province.drafter)
    assert an_incident(province, agency=province.other, actor=province.clerk).agency is province.other
    with pytest.raises(NotAllowed):
        an_incident(province, actor=province.supervisor)


# Merging keeps every clock


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.INCIDENT, Kind.FORWARDED_OPINION, Kind.ANSWER_ON_PRESS])
def test_merging_and_unmerging_leave_the_clock_byte_for_byte(province, kind):
    inquiry = an_inquiry(province, status=Status.DRAFTING, kind=kind)
    before = clock_of(inquiry)
    incident = an_incident(province)
    joining.join(incident, inquiry, actor=province.drafter, now=NOW)
    assert clock_of(inquiry) == before
    assert inquiry.incident.code == incident.code
    joining.leave(incident, inquiry, "Việc khác", actor=province.drafter, now=NOW + timedelta(hours=3))
    assert clock_of(inquiry) == before
    assert inquiry.incident_id is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), max_size=14))
def test_no_sequence_of_merging_touches_a_clock_or_puts_an_inquiry_twice(province, moves):
    inquiries = [an_inquiry(province, status=Status.ASSIGNED, kind=kind) for kind in (Kind.QUESTION, Kind.INCIDENT)]
    inquiries.append(an_inquiry(province, status=Status.APPROVED))
    incidents = [an_incident(province), an_incident(province)]
    before = [clock_of(inquiry) for inquiry in inquiries]
    inside = {}
    for hours, (which, where) in enumerate(moves):
        inquiry, incident, now = inquiries[which], incidents[where], NOW + timedelta(hours=hours)
        if inside.get(which) == where:
            joining.leave(incident, inquiry, "Tách ra", actor=province.clerk, now=now)
            del inside[which]
        elif which in inside:
            with pytest.raises(BadInput):
                joining.join(incident, inquiry, actor=province.clerk, now=now)
        else:
            joining.join(incident, inquiry, actor=province.clerk, now=now)
            inside[which] = where
        assert [clock_of(each) for each in inquiries] == before
        current = db.session.execute(
            sa.select(IncidentInquiry.inquiry_id, IncidentInquiry.incident_id).where(
                IncidentInquiry.unmerged_at.is_(None), IncidentInquiry.incident_id.in_([one.id for one in incidents])
            )
        )
        assert {(inquiries[at].id, incidents[to].id) for at, to in inside.items()} == {tuple(row) for row in current}


def test_merging_is_told_on_both_sides(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    incident = an_incident(province, inquiries=[inquiry])
    assert events(incident) == [IncidentEvent.OPEN, IncidentEvent.JOIN]
    line = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert (line.event, line.data["incident"]) == (InquiryEvent.JOIN_INCIDENT, incident.code)


def test_whoever_steers_the_room_but_not_the_inquiry_may_not_take_it(province):
    foreign = an_inquiry(province, status=Status.RECEIVED)
    incident = an_incident(province)
    with pytest.raises(NotAllowed):
        joining.join(incident, foreign, actor=province.drafter, now=NOW)


# The statement


def test_a_statement_needs_the_lead_agency_and_then_ubnd_tinh(province):
    incident = submitted(an_incident(province), province)
    version = newest_statement(incident)
    assert (version.state, version.review_step) == (StatementState.IN_REVIEW, ReviewStep.AGENCY)
    with pytest.raises(NotAllowed):
        statement.approve(incident, actor=province.chairman, now=NOW)
    statement.approve(incident, actor=province.head, now=NOW)
    assert (version.state, version.review_step) == (StatementState.IN_REVIEW, ReviewStep.PROVINCE)
    with pytest.raises(NotAllowed):
        statement.approve(incident, actor=province.deputy, now=NOW)
    statement.approve(incident, actor=province.chairman, now=NOW)
    assert (version.state, version.review_step) == (StatementState.APPROVED, None)
    assert version.digest == seal_of(TEXT)


def test_where_ubnd_tinh_leads_one_approval_is_enough(province):
    incident = an_incident(province, agency=province.top, actor=province.clerk)
    statement.save_and_submit(incident, TEXT, actor=province.clerk, now=NOW)
    statement.approve(incident, actor=province.vice, now=NOW)
    assert newest_statement(incident).state is StatementState.APPROVED


def test_drafter_and_approver_differ_except_where_the_head_answers_alone_on_record(province):
    incident = an_incident(province)
    statement.save_and_submit(incident, TEXT, actor=province.head, now=NOW)
    with pytest.raises(BadInput) as refusal:
        statement.approve(incident, actor=province.head, now=NOW)
    assert refusal.value.field == "alone"
    statement.approve(incident, actor=province.head, now=NOW, alone=True)
    assert db.session.scalars(sa.select(IncidentReview.alone)).all() == [True]
    other = an_incident(province)
    statement.save_and_submit(other, TEXT, actor=province.deputy, now=NOW)
    with pytest.raises(NotAllowed):
        statement.approve(other, actor=province.deputy, now=NOW, alone=True)


def test_another_text_than_the_one_read_is_not_approved(province):
    incident = submitted(an_incident(province), province)
    with pytest.raises(BadInput):
        statement.approve(incident, actor=province.head, now=NOW, digest=seal_of(TEXT + " "))
    statement.approve(incident, actor=province.head, now=NOW, digest=seal_of(TEXT))


def test_a_new_version_voids_every_seal(province):
    incident = approved(an_incident(province), province)
    statement.save_statement(incident, TEXT + " Bổ sung.", actor=province.drafter, now=NOW)
    assert newest_statement(incident).state is StatementState.DRAFTING
    voided = db.session.scalars(sa.select(IncidentReview.voided_at)).all()
    assert len(voided) == 2
    assert None not in voided


def test_a_return_needs_a_reason_and_reaches_the_drafter(province):
    incident = submitted(an_incident(province), province)
    with pytest.raises(BadInput):
        statement.return_statement(incident, " ", actor=province.head, now=NOW)
    statement.return_statement(incident, "Thiếu số điện thoại", actor=province.head, now=NOW)
    assert newest_statement(incident).state is StatementState.RETURNED


def test_one_who_looked_at_an_older_version_is_told(province):
    incident = an_incident(province)
    seen = incident.version
    statement.save_statement(incident, TEXT, actor=province.drafter, now=NOW, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        statement.save_statement(incident, "Khác", actor=province.drafter, now=NOW, seen=seen)


# Roster, tasks, closing


def shift(province, *, person=None, hours=8, start=0):
    person = person or province.drafter
    begins = NOW + timedelta(hours=start)
    return ShiftFacts(person.id, Span(begins, begins + timedelta(hours=hours)), "0000 900 111", "Trực báo chí")


def test_only_people_of_the_incident_are_on_call(province):
    incident = an_incident(province)
    roster.add_shift(incident, shift(province), actor=province.drafter, now=NOW)
    with pytest.raises(BadInput) as refusal:
        roster.add_shift(incident, shift(province, person=province.stranger), actor=province.drafter, now=NOW)
    assert refusal.value.field == "person_id"
    joining.involve(incident, province.other, actor=province.drafter, now=NOW)
    roster.add_shift(incident, shift(province, person=province.stranger), actor=province.drafter, now=NOW)


def test_a_shift_without_any_number_is_refused(province):
    incident = an_incident(province)
    facts = ShiftFacts(province.drafter.id, Span(NOW, NOW + timedelta(hours=1)))
    with pytest.raises(BadInput) as refusal:
        roster.add_shift(incident, facts, actor=province.drafter, now=NOW)
    assert refusal.value.field == "phone"


def test_a_task_is_done_by_its_person_even_where_they_do_not_steer(province):
    incident = an_incident(province)
    joining.involve(incident, province.other, actor=province.drafter, now=NOW)
    due = NOW + timedelta(hours=1)
    task = roster.add_task(incident, "Lập danh sách hộ", province.stranger.id, due, actor=province.drafter, now=NOW)
    roster.finish_task(incident, task, actor=province.stranger, now=NOW)
    with pytest.raises(StepNotAllowed):
        roster.finish_task(incident, task, actor=province.drafter, now=NOW)
    other = roster.add_task(incident, "Gọi báo", province.drafter.id, due, actor=province.drafter, now=NOW)
    with pytest.raises(NotAllowed):
        roster.finish_task(incident, other, actor=province.stranger, now=NOW)


def test_a_room_closes_when_nothing_is_open_and_opens_again_with_a_reason(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    incident = an_incident(province, inquiries=[inquiry])
    with pytest.raises(StepNotAllowed):
        opening.close(incident, "Xong", actor=province.head, now=NOW)
    joining.leave(incident, inquiry, "Việc khác", actor=province.drafter, now=NOW)
    opening.close(incident, "Tin báo nhầm", actor=province.head, now=NOW)
    assert incident.next_reminder_at is None
    with pytest.raises(StepNotAllowed):
        statement.save_statement(incident, TEXT, actor=province.drafter, now=NOW)
    opening.reopen(incident, "Có tin mới", actor=province.head, now=NOW)
    assert incident.next_reminder_at is not None
