"""Everything kept about one person, and an agency's whole file: who may take it, what is in it, that it is noted."""

import hashlib
import json
import zipfile
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from pr_tracker import clock
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import Base, db
from pr_tracker.exports.documents.people import write_participant, write_person
from pr_tracker.exports.rules import ExportEvent
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.notices.labels import KINDS, MAIL_STATES
from pr_tracker.outlets.models import Journalist
from pr_tracker.runs import jobs as runs
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import RunState
from pr_tracker.trainings.models_roster import Participant
from tests.checking_client import CheckingClient


@pytest.fixture
def province(province_on_each):
    """The demo province on each engine."""
    return province_on_each


@pytest.fixture
def desk(province):
    """The demo province: desk(name) is a browser in which this demo account is signed in."""

    def desk(name):
        client = CheckingClient(province.app, province.app.response_class)
        client.act_as(db.session.get_one(Person, province.readers[name].person_id))
        db.session.rollback()
        return client

    with province.app.app_context():
        yield desk


def opened(answer) -> zipfile.ZipFile:
    """The ZIP of an answer, its checksums tried."""
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["Cache-Control"] == "private, no-store"
    return whole(answer.data)


def whole(content) -> zipfile.ZipFile:
    book = zipfile.ZipFile(BytesIO(content))
    sums = dict(reversed(line.split("  ", 1)) for line in book.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(book.namelist()) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(book.read(name)).hexdigest() == digest
    return book


def tables(book) -> dict[str, list[dict]]:
    found = json.loads(book.read("du-lieu.json"))
    sheets = load_workbook(BytesIO(book.read("du-lieu.xlsx"))).worksheets
    assert [sheet["A1"].value for sheet in sheets] == list(found)
    return found


def last_entry() -> AuditEntry:
    db.session.rollback()
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()


def test_everybody_takes_out_what_is_kept_about_them(desk):
    me = db.session.scalars(sa.select(Person).where(Person.email.like("lanhdao@%"))).one()
    book = opened(desk("lanhdao").post("/exports/me"))
    found = tables(book)
    text = book.read("du-lieu.json").decode()
    assert me.full_name in text
    assert me.email in text
    for secret in (me.password, me.fs_uniquifier):
        assert secret not in text
    acts = db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.actor_id == me.id))
    assert any(len(rows) in (acts, acts - 1) for rows in found.values()), "what they did"
    entry = last_entry()
    assert (entry.event, entry.subject_kind, entry.subject_id) == (ExportEvent.PERSON, "people", me.id)


def test_an_administrator_answers_for_who_has_an_account_and_nobody_else(desk):
    somebody = db.session.scalars(sa.select(Person).where(Person.email.like("chuyenvien@%"))).one().id
    assert opened(desk("quantri").post(f"/exports/people/{somebody}"))
    for other in ("lanhdao", "vanthu", "daotao", "giamsat"):
        assert desk(other).post(f"/exports/people/{somebody}").status_code == 403
    assert desk("quantri").post("/exports/people/999999").status_code == 404


def test_the_provincial_office_answers_for_a_journalist_with_every_inquiry(desk):
    one = db.session.scalars(sa.select(Journalist).where(Journalist.phone != "")).first()
    asked = db.session.scalar(
        sa.text("SELECT count(*) FROM inquiry_journalists WHERE journalist_id = :one"), {"one": one.id}
    )
    found = tables(opened(desk("vanthu").post(f"/exports/journalists/{one.id}")))
    assert asked == 0 or asked in {len(rows) for rows in found.values()}
    assert one.phone in json.dumps(found, ensure_ascii=False)
    assert last_entry().event == ExportEvent.JOURNALIST
    assert desk("chuyenvien").post(f"/exports/journalists/{one.id}").status_code == 403
    assert desk("giamsat").post(f"/exports/journalists/{one.id}").status_code == 403


def test_a_trainer_answers_for_a_trainee_with_the_certificates_and_papers(desk):
    holder = db.session.scalar(sa.text("SELECT participant_id FROM certificates WHERE file_id IS NOT NULL"))
    writer = db.session.scalar(sa.text("SELECT participant_id FROM final_papers WHERE file_id IS NOT NULL"))
    for one, folder in ((holder, "giay-chung-nhan/"), (writer, "bai-thu-hoach/")):
        if one is not None:
            book = opened(desk("daotao").post(f"/exports/participants/{one}"))
            assert any(name.startswith(folder) for name in book.namelist())
    some = writer or holder
    text = opened(desk("daotao").post(f"/exports/participants/{some}")).read("du-lieu.json").decode()
    person = db.session.get_one(Participant, some)
    assert person.token not in text
    assert desk("lanhdao").post(f"/exports/participants/{some}").status_code == 403


