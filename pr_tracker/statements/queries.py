"""Find cleared statements: one, a page of the library, what is like a matter, where one was used again."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import N_, NotFound
from pr_tracker.keyset import Cursor, Page, page_of
from pr_tracker.permissions import Permission
from pr_tracker.statements.models import Statement, StatementTerm, StatementUse
from pr_tracker.statements.rules import (
    TOLD_WORKING_DAYS_BEFORE,
    State,
    Validity,
    acts_for,
    state_on,
    write_code,
)
from pr_tracker.statements.rules_facts import topic_shared
from pr_tracker.statements.rules_likeness import ALIKE_FROM, Matter, alike, rarity, terms_of
from pr_tracker.statements.rules_voice import Otherwise, says_otherwise
from pr_tracker.text import fold, lower_nfc

PAGE_SIZE = 30
SHORTEST_IN_INDEX = 3  # a trigram index knows no shorter word
MOST_WORDS = 12
NEWEST_OF_A_TERM = (
    60  # so many of the statements with a term are looked at: the work has a bound, however many there are
)
MOST_COMPARED = 40
SHARED = 0.3  # of the topics, beside the names of places
MOST_SHOWN = 6

COLUMNS = (
    Statement.id,
    Statement.year,
    Statement.number,
    Statement.topic,
    Statement.agency_id,
    Statement.form,
    Statement.said_at,
    Statement.said_by,
    Statement.valid_until,
    Statement.superseded_at,
    Statement.withdrawn_at,
    Agency.short_name.label("agency"),
)


def soon_from(day: date, calendar: WorkingCalendar | None = None) -> date:
    """The last day that counts as near: five working days from now; a page with a clock has read the calendar."""
    return (calendar or working_calendar()).nth_working_day_after(day, TOLD_WORKING_DAYS_BEFORE)


def may_keep(actor: Person, agency_id: int) -> bool:
    """Whether a person acts on the statements of an agency."""
    return actor.may(Permission.STATEMENT_EDIT) and acts_for(actor.agency.kind, actor.agency_id, agency_id)


def get_statement(statement_id: int, *, to_change: bool = False) -> Statement:
    """The statement, its row locked when it is to be changed. Raises NotFound."""
    query = sa.select(Statement).where(Statement.id == statement_id)
    if to_change:
        query = query.with_for_update(of=Statement, key_share=True).execution_options(populate_existing=True)
    else:
        query = query.options(sa.orm.joinedload(Statement.agency), sa.orm.joinedload(Statement.superseded_by))
    statement = db.session.scalar(query)
    if statement is None:
        raise NotFound(N_("There is no such statement."))
    return statement


def lock_statements(ids: Iterable[int]) -> list[Statement]:
    """These statements, their rows locked in one order. Raises NotFound for one that does not exist."""
    return [get_statement(statement_id, to_change=True) for statement_id in sorted(set(ids))]


def chain_above(statement: Statement) -> list[int]:
    """The ids of what took the statement's place, and of what took theirs, to the end."""
    chain: list[int] = []
    following = statement.superseded_by_id
    while following is not None and following not in chain:
        chain.append(following)
        following = db.session.scalar(sa.select(Statement.superseded_by_id).where(Statement.id == following))
    return chain


def whole_chain(statement: Statement) -> Sequence[sa.Row]:
    """Everything in the statement's chain of replacements, the newest first, itself included."""
    up = (
        sa.select(Statement.id, Statement.superseded_by_id)
        .where(Statement.id == statement.id)
        .cte("up", recursive=True)
    )
    up = up.union(sa.select(Statement.id, Statement.superseded_by_id).where(Statement.id == up.c.superseded_by_id))
    down = sa.select(up.c.id).cte("down", recursive=True)
    down = down.union(sa.select(Statement.id).where(Statement.superseded_by_id == down.c.id))
    query = _listed().where(Statement.id.in_(sa.select(down.c.id)))
    return db.session.execute(query.order_by(Statement.said_at.desc(), Statement.id.desc())).all()


def uses_of(statement: Statement) -> Sequence[sa.Row]:
    """Into which cases it was put again (inquiry_id, used_at, full_name), the newest first."""
    query = (
        sa.select(StatementUse.inquiry_id, StatementUse.used_at, Person.full_name)
        .join(Person, Person.id == StatementUse.used_by_id)
        .where(StatementUse.statement_id == statement.id)
        .order_by(StatementUse.id.desc())
    )
    return db.session.execute(query.limit(PAGE_SIZE)).all()


