"""The working calendar on pages: looking, changing with a preview, importing a list, and what warns of it."""

import html
import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from pr_tracker import clock
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.deadlines import queries
from pr_tracker.deadlines.models import CalendarEntry
from pr_tracker.deadlines.reading import MOST_ROWS
from pr_tracker.inquiries.models import HistoryEntry
from pr_tracker.notices.models import Notice
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
YEAR = "/deadlines/calendar"
DAY_OFF, SWAP, ORDINARY = f"{YEAR}/day-off", f"{YEAR}/swap", f"{YEAR}/ordinary"
CONFIRM, WITHDRAW, IMPORT = f"{YEAR}/confirm", f"{YEAR}/withdraw", f"{YEAR}/import"
STORM = {"kind": "holiday", "first": "25/11/2026", "name": "Nghỉ bão", "state": "confirmed", "decision": "12/QĐ-TTg"}
TYPHOON = "Nghỉ bão <số 13>"


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def admin(session, sign_in):
    person = a_person("Lưu Quản Trị", roles=(Role.ADMIN,))
    db.session.commit()
    return sign_in(person)


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def inquiry(province, session):
    inquiry = an_inquiry(province, subject="Cầu tạm kênh Ông Thử")
    session.commit()
    return inquiry


def words_of(page):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.text))


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page.text)[1]


def saved(client, address, data):
    """Look at the preview, then confirm it."""
    preview = client.post(address, data={**data, "act": "look"})
    assert preview.status_code == 200, words_of(preview)
    return client.post(address, data={**data, "act": "save", "seen": seen_on(preview)})


# --- looking ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.SUPERVISOR, Role.ADMIN])
def test_whoever_works_with_deadlines_sees_a_year(session, sign_in, role):
    person = a_person(roles=(role,))
    db.session.commit()
    page = sign_in(person).get(f"{YEAR}?year=2026")
    assert page.status_code == 200
    assert "Giỗ Tổ Hùng Vương" in page.text
    assert "12729/VPCP-KGVX" in page.text
    assert "đề xuất, chưa áp dụng" in page.text
    assert (DAY_OFF in page.text) is (role is Role.ADMIN)


@pytest.mark.parametrize("address", [DAY_OFF, SWAP, ORDINARY, CONFIRM, WITHDRAW, IMPORT, "/health"])
@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.TRAINER, Role.SUPERVISOR])
def test_only_administrators_change_it(session, sign_in, role, address):
    person = a_person(roles=(role,))
    db.session.commit()
    assert sign_in(person).get(address).status_code == 403


@pytest.mark.parametrize(("typed", "shown"), [("2027", 2027), ("", 2026), ("1800", 2026), ("２０２７", 2026)])
def test_the_year_in_the_address_is_shown_where_the_calendar_covers_it(admin, typed, shown):
    page = admin.get(YEAR, query_string={"year": typed})
    assert f"Lịch làm việc năm {shown}" in page.text


def test_every_special_day_has_a_word_and_a_sign_not_only_a_colour(admin):
    page = admin.get(f"{YEAR}?year=2026")
    assert re.search(
        r'<td class="p"><b>23<sup[^>]*>\?</sup></b><span class="visually-hidden">, đề xuất: nghỉ', page.text
    )
    assert re.search(r'<td class="k"><b>22<sup[^>]*>L</sup></b><span class="visually-hidden">, làm bù', page.text)


def test_the_list_says_who_entered_a_day_and_what_was_withdrawn(admin):
    saved(admin, DAY_OFF, STORM)
    page = words_of(admin.get(YEAR))
    assert "Lưu Quản Trị nhập, 16:30 20/11/2026" in page
    assert "có sẵn trong phần mềm" in page
    saved(admin, WITHDRAW, {"first": "25/11/2026", "reason": "Nhập nhầm"})
    page = words_of(admin.get(YEAR))
    assert "1 mục đã thu hồi hoặc thay thế" in page
    assert "Lưu Quản Trị thu hồi, 16:30 20/11/2026: Nhập nhầm" in page


# --- changing ---------------------------------------------------------------------------------------------


