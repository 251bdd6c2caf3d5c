"""The six figures of the annual report and the cases behind each: every figure counts the very rows its list shows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.duties.models import PressBriefing, PressConference
from pr_tracker.incidents.models import Incident, IncidentStatement
from pr_tracker.incidents.rules_kinds import write_number as incident_number
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries.lists import Filters
from pr_tracker.inquiries.queries.summaries import By, sums
from pr_tracker.inquiries.queries.timing import result
from pr_tracker.inquiries.rules_articles import ABOUT_WRONG_WORDS, Verdict
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.inquiries.rules_number import write_number as inquiry_number
from pr_tracker.outlets.models import Outlet
from pr_tracker.reports.rules_annual import Case, Figure, FigureKey, Outcome, Window


def figures(agency: Agency, windows: Sequence[Window], now: datetime) -> list[list[Figure]]:
    """All six for each window as they stand at `now`: each counts the rows of its list.

    Of the whole province for UBND tỉnh, else of what the agency leads.
    """
    counted = [_counted(key, agency, window, now) for window in windows for key in FigureKey if key in _ROWS_COUNTED]
    found: dict[tuple[int, str], dict[Outcome, int]] = defaultdict(dict)
    for row in db.session.execute(sa.union_all(*counted)):
        found[row.year, row.key][Outcome(row.outcome)] = row.number
    for window in windows:
        found[window.year, FigureKey.ANSWERS.value] = _answers(agency, window, now)
    return [[Figure(key, found[window.year, key.value]) for key in FigureKey] for window in windows]


def _answers(agency: Agency, window: Window, now: datetime) -> dict[Outcome, int]:
    """How many rows _inquiries has of each outcome: from the summaries, but for what lies after `now`."""
    led = None if agency.kind is AgencyKind.PROVINCE else agency.id
    found: Counter[Outcome] = Counter()
    for row in sums(Filters(since=window.first, until=window.last, agency_id=led), None, now, By.NOTHING):
        is_open = row.running + row.overdue
        ended = {Outcome.ANSWERED: row.answered, Outcome.REFUSED: row.refused, Outcome.OPEN: is_open}
        found.update(ended | {Outcome.WITHDRAWN: row.cases - sum(ended.values())})
    for outcome, is_received, count in db.session.execute(_after(agency, window, now)):
        found[Outcome(outcome)] -= count
        found[Outcome.OPEN] += count if is_received else 0
    return {outcome: count for outcome, count in found.items() if count}


def _after(agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    """(outcome, whether it was received by then, count) of what was finished or received only after `now`."""
    one = Inquiry
    received = sa.func.coalesce(one.received_at, None, type_=one.received_at.type)  # found by what lies after `now`
    within = (received >= window.since, received < window.until, _of(agency, one.lead_agency_id))
    columns = (result().label("outcome"), sa.case((received <= now, 1), else_=0).label("received"))
    finished = sa.select(one.id, *columns).where(one.finished_at > now, *within)
    later = sa.select(one.id, *columns).where(one.received_at > now, *within)
    rows = sa.union(finished, later).subquery()
    return sa.select(rows.c.outcome, rows.c.received, sa.func.count()).group_by(rows.c.outcome, rows.c.received)


def _counted(key: FigureKey, agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    inner = _ROWS[key](agency, window, now).subquery()
    columns = (sa.literal(window.year).label("year"), sa.literal(key.value).label("key"), inner.c.outcome)
    return sa.select(*columns, sa.func.count().label("number")).group_by(inner.c.outcome)


def cases(
    key: FigureKey,
    agency: Agency,
    window: Window,
    now: datetime,
    *,
    outcome: Outcome | None = None,
    most: int | None = None,
) -> list[Case]:
    """The things behind a figure, or behind one outcome of it, in order of time; the first `most` of them."""
    inner = _ROWS[key](agency, window, now).subquery()
    query = sa.select(inner).order_by(inner.c.at, inner.c.source, inner.c.id).limit(most)
    if outcome is not None:
        query = query.where(inner.c.outcome == outcome.value)
    return [_case(row) for row in db.session.execute(query)]


def _case(row: sa.Row) -> Case:
    code = _CODES[row.source](row.year, row.number) if row.number else ""
    same = {name: getattr(row, name) for name in ("source", "id", "title", "at", "done_at")}
    return Case(code=code, agency=row.agency or "", whose=str(row.whose), outcome=Outcome(row.outcome), **same)


_CODES: Mapping[str, Callable[[int, int], str]] = {"inquiry": inquiry_number, "incident": incident_number}


def _of(agency: Agency, column: Any) -> sa.ColumnElement[bool]:
    """UBND tỉnh reports on everybody."""
    return sa.true() if agency.kind is AgencyKind.PROVINCE else column == agency.id


def _row(source: str, one: Any, **columns: Any) -> tuple[sa.ColumnElement[Any], ...]:
    """The columns that every list has."""
    numbered = hasattr(one, "year")
    return (
        sa.literal(source).label("source"),
        one.id,
        (one.year if numbered else sa.cast(sa.null(), sa.Integer)).label("year"),
        (one.number if numbered else sa.cast(sa.null(), sa.Integer)).label("number"),
        columns["title"].label("title"),
        Agency.short_name.label("agency"),
        columns["whose"].label("whose"),
        columns["at"].label("at"),
        columns["done_at"].label("done_at"),
        columns["outcome"].label("outcome"),
    )


def _conferences(agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    """Held in the window, whatever was planned."""
    one = PressConference
    outcome = sa.case((one.periodic, Outcome.PERIODIC.value), else_=Outcome.AD_HOC.value)
    columns = _row(
        "conference", one, title=one.title, whose=one.place, at=one.held_at, done_at=one.held_at, outcome=outcome
    )
    within = (one.held_at >= window.since, one.held_at < window.until, one.held_at <= now)
    return sa.select(*columns).join(Agency, Agency.id == one.agency_id).where(*within, _of(agency, one.agency_id))


def _briefings(agency: Agency, window: Window, now: datetime) -> sa.CompoundSelect[Any]:
    """Information given of one's own accord at a press briefing: on record, or the statement of an incident."""
    one, told = PressBriefing, IncidentStatement
    recorded = _row(
        "briefing",
        one,
        title=one.title,
        whose=one.host,
        at=one.held_at,
        done_at=one.held_at,
        outcome=sa.literal(Outcome.BRIEFING.value),
    )
    stated = _row(
        "incident",
        Incident,
        title=Incident.title,
        whose=told.evidence,
        at=told.released_at,
        done_at=told.released_at,
        outcome=sa.literal(Outcome.STATEMENT.value),
    )
    return sa.union_all(
        sa.select(*recorded)
        .join(Agency, Agency.id == one.agency_id)
        .where(one.held_at >= window.since, one.held_at < window.until, one.held_at <= now)
        .where(one.withdrawn_at.is_(None), _of(agency, one.agency_id)),
        sa.select(*stated)
        .select_from(told)
        .join(Incident, Incident.id == told.incident_id)
        .join(Agency, Agency.id == Incident.agency_id)
        .where(told.answer_form == AnswerForm.BRIEFING, _of(agency, Incident.agency_id))
        .where(told.released_at >= window.since, told.released_at < window.until, told.released_at <= now),
    )


