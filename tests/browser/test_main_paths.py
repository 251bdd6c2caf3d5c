"""Each role's main path on the served demo province: by the keyboard alone, wide and narrow; and without scripts.

Seen red without: the focus ring, N, J, K, Ctrl+Enter, P, the arrows of a list, the article in the preview, the reason
on the draft's page, numbers in the search, the test of who sees a case, the type of each paper, the words of the log,
the button and the menu that stand in for scripts; and with an inline style, a button Tab skips, a form
for the supervisor.
"""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.visibility import visible_to
from tests.browser.conftest import Site
from tests.browser.hands import Anybody, Clicks, Keys

SUBJECT = "Cầu tạm kênh Ông Thử nứt mặt sau mưa lớn"
QUESTIONS = "Cầu tạm kênh Ông Thử nứt từ khi nào?\nKhi nào sửa xong?"
OUTLET, JOURNALIST = "Đài Tiếng nói Sông Nước", "Lý Thị Ngọc Thử"
LEAD = "Sở Xây dựng"
HEAD = "Đặng Lâm Quốc Thới An, Giám đốc, Sở Xây dựng"
UNTRAINED = "chưa có giấy chứng nhận tập huấn còn hiệu lực"  # the mild remark beside a name
FIRST_TEXT = "Cầu tạm được rào chắn từ 6 giờ sáng."
RETURNED_BECAUSE = "Nêu rõ ngày sửa xong."
SECOND_TEXT = "Cầu tạm được rào chắn từ 6 giờ sáng. Dự kiến sửa xong trong 10 ngày."
EVIDENCE = "Công văn số 12/SXD-VP gửi tòa soạn"
ROLL = {
    "Nguyễn Thị Thử An": ("Có mặt", "c"),
    "Danh Thử Bình": ("Có phép", "p"),
    "Trần Thử Cường": ("Vắng", "v"),
}


@pytest.fixture
def site(province):
    """The demo province, a copy for each story, served."""
    site = Site(province)
    yield site
    site.stop()


@pytest.fixture(params=[1280, 390, "no scripts"])
def person(request, reading) -> Callable[[str], Anybody]:
    """person(name): signed in at a browser of their own, with a keyboard and nothing else, or without scripts."""
    if request.param == "no scripts":
        return lambda name: Clicks(reading(scripts=False)).sign_in(name)
    return lambda name: Keys(reading(width=request.param)).sign_in(name)


def test_an_inquiry_is_logged_assigned_answered_and_archived(person):
    desk = person("vanthu")
    number = log(desk)
    assign(desk, number)
    officer, head = person("chuyenvien"), person("lanhdao")
    officer.open_row(SUBJECT)
    take_and_draft(officer)
    return_it(head)
    revise(officer)
    approve(head)
    release(officer)
    close_and_archive(officer)
    desk.search(number)
    expect(desk.page.locator(".q-row", has_text=SUBJECT)).to_contain_text("Đã lưu hồ sơ")


def log(desk: Anybody) -> str:
    """From the first screen to the case; returns its number. The deadline with its article is seen before saving."""
    desk.begin_logging()
    desk.sees("Không ghi nội dung mật.")
    desk.name_press("da", OUTLET, JOURNALIST)
    desk.fill("Việc gì (không bắt buộc)", SUBJECT)
    desk.fill("Câu hỏi", QUESTIONS)
    desk.choose("Yêu cầu trả lời trên báo chí")
    desk.ask_deadline()
    preview = desk.page.locator("#preview")
    expect(preview).to_contain_text("Nếu lưu bây giờ, hạn sẽ là")
    expect(preview.locator("header")).to_contain_text("Khoản 1 Điều 32 Luật Báo chí số 126/2025/QH15")
    due = preview.locator(".answer").inner_text()
    desk.save("Lưu đề nghị")
    desk.sees("Đã ghi với số", OUTLET, JOURNALIST, "Mới tiếp nhận", "Chưa có: chưa giao đơn vị chủ trì")
    expect(desk.page.locator("aside .answer")).to_have_text(due)
    found = re.search(r"Đã ghi với số (ĐN-\d{4}-\d{4})\.", desk.page.locator("main").inner_text())
    assert found
    return found[1]


def assign(desk: Anybody, number: str) -> None:
    """The lead agency gets it; the queue and the search know it."""
    desk.follow("Giao việc")
    desk.select("Đơn vị", LEAD)
    desk.press("Giao việc")
    desk.sees("Đã phân công. Người đứng đầu đơn vị chủ trì chịu trách nhiệm.", HEAD)
    desk.home()
    desk.turn_to(SUBJECT)
    row = desk.page.locator(".q-row", has_text=SUBJECT)
    expect(row).to_contain_text(f"{number} Yêu cầu trả lời trên báo chí")
    expect(row).to_contain_text(f"Lượt của {LEAD}")
    desk.search(f"dn-{number[3:7]}-{int(number[8:])}")
    expect(desk.page.locator(".q-title")).to_have_text([SUBJECT])


