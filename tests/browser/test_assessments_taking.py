"""The test on a phone through lost Wi-Fi and a reload: nothing is lost, nothing is called saved before it is."""

from datetime import timedelta

import pytest
from playwright.sync_api import Error as PlaywrightError

from pr_tracker import clock
from pr_tracker.assessments.models import TestAttempt
from pr_tracker.assessments.queries.tests import questions_of
from pr_tracker.db import db
from tests.factories.assessments import a_short_one, a_test, an_attempt, one_choice, several_choices
from tests.factories.trainings import a_class, a_course, a_roster

SAID = "[data-testing-said]"


@pytest.fixture
def begun(site):
    """An attempt of its own: its id, the address of the test, the ids of its questions."""
    with site.app.app_context():
        one, now = a_class(course=a_course()), clock.now()
        person = a_roster(one, "Danh Hoàng Út Ân")[0]
        times = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1)}
        test = a_test(one, one_choice(), several_choices(), a_short_one("Bao lâu?", "24 giờ"), **times, now=now)
        attempt = an_attempt(test, person, handed_in=False, now=now)
        db.session.commit()
        return attempt.id, f"/my-class/{person.token}/test", [row.id for row in questions_of(test.id)]


@pytest.fixture
def kept(site, begun):
    """What the server has of the answers."""

    def kept():
        with site.app.app_context():
            return db.session.get(TestAttempt, begun[0]).answers

    return kept


def nothing_waits(page):
    """Wait until nothing is left on the device: asked from outside, as the page's policy forbids eval."""
    for _ in range(300):
        try:
            if page.evaluate("localStorage.length") == 0:
                return
        except PlaywrightError:  # the page was just leaving
            pass
        page.wait_for_timeout(100)
    raise AssertionError("something still waits on the device")


def test_answers_given_without_network_wait_on_the_phone_survive_a_reload_and_are_sent(reading, begun, kept):
    _, url, (single, several, short) = begun
    phone = reading(width=390)
    page = phone.open(url)
    page.get_by_text("Người đứng đầu").click()
    page.locator(SAID, has_text="Đã lưu lúc").wait_for()
    nothing_waits(page)
    assert kept() == {str(single): [1]}
    page.context.set_offline(True)
    page.get_by_text("Họp báo").click()
    page.get_by_label("Bao lâu?").fill("24 giờ")
    page.locator(SAID, has_text="Mất mạng").wait_for()
    assert kept() == {str(single): [1]}
    page.context.set_offline(False)
    page.route("**/test", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.reload()
    assert page.get_by_label("Bao lâu?").input_value() == "24 giờ"
    assert page.get_by_text("Họp báo").locator("input").is_checked()
    page.unroute("**/test")
    page.locator(SAID, has_text="Đã lưu lúc").wait_for()
    nothing_waits(page)
    assert kept() == {str(single): [1], str(several): [1], str(short): "24 giờ"}


def test_when_the_session_was_lost_the_page_comes_again_with_what_was_answered(reading, begun, kept):
    _, url, (single, _several, _short) = begun
    page = reading(width=390).open(url)
    page.context.clear_cookies()
    page.get_by_text("Người đứng đầu").click()
    nothing_waits(page)
    page.wait_for_load_state("networkidle")
    nothing_waits(page)
    assert kept() == {str(single): [1]}


def test_the_test_is_taken_and_handed_in_without_scripts(reading, begun, kept):
    _, url, (single, *_rest) = begun
    page = reading(width=390, scripts=False).open(url)
    page.get_by_text("Người đứng đầu").click()
    page.get_by_role("button", name="Lưu và xem lại trước khi nộp").click()
    page.get_by_text("Chưa trả lời: câu 2, 3.").wait_for()
    page.get_by_role("button", name="Nộp bài kiểm tra").click()
    page.get_by_text("Đã nộp lúc").wait_for()
    assert kept() == {str(single): [1]}
