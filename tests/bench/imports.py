"""How fast a ledger is looked at and written: 20,000 rows as a workbook, on the demo province."""

import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from openpyxl import Workbook

from pr_tracker import clock
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.imports import actions, jobs, queries
from pr_tracker.imports.rules import GOOD, Verdict
from pr_tracker.outlets.models import Outlet

ROWS = 20_000
HEADS = ("Số", "Ngày nhận", "Cơ quan báo chí", "Trích yếu", "Câu hỏi", "Đơn vị chủ trì", "Ngày trả lời", "Ghi chú")


def a_ledger(path: Path, count: int, outlets: list[str], agencies: list[str]) -> None:
    """A workbook of so many inquiries of the last years, all answered."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ")
    sheet.append(HEADS)
    first = date(2021, 1, 4)
    for row in range(count):
        day = first + timedelta(days=row * 1500 // count)
        answered = day + timedelta(days=row % 9)
        asked = f"Việc số {row} về tiến độ công trình trên địa bàn, đơn vị nào chịu trách nhiệm?"
        names = outlets[row % len(outlets)], agencies[row % len(agencies)]
        sheet.append([f"B{row}", day, names[0], f"Tiến độ công trình {row}", asked, names[1], answered, ""])
    book.save(path)


def timed_import(province, count: int = ROWS):
    """Seconds and what they were spent on."""
    with province.app.app_context(), province.app.test_request_context(), tempfile.TemporaryDirectory() as name:
        path = Path(name) / "so.xlsx"
        outlets = list(db.session.scalars(sa.select(Outlet.name).order_by(Outlet.id)))
        headed = sa.select(Agency.name).where(Agency.active, Agency.head_id.is_not(None)).order_by(Agency.id)
        a_ledger(path, count, outlets, list(db.session.scalars(headed)))
        actor = db.session.scalar(sa.select(Person).where(Person.email.startswith("vanthu@")))
        now = clock.now()
        where = {"folder": jobs.folder(), "largest": 1000}
        one = actions.keep("inquiries", path.name, path.read_bytes(), actor=actor, now=now, **where)
        jobs.look(one)
        db.session.commit()
        import_id, started = one.id, time.perf_counter()
        jobs.judge(import_id, actor=actor, now=now)
        looked = time.perf_counter() - started
        one = queries.get_import(import_id, to_change=True)
        assert one.counts == {"new": count}, one.counts
        actions.confirm(one, GOOD | {Verdict.DOUBTFUL}, seen=None, actor=actor, now=now)
        db.session.commit()
        started = time.perf_counter()
        jobs.write(import_id, actor=actor, now=now)
        wrote = time.perf_counter() - started
        yield looked, f"to look at a ledger of {count} rows: {count / looked:,.0f} rows a second"
        yield wrote, f"to write its {count} inquiries: {count / wrote:,.0f} rows a second"
