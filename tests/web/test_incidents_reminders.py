"""Who is told of an incident, when, and what a calendar or a new rule does to its clock."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.rules_table import ClockKey
from pr_tracker.incidents import jobs
from pr_tracker.incidents.actions import joining, opening, roster, statement
from pr_tracker.incidents.actions.moving import IncidentClocks
from pr_tracker.incidents.actions.roster import ShiftFacts
from pr_tracker.incidents.documents import calendar_of
from pr_tracker.incidents.rules import Span
from pr_tracker.incidents.rules_kinds import IncidentKind
from pr_tracker.inquiries.rules import Status
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import OFFICE_ZONE
from tests.factories.accounts import a_person
from tests.factories.incidents import NOW, Province, an_incident, submitted
from tests.factories.inquiries import an_inquiry

K = NoticeKind
HOUR = timedelta(hours=1)


@pytest.fixture
def province(session):
    made = Province()
    made.chief = a_person("Lê Chánh Văn Phòng", agency=made.office, roles=("head",))
    db.session.flush()
    return made


def told(kind):
    query = sa.select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.id)
    return set(db.session.scalars(query))


def on_call(incident, province, person, start=-1, end=48):
    facts = ShiftFacts(person.id, Span(NOW + start * HOUR, NOW + end * HOUR), "0000 900 333")
    return roster.add_shift(incident, facts, actor=province.head, now=NOW)


def test_a_new_incident_is_told_to_the_lead_agency_and_the_provincial_office_but_not_to_who_opened_it(province):
    an_incident(province)
    assert told(K.INCIDENT_OPENED) == {province.head.id, province.clerk.id}


def test_reminders_go_to_who_is_on_call_to_the_head_and_to_the_office(province):
    incident = an_incident(province, received_at=NOW)
    on_call(incident, province, province.drafter)
    assert jobs.remind(NOW + 11 * HOUR) == 0
    assert jobs.remind(NOW + 12 * HOUR) == 3  # Saturday 04:30, hours know no office hours
    assert told(K.BEFORE) == {province.drafter.id, province.head.id, province.clerk.id}
    assert jobs.remind(NOW + 12 * HOUR) == 0
    for hours in (20, 23):
        assert jobs.remind(NOW + hours * HOUR) == 3


def test_after_the_end_it_goes_up_level_by_level(province):
    incident = an_incident(province, received_at=NOW)
    on_call(incident, province, province.drafter)
    end = incident.ends_at
    jobs.remind(end)
    assert told(K.LATE_1) == {province.drafter.id, province.head.id, province.clerk.id}
    jobs.remind(end + 2 * HOUR)
    assert told(K.LATE_2) == {province.chief.id}
    jobs.remind(end + 6 * HOUR)
    assert told(K.LATE_3) == {province.chairman.id}


def test_where_nobody_is_on_call_the_lead_agency_hears(province):
    an_incident(province, received_at=NOW)
    jobs.remind(NOW + 12 * HOUR)
    assert province.drafter.id in told(K.BEFORE)


def test_nobody_is_reminded_of_what_is_closed_or_not_yet_determined(province):
    closed = an_incident(province, received_at=NOW)
    opening.close(closed, "Tin nhầm", actor=province.head, now=NOW)
    an_incident(province, kind=IncidentKind.DIVIDED_OPINION)
    assert jobs.remind(NOW + 30 * HOUR) == 0


def test_a_submission_reaches_whose_approval_it_needs_one_after_the_other(province):
    incident = submitted(an_incident(province), province)
    assert told(K.INCIDENT_SUBMITTED) == {province.head.id, province.deputy.id}
    statement.approve(incident, actor=province.head, now=NOW)
    assert told(K.INCIDENT_SUBMITTED) == {
        province.head.id,
        province.deputy.id,
        province.chairman.id,
        province.vice.id,
    }


def test_a_return_reaches_the_drafter(province):
    incident = submitted(an_incident(province), province)
    statement.return_statement(incident, "Thiếu số liệu", actor=province.head, now=NOW)
    assert told(K.INCIDENT_RETURNED) == {province.drafter.id}


def test_who_is_put_on_call_or_given_a_task_is_told(province):
    incident = an_incident(province)
    on_call(incident, province, province.deputy)
    roster.add_task(incident, "Gọi báo", province.deputy.id, NOW + HOUR, actor=province.head, now=NOW)
    assert told(K.INCIDENT_ON_CALL) == {province.deputy.id} == told(K.INCIDENT_TASK)


def test_the_officer_of_an_inquiry_hears_that_it_joined(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    incident = an_incident(province, actor=province.clerk)
    joining.join(incident, inquiry, actor=province.clerk, now=NOW)
    assert province.drafter.id in told(K.INCIDENT_JOINED)


def test_the_calendar_of_who_owes_it_has_the_due_minute(province):
    incident = an_incident(province)
    entries = list(calendar_of(province.drafter, NOW))
    assert [(entry.due_at, entry.path) for entry in entries] == [(incident.due_at, f"/incidents/{incident.id}")]
    assert list(calendar_of(province.stranger, NOW)) == []


def test_a_new_rule_moves_an_incident_s_clock_and_says_why(province):
    incident = an_incident(province, received_at=datetime(2026, 11, 20, 15, 30, tzinfo=OFFICE_ZONE))
    holder = IncidentClocks()
    (clock,) = holder.open_clocks()
    assert (clock.code, clock.deadline.key) == (incident.code, ClockKey.INCIDENT_INITIAL_INFO)
    assert holder.lock() == {("incidents", incident.id)}
    holder.plan_anew(NOW)
    db.session.refresh(incident)
    assert incident.next_reminder_at == NOW
