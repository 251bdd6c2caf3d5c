"""The room of one incident: what is left of the 24 hours, who speaks, who is on call, what is to be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.rules import Deadline, DueTime
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_steps import TriggerStep
from pr_tracker.deadlines.views import keep_codes
from pr_tracker.incidents import labels
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries import room as queries
from pr_tracker.incidents.queries.speaking import matter_of, speakers_at
from pr_tracker.incidents.queries.visibility import get_visible, standing_in_room
from pr_tracker.incidents.rules import IncidentStep, Span, Standing, StatementState, gaps, may, overlaps, steps_open_to
from pr_tracker.incidents.rules_kinds import COUNTS, IncidentKind, Moment
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import reader
from pr_tracker.incidents.views.telling import clock_of, state_words, timeline
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.views.telling import seal_code
from pr_tracker.office_time import office_day, write_moment, write_time
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.labels_names import ground_words
from pr_tracker.spokespersons.queries_rights import authorisations_of
from pr_tracker.spokespersons.views_authorising import line_of
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import text_of

P = Permission
X = IncidentStep
S = StatementState
SHOWN_FIRST = 25
ONLY = ("all", "incident", "inquiries")
# The page of each act, in the order in which a reader is offered them.
PAGES = {
    X.APPROVE: "incidents.approve",
    X.RELEASE: "incidents.release",
    X.DRAFT: "incidents.draft",
    X.SUBMIT: "incidents.submit",
    X.DETERMINE: "incidents.determine",
    X.RETURN: "incidents.return_statement",
    X.JOIN: "incidents.merge",
    X.ROSTER: "incidents.add_shift",
    X.TASK: "incidents.add_task",
    X.NOTE: "incidents.write_down",
    X.INVOLVE: "incidents.involve",
    X.AUTHORISE: "incidents.authorise",
    X.CHANGE: "incidents.change",
    X.CLOSE: "incidents.close",
    X.REOPEN: "incidents.reopen",
}


@dataclass(frozen=True)
class Offer:
    """An act that this reader may do now: its words and its page."""

    words: str
    url: str


@dataclass(frozen=True)
class Next:
    """The bar under the title: whose turn, what; what this reader can do, the primary act first."""

    who: str
    what: str
    acts: list[Offer]
    others: list[Offer]


@dataclass(frozen=True)
class Member:
    """One inquiry of the incident with its own clock."""

    row: sa.Row
    code: str
    face: Any
    words: str
    exact: str
    status: str
    url: str  # "" where the reader may not open it


@blueprint.get("/incidents/<id:incident_id>")
@requires(P.INCIDENT_VIEW)
def room(incident_id: int) -> str:
    """The whole incident on one page; `?part=1` is what changes, for refreshing."""
    incident, now = get_visible(incident_id, reader()), clock.now()
    only = text_of("only", 20)
    only = only if only in ONLY else "all"
    calendar, papers = deadlines.working_calendar(), authorisations_of(matter_of(incident))
    versions = queries.statements_of(incident)
    newest, reviews = (versions[0], queries.reviews_of([row.id for row in versions])) if versions else (None, [])
    standing = standing_in_room(incident, reader(), now, versions=versions, reviews=reviews, papers=papers)
    template = "incidents/room_part.html" if request.args.get("part") else "incidents/room.html"
    return render_template(
        template,
        incident=incident,
        labels=labels,
        inquiry_words=inquiry_words,
        now=now,
        clock=clock_of(incident, now, calendar),
        state=state_words(incident),
        only=only,
        refresh_url=url_for(".room", incident_id=incident.id, only=only, part=1),
        next=_next(incident, newest, standing),
        may_act=may(X.TASK, standing),
        may_note=may(X.NOTE, standing) and incident.closed_at is None,
        speakers=[(right, ground_words(right)) for right in speakers_at(incident, now)],
        members=_members(incident, now, calendar),
        tasks=queries.tasks_of(incident),
        parts=queries.parts_of(incident),
        papers=[line_of(row, now) for row in papers],
        explained=_explained(incident),
        statements=_statements(versions, reviews),
        **_roster(incident, now),
        **_chronology(incident, only),
    )


def _members(incident: Incident, now: datetime, calendar: WorkingCalendar) -> list[Member]:
    return [_member(row, now, calendar) for row in queries.members_of(incident, reader())]


def _member(row: sa.Row, now: datetime, calendar: WorkingCalendar) -> Member:
    face = inquiry_words.face_of(row, now, calendar)
    due = DueTime(row.due_on, row.due_at, row.ends_at)
    exact = deadline_words.exact_words(due, version=row.clock_version, now=now)
    words, status = inquiry_words.clock_words(face, row), str(inquiry_words.STATUS[Status(row.status)])
    url = url_for("inquiries.case", inquiry_id=row.id) if row.seen else ""
    return Member(row, write_number(row.year, row.number), face, words, exact, status, url)


def _roster(incident: Incident, now: datetime) -> dict[str, Any]:
    """Who is on call now and next, where two are at once, when nobody is within the next day."""
    rows = queries.shifts_of(incident, since=now)
    spans = [Span(row.from_at, row.until_at) for row in rows]
    empty = gaps(spans, now) if incident.closed_at is None else []
    return {
        "on_call": [row for row in rows if row.from_at <= now],
        "shifts": list(zip(rows, overlaps(spans), strict=True)),
        "gaps": [_gap_words(gap, now) for gap in empty],
    }


def _gap_words(gap: Span, now: datetime) -> str:
    def moment(at: datetime) -> str:
        return write_time(at) if office_day(at) == office_day(now) else write_moment(at)

    return _("%(start)s to %(end)s", start=moment(gap.from_at), end=moment(gap.until_at))


def _chronology(incident: Incident, only: str) -> dict[str, Any]:
    own = queries.entries_of(incident) if only != "inquiries" else []
    others = queries.told_of_inquiries(incident, reader()) if only != "incident" else []
    lines = timeline(own, others)
    return {"lines": lines[:SHOWN_FIRST], "earlier": lines[SHOWN_FIRST:]}


@dataclass(frozen=True)
class Version:
    """One version of the statement with its approvals and where it went."""

    row: sa.Row
    seal: str
    state: str
    speaker: str
    reviews: list[sa.Row]
    told: list[sa.Row]


def _statements(rows: Sequence[sa.Row], reviews: Sequence[sa.Row]) -> list[Version]:
    told = queries.tellings_of([row.id for row in rows]) if any(row.released_at for row in rows) else []
    return [
        Version(
            row,
            seal_code(row.digest),
            str(labels.STATE[row.state]),
            labels.speaker_words(row) if row.speaker else "",
            [each for each in reviews if each.statement_id == row.id],
            [each for each in told if each.statement_id == row.id],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Explained:
    """Why the clock ends when it does: the answer, the steps, the three moments with the one that counts."""

    answer: str
    steps: list[Any]
    moments: list[tuple[str, str, bool]]
    why: str


def _explained(incident: Incident) -> Explained:
    deadline = Deadline.from_json(incident.clock) if incident.clock else None
    triggers = [step.trigger for step in deadline.steps if isinstance(step, TriggerStep)] if deadline else []
    counts = COUNTS[triggers[0]] if triggers else None
    moments = [
        (str(labels.MOMENT[moment]), write_moment(at), moment is counts)
        for moment in Moment
        if (at := incident.moments.at(moment)) is not None
    ]
    walk = deadline_words.explain(deadline) if deadline else []
    steps = [(step, keep_codes(text), rows) for step, text, rows in walk]
    answer = deadline_words.due_words(deadline) if deadline else _("No clock runs yet")
    return Explained(answer, steps, moments, _why(incident, counts))


def _why(incident: Incident, counts: Moment | None) -> str:
    match counts:
        case Moment.HAPPENED:
            return _("Received before 1 July 2026: the 24 hours ran from the event itself (Decree 09/2017/NĐ-CP).")
        case Moment.RECEIVED:
            return _("The 24 hours run from when the agency receives and handles the event, not from the event itself.")
        case Moment.DETERMINED:
            return _("The 24 hours run from when the agency determines the impact or a risk of it.")
    return _("The 24 hours begin when the agency determines an impact on public opinion or a risk of it.")


def _next(incident: Incident, newest: sa.Row | None, standing: Standing) -> Next:
    closed, state = incident.closed_at is not None, newest.state if newest else None
    open_steps = steps_open_to(standing, closed=closed, statement=state, awaited=newest.review_step if newest else None)
    offers = {
        step: Offer(_words(step, newest), url_for(PAGES[step], incident_id=incident.id))
        for step in PAGES
        if step in open_steps and _makes_sense(step, incident)
    }
    first = [step for step in _first(incident, state) if step in offers]
    acts = [offers.pop(step) for step in first]
    who, what = _turn(incident, newest)
    return Next(who, what, acts, list(offers.values()))


def _makes_sense(step: IncidentStep, incident: Incident) -> bool:
    if step is X.DETERMINE:
        return incident.kind is IncidentKind.DIVIDED_OPINION and incident.determined_at is None
    return True


def _first(incident: Incident, state: StatementState | None) -> Sequence[IncidentStep]:
    if incident.closed_at is not None:
        return ()
    if incident.ends_at is None and incident.informed_at is None:
        return (X.DETERMINE, X.DRAFT)
    match state:
        case None | S.RETURNED:
            return (X.DRAFT,)
        case S.DRAFTING:
            return (X.SUBMIT, X.DRAFT)
        case S.IN_REVIEW:
            return (X.APPROVE, X.RETURN)
        case S.APPROVED:
            return (X.RELEASE, X.RETURN)
    return (X.NOTE,)


def _words(step: IncidentStep, newest: sa.Row | None) -> str:
    number = newest.number if newest else 0
    match step:
        case X.APPROVE:
            return _("Read and approve version %(number)s", number=number)
        case X.SUBMIT:
            return _("Submit version %(number)s", number=number)
        case X.DRAFT if newest is not None and newest.state is S.RELEASED:
            return _("Write a further statement")
        case X.DRAFT if number:
            return _("Revise the statement")
    return str(labels.STEP[step])


def _turn(incident: Incident, newest: sa.Row | None) -> tuple[str, str]:
    """Whose turn it is, and what is to be done."""
    agency = incident.agency.short_name
    if incident.closed_at is not None:
        return _("Closed at %(moment)s.", moment=write_moment(incident.closed_at)), incident.closing_note
    if newest is None:
        return _("Turn of %(agency)s:", agency=agency), _("write the holding statement for the press.")
    number = newest.number
    match newest.state:
        case S.DRAFTING:
            what = _("finish version %(number)s and submit it for approval.", number=number)
        case S.RETURNED:
            what = _("revise version %(number)s as the return says.", number=number)
        case S.IN_REVIEW:
            assert newest.review_step is not None
            who = _("Turn of %(agency)s:", agency=labels.AWAITED[newest.review_step])
            return who, _("read version %(number)s and approve or return it.", number=number)
        case S.APPROVED:
            what = _("release version %(number)s to all press agencies at once.", number=number)
        case _:
            said = _("Version %(number)s is released.", number=number)
            return said, _("A further statement may follow; close the incident when nothing is open.")
    return _("Turn of %(agency)s:", agency=agency), what
