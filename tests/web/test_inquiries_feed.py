"""A person's private calendar has what they owe: their cases, their agency's parts, and nothing that is over."""

from datetime import date, timedelta

import pytest

from pr_tracker.accounts import actions as accounts
from pr_tracker.inquiries.actions import answer
from pr_tracker.inquiries.documents import calendar_of
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part


@pytest.fixture
def province(session):
    return Province()


def titles(person, now=NOW):
    return [entry.title.split(", ", 1)[1] for entry in calendar_of(person, now)]


def test_officer_and_head_have_their_cases_others_do_not(province):
    an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    assert titles(province.drafter) == titles(province.head) == ["Cầu"]
    assert titles(province.deputy) == titles(province.stranger) == titles(province.supervisor) == []


def test_staff_has_what_nobody_has_taken_yet(province):
    an_inquiry(province, status=Status.RECEIVED, subject="Cầu")
    an_inquiry(province, status=Status.ASSIGNED, subject="Đường")
    assert titles(province.clerk) == ["Cầu"]
    assert titles(province.drafter) == ["Đường"]


def test_a_substitute_has_the_absent_persons_cases(province):
    an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    leader = a_person("Hồ Phó", agency=province.department, roles=(Role.HEAD,))
    today = office_day(NOW)
    accounts.enter_absence(province.drafter, leader, from_on=today, to_on=today, actor=province.drafter, now=NOW)
    assert titles(leader) == ["Cầu"]
    assert titles(leader, NOW + timedelta(days=1)) == []


def test_an_asked_agency_has_its_part_until_it_is_sent(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    a_part(inquiry, province.other, "Số hộ", actor=province.drafter, now=NOW)
    [entry] = calendar_of(province.stranger, NOW)
    assert (entry.path, entry.note) == (f"/inquiries/{inquiry.id}", "Số hộ")
    a_sent_part(inquiry, "120 hộ", actor=province.stranger, now=NOW)
    assert titles(province.stranger) == []


def test_the_entry_says_day_or_minute_and_when_to_be_reminded(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    [entry] = calendar_of(province.drafter, NOW)
    assert (entry.uid, entry.due_on, entry.due_at) == (f"inquiry-{inquiry.id}", date(2026, 11, 26), None)
    assert entry.alarm_at == inquiry.next_reminder_at
    answer.withdraw(inquiry, "Báo rút", actor=province.clerk, now=NOW)
    urgent = an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT)
    [entry] = calendar_of(province.drafter, NOW)
    assert (entry.uid, entry.due_on, entry.due_at) == (f"inquiry-{urgent.id}", None, urgent.due_at)
