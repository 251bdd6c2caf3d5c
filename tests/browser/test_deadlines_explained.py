"""The explained deadline in a browser: the chip's clocks, the panel and its page, a stop before it is saved, the
calculator's picture. By the keyboard and without scripts.

Seen red without: fill.js, the preview's address, the button that stands in for scripts, the style that lifts the chip
above the row's link.
"""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.permissions import Role


@pytest.fixture
def running(site):
    """An open inquiry of the head's agency with an internal term that has not ended and has never been stopped."""
    with site.app.app_context():
        head = db.session.get_one(Person, site.province.readers["lanhdao"].person_id)
        newest = (
            sa.select(Inquiry.id)
            .where(Inquiry.lead_agency_id == head.agency_id, Inquiry.clock_key == "internal_reply")
            .where(Inquiry.finished_at.is_(None), Inquiry.stopped_days == 0, Inquiry.status != Status.RECEIVED)
            .order_by(Inquiry.ends_at.desc())
        )
        return db.session.scalars(newest).first()


def test_a_chip_opens_all_clocks_by_the_keyboard_and_the_row_still_opens_the_inquiry(reading):
    reader = reading(Role.HEAD)
    page = reader.open("/queue")
    chip = page.locator("details.clocks").first
    chip.locator("summary").focus()
    assert reader.is_ringed()
    reader.press("Enter")
    expect(chip.locator("li").first).to_be_visible()
    reader.press("Escape")
    expect(chip).not_to_have_attribute("open", "")
    chip.locator("summary").click()
    expect(chip.locator("li").first).to_be_visible()
    assert page.url.endswith("/queue")
    reader.look(width=390)
    assert reader.sideways() is None


def test_the_panel_leads_to_the_page_with_the_weeks_and_every_clock(reading, running):
    reader = reading(Role.HEAD)
    page = reader.open(f"/inquiries/{running}")
    expect(page.locator(".explain .steps li").first).to_contain_text("Quy tắc")
    page.get_by_role("link", name="Xem trên lịch").click()
    expect(page.locator(".weeks td.d")).to_contain_text("hạn")
    expect(page.get_by_role("heading", name="Mọi thời hạn của đề nghị này")).to_be_visible()
    assert reader.axe() == []


def test_a_reason_fills_in_its_usual_day_and_the_new_due_time_shows_before_saving(reading, running):
    reader = reading(Role.HEAD)
    page = reader.open(f"/inquiries/{running}/pause")
    field, answer = page.get_by_label("Tính tiếp từ ngày"), page.locator("#preview .answer")
    first, before = field.input_value(), answer.inner_text()
    page.get_by_label("Chờ cơ quan, tổ chức ngoài tỉnh").check()
    expect(field).not_to_have_value(first)
    expect(answer).not_to_have_text(before)
    field.fill(first)
    expect(answer).to_have_text(before)
    page.get_by_label("Sự kiện bất khả kháng").check()  # its usual day takes the place of another usual day only
    assert field.input_value() != first
    assert reader.axe() == []


def test_without_scripts_a_button_shows_the_new_due_time(reading, running):
    page = reading(Role.HEAD, scripts=False).open(f"/inquiries/{running}/pause")
    before = page.locator("#preview .answer").inner_text()
    page.get_by_label("Chờ cơ quan, tổ chức ngoài tỉnh").check()
    page.get_by_label("Tính tiếp từ ngày").fill("")
    page.get_by_role("button", name="Xem hạn mới").click()
    expect(page.locator("#preview .answer")).not_to_have_text(before)
    details = page.locator("details.clocks").first
    if details.count():
        details.locator("summary").click()
        expect(details.locator("li").first).to_be_visible()


@pytest.mark.parametrize(
    ("clock", "marks"),
    [
        ("forwarded_opinion_notice", "ngày 15, hạn"),
        ("incident_initial_info", "hạn 10:05"),
        ("annual_report", "cần xong"),
    ],
)
def test_the_calculator_draws_each_kind_of_term(reading, clock, marks):
    reader = reading(Role.STAFF)
    page = reader.open(f"/deadlines/calculator?key={clock}&at=10:05+20/11/2026")
    expect(page.locator(".weeks td.d")).to_contain_text(marks)
    page.get_by_label("Tính từ lúc").fill("08:00 14/12/2026")
    page.get_by_role("button", name="Tính hạn").click()
    expect(page.locator(".weeks td.d")).to_have_count(1)
    assert reader.axe() == []