def _inquiries(agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    """Received in the window; what became of each until `now`, by the one definition of reports."""
    one = Inquiry
    later = one.finished_at > now
    columns = _row(
        "inquiry",
        one,
        title=one.subject,
        whose=Outlet.name,
        at=one.received_at,
        done_at=sa.case((later, None), else_=one.finished_at),
        outcome=sa.case((later, Outcome.OPEN.value), else_=result()),
    )
    return _led(sa.select(*columns).join(Outlet, Outlet.id == one.outlet_id), agency).where(
        one.received_at >= window.since, one.received_at < window.until, one.received_at <= now
    )


def _led(query: sa.Select[Any], agency: Agency) -> sa.Select[Any]:
    return query.outerjoin(Agency, Agency.id == Inquiry.lead_agency_id).where(_of(agency, Inquiry.lead_agency_id))


def _incidents(agency: Agency, window: Window, now: datetime, outcome: sa.ColumnElement[Any]) -> sa.Select[Any]:
    one = Incident
    columns = _row(
        "incident",
        one,
        title=one.title,
        whose=one.kind,
        at=one.received_at,
        done_at=one.informed_at,
        outcome=outcome,
    )
    query = sa.select(*columns).join(Agency, Agency.id == one.agency_id).where(_of(agency, one.agency_id))
    return query.where(one.received_at >= window.since, one.received_at < window.until, one.received_at <= now)


def _spoken(agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    """Received in the window; spoken of once a statement was made."""
    spoken = sa.case((Incident.informed_at.is_not(None), Outcome.SPOKEN.value), else_=Outcome.SILENT.value)
    return _incidents(agency, window, now, spoken)


def _in_time(agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    """Of these, those whose 24 hours the law of their day lets run: informed before the end of the term, or not."""
    one = Incident
    outcome = sa.case(
        (one.informed_at < one.ends_at, Outcome.ON_TIME.value),
        (one.informed_at.is_not(None), Outcome.LATE.value),
        (one.ends_at > now, Outcome.RUNNING.value),
        else_=Outcome.OVERDUE.value,
    )
    return _incidents(agency, window, now, outcome).where(one.ends_at.is_not(None))


def _letters(agency: Agency, window: Window, now: datetime) -> sa.Select[Any]:
    """Cases that arose in the window: the first article that quotes wrong, or the first letter about wrong words.

    A case arises once, so that it belongs to one year alone.
    """
    published, sent_at = Article.published_on, PressLetter.sent_at
    wrong = sa.select(Article.id).where(
        Article.inquiry_id == Inquiry.id, Article.verdict == Verdict.WRONG, Article.withdrawn_at.is_(None)
    )
    ours = (PressLetter.inquiry_id == Inquiry.id, PressLetter.kind.in_(ABOUT_WRONG_WORDS), sent_at <= now)
    sent = sa.select(PressLetter.id).where(*ours)
    first_sent = sa.select(sa.func.min(sent_at)).where(*ours).scalar_subquery()
    quoted = sa.select(Article.inquiry_id).where(Article.verdict == Verdict.WRONG, Article.withdrawn_at.is_(None))
    answered = sa.select(PressLetter.inquiry_id).where(PressLetter.kind.in_(ABOUT_WRONG_WORDS), sent_at <= now)
    arisen = sa.union(
        quoted.where(published >= window.first, published <= window.last),
        answered.where(sent_at >= window.since, sent_at < window.until),
    )
    before = sa.or_(wrong.where(published < window.first).exists(), sent.where(sent_at < window.since).exists())
    columns = _row(
        "inquiry",
        Inquiry,
        title=Inquiry.subject,
        whose=Outlet.name,
        at=Inquiry.received_at,
        done_at=first_sent,
        outcome=sa.case((sent.exists(), Outcome.LETTER.value), else_=Outcome.NO_LETTER.value),
    )
    query = sa.select(*columns).join(Outlet, Outlet.id == Inquiry.outlet_id)
    return _led(query, agency).where(Inquiry.id.in_(arisen), ~before)


_ROWS: Mapping[FigureKey, Callable[[Agency, Window, datetime], Any]] = {
    FigureKey.CONFERENCES: _conferences,
    FigureKey.BRIEFINGS: _briefings,
    FigureKey.ANSWERS: _inquiries,
    FigureKey.SPOKEN: _spoken,
    FigureKey.IN_TIME: _in_time,
    FigureKey.LETTERS: _letters,
}
_ROWS_COUNTED = _ROWS.keys() - {FigureKey.ANSWERS}
