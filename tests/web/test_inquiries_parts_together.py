"""Two at once in one box, or with one answer: one version is approved, one merge counts, nobody waits for ever."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.actions import parts
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_parts import IS_CURRENT, Contribution, DraftSource
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_seal import text_digest_of
from pr_tracker.permissions import Role
from tests.checking_client import CheckingClient
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part

TEXT = "Bảy tỷ đồng"


@pytest.fixture
def stored(app, monkeypatch):
    """stored(make): what make(province, case, box) leaves, committed; ids of the case, the box and the people."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def stored(make):
        with app.app_context():
            province = Province()
            province.other_deputy = a_person("Hồ Phó", agency=province.other, roles=(Role.HEAD,))
            case = an_inquiry(province, status=Status.DRAFTING)
            box = a_part(case, province.other, actor=province.drafter)
            make(province, case, box)
            db.session.commit()
            people = {name: person.id for name, person in vars(province).items() if isinstance(person, Person)}
            return case.id, box.id, people

    return stored


class Hurried(CheckingClient):
    """Without the count of statements: it would add up those of both."""

    run_wsgi_app = FlaskClient.run_wsgi_app


def together(app, *posts):
    """Each (person, path, data) posted by a thread of its own at the same moment; the statuses."""
    ready, answers = Barrier(len(posts)), []

    def run(person_id, path, data):
        client = Hurried(app, app.response_class)
        with app.app_context():
            client.act_as(db.session.get_one(Person, person_id))
        ready.wait(60)
        answers.append(client.post(path, data=data).status_code)

    threads = [Thread(target=run, args=each) for each in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return sorted(answers)


def submitted(province, case, box):
    parts.save(case, box, TEXT, actor=province.stranger, now=NOW)
    parts.submit(case, box, actor=province.stranger, now=NOW)


@pytest.mark.usefixtures("client")
def test_of_two_approvers_at_once_one_approves(app, stored):
    case_id, box_id, people = stored(submitted)
    with app.app_context():
        seen = db.session.get(Participation, box_id).box_version
    data = {"seen": seen, "digest": text_digest_of(TEXT)}
    path = f"/inquiries/{case_id}/parts/{box_id}/approve"
    answers = together(app, (people["other_head"], path, data), (people["other_deputy"], path, data))
    assert answers == [303, 409]
    with app.app_context():
        assert len(db.session.scalars(sa.select(Contribution).where(*IS_CURRENT)).all()) == 1


@pytest.mark.usefixtures("client")
def test_approving_and_returning_at_once_one_of_them_counts(app, stored):
    case_id, box_id, people = stored(submitted)
    with app.app_context():
        seen = db.session.get(Participation, box_id).box_version
    base = f"/inquiries/{case_id}/parts/{box_id}"
    approval = (people["other_head"], f"{base}/approve", {"seen": seen, "digest": text_digest_of(TEXT)})
    refusal = (people["other_deputy"], f"{base}/return", {"seen": seen, "reason": "Xem lại"})
    assert together(app, approval, refusal) == [303, 409]
    with app.app_context():
        version = db.session.scalars(sa.select(Contribution)).one()
        assert (version.approved_at is None) is not (version.returned_at is None)


@pytest.mark.usefixtures("client")
def test_of_two_who_merge_at_once_one_does_and_the_other_is_told(app, stored):
    case_id, _, people = stored(lambda province, _case, _box: a_sent_part(_case, TEXT, actor=province.stranger))
    with app.app_context():
        sent_id = db.session.scalar(sa.select(Contribution.id))
        seen = db.session.get(Inquiry, case_id).version
    path = f"/inquiries/{case_id}/merge/{sent_id}"
    typed = [{"text": f"Đang gõ {name}", "seen": seen} for name in ("một", "hai")]
    answers = together(app, (people["drafter"], path, typed[0]), (people["deputy"], path, typed[1]))
    assert answers == [303, 409]
    with app.app_context():
        assert len(db.session.scalars(sa.select(DraftSource)).all()) == 1
        assert latest_draft(db.session.get(Inquiry, case_id)).text.count(TEXT) == 1
