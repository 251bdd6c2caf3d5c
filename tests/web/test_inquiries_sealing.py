"""Approval as a seal: of exactly one text with its files, by the right people, in one step or two; what voids it."""

from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db, start_writing
from pr_tracker.errors import BadInput, DomainError, NotAllowed
from pr_tracker.inquiries import jobs, labels
from pr_tracker.inquiries.actions import answer, handling, intake, sealing
from pr_tracker.inquiries.models import Attachment, Draft, Inquiry, Review
from pr_tracker.inquiries.queries import case, lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.visibility import get_visible, latest_draft
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind, Sensitivity
from pr_tracker.inquiries.rules_seal import ReviewStep, VoidReason, seal_of, text_digest_of
from pr_tracker.notices.models import Notice
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
AGENCY, PROVINCE = ReviewStep.AGENCY, ReviewStep.PROVINCE
SENSITIVE = {"sensitivity": Sensitivity.SENSITIVE}


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    province = Province()
    assert province.vice_chairman
    return province


def attach(inquiry, province, folder, name="Phụ lục.pdf", content=PDF):
    keep = {"folder": Path(folder), "largest": 1, "actor": province.drafter, "now": NOW}
    file = intake.attach(inquiry, name, content, **keep)
    db.session.flush()
    return file


def release(inquiry, province, **facts):
    told = {"at": NOW, "speaker": province.head, "evidence": "Công văn số 12/SXD-VP", "actor": province.drafter}
    sealing.release(inquiry, AnswerForm.WRITTEN, **{**told, "now": NOW, **facts})


def seals(inquiry):
    query = sa.select(Review).join(Draft, Draft.id == Review.draft_id).where(Draft.inquiry_id == inquiry.id)
    return list(db.session.scalars(query.where(Review.approved).order_by(Review.id)))


def newest(inquiry):
    with force_locale("vi"):
        return labels.sentence(case.history_of(inquiry)[0])


def told_of(inquiry, kind):
    query = sa.select(Person.full_name).join(Notice, Notice.person_id == Person.id)
    return set(db.session.scalars(query.where(Notice.about_id == inquiry.id, Notice.kind == kind)))


def test_of_two_approvers_at_once_one_gives_the_seal(app, province, session):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    inquiry_id, people, start, refused = inquiry.id, (province.head.id, province.deputy.id), Barrier(2), []
    session.commit()

    def approve(person_id):
        with app.app_context():
            start.wait()
            start_writing()  # as every request that writes does
            actor = db.session.get(Person, person_id)
            try:
                sealing.approve(get_visible(inquiry_id, actor, to_change=True), actor=actor, now=NOW)
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                refused.append(refusal)

    threads = [Thread(target=approve, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    assert len(refused) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Review)) == 1
    assert session.get(Inquiry, inquiry_id).status is Status.APPROVED


def test_the_table_itself_takes_one_seal_a_step(province, session):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    (seal,) = seals(inquiry)
    again = {name: getattr(seal, name) for name in ("draft_id", "step", "approved", "digest", "title", "at")}
    session.add(Review(**again, reviewer_id=province.head.id))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


@pytest.mark.parametrize("facts", [SENSITIVE, {"kind": Kind.INCIDENT}, {"kind": Kind.DIVIDED_OPINION}, {}])
def test_what_is_sensitive_an_incident_or_so_by_the_agencys_rule_is_approved_twice(province, facts):
    province.department.second_approval = not facts
    inquiry = an_inquiry(province, status=Status.IN_REVIEW, **facts)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    assert (inquiry.status, inquiry.review_step, inquiry.approved_draft) == (Status.IN_REVIEW, PROVINCE, None)
    assert newest(inquiry) == "Phạm Phó, Phó Giám đốc, duyệt bản 1; tiếp theo lãnh đạo UBND tỉnh duyệt."
    assert told_of(inquiry, "case:province_asked") == {"Hồ Chủ Tịch", "Mai Phó Chủ Tịch"}
    for other in (province.head, province.deputy, province.clerk):
        with pytest.raises(NotAllowed):
            sealing.approve(inquiry, actor=other, now=NOW)
    sealing.approve(inquiry, actor=province.vice_chairman, now=NOW)
    assert (inquiry.status, inquiry.review_step) == (Status.APPROVED, None)
    assert [(seal.step, seal.digest) for seal in seals(inquiry)] == [
        (AGENCY, inquiry.approved_draft.digest),
        (PROVINCE, inquiry.approved_draft.digest),
    ]
    release(inquiry, province)


