"""What a reader sees when something is refused or broken: always a page, in their language, never a trace."""

import gc
from collections.abc import Callable

from flask import Flask, current_app, g, has_request_context, jsonify, make_response, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from pr_tracker.db import copy_to_read, db
from pr_tracker.errors import DomainError
from pr_tracker.web import full_or_closed
from pr_tracker.web.access import wants_json
from pr_tracker.web.again import sent

RETRY_AFTER_SECONDS = "10"
PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503, 507})


def say(error: DomainError) -> str:
    """The error's sentence in the reader's language; params that are marked strings are translated too."""
    return _(error.message, **error.params)


def install(app: Flask) -> None:
    """Register a page for every kind of trouble."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoConnectionFree, _none_free)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
    app.teardown_appcontext(_let_go)


def _roll_back() -> None:
    """Also where the connection has died: nothing is left to be rolled back then."""
    _end(db.session.rollback)


def _let_go(_error: BaseException | None) -> None:
    """End the transaction before Flask-SQLAlchemy does: a page that was made is handed out, though the line is dead."""
    _end(db.session.remove)


def _end(transaction_by: Callable[[], object]) -> None:
    try:
        transaction_by()
        return
    except DBAPIError:
        db.session().invalidate()
    gc.collect()  # the fault's own trace still holds the line, which another request wants


def _page(status: int, message: str | None = None) -> ResponseReturnValue:
    _roll_back()
    if wants_json():
        answer = make_response(jsonify(error=message or str(status), request=g.get("request_number")), status)
    else:
        shown = status if status in PAGES else (500 if status >= 500 else 400)
        said = {"status": shown, "message": message, "request_number": g.get("request_number")}
        answer = make_response(render_template("errors/error.html", **said, sent=sent()), status)
    if status in (503, 507):
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("This form is out of date. Go back, reload the page and send it again."))


def _domain(error: DomainError) -> ResponseReturnValue:
    return _page(error.http_status, say(error))


def _stale(error: StaleDataError | IntegrityError) -> ResponseReturnValue:
    return _page(409, _("Somebody else changed this at the same moment. Go back, look at what changed and try again."))


def _database(error: DBAPIError) -> ResponseReturnValue:
    current_app.logger.exception("database error")
    if isinstance(error, IntegrityError):  # two acts at the same instant that each looked alone
        _ask_no_database()
        return _stale(error)
    trouble = full_or_closed.of_database(error)
    if trouble is None and (isinstance(error, OperationalError) or error.connection_invalidated):
        trouble = full_or_closed.Trouble(503)
    if trouble is not None:
        return _out_of_reach(trouble)
    _ask_no_database()
    return _page(500)


def _disk(error: OSError) -> ResponseReturnValue:
    """The disk is full or can only be read: nothing of this request stands."""
    trouble = full_or_closed.of_disk(error)
    if trouble is None:
        return _unexpected(error)
    current_app.logger.exception("files cannot be written")
    return _page(trouble.status, _(trouble.message) if trouble.message else None)


def _none_free(error: NoConnectionFree) -> ResponseReturnValue:
    """Every connection is in use."""
    current_app.logger.warning("no connection to the database was free", exc_info=error)
    return _out_of_reach(full_or_closed.Trouble(503))


def _out_of_reach(trouble: full_or_closed.Trouble) -> ResponseReturnValue:
    """The database is full, busy, restarting or gone: nothing of this request stands, unless the answer was lost."""
    if copy_to_read.get() is not None:  # the next page is read from the database itself
        current_app.extensions["copy_to_read"].leave_alone()
    _ask_no_database()
    return _page(trouble.status, _(trouble.message) if trouble.message else None)


def _ask_no_database() -> None:
    """The page that is shown now asks it neither who reads nor in which language."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    g.speaks = session.get("speaks")


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _page(error.code)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if has_request_context():
        current_app.logger.exception("a request failed")
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    return _page(500)
