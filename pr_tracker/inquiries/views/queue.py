"""The first screen: what must I do now, and by when?"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.queries import stands_in_for
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.deadlines.rules import FaceState
from pr_tracker.deadlines.rules_faces import ONE_MINUTE
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.lists import Counts
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.box_rows import own_boxes
from pr_tracker.inquiries.views.rows import Absent, Row, presented
from pr_tracker.keyset import Cursor
from pr_tracker.office_time import office_day, write_time
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.formatting import long_day
from pr_tracker.web.parameters import LARGEST_ID, address_of, cursor_asked

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
    """Everything open by what runs out first, page by page, and what was done today; `?part=1` is the list alone, for
    refreshing."""
    now, after, person = clock.now(), cursor_asked(), reader()
    pick = request.args.get("pick", "all")
    pick = pick if pick in PICKS else "all"
    standing_in = stands_in_for(person.id, office_day(now))
    groups, last = _groups(pick, person, now, {row.id: row.full_name for row in standing_in}, after)
    kept: dict[str, Any] = {} if pick == "all" else {"pick": pick}
    shown: dict[str, Any] = {
        "groups": groups,
        "later": url_for(".queue", **kept, **_place(last)) if last else None,
        "first": url_for(".queue", **kept) if after else None,
    }
    if request.args.get("part"):
        return render_template("inquiries/queue_part.html", **shown)
    counts = lists.counts(person, now)
    return render_template(
        "inquiries/queue.html",
        **shown,
        pick=pick,
        counts=counts,
        tiles=_tiles(counts, lists.count_done(person, now), now, groups),
        lede=_lede(counts, is_later=bool(after)),
        dateline=f"{sentence(long_day(office_day(now)))}, {write_time(now)}",
        saved=lists.saved_views(person),
        standing_in=standing_in,
        refresh_url=url_for(".queue", pick=pick, part=1, **_place(after)),
    )


def picked(pick: str | None) -> Filters:
    """What one of PICKS narrows the queue to: as counted beside its name."""
    return Filters(my_turn=pick == "mine", sudden=pick == "incidents")


def _groups(
    pick: str, person: Person, now: datetime, absent: Absent, after: Cursor | None
) -> tuple[list[Group], Cursor | None]:
    """The groups of a page, and where the next one begins; what is not a matter's own clock stands on the first."""
    filters = picked(pick)
    found = list(lists.queue(person, filters, now, after))
    more, found = len(found) > lists.QUEUE_SIZE, found[: lists.QUEUE_SIZE]
    calendar = deadlines.working_calendar()
    done_rows = [] if after else list(lists.done_today(person, replace(filters, my_turn=False), now))
    every = presented([*found, *done_rows], person, now, calendar, absent)
    rows, done = every[: len(found)], every[len(found) :]
    by_id = _by_group(rows, now)
    to_approve, to_write = own_boxes(person, now, calendar) if pick != "incidents" and not after else ([], [])
    groups = [
        Group("approve-parts", _("Parts awaiting approval"), _parts(len(to_approve)), to_approve),
        Group("write-parts", _("Parts to write"), _parts(len(to_write)), to_write),
        *(
            Group(id, title, "" if more or after else _matters(len(by_id[id])), by_id[id], red=id == "overdue")
            for id, title in _titles()
            if id in by_id
        ),
        Group("done", _("Done today"), _matters(len(done)) if len(done) < lists.DONE_SIZE else "", done),
    ]
    last = Cursor(0, found[-1].ends_at, found[-1].id, newer=True) if more else None
    return [group for group in groups if group.rows], last


def _by_group(rows: list[Row], now: datetime) -> dict[str, list[Row]]:
    states, grouped = {FaceState.OVERDUE: "overdue", FaceState.PAUSED: "paused"}, dict[str, list[Row]]()
    for row in rows:
        running = "today" if row.ends_at <= lists.end_of_day(now) else "later"
        grouped.setdefault(states.get(row.face.state, running), []).append(row)
    return grouped


def _place(cursor: Cursor | None) -> dict[str, Any]:
    return dict(address_of(cursor)) if cursor else {}


def _titles() -> list[tuple[str, str]]:
    return [
        ("overdue", _("Overdue")),
        ("today", _("Due today")),
        ("later", _("Coming up")),
        ("paused", _("Paused")),
    ]


def _matters(count: int) -> str:
    return ngettext("%(num)d matter", "%(num)d matters", count)


def _parts(count: int) -> str:
    return ngettext("%(num)d part", "%(num)d parts", count)


def _lede(counts: Counts, *, is_later: bool) -> str:
    if not counts.open:
        return _("Nothing is open.")
    if is_later:
        return _("The rest, by what runs out first. The most urgent stand on the first page.")
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


def _tiles(counts: Counts, done: sa.Row, now: datetime, groups: list[Group]) -> list[dict[str, object]]:
    return [*_clock_tiles(counts, now, any(group.id == "today" for group in groups)), *_state_tiles(counts, done)]


def _clock_tiles(counts: Counts, now: datetime, shows_today: bool) -> list[dict[str, object]]:
    behind: dict[str, Any] = (
        {} if shows_today or not counts.due_today else _place(Cursor(0, now, LARGEST_ID, newer=True))
    )
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
            "url": f"{url_for('.queue', **behind)}#today",
        },
    ]


def _last_minute(ends_at: datetime, now: datetime) -> str:
    """The last minute of a term: 24:00 where it ends with the day, else the minute before it has ended."""
    return "24:00" if ends_at == lists.end_of_day(now) else write_time(ends_at - ONE_MINUTE)


def _state_tiles(counts: Counts, done: sa.Row) -> list[dict[str, object]]:
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
            "value": done.done,
            "note": ngettext("%(num)d of them late", "%(num)d of them late", done.late)
            if done.late
            else _("none of them late"),
            "url": f"{url_for('.queue')}#done",
        },
    ]
