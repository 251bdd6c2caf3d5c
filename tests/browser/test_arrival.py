"""The projector and the desk by the door with scripts: the code changes by itself, a lost network loses nobody."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.permissions import Role
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from tests.factories.trainings import a_class, a_course, a_roster, a_session


@pytest.fixture
def hall(site):
    """A session of its own that is on, with three people: its id, and their personal codes."""
    with site.app.app_context():
        one = a_class(course=a_course())
        held = a_session("Buổi có người đến", of=one)
        rows = a_roster(one, "Nguyễn Thị Thúy An", "Danh Hoàng Út Ân", "Lý Quốc Bảo")
        now = datetime.now(UTC)
        row = db.session.get(ClassSession, held.id)
        row.starts_at, row.ends_at = now - timedelta(minutes=1), now + timedelta(hours=3)
        db.session.commit()
        return held.id, [row.personal_code for row in rows]


def recorded(site, session_id) -> int:
    with site.app.app_context():
        query = sa.select(sa.func.count(AttendanceMark.id)).where(AttendanceMark.session_id == session_id)
        return db.session.scalar(query)


def test_the_code_changes_by_itself_and_without_network_for_two_minutes_then_none_is_shown(reading, hall):
    reader = reading(Role.TRAINER)
    page = reader.page
    page.clock.install(time=datetime.now(UTC))
    page.route("**/screen/state*", lambda route: route.abort())
    reader.open(f"/trainings/sessions/{hall[0]}/screen")
    page.evaluate("window.isTheSamePage = true")
    shown = [page.inner_text("[data-typed]")]
    for _ in range(3):
        page.clock.run_for(20_000)
        shown.append(page.inner_text("[data-typed]"))
    assert len(set(shown)) == 4, "the codes of the next windows are known"
    assert page.locator("[data-stale]").is_visible()
    page.clock.run_for(60_000)
    assert page.locator("[data-scan]").is_hidden(), "a code that would be refused is never shown"
    assert page.locator("[data-why]").inner_text()
    assert page.evaluate("window.isTheSamePage")


def test_what_is_typed_at_the_door_without_network_waits_through_a_reload_and_is_then_recorded(reading, site, hall):
    session_id, codes = hall
    page = reading(Role.TRAINER).open(f"/trainings/sessions/{session_id}/door")
    page.fill("#code", codes[0])
    page.keyboard.press("Enter")
    page.locator(".door-yes").wait_for()
    page.route("**/door", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    for code in codes[1:]:
        page.fill("#code", code)
        page.keyboard.press("Enter")
    page.locator(".door-wait", has_text=codes[1]).wait_for()
    assert page.locator(".door-yes").count() == 1, "nothing is said to be recorded before it is"
    assert recorded(site, session_id) == 1
    page.unroute("**/door")
    page.reload()
    page.locator(".door-yes >> nth=1").wait_for()
    assert page.locator(".door-wait").count() == 0
    assert recorded(site, session_id) == 3
    assert page.inner_text("[data-door-arrived]") == "3"
