"""Anybody may ask whether a paper is ours and still holds; they learn that, and nothing about people."""

import re
from io import BytesIO

import pytest

from pr_tracker.codes import new_code, show_code
from pr_tracker.papers import actions, jobs
from pr_tracker.papers.rules import PURPOSE, PaperKind
from tests.databases import BASE
from tests.factories.accounts import NOW, a_person
from tests.factories.certificates import a_held_class, certificates_of
from tests.factories.papers import a_paper

KEY = BASE["PR_TRACKER_SECRET_KEY"]


@pytest.fixture
def hand_in(client):
    """hand_in(content): what the public page answers to a file."""

    def hand_in(content, name="bao-cao.pdf"):
        return client.post("/check", data={"file": (BytesIO(content), name)}, content_type="multipart/form-data")

    return hand_in


def heading(answer) -> str:
    return re.search(r"<h1>.*?<span>(.*?)</span></h1>", answer.text, re.DOTALL)[1]


def test_a_code_tells_kind_agency_day_and_fingerprint(session, client):
    person = a_person("Trần Thị Kim Ngân")
    paper = a_paper(agency=person.agency, actor=person).paper
    session.commit()
    answer = client.get(f"/check/{show_code(paper.code).lower()}")
    assert (answer.status_code, heading(answer)) == (200, "Còn giá trị")
    for told in ("Báo cáo tháng 11 năm 2026", person.agency.name, "20/11/2026", paper.digest[:8]):
        assert told in answer.text
    assert "Kim Ngân" not in answer.text


def test_a_title_that_may_name_a_matter_is_not_told_outside(session, client):
    paper = a_paper(kind=PaperKind.LIST, title="Sự cố rò rỉ khí tại cảng cá Tắc Cậu").paper
    session.commit()
    answer = client.get(f"/check/{paper.code}")
    assert answer.status_code == 200
    assert "Tắc Cậu" not in answer.text


def test_a_superseded_paper_says_so_and_a_withdrawn_one_also_why(session, client):
    first, second = a_paper("Có 17 đề nghị.").paper, a_paper("Có 18 đề nghị.").paper
    actions.withdraw(second, "Số liệu hai đơn vị bị đổi chỗ.", seen=1, actor=None, now=NOW)
    session.commit()
    assert heading(client.get(f"/check/{first.code}")) == "Đã được thay thế"
    answer = client.get(f"/check/{second.code}")
    assert heading(answer) == "Đã thu hồi"
    assert "Số liệu hai đơn vị bị đổi chỗ." in answer.text


def test_a_code_that_was_made_up_is_unknown(client):
    answer = client.get("/check/CFHJ-KLMN-PQRT-VX34")
    assert (answer.status_code, heading(answer)) == (404, "Không có văn bản này")


def test_a_code_of_ours_whose_paper_is_gone_from_the_record_is_not_confirmed(client):
    answer = client.get(f"/check/{new_code(KEY, PURPOSE)}")
    assert (answer.status_code, heading(answer)) == (404, "Chưa xác nhận được")


def test_a_fingerprint_changed_in_the_database_is_not_confirmed(session, client):
    paper = a_paper().paper
    paper.digest = "0" * 64
    session.commit()
    answer = client.get(f"/check/{paper.code}")
    assert heading(answer) == "Chưa xác nhận được"
    assert "Báo cáo tháng 11" not in answer.text


def test_a_typed_code_leads_to_its_page_however_it_is_typed(client):
    answer = client.get("/check?code=cfhj klmn-PQRT vx34")
    assert answer.location == "/check/CFHJKLMNPQRTVX34"


def test_the_code_of_a_certificate_leads_to_the_page_of_certificates(session, client):
    certificate = certificates_of(a_held_class("Lý Quốc Bảo"))[0]
    session.commit()
    assert client.get(f"/check/{certificate.code}").location == f"/certificates/{certificate.code}"


def test_the_very_file_is_recognised(session, hand_in):
    issued = a_paper()
    session.commit()
    answer = hand_in(issued.content)
    assert heading(answer) == "Còn giá trị"
    assert "trùng từng byte" in answer.text


def test_one_changed_byte_is_not_the_file_and_its_code_tells_of_which_paper(session, hand_in):
    issued = a_paper()
    session.commit()
    at = len(issued.content) // 2
    changed = issued.content[:at] + bytes([issued.content[at] ^ 1]) + issued.content[at + 1 :]
    answer = hand_in(changed)
    assert heading(answer) == "Không phải tệp gốc"
    assert show_code(issued.paper.code) in answer.text


def test_a_file_of_somebody_else_is_not_ours(hand_in):
    answer = hand_in(b"%PDF-1.7\nsomebody's own\n%%EOF")
    assert (answer.status_code, heading(answer)) == (200, "Không phải tệp của hệ thống")


def test_a_superseded_file_is_genuine_but_superseded(session, hand_in):
    first = a_paper("Có 17 đề nghị.")
    a_paper("Có 18 đề nghị.")
    session.commit()
    assert heading(hand_in(first.content)) == "Đã được thay thế"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04", "bao-cao.xlsx", "không phải tệp PDF"),
        (b"", "bao-cao.pdf", "không phải tệp PDF"),
        (b"", "", "Chọn một tệp PDF"),
    ],
)
def test_what_is_no_pdf_is_refused_next_to_the_field(hand_in, content, name, said):
    answer = hand_in(content, name)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_that_is_too_large_is_refused(app, hand_in, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_MAX_UPLOAD_MB", 1)
    answer = hand_in(b"%PDF-" + b"x" * 1024 * 1024)
    assert answer.status_code == 422
    assert "lớn hơn 1 MB" in answer.text


def test_a_code_inside_a_file_is_found_wherever_the_pieces_are_cut(session, hand_in):
    issued = a_paper()
    session.commit()
    link = f"/check/{issued.paper.code}".encode()
    from pr_tracker.papers.views.checking import CHUNK

    for before in range(CHUNK - len(link), CHUNK, 7):
        answer = hand_in(b"%PDF-".ljust(before, b" ") + link + b" altered")
        assert heading(answer) == "Không phải tệp gốc"


def test_what_is_handed_in_is_not_kept(session, app, hand_in):
    from pathlib import Path

    folder = Path(app.config["PR_TRACKER_UPLOAD_FOLDER"])
    before = sorted(folder.rglob("*"))
    hand_in(b"%PDF-1.7\nsomebody's own\n%%EOF")
    assert sorted(folder.rglob("*")) == before


def test_who_types_code_after_code_has_to_wait(client, monkeypatch):
    from pr_tracker.papers.views import checking

    monkeypatch.setattr(checking, "WRONG_CODES", "3 per hour")
    statuses = [client.get(f"/check/CFHJKLMNPQRTVX3{letter}").status_code for letter in "34679"]
    assert statuses == [404, 404, 404, 429, 429]


def test_the_paper_itself_leads_to_its_page(session):
    """The QR, and the link behind it, open what the code says."""
    issued = a_paper()
    assert f"/check/{issued.paper.code}".encode() in issued.content
    assert jobs.desk().check(issued.paper.code).url.endswith(f"/check/{issued.paper.code}")
