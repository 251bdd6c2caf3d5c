"""The authorisation to speak as a paper, read back: letterhead, who for whom, the matter, the term, what it forbids."""

from io import BytesIO

import pytest
from flask_babel import force_locale

from pr_tracker.inquiries.rules import Status
from pr_tracker.spokespersons.documents_authorising import write_authorisation
from tests.factories.accounts import a_person
from tests.factories.authorisations import an_authorisation
from tests.factories.inquiries import Province, an_inquiry
from tests.pdf.reading import words


@pytest.fixture
def prepared(session):
    province = Province()
    speaker = a_person("Bùi Được Ủy Quyền", agency=province.department, title="Trưởng phòng")
    return an_authorisation(an_inquiry(province, status=Status.DRAFTING), speaker, by=province.head, number="")


def test_the_paper_is_an_official_draft_with_the_matter_and_the_term(prepared):
    out = BytesIO()
    with force_locale("en"):  # an official paper stays Vietnamese
        write_authorisation(prepared, out, place="An Giang", typeface="packaged")
    text = words(out.getvalue())
    for said in (
        "SỞ XÂY DỰNG",
        "DỰ THẢO",
        "GIẤY ỦY QUYỀN",
        "An Giang, ngày … tháng … năm …",
        "Căn cứ các khoản 4, 5, 6 Điều 3 và khoản 1 Điều 8 Nghị định số 244/2026/NĐ-CP",
        "Lê Giám Đốc",
        "Bùi Được Ủy Quyền",
        "Phát ngôn về vụ việc này",
        "từ 16 giờ 30 phút, ngày 20 tháng 11 năm 2026 đến 16 giờ 30 phút, ngày 27 tháng 11 năm 2026",
        "không được ủy quyền tiếp",
        "GIÁM ĐỐC",
    ):
        assert said in text, said
