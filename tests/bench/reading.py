"""A reader over HTTP: a cookie jar, forms as a browser would send them, and the time each answer takes."""

import http.client
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TYPED = {"text", "hidden", "email", "password", "search", "url", "tel", "number", "date"}


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds its last byte."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    spent: float

    @property
    def text(self) -> str:
        return self.body.decode()


class Forms(HTMLParser):
    """The forms of the page at `path` by their action, the page itself where none is named: field → what is sent."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self._path = path
        self.found: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        it = {name: value or "" for name, value in attrs}
        name = it.get("name", "")
        if tag == "form":
            self._form = self.found.setdefault(it.get("action") or self._path, {})
        elif self._form is None:
            return
        elif tag == "input" and name:
            kind = it.get("type", "text")
            if kind in TYPED or (kind in {"radio", "checkbox"} and "checked" in it):
                self._form[name] = it.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in it or self._select not in self._form):
            self._form[self._select] = it.get("value", "")
        elif tag == "textarea":
            self._area, self._form[name] = name, ""

    def handle_data(self, data):
        if self._form is not None and self._area:
            self._form[self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


class Reader:
    """Somebody at a browser; the connection is kept where the server keeps it (a sync worker closes each)."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask(
            "POST", path, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def sign_in(self, email: str, password: str) -> None:
        """Raises AssertionError when the door stays shut."""
        form = Forms(self.get("/sign-in").text, "/sign-in").found["/sign-in"]
        answer = self.post("/sign-in", {**form, "email": email, "password": password})
        assert answer.status == 302, f"{email} cannot sign in: {answer.status}"

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self.cookies:
            headers = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        spent = (time.perf_counter() - started) * 1000
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return Answer(response.status, response.headers, content, spent)
