"""Monthly and quarterly figures: every number opens just its cases; the paper and the tables say the same."""

import csv
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.duties import actions_conferences
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.reports.documents.pictures import over_time
from pr_tracker.reports.queries.figures import period_report
from pr_tracker.reports.rules_figures import AROUND, BY_RESULT, BY_TIMING, Every, Measure, Run, Stretch
from pr_tracker.trainings.actions import roll
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW
from tests.factories.duties import conference_facts
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.letters import a_letter, an_article
from tests.factories.statements import a_statement
from tests.factories.stops import pause
from tests.factories.trainings import a_class, a_course, a_roster, a_session
from tests.pdf.reading import words

M = Measure
DAY = timedelta(days=1)
NOVEMBER = Stretch(Every.MONTH, 2026, 11)
NUMBERS = (
    re.compile(r'<a href="([^"]*)">(\d+)</a>'),
    re.compile(r'<a class="tile[^"]*" href="([^"]*)">.*?<b>(\d+)</b>', re.DOTALL),
)


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """Pages are asked for at NOW, whatever day it is."""
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)


@pytest.fixture
def busy(session):
    """A province with something in every column of the report, in this month and in the one before."""
    province = Province()
    for status in Status:
        an_inquiry(province, status=status)
    an_inquiry(province, kind=Kind.FORWARDED_OPINION, status=Status.ASSIGNED)
    an_inquiry(province, status=Status.ASSIGNED, now=NOW - 15 * DAY)  # overdue
    an_inquiry(province, status=Status.ANSWERED, now=NOW - 25 * DAY)
    an_inquiry(province, status=Status.ASSIGNED, now=NOW - 30 * DAY)  # brought over
    pause(an_inquiry(province, status=Status.APPROVED), province.drafter)
    answered = an_inquiry(province, status=Status.ANSWERED)
    a_letter(province, answered, an_article(province, answered), until="sent")
    a_statement(province.department, said_at=NOW - DAY)
    a_statement(province.other, "Thông cáo về giá đất", said_at=NOW - 40 * DAY)
    conference = actions_conferences.plan(
        province.department, conference_facts(NOW - 2 * DAY), actor=province.drafter, now=NOW - 9 * DAY
    )
    actions_conferences.hold(conference, NOW - 2 * DAY, "Thông cáo số 1", "", actor=province.drafter, now=NOW)
    _a_class(province)
    db.session.commit()
    return province


def _a_class(province):
    course = a_course(agency=province.office, now=NOW - 9 * DAY)
    one = a_class(course=course, now=NOW - 9 * DAY)
    first = a_session(of=one, day=date(2026, 11, 18), now=NOW - 9 * DAY)
    people = a_roster(one, Entry("Người Của Sở", agency_name="Sở Xây dựng"), "Người Ngoài", "Người Vắng")
    people[0].agency_id = province.department.id
    for person, mark in zip(people, (Mark.PRESENT, Mark.LATE, Mark.ABSENT), strict=True):
        roll.mark(first, person, mark, version=0, actor=province.clerk, now=NOW)


def numbers(page):
    """(address, number) of every figure of a page that is a link."""
    return [(unescape(url), int(count)) for pattern in NUMBERS for url, count in pattern.findall(page)]


def cases(page):
    """How many rows a list has, of inquiries or of what was done around them."""
    if "/inquiries/refusals" in page:
        return len(set(re.findall(r'href="/inquiries/(\d+)"', page)))
    return page.count('<th scope="row"')


@pytest.mark.parametrize("who", ["clerk", "drafter", "stranger"])
@pytest.mark.parametrize("query", ["", "?every=quarter", "?of=10/2026"])
def test_every_number_opens_just_its_cases(busy, sign_in, who, query):
    client = sign_in(getattr(busy, who))
    found = numbers(client.get(f"/reports/figures{query}").text)
    assert len(found) > (30 if who != "stranger" and not query else 0)
    for url, count in dict(found).items():
        page = client.get(url).text
        assert cases(page) == count, url