def test_the_preview_says_old_and_new_and_no_subject_and_saves_nothing(admin, inquiry):
    page = admin.post(DAY_OFF, data={**STORM, "act": "look"})
    words = words_of(page)
    assert "1 thời hạn đang chạy sẽ thay đổi" in words
    assert f"{inquiry.code} Văn phòng Ủy ban nhân dân tỉnh" in words
    assert "hết thứ Năm 26/11/2026" in words
    assert "hết thứ Sáu 27/11/2026" in words
    assert inquiry.subject not in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarEntry)) == 0


def test_confirming_saves_moves_tells_and_says_how_many(admin, inquiry):
    answer = saved(admin, DAY_OFF, STORM)
    assert answer.status_code == 303
    page = admin.get(answer.location)
    assert "Đã cập nhật lịch cho 1 ngày. Đã chuyển 1 thời hạn." in page.text
    db.session.refresh(inquiry)
    assert inquiry.due_on == date(2026, 11, 27)
    told = db.session.scalar(sa.select(HistoryEntry.data).where(HistoryEntry.event == "inquiry:deadline:move"))
    assert told["note"] == "Lịch làm việc: 25/11/2026 nghỉ Nghỉ bão (12/QĐ-TTg)"
    assert db.session.scalars(sa.select(Notice.kind)).all().count("clock:moved") >= 1


def test_a_calendar_that_moves_nothing_says_so(admin):
    page = admin.post(DAY_OFF, data={**STORM, "act": "look"})
    assert "Không có hồ sơ nào đổi hạn" in page.text


def test_going_back_from_the_preview_keeps_what_was_typed(admin):
    page = admin.post(DAY_OFF, data={**STORM, "name": TYPHOON, "act": "edit"})
    assert 'value="Nghỉ bão &lt;số 13&gt;"' in page.text
    assert 'value="25/11/2026"' in page.text


def test_a_list_that_changed_meanwhile_is_shown_anew_instead_of_saved(admin, province, inquiry):
    preview = admin.post(DAY_OFF, data={**STORM, "act": "look"})
    another = an_inquiry(province)
    db.session.commit()
    page = admin.post(DAY_OFF, data={**STORM, "act": "save", "seen": seen_on(preview)})
    assert page.status_code == 409
    assert "Danh sách thời hạn thay đổi đã khác lúc hiển thị" in page.text
    assert another.code in page.text
    assert queries.working_calendar().is_working_day(date(2026, 11, 25))
    assert admin.post(DAY_OFF, data={**STORM, "act": "save", "seen": seen_on(page)}).status_code == 303


@pytest.mark.parametrize(
    ("address", "wrong", "said"),
    [
        (DAY_OFF, {**STORM, "first": "hôm nay"}, "“hôm nay”"),
        (DAY_OFF, {**STORM, "first": ""}, "Cần điền ô này"),
        (DAY_OFF, {**STORM, "decision": ""}, "phải có số quyết định"),
        (DAY_OFF, {**STORM, "name": " "}, "Ghi tên ngày nghỉ"),
        (DAY_OFF, {**STORM, "last": "20/11/2026"}, "Ngày cuối đứng trước ngày đầu"),
        (DAY_OFF, {**STORM, "kind": "swapped_off"}, ""),
        (DAY_OFF, {**STORM, "first": "25/11/2099"}, "từ năm 2005 đến năm 2060"),
        (DAY_OFF, {**STORM, "name": "x" * 201}, "200 ký tự"),
        (SWAP, {"off": "25/11/2026", "worked": "26/11/2026", "state": "confirmed", "decision": "1"}, "làm bù phải là"),
        (SWAP, {"off": "28/11/2026", "worked": "29/11/2026", "state": "confirmed", "decision": "1"}, "vốn đã nghỉ"),
        (ORDINARY, {"first": "25/11/2026", "decision": "1"}, "Lịch không ghi gì"),
        (CONFIRM, {"decision": "1"}, "Chọn ít nhất một ngày"),
        (CONFIRM, {"days": "2026-11-23", "decision": ""}, "phải có số quyết định"),
        (CONFIRM, {"days": "2026-13-99", "decision": "1"}, ""),
        (WITHDRAW, {"first": "25/11/2026", "reason": "Nhầm"}, "không nhập gì"),
        (WITHDRAW, {"first": "25/11/2026", "reason": ""}, "Cần điền ô này"),
    ],
)
@pytest.mark.parametrize("act", ["look", "save"])
def test_what_the_calendar_cannot_take_is_said_and_kept(admin, address, wrong, said, act):
    page = admin.post(address, data={**wrong, "act": act})
    assert page.status_code == 422
    assert said in words_of(page)
    for typed in (wrong.get("first"), wrong.get("decision")):
        assert not typed or f'value="{typed}"' in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarEntry)) == 0


