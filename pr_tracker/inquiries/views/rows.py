"""One row of a list as the page shows it: clock, title, source, status, whose turn, at most one verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines.rules import ClockFace, DueTime
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.queries.lists import parts_owed
from pr_tracker.inquiries.rules import Status, whose_turn
from pr_tracker.inquiries.rules_kinds import Kind, Turn, Urgency
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_seal import ReviewStep
from pr_tracker.inquiries.views.planning import eaten_by_row
from pr_tracker.inquiries.views.telling import Clock, NamedClock, beside_main
from pr_tracker.office_time import office_day, write_day, write_time
from pr_tracker.permissions import Permission, Role
from pr_tracker.spokespersons.labels_names import in_place_of
from pr_tracker.spokespersons.queries_rights import authorities_of
from pr_tracker.spokespersons.rules_authority import Paper


@dataclass(frozen=True)
class Row:
    """What a list shows of one inquiry; words are in the reader's language."""

    id: int
    url: str
    title: str
    code: str
    source: str
    received: str
    face: ClockFace
    face_words: str
    exact: str
    status: Status
    status_words: str
    turn: str
    tags: tuple[str, ...]
    warn_tags: tuple[str, ...]
    verb: tuple[str, str] | None  # words, address
    ends_at: datetime
    mark: str = "inquiry"  # what the row is of
    clocks: tuple[NamedClock, ...] = ()  # every clock, the main one first; empty where it is the only one
    eaten: str = ""  # whose time is being used, where a stage is past its planned end


Absent = Mapping[int, str]  # for whom the reader stands in today: id and name


def presented(
    rows: Iterable[sa.Row], reader: Person, now: datetime, calendar: WorkingCalendar, absent: Absent
) -> list[Row]:
    """Rows of lists.queue, lists.page … as the page shows them."""
    base, shown = url_for("inquiries.index"), list(rows)
    papers, owed = _papers_by_row(shown, reader, now), _owed_by_row(shown)
    eaten, words = eaten_by_row(shown, now, calendar), _Words(now)
    return [
        Row(
            id=row.id,
            url=f"{base}/{row.id}",
            title=row.subject,
            code=write_number(row.year, row.number),
            source=f"{row.outlet}, {row.journalist_names}" if row.journalist_names else row.outlet,
            received=words.received(row.received_at),
            exact=words.exact(row.clock_version, row.due_on, row.due_at, row.ends_at),
            status=row.status,
            status_words=words.status(row.status),
            turn=turn_words(row, reader, absent, papers.get(row.id)),
            verb=_verb(row, reader, f"{base}/{row.id}", papers.get(row.id)),
            ends_at=row.ends_at,
            eaten=eaten.get(row.id, ""),
            **_tags(row),
            **_clocks(row, owed.get(row.id, ()), now, calendar),
        )
        for row in shown
    ]


