"""The calendar is changed together with every open clock, or not at all; entries are withdrawn, never deleted."""

from datetime import date, time, timedelta
from functools import partial
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.models import AuditEntry
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.deadlines import actions_calendar, queries
from pr_tracker.deadlines.models import CalendarEntry
from pr_tracker.deadlines.rules_calendar import DayKind
from pr_tracker.deadlines.rules_rerun import digest_of
from pr_tracker.deadlines.rules_year import days_off, entering, swapped, withdrawing
from pr_tracker.errors import BadInput, ChangedMeanwhile
from pr_tracker.inquiries.actions import intake
from pr_tracker.inquiries.actions.moving import InquiryClocks
from pr_tracker.inquiries.jobs import remind
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.rules_kinds import Channel, Kind
from pr_tracker.office_time import office_instant
from pr_tracker.outlets.models import Outlet
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry

HOLDERS = [InquiryClocks()]
FIRST_OF_DECEMBER = date(2026, 12, 1)
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
DECISION = "12/QĐ-TTg"


@pytest.fixture
def province(session):
    return Province()


def day_off(day, name="Nghỉ bão"):
    return partial(entering, days_off(DayKind.HOLIDAY, day, day, name=name, decision=DECISION, confirmed=True))


def change(wish, *, seen=None, now=NOW, **more):
    if seen is None:
        seen = digest_of(actions_calendar.look_at(wish, holders=HOLDERS)[1])
    return actions_calendar.change_calendar(
        wish, holders=HOLDERS, seen=seen, words=in_words, actor=None, now=now, **more
    )


def in_words(_change, days):
    return ", ".join(f"{day:%d/%m}" for day in days)


def dues(session):
    return session.execute(sa.select(Inquiry.id, Inquiry.due_on, Inquiry.due_at).order_by(Inquiry.id)).all()


def test_looking_changes_nothing(province, session):
    an_inquiry(province)
    session.flush()
    before = dues(session)
    _, moves = actions_calendar.look_at(day_off(MONDAY), holders=HOLDERS)
    assert [move.new.due_on for move in moves] == [date(2026, 11, 27)]
    assert dues(session) == before
    assert queries.working_calendar().is_working_day(MONDAY)


def test_saving_enters_the_day_and_moves_what_is_open(province, session):
    inquiry = an_inquiry(province)
    _, moves = change(day_off(MONDAY))
    session.refresh(inquiry)
    assert (len(moves), inquiry.due_on) == (1, date(2026, 11, 27))
    assert not queries.working_calendar().is_working_day(MONDAY)
    entered = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "calendar:day:enter")).all()
    assert {data["day"]: data["kind"] for data in entered} == {"2026-11-23": "holiday", "2026-11-28": "ordinary"}
    assert {data["decision"] for data in entered} == {DECISION}
    assert list(faults_in_chain()) == []


def test_each_case_is_told_only_the_days_that_lie_in_its_way(province, session):
    an_inquiry(province)
    an_inquiry(province, now=NOW + timedelta(days=12))  # Wednesday 2 December
    put = {**day_off(MONDAY).args[0], **day_off(date(2026, 12, 3)).args[0]}
    change(partial(entering, put))
    told = session.scalars(
        sa.select(HistoryEntry.data).where(HistoryEntry.event == "inquiry:deadline:move").order_by(HistoryEntry.id)
    ).all()
    assert [data["note"] for data in told] == ["23/11", "03/12"]


def test_withdrawing_restores_every_date_and_keeps_the_entry_on_record(province, session):
    for number in range(4):
        an_inquiry(province, now=NOW - timedelta(days=number), kind=list(Kind)[number])
    session.flush()
    before = dues(session)
    change(day_off(MONDAY))
    change(partial(entering, swapped(WEDNESDAY, date(2026, 11, 28), decision=DECISION, confirmed=True)))
    assert dues(session) != before
    change(partial(withdrawing, WEDNESDAY, WEDNESDAY), reason="Nhập nhầm ngày")
    change(partial(withdrawing, MONDAY, MONDAY), reason="Nhập nhầm ngày")
    assert dues(session) == before
    kept = session.scalars(sa.select(CalendarEntry)).all()
    assert len(kept) == 4  # 28 November twice: no longer proposed, then worked in exchange
    assert all(entry.withdrawn_at for entry in kept)
    assert [entry.withdrawn_why for entry in kept].count("Nhập nhầm ngày") == 3


