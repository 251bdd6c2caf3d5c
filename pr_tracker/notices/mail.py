"""A notice as a mail in its reader's language, and the one connection over which a pass sends."""

import hashlib
import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from flask import Flask, current_app, render_template
from flask_babel import force_locale, get_locale

from pr_tracker.accounts.mail import connect, envelope
from pr_tracker.notices import labels
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind

DEVELOPMENT = "http://127.0.0.1:5000"  # production refuses to start without its public address
TOO_LARGE = 552  # the one thing a server may say of a mail when it has only heard of its sender


class Unreachable(Exception):
    """No session with the mail server: nobody's mail can go now."""


class Refused(Exception):
    """This one mail was not taken; `for_ever` when trying again would not help."""

    def __init__(self, error: Exception, *, for_ever: bool) -> None:
        super().__init__(str(error))
        self.for_ever = for_ever


@dataclass(frozen=True)
class Addressee:
    """Somebody without account, as a mail needs them."""

    full_name: str
    email: str
    language: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A PDF that goes with a mail."""

    file_name: str
    content: bytes


Attach = Callable[[Notice], Sequence[Attachment]]


def install(app: Flask, papers: Mapping[NoticeKind, Attach]) -> None:
    """What papers go with the mails of a kind; they are made when the mail is sent."""
    app.extensions["mail_papers"] = dict(papers)


def write(notice: Notice) -> EmailMessage:
    """The mail of a notice: the same Message-ID however often it is written, so that a mailbox keeps one."""
    person = notice.person or Addressee(notice.addressee, notice.address or "")
    settings, is_digest = current_app.config, notice.kind is NoticeKind.DIGEST
    base = settings["PR_TRACKER_PUBLIC_URL"] or DEVELOPMENT
    with force_locale(person.language or settings["PR_TRACKER_LANGUAGE"]):
        words = {
            "notice": notice,
            "person": person,
            "subject": " ".join(labels.line(notice.kind, notice.data).split()),
            "said": "" if is_digest else labels.sentence(notice.kind, notice.data),  # its parts say it
            "details": labels.details(notice.data),
            "parts": _parts(notice) if is_digest else [],
            "base": base,
            "settings": f"{base}/notices/settings" if notice.person else None,
            "locale": str(get_locale()),
        }
        message = envelope(
            person, " ".join(str(words["subject"]).split()), settings["MAIL_DEFAULT_SENDER"], name=_name(notice)
        )
        message.set_content(render_template("notices/mail/notice.txt", **words))
        message.add_alternative(render_template("notices/mail/notice.html", **words), subtype="html")
    for paper in _papers(notice):
        message.add_attachment(paper.content, maintype="application", subtype="pdf", filename=paper.file_name)
    return message


def _papers(notice: Notice) -> Sequence[Attachment]:
    attach = current_app.extensions["mail_papers"].get(notice.kind)
    return attach(notice) if attach else ()


def _parts(notice: Notice) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The parts of a digest that have something, in words: (title, due, path) of each thing."""
    return [
        (str(labels.DIGEST_PARTS[part]), [(labels.title(one), labels.due_words(one), one["path"]) for one in things])
        for part, things in labels.digest_parts(notice.data)
        if things
    ]


def _name(notice: Notice) -> str:
    told = f"{notice.key} {notice.person_id or notice.address} {notice.created_at.isoformat()}"
    return f"notice-{notice.id}-{hashlib.sha256(told.encode()).hexdigest()[:24]}"


class Post:
    """Sends over one connection, opened for the first mail and again after it broke."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except OSError:
                self._server.close()

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over; when this returns, the server answers for it. Raises Unreachable or Refused."""
        try:
            self._server = self._server or connect(self._settings)
        except OSError as error:
            raise Unreachable(str(error)) from error
        try:
            self._server.send_message(message)
        except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
            if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_LARGE:
                self._server.close()  # our own address is refused, or the server goes down: no fault of this mail
                self._server = None
                raise Unreachable(str(error)) from error
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self._server.close()
                self._server = None
            raise Refused(error, for_ever=_is_for_ever(error)) from error


def _is_for_ever(error: Exception) -> bool:
    """Whether the server said 5xx; everything else may be better later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600
