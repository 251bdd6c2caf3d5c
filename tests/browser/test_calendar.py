"""An administrator confirms a swap, sees which deadlines it moves before saving, and the case says why afterwards.

By the keyboard alone, wide and narrow, and by clicks without scripts. Seen red without: the list of moves on the
preview, the carrying on of what was typed, the line of history, the notice in the bell.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.hands import Clicks, Keys

DECISION = "456/QĐ-TTg"


@pytest.fixture
def site(province):
    """The demo province, a copy for each story, served."""
    site = Site(province)
    yield site
    site.stop()


@pytest.fixture(params=[1280, 390, "no scripts"])
def person(request, reading):
    """person(name): signed in with a keyboard and nothing else, or without scripts."""
    if request.param == "no scripts":
        return lambda name: Clicks(reading(scripts=False)).sign_in(name)
    return lambda name: Keys(reading(width=request.param)).sign_in(name)


def test_a_swap_is_confirmed_after_looking_at_the_deadlines_it_moves(person):
    admin = person("quantri")
    admin.section("Thời hạn")
    admin.follow("Lịch làm việc")
    page = admin.page
    expect(page.locator("td.p")).to_have_text([re.compile("^23"), re.compile("^28")])
    admin.leave_by(page.get_by_role("link", name=re.compile("^Xác nhận ngày.*23.11.2026")))
    admin.fill("Số quyết định", DECISION)
    admin.press("Xem hạn nào thay đổi")
    rows = page.locator("main tbody tr")
    count = rows.count()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} thời hạn đang chạy sẽ thay đổi")
    assert isinstance(admin, Clicks) or admin.reading.axe() == []  # axe is a script
    code = page.locator("main tbody th", has_text="ĐN-").first.inner_text()
    admin.press("Sửa nội dung đã nhập")
    expect(admin.field("Số quyết định")).to_have_value(DECISION)
    admin.press("Xem hạn nào thay đổi")
    admin.press(f"Lưu và chuyển {count} thời hạn")
    admin.sees(f"Đã cập nhật lịch cho 2 ngày. Đã chuyển {count} thời hạn.")
    expect(page.locator("td.p")).to_have_count(0)
    expect(page.locator("td.x", has_text="23")).to_have_count(1)
    expect(page.locator("td.k", has_text="28")).to_have_count(1)
    the_case_says_why(person("vanthu"), code)


def the_case_says_why(clerk, code):
    clerk.search(code)
    if clerk.page.locator(".q-row").count():
        clerk.follow(clerk.page.locator(".q-title a").first.inner_text())
    history = clerk.page.locator(".timeline")
    expect(history).to_contain_text("được dời từ")
    expect(history).to_contain_text(f"Lịch làm việc: 23/11/2026 nghỉ hoán đổi, làm bù thứ Bảy 28/11/2026 ({DECISION})")


def test_a_list_from_a_file_is_looked_at_row_by_row(person, tmp_path):
    good, wrong = tmp_path / "lich-2027.csv", tmp_path / "sai.csv"
    good.write_text("Ngày;Loại;Tên;Số quyết định\n03/09/2027;nghỉ lễ;Quốc khánh;12/TB-BNV\n", "utf-8-sig")
    wrong.write_text("Ngày;Loại;Tên;Số quyết định\n31/09/2027;nghỉ lễ;Quốc khánh;12/TB-BNV\n", "utf-8-sig")
    admin = person("quantri")
    admin.page.goto("/deadlines/calendar/import")
    admin.page.set_input_files("input[type=file]", wrong)
    admin.press("Xem hạn nào thay đổi")
    admin.sees("“31/09/2027” không phải là ngày. Ví dụ: 20/11/2026")
    admin.page.set_input_files("input[type=file]", good)
    admin.press("Xem hạn nào thay đổi")
    admin.sees("Đã đọc 1 dòng", "Không có hồ sơ nào đổi hạn")
    admin.press("Lưu vào lịch")
    admin.sees("Đã cập nhật lịch cho 1 ngày. Không có thời hạn nào thay đổi.")
    expect(admin.page.locator("main tbody tr", has_text="03/09/2027")).to_contain_text("12/TB-BNV")
