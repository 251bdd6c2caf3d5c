"""Somebody stands in: the absent person's turn is in their queue, and every act says for whom it was done."""

from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import clock
from pr_tracker.accounts import actions as accounts
from pr_tracker.audit.models import AuditEntry
from pr_tracker.errors import NotAllowed
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import answer, handling, sealing, stops
from pr_tracker.inquiries.queries import case, lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent, may_be_done_for
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.stops import ask_extension

FRIDAY = date(2026, 11, 20)
OFFICER, HEAD, OTHER = 1, 2, 3


@pytest.fixture
def province(session):
    return Province()


def away(person, substitute, days=3):
    accounts.enter_absence(
        person, substitute, from_on=FRIDAY, to_on=FRIDAY + timedelta(days=days), actor=person, now=NOW
    )


def newest(inquiry):
    with force_locale("vi"):
        return labels.sentence(case.history_of(inquiry)[0])


@pytest.mark.parametrize(
    ("event", "actor", "places"),
    [
        (InquiryEvent.DRAFT, OTHER, (OFFICER, HEAD)),
        (InquiryEvent.DRAFT, OFFICER, ()),
        (InquiryEvent.DRAFT, HEAD, ()),
        (InquiryEvent.APPROVE, OTHER, (HEAD,)),
        (InquiryEvent.APPROVE, OFFICER, (HEAD,)),  # a deputy who is also the case officer
        (InquiryEvent.APPROVE, HEAD, ()),
        (InquiryEvent.COMMENT, OTHER, ()),
    ],
)
def test_whose_place_an_act_can_be_done_in(event, actor, places):
    assert may_be_done_for(event, actor_id=actor, officer_id=OFFICER, responsible_id=HEAD) == places


def test_a_deputy_who_stands_in_approves_for_the_head_and_the_record_says_so(province, session):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    away(province.head, province.deputy)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    assert newest(inquiry) == "Phạm Phó, Phó Giám đốc, thay Lê Giám Đốc, duyệt bản 1."
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry.data["instead_of"] == "Lê Giám Đốc"


def test_a_colleague_who_stands_in_drafts_for_the_case_officer(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    colleague = a_person("Cao Đồng Nghiệp", agency=province.department)
    away(province.drafter, colleague)
    answer.save_draft(inquiry, "Đã kiểm tra lại.", actor=colleague, now=NOW)
    assert newest(inquiry).startswith("Cao Đồng Nghiệp, thay Nguyễn Chuyên Viên, ")
    handling.comment(inquiry, "Đã gọi điện.", actor=colleague, now=NOW)
    assert "thay" not in newest(inquiry)


def test_after_the_last_day_nobody_acts_for_anybody(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    away(province.head, province.deputy)
    sealing.approve(inquiry, actor=province.deputy, now=NOW + timedelta(days=4))
    assert "thay" not in newest(inquiry)


def test_standing_in_gives_no_right_to_approve_ones_own_text(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    answer.save_draft(inquiry, "Phó Giám đốc tự viết.", actor=province.deputy, now=NOW)
    answer.submit(inquiry, actor=province.deputy, now=NOW)
    away(province.head, province.deputy)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.deputy, now=NOW)


def test_the_queue_of_a_leader_who_stands_in_for_an_officer_has_the_officers_cases(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    leader = a_person("Hồ Phó", agency=province.department, roles=(Role.HEAD,))

    def turn(now):
        return [row.id for row in lists.queue(leader, Filters(my_turn=True), now)]

    assert turn(NOW) == []
    away(province.drafter, leader)
    assert turn(NOW) == [inquiry.id]
    assert lists.counts(leader, NOW).my_turn == 1
    assert turn(NOW + timedelta(days=4)) == []


def test_the_row_says_whose_turn_one_takes(province, session, sign_in, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    an_inquiry(province, status=Status.IN_REVIEW)
    an_inquiry(province, status=Status.DRAFTING)
    away(province.head, province.deputy)
    away(province.drafter, province.deputy)
    session.commit()
    page = sign_in(province.deputy).get("/queue").text
    assert "tôi, thay Lê Giám Đốc" in page
    assert "tôi, thay Nguyễn Chuyên Viên" in page
    assert "Đến hết 23/11/2026, tôi thay Lê Giám Đốc." in page
    assert "thay" not in sign_in(province.stranger).get("/queue").text


@pytest.mark.parametrize("decide", [stops.grant_extension, partial(stops.decline_extension, decision="Đủ thời gian")])
def test_whoever_decides_an_extension_never_does_it_in_the_place_of_whoever_asked(province, decide):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    ask_extension(inquiry, province.head)
    away(province.head, province.deputy)
    decide(inquiry, actor=province.deputy, now=NOW)
    assert "thay" not in newest(inquiry)


def test_whoever_approves_never_does_it_in_the_place_of_whoever_wrote(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    answer.save_and_submit(inquiry, "Sở đã kiểm tra, sẽ trả lời cụ thể.", actor=province.head, now=NOW)
    away(province.head, province.deputy)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    assert "thay" not in newest(inquiry)
