"""The roll call with and without scripts: by keyboard alone, by two trainers at once, through a lost network."""

import re

import pytest

from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.queries.plan import get_session
from pr_tracker.trainings.queries.roll import roll_of
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


def test_two_trainers_mark_different_rows_and_see_each_other_told_on_the_same_row(reading, held, marks):
    first, second = open_roll(reading, held), open_roll(reading, held)
    first.get_by_role("radiogroup", name="Nguyễn Thị Thúy An").get_by_text("Vắng", exact=True).click()
    second.get_by_role("radiogroup", name="Lý Quốc Bảo").get_by_text("Có mặt").click()
    first.wait_for_selector(SAVED)
    second.wait_for_selector(SAVED)
    assert marks() == ["absent", None, "present"]
    second.get_by_role("radiogroup", name="Nguyễn Thị Thúy An").get_by_text("Có mặt").click()
    note = second.locator("tr", has_text="Nguyễn Thị Thúy An").locator("[data-roll-note]")
    note.get_by_text("đã ghi “Vắng”").wait_for()
    assert marks()[0] == "absent"
    second.get_by_role("radiogroup", name="Nguyễn Thị Thúy An").get_by_text("Có mặt").click()
    second.locator("[data-count=present]", has_text="2").wait_for()
    assert marks()[0] == "present"


def test_a_remark_is_saved_with_its_mark(reading, held, site):
    page = open_roll(reading, held)
    row = page.locator("tr", has_text="Lý Quốc Bảo")
    row.get_by_text("Có phép").click()
    page.wait_for_selector(SAVED)
    row.locator("[data-roll-remark]").fill("Giấy số 31")
    with page.expect_response(re.compile(r"/marks/\d+$")):
        row.locator("[data-roll-remark]").press("Tab")
    with site.app.app_context():
        roll = roll_of(get_session(held))
        assert [row.remark for row in roll if row.full_name == "Lý Quốc Bảo"] == ["Giấy số 31"]


def test_what_could_not_be_sent_is_sent_when_the_network_is_back(reading, held, marks):
    page = open_roll(reading, held)
    page.context.set_offline(True)
    page.get_by_role("radiogroup", name="Lý Quốc Bảo").get_by_text("Có mặt").click()
    page.wait_for_selector('[data-roll-state="waiting"]:not([hidden])')
    assert marks() == [None, None, None]
    page.context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=15000)
    assert marks() == [None, None, "present"]


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
