"""Search without marks: every typed word must occur; rows where it occurs with its exact marks come first."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry, SearchText
from pr_tracker.inquiries.rules_number import TypedNumber, read_number
from pr_tracker.text import fold, lower_nfc

SHORTEST_IN_INDEX = 3  # a trigram index knows no shorter word
MOST_WORDS = 12
NUMBER_RANK, EXACT_RANK, FOLDED_RANK = 2, 1, 0


@dataclass(frozen=True)
class Matching:
    """A search as a restriction of a query on Inquiry, and the rank of each row (higher is better)."""

    condition: sa.ColumnElement[bool]
    rank: sa.ColumnElement[int]

    def restrict(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """The query, only of what matches."""
        return query.join(SearchText, SearchText.inquiry_id == Inquiry.id).where(self.condition)


def matching(typed: str) -> Matching:
    """What matches a typed text: its words in any order, or an inquiry's number."""
    folded = list(dict.fromkeys(fold(typed).split()))[:MOST_WORDS]
    exact = list(dict.fromkeys(lower_nfc(typed).split()))[:MOST_WORDS]
    condition: sa.ColumnElement[bool] = _all_words(folded)
    whens: list[tuple[sa.ColumnElement[bool], int]] = []
    number = read_number(typed)
    if number is not None:
        has_number = _numbered(number)
        condition = has_number if number.sure else sa.or_(has_number, condition)
        whens.append((has_number, NUMBER_RANK))
    whens.append((sa.and_(*(_contains(SearchText.exact, word) for word in exact)), EXACT_RANK))
    return Matching(condition, sa.case(*whens, else_=FOLDED_RANK))


def _numbered(number: TypedNumber) -> sa.ColumnElement[bool]:
    same = Inquiry.number == number.number
    return same if number.year is None else sa.and_(same, Inquiry.year == number.year)


def _all_words(words: list[str]) -> sa.ColumnElement[bool]:
    if db.engine.dialect.name != "sqlite":
        return sa.and_(sa.true(), *(_contains(SearchText.folded, word) for word in words))
    long = [word for word in words if len(word) >= SHORTEST_IN_INDEX]
    short = [_contains(SearchText.folded, word) for word in words if len(word) < SHORTEST_IN_INDEX]
    if long:
        index = sa.table("inquiry_search_index", sa.column("rowid"))
        phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        match = sa.text("inquiry_search_index MATCH :phrase").bindparams(phrase=phrase)
        return sa.and_(Inquiry.id.in_(sa.select(index.c.rowid).where(match)), *short)
    return sa.and_(sa.true(), *short)


def _contains(column: Any, word: str) -> sa.ColumnElement[bool]:
    contains: sa.ColumnElement[bool] = column.contains(word, autoescape=True)
    return contains
