"""Duties in words: what is owed for which period, the six items, what happened, as sentences."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.labels_names import long_day
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import (
    ConferenceFormat,
    DutyEvent,
    DutyKind,
    DutyState,
    Item,
    NoticeItem,
    NoticeSettings,
)
from pr_tracker.office_time import in_office, write_day, write_moment

KIND = {
    DutyKind.QUARTERLY: _l("Periodic press conference"),
    DutyKind.MONTHLY: _l("Monthly information"),
    DutyKind.ANNUAL: _l("Annual report"),
    DutyKind.NOTICE: _l("Notice before a press conference"),
    DutyKind.PUBLICATION: _l("Publication of a spokesperson"),
}
STATE = {
    DutyState.OPEN: _l("Open"),
    DutyState.DONE: _l("Done"),
    DutyState.CANCELLED: _l("Cancelled"),
}
FORMAT = {
    ConferenceFormat.IN_PERSON: _l("in person"),
    ConferenceFormat.ONLINE: _l("online"),
}
ITEM = {
    NoticeItem.TIME: _l("Date and time"),
    NoticeItem.PLACE: _l("Place"),
    NoticeItem.CONTENT: _l("Content"),
    NoticeItem.CHAIR: _l("Chair"),
    NoticeItem.INVITED: _l("Press agencies invited"),
    NoticeItem.CONTACT: _l("Contact person"),
}
ADDRESSEE = _l("The state body that manages the press")
# What each duty asks, in one sentence.
ASKS = {
    DutyKind.QUARTERLY: _l("At least one periodic press conference every 3 months from the last one."),
    DutyKind.MONTHLY: _l("Inform the press and bring the portal up to date, once in each calendar month."),
    DutyKind.ANNUAL: _l(
        "Send the report of the year to the Ministry of Culture, Sports and Tourism before 20 December."
    ),
    DutyKind.NOTICE: _l(
        "Notify the body that manages the press in writing, 24 hours before the start, with six items."
    ),
    DutyKind.PUBLICATION: _l(
        "Name, title, phone and official e-mail must be on the portal within 24 hours of the decision."
    ),
}
EVIDENCE_HINT = {
    DutyKind.MONTHLY: _l("For example: Bản tin tháng 11 trên Cổng Thông tin điện tử tỉnh, ngày 26/11/2026"),
    DutyKind.ANNUAL: _l("For example: Báo cáo số 412/BC-UBND ngày 17/12/2026"),
    DutyKind.NOTICE: _l("For example: Công văn số 1893/SXD-VP ngày 12/11/2026, gửi qua trục liên thông"),
    DutyKind.PUBLICATION: _l("For example: Đăng ở mục Người phát ngôn của Cổng Thông tin điện tử"),
    DutyKind.QUARTERLY: _l("For example: Thông cáo báo chí số 24/TC-UBND ngày 06/11/2026"),
}
DUTY_EVENTS = {
    DutyEvent.OPEN: _l("opened a duty"),
    DutyEvent.ITEMS: _l("filled in the items of a notice"),
    DutyEvent.LETTER: _l("printed the letter of a notice"),
    DutyEvent.DONE: _l("recorded a duty as done"),
    DutyEvent.CORRECT: _l("corrected the evidence of a duty"),
    DutyEvent.CANCEL: _l("cancelled a duty"),
    DutyEvent.REOPEN: _l("opened a duty again"),
    DutyEvent.MOVE: _l("moved the deadline of a duty"),
    DutyEvent.PLAN: _l("planned a press conference"),
    DutyEvent.CHANGE: _l("changed the plan of a press conference"),
    DutyEvent.HOLD: _l("recorded a press conference as held"),
    DutyEvent.CALL_OFF: _l("called a press conference off"),
    DutyEvent.TAKE_BACK: _l("took back what was recorded of a press conference"),
    DutyEvent.NOTICE_SETTINGS: _l("set the form of the press conference notice"),
    DutyEvent.BRIEFING: _l("recorded information given at a press briefing"),
    DutyEvent.BRIEFING_CORRECT: _l("corrected what is on record of a press briefing"),
    DutyEvent.BRIEFING_WITHDRAW: _l("took back what was recorded of a press briefing"),
}
GLYPHS = {
    DutyEvent.DONE: "check",
    DutyEvent.HOLD: "check",
    DutyEvent.CANCEL: "cross",
    DutyEvent.CALL_OFF: "cross",
    DutyEvent.REOPEN: "back",
    DutyEvent.TAKE_BACK: "back",
    DutyEvent.MOVE: "clock",
    DutyEvent.OPEN: "clock",
    DutyEvent.LETTER: "print",
    DutyEvent.ITEMS: "document",
    DutyEvent.CORRECT: "document",
    DutyEvent.PLAN: "document",
    DutyEvent.CHANGE: "document",
    DutyEvent.BRIEFING: "check",
    DutyEvent.BRIEFING_CORRECT: "document",
    DutyEvent.BRIEFING_WITHDRAW: "back",
}
# The fields of a plan, as its history names them.
_FIELDS = {
    "title": _l("subject"),
    "starts_at": _l("start"),
    "place": _l("place"),
    "format": _l("format"),
    "periodic": _l("periodic or ad hoc"),
    "chair": _l("chair"),
    "content": _l("content"),
    "held_at": _l("when it was"),
    "host": _l("who held the briefing"),
    "speaker": _l("who informed the press"),
    "evidence": _l("evidence"),
    "link": _l("link"),
}


def title_of(row: sa.Row) -> str:
    """What a row of a list is called: "Thông tin định kỳ tháng 11/2026", "Thông báo trước họp báo: …"."""
    return duty_title(row.kind, row.period, conference=row.conference, spokesperson=row.spokesperson)


def title_of_duty(duty: Duty) -> str:
    """The same of a duty itself."""
    conference = duty.conference.title if duty.conference else None
    spokesperson = duty.decision.full_name if duty.decision else None
    return duty_title(duty.kind, duty.period, conference=conference, spokesperson=spokesperson)


def duty_title(kind: DutyKind, period: str, *, conference: str | None, spokesperson: str | None) -> str:
    """A duty by its kind and period, or by what it belongs to."""
    match kind:
        case DutyKind.MONTHLY:
            year, month = period.split("-")
            return _("Monthly information of %(month)s/%(year)s", month=month, year=year)
        case DutyKind.ANNUAL:
            return _("Annual report %(year)s", year=period)
        case DutyKind.QUARTERLY:
            since = write_day(datetime.fromisoformat(period).date())
            return _("Periodic press conference within 3 months of %(day)s", day=since)
        case DutyKind.NOTICE:
            return _("Notice of the press conference: %(title)s", title=conference)
        case DutyKind.PUBLICATION:
            return _("Publication of the spokesperson: %(name)s", name=spokesperson)


def addressee_words(settings: NoticeSettings) -> str:
    """To whom the notice goes."""
    return settings.addressee or str(ADDRESSEE)


def item_words(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    """Label and text of each item, the shipped label in the reader's language."""
    return [(item.label or str(ITEM[shipped]), item.text) for item, shipped in zip(items, NoticeItem, strict=True)]


