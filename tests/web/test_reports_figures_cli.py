"""flask report month, quarter, late: as PDF, Excel and CSV; what is no period takes one line and status 2."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from pr_tracker.db import db
from pr_tracker.inquiries.rules import Status
from pr_tracker.papers.models import Paper
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.pdf.reading import words


@pytest.fixture
def desk(app, monkeypatch):
    """Three inquiries of a department, one of them overdue; it is NOW."""
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)
    with app.app_context():
        province = Province()
        for status in (Status.ASSIGNED, Status.ANSWERED):
            an_inquiry(province, status=status)
        an_inquiry(province, status=Status.ASSIGNED, now=NOW - timedelta(days=16), subject="Quá hạn lâu rồi")
        db.session.commit()
        return province.department.code


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: app.test_cli_runner().invoke(args=["report", *arguments])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("month",), "tháng 11 năm 2026"),
        (("month", "11/2026"), "tháng 11 năm 2026"),
        (("quarter", "2026-Q4"), "quý IV năm 2026"),
        (("late",), "Quá hạn lâu rồi"),
        (("late", "--week", "19/11/2026"), "Quá hạn lâu rồi"),
    ],
)
def test_a_periodic_report_is_written_in_each_form_and_its_paper_has_a_code(app, desk, run, tmp_path, command, said):
    for ending in ("pdf", "xlsx", "csv"):
        outcome = run(*command, "-o", f"bc.{ending}")
        assert outcome.exit_code == 0, outcome.output
    text = words((tmp_path / "bc.pdf").read_bytes())
    assert said in text
    assert load_workbook(tmp_path / "bc.xlsx").worksheets
    assert (tmp_path / "bc.csv").read_text("utf-8-sig").count("\n") >= 2
    with app.app_context():
        (code,) = db.session.scalars(sa.select(Paper.code))
    assert code[:4] in text


def test_one_agency_has_its_own_report_under_its_own_head(desk, run, tmp_path):
    assert run("month", "--agency", desk, "-o", "bc.pdf").exit_code == 0
    text = words((tmp_path / "bc.pdf").read_bytes())
    assert "SỞ XÂY DỰNG" in text
    assert "Tiếp nhận 3 đề nghị của báo chí" in text


@pytest.mark.parametrize(
    "command", [("month", "13/2026"), ("quarter", "2026-11"), ("month", "2099-01"), ("late", "--week", "hôm qua")]
)
def test_what_is_no_period_is_refused_in_one_line(app, desk, run, tmp_path, command):
    outcome = run(*command, "-o", "bc.pdf")
    assert outcome.exit_code == 2
    assert outcome.stderr.count("\n") == 1
    assert not (tmp_path / "bc.pdf").exists()
