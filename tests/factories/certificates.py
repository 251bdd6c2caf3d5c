"""Classes that were held, and their certificates, for tests."""

from datetime import date

from pr_tracker.certificates import actions
from pr_tracker.certificates.queries import register
from pr_tracker.certificates.queries.standing import candidates_of
from pr_tracker.db import db
from pr_tracker.trainings.actions import roll
from pr_tracker.trainings.rules_roll import Mark
from tests.databases import BASE
from tests.factories.accounts import NOW
from tests.factories.trainings import a_class, a_course, a_roster, a_session

KEY = BASE["PR_TRACKER_SECRET_KEY"]
DAY = date(2026, 11, 20)


def a_held_class(*names, marks=None, sessions=1, closed=True, course=None, now=NOW):
    """A class whose people were in its sessions, from 10/11/2026 on; `marks` gives, by name, who was not present."""
    one = a_class(course=course or a_course(now=now), now=now)
    people = a_roster(one, *(names or ("Lý Quốc Bảo", "Danh Hoàng Út Ân")), now=now)
    for at in range(sessions):
        session = a_session(of=one, day=date(2026, 11, 10 + at), now=now)
        db.session.flush()
        said = {each.id: ((marks or {}).get(each.full_name, Mark.PRESENT), "", 0) for each in people}
        roll.mark_many(session, said, actor=None, now=now)
        if closed:
            roll.close_session(session, version=session.version, actor=None, now=now)
    db.session.flush()
    return one


def a_run(one, *, day=DAY, actor=None, now=NOW):
    """A run for everybody of a class who has earned a certificate."""
    earned = [each.id for each in candidates_of(one) if each.standing.qualifies]
    run = actions.ask_for(one, earned, day, place="An Giang", actor=actor, now=now)
    db.session.flush()
    return run


def certificates_of(one, *, day=DAY, actor=None, now=NOW):
    """The certificates of everybody of a class who has earned one, in the order of numbers."""
    run = a_run(one, day=day, actor=actor, now=now)
    while register.people_left(run.id):
        actions.issue_next(run.id, key=KEY, now=now)
    run.finished_at = now
    return list(register.to_print(one.id))
