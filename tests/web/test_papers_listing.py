"""The list of papers: who sees which, download, withdraw; files that need not be kept any longer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.models import AuditEntry
from pr_tracker.files import KeptFile
from pr_tracker.papers import jobs
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PaperKind, Status
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.papers import a_paper, folder


@pytest.fixture
def office(session):
    """The office of the province with somebody in it."""
    return a_person(agency=an_agency("Văn phòng Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE_OFFICE))


def test_each_agency_sees_its_own_papers_and_the_office_of_the_province_all(session, sign_in, office):
    here, there = a_person(), a_person()
    a_paper(key="1", title="Sổ của Sở Xây dựng", agency=here.agency)
    a_paper(key="2", title="Sổ của Sở Y tế", agency=there.agency)
    session.commit()
    own = sign_in(here).get("/papers").text
    assert ("Sổ của Sở Xây dựng" in own, "Sổ của Sở Y tế" in own) == (True, False)
    whole = sign_in(office).get("/papers").text
    assert "Sổ của Sở Xây dựng" in whole
    assert "Sổ của Sở Y tế" in whole


def test_another_agencys_paper_is_not_found(session, sign_in):
    issued, stranger = a_paper(agency=an_agency()), a_person()
    session.commit()
    for page in ("", "/file", "/withdraw"):
        assert sign_in(stranger).get(f"/papers/{issued.paper.id}{page}").status_code == 404


def test_nobody_reads_papers_of_what_they_do_not_read(session, sign_in):
    """A trainer sees reports on classes, and no case sheet."""
    trainer = a_person(roles=(Role.TRAINER,))
    a_paper(key="1", kind=PaperKind.CASE_SHEET, title="Phiếu xử lý ĐN-2026-0001", agency=trainer.agency)
    a_paper(key="2", kind=PaperKind.CLASS_REPORT, title="Báo cáo lớp 1", agency=trainer.agency)
    session.commit()
    page = sign_in(trainer).get("/papers").text
    assert ("Báo cáo lớp 1" in page, "Phiếu xử lý ĐN-2026-0001" in page) == (True, False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=so theo doi", ["Sổ theo dõi tháng 10"]),
        ("kind=register", ["Sổ theo dõi tháng 10"]),
        ("status=superseded", ["Báo cáo tháng 10"]),
        ("status=withdrawn", ["Danh sách tháng 9"]),
        ("status=valid", ["Sổ theo dõi tháng 10", "Báo cáo tháng 10, bản 2"]),
        ("from=01/10/2026&to=31/10/2026", ["Danh sách tháng 9"]),
        ("from=khi nào", ["Sổ theo dõi tháng 10", "Báo cáo tháng 10, bản 2", "Báo cáo tháng 10", "Danh sách tháng 9"]),
    ],
)
def test_the_list_is_narrowed_by_words_kind_state_and_day(session, sign_in, office, asked, found):
    facts = {"agency": office.agency}
    a_paper(key="1", kind=PaperKind.REGISTER, title="Sổ theo dõi tháng 10", **facts)
    a_paper("Có 17.", key="2", title="Báo cáo tháng 10", **facts)
    a_paper("Có 18.", key="2", title="Báo cáo tháng 10, bản 2", **facts)
    old = a_paper(key="3", title="Danh sách tháng 9", now=NOW - timedelta(days=30), **facts).paper
    old.withdrawn_at, old.withdrawn_because = NOW, "Nhầm."
    session.commit()
    page = sign_in(office).get(f"/papers?{asked}").text
    titles = ("Sổ theo dõi tháng 10", "Báo cáo tháng 10, bản 2", "Báo cáo tháng 10", "Danh sách tháng 9")
    assert [title for title in titles if f">{title}</a>" in page] == found


def test_the_list_goes_on_page_by_page(session, sign_in, office):
    for at in range(52):
        a_paper(key=str(at), title=f"Báo cáo số {at:02}", agency=office.agency, now=NOW + timedelta(minutes=at))
    session.commit()
    client = sign_in(office)
    first = client.get("/papers")
    assert "Báo cáo số 02" in first.text
    assert "Báo cáo số 01" not in first.text
    older = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Báo cáo số 01" in client.get(older).text


def test_a_paper_is_downloaded_byte_for_byte_and_it_is_noted_who_took_it(session, sign_in, office):
    issued = a_paper(agency=office.agency)
    session.commit()
    answer = sign_in(office).get(f"/papers/{issued.paper.id}/file")
    assert answer.data == issued.content
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.event == "paper:take"))
    assert (entry.actor_id, entry.subject_id) == (office.id, issued.paper.id)


def test_a_paper_is_withdrawn_with_a_reason_once(session, sign_in, office):
    paper = a_paper(agency=office.agency).paper
    session.commit()
    client, page = sign_in(office), f"/papers/{paper.id}/withdraw"
    assert client.post(page, data={"seen": 1, "reason": ""}).status_code == 422
    assert client.post(page, data={"seen": 1, "reason": "Số liệu nhầm."}).status_code == 303
    session.expire_all()
    assert (paper.status, paper.withdrawn_because) == (Status.WITHDRAWN, "Số liệu nhầm.")
    assert "Số liệu nhầm." in client.get(f"/papers/{paper.id}").text
    assert client.post(page, data={"seen": 2, "reason": "Lần nữa."}).status_code == 409


def test_whoever_looked_at_an_older_state_does_not_withdraw(session, sign_in, office):
    paper = a_paper("Có 17.", agency=office.agency).paper
    a_paper("Có 18.", agency=office.agency)  # it is superseded meanwhile
    session.commit()
    answer = sign_in(office).post(f"/papers/{paper.id}/withdraw", data={"seen": 1, "reason": "Số liệu nhầm."})
    assert answer.status_code == 409
    assert "Số liệu nhầm." in answer.text


def test_after_withdrawing_the_same_content_is_a_new_paper(session):
    first = a_paper().paper
    first.withdrawn_at, first.withdrawn_because = NOW, "Nhầm."
    session.flush()
    second = a_paper().paper
    assert (second.code != first.code, second.replaces_id) == (True, None)


def test_supervisors_read_and_do_not_withdraw(session, sign_in):
    supervisor, issued = a_person(roles=(Role.SUPERVISOR,)), a_paper(agency=an_agency())
    session.commit()
    client = sign_in(supervisor)
    assert client.get(f"/papers/{issued.paper.id}").status_code == 200
    assert client.get(f"/papers/{issued.paper.id}/withdraw").status_code == 403


def test_the_file_of_an_unsigned_paper_goes_after_ninety_days_and_its_code_stays(session, sign_in, office):
    old = a_paper(key="1", agency=office.agency)
    good = a_paper(key="2", agency=office.agency, kept=True)
    young = a_paper(key="3", agency=office.agency, now=NOW + timedelta(days=1))
    session.commit()
    names = {each.paper.id: each.paper.file.stored_name for each in (old, good, young)}
    assert jobs.forget_files(NOW + timedelta(days=90, seconds=1)) == 1
    assert jobs.forget_files(NOW + timedelta(days=90, seconds=1)) == 0
    there = [paper_id for paper_id, name in names.items() if (folder() / name).is_file()]
    assert there == [good.paper.id, young.paper.id]
    assert session.scalar(sa.select(sa.func.count()).select_from(KeptFile)) == 2
    client = sign_in(office)
    assert client.get(f"/papers/{old.paper.id}/file").status_code == 404
    assert "không còn được giữ" in client.get(f"/papers/{old.paper.id}").text
    assert client.get(f"/check/{old.paper.code}").status_code == 200


def test_nothing_of_signing_is_seen_where_no_certificate_is_set(session, sign_in, office):
    issued = a_paper(agency=office.agency)
    session.commit()
    client = sign_in(office)
    for page in ("/papers", f"/papers/{issued.paper.id}"):
        assert "/papers/sign" not in client.get(page).text
    assert client.post("/papers/sign", data={"paper": issued.paper.id}).status_code == 403
    assert session.scalar(sa.select(Paper.signed_at)) is None


def test_the_list_as_it_is_shown_comes_as_excel_and_csv(session, sign_in, office):
    a_paper(key="1", kind=PaperKind.REGISTER, title="Sổ theo dõi tháng 10", agency=office.agency)
    a_paper(key="2", title="Báo cáo tháng 10", agency=office.agency)
    session.commit()
    client = sign_in(office)
    assert "/papers.xlsx?kind=register" in client.get("/papers?kind=register").text
    table = client.get("/papers.csv?kind=register").data.decode("utf-8-sig")
    assert ("Sổ theo dõi tháng 10" in table, "Báo cáo tháng 10" in table) == (True, False)
    assert client.get("/papers.xlsx").data[:2] == b"PK"