@dataclass(frozen=True)
class Filters:
    """What the library is narrowed to."""

    text: str = ""
    state: State | None = None
    agency_id: int | None = None


def page(filters: Filters, day: date, cursor: Cursor | None = None) -> Page[Cursor]:
    """One page of the library, the newest first; for a searched text the best matches first."""
    query, keys = _narrowed(filters, day)
    return page_of(query, keys, cursor, size=PAGE_SIZE, place_of=_cursor)


def listed(filters: Filters, day: date) -> sa.Select[Any]:
    """The whole narrowed list with its texts, in the order of the page: for a table."""
    query, keys = _narrowed(filters, day)
    query = query.add_columns(Statement.text, Statement.link, Statement.withdrawn_reason)
    return query.order_by(*(key.desc() for key in keys))


def _narrowed(filters: Filters, day: date) -> tuple[sa.Select[Any], tuple[Any, ...]]:
    query: sa.Select[Any] = _listed()
    keys: tuple[Any, ...] = (Statement.said_at, Statement.id)
    rank: sa.ColumnElement[int] = sa.literal(0)
    typed = filters.text
    if typed:
        query = query.where(_all_words(typed))
        exact = [Statement.exact.contains(word, autoescape=True) for word in lower_nfc(typed).split()[:MOST_WORDS]]
        rank = sa.case((sa.and_(*exact), 1), else_=0)
        keys = (rank, *keys)
    if filters.agency_id is not None:
        query = query.where(Statement.agency_id == filters.agency_id)
    if filters.state is not None:
        query = query.where(*_in_state(filters.state, day))
    ranked: sa.Select[Any] = query.add_columns(rank.label("rank"))
    return ranked, keys


def _in_state(state: State, day: date) -> list[sa.ColumnElement[bool]]:
    stands = [Statement.superseded_by_id.is_(None), Statement.withdrawn_at.is_(None)]
    match state:
        case State.WITHDRAWN:
            return [Statement.withdrawn_at.is_not(None)]
        case State.SUPERSEDED:
            return [Statement.withdrawn_at.is_(None), Statement.superseded_by_id.is_not(None)]
        case State.EXPIRED:
            return [*stands, Statement.valid_until < day]
        case State.ENDS_SOON:
            return [*stands, Statement.valid_until.between(day, soon_from(day))]
        case _:
            return [*stands, sa.or_(Statement.valid_until.is_(None), Statement.valid_until >= day)]


def _listed() -> sa.Select[Any]:
    listed: Any = sa.select(*COLUMNS).join(Agency, Agency.id == Statement.agency_id)
    return listed


def _cursor(row: sa.Row) -> Cursor:
    return Cursor(row.rank, row.said_at, row.id)


def _all_words(typed: str) -> sa.ColumnElement[bool]:
    """Every typed word occurs, without marks: by the trigram index of the engine."""
    words = list(dict.fromkeys(fold(typed).split()))[:MOST_WORDS]
    if db.engine.dialect.name != "sqlite":
        return sa.and_(sa.true(), *(Statement.folded.contains(word, autoescape=True) for word in words))
    long = [word for word in words if len(word) >= SHORTEST_IN_INDEX]
    short = [Statement.folded.contains(word, autoescape=True) for word in words if len(word) < SHORTEST_IN_INDEX]
    if not long:
        return sa.and_(sa.true(), *short)
    index = sa.table("statement_search_index", sa.column("rowid"))
    phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    match = sa.text("statement_search_index MATCH :phrase").bindparams(phrase=phrase)
    return sa.and_(Statement.id.in_(sa.select(index.c.rowid).where(match)), *short)


@dataclass(frozen=True)
class Alike:
    """A statement like a matter: its row with the text, and how alike, from 0 to 1."""

    row: sa.Row
    likeness: float


def like(matter: Matter, *, besides_inquiry: int | None = None, most: int = MOST_SHOWN) -> list[Alike]:
    """What the province said on such a matter, the most alike first; not of this very inquiry.

    Looks at the newest NEWEST_OF_A_TERM statements of each term, compares the likeliest MOST_COMPARED word for word.
    """
    terms = terms_of(matter)
    candidates = _candidates(terms)
    if not candidates:
        return []
    query = _listed().add_columns(Statement.text, Statement.superseded_by_id).where(Statement.id.in_(candidates))
    if besides_inquiry is not None:
        query = query.where(sa.or_(Statement.inquiry_id.is_(None), Statement.inquiry_id != besides_inquiry))
    rows = db.session.execute(query).all()
    found = [Alike(row, alike(terms, terms_of(Matter(row.topic, row.text)))) for row in rows]
    found = [one for one in found if one.likeness >= ALIKE_FROM and topic_shared(matter.topic, one.row.topic) >= SHARED]
    return sorted(found, key=lambda one: (-round(one.likeness, 6), -one.row.id))[:most]


