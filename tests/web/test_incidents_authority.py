"""A head authorises somebody in one incident: who approves and speaks under the paper, from when until when."""

from datetime import timedelta

import pytest

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.errors import BadInput, NotAllowed
from pr_tracker.incidents.actions import authorising, opening, releasing, statement
from pr_tracker.incidents.models import IncidentEntry, IncidentReview
from pr_tracker.incidents.queries.speaking import speakers_at
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.office_time import office_day
from pr_tracker.spokespersons.actions_authorising import Grant
from pr_tracker.spokespersons.models import Authorisation
from tests.factories.accounts import a_person
from tests.factories.incidents import NOW, Province, an_incident, approved, given, submitted

HOUR = timedelta(hours=1)


@pytest.fixture
def province(session):
    made = Province()
    made.officer = a_person("Hồ Ủy Quyền", agency=made.department)
    db.session.flush()
    return made


def grant(province, *, person=None, start=0, end=24):
    words = "Phát ngôn trong vụ việc sạt lở"
    person = person or province.officer
    return Grant(person.id, words, NOW + start * HOUR, NOW + end * HOUR, "12/GUQ-SXD", office_day(NOW))


def authorised(incident, province, **facts):
    return authorising.authorise(incident, grant(province, **facts), actor=province.head, now=NOW)


def test_under_the_paper_one_approves_and_speaks_until_the_second_of_its_end(province):
    incident = submitted(an_incident(province), province)
    authorised(incident, province)
    statement.approve(incident, actor=province.officer, now=NOW)
    review = db.session.query(IncidentReview).one()
    assert (review.authority["number"], review.authority["giver"]) == ("12/GUQ-SXD", "Lê Giám Đốc")
    statement.approve(incident, actor=province.chairman, now=NOW)
    spoken = given(province, speaker=province.officer, form=AnswerForm.PORTAL)
    version = releasing.release(incident, spoken, actor=province.drafter, now=NOW)
    assert version.speaker_right["kind"] == "authorised"
    ids = [{right.person_id for right in speakers_at(incident, NOW + hours)} for hours in (23 * HOUR, 24 * HOUR)]
    assert province.officer.id in ids[0]
    assert province.officer.id not in ids[1]


def test_the_paper_of_one_incident_gives_no_right_in_another(province):
    first, other = an_incident(province), approved(an_incident(province), province)
    authorised(first, province)
    with pytest.raises(BadInput):
        releasing.release(
            other, given(province, speaker=province.officer, form=AnswerForm.PORTAL), actor=province.drafter, now=NOW
        )


def test_only_a_head_in_person_authorises_and_takes_it_back(province):
    incident = submitted(an_incident(province), province)
    for actor in (province.deputy, province.drafter, province.vice):
        with pytest.raises(NotAllowed):
            authorising.authorise(incident, grant(province), actor=actor, now=NOW)
    made = authorised(incident, province)
    authorising.revoke(incident, made, "Tự phát ngôn", actor=province.head, now=NOW + HOUR)
    with pytest.raises(NotAllowed):
        statement.approve(incident, actor=province.officer, now=NOW + HOUR)


def test_the_pages_give_and_revoke_it(province, sign_in, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    incident = an_incident(province)
    db.session.commit()
    client, path = sign_in(province.head), f"/incidents/{incident.id}"
    assert client.get(f"{path}/authorise").status_code == 200
    data = {"person_id": province.officer.id, "words": "Vụ sạt lở", "number": "12/GUQ-SXD", "signed_on": "20/11/2026"}
    data |= {"from_at": "16:30 20/11/2026", "until_at": "16:30 22/11/2026", "seen": incident.version}
    assert client.post(f"{path}/authorise", data=data).status_code == 303
    made = db.session.query(Authorisation).one()
    assert "12/GUQ-SXD" in client.get(path).text
    assert client.get(f"/spokespersons/authorisations/{made.id}").status_code == 200
    db.session.expire_all()
    revoke = f"{path}/authorisations/{made.id}/revoke"
    assert client.get(revoke).status_code == 200
    assert client.post(revoke, data={"reason": "Tự phát ngôn", "seen": incident.version}).status_code == 303
    assert sign_in(province.deputy).get(revoke).status_code == 404


def test_a_return_under_the_paper_says_by_which_paper(province):
    incident = submitted(an_incident(province), province)
    authorised(incident, province)
    statement.return_statement(incident, "Thiếu số liệu", actor=province.officer, now=NOW)
    review = db.session.query(IncidentReview).one()
    assert review.authority["number"] == "12/GUQ-SXD"
    line = db.session.query(IncidentEntry).filter_by(event=IncidentEvent.RETURN).one()
    assert (line.data["authority"]["name"], line.data["step"]) == ("Hồ Ủy Quyền", "agency")


def test_an_approved_statement_that_the_lead_agency_returns_is_not_said_to_be_returned_by_the_province(province):
    incident = approved(an_incident(province), province)
    statement.return_statement(incident, "Có tình tiết mới", actor=province.head, now=NOW)
    assert db.session.query(IncidentReview).filter_by(approved=False).one().step == "agency"
    other = approved(an_incident(province), province)
    statement.return_statement(other, "Có tình tiết mới", actor=province.chairman, now=NOW)
    returned = db.session.query(IncidentReview).filter_by(approved=False).order_by(IncidentReview.id.desc()).first()
    assert returned.step == "province"


def test_whoever_acts_by_authority_is_refused_with_the_article_when_passing_it_on_or_too_late(province):
    incident = submitted(an_incident(province), province)
    authorised(incident, province)
    other = grant(province, person=province.deputy)
    with pytest.raises(NotAllowed, match=r"Article 3\(6\)"):
        authorising.authorise(incident, other, actor=province.officer, now=NOW)
    with pytest.raises(NotAllowed, match=r"Article 3\(4\), \(5\)"):
        authorising.authorise(incident, other, actor=province.deputy, now=NOW)
    for act in (statement.approve, lambda one, **by: statement.return_statement(one, "Muộn", **by)):
        with pytest.raises(NotAllowed, match=r"Article 3\(5\)"):
            act(incident, actor=province.officer, now=NOW + 24 * HOUR)


def test_an_authority_is_revoked_on_its_page_although_the_incident_is_closed(province, sign_in, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    incident = an_incident(province)
    made = authorised(incident, province)
    opening.close(incident, "Đã khắc phục", actor=province.head, now=NOW)
    db.session.commit()
    revoke = f"/incidents/{incident.id}/authorisations/{made.id}/revoke"
    client = sign_in(province.head)
    assert client.get(revoke).status_code == 200
    assert client.post(revoke, data={"reason": "Việc đã xong", "seen": incident.version}).status_code == 303
    db.session.expire_all()
    assert db.session.get(Authorisation, made.id).revoked_at == NOW
