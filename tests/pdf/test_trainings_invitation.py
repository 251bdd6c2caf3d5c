"""Letters of invitation: one a person with the QR and code of their own, one an agency with its people; long names."""

from io import BytesIO

import pytest

from pr_tracker.db import db
from pr_tracker.trainings.actions import inviting, replying, waiting
from pr_tracker.trainings.documents_invitation import write_agency_letter, write_invitations
from pr_tracker.trainings.rules_invitations import LetterFacts
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, an_agency
from tests.factories.trainings import a_class, a_roster, a_session
from tests.pdf.reading import pages, words

DOING = {"actor": None, "now": NOW}
LONG = "Công Tằng Tôn Nữ Hoàng Diễm Quỳnh Châu"


@pytest.fixture
def one(session):
    one = a_class()
    a_session("Người phát ngôn và báo chí", of=one)
    return one


def letters(one, rows):
    out = BytesIO()
    write_invitations(one, rows, out, place="An Giang", base="https://x.example", typeface="packaged")
    return out.getvalue()


def letter_to(one, agency):
    out = BytesIO()
    write_agency_letter(one, agency, out, place="An Giang", typeface="packaged")
    return out.getvalue()


def test_each_person_has_a_page_with_name_time_place_and_the_own_code_and_no_page_number(one):
    rows = a_roster(one, Entry(LONG, "Phó Trưởng phòng", "Sở Xây dựng"), "Lý Quốc Bảo")
    printed = pages(letters(one, rows))
    assert len(printed) == 2
    for row, page in zip(rows, printed, strict=True):
        said = " ".join(page.split())
        assert row.personal_code in said
        assert "GIẤY MỜI" in said
        assert "08:00–11:00, thứ Tư 25/11/2026: Người phát ngôn và báo chí" in said
        assert "DỰ THẢO" in said
        assert not said.endswith("2")
    assert LONG in " ".join(printed[1].split()) + " ".join(printed[0].split())


def test_with_number_and_day_of_the_document_office_it_is_no_draft(one):
    facts = LetterFacts("215/GM-SVHTT", NOW.date(), "Mang theo máy tính", "Phòng Báo chí")
    inviting.write_letter(one, facts, version=0, **DOING)
    said = words(letters(one, a_roster(one, "Lý Quốc Bảo")))
    assert "Số: 215/GM-SVHTT" in said
    assert "ngày 20 tháng 11 năm 2026" in said
    assert "Mang theo máy tính" in said
    assert "DỰ THẢO" not in said


def test_an_agency_is_asked_for_people_until_it_has_named_some_then_they_are_listed(one):
    agency = an_agency("Sở Xây dựng")
    db.session.flush()
    waiting.set_quotas(one, {agency.id: 2}, **DOING)
    asked = words(letter_to(one, agency))
    assert "Đề nghị Sở Xây dựng cử 2 người tham dự" in asked
    rows = a_roster(one, *(Entry(name, "", agency.name, agency_id=agency.id) for name in (LONG, "Lý Quốc Bảo")))
    replying.apologise(rows[0], "Ốm", **DOING)
    said = words(letter_to(one, agency))
    assert "Kính gửi: Sở Xây dựng" in said
    assert LONG in said
    assert "Lý Quốc Bảo" not in said, "whoever apologised is not invited again"
