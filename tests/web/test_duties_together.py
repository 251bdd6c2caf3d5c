"""Two at once: a duty is done by one of them, opens once, is reminded of once, and nobody waits for ever."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.duties import actions_conferences, jobs, queries
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyState
from pr_tracker.notices.models import Notice
from tests.factories.accounts import NOW
from tests.factories.duties import Province, a_conference, a_publication, office
from tests.together import together


@pytest.fixture
def stored(app):
    """stored(make): what make(province) gives, committed; its id, and the ids of the people."""

    def stored(make):
        with app.app_context():
            province = Province()
            thing = make(province)
            people = {name: person.id for name, person in vars(province).items() if isinstance(person, Person)}
            db.session.commit()
            return thing.id if thing is not None else None, people

    return stored


def posted(app, person_id, path, data):
    client = app.test_client()
    with app.app_context():
        client.act_as(db.session.get_one(Person, person_id))
    return client.post(path, data=data).status_code


def test_what_comes_round_opens_once(app, stored):
    stored(lambda province: None)
    assert together(app, *[lambda: jobs.open_periodic(NOW)] * 3) == []
    with app.app_context():
        assert sorted(db.session.scalars(sa.select(Duty.period))) == ["2026", "2026-11"]


def test_one_of_two_records_it_as_done(app, client, stored, monkeypatch):
    from pr_tracker import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    duty_id, people = stored(lambda province: a_publication(province, NOW - timedelta(hours=1)))
    data = {"done_at": "16:30 20/11/2026", "evidence": "Đã đăng", "link": "", "seen": "1"}
    answers = []

    def act(name):
        return lambda: answers.append(posted(app, people[name], f"/duties/{duty_id}/done", data))

    assert together(app, act("staff"), act("head")) == []
    assert sorted(answers) == [303, 409]


def test_reminders_come_once_from_several_senders(app, stored):
    duty_id, people = stored(lambda province: a_publication(province, office(20, 11), now=office(20, 11)))
    assert together(app, *[lambda: jobs.remind(office(20, 11, hour=22))] * 4) == []
    with app.app_context():
        told = db.session.execute(sa.select(Notice.key, Notice.person_id).where(Notice.about_id == duty_id)).all()
        assert len(told) == len(set(told))
        assert [row.person_id for row in told if ":before:" in row.key] == [people["staff"]]


def test_calling_off_and_giving_the_notice_do_not_wait_for_each_other(app, client, stored, monkeypatch):
    from pr_tracker import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    conference_id, people = stored(lambda province: a_conference(province, office(30, 11)))
    with app.app_context():
        notice_id = queries.notices_of(conference_id)[0].id
    texts = {f"texts-{number}": "Nội dung" for number in range(6)} | {"seen": "1"}
    answers = []

    def fill():
        answers.append(posted(app, people["staff"], f"/duties/{notice_id}/items", texts))

    def call_off():
        conference = queries.get_conference(conference_id, None, to_change=True)
        actions_conferences.call_off(conference, "Hoãn", actor=db.session.get_one(Person, people["head"]), now=NOW)

    assert together(app, fill, call_off) == []
    assert answers[0] in (303, 409)
    with app.app_context():
        assert db.session.get_one(Duty, notice_id).state is DutyState.CANCELLED
