"""One voice: what the province said before stands beside the draft, and an answer that says otherwise is decided on."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.errors import BadInput
from pr_tracker.inquiries.actions import answer, sealing
from pr_tracker.inquiries.actions.reusing import use_statement
from pr_tracker.inquiries.actions.voice import Library
from pr_tracker.inquiries.models import Draft, HistoryEntry, Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.statements.models import Statement, StatementUse
from pr_tracker.statements.queries import NEWEST_OF_A_TERM
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.statements import TEXT, TOPIC, a_statement
from tests.statements import READING, counted

DAY = timedelta(days=1)
OTHERWISE = "Kinh phí sửa chữa hệ thống thoát nước là 12,5 tỷ đồng."


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


def path(inquiry, act):
    return f"/inquiries/{inquiry.id}/{act}"


def reloaded(session, inquiry):
    session.expire_all()
    return session.get(Inquiry, inquiry.id)


def events(session, inquiry, *wanted):
    query = sa.select(HistoryEntry.event, HistoryEntry.data).where(HistoryEntry.inquiry_id == inquiry.id)
    return [(row.event, row.data) for row in session.execute(query.order_by(HistoryEntry.id)) if row.event in wanted]


def test_beside_the_draft_stands_what_the_province_said_before(province, session, sign_in):
    a_statement(province.other, "Tuyển sinh lớp 10 năm học mới", "Chỉ tiêu không đổi.")
    a_statement(province.other)
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject="Duong vao khu tai dinh cu Vinh Thong ngap")
    session.commit()
    page = sign_in(province.drafter).get(path(inquiry, "draft")).text
    assert "PN-2026-0002" in page
    assert "Kinh phí sửa chữa hệ thống thoát nước là 15 tỷ đồng." in page
    assert "Tuyển sinh" not in page


def test_a_draft_that_says_otherwise_is_warned_of_while_it_is_typed(province, session, sign_in):
    a_statement(province.other)
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject=TOPIC)
    session.commit()
    client = sign_in(province.drafter)
    for act, more in (("draft/said-before", {}), ("draft", {"show": "1"})):
        page = client.post(path(inquiry, act), data={"seen": inquiry.version, "text": OTHERWISE, **more}).text
        assert "Phát ngôn còn hiệu lực nói khác." in page
        assert "<mark>12,5 tỷ đồng</mark>" in page
        assert "<mark>15 tỷ đồng</mark>" in page
    same = client.post(path(inquiry, "draft/said-before"), data={"text": TEXT}).text
    assert "nói khác" not in same
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0


def test_what_has_expired_is_shown_with_a_milder_word_and_cannot_be_put_in(province, session, sign_in):
    old = a_statement(province.other, valid_until=(NOW - DAY).date())
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject=TOPIC)
    session.commit()
    client = sign_in(province.drafter)
    page = client.post(path(inquiry, "draft/said-before"), data={"text": OTHERWISE}).text
    assert "Đã hết hiệu lực, đừng dùng lại." in page
    assert "Phát ngôn còn hiệu lực nói khác." not in page
    assert "<mark>15 tỷ đồng</mark>" in page
    assert "/reuse/" not in page
    answered = client.post(path(inquiry, f"reuse/{old.id}"), data={"seen": inquiry.version, "text": "Đang viết."})
    assert answered.status_code == 422
    assert "Đang viết." in answered.text


def test_one_click_puts_a_statement_into_the_draft_with_its_source(province, session, sign_in):
    one = a_statement(province.other)
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject=TOPIC)
    session.commit()
    client = sign_in(province.drafter)
    typed = {"seen": inquiry.version, "text": "Sở xin trả lời như sau."}
    assert client.post(path(inquiry, f"reuse/{one.id}"), data=typed).location.endswith(path(inquiry, "draft"))
    draft = session.scalars(sa.select(Draft)).one()
    assert draft.text == f"Sở xin trả lời như sau.\n\n{TEXT}"
    ((_, data),) = events(session, inquiry, InquiryEvent.REUSE)
    assert data["code"] == "PN-2026-0001"
    assert session.scalars(sa.select(StatementUse.draft_id)).all() == [draft.id]
    page = client.get(f"/statements/{one.id}").text
    assert inquiry.code in page
    assert inquiry.code in re.search(r"chèn vào dự thảo.*", page)[0]
    again = {"seen": reloaded(session, inquiry).version, "text": draft.text}
    assert client.post(path(inquiry, f"reuse/{one.id}"), data=again).status_code == 422
    assert client.post(path(inquiry, "reuse/999"), data=again).status_code == 404
    assert list(faults_in_chain()) == []


def test_the_draft_keeps_its_budget_with_a_full_library(province, session, sign_in):
    for number in range(NEWEST_OF_A_TERM + 20):
        a_statement(province.other, TOPIC, f"Kinh phí sửa chữa hệ thống thoát nước là {number + 20} tỷ đồng.")
    inquiry = an_inquiry(province, status=Status.DRAFTING, subject=TOPIC)
    session.commit()
    client, page = sign_in(province.drafter), path(inquiry, "draft")
    with counted() as statements:
        assert client.get(page).status_code == 200
    assert len(statements) <= READING, "\n".join(" ".join(each.split())[:110] for each in statements)
    page = client.post(path(inquiry, "draft/said-before"), data={"text": OTHERWISE}).text
    assert page.count("Phát ngôn còn hiệu lực nói khác.") == 6


def test_a_case_is_never_held_against_its_own_statement(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING, subject=TOPIC)
    draft = session.scalars(sa.select(Draft)).one()
    a_statement(province.department, inquiry_id=inquiry.id, draft_id=draft.id)
    from pr_tracker.inquiries.queries.voice import said_on

    assert said_on(inquiry, OTHERWISE, NOW.date()) == []


def test_a_statement_that_no_longer_counts_is_refused_by_the_act_itself(province, session):
    one = a_statement(province.other, valid_until=(NOW - DAY).date())
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    with pytest.raises(BadInput, match="PN-2026-0001"):
        use_statement(inquiry, one.id, "", actor=province.drafter, now=NOW)


RELEASE = {"answer_form": "written", "released_at": "16:30 20/11/2026", "evidence": "Công văn số 88/SXD-VP"}


def approved(province, text=OTHERWISE, subject=TOPIC):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject=subject)
    answer.save_draft(inquiry, text, actor=province.drafter, now=NOW)
    answer.submit(inquiry, actor=province.drafter, now=NOW)
    sealing.approve(inquiry, actor=province.head, now=NOW)
    return inquiry


def give(inquiry, province, **more):
    told = {"at": NOW, "speaker": province.head, "evidence": "Công văn số 88/SXD-VP"}
    sealing.release(inquiry, AnswerForm.WRITTEN, **told, actor=province.drafter, now=NOW, **more)


def test_an_answer_that_is_given_becomes_a_statement(province, session):
    inquiry = approved(province)
    give(inquiry, province, library=Library(valid_until=NOW.date() + 40 * DAY))
    one = session.scalars(sa.select(Statement)).one()
    assert (one.topic, one.text, one.agency_id) == (TOPIC, OTHERWISE, province.department.id)
    assert (one.inquiry_id, one.draft_id) == (inquiry.id, inquiry.approved_draft_id)
    assert (one.form, one.said_at) == (AnswerForm.WRITTEN, NOW)
    assert one.said_by == "Lê Giám Đốc, Giám đốc, Sở Xây dựng"
    assert one.right["kind"] == "head"
    assert one.valid_until == NOW.date() + 40 * DAY
    assert [data["code"] for _, data in events(session, inquiry, InquiryEvent.KEEP)] == [one.code]


def test_an_answer_may_be_kept_out_of_the_library_with_a_reason(province, session):
    inquiry = approved(province)
    with pytest.raises(BadInput):
        give(inquiry, province, library=Library(keep=False))
    session.rollback()


def test_private_matters_stay_out_of_the_library(province, session):
    inquiry = approved(province)
    give(inquiry, province, library=Library(keep=False, keep_out_reason="Bệnh án của một người"))
    assert session.scalars(sa.select(Statement)).all() == []
    ((_, data),) = events(session, inquiry, InquiryEvent.KEEP_OUT)
    assert data["reason"] == "Bệnh án của một người"


def test_a_refusal_is_no_statement(province, session):
    an_inquiry(province, status=Status.REFUSED)
    assert session.scalars(sa.select(Statement)).all() == []


def test_nobody_says_otherwise_without_deciding_what_that_means(province, session):
    said = a_statement(province.other)
    for library in (None, Library(), Library(agrees={said.id: " "})):
        inquiry = approved(province)
        with session.begin_nested() as undone:
            with pytest.raises(BadInput, match="PN-2026-0001"):
                give(inquiry, province, library=library)
            undone.rollback()


def test_whoever_releases_may_say_why_there_is_no_contradiction(province, session):
    said = a_statement(province.other)
    inquiry = approved(province)
    give(inquiry, province, library=Library(agrees={said.id: "Phần kinh phí giai đoạn một"}))
    ((_, data),) = events(session, inquiry, InquiryEvent.VOICE_AGREE)
    assert (data["code"], data["reason"]) == ("PN-2026-0001", "Phần kinh phí giai đoạn một")
    assert said.superseded_at is None


def test_a_newer_answer_takes_the_place_of_the_statement_it_contradicts(province, session):
    said = a_statement(province.other)
    inquiry = approved(province)
    give(inquiry, province, library=Library(replaces=[said.id]))
    session.flush()
    assert said.superseded_by.text == OTHERWISE
    assert [data["code"] for _, data in events(session, inquiry, InquiryEvent.VOICE_REPLACE)] == ["PN-2026-0001"]
    assert list(faults_in_chain()) == []


def test_the_release_asks_on_its_page_what_the_difference_means(province, session, sign_in):
    said = a_statement(province.other)
    inquiry = approved(province)
    session.commit()
    client = sign_in(province.drafter)
    page = client.get(path(inquiry, "release")).text
    assert "<mark>15 tỷ đồng</mark>" in page
    digest = re.search(r'name="digest"[^>]*value="([^"]*)"', page)[1]
    typed = {"seen": inquiry.version, "digest": digest, "speaker_id": province.head.id, **RELEASE}
    wrong = client.post(path(inquiry, "release"), data=typed)
    assert wrong.status_code == 422
    assert "chọn thay thế phát ngôn đó hoặc không mâu thuẫn" in wrong.text
    assert "Công văn số 88/SXD-VP" in wrong.text
    why = {f"voice_{said.id}": "agrees", f"voice_{said.id}_reason": ""}
    assert client.post(path(inquiry, "release"), data={**typed, **why}).status_code == 422
    assert client.post(path(inquiry, "release"), data={**typed, f"voice_{said.id}": "?"}).status_code == 422
    assert client.post(path(inquiry, "release"), data={**typed, "valid_until": "mai"}).status_code == 422
    done = client.post(
        path(inquiry, "release"), data={**typed, f"voice_{said.id}": "replaces", "valid_until": "1/1/2027"}
    )
    assert done.status_code == 303
    session.expire_all()
    newest = session.scalars(sa.select(Statement).order_by(Statement.id.desc())).first()
    assert session.get(Statement, said.id).superseded_by_id == newest.id
    case = client.get(f"/inquiries/{inquiry.id}").text
    assert newest.code in case
    assert "thay thế phát ngôn PN-2026-0001" in case


def test_the_approver_reads_what_the_province_said_before(province, session, sign_in):
    a_statement(province.other)
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject=TOPIC)
    answer.save_draft(inquiry, OTHERWISE, actor=province.drafter, now=NOW)
    answer.submit(inquiry, actor=province.drafter, now=NOW)
    session.commit()
    page = sign_in(province.head).get(path(inquiry, "approve")).text
    assert "Phát ngôn còn hiệu lực nói khác." in page
    assert "<mark>15 tỷ đồng</mark>" in page
