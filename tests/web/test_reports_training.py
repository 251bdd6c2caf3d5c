"""Who is trained, who should come, before and after, the reports: figures that are counted by hand here."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.rules import Status
from pr_tracker.db import db
from pr_tracker.inquiries.rules import Status as CaseStatus
from pr_tracker.permissions import Role
from pr_tracker.reports.queries.classes import class_report
from pr_tracker.reports.queries.coverage import coverage, trained
from pr_tracker.reports.queries.effects import effects_of, spans_of
from pr_tracker.reports.queries.needs import SHOWN, proposals
from pr_tracker.reports.queries.years import year_report, years_of_training
from pr_tracker.reports.rules_training import Cover, Handled, Reason
from pr_tracker.spokespersons.rules_authority import RightKind
from pr_tracker.trainings.actions import roll
from pr_tracker.trainings.actions.roster import enrol_staff
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.letters import a_letter, an_article
from tests.factories.spokespersons import a_decision
from tests.factories.trainings import a_class, a_course, a_roster, a_session
from tests.pdf.reading import words

TODAY = date(2026, 11, 20)  # Friday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """Pages are asked for at NOW, whatever day it is."""
    monkeypatch.setattr("pr_tracker.clock.now", lambda: NOW)


@pytest.fixture
def province(session):
    made = Province()
    made.trainer = a_person("Cao Đào Tạo", agency=made.other, roles=(Role.TRAINER,))
    db.session.commit()
    return made


def certified(person, *, course=None, on=TODAY, until=None, status=Status.VALID, of=None):
    """A certificate as issuing leaves it, of a class of its own unless told."""
    one = of or a_class(course=course or a_course())
    db.session.flush()
    (row,) = enrol_staff(one, [person.id], actor=None, now=NOW)
    ended = {} if status is Status.VALID else {"ended_at": NOW, "ended_because": "sai tên"}
    made = Certificate(year=on.year, number=row.id, code=f"T{row.id}", participant_id=row.id, class_id=one.id, paper={})
    for name, value in {"issued_on": on, "valid_until": until, "issued_at": NOW, "status": status, **ended}.items():
        setattr(made, name, value)
    db.session.add(made)
    db.session.flush()
    return one


def overdue(province, **facts):
    """An inquiry of the department whose term ended long before NOW."""
    return an_inquiry(province, status=CaseStatus.ASSIGNED, now=NOW - 60 * DAY, **facts)


def reasons_of(found, person):
    return {g.reason: len(g.cases) for one in found if one.person_id == person.id for g in one.grounds}


# --- coverage -----------------------------------------------------------------------------------------------


def test_heads_and_spokespersons_are_counted_once_for_each_agency(province):
    a_decision(province.deputy, NOW - DAY, actor=province.clerk)
    a_decision(province.head, NOW - DAY, actor=province.clerk)  # speaks as head already
    certified(province.head, until=TODAY)
    certified(province.deputy, until=TODAY - DAY)
    found = coverage(None, NOW)
    covers = found.counted()
    assert covers == {Cover.SOON: 1, Cover.LAPSED: 1, Cover.NEVER: 1}  # head, deputy, the other department's head
    assert trained(covers) == 1
    assert found.counted(RightKind.SPOKESPERSON) == {Cover.SOON: 1, Cover.LAPSED: 1}
    assert found.counted(RightKind.HEAD) == {Cover.SOON: 1, Cover.NEVER: 1}


def test_revoked_and_superseded_certificates_do_not_count(province):
    certified(province.head, status=Status.REVOKED)
    certified(province.other_head, status=Status.SUPERSEDED)
    assert coverage(None, NOW).counted() == {Cover.NEVER: 2}


def test_of_two_certificates_of_a_course_the_longer_one_counts_and_the_matrix_names_the_course(province):
    course = a_course("Kỹ năng phát ngôn")
    certified(province.head, course=course, on=TODAY - 400 * DAY, until=TODAY - 35 * DAY)
    second = a_class("Lớp 2", course=course)
    certified(province.head, of=second, until=TODAY + 365 * DAY)
    found = coverage(None, NOW)
    assert found.courses == ((course.id, "Kỹ năng phát ngôn"),)
    own = next(one for one in found.speakers if one.person_id == province.head.id)
    assert own.certificate_of(course.id).valid_until == TODAY + 365 * DAY
    assert own.cover_in(course.id, TODAY) is Cover.VALID
    assert own.cover(TODAY - 30 * DAY) is Cover.LAPSED
    assert own.cover(TODAY - 399 * DAY) is not Cover.NEVER


def test_how_many_are_trained_falls_when_certificates_lapse(province):
    certified(province.head, until=TODAY + 40 * DAY)
    certified(province.other_head)
    found = coverage(None, NOW)
    assert [found.trained_on(TODAY + days * DAY) for days in (0, 40, 41)] == [2, 2, 1]
    assert found.trained_on(TODAY - DAY) == 0


def test_an_agency_sees_its_own_people_and_trainers_see_the_province(province, sign_in):
    db.session.commit()
    page = sign_in(province.head).get("/trainings/coverage").text
    assert "Lê Giám Đốc" in page
    assert "Đỗ Giám Đốc" not in page
    for reader in (province.trainer, province.supervisor):
        page = sign_in(reader).get("/trainings/coverage").text
        assert "Lê Giám Đốc" in page
        assert "Đỗ Giám Đốc" in page


def test_the_matrix_is_narrowed_by_state_and_right(province, sign_in):
    certified(province.head)
    db.session.commit()
    client = sign_in(province.trainer)
    page = client.get("/trainings/coverage?cover=never").text
    assert "Đỗ Giám Đốc" in page
    assert 'scope="row">Lê Giám Đốc' not in page
    assert 'scope="row">Lê Giám Đốc' in client.get("/trainings/coverage?cover=valid&kind=head").text
    assert client.get("/trainings/coverage?cover=rubbish&agency=99&kind=x").status_code == 200


def test_the_workbook_has_the_same_numbers_and_who_took_it_out_is_noted(province, sign_in):
    from pr_tracker.audit.models import AuditEntry

    certified(province.head, until=TODAY + 365 * DAY)
    db.session.commit()
    answer_ = sign_in(province.trainer).get("/trainings/coverage.xlsx")
    book = load_workbook(BytesIO(answer_.data))
    rows = {row[0]: row[1:5] for row in book["Theo đơn vị"].iter_rows(min_row=4, values_only=True)}
    assert rows["Sở Xây dựng"] == (1, 1, 0, 0)
    assert rows["Sở Tài chính"] == (1, 0, 0, 1)
    people = list(book["Theo người"].iter_rows(min_row=4, max_row=5, values_only=True))
    assert people[0][0:2] == ("Sở Tài chính", "Đỗ Giám Đốc")
    noted = db.session.query(AuditEntry).filter_by(event="training:report:export").one()
    assert noted.data == {"paper": "coverage", "people": 2}


# --- who should come ----------------------------------------------------------------------------------------


def test_a_late_inquiry_proposes_the_responsible_head_and_the_officer(province):
    case = overdue(province)
    case.officer = province.drafter
    db.session.flush()
    found = proposals(None, NOW)
    assert reasons_of(found, province.head) == {Reason.LATE: 1, Reason.NEVER: 0}
    assert reasons_of(found, province.drafter) == {Reason.LATE: 1}
    assert found[0].person_id in (province.head.id, province.drafter.id)
    assert found[0].grounds[0].cases[0].code == case.code


def test_an_inquiry_late_more_than_twelve_months_ago_proposes_nobody(province):
    an_inquiry(province, status=CaseStatus.ASSIGNED, now=NOW - 420 * DAY)
    assert reasons_of(proposals(None, NOW), province.head) == {Reason.NEVER: 0}


def test_a_returned_draft_proposes_its_author_and_a_correction_the_speaker(province):
    an_inquiry(province, status=CaseStatus.RETURNED, now=NOW)
    answered = an_inquiry(province, status=CaseStatus.ANSWERED, now=NOW)
    a_letter(province, answered, an_article(province, answered, now=NOW), until="sent", now=NOW)
    found = proposals(None, NOW)
    assert reasons_of(found, province.drafter) == {Reason.RETURNED: 1}
    assert reasons_of(found, province.head) == {Reason.CORRECTED: 1, Reason.NEVER: 0}


def test_inquiries_from_before_the_newest_certificate_do_not_count(province):
    overdue(province)
    certified(province.head, on=TODAY)
    assert reasons_of(proposals(None, NOW), province.head) == {}


def test_another_course_does_not_help_where_one_course_is_asked_for(province):
    course = a_course()
    certified(province.head)
    assert reasons_of(proposals(None, NOW), province.head) == {}
    assert reasons_of(proposals(None, NOW, course_id=course.id), province.head) == {Reason.NEVER: 0}


def test_lapsed_and_soon_lapsing_certificates_are_reasons_with_their_day(province):
    certified(province.head, until=TODAY - DAY)
    certified(province.other_head, until=TODAY + DAY)
    days = {one.person_id: one.grounds[0].day for one in proposals(None, NOW)}
    assert days == {province.head.id: TODAY - DAY, province.other_head.id: TODAY + DAY}


def test_of_many_inquiries_the_latest_are_named_and_all_of_them_on_a_page_of_that_person(province, client):
    codes = [overdue(province).code for _ in range(SHOWN + 2)]
    db.session.commit()
    client.act_as(province.supervisor)
    page = client.get("/trainings/needs").text
    assert "2 đề nghị khác" in page
    assert [code for code in codes if code in page] == codes[2:]
    page = client.get(f"/trainings/needs?person={province.head.id}").text
    assert all(code in page for code in codes)


def test_links_go_only_where_the_reader_may_read(province, sign_in):
    case = overdue(province)
    db.session.commit()
    assert f"/inquiries/{case.id}" in sign_in(province.supervisor).get("/trainings/needs").text
    page = sign_in(province.trainer).get("/trainings/needs").text
    assert case.code in page
    assert f"/inquiries/{case.id}" not in page
    page = sign_in(province.stranger).get("/trainings/needs").text
    assert case.code not in page


def test_one_click_puts_those_ticked_on_a_roster_and_nobody_who_was_not_proposed(province, sign_in):
    overdue(province)
    one = a_class()
    db.session.commit()
    client = sign_in(province.trainer)
    sent = {"person": [province.head.id, province.stranger.id], "class": one.id}
    assert client.post("/trainings/needs", data=sent).status_code == 303
    page = client.get("/trainings/needs").text
    assert f'value="{province.head.id}"' not in page  # is on a roster to come: cannot be ticked again
    names = [row.full_name for row in class_report(one, NOW).people]
    assert names == ["Lê Giám Đốc"]


def test_an_agency_names_its_own_people_only_for_classes_open_to_it(province, sign_in):
    one, other = a_class(), a_class()
    db.session.flush()
    one.registration_until = NOW + DAY
    db.session.commit()
    client = sign_in(province.head)
    assert 'name="class"' in client.get("/trainings/needs").text
    sent = {"person": [province.head.id, province.other_head.id], "class": one.id}
    assert client.post("/trainings/needs", data=sent).status_code == 303
    assert [row.full_name for row in class_report(one, NOW).people] == ["Lê Giám Đốc"]
    assert client.post("/trainings/needs", data=sent | {"class": other.id}).status_code == 404


def test_only_trainers_and_agencies_put_people_on_a_roster(province, sign_in):
    one = a_class()
    db.session.commit()
    client = sign_in(province.supervisor)
    assert client.post("/trainings/needs", data={"person": province.head.id, "class": one.id}).status_code == 403
    client = sign_in(province.trainer)
    assert client.post("/trainings/needs", data={"person": "x", "class": "y"}).status_code == 303
    assert client.post("/trainings/needs", data={"person": "1", "class": "99999"}).status_code == 404


def test_a_name_on_a_pasted_list_is_the_account_of_that_name_in_that_agency(province):
    a_person("Trùng Tên", agency=province.department)
    a_person("Trùng Tên", agency=province.department)
    entries = [Entry(name, agency_name="Sở Xây dựng") for name in ("lê giám đốc", "Trùng Tên", "Người Lạ")]
    rows = a_roster(a_class(), *entries, Entry("Đỗ Giám Đốc", agency_name="Sở Xây dựng"))
    assert {row.full_name: row.person_id for row in rows} == {
        "lê giám đốc": province.head.id,
        "Trùng Tên": None,
        "Người Lạ": None,
        "Đỗ Giám Đốc": None,
    }
    assert next(row for row in rows if row.person_id).title == "Giám đốc"


# --- a class and a year -------------------------------------------------------------------------------------


@pytest.fixture
def held(province):
    """Two sessions on 10 and 11 November: A in both, late once; B in the first; C in none. D waits, never named."""
    one = a_class("Lớp 1", course=a_course("Kỹ năng phát ngôn"))
    names = (Entry("Trần An", agency_name="Sở Xây dựng"), Entry("Lê Bình", agency_name="Sở Xây dựng"))
    people = a_roster(one, *names, Entry("Võ Châu", agency_name="Đài tỉnh"))
    marks = [(Mark.PRESENT, Mark.PRESENT, Mark.ABSENT), (Mark.LATE, Mark.EXCUSED, Mark.ABSENT)]
    for number, given in enumerate(marks):
        session = a_session(of=one, day=date(2026, 11, 10 + number))
        db.session.flush()
        chosen = {row.id: (mark, "", 0) for row, mark in zip(people, given, strict=True)}
        roll.mark_many(session, chosen, actor=None, now=NOW - 10 * DAY)
    db.session.commit()
    return one


def test_the_report_of_a_class_counts_by_session_and_by_agency(province, held):
    report = class_report(held, NOW)
    assert [(one.attended, one.listed) for one in report.sessions] == [(2, 3), (1, 3)]
    assert report.came == 2
    rows = {one.agency: (one.listed, one.came, one.came_to_all, one.certificates) for one in report.agencies}
    assert rows == {"Sở Xây dựng": (2, 2, 1, 0), "Đài tỉnh": (1, 0, 0, 0)}
    assert {one.full_name: (one.attended, one.held) for one in report.people} == {
        "Trần An": (2, 2),
        "Lê Bình": (1, 2),
        "Võ Châu": (0, 2),
    }


def test_before_and_after_count_the_inquiries_of_agencies_that_came(province, held):
    assert [(span.since.day, span.until.day) for span in spans_of(held.id, NOW)] == [(1, 9), (12, 20)]
    assert [(one.agency, one.attended) for one in effects_of(held.id, spans_of(held.id, NOW), NOW)] == [
        ("Sở Xây dựng", 2)
    ]
    late = an_inquiry(province, status=CaseStatus.ASSIGNED, now=NOW - 30 * DAY)
    good = an_inquiry(province, status=CaseStatus.ANSWERED, now=NOW - 6 * DAY)
    late.ends_at, good.ends_at = NOW - 15 * DAY, NOW - DAY
    an_inquiry(province, status=CaseStatus.RETURNED, now=NOW - 2 * DAY)
    db.session.flush()
    (effect,) = effects_of(held.id, spans_of(held.id, NOW), NOW)
    assert effect.before == Handled(due=1, on_time=0, returned=0, corrected=0)
    assert effect.after == Handled(due=1, on_time=1, returned=1, corrected=0)
    assert (effect.before.share, effect.after.share) == (0, 100)


def test_the_papers_of_a_class_say_the_same_as_its_page(province, held, sign_in):
    client = sign_in(province.trainer)
    page = client.get(f"/trainings/classes/{held.id}/report")
    assert page.status_code == 200
    text = words(client.get(f"/trainings/classes/{held.id}/report.pdf").data)
    assert "BÁO CÁO" in text
    assert "DỰ THẢO" in text
    assert "Trần An" in text
    book = load_workbook(BytesIO(client.get(f"/trainings/classes/{held.id}/report.xlsx").data))
    rows = {row[0]: row[1:5] for row in book["Theo đơn vị"].iter_rows(min_row=4, max_row=5, values_only=True)}
    assert rows == {"Sở Xây dựng": (2, 2, 1, 0), "Đài tỉnh": (1, 0, 0, 0)}
    assert client.get("/trainings/classes/99999/report").status_code == 404


def test_the_report_of_a_year_counts_turns_and_people(province, held, sign_in):
    second = a_class("Lớp 2", course=held.course)
    people = a_roster(second, Entry("Trần An", agency_name="Sở Xây dựng"))
    session = a_session(of=second, day=date(2026, 11, 12))
    db.session.flush()
    roll.mark_many(session, {people[0].id: (Mark.PRESENT, "", 0)}, actor=None, now=NOW - DAY)
    db.session.commit()
    report = year_report(2026, NOW)
    assert (report.courses, len(report.classes), report.sessions) == (1, 2, 3)
    assert (report.came, report.people, report.certificates) == (3, 2, 0)
    assert [(one.agency, one.came, one.people) for one in report.agencies] == [("Sở Xây dựng", 3, 2)]
    assert year_report(2025, NOW).classes == ()
    assert years_of_training() == [2026]
    client = sign_in(province.trainer)
    assert client.get("/trainings/year").status_code == 200
    assert client.get("/trainings/year?year=1").status_code == 200
    assert "Lượt người" in words(client.get("/trainings/year/2026.pdf").data)
    assert client.get("/trainings/year/2026.xlsx").status_code == 200
    assert client.get("/trainings/year/1.pdf").status_code == 404


def test_what_begins_with_an_equals_sign_is_no_formula(province, sign_in):
    one = a_class()
    a_roster(one, '=HYPERLINK("http://x.example")')
    db.session.commit()
    book = load_workbook(BytesIO(sign_in(province.trainer).get(f"/trainings/classes/{one.id}/report.xlsx").data))
    cell = next(cell for row in book["Học viên"].iter_rows() for cell in row if str(cell.value).startswith("="))
    assert cell.data_type == "s"


# --- the mild remark ----------------------------------------------------------------------------------------


def test_assigning_to_an_untrained_head_is_done_and_remarked(province, sign_in):
    case = an_inquiry(province)
    db.session.commit()
    client = sign_in(province.clerk)
    seen = {"agency_id": province.department.id, "seen": case.version}
    page = client.post(f"/inquiries/{case.id}/assign", data=seen, follow_redirects=True).text
    assert "Lê Giám Đốc, Giám đốc chưa có giấy chứng nhận" in page
    assert case.responsible_id == province.head.id


def test_a_trained_head_is_not_remarked_and_the_choice_says_who_lacks_it(province, sign_in):
    certified(province.head)
    case = an_inquiry(province)
    db.session.commit()
    client = sign_in(province.clerk)
    form = client.get(f"/inquiries/{case.id}/assign").text
    assert "Sở Tài chính, người đứng đầu chưa có giấy chứng nhận" in form
    assert "Sở Xây dựng, người đứng đầu chưa" not in form
    seen = {"agency_id": province.department.id, "seen": case.version}
    page = client.post(f"/inquiries/{case.id}/assign", data=seen, follow_redirects=True).text
    assert "chưa có giấy chứng nhận tập huấn còn hiệu lực" not in page


def test_the_reports_are_written_by_command(province, held, app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = app.test_cli_runner().invoke
    for name in ("lop.pdf", "lop.xlsx"):
        assert "3 people" in run(args=["report", "training-class", str(held.id), "-o", name]).output
    for name in ("nam.pdf", "nam.xlsx"):
        assert "1 classes" in run(args=["report", "training-year", "2026", "-o", name]).output
    assert "Trần An" in words((tmp_path / "lop.pdf").read_bytes())
    assert run(args=["report", "training-class", "9999", "-o", "x.pdf"]).exit_code == 2
    assert run(args=["report", "training-year", "2026", "-o", "x.txt"]).exit_code == 2