def test_a_swap_is_entered_as_a_pair(admin, inquiry):
    saved(admin, SWAP, {"off": "25/11/2026", "worked": "28/11/2026", "state": "confirmed", "decision": "12/QĐ-TTg"})
    calendar = queries.working_calendar()
    assert not calendar.is_working_day(date(2026, 11, 25))
    assert calendar.is_working_day(SATURDAY)


def test_a_proposal_is_listed_and_moves_nothing(admin, inquiry):
    page = admin.post(DAY_OFF, data={**STORM, "state": "proposed", "decision": "", "act": "look"})
    assert "Không có hồ sơ nào đổi hạn" in page.text
    saved(admin, DAY_OFF, {**STORM, "state": "proposed", "decision": ""})
    assert queries.working_calendar().is_working_day(date(2026, 11, 25))


@pytest.mark.parametrize("half", ["2026-11-23", "2026-11-28"])
def test_either_half_of_a_proposed_swap_leads_to_its_day_off_being_ticked(admin, half):
    page = admin.get(f"{CONFIRM}?year=2026&day={half}")
    assert re.search(r'<input[^>]*checked[^>]*value="2026-11-23"', page.text)


def test_the_shipped_proposal_of_november_is_confirmed_with_its_decision(admin, inquiry):
    saved(admin, f"{CONFIRM}?year=2026", {"days": "2026-11-23", "decision": "99/QĐ-TTg"})
    calendar = queries.working_calendar()
    assert calendar.day_off(MONDAY).decision == "99/QĐ-TTg"
    assert calendar.is_working_day(SATURDAY)
    db.session.refresh(inquiry)
    assert inquiry.due_on == date(2026, 11, 27)  # Fri 20: Wed 25, Thu 26, Fri 27


def test_a_wrong_day_off_is_taken_away(admin):
    saved(admin, ORDINARY, {"first": "24/11/2026", "decision": "13/QĐ-TTg"})
    assert queries.working_calendar().is_working_day(date(2026, 11, 24))
    assert "không nghỉ Ngày Văn hóa Việt Nam" in admin.get(YEAR).text


def test_a_form_opens_with_what_is_known_of_the_day(admin):
    assert 'value="Ngày Văn hóa Việt Nam"' in admin.get(f"{DAY_OFF}?day=2026-11-24").text
    page = admin.get(f"{SWAP}?day=2026-11-28").text
    assert 'value="23/11/2026"' in page
    assert 'value="28/11/2026"' in page


def test_what_a_run_of_days_entered_is_withdrawn_at_once(admin):
    saved(admin, DAY_OFF, {**STORM, "last": "27/11/2026"})
    saved(admin, WITHDRAW, {"first": "25/11/2026", "last": "27/11/2026", "reason": "Bão tan"})
    assert all(queries.working_calendar().is_working_day(date(2026, 11, day)) for day in (25, 26, 27))
    events = db.session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.like("calendar:%"))).all()
    assert (events.count("calendar:day:enter"), events.count("calendar:day:withdraw")) == (3, 3)


# --- a list from a file -----------------------------------------------------------------------------------

LIST = [
    ["Ngày", "Loại", "Tên", "Số quyết định", "Hoán đổi với", "Tình trạng"],
    ["25/11/2026", "nghỉ lễ", "Nghỉ bão", "12/QĐ-TTg", "", ""],
    ["23/11/2026", "nghỉ hoán đổi", "", "99/QĐ-TTg", "28/11/2026", "xác nhận"],
]


