"""Mail about accounts: in the language of the person it is for, as text and as HTML, sent beside the request.

Python's own smtplib rather than Flask-Mail, which checks no certificate and waits for ever.
"""

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from threading import Thread
from typing import Any, Protocol
from urllib.parse import urljoin

from flask import Flask, current_app, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import MailUtil
from flask_security.recoverable import generate_reset_password_token

from pr_tracker.accounts.models import Person

SUBJECTS = {
    "security/email/reset_instructions": _l("Set a new password for the press desk"),
    "security/email/reset_notice": _l("Your password for the press desk was set anew"),
    "security/email/change_notice": _l("Your password for the press desk was changed"),
    "security/email/invitation": _l("Your account at the press desk"),
}
PATIENCE_SECONDS = 20


class DeskMail(MailUtil):
    """Takes the mails Flask-Security wants to send; ours are rendered here, in the receiver's language."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **data: Any
    ) -> None:
        """Send the mail named by its template to `data["user"]`; the link is made from `data["reset_token"]`."""
        send(template, data["user"], link=reset_link(data["reset_token"]) if "reset_token" in data else None)


def send_password_link(person: Person) -> None:
    """Send somebody a link with which they set their password, valid for a day."""
    send("security/email/invitation", person, link=password_link(person))


def password_link(person: Person) -> str:
    """The address of the page where the person sets a password."""
    return reset_link(generate_reset_password_token(person))


def reset_link(token: str) -> str:
    """An address on the site's own public name: the Host header of a request is not to be trusted with it."""
    base = current_app.config["PR_TRACKER_PUBLIC_URL"] or request.host_url
    return urljoin(base + "/", url_for("security.reset_password", token=token).lstrip("/"))


def send(template: str, person: Person, *, link: str | None) -> None:
    """Render a mail and hand it over; without a mail server it is written to the log, in production only that it is
    missing: a link that sets a password is nothing for a log."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with force_locale(person.language or str(get_locale() or app.config["PR_TRACKER_LANGUAGE"])):
        message = _message(template, person, link)
    if not app.config["MAIL_SERVER"] and app.config["PR_TRACKER_ENV"] == "production":
        app.logger.warning("a mail was not sent: no mail server is set (%s)", template)
        return
    if not app.config["MAIL_SERVER"]:
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        app.logger.warning("mail to %s (no mail server is set):\n%s\n%s", person.email, message["Subject"], text)
        return
    Thread(target=_deliver, args=(app, message)).start()  # waiting for it would tell that the account exists


def _message(template: str, person: Person, link: str | None) -> EmailMessage:
    subject = str(SUBJECTS[template])
    words = {"person": person, "link": link, "subject": subject, "locale": str(get_locale())}
    message = envelope(person, subject, current_app.config["MAIL_DEFAULT_SENDER"])
    message.set_content(render_template(f"{template}.txt", **words))
    message.add_alternative(render_template(f"{template}.html", **words), subtype="html")
    return message


class Receiver(Protocol):
    """Whom a mail goes to: somebody with an account, or anybody with an address."""

    @property
    def full_name(self) -> str: ...

    @property
    def email(self) -> str: ...


def envelope(person: Receiver, subject: str, sender: str, *, name: str | None = None) -> EmailMessage:
    """A mail without words yet; `name` before the @ of its Message-ID makes a repetition known as one."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = Address(_("Press desk"), addr_spec=sender) if "<" not in sender else sender
    message["To"] = Address(" ".join(person.full_name.split()), addr_spec=person.email)
    message["Date"] = formatdate()
    domain = sender.rpartition("@")[2].rstrip(">")
    message["Message-ID"] = f"<{name}@{domain}>" if name else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    return message


def connect(settings: Mapping[str, Any]) -> smtplib.SMTP:
    """A session with the mail server, its certificate checked where TLS is set. Raises OSError."""
    server = smtplib.SMTP(settings["MAIL_SERVER"], settings["MAIL_PORT"], timeout=PATIENCE_SECONDS)
    try:
        if settings["MAIL_USE_TLS"]:
            server.starttls(context=ssl.create_default_context())
        if settings["MAIL_USERNAME"]:
            server.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"] or "")
    except OSError:
        server.close()
        raise
    return server


def _deliver(app: Flask, message: EmailMessage) -> None:
    try:
        with connect(app.config) as server:
            server.send_message(message)
    except OSError:  # smtplib's own errors are of this kind
        app.logger.exception("a mail could not be sent through %s", app.config["MAIL_SERVER"])
