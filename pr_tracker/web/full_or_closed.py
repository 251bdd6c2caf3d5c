"""What keeps the system from writing: a full disk, or a place that can only be read; by the codes of the engines."""

import errno
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from pr_tracker.errors import N_

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
READ_ONLY = "25006"  # PostgreSQL: the server has become a copy that takes no writes
DISK_FULL = "53100"
DATABASE_CLOSED = N_("The database can only be read at the moment.")
DATABASE_AWAY = N_("The database cannot be opened.")
FOLDER_CLOSED = N_("Files cannot be kept at the moment: their folder can only be read.")
BUSY = N_("Somebody else has been writing for a long time.")


class Trouble(NamedTuple):
    """The status that says so, and the sentence (a source string, "" for none)."""

    status: int
    message: str = ""


def of_database(error: DBAPIError) -> Trouble | None:
    """What the engine complains of; None when it is neither full nor closed nor busy."""
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    state = getattr(error.orig, "sqlstate", "") or ""
    if name == "SQLITE_FULL" or state == DISK_FULL:
        return Trouble(507)
    if name.startswith("SQLITE_READONLY") or state == READ_ONLY:
        return Trouble(503, DATABASE_CLOSED)
    if name.startswith("SQLITE_CANTOPEN"):
        return Trouble(503, DATABASE_AWAY)
    if name.startswith("SQLITE_BUSY"):
        return Trouble(503, BUSY)
    return None


def of_disk(error: OSError) -> Trouble | None:
    """What the disk complains of; None for a fault of ours."""
    if error.errno in FULL:
        return Trouble(507)
    return Trouble(503, FOLDER_CLOSED) if error.errno in CLOSED else None
