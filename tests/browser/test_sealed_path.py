"""A sensitive answer on a phone, its whole way: logged, assigned, drafted, returned, sealed twice, given."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.hands import Keys

SUBJECT = "Ốc lạ ở kênh Thử Nghiệm"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FILE = {"name": "Phụ lục sạt lở.pdf", "mimeType": "application/pdf", "buffer": PDF}
FIRST, SECOND = "Sở đang tìm hiểu.", "Sở đang tìm hiểu, sẽ trả lời cụ thể."


@pytest.fixture
def site(province):
    """The demo province, a copy for each story, served."""
    site = Site(province)
    yield site
    site.stop()


@pytest.fixture
def person(reading):
    """person(name): signed in at a phone of their own."""
    return lambda name: Keys(reading(width=390)).sign_in(name)


def seal(leader, address, number):
    """Read, tap once for what is sealed, tap once to seal it."""
    leader.page.goto(f"{address}/approve")
    leader.page.locator("summary", has_text=f"Duyệt bản {number}").click()
    leader.page.get_by_role("button", name=f"Duyệt và niêm phong bản {number}").click()
    expect(leader.page.locator("body")).to_contain_text("Đã duyệt và niêm phong.")


def draft(officer, address, text, *, file=None):
    officer.page.goto(f"{address}/draft")
    officer.page.get_by_label("Nội dung trả lời").fill(text)
    if file:
        officer.page.locator("input[type=file]").first.set_input_files([file])
    officer.page.get_by_role("button", name="Lưu và trình duyệt").click()
    expect(officer.page.locator("body")).to_contain_text("Đã lưu và trình duyệt.")


def test_a_sensitive_answer_goes_its_whole_way_on_a_phone(person):
    desk = person("vanthu")
    desk.begin_logging()
    desk.name_press("da", "Đài Tiếng nói Sông Nước", "Lý Thị Ngọc Thử")
    desk.fill("Việc gì (không bắt buộc)", SUBJECT)
    desk.fill("Câu hỏi", "Ốc này từ đâu tới?")
    desk.save("Lưu đề nghị")
    address = desk.page.url
    desk.page.goto(f"{address}/sensitive")
    desk.fill("Lý do nhạy cảm", "Dư luận quan tâm")
    desk.press("Đánh dấu nhạy cảm")
    desk.page.goto(f"{address}/assign")
    desk.select("Đơn vị", "Sở Xây dựng")
    desk.press("Giao việc")
    officer, head, chairman = person("chuyenvien"), person("lanhdao"), person("chutich")
    draft(officer, address, FIRST, file=FILE)
    seal(head, address, 1)
    chairman.page.goto(f"{address}/return")
    chairman.fill("Nội dung cần chỉnh sửa", "Nêu sẽ trả lời tiếp")
    chairman.press("Trả lại để chỉnh sửa")
    officer.page.goto(address)
    expect(officer.page.locator(".seals .void s")).to_contain_text("Đặng Lâm Quốc Thới An")
    draft(officer, address, SECOND)
    seal(head, address, 2)
    officer.page.goto(address)
    expect(officer.page.locator(".next")).to_contain_text("Lượt của lãnh đạo UBND tỉnh:")
    seal(chairman, address, 2)
    officer.page.goto(f"{address}/release")
    expect(officer.page.locator("main")).to_contain_text(FILE["name"])
    officer.choose("Thông cáo báo chí, trả lời bằng văn bản hoặc thư điện tử")
    officer.page.get_by_label("Người phát ngôn").select_option(index=1)
    officer.fill("Minh chứng", "Công văn số 12/SXD-VP")
    officer.press("Ghi nhận đã trả lời")
    expect(officer.page.locator(".seals li:not(.void)")).to_have_count(2)
    expect(officer.page.locator("main")).to_contain_text("Đã trả lời")
