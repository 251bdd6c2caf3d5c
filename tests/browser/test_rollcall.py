"""The roll call with and without scripts: by keyboard alone, by two trainers at once, through a lost network."""

import re

import pytest

from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll
from pr_tracker.trainings.queries.plan import get_session
from pr_tracker.trainings.queries.roll import roll_of
from pr_tracker.trainings.rules_roll import Mark
from tests.factories.trainings import a_class, a_course, a_roster, a_session

SAVED = '[data-roll-state="saved"]:not([hidden])'


@pytest.fixture
def held(site):
    """A session of its own, with three on the roster; gives its id."""
    with site.app.app_context():
        one = a_class(course=a_course())
        session = a_session("Buổi thử trên trình duyệt", of=one)
        a_roster(one, "Nguyễn Thị Thúy An", "Danh Hoàng Út Ân", "Lý Quốc Bảo")
        db.session.commit()
        return session.id


@pytest.fixture
def marks(site, held):
    """What the server has, in the order of names."""

    def marks():
        with site.app.app_context():
            return [row.mark for row in roll_of(get_session(held))]

    return marks


def open_roll(reading, held, **choices):
    return reading(Role.TRAINER, **choices).open(f"/trainings/sessions/{held}")


def test_the_roll_is_called_by_keys_alone(reading, held, marks):
    page = open_roll(reading, held)
    page.locator("#roll-jump").focus()
    page.keyboard.type("a01")
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    page.wait_for_selector(SAVED)
    page.keyboard.type("bao")
    page.keyboard.press("Enter")
    page.keyboard.press("v")
    page.locator("[data-count=absent]", has_text="1").wait_for()
    assert marks() == ["present", None, "absent"]


def pick(page, name, mark):
    page.get_by_role("radiogroup", name=name).get_by_text(mark, exact=True).click()


def row_of(page, name):
    return page.locator("tr", has_text=name)


AN, AN_UT, BAO = "Nguyễn Thị Thúy An", "Danh Hoàng Út Ân", "Lý Quốc Bảo"
WAITING = '[data-roll-state="waiting"]:not([hidden])'


def test_two_trainers_mark_different_rows_and_on_the_same_row_the_second_chooses(reading, held, marks):
    first, second = open_roll(reading, held), open_roll(reading, held)
    pick(first, AN, "Vắng")
    pick(second, BAO, "Có mặt")
    first.wait_for_selector(SAVED)
    second.wait_for_selector(SAVED)
    assert marks() == ["absent", None, "present"]
    pick(second, AN, "Có mặt")
    note = row_of(second, AN).locator("[data-roll-note]")
    note.get_by_text("đã ghi “Vắng”").wait_for()
    assert "Máy này ghi: “Có mặt”" in note.inner_text()
    assert marks()[0] == "absent"
    note.get_by_role("button", name="Ghi “Có mặt”").click()
    second.locator("[data-count=present]", has_text="2").wait_for()
    assert marks()[0] == "present"


def test_two_browsers_through_a_cut_network_lose_nothing_and_show_what_conflicts(reading, held, marks):
    first, second = open_roll(reading, held), open_roll(reading, held, dark=True)
    for page in (first, second):
        page.evaluate("navigator.serviceWorker.ready")
        page.reload()  # through the worker, which keeps the page
        page.wait_for_load_state("networkidle")
    first.context.set_offline(True)
    pick(first, AN, "Vắng")
    pick(first, AN, "Đi muộn")
    row_of(first, AN).locator("[data-roll-remark]").fill("Muộn 20 phút")
    pick(first, BAO, "Có phép")
    first.wait_for_selector(WAITING)
    assert "Chưa ghi nhận: 2" in first.inner_text(WAITING)
    assert row_of(first, AN).locator("[data-roll-note]").inner_text() == "Chưa gửi được, đang chờ trên máy này."
    pick(second, BAO, "Có mặt")
    pick(second, AN_UT, "Về sớm")
    second.wait_for_selector(SAVED)
    assert marks() == [None, "left_early", "present"]
    first.reload()  # without network: the kept page, with what waits
    assert row_of(first, AN).locator("[value=late]").is_checked()
    assert row_of(first, AN).locator("[data-roll-remark]").input_value() == "Muộn 20 phút"
    assert first.locator("[data-count=unmarked]").inner_text() == "3"  # nothing is counted before it is recorded
    first.context.set_offline(False)
    note = row_of(first, BAO).locator("[data-roll-note]")
    note.get_by_text("đã ghi “Có mặt”").wait_for()
    assert "Máy này ghi: “Có phép”" in note.inner_text()
    for _ in range(300):  # what may have reached the server is sent first as it was, and what came after it follows
        if marks()[0] == "late":
            break
        first.wait_for_timeout(100)
    assert marks() == ["late", "left_early", "present"]
    first.locator("[data-roll-contested]").click()
    first.reload()  # the choice waits too
    note.get_by_role("button", name="Giữ như vậy").click()
    first.locator("[data-roll-contested]").wait_for(state="hidden")
    assert marks() == ["late", "left_early", "present"]
    row_of(second, AN).locator("[value=late]:checked").wait_for(state="attached")


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_is_recorded_twice(reading, held, marks, site):
    page = open_roll(reading, held)
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)  # the server has it, the browser never hears
            route.abort()

    page.route("**/marks", lose)
    pick(page, BAO, "Có mặt")
    page.wait_for_selector(WAITING)
    assert lost == [200]
    pick(page, BAO, "Đi muộn")  # not a conflict with oneself
    page.wait_for_selector(SAVED)
    assert page.locator("tr.is-contested").count() == 0
    assert marks() == [None, None, "late"]
    with site.app.app_context():
        assert [row.version for row in roll_of(get_session(held)) if row.version] == [2]