def test_each_column_counts_something_here_so_that_the_numbers_above_mean_something(busy):
    whole = period_report(None, NOVEMBER, None, NOW).whole
    assert {each for each in M if not whole[each]} == {M.LATE, M.SECRET, M.UNCONCLUDED, M.DRAFT_POLICY, M.EXTENDED}


def test_units_add_up_to_the_whole_and_each_division_to_what_was_received(busy):
    report = period_report(None, NOVEMBER, None, NOW)
    whole = report.whole
    for division in (BY_TIMING, BY_RESULT):
        assert sum(whole[each] for each in division) == whole[M.RECEIVED]
    assert sum(counts[M.RECEIVED] for counts in report.kinds.values()) == whole[M.RECEIVED]
    for unit in report.units:
        if unit.agency_id is not None:
            assert period_report(None, NOVEMBER, unit.agency_id, NOW).whole == unit.counts
    assert report.run[-1].counts[M.RECEIVED] == whole[M.RECEIVED]
    assert report.run[-2].counts[M.RECEIVED] == period_report(None, NOVEMBER.step(-1), None, NOW).whole[M.RECEIVED]


def test_a_quarter_is_its_months_together(busy):
    quarter = period_report(None, Stretch(Every.QUARTER, 2026, 4), None, NOW).whole
    months = [period_report(None, NOVEMBER.step(at), None, NOW).whole for at in (-1, 0)]
    for measure in (M.RECEIVED, M.ON_TIME, M.REFUSED, *AROUND):
        assert quarter[measure] == sum(month[measure] for month in months), measure


def test_an_agency_reads_its_own_report_whatever_it_asks_for(busy, sign_in):
    client = sign_in(busy.stranger)
    asked = client.get(f"/reports/figures?agency={busy.department.id}").text
    assert "Sở Tài chính" in asked
    assert "Sở Xây dựng" not in asked
    assert (
        cases(client.get(f"/reports/behind?what=turns&from=2026-11-01&to=2026-11-30&agency={busy.department.id}").text)
        == 0
    )


@pytest.mark.parametrize("query", ["of=x", "of=2027-05", "of=%00", "every=year", "agency=x", "agency=999999999"])
def test_a_report_that_cannot_be_is_this_month_or_not_found(busy, sign_in, query):
    assert sign_in(busy.clerk).get(f"/reports/figures?{query}").status_code == (404 if "999" in query else 200)


@pytest.mark.parametrize(
    "query",
    ["", "what=turns", "what=received&from=2026-11-01&to=2026-11-30", "what=turns&from=2026-11-02&to=2026-11-01"],
)
def test_behind_no_figure_there_is_nothing(busy, sign_in, query):
    assert sign_in(busy.clerk).get(f"/reports/behind?{query}").status_code == 404


def test_the_paper_excel_and_csv_have_the_rows_of_the_page(busy, sign_in):
    client = sign_in(busy.clerk)
    report = period_report(busy.clerk, NOVEMBER, None, NOW)
    text = words(client.get("/reports/figures.pdf").data)
    assert "BÁO CÁO" in text
    assert "tháng 11 năm 2026" in text
    assert f"Tiếp nhận {report.whole[M.RECEIVED]} đề nghị của báo chí" in text
    book = load_workbook(BytesIO(client.get("/reports/figures.xlsx").data))
    assert book.sheetnames == ["Theo đơn vị", "Theo loại", "So với kỳ trước", "Qua các kỳ"]
    rows = list(csv.reader(StringIO(client.get("/reports/figures.csv").data.decode("utf-8-sig"))))
    received = rows[0].index("Đề nghị nhận")
    by_name = {row[0]: int(row[received]) for row in rows[1:]}
    assert by_name == {
        **{unit.name or "Chưa phân công": unit.counts[M.RECEIVED] for unit in report.units},
        "Cộng": report.whole[M.RECEIVED],
    }
    assert [cell.value for cell in book["Theo đơn vị"][3]] == rows[0]


