"""Invitations by mail: to people without account too, with the letter attached, tried again like every other mail."""

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.notices import jobs
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import MailState
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import inviting
from pr_tracker.trainings.actions.replying import send_substitute
from pr_tracker.trainings.actions.roster import change_participant, remove_participant
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.trainings import a_class, a_roster, a_session
from tests.letterbox import Letterbox

DOING = {"actor": None, "now": NOW}


@pytest.fixture
def letterbox(app, monkeypatch):
    with Letterbox() as letterbox:
        monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
        monkeypatch.setitem(app.config, "MAIL_PORT", letterbox.port)
        monkeypatch.setitem(app.config, "PR_TRACKER_PUBLIC_URL", "https://press.example.gov.vn")
        yield letterbox


def invited(session, *entries):
    one = a_class()
    a_session(of=one)
    rows = a_roster(one, *entries)
    inviting.invite_new(one, **DOING)
    session.commit()
    return rows


def test_whoever_has_no_account_gets_the_letter_by_mail_with_the_link_of_their_own_page(session, letterbox):
    (row,) = invited(session, Entry("Tô Văn Một", email="mot@vidu.example"))
    assert jobs.deliver(NOW) == 1
    letter = letterbox.letters[0]
    text = letter.get_body(("plain",)).get_content()
    assert "mot@vidu.example" in str(letter["To"])
    assert "Giấy mời dự lớp tập huấn" in letter["Subject"]
    assert f"https://press.example.gov.vn/my-class/{row.token}" in text
    assert row.personal_code in text
    assert "/notices/settings" not in text
    (paper,) = letter.iter_attachments()
    assert paper.get_filename() == "giay-moi.pdf"
    assert paper.get_content().startswith(b"%PDF")


def test_the_agency_gets_its_letter_and_somebody_with_an_account_the_bell_too(session, letterbox):
    agency = an_agency()
    head = a_person(agency=agency, roles=(Role.HEAD,))
    trainee = a_person("Tô Văn Một", agency=agency, roles=())
    db.session.flush()
    invited(session, Entry("Tô Văn Một", agency_id=agency.id, agency_name=agency.name, person_id=trainee.id))
    assert jobs.deliver(NOW) == 2
    names = [[paper.get_filename() for paper in letter.iter_attachments()] for letter in letterbox.letters]
    assert sorted(names) == [["cong-van.pdf"], ["giay-moi.pdf"]]
    told = set(db.session.scalars(sa.select(Notice.person_id)))
    assert told == {head.id, trainee.id}


def test_a_mail_to_an_address_without_account_is_tried_again_and_shown(session, letterbox, sign_in):
    letterbox.answer_to = lambda address: "451 thử lại sau"
    invited(session, Entry("Tô Văn Một", email="mot@vidu.example"))
    jobs.deliver(NOW)
    notice = db.session.scalar(sa.select(Notice))
    assert (notice.mail_state, notice.mail_attempts) == (MailState.WAITING, 1)
    page = sign_in(a_person(roles=(Role.ADMIN,))).get("/notices/sent").text
    assert "Tô Văn Một" in page
    assert "mot@vidu.example" in page


def test_telling_an_address_twice_under_one_key_is_telling_once(session):
    invited(session, Entry("Tô Văn Một", email="mot@vidu.example"))
    row = db.session.scalar(sa.select(Notice))
    again = sa.insert(Notice).values(
        key=row.key, address=row.address, kind=row.kind, about_kind="x", about_id=1, path="/", data={},
        created_at=NOW, mail_state=MailState.OFF,
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(again)


@pytest.mark.parametrize(("address", "goes_to"), [("dung@vidu.example", ["dung@vidu.example"]), ("", [])])
def test_a_mail_that_still_waits_goes_to_the_address_as_it_was_corrected(session, letterbox, address, goes_to):
    (row,) = invited(session, Entry("Tô Văn Một", email="nham@vidu.example"))
    change_participant(row, Entry("Tô Văn Một", email=address), version=row.version, **DOING)
    session.commit()
    assert jobs.deliver(NOW) == len(goes_to)
    assert [letter["To"].addresses[0].addr_spec for letter in letterbox.letters] == goes_to


@pytest.mark.parametrize(
    "leave",
    [
        lambda row: remove_participant(row, "Nghỉ hưu", **DOING),
        lambda row: send_substitute(row, Entry("Đỗ Văn Chín"), **DOING),
    ],
)
def test_whoever_no_longer_comes_gets_no_invitation_that_still_waited(session, letterbox, leave):
    (row,) = invited(session, Entry("Tô Văn Một", email="mot@vidu.example"))
    leave(row)
    session.commit()
    assert jobs.deliver(NOW) == 0
