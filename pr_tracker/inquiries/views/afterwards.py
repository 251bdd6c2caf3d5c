"""What the press made of an answer, as pages show it: articles with their verdicts, letters with their clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from pr_tracker.deadlines.labels import end_words, face_words
from pr_tracker.deadlines.rules import DueTime, face
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import StepNotAllowed
from pr_tracker.inquiries.actions.letters import require_relayed
from pr_tracker.inquiries.labels_articles import LETTER_ACT, LETTER_STATE, letter_title
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import articles as queries
from pr_tracker.inquiries.queries.whole import Whole
from pr_tracker.inquiries.rules import TOLD, Standing, Status, Step, may
from pr_tracker.inquiries.rules_articles import (
    ABOUT_WRONG_WORDS,
    ONE_MORE_ROUND_AFTER,
    LetterKind,
    LetterState,
    Verdict,
    rounds_allowed,
    state_of,
)
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.telling import Clock, full_words
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission

S = LetterState


@dataclass(frozen=True)
class Offer:
    """An act that this reader may do now: its words and its page."""

    words: str
    url: str


@dataclass(frozen=True)
class LetterShown:
    """A letter as a page shows it."""

    row: Any
    title: str
    state: LetterState
    words: str
    clock: Clock | None
    url: str


@dataclass(frozen=True)
class ArticleShown:
    """An article with the letters about it, and what this reader may do with it."""

    row: sa.Row
    letters: list[LetterShown]
    acts: list[Offer]


@dataclass(frozen=True)
class Afterwards:
    """The section of the case page: articles, letters about none of them, withdrawn entries, acts."""

    articles: list[ArticleShown]
    letters: list[LetterShown]
    withdrawn: list[sa.Row]
    acts: list[Offer]
    waiting: str  # what the press agency is overdue with, for the first sentence


def afterwards(whole: Whole, who: Standing, now: datetime, calendar: WorkingCalendar) -> Afterwards | None:
    """What is known since the press has its answer; None before, and where there is nothing and nothing to do."""
    inquiry = whole.inquiry
    if inquiry.status not in (*TOLD, Status.ARCHIVED):
        return None
    articles = queries.articles_of(inquiry) if whole.has_articles else ()
    rows = queries.letters_of(inquiry) if whole.has_letters else ()
    letters = [letter_shown(row, now, calendar) for row in rows]
    follows = inquiry.status in TOLD and may(Step.FOLLOW, who) and reader().may(Permission.INQUIRY_DRAFT)
    if not articles and not letters and not follows:
        return None
    writes = follows and may(Step.WRITE_LETTER, who)
    standing = [row for row in articles if row.withdrawn_at is None]
    return Afterwards(
        articles=[_article_shown(row, letters, now, follows=follows, writes=writes) for row in standing],
        letters=[letter for letter in letters if letter.row.article_id is None],
        withdrawn=[row for row in articles if row.withdrawn_at is not None],
        acts=_acts(inquiry, letters, now) if follows else [],
        waiting=next((letter.row.outlet for letter in letters if letter.state is S.OVERDUE), ""),
    )


def letter_shown(row: Any, now: datetime, calendar: WorkingCalendar) -> LetterShown:
    """A letter, or a row with its columns, with its clock at `now`."""
    state = state_of(row, now)
    url = url_for("inquiries.letter", inquiry_id=row.inquiry_id, letter_id=row.id)
    title = letter_title(row.kind, row.round)
    return LetterShown(row, title, state, str(LETTER_STATE[state]), press_clock_of(row, now, calendar), url)


def press_clock_of(row: Any, now: datetime, calendar: WorkingCalendar) -> Clock | None:
    """The press agency's clock; None while it has none. What was refused or given up was neither in time nor late."""
    if row.ends_at is None or (row.outcome is not None and row.published_at is None):
        return None
    due = DueTime(row.due_on, row.due_at, row.ends_at)
    shown = face(due, now=now, calendar=calendar, statutory=True, closed_at=row.published_at)
    return Clock(shown, face_words(shown), end_words(due, now=now), full_words(due))


def _article_shown(
    row: sa.Row, letters: Sequence[LetterShown], now: datetime, *, follows: bool, writes: bool
) -> ArticleShown:
    own = [letter for letter in letters if letter.row.article_id == row.id]
    acts: list[Offer] = []
    here = {"inquiry_id": row.inquiry_id, "article_id": row.id}
    if follows:
        words = _("Judge it") if row.verdict is Verdict.UNJUDGED else _("Judge it anew")
        acts.append(Offer(words, url_for("inquiries.judge_article", **here)))
    if writes:
        kinds = [LetterKind.ANSWER_US] if row.verdict is not Verdict.WRONG else [*ABOUT_WRONG_WORDS_IN_ORDER]
        acts += [_letter_offer(row.inquiry_id, kind, row.id) for kind in kinds if _may_begin(kind, own, now)]
    if follows:
        acts.append(Offer(_("Correct the entry"), url_for("inquiries.correct_article", **here)))
        if not any(letter.state is not S.DROPPED for letter in own):
            acts.append(Offer(_("Withdraw the entry"), url_for("inquiries.withdraw_article", **here)))
    return ArticleShown(row, own, acts)


ABOUT_WRONG_WORDS_IN_ORDER = tuple(kind for kind in LetterKind if kind in ABOUT_WRONG_WORDS)


def _letter_offer(inquiry_id: int, kind: LetterKind, article_id: int | None) -> Offer:
    url = url_for("inquiries.new_letter", inquiry_id=inquiry_id, kind=kind.value, article=article_id)
    return Offer(str(LETTER_ACT[kind]), url)


def _may_begin(kind: LetterKind, letters: Sequence[LetterShown], now: datetime) -> bool:
    """Whether a first or a further letter of this kind can be begun."""
    own = [each for each in letters if each.row.kind is kind and each.state is not S.DROPPED]
    if not own:
        return True
    last, most = max(own, key=lambda each: each.row.round), rounds_allowed(kind, office_day(now))
    return last.state in ONE_MORE_ROUND_AFTER and (most is None or last.row.round < most)


def _acts(inquiry: Inquiry, letters: Sequence[LetterShown], now: datetime) -> list[Offer]:
    acts = [Offer(_("Enter an article"), url_for("inquiries.new_article", inquiry_id=inquiry.id))]
    relayed = any(letter.row.kind is LetterKind.RELAY for letter in letters)
    if not relayed and is_relayed(inquiry):
        acts.append(Offer(str(LETTER_ACT[LetterKind.RELAY]), url_for("inquiries.relay", inquiry_id=inquiry.id)))
    return acts


def is_relayed(inquiry: Inquiry) -> bool:
    """Whether the press agency has to publish the written answer to this case."""
    try:
        require_relayed(inquiry)
    except StepNotAllowed:
        return False
    return True
