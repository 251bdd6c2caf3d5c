"""The weekly list of late units: what stands on it, by whose doing, and that all its forms say the same."""

import csv
import re
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from pr_tracker.db import db
from pr_tracker.inquiries.actions import answer
from pr_tracker.inquiries.actions.beats import end_part
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Part
from pr_tracker.reports.queries.late import late_list
from pr_tracker.reports.rules_late import LateKind, read_habit, week_of
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part
from tests.pdf.reading import words

DAY = timedelta(days=1)
HABIT = read_habit("thu 15:00")
WEEK = week_of(NOW, HABIT)


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """Pages are asked for at NOW, whatever day it is."""
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)


@pytest.fixture
def province(session):
    return Province()


def on(found):
    """What stands on a list: the unit, the subject, why."""
    return {(unit.name, item.subject, item.kind) for unit in found.units for item in unit.items}


def test_what_is_overdue_now_and_what_came_late_this_week_stand_under_their_unit(province):
    an_inquiry(province, subject="Quá hạn", status=Status.ASSIGNED, now=NOW - 20 * DAY)
    late = an_inquiry(province, subject="Xong trễ", now=NOW - 20 * DAY)
    answer.withdraw(late, "Báo rút", actor=province.clerk, now=NOW - timedelta(hours=2))
    an_inquiry(province, subject="Đúng hạn", status=Status.ANSWERED)
    an_inquiry(province, subject="Trong hạn", status=Status.ASSIGNED)
    assert on(late_list(None, WEEK, None, NOW)) == {
        ("Sở Xây dựng", "Quá hạn", LateKind.OVERDUE),
        ("", "Xong trễ", LateKind.LATE),
    }
    assert on(late_list(None, WEEK, province.department.id, NOW)) == {("Sở Xây dựng", "Quá hạn", LateKind.OVERDUE)}
    assert on(late_list(None, WEEK, province.other.id, NOW)) == set()


def test_a_week_that_is_over_is_shown_as_it_stood_at_its_end(province):
    late = an_inquiry(province, subject="Xong tuần này", now=NOW - 20 * DAY)
    answer.withdraw(late, "Báo rút", actor=province.clerk, now=NOW - timedelta(hours=2))
    assert on(late_list(None, WEEK.step(-1, HABIT), None, NOW)) == {("", "Xong tuần này", LateKind.OVERDUE)}
    assert on(late_list(None, WEEK.step(-4, HABIT), None, NOW)) == set()


def test_a_coordinating_agency_stands_on_the_list_for_its_part_and_for_what_it_made_late(province):
    inquiry = an_inquiry(province, subject="Chờ phối hợp", status=Status.ASSIGNED, now=NOW - 20 * DAY)
    a_part(inquiry, province.other, actor=province.drafter, now=NOW - 20 * DAY)
    assert on(late_list(None, WEEK, None, NOW)) == {
        ("Sở Tài chính", "Chờ phối hợp", LateKind.OVERDUE),
        ("Sở Tài chính", "Chờ phối hợp", LateKind.PART),
    }


def test_a_part_that_ended_since_still_stands_on_the_list_of_its_week(province):
    inquiry = an_inquiry(province, subject="Chờ phối hợp", status=Status.ASSIGNED, now=NOW - 20 * DAY)
    a_part(inquiry, province.other, actor=province.drafter, now=NOW - 20 * DAY)
    end_part(inquiry, province.other, Part.COORDINATING, now=NOW)
    missing = ("Sở Tài chính", "Chờ phối hợp", LateKind.PART)
    assert missing in on(late_list(None, WEEK.step(-1, HABIT), None, NOW))
    assert missing not in on(late_list(None, WEEK, None, NOW))


@pytest.mark.parametrize(
    "page", ["/reports", "/reports/late", "/reports/figures", "/reports/annual", "/reports/register"]
)
def test_the_menu_says_that_one_is_among_the_reports(province, sign_in, page):
    db.session.commit()
    assert re.search(r'href="/reports"[^>]*aria-current', sign_in(province.clerk).get(page).text)


def test_the_entrance_leads_to_the_spokespersons_and_to_what_was_issued(province, sign_in):
    page = sign_in(province.clerk).get("/reports").text
    assert 'href="/spokespersons"' in page.split("<main")[1]
    assert 'href="/papers"' in page.split("<main")[1]


def test_page_paper_and_csv_have_the_same_rows_and_an_agency_reads_its_own(province, sign_in):
    for at in range(3):
        an_inquiry(province, subject=f"Quá hạn {at}", status=Status.ASSIGNED, now=NOW - 20 * DAY)
    db.session.commit()
    client = sign_in(province.clerk)
    page = client.get("/reports/late").text
    assert "1 đơn vị chậm trong tuần" in page
    rows = list(csv.reader(StringIO(client.get("/reports/late.csv").data.decode("utf-8-sig"))))
    codes = {row[1] for row in rows[1:]}
    assert len(codes) == 3
    text = words(client.get("/reports/late.pdf").data)
    assert "Danh sách có 3 việc chậm của 1 đơn vị." in text
    book = load_workbook(BytesIO(client.get("/reports/late.xlsx").data))
    ends = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if isinstance(cell.value, datetime)]
    assert len(ends) == 3  # days are days
    assert all(code in text and code in page for code in codes)
    assert re.search(r"đơn vị chậm: 3 đề nghị\s+quá hạn", text)
    assert client.get("/reports/late.xlsx").status_code == 200
    assert "Trong tuần không có đơn vị nào chậm" in sign_in(province.stranger).get("/reports/late").text
    assert client.get("/reports/late?on=x&agency=y").status_code == 200
    assert client.get("/reports/late?on=1990-01-01").status_code == 200
