"""What pages of an inquiry say in the same way: the clock, the history, a text's seal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from pr_tracker.deadlines.labels import end_words, face_words
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import ClockFace, DueTime, FaceState, face
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.visibility import read_draft
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.office_time import in_office, write_time
from pr_tracker.web.formatting import long_day

GLYPHS = {
    InquiryEvent.LOG: "circle",
    InquiryEvent.ACKNOWLEDGE: "check",
    InquiryEvent.ASSIGN: "dot",
    InquiryEvent.TAKE_CASE: "person",
    InquiryEvent.TAKE_OVER: "dot",
    InquiryEvent.ACCEPT_TAKE_OVER: "dot",
    InquiryEvent.DECLINE_TAKE_OVER: "cross",
    InquiryEvent.COORDINATE: "plus",
    InquiryEvent.ASK_AGAIN: "plus",
    InquiryEvent.ASK_BACK: "back",
    InquiryEvent.DRAFT_PART: "half",
    InquiryEvent.SUBMIT_PART: "three_quarters",
    InquiryEvent.RETURN_PART: "back",
    InquiryEvent.CONTRIBUTE: "check",
    InquiryEvent.CORRECT_PART: "check",
    InquiryEvent.MERGE_PART: "plus",
    InquiryEvent.DROP_SOURCE: "cross",
    InquiryEvent.DEADLINE: "clock",
    InquiryEvent.PAUSE: "pause",
    InquiryEvent.RESUME: "clock",
    InquiryEvent.ASK_EXTENSION: "hourglass",
    InquiryEvent.GRANT_EXTENSION: "check",
    InquiryEvent.DECLINE_EXTENSION: "cross",
    InquiryEvent.DRAFT: "half",
    InquiryEvent.SUBMIT: "three_quarters",
    InquiryEvent.RETURN: "back",
    InquiryEvent.APPROVE: "done",
    InquiryEvent.ENDORSE: "check",
    InquiryEvent.REOPEN: "back",
    InquiryEvent.MARK_SENSITIVE: "warning",
    InquiryEvent.RELEASE: "square",
    InquiryEvent.REFUSE: "bar",
    InquiryEvent.WITHDRAW: "dashed",
    InquiryEvent.CLOSE: "lock",
    InquiryEvent.ARCHIVE: "archive",
    InquiryEvent.ATTACH: "document",
    InquiryEvent.URGE: "warning",
    InquiryEvent.ARTICLE: "document",
    InquiryEvent.ARTICLE_JUDGE: "check",
    InquiryEvent.LETTER: "half",
    InquiryEvent.LETTER_RETURN: "back",
    InquiryEvent.LETTER_APPROVE: "done",
    InquiryEvent.LETTER_SEND: "square",
    InquiryEvent.LETTER_RECEIVE: "clock",
    InquiryEvent.LETTER_OUTCOME: "check",
    InquiryEvent.RELAY: "clock",
    InquiryEvent.JOIN_INCIDENT: "plus",
    InquiryEvent.LEAVE_INCIDENT: "back",
    InquiryEvent.INFORM: "document",
}


@dataclass(frozen=True)
class Clock:
    """A clock as the page shows it: the chip's face and words, when it ends, the full date for the mouse."""

    face: ClockFace
    words: str
    end: str
    title: str


def clock_of(inquiry: Inquiry, now: datetime, calendar: WorkingCalendar | None = None) -> Clock:
    """The inquiry's clock; a page with several clocks reads the calendar once for all."""
    due = DueTime(inquiry.due_on, inquiry.due_at, inquiry.ends_at)
    shown = labels.face_of(inquiry, now, calendar or working_calendar())
    return Clock(shown, labels.clock_words(shown, inquiry), end_words(due, now=now), full_words(due))


