"""What a reader sees when something is refused or broken: always a page, in their language, never a trace."""

from flask import Flask, current_app, g, has_request_context, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from pr_tracker.db import db
from pr_tracker.errors import DomainError
from pr_tracker.web.access import wants_json

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503})


def say(error: DomainError) -> str:
    """The error's sentence in the reader's language; params that are marked strings are translated too."""
    return _(error.message, **error.params)


def install(app: Flask) -> None:
    """Register a page for every kind of trouble."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, message: str | None = None) -> ResponseReturnValue:
    db.session.rollback()
    if wants_json():
        return jsonify(error=message or str(status), request=g.get("request_number")), status
    shown = status if status in PAGES else (500 if status >= 500 else 400)
    page = render_template("errors/error.html", status=shown, message=message, request_number=g.get("request_number"))
    return page, status


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("This form is out of date. Go back, reload the page and send it again."))


def _domain(error: DomainError) -> ResponseReturnValue:
    return _page(error.http_status, say(error))


def _stale(error: StaleDataError | IntegrityError) -> ResponseReturnValue:
    return _page(409, _("Somebody else changed this at the same moment. Go back, look at what changed and try again."))


def _database(error: DBAPIError) -> ResponseReturnValue:
    current_app.logger.exception("database error")
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined] # do not ask it who reads
    if isinstance(error, IntegrityError):  # two acts at the same instant that each looked alone
        return _stale(error)
    return _page(503 if isinstance(error, OperationalError) else 500)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _page(error.code)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if has_request_context():
        current_app.logger.exception("request %s failed", g.get("request_number"))
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    return _page(500)