def a_csv(rows=LIST, separator=";", coding="utf-8-sig"):
    return "\r\n".join(separator.join(row) for row in rows).encode(coding)


def an_excel(rows=LIST):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active["A2"] = date(2026, 11, 25)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(client, content, name="lich.csv"):
    data = {"file": (io.BytesIO(content), name), "act": "look"}
    return client.post(IMPORT, data=data, content_type="multipart/form-data")


def text_on(page):
    return html.unescape(re.search(r'<input[^>]*name="text"[^>]*value="([^"]*)"', page.text)[1])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a_csv(), "lich.csv"),
        (a_csv(separator=",", coding="utf-8"), "lich.csv"),
        (a_csv(separator="\t", coding="utf-16"), "lich.txt"),
        (a_csv([["Ngay", "LOAI", "Ten", "so quyet dinh", "hoan doi voi", ""], *LIST[1:]]), "x.csv"),
        (a_csv([["Day", "Kind", "Name", "Decision", "Exchanged for", "State"], *LIST[1:]]), "x.csv"),
        (an_excel(), "lich.xlsx"),
    ],
)
def test_a_list_is_read_previewed_and_saved_as_one_change(admin, inquiry, content, name):
    page = sent(admin, content, name)
    assert page.status_code == 200
    assert "Đã đọc 2 dòng" in page.text
    assert inquiry.code in page.text
    assert queries.working_calendar().is_working_day(MONDAY)
    answer = admin.post(IMPORT, data={"text": text_on(page), "seen": seen_on(page), "act": "save"})
    assert answer.status_code == 303
    calendar = queries.working_calendar()
    assert [calendar.is_working_day(day) for day in (MONDAY, date(2026, 11, 25), SATURDAY)] == [False, False, True]


def test_importing_the_same_list_again_changes_nothing(admin):
    page = sent(admin, a_csv())
    admin.post(IMPORT, data={"text": text_on(page), "seen": seen_on(page), "act": "save"})
    again = sent(admin, a_csv())
    assert again.status_code == 200
    assert "không có dòng nào làm lịch thay đổi" in again.text
    assert 'value="save"' not in again.text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["31/02/2026", "nghỉ lễ", "Bão", "1"], "“31/02/2026” không phải là ngày"),
        (["25/11/2026", "ăn trưa", "Bão", "1"], "Không có loại ngày “ăn trưa”"),
        (["25/11/2026", "nghỉ lễ", "Bão", ""], "Thiếu số quyết định"),
        (["25/11/2026", "nghỉ lễ", "", "1"], "Thiếu tên ngày"),
        (["25/11/2026", "nghỉ hoán đổi", "", "1", ""], "Thiếu ngày hoán đổi"),
        (["25/11/2026", "nghỉ lễ", "Bão", "1", "", "có lẽ"], "“có lẽ” không phải là xác nhận"),
        (["25/11/2026", "nghỉ hoán đổi", "", "1", "26/11/2026"], "làm bù phải là thứ Bảy"),
        (["25/11/2099", "nghỉ lễ", "Bão", "1"], "từ năm 2005 đến năm 2060"),
    ],
)
def test_a_wrong_row_is_named_with_its_reason_and_nothing_can_be_saved(admin, row, said):
    page = sent(admin, a_csv([LIST[0], LIST[1] if row[0] != "25/11/2026" else LIST[2], row]))
    assert page.status_code == 422
    words = words_of(page)
    assert said in words
    assert "Sửa các dòng sai trong tệp" in words
    assert re.search(r'<th scope="row" class="num">.*</span>3</th>', page.text)


