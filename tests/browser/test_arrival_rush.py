"""A hall arrives: 300 phones check in within a minute through the real server, each is told yes and recorded once."""

import os
import re
import subprocess
import sys
import threading
import time as clock_time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from pr_tracker.config import ROOT
from pr_tracker.db import db
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.rules_arrival import screen_code, window_of
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.views.arrival import screen_key
from tests.databases import BASE, dispose, make_app, make_schema
from tests.factories.trainings import a_roster, a_session
from tests.letterbox import free_port

PEOPLE = 300
AT_ONCE = 40
SECONDS = 60


@pytest.fixture
def served(databases, engine, tmp_path):
    """A database of its own on each engine, with a session that starts now, and gunicorn over it as in production."""
    databases.application(engine)  # starts PostgreSQL where it is needed
    with databases.empty(engine) as url:
        app = make_app(url, tmp_path / "uploads")
        make_schema(app)
        port = free_port()
        environ = {**os.environ, **BASE, "PR_TRACKER_DATABASE_URL": url}
        command = ["-m", "gunicorn", "-w", "2", "--threads", "4", "--no-control-socket"]
        command += ["--timeout", "120", "-b", f"127.0.0.1:{port}", "app:app"]
        server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address)
            yield app, address
        finally:
            server.terminate()
            server.wait(60)
            dispose(app)


def _await(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/arrive", timeout=5).read()
        except (urllib.error.URLError, OSError):
            clock_time.sleep(0.25)
        else:
            return
    raise AssertionError("the server did not start")


class Phone:
    """A browser with cookies of its own, without scripts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def arrive(self, scanned: str, personal_code: str) -> str:
        """The page that says yes or no."""
        page = self._open(f"/arrive/{scanned}")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self._open("/arrive", urlencode({"csrf_token": token, "code": personal_code}).encode())

    def _open(self, path: str, data: bytes | None = None) -> str:
        try:
            with self.opener.open(f"{self.address}{path}", data, timeout=SECONDS) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.read().decode()


def _hall(app) -> tuple[int, list[str]]:
    """The session's id and the personal codes of all."""
    with app.app_context():
        held = a_session()
        rows = a_roster(held.training_class, *(f"Nguyễn Văn Số {number}" for number in range(PEOPLE)))
        now = datetime.now(UTC)
        row = db.session.get(ClassSession, held.id)
        row.starts_at, row.ends_at = now + timedelta(minutes=5), now + timedelta(hours=3)
        db.session.commit()
        return held.id, [one.personal_code for one in rows]


def _on_screen(app, session_id: int) -> str:
    with app.app_context():
        return screen_code(screen_key(), session_id, window_of(datetime.now(UTC))).scanned


def test_three_hundred_phones_check_in_within_a_minute_and_each_is_recorded_once(served):
    app, address = served
    session_id, codes = _hall(app)
    said, guard = Counter(), threading.Lock()

    def phone(code: str) -> None:
        page = Phone(address).arrive(_on_screen(app, session_id), code)
        verdict = re.search(r'<h1 id="verdict">([^<]*)<', page)
        with guard:
            said[verdict[1] if verdict else page[:300]] += 1

    impatient = codes[:30]  # they press twice, with a second page open
    started = clock_time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as phones:
        list(phones.map(phone, [*codes, *impatient]))
    took = clock_time.monotonic() - started
    assert said == {"Đã điểm danh": PEOPLE, "Đã điểm danh trước đó": len(impatient)}
    assert took < SECONDS, f"{took:.0f} seconds for {PEOPLE} people"
    with app.app_context():
        marks = db.session.execute(sa.select(AttendanceMark.participant_id, AttendanceMark.mark, AttendanceMark.source))
        recorded = Counter(marks.all())
    assert len(recorded) == PEOPLE
    assert set(recorded.values()) == {1}
    assert {(mark, source) for _, mark, source in recorded} == {(Mark.PRESENT, Source.SELF)}
