"""The page of one inquiry and the acts of handling, as people of each role meet them."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from pr_tracker import clock
from pr_tracker.inquiries.actions import handling
from pr_tracker.inquiries.actions.beats import current_part
from pr_tracker.inquiries.models import Comment, HistoryEntry, Inquiry
from pr_tracker.inquiries.queries.case import parts_of
from pr_tracker.inquiries.queries.whole import happened_to
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part, Urgency
from pr_tracker.inquiries.rules_seal import text_digest_of
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part

HOUR = timedelta(hours=1)
ODD = "\x00\x1b abc 𝕏 ' \" <b> %(who)s {{ 7*7 }} " + "ạ" * 300


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


def path(inquiry, act=""):
    return f"/inquiries/{inquiry.id}" + (f"/{act}" if act else "")


def send(client, inquiry, act, *, seen=None, **fields):
    return client.post(path(inquiry, act), data={"seen": inquiry.version if seen is None else seen, **fields})


def reloaded(session, inquiry):
    session.expire_all()
    return session.get(Inquiry, inquiry.id)


def routes(app, method):
    """Every route below one inquiry, with the ids of things that are not there filled in."""
    for rule in app.url_map.iter_rules():
        if "inquiry_id" in rule.arguments and rule.endpoint.startswith("inquiries.") and method in rule.methods:
            yield rule.endpoint, dict.fromkeys(rule.arguments - {"inquiry_id"}, 1)


def address(app, endpoint, inquiry_id, values):
    with app.test_request_context():
        from flask import url_for

        return url_for(endpoint, inquiry_id=inquiry_id, **values)


@pytest.mark.parametrize("status", list(Status))
def test_a_case_in_any_status_is_one_page(province, session, sign_in, status):
    inquiry = an_inquiry(province, status=status)
    session.commit()
    led = inquiry.lead_agency is not None
    for person in (province.clerk, province.supervisor, *((province.drafter, province.head) if led else ())):
        page = sign_in(person).get(path(inquiry))
        assert page.status_code == 200
        assert inquiry.code in page.text
        assert "Bao giờ khơi thông" in page.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_agencys_inquiry_is_not_there_on_any_route(app, province, session, sign_in, method):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    stranger = a_person(agency=province.other, roles=(Role.STAFF, Role.HEAD))
    session.commit()
    client = sign_in(stranger)
    tried = list(routes(app, method))
    assert len(tried) > 15
    for endpoint, values in tried:
        answered = client.open(
            address(app, endpoint, inquiry.id, values), method=method, data={}, headers=token(client)
        )
        assert answered.status_code == 404, endpoint
        assert inquiry.subject not in answered.text


def token(client):
    return {"X-CSRFToken": client._token()}


def test_a_supervisor_looks_but_does_not_act(app, province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    session.commit()
    client = sign_in(province.supervisor)
    page = client.get(path(inquiry)).text
    assert "Việc khác" not in page
    assert "<textarea" not in page
    for endpoint, values in routes(app, "POST"):
        assert client.post(address(app, endpoint, inquiry.id, values)).status_code == 403, endpoint


def offered(page):
    """What the bar under the title offers: words and addresses."""
    bar = re.search(r'<div class="next">(.*?)\n<div class="split', page, re.DOTALL)[1]
    return dict(reversed(pair) for pair in re.findall(r'href="([^"]+)">([^<]+)</a>', bar))


@pytest.mark.parametrize("status", list(Status))
def test_what_the_page_offers_can_be_opened(province, session, sign_in, status):
    inquiry = an_inquiry(province, status=status)
    if status in (Status.ASSIGNED, Status.DRAFTING):
        a_part(inquiry, province.other, "Nguồn kinh phí", actor=province.drafter, now=NOW)
    session.commit()
    for person in (province.clerk, province.drafter, province.head, province.deputy, province.stranger):
        client = sign_in(person)
        page = client.get(path(inquiry))
        for words, url in offered(page.text).items() if page.status_code == 200 else ():
            assert client.get(url).status_code == 200, (person.full_name, words)


@pytest.mark.parametrize(
    ("status", "who", "first"),
    [
        (Status.RECEIVED, "clerk", "Giao việc"),
        (Status.ASSIGNED, "drafter", "Viết dự thảo"),
        (Status.ASSIGNED, "clerk", None),
        (Status.DRAFTING, "drafter", "Sửa dự thảo"),
        (Status.IN_REVIEW, "head", "Đọc và duyệt bản 1"),
        (Status.IN_REVIEW, "drafter", None),
        (Status.RETURNED, "drafter", "Sửa dự thảo"),
        (Status.APPROVED, "drafter", "Ghi nhận đã trả lời"),
        (Status.ANSWERED, "drafter", "Đóng hồ sơ"),
        (Status.ARCHIVED, "clerk", None),
    ],
)
def test_each_reader_is_offered_the_one_act_that_is_theirs(province, session, sign_in, status, who, first):
    inquiry = an_inquiry(province, status=status)
    session.commit()
    page = sign_in(getattr(province, who)).get(path(inquiry)).text
    found = re.findall(r'class="btn btn-primary" href="[^"]+">([^<]+)<', page)
    assert found == ([first] if first else [])


def test_assigning_on_the_page_names_the_responsible_head(province, session, sign_in):
    inquiry = an_inquiry(province)
    session.commit()
    client = sign_in(province.clerk)
    client.get(path(inquiry, "assign"))
    answered = send(client, inquiry, "assign", agency_id=province.department.id, note="Nêu rõ thời hạn")
    assert answered.status_code == 303
    page = client.get(answered.location).text
    assert "Lê Giám Đốc, Giám đốc, Sở Xây dựng" in page
    assert "Nêu rõ thời hạn" in page


def test_history_names_the_title_and_agency_that_somebody_had_then(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    assert send(sign_in(province.head), inquiry, "draft", text="Sở trả lời như sau.").status_code == 303
    province.head.title = "Phó Giám đốc"
    session.commit()
    page = sign_in(province.clerk).get(path(inquiry)).text
    assert "<b>Lê Giám Đốc</b>, Giám đốc, lưu dự thảo" in page


def test_an_agency_assigns_to_nobody_else(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    answered = send(sign_in(province.drafter), inquiry, "assign", agency_id=province.other.id)
    assert answered.status_code == 422
    assert reloaded(session, inquiry).lead_agency_id == province.department.id


def test_the_second_who_assigns_is_told_and_loses_nothing(province, session, sign_in):
    inquiry = an_inquiry(province)
    session.commit()
    seen = inquiry.version
    client = sign_in(province.clerk)
    send(client, inquiry, "assign", agency_id=province.department.id)
    answered = send(client, inquiry, "assign", seen=seen, agency_id=province.other.id, note="Đúng lĩnh vực tài chính")
    assert answered.status_code == 409
    assert "giao Sở Xây dựng chủ trì" in answered.text
    assert "Có người vừa cập nhật đề nghị này" in answered.text
    assert "Đúng lĩnh vực tài chính" in answered.text
    again = re.search(r'name="seen"[^>]*value="(\d+)"', answered.text)[1]
    answered = send(client, inquiry, "assign", seen=again, agency_id=province.other.id, note="Đúng lĩnh vực tài chính")
    assert answered.status_code == 303
    assert reloaded(session, inquiry).lead_agency_id == province.other.id


def test_a_post_without_the_version_seen_is_not_believed(province, session, sign_in):
    inquiry = an_inquiry(province)
    session.commit()
    answered = sign_in(province.clerk).post(path(inquiry, "assign"), data={"agency_id": province.department.id})
    assert answered.status_code == 409
    assert reloaded(session, inquiry).status is Status.RECEIVED


def test_a_row_that_went_stale_on_the_way_is_a_conflict_not_an_error(province, session, sign_in, monkeypatch):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()

    def stale(*_, **__):
        raise StaleDataError

    monkeypatch.setattr(handling, "take_over", stale)
    answered = send(sign_in(province.clerk), inquiry, "take-over")
    assert answered.status_code == 409


def test_taking_over_makes_the_own_agency_lead(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    province.office.head = a_person(agency=province.office, roles=(Role.HEAD,))
    session.commit()
    assert send(sign_in(province.clerk), inquiry, "take-over").status_code == 303
    inquiry = reloaded(session, inquiry)
    assert (inquiry.lead_agency_id, inquiry.officer_id) == (province.office.id, province.clerk.id)


def test_the_lead_agency_names_its_case_officer(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.head)
    assert send(client, inquiry, "officer", officer_id=province.drafter.id).status_code == 303
    assert reloaded(session, inquiry).officer_id == province.drafter.id
    assert send(client, inquiry, "officer", officer_id=province.stranger.id).status_code == 422
    assert sign_in(province.clerk).get(path(inquiry, "officer")).status_code == 403


@pytest.fixture
def asked(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.drafter)
    answered = send(client, inquiry, "ask-take-over", agency_id=province.other.id, reason="Thuộc lĩnh vực tài chính")
    assert answered.status_code == 303
    assert "được đề nghị nhận chủ trì" in client.get(path(inquiry)).text
    return reloaded(session, inquiry)


def test_the_asked_agency_reads_why_and_accepts(province, session, sign_in, asked):
    client = sign_in(province.stranger)
    assert next(iter(offered(client.get(path(asked)).text))) == "Nhận hoặc từ chối chủ trì"
    assert "Thuộc lĩnh vực tài chính" in client.get(path(asked, "request")).text
    assert send(client, asked, "request", answer="accept").status_code == 303
    assert reloaded(session, asked).lead_agency_id == province.other.id


def test_the_asked_agency_declines_only_with_a_reason_and_then_sees_it_no_more(province, session, sign_in, asked):
    client = sign_in(province.stranger)
    assert send(client, asked, "request", answer="decline").status_code == 422
    answered = send(client, asked, "request", answer="decline", reason="Không thuộc thẩm quyền")
    assert (answered.status_code, answered.location) == (303, "/")
    assert client.get(path(asked)).status_code == 404
    assert "Không thuộc thẩm quyền" in sign_in(province.drafter).get(path(asked)).text


def test_who_was_not_asked_has_nothing_to_answer(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.drafter)
    assert client.get(path(inquiry, "request")).status_code == 403
    assert send(client, inquiry, "request", answer="accept").status_code == 403


def test_a_coordinating_agency_is_asked_sends_its_part_and_is_relieved(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.drafter)
    fields = {"agency_ids": [province.other.id], "questions": "Nguồn kinh phí"}
    late = send(client, inquiry, "coordination", **fields, due_at="2026-11-20T08:00")
    assert late.status_code == 422
    assert "Nguồn kinh phí" in late.text
    assert send(client, inquiry, "coordination", **fields, due_at="").status_code == 303
    inquiry = reloaded(session, inquiry)
    other = sign_in(province.stranger)
    assert next(iter(offered(other.get(path(inquiry)).text))) == "Soạn ý kiến của đơn vị"
    part = current_part(inquiry, province.other, Part.COORDINATING)
    assert "Nguồn kinh phí" in other.get(path(inquiry, f"parts/{part.id}")).text
    a_sent_part(inquiry, "Từ nguồn dự phòng ngân sách", actor=province.stranger)
    session.commit()
    inquiry = reloaded(session, inquiry)
    lead = sign_in(province.drafter)
    assert "Từ nguồn dự phòng ngân sách" in lead.get(path(inquiry)).text
    assert "Từ nguồn dự phòng ngân sách" in lead.get(path(inquiry, "draft")).text
    assert lead.get(path(inquiry, f"coordination/{province.other.id}/end")).status_code == 200
    assert send(lead, inquiry, f"coordination/{province.other.id}/end").status_code == 303
    assert sign_in(province.stranger).get(path(inquiry)).status_code == 404


def test_an_agency_follows_for_information_until_it_is_ended(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    client = sign_in(province.drafter)
    assert send(client, inquiry, "watchers", agency_id=province.other.id).status_code == 303
    inquiry = reloaded(session, inquiry)
    assert sign_in(province.stranger).get(path(inquiry)).status_code == 200
    client = sign_in(province.drafter)
    assert send(client, inquiry, f"watchers/{province.other.id}/end").status_code == 303
    inquiry = reloaded(session, inquiry)
    assert send(client, inquiry, f"watchers/{province.other.id}/end").status_code == 422
    assert Part.WATCHING not in {row.part for row in parts_of(inquiry)}


def test_a_comment_stands_in_the_history_and_an_empty_one_does_not(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    client = sign_in(province.clerk)
    assert client.post(path(inquiry, "comments"), data={"text": "  "}).status_code == 422
    assert client.post(path(inquiry, "comments"), data={"text": "Nhớ hỏi <Sở Tài chính>"}).status_code == 303
    assert "Nhớ hỏi &lt;Sở Tài chính&gt;" in client.get(path(inquiry)).text
    assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1


def test_an_archived_file_takes_no_comment_but_shows_what_was_typed(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ARCHIVED)
    session.commit()
    answered = sign_in(province.clerk).post(path(inquiry, "comments"), data={"text": "Muộn rồi"})
    assert answered.status_code == 409
    assert "Muộn rồi" in answered.text


def test_the_acknowledgement_cannot_be_in_the_future(province, session, sign_in):
    inquiry = an_inquiry(province)
    session.commit()
    client = sign_in(province.clerk)
    assert send(client, inquiry, "acknowledge", acknowledged_at="2026-11-21T10:00").status_code == 422
    assert send(client, inquiry, "acknowledge", acknowledged_at="16:30 20/11/2026").status_code == 303
    assert reloaded(session, inquiry).acknowledged_at == NOW


def test_a_step_that_is_over_leads_back_to_the_inquiry(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    session.commit()
    answered = sign_in(province.drafter).get(path(inquiry, "draft"), follow_redirects=True)
    assert answered.request.path == path(inquiry)
    assert "Không làm được bước này" in answered.text


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.IN_REVIEW, Status.ANSWERED])
def test_no_garbage_in_a_form_or_address_is_an_error_of_ours(app, province, session, sign_in, status):
    inquiry = an_inquiry(province, status=status)
    everything = a_person(agency=province.office, roles=(Role.STAFF, Role.HEAD))
    session.commit()
    client = sign_in(everything)
    names = (
        "agency_id officer_id speaker_id text task reason note due_at acknowledged_at released_at answer_form ground"
    )
    for endpoint, values in routes(app, "POST"):
        for value in ("", ODD, "-1", "99999999999999999999", "٣"):
            fields = dict.fromkeys([*names.split(), "ground", "digest", "then", "answer", "evidence"], value)
            for seen in ("abc", str(reloaded(session, inquiry).version)):
                url = address(app, endpoint, inquiry.id, values)
                assert client.post(url, data={**fields, "seen": seen}).status_code < 500
    for odd in ("0", "2147483647", "99999999999999999999", "-1", "abc", "1.5", "%00"):
        assert client.get(f"/inquiries/{odd}").status_code == 404
        assert client.get(f"/inquiries/{inquiry.id}/versions/{odd}/1").status_code == 404
        assert client.get(f"/inquiries/{inquiry.id}/files/{odd}").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_old_entry_breaks_the_history(province, session, sign_in, language):
    inquiry = an_inquiry(province)
    odd = [{}, {"at": "gestern", "due": 7, "channel": "pigeon", "form": None}, {"reason": ["a"], "late": 1, "old": {}}]
    for event in InquiryEvent:
        for data in odd:
            entry = HistoryEntry(inquiry_id=inquiry.id, version=1, at=NOW, actor_id=None, event=event, data=data)
            session.add(entry)
    province.clerk.language = language
    session.commit()
    assert sign_in(province.clerk).get(path(inquiry)).status_code == 200


def test_the_page_speaks_english_too(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW, urgency=Urgency.MOST_URGENT)
    province.head.language = "en"
    session.commit()
    page = sign_in(province.head).get(path(inquiry)).text
    assert "Read and approve version 1" in page
    assert "HỎA TỐC" in page
    assert "Nguyễn Chuyên Viên</b> submitted version 1 for approval." in page


def test_a_case_shows_what_happened_last_and_leads_to_the_whole_history(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    for number in range(110):
        handling.comment(inquiry, f"Ý kiến {number}", actor=province.clerk, now=NOW)
    session.commit()
    client = sign_in(province.clerk)
    page = client.get(path(inquiry)).text
    assert "92 diễn biến trước đó" in page
    assert "“Ý kiến 109”" in page
    assert "“Ý kiến 89”" not in page
    history = client.get(f"{path(inquiry)}/history").text
    assert history.index("“Ý kiến 109”") < history.index("“Ý kiến 10”")
    assert "“Ý kiến 9”" not in history
    earlier = re.search(r'href="([^"]+history\?before=\d+)"', history)[1]
    assert "“Ý kiến 9”" in (oldest := client.get(earlier).text)
    assert "“Ý kiến 0”" in oldest


def test_what_a_long_case_shows_costs_as_many_rows_as_a_short_one(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    for number in range(60):
        handling.comment(inquiry, f"Ý kiến {number}", actor=province.clerk, now=NOW)
    session.commit()
    assert len(happened_to(inquiry).steps) < 25


def test_a_follow_up_and_its_parent_name_each_other(province, session, sign_in):
    parent = an_inquiry(province)
    child = an_inquiry(province, parent=parent, subject="Hỏi tiếp về tiến độ")
    session.commit()
    client = sign_in(province.clerk)
    assert path(child) in client.get(path(parent)).text
    assert path(parent) in client.get(path(child)).text
    assert f"/inquiries/new?follows={parent.id}" in client.get(path(parent)).text


def test_a_refused_and_an_answered_case_show_how_it_ended(province, session, sign_in):
    refused = an_inquiry(province, status=Status.REFUSED)
    answered = an_inquiry(province, status=Status.ANSWERED)
    session.commit()
    client = sign_in(province.clerk)
    page = client.get(path(refused)).text
    assert "Điểm b khoản 2 Điều 31 Luật Báo chí 2025" in page
    assert "Vụ án đang điều tra" in page
    page = client.get(path(answered)).text
    assert "Công văn số 12/SXD-VP" in page
    assert "<b>Phạm Phó, Phó Giám đốc</b>, duyệt ở cấp đơn vị chủ trì" in page
    assert text_digest_of("Sở đã kiểm tra hiện trường.")[:4] in page


def test_an_agency_of_any_size_is_chosen_from_the_list(province, session, sign_in):
    an_agency("Đặc khu Thổ Châu")
    inquiry = an_inquiry(province)
    session.commit()
    page = sign_in(province.clerk).get(path(inquiry, "assign")).text
    assert "Đặc khu Thổ Châu" in page
