"""What agencies sent goes into the answer with its source; the pages of a box; because of whom a case is late."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker.errors import BadInput
from pr_tracker.inquiries.actions import merging, sealing
from pr_tracker.inquiries.actions.answer import save_draft
from pr_tracker.inquiries.documents import write_case_sheet
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_parts import Contribution, DraftSource
from pr_tracker.inquiries.queries import parts as queries
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_seal import text_digest_of
from pr_tracker.notices.models import Notice
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import an_inquiry
from tests.factories.parts import SECRET, a_part, a_sent_part, submitted, written
from tests.pdf.reading import words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# --- into the answer --------------------------------------------------------------------------------------


def test_one_click_adds_what_was_sent_to_the_end_of_what_is_typed(province, case, box, session, sign_in):
    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    session.commit()
    client = sign_in(province.drafter)
    assert f"/inquiries/{case.id}/merge/{sent.id}" in client.get(f"/inquiries/{case.id}/draft").text
    typed = {"text": "Đang gõ dở.", "seen": session.get(Inquiry, case.id).version}
    answer = client.post(f"/inquiries/{case.id}/merge/{sent.id}", data=typed)
    assert (answer.status_code, answer.location) == (303, f"/inquiries/{case.id}/draft")
    session.expire_all()
    assert latest_draft(session.get(Inquiry, case.id)).text == "Đang gõ dở.\n\nBảy tỷ đồng"
    page = client.get(f"/inquiries/{case.id}/draft").text
    assert "Có ý kiến của Sở Tài chính (bản 1, duyệt bởi Đỗ Giám Đốc, Giám đốc lúc 16:30 20/11/2026)." in page
    assert "Đưa vào dự thảo<" not in page


def test_merging_works_before_anything_is_written(province, session):
    case = an_inquiry(province, status=Status.ASSIGNED)
    a_part(case, province.other, actor=province.drafter)
    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    assert merging.merge(case, sent, "", actor=province.drafter, now=NOW).text == "Bảy tỷ đồng"
    assert case.status is Status.DRAFTING


def test_the_source_stays_with_later_versions_until_it_is_dropped(province, case, box):
    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    merged = merging.merge(case, sent, "Trả lời.", actor=province.drafter, now=NOW)
    with pytest.raises(BadInput):
        merging.merge(case, sent, "Trả lời.", actor=province.drafter, now=NOW)
    later = save_draft(case, "Trả lời, đã rút gọn.", actor=province.drafter, now=NOW)
    assert [row.agency for row in queries.sources_of(case, later.number)] == ["Sở Tài chính"]
    assert queries.sources_of(case, merged.number - 1) == []
    source = queries.get_source(case, queries.sources_of(case, later.number)[0].id)
    merging.drop_source(case, source, actor=province.drafter, now=NOW)
    assert queries.sources_of(case, later.number) == []
    assert len(queries.sources_of(case, merged.number)) == 1  # that version had it


def test_what_is_before_the_approver_keeps_its_sources(province, case, box):
    from pr_tracker.inquiries.actions.answer import submit

    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    merging.merge(case, sent, "Trả lời.", actor=province.drafter, now=NOW)
    submit(case, actor=province.drafter, now=NOW)
    source = queries.get_source(case, queries.sources_of(case, 9)[0].id)
    with pytest.raises(BadInput):
        merging.drop_source(case, source, actor=province.drafter, now=NOW)


def test_a_merged_part_that_is_corrected_warns_drafter_and_approver(province, case, box, session, sign_in):
    from pr_tracker.inquiries.actions.answer import submit

    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    merging.merge(case, sent, "Trả lời.", actor=province.drafter, now=NOW)
    submit(case, actor=province.drafter, now=NOW)
    a_sent_part(case, "Tám tỷ đồng", actor=province.stranger, now=NOW + HOUR)
    session.commit()
    told = session.scalars(sa.select(Notice.person_id).where(Notice.kind == "part:corrected")).all()
    assert set(told) == {province.drafter.id, province.head.id, province.deputy.id}
    warning = "Sở Tài chính đã sửa ý kiến sau khi đưa vào dự thảo."
    for person, page in ((province.deputy, "approve"), (province.drafter, "draft"), (province.clerk, "")):
        assert warning in sign_in(person).get(f"/inquiries/{case.id}/{page}".rstrip("/")).text
    out = BytesIO()
    case = session.get(Inquiry, case.id)
    sealing.approve(case, actor=province.deputy, now=NOW + HOUR)
    write_case_sheet(case, out, actor=province.clerk, place="An Giang", now=NOW + HOUR)
    assert warning in words(out.getvalue())


def test_the_corrected_version_takes_the_place_of_the_one_before(province, case, box, session):
    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    merging.merge(case, sent, "Trả lời.", actor=province.drafter, now=NOW)
    corrected = a_sent_part(case, "Tám tỷ đồng", actor=province.stranger, now=NOW + HOUR)
    draft = merging.merge(case, corrected, "Trả lời lại.", actor=province.drafter, now=NOW + HOUR)
    found = queries.sources_of(case, draft.number)
    assert [(row.number, row.corrected_in) for row in found] == [(2, None)]
    used = session.scalars(sa.select(DraftSource).where(DraftSource.dropped_from.is_(None))).all()
    assert [each.contribution_id for each in used] == [corrected.id]


def test_only_what_is_approved_and_of_this_case_can_be_merged(province, case, box, session, sign_in):
    version = submitted(case, box, by=province.stranger)
    session.commit()
    client = sign_in(province.drafter)
    typed = {"text": "Đang gõ dở.", "seen": case.version}
    answer = client.post(f"/inquiries/{case.id}/merge/{version.id}", data=typed)
    assert answer.status_code == 404
    assert session.scalar(sa.select(sa.func.count(DraftSource.id))) == 0


def test_a_merge_onto_a_case_that_moved_on_keeps_what_was_typed(province, case, box, session, sign_in):
    sent = a_sent_part(case, "Bảy tỷ đồng", actor=province.stranger)
    session.commit()
    answer = sign_in(province.drafter).post(
        f"/inquiries/{case.id}/merge/{sent.id}", data={"text": "Đang gõ dở.", "seen": 1}
    )
    assert answer.status_code == 409
    assert "Đang gõ dở." in answer.text
    assert f'action="/inquiries/{case.id}/draft"' in answer.text  # saving it does not merge


# --- the pages --------------------------------------------------------------------------------------------


def test_from_question_to_answer_on_the_pages(province, case, session, sign_in):
    session.commit()
    lead = sign_in(province.drafter)
    third = a_person("Cao Y Tế", agency=None).agency
    session.commit()
    form = {"agency_ids": [province.other.id, third.id], "questions": "Bao nhiêu?\nTừ đâu?", "seen": case.version}
    late = lead.post(f"/inquiries/{case.id}/coordination", data={**form, f"due_{third.id}": "08:00 20/11/2026"})
    assert late.status_code == 422
    assert "Từ đâu?" in late.text
    asked = lead.post(f"/inquiries/{case.id}/coordination", data={**form, f"due_{third.id}": "16:00 27/11/2026"})
    assert asked.status_code == 303
    box = session.scalars(sa.select(Participation).where(Participation.agency_id == province.other.id)).one()
    page = f"/inquiries/{case.id}/parts/{box.id}"
    staff = sign_in(province.stranger)
    assert "Từ đâu?" in staff.get(page).text
    data = {"text": SECRET, "seen": box.box_version, "then": "submit"}
    assert staff.post(f"{page}/write", data=data).status_code == 303
    session.expire_all()
    head = sign_in(province.other_head)
    assert "Chờ duyệt ý kiến" in head.get("/queue").text
    shown = head.get(f"{page}/approve").text
    assert SECRET in shown
    seen = {"seen": session.get(Participation, box.id).box_version, "digest": text_digest_of(SECRET)}
    assert head.post(f"{page}/approve", data=seen).status_code == 303
    assert SECRET in sign_in(province.drafter).get(page).text


def test_a_stale_form_in_the_box_keeps_what_was_typed(province, case, box, session, sign_in):
    written(case, box, by=province.stranger)
    session.commit()
    page = f"/inquiries/{case.id}/parts/{box.id}/write"
    answer = sign_in(province.other_head).post(page, data={"text": "Bản khác", "seen": 1, "then": "save"})
    assert answer.status_code == 409
    assert "Bản khác" in answer.text


def test_the_head_writes_and_sends_in_one_act(province, case, box, session, sign_in):
    session.commit()
    page = f"/inquiries/{case.id}/parts/{box.id}/write"
    data = {"text": SECRET, "seen": box.box_version, "then": "send"}
    assert "người đứng đầu tự trả lời" in sign_in(province.other_head).get(page).text
    assert sign_in(province.other_head).post(page, data=data).status_code == 303
    assert session.scalars(sa.select(Contribution.alone)).all() == [True]


def test_nobody_else_sends_alone(province, case, box, session, sign_in):
    session.commit()
    page = f"/inquiries/{case.id}/parts/{box.id}/write"
    data = {"text": SECRET, "seen": box.box_version, "then": "send"}
    for person in (province.other_deputy, province.stranger):
        client = sign_in(person)
        assert "người đứng đầu tự trả lời" not in client.get(page).text
        assert client.post(page, data=data).status_code == 403
    assert session.scalar(sa.select(sa.func.count(Contribution.id))) == 0


# --- whose lateness ---------------------------------------------------------------------------------------


def test_a_late_case_says_because_of_whom(province, session, sign_in, now):
    from pr_tracker.inquiries.queries.filters import Filters
    from pr_tracker.reports.queries.register import blame, figures

    case = an_inquiry(province, status=Status.DRAFTING)  # due on Wednesday 25/11: three working days, 24/11 is off
    part = a_part(case, province.other, actor=province.drafter)  # due on Monday 23/11
    due = (case.due_on.isoformat(), part.due_on.isoformat())
    late = now(case.ends_at + 10 * HOUR)  # the next working day
    session.commit()
    page = sign_in(province.drafter).get(f"/inquiries/{case.id}").text
    assert "vì Sở Tài chính chưa gửi ý kiến, đã trễ" in page, due
    found = blame(None, Filters(), late)
    assert (found.late_own, found.late_by_others, found.parts_late) == (0, 1, 1)
    assert {each.agency: each.made_late for each in found.by_agency}["Sở Tài chính"] == 1
    an_inquiry(province, status=Status.DRAFTING)
    found = blame(None, Filters(), late)
    assert (found.late_own, found.late_by_others) == (1, 1)
    timed = figures(None, Filters(), late).by_timing
    assert timed["late"] + timed["overdue"] == found.late_own + found.late_by_others
    assert sum(each.late_own + each.late_by_others for each in found.by_agency) == 2
