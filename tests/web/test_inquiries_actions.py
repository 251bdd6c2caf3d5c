"""The case, done by the office's verbs over a real database."""

from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.inquiries.actions import answer, handling, intake, parts, sealing
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.queries import case, lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.parts import versions_of
from pr_tracker.inquiries.queries.visibility import get_visible, standing_of
from pr_tracker.inquiries.rules import Status, Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind, Part, RefusalGround
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part

HOUR = timedelta(hours=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def province(session):
    return Province()


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_reached_by_the_offices_own_verbs(province, session, status):
    inquiry = an_inquiry(province, status=status)
    session.commit()
    assert session.get(Inquiry, inquiry.id).status is status
    assert list(faults_in_chain()) == []


def test_numbers_count_per_year_without_a_gap(province, session):
    first, second = an_inquiry(province), an_inquiry(province)
    assert [first.code, second.code] == ["ĐN-2026-0001", "ĐN-2026-0002"]
    next_year = an_inquiry(province, now=NOW + timedelta(days=60))
    assert next_year.code == "ĐN-2027-0001"


def test_a_number_that_was_rolled_back_is_given_again(province, session):
    an_inquiry(province)
    session.commit()
    an_inquiry(province)
    session.rollback()
    assert an_inquiry(province).code == "ĐN-2026-0002"


def test_two_writers_at_once_leave_no_gap(app, province, session):
    clerk_id, outlet = province.clerk.id, an_inquiry(province).outlet_id
    session.commit()
    failures = []

    def write():
        with app.app_context():
            try:
                clerk = db.session.get(Person, clerk_id)
                for _ in range(5):
                    template = db.session.scalars(sa.select(Inquiry).where(Inquiry.outlet_id == outlet)).first()
                    new = intake.NewInquiry(
                        subject="Việc chung",
                        questions=["Vì sao?"],
                        outlet=template.outlet,
                        journalists=[],
                        channel=template.channel,
                        kind=Kind.QUESTION,
                        received_at=NOW,
                    )
                    intake.log_inquiry(new, actor=clerk, now=NOW)
                    db.session.commit()
            except Exception as error:
                failures.append(error)

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    session.rollback()
    assert session.scalars(sa.select(Inquiry.number).order_by(Inquiry.number)).all() == list(range(1, 22))
    assert list(faults_in_chain()) == []


def test_the_clock_is_stored_with_its_rule_version_and_steps(province):
    inquiry = an_inquiry(province, kind=Kind.FORWARDED_OPINION)
    assert inquiry.due_on.isoformat() == "2026-12-14"  # Friday 2026-11-20 + 15 working days: Monday 14 December
    assert inquiry.clock_key == "forwarded_opinion_notice"
    assert inquiry.clock_version
    assert inquiry.clock["steps"]


def test_assigning_makes_the_head_responsible_at_once(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    assert inquiry.responsible is province.head
    assert standing_of(inquiry, province.drafter, now=NOW).leads


def test_an_agency_without_a_head_cannot_lead(province):
    province.other.head = None
    with pytest.raises(BadInput):
        handling.assign(an_inquiry(province), province.other, actor=province.clerk, now=NOW)


def test_an_agency_does_not_assign_to_another(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    with pytest.raises(NotAllowed):
        handling.assign(inquiry, province.other, actor=province.drafter, now=NOW)


def test_others_do_not_see_it_until_they_take_part(province, session):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    with pytest.raises(NotFound):
        get_visible(inquiry.id, province.stranger)
    a_part(inquiry, province.other, "Nguồn kinh phí", actor=province.drafter, now=NOW)
    assert get_visible(inquiry.id, province.stranger) is inquiry
    parts.end_coordination(inquiry, province.other, actor=province.drafter, now=NOW)
    with pytest.raises(NotFound):
        get_visible(inquiry.id, province.stranger)
    assert get_visible(inquiry.id, province.clerk) is inquiry


def test_a_coordinating_agency_has_its_own_due_day_and_sends_its_part(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    part = a_part(inquiry, province.other, "Nguồn kinh phí", actor=province.drafter, now=NOW)
    assert part.due_on.isoformat() == "2026-11-23"  # 1 working day after Friday 20 November
    with pytest.raises(NotAllowed):
        a_sent_part(inquiry, "Từ dự phòng", actor=province.drafter, now=NOW)
    a_sent_part(inquiry, "Từ dự phòng", actor=province.stranger, now=NOW + HOUR)
    assert part.sent_at == NOW + HOUR


def test_a_part_sent_again_stays_on_time_and_its_former_words_on_record(province, session):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    part = a_part(inquiry, province.other, "Nguồn kinh phí", actor=province.drafter, now=NOW)
    a_sent_part(inquiry, "Từ dự phòng", actor=province.stranger, now=NOW + HOUR)
    a_sent_part(inquiry, "Từ ngân sách tỉnh", actor=province.stranger, now=NOW + timedelta(days=30))
    assert part.sent_at == NOW + HOUR
    session.flush()
    versions = versions_of(part, own=False)
    assert [(each.text, each.superseded_at is None) for each in versions] == [
        ("Từ ngân sách tỉnh", True),
        ("Từ dự phòng", False),
    ]
    newest = case.history_of(inquiry)[0]
    assert (newest.event, newest.data.get("late")) == (InquiryEvent.CORRECT_PART, None)


def test_an_asked_agency_accepts_and_leads(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.ask_take_over(inquiry, province.other, "Đúng lĩnh vực", actor=province.drafter, now=NOW)
    handling.answer_request(inquiry, accepts=True, reason="", actor=province.stranger, now=NOW)
    assert inquiry.lead_agency is province.other
    assert inquiry.responsible is province.other_head
    with pytest.raises(NotFound):
        get_visible(inquiry.id, province.drafter)


def test_an_asked_agency_declines_with_a_reason(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.ask_take_over(inquiry, province.other, "Đúng lĩnh vực", actor=province.drafter, now=NOW)
    with pytest.raises(BadInput):
        handling.answer_request(inquiry, accepts=False, reason=" ", actor=province.stranger, now=NOW)
    handling.answer_request(inquiry, accepts=False, reason="Không thuộc thẩm quyền", actor=province.stranger, now=NOW)
    assert inquiry.lead_agency is province.department
    with pytest.raises(NotFound):
        get_visible(inquiry.id, province.stranger)


def test_whoever_wrote_the_text_does_not_approve_it(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    answer.save_draft(inquiry, "Bản của Giám đốc", actor=province.head, now=NOW)
    answer.submit(inquiry, actor=province.head, now=NOW)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.head, now=NOW)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    assert inquiry.status is Status.APPROVED


def test_a_changed_text_must_be_approved_again(province):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    answer.save_draft(inquiry, "Thêm một câu.", actor=province.drafter, now=NOW)
    assert inquiry.status is Status.DRAFTING
    assert inquiry.approved_draft is None
    with pytest.raises(StepNotAllowed):
        sealing.release(
            inquiry,
            AnswerForm.WRITTEN,
            at=NOW,
            speaker=province.head,
            evidence="x",
            actor=province.drafter,
            now=NOW,
        )


def test_an_approver_who_read_another_text_is_told(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    with pytest.raises(BadInput):
        sealing.approve(inquiry, digest="0" * 64, actor=province.deputy, now=NOW)


def test_what_is_sent_cannot_be_earlier_than_its_approval_but_spoken_words_can(province):
    inquiry = an_inquiry(province, status=Status.APPROVED, received_at=NOW - 5 * HOUR)
    earlier = {"at": NOW - HOUR, "speaker": province.head, "evidence": "Ghi âm", "actor": province.drafter, "now": NOW}
    with pytest.raises(BadInput):
        sealing.release(inquiry, AnswerForm.WRITTEN, **earlier)
    sealing.release(inquiry, AnswerForm.INTERVIEW, **earlier)
    assert inquiry.finished_at == NOW - HOUR


def test_only_heads_of_the_agency_and_the_province_speak(province):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    with pytest.raises(BadInput):
        sealing.release(
            inquiry,
            AnswerForm.WRITTEN,
            at=NOW,
            speaker=province.drafter,
            evidence="x",
            actor=province.drafter,
            now=NOW,
        )


def test_a_ground_that_the_law_no_longer_knows_is_refused(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    with pytest.raises(BadInput):
        answer.save_draft(inquiry, "Chính sách", ground=RefusalGround.DRAFT_POLICY, actor=province.drafter, now=NOW)


def test_only_a_closed_file_is_archived(province):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    with pytest.raises(BadInput):
        answer.archive(inquiry, actor=province.drafter, now=NOW)


def test_the_second_of_two_is_told_what_changed(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    seen = inquiry.version
    answer.submit(inquiry, actor=province.drafter, now=NOW, seen=seen)
    session.flush()
    with pytest.raises(ChangedMeanwhile):
        answer.save_draft(inquiry, "Bản khác", actor=province.head, now=NOW, seen=seen)
    changes = case.history_of(inquiry, since_version=seen)
    assert [row.event for row in changes] == ["inquiry:answer:submit"]


def test_a_comment_disturbs_nobody(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    seen = inquiry.version
    handling.comment(inquiry, "Nhớ hỏi Sở Tài chính", actor=province.clerk, now=NOW)
    answer.save_draft(inquiry, "Bản hai", actor=province.drafter, now=NOW, seen=seen)


@pytest.mark.parametrize(
    ("name", "content", "accepted"),
    [
        ("cong-van.pdf", PDF, True),
        ("cong-van.exe", PDF, False),
        ("cong-van.pdf", b"MZ\x90\x00" + b"\x00" * 60, False),
        ("anh.png", PDF, False),
        ("rong.pdf", b"", False),
        ("lon.pdf", PDF + b"0" * (1024 * 1024), False),
    ],
)
def test_files_are_judged_by_their_content(province, tmp_path, name, content, accepted):
    inquiry = an_inquiry(province)
    keep = {"folder": Path(tmp_path), "largest": 1, "actor": province.clerk, "now": NOW}
    if not accepted:
        with pytest.raises(BadInput):
            intake.attach(inquiry, name, content, **keep)
        return
    attachment = intake.attach(inquiry, name, content, **keep)
    assert (tmp_path / attachment.stored_name).read_bytes() == content
    assert "." not in attachment.stored_name


def test_search_needs_no_marks_but_exact_marks_come_first(province, session):
    plain = an_inquiry(province, subject="Dương tính với chất cấm", received_at=NOW - timedelta(minutes=1))
    exact = an_inquiry(province, subject="Đường ven biển chậm tiến độ", received_at=NOW - 2 * HOUR)
    found = [row.id for row in lists.page(province.clerk, Filters(text="đường"), NOW).rows]
    assert found == [exact.id, plain.id]
    found = [row.id for row in lists.page(province.clerk, Filters(text="duong ven"), NOW).rows]
    assert found == [exact.id]


@pytest.mark.parametrize("typed", ["ĐN-2026-0002", "DN-2026-2", "0002/2026", "ĐN-0002", "dn-2"])
def test_a_typed_number_finds_its_inquiry_alone(province, session, typed):
    an_inquiry(province)
    second = an_inquiry(province)
    assert [row.id for row in lists.page(province.clerk, Filters(text=typed), NOW).rows] == [second.id]


@pytest.mark.parametrize("typed", ['"', "a' OR 1=1 --", "NEAR(", "%", "_", "*", "ai", "ĐN", "\\", "a b c d e f g"])
def test_no_typed_text_breaks_the_search(province, session, typed):
    an_inquiry(province)
    lists.page(province.clerk, Filters(text=typed), NOW)


def test_search_looks_into_questions_outlet_journalist_and_answer(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING, questions=("Kinh phí lấy từ nguồn nào?",))
    for text in ("nguon nao", inquiry.outlet.name, inquiry.journalist_names, "hien truong"):
        assert [row.id for row in lists.page(province.clerk, Filters(text=text), NOW).rows] == [inquiry.id]


def test_pages_follow_each_other_without_gap_or_repeat(province, session, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 3)
    outlet = an_inquiry(province).outlet
    for at in range(7):
        an_inquiry(province, outlet=outlet, journalists=[], received_at=NOW - timedelta(minutes=at // 2))
    seen, cursor = [], None
    while True:
        page = lists.page(province.clerk, Filters(), NOW, cursor)
        seen += [row.id for row in page.rows]
        if page.older is None:
            break
        cursor = page.older
    assert len(seen) == len(set(seen)) == 8
    back = lists.page(province.clerk, Filters(), NOW, page.newer)
    assert [row.id for row in back.rows] == seen[-len(page.rows) - 3 : -len(page.rows)]


def test_lateness_counts_open_and_finished(province, session):
    answered = an_inquiry(province, status=Status.ANSWERED)
    still_open = an_inquiry(province, status=Status.DRAFTING)
    far = NOW + timedelta(days=30)
    assert [row.id for row in lists.page(province.clerk, Filters(late=True), far).rows] == [still_open.id]
    assert lists.page(province.clerk, Filters(late=True), NOW).rows == []
    assert answered.finished_at < answered.ends_at


def test_counts_are_of_what_one_sees(province, session):
    an_inquiry(province)
    an_inquiry(province, status=Status.IN_REVIEW)
    an_inquiry(province, status=Status.ANSWERED)
    office = lists.counts(province.clerk, NOW)
    assert (office.open, office.overdue, office.my_turn) == (2, 0, 1)
    head = lists.counts(province.head, NOW + timedelta(days=30))
    assert (head.open, head.overdue, head.my_turn) == (1, 1, 1)
    assert lists.counts(province.stranger, NOW).open == 0
    assert lists.counts(province.supervisor, NOW).open == 2


def test_people_of_the_same_seat_see_each_their_own(province, session):
    """Statements are kept by what shapes them: never with somebody's agency in them, nor with a moment."""
    mine = an_inquiry(province, status=Status.DRAFTING)
    theirs = an_inquiry(province)
    handling.assign(theirs, province.other, actor=province.clerk, now=NOW)
    for lead, person in ((mine, province.drafter), (theirs, province.stranger)):
        assert [row.id for row in lists.queue(person, Filters(), NOW)] == [lead.id]
        assert [row.id for row in lists.page(person, Filters(only_open=True), NOW).rows] == [lead.id]
        assert lists.counts(person, NOW).open == 1
    far = NOW + timedelta(days=30)
    assert [lists.counts(province.drafter, at).overdue for at in (NOW, far, NOW)] == [0, 1, 0]


def test_what_is_done_today_stands_below(province, session):
    done = an_inquiry(province, status=Status.ANSWERED)
    assert [row.id for row in lists.done_today(province.clerk, Filters(), NOW)] == [done.id]
    assert not lists.done_today(province.clerk, Filters(), NOW + timedelta(days=1))


def test_what_ended_stays_on_record(province, session):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.assign(inquiry, province.other, actor=province.clerk, now=NOW)
    rows = session.scalars(sa.select(Participation).where(Participation.inquiry_id == inquiry.id)).all()
    assert [(row.part, row.ended_at is None) for row in rows if row.agency_id == province.department.id] == [
        (Part.LEAD, False)
    ]
    assert Step.DRAFT