def test_it_is_noted_who_took_which_report_out(busy, sign_in):
    client = sign_in(busy.clerk)
    for kind in ("pdf", "xlsx", "csv"):
        assert client.get(f"/reports/figures.{kind}?every=quarter").status_code == 200
    query = sa.select(AuditEntry.data).where(AuditEntry.event == InquiryEvent.EXPORT).order_by(AuditEntry.number)
    assert [data["asked"]["kind"] for data in db.session.scalars(query)] == ["pdf", "xlsx", "csv"]


def test_every_number_of_the_register_opens_just_its_cases(busy, sign_in):
    client = sign_in(busy.clerk)
    found = numbers(client.get("/reports/register?from=01/11/2026&to=30/11/2026").text)
    assert len(found) > 12
    for url, count in found:
        assert cases(client.get(url).text) == count, url


def lines(answer):
    """The numbers of the inquiries on the lines of a table."""
    return sorted(re.findall(r"ĐN-\d{4}-\d{4,}", answer.data.decode("utf-8-sig")))


NARROWED = ("q=kè", "timing=on_time", "result=refused", "ground=secret", "paused=1", "open=1", "unassigned=1")


@pytest.mark.parametrize("query", [*NARROWED, "outlet_name=sóng", "person_name=an", "person={officer}", "mine=1"])
def test_the_register_is_narrowed_by_any_filter_of_the_list(busy, sign_in, query):
    """The list leads to the register with its filters; page, paper and table have just what the list has."""
    browser = sign_in(busy.drafter)
    query = f"{query.format(officer=busy.drafter.id)}&from=2026-11-01&to=2026-11-20"
    listed = lines(browser.get(f"/inquiries.csv?{query}"))
    assert lines(browser.get(f"/reports/register.csv?{query}")) == listed
    page = browser.get(f"/reports/register?{query}").get_data(as_text=True)
    assert len(re.findall(r"/sheet.pdf", page)) == len(listed)
    name, value = query.split("&")[0].split("=")
    assert f'name="{name}" value="{value}" checked' in page
    paper = words(browser.get(f"/reports/register.pdf?{query}").data)
    assert f"Sổ này có {len(listed)} đề nghị." in paper


def test_a_running_period_is_not_said_to_be_compared_with_a_whole_one(busy, sign_in):
    browser = sign_in(busy.clerk)
    assert "cùng số ngày đầu của kỳ trước" in words(browser.get("/reports/figures.pdf").data)
    assert "cùng số ngày đầu kỳ trước" in browser.get("/reports/figures").text
    over = "of=2026-10"
    assert "cùng số ngày đầu" not in words(browser.get(f"/reports/figures.pdf?{over}").data)
    assert "cùng số ngày đầu" not in browser.get(f"/reports/figures?{over}").text


def test_a_picture_never_rounds_a_rate_up(busy):
    report = period_report(None, NOVEMBER, None, NOW)
    counts = Counter({M.RECEIVED: 250, M.ON_TIME: 249, M.LATE: 1})
    picture = over_time(replace(report, run=(Run(NOVEMBER, counts),)))
    assert [shape["words"] for shape in picture.wide.shapes if shape.get("words", "").endswith("%")] == ["99,6%"]


def test_units_without_inquiries_stand_only_where_something_of_theirs_is_counted(busy):
    report = period_report(None, NOVEMBER, None, NOW)
    left_out = {unit.name for unit in report.units} - {unit.name for unit in report.units_asked}
    assert left_out
    assert sum(unit.counts[M.RECEIVED] for unit in report.units_asked) == report.whole[M.RECEIVED]


def test_a_list_that_is_narrowed_says_to_what(busy, sign_in):
    browser, agency = sign_in(busy.clerk), busy.department
    refusals = words(browser.get(f"/reports/refusals.pdf?agency={agency.id}&ground=secret").data)
    assert f"Đơn vị chủ trì: {agency.name}; căn cứ từ chối: " in refusals
    assert f"Đơn vị chủ trì: {agency.name}" in words(browser.get(f"/reports/corrections.pdf?agency={agency.id}").data)
    assert "Đơn vị chủ trì: " not in words(browser.get("/reports/refusals.pdf").data)
