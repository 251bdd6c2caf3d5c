"""Authorisations on the pages: give, prepare, complete, revoke; the list, the paper; two at the same moment."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import DomainError, NotAllowed
from pr_tracker.inquiries.actions import answer, authorising, sealing
from pr_tracker.inquiries.models import Inquiry, Review
from pr_tracker.inquiries.rules import Status
from pr_tracker.spokespersons import jobs
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.queries_rights import get_authorisation
from tests.factories.accounts import NOW, a_person
from tests.factories.authorisations import an_authorisation
from tests.factories.inquiries import Province, an_inquiry
from tests.web.test_duties_together import together

HOUR = timedelta(hours=1)
FIELDS = {
    "words": "Phát ngôn về ngập đường",
    "from_at": "16:30 20/11/2026",
    "until_at": "16:30 27/11/2026",
    "number": "215/GUQ-SXD",
    "signed_on": "20/11/2026",
}


def populate():
    province = Province()
    province.speaker = a_person("Bùi Được Ủy Quyền", agency=province.department, title="Trưởng phòng")
    return province


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return populate()


def send(client, inquiry, act="authorise", **fields):
    db.session.commit()
    return client.post(f"/inquiries/{inquiry.id}/{act}", data={"seen": inquiry.version, **fields})


def stored(session):
    session.expire_all()
    return session.scalars(sa.select(Authorisation).order_by(Authorisation.id.desc())).first()


def test_the_head_authorises_on_the_page_and_the_case_says_who_may_speak(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    client = sign_in(province.head)
    assert client.get(f"/inquiries/{inquiry.id}/authorise").status_code == 200
    assert send(client, inquiry, person_id=province.speaker.id, **FIELDS).status_code == 303
    page = client.get(f"/inquiries/{inquiry.id}").text
    assert "Bùi Được Ủy Quyền thay Lê Giám Đốc theo văn bản số 215/GUQ-SXD ngày 20/11/2026" in page
    assert "215/GUQ-SXD" in client.get("/spokespersons/authorisations").text


def test_the_words_of_the_paper_are_offered_in_vietnamese_to_every_reader(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    province.head.language = "en"
    session.commit()
    page = sign_in(province.head).get(f"/inquiries/{inquiry.id}/authorise").text
    assert "What the paper says" in page
    assert "Phát ngôn, cung cấp thông tin cho báo chí về nội dung hồ sơ" in page


def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    fields = FIELDS | {"until_at": "16:30 19/11/2026"}
    answered = send(sign_in(province.head), inquiry, person_id=province.speaker.id, **fields)
    assert answered.status_code == 422
    assert "khoản 5 Điều 3" in answered.text
    assert "Phát ngôn về ngập đường" in answered.text
    assert stored(session) is None


@pytest.mark.parametrize(("who", "status"), [("deputy", 403), ("drafter", 403), ("other_head", 404)])
def test_the_page_is_the_heads_alone(province, session, sign_in, who, status):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    db.session.commit()
    client = sign_in(getattr(province, who))
    assert client.get(f"/inquiries/{inquiry.id}/authorise").status_code == status
    assert send(client, inquiry, person_id=province.speaker.id, **FIELDS).status_code in (403, 404)
    assert stored(session) is None


def test_a_prepared_paper_is_printed_then_completed_with_number_and_date(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    client = sign_in(province.head)
    draft = FIELDS | {"number": "", "signed_on": ""}
    assert send(client, inquiry, person_id=province.speaker.id, **draft).status_code == 303
    made = stored(session)
    assert made.granted_at is None
    page = client.get(f"/spokespersons/authorisations/{made.id}").text
    assert "chưa có hiệu lực" in page
    printed = client.get(f"/spokespersons/authorisations/{made.id}/paper.pdf")
    assert printed.data.startswith(b"%PDF")
    complete = f"authorisations/{made.id}/complete"
    assert "Phát ngôn về ngập đường" in client.get(f"/inquiries/{inquiry.id}/{complete}").text
    assert send(client, inquiry, complete, person_id=province.speaker.id, **FIELDS).status_code == 303
    assert stored(session).granted_at == NOW


def test_an_approval_begun_before_a_revocation_and_sent_after_it_is_refused_in_words(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    made = an_authorisation(inquiry, province.speaker, by=province.head)
    session.commit()
    client = sign_in(province.speaker)
    assert client.get(f"/inquiries/{inquiry.id}/approve").status_code == 200
    authorising.revoke(inquiry, made, "Đã về", actor=province.head, now=NOW)
    session.commit()
    answered = send(client, inquiry, "return", reason="Chưa nêu thời hạn sửa chữa")
    assert answered.status_code == 403
    assert "khoản 5 Điều 3" in answered.text
    assert "Chưa nêu thời hạn sửa chữa" in answered.text
    assert session.get(Inquiry, inquiry.id).status is Status.IN_REVIEW


def test_the_head_revokes_on_the_page(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    made = an_authorisation(inquiry, province.speaker, by=province.head)
    session.commit()
    path = f"authorisations/{made.id}/revoke"
    assert send(sign_in(province.deputy), inquiry, path, reason="Thôi").status_code == 404
    assert send(sign_in(province.head), inquiry, path, reason="Đã đi công tác về").status_code == 303
    assert stored(session).revoked_at == NOW
    assert "Đã đi công tác về" in sign_in(province.head).get("/spokespersons/authorisations").text


def test_another_agency_reads_no_authorisation(province, session, sign_in):
    made = an_authorisation(an_inquiry(province, status=Status.DRAFTING), province.speaker, by=province.head)
    session.commit()
    client = sign_in(province.stranger)
    for page in ("", "/paper.pdf", "/scan"):
        assert client.get(f"/spokespersons/authorisations/{made.id}{page}").status_code == 404
    assert "215/GUQ-SXD" not in client.get("/spokespersons/authorisations").text


def test_whoever_acts_by_authority_finds_the_matter_in_the_queue_with_the_paper(province, session, sign_in):
    an_authorisation(an_inquiry(province, status=Status.IN_REVIEW), province.speaker, by=province.head)
    session.commit()
    page = sign_in(province.speaker).get("/queue?pick=mine").text
    assert "thay Lê Giám Đốc theo văn bản số 215/GUQ-SXD ngày 20/11/2026" in page


# --- two at the same moment, on both engines ---------------------------------------------------------------


def committed(app):
    with app.app_context():
        province = populate()
        inquiry = an_inquiry(province, status=Status.IN_REVIEW)
        made = an_authorisation(inquiry, province.speaker, by=province.head)
        db.session.commit()
        return inquiry.id, made.id, province.head.id, province.speaker.id


def test_a_revocation_and_an_approval_at_the_same_moment_come_one_after_the_other(app):
    inquiry_id, made_id, head_id, speaker_id = committed(app)

    def locked():
        return db.session.scalar(sa.select(Inquiry).where(Inquiry.id == inquiry_id).with_for_update(key_share=True))

    def revoke():
        inquiry, made = locked(), get_authorisation(made_id, to_change=True)
        authorising.revoke(inquiry, made, "Đã về", actor=db.session.get_one(Person, head_id), now=NOW)

    def approve():
        sealing.approve(locked(), actor=db.session.get_one(Person, speaker_id), now=NOW + HOUR)

    faults = together(app, revoke, approve)
    assert faults in ([], ["NotAllowed"])
    with app.app_context():
        approved = db.session.scalar(sa.select(sa.func.count()).select_from(Review)) == 1
        assert db.session.get_one(Authorisation, made_id).revoked_at is not None
        assert approved is (faults == [])


def test_an_end_is_told_once_by_two_senders(app):
    _, made_id, _, _ = committed(app)
    end = NOW + timedelta(days=7)
    counts = []
    faults = together(app, *[lambda: counts.append(jobs.tell_ended(end, authorising.note_end))] * 2)
    assert faults == []
    assert sum(counts) == 1
    with app.app_context():
        assert db.session.get_one(Authorisation, made_id).told_at == end


# --- no sequence of acts ------------------------------------------------------------------------------------------

ACTS = ["grant", "revoke", "approve", "return", "pass on", "draft", "end", "hour"]


@given(st.lists(st.sampled_from(ACTS), max_size=12))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.only_on("sqlite", why="rules decide; what they stand on is tried on both engines above")
def test_no_sequence_of_acts_lets_an_expired_revoked_or_passed_on_authority_act(session, acts):
    with session.begin_nested() as kept:
        province = populate()
        inquiry, now, until = an_inquiry(province, status=Status.IN_REVIEW), NOW, None
        for act in acts:
            until = _try(act, province, inquiry, now, until)
            now += HOUR if act == "hour" else timedelta(minutes=1)
        kept.rollback()


def _try(act, province, inquiry, now, until):
    """One act that may be refused; whoever acts by authority must hold one in force, by the head, that nobody ended."""
    by_authority = act in ("approve", "return")
    try:
        match act:
            case "grant":
                made = an_authorisation(inquiry, province.speaker, by=province.head, now=now, until_at=now + 2 * HOUR)
                return made.until_at
            case "revoke":
                made = stored_now()
                authorising.revoke(inquiry, made, "Thôi", actor=province.head, now=now)
                return None
            case "approve":
                sealing.approve(inquiry, actor=province.speaker, now=now)
            case "return":
                sealing.return_draft(inquiry, "Sửa", actor=province.speaker, now=now)
            case "pass on":
                an_authorisation(inquiry, province.drafter, by=province.speaker, now=now)
                raise AssertionError("an authority was passed on")
            case "draft":
                answer.save_draft(inquiry, f"Bản lúc {now}", actor=province.drafter, now=now)
                answer.submit(inquiry, actor=province.drafter, now=now)
            case "end":
                for made in db.session.scalars(sa.select(Authorisation).where(Authorisation.until_at <= now)):
                    if made.told_at is None:
                        authorising.spokespersons.end(made, now=now)
    except DomainError:
        return until
    assert not by_authority or (until is not None and now < until), f"{act} without an authority in force"
    return until


def stored_now():
    made = db.session.scalars(sa.select(Authorisation).order_by(Authorisation.id.desc())).first()
    if made is None:
        raise NotAllowed("none")
    return made
