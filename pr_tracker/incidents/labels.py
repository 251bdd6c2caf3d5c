"""Incidents in words: kinds, moments, the statement's states, acts, the chronology as sentences."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.incidents.rules import IncidentStep, StatementState
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.incidents.rules_kinds import IncidentKind, Moment
from pr_tracker.inquiries.labels import ANSWER_FORM
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.office_time import write_moment
from pr_tracker.spokespersons.labels_names import by_authority, kept_ground_words

KIND = {
    IncidentKind.INCIDENT: _l("Extraordinary incident"),
    IncidentKind.DIVIDED_OPINION: _l("Impact on public opinion"),
}
KIND_HINT = {
    IncidentKind.INCIDENT: _l(
        "A major event: initial information within 24 hours of when the agency receives and handles it "
        "(Decree 244/2026/NĐ-CP, Article 7(3))."
    ),
    IncidentKind.DIVIDED_OPINION: _l(
        "An impact on public opinion or a risk of it: initial information within 24 hours of when the agency "
        "determines it (Decree 244/2026/NĐ-CP, Article 7(4))."
    ),
}
MOMENT = {
    Moment.HAPPENED: _l("It happened at"),
    Moment.RECEIVED: _l("Received and taken up at"),
    Moment.DETERMINED: _l("Impact determined at"),
}
STATE = {
    StatementState.DRAFTING: _l("Being written"),
    StatementState.IN_REVIEW: _l("Awaiting approval"),
    StatementState.RETURNED: _l("Returned for revision"),
    StatementState.APPROVED: _l("Approved, not yet released"),
    StatementState.RELEASED: _l("Released"),
    StatementState.SUPERSEDED: _l("Replaced by a newer version"),
}
# The verb on a button, named by its act.
STEP = {
    IncidentStep.CHANGE: _l("Correct the incident"),
    IncidentStep.DETERMINE: _l("Determine the impact on public opinion"),
    IncidentStep.JOIN: _l("Put inquiries in"),
    IncidentStep.LEAVE: _l("Take out of the incident"),
    IncidentStep.INVOLVE: _l("Add a coordinating agency"),
    IncidentStep.DRAFT: _l("Write the statement"),
    IncidentStep.SUBMIT: _l("Submit for approval"),
    IncidentStep.RETURN: _l("Return for revision"),
    IncidentStep.APPROVE: _l("Approve"),
    IncidentStep.RELEASE: _l("Release to all press agencies"),
    IncidentStep.ROSTER: _l("Put somebody on call"),
    IncidentStep.TASK: _l("Give a task"),
    IncidentStep.NOTE: _l("Write into the chronology"),
    IncidentStep.CLOSE: _l("Close the incident"),
    IncidentStep.REOPEN: _l("Open the incident again"),
    IncidentStep.AUTHORISE: _l("Authorise somebody to speak"),
    IncidentStep.REVOKE: _l("Revoke"),
}
AWAITED = {
    ReviewStep.AGENCY: _l("the leadership of the lead agency"),
    ReviewStep.PROVINCE: _l("the leadership of UBND tỉnh"),
}
# What the audit log calls it.
INCIDENT_EVENTS = {
    IncidentEvent.OPEN: _l("opened an incident"),
    IncidentEvent.CHANGE: _l("corrected an incident"),
    IncidentEvent.DETERMINE: _l("determined the impact on public opinion"),
    IncidentEvent.JOIN: _l("put an inquiry into an incident"),
    IncidentEvent.LEAVE: _l("took an inquiry out of an incident"),
    IncidentEvent.INVOLVE: _l("added a coordinating agency to an incident"),
    IncidentEvent.RELIEVE: _l("relieved an agency of coordinating in an incident"),
    IncidentEvent.DRAFT: _l("saved a version of a statement"),
    IncidentEvent.SUBMIT: _l("submitted a statement"),
    IncidentEvent.RETURN: _l("returned a statement"),
    IncidentEvent.APPROVE: _l("approved a statement"),
    IncidentEvent.RELEASE: _l("released a statement"),
    IncidentEvent.SHIFT_ADD: _l("put somebody on call"),
    IncidentEvent.SHIFT_END: _l("took somebody off the roster"),
    IncidentEvent.TASK_ADD: _l("gave a task"),
    IncidentEvent.TASK_DONE: _l("recorded a task as done"),
    IncidentEvent.TASK_DROP: _l("dropped a task"),
    IncidentEvent.NOTE: _l("wrote into a chronology"),
    IncidentEvent.CLOSE: _l("closed an incident"),
    IncidentEvent.REOPEN: _l("opened an incident again"),
    IncidentEvent.DEADLINE_MOVE: _l("moved the deadline of an incident"),
    IncidentEvent.PRINT: _l("printed a chronology"),
    IncidentEvent.AUTHORISE: _l("authorised somebody to speak in an incident"),
    IncidentEvent.REVOKE_AUTHORITY: _l("revoked an authority in an incident"),
}
GLYPHS = {
    IncidentEvent.OPEN: "warning",
    IncidentEvent.CHANGE: "document",
    IncidentEvent.DETERMINE: "clock",
    IncidentEvent.JOIN: "plus",
    IncidentEvent.LEAVE: "back",
    IncidentEvent.INVOLVE: "plus",
    IncidentEvent.RELIEVE: "cross",
    IncidentEvent.DRAFT: "half",
    IncidentEvent.SUBMIT: "three_quarters",
    IncidentEvent.RETURN: "back",
    IncidentEvent.APPROVE: "done",
    IncidentEvent.RELEASE: "square",
    IncidentEvent.SHIFT_ADD: "person",
    IncidentEvent.SHIFT_END: "person",
    IncidentEvent.TASK_ADD: "circle",
    IncidentEvent.TASK_DONE: "check",
    IncidentEvent.TASK_DROP: "cross",
    IncidentEvent.NOTE: "document",
    IncidentEvent.CLOSE: "lock",
    IncidentEvent.REOPEN: "back",
    IncidentEvent.DEADLINE_MOVE: "clock",
    IncidentEvent.AUTHORISE: "person",
    IncidentEvent.REVOKE_AUTHORITY: "cross",
}
# One sentence an event, with a subject.
SENTENCES: dict[IncidentEvent, Any] = {
    IncidentEvent.OPEN: _l("%(who)s opened the incident as %(code)s; %(agency)s leads."),
    IncidentEvent.CHANGE: _l("%(who)s corrected the incident."),
    IncidentEvent.DETERMINE: _l("%(who)s determined at %(determined)s an impact on public opinion or a risk of it:"),
    IncidentEvent.JOIN: _l("%(who)s put %(code)s of %(outlet)s in. Its deadline stays."),
    IncidentEvent.LEAVE: _l("%(who)s took %(code)s out. Its deadline stays. Reason:"),
    IncidentEvent.INVOLVE: _l("%(who)s let %(agency)s coordinate."),
    IncidentEvent.RELIEVE: _l("%(who)s relieved %(agency)s of coordinating."),
    IncidentEvent.DRAFT: _l("%(who)s saved version %(number)s of the statement."),
    IncidentEvent.SUBMIT: _l("%(who)s submitted version %(number)s of the statement for approval."),
    IncidentEvent.RETURN: _l("%(who)s returned version %(number)s of the statement for revision:"),
    IncidentEvent.APPROVE: _l("%(who)s approved version %(number)s of the statement."),
    IncidentEvent.RELEASE: _l(
        "%(who)s released version %(number)s of the statement at %(at)s by: %(form)s. Speaker: %(speaker)s. "
        "To: %(outlets)s."
    ),
    IncidentEvent.SHIFT_ADD: _l("%(who)s put %(person)s on call from %(from_at)s until %(until_at)s."),
    IncidentEvent.SHIFT_END: _l("%(who)s took %(person)s off the roster (%(from_at)s to %(until_at)s)."),
    IncidentEvent.TASK_ADD: _l("%(who)s gave %(person)s a task, by %(due_at)s: %(what)s."),
    IncidentEvent.TASK_DONE: _l("%(who)s recorded as done: %(what)s (%(person)s)."),
    IncidentEvent.TASK_DROP: _l("%(who)s dropped the task %(what)s (%(person)s):"),
    IncidentEvent.NOTE: _l("%(who)s wrote down:"),
    IncidentEvent.CLOSE: _l("%(who)s closed the incident:"),
    IncidentEvent.REOPEN: _l("%(who)s opened the incident again:"),
    IncidentEvent.AUTHORISE: _l(
        "%(who)s authorised %(name)s to speak by document no. %(number)s, from %(since)s until %(until)s."
    ),
    IncidentEvent.REVOKE_AUTHORITY: _l("%(who)s revoked the authority of %(name)s (document no. %(number)s):"),
    IncidentEvent.DEADLINE_MOVE: _l("The initial information is due at %(new)s, no longer at %(old)s:"),
}
_MOMENTS = frozenset({"at", "old", "new", "due", "due_at", "from_at", "until_at", "since", "until", "determined"})
_QUOTED = ("reason", "text", "evidence")


class _Values(dict[str, str]):
    """The values of a sentence; one that was not given leaves a gap, not an error."""

    def __missing__(self, name: str) -> str:
        return "…"


def who_words(row: sa.Row) -> str:
    """Who acted, with the title held then: "Lê Hồ Trọng Hậu, Phó Giám đốc"."""
    if not row.actor:
        return _("The system")
    return f"{row.actor}, {row.title}" if row.title else str(row.actor)


def sentence(row: sa.Row) -> str:
    """A line of the chronology as a sentence, the quotation apart."""
    event, data = IncidentEvent(row.event), row.data
    values = _Values({name: _shown(name, value) for name, value in data.items()})
    values["who"] = f"{who_words(row)}," if row.actor and row.title else who_words(row)
    said = str(SENTENCES[event]) % values
    return " ".join([said, *_also(event, data, values)])


def _also(event: IncidentEvent, data: dict[str, Any], values: _Values) -> list[str]:
    found = []
    if data.get("due"):
        found.append(_("Initial information is due at %(due)s.", due=values["due"]))
    if event is IncidentEvent.CHANGE and data.get("new"):
        found.append(_("Initial information is due at %(due)s.", due=values["new"]))
    if data.get("voids_approval"):
        found.append(_("The earlier approval no longer counts."))
    if data.get("alone"):
        found.append(_("The head answers alone: wrote the text and approved it."))
    if data.get("authority"):
        found.append(by_authority(data["authority"]) + ".")
    found += [_("It does not contradict %(code)s: %(reason)s.", **one) for one in data.get("agrees", ())]
    found += [_("It takes the place of %(code)s.", code=code) for code in data.get("replaces", ())]
    if data.get("kept_out"):
        found.append(_("Not for the library of statements: %(reason)s.", reason=data["kept_out"]))
    if data.get("late"):
        found.append(_("It was late."))
    return found


def speaker_words(row: sa.Row) -> str:
    """Who spoke, with the title, and on what ground."""
    name = f"{row.speaker}, {row.speaker_title}" if row.speaker_title else str(row.speaker)
    ground = kept_ground_words(row.speaker_right) if row.speaker_right else ""
    return f"{name} ({ground})" if ground else name


def quotation(row: sa.Row) -> str:
    """The words quoted below the sentence: a reason, a note, the evidence."""
    return next((str(row.data[name]) for name in _QUOTED if row.data.get(name)), "")


def _shown(name: str, value: Any) -> str:
    if name in _MOMENTS:
        return _moment(value)
    if name == "form":
        return str(ANSWER_FORM.get(value, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(iso: Any) -> str:
    try:
        return write_moment(datetime.fromisoformat(str(iso)))
    except ValueError:
        return str(iso or "…")
