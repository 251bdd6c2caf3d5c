"""From draft to archive on the pages: versions, approval of exactly one text, release, refusal, files."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.inquiries.actions import answer, handling, sealing
from pr_tracker.inquiries.models import Attachment, Draft, HistoryEntry, Inquiry
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_seal import text_digest_of
from pr_tracker.permissions import Role
from pr_tracker.text import word_changes
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry, refused

HOUR = timedelta(hours=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RELEASE = {"answer_form": "written", "released_at": "2026-11-20T16:30", "evidence": "Công văn số 88/SXD-VP"}


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


def path(inquiry, act=""):
    return f"/inquiries/{inquiry.id}" + (f"/{act}" if act else "")


def send(client, inquiry, act, *, seen=None, **fields):
    if act in ("release", "refuse") and "digest" not in fields:
        fields["digest"] = latest_draft(inquiry).digest
    return client.post(path(inquiry, act), data={"seen": inquiry.version if seen is None else seen, **fields})


def reloaded(session, inquiry):
    session.expire_all()
    return session.get(Inquiry, inquiry.id)


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def uploads(app):
    folder = Path(app.config["PR_TRACKER_UPLOAD_FOLDER"])
    return sorted(folder.iterdir()) if folder.exists() else []


def pdf(name="Công văn 218.pdf", content=PDF):
    return (BytesIO(content), name)


def test_from_draft_to_archive_on_the_pages(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    drafter = sign_in(province.drafter)
    assert "Bao giờ khơi thông" in drafter.get(path(inquiry, "draft")).text
    send(drafter, inquiry, "draft", text="Sở đã kiểm tra.")
    inquiry = reloaded(session, inquiry)
    assert "Sở đã kiểm tra." in drafter.get(path(inquiry, "submit")).text
    send(drafter, inquiry, "submit")
    deputy = sign_in(province.deputy)
    inquiry = reloaded(session, inquiry)
    page = deputy.get(path(inquiry, "approve")).text
    assert "Sở đã kiểm tra." in page
    assert send(deputy, inquiry, "approve", digest=hidden(page, "digest")).status_code == 303
    drafter, inquiry = sign_in(province.drafter), reloaded(session, inquiry)
    assert "Lê Giám Đốc, Giám đốc, Sở Xây dựng" in drafter.get(path(inquiry, "release")).text
    assert send(drafter, inquiry, "release", speaker_id=province.head.id, **RELEASE).status_code == 303
    inquiry = reloaded(session, inquiry)
    assert (inquiry.status, inquiry.finished_at) == (Status.ANSWERED, NOW)
    assert send(drafter, inquiry, "close", note="Báo đã đăng đúng").status_code == 303
    inquiry = reloaded(session, inquiry)
    assert send(drafter, inquiry, "archive").status_code == 303
    inquiry = reloaded(session, inquiry)
    assert inquiry.status is Status.ARCHIVED
    assert drafter.get(path(inquiry)).status_code == 200
    assert list(faults_in_chain()) == []


def test_save_and_submit_is_one_act_and_does_not_repeat_an_unchanged_text(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    client = sign_in(province.drafter)
    same = "Sở đã kiểm tra hiện trường."
    assert send(client, inquiry, "draft", text=same).status_code == 422
    assert send(client, inquiry, "draft", text=same, then="submit").status_code == 303
    inquiry = reloaded(session, inquiry)
    assert inquiry.status is Status.IN_REVIEW
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1
    assert send(client, inquiry, "draft", text="Thêm một câu.", then="submit").status_code == 303
    assert session.scalars(sa.select(Draft.number).order_by(Draft.number)).all() == [1, 2]


def test_the_second_drafter_loses_nothing_and_sees_the_difference(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    seen = inquiry.version
    answer.save_draft(inquiry, "Sở đã kiểm tra hiện trường hôm qua.", actor=province.head, now=NOW)
    session.commit()
    client = sign_in(province.drafter)
    typed = "Sở đã kiểm tra hiện trường, đường ngập 20 cm."
    answered = send(client, inquiry, "draft", seen=seen, text=typed)
    assert answered.status_code == 409
    assert "lưu dự thảo bản 2" in answered.text
    assert typed in answered.text
    assert re.search(r"<del>.*hôm", answered.text)
    assert re.search(r"<ins>.*đường", answered.text)
    assert send(client, inquiry, "draft", seen=hidden(answered.text, "seen"), text=typed).status_code == 303
    assert session.scalars(sa.select(Draft.text).order_by(Draft.number.desc())).first() == typed


def test_the_draft_of_a_case_that_is_over_can_still_be_copied(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    seen = inquiry.version
    answer.withdraw(inquiry, "Báo rút qua điện thoại", actor=province.clerk, now=NOW)
    session.commit()
    answered = send(sign_in(province.drafter), inquiry, "draft", seen=seen, text="Cả buổi sáng mới viết xong.")
    assert answered.status_code == 409
    assert "Cả buổi sáng mới viết xong." in answered.text
    assert "Không còn làm được việc này" in answered.text
    assert "Báo rút qua điện thoại" in answered.text


def test_the_draft_of_a_case_that_went_to_another_agency_is_given_back(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    handling.assign(inquiry, province.other, actor=province.clerk, now=NOW)
    session.commit()
    client = sign_in(province.drafter)
    for act in ("draft", "comments"):
        answered = send(client, inquiry, act, text="Cả buổi sáng mới viết xong.")
        assert answered.status_code == 404
        assert "Cả buổi sáng mới viết xong." in answered.text
        assert inquiry.subject not in answered.text


def test_whoever_wrote_the_text_does_not_get_the_page_that_approves_it(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    answer.save_draft(inquiry, "Bản của Giám đốc", actor=province.deputy, now=NOW)
    answer.submit(inquiry, actor=province.deputy, now=NOW)
    session.commit()
    client = sign_in(province.deputy)
    assert client.get(path(inquiry, "approve")).status_code == 403
    assert send(client, inquiry, "approve", digest=text_digest_of("Bản của Giám đốc")).status_code == 403
    assert client.get(path(inquiry, "return")).status_code == 200
    assert reloaded(session, inquiry).status is Status.IN_REVIEW


def test_of_two_approvers_the_second_is_told(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    session.commit()
    seen = inquiry.version
    page = sign_in(province.deputy).get(path(inquiry, "approve")).text
    sealing.approve(inquiry, actor=province.head, now=NOW)
    session.commit()
    answered = send(sign_in(province.deputy), inquiry, "approve", seen=seen, digest=hidden(page, "digest"))
    assert answered.status_code == 409
    assert "Lê Giám Đốc</b>, Giám đốc, duyệt bản 1." in answered.text
    assert "btn-primary" not in answered.text


def test_an_approver_signs_only_the_text_that_was_read(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    session.commit()
    seen = inquiry.version
    client = sign_in(province.deputy)
    old = hidden(client.get(path(inquiry, "approve")).text, "digest")
    answer.save_and_submit(inquiry, "Bản khác hẳn.", actor=province.drafter, now=NOW)
    session.commit()
    answered = send(client, inquiry, "approve", seen=seen, digest=old)
    assert answered.status_code == 409
    assert "Bản khác hẳn." in answered.text
    new = hidden(answered.text, "digest")
    assert new == text_digest_of("Bản khác hẳn.")
    assert send(client, inquiry, "approve", digest=old).status_code == 422
    assert send(client, inquiry, "approve", digest="").status_code == 422
    assert send(client, inquiry, "approve", seen=hidden(answered.text, "seen"), digest=new).status_code == 303
    assert reloaded(session, inquiry).approved_draft.digest == new


def test_a_return_needs_its_reason_and_keeps_it(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    session.commit()
    seen = inquiry.version
    client = sign_in(province.head)
    assert send(client, inquiry, "return", reason=" ").status_code == 422
    answer.save_and_submit(inquiry, "Bản mới hơn.", actor=province.drafter, now=NOW)
    session.commit()
    answered = send(client, inquiry, "return", seen=seen, reason="Chưa nêu thời hạn bảo hành")
    assert answered.status_code == 409
    assert "Chưa nêu thời hạn bảo hành" in answered.text
    again = hidden(answered.text, "seen")
    assert send(client, inquiry, "return", seen=again, reason="Chưa nêu thời hạn bảo hành").status_code == 303
    page = sign_in(province.drafter).get(path(inquiry, "draft")).text
    assert "Chưa nêu thời hạn bảo hành" in page


def test_any_two_versions_stand_side_by_side(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    for text in ("Cửa xả nạo vét trong tháng 12.", "Cửa xả nạo vét trước ngày 05/12/2026."):
        answer.save_draft(inquiry, text, actor=province.drafter, now=NOW)
    session.commit()
    client = sign_in(province.head)
    page = client.get(path(inquiry, "versions/2/3")).text
    assert re.search(r'<del><span class="visually-hidden">\[bỏ: </span>trong', page)
    assert re.search(r'<ins><span class="visually-hidden">\[thêm: </span>trước', page)
    assert client.get(path(inquiry, "versions?old=1&new=3")).location.endswith("/versions/1/3")
    assert client.get(path(inquiry, "versions?old=x&new=")).status_code == 302
    assert client.get(path(inquiry, "versions/1/4")).status_code == 404
    assert "Hai bản giống nhau" in client.get(path(inquiry, "versions/2/2")).text


def test_a_difference_put_together_again_gives_both_texts():
    old, new = "Một hai ba.\n\nBốn năm.\n", "Một ba.\nBốn năm sáu"
    changes = word_changes(old, new)
    assert "".join(each.text for each in changes if each.kind != "new") == old
    assert "".join(each.text for each in changes if each.kind != "gone") == new


@pytest.mark.parametrize("missing", ["answer_form", "released_at", "evidence", "speaker_id"])
def test_a_release_says_how_when_who_and_by_what_evidence(province, session, sign_in, missing):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    session.commit()
    fields = {**RELEASE, "speaker_id": province.head.id, "evidence": "Bằng chứng số 7"}
    answered = send(sign_in(province.drafter), inquiry, "release", **{**fields, missing: ""})
    assert answered.status_code == 422
    assert missing == "evidence" or "Bằng chứng số 7" in answered.text
    assert reloaded(session, inquiry).status is Status.APPROVED


def test_only_who_may_speak_can_be_chosen_as_speaker(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    session.commit()
    answered = send(sign_in(province.drafter), inquiry, "release", speaker_id=province.drafter.id, **RELEASE)
    assert answered.status_code == 422


def test_a_file_that_cannot_be_kept_stops_the_release_and_leaves_nothing_behind(app, province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    session.commit()
    client, before = sign_in(province.drafter), uploads(app)
    fields = {**RELEASE, "speaker_id": province.head.id}
    answered = send(client, inquiry, "release", **fields, files=[pdf(), pdf("giả.pdf", b"MZ\x90\x00" + b"\x00" * 60)])
    assert answered.status_code == 422
    assert "giả.pdf" in answered.text
    assert uploads(app) == before
    assert reloaded(session, inquiry).status is Status.APPROVED
    assert send(client, inquiry, "release", **fields, files=[pdf()]).status_code == 303
    assert "Công văn 218.pdf" in client.get(path(inquiry)).text


def test_a_refusal_names_a_ground_of_the_law_and_the_reason(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.head)
    page = client.get(path(inquiry, "refusal")).text
    assert page.count('type="radio"') == 3
    assert "Điểm c khoản 2 Điều 31" in page
    assert send(client, inquiry, "refusal", ground="draft_policy", text="Đang soạn").status_code == 422
    assert send(client, inquiry, "refusal", ground="secret", text="").status_code == 422
    reason = {"ground": "secret", "text": "Bí mật cá nhân của bệnh nhân", "then": "submit"}
    assert send(client, inquiry, "refusal", **reason).status_code == 303
    assert "Bí mật cá nhân của bệnh nhân" in client.get(path(inquiry)).text


def test_a_refusal_is_approved_and_then_told_to_the_press(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    refused(inquiry, province, told=False)
    session.commit()
    client = sign_in(province.drafter)
    page = client.get(path(inquiry)).text
    assert path(inquiry, "refuse") in page
    assert path(inquiry, "release") not in page
    told = {"answer_form": "written", "released_at": "2026-11-20T16:30", "evidence": "Công văn số 88/SXD-VP"}
    assert send(client, inquiry, "release", speaker_id=province.head.id, **told).status_code == 422
    assert send(client, inquiry, "refuse", **told, digest="0" * 64).status_code == 422
    assert send(client, inquiry, "refuse", **told).status_code == 303
    inquiry = reloaded(session, inquiry)
    assert (inquiry.status, inquiry.refusal_reason) == (Status.REFUSED, "Vụ án đang điều tra")


def test_a_withdrawal_says_how_and_stops_no_clock_in_words(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.clerk)
    assert send(client, inquiry, "withdraw", reason="").status_code == 422
    assert send(client, inquiry, "withdraw", reason="Nhà báo gọi rút").status_code == 303
    page = client.get(path(inquiry)).text
    assert "Nhà báo gọi rút" in page
    assert "Đúng hạn" not in page


def test_a_file_is_archived_only_after_it_was_closed(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    session.commit()
    answered = send(sign_in(province.drafter), inquiry, "archive")
    assert answered.status_code == 422
    assert "Đóng hồ sơ trước" in answered.text


def test_several_files_are_kept_or_none(app, province, session, sign_in):
    inquiry = an_inquiry(province)
    session.commit()
    client, before = sign_in(province.clerk), uploads(app)
    assert send(client, inquiry, "files").status_code == 422
    assert send(client, inquiry, "files", files=[pdf(), pdf("rỗng.pdf", b"")]).status_code == 422
    assert uploads(app) == before
    assert send(client, inquiry, "files", files=[pdf(), pdf("..\\..\\/etc/ảnh.pdf")]).status_code == 303
    names = session.scalars(sa.select(Attachment.file_name).order_by(Attachment.id)).all()
    assert names == ["Công văn 218.pdf", "ảnh.pdf"]
    send(client, inquiry, "files", files=[pdf("dài" * 200 + ".pdf")])
    longest = session.scalars(sa.select(Attachment.file_name).order_by(Attachment.id.desc())).first()
    assert len(longest) == 200
    assert longest.endswith(".pdf")


@pytest.fixture
def kept(app, province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    send(sign_in(province.drafter), inquiry, "files", files=[pdf()])
    return inquiry, session.scalars(sa.select(Attachment).order_by(Attachment.id.desc())).first()


def test_a_download_is_a_download_and_is_logged(province, session, sign_in, kept):
    inquiry, file = kept
    answered = sign_in(province.head).get(path(inquiry, f"files/{file.id}"))
    assert answered.data == PDF
    assert answered.mimetype == "application/pdf"
    assert answered.headers["Content-Disposition"].startswith("attachment")
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.event == InquiryEvent.DOWNLOAD)).one()
    assert entry.actor_id == province.head.id
    assert "tải tệp" not in sign_in(province.head).get(path(inquiry)).text


def test_nobody_downloads_what_they_may_not_see(province, session, sign_in, kept):
    inquiry, file = kept
    mine = an_inquiry(province, status=Status.RECEIVED)
    handling.add_watcher(mine, province.other, actor=province.clerk, now=NOW)
    session.commit()
    client = sign_in(province.stranger)
    assert client.get(path(inquiry, f"files/{file.id}")).status_code == 404
    assert client.get(path(mine, f"files/{file.id}")).status_code == 404


def test_a_file_that_is_gone_from_the_store_says_so(app, province, session, sign_in, kept):
    inquiry, file = kept
    (Path(app.config["PR_TRACKER_UPLOAD_FOLDER"]) / file.stored_name).unlink()
    answered = sign_in(province.drafter).get(path(inquiry, f"files/{file.id}"))
    assert answered.status_code == 404
    assert "không còn trong kho lưu" in answered.text


@pytest.mark.parametrize(
    ("act", "status", "allowed"),
    [
        ("assign", Status.RECEIVED, {"clerk"}),
        ("draft", Status.ASSIGNED, {"drafter", "head", "deputy"}),
        ("submit", Status.DRAFTING, {"drafter", "head", "deputy"}),
        ("approve", Status.IN_REVIEW, {"head", "deputy"}),
        ("return", Status.IN_REVIEW, {"head", "deputy"}),
        ("release", Status.APPROVED, {"clerk", "drafter", "head", "deputy"}),
        ("refusal", Status.DRAFTING, {"drafter", "head", "deputy"}),
        ("refuse", Status.APPROVED, {"clerk", "drafter", "head", "deputy"}),
        ("withdraw", Status.DRAFTING, {"clerk", "drafter", "head", "deputy"}),
        ("close", Status.ANSWERED, {"clerk", "drafter", "head", "deputy"}),
        ("coordination", Status.DRAFTING, {"clerk", "drafter", "head", "deputy"}),
        ("contribute", Status.DRAFTING, set()),
        ("files", Status.DRAFTING, {"clerk", "drafter", "head", "deputy"}),
    ],
)
def test_each_act_is_open_to_its_own_people_only(province, session, sign_in, act, status, allowed):
    inquiry = an_inquiry(province, status=status)
    session.commit()
    people = {
        name: getattr(province, name) for name in ("clerk", "drafter", "head", "deputy", "supervisor", "stranger")
    }
    people["trainer"] = a_person(agency=province.department, roles=(Role.TRAINER,))
    session.commit()
    opened = {name for name, person in people.items() if sign_in(person).get(path(inquiry, act)).status_code == 200}
    assert opened == allowed
