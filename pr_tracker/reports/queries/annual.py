"""The six figures of the annual report and the cases behind each: every figure counts the very rows its list shows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import UTCDateTime, db
from pr_tracker.duties.models import PressBriefing, PressConference
from pr_tracker.incidents.models import Incident, IncidentStatement
from pr_tracker.incidents.rules_kinds import write_number as incident_number
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.summaries import By, sums
from pr_tracker.inquiries.queries.timing import result
from pr_tracker.inquiries.rules_articles import ABOUT_WRONG_WORDS, Verdict
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.inquiries.rules_number import write_number as inquiry_number
from pr_tracker.outlets.models import Outlet
from pr_tracker.reports.rules_annual import Case, Figure, FigureKey, Outcome, Window


@dataclass(frozen=True)
class _Asked:
    """What the lists are narrowed to, to be bound: a window (`which` tells several apart) and, if led, the agency."""

    led: bool
    which: str = ""
    counted: bool = False  # nothing but the outcome is wanted

    def _at(self, name: str, kind: Any) -> sa.BindParameter[Any]:
        return sa.bindparam(name + self.which, type_=kind)

    def within(self, at: Any) -> sa.ColumnElement[bool]:
        """An instant in the window."""
        return sa.and_(at >= self.since, at < self.until)

    def until_now(self, at: Any) -> sa.ColumnElement[bool]:
        """An instant in the window, and not to come."""
        return sa.and_(self.within(at), at <= NOW)

    def of(self, column: Any) -> sa.ColumnElement[bool]:
        """UBND tỉnh reports on everybody."""
        return column == sa.bindparam("led") if self.led else sa.true()

    @property
    def since(self) -> sa.BindParameter[Any]:
        """The first instant."""
        return self._at("since", UTCDateTime())

    @property
    def until(self) -> sa.BindParameter[Any]:
        """The instant after the last."""
        return self._at("until", UTCDateTime())

    @property
    def days(self) -> tuple[sa.BindParameter[Any], sa.BindParameter[Any]]:
        """The first and the last day."""
        return self._at("first", sa.Date()), self._at("last", sa.Date())


NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=UTCDateTime())


def _led_by(agency: Agency) -> int | None:
    return None if agency.kind is AgencyKind.PROVINCE else agency.id


def _values(agency: Agency, windows: Mapping[str, Window], now: datetime) -> dict[str, Any]:
    """The values for a statement."""
    found: dict[str, Any] = {"now": now, "led": _led_by(agency)}
    for which, one in windows.items():
        found |= {f"year{which}": one.year, f"since{which}": one.since, f"until{which}": one.until}
        found |= {f"first{which}": one.first, f"last{which}": one.last}
    return found


def figures(agency: Agency, windows: Sequence[Window], now: datetime) -> list[list[Figure]]:
    """All six for each window as they stand at `now`: each counts the rows of its list.

    Of the whole province for UBND tỉnh, else of what the agency leads.
    """
    named = {f"_{number}": window for number, window in enumerate(windows)}
    query = _counted(_led_by(agency) is not None, tuple(named))
    found: dict[tuple[int, str], dict[Outcome, int]] = defaultdict(dict)
    for row in db.session.execute(query, _values(agency, named, now)):
        found[row.year, row.key][Outcome(row.outcome)] = row.number
    for window in windows:
        found[window.year, FigureKey.ANSWERS.value] = _answers(agency, window, now)
    return [[Figure(key, found[window.year, key.value]) for key in FigureKey] for window in windows]


@cache
def _counted(led: bool, windows: tuple[str, ...]) -> sa.CompoundSelect[Any]:
    """(year, key, outcome, number) of the lists that are counted; columns that only a page shows are not read."""
    parts = []
    for which in windows:
        for key in FigureKey:
            if key in _ROWS_COUNTED:
                inner = _ROWS[key](_Asked(led, which, counted=True)).subquery()
                columns = (sa.bindparam(f"year{which}", type_=sa.Integer).label("year"), sa.literal(key.value))
                number = sa.func.count().label("number")
                parts.append(
                    sa.select(columns[0], columns[1].label("key"), inner.c.outcome, number).group_by(inner.c.outcome)
                )
    return sa.union_all(*parts)


def _answers(agency: Agency, window: Window, now: datetime) -> dict[Outcome, int]:
    """How many rows _inquiries has of each outcome: from the summaries, but for what lies after `now`."""
    led, found = _led_by(agency), Counter[Outcome]()
    names = ("cases", "answered", "refused", "open")
    for row in sums(Filters(since=window.first, until=window.last, agency_id=led), None, now, By.NOTHING, names):
        ended = {Outcome.ANSWERED: row.answered, Outcome.REFUSED: row.refused, Outcome.OPEN: row.open}
        found.update(ended | {Outcome.WITHDRAWN: row.cases - sum(ended.values())})
    after = db.session.execute(_after(led is not None), _values(agency, {"": window}, now))
    for outcome, is_received, count in after:
        found[Outcome(outcome)] -= count
        found[Outcome.OPEN] += count if is_received else 0
    return {outcome: count for outcome, count in found.items() if count}


@cache
def _after(led: bool) -> sa.Select[Any]:
    """(outcome, whether it was received by then, count) of what was finished or received only after `now`."""
    one, asked = Inquiry, _Asked(led)
    received, lead = (  # found by what lies after `now`
        sa.func.coalesce(column, None, type_=column.type) for column in (one.received_at, one.lead_agency_id)
    )
    within = (asked.within(received), asked.of(lead))
    columns = (result().label("outcome"), sa.case((received <= NOW, 1), else_=0).label("received"))
    finished = sa.select(one.id, *columns).where(one.finished_at > NOW, *within)
    later = sa.select(one.id, *columns).where(one.received_at > NOW, *within)
    rows = sa.union(finished, later).subquery()
    return sa.select(rows.c.outcome, rows.c.received, sa.func.count()).group_by(rows.c.outcome, rows.c.received)


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
    inner = _ROWS[key](_Asked(_led_by(agency) is not None)).subquery()
    query = sa.select(inner).order_by(inner.c.at, inner.c.source, inner.c.id).limit(most)
    if outcome is not None:
        query = query.where(inner.c.outcome == outcome.value)
    return [_case(row) for row in db.session.execute(query, _values(agency, {"": window}, now))]


def _case(row: sa.Row) -> Case:
    code = _CODES[row.source](row.year, row.number) if row.number else ""
    same = {name: getattr(row, name) for name in ("source", "id", "title", "at", "done_at")}
    return Case(code=code, agency=row.agency or "", whose=str(row.whose), outcome=Outcome(row.outcome), **same)


_CODES: Mapping[str, Callable[[int, int], str]] = {"inquiry": inquiry_number, "incident": incident_number}


def _row(asked: _Asked, source: str, one: Any, **columns: Any) -> tuple[sa.ColumnElement[Any], ...]:
    """The columns that every list has, or only the outcome where rows are counted."""
    if asked.counted:
        return (columns["outcome"].label("outcome"),)
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


def _conferences(asked: _Asked) -> sa.Select[Any]:
    """Held in the window, whatever was planned."""
    one = PressConference
    outcome = sa.case((one.periodic, Outcome.PERIODIC.value), else_=Outcome.AD_HOC.value)
    columns = _row(
        asked, "conference", one, title=one.title, whose=one.place, at=one.held_at, done_at=one.held_at, outcome=outcome
    )
    query = sa.select(*columns).select_from(one).join(Agency, Agency.id == one.agency_id)
    return query.where(asked.until_now(one.held_at), asked.of(one.agency_id))


def _briefings(asked: _Asked) -> sa.CompoundSelect[Any]:
    """Information given of one's own accord at a press briefing: on record, or the statement of an incident."""
    one, told = PressBriefing, IncidentStatement
    recorded = _row(
        asked,
        "briefing",
        one,
        title=one.title,
        whose=one.host,
        at=one.held_at,
        done_at=one.held_at,
        outcome=sa.literal(Outcome.BRIEFING.value),
    )
    stated = _row(
        asked,
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
        .select_from(one)
        .join(Agency, Agency.id == one.agency_id)
        .where(asked.until_now(one.held_at), one.withdrawn_at.is_(None), asked.of(one.agency_id)),
        sa.select(*stated)
        .select_from(told)
        .join(Incident, Incident.id == told.incident_id)
        .join(Agency, Agency.id == Incident.agency_id)
        .where(told.answer_form == AnswerForm.BRIEFING, asked.of(Incident.agency_id))
        .where(asked.until_now(told.released_at)),
    )


