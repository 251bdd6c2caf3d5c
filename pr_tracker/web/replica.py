"""Reports are read from a copy of the database where PR_TRACKER_REPORTS_DATABASE_URL names one (a streaming replica).

It is only read: PostgreSQL refuses the rest. Whoever goes on to write (an export is logged) calls db.start_writing(),
which leads back to the database itself. A copy that does not answer is left alone for a while; until then reports are
read from the database itself, and the health page says so.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from time import monotonic

import sqlalchemy as sa
from flask import Flask, Response, current_app, request, session
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from pr_tracker import clock, config
from pr_tracker.db import copy_to_read
from pr_tracker.web import lists
from pr_tracker.web.access import READING_METHODS
from pr_tracker.web.health import Health

LEFT_ALONE_SECONDS = 30
OWN_WORK_SECONDS = 10  # who has just written reads the database itself: what they did must stand on the next page
TOO_FAR_BEHIND = timedelta(minutes=5)
# How old its newest change is; nothing where it has all that was sent, however long ago that was.
BEHIND = sa.text(
    "SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN interval '0' "
    "ELSE now() - pg_last_xact_replay_timestamp() END"
)


class Copy:
    """The copy, and whether it is left alone."""

    def __init__(self, url: str) -> None:
        options = config.engine_options(url, pgbouncer=current_app.config["PR_TRACKER_PGBOUNCER"])
        self.engine = sa.create_engine(url, **options)
        self._until = 0.0

    def answers(self) -> bool:
        """Whether it may be read now; asks it, unless it was found dead a moment ago."""
        if monotonic() < self._until:
            return False
        try:
            self.engine.connect().close()
        except (DBAPIError, NoConnectionFree) as trouble:
            current_app.logger.warning("the copy for reports does not answer, the database is read: %s", trouble)
            self.leave_alone()
            return False
        return True

    def leave_alone(self) -> None:
        """Read the database itself for a while."""
        self._until = monotonic() + LEFT_ALONE_SECONDS


def install(app: Flask, blueprints: Collection[str]) -> None:
    """Know the copy, and let the pages of these blueprints be read from it."""
    url = app.config["PR_TRACKER_REPORTS_DATABASE_URL"]
    if not url:
        return
    with app.app_context():
        app.extensions["copy_to_read"] = Copy(url)

    @app.before_request
    def _choose() -> None:
        reads = request.blueprint in blueprints or lists.listing_of(request.endpoint or "") is not None
        if reads and request.method in READING_METHODS and not _has_just_written():
            read_from_copy()

    @app.after_request
    def _remember(response: Response) -> Response:
        if request.method not in READING_METHODS and current_user.is_authenticated:
            session["wrote_at"] = int(clock.now().timestamp())
        return response

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        copy_to_read.set(None)


def _has_just_written() -> bool:
    return clock.now().timestamp() - session.get("wrote_at", 0) < OWN_WORK_SECONDS


def read_from_copy() -> None:
    """What the session reads from here on comes from the copy, until db.start_writing(); if there is one."""
    copy: Copy | None = current_app.extensions.get("copy_to_read")
    if copy is not None and copy.answers():
        copy_to_read.set(copy.engine)


def health(_now: datetime) -> Health:
    """Whether there is a copy, whether it answers, and how far it is behind."""
    copy: Copy | None = current_app.extensions.get("copy_to_read")
    if copy is None:
        return Health(True, _("None is set: reports are read from the database itself."))
    if not copy.answers():
        return Health(False, _("The copy does not answer: reports are read from the database itself."))
    with copy.engine.connect() as connection:
        behind = connection.scalar(BEHIND) or timedelta(0)
    seconds = max(0, round(behind.total_seconds()))
    if behind > TOO_FAR_BEHIND:
        return Health(
            False, _("The copy is %(seconds)s seconds behind: reports show what stood then.", seconds=seconds)
        )
    return Health(True, _("Reports are read from the copy, which is %(seconds)s seconds behind.", seconds=seconds))
