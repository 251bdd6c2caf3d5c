"""Coordination: agencies answer in their own boxes, their leaders approve; what is not approved never leaves them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.files import keep_file
from pr_tracker.inquiries.actions import merging, parts
from pr_tracker.inquiries.actions.answer import save_draft
from pr_tracker.inquiries.models import Attachment, HistoryEntry, Inquiry, Participation
from pr_tracker.inquiries.models_parts import PartRound
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.queries import parts as queries
from pr_tracker.inquiries.queries.case import history_of
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.inquiries.rules_seal import text_digest_of
from pr_tracker.notices.models import Notice
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import an_inquiry
from tests.factories.parts import PDF, SECRET, a_sent_part, submitted, written
from tests.pdf.reading import words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# --- asking -----------------------------------------------------------------------------------------------


def test_several_agencies_are_asked_in_one_go_each_by_its_own_time(province, case, session):
    third = a_person("Cao Y Tế").agency
    own = {third.id: NOW + 5 * HOUR}
    asked = parts.ask(
        case, [province.other, third], ["Số hộ?", " ", "Kinh phí?"], actor=province.drafter, now=NOW, own_due=own,
        note_text="Gấp",
    )  # fmt: skip
    assert [(part.box, part.due_at) for part in asked] == [(BoxState.ASKED, None), (BoxState.ASKED, NOW + 5 * HOUR)]
    assert asked[0].due_on.isoformat() == "2026-11-23"  # its own internal term: a working day after Friday 20 November
    rounds = session.scalars(sa.select(PartRound)).all()
    assert [(each.number, each.questions, each.note) for each in rounds] == [(1, ["Số hộ?", "Kinh phí?"], "Gấp")] * 2


def test_nobody_is_asked_without_a_question_or_twice_or_for_a_moment_that_is_past(province, case, box):
    third = a_person().agency
    ask = {"actor": province.drafter, "now": NOW}
    for agencies, questions, more in (
        ([], ["Số hộ?"], {}),
        ([third], [" "], {}),
        ([province.other], ["Số hộ?"], {}),
        ([province.department], ["Số hộ?"], {}),
        ([third], ["Số hộ?"], {"due_at": NOW}),
        ([third], ["Số hộ?"], {"own_due": {third.id: NOW - HOUR}}),
    ):
        with pytest.raises(BadInput):
            parts.ask(case, agencies, questions, **ask, **more)


def test_only_who_steers_the_case_asks(province, case, box):
    with pytest.raises(NotAllowed):
        parts.ask(case, [a_person().agency], ["Số hộ?"], actor=province.stranger, now=NOW)
    with pytest.raises(NotAllowed):
        parts.ask_again(case, box, ["Số hộ?"], actor=province.stranger, now=NOW)


def test_asking_again_keeps_the_earlier_round_with_its_due_time_and_answer(province, case, box):
    a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger, now=NOW + HOUR)
    parts.ask_again(case, box, ["Số liệu quý III?"], actor=province.drafter, now=NOW + 2 * HOUR, due_at=NOW + DAY)
    assert (box.box, box.sent_at, box.due_at) == (BoxState.ASKED, None, NOW + DAY)
    newest, first = queries.rounds_of(box)
    assert (newest.questions, newest.ends_at) == (["Số liệu quý III?"], None)
    assert (first.due_on.isoformat(), first.answered_at) == ("2026-11-23", NOW + HOUR)
    assert queries.current_version(box).text == "Bảy tỷ đồng"  # what was sent stays with the lead


def test_further_questions_leave_what_is_still_owed_due_when_it_was(province, case, box):
    due = (box.due_on, box.ends_at)
    parts.ask_again(case, box, ["Số liệu quý III?"], actor=province.drafter, now=NOW + HOUR)
    assert (box.due_on, box.ends_at, box.box) == (*due, BoxState.ASKED)
    with pytest.raises(StepNotAllowed):
        parts.ask_again(case, box, ["Ngày nào?"], back=True, actor=province.drafter, now=NOW + HOUR)


def test_what_was_sent_comes_back_with_a_question_and_its_first_lateness_stays(province, case, box, session):
    late = NOW + 5 * DAY
    a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger, now=late)
    parts.ask_again(case, box, ["Tính đến ngày nào?"], back=True, actor=province.drafter, now=late + HOUR)
    assert box.box is BoxState.ASKED_BACK
    assert history_of(case)[0].event is InquiryEvent.ASK_BACK
    a_sent_part(case, "Bảy tỷ đồng, đến 20/11", actor=province.stranger, now=late + 2 * HOUR)
    newest, first = queries.rounds_of(box)
    assert (newest.back_to, first.answered_at) == (1, late)
    owed = queries.late_parts_in(sa.select(Inquiry.id), late + DAY)[case.id][0]
    assert [each.done_at for each in owed.rounds] == [late, late + 2 * HOUR]
    kinds = session.scalars(sa.select(Notice.kind).where(Notice.person_id == province.stranger.id)).all()
    assert "part:asked_back" in kinds


# --- the box belongs to its agency ------------------------------------------------------------------------


def test_only_its_own_people_write(province, case, box):
    for outsider in (province.drafter, province.head, province.clerk, province.supervisor):
        with pytest.raises(NotAllowed):
            written(case, box, by=outsider)


def test_staff_do_not_approve_and_a_deputy_not_their_own_words(province, case, box):
    submitted(case, box, by=province.other_deputy)
    for person in (province.stranger, province.other_deputy, province.head):
        with pytest.raises(NotAllowed):
            parts.approve(case, box, actor=person, now=NOW)
    version = parts.approve(case, box, actor=province.other_head, now=NOW)
    assert (version.approved_by, version.approved_title, version.alone) == (province.other_head, "Giám đốc", False)


def test_words_saved_again_by_a_colleague_are_still_their_authors(province, case, box):
    submitted(case, box, by=province.other_deputy)
    parts.return_version(case, box, "Xem lại", actor=province.other_head, now=NOW)
    submitted(case, box, by=province.stranger)
    with pytest.raises(NotAllowed):
        parts.approve(case, box, actor=province.other_deputy, now=NOW)


def test_the_head_answers_alone_and_that_is_on_record(province, case, box):
    submitted(case, box, by=province.other_head)
    assert parts.approve(case, box, actor=province.other_head, now=NOW).alone
    data = history_of(case)[0].data
    assert (data["alone"], data["number"], data["digest"]) == (True, 1, text_digest_of(SECRET))


def test_no_row_can_say_that_one_person_wrote_and_approved_unrecorded(province, case, box, session):
    version = submitted(case, box, by=province.other_deputy)
    version.approved_at, version.approved_by = NOW, province.other_deputy
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_return_needs_a_reason_that_stays_inside_the_agency(province, case, box, session):
    submitted(case, box, by=province.stranger)
    with pytest.raises(BadInput):
        parts.return_version(case, box, " ", actor=province.other_head, now=NOW)
    parts.return_version(case, box, "Sai số liệu kho bạc", actor=province.other_head, now=NOW)
    assert box.box is BoxState.RETURNED
    for model in (HistoryEntry, AuditEntry, Notice):
        assert "kho bạc" not in str(session.scalars(sa.select(model.data)).all())
    kind = session.scalars(sa.select(Notice.kind).where(Notice.person_id == province.stranger.id)).all()[-1]
    assert kind == "part:returned"


def test_the_clock_of_the_part_stops_with_the_approval_not_the_writing(province, case, box):
    written(case, box, by=province.stranger)
    parts.submit(case, box, actor=province.stranger, now=NOW + HOUR)
    assert box.sent_at is None
    parts.approve(case, box, actor=province.other_head, now=NOW + 2 * HOUR)
    assert (box.sent_at, box.next_reminder_at) == (NOW + 2 * HOUR, None)


def test_the_leaders_hear_of_a_submission_and_the_lead_only_of_what_was_sent(province, case, box, session):
    def told(kind):
        rows = session.scalars(sa.select(Notice).where(Notice.kind == kind)).all()
        return sorted(row.person_id for row in rows), {row.path for row in rows}

    submitted(case, box, by=province.other_deputy)
    path = f"/inquiries/{case.id}/parts/{box.id}"
    assert told("part:submitted") == ([province.other_head.id], {path})
    parts.approve(case, box, actor=province.other_head, now=NOW)
    assert told("case:coordination_sent") == ([province.drafter.id], {path})
    assert told("part:approved") == ([province.other_deputy.id], {path})


def test_a_corrected_version_is_approved_again_and_the_former_stays(province, case, box, session):
    a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    written(case, box, "Tám tỷ đồng", by=province.stranger)
    assert queries.current_version(box).text == "Bảy tỷ đồng"  # the correction is not approved yet
    parts.submit(case, box, actor=province.stranger, now=NOW)
    parts.approve(case, box, actor=province.other_head, now=NOW + DAY)
    assert box.sent_at == NOW
    assert [(each.number, each.text) for each in queries.versions_of(box, own=False)] == [
        (2, "Tám tỷ đồng"),
        (1, "Bảy tỷ đồng"),
    ]
    assert history_of(case)[0].event is InquiryEvent.CORRECT_PART
    assert session.scalar(sa.select(sa.func.count()).where(*queries.IS_CURRENT)) == 1


def test_a_text_changed_under_the_reader_is_not_approved(province, case, box):
    version = submitted(case, box, by=province.stranger)
    with pytest.raises(BadInput):
        parts.approve(case, box, actor=province.other_head, now=NOW, digest="0" * 64)
    with pytest.raises(ChangedMeanwhile):
        parts.approve(case, box, actor=province.other_head, now=NOW, seen=box.box_version - 1)
    version.text = "Đổi lén"
    with pytest.raises(BadInput):
        parts.approve(case, box, actor=province.other_head, now=NOW)


def test_writing_in_a_box_disturbs_nobody_at_the_lead(province, case, box):
    before = case.version
    submitted(case, box, by=province.stranger)
    assert case.version == before
    parts.approve(case, box, actor=province.other_head, now=NOW)
    assert case.version == before + 1


def test_a_relieved_agency_writes_no_more_and_what_it_sent_stays(province, case, box, session):
    a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    parts.end_coordination(case, province.other, actor=province.drafter, now=NOW)
    with pytest.raises(NotAllowed):
        written(case, box, "Tám tỷ", by=province.stranger)
    assert [row.text for row in queries.sent_to(case)] == ["Bảy tỷ đồng"]


def test_the_whole_course_is_in_an_unbroken_log(province, case, box):
    a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    merging.merge(case, queries.current_version(box), "Trả lời.", actor=province.drafter, now=NOW)
    assert list(faults_in_chain()) == []


# --- what is not approved never leaks ---------------------------------------------------------------------


def everything_about(client, case, box):
    """What a reader can open of a case, its box and the lists."""
    base = f"/inquiries/{case.id}"
    pages = [base, f"{base}/parts/{box.id}", f"/inquiries?q={SECRET}", "/inquiries?q=bay+ty", "/queue", "/notices"]
    pages += [f"{base}/sheet.pdf", f"{base}/deadline.pdf", "/reports/register"]
    return {page: client.get(page) for page in pages}


@pytest.mark.parametrize("reader", ["drafter", "head", "clerk", "supervisor"])
def test_other_agencies_read_nothing_of_it_anywhere(province, case, box, session, sign_in, reader):
    submitted(case, box, by=province.stranger)
    save_draft(case, "Bản của đơn vị chủ trì", actor=province.drafter, now=NOW)
    session.commit()
    client = sign_in(getattr(province, reader))
    for page, answer in everything_about(client, case, box).items():
        text = words(answer.data) if answer.mimetype == "application/pdf" else answer.text.replace("bay+ty", "")
        found = text.replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "")
        assert answer.status_code in (200, 403), page
        assert SECRET not in found or page.startswith("/inquiries?q="), page
    for address in (f"parts/{box.id}/write", f"parts/{box.id}/approve", f"parts/{box.id}/return"):
        assert client.get(f"/inquiries/{case.id}/{address}").status_code == 403
    assert client.get(f"/inquiries/{case.id}/parts/{box.id}/versions/1/1").status_code == 404


def test_what_is_kept_for_search_and_history_has_none_of_its_words(province, case, box, session):
    submitted(case, box, by=province.stranger)
    session.flush()
    for column in (SearchText.exact, SearchText.folded, HistoryEntry.data, AuditEntry.data, Notice.data):
        assert "bảy tỷ" not in str(session.scalars(sa.select(column)).all()).lower()


def test_its_own_people_read_it_and_the_lead_once_it_is_approved(province, case, box, session, sign_in):
    submitted(case, box, by=province.stranger)
    session.commit()
    page = f"/inquiries/{case.id}/parts/{box.id}"
    assert SECRET in sign_in(province.other_head).get(page).text
    assert SECRET not in sign_in(province.drafter).get(page).text
    parts.approve(session.get(Inquiry, case.id), session.get(Participation, box.id), actor=province.other_head, now=NOW)
    session.commit()
    assert SECRET in sign_in(province.drafter).get(page).text


def test_a_file_goes_with_its_version_and_is_nobody_elses_before_the_approval(
    province, case, box, session, sign_in, tmp_path, app
):
    app.config["PR_TRACKER_UPLOAD_FOLDER"] = str(tmp_path)
    file = keep_file("Dự toán.pdf", PDF, folder=tmp_path, largest=1, by=province.stranger.id, now=NOW)
    parts.save(case, box, SECRET, [file], actor=province.stranger, now=NOW)
    parts.submit(case, box, actor=province.stranger, now=NOW)
    session.commit()
    page = f"/inquiries/{case.id}/parts/{box.id}/files/{file.id}"
    assert sign_in(province.stranger).get(page).status_code == 200
    assert sign_in(province.drafter).get(page).status_code == 404
    assert session.scalar(sa.select(sa.func.count(Attachment.id))) == 0
    case, box = session.get(Inquiry, case.id), session.get(Participation, box.id)
    parts.approve(case, box, actor=province.other_head, now=NOW)
    session.commit()
    assert sign_in(province.drafter).get(page).status_code == 200
    assert session.scalars(sa.select(Attachment.file_name)).all() == ["Dự toán.pdf"]


def test_a_box_of_another_case_is_not_there(province, case, box, session, sign_in):
    elsewhere = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    with pytest.raises(NotFound):
        queries.get_part(elsewhere, box.id)
    assert sign_in(province.drafter).get(f"/inquiries/{elsewhere.id}/parts/{box.id}").status_code == 404
