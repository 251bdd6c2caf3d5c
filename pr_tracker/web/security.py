"""Headers on every answer: a strict content policy, no sniffing, no framing; a number on every request."""

from flask import Flask, Response, g, request

from pr_tracker.web.tally import KEY, Tally

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask) -> None:
    """Number requests and set headers."""
    app.before_request(_number)
    app.after_request(_headers)


def _number() -> None:
    tally: Tally = request.environ.get(KEY) or Tally()
    g.request_number = tally.number
    tally.endpoint = request.endpoint or ""


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
