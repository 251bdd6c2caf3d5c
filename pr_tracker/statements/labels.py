"""Cleared statements in words: states, forms of speaking, what differs, what happened."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.office_time import write_day
from pr_tracker.statements.rules import AnswerForm, State, StatementEvent
from pr_tracker.statements.rules_facts import Difference

ANSWER_FORM = {
    AnswerForm.PRESS_CONFERENCE: _l("Press conference"),
    AnswerForm.PORTAL: _l("Portal, social network or official digital channel"),
    AnswerForm.INTERVIEW: _l("Spoken statement or interview"),
    AnswerForm.WRITTEN: _l("Press release, written answer or e-mail"),
    AnswerForm.BRIEFING: _l("Direct exchange or press briefing"),
}
STATE = {
    State.IN_FORCE: _l("Still in force"),
    State.ENDS_SOON: _l("Ends soon"),
    State.EXPIRED: _l("Expired"),
    State.SUPERSEDED: _l("Replaced"),
    State.WITHDRAWN: _l("Withdrawn"),
}
# What is said of a statement that no longer counts.
NO_LONGER = {
    State.EXPIRED: _l("No longer in force, do not use it again."),
    State.SUPERSEDED: _l("Another statement has taken its place."),
    State.WITHDRAWN: _l("The province has withdrawn it."),
}
DIFFERENCE = {
    Difference.AMOUNT: _l("another figure"),
    Difference.DAY: _l("another day"),
    Difference.HOUR: _l("another time"),
    Difference.DENIAL: _l("said by one, denied by the other"),
}
STATEMENT_EVENTS = {
    StatementEvent.CLEAR: _l("put a given answer into the library of statements"),
    StatementEvent.RECORD: _l("recorded a published statement"),
    StatementEvent.VALIDITY: _l("set until when a statement counts"),
    StatementEvent.SUPERSEDE: _l("replaced a statement"),
    StatementEvent.WITHDRAW: _l("withdrew a statement"),
    StatementEvent.REUSE: _l("put a statement into an answer"),
    StatementEvent.EXPORT: _l("exported statements"),
}
GLYPHS = {
    StatementEvent.CLEAR: "square",
    StatementEvent.RECORD: "document",
    StatementEvent.VALIDITY: "clock",
    StatementEvent.SUPERSEDE: "back",
    StatementEvent.WITHDRAW: "cross",
    StatementEvent.REUSE: "plus",
}


def happened(row: sa.Row) -> tuple[str, str]:
    """An entry of the audit log as a sentence of the history, and words quoted from it or ""."""
    return _sentence(StatementEvent(row.event), row.actor_name or _("The system"), row.data), row.data.get("reason", "")


def _sentence(event: StatementEvent, who: str, data: Mapping[str, Any]) -> str:
    match event:
        case StatementEvent.CLEAR:
            return _("%(who)s released the answer; it became statement %(code)s.", who=who, code=data["code"])
        case StatementEvent.RECORD:
            return _("%(who)s recorded what was published as statement %(code)s.", who=who, code=data["code"])
        case StatementEvent.VALIDITY if data["after_on"]:
            return _("%(who)s set that it counts until the end of %(day)s.", who=who, day=_day(data["after_on"]))
        case StatementEvent.VALIDITY:
            return _("%(who)s set that it counts without an end.", who=who)
        case StatementEvent.SUPERSEDE:
            return _("%(who)s replaced it by statement %(code)s.", who=who, code=data["by"])
        case StatementEvent.WITHDRAW:
            return _("%(who)s withdrew it:", who=who)
        case StatementEvent.REUSE:
            return _("%(who)s put it into an answer of inquiry %(code)s.", who=who, code=data["inquiry"])
        case _:
            return _("%(who)s %(did)s.", who=who, did=STATEMENT_EVENTS[event])


def _day(written: str) -> str:
    return write_day(date.fromisoformat(written))
