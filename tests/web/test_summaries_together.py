"""Figures are exact at every moment, while cases end, several workers fold and somebody makes all figures anew.

Seen red: a fold that takes away other lines than it added, a recount that does not wait for what is being finished,
a recount that waits for marks of months while it keeps lines of changes from being written,
on PostgreSQL a reader whose statements see an instant each.
"""

from datetime import timedelta
from threading import Event
from time import sleep

import pytest
import sqlalchemy as sa

from pr_tracker.db import db, will_write
from pr_tracker.deadlines.queries import calendar_state
from pr_tracker.inquiries import jobs
from pr_tracker.inquiries.actions import answer
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_summaries import Change
from pr_tracker.inquiries.queries.lateness import by_whose_doing, doings_of, unsettled_months
from pr_tracker.inquiries.queries.lists import Filters
from pr_tracker.inquiries.queries.summaries import By, asked_of, sums
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part
from tests.together import together
from tests.web.test_inquiries_summaries import full_count, kept

EACH = 8  # cases, for each of two who work
DAY = timedelta(days=1)
ALL = Filters(since=office_day(NOW - 80 * DAY), until=office_day(NOW))


@pytest.fixture
def ids(session):
    """Cases of three months, with a part that is owed to each."""
    province, ids = Province(), []
    for number in range(2 * EACH):
        at = NOW - (10 + 4 * number) * DAY
        case = an_inquiry(province, kind=Kind.INCIDENT, status=Status.ASSIGNED, received_at=at, now=at)
        a_part(case, province.other, actor=province.drafter, now=at)
        ids.append(case.id)
    session.commit()
    session.remove()
    return ids


def work_on(ids, left):
    """Each case ends; then what it counts as is changed, and what was owed to it, as by an import."""
    try:
        for one in ids:
            case = get_visible(one, db.session.get_one(Inquiry, one).logged_by, to_change=True)
            answer.withdraw(case, "Báo rút", actor=case.logged_by, now=NOW)
            db.session.commit()
            moved = {"received_at": case.received_at - 31 * DAY, "extended_days": one}
            db.session.execute(sa.update(Inquiry.__table__).where(Inquiry.id == one).values(**moved))
            owed = sa.update(Participation.__table__).where(Participation.inquiry_id == one)
            db.session.execute(owed.values(ends_at=NOW - 90 * DAY))
            db.session.commit()
    finally:
        left.append(ids)


def until_done(left, act):
    """The act again and again while others work, and once more."""
    while len(left) < 2:
        act(NOW)
    act(NOW)


def look(left):
    """A reader counts everything anew, in one instant, and finds just the figures that are kept."""
    will_write.set(False)
    looks = 0
    while len(left) < 2 or looks < 3:
        db.session.rollback()
        assert kept() == full_count()
        calendar = db.session.execute(calendar_state()).one()
        live = by_whose_doing(sa.select(Inquiry.id).where(*asked_of(ALL, None, NOW)), NOW, calendar)
        assert +doings_of(ALL, None, NOW, calendar) == +live
        assert sum(row.cases for row in sums(ALL, None, NOW, By.AGENCY)) == sum(
            row.cases for row in sums(ALL, None, NOW, By.MONTH)
        )
        looks += 1


def test_figures_are_exact_at_every_moment_while_several_workers_fold_and_count(app, ids):
    left = []
    faults = together(
        app,
        *(lambda half=ids[at::2]: work_on(half, left) for at in range(2)),
        *[lambda: until_done(left, jobs.fold_summaries)] * 2,
        lambda: until_done(left, jobs.make_summaries),
        lambda: look(left),
    )
    assert faults == []
    with app.app_context():
        jobs.fold_summaries(NOW)
        assert kept() == full_count()
        assert not db.session.scalar(sa.select(sa.func.count(Change.id)))
        assert unsettled_months() == []


@pytest.mark.only_on("postgresql", why="a writer is alone on SQLite")
def test_an_act_that_marks_a_month_and_then_writes_a_line_does_not_lock_up_with_a_recount(app, ids):
    """What an import does: it changes what was owed to one finished case and then another finished case."""
    with app.app_context():
        db.session.execute(sa.update(Inquiry.__table__).values(finished_at=NOW, status=Status.WITHDRAWN))
        db.session.commit()
        jobs.make_summaries(NOW)
    marked = Event()

    def change():
        owed = sa.update(Participation.__table__).where(Participation.inquiry_id == ids[0])
        db.session.execute(owed.values(ends_at=NOW - 90 * DAY))
        marked.set()
        sleep(1)  # the recount has begun
        db.session.execute(sa.update(Inquiry.__table__).where(Inquiry.id == ids[1]).values(extended_days=3))

    def count_anew():
        assert marked.wait(30)
        jobs.make_summaries(NOW)

    assert together(app, change, count_anew) == []
    with app.app_context():
        jobs.fold_summaries(NOW)
        assert kept() == full_count()
        assert unsettled_months() == []
        calendar = db.session.execute(calendar_state()).one()
        live = by_whose_doing(sa.select(Inquiry.id).where(*asked_of(ALL, None, NOW)), NOW, calendar)
        assert +doings_of(ALL, None, NOW, calendar) == +live