def _inquiries(asked: _Asked) -> sa.Select[Any]:
    """Received in the window; what became of each until `now`, by the one definition of reports."""
    one = Inquiry
    later = one.finished_at > NOW
    columns = _row(
        asked,
        "inquiry",
        one,
        title=one.subject,
        whose=Outlet.name,
        at=one.received_at,
        done_at=sa.case((later, None), else_=one.finished_at),
        outcome=sa.case((later, Outcome.OPEN.value), else_=result()),
    )
    return _led(sa.select(*columns).select_from(one), asked).where(asked.until_now(one.received_at))


def _led(query: sa.Select[Any], asked: _Asked) -> sa.Select[Any]:
    """Those of the agency asked for, with the names of press and lead agency."""
    if not asked.counted:
        query = query.outerjoin(Outlet, Outlet.id == Inquiry.outlet_id)
        query = query.outerjoin(Agency, Agency.id == Inquiry.lead_agency_id)
    return query.where(asked.of(Inquiry.lead_agency_id))


def _incidents(asked: _Asked, outcome: sa.ColumnElement[Any]) -> sa.Select[Any]:
    one = Incident
    columns = _row(
        asked,
        "incident",
        one,
        title=one.title,
        whose=one.kind,
        at=one.received_at,
        done_at=one.informed_at,
        outcome=outcome,
    )
    query = sa.select(*columns).select_from(one).join(Agency, Agency.id == one.agency_id).where(asked.of(one.agency_id))
    return query.where(asked.until_now(one.received_at))


