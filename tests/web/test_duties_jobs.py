"""Duties by themselves: what comes round opens, reminders come once, a change of calendar moves what is owed."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker.audit.queries import entries_of
from pr_tracker.cli.notices import digest
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import Deadline, recount
from pr_tracker.deadlines.rules_calendar import DayEntry, DayKind
from pr_tracker.deadlines.rules_rerun import changed
from pr_tracker.duties import actions, jobs, queries
from pr_tracker.duties import actions_conferences as conferences
from pr_tracker.duties.actions_moving import DutyClocks
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyEvent, DutyKind
from pr_tracker.notices.labels import line
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind as N
from tests.factories.accounts import NOW
from tests.factories.duties import Province, a_conference, a_publication, conference_facts, office

HOUR = timedelta(hours=1)


@pytest.fixture
def province(session):
    return Province()


def told(session, duty, *kinds):
    """Who was told of a duty, by kind of notice, in order."""
    query = sa.select(Notice.kind, Notice.person_id).where(Notice.about_kind == "duties", Notice.about_id == duty.id)
    rows = session.execute(query.order_by(Notice.id)).all()
    return [(row.kind, row.person_id) for row in rows if row.kind in kinds or not kinds]


def of_kind(session, kind):
    return session.scalars(sa.select(Duty).where(Duty.kind == kind)).one()


# What comes round


def test_the_pass_opens_what_comes_round_once(province, session):
    assert jobs.open_periodic(NOW) == 2
    assert jobs.open_periodic(NOW + HOUR) == 0


def test_a_new_month_is_told_to_the_office_and_its_head(province, session):
    jobs.open_periodic(office(1, 12))
    month = of_kind(session, DutyKind.MONTHLY)
    assert set(told(session, month)) == {(N.DUTY_OPENED, province.clerk.id), (N.DUTY_OPENED, province.chief.id)}


def test_a_notice_names_the_duty_in_the_readers_language(province, session):
    jobs.open_periodic(office(2, 11))
    notice = session.scalars(sa.select(Notice).where(Notice.data["subject"].as_string() == "11/2026")).first()
    for language, words in (
        ("vi", "Nghĩa vụ mới: Thông tin định kỳ hằng tháng, 11/2026"),
        ("en", "New duty: Monthly information, 11/2026"),
    ):
        with force_locale(language):
            assert line(notice.kind, notice.data) == words


# Reminders


def test_the_month_is_reminded_of_by_its_ladder_each_rung_once(province, session):
    jobs.open_periodic(office(2, 11))
    month = of_kind(session, DutyKind.MONTHLY)
    at, rungs = office(2, 11, hour=8), []
    while at < office(8, 12):
        before = len(told(session, month))
        jobs.remind(at)
        jobs.remind(at + timedelta(minutes=1))
        rungs += [(at.date(), kind, person) for kind, person in told(session, month)[before:]]
        at += timedelta(days=1)
    clerk, chief, chairman = province.clerk.id, province.chief.id, province.chairman.id
    assert rungs == [
        (date(2026, 11, 20), N.BEFORE, clerk),  # Friday; five working days before Monday 30, the 24th is off
        (date(2026, 11, 27), N.BEFORE, clerk),
        (date(2026, 11, 30), N.LAST_DAY, clerk),
        (date(2026, 12, 1), N.LATE_1, clerk),
        (date(2026, 12, 1), N.LATE_1, chief),
        (date(2026, 12, 2), N.LATE_2, chief),
        (date(2026, 12, 4), N.LATE_3, chairman),
    ]


def test_a_publication_is_reminded_of_by_hours_even_on_a_sunday(province, session):
    duty = a_publication(province, office(21, 11, hour=20), now=office(21, 11, hour=20))  # Saturday evening
    staff, head = province.staff.id, province.head.id
    for hour, expected in ((7, []), (8, [(N.BEFORE, staff)]), (16, [(N.BEFORE, staff)]), (19, [(N.BEFORE, staff)])):
        before = len(told(session, duty))
        jobs.remind(office(22, 11, hour=hour))
        assert told(session, duty)[before:] == expected, hour
    jobs.remind(office(22, 11, hour=20, minute=1))
    assert set(told(session, duty, N.LATE_1)) == {(N.LATE_1, staff), (N.LATE_1, head)}
    jobs.remind(office(22, 11, hour=22, minute=1))
    assert told(session, duty, N.LATE_2) == [(N.LATE_2, province.chief.id)]
    jobs.remind(office(23, 11, hour=2, minute=1))
    assert told(session, duty, N.LATE_3) == [(N.LATE_3, province.chairman.id)]


def test_a_notice_is_reminded_of_in_hours_before_its_own_due_time(province, session):
    conference = a_conference(province, office(30, 11))
    (notice,) = queries.notices_of(conference.id)
    jobs.remind(office(28, 11, hour=20))
    assert told(session, notice, N.BEFORE) == []
    jobs.remind(office(28, 11, hour=21))  # twelve hours before Sunday 29 at nine
    assert told(session, notice, N.BEFORE) == [(N.BEFORE, province.staff.id)]


def test_what_is_late_when_it_is_recorded_does_not_escalate_at_once(province, session):
    conference = a_conference(province, office(23, 11), now=office(23, 11, hour=8))  # the notice was due on Sunday
    (notice,) = queries.notices_of(conference.id)
    jobs.remind(office(23, 11, hour=8, minute=5))
    assert {kind for kind, _ in told(session, notice)} == {N.DUTY_OPENED}


def test_what_is_done_or_cancelled_reminds_nobody(province, session):
    duty = a_publication(province, office(20, 11))
    actions.complete(duty, NOW, "Đã đăng", actor=province.staff, now=NOW)
    jobs.remind(office(25, 11))
    assert told(session, duty, N.LATE_1, N.BEFORE) == []
    assert told(session, duty, N.DUTY_DONE) == [(N.DUTY_DONE, province.head.id)]


def test_whoever_acts_is_not_told(province, session):
    duty = a_publication(province)  # by the head
    assert told(session, duty) == [(N.DUTY_OPENED, province.staff.id)]


def test_a_moved_start_is_told_and_reminded_of_anew(province, session):
    conference = a_conference(province, office(30, 11))
    (notice,) = queries.notices_of(conference.id)
    jobs.remind(office(28, 11, hour=21))
    conferences.change(conference, conference_facts(office(2, 12)), actor=province.staff, now=office(28, 11, hour=22))
    assert told(session, notice, N.MOVED) == [(N.MOVED, province.head.id)]
    jobs.remind(office(30, 11, hour=21))
    assert len(told(session, notice, N.BEFORE)) == 2


# The morning's digest


def test_the_digest_has_the_duties_of_the_day(province, session):
    jobs.open_periodic(office(2, 11))
    a_publication(province, office(30, 11, hour=5), now=office(30, 11, hour=5))
    digest(office(30, 11, hour=7, minute=30))
    query = sa.select(Notice.person_id, Notice.data).where(Notice.kind == N.DIGEST)
    parts = {row.person_id: row.data["parts"] for row in session.execute(query)}
    assert set(parts) == {
        province.clerk.id,
        province.chief.id,
        province.staff.id,
    }  # the head hears of what is due today
    assert [one["subject"] for one in parts[province.clerk.id]["today"]] == ["11/2026"]
    assert [one["subject"] for one in parts[province.staff.id]["soon"]] == ["Phạm Phát Ngôn"]


# A change of the calendar


def counted_with(day, session):
    calendar = working_calendar().with_overrides({day: DayEntry(DayKind.HOLIDAY, "Nghỉ bão")})
    return changed(DutyClocks().open_clocks(), lambda clock: recount(clock.deadline, calendar=calendar))


def test_a_new_day_off_moves_what_is_owed_and_says_so(province, session):
    jobs.open_periodic(office(2, 11))
    month, done = of_kind(session, DutyKind.MONTHLY), of_kind(session, DutyKind.ANNUAL)
    actions.complete(done, NOW, "Báo cáo số 1", actor=province.clerk, now=NOW)
    moves = counted_with(date(2026, 11, 30), session)
    assert [move.clock.id for move in moves] == [month.id]
    DutyClocks().move(moves, why="Quyết định số 5", actor=province.clerk, now=NOW)
    assert month.due_on == date(2026, 11, 27)
    assert Deadline.from_json(month.clock).due_on == month.due_on
    entry = entries_of(month)[0]
    assert (entry.event, entry.data["old"], entry.data["new"]) == (DutyEvent.MOVE, "2026-11-30", "2026-11-27")
    assert told(session, month, N.MOVED) == [(N.MOVED, province.chief.id)]


def test_the_holder_locks_what_is_owed_only(province, session):
    jobs.open_periodic(office(2, 11))
    month = of_kind(session, DutyKind.MONTHLY)
    actions.complete(month, NOW, "Bản tin", actor=province.clerk, now=NOW)
    assert DutyClocks().lock() == {("duties", of_kind(session, DutyKind.ANNUAL).id)}