@dataclass(frozen=True)
class SaidBefore:
    """What the province said on a matter before: what it is worth today, and where it says otherwise."""

    row: sa.Row
    likeness: float
    state: State
    otherwise: tuple[Otherwise, ...]

    @property
    def contradicts(self) -> bool:
        """Whether a statement in force says otherwise."""
        return self.state.is_in_force and bool(self.otherwise)

    @property
    def code(self) -> str:
        """PN-2026-0001."""
        return write_code(self.row.year, self.row.number)


def said_before(
    matter: Matter,
    about: Matter,
    day: date,
    *,
    besides_inquiry: int | None = None,
    calendar: WorkingCalendar | None = None,
) -> list[SaidBefore]:
    """What the province said on such a matter; first what says otherwise, then what is in force, then the most alike.

    `matter` is what likeness goes by (the questions too), `about` the topic and text that are held against the old.
    """
    found, soon = like(matter, besides_inquiry=besides_inquiry), soon_from(day, calendar)
    said = [
        SaidBefore(
            one.row,
            one.likeness,
            state_on(day, validity_of(one.row), soon=soon),
            says_otherwise(about, Matter(one.row.topic, one.row.text)),
        )
        for one in found
    ]
    return sorted(said, key=lambda one: (not one.contradicts, not one.state.is_in_force))


def validity_of(row: sa.Row) -> Validity:
    """Until when a listed statement counts, as a rule's value."""
    return Validity(row.valid_until, row.superseded_at, row.withdrawn_at)


@lru_cache(maxsize=128)
def _newest_of(count: int) -> sa.CompoundSelect[tuple[str, int, int]]:
    """The newest rows of each of so many terms; building this takes longer than asking it."""
    one = StatementTerm
    return sa.union_all(
        *(
            sa.select(
                sa.select(one.term, one.statement_id, one.weight)
                .where(one.term == sa.bindparam(f"term_{at}"))
                .order_by(one.statement_id.desc())
                .limit(NEWEST_OF_A_TERM)
                .subquery()
            )
            for at in range(count)
        )
    )


def _candidates(terms: Mapping[str, int]) -> list[int]:
    """The likeliest by what they share: a rare term says more than a common one."""
    if not terms:
        return []
    rows = db.session.execute(_newest_of(len(terms)), {f"term_{at}": term for at, term in enumerate(terms)}).all()
    hits: dict[str, int] = defaultdict(int)
    for row in rows:
        hits[row.term] += 1
    score: dict[int, float] = defaultdict(float)
    for row in rows:
        score[row.statement_id] += row.weight * terms[row.term] * rarity(hits[row.term])
    return sorted(score, key=lambda key: (-round(score[key], 6), -key))[:MOST_COMPARED]


def ending_by(soon: date, day: date) -> Sequence[int]:
    """Which statements in force end by then and nobody was told of, in the order of their ends."""
    query = sa.select(Statement.id).where(
        *_in_state(State.IN_FORCE, day), Statement.valid_until <= soon, Statement.told_ending_at.is_(None)
    )
    return db.session.scalars(query.order_by(Statement.valid_until, Statement.id)).all()


def find_by_code(typed: str) -> Statement | None:
    """The statement with this code, however it is typed: PN-2026-0007, pn 2026 7."""
    found = re.fullmatch(r"(?:pn)?\W*(\d{4})\W+0*(\d{1,9})", typed.strip().lower())
    if found is None:
        return None
    query = sa.select(Statement).where(Statement.year == int(found[1]), Statement.number == int(found[2]))
    return db.session.scalar(query)


def later_like(statement: Statement) -> list[sa.Row]:
    """What may take the statement's place: alike, said later, still counting."""
    found = like(Matter(statement.topic, statement.text), most=MOST_COMPARED)
    later = (one.row for one in found if one.row.id != statement.id and one.row.said_at >= statement.said_at)
    return [row for row in later if row.superseded_by_id is None and row.withdrawn_at is None][:MOST_SHOWN]


def agencies_heard() -> Sequence[sa.Row]:
    """Agencies of which there are statements, by name."""
    said = sa.exists().where(Statement.agency_id == Agency.id)
    query = sa.select(Agency.id, Agency.name).where(said).order_by(Agency.sort_key, Agency.id)
    return db.session.execute(query).all()