def item_labels(settings: NoticeSettings) -> list[str]:
    """The six labels as they stand now."""
    return [label or str(ITEM[shipped]) for label, shipped in zip(settings.labels, NoticeItem, strict=True)]


def happened(row: sa.Row) -> tuple[str, str]:
    """An entry of the audit log as a sentence of the history, and words quoted from it or ""."""
    event, data = DutyEvent(row.event), row.data
    who = row.actor_name or _("The system")
    return _sentence(event, who, data), str(data.get("reason") or data.get("evidence") or "")


def _sentence(event: DutyEvent, who: str, data: dict[str, Any]) -> str:
    match event:
        case DutyEvent.OPEN:
            return _("%(who)s opened this duty; due %(due)s.", who=who, due=_moment(data["due"]))
        case DutyEvent.DONE:
            words = {"who": who, "at": _moment(data["at"])}
            if data["late"]:
                return _("%(who)s recorded it as done at %(at)s, after the due time.", **words)
            return _("%(who)s recorded it as done at %(at)s, on time.", **words)
        case DutyEvent.MOVE:
            words = {"who": who, "old": _moment(data["old"]), "new": _moment(data["new"])}
            return _("%(who)s moved the due time from %(old)s to %(new)s.", **words)
        case DutyEvent.PLAN:
            return _("%(who)s planned it for %(at)s.", who=who, at=_moment(data["starts"]))
        case DutyEvent.BRIEFING_CORRECT:
            return _("%(who)s corrected it: %(what)s.", who=who, what=_changes(data["changed"]))
        case DutyEvent.CHANGE:
            return _("%(who)s changed the plan: %(what)s.", who=who, what=_changes(data["changed"]))
        case DutyEvent.HOLD:
            return _("%(who)s recorded that it was held at %(at)s.", who=who, at=_moment(data["at"]))
        case _:
            return _("%(who)s %(did)s.", who=who, did=DUTY_EVENTS[event])


def _changes(changed: dict[str, list[str]]) -> str:
    words = []
    for name, (old, new) in changed.items():
        if name == "starts_at":
            words.append(_("start from %(old)s to %(new)s", old=_moment(old), new=_moment(new)))
        else:
            words.append(str(_FIELDS[name]))
    return ", ".join(words)


def _moment(written: str) -> str:
    """An ISO day or instant as the office writes it."""
    if "T" not in written:
        return long_day(date.fromisoformat(written))
    return write_moment(in_office(datetime.fromisoformat(written)))
