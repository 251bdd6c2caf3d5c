"""The first screen: what must I do now, and by when?"""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.queries import stands_in_for
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.deadlines.rules import FaceState
from pr_tracker.deadlines.rules_faces import ONE_MINUTE
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.lists import Counts, Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.box_rows import own_boxes
from pr_tracker.inquiries.views.rows import Absent, Row, presented
from pr_tracker.office_time import office_day, write_time
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.formatting import long_day

PICKS = ("all", "mine", "incidents")


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    id: str
    title: str
    note: str
    rows: list[Row]
    red: bool = False


@blueprint.get("/queue")
@requires(Permission.INQUIRY_VIEW)
def queue() -> str:
    """Everything open by what runs out first, and what was done today; `?part=1` is the list alone, for refreshing."""
    now = clock.now()
    pick = request.args.get("pick", "all")
    pick = pick if pick in PICKS else "all"
    standing_in = stands_in_for(current_user.id, office_day(now))
    groups, more = _groups(pick, now, {row.id: row.full_name for row in standing_in})
    if request.args.get("part"):
        return render_template("inquiries/queue_part.html", groups=groups, more=more)
    counts = lists.counts(current_user, now)
    done = next((group for group in groups if group.id == "done"), None)
    return render_template(
        "inquiries/queue.html",
        groups=groups,
        more=more,
        pick=pick,
        counts=counts,
        tiles=_tiles(counts, done, now),
        lede=_lede(counts),
        dateline=f"{sentence(long_day(office_day(now)))}, {write_time(now)}",
        saved=lists.saved_views(current_user),
        standing_in=standing_in,
    )


def _groups(pick: str, now: datetime, absent: Absent) -> tuple[list[Group], bool]:
    filters = Filters(my_turn=pick == "mine")
    if pick == "incidents":
        filters = replace(filters, kind=Kind.INCIDENT)
    found = list(lists.queue(current_user, filters, now))
    more, found = len(found) > lists.QUEUE_SIZE, found[: lists.QUEUE_SIZE]
    calendar = deadlines.working_calendar()
    rows = presented(found, current_user, now, calendar, absent)
    done_rows = lists.done_today(current_user, replace(filters, my_turn=False), now)
    done = presented(done_rows, current_user, now, calendar, absent)
    overdue = [row for row in rows if row.face.state is FaceState.OVERDUE]
    paused = [row for row in rows if row.face.state is FaceState.PAUSED]
    running = [row for row in rows if row not in overdue and row not in paused]
    today = [row for row in running if _is_due_today(row, now)]
    later = [row for row in running if row not in today]
    to_approve, to_write = own_boxes(reader(), now, calendar) if pick != "incidents" else ([], [])
    groups = [
        Group("approve-parts", _("Parts awaiting approval"), _parts(len(to_approve)), to_approve),
        Group("write-parts", _("Parts to write"), _parts(len(to_write)), to_write),
        Group("overdue", _("Overdue"), _matters(len(overdue)), overdue, red=True),
        Group("today", _("Due today"), _matters(len(today)), today),
        Group("later", _("Coming up"), _matters(len(later)), later),
        Group("paused", _("Paused"), _matters(len(paused)), paused),
        Group("done", _("Done today"), _matters(len(done)), done),
    ]
    return [group for group in groups if group.rows], more


def _is_due_today(row: Row, now: datetime) -> bool:
    return row.ends_at <= lists.end_of_day(now)


def _matters(count: int) -> str:
    return ngettext("%(num)d matter", "%(num)d matters", count)


def _parts(count: int) -> str:
    return ngettext("%(num)d part", "%(num)d parts", count)


def _lede(counts: Counts) -> str:
    if not counts.open:
        return _("Nothing is open.")
    if counts.overdue and counts.due_today:
        return _(
            "%(overdue)s overdue and %(today)s due today. Begin at the top.",
            overdue=counts.overdue,
            today=counts.due_today,
        )
    if counts.overdue:
        return ngettext(
            "%(num)d matter is overdue. Begin at the top.",
            "%(num)d matters are overdue. Begin at the top.",
            counts.overdue,
        )
    if counts.due_today:
        return ngettext("%(num)d matter is due today.", "%(num)d matters are due today.", counts.due_today)
    return _("Nothing is overdue and nothing is due today.")


def _tiles(counts: Counts, done: Group | None, now: datetime) -> list[dict[str, object]]:
    return [*_clock_tiles(counts, now), *_state_tiles(counts, done)]


def _clock_tiles(counts: Counts, now: datetime) -> list[dict[str, object]]:
    first = counts.first_due
    soon = first is not None and first <= lists.end_of_day(now)
    return [
        {
            "label": _("Overdue"),
            "glyph": "warning",
            "value": counts.overdue,
            "tone": "red" if counts.overdue else None,
            "note": _("begin here") if counts.overdue else _("nothing is late"),
            "url": url_for(".index", late=1, open=1),
        },
        {
            "label": _("Due today"),
            "glyph": "hourglass",
            "value": counts.due_today,
            "tone": "amber" if counts.due_today else None,
            "note": _("first at %(time)s", time=_last_minute(first, now)) if soon and first else _("nothing is due"),
            "url": f"{url_for('.queue')}#today",
        },
    ]


def _last_minute(ends_at: datetime, now: datetime) -> str:
    """The last minute of a term: 24:00 where it ends with the day, else the minute before it has ended."""
    return "24:00" if ends_at == lists.end_of_day(now) else write_time(ends_at - ONE_MINUTE)


def _state_tiles(counts: Counts, done: Group | None) -> list[dict[str, object]]:
    late = sum(row.face.state is FaceState.LATE for row in done.rows) if done else 0
    in_review = counts.by_status.get(Status.IN_REVIEW, 0)
    return [
        {
            "label": _("Not assigned"),
            "glyph": "circle",
            "value": counts.by_status.get(Status.RECEIVED, 0),
            "note": _("waiting for a lead agency"),
            "url": url_for(".index", status=Status.RECEIVED),
        },
        {
            "label": _("Awaiting approval"),
            "glyph": "three_quarters",
            "value": in_review,
            "note": _("on the heads' desks"),
            "url": url_for(".index", status=Status.IN_REVIEW),
        },
        {
            "label": _("Done today"),
            "glyph": "square",
            "value": len(done.rows) if done else 0,
            "note": ngettext("%(num)d of them late", "%(num)d of them late", late) if late else _("none of them late"),
            "url": f"{url_for('.queue')}#done",
        },
    ]
