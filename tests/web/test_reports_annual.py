"""The annual report: six figures recomputed by plain SQL, the cases behind each, section II, versions, its paper."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from pr_tracker import clock
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.duties import actions_briefings, actions_conferences
from pr_tracker.duties.rules import BriefingFacts
from pr_tracker.errors import ChangedMeanwhile, NotAllowed
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import LetterKind
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.papers.models import Paper
from pr_tracker.reports import actions_annual as actions
from pr_tracker.reports.models import AnnualText, AnnualVersion
from pr_tracker.reports.queries import annual
from pr_tracker.reports.queries.annual_reports import whole_at
from pr_tracker.reports.rules_annual import FigureKey, Outcome, SectionTwo, Window
from pr_tracker.reports.views import lists as list_views
from pr_tracker.runs.jobs import work_off
from tests.factories.accounts import NOW
from tests.factories.duties import a_conference, office
from tests.factories.incidents import Province, an_incident, released
from tests.factories.inquiries import an_inquiry
from tests.factories.letters import a_letter, an_article
from tests.factories.outlets import an_outlet
from tests.pdf.reading import words

WINDOW = Window(2026)
LATER = NOW + timedelta(days=25)
# The same figures by hand, over the tables themselves. Times are stored in UTC: the window is seven hours earlier.
BY_HAND = {
    FigureKey.CONFERENCES: "SELECT count(*) FROM press_conferences WHERE {held_at}",
    FigureKey.BRIEFINGS: "SELECT count(*) FROM press_briefings WHERE withdrawn_at IS NULL AND {held_at}",
    FigureKey.ANSWERS: "SELECT sum(CASE WHEN released_at IS NULL THEN 0 ELSE 1 END) || '/' || count(*) "
    "FROM inquiries WHERE {received_at}",
    FigureKey.SPOKEN: "SELECT count(informed_at) || '/' || count(*) FROM incidents WHERE {received_at}",
    FigureKey.IN_TIME: "SELECT sum(CASE WHEN informed_at < ends_at THEN 1 ELSE 0 END) || '/' || count(ends_at) "
    "FROM incidents WHERE {received_at}",
    FigureKey.LETTERS: "SELECT count(DISTINCT l.inquiry_id) || '/' || count(DISTINCT a.inquiry_id) "
    "FROM inquiry_articles a LEFT JOIN inquiry_press_letters l ON l.inquiry_id = a.inquiry_id "
    "AND l.sent_at IS NOT NULL AND l.kind IN ('feedback', 'correction') "
    "WHERE a.verdict = 'wrong' AND a.withdrawn_at IS NULL "
    "AND a.published_on >= '2025-12-15' AND a.published_on <= '2026-12-14' AND :since < :until",
}


def by_hand(key):
    within = {name: f"{name} >= :since AND {name} < :until" for name in ("held_at", "received_at")}
    query = sa.text(BY_HAND[key].format(**within)).bindparams(
        sa.bindparam("since", WINDOW.since, sa.DateTime(timezone=True)),
        sa.bindparam("until", WINDOW.until, sa.DateTime(timezone=True)),
    )
    return str(db.session.scalar(query))


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """It is Friday 20 November 2026, 16:30."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def province(session):
    return Province()


def a_briefing(province, at=NOW, agency=None, actor=None):
    facts = BriefingFacts("Tiến độ giải ngân", at, "Ban Tuyên giáo", "Giám đốc Lê Giám Đốc", "Thông báo số 45")
    agency, actor = agency or province.department, actor or province.drafter
    return actions_briefings.record_briefing(agency, facts, actor=actor, now=max(at, NOW))


