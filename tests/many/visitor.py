"""Somebody at a browser without scripts, who may send each request to another web instance."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import cycle
from urllib.parse import urlencode

from pr_tracker import clock

SECONDS = 120
PASSWORD = "Cau Hoang Dieu 2026 thong xe"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Visitor:
    """Keeps cookies and the token of forms; asks one desk after the other unless told which."""

    def __init__(self, desks) -> None:
        self.desks, self.cookies, self.token = cycle(desks), {}, ""

    def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        self.get("/sign-in")
        answer = self.post("/sign-in", email=email, password=password)
        if answer.status == 302 or answer.status == 303:
            self.get("/account")  # another token stands in this session
        return answer

    def get(self, path: str, *, desk=None) -> Answer:
        return self._ask("GET", path, desk)

    def post(self, path: str, *, desk=None, file=None, **fields) -> Answer:
        """Send a form; `file` is (field, name, content)."""
        fields = {"csrf_token": self.token, **fields}
        if file is None:
            return self._ask("POST", path, desk, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        return self._ask("POST", path, desk, *_multipart(fields, file))

    def _ask(self, method: str, path: str, desk, body: bytes | None = None, kind: str = "") -> Answer:
        connection = HTTPConnection("127.0.0.1", (desk or next(self.desks)).port, timeout=SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content, sent = answer.read(), answer.getheaders()
        finally:
            connection.close()
        for name, value in sent:
            if name.lower() == "set-cookie":
                for morsel in SimpleCookie(value).values():
                    self.cookies[morsel.key] = morsel.value
        if found := re.search(rb'name="csrf_token"[^>]* value="([^"]+)"', content):
            self.token = unescape(found[1].decode())
        return Answer(answer.status, {name.lower(): value for name, value in sent}, content)


def typed(**changes):
    """What a clerk types who logs a call of this minute."""
    now = clock.now() + timedelta(hours=7)
    fields = {
        "channel": "phone",
        "outlet": "Báo Tuổi Trẻ",
        "received_at": f"{now:%Y-%m-%dT%H:%M}",
        "subject": "Đường ngập sau mưa",
        "questions": "Bao giờ khơi thông?",
        "kind": "question",
        "lead_id": "0",
        "urgency": "normal",
        "outlet_kind": "online",
    }
    return fields | changes


def _multipart(fields: dict[str, str], file: tuple[str, str, bytes]) -> tuple[bytes, str]:
    mark, (field, file_name, content) = secrets.token_hex(16), file
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts += [f'{head}"{field}"; filename="{file_name}"\r\n\r\n'.encode(), content, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
