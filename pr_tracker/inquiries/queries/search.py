"""Search without marks: every typed word must occur; cases where the words occur with their marks come first.

What search looks through (SearchText) is words between single spaces, so that both engines mean the same by a word:
on SQLite an index of words, on PostgreSQL trigrams. What is found is read in its order, the newest first, and no
further than a page needs; a case is never counted or sorted that the page does not show.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry, NumberCounter
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.rules_number import LARGEST_ID, TypedNumber, read_number, search_place
from pr_tracker.keyset import Cursor, Page, page_from
from pr_tracker.text import fold, lower_nfc, words_in

MOST_WORDS = 12
SHORTEST_BEGINNING = 3  # letters: a shorter word is only found whole
NUMBER_RANK, WHOLE_RANK, BEGUN_RANK = 4, 2, 0
WITH_MARKS = 1  # is added to a rank where the words stand with their marks
WHOLE = (WHOLE_RANK, WHOLE_RANK + WITH_MARKS)
INDEX = sa.table("inquiry_search_index", sa.column("rowid", sa.BigInteger()))


@dataclass(frozen=True)
class Words:
    """Words that must all occur: plain ones, and of these the ones typed with their marks."""

    folded: tuple[str, ...]
    marked: tuple[str, ...] = ()
    beginning: bool = False  # the last word may be one: words of the text that begin so count too

    @property
    def plain(self) -> "Words":
        """Whether or not they stand with their marks."""
        return replace(self, marked=())

    def match(self) -> str:
        """As SQLite's index of words asks for them."""
        words = (*self._unmarked, *self.marked)
        return " AND ".join(f'"{word}"{"*" if self._is_open(word) else ""}' for word in words)

    def occur(self) -> sa.ColumnElement[bool]:
        """As a condition on SearchText: each word without marks too, for PostgreSQL's index is of these."""
        said = [SearchText.folded.like(self._pattern(word)) for word in self.folded]
        return sa.and_(sa.true(), *said, *(SearchText.exact.like(self._pattern(word)) for word in self.marked))

    @property
    def _unmarked(self) -> list[str]:
        """Where a word stands with its marks, it stands without them."""
        said = {fold(word) for word in self.marked}
        return [word for word in self.folded if word not in said]

    def _is_open(self, word: str) -> bool:
        return self.beginning and fold(word) == self.folded[-1]

    def _pattern(self, word: str) -> str:
        return f"% {word}%" if self._is_open(word) else f"% {word} %"


@dataclass(frozen=True)
class Among:
    """Where a search looks, of what its query holds anyway: from a place to before one, in a set of ids."""

    first: int | None = None
    before: int | None = None
    ids: Any = None  # a select of ids; None: no such set is known, or it is too large to be of use
    is_few: bool = False  # so few that each text is read: the words are not looked up

    def days(self, place: Any) -> list[sa.ColumnElement[bool]]:
        """The same as conditions on a place."""
        found = [] if self.first is None else [place >= self.first]
        return found if self.before is None else [*found, place < self.before]


EVERYWHERE = Among()


