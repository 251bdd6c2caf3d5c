"""Words of filled inquiries for SQLite's search: another process makes the index while this one counts figures."""

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pr_tracker.db import db
from pr_tracker.inquiries.models_search import SEARCH_WORDS_ANEW

INDEX = "inquiry_search_index"
KEPT_IN = tuple(f"{INDEX}_{part}" for part in ("data", "idx", "config"))  # the tables of which the index consists


@contextmanager
def searched_through() -> Iterator[None]:
    """Search finds what was filled, when all that is done meanwhile is done. PostgreSQL's index is there already.

    Two processes cannot write to one file of SQLite: the index is made in a file of its own, then its tables are taken
    over as they are. Raises RuntimeError when the other process failed.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    filled = str(db.engine.url.database)
    with TemporaryDirectory(dir=Path(filled).parent) as folder:
        made = str(Path(folder, "words.sqlite3"))
        process = multiprocessing.get_context("fork").Process(target=_make, args=(made, filled), daemon=True)
        process.start()
        try:
            yield
            process.join()
        finally:
            process.terminate()
        if process.exitcode:
            raise RuntimeError("The process that makes the search index failed; see above.")
        _take_over(made)


def _make(made: str, filled: str) -> None:
    connection = sqlite3.connect(made)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-100000"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("ATTACH ? AS filled", (filled,))
    [(create,)] = connection.execute("SELECT sql FROM filled.sqlite_master WHERE name = ?", (INDEX,))
    connection.execute(create)
    for statement in SEARCH_WORDS_ANEW:
        connection.execute(statement)
    connection.commit()
    connection.close()


def _take_over(made: str) -> None:
    db.session.remove()
    raw: Any = db.engine.raw_connection()
    try:
        raw.driver_connection.execute("ATTACH ? AS made", (made,))
        raw.driver_connection.execute("BEGIN")
        for table in KEPT_IN:
            raw.driver_connection.execute(f"DELETE FROM main.{table}")  # noqa: S608
            raw.driver_connection.execute(f"INSERT INTO main.{table} SELECT * FROM made.{table}")  # noqa: S608
            raw.driver_connection.execute(f"ANALYZE main.{table}")
        raw.driver_connection.execute("COMMIT")
        raw.driver_connection.execute("DETACH made")
    finally:
        raw.close()
