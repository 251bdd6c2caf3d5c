"""The chronology as paper: letterhead, the clock and why, inquiries with their own due times, the sealed statement."""

from io import BytesIO

import pytest
from flask_babel import force_locale

from pr_tracker.incidents.actions import opening
from pr_tracker.incidents.documents import write_chronology
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.inquiries.rules_seal import seal_of
from tests.factories.incidents import NOW, TEXT, Province, an_incident, released
from tests.factories.inquiries import an_inquiry
from tests.pdf.reading import pages, words


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def incident(province):
    inquiries = [
        an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT, subject="Thiệt hại do sạt lở"),
        an_inquiry(province, status=Status.ASSIGNED, subject="Bao giờ thông đường"),
    ]
    made = an_incident(province, inquiries=inquiries)
    released(made, province)
    return made


def paper(incident, actor=None):
    out = BytesIO()
    write_chronology(incident, out, actor=actor, place="An Giang", now=NOW, typeface="packaged")
    return out.getvalue()


def test_the_paper_tells_the_incident_from_the_clock_to_the_last_word(incident):
    with force_locale("en"):  # an official paper stays Vietnamese
        text = words(paper(incident))
    for said in (
        "SỞ XÂY DỰNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "An Giang, ngày 20 tháng 11 năm 2026",
        "DIỄN BIẾN VỤ VIỆC",
        "Vụ việc số VV-2026-0001:",
        "khoản 3 Điều 7 Nghị định 244/2026/NĐ-CP",
        "Thông tin ban đầu lúc 16:30 20/11/2026",
        "Thiệt hại do sạt lở",
        "Bao giờ thông đường",
        "Lê Giám Đốc, Giám đốc",
        "Trần Chủ Tịch, Chủ tịch",
        "Gửi cùng lúc đến",
        "Nơi nhận:",
        "hồ sơ VV-2026-0001",
    ):
        assert said in text, said
    assert TEXT[:40] in text
    assert seal_of(TEXT)[:8] in text


def test_of_inquiries_it_has_only_what_its_reader_may_open(province, incident):
    foreign = an_inquiry(province, status=Status.RECEIVED, subject="Của sở khác")
    room = an_incident(province, inquiries=[foreign], actor=province.clerk)
    assert "ghi đề nghị" in words(paper(room, province.clerk))
    assert "ghi đề nghị" not in words(paper(room, province.drafter))


def test_long_texts_run_over_pages(province, incident):
    for number in range(60):
        opening.write_down(
            incident, f"Việc {number}. " + "Đã kiểm tra hiện trường. " * 30, NOW, actor=province.head, now=NOW
        )
    found = pages(paper(incident))
    assert len(found) > 8
    assert "Việc 59." in words(paper(incident))
