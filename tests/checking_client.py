"""A client that checks every page it fetches: status, title, one h1, ids, labels, forms, inline code, headers, SQL."""

from collections import Counter
from html.parser import HTMLParser
from threading import current_thread, main_thread

from flask import g, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from pr_tracker.db import db
from tests.statements import counted, left_open, locks_in_vain, too_many

SELF_LABELLED = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """What the checks need to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.labels_for, self.described = [], set(), set()
        self.controls, self.faults, self.headings, self.titles = [], [], 0, 0
        self._in_label, self._in_svg, self._form = 0, 0, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids.append(attributes["id"])
        self.headings += tag == "h1"
        self._in_svg += tag == "svg"
        self.titles += tag == "title" and not self._in_svg
        self._in_label += tag == "label"
        if tag == "label" and "for" in attributes:
            self.labels_for.add(attributes["for"])
        if tag == "script" and not attributes.get("src"):
            self.faults.append("an inline script")
        if tag == "style" or "style" in attributes:
            self.faults.append(f"inline style on <{tag}>")
        if any(name.startswith("on") for name in attributes):
            self.faults.append(f"an event attribute on <{tag}>")
        self._check_form(tag, attributes)
        for name in ("aria-describedby", "aria-controls", "aria-labelledby"):
            self.described.update((attributes.get(name) or "").split())
        if tag in {"input", "select", "textarea"} and attributes.get("type") not in SELF_LABELLED:
            named = self._in_label or attributes.get("aria-label") or attributes.get("aria-labelledby")
            self.controls.append((attributes.get("id"), bool(named), attributes.get("name")))

    def _check_form(self, tag, attributes):
        method = attributes.get("method", "get").lower()
        if tag == "form" and method not in {"get", "post"}:
            self.faults.append("a form whose method is neither get nor post")
        if tag == "form" and method == "post":
            self._form = attributes.get("action") or "this page"
        if attributes.get("name") == "csrf_token":
            self._form = None

    def handle_endtag(self, tag):
        self._in_label -= tag == "label"
        self._in_svg -= tag == "svg"
        if tag == "form" and self._form:
            self.faults.append(f"the form to {self._form} has no csrf_token")
            self._form = None


def faults_of(text: str) -> list[str]:
    """Everything wrong with a whole page, in words."""
    page = Page(text)
    faults = list(page.faults)
    faults += [f"id “{name}” stands {count} times" for name, count in Counter(page.ids).items() if count > 1]
    faults += [
        f"the control “{name}” has no label"
        for ident, named, name in page.controls
        if not named and ident not in page.labels_for
    ]
    faults += [f"“{name}” is referred to but not there" for name in page.described - set(page.ids)]
    if page.titles != 1 or page.headings != 1:
        faults.append(f"{page.titles} titles and {page.headings} h1")
    return faults


class CheckingClient(FlaskClient):
    """FlaskClient whose every HTML answer must be without fault and never a 500.

    No answer asks the database too often, keeps a transaction open, or locks anything only to read.
    """

    def act_as(self, person) -> None:
        """Be signed in as this person, as Flask-Login keeps it."""
        with self.session_transaction() as session:
            session["_user_id"] = person.fs_uniquifier
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["identity"] = person.fs_uniquifier

    def post(self, *args, **kwargs):
        """POST as a page of ours would: with the session's token, unless the test sends one of its own."""
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("X-CSRFToken", self._token())
        return super().post(*args, headers=headers, **kwargs)

    def _token(self) -> str:
        with self.session_transaction() as session:
            secret = session.setdefault("csrf_token", "0" * 40)
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(secret)

    def run_wsgi_app(self, environ, buffered=False):
        with counted() as statements:
            answer = super().run_wsgi_app(environ, buffered)
        kind = answer[2].get("Content-Type", "")
        fault = too_many(self.application, environ, statements, of=kind) or locks_in_vain(
            environ, answer[1], statements
        )
        assert not fault, fault
        if not has_app_context() and current_thread() is main_thread():  # else somebody beside it may have one open
            assert not left_open(self.application), f"{environ['PATH_INFO']} left its transaction open"
        return answer

    def open(self, *args, **kwargs):
        if has_app_context():  # a test's own context must not carry the last request's reader into this one
            for name in list(g):
                g.pop(name)
        begins = has_app_context() and not db.session().in_transaction()
        response = super().open(*args, **kwargs)
        if begins:  # nor this request's transaction into the next one, as it would end with its own context
            db.session.rollback()
        failed = response.status_code >= 500 and response.status_code not in (503, 507)
        assert not failed, f"{response.request.method} {response.request.path} failed; its trace is in the log"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        if response.mimetype == "text/html" and "<html" in response.text:
            faults = faults_of(response.text)
            assert not faults, f"{response.request.path}: {faults}"
        return response