@dataclass(frozen=True)
class Matching:
    """A typed text as a search: its number, its words, and among which cases.

    The last word counts as a beginning where the reader's own list has no case with whole ones: what nobody shows
    them decides nothing, and it costs no more than the pages that are read anyway.
    """

    number: TypedNumber | None
    typed: Words
    among: Among = EVERYWHERE

    @property
    def by_words(self) -> bool:
        """Whether words are looked for: not where it can only be meant as a number."""
        return bool(self.typed.folded) and not (self.number and self.number.sure)

    @property
    def begun(self) -> Words | None:
        """The words, the last one as a beginning; None where it is too short for that."""
        is_long = len(self.typed.folded[-1]) >= SHORTEST_BEGINNING if self.by_words else False
        return replace(self.typed, beginning=True) if is_long else None

    @cached_property
    def others_meet(self) -> bool:
        """Whether any case has all words but the last: SQLite collects what begins so before it looks at others."""
        others = Words(self.typed.folded[:-1])
        if not others.folded or not _by_words():
            return True
        return db.session.scalar(sa.select(INDEX.c.rowid).where(_in_index(others.match())).limit(1)) is not None

    def goes_by_beginning(self, query: sa.Select[Any]) -> bool:
        """Whether a list on Inquiry has no case with the words whole, but the one whose number was typed."""
        if not self.by_words or self.begun is None:
            return False
        ids = query.with_only_columns(Inquiry.id, maintain_column_froms=True).order_by(None)
        if self.number:
            ids = ids.where(~_numbered(self.number))
        return db.session.scalar(ids.where(self._found(self.typed.plain)).limit(1)) is None

    def condition(self, by_beginning: bool) -> sa.ColumnElement[bool]:
        """On Inquiry: that it matches."""
        found = [_numbered(self.number)] if self.number else []
        if self.by_words:
            found.append(self._found((self.begun if by_beginning and self.begun else self.typed).plain))
        return sa.or_(sa.false(), *found)

    def _found(self, words: Words) -> sa.ColumnElement[bool]:
        if self.among.is_few:
            return sa.exists().where(SearchText.inquiry_id == Inquiry.id, words.occur()).correlate(Inquiry)
        if _by_words():
            return Inquiry.id.in_(sa.select(_id_at(INDEX.c.rowid)).where(_in_index(words.match())))
        return Inquiry.id.in_(sa.select(SearchText.inquiry_id).where(words.occur()))

    def restrict(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """A query on Inquiry, only of what matches, in its own order."""
        return query.where(self.condition(self.goes_by_beginning(query)))

    def tiers(self) -> Iterator[tuple[int, Callable[[sa.Select[Any]], tuple[sa.Select[Any], Any]]]]:
        """(rank, what narrows a query to it and says by what it is ordered), the best first; beginnings come last."""
        if self.number:
            yield NUMBER_RANK, self._by_number
        for rank, words in ((WHOLE_RANK, self.typed), (BEGUN_RANK, self.begun)):
            if words is None or not self.by_words:
                continue
            if words.marked:
                yield rank + WITH_MARKS, partial(self._by_words, words=words)
            yield rank, partial(self._by_words, words=words.plain, but=words if words.marked else None)

    def _by_number(self, query: sa.Select[Any]) -> tuple[sa.Select[Any], Any]:
        assert self.number is not None
        found = query.join(SearchText, SearchText.inquiry_id == Inquiry.id).where(_numbered(self.number))
        return found, SearchText.place

    def _by_words(self, query: sa.Select[Any], words: Words, but: Words | None = None) -> tuple[sa.Select[Any], Any]:
        if self.number:
            query = query.where(~_numbered(self.number))
        if _by_words() and not self.among.is_few:
            match = f"({words.match()}) NOT ({but.match()})" if but else words.match()
            # The index is named first: SQLite walks it in its order and looks up each case by its id.
            found = query.join(INDEX, Inquiry.id == _id_at(INDEX.c.rowid)).where(_in_index(match))
            if self.among.ids is not None:
                found = found.where(_id_at(INDEX.c.rowid).in_(self.among.ids))  # known without a look at the case
            return found.where(*self.among.days(INDEX.c.rowid)), INDEX.c.rowid
        found = query.join(SearchText, SearchText.inquiry_id == Inquiry.id).where(words.occur())
        found = found.where(~but.occur()) if but else found
        if self.among.is_few:
            return found.where(Inquiry.id.in_(self.among.ids)), SearchText.place + 0  # a sum is no index to be walked
        return found.where(*self.among.days(SearchText.place)), SearchText.place


def matching(typed: str, among: Among = EVERYWHERE) -> Matching:
    """What matches a typed text: its words in any order, or an inquiry's number."""
    folded = list(dict.fromkeys(words_in(fold(typed)).split()))[:MOST_WORDS]
    exact = dict.fromkeys(words_in(lower_nfc(typed)).split())
    marked = [word for word in exact if word not in folded and fold(word) in folded]
    return Matching(read_number(typed), Words(tuple(folded), tuple(marked)), among)


def searched_page(
    query: sa.Select[Any], typed: str, behind: Cursor | None, size: int, among: Among = EVERYWHERE
) -> Page[Cursor]:
    """A page of what matches, the best first, then the newest by day of receipt and number; `query` on Inquiry.

    `among`: where the query's cases are anyway.
    """
    backwards = behind is not None and behind.newer
    asked = matching(typed, among)
    tiers = list(asked.tiers())
    rows: list[sa.Row] = []
    for rank, narrow in reversed(tiers) if backwards else tiers:
        if behind is not None and (rank < behind.rank if backwards else rank > behind.rank):
            continue
        known = (behind and behind.rank, *(row.rank for row in rows))
        if rank < WHOLE_RANK and (any(one in WHOLE for one in known) or not asked.others_meet):
            continue
        ranked = query.add_columns(sa.literal(rank).label("rank"))
        found, place = narrow(ranked if not among.is_few else query.with_only_columns(Inquiry.id))
        if behind is not None and rank == behind.rank:
            here = search_place(behind.at, behind.id)
            found = found.where(place > here if backwards else place < here)
        found = found.order_by(place.asc() if backwards else place.desc()).limit(size + 1 - len(rows))
        if among.is_few:  # what must be put in order first is as narrow as can be
            first = found.add_columns(place.label("place")).subquery()
            found = ranked.join(first, first.c.id == Inquiry.id)
            found = found.order_by(first.c.place.asc() if backwards else first.c.place.desc())
        rows += db.session.execute(found).all()
        if len(rows) > size:
            break
    return page_from(rows, behind, size=size, place_of=lambda row: Cursor(row.rank, row.received_at, row.id))


def _by_words() -> bool:
    return db.engine.dialect.name == "sqlite"


def _in_index(match: str) -> sa.ColumnElement[bool]:
    return sa.literal_column("inquiry_search_index").op("MATCH", is_comparison=True)(match)


def _id_at(place: Any) -> sa.ColumnElement[int]:
    found: sa.ColumnElement[int] = place.op("&")(LARGEST_ID)
    return found


def _numbered(number: TypedNumber) -> sa.ColumnElement[bool]:
    years = sa.select(NumberCounter.year)  # a handful: the index begins with the year
    year = Inquiry.year.in_(years) if number.year is None else Inquiry.year == number.year
    return sa.and_(year, Inquiry.number == number.number)
