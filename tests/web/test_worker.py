"""The worker does each minute what `flask notices send` does; it stops when told, and starts again after a kill."""

import os
import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from pr_tracker.config import ROOT
from pr_tracker.db import db
from pr_tracker.notices.models import SenderPulse
from tests.databases import BASE

PATIENCE_SECONDS = 90  # for a machine with much else to do


@pytest.fixture
def start(session):
    """start(): a worker over the test's database."""
    url = db.engine.url.render_as_string(hide_password=False)
    session.rollback()
    begun = []

    def start():
        environment = os.environ | BASE | {"PR_TRACKER_DATABASE_URL": url}
        begun.append(subprocess.Popen([sys.executable, "-m", "pr_tracker.worker"], cwd=ROOT, env=environment))
        return begun[-1]

    yield start
    for worker in begun:
        worker.kill()
        worker.wait()


def last_pass():
    found = db.session.scalar(sa.select(SenderPulse.last_pass_at))
    db.session.rollback()
    return found


def wait_for_a_pass(worker, before=None):
    """Until the sender's pulse is another than before; returns it."""
    for _ in range(PATIENCE_SECONDS * 10):
        assert worker.poll() is None, "the worker has died"
        if (found := last_pass()) != before:
            return found
        time.sleep(0.1)
    raise AssertionError("the worker made no pass")


def test_a_worker_makes_a_pass_at_once_and_stops_when_told_and_follows_one_that_was_killed(start):
    first = start()
    before = wait_for_a_pass(first)
    first.kill()
    first.wait()
    second = start()
    wait_for_a_pass(second, before)
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE_SECONDS) == 0
