"""Notices in words, in the language of whoever reads: one line (also the subject of the mail) and one sentence.

A notice keeps `data`, plain JSON, put into words here. Names that are understood, all of them optional:
code and subject (what it is about), agency, actor, reason, note, outlet, letter; days or hours (left before a reminder,
past after it); due, old, until and since as days (due_on …) or moments (due_at …). Values that are codes are named by
the feature that owns them: name_codes(clock={code: words}).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pr_tracker.notices.rules import DigestPart, MailState, NoticeEvent, NoticeKind, SenderHealth
from pr_tracker.web.formatting import long_day, long_moment

KINDS = {
    NoticeKind.BEFORE: _l("Due soon"),
    NoticeKind.LAST_DAY: _l("Due today"),
    NoticeKind.LATE_1: _l("Overdue, first level"),
    NoticeKind.LATE_2: _l("Overdue, reported to the provincial office"),
    NoticeKind.LATE_3: _l("Overdue, reported to the chairman's office"),
    NoticeKind.DIGEST: _l("Morning digest"),
    NoticeKind.URGED: _l("Urged to act"),
    NoticeKind.MOVED: _l("Due time moved"),
    NoticeKind.PAUSED: _l("Term paused"),
    NoticeKind.RESUMED: _l("Term runs on"),
    NoticeKind.EXTENSION_ASKED: _l("Extension to decide"),
    NoticeKind.EXTENSION_GRANTED: _l("Extension granted"),
    NoticeKind.EXTENSION_DECLINED: _l("Extension declined"),
    NoticeKind.ASSIGNED: _l("Assigned"),
    NoticeKind.TAKE_OVER_ASKED: _l("Asked to take over"),
    NoticeKind.TAKE_OVER_DECLINED: _l("Take-over declined"),
    NoticeKind.COORDINATION_ASKED: _l("Asked to coordinate"),
    NoticeKind.COORDINATION_SENT: _l("Part received"),
    NoticeKind.PART_SUBMITTED: _l("Part to approve"),
    NoticeKind.PART_RETURNED: _l("Part returned"),
    NoticeKind.PART_APPROVED: _l("Part approved"),
    NoticeKind.PART_CORRECTED: _l("Part corrected"),
    NoticeKind.PART_ASKED_BACK: _l("Part asked back"),
    NoticeKind.SUBMITTED: _l("Answer to approve"),
    NoticeKind.RETURNED: _l("Answer returned"),
    NoticeKind.APPROVED: _l("Answer approved"),
    NoticeKind.RELEASED: _l("Answer released"),
    NoticeKind.REFUSED: _l("Inquiry refused"),
    NoticeKind.WITHDRAWN: _l("Inquiry withdrawn"),
    NoticeKind.COMMENTED: _l("New comment"),
    NoticeKind.NEW_HEAD: _l("New responsible head"),
    NoticeKind.DUTY_OPENED: _l("New duty"),
    NoticeKind.DUTY_DONE: _l("Duty done"),
    NoticeKind.SUBSTITUTE_NAMED: _l("Named as substitute"),
    NoticeKind.STATEMENT_ENDS: _l("Statement ends"),
    NoticeKind.PRESS_SOON: _l("A press agency's term ends soon"),
    NoticeKind.PRESS_LATE: _l("A press agency is overdue"),
    NoticeKind.ARTICLE_WRONG: _l("Quoted wrong"),
    NoticeKind.LETTER_WRITTEN: _l("Letter to the press to approve"),
    NoticeKind.LETTER_RETURNED: _l("Letter to the press returned"),
    NoticeKind.LETTER_APPROVED: _l("Letter to the press approved"),
    NoticeKind.STATEMENT_REPLACED: _l("Statement replaced"),
    NoticeKind.INCIDENT_OPENED: _l("New incident"),
    NoticeKind.INCIDENT_JOINED: _l("Put into an incident"),
    NoticeKind.INCIDENT_LEFT: _l("Taken out of an incident"),
    NoticeKind.INCIDENT_SUBMITTED: _l("Statement to approve"),
    NoticeKind.INCIDENT_RETURNED: _l("Statement returned"),
    NoticeKind.INCIDENT_APPROVED: _l("Statement approved"),
    NoticeKind.INCIDENT_RELEASED: _l("Statement released"),
    NoticeKind.INCIDENT_ON_CALL: _l("On call"),
    NoticeKind.INCIDENT_TASK: _l("New task in an incident"),
    NoticeKind.INCIDENT_CLOSED: _l("Incident closed"),
    NoticeKind.PROVINCE_ASKED: _l("Answer for the leadership of UBND tỉnh to approve"),
    NoticeKind.SEAL_VOIDED: _l("Approval no longer counts"),
    NoticeKind.AUTHORITY_GIVEN: _l("Authorised to speak"),
    NoticeKind.AUTHORITY_ENDING: _l("Authorisation to speak ends soon"),
    NoticeKind.AUTHORITY_ENDED: _l("Authorisation to speak ended"),
    NoticeKind.AUTHORITY_REVOKED: _l("Authorisation to speak revoked"),
    NoticeKind.CLASS_ASKED: _l("People to name for a class"),
    NoticeKind.CLASS_INVITED: _l("Invitation to a class"),
    NoticeKind.CLASS_AGENCY_INVITED: _l("People of the agency invited to a class"),
    NoticeKind.CLASS_MOVED_UP: _l("A place in a class became free"),
    NoticeKind.CLASS_APOLOGISED: _l("Apology from a class"),
    NoticeKind.CLASS_CHANGED: _l("Class changed"),
    NoticeKind.CLASS_CANCELLED: _l("Class cancelled"),
}
# What happened; the due time follows it, where one is given and the sentence does not say it.
SENTENCES = {
    NoticeKind.LATE_1: _l("It was due %(due)s, nothing is recorded as done."),
    NoticeKind.LATE_2: _l("It was due %(due)s, nothing is recorded as done: reported to the provincial office."),
    NoticeKind.LATE_3: _l("It was due %(due)s, nothing is recorded as done: reported to the chairman's office."),
    NoticeKind.URGED: _l("%(actor)s asks for it to be done."),
    NoticeKind.MOVED: _l("The due time moved from %(old)s to %(due)s."),
    NoticeKind.PAUSED: _l("%(actor)s paused the term until %(until)s."),
    NoticeKind.RESUMED: _l("The term runs on."),
    NoticeKind.EXTENSION_ASKED: _l("%(actor)s asks for an extension; a second person decides."),
    NoticeKind.EXTENSION_GRANTED: _l("%(actor)s granted the extension."),
    NoticeKind.EXTENSION_DECLINED: _l("%(actor)s declined the extension."),
    NoticeKind.ASSIGNED: _l("%(actor)s assigned it."),
    NoticeKind.TAKE_OVER_ASKED: _l("%(actor)s asks %(agency)s to take over."),
    NoticeKind.TAKE_OVER_DECLINED: _l("%(actor)s declined for %(agency)s to take over."),
    NoticeKind.COORDINATION_ASKED: _l("%(actor)s asks %(agency)s for its part."),
    NoticeKind.COORDINATION_SENT: _l("%(actor)s sent the part of %(agency)s."),
    NoticeKind.PART_SUBMITTED: _l("%(actor)s submitted the part of %(agency)s for approval."),
    NoticeKind.PART_RETURNED: _l("%(actor)s returned the part of %(agency)s for revision; the reason is on its page."),
    NoticeKind.PART_APPROVED: _l("%(actor)s approved the part of %(agency)s; it is with the lead agency."),
    NoticeKind.PART_CORRECTED: _l("%(actor)s sent a corrected version of the part of %(agency)s."),
    NoticeKind.PART_ASKED_BACK: _l("%(actor)s asks %(agency)s about the part it sent."),
    NoticeKind.SUBMITTED: _l("%(actor)s submitted the answer for approval."),
    NoticeKind.RETURNED: _l("%(actor)s returned the answer for revision."),
    NoticeKind.APPROVED: _l("%(actor)s approved the answer."),
    NoticeKind.RELEASED: _l("%(actor)s recorded the release of the answer."),
    NoticeKind.REFUSED: _l("%(actor)s recorded the refusal."),
    NoticeKind.WITHDRAWN: _l("%(actor)s recorded that the press withdrew it."),
    NoticeKind.COMMENTED: _l("%(actor)s commented."),
    NoticeKind.NEW_HEAD: _l("%(agency)s has a new head, %(actor)s, who is responsible for this inquiry from now on."),
    NoticeKind.DUTY_DONE: _l("%(actor)s recorded it as done."),
    NoticeKind.STATEMENT_REPLACED: _l("%(actor)s let statement %(newer)s take its place."),
    NoticeKind.STATEMENT_ENDS: _l("It counts until %(due)s. Say it anew, give it another end, or let it end."),
    NoticeKind.PRESS_SOON: _l("%(outlet)s is still to act on: %(letter)s."),
    NoticeKind.PRESS_LATE: _l("%(outlet)s has not acted on: %(letter)s. It was due %(due)s."),
    NoticeKind.ARTICLE_WRONG: _l("%(actor)s judged an article of %(outlet)s as quoting the answer wrong."),
    NoticeKind.LETTER_WRITTEN: _l("%(actor)s wrote a letter to %(outlet)s: %(letter)s."),
    NoticeKind.LETTER_RETURNED: _l("%(actor)s returned the letter to %(outlet)s for revision."),
    NoticeKind.LETTER_APPROVED: _l("%(actor)s approved the letter to %(outlet)s: %(letter)s."),
    NoticeKind.PROVINCE_ASKED: _l("The leadership of UBND tỉnh approves this answer too."),
    NoticeKind.SEAL_VOIDED: _l("%(actor)s saved a new version: what was approved before no longer counts."),
    NoticeKind.SUBSTITUTE_NAMED: _l("%(actor)s is away from %(since)s to %(until)s; notices come here meanwhile."),
    NoticeKind.INCIDENT_OPENED: _l("%(actor)s opened the incident; %(agency)s leads."),
    NoticeKind.INCIDENT_JOINED: _l("%(actor)s put it into incident %(incident)s. Its deadline stays."),
    NoticeKind.INCIDENT_LEFT: _l("%(actor)s took it out of incident %(incident)s. Its deadline stays."),
    NoticeKind.INCIDENT_SUBMITTED: _l("%(actor)s submitted the statement for approval."),
    NoticeKind.INCIDENT_RETURNED: _l("%(actor)s returned the statement for revision."),
    NoticeKind.INCIDENT_APPROVED: _l("%(actor)s approved the statement."),
    NoticeKind.INCIDENT_RELEASED: _l("%(actor)s recorded the release of the statement."),
    NoticeKind.INCIDENT_ON_CALL: _l("%(actor)s put this person on call from %(since)s until %(until)s."),
    NoticeKind.INCIDENT_TASK: _l("%(actor)s gave this task: %(note)s."),
    NoticeKind.INCIDENT_CLOSED: _l("%(actor)s closed the incident."),
    NoticeKind.AUTHORITY_GIVEN: _l(
        "%(giver)s authorises you by document no. %(number)s to speak in this matter, from %(since)s to %(until)s. It "
        "cannot be passed on."
    ),
    NoticeKind.AUTHORITY_ENDING: _l("The authority of %(name)s by document no. %(number)s ends at %(until)s."),
    NoticeKind.AUTHORITY_ENDED: _l(
        "The authority of %(name)s by document no. %(number)s ended at %(until)s. %(giver)s has the matter again."
    ),
    NoticeKind.AUTHORITY_REVOKED: _l(
        "%(giver)s revoked the authority of %(name)s by document no. %(number)s at %(until)s and has the matter again."
    ),
}
SENTENCES |= {
    NoticeKind.CLASS_ASKED: _l("%(agency)s is asked to name its people."),
    NoticeKind.CLASS_INVITED: _l(
        "%(name)s is invited. The letter of invitation is attached. The page below has the sessions, the materials and "
        "the personal code; there one confirms, apologises or sends somebody else."
    ),
    NoticeKind.CLASS_AGENCY_INVITED: _l("Invited of %(agency)s: %(name)s. The letter is attached."),
    NoticeKind.CLASS_MOVED_UP: _l("%(name)s was on the waiting list and has a place now."),
    NoticeKind.CLASS_APOLOGISED: _l("%(name)s apologises. Somebody else can be sent instead."),
    NoticeKind.CLASS_CHANGED: _l(
        "“%(topic)s” is held at the time and place given here. The page below has all sessions as they are now."
    ),
    NoticeKind.CLASS_CANCELLED: _l("“%(topic)s” is not held."),
}
MAIL_STATES = {
    MailState.WAITING: _l("Waiting"),
    MailState.SENDING: _l("Being sent"),
    MailState.SENT: _l("Sent"),
    MailState.FAILED: _l("Failed"),
    MailState.OFF: _l("Not by mail"),
}
DIGEST_PARTS = {
    DigestPart.LATE: _l("Overdue"),
    DigestPart.TODAY: _l("Due today"),
    DigestPart.SOON: _l("Due soon"),
    DigestPart.WAITING: _l("Waiting for an act"),
}
NOTICE_EVENTS = {
    NoticeEvent.CHOICES: _l("chose what comes by mail"),
    NoticeEvent.SENT_AGAIN: _l("sent a failed mail again"),
    NoticeEvent.FEED_MADE: _l("made a calendar link"),
    NoticeEvent.FEED_REVOKED: _l("revoked a calendar link"),
}
_CODES: dict[str, dict[str, Any]] = {}


def name_codes(**names: Mapping[Any, Any]) -> None:
    """Make the codes that features keep in `data` known in words: name_codes(clock=CLOCKS, reason=REASONS)."""
    for name, words in names.items():
        _CODES.setdefault(name, {}).update({str(code): said for code, said in words.items()})


class _Values(dict[str, str]):
    """The values of a sentence; one that was not given leaves a gap, not an error."""

    def __missing__(self, name: str) -> str:
        return "…"


def line(kind: NoticeKind, data: Mapping[str, Any]) -> str:
    """One line: what happened, and to what. "Còn 1 ngày làm việc: ĐN-2026-0412, Kè biển Rạch Giá"."""
    named = title(data)
    return f"{_head(kind, data)}: {named}" if named else _head(kind, data)


def title(data: Mapping[str, Any]) -> str:
    """What it is about: its code and subject."""
    return ", ".join(_named(name, data[name]) for name in ("code", "subject") if data.get(name))


def code_words(data: Mapping[str, Any]) -> str:
    """The number of a case, or what a feature calls the kind of thing; "" when neither is kept."""
    return _named("code", data.get("code", ""))


def sentence(kind: NoticeKind, data: Mapping[str, Any]) -> str:
    """What the reader has to know: what happened, and until when."""
    if kind is NoticeKind.DIGEST:
        parts = [f"{DIGEST_PARTS[part]}: {len(things)}" for part, things in digest_parts(data) if things]
        return ", ".join(parts)
    source, values = str(SENTENCES.get(kind, "")), _values(data)
    due = _("Due: %(due)s.", due=values["due"]) if due_words(data) and "%(due)s" not in source else ""
    return " ".join(part for part in (source % values, due) if part)


def details(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else is known, as (name, words)."""
    names = {"clock": _("Kind of term"), "agency": _("Agency"), "reason": _("Reason"), "note": _("Note")}
    names |= {"starts_at": _("Begins"), "place": _("Place"), "seats": _("Places"), "own_code": _("Personal code")}
    values = _values(data)
    return [(name, values[key.removesuffix("_at")]) for key, name in names.items() if data.get(key)]