def _spoken(asked: _Asked) -> sa.Select[Any]:
    """Received in the window; spoken of once a statement was made."""
    spoken = sa.case((Incident.informed_at.is_not(None), Outcome.SPOKEN.value), else_=Outcome.SILENT.value)
    return _incidents(asked, spoken)


def _in_time(asked: _Asked) -> sa.Select[Any]:
    """Of these, those whose 24 hours the law of their day lets run: informed before the end of the term, or not."""
    one = Incident
    outcome = sa.case(
        (one.informed_at < one.ends_at, Outcome.ON_TIME.value),
        (one.informed_at.is_not(None), Outcome.LATE.value),
        (one.ends_at > NOW, Outcome.RUNNING.value),
        else_=Outcome.OVERDUE.value,
    )
    return _incidents(asked, outcome).where(one.ends_at.is_not(None))


def _letters(asked: _Asked) -> sa.Select[Any]:
    """Cases that arose in the window: the first article that quotes wrong, or the first letter about wrong words.

    A case arises once, so that it belongs to one year alone.
    """
    published, sent_at, (first, last) = Article.published_on, PressLetter.sent_at, asked.days
    quoted = sa.select(Article.inquiry_id).where(Article.verdict == Verdict.WRONG, Article.withdrawn_at.is_(None))
    answered = sa.select(PressLetter.inquiry_id).where(PressLetter.kind.in_(ABOUT_WRONG_WORDS), sent_at <= NOW)
    arisen = sa.union(
        quoted.where(published >= first, published <= last), answered.where(asked.within(sent_at))
    ).subquery()
    known = sa.func.coalesce(Article.verdict, None)  # of no index: the articles of one case are few
    wrong = sa.select(Article.id).where(known == Verdict.WRONG, Article.withdrawn_at.is_(None))
    wrong = wrong.where(Article.inquiry_id == arisen.c.inquiry_id)
    sent = answered.where(PressLetter.inquiry_id == arisen.c.inquiry_id)
    columns = _row(
        asked,
        "inquiry",
        Inquiry,
        title=Inquiry.subject,
        whose=Outlet.name,
        at=Inquiry.received_at,
        done_at=sent.with_only_columns(sa.func.min(sent_at)).scalar_subquery(),
        outcome=sa.case((sent.exists(), Outcome.LETTER.value), else_=Outcome.NO_LETTER.value),
    )
    found = sa.select(*columns).select_from(arisen)
    if asked.led or not asked.counted:
        found = found.join(Inquiry, Inquiry.id == arisen.c.inquiry_id)
    before = sa.or_(wrong.where(published < first).exists(), sent.where(sent_at < asked.since).exists())
    return _led(found, asked).where(~before)


_ROWS: Mapping[FigureKey, Callable[[_Asked], Any]] = {
    FigureKey.CONFERENCES: _conferences,
    FigureKey.BRIEFINGS: _briefings,
    FigureKey.ANSWERS: _inquiries,
    FigureKey.SPOKEN: _spoken,
    FigureKey.IN_TIME: _in_time,
    FigureKey.LETTERS: _letters,
}
_ROWS_COUNTED = _ROWS.keys() - {FigureKey.ANSWERS}
