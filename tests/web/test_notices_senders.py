"""Many senders at once, some killed with the mail in hand: each notice stands in the mail server exactly once.

The moments of the kills are chosen by the server, at messages it counts, so nothing depends on how fast a machine is.
Seen red: with mails marked as sent before the server has them, those of the killed are missing; with leases of no
length, others take what somebody has in hand.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.config import ROOT
from pr_tracker.db import db
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import MailState
from tests.databases import BASE
from tests.factories.accounts import a_person
from tests.factories.notices import told
from tests.letterbox import Letterbox

SENDERS, NOTICES = 8, 48
KILLED_AT = (3, 11, 19)  # the server kills whoever brings these


class Senders:
    """Processes of `flask notices send`; all are ready before the first begins."""

    def __init__(self, url, port):
        self.environment = os.environ | BASE | {"PR_TRACKER_DATABASE_URL": url, "PR_TRACKER_MAIL_SERVER": "127.0.0.1"}
        self.environment["PR_TRACKER_MAIL_PORT"] = str(port)
        self.running, self.ended = [], []

    def run(self, count):
        """Start so many, let them all begin, wait for the last."""
        command = [sys.executable, "-m", "flask", "--app", "tests.waiting_app", "notices", "send"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.running = [subprocess.Popen(command, cwd=ROOT, env=self.environment, **pipes) for _ in range(count)]
        for process in self.running:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in self.running:
            process.stdin.write("\n")
            process.stdin.flush()
        for process in self.running:
            process.communicate(timeout=120)
        self.ended += [process.returncode for process in self.running]

    def run_until_nothing_waits(self, count):
        """As cron does, again and again; the leases of the killed have run out each time."""
        for _ in range(10):
            leases_run_out()
            if not states()[MailState.WAITING] + states()[MailState.SENDING]:
                return
            self.run(count)

    def process_at(self, peer):
        """The process at the other end of a connection."""
        end = f"0100007F:{peer[1]:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[1] == end}  # that port's closed connections among them
        return next(process for process in self.running if sockets & open_files(process.pid))


def open_files(pid):
    folder = Path(f"/proc/{pid}/fd")
    return {_target(one) for one in folder.iterdir()} if folder.exists() else set()


def _target(link):
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return ""


class StrikingBox(Letterbox):
    """A letterbox that sends a signal to whoever brings messages of these numbers, before or after it keeps them."""

    def __init__(self, when, numbers, signum):
        super().__init__(**{when: self.strike})
        self.numbers, self.signum, self.count, self.struck, self.senders = numbers, signum, 0, [], None

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        if self.count in self.numbers and self.before and self.signum == signal.SIGKILL:
            self.strike(session.peer)
            return "451 the sender is gone"  # nobody hears it, and nothing is kept
        return await super().handle_DATA(server, session, envelope)

    def strike(self, peer):
        if self.count in self.numbers:
            process = self.senders.process_at(peer)
            self.struck.append(process.pid)
            process.send_signal(self.signum)
            if self.signum == signal.SIGKILL:
                process.wait()  # the test waits for the same process; Popen lets only one of the two reap it


def leases_run_out():
    """Five minutes pass for whatever a killed sender left behind."""
    left = sa.update(Notice).where(Notice.mail_state == MailState.SENDING)
    db.session.execute(left.values(mail_next_at=clock.now()))
    db.session.commit()


def states():
    found = Counter(db.session.scalars(sa.select(Notice.mail_state)))
    db.session.rollback()
    return found


@pytest.fixture
def mailing(session):
    """mailing(box, count): so many notices wait; the senders for them."""

    def mailing(box, count):
        people = [a_person() for _ in range(8)]
        for number in range(count):
            told(people[number % 8], now=clock.now(), key=f"n{number}", data={"code": f"ĐN-2026-{number:04}"})
        session.commit()
        box.senders = Senders(db.engine.url.render_as_string(hide_password=False), box.port)
        return box.senders

    return mailing


def test_eight_senders_at_once_of_which_some_are_killed_send_each_notice_exactly_once(mailing):
    with StrikingBox("before", KILLED_AT, signal.SIGKILL) as box:
        senders = mailing(box, NOTICES)
        senders.run(SENDERS)
        assert senders.ended.count(-signal.SIGKILL) == len(box.struck) == len(KILLED_AT)
        assert states()[MailState.SENDING] == len(KILLED_AT)
        senders.run_until_nothing_waits(2)
    assert states() == {MailState.SENT: NOTICES}
    assert len(set(box.names)) == NOTICES
    assert Counter(box.names).most_common(1)[0][1] == 1
    assert {letter["Subject"][-12:] for letter in box.letters} == {f"ĐN-2026-{n:04}" for n in range(NOTICES)}


def test_a_sender_killed_after_the_server_has_the_mail_leaves_a_repetition_that_a_mailbox_knows(mailing):
    with StrikingBox("after", (2,), signal.SIGKILL) as box:
        senders = mailing(box, 4)
        senders.run(1)
        assert senders.ended == [-signal.SIGKILL]
        senders.run_until_nothing_waits(1)
    assert states() == {MailState.SENT: 4}
    assert sorted(Counter(box.names).values()) == [1, 1, 1, 2]
    kept = {letter["Message-ID"]: str(letter["Subject"]) for letter in box.letters}
    assert len(kept) == 4
    assert all(kept[letter["Message-ID"]] == letter["Subject"] for letter in box.letters)


def test_a_sender_that_is_told_to_stop_finishes_the_mail_in_hand(mailing):
    with StrikingBox("before", (2,), signal.SIGTERM) as box:
        senders = mailing(box, 5)
        senders.run(1)
    assert senders.ended == [0]
    assert len(box.letters) == 2
    assert states() == {MailState.SENT: 2, MailState.WAITING: 3}