# Tables that point at a person or a trainee, and how the export says so.
ACTS = "what somebody did stands in the log, line by line"
BY_ACTS = {"created_by_id", "ended_by_id", "withdrawn_by_id", "changed_by_id", "marked_by_id", "added_by_id"}


def test_whatever_is_kept_of_a_person_by_a_key_of_its_own_comes_out(desk):
    """A new table with person_id or participant_id must be read in exports.queries.people, or named here with why."""
    read = {
        "absences", "authorisations", "head_tenures", "notices", "participants", "passkeys", "person_roles",
        "inquiry_saved_views", "spokesperson_decisions",
        "attendance_marks", "certificates", "class_marks", "final_papers", "session_apologies", "test_attempts",
    }  # fmt: skip
    elsewhere = {
        "calendar_feeds": "a secret address, and nothing else",
        "class_trainers": ACTS,
        "feedback_given": "that somebody gave feedback, so that it is given once",
        "import_names": ACTS,
        "incident_shifts": ACTS,
        "incident_tasks": ACTS,
        "notice_choices": "two switches of the account page",
    }
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.c
        if column.name in {"person_id", "participant_id", "user_id"}
    }
    assert pointing == read | set(elsewhere) & pointing, sorted(pointing ^ read)


def test_an_agencys_whole_file_is_made_in_the_background(desk, province):
    head = db.session.scalars(sa.select(Person).where(Person.email.like("lanhdao@%"))).one()
    client = desk("lanhdao")
    answer = client.post("/exports/agency", data={"agency_id": head.agency_id})
    assert answer.status_code == 303
    again = client.post("/exports/agency", data={"agency_id": head.agency_id})
    assert again.location == answer.location
    db.session.rollback()
    led = sa.select(Inquiry.id).where(Inquiry.lead_agency_id == head.agency_id)
    cases, code = len(db.session.scalars(led).all()), head.agency.code
    files = db.session.scalar(sa.select(sa.func.count()).select_from(Attachment).where(Attachment.inquiry_id.in_(led)))
    db.session.rollback()
    assert runs.work_off(clock.now()) == 1
    run = db.session.scalars(sa.select(Run).order_by(Run.id.desc())).first()
    assert (run.state, run.file_name) == (RunState.DONE, f"ho-so-{code}.zip"), run.fault
    book = whole((runs.results_folder() / run.stored_name).read_bytes())
    sheets = [name for name in book.namelist() if name.endswith("/phieu-xu-ly.pdf")]
    assert len(sheets) == cases
    assert book.read(sheets[0]).startswith(b"%PDF-")
    assert sum("/tep/" in name for name in book.namelist()) == files
    found = tables(book)
    assert any(len(rows) >= cases for rows in found.values())
    entry = last_entry()
    assert entry.event == ExportEvent.AGENCY
    assert entry.data["missing"] == 0


def test_a_head_takes_only_the_own_agencys_file_a_leader_of_the_province_any(desk):
    own = db.session.scalars(sa.select(Person).where(Person.email.like("lanhdao@%"))).one().agency_id
    other = db.session.scalars(sa.select(Agency.id).where(Agency.id != own)).first()
    db.session.rollback()
    assert desk("lanhdao").post("/exports/agency", data={"agency_id": other}).status_code == 422
    assert desk("chutich").post("/exports/agency", data={"agency_id": other}).status_code == 303
    for reader in ("chuyenvien", "giamsat", "daotao", "quantri"):
        assert desk(reader).post("/exports/agency", data={"agency_id": own}).status_code == 403


def test_the_page_offers_each_what_they_may_take(desk):
    assert "/exports/agency" in desk("lanhdao").get("/exports").text
    page = desk("daotao").get("/exports").text
    assert "/exports/me" in page
    assert 'action="/exports/agency"' not in page


def test_a_file_that_is_gone_is_named_and_the_rest_comes_out(desk, tmp_path):
    one = db.session.scalar(sa.text("SELECT participant_id FROM final_papers WHERE file_id IS NOT NULL"))
    out = BytesIO()
    taken = write_participant(db.session.get_one(Participant, one), out, uploads=tmp_path, by="A", now=clock.now())
    assert taken.missing >= 1
    assert "bai-thu-hoach/" in whole(out.getvalue()).read("DOC-TRUOC.txt").decode()


def test_cells_that_look_like_formulas_stay_text(desk, tmp_path):
    me = db.session.scalars(sa.select(Person).where(Person.email.like("lanhdao@%"))).one()
    me.title = '=HYPERLINK("http://x")'
    out = BytesIO()
    words = {"notice_words": KINDS, "mail_words": MAIL_STATES}
    write_person(me, out, uploads=tmp_path, by="A", now=clock.now(), **words)
    sheet = load_workbook(BytesIO(whole(out.getvalue()).read("du-lieu.xlsx"))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).lstrip("'").startswith("=")]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
