"""Reports: the register as a page, the two papers as downloads, who may have them, what is noted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.inquiries.models import HistoryEntry
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.pdf.reading import words

AROUND = "from=2026-11-01&to=2026-11-30"
READERS = {Role.STAFF, Role.HEAD, Role.SUPERVISOR}


@pytest.fixture
def province(session):
    return Province()


def exports():
    query = sa.select(AuditEntry).where(AuditEntry.event == InquiryEvent.EXPORT).order_by(AuditEntry.number)
    return db.session.scalars(query).all()


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_reports_as_the_table_says(province, sign_in, role):
    inquiry = an_inquiry(province)
    client = sign_in(a_person(roles={role}, agency=province.office))
    db.session.commit()
    wanted = 200 if role in READERS else 403
    for url in (
        "/reports",
        "/reports/register",
        f"/reports/register.pdf?{AROUND}",
        f"/inquiries/{inquiry.id}/sheet.pdf",
    ):
        assert client.get(url).status_code == wanted, url


def test_nobody_has_a_paper_without_sign_in(province, client):
    inquiry = an_inquiry(province)
    db.session.commit()
    for url in ("/reports", "/reports/register", "/reports/register.pdf", f"/inquiries/{inquiry.id}/sheet.pdf"):
        assert client.get(url).status_code == 302, url
    assert exports() == []


def test_a_case_sheet_is_downloaded_under_its_number_and_noted_in_the_audit_log_only(province, sign_in):
    inquiry = an_inquiry(province, status=Status.ANSWERED)
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.count(HistoryEntry.id)))
    answer = sign_in(province.drafter).get(f"/inquiries/{inquiry.id}/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=phieu-xu-ly-DN-2026-0001.pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ĐN-2026-0001" in words(answer.data)
    (entry,) = exports()
    assert (entry.actor_id, entry.subject_id) == (province.drafter.id, inquiry.id)
    assert entry.data == {"paper": "case_sheet", "code": "ĐN-2026-0001"}
    assert db.session.scalar(sa.select(sa.func.count(HistoryEntry.id))) == before
    assert list(faults_in_chain()) == []


def test_another_agencys_case_sheet_is_a_404_and_nothing_is_noted(province, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    db.session.commit()
    client = sign_in(province.stranger)
    for url in (f"/inquiries/{inquiry.id}/sheet.pdf", "/inquiries/99/sheet.pdf"):
        assert client.get(url).status_code == 404
    assert exports() == []


def test_the_register_holds_only_what_the_reader_may_see(province, sign_in):
    an_inquiry(province, status=Status.ASSIGNED, subject="Việc của Sở Xây dựng")
    an_inquiry(province, subject="Việc của Văn phòng")
    db.session.commit()
    client = sign_in(province.drafter)
    for text in (
        client.get(f"/reports/register?{AROUND}").text,
        words(client.get(f"/reports/register.pdf?{AROUND}").data),
    ):
        assert "Việc của Sở Xây dựng" in text
        assert "Việc của Văn phòng" not in text
    (entry,) = exports()
    assert entry.data["rows"] == 1
    assert entry.data["asked"] == {"since": "2026-11-01", "until": "2026-11-30"}


def test_the_register_is_headed_by_the_readers_agency_and_named_by_its_period(province, sign_in):
    an_inquiry(province)
    db.session.commit()
    answer = sign_in(province.clerk).get(f"/reports/register.pdf?{AROUND}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=so-theo-doi-20261101-20261130.pdf"
    assert "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH" in words(answer.data)


def test_filters_narrow_the_page_and_the_paper_alike(province, sign_in):
    an_inquiry(province, status=Status.ANSWERED, subject="Đã trả lời rồi")
    an_inquiry(province, subject="Còn mới")
    late = an_inquiry(province, subject="Đã quá hạn", received_at=NOW - timedelta(days=19), now=NOW)
    db.session.commit()
    client = sign_in(province.clerk)
    cases = {
        "status=answered": {"Đã trả lời rồi"},
        f"agency={province.department.id}": {"Đã trả lời rồi"},
        f"outlet={late.outlet_id}": {"Đã quá hạn"},
        "kind=incident": set(),
        "kind=nothing&agency=x&outlet=0&status=%00": {"Đã trả lời rồi", "Còn mới", "Đã quá hạn"},
    }
    for query, wanted in cases.items():
        page = client.get(f"/reports/register?{AROUND}&{query}").text
        paper = words(client.get(f"/reports/register.pdf?{AROUND}&{query}").data)
        for subject in ("Đã trả lời rồi", "Còn mới", "Đã quá hạn"):
            assert (subject in page, subject in paper) == (subject in wanted,) * 2, (query, subject)


def test_a_wrong_period_is_said_beside_its_field_and_has_no_paper(province, sign_in):
    client = sign_in(province.clerk)
    db.session.commit()
    for query in ("from=2026-02-01&to=2026-01-01", "from=hom-nay", "to=31/02/2026", "from=0001-01-01&to=9999-12-31"):
        answer = client.get(f"/reports/register?{query}")
        assert answer.status_code == 422, query
        assert "error-summary" in answer.text
        assert client.get(f"/reports/register.pdf?{query}").status_code == 400
    assert exports() == []


def test_days_may_be_typed_as_the_office_writes_them(province, sign_in):
    an_inquiry(province, subject="Trong kỳ này")
    db.session.commit()
    assert "Trong kỳ này" in sign_in(province.clerk).get("/reports/register?from=20/11/2026&to=20/11/2026").text


FIGURES = {
    "vi": (
        "2 trên 2 đề nghị đến hạn được giải quyết đúng hạn",
        "đã trả lời, hoặc từ chối có nêu lý do, trước khi hết hạn.",
        "Điểm b: đang điều tra, chưa xét xử",
    ),
    "en": (
        "2 of 2 inquiries that fell due were answered on time",
        "answered, or refused with the reason given, before the term ended.",
        "Point (b): under investigation or not yet tried",
    ),
}


@pytest.mark.parametrize("language", FIGURES)
def test_the_page_shows_figures_beside_their_definition_in_both_languages(province, sign_in, language):
    an_inquiry(province, status=Status.ANSWERED)
    an_inquiry(province, status=Status.REFUSED)
    province.clerk.language = language
    db.session.commit()
    page = sign_in(province.clerk).get(f"/reports/register?{AROUND}").text
    assert all(words in page for words in FIGURES[language])


def test_the_register_is_in_vietnamese_for_an_english_reader_too(province, sign_in):
    an_inquiry(province)
    province.clerk.language = "en"
    db.session.commit()
    text = words(sign_in(province.clerk).get(f"/reports/register.pdf?{AROUND}").data)
    assert "Tỷ lệ đúng hạn" in text
    assert "Rate on time" not in text


def test_reports_stand_in_the_menu_of_who_may_open_them(province, sign_in):
    db.session.commit()
    assert ">Báo cáo" in sign_in(province.clerk).get("/reports").text
