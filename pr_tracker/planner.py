"""What SQLite's planner goes by: how much there is of each value. PostgreSQL looks at that by itself.

Without it SQLite takes every index for as good as another. Nothing in SQLite looks by itself, so the desk does: once a
night, and after a database was copied or filled. Connections read what was found when they are opened, and are opened
anew each hour (config.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from pr_tracker.db import db
from pr_tracker.office_time import in_office

AT_NIGHT = time(2)  # on the office's clock
LOOKED_AT = 1_000  # entries of each index: whoever writes meanwhile waits for less than a second, however large it is
EPOCH = date(1970, 1, 1)


def look_at_night(now: datetime) -> int:
    """Look once a day, the first time at once; returns 1 when this call did. May run anywhere at the same time."""
    if db.engine.dialect.name != "sqlite" or not _is_due(now):
        return 0
    look()
    return 1


def look() -> None:
    """Let the planner know of what there is much and of what little. PostgreSQL's knows soon by itself."""
    with _connected() as connection:
        connection.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        connection.execute("ANALYZE")


def _is_due(now: datetime) -> bool:
    """Whether nobody has looked on this night yet; from now on somebody has.

    The night is kept in SQLite's user_version, as days since 1970.
    """
    office = in_office(now)
    tonight = (office.date() - EPOCH).days
    with _connected() as connection:
        connection.execute("BEGIN IMMEDIATE")
        [(last,)] = connection.execute("PRAGMA user_version").fetchall()
        is_due: bool = last == 0 or (last < tonight and office.time() >= AT_NIGHT)
        if is_due:
            connection.execute(f"PRAGMA user_version = {tonight}")
        connection.execute("COMMIT")
    return is_due


@contextmanager
def _connected() -> Iterator[Any]:
    """SQLite itself, where each statement is a transaction."""
    connection = db.engine.raw_connection()
    try:
        yield connection.driver_connection
    finally:
        connection.close()