@pytest.fixture
def year(province):
    """Things of every outcome within the window, and one of each just before it."""
    before = WINDOW.since - timedelta(minutes=1)
    for status in (Status.ANSWERED, Status.REFUSED, Status.WITHDRAWN, Status.DRAFTING, Status.RECEIVED):
        an_inquiry(province, status=status)
    an_inquiry(province, received_at=before, now=before)
    an_inquiry(province, received_at=WINDOW.since, now=WINDOW.since)
    wrong, silent = (an_inquiry(province, status=Status.ANSWERED) for _ in range(2))
    article = an_article(province, wrong)
    for kind in (LetterKind.FEEDBACK, LetterKind.CORRECTION):
        a_letter(province, wrong, article, kind=kind, until="sent")
    an_article(province, silent)
    released(an_incident(province), province, form=AnswerForm.PORTAL)
    an_incident(province, title="Cháy chợ")
    an_incident(province, title="Năm trước", received_at=before, happened_at=before, now=before)
    late = an_incident(province, title="Sạt lở", received_at=NOW - timedelta(days=3), now=NOW - timedelta(days=3))
    released(late, province, form=AnswerForm.BRIEFING, outlets=(an_outlet(),))
    for at in (WINDOW.since, before):
        one = a_conference_held(province, at)
        assert one.held_at == at
    a_briefing(province)
    a_briefing(province, before)
    taken_back = a_briefing(province)
    actions_briefings.withdraw_briefing(taken_back, "Ghi nhầm", actor=province.head, now=NOW)
    db.session.commit()
    return province


def a_conference_held(province, at):
    one = a_conference(province, at, agency=province.department, actor=province.drafter, now=at)
    actions_conferences.hold(one, at, "Thông cáo số 2", actor=province.drafter, now=at + timedelta(hours=2))
    return one


def test_the_six_figures_are_those_of_plain_sql(year):
    (figures,) = annual.figures(year.top, [WINDOW], NOW)
    written = {figure.key: figure.written for figure in figures}
    expected = {key: by_hand(key) for key in FigureKey}
    expected[FigureKey.BRIEFINGS] = str(int(expected[FigureKey.BRIEFINGS]) + 1)  # the statement made at a briefing
    assert written == expected
    assert written == {
        FigureKey.CONFERENCES: "1",
        FigureKey.BRIEFINGS: "2",
        FigureKey.ANSWERS: "3/8",
        FigureKey.SPOKEN: "2/3",
        FigureKey.IN_TIME: "1/3",
        FigureKey.LETTERS: "1/2",
    }


def test_the_list_behind_each_figure_and_each_outcome_has_as_many_lines_as_the_figure_says(year):
    for figure in annual.figures(year.top, [WINDOW], NOW)[0]:
        assert len(annual.cases(figure.key, year.top, WINDOW, NOW)) == figure.whole
        for outcome, number in figure.outcomes:
            listed = annual.cases(figure.key, year.top, WINDOW, NOW, outcome=outcome)
            assert [case.outcome for case in listed] == [outcome] * number


def test_an_agency_reports_on_what_it_leads(year):
    own, other = (annual.figures(agency, [WINDOW], NOW)[0] for agency in (year.department, year.other))
    assert own[2].written == "3/5"  # what nobody leads yet is the province's
    assert [figure.whole for figure in other] == [0] * 6


def test_the_first_and_the_last_instant_of_the_window_count_and_their_neighbours_do_not(province):
    moment = timedelta(microseconds=1)
    for at in (WINDOW.since - moment, WINDOW.since, WINDOW.until - moment, WINDOW.until):
        an_inquiry(province, received_at=at, now=at)
    db.session.commit()
    counted = {
        window.year: annual.figures(province.top, [window], LATER + timedelta(days=30))[0][2].whole
        for window in (Window(2025), WINDOW, Window(2027))
    }
    assert counted == {2025: 1, 2026: 2, 2027: 1}


def test_a_case_in_which_something_wrong_was_published_belongs_to_one_year(province):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    article = an_article(province, inquiry)
    at = office(16, 12)
    a_letter(province, inquiry, article, until="sent", now=at)
    db.session.commit()
    this, following = (annual.figures(province.top, [Window(year)], at)[0][5] for year in (2026, 2027))
    assert (this.written, following.written) == ("1/1", "0/0")


# --- section II and versions ----------------------------------------------------------------------------------


def section(**text):
    return {"difficulties": "Thông tin phối hợp chậm", "proposals": "Đề nghị tập huấn", "seen": "0"} | text


