"""The morning's digest: what is overdue, due today, due soon and waiting, for each person once, on working mornings."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.inquiries import jobs
from pr_tracker.inquiries.actions import handling
from pr_tracker.inquiries.rules import Status
from pr_tracker.notices.actions import choose
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import Choices, NoticeKind
from pr_tracker.office_time import office_instant
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part

# Received Fri 20 Nov 2026: due Thu 26, as Tue 24 is a holiday.
MONDAY, TUESDAY_OFF, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 26, 27))


@pytest.fixture
def province(session):
    return Province()


def at(day, hour=7, minute=30):
    return office_instant(day, time(hour, minute))


def digests(session):
    """{name: {part: [subject]}} of the digests so far."""
    query = sa.select(Person.full_name, Notice.data).join(Notice, Notice.person_id == Person.id)
    rows = session.execute(query.where(Notice.kind == NoticeKind.DIGEST).order_by(Notice.id))
    return {
        row.full_name: {part: [one["subject"] for one in things] for part, things in row.data["parts"].items()}
        for row in rows
    }


def test_each_person_is_told_what_stands_before_them(province, session):
    an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    an_inquiry(province, status=Status.IN_REVIEW, subject="Đường")
    session.commit()
    assert jobs.digest(at(THURSDAY)) == 3
    assert digests(session) == {
        "Nguyễn Chuyên Viên": {"today": ["Cầu", "Đường"]},
        "Lê Giám Đốc": {"today": ["Cầu", "Đường"], "waiting": ["Đường"]},
        "Phạm Phó": {"waiting": ["Đường"]},
    }


def test_what_is_late_stands_first_and_reaches_the_head(province, session):
    an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    session.commit()
    jobs.digest(at(FRIDAY))
    assert digests(session) == {"Nguyễn Chuyên Viên": {"late": ["Cầu"]}, "Lê Giám Đốc": {"late": ["Cầu"]}}


def test_a_case_not_assigned_waits_for_the_agency_that_took_it_in(province, session):
    an_inquiry(province, status=Status.RECEIVED, subject="Cầu")
    session.commit()
    jobs.digest(at(MONDAY))
    assert digests(session) == {"Trần Văn Thư": {"waiting": ["Cầu"]}}


def test_an_asked_agency_has_its_part_and_the_request_to_take_over(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    due_at = at(THURSDAY, 16)
    a_part(inquiry, province.other, "Góp ý", due_at=due_at, actor=province.drafter, now=NOW)
    handling.ask_take_over(inquiry, province.office, "Thuộc thẩm quyền", actor=province.head, now=NOW)
    session.commit()
    jobs.digest(at(THURSDAY))
    told = digests(session)
    assert told["Võ Người Ngoài"] == {"today": ["Cầu"]}
    assert told["Trần Văn Thư"] == {"waiting": ["Cầu"]}


def test_it_is_told_once_a_day_and_only_to_whoever_has_something(province, session):
    an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    assert jobs.digest(at(THURSDAY)) == 2
    assert jobs.digest(at(THURSDAY, 7, 31)) == 0
    assert jobs.digest(at(FRIDAY)) == 2


@pytest.mark.parametrize(("hour", "minute", "told"), [(7, 29, 0), (7, 30, 2), (11, 59, 2), (12, 0, 0), (23, 0, 0)])
def test_a_late_sender_still_tells_the_morning_and_never_the_afternoon(province, session, hour, minute, told):
    an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    assert jobs.digest(at(FRIDAY, hour, minute)) == told


def test_holidays_and_weekends_have_no_digest(province, session):
    an_inquiry(province, status=Status.RECEIVED)
    session.commit()
    assert [jobs.digest(at(day)) for day in (TUESDAY_OFF, FRIDAY + timedelta(days=1))] == [0, 0]


def test_who_is_away_has_none_and_the_substitute_has_both(province, session):
    an_inquiry(province, status=Status.DRAFTING, subject="Cầu")
    days = {"from_on": THURSDAY, "to_on": FRIDAY}
    accounts.enter_absence(province.head, province.deputy, **days, actor=province.head, now=NOW)
    session.commit()
    jobs.digest(at(FRIDAY))
    assert digests(session).keys() == {"Nguyễn Chuyên Viên", "Phạm Phó"}


def test_who_switched_it_off_has_none(province, session):
    an_inquiry(province, status=Status.DRAFTING)
    choose(province.head, Choices(digest=False), now=NOW)
    session.commit()
    jobs.digest(at(FRIDAY))
    assert digests(session).keys() == {"Nguyễn Chuyên Viên"}
