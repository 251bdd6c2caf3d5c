"""Runs in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.runs.rules import RunEvent, RunState, percent

STATES = {
    RunState.WAITING: _l("waiting"),
    RunState.RUNNING: _l("at work"),
    RunState.DONE: _l("finished"),
    RunState.FAILED: _l("failed"),
    RunState.CANCELLED: _l("stopped"),
}

RUN_EVENTS = {
    RunEvent.ASK: _l("Asked for work in the background"),
    RunEvent.CANCEL: _l("Stopped work in the background"),
    RunEvent.TAKE: _l("Took the result of work in the background"),
    RunEvent.EXPORT: _l("Took a list out as a table"),
}


def done_words(done: int, total: int) -> str:
    """How far it is."""
    if not total:
        return _("It has begun.")
    return _("%(percent)s%% done", percent=percent(done, total))
