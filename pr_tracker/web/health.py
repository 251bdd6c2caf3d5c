"""What an administrator must know of the system's health: one visible list of checks, in factory.py."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.web.readiness import fault_of


class Health(NamedTuple):
    """What a check found: a sentence, and where to mend it."""

    ok: bool
    words: str
    url: str = ""
    act: str = ""  # the words of the link


@dataclass(frozen=True)
class HealthLine:
    """One check by name.

    `warns` puts a failure on the head of every page of administrators, and on the pages of the blueprints in `shown_on`
    for everybody; such a check must be cheap.
    """

    name: Any
    check: Callable[[datetime], Health]
    warns: bool = False
    shown_on: tuple[str, ...] = ()


class HealthShown(NamedTuple):
    """A line as the page shows it."""

    name: str
    health: Health


def install(app: Flask, lines: Sequence[HealthLine]) -> None:
    """Keep the list, and make page_warnings() known to templates."""
    app.extensions["health_lines"] = tuple(lines)
    app.jinja_env.globals["page_warnings"] = page_warnings


def page_warnings() -> list[Health]:
    """What must stand on the head of this page for this reader."""
    blueprint = request.blueprint or ""
    everywhere = current_user.may(Permission.HEALTH_VIEW)
    lines = [line for line in _lines() if line.warns and (everywhere or blueprint in line.shown_on)]
    found = [line.check(clock.now()) for line in lines]
    return [health for health in found if not health.ok]


def report(now: datetime) -> list[HealthShown]:
    """Every line of the list, checked now; a check that breaks is a failing line, not a broken page."""
    return [HealthShown(str(line.name), _checked(line, now)) for line in _lines()]


def _checked(line: HealthLine, now: datetime) -> Health:
    try:
        return line.check(now)
    except Exception:
        current_app.logger.exception("the health check %s broke", line.name)
        db.session.rollback()
        return Health(False, _("This check itself failed; the log of the programme says why."))


def _lines() -> Sequence[HealthLine]:
    lines: Sequence[HealthLine] = current_app.extensions["health_lines"]
    return lines


def attachments(_now: datetime) -> Health:
    """Files can be kept, and for how much of them there is room."""
    if fault_of("attachments"):
        return Health(False, _("Attachments cannot be kept: their folder cannot be written, or the disk is full."))
    free = shutil.disk_usage(current_app.config["PR_TRACKER_UPLOAD_FOLDER"]).free // (1024 * 1024)
    return Health(True, _("Attachments can be kept; %(room)s MB are free.", room=format_decimal(free)))


def database(_now: datetime) -> Health:
    """The database answers, and with which engine."""
    db.session.execute(sa.text("SELECT 1"))
    return Health(True, _("The database answers (%(engine)s).", engine=db.engine.dialect.name))
