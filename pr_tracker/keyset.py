"""Long lists page by page: a page begins behind a row, so that it stays right whatever is added meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

from pr_tracker.db import db


class Place(Protocol):
    """Where a page begins; `newer` turns the direction round, `values` are what the list is ordered by."""

    @property
    def newer(self) -> bool: ...
    @property
    def values(self) -> tuple[Any, ...]: ...


P = TypeVar("P", bound=Place)


@dataclass(frozen=True)
class Cursor:
    """The rank, moment and id of the row that a page begins behind."""

    rank: int
    at: datetime
    id: int
    newer: bool = False

    @property
    def values(self) -> tuple[Any, ...]:
        """The rank counts only where a text is searched."""
        return self.rank, self.at, self.id


@dataclass(frozen=True)
class Page(Generic[P]):
    """One page; a place is None where there is nothing more."""

    rows: list[sa.Row]
    older: P | None
    newer: P | None


def page_of(
    query: sa.Select[Any], keys: Sequence[Any], behind: P | None, *, size: int, place_of: Callable[[sa.Row], P]
) -> Page[P]:
    """The page behind a place, by `keys` downwards: the last so many of the place's values."""
    backwards = behind is not None and behind.newer
    if behind is not None:
        bound = [sa.literal(value, key.type) for key, value in zip(keys, behind.values[-len(keys) :], strict=True)]
        here, row = sa.tuple_(*bound), sa.tuple_(*keys)
        query = query.where(row > here if backwards else row < here)
    query = query.order_by(*(key.asc() if backwards else key.desc() for key in keys)).limit(size + 1)
    return page_from(list(db.session.execute(query).all()), behind, size=size, place_of=place_of)


def page_from(rows: list[sa.Row], behind: P | None, *, size: int, place_of: Callable[[sa.Row], P]) -> Page[P]:
    """A page of rows read behind a place in the direction it has, one more than fits where there is more."""
    backwards = behind is not None and behind.newer
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_newer, has_older = (more, bool(rows)) if backwards else (behind is not None and bool(rows), more)
    return Page(
        rows,
        older=place_of(rows[-1]) if has_older else None,
        newer=replace(place_of(rows[0]), newer=True) if has_newer else None,  # type: ignore[type-var]
    )