def test_section_ii_is_saved_with_every_text_and_who_wrote_it(province, sign_in):
    db.session.commit()
    client = sign_in(province.clerk)
    assert client.post("/reports/annual/text?year=2026", data=section()).status_code == 303
    assert client.post("/reports/annual/text?year=2026", data=section(difficulties="Khác", seen="1")).status_code == 303
    page = client.get("/reports/annual?year=2026").get_data(as_text=True)
    assert "Khác" in page
    assert "Thông tin phối hợp chậm" in page
    assert page.count("Trần Văn Thư, ") >= 2
    assert [text.number for text in db.session.scalars(sa.select(AnnualText).order_by(AnnualText.id))] == [1, 2]
    assert not list(faults_in_chain())


def test_of_two_people_at_once_the_second_sees_what_the_first_wrote_and_keeps_what_was_typed(province, sign_in):
    actions.save_text(province.top, WINDOW, SectionTwo("Người trước viết", ""), actor=province.chairman, now=NOW)
    db.session.commit()
    answer = sign_in(province.clerk).post("/reports/annual/text?year=2026", data=section())
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Người trước viết" in page
    assert "Thông tin phối hợp chậm" in page
    assert db.session.scalar(sa.select(sa.func.count(AnnualText.id))) == 1


def test_another_agency_neither_reads_nor_writes_the_report(province, sign_in):
    db.session.commit()
    client = sign_in(province.stranger)
    assert client.get(f"/reports/annual?agency={province.department.id}").status_code == 404
    assert client.get(f"/reports/annual?agency={province.top.id}").status_code == 404
    assert client.get("/reports/annual").status_code == 200  # its own
    with pytest.raises(NotAllowed):
        actions.save_text(province.top, WINDOW, SectionTwo("x", ""), actor=province.stranger, now=NOW)


def test_a_fixed_version_keeps_its_figures_its_lists_and_its_paper(year, sign_in):
    client = sign_in(year.clerk)
    assert client.post("/reports/annual/fix?year=2026", data={"seen": "0", "note": "Lần đầu"}).status_code == 303
    version = db.session.scalars(sa.select(AnnualVersion)).one()
    first = client.get(f"/reports/annual/versions/{version.id}.pdf").data
    an_inquiry(year, status=Status.ANSWERED)
    db.session.commit()
    page = client.get(f"/reports/annual/versions/{version.id}").get_data(as_text=True)
    assert "3/8" in page
    listed = client.get(f"/reports/annual/versions/{version.id}/figures/3?outcome=answered").get_data(as_text=True)
    assert listed.count("/inquiries/") >= 3
    assert client.get(f"/reports/annual/versions/{version.id}.pdf").data == first
    assert "4/9" in client.get("/reports/annual?year=2026").get_data(as_text=True)
    assert not list(faults_in_chain())


def test_a_later_version_supersedes_the_paper_of_the_one_before(year, sign_in):
    client = sign_in(year.clerk)
    client.post("/reports/annual/fix?year=2026", data={"seen": "0"})
    an_inquiry(year, status=Status.ANSWERED)
    db.session.commit()
    client.post("/reports/annual/fix?year=2026", data={"seen": "1", "note": "Bổ sung"})
    papers = db.session.scalars(sa.select(Paper).order_by(Paper.id)).all()
    assert [paper.superseded_at is None for paper in papers] == [False, True]
    assert all(paper.kept for paper in papers)
    assert "Bổ sung" in client.get("/reports/annual?year=2026").get_data(as_text=True)


def test_nobody_fixes_what_somebody_else_changed_meanwhile(year, sign_in):
    actions.save_text(year.top, WINDOW, SectionTwo("Mới", ""), actor=year.clerk, now=NOW)
    db.session.commit()
    answer = sign_in(year.clerk).post("/reports/annual/fix?year=2026", data={"seen": "0"})
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(AnnualVersion.id))) == 0
    with pytest.raises(ChangedMeanwhile):
        actions.require_unchanged(year.top, WINDOW, actor=year.clerk, seen=0)


