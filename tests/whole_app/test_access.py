"""Who may use which route: declared in the code, written in a table that people can read, and true."""

from pr_tracker.web.access import access_of
from tests.whole_app.access import FILE, let_in, observed, read, routes

REGENERATE = (
    "If this is meant, run `python -m tests.whole_app.access` and read the difference of access_table.txt before you "
    "commit it: it says who may see what."
)


def test_every_route_declares_who_may_use_it(province):
    silent = {rule.endpoint for _, rule in routes(province.app) if access_of(province.app, rule.endpoint) is None}
    assert not silent, f"tag the views of {sorted(silent)} with @requires(…), @signed_in or @public (web/access.py)"


def test_every_route_stands_in_the_table_and_nothing_else(province):
    expected = {f"{method} {rule.endpoint}" for method, rule in routes(province.app)}
    assert set(read()) == expected, f"{FILE.name} does not name exactly the routes that exist. {REGENERATE}"


def test_each_role_gets_from_each_route_what_the_table_says(province_on_each, engine):
    """On PostgreSQL, where only what a page reads could differ, one reader of each route."""
    table = read()
    readers = {name: let_in(row) for name, row in table.items()} if engine == "postgresql" else None
    rows, faults = observed(province_on_each, readers)
    assert not faults, "\n\n".join(faults)
    differences = [
        f"{name}, {column}: the table says {table[name].cells[column]}, the application {cell}"
        for name, row in rows.items()
        if name in table
        for column, cell in row.cells.items()
        if table[name].cells[column] != cell
    ]
    assert not differences, "\n".join([*differences, REGENERATE])
