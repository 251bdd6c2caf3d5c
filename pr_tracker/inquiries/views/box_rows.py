"""The reader's own boxes in the queue: what waits for their approval, what their agency still has to write."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from pr_tracker.accounts.models import Person
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries.labels_parts import BOX
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_parts import UNSENT, BoxState
from pr_tracker.inquiries.views.rows import Row
from pr_tracker.inquiries.views.telling import part_clock
from pr_tracker.permissions import Permission, Role

# How far a box is, in the shapes of a case's states.
SHAPES = {
    BoxState.ASKED: Status.ASSIGNED,
    BoxState.DRAFTING: Status.DRAFTING,
    BoxState.SUBMITTED: Status.IN_REVIEW,
    BoxState.RETURNED: Status.RETURNED,
    BoxState.ASKED_BACK: Status.RETURNED,
}


def own_boxes(reader: Person, now: datetime, calendar: WorkingCalendar) -> tuple[list[Row], list[Row]]:
    """The rows that wait for the reader's approval, and those their agency has to write; none for who only looks."""
    if not reader.may(Permission.INQUIRY_DRAFT):
        return [], []
    found = lists.boxes_of(reader, UNSENT)
    approves = Role.HEAD in reader.roles
    waiting = [row for row in found if approves and row.box is BoxState.SUBMITTED]
    return list(_rows(waiting, now, calendar)), list(_rows([row for row in found if row not in waiting], now, calendar))


def _rows(found: list[sa.Row], now: datetime, calendar: WorkingCalendar) -> Iterator[Row]:
    for row in found:
        shown = part_clock(row, now, None, calendar)
        assert shown is not None  # whoever is asked has a due time
        about: dict[str, Any] = {"inquiry_id": row.inquiry_id, "part_id": row.part_id}
        yield Row(
            id=row.part_id,
            mark="part",
            url=url_for("inquiries.part", **about),
            title=row.subject,
            code=write_number(row.year, row.number),
            source=_("%(agency)s asks", agency=row.lead or row.intake),
            received=row.task.split("\n")[0],
            face=shown.face,
            face_words=shown.words,
            exact=shown.end,
            status=SHAPES[row.box],
            status_words=str(BOX[row.box]),
            turn="",
            tags=(),
            warn_tags=(),
            verb=_verb(row.box, about),
            ends_at=row.ends_at,
        )


def _verb(box: BoxState, about: dict[str, Any]) -> tuple[str, str]:
    if box is BoxState.SUBMITTED:
        return _("Approve part"), url_for("inquiries.approve_part", **about)
    return _("Write part"), url_for("inquiries.write_part", **about)
