"""The demo's certificates: of a class that was held, all in one go, one replaced and one taken back since."""

from datetime import datetime, timedelta

from pr_tracker import config
from pr_tracker.accounts.models import Person
from pr_tracker.certificates import actions
from pr_tracker.certificates.queries import register
from pr_tracker.certificates.queries.standing import candidates_of
from pr_tracker.db import db
from pr_tracker.office_time import office_day
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.rules_roster import Entry

PLACE = "An Giang"
WRONG, TAKEN_BACK = 4, 11  # which of them, counted from 0


def issue_certificates(one: TrainingClass, trainer: Person, now: datetime) -> None:
    """Issue for everybody of a class who has earned one; their PDF is drawn when somebody asks for it."""
    key, day = config.read()["SECRET_KEY"], office_day(now)
    earned = [each.id for each in candidates_of(one) if each.standing.qualifies]
    run = actions.ask_for(one, earned, day, place=PLACE, actor=trainer, now=now)
    db.session.flush()
    while register.people_left(run.id):
        actions.issue_next(run.id, key=key, now=now)
    run.finished_at = now
    db.session.flush()
    given, later = register.to_print(one.id), now + timedelta(days=3)
    wrong, taken_back = given[WRONG], given[TAKEN_BACK]
    who = wrong.participant
    entry = Entry(who.full_name, who.title, who.agency_name, who.phone, who.email, person_id=who.person_id)
    actions.reissue(
        wrong,
        entry,
        "In mờ tên trên bản đã trao",
        office_day(later),
        seen=wrong.version,
        place=PLACE,
        key=key,
        actor=trainer,
        now=later,
    )
    actions.revoke(taken_back, "Cấp nhầm, người khác ký thay", seen=taken_back.version, actor=trainer, now=later)