def test_a_new_entry_takes_the_place_of_the_former_one(province, session):
    change(day_off(FIRST_OF_DECEMBER))
    change(day_off(FIRST_OF_DECEMBER, name="Nghỉ lụt"), now=NOW + timedelta(hours=1))
    rows = session.execute(sa.select(CalendarEntry.name, CalendarEntry.withdrawn_at).order_by(CalendarEntry.id)).all()
    assert [(row.name, row.withdrawn_at is None) for row in rows] == [("Nghỉ bão", False), ("Nghỉ lụt", True)]


def test_the_database_itself_holds_one_entry_a_day(province, session):
    change(day_off(FIRST_OF_DECEMBER))
    values = {
        "day": FIRST_OF_DECEMBER,
        "kind": "holiday",
        "name": "",
        "confirmed": True,
        "changed_at": NOW,
        "revision": 1,
    }
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.insert(CalendarEntry).values(**values))


def test_reminders_follow_the_new_working_days_even_where_the_due_time_stays(province, session):
    inquiry = an_inquiry(province, kind=Kind.ANSWER_ON_PRESS)  # 30 days: Monday 21 December
    remind(NOW)
    assert inquiry.next_reminder_at == office_instant(date(2026, 12, 14), time(8))  # five working days before
    change(day_off(date(2026, 12, 16)))
    session.refresh(inquiry)
    assert inquiry.due_on == date(2026, 12, 21)
    remind(NOW + timedelta(minutes=1))
    session.refresh(inquiry)
    assert inquiry.next_reminder_at == office_instant(date(2026, 12, 11), time(8))


def test_what_is_said_already_is_refused(province):
    change(day_off(MONDAY))
    with pytest.raises(BadInput):
        change(day_off(MONDAY), seen="")


def test_what_was_not_shown_is_not_saved(province, session):
    an_inquiry(province)
    with pytest.raises(ChangedMeanwhile):
        change(day_off(MONDAY), seen=digest_of([]))
    session.rollback()
    assert queries.working_calendar().is_working_day(MONDAY)


@pytest.mark.only_on("postgresql", why="on SQLite a writer is alone")
def test_an_inquiry_that_is_being_logged_does_not_escape(app, province, session):
    """The one who logs holds the turn at the audit log; the calendar waits, then finds the new case and stops."""
    an_inquiry(province)
    seen = digest_of(actions_calendar.look_at(day_off(MONDAY), holders=HOLDERS)[1])
    clerk_id, outlet_id = province.clerk.id, session.scalar(sa.select(Outlet.id))
    session.commit()
    logging, saved = Event(), []

    def log():
        with app.app_context():
            clerk = db.session.get(Person, clerk_id)
            intake.log_inquiry(_asked(db.session.get(Outlet, outlet_id)), actor=clerk, now=NOW)
            logging.set()
            db.session.execute(sa.text("SELECT pg_sleep(0.5)"))
            db.session.commit()

    def enter():
        with app.app_context():
            logging.wait(60)
            try:
                saved.append(change(day_off(MONDAY), seen=seen))
            except ChangedMeanwhile as refusal:
                saved.append(refusal)
            db.session.rollback()

    _together(log, enter)
    assert [type(each) for each in saved] == [ChangedMeanwhile]


@pytest.mark.only_on("postgresql", why="on SQLite a writer is alone")
def test_an_inquiry_logged_while_the_calendar_is_being_saved_counts_on_the_new_one(app, province, session):
    clerk_id = province.clerk.id
    an_inquiry(province)
    outlet_id = session.scalar(sa.select(Outlet.id))
    session.commit()
    saving, counted = Event(), []

    def enter():
        with app.app_context():
            change(day_off(MONDAY))
            saving.set()
            db.session.execute(sa.text("SELECT pg_sleep(0.5)"))
            db.session.commit()

    def log():
        with app.app_context():
            saving.wait(60)
            clerk = db.session.get(Person, clerk_id)
            inquiry = intake.log_inquiry(_asked(db.session.get(Outlet, outlet_id)), actor=clerk, now=NOW)
            counted.append(inquiry.due_on)
            db.session.commit()

    _together(enter, log)
    assert counted == [date(2026, 11, 27)]
    session.expire_all()
    assert {row.due_on for row in dues(session)} == {date(2026, 11, 27)}


def _asked(outlet):
    return intake.NewInquiry(
        subject="Việc mới",
        questions=["Vì sao?"],
        outlet=outlet,
        journalists=[],
        channel=Channel.PHONE,
        kind=Kind.QUESTION,
        received_at=NOW - timedelta(minutes=5),
    )


def _together(*acts):
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
