"""Send the mail that waits. Any number of processes on any number of machines may do it at the same time.

A sender claims one mail under a lease, commits, sends, and marks it sent. A sender that is killed leaves its lease
behind; when that has run out, another sends the mail. Nothing is lost: a mail is marked only after the server's 250.

What SMTP cannot promise: a sender that is killed, or loses the line, after the server has taken the mail and before
it has marked it, leaves a mail that looks unsent and goes out a second time. No protocol between two parties closes
that gap of some milliseconds; therefore the repetition carries the same Message-ID, and mailboxes that know it
(Exchange, Gmail, Cyrus, Dovecot with Sieve) keep one.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic, sleep

from flask import current_app
from sqlalchemy.exc import DBAPIError

from pr_tracker.db import db
from pr_tracker.notices import actions, queries
from pr_tracker.notices.mail import Post, Refused, Unreachable, write
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day

LEASE = timedelta(minutes=5)  # longer than one mail can take with the patience of accounts.mail
PASS = timedelta(seconds=45)  # the next minute's pass goes on
SERVER_PAUSE = timedelta(minutes=1)
ASK_AGAIN_SECONDS = (1, 2, 5, 10, 20)  # well within the lease
LONGEST_ERROR = 500
stopping = threading.Event()  # set on SIGTERM: the mail in hand is finished, no other begun


@dataclass(frozen=True)
class Claimed:
    """A mail in hand. Nothing of it needs the database: no transaction is open while it is sent."""

    notice_id: int
    claim: str
    message: EmailMessage


def name_substitutes(now: datetime) -> int:
    """Tell whoever was named as a substitute, once for each absence; returns how many are new."""
    told = 0
    for absence in queries.untold_absences(office_day(now)):
        days = {"since_on": absence.from_on.isoformat(), "until_on": absence.to_on.isoformat()}
        new = actions.tell(
            [absence.substitute],
            NoticeKind.SUBSTITUTE_NAMED,
            key=f"absence:{absence.id}",
            about=absence,
            data={"actor": absence.person.full_name, **days},
            now=now,
            path="/absences",
        )
        told += len(new)
    db.session.commit()
    return told


def deliver(now: datetime) -> int:
    """Send what waits, for at most a pass; returns how many mails the server took. Commits each by itself."""
    begun, sent = monotonic(), 0
    with Post(current_app.config) as post:
        while not stopping.is_set() and (passed := timedelta(seconds=monotonic() - begun)) < PASS:
            claimed = _claim(now + passed)
            if claimed is None:
                break
            try:
                sent += _send(post, claimed, now + passed)
            except Unreachable as error:
                current_app.logger.warning("the mail server cannot be reached", exc_info=error)
                break
    return sent


def _claim(now: datetime) -> Claimed | None:
    """Take the next mail and write it; what is not to be sent is marked so on the way."""
    while (notice := queries.next_mail(now)) is not None:
        if not _is_wanted(notice):
            actions.mark_off(notice)
        elif message := _written(notice, now):
            if current_app.config["MAIL_SERVER"]:
                claimed = Claimed(notice.id, actions.claim_mail(notice, now + LEASE), message)
                db.session.commit()
                return claimed
            if current_app.config["PR_TRACKER_ENV"] != "production":
                _log(message)
            actions.mark_off(notice)
        db.session.commit()
    db.session.rollback()
    return None


def _is_wanted(notice: Notice) -> bool:
    if notice.person is None:
        return True  # an address without account has no bell to look at instead
    return notice.person.active and queries.choices_of(notice.person.id).wants_mail(notice.kind)


def _written(notice: Notice, now: datetime) -> EmailMessage | None:
    """The mail; None, and an attempt on its account, when it cannot be put into words."""
    try:
        return write(notice)
    except Exception as error:  # a notice nobody can write must not hold up the others
        current_app.logger.exception("notice %s cannot be written as a mail", notice.id)
        actions.mark_failed(notice, _short(error), now, for_ever=False)
        return None


def _log(message: EmailMessage) -> None:
    text = message.get_body(("plain",))
    assert text is not None
    current_app.logger.info(
        "mail to %s (no mail server is set):\n%s\n%s", message["To"], message["Subject"], text.get_content()
    )


def _send(post: Post, claimed: Claimed, now: datetime) -> bool:
    """Send one mail and settle its account; True when the server took it. Raises Unreachable."""
    try:
        post.send(claimed.message)
    except Unreachable as trouble:
        error = _short(trouble)
        _settle(claimed, lambda notice: actions.put_back(notice, error, now + SERVER_PAUSE))
        raise
    except Refused as trouble:
        error, for_ever = _short(trouble), trouble.for_ever
        _settle(claimed, lambda notice: actions.mark_failed(notice, error, now, for_ever=for_ever))
        return False
    _settle(claimed, lambda notice: actions.mark_sent(notice, now))
    return True


def _settle(claimed: Claimed, settle: Callable[[Notice], None]) -> None:
    """Write the outcome, unless the lease ran out and another sender has the mail.

    A database that is busy or gone for a moment is asked again: an outcome that is not written is a mail sent twice.
    """
    for pause in (*ASK_AGAIN_SECONDS, None):
        try:
            notice = queries.claimed_mail(claimed.notice_id, claimed.claim)
            if notice is not None:
                settle(notice)
            db.session.commit()
            return
        except DBAPIError:
            db.session.rollback()
            if pause is None:
                raise
            sleep(pause)


def _short(error: Exception) -> str:
    return str(error)[:LONGEST_ERROR]
