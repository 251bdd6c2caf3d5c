"""Files that offices hand in, and imports of them, for tests."""

import csv
from io import BytesIO, StringIO

from openpyxl import Workbook

from pr_tracker.db import db
from pr_tracker.imports import actions, jobs
from pr_tracker.imports.models import ImportRow
from pr_tracker.imports.rules import GOOD, Verdict
from tests.factories.accounts import NOW

HEADS = ("Số", "Ngày nhận", "Cơ quan báo chí", "Phóng viên", "Trích yếu", "Đơn vị chủ trì", "Ngày trả lời")


def a_csv(rows, heads=HEADS, *, separator=";"):
    out = StringIO()
    csv.writer(out, delimiter=separator).writerows([heads, *rows])
    return out.getvalue().encode("utf-8-sig")


def a_workbook(rows, heads=HEADS, *, title=None):
    book = Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def an_import(content, *, actor, kind="inquiries", file_name="so.csv", now=NOW, about_id=None):
    """Kept, looked at and judged."""
    where = {"folder": jobs.folder(), "largest": 20}
    one = actions.keep(kind, file_name, content, actor=actor, now=now, about_id=about_id, **where)
    assert jobs.look(one), f"the columns {one.heads} are not all known: {one.columns}"
    db.session.commit()
    jobs.judge(one.id, actor=actor, now=now)
    db.session.refresh(one)
    return one


def written(one, *, actor, verdicts=GOOD, now=NOW):
    actions.confirm(one, verdicts, seen=None, actor=actor, now=now)
    db.session.commit()
    jobs.write(one.id, actor=actor, now=now)
    db.session.refresh(one)
    return one


def rows_of(one):
    """number → row of the preview."""
    query = db.select(ImportRow).filter_by(import_id=one.id).order_by(ImportRow.number)
    return {row.number: row for row in db.session.scalars(query)}


def verdicts_of(one):
    return [row.verdict for row in rows_of(one).values()]


def why(row):
    """The reasons of a row, in English, as they read."""
    return [reason["message"] % reason.get("params", {}) for reason in row.reasons]


__all__ = ["GOOD", "HEADS", "Verdict", "a_csv", "a_workbook", "an_import", "rows_of", "verdicts_of", "why", "written"]
