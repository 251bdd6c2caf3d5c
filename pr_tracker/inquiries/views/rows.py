"""One row of a list as the page shows it: clock, title, source, status, whose turn, at most one verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

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
    papers = _papers_by_row(shown, reader, now)
    eaten, clocks = eaten_by_row(shown, now, calendar), _clocks_by_row(shown, now, calendar)
    return [
        replace(
            _presented(row, reader, now, calendar, absent, f"{base}/{row.id}", papers.get(row.id)),
            eaten=eaten.get(row.id, ""),
            clocks=clocks.get(row.id, ()),
        )
        for row in shown
    ]


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


def _clocks_by_row(rows: list[sa.Row], now: datetime, calendar: WorkingCalendar) -> dict[int, tuple[NamedClock, ...]]:
    """All clocks of the open rows that have more than one."""
    running = [row for row in rows if row.finished_at is None]
    owed: dict[int, list[sa.Row]] = {}
    for part in parts_owed([row.id for row in running]) if running else ():
        owed.setdefault(part.inquiry_id, []).append(part)
    found = {}
    for row in running:
        others = tuple(beside_main(row, owed.get(row.id, ()), now, calendar))
        if others:
            shown, due = labels.face_of(row, now, calendar), DueTime(row.due_on, row.due_at, row.ends_at)
            main = Clock(shown, labels.clock_words(shown, row), deadline_words.end_words(due, now=now), "")
            name = _("Answer to the press, %(agency)s", agency=row.lead or row.intake)
            found[row.id] = (NamedClock(name, main), *others)
    return found


def _presented(
    row: sa.Row,
    reader: Person,
    now: datetime,
    calendar: WorkingCalendar,
    absent: Absent,
    url: str,
    paper: sa.Row | None,
) -> Row:
    due = DueTime(row.due_on, row.due_at, row.ends_at)
    shown = labels.face_of(row, now, calendar)
    names = f"{row.outlet}, {row.journalist_names}" if row.journalist_names else row.outlet
    return Row(
        id=row.id,
        url=url,
        title=row.subject,
        code=write_number(row.year, row.number),
        source=names,
        received=_received(row.received_at, now),
        face=shown,
        face_words=labels.clock_words(shown, row),
        exact=deadline_words.exact_words(due, version=row.clock_version, now=now),
        status=row.status,
        status_words=str(labels.STATUS[row.status]),
        turn=turn_words(row, reader, absent, paper),
        tags=tuple(words for words, warns in _tags(row) if not warns),
        warn_tags=tuple(words for words, warns in _tags(row) if warns),
        verb=_verb(row, reader, url, paper),
        ends_at=row.ends_at,
    )


def _received(at: datetime, now: datetime) -> str:
    if office_day(at) == office_day(now):
        return _("received %(time)s today", time=write_time(at))
    return _("received %(day)s", day=write_day(office_day(at)))


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


def _tags(row: sa.Row) -> Iterable[tuple[str, bool]]:
    if row.urgency is not Urgency.NORMAL:
        yield labels.URGENCY_MARK[row.urgency], True
    if row.kind in (Kind.INCIDENT, Kind.DIVIDED_OPINION):
        yield str(labels.KIND[row.kind]), True
    elif row.kind not in (Kind.QUESTION, Kind.INTERVIEW):
        yield str(labels.KIND[row.kind]), False


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
