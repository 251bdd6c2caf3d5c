"""Lists as spreadsheets: short ones at once, long ones in the background; it is put on record who took what."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker import sheets
from pr_tracker.audit.actions import record
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotAllowed, NotFound
from pr_tracker.office_time import office_day
from pr_tracker.runs import jobs
from pr_tracker.runs.rules import Kind, RunEvent, Running
from pr_tracker.runs.views import hand_out
from pr_tracker.web import lists
from pr_tracker.web.lists import ListOut, Table

KIND = "list"
MEDIA_TYPES = {"xlsx": sheets.XLSX, "csv": sheets.CSV}


def install(app: Flask) -> None:
    """Lists are handed out by this feature."""
    jobs.install(app, {KIND: Kind(_l("List as a table"), work)})
    lists.install(app, give)


def give(listing: ListOut, form: str, arguments: Mapping[str, Any]) -> ResponseReturnValue:
    """The table that the address asks for."""
    table = listing.table(**arguments)
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in lists.NOT_THE_FILTER]
    asked = {"list": listing.endpoint, "form": form, "arguments": dict(arguments), "query": query}
    g.list_table = table  # what was counted is not asked for again
    return hand_out(KIND, asked, title=f"{table.title} ({form})", rows=table.count)


def work(running: Running) -> None:
    """Write the table of the same address, for the same reader; then put on record that it was taken."""
    asked = running.asked
    listing = lists.listing_of(asked["list"])
    if listing is None:
        raise NotFound(N_("There is no such list in this version."))
    if listing.permissions and not any(running.actor.may(each) for each in listing.permissions):
        raise NotAllowed(N_("You may no longer have this."))
    day = office_day(running.now)
    running.name(f"{listing.file_name}-{day.isoformat()}.{asked['form']}", MEDIA_TYPES[asked["form"]])
    table = g.pop("list_table", None)
    if table is not None:
        written = _write(table, running)
    else:
        language = str(request.args.get("lang", "vi"))
        query = urlencode([*map(tuple, asked["query"]), ("lang", language)])
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        with app.test_request_context(query_string=query):
            written = _write(listing.table(**asked["arguments"]), running)
    start_writing()
    facts = {"list": listing.endpoint, "form": asked["form"], "rows": written}
    narrowed = {name: str(value) for name, value in [*asked["query"], *asked["arguments"].items()] if value}
    record(RunEvent.EXPORT, None, actor=running.actor, now=running.now, **facts, filter=narrowed)


def _write(table: Table, running: Running) -> int:
    """Write it as it was asked for; how many rows it has."""
    count = 0

    def counted() -> Any:
        nonlocal count
        for count, row in enumerate(running.counted(table.rows, table.count), 1):  # noqa: B007 - the last one counts
            yield row

    sheet = sheets.Sheet(_("List"), table.title, table.head, counted(), table.notes)
    if running.asked["form"] == "xlsx":
        sheets.write_workbook([sheet], running.out)
    else:
        sheets.write_csv(sheet, running.out)
    db.session.rollback()
    return count