def test_a_day_that_stands_twice_is_wrong_and_the_two_halves_of_a_swap_are_not(admin):
    page = sent(admin, a_csv([*LIST, ["25/11/2026", "nghỉ lễ", "Nghỉ lụt", "13/QĐ-TTg"]]))
    assert page.status_code == 422
    assert "Ngày này đã có ở dòng trên" in page.text
    both = sent(admin, a_csv([*LIST, ["28/11/2026", "làm bù", "", "99/QĐ-TTg", "23/11/2026"]]))
    assert both.status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "lich.csv", "rỗng"),
        (b"\x00\x01\x02\xff", "lich.csv", "Không nhận ra bảng mã"),
        (b"PK\x03\x04 not a workbook", "lich.xlsx", "bị hỏng"),
        (b"%PDF-1.4 \xe2\xe3", "lich.pdf", "không phải là tệp CSV"),
        (b"a;b;c\n1;2;3\n", "lich.csv", "Không tìm thấy dòng tiêu đề"),
        ("Ngày;Loại\n".encode(), "lich.csv", "không có dòng nào dưới"),
        (("Ngày;Loại\n" + "x;y\n" * (MOST_ROWS + 5)).encode(), "lich.csv", "nhiều nhất"),
        (b'"' + b"x" * 200_000, "lich.csv", ""),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(admin, content, name, said):
    page = sent(admin, content, name)
    assert page.status_code == 422
    assert said in words_of(page)


@pytest.mark.parametrize("text", ["", "rác", "5", "null", "[[1]]", "{}", "[" * 2000, '[["Ngày","Loại"],["x"]]'])
def test_a_text_that_did_not_come_from_the_preview_is_refused_too(admin, text):
    assert admin.post(IMPORT, data={"text": text, "act": "save"}).status_code == 422


def test_a_file_above_the_setting_is_refused(admin, app, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_MAX_UPLOAD_MB", 1)
    page = sent(admin, b"x" * (1024 * 1024 + 1))
    assert page.status_code == 422
    assert "lớn hơn 1 MB" in words_of(page)


def test_no_file_chosen_is_said_beside_the_field(admin):
    page = admin.post(IMPORT, data={"act": "look"})
    assert page.status_code == 422
    assert "Chọn một tệp" in page.text


# --- warnings and health ----------------------------------------------------------------------------------


def test_everybody_is_warned_on_the_pages_of_deadlines_and_administrators_everywhere(session, sign_in, client):
    person, admin = a_person(), a_person(roles=(Role.ADMIN,))
    db.session.commit()
    warning = "Lịch làm việc năm 2027 chưa được xác nhận"
    staff = sign_in(person)
    for address in (YEAR, "/deadlines", "/deadlines/calculator"):
        assert warning in staff.get(address).text
    assert warning not in staff.get("/inquiries").text
    admin_client = sign_in(admin)
    assert warning in admin_client.get("/people").text
    assert warning in admin_client.get("/health").text


def test_before_november_nobody_is_warned(session, sign_in, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(days=30))
    admin = a_person(roles=(Role.ADMIN,))
    db.session.commit()
    page = sign_in(admin).get("/health")
    assert "chưa được xác nhận" not in page.text
    assert "Lịch làm việc đã được xác nhận đủ" in page.text


def test_confirming_every_day_of_next_year_ends_the_warning(admin):
    entries = queries.working_calendar().entries
    days = [day.isoformat() for day, entry in entries.items() if entry.estimated and day.year == 2027]
    saved(admin, f"{CONFIRM}?year=2027", {"days": days, "decision": "99/QĐ-TTg"})
    assert "chưa được xác nhận" not in admin.get("/health").text
    assert "Mọi ngày của năm 2027 đã được xác nhận" in admin.get(f"{CONFIRM}?year=2027").text


def test_a_check_that_breaks_is_a_failing_line_and_not_a_broken_page(admin, app, monkeypatch):
    from pr_tracker.web.health import HealthLine

    def broken(_now):
        raise LookupError("no such thing")

    lines = (*app.extensions["health_lines"], HealthLine("Đồ gốm", broken))
    monkeypatch.setitem(app.extensions, "health_lines", lines)
    page = admin.get("/health")
    assert page.status_code == 200
    assert "Không kiểm tra được" in page.text


def test_the_health_of_the_machine_stays_as_it_was(client):
    assert client.get("/healthz").status_code == 200
