"""Who hears at once of an act on a case: whoever has to do something next, and never whoever did it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker.accounts import actions as accounts
from pr_tracker.db import db
from pr_tracker.errors import BadInput, NotAllowed, StepNotAllowed
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import answer, handling, sealing
from pr_tracker.inquiries.actions.telling import TABLE
from pr_tracker.inquiries.queries import case
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Kind, Urgency
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import MailState
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry, refused
from tests.factories.parts import a_part, a_sent_part

NIGHT = NOW + timedelta(hours=5)  # Friday 21:30
MONDAY_MORNING = NOW + timedelta(days=2, hours=15)  # 07:30


@pytest.fixture
def province(session):
    return Province()


def newest():
    """{kind: who} of the notices of the newest act."""
    notices = list(db.session.scalars(sa.select(Notice).order_by(Notice.id.desc())))
    told = [notice for notice in notices if notice.key == notices[0].key]
    return told[0].kind.value, sorted(notice.person.full_name for notice in told)


def count():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Notice))


def test_an_assigned_agency_hears_of_it_staff_and_head(province):
    an_inquiry(province, status=Status.ASSIGNED)
    assert newest() == ("case:assigned", ["Lê Giám Đốc", "Nguyễn Chuyên Viên"])


def test_a_named_officer_hears_of_it_but_not_who_took_the_case_alone(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.take_case(inquiry, province.drafter, actor=province.head, now=NOW)
    assert newest() == ("case:assigned", ["Nguyễn Chuyên Viên"])
    before = count()
    handling.take_case(inquiry, province.drafter, actor=province.drafter, now=NOW)
    assert count() == before


def test_an_agency_asked_to_take_over_hears_of_it_and_the_asker_of_the_answer(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    handling.ask_take_over(inquiry, province.other, "Thuộc lĩnh vực tài chính", actor=province.head, now=NOW)
    assert newest() == ("case:take_over_asked", ["Võ Người Ngoài", "Đỗ Giám Đốc"])
    handling.answer_request(inquiry, accepts=False, reason="Không thuộc", actor=province.other_head, now=NOW)
    assert newest() == ("case:take_over_declined", ["Nguyễn Chuyên Viên"])


def test_a_coordinating_agency_hears_of_its_task_and_the_officer_of_its_part(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    a_part(inquiry, province.other, "Số hộ bị ảnh hưởng", actor=province.head, now=NOW)
    assert newest() == ("case:coordination_asked", ["Võ Người Ngoài", "Đỗ Giám Đốc"])
    data = session.scalars(sa.select(Notice.data).order_by(Notice.id.desc())).first()
    assert (data["note"], data["due_on"], data["agency"]) == ("Số hộ bị ảnh hưởng", "2026-11-23", "Sở Tài chính")
    a_sent_part(inquiry, "120 hộ", actor=province.stranger, now=NOW)
    assert newest() == ("case:coordination_sent", ["Nguyễn Chuyên Viên"])


def test_leaders_who_may_approve_hear_of_a_submission_and_not_the_one_who_wrote_it(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    assert newest() == ("case:submitted", ["Lê Giám Đốc", "Phạm Phó"])
    sealing.return_draft(inquiry, "Chưa nêu thời hạn", actor=province.head, now=NOW)
    answer.save_and_submit(inquiry, "Phó Giám đốc viết lại.", actor=province.deputy, now=NOW)
    assert newest() == ("case:submitted", ["Lê Giám Đốc"])


def test_a_return_reaches_drafter_officer_and_logger_with_its_reason(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    officer = a_person("Cao Đồng Nghiệp", agency=province.department)
    handling.take_case(inquiry, officer, actor=province.head, now=NOW)
    answer.submit(inquiry, actor=officer, now=NOW)
    sealing.return_draft(inquiry, "Chưa nêu thời hạn", actor=province.head, now=NOW)
    assert newest() == ("case:returned", ["Cao Đồng Nghiệp", "Nguyễn Chuyên Viên", "Trần Văn Thư"])
    assert session.scalars(sa.select(Notice.data).order_by(Notice.id.desc())).first()["reason"] == "Chưa nêu thời hạn"


def test_a_withdrawal_stops_whoever_works_on_it_the_coordinating_agency_too(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    a_part(inquiry, province.other, "Góp ý", actor=province.drafter, now=NOW)
    answer.withdraw(inquiry, "Báo rút câu hỏi", actor=province.clerk, now=NOW)
    assert newest() == ("case:withdrawn", ["Nguyễn Chuyên Viên", "Võ Người Ngoài"])


def test_a_refusal_reaches_whoever_logged_it(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    refused(inquiry, province)
    assert newest() == ("case:refused", ["Trần Văn Thư"])


def test_a_substitute_who_acts_for_the_head_is_not_told_of_it(province):
    inquiry = an_inquiry(province, status=Status.RECEIVED)
    deputy = a_person("Hồ Phó Chánh Văn Phòng", agency=province.department, roles=(Role.HEAD, Role.STAFF))
    handling.assign(inquiry, province.department, actor=province.clerk, now=NOW)
    today = office_day(NOW)
    accounts.enter_absence(province.head, deputy, from_on=today, to_on=today, actor=province.head, now=NOW)
    handling.take_over(inquiry, actor=deputy, now=NOW)
    kinds = list(db.session.scalars(sa.select(Notice.person_id).where(Notice.person_id == deputy.id)))
    assert len(kinds) == 1  # of the assignment, as staff


def test_what_is_done_at_night_is_in_the_bell_at_once_and_mailed_when_the_office_opens(province, session):
    an_inquiry(province, status=Status.ASSIGNED, now=NIGHT)
    states = {(notice.mail_state, notice.mail_next_at) for notice in session.scalars(sa.select(Notice))}
    assert states == {(MailState.WAITING, MONDAY_MORNING)}


@pytest.mark.parametrize("facts", [{"kind": Kind.INCIDENT}, {"urgency": Urgency.URGENT}])
def test_what_counts_hours_or_is_urgent_is_mailed_at_night_too(province, session, facts):
    an_inquiry(province, status=Status.ASSIGNED, now=NIGHT, **facts)
    assert set(session.scalars(sa.select(Notice.mail_next_at))) == {NIGHT}


def test_remarks_and_releases_stand_in_the_bell_only(province, session):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    assert newest() == ("case:released", ["Trần Văn Thư"])
    handling.comment(inquiry, "Báo đã đăng.", actor=province.clerk, now=NOW)
    assert newest() == ("case:commented", ["Nguyễn Chuyên Viên"])
    last = session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
    assert last.mail_state is MailState.OFF


def test_every_act_that_hands_work_to_others_is_in_the_table():
    quiet = {
        InquiryEvent.LOG, InquiryEvent.CHANGE, InquiryEvent.ACKNOWLEDGE, InquiryEvent.RELIEVE, InquiryEvent.WATCH,
        InquiryEvent.UNWATCH, InquiryEvent.DEADLINE, InquiryEvent.CLOSE, InquiryEvent.ARCHIVE,
        InquiryEvent.ARTICLE, InquiryEvent.ARTICLE_CORRECT, InquiryEvent.ARTICLE_WITHDRAW, InquiryEvent.LETTER_DROP,
        InquiryEvent.LETTER_SEND, InquiryEvent.LETTER_RECEIVE, InquiryEvent.LETTER_OUTCOME, InquiryEvent.RELAY,
        InquiryEvent.ATTACH, InquiryEvent.DOWNLOAD, InquiryEvent.EXPORT, InquiryEvent.SAVE_VIEW,
        InquiryEvent.REMOVE_VIEW, InquiryEvent.DRAFT_PART, InquiryEvent.MERGE_PART,
        InquiryEvent.DROP_SOURCE, InquiryEvent.MARK_SENSITIVE,
        InquiryEvent.REUSE, InquiryEvent.KEEP, InquiryEvent.KEEP_OUT, InquiryEvent.VOICE_REPLACE,
        InquiryEvent.VOICE_AGREE, InquiryEvent.INFORM,
    }  # fmt: skip
    told_in_bulk = {InquiryEvent.DEADLINE_MOVE}
    told_by_spokespersons = {InquiryEvent.AUTHORISE, InquiryEvent.REVOKE_AUTHORITY, InquiryEvent.END_AUTHORITY}
    told_by_the_system = {InquiryEvent.NEW_HEAD}
    assert set(InquiryEvent) == TABLE.keys() | quiet | told_in_bulk | told_by_spokespersons | told_by_the_system


def test_the_provincial_office_urges_and_officer_and_head_are_told(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    seen = inquiry.version
    handling.urge(inquiry, "Gửi dự thảo trước 16 giờ", actor=province.clerk, now=NOW)
    assert newest() == ("urged", ["Lê Giám Đốc", "Nguyễn Chuyên Viên"])
    assert inquiry.version == seen  # nobody's work is disturbed
    with force_locale("vi"):
        row = case.history_of(inquiry)[0]
        assert labels.sentence(row) == "Trần Văn Thư đôn đốc Sở Xây dựng:"
        assert labels.quotation(row) == "Gửi dự thảo trước 16 giờ"


def test_nobody_urges_twice_within_four_hours(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    handling.urge(inquiry, "Gửi dự thảo", actor=province.clerk, now=NOW)
    with pytest.raises(BadInput, match="already"):
        handling.urge(inquiry, "Gửi dự thảo", actor=province.clerk, now=NOW + timedelta(hours=3))
    handling.urge(inquiry, "Khẩn trương", actor=province.head, now=NOW + timedelta(hours=3))
    handling.urge(inquiry, "Gửi dự thảo", actor=province.clerk, now=NOW + timedelta(hours=4))


@pytest.mark.parametrize("who", ["drafter", "stranger", "other_head", "supervisor"])
def test_only_the_office_and_the_agencys_leaders_urge(province, who):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    with pytest.raises(NotAllowed):
        handling.urge(inquiry, "Gửi dự thảo", actor=getattr(province, who), now=NOW)


def test_what_is_not_assigned_or_over_is_not_urged(province):
    for status in (Status.RECEIVED, Status.ANSWERED):
        with pytest.raises(StepNotAllowed):
            handling.urge(an_inquiry(province, status=status), "Gửi", actor=province.clerk, now=NOW)


def test_the_page_urges_and_says_when_it_is_too_soon(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    client = sign_in(province.clerk)
    address = f"/inquiries/{inquiry.id}/urge"
    assert address in client.get(f"/inquiries/{inquiry.id}").text
    page = client.post(address, data={"note": "Gửi dự thảo", "seen": inquiry.version}, follow_redirects=True)
    assert "Đã đôn đốc." in page.text
    page = client.post(address, data={"note": "Gửi ngay", "seen": inquiry.version})
    assert page.status_code == 422
    assert "lần tiếp theo từ" in page.text


def test_who_may_no_longer_see_the_case_hears_nothing_of_it(province, session):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    colleague = a_person("Cao Đồng Nghiệp", agency=province.department)
    province.drafter.agency, province.clerk.agency = province.other, province.other
    session.flush()
    sealing.return_draft(inquiry, "Chưa nêu thời hạn", actor=province.head, now=NOW)
    assert newest() == ("case:returned", [colleague.full_name])
