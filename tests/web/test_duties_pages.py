"""The pages of duties: what each reader sees, does, and is told when something is wrong or came first."""

from datetime import timedelta

import pytest

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.duties import actions, queries
from pr_tracker.duties.models import Duty, PressConference
from pr_tracker.duties.rules import DutyState
from tests.factories.accounts import NOW
from tests.factories.duties import Province, a_conference, a_periodic_conference, a_publication, office


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """It is Friday 20 November 2026, 16:30."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def page(province, session, sign_in):
    """page(person): a client that acts as the person, everything so far committed."""

    def page(person):
        session.commit()
        return sign_in(person)

    return page


def typed(**fields):
    return {"done_at": "16:00 20/11/2026", "evidence": "Đã đăng ở mục Người phát ngôn", "link": ""} | fields


def again(model, row):
    """The row as it is stored now."""
    db.session.expire_all()
    return db.session.get_one(model, row.id)


# The list


def test_the_title_says_what_is_overdue(province, page):
    a_publication(province, office(18, 11), now=office(18, 11, hour=10))
    answer = page(province.staff).get("/duties")
    assert "<h1>1 nghĩa vụ quá hạn</h1>" in answer.text
    assert "Công khai người phát ngôn: Phạm Phát Ngôn" in answer.text


def test_what_runs_out_first_stands_on_top(province, page):
    actions.open_periodic(province.top, now=NOW)
    a_publication(province, office(20, 11, hour=15))
    text = page(province.clerk).get("/duties").text
    places = [text.index(words) for words in ("Phạm Phát Ngôn", "Thông tin định kỳ tháng 11/2026", "Báo cáo năm 2026")]
    assert places == sorted(places)


def test_a_page_without_duties_says_what_to_do(province, page):
    text = page(province.staff).get("/duties").text
    assert "Không có nghĩa vụ nào đang chạy hạn" in text
    assert "Lên kế hoạch họp báo" in text


def test_who_follows_the_province_is_told_that_no_conference_is_on_record(province, page):
    wanted = "Chưa ghi nhận cuộc họp báo định kỳ nào"
    assert wanted in page(province.clerk).get("/duties").text
    assert wanted not in page(province.staff).get("/duties").text
    a_periodic_conference(province, office(24, 9))
    assert wanted not in page(province.clerk).get("/duties").text


def test_the_year_says_how_many_were_on_time(province, page):
    july = actions.open_periodic(province.top, now=office(1, 7))[0]
    actions.complete(july, office(24, 7), "Bản tin", actor=province.clerk, now=office(24, 7))
    august = actions.open_periodic(province.top, now=office(3, 8))[0]
    actions.complete(august, office(7, 9), "Bản tin", actor=province.clerk, now=office(7, 9))
    text = page(province.supervisor).get("/duties").text
    assert "1 trên 2 đúng hạn" in text
    assert 'class="month--met"' in text
    assert 'class="month--late"' in text


@pytest.mark.parametrize("year", ["2026", "1999", "nonsense", "99999", "²026"])
def test_any_year_in_the_address_is_answered(province, page, year):
    assert page(province.clerk).get("/duties", query_string={"year": year}).status_code == 200


def test_the_pages_are_in_english_too(province, page):
    duty = a_publication(province)
    client = page(province.staff)
    with client.session_transaction() as kept:
        kept["language"] = "en"
    assert "1 duty is running, none is overdue" in client.get("/duties").text
    assert "Publication of the spokesperson: Phạm Phát Ngôn" in client.get(f"/duties/{duty.id}").text


# One duty


def test_a_duty_explains_its_deadline(province, page):
    duty = a_publication(province, office(20, 11, hour=15))
    text = page(province.staff).get(f"/duties/{duty.id}").text
    for words in ("15:00 thứ Bảy 21/11/2026", "khoản 3 Điều 3 Nghị định", "Còn 22 giờ", "pn@angiang.example"):
        assert words.lower() in text.lower(), words


def test_a_duty_of_another_agency_is_not_found(province, page):
    duty = a_publication(province)
    conference = a_conference(province)
    client = page(province.stranger)
    for path in (f"/duties/{duty.id}", f"/duties/{duty.id}/done", f"/duties/conferences/{conference.id}"):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/duties/{duty.id}/done", data=typed()).status_code == 404


def test_who_only_follows_sees_and_does_nothing(province, page):
    duty = a_publication(province)
    client = page(province.clerk)
    assert "Ghi nhận đã thực hiện" not in client.get(f"/duties/{duty.id}").text
    assert client.get(f"/duties/{duty.id}/done").status_code == 403
    assert client.post(f"/duties/{duty.id}/done", data=typed()).status_code == 403


def test_a_duty_is_recorded_as_done(province, page):
    duty = a_publication(province, office(20, 11, hour=15))
    client = page(province.staff)
    data = typed(link="https://angiang.example/nguoi-phat-ngon", seen=str(duty.version))
    assert client.post(f"/duties/{duty.id}/done", data=data).status_code == 303
    done = again(Duty, duty)
    assert (done.state, done.done_at, done.done_by_id) == (DutyState.DONE, office(20, 11, hour=16), province.staff.id)
    text = client.get(f"/duties/{duty.id}").text
    assert "Đúng hạn" in text
    assert 'href="https://angiang.example/nguoi-phat-ngon"' in text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"evidence": ""}, "Vui lòng"),
        ({"done_at": "chiều qua"}, "“chiều qua” không phải"),
        ({"done_at": "16:00 21/11/2026"}, "chưa"),
        ({"done_at": "16:00 19/11/2026"}, "trước khi nghĩa vụ bắt đầu"),
        ({"link": "javascript:alert(1)"}, "không phải là địa chỉ web"),
        ({"link": "http://[nonsense"}, "không phải là địa chỉ web"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(province, page, wrong, words):
    duty = a_publication(province, office(20, 11, hour=15))
    data = typed(seen=str(duty.version), **wrong)
    answer = page(province.staff).post(f"/duties/{duty.id}/done", data=data)
    assert answer.status_code == 422
    assert data["evidence"] in answer.text
    assert "error-summary" in answer.text
    assert again(Duty, duty).state is DutyState.OPEN


def test_who_comes_second_reads_what_the_first_did(province, page):
    duty = a_publication(province)
    seen = str(duty.version)
    actions.complete(duty, NOW, "Đã đăng lúc trưa", actor=province.head, now=NOW)
    answer = page(province.staff).post(f"/duties/{duty.id}/done", data=typed(seen=seen, done_at="16:30 20/11/2026"))
    assert answer.status_code == 409
    assert "Đã đăng lúc trưa" in answer.text
    assert "Đã đăng ở mục Người phát ngôn" in answer.text


def test_a_head_cancels_with_a_reason(province, page):
    duty = a_publication(province)
    assert page(province.staff).get(f"/duties/{duty.id}/cancel").status_code == 403
    client = page(province.head)
    data = {"reason": "Thu hồi quyết định", "seen": str(duty.version)}
    assert client.post(f"/duties/{duty.id}/cancel", data=data).status_code == 303
    assert "Thu hồi quyết định" in client.get(f"/duties/{duty.id}").text


def test_what_is_closed_sends_back(province, page):
    duty = a_publication(province)
    actions.cancel(duty, "Ghi nhầm", actor=province.head, now=NOW)
    client = page(province.head)
    for act in ("done", "cancel", "evidence"):
        assert client.get(f"/duties/{duty.id}/{act}").status_code == 302, act


def test_a_head_opens_a_duty_again(province, page):
    duty = a_publication(province)
    actions.complete(duty, NOW, "Đã đăng nhầm", actor=province.head, now=NOW)
    assert page(province.staff).get(f"/duties/{duty.id}/reopen").status_code == 403
    client = page(province.head)
    assert "Mở lại nghĩa vụ" in client.get(f"/duties/{duty.id}").text
    data = {"reason": "Sai tên", "seen": str(duty.version)}
    assert client.post(f"/duties/{duty.id}/reopen", data=data).status_code == 303
    assert "Ghi nhận đã thực hiện" in client.get(f"/duties/{duty.id}").text


def test_a_head_takes_the_record_of_a_conference_back(province, page):
    conference = a_periodic_conference(province, office(2, 11))
    client, path = page(province.chairman), f"/duties/conferences/{conference.id}"
    assert "Thu hồi ghi nhận" in client.get(path).text
    data = {"reason": "Ghi nhầm ngày", "seen": str(conference.version)}
    assert client.post(f"{path}/reopen", data=data).status_code == 303
    assert "Ghi nhận đã tổ chức" in client.get(path).text


def test_evidence_is_corrected(province, page):
    duty = a_publication(province)
    actions.complete(duty, NOW, "Đã đăng", actor=province.head, now=NOW)
    client = page(province.staff)
    assert "Đã đăng" in client.get(f"/duties/{duty.id}/evidence").text
    data = {"evidence": "Đã đăng, có ảnh chụp", "link": "", "seen": str(duty.version)}
    assert client.post(f"/duties/{duty.id}/evidence", data=data).status_code == 303
    assert again(Duty, duty).evidence == "Đã đăng, có ảnh chụp"


# The notice of a press conference


def test_the_six_items_are_filled_in_and_shown_as_not_confirmed(province, page):
    (notice,) = queries.notices_of(a_conference(province, office(30, 11)).id)
    client = page(province.staff)
    text = client.get(f"/duties/{notice.id}").text
    assert "chưa xác nhận" in text
    assert text.count("còn trống") == 2
    data = {f"texts-{number}": f"Nội dung {number}" for number in range(6)} | {"seen": str(notice.version)}
    assert client.post(f"/duties/{notice.id}/items", data=data).status_code == 303
    text = client.get(f"/duties/{notice.id}").text
    assert "Nội dung 5" in text
    assert "Ghi nhận đã thực hiện" in text


def test_a_notice_with_empty_items_is_not_done(province, page):
    (notice,) = queries.notices_of(a_conference(province, office(30, 11)).id)
    answer = page(province.staff).post(f"/duties/{notice.id}/done", data=typed(seen=str(notice.version)))
    assert answer.status_code == 422
    assert "hãy điền cả sáu nội dung" in answer.text


def test_the_letter_is_a_pdf_and_it_is_noted_who_printed_it(province, page):
    (notice,) = queries.notices_of(a_conference(province, office(30, 11)).id)
    answer = page(province.staff).get(f"/duties/{notice.id}/letter.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_other_duties_have_no_letter_and_no_items(province, page):
    duty = a_publication(province)
    client = page(province.staff)
    assert client.get(f"/duties/{duty.id}/letter.pdf").status_code == 404
    assert client.get(f"/duties/{duty.id}/items").status_code == 404


def test_the_provincial_office_words_the_notice(province, page):
    (notice,) = queries.notices_of(a_conference(province, office(30, 11)).id)
    assert page(province.staff).get("/duties/notice-form").status_code == 403
    client = page(province.clerk)
    assert "Cơ quan quản lý nhà nước về báo chí" in client.get("/duties/notice-form").text
    data = {"addressee": "Sở Văn hóa và Thể thao", "labels-5": "Đầu mối liên hệ", "seen": "0"}
    assert client.post("/duties/notice-form", data=data).status_code == 303
    assert client.post("/duties/notice-form", data=data | {"addressee": "Sở khác"}).status_code == 409
    assert "Đầu mối liên hệ" in page(province.staff).get(f"/duties/{notice.id}/items").text


# Press conferences


def plan(**fields):
    known = {
        "title": "Tiến độ các dự án giao thông",
        "starts_at": "09:00 30/11/2026",
        "place": "Hội trường A",
        "format": "in_person",
        "chair": "Giám đốc",
        "content": "",
    }
    return known | fields


def test_a_department_plans_a_conference_and_sees_when_its_notice_is_due(province, page):
    client = page(province.staff)
    assert "periodic" not in client.get("/duties/conferences/new").text
    answer = client.post("/duties/conferences/new", data=plan(agency_id=str(province.department.id)))
    assert answer.status_code == 303
    text = client.get(answer.headers["Location"]).text
    assert "Thông báo, hạn 09:00 29/11/2026" in text


def test_nobody_plans_for_another_agency(province, page):
    answer = page(province.staff).post("/duties/conferences/new", data=plan(agency_id=str(province.other.id)))
    assert answer.status_code == 422


def test_the_periodic_conference_goes_round_on_pages(province, page):
    client = page(province.clerk)
    data = plan(agency_id=str(province.top.id), starts_at="14:00 19/11/2026", periodic="y")
    address = client.post("/duties/conferences/new", data=data).headers["Location"]
    assert "không phải thông báo" in client.get(address).text
    conference = db.session.query(PressConference).one()
    held = {"done_at": "14:00 19/11/2026", "evidence": "Thông cáo số 24", "seen": str(conference.version)}
    assert client.post(f"{address}/hold", data=held).status_code == 303
    text = client.get("/duties").text
    assert "Họp báo định kỳ trong 3 tháng kể từ 19/11/2026" in text
    running = queries.running_quarter(province.top.id)
    assert running.due_on.isoformat() == "2027-02-19"  # a Friday
    text = client.get(f"/duties/{running.id}").text
    assert "Lên kế hoạch họp báo" in text
    assert client.get(f"/duties/{running.id}/done").status_code == 303


def test_a_plan_is_changed_and_called_off(province, page):
    conference = a_conference(province, office(30, 11))
    client, path = page(province.staff), f"/duties/conferences/{conference.id}"
    changed = plan(starts_at="14:00 01/12/2026", seen=str(conference.version))
    assert client.post(f"{path}/edit", data=changed).status_code == 303
    assert "Thông báo, hạn 14:00 30/11/2026" in client.get(path).text
    version = str(again(PressConference, conference).version)
    assert client.post(f"{path}/cancel", data={"reason": "Hoãn", "seen": version}).status_code == 303
    assert "Đã hủy" in client.get(path).text


def test_a_plan_changed_by_two_keeps_what_the_second_typed(province, page):
    conference = a_conference(province, office(30, 11))
    client, path = page(province.staff), f"/duties/conferences/{conference.id}"
    seen = str(conference.version)
    assert client.post(f"{path}/edit", data=plan(place="Phòng 1", seen=seen)).status_code == 303
    answer = client.post(f"{path}/edit", data=plan(place="Phòng 2", seen=seen))
    assert answer.status_code == 409
    assert "Phòng 2" in answer.text
    assert again(PressConference, conference).place == "Phòng 1"


def test_numbers_of_versions_that_make_no_sense_are_a_meanwhile(province, page):
    duty = a_publication(province, NOW - timedelta(hours=1))
    for seen in ("", "nonsense", "9" * 40, "-1"):
        answer = page(province.staff).post(f"/duties/{duty.id}/done", data=typed(seen=seen))
        assert answer.status_code == 409, seen
