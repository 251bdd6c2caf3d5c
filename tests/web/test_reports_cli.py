"""flask report: the papers by command; what it refuses takes one line and status 2."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.pdf.reading import words

MONTH = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture
def desk(app):
    """Two inquiries numbered 1, of 2026 and 2027; only the first is assigned."""
    with app.app_context():
        province = Province()
        an_inquiry(province, status=Status.ASSIGNED, subject="Việc của Sở Xây dựng")
        an_inquiry(province, subject="Việc của Văn phòng")
        an_inquiry(province, now=NOW + timedelta(days=60))
        db.session.commit()
        return province.department.code


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: app.test_cli_runner().invoke(args=["report", *arguments])


def exports(app):
    with app.app_context():
        query = sa.select(AuditEntry.actor_id, AuditEntry.data).where(AuditEntry.event == InquiryEvent.EXPORT)
        return [tuple(row) for row in db.session.execute(query)]


def test_the_register_of_a_period_is_written_and_noted(app, desk, run, tmp_path):
    outcome = run("register", *MONTH, "-o", "so.pdf")
    assert outcome.exit_code == 0, outcome.output
    text = words((tmp_path / "so.pdf").read_bytes())
    assert "Việc của Sở Xây dựng" in text
    assert "Việc của Văn phòng" in text
    assert "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH" in text
    assert "2 inquiries" in outcome.output
    ((actor_id, data),) = exports(app)
    assert actor_id is None
    assert data["rows"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["so.pdf"]


def test_the_register_of_one_agency_is_its_own(desk, run, tmp_path):
    assert run("register", *MONTH, "--agency", desk.lower(), "-o", "so.pdf").exit_code == 0
    text = words((tmp_path / "so.pdf").read_bytes())
    assert "SỞ XÂY DỰNG" in text
    assert "Việc của Văn phòng" not in text


@pytest.mark.parametrize("typed", ["ĐN-2026-0001", "DN-2026-1", "0001/2026", "dn-2026-0001", "\u0110N-2026-0001 "])
def test_a_case_is_found_by_its_number_however_it_is_typed(desk, run, tmp_path, typed):
    outcome = run("case", typed, "-o", "phieu.pdf")
    assert outcome.exit_code == 0, outcome.output
    assert "ĐN-2026-0001" in words((tmp_path / "phieu.pdf").read_bytes())


def test_every_report_takes_its_format(desk, run, tmp_path):
    assert run("case", "ĐN-2026-0001", "--format", "pdf", "-o", "phieu").exit_code == 0
    assert (tmp_path / "phieu").read_bytes().startswith(b"%PDF")


def test_a_number_without_a_year_is_enough_where_only_one_year_has_it(desk, run, tmp_path):
    assert run("case", "ĐN-0002", "-o", "phieu.pdf").exit_code == 0
    assert "ĐN-2026-0002" in words((tmp_path / "phieu.pdf").read_bytes())


def test_a_number_of_two_years_is_refused_naming_both(desk, run):
    outcome = run("case", "ĐN-0001", "-o", "phieu.pdf")
    assert outcome.exit_code == 2
    assert "ĐN-2026-0001, ĐN-2027-0001" in outcome.stderr


REFUSED = {
    "a day that is none": ("register", "--from", "2026-02-30", "--to", "2026-03-01", "-o", "so.pdf"),
    "words for a day": ("register", "--from", "hôm nay", "--to", "2026-03-01", "-o", "so.pdf"),
    "a year too far": ("register", "--from", "2026-01-01", "--to", "9999-12-31", "-o", "so.pdf"),
    "the end before the start": ("register", "--from", "2026-03-02", "--to", "2026-03-01", "-o", "so.pdf"),
    "an unknown agency": ("register", *MONTH, "--agency", "KHONG", "-o", "so.pdf"),
    "a folder that is not there": ("register", *MONTH, "-o", "khong-co/so.pdf"),
    "a folder as file": ("register", *MONTH, "-o", "."),
    "a device as file": ("register", *MONTH, "-o", "/dev/null"),
    "an unknown number": ("case", "ĐN-2026-0099", "-o", "phieu.pdf"),
    "no number": ("case", "văn bản", "-o", "phieu.pdf"),
    "a number beyond every register": ("case", "99999999999999999999", "-o", "phieu.pdf"),
    "a case sheet as workbook": ("case", "ĐN-2026-0001", "-o", "phieu.xlsx"),
    "a case sheet by format as workbook": ("case", "ĐN-2026-0001", "--format", "xlsx", "-o", "phieu.pdf"),
    "a place that cannot be written": ("case", "ĐN-2026-0001", "-o", "khong-co/phieu.pdf"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_done_is_refused_in_one_line_and_leaves_nothing(app, desk, run, tmp_path, why):
    outcome = run(*REFUSED[why])
    assert outcome.exit_code == 2
    assert len(outcome.stderr.strip().splitlines()) == 1
    assert "Traceback" not in outcome.output
    assert list(tmp_path.iterdir()) == []
    assert exports(app) == []


def test_an_old_file_stays_whole_until_the_new_one_is(desk, run, tmp_path, monkeypatch):
    (tmp_path / "phieu.pdf").write_bytes(b"the old one")
    monkeypatch.setattr("pr_tracker.cli.reports.write_case_sheet", lambda *_, **__: 1 / 0)
    assert isinstance(run("case", "ĐN-2026-0001", "-o", "phieu.pdf").exception, ZeroDivisionError)
    assert (tmp_path / "phieu.pdf").read_bytes() == b"the old one"


def test_without_a_provincial_office_nobody_keeps_the_register(app, run):
    outcome = run("register", *MONTH, "-o", "so.pdf")
    assert outcome.exit_code == 2
    assert "provincial office" in outcome.stderr
