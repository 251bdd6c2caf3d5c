"""Articles found after an answer, and the letters to the press about them: of one case, and of the whole province."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries import rule_book, working_calendar
from pr_tracker.deadlines.rules import Deadline, compute, in_issue_of
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.inquiries.models import Attachment, HistoryEntry, Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries.visibility import agency_of, visible_to
from pr_tracker.inquiries.queries.walks import ids_of_agency
from pr_tracker.inquiries.rules_articles import (
    ABOUT_WRONG_WORDS,
    PACES,
    LetterKind,
    LetterState,
    Verdict,
    clock_key,
    state_of,
)
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.keyset import Page, page_of
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.outlets.models import Outlet

PAGE_SIZE = 30
LIVE = PressLetter.dropped_at.is_(None)
UNFINISHED = sa.and_(LIVE, PressLetter.outcome.is_(None))
RUNNING = sa.and_(PressLetter.received_at.is_not(None), PressLetter.outcome.is_(None))


# --- one case -----------------------------------------------------------------------------------------------


def get_article(inquiry: Inquiry, article_id: int) -> Article:
    """An article of this case. Raises NotFound."""
    found = db.session.get(Article, article_id)
    if found is None or found.inquiry_id != inquiry.id:
        raise NotFound(N_("There is no such article."))
    return found


def get_letter(inquiry: Inquiry, letter_id: int) -> PressLetter:
    """A letter of this case. Raises NotFound."""
    found = db.session.get(PressLetter, letter_id)
    if found is None or found.inquiry_id != inquiry.id:
        raise NotFound(N_("There is no such letter."))
    return found


def writers_of(letter: PressLetter) -> set[int]:
    """Whose words a letter has: whoever saved this text, in any version of it."""
    one = HistoryEntry
    query = sa.select(one.actor_id, one.data).where(
        one.inquiry_id == letter.inquiry_id, one.event == InquiryEvent.LETTER, one.actor_id.is_not(None)
    )
    saved = [row for row in db.session.execute(query) if row.data.get("letter_id") == letter.id]
    same = {row.actor_id for row in saved if row.data.get("content", {}).get("text", "").strip() == letter.text}
    return same | {letter.drafted_by_id}


def articles_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """What was found about a case, withdrawn entries too, in the order of publication."""
    return db.session.execute(_articles_of(), {"inquiry": inquiry.id}).all()


@cache
def _articles_of() -> sa.Select[Any]:
    finder, judge = sa.orm.aliased(Person), sa.orm.aliased(Person)
    return (
        sa.select(
            *Article.__table__.columns,
            Outlet.name.label("outlet"),
            Attachment.file_name.label("clipping"),
            finder.full_name.label("found_by"),
            judge.full_name.label("judged_by"),
        )
        .join(Outlet, Outlet.id == Article.outlet_id)
        .join(finder, finder.id == Article.found_by_id)
        .outerjoin(judge, judge.id == Article.judged_by_id)
        .outerjoin(Attachment, Attachment.id == Article.clipping_id)
        .where(Article.inquiry_id == sa.bindparam("inquiry"))
        .order_by(Article.published_on, Article.id)
    )


def letters_of(inquiry: Inquiry) -> Sequence[sa.Row]:
    """Every letter of a case with whom it goes to, who wrote and who approved it, in the order they were written."""
    return db.session.execute(_letters_of(), {"inquiry": inquiry.id}).all()


@cache
def _letters_of() -> sa.Select[Any]:
    author, approver = sa.orm.aliased(Person), sa.orm.aliased(Person)
    return (
        sa.select(
            *PressLetter.__table__.columns,
            Outlet.name.label("outlet"),
            Attachment.file_name.label("evidence"),
            author.full_name.label("drafted_by"),
            approver.full_name.label("approved_by"),
        )
        .join(Outlet, Outlet.id == PressLetter.outlet_id)
        .join(author, author.id == PressLetter.drafted_by_id)
        .outerjoin(approver, approver.id == PressLetter.approved_by_id)
        .outerjoin(Attachment, Attachment.id == PressLetter.evidence_id)
        .where(PressLetter.inquiry_id == sa.bindparam("inquiry"))
        .order_by(PressLetter.id)
    )


def rounds_so_far(
    inquiry: Inquiry, kind: LetterKind, article: Article | None, now: datetime
) -> list[tuple[int, LetterState]]:
    """The rounds on this matter that were not dropped, each with its state."""
    about = PressLetter.article_id == article.id if article else PressLetter.article_id.is_(None)
    letters = sa.select(PressLetter).where(PressLetter.inquiry_id == inquiry.id, PressLetter.kind == kind, about, LIVE)
    return [(letter.round, state_of(letter, now)) for letter in db.session.scalars(letters)]


def has_later_round(letter: PressLetter) -> bool:
    """Whether a further round followed this letter."""
    found = sa.select(PressLetter.id).where(LIVE, *_same_matter(letter), PressLetter.round > letter.round)
    return db.session.scalar(found.limit(1)) is not None


def open_former_rounds(letter: PressLetter) -> Sequence[PressLetter]:
    """Former rounds on the same matter of which nothing came yet."""
    found = sa.select(PressLetter).where(UNFINISHED, *_same_matter(letter), PressLetter.round < letter.round)
    return db.session.scalars(found).all()


def _same_matter(letter: PressLetter) -> tuple[sa.ColumnElement[bool], ...]:
    own = PressLetter.inquiry_id == letter.inquiry_id
    if letter.article_id:
        return own, PressLetter.kind == letter.kind, PressLetter.article_id == letter.article_id
    return own, PressLetter.kind == letter.kind, PressLetter.article_id.is_(None)


def has_letters(article: Article) -> bool:
    """Whether a letter that was not dropped is about this article."""
    found = sa.select(PressLetter.id).where(PressLetter.article_id == article.id, LIVE).limit(1)
    return db.session.scalar(found) is not None


def has_unfinished_letters(inquiry: Inquiry) -> bool:
    """Whether a letter of this case still waits for something: approval, sending, the press agency."""
    found = sa.select(PressLetter.id).where(PressLetter.inquiry_id == inquiry.id, UNFINISHED).limit(1)
    return db.session.scalar(found) is not None


def usual_pace(outlet: Outlet) -> OutletPace:
    """How often a press agency appears: as its last letter had it, else what is likely for its kind."""
    last = sa.select(PressLetter.pace).where(PressLetter.outlet_id == outlet.id).order_by(PressLetter.id.desc())
    return db.session.scalar(last.limit(1)) or PACES[outlet.kind][0]


def term_for(kind: LetterKind, pace: OutletPace, at: datetime) -> Deadline | None:
    """The press agency's term for a letter it would receive `at`; None where the law of that day names none.

    "In the next issue" has no day yet.
    """
    key, book = clock_key(kind, pace), rule_book()
    if office_day(at) < book.versions_of(key)[-1].valid_from:
        return None
    return compute(key, at, calendar=working_calendar(), outlet=pace, book=book)


def press_clock(kind: LetterKind, pace: OutletPace, at: datetime, next_issue_on: date | None) -> Deadline | None:
    """The press agency's clock for a letter received `at`; the next issue's day where the term is "in the next issue".

    Raises BadInput when that day is missing or too early.
    """
    deadline = term_for(kind, pace, at)
    if deadline is None or deadline.ends_at is not None:
        return deadline
    if next_issue_on is None:
        raise BadInput(N_("The term ends with the next issue: give the day it appears."), field="next_issue_on")
    return in_issue_of(deadline, next_issue_on, calendar=working_calendar())


# --- the whole province -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ArticleFilters:
    """What the list of articles is narrowed to; days are days of publication, both ends included."""

    verdict: Verdict | None = None
    outlet_id: int | None = None
    agency_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Place:
    """A place in the list of articles: after this row, or before it."""

    day: date
    id: int
    newer: bool = False

    @property
    def values(self) -> tuple[date, int]:
        return self.day, self.id


def articles_page(actor: Person, filters: ArticleFilters, place: Place | None = None) -> Page[Place]:
    """Articles that stand, of cases the actor may see, the newest first."""
    keys = (Article.published_on, Article.id)
    query = _article_rows().where(Article.withdrawn_at.is_(None), visible_to(actor), *_narrowed(filters))
    return page_of(query, keys, place, size=PAGE_SIZE, place_of=lambda row: Place(row.published_on, row.id))


def articles_listed(actor: Person, filters: ArticleFilters) -> sa.Select[Any]:
    """All of them: for a table."""
    query = _article_rows().where(Article.withdrawn_at.is_(None), visible_to(actor), *_narrowed(filters))
    return query.order_by(Article.published_on.desc(), Article.id.desc())


def verdict_counts(actor: Person, filters: ArticleFilters) -> dict[Verdict, int]:
    """How many articles of each verdict stand, within the other filters."""
    narrowed = _narrowed(ArticleFilters(None, filters.outlet_id, filters.agency_id, filters.since, filters.until))
    query = sa.select(Article.verdict, sa.func.count()).where(Article.withdrawn_at.is_(None), *narrowed)
    own = agency_of(actor)
    if own is not None:  # from its own inquiries to their articles, not through everybody's
        query = query.where(Article.inquiry_id.in_(ids_of_agency(own)))
    if filters.agency_id is not None:  # else the index alone tells
        query = query.join(Inquiry, Inquiry.id == Article.inquiry_id)
    query = query.group_by(Article.verdict)
    counted = {Verdict(verdict): number for verdict, number in db.session.execute(query)}
    return {verdict: counted.get(verdict, 0) for verdict in Verdict}


def _article_rows() -> sa.Select[Any]:
    columns = (
        Article.id,
        Article.title,
        Article.url,
        Article.published_on,
        Article.verdict,
        Article.inquiry_id,
        Article.outlet_id,
    )
    return (
        sa.select(*columns, Outlet.name.label("outlet"), Agency.short_name.label("agency"))
        .add_columns(Inquiry.year, Inquiry.number, Inquiry.subject)
        .join(Inquiry, Inquiry.id == Article.inquiry_id)
        .join(Outlet, Outlet.id == Article.outlet_id)
        .join(Agency, Agency.id == Inquiry.lead_agency_id)
    )


def _narrowed(filters: ArticleFilters) -> list[sa.ColumnElement[bool]]:
    wanted: list[tuple[Any, Any]] = [
        (Article.verdict, filters.verdict),
        (Article.outlet_id, filters.outlet_id),
        (Inquiry.lead_agency_id, filters.agency_id),
    ]
    found = [column == value for column, value in wanted if value is not None]
    if filters.since is not None:
        found.append(Article.published_on >= filters.since)
    if filters.until is not None:
        found.append(Article.published_on <= filters.until)
    return found


def press_clocks(actor: Person, *, limit: int | None = None) -> Sequence[sa.Row]:
    """The clocks that run at press agencies, of cases the actor may see: what is overdue longest comes first."""
    query = _letter_rows().where(RUNNING, visible_to(actor))
    query = query.order_by(PressLetter.ends_at.is_(None), PressLetter.ends_at, PressLetter.id)
    return db.session.execute(query.limit(limit) if limit else query).all()


def letters_waiting(actor: Person, limit: int) -> Sequence[sa.Row]:
    """Letters that have not reached the press agency: to be approved, sent, or their receipt recorded."""
    query = _letter_rows().where(UNFINISHED, PressLetter.received_at.is_(None), visible_to(actor))
    return db.session.execute(query.order_by(PressLetter.drafted_at, PressLetter.id).limit(limit)).all()


def letters_ended(actor: Person, limit: int) -> Sequence[sa.Row]:
    """The letters that came to an end last."""
    query = _letter_rows().where(PressLetter.closed_at.is_not(None), visible_to(actor))
    return db.session.execute(query.order_by(PressLetter.closed_at.desc(), PressLetter.id.desc()).limit(limit)).all()


def all_letters(actor: Person) -> sa.Select[Any]:
    """Every letter that was not dropped, of cases the actor may see, the newest first: for a table of its own."""
    query = _letter_rows().where(LIVE, visible_to(actor))
    return query.order_by(PressLetter.drafted_at.desc(), PressLetter.id.desc())


def letters_about_wrong_words(
    actor: Person | None, since: date, until: date, agency_id: int | None = None
) -> sa.Select[Any]:
    """Feedback, and requests to correct and apologise, sent in a period (both days included), in that order."""
    query = _letter_rows().where(
        PressLetter.kind.in_(ABOUT_WRONG_WORDS),
        PressLetter.sent_at >= office_instant(since),
        PressLetter.sent_at < office_instant_after(until),
        visible_to(actor),
    )
    if agency_id is not None:
        query = query.where(Inquiry.lead_agency_id == agency_id)
    return query.order_by(PressLetter.sent_at, PressLetter.id)


def _letter_rows() -> sa.Select[Any]:
    columns = [column for column in PressLetter.__table__.columns if column.name not in _LONG]
    return (
        sa.select(*columns, Outlet.name.label("outlet"), Agency.short_name.label("agency"))
        .add_columns(Inquiry.year, Inquiry.number.label("inquiry_number"), Inquiry.subject.label("about"))
        .add_columns(Article.title.label("article"))
        .join(Inquiry, Inquiry.id == PressLetter.inquiry_id)
        .join(Outlet, Outlet.id == PressLetter.outlet_id)
        .join(Agency, Agency.id == Inquiry.lead_agency_id)
        .outerjoin(Article, Article.id == PressLetter.article_id)
    )


_LONG = frozenset({"text", "passage", "right", "proof", "conclusion", "clock", "outcome_note", "asks"})


def cases_with_letters(actor: Person, since: date, until: date) -> int:
    """How many cases had feedback, or a request to correct and apologise, sent in a period, both days included."""
    query = (
        sa.select(sa.func.count(sa.distinct(PressLetter.inquiry_id)))
        .join(Inquiry, Inquiry.id == PressLetter.inquiry_id)
        .where(PressLetter.kind.in_(ABOUT_WRONG_WORDS), visible_to(actor))
        .where(PressLetter.sent_at >= office_instant(since), PressLetter.sent_at < office_instant_after(until))
    )
    return db.session.scalar(query) or 0


def office_instant_after(day: date) -> datetime:
    """The first instant after an office day."""
    return office_instant(date.fromordinal(day.toordinal() + 1))