def take_and_draft(officer: Anybody) -> None:
    """The officer takes the case, writes, saves and submits."""
    officer.sees("Cầu tạm kênh Ông Thử nứt từ khi nào?", "Khi nào sửa xong?", f"Lượt của {LEAD}:")
    officer.follow_other("Cử chuyên viên xử lý")
    officer.select("Chuyên viên xử lý", f"Nguyễn Hoàng Thiên Kim, Chuyên viên, {UNTRAINED}")
    officer.press("Cử chuyên viên xử lý")
    officer.sees("cử chuyên viên xử lý: Nguyễn Hoàng Thiên Kim")
    officer.follow("Viết dự thảo")
    officer.fill("Nội dung trả lời", FIRST_TEXT)
    officer.save("Lưu bản mới")
    officer.sees("Đã lưu thành bản mới.", FIRST_TEXT)
    officer.follow("Trình duyệt bản 1")
    officer.press("Trình duyệt")
    officer.sees("Đã trình duyệt.", f"Lượt của lãnh đạo {LEAD}:")


def return_it(head: Anybody) -> None:
    """The head sends it back with a reason."""
    head.open_row(SUBJECT)
    head.follow("Trả lại để chỉnh sửa")
    head.sees(FIRST_TEXT)
    head.fill("Nội dung cần chỉnh sửa", RETURNED_BECAUSE)
    head.press("Trả lại để chỉnh sửa")
    head.sees("Đã trả lại để chỉnh sửa.", f"Lượt của {LEAD}:")


def revise(officer: Anybody) -> None:
    """The officer reads why, revises and submits."""
    officer.home()
    officer.open_row(SUBJECT)
    officer.follow("Sửa dự thảo")
    officer.sees("trả lại bản 1:", RETURNED_BECAUSE)
    officer.fill("Nội dung trả lời", SECOND_TEXT)
    officer.press("Lưu và trình duyệt")
    officer.sees("Đã lưu và trình duyệt.", SECOND_TEXT)


def approve(head: Anybody) -> None:
    """The head reads the second version and approves it."""
    head.home()
    head.open_row(SUBJECT)
    head.follow("Đọc và duyệt bản 2")
    head.sees(SECOND_TEXT)
    head.use(head.page.locator("summary", has_text="Duyệt bản 2"))
    head.sees("Sửa một chữ hoặc đổi một tệp thì phải duyệt lại.")
    head.press("Duyệt và niêm phong bản 2")
    head.sees("Đã duyệt và niêm phong.")


def release(officer: Anybody) -> None:
    """How, when and by whom the press was answered, and what shows it."""
    officer.home()
    officer.open_row(SUBJECT)
    officer.follow("Ghi nhận đã trả lời")
    officer.sees(SECOND_TEXT)
    at = officer.field("Trả lời lúc").input_value()
    officer.choose("Thông cáo báo chí, trả lời bằng văn bản hoặc thư điện tử")
    officer.tick("Kết quả")
    officer.fill("Trả lời lúc", at)
    officer.select("Người phát ngôn", f"{HEAD} (người đứng đầu cơ quan)")
    officer.fill("Minh chứng", EVIDENCE)
    officer.press("Ghi nhận đã trả lời")
    officer.sees("Đã ghi nhận việc trả lời. Đồng hồ đã dừng.", EVIDENCE, HEAD.partition(",")[0], at)


def close_and_archive(officer: Anybody) -> None:
    """The sheet is printed, the file closed and archived; nothing more can be done."""
    officer.get_pdf("Phiếu xử lý (PDF)")
    officer.follow("Đóng hồ sơ")
    officer.fill("Ghi chú khi đóng hồ sơ (không bắt buộc)", "Báo đã đăng.")
    officer.press("Đóng hồ sơ")
    officer.sees("Đã đóng hồ sơ.")
    officer.follow("Lưu hồ sơ")
    officer.press("Lưu hồ sơ")
    officer.sees("Không còn việc phải làm.")


