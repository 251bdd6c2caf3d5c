"""Every list as a spreadsheet: what its filter shows, as Excel and CSV, beside its page and with its permission.

A feature says what its table is (`@list_out`), from the address as its page does; runs hand it out (factory).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue

from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires, signed_in

AT_ONCE = 1000  # rows fetched in one go
# What an address has beside the filter: the place in the list, a part of the page, the language.
NOT_THE_FILTER = frozenset({"before", "after", "part", "lang", "more"})
Column = tuple[Any, Callable[[Any], Any]]  # its head in words, and what stands in it of a row


@dataclass(frozen=True)
class Table:
    """What a list shows, as a spreadsheet has it: rows are made while they are written."""

    title: str
    head: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    count: int
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class ListOut:
    """A list that can be taken out: its endpoint, the name of its file, what makes the table."""

    endpoint: str
    file_name: str
    permissions: tuple[Permission, ...]
    table: Callable[..., Table]


HandOut = Callable[[ListOut, str, Mapping[str, Any]], ResponseReturnValue]
_known: dict[str, ListOut] = {}


def list_out(
    blueprint: Blueprint, path: str, *permissions: Permission, file_name: str
) -> Callable[[Callable[..., Table]], Callable[..., Table]]:
    """The function gives the table of the list at `path`; `path`.xlsx and .csv hand it out to whoever may see it."""

    def tag(table: Callable[..., Table]) -> Callable[..., Table]:
        listing = ListOut(f"{blueprint.name}.{table.__name__}", file_name, permissions, table)
        _known[listing.endpoint] = listing

        def view(form: str, **arguments: Any) -> ResponseReturnValue:
            hand_out: HandOut = current_app.extensions["list_out"]
            return hand_out(listing, form, arguments)

        guarded = requires(*permissions)(view) if permissions else signed_in(view)
        blueprint.add_url_rule(f"{path}.<any(xlsx, csv):form>", table.__name__, guarded)
        return table

    return tag


def listing_of(endpoint: str) -> ListOut | None:
    """The list behind an endpoint."""
    return _known.get(endpoint)


def of_query(title: Any, query: sa.Select[Any], columns: Sequence[Column], notes: Sequence[str] = ()) -> Table:
    """The table of a statement: rows come in batches, none is kept."""
    counted = sa.select(sa.func.count()).select_from(
        query.order_by(None).with_only_columns(sa.literal(1), maintain_column_froms=True).subquery()
    )
    count = db.session.scalar(counted) or 0
    return Table(str(title), _heads(columns), _cells(_streamed(query), columns), count, notes)


def of_rows(title: Any, rows: Sequence[Any], columns: Sequence[Column], notes: Sequence[str] = ()) -> Table:
    """The table of a short list that is there already."""
    return Table(str(title), _heads(columns), _cells(rows, columns), len(rows), notes)


def filter_in_address() -> dict[str, Any]:
    """The arguments and the filter of the list that is shown, for a link to its table."""
    kept = {name: value for name, value in request.args.to_dict(flat=False).items() if name not in NOT_THE_FILTER}
    return {**kept, **(request.view_args or {})}


def install(app: Flask, hand_out: HandOut) -> None:
    """Hand tables out by this, and let templates link to them."""
    app.extensions["list_out"] = hand_out

    def table_url(endpoint: str, form: str, **more: Any) -> str:
        return url_for(endpoint, **{**filter_in_address(), **more, "form": form})

    app.jinja_env.globals["table_url"] = table_url


def _heads(columns: Sequence[Column]) -> list[str]:
    return [str(words) for words, _ in columns]


def _cells(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[list[Any]]:
    cells = [cell for _, cell in columns]
    for row in rows:
        yield [cell(row) for cell in cells]


def _streamed(query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    yield from db.session.execute(query.execution_options(yield_per=AT_ONCE))
