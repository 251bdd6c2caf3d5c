"""Headers on every answer: a strict content policy, no sniffing, no framing; a number on every request.

Static files are the same for everybody: for them nobody is looked up, and no cookie is set or told apart by.
"""

from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface

from pr_tracker.web.tally import KEY, Tally

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FOR_EVER = "public, max-age=31536000, immutable"
STATIC = frozenset({"static", "bootstrap.static", "web.bootstrap", "web.font"})


class Sessions(SecureCookieSessionInterface):
    """Sessions of pages."""

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Into the cookie."""
        if request.endpoint not in STATIC:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Number requests and set headers."""
    app.session_interface = Sessions()
    app.before_request(_number)
    app.after_request(_headers)


def _number() -> None:
    tally: Tally = request.environ.get(KEY) or Tally()
    g.request_number = tally.number
    tally.endpoint = request.endpoint or ""
    if request.endpoint in STATIC:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Request-ID", g.get("request_number", ""))
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if (request.endpoint or "").endswith("static") and response.status_code == 200:
        headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "no-cache"
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-store"
    return response