def part_clock(row: Any, now: datetime, stopped_at: datetime | None, calendar: WorkingCalendar) -> Clock | None:
    """The clock of one agency's part; None when it has none."""
    if row.ends_at is None:
        return None
    due = DueTime(row.due_on, row.due_at, row.ends_at)
    closed_at = row.sent_at or stopped_at
    shown = face(due, now=now, calendar=calendar, statutory=False, closed_at=closed_at)
    return Clock(shown, face_words(shown), end_words(due, now=now), full_words(due))


@dataclass(frozen=True)
class NamedClock:
    """One of the clocks of an inquiry and whose it is."""

    name: str
    clock: Clock


def clocks_of(inquiry: Inquiry, parts: Iterable[sa.Row], now: datetime, calendar: WorkingCalendar) -> list[NamedClock]:
    """Every clock of an inquiry: its own, those of coordinating agencies, the time the press wants to have it by."""
    holder = inquiry.lead_agency or inquiry.intake_agency
    own = clock_of(inquiry, now, calendar)
    coordinating = (row for row in parts if row.part is Part.COORDINATING)
    return [
        NamedClock(_("Answer to the press, %(agency)s", agency=holder.short_name), own),
        *beside_main(inquiry, coordinating, now, calendar),
    ]


def beside_main(
    case: Any, coordinating: Iterable[sa.Row], now: datetime, calendar: WorkingCalendar
) -> Iterator[NamedClock]:
    """The other clocks of an inquiry, or of a row of a list: what agencies owe, when the press wants to have it."""
    for row in coordinating:
        part = part_clock(row, now, case.finished_at, calendar)
        if part:
            yield NamedClock(_("Part of %(agency)s", agency=row.agency), part)
    if case.wanted_at:
        yield NamedClock(_("Wanted by the press"), wanted_clock(case.wanted_at, case.finished_at, now, calendar))


def wanted_clock(wanted_at: datetime, finished_at: datetime | None, now: datetime, calendar: WorkingCalendar) -> Clock:
    """The journalist's own deadline: it binds nobody, so it is never red; but the answer is worth less after it."""
    due = DueTime.at_minute(wanted_at)
    shown = face(due, now=now, calendar=calendar, statutory=False, closed_at=finished_at)
    if shown.state is FaceState.OVERDUE:
        return Clock(
            replace(shown, state=FaceState.RUNNING), _("Past already"), end_words(due, now=now), full_words(due)
        )
    return Clock(shown, face_words(shown), end_words(due, now=now), full_words(due))


def full_words(due: DueTime) -> str:
    """The due time in full, for the mouse."""
    return f"{write_time(due.due_at) if due.due_at else '24:00'} {long_day(due.day)}"


def entries(rows: Iterable[sa.Row]) -> list[dict[str, Any]]:
    """Lines of history for the timeline; downloads and exports stand in the audit log only."""
    hidden = {InquiryEvent.DOWNLOAD, InquiryEvent.EXPORT}
    return [_entry(row) for row in rows if row.event not in hidden]


def _entry(row: sa.Row) -> dict[str, Any]:
    moment, said = in_office(row.at), labels.sentence(row)
    named = row.actor if row.actor and said.startswith(row.actor) else ""
    line = {
        "iso": moment.isoformat(timespec="minutes"),
        "day": f"{moment:%d/%m/%Y}",
        "hour": f"{moment:%H:%M}",
        "glyph": GLYPHS.get(InquiryEvent(row.event), "person"),
        "sentence": said[len(named) :],
        "quote": labels.quotation(row),
    }
    return {**line, "bold": named} if named else line


def text_shown(inquiry: Inquiry) -> dict[str, Any]:
    """The newest version, its author, its files and its seal."""
    newest = read_draft(inquiry)
    return {
        "newest": newest,
        "seal": seal_code(newest.digest) if newest else "",
        "labels": labels,
    }


def seal_code(digest: str) -> str:
    """The first twelve digits of a SHA-256 in three groups of four."""
    return "·".join(digest[at : at + 4] for at in (0, 4, 8))
