"""Two at the same instant: the last place, an arrival against a trainer's mark, one class issued for twice."""

import threading

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.assessments.actions import taking
from pr_tracker.assessments.models import TestAttempt
from pr_tracker.assessments.queries.tests import find_attempt, get_test
from pr_tracker.certificates import actions as certificates
from pr_tracker.certificates.models import Certificate, CertificateRun
from pr_tracker.certificates.queries.register import latest_run
from pr_tracker.db import db
from pr_tracker.errors import DomainError
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import naming, replying, roll, waiting
from pr_tracker.trainings.actions.arrival import check_in
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import places_of
from pr_tracker.trainings.queries.plan import get_class, get_session
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.assessments import a_test
from tests.factories.trainings import a_class, a_roster, a_session

DOING = {"actor": None, "now": NOW}


@pytest.fixture
def together(app):
    """together(act, ...): all at the same instant, each in a transaction of its own; what each came to."""

    def together(*acts):
        start, outcomes = threading.Barrier(len(acts)), []

        def run(act):
            with app.app_context():
                start.wait(60)
                try:
                    act()
                    db.session.commit()
                    outcomes.append("done")
                except DomainError as refusal:
                    db.session.rollback()
                    outcomes.append(type(refusal).__name__)

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return sorted(outcomes)

    return together


def test_of_two_agencies_that_name_for_the_last_place_one_waits(app, together):
    with app.app_context():
        one, agencies = a_class(), [an_agency(), an_agency()]
        one.capacity = 1
        a_session(of=one)
        db.session.flush()
        waiting.set_quotas(one, {agency.id: 1 for agency in agencies}, **DOING)
        heads = [a_person(agency=agency, roles={Role.HEAD}) for agency in agencies]
        db.session.commit()
        class_id, ids = one.id, [head.id for head in heads]

    def name(person_id):
        person = db.session.get(Person, person_id)
        naming.name_people(get_class(class_id), [Entry(f"Người {person_id}")], actor=person, now=NOW)

    assert together(*(lambda each=each: name(each) for each in ids)) == ["done", "done"]
    with app.app_context():
        rows = db.session.scalars(sa.select(Participant)).all()
        assert sorted(row.waiting_at is None for row in rows) == [False, True]


def test_of_two_who_wait_each_place_that_frees_goes_to_one(app, together):
    with app.app_context():
        one = a_class()
        one.capacity = 2
        a_session(of=one)
        ids = [row.id for row in a_roster(one, *(f"Người {n}" for n in range(5)))]
        seated = list(db.session.scalars(sa.select(Participant.id).where(Participant.seated())))
        db.session.commit()
        class_id = one.id
    assert len(ids) == 5

    def apologise(row_id):
        replying.apologise(get_participant(row_id), "Ốm", **DOING)

    assert together(*(lambda each=each: apologise(each) for each in seated)) == ["done", "done"]
    with app.app_context():
        assert places_of(get_class(class_id)).taken == 2


def test_an_arrival_and_a_trainers_mark_leave_one_mark_and_the_second_is_told(app, together):
    with app.app_context():
        held = a_session()
        (row,) = a_roster(held.training_class, "Tô Văn Một")
        db.session.commit()
        session_id, row_id, begins = held.id, row.id, held.starts_at
    outcomes = together(
        lambda: check_in(get_session(session_id), get_participant(row_id), Source.SELF, actor=None, now=begins),
        lambda: roll.mark(
            get_session(session_id), get_participant(row_id), Mark.ABSENT, version=0, actor=None, now=begins
        ),
    )
    assert outcomes in (["CheckInRefused", "done"], ["MarkedMeanwhile", "done"])
    with app.app_context():
        assert list(db.session.scalars(sa.select(AttendanceMark.version))) == [1]


def test_certificates_asked_for_twice_and_worked_off_by_two_are_given_once_without_a_gap(app, together):
    with app.app_context():
        held = a_session()
        rows = a_roster(held.training_class, *(f"Người {n}" for n in range(30)))
        for row in rows:
            roll.mark(held, row, Mark.PRESENT, version=0, **DOING)
        db.session.commit()
        class_id, ids, after = held.class_id, [row.id for row in rows], held.ends_at

    def ask():
        certificates.ask_for(get_class(class_id), ids, after.date(), place="Rạch Giá", actor=None, now=after)

    assert together(ask, ask) == ["StepNotAllowed", "done"]
    with app.app_context():
        run_id = latest_run(class_id).id

    def issue():
        certificates.issue_next(run_id, key="k", now=after)

    assert together(issue, issue, issue) == ["done", "done", "done"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(CertificateRun.id))) == 1
        numbers = list(db.session.scalars(sa.select(Certificate.number).order_by(Certificate.number)))
        assert numbers == list(range(1, 31))
        assert len(set(db.session.scalars(sa.select(Certificate.participant_id)))) == 30


def test_a_test_that_is_begun_and_handed_in_twice_is_one_attempt_and_the_first_stands(app, together):
    with app.app_context():
        held = a_session()
        (row,) = a_roster(held.training_class, "Tô Văn Một")
        test = a_test(held.training_class)
        db.session.commit()
        class_id, row_id, at = held.class_id, row.id, test.opens_at

    def begin():
        taking.start(get_test(class_id), get_participant(row_id), now=at)

    def hand_in():
        one, test = get_participant(row_id), get_test(class_id)
        taking.hand_in(test, find_attempt(test.id, row_id), one, {}, now=at)

    assert together(begin, begin) == ["done", "done"]
    assert together(hand_in, hand_in) == ["StepNotAllowed", "done"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(TestAttempt.id))) == 1
