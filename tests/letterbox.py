"""An SMTP server of our own, which keeps what it was given and may do something to whoever gives it."""

import contextlib
import random
import socket
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

PATIENCE_SECONDS = 60  # for a machine with much else to do


class Letterbox:
    """Receives mail over SMTP; `answer_to(recipient)` may refuse, `before` and `after` run around the keeping."""

    def __init__(self, *, before=None, after=None, answer_to=lambda recipient: None):
        self.letters, self.before, self.after, self.answer_to = [], before, after, answer_to
        self.controller = self.answer_to_sender = None

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.answer_to_sender:
            return self.answer_to_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.answer_to(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.before:
            self.before(session.peer)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.after:
            self.after(session.peer)
        return "250 OK"

    def __enter__(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE_SECONDS)
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @property
    def port(self):
        return self.controller.port

    @property
    def names(self):
        """The Message-IDs of what came, in order."""
        return [letter["Message-ID"] for letter in self.letters]


def free_port():
    """A port nobody listens on, below those that the system lends to whoever connects: it stays free for a restart."""
    for port in random.SystemRandom().sample(range(10_000, 32_000), 100):
        with contextlib.suppress(OSError), socket.socket() as asking:
            asking.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")