def test_an_ordinary_answer_needs_the_agency_alone(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.chairman, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW)
    assert inquiry.status is Status.APPROVED


def test_it_is_the_turn_of_ubnd_tinh_in_its_queue_and_no_longer_of_the_agency(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW, **SENSITIVE)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    session.commit()
    for person, mine in ((province.head, []), (province.chairman, [inquiry.id])):
        assert [row.id for row in lists.queue(person, Filters(my_turn=True), NOW)] == mine
    assert "Lượt của lãnh đạo UBND tỉnh:" in sign_in(province.drafter).get(f"/inquiries/{inquiry.id}").text
    assert f"/inquiries/{inquiry.id}/approve" in sign_in(province.chairman).get("/queue").text


def test_the_head_answers_alone_only_by_saying_so_and_it_is_recorded(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, **SENSITIVE)
    answer.save_and_submit(inquiry, "Bản của Giám đốc", actor=province.head, now=NOW)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.head, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW, alone=True)
    assert newest(inquiry).endswith("Người đứng đầu trực tiếp trả lời, tự duyệt.")
    assert seals(inquiry)[0].alone
    assert inquiry.review_step is PROVINCE
    sealing.approve(inquiry, actor=province.chairman, now=NOW)
    session.commit()
    page = sign_in(province.clerk).get(f"/inquiries/{inquiry.id}").text
    assert "Người đứng đầu trực tiếp trả lời, tự duyệt." in page


def test_a_deputy_never_answers_alone_and_nobody_marks_anothers_text_so(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    answer.save_and_submit(inquiry, "Bản của Phó Giám đốc", actor=province.deputy, now=NOW)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.deputy, now=NOW, alone=True)
    with pytest.raises(BadInput):
        sealing.approve(inquiry, actor=province.head, now=NOW, alone=True)


def test_nobody_gives_both_seals_even_from_another_office(province, session):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW, **SENSITIVE)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    province.deputy.agency = province.committee
    session.flush()
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.deputy, now=NOW)


def test_ubnd_tinh_approves_its_own_answer_once(province):
    inquiry = an_inquiry(province, status=Status.RECEIVED, **SENSITIVE)
    handling.assign(inquiry, province.committee, actor=province.clerk, now=NOW)
    answer.save_and_submit(inquiry, "UBND tỉnh trả lời.", actor=province.vice_chairman, now=NOW)
    sealing.approve(inquiry, actor=province.chairman, now=NOW)
    assert inquiry.status is Status.APPROVED


def test_the_seal_covers_the_files_and_a_changed_file_is_a_new_version_to_approve(province, tmp_path):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    one, two = (attach(inquiry, province, tmp_path, name, PDF + name.encode()) for name in ("1.pdf", "2.pdf"))
    draft = answer.save_draft(inquiry, "Sở trả lời.", actor=province.drafter, now=NOW, file_ids=[one.id])
    assert draft.digest == seal_of("Sở trả lời.", draft.marks) != text_digest_of("Sở trả lời.")
    assert draft.text_digest == text_digest_of("Sở trả lời.")
    answer.submit(inquiry, actor=province.drafter, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW)
    answer.save_and_submit(inquiry, "Sở trả lời.", actor=province.drafter, now=NOW, file_ids=[two.id])
    assert (inquiry.status, inquiry.approved_draft) == (Status.IN_REVIEW, None)
    (seal,) = seals(inquiry)
    assert (seal.voided_at, seal.void_reason) == (NOW, VoidReason.NEW_VERSION)
    assert told_of(inquiry, "case:seal_voided") == {"Lê Giám Đốc"}