# --- paper, workbook, command ---------------------------------------------------------------------------------


def test_the_paper_has_the_figures_section_ii_and_an_annex_for_each(year, sign_in):
    actions.save_text(year.top, WINDOW, SectionTwo("Cấp xã thiếu người", ""), actor=year.clerk, now=NOW)
    db.session.commit()
    client = sign_in(year.clerk)
    text = words(client.get("/reports/annual.pdf?year=2026").data)
    for said in ("BÁO CÁO", "3/8", "1/2", "Cấp xã thiếu người", "Không có.", "Bộ Văn hóa, Thể thao và Du lịch"):
        assert said in text, said
    assert all(f"Phụ lục {number}." in text for number in range(1, 7))
    assert "Đường vào khu tái định cư" in text
    book = load_workbook(BytesIO(client.get("/reports/annual.xlsx?year=2026").data))
    assert len(book.worksheets) == 7
    assert "3/8" in [cell.value for cell in book.worksheets[0]["C"]]
    assert "3/8" in client.get("/reports/annual.csv?year=2026").data.decode("utf-8-sig")


def test_a_list_behind_a_figure_is_a_file_too(year, sign_in):
    client = sign_in(year.clerk)
    table = client.get("/reports/annual/figures/3.csv?year=2026&outcome=refused").data.decode("utf-8-sig")
    assert len(table.strip().splitlines()) == 2
    assert client.get("/reports/annual/figures/7?year=2026").status_code == 404


def test_the_annual_report_and_the_lists_are_written_by_command(year, app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = app.test_cli_runner().invoke
    for name in ("bc.pdf", "bc.xlsx", "bc.csv"):
        outcome = run(args=["report", "annual", "--year", "2026", "-o", name])
        assert "1, 2, 3/8, 2/3, 1/3, 1/2." in outcome.output, outcome.output
    for kind, said in (("refusals", "1 rows"), ("corrections", "2 rows")):
        for ending in ("pdf", "xlsx", "csv"):
            asked = ["report", kind, "--year", "2026", "-o", f"{kind}.{ending}"]
            assert said in run(args=asked).output
    assert "từ chối" in words((tmp_path / "refusals.pdf").read_bytes())
    assert "cải chính" in words((tmp_path / "corrections.pdf").read_bytes())
    asked = ["report", "annual", "--agency", year.department.code, "--format", "csv", "-o", "so.txt"]
    assert "3/5" in run(args=asked).output


def test_a_report_counts_its_own_lists_whatever_comes_in_meanwhile(province, monkeypatch):
    listed = annual.cases

    def cases(key, *asked, **more):
        if key is FigureKey.ANSWERS:
            an_inquiry(province, status=Status.ANSWERED)  # by somebody else, between two statements
        return listed(key, *asked, **more)

    monkeypatch.setattr(annual, "cases", cases)
    whole = whole_at(province.top, WINDOW, NOW)
    assert [each.whole for each in whole.figures] == [len(each) for each in whole.cases]
    assert whole.figures[2].written == "1/1"


def test_an_outcome_stands_for_what_the_case_is_now(province):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    db.session.commit()
    before = annual.figures(province.top, [WINDOW], inquiry.finished_at - timedelta(minutes=1))[0][2]
    assert before.counts == {Outcome.OPEN: 1}


@pytest.mark.parametrize(("name", "said"), [("refusals", "từ chối"), ("corrections", "cải chính")])
def test_a_long_list_is_drawn_in_the_background_and_a_short_one_at_once(year, app, sign_in, monkeypatch, name, said):
    client = sign_in(year.clerk)
    assert said in words(client.get(f"/reports/{name}.pdf?from=2025-12-15&to=2026-12-14").data)
    monkeypatch.setattr(list_views, "MOST_AT_ONCE", 0)
    page = client.get(f"/reports/{name}.pdf?from=2025-12-15&to=2026-12-14")
    assert page.status_code == 303
    work_off(clock.now())
    assert said in words(client.get(f"{page.headers['Location']}/result").data)
