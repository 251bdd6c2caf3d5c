"""Two at once: a place is taken by one of them, the same decision is recorded once, nobody waits for ever."""

from datetime import timedelta

import pytest

from pr_tracker.accounts.models import Person
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.spokespersons import actions, queries
from pr_tracker.spokespersons.models import SpokespersonDecision
from tests.factories.accounts import NOW, a_person
from tests.factories.duties import Province
from tests.factories.spokespersons import a_decision, facts_of
from tests.together import together

DAY = timedelta(days=1)


@pytest.fixture
def stored(app):
    """(decision, agency, head, two deputies) by their ids, committed."""
    with app.app_context():
        province = Province()
        deputies = [a_person(agency=province.department) for _ in range(2)]
        decision = a_decision(province.staff, NOW - DAY, actor=province.head)
        db.session.commit()
        return decision.id, province.department.id, province.head.id, [one.id for one in deputies]


def recording(stored, deputy, number):
    decision_id, _agency, head_id, deputies = stored

    def act():
        person, head = db.session.get_one(Person, deputies[deputy]), db.session.get_one(Person, head_id)
        facts = facts_of(person, NOW, number=number)
        naming = {"person_id": person.id, "replaces_id": decision_id}
        actions.record_decision(person.agency, facts, **naming, actor=head, now=NOW)

    return act


def ending(stored):
    decision_id, _agency, head_id, _deputies = stored

    def act():
        decision = queries.get_decision(decision_id, to_change=True)
        head = db.session.get_one(Person, head_id)
        actions.end_decision(decision, NOW, "9/QĐ", "Nghỉ hưu", actor=head, now=NOW, seen=1)

    return act


def test_one_of_two_takes_the_place(app, stored):
    faults = together(app, recording(stored, 0, "1/QĐ"), recording(stored, 1, "2/QĐ"))
    assert faults == ["BadInput"]
    with app.app_context():
        assert len(queries.decisions_at([stored[1]], NOW)) == 1
        assert not list(faults_in_chain())


def test_ending_and_replacing_do_not_wait_for_each_other(app, stored):
    faults = together(app, recording(stored, 0, "1/QĐ"), ending(stored))
    assert faults in (["BadInput"], ["ChangedMeanwhile"])
    with app.app_context():
        assert db.session.get_one(SpokespersonDecision, stored[0]).ended_at == NOW