def test_words_stay_their_authors_when_a_colleague_changes_only_a_file(province, tmp_path):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    file = attach(inquiry, province, tmp_path)
    answer.save_draft(inquiry, "Phó Giám đốc viết.", actor=province.deputy, now=NOW)
    answer.save_and_submit(inquiry, "Phó Giám đốc viết.", actor=province.drafter, now=NOW, file_ids=[file.id])
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.deputy, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW)


def test_files_stay_with_the_next_version_unless_said_otherwise_and_are_the_cases_own(province, tmp_path):
    inquiry, other = an_inquiry(province, status=Status.ASSIGNED), an_inquiry(province, status=Status.ASSIGNED)
    file, foreign = attach(inquiry, province, tmp_path), attach(other, province, tmp_path)
    answer.save_draft(inquiry, "Một", actor=province.drafter, now=NOW, file_ids=[file.id])
    assert answer.save_draft(inquiry, "Hai", actor=province.drafter, now=NOW).files == [file]
    assert answer.save_draft(inquiry, "Ba", actor=province.drafter, now=NOW, file_ids=[]).files == []
    with pytest.raises(BadInput):
        answer.save_draft(inquiry, "Bốn", actor=province.drafter, now=NOW, file_ids=[foreign.id])


def test_the_case_shows_the_fallen_seal_struck_with_why_and_since_when(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    answer.save_draft(inquiry, "Thêm một câu.", actor=province.drafter, now=NOW)
    session.commit()
    page = sign_in(province.head).get(f"/inquiries/{inquiry.id}").text
    assert "<s><b>Phạm Phó, Phó Giám đốc</b>" in page
    assert "Mất giá trị từ 16:30 20/11/2026: đã lưu bản mới." in page
    assert "Phê duyệt không còn giá trị" in page


def test_only_the_sealed_text_and_files_are_given_word_for_word(province, session, tmp_path):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    file = attach(inquiry, province, tmp_path)
    answer.save_and_submit(inquiry, "Sở trả lời.", actor=province.drafter, now=NOW, file_ids=[file.id])
    sealing.approve(inquiry, actor=province.head, now=NOW)
    kept, draft = tmp_path / file.stored_name, inquiry.approved_draft
    for wrong in ({"digest": "0" * 64}, {"digest": ""}, {}):
        with pytest.raises(BadInput):
            release(inquiry, province, **wrong)
    kept.write_bytes(PDF + b"x")
    with pytest.raises(BadInput):
        release(inquiry, province, folder=tmp_path)
    kept.write_bytes(PDF)
    draft.text = "Sở trả lời khác."
    with pytest.raises(BadInput):
        release(inquiry, province, folder=tmp_path)
    draft.text = "Sở trả lời."
    session.execute(sa.update(Attachment).values(digest="0" * 64))
    session.expire_all()
    with pytest.raises(BadInput):
        release(inquiry, province, folder=tmp_path)
    assert inquiry.status is Status.APPROVED


def test_a_return_by_ubnd_tinh_reaches_drafter_logger_approver_and_coordinators(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, **SENSITIVE)
    a_part(inquiry, province.other, actor=province.drafter)
    answer.save_and_submit(inquiry, "Sở trả lời.", actor=province.drafter, now=NOW)
    sealing.approve(inquiry, actor=province.deputy, now=NOW)
    with pytest.raises(BadInput):
        sealing.return_draft(inquiry, " ", actor=province.chairman, now=NOW)
    sealing.return_draft(inquiry, "Chưa nêu thời hạn", actor=province.chairman, now=NOW)
    assert seals(inquiry)[0].void_reason is VoidReason.RETURNED
    expected = {"Nguyễn Chuyên Viên", "Trần Văn Thư", "Phạm Phó", "Võ Người Ngoài"}
    assert told_of(inquiry, "case:returned") == expected


def test_a_mark_and_a_rule_reopen_what_is_approved_and_not_yet_given(province, session):
    marked = an_inquiry(province, status=Status.APPROVED)
    sealing.mark_sensitive(marked, "Dư luận quan tâm", actor=province.clerk, now=NOW)
    assert (marked.status, marked.review_step) == (Status.IN_REVIEW, PROVINCE)
    by_rule = an_inquiry(province, status=Status.APPROVED)
    answered = an_inquiry(province, status=Status.ANSWERED)
    session.commit()
    assert jobs.reopen_short_approvals(NOW) == 0
    province.department.second_approval = True
    with pytest.raises(BadInput):
        release(by_rule, province)
    session.commit()
    assert [jobs.reopen_short_approvals(NOW), jobs.reopen_short_approvals(NOW)] == [1, 0]
    assert (by_rule.status, answered.status) == (Status.IN_REVIEW, Status.ANSWERED)
    assert newest(by_rule) == "Bản 1 cần thêm phê duyệt của lãnh đạo UBND tỉnh."
    assert "Hồ Chủ Tịch" in told_of(by_rule, "case:province_asked")
    (seal,) = seals(by_rule)
    assert seal.voided_at is None  # the text is the one the agency sealed
    sealing.approve(by_rule, actor=province.chairman, now=NOW)
    release(by_rule, province)


def test_an_incidents_statement_answers_with_copies_of_its_own_seals(province):
    approved = an_inquiry(province, status=Status.IN_REVIEW, **SENSITIVE)
    sealing.approve(approved, actor=province.deputy, now=NOW)
    sealing.approve(approved, actor=province.chairman, now=NOW)
    text, given = approved.approved_draft.text, seals(approved)
    facts = {
        "author": province.drafter, "form": AnswerForm.WRITTEN, "at": NOW, "speaker": province.head, "right": None,
        "evidence": "Thông cáo số 3", "incident": "VV-2026-0001", "actor": province.drafter, "now": NOW,
    }  # fmt: skip
    inquiry = an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT)
    for wrong in ({"text": text + " ", "seals": given}, {"text": text, "seals": given[:1]}):
        with pytest.raises(BadInput), db.session.begin_nested():
            sealing.answer_by_statement(inquiry, **facts, **wrong)
    sealing.answer_by_statement(inquiry, text=text, seals=given, **facts)
    assert inquiry.status is Status.ANSWERED
    assert {seal.reviewer_id for seal in seals(inquiry)} == {province.deputy.id, province.chairman.id}
    assert "VV-2026-0001" in newest(inquiry)


def test_a_page_of_release_opened_before_a_change_is_refused_with_what_changed(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    session.commit()
    seen, old = inquiry.version, latest_draft(inquiry).digest
    answer.save_and_submit(inquiry, "Bản khác hẳn.", actor=province.drafter, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW)
    session.commit()
    fields = {"answer_form": "written", "released_at": "16:30 20/11/2026", "speaker_id": province.head.id}
    data = {"seen": seen, "digest": old, "evidence": "Công văn số 88", **fields}
    answered = sign_in(province.drafter).post(f"/inquiries/{inquiry.id}/release", data=data)
    assert answered.status_code == 409
    assert "Bản khác hẳn." in answered.text
    again = {**data, "seen": inquiry.version}
    assert sign_in(province.drafter).post(f"/inquiries/{inquiry.id}/release", data=again).status_code == 422


def test_history_of_a_refusal_and_of_files_says_so(province, tmp_path):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    file = attach(inquiry, province, tmp_path)
    answer.save_draft(inquiry, "Một", actor=province.drafter, now=NOW, file_ids=[file.id])
    assert newest(inquiry).endswith("Kèm theo: Phụ lục.pdf.")
    assert case.history_of(inquiry)[0].event is InquiryEvent.DRAFT