def test_after_an_expired_sign_in_one_signs_in_again_and_nothing_is_lost(reading, held, marks):
    page = open_roll(reading, held)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    pick(page, BAO, "Có mặt")
    again = page.locator('[data-roll-state="signed_out"]')
    again.wait_for()
    assert "Đăng nhập lại: 1 mục" in again.inner_text()
    assert f"/trainings/sessions/{held}" in again.get_attribute("href").replace("%2F", "/")
    assert marks() == [None, None, None]
    page.context.add_cookies(cookies)
    page.reload()
    page.wait_for_selector(SAVED)
    assert marks() == [None, None, "present"]


def test_what_waits_for_a_session_that_was_closed_is_shown_to_be_corrected(reading, held, marks, site):
    page = open_roll(reading, held)
    page.context.set_offline(True)
    pick(page, BAO, "Đi muộn")
    page.wait_for_selector(WAITING)
    with site.app.app_context():
        session = get_session(held)
        chosen = {row.id: (Mark.PRESENT, "", 0) for row in roll_of(session)}
        roll.mark_many(session, chosen, actor=None, now=session.ends_at)
        roll.close_session(session, version=session.version, actor=None, now=session.ends_at)
        db.session.commit()
    page.context.set_offline(False)
    page.wait_for_selector('[data-roll-state="closed"]:not([hidden])')
    page.reload()
    left = page.locator("[data-roll-left]")
    left.get_by_text("A03 Lý Quốc Bảo: “Đi muộn”").wait_for()
    left.get_by_role("link", name="Sửa, nêu lý do").click()
    assert page.locator("[value=late]").is_checked()
    page.get_by_label("Lý do").fill("Ghi khi mất mạng")
    page.get_by_role("button", name="Sửa điểm danh").click()
    page.get_by_text("Ghi khi mất mạng").wait_for()
    assert left.is_hidden()
    assert marks()[2] == "late"


def test_entries_of_somebody_else_on_this_device_wait_for_that_person(reading, held, marks, site):
    mine = reading(Role.TRAINER)
    page = mine.open(f"/trainings/sessions/{held}")
    page.context.set_offline(True)
    pick(page, BAO, "Có mặt")
    page.wait_for_selector(WAITING)
    kept = page.evaluate("JSON.stringify(localStorage)")
    other = reading(Role.SUPERVISOR)
    page = other.open("/trainings")
    page.evaluate("kept => Object.assign(localStorage, JSON.parse(kept))", kept)
    page.goto(f"/trainings/sessions/{held}")
    page.locator("[data-roll-left]").get_by_text("1 mục của").wait_for()
    assert marks() == [None, None, None]


def test_the_rest_is_marked_present_at_once_after_it_was_asked(reading, held, marks):
    page = open_roll(reading, held)
    pick(page, BAO, "Vắng")
    page.wait_for_selector(SAVED)
    page.get_by_role("button", name="Ghi có mặt cho những người còn lại").click()
    dialog = page.get_by_role("dialog")
    assert "2 người đang hiện" in dialog.inner_text()
    dialog.get_by_role("button", name="Ghi có mặt cho những người còn lại").click()
    page.locator("[data-count=present]", has_text="2").wait_for()
    assert marks() == ["present", "present", "absent"]


def test_signing_out_throws_the_kept_pages_away(reading, held):
    page = open_roll(reading, held)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_load_state("networkidle")
    kept = f"caches.match('/trainings/sessions/{held}').then(found => Boolean(found))"
    page.wait_for_function(kept)
    page.locator(".who-menu summary").click()
    page.get_by_role("button", name="Đăng xuất").first.click()
    page.wait_for_url(lambda url: "/trainings/" not in url)
    assert page.evaluate(kept) is False


def test_a_remark_is_saved_with_its_mark(reading, held, site):
    page = open_roll(reading, held)
    row = page.locator("tr", has_text="Lý Quốc Bảo")
    row.get_by_text("Có phép").click()
    page.wait_for_selector(SAVED)
    row.locator("[data-roll-remark]").fill("Giấy số 31")
    with page.expect_response(re.compile(r"/marks$")):
        row.locator("[data-roll-remark]").press("Tab")
    with site.app.app_context():
        roll = roll_of(get_session(held))
        assert [row.remark for row in roll if row.full_name == "Lý Quốc Bảo"] == ["Giấy số 31"]


@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_the_roll_is_called_and_closed(reading, held, marks, width):
    page = open_roll(reading, held, scripts=False, width=width)
    for name, mark in (("Nguyễn Thị Thúy An", "Có mặt"), ("Lý Quốc Bảo", "Có phép")):
        page.get_by_role("radiogroup", name=name).get_by_text(mark).click()
    page.get_by_role("button", name="Lưu điểm danh").click()
    assert marks() == ["present", None, "excused"]
    page.get_by_role("link", name="Chốt buổi").click()
    page.get_by_role("radiogroup", name="Danh Hoàng Út Ân").get_by_text("Vắng", exact=True).click()
    page.get_by_role("button", name="Chốt buổi").click()
    page.get_by_text("Đã chốt lúc").wait_for()
    assert marks() == ["present", "absent", "excused"]