def test_the_chairman_sees_the_whole_province_and_comments(person):
    chairman = person("chutich")
    expect(chairman.page.locator(".filterbar")).to_contain_text("Cả tỉnh")
    turns = chairman.page.locator(".q-row .turn b").all_inner_texts()
    assert len({turn.removeprefix("lãnh đạo ") for turn in turns}) > 5, turns
    title = chairman.page.locator(".q-title a").nth(2).inner_text()
    chairman.open_row(title)
    chairman.fill("Ý kiến nội bộ", "Báo cáo tôi trước 15 giờ.")
    chairman.press("Ghi ý kiến")
    chairman.sees("Đã ghi ý kiến vào diễn biến.", "Báo cáo tôi trước 15 giờ.", "Huỳnh Bá Phước Duy")


def test_the_supervisor_sees_everything_and_finds_nothing_to_act_with(person):
    supervisor = person("giamsat")
    expect(supervisor.page.locator(".filterbar")).to_contain_text("Cả tỉnh")
    expect(supervisor.page.get_by_role("link", name="Ghi đề nghị mới")).to_have_count(0)
    supervisor.open_row(supervisor.page.locator(".q-title a").nth(2).inner_text())
    supervisor.sees("Báo hỏi gì", "Diễn biến", "Ai chịu trách nhiệm")
    main = supervisor.page.locator("main")
    expect(main.locator("form, .next .acts, button")).to_have_count(0)
    assert supervisor.page.goto(f"{supervisor.page.url}/assign").status == 403
    supervisor.sees("Tài khoản này không có quyền mở trang")


def test_an_inquiry_of_another_agency_is_not_there(person, site):
    officer = person("chuyenvien")
    with site.app.app_context():
        reader = db.session.scalars(sa.select(Person).where(Person.email.startswith("chuyenvien@"))).one()
        other = db.session.scalars(sa.select(Inquiry).where(~visible_to(reader)).limit(1)).one()
        address, code = f"/inquiries/{other.id}", other.code
    assert officer.page.goto(address).status == 404
    officer.sees("Không có trang này")
    officer.follow("Về trang đầu")
    officer.search(code)
    officer.sees("Không có đề nghị nào phù hợp")


def test_a_class_is_opened_its_roll_called_and_its_sheet_printed(person):
    trainer = person("daotao")
    course = trainer.page.get_by_role("link", name="Mở lớp").first
    trainer.leave_by(course)
    trainer.fill("Tên lớp", "Lớp thử bàn phím")
    trainer.press("Lưu lớp")
    trainer.sees("Đã mở lớp. Tiếp theo, thêm buổi và học viên.")
    add_session(trainer)
    trainer.follow("Danh sách học viên")
    trainer.follow("Dán danh sách")
    trainer.fill("Danh sách, mỗi dòng một người", "\n".join(f"{name}; Chuyên viên; Sở Xây dựng" for name in ROLL))
    trainer.press("Xem trước các dòng")
    trainer.press("Thêm các dòng đã chọn")
    trainer.follow("Tổng quan")
    trainer.follow("1. Trả lời báo chí đúng hạn")
    trainer.mark(ROLL)
    trainer.follow("Chốt buổi")
    trainer.sees("Đến lúc này: 1 có mặt, 0 đi muộn, 0 về sớm, 1 có phép, 1 vắng.")
    trainer.press("Chốt buổi")
    trainer.sees("Đã chốt lúc")
    trainer.get_pdf("In kết quả điểm danh")


def add_session(trainer: Anybody) -> None:
    """A session of this day."""
    trainer.follow("Thêm buổi")
    trainer.fill("Chuyên đề", "Trả lời báo chí đúng hạn")
    trainer.fill("Ngày", "20/11/2026")
    trainer.fill("Bắt đầu", "08:00")
    trainer.fill("Kết thúc", "10:30")
    trainer.press("Lưu buổi")
    trainer.sees("Đã thêm buổi.", "Trả lời báo chí đúng hạn")


def test_the_administrator_adds_a_person_changes_an_agency_and_reads_the_log(person):
    administrator = person("quantri")
    administrator.follow("Thêm người dùng")
    administrator.fill("Họ và tên", "Phạm Thị Thử")
    administrator.fill("Thư điện tử công vụ", "pham.thi.thu@angiang.example")
    administrator.select("Đơn vị", LEAD)
    administrator.tick("Chuyên viên")
    administrator.press("Thêm người dùng")
    administrator.sees("Phạm Thị Thử đã có tài khoản.")
    administrator.section("Người dùng")
    administrator.follow("Cơ quan, đơn vị")
    administrator.follow(LEAD)
    administrator.fill("Tên viết tắt", "Sở XD")
    administrator.press("Lưu cơ quan, đơn vị")
    administrator.sees("Đã lưu.")
    administrator.section("Nhật ký hệ thống")
    administrator.sees("thêm người dùng", "sửa thông tin cơ quan, đơn vị", "Lưu Đức Khôi Vỹ")