class _Words:
    """What rows of one page say alike, made once for all of them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.received, self.exact, self.status = cache(self._received), cache(self._exact), cache(self._status)

    def _received(self, at: datetime) -> str:
        if office_day(at) == office_day(self.now):
            return _("received %(time)s today", time=write_time(at))
        return _("received %(day)s", day=write_day(office_day(at)))

    def _exact(self, version: str, due_on: date | None, due_at: datetime | None, ends_at: datetime) -> str:
        return deadline_words.exact_words(DueTime(due_on, due_at, ends_at), version=version, now=self.now)

    def _status(self, status: Status) -> str:
        return str(labels.STATUS[status])


def _papers_by_row(rows: list[sa.Row], reader: Person, now: datetime) -> dict[int, sa.Row]:
    """By which paper the reader acts in the head's place, of the rows that wait for the agency's approval."""
    waiting = [row for row in rows if row.status is Status.IN_REVIEW and row.review_step is ReviewStep.AGENCY]
    found: dict[int, sa.Row] = {}
    for paper in authorities_of(reader.id, now) if waiting else ():
        covered = [row for row in waiting if row.lead_agency_id == paper.agency_id and _covers(paper, row)]
        found.update((row.id, paper) for row in covered)
    return found


def _covers(paper: sa.Row, row: sa.Row) -> bool:
    if paper.inquiry_id is not None:
        return bool(paper.inquiry_id == row.id)
    return bool(paper.incident_id == row.incident_id)


def _owed_by_row(rows: list[sa.Row]) -> dict[int, list[sa.Row]]:
    running, owed = [row.id for row in rows if row.finished_at is None], dict[int, list[sa.Row]]()
    for part in parts_owed(running) if running else ():
        owed.setdefault(part.inquiry_id, []).append(part)
    return owed


def _clocks(row: sa.Row, owed: Iterable[sa.Row], now: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """The clock of a row; and all its clocks, where an open row has more than one."""
    face = labels.face_of(row, now, calendar)
    shown: dict[str, Any] = {"face": face, "face_words": labels.clock_words(face, row)}
    others = () if row.finished_at else tuple(beside_main(row, owed, now, calendar))
    if others:
        due = DueTime(row.due_on, row.due_at, row.ends_at)
        main = Clock(face, shown["face_words"], deadline_words.end_words(due, now=now), "")
        name = _("Answer to the press, %(agency)s", agency=row.lead or row.intake)
        shown["clocks"] = (NamedClock(name, main), *others)
    return shown


def turn_words(row: sa.Row, reader: Person, absent: Absent, paper: sa.Row | None = None) -> str:
    """Whose turn it is; "" when nobody's. With the head's paper it is the reader's in the head's place."""
    match whose_turn(row.status, row.review_step):
        case Turn.NOBODY:
            return ""
        case Turn.INTAKE:
            return _("me") if row.intake_agency_id == reader.agency_id else str(row.intake)
        case Turn.LEAD_HEADS if paper is not None:
            return in_place_of(_("me"), paper.giver, Paper(paper.number, paper.signed_on))
        case Turn.LEAD_HEADS:
            if row.lead_agency_id == reader.agency_id and Role.HEAD in reader.roles:
                return _me_for(row.responsible_id, absent)
            return _("the heads of %(agency)s", agency=row.lead)
        case Turn.PROVINCE_HEADS:
            return _("me") if _leads_province(reader) else _("the leadership of UBND tỉnh")
        case _:
            mine = row.officer_id == reader.id or row.officer_id in absent
            return _me_for(row.officer_id, absent) if mine else str(row.lead)


def _leads_province(reader: Person) -> bool:
    return Role.HEAD in reader.roles and reader.agency.kind is AgencyKind.PROVINCE


def _me_for(person_id: int | None, absent: Absent) -> str:
    name = absent.get(person_id or 0)
    return _("me, for %(name)s", name=name) if name else _("me")


def _tags(row: sa.Row) -> dict[str, Any]:
    warning = (labels.URGENCY_MARK[row.urgency],) if row.urgency is not Urgency.NORMAL else ()
    if row.kind in (Kind.INCIDENT, Kind.DIVIDED_OPINION):
        return {"warn_tags": (*warning, str(labels.KIND[row.kind])), "tags": ()}
    plain = row.kind in (Kind.QUESTION, Kind.INTERVIEW)
    return {"warn_tags": warning, "tags": () if plain else (str(labels.KIND[row.kind]),)}


def _verb(row: sa.Row, reader: Person, url: str, paper: sa.Row | None) -> tuple[str, str] | None:
    """The one act that is the reader's now and is not just opening the case."""
    leads = row.lead_agency_id == reader.agency_id
    steers = leads or row.intake_agency_id == reader.agency_id or reader.agency.kind.sees_whole_province
    if row.status is Status.RECEIVED and steers and reader.may(Permission.INQUIRY_ASSIGN):
        return _("Assign"), f"{url}/assign"
    if row.status is Status.IN_REVIEW:
        second = row.review_step is ReviewStep.PROVINCE
        at_agency = paper is not None or (leads and Role.HEAD in reader.roles)
        reviews = _leads_province(reader) if second else at_agency
        return (_("Review"), f"{url}/approve") if reviews else None
    if row.status is Status.APPROVED and leads and reader.may(Permission.INQUIRY_RELEASE):
        return _("Release"), f"{url}/release"
    return None
