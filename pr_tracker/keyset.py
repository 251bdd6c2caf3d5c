"""Long lists page by page: a page begins behind a row, so that it stays right whatever is added meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

from pr_tracker.db import rows_of


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
    walk = walked(query, keys, Direction.of(behind), size=size)
    return page_from(rows_of(walk, place_given(behind, len(keys))), behind, size=size, place_of=place_of)


class Direction(Enum):
    """Where a page lies: the first one, or on which side of its place."""

    FIRST = 0
    OLDER = 1
    NEWER = 2

    @classmethod
    def of(cls, behind: Place | None) -> "Direction":
        """Of the page behind a place."""
        if behind is None:
            return cls.FIRST
        return cls.NEWER if behind.newer else cls.OLDER


def walked(query: sa.Select[Any], keys: Sequence[Any], direction: Direction, *, size: int) -> sa.Select[Any]:
    """The statement of a page, to be asked with place_given(): one row more than fits."""
    backwards = direction is Direction.NEWER
    if direction is not Direction.FIRST:
        bound = (sa.bindparam(f"place_{number}", type_=key.type) for number, key in enumerate(keys))
        here, row = sa.tuple_(*bound), sa.tuple_(*keys)
        query = query.where(row > here if backwards else row < here)
    return query.order_by(*(key.asc() if backwards else key.desc() for key in keys)).limit(size + 1)


def place_given(behind: Place | None, keys: int) -> dict[str, Any]:
    """What goes with walked(): the last so many of the place's values."""
    return {f"place_{number}": value for number, value in enumerate(behind.values[-keys:])} if behind else {}


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
