"""What leaves as PDF leaves as a paper: its code is on every page, its fingerprint on record."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.codes import show_code
from pr_tracker.inquiries.rules import Status as CaseStatus
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PaperKind, Status
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.papers import a_paper
from tests.together import together

AROUND = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def office(session, set_clock):
    """The province of the cases, on Friday 20 November 2026, 16:30."""
    set_clock(NOW)
    return Province()


@pytest.fixture
def list_of_all(office, session):
    """UBND tỉnh keeps the list of spokespersons."""
    an_agency("Ủy ban nhân dân tỉnh An Giang", kind=AgencyKind.PROVINCE)
    session.commit()


def papers(session) -> list[Paper]:
    session.expire_all()
    return list(session.scalars(sa.select(Paper).order_by(Paper.id)))


def test_a_case_sheet_is_on_record_with_its_code_on_every_page(office, session, client, sign_in):
    inquiry = an_inquiry(office, status=CaseStatus.ASSIGNED, subject="Sạt lở bờ sông Vàm Nao")
    session.commit()
    content = sign_in(office.drafter).get(f"/inquiries/{inquiry.id}/sheet.pdf").data
    (paper,) = papers(session)
    assert (paper.kind, paper.digest) == (PaperKind.CASE_SHEET, hashlib.sha256(content).hexdigest())
    assert (paper.issued_by_id, paper.holder_id) == (office.drafter.id, office.drafter.agency_id)
    for page in PdfReader(BytesIO(content)).pages:
        assert show_code(paper.code) in page.extract_text()
    public = client.get(f"/check/{paper.code}").text
    assert inquiry.code in public
    assert "Vàm Nao" not in public
    assert office.drafter.full_name not in public.split("<main")[1]


def test_two_agencies_print_the_same_case_each_for_itself(office, session, sign_in):
    """What a sheet tells of related cases depends on its reader: neither takes the other's place."""
    inquiry = an_inquiry(office, status=CaseStatus.ASSIGNED)
    session.commit()
    for person in (office.drafter, office.clerk):
        assert sign_in(person).get(f"/inquiries/{inquiry.id}/sheet.pdf").status_code == 200
    assert [paper.status for paper in papers(session)] == [Status.VALID, Status.VALID]


def test_a_register_printed_twice_in_a_minute_is_one_paper_and_later_a_new_one(office, session, sign_in, set_clock):
    an_inquiry(office)
    session.commit()
    client, url = sign_in(office.clerk), f"/reports/register.pdf?{AROUND}"
    first, again = client.get(url).data, client.get(url).data
    assert first == again
    set_clock(NOW + timedelta(hours=1))
    assert client.get(url).data != first
    assert [paper.status for paper in papers(session)] == [Status.SUPERSEDED, Status.VALID]


def test_registers_of_other_filters_are_other_papers(office, session, sign_in):
    an_inquiry(office)
    session.commit()
    client = sign_in(office.clerk)
    for asked in (AROUND, f"{AROUND}&late=1"):
        assert client.get(f"/reports/register.pdf?{asked}").status_code == 200
    assert [paper.status for paper in papers(session)] == [Status.VALID, Status.VALID]


@pytest.mark.usefixtures("list_of_all")
def test_visitors_take_the_same_list_of_spokespersons_until_it_changes(office, session, client, set_clock):
    first = client.get("/spokespersons.pdf").data
    set_clock(NOW + timedelta(minutes=30))
    assert client.get("/spokespersons.pdf").data == first
    assert len(papers(session)) == 1
    person = a_person(agency=office.department, roles=(Role.HEAD,), now=NOW + timedelta(minutes=40))
    accounts.name_head(office.department, person, actor=None, now=NOW + timedelta(minutes=40))
    session.commit()
    set_clock(NOW + timedelta(hours=1))
    assert client.get("/spokespersons.pdf").data != first
    assert [paper.status for paper in papers(session)] == [Status.SUPERSEDED, Status.VALID]


@pytest.mark.usefixtures("list_of_all")
def test_the_list_of_the_next_day_is_a_new_paper(session, client, set_clock):
    client.get("/spokespersons.pdf")
    set_clock(NOW + timedelta(days=1))
    client.get("/spokespersons.pdf")
    assert [paper.status for paper in papers(session)] == [Status.SUPERSEDED, Status.VALID]


def test_two_who_issue_at_the_same_moment_leave_one_paper_that_holds(app, session):
    an_agency()  # the log has begun
    session.commit()
    faults = together(app, *(lambda at=at: a_paper(f"Bản của người thứ {at}.") for at in range(2)))
    assert faults == []
    assert sorted(paper.status for paper in papers(session)) == [Status.SUPERSEDED, Status.VALID]


def test_a_paper_by_command_is_on_record_too(app, office, session, tmp_path):
    inquiry = an_inquiry(office)
    session.commit()
    out = tmp_path / "phieu.pdf"
    result = app.test_cli_runner().invoke(args=["report", "case", inquiry.code, "-o", str(out)])
    assert result.exit_code == 0, result.output
    (paper,) = papers(session)
    assert paper.digest == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (paper.issued_by_id, paper.holder_id) == (None, inquiry.intake_agency_id)