def digest_parts(data: Mapping[str, Any]) -> list[tuple[DigestPart, list[dict[str, Any]]]]:
    """The parts of a digest in reading order, each with its things: code, subject, due_on or due_at, path."""
    given = data.get("parts", {})
    return [(part, given.get(part.value, [])) for part in DigestPart]


def due_words(data: Mapping[str, Any], name: str = "due") -> str:
    """A day or a moment of `data` in words, "" when there is none. A day's term lasts to its end."""
    if moment := data.get(f"{name}_at"):
        return long_moment(datetime.fromisoformat(moment))
    if not (day := data.get(f"{name}_on")):
        return ""
    words = long_day(date.fromisoformat(day))
    return _("the end of %(day)s", day=words) if name in ("due", "old") else words


def sender_words(sender: SenderHealth) -> list[str]:
    """What somebody has to look after, a sentence each; nothing while all is well."""
    found, silent, late, failed = [], sender.minutes_silent, sender.overdue, sender.failed
    if silent is None:
        found.append(_("The sender has never run."))
    elif not sender.is_running:
        found.append(
            ngettext("The sender ran last %(num)s minute ago.", "The sender ran last %(num)s minutes ago.", silent)
        )
    if not sender.is_running:
        found.append(_("Start the worker, or let the system run “flask notices send” each minute."))
    if sender.fault:
        found.append(_("In the last pass these jobs failed, the log says why: %(jobs)s.", jobs=sender.fault))
    if late:
        found.append(ngettext("%(num)s mail is behind its time.", "%(num)s mails are behind their time.", late))
    if failed:
        found.append(ngettext("%(num)s mail could not be sent.", "%(num)s mails could not be sent.", failed))
    return found


def _head(kind: NoticeKind, data: Mapping[str, Any]) -> str:
    span = _span(data)
    if kind in (NoticeKind.BEFORE, NoticeKind.PRESS_SOON) and span:
        return _("%(span)s left", span=span)
    if kind is NoticeKind.PRESS_LATE and span:
        return _("%(outlet)s is overdue by %(span)s", outlet=data.get("outlet", ""), span=span)
    if kind.level:
        return _("Overdue by %(span)s", span=span) if span else _("Overdue")
    return str(KINDS[kind])


def _span(data: Mapping[str, Any]) -> str:
    if days := data.get("days"):
        return ngettext("%(num)s working day", "%(num)s working days", days)
    if hours := data.get("hours"):
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return ""


def _named(name: str, value: Any) -> str:
    return str(_CODES.get(name, {}).get(str(value), value))


def _values(data: Mapping[str, Any]) -> _Values:
    values = _Values({name: _named(name, value) for name, value in data.items()})
    values["actor"] = values.get("actor") or _("The system")
    for name in ("due", "old", "until", "since", "starts"):
        if words := due_words(data, name):
            values[name] = words
    return values
