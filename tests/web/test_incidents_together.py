"""Two people at the same moment in one incident room, on both engines."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.incidents import jobs
from pr_tracker.incidents.models import Incident, IncidentInquiry, IncidentReview, IncidentTelling
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.inquiries.rules_seal import seal_of
from pr_tracker.notices.models import Notice
from tests.factories.incidents import NOW, TEXT, Province, an_incident, approved, submitted
from tests.factories.inquiries import an_inquiry
from tests.web.test_duties_together import posted, together

PEOPLE = ("drafter", "clerk", "head", "deputy", "chairman")


@pytest.fixture
def stored(app, client, monkeypatch):
    """stored(make): what make(province) gives, committed, and the people by name; `client` may post from threads."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr("tests.checking_client.too_many", lambda *_, **__: None)  # it counts all threads' together

    def stored(make):
        with app.app_context():
            province = Province()
            made = make(province)
            db.session.commit()
            return made, {name: getattr(province, name).id for name in PEOPLE}

    return stored


def _ready(province):
    owing = an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT)
    incident = approved(an_incident(province, inquiries=[owing]), province)
    db.session.flush()
    return incident.id, incident.version, owing.id, owing.version, province.head.id


def test_of_two_who_release_at_once_one_does(app, stored):
    (incident_id, seen, owing_id, version, speaker_id), people = stored(_ready)
    data = {
        "answer_form": "written",
        "released_at": "16:30 20/11/2026",
        "speaker_id": speaker_id,
        "evidence": "Thông cáo số 5",
        "digest": seal_of(TEXT),
        "member": f"{owing_id}.{version}",
        "seen": seen,
    }
    answers = []

    def act(name):
        return lambda: answers.append(posted(app, people[name], f"/incidents/{incident_id}/statement/release", data))

    assert together(app, act("drafter"), act("clerk"), act("head")) == []
    assert sorted(answers) == [303, 409, 409]
    with app.app_context():
        assert db.session.get_one(Inquiry, owing_id).status is Status.ANSWERED
        assert len(db.session.scalars(sa.select(IncidentTelling.id)).all()) == 1
        released = sa.select(HistoryEntry.id).where(HistoryEntry.event == InquiryEvent.RELEASE)
        assert len(db.session.scalars(released).all()) == 1


def test_of_two_who_approve_at_once_one_gives_the_seal(app, stored):
    def make(province):
        incident = submitted(an_incident(province), province)
        db.session.flush()
        return incident.id, incident.version

    (incident_id, seen), people = stored(make)
    data, answers = {"digest": seal_of(TEXT), "seen": seen}, []

    def act(name):
        return lambda: answers.append(posted(app, people[name], f"/incidents/{incident_id}/statement/approve", data))

    assert together(app, act("head"), act("deputy")) == []
    assert sorted(answers) == [303, 409]
    with app.app_context():
        assert len(db.session.scalars(sa.select(IncidentReview.id).where(IncidentReview.approved)).all()) == 1


def test_an_inquiry_that_two_put_into_two_incidents_belongs_to_one(app, stored):
    def make(province):
        inquiry = an_inquiry(province, status=Status.ASSIGNED)
        return inquiry.id, [an_incident(province).id for _ in range(2)]

    (inquiry_id, incidents), people = stored(make)
    answers = []

    def act(name, incident_id):
        data = {"incident_id": incident_id}
        return lambda: answers.append(posted(app, people[name], f"/inquiries/{inquiry_id}/incident", data))

    assert together(app, act("drafter", incidents[0]), act("clerk", incidents[1])) == []
    assert sorted(answers) == [303, 422]
    with app.app_context():
        assert len(db.session.scalars(sa.select(IncidentInquiry.id)).all()) == 1


def test_incidents_opened_at_once_have_numbers_without_gap(app, stored):
    department, people = stored(lambda province: province.department.id)
    answers = []

    def act(name, token):
        data = {"title": "Sạt lở", "kind": "incident", "agency_id": department, "received_at": "16:00 20/11/2026"}
        return lambda: answers.append(posted(app, people[name], "/incidents/new", data | {"form_token": token}))

    acts = [act(name, str(number) * 32) for number, name in enumerate(("drafter", "head", "clerk"))]
    assert together(app, *acts) == []
    assert answers == [303, 303, 303]
    with app.app_context():
        assert sorted(db.session.scalars(sa.select(Incident.number))) == [1, 2, 3]


def test_reminders_come_once_from_several_senders(app, stored):
    stored(lambda province: an_incident(province, received_at=NOW).id)
    assert together(app, *[lambda: jobs.remind(NOW + timedelta(hours=12))] * 4) == []
    with app.app_context():
        told = db.session.execute(sa.select(Notice.key, Notice.person_id)).all()
        assert len(told) == len(set(told))
