"""An administrator gives a clock a newer version, sees which deadlines move before saving, and the case says why.

By the keyboard alone, wide and narrow, and by clicks without scripts. Seen red without: the list of moves on the
preview, the carrying on of what was typed.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.hands import Clicks, Keys


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


def test_a_newer_version_is_saved_after_looking_at_the_deadlines_it_moves(person):
    admin = person("quantri")
    admin.section("Thời hạn")
    admin.follow("Trả lời câu hỏi thông thường, đề nghị phỏng vấn")
    admin.follow("Thay bản này từ ngày…")
    page = admin.page
    admin.fill("Áp dụng từ ngày", "01/07/2026")
    admin.press("Xem hạn nào thay đổi")
    admin.sees("Bản mới nhất có hiệu lực từ 01/07/2026")
    admin.fill("Áp dụng từ ngày", "16/11/2026")
    admin.select("Cách tính", "Ngày làm việc")
    admin.fill("Độ dài", "9")
    admin.press("Xem hạn nào thay đổi")
    codes = page.locator("main tbody th", has_text="ĐN-")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{codes.count()} thời hạn đang chạy sẽ thay đổi")
    code = codes.first.inner_text()
    admin.press("Sửa nội dung đã nhập")
    expect(admin.field("Độ dài")).to_have_value("9")
    admin.press("Xem hạn nào thay đổi")
    admin.press("Thay từ ngày 16/11/2026")
    admin.sees("Đã lưu bản áp dụng từ 16/11/2026.")
    expect(page.locator("main section").first).to_contain_text("9 ngày làm việc")
    the_case_says_why(person("vanthu"), code)


def the_case_says_why(clerk, code):
    clerk.search(code)
    if clerk.page.locator(".q-row").count():
        clerk.follow(clerk.page.locator(".q-title a").first.inner_text())
    expect(clerk.page.locator(".timeline")).to_contain_text("9 ngày làm việc, áp dụng từ 16/11/2026")
