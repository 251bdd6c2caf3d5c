"""Which faults of a disk or an engine are no faults of ours, and what the reader is told of them."""

import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from pr_tracker.web.full_or_closed import (
    BUSY,
    DATABASE_AWAY,
    DATABASE_CLOSED,
    FOLDER_CLOSED,
    Trouble,
    of_database,
    of_disk,
)


def by_code(**codes):
    fault = sqlite3.OperationalError("told")
    for name, code in codes.items():
        setattr(fault, name, code)
    return OperationalError("INSERT", {}, fault)


@pytest.mark.parametrize(
    ("codes", "trouble"),
    [
        ({"sqlite_errorname": "SQLITE_FULL"}, Trouble(507)),
        ({"sqlstate": "53100"}, Trouble(507)),
        ({"sqlite_errorname": "SQLITE_READONLY_DIRECTORY"}, Trouble(503, DATABASE_CLOSED)),
        ({"sqlstate": "25006"}, Trouble(503, DATABASE_CLOSED)),
        ({"sqlite_errorname": "SQLITE_CANTOPEN"}, Trouble(503, DATABASE_AWAY)),
        ({"sqlite_errorname": "SQLITE_BUSY_SNAPSHOT"}, Trouble(503, BUSY)),
        ({"sqlite_errorname": "SQLITE_ERROR"}, None),
        ({}, None),
    ],
)
def test_an_engine_that_is_full_closed_or_busy_is_told_as_that(codes, trouble):
    assert of_database(by_code(**codes)) == trouble


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOSPC, Trouble(507)),
        (errno.EDQUOT, Trouble(507)),
        (errno.EROFS, Trouble(503, FOLDER_CLOSED)),
        (errno.EACCES, Trouble(503, FOLDER_CLOSED)),
        (errno.ENOENT, None),
    ],
)
def test_a_disk_that_is_full_or_closed_is_told_as_that(number, trouble):
    assert of_disk(OSError(number, "told")) == trouble
