"""Why an inquiry is due when it is: the walk, what its rule lets people do to the clock, every clock that runs."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, url_for
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines.labels import due_words, explain
from pr_tracker.deadlines.labels_month import month_picture
from pr_tracker.deadlines.labels_names import EXTENSION_REASONS, STOP_REASONS, sentence
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.deadlines.rules_terms import DayUnit, StopReason
from pr_tracker.inquiries.actions.stops import room_of
from pr_tracker.inquiries.labels import unit_words
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.case import parts_of
from pr_tracker.inquiries.queries.stops import extensions_of, pauses_of
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules_kinds import INTERNAL_KEYS
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.telling import clock_of, clocks_of
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires


def explained(inquiry: Inquiry) -> dict[str, Any]:
    """The panel on the inquiry's page: the answer, the walk to it, and what may be done to the clock."""
    deadline = inquiry.deadline
    return {
        "title": kind_of_deadline(inquiry),
        "answer": sentence(due_words(deadline)),
        "steps": explain(deadline, of_case=True),
        "allowed": allowed_words(deadline),
        "url": url_for("inquiries.deadline", inquiry_id=inquiry.id),
    }


def kind_of_deadline(inquiry: Inquiry) -> str:
    """Internal or statutory, as a heading."""
    return _("Internal deadline") if inquiry.clock_key in INTERNAL_KEYS else _("Statutory deadline")


def stop_words(inquiry: Inquiry) -> str:
    """Why the clock stands still, from when it runs on, and what the press has to be told."""
    stop = inquiry.deadline.stops[-1]
    day = write_day(office_day(stop.until_at))
    said = _("The clock stands still, %(reason)s; it runs on from %(day)s.", reason=STOP_REASONS[stop.reason], day=day)
    if stop.reason is StopReason.WAITING_FOR_PRESS:
        said += " " + _("Tell the journalist what is waited for.")
    return said


def allowed_words(deadline: Deadline) -> list[str]:
    """Whether the clock may be stopped or extended, and how much of that is used."""
    room = room_of(deadline)
    if not deadline.counts_days:
        return [_("This clock does not count days: it is neither stopped nor extended.")]
    if not room.stop_most and not room.extension_most:
        if deadline.key in INTERNAL_KEYS:
            return [_("The rule of this clock does not let it be stopped or extended.")]
        return [_("The law sets this term: nobody may stop or extend it.")]
    working = room.unit is DayUnit.WORKING
    stopped, extended = room.stop_most - room.stop_left, room.extension_most - room.extension_left
    return [
        _("Stopped for %(days)s of at most %(most)s.", days=stopped, most=unit_words(room.stop_most, working=working))
        if room.stop_most
        else _("It may not be stopped."),
        _(
            "Extended by %(days)s of at most %(most)s.",
            days=extended,
            most=unit_words(room.extension_most, working=working),
        )
        if room.extension_most
        else _("It may not be extended."),
    ]


@blueprint.get("/inquiries/<id:inquiry_id>/deadline")
@requires(Permission.INQUIRY_VIEW)
def deadline(inquiry_id: int) -> str:
    """From the article to the minute on one page, with the weeks it runs through and every clock of the inquiry."""
    inquiry, now = get_visible(inquiry_id, reader(), whole=True), clock.now()
    stored = inquiry.deadline
    room, calendar = room_of(stored), working_calendar()
    return render_template(
        "inquiries/case_deadline.html",
        inquiry=inquiry,
        clock=clock_of(inquiry, now, calendar),
        explained=explained(inquiry),
        weeks_shown=month_picture(stored),
        clocks=clocks_of(inquiry, parts_of(inquiry), now, calendar),
        pauses=[_pause_row(row, now) for row in pauses_of(inquiry)],
        extensions=[_extension_row(row, working=room.unit is DayUnit.WORKING) for row in extensions_of(inquiry)],
    )


def _pause_row(row: sa.Row, now: datetime) -> dict[str, Any]:
    """A stop in words: why, from when until when, who, what shows it."""
    ended = row.ended_at or (row.planned_until if row.planned_until <= now else None)
    who = row.ended_by or _("by itself")
    until = (
        _("ran on at %(moment)s, %(who)s", moment=write_moment(ended), who=who)
        if ended
        else _("runs on at %(moment)s", moment=write_moment(row.planned_until))
    )
    return {
        "title": sentence(str(STOP_REASONS[row.reason])),
        "facts": [
            _("stopped at %(moment)s, %(who)s", moment=write_moment(row.from_at), who=row.begun_by),
            until,
        ],
        "evidence": row.evidence,
        "decision": "",
        "file": (row.file_id, row.file_name) if row.file_id else None,
    }


def _extension_row(row: sa.Row, *, working: bool) -> dict[str, Any]:
    """An extension in words: why, how long, who asked, who decided what."""
    facts = [_("asked at %(moment)s, %(who)s", moment=write_moment(row.asked_at), who=row.asked_by)]
    if row.granted is not None:
        said = _("granted at %(moment)s, %(who)s") if row.granted else _("declined at %(moment)s, %(who)s")
        facts.append(said % {"moment": write_moment(row.decided_at), "who": row.decided_by})
    else:
        facts.append(_("nobody decided before the inquiry was finished") if row.decided_at else _("not decided yet"))
    span = unit_words(row.days, working=working)
    return {
        "title": _("%(span)s: %(reason)s", span=span, reason=EXTENSION_REASONS[row.reason]),
        "facts": facts,
        "evidence": row.evidence,
        "decision": row.decision,
        "file": (row.file_id, row.file_name) if row.file_id else None,
    }
