"""How many SQL statements one request sends, and how many it may: a page must not ask the database row by row."""

import re
from contextlib import contextmanager
from threading import get_ident

import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from pr_tracker.db import db

READING = 15  # a page, none excepted; one counts the unread notices for its bell, one the open incidents
WRITING = 40  # an act: what it changes, the audit log and the notices
BUDGETS: dict[str, int] = {
    # endpoint, after POST where only the act may send more than any: statements, with the reason in a comment.
    # What has no POST is a file: it is put on record, and whoever took it. A page that is read has READING, whatever
    # is allowed to its act.
    # Rows are judged and written a few hundred at a time, each time in a handful of statements a table.
    **dict.fromkeys((f"imports.{act}" for act in ("new", "columns", "names", "confirm")), 120),
    "annual.file": 40,  # six figures and the list behind each; then the paper put on record
    "annual.fix": 50,  # the same lists, the paper put on record, the version
    "POST inquiries.new": 80,  # an outlet and journalists may be made, the case logged, assigned: an audit entry each
    "POST inquiries.assign": 44,  # the act, its notices, and whose head has no valid course: before choosing and after
    "inquiries.coordinate": 120,  # each agency asked has its box, its line, its audit entry and its notices
    "POST inquiries.write_part": 90,  # saved, submitted and, by the head alone, sent: three acts
    "POST inquiries.draft": 48,  # files kept, a version saved and submitted: three acts, each with its audit entry
    "POST inquiries.refusal": 48,  # a version saved and submitted: two acts
    "POST inquiries.release": 75,  # its evidence kept, the statement it becomes, those it replaces: an audit entry each
    "POST inquiries.refuse": 48,  # the refusal told, its evidence kept
    "POST incidents.new": 140,  # each inquiry that joins has its line, its audit entry and its notices, on both sides
    "POST incidents.merge": 140,  # the same
    "incidents.release": 180,  # each inquiry is answered or told, one after the other, all or none
    "incidents.chronology": 36,  # the same on paper, which is put on record, and its two entries in the audit log
    # The calendar locks and reads each kind of clock that may move: cases, parts, letters, duties, incidents.
    **dict.fromkeys(
        (f"calendar.{act}" for act in ("day_off", "swap", "ordinary", "withdraw", "confirm", "import_days")), 48
    ),
    "POST coverage.needs": 52,  # inquiries late, returned, corrected, parts; people, certificates; then they are named
    # the whole of a class or a year; the entry of the audit log
    **dict.fromkeys((f"training_reports.{each}" for each in ("class_pdf", "class_workbook")), 48),
    **dict.fromkeys((f"training_reports.{each}" for each in ("year_pdf", "year_workbook")), 34),
    # a letter with its class, sessions, agencies and their heads, and the entry of the audit log
    **dict.fromkeys(("letters.people", "letters.person", "letters.agency"), 24),
    # the inquiries of two periods, what was done around them, the run over time; who signs; the entry of the audit log
    **dict.fromkeys((f"figures.{each}" for each in ("paper", "workbook", "table")), 36),
    **dict.fromkeys((f"late_units.{each}" for each in ("paper", "workbook", "table")), 36),  # the same of late ones
    # A paper that leaves is put on record (papers): found again or replaced, its file, two entries of the audit log.
    "reports.register": 36,  # the rows, whose lateness it is, two people and an agency
    "reports.case_sheet": 40,  # the whole of a case, one statement a part of it
    **dict.fromkeys(("list_papers.refusals", "list_papers.corrections"), 26),  # and whose list it is, who signs
    "reports.deadline_sheet": 34,  # the clock with its stops
    "paper_list.sign": 60,  # 16 a paper: each in a transaction of its own, so that what was signed stays
    "register.as_pdf": 26,  # the list; its paper once a day and change
}
NOT_COUNTED = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "SET ")
LOCKS = re.compile(r"BEGIN IMMEDIATE|\bFOR (NO KEY )?UPDATE|\bFOR (KEY )?SHARE|LOCK TABLE")
WRITES = re.compile(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)")


class Statements(list[str]):
    """The statements that count, and beside them those that take a lock."""

    def __init__(self) -> None:
        super().__init__()
        self.locks: list[str] = []


@contextmanager
def counted():
    """with counted() as statements: the SQL of this thread's requests is listed there."""
    statements, mine = Statements(), get_ident()

    def note(_connection, _cursor, statement, *_):
        if get_ident() != mine:
            return
        if LOCKS.search(statement):
            statements.locks.append(statement)
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def too_many(app, environ, statements: list[str], *, of: str = "") -> str | None:
    """A sentence when a request sent more than its budget, else None; `of`: the kind of its answer, as a header."""
    is_page = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and of.startswith("text/html")
    budget = READING if is_page else _budget(app, environ)
    if len(statements) <= budget:
        return None
    listed = "\n".join(f"{number:3} {' '.join(text.split())[:150]}" for number, text in enumerate(statements, 1))
    page = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    return (
        f"{page} sent {len(statements)} statements, its budget is {budget}. "
        "Load what belongs together in one statement; only if each is needed, raise the budget in "
        f"tests/statements.py, with the reason.\n{listed}"
    )


def locks_in_vain(environ, status: str, statements: Statements) -> str | None:
    """A sentence when a page took a lock and wrote nothing: others waited for somebody who only reads."""
    reads = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and status.startswith("200")
    if not (reads and statements.locks) or any(WRITES.search(text) for text in statements):
        return None
    return f"GET {environ['PATH_INFO']} only reads and took a lock: {' '.join(statements.locks[0].split())[-200:]}"


def left_open(app) -> int:
    """How many lines to the database are in use, each with its transaction."""
    pool = db._app_engines[app][None].pool
    return pool.checkedout() if isinstance(pool, sa.QueuePool) else 0


def _budget(app, environ) -> int:
    default = READING if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else WRITING
    try:
        endpoint, _ = app.url_map.bind_to_environ(environ).match()
    except HTTPException:
        return default
    return BUDGETS.get(f"{environ['REQUEST_METHOD']} {endpoint}", BUDGETS.get(endpoint, default))
