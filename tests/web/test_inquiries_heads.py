"""The lead agency has another head: its open cases become that head's, once, with a line of history and a notice."""

import sqlalchemy as sa

from pr_tracker.accounts import actions as accounts
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.inquiries import jobs
from pr_tracker.inquiries.actions import handling
from pr_tracker.inquiries.labels import sentence
from pr_tracker.inquiries.models import HistoryEntry
from pr_tracker.inquiries.queries.case import history_of
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry


def case_of_the_department(province):
    inquiry = an_inquiry(province)
    handling.assign(inquiry, province.department, actor=province.clerk, now=NOW)
    return inquiry


def successor(province):
    new = a_person("Phạm Kế Nhiệm", agency=province.department, roles=(Role.HEAD,), title="Giám đốc")
    accounts.name_head(province.department, new, actor=None, now=NOW)
    return new


def told(kind=NoticeKind.NEW_HEAD):

    return set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


def test_an_open_case_passes_to_the_new_head_once(session):
    province = Province()
    inquiry, before = case_of_the_department(province), province.head
    assert jobs.pass_to_new_heads(NOW) == 0
    new, version = successor(province), inquiry.version
    assert [jobs.pass_to_new_heads(NOW), jobs.pass_to_new_heads(NOW)] == [1, 0]
    assert (inquiry.responsible_id, inquiry.version) == (new.id, version)
    lines = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.event == InquiryEvent.NEW_HEAD)).all()
    assert [(line.actor_id, line.data["new"], line.data["old"]) for line in lines] == [
        (None, new.full_name, before.full_name)
    ]
    assert new.id in told()
    assert province.drafter.id in told(), "whoever works on the case knows who answers for it"
    assert before.id not in told()
    assert not list(faults_in_chain())


def test_the_line_of_history_names_both(session):
    province = Province()
    inquiry = case_of_the_department(province)
    successor(province)
    jobs.pass_to_new_heads(NOW)
    newest = next(row for row in history_of(inquiry) if row.event == InquiryEvent.NEW_HEAD)
    assert "Phạm Kế Nhiệm" in sentence(newest)
    assert "Lê Giám Đốc" in sentence(newest)


def test_an_agency_without_a_head_and_a_case_that_is_over_stay_as_they_are(session):
    province = Province()
    over, open_case = case_of_the_department(province), case_of_the_department(province)
    over.finished_at = NOW
    former = province.head.id
    accounts.hand_over(province.department, None, now=NOW)
    assert jobs.pass_to_new_heads(NOW) == 0
    successor(province)
    assert jobs.pass_to_new_heads(NOW) == 1
    assert over.responsible_id == former
    assert open_case.responsible_id != former


def test_more_cases_than_one_batch_all_pass(session, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    province = Province()
    cases = [case_of_the_department(province) for _ in range(5)]
    new = successor(province)
    assert jobs.pass_to_new_heads(NOW) == 5
    assert {case.responsible_id for case in cases} == {new.id}
