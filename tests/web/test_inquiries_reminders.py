"""Reminders and escalation: who is told when, each rung once, nothing at night, nothing lost, nothing twice."""

from datetime import date, time, timedelta
from threading import Thread

import pytest
import sqlalchemy as sa

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.deadlines.rules_terms import ExtensionReason, StopReason
from pr_tracker.inquiries import jobs
from pr_tracker.inquiries.actions import answer, handling, parts, stops
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.notices.models import Notice
from pr_tracker.office_time import office_instant
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part

# Received Fri 20 Nov 2026, 16:25; three working days: Mon 23, [Tue 24 off], Wed 25, Thu 26.
WED, THU, FRI, MON, LATEST = (
    date(2026, 11, 25),
    date(2026, 11, 26),
    date(2026, 11, 27),
    date(2026, 11, 30),
    date(2026, 12, 2),
)


def at(day, hour=8, minute=0):
    return office_instant(day, time(hour, minute))


@pytest.fixture
def province(session):
    province = Province()
    province.chief = a_person("Hồ Chánh Văn Phòng", agency=province.office, roles=(Role.HEAD,), title="Chánh Văn phòng")
    province.committee = an_agency("Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE)
    province.chairman = a_person("Đặng Chủ Tịch", agency=province.committee, roles=(Role.HEAD,), title="Chủ tịch")
    province.vice = a_person("Lý Phó Chủ Tịch", agency=province.committee, roles=(Role.HEAD,))
    return province


def said():
    """(kind, name) of every notice of a clock so far, in order."""
    query = (
        sa.select(Notice).where(sa.or_(Notice.kind.like("reminder:%"), Notice.kind.like("late:%"))).order_by(Notice.id)
    )
    return [(notice.kind.value, notice.person.full_name) for notice in db.session.scalars(query)]


def run_daily(first, last, hour=8):
    """The sender runs once a day, on holidays too; what each run told, by day."""
    found = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        before = len(said())
        jobs.remind(at(day, hour))
        if new := said()[before:]:
            found[day] = new
    return found


def test_each_rung_reaches_its_own_few_people_on_its_own_day(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    told = run_daily(date(2026, 11, 21), date(2026, 12, 20))
    assert told == {
        WED: [("reminder:before", "Nguyễn Chuyên Viên")],
        THU: [("reminder:last_day", "Nguyễn Chuyên Viên")],
        FRI: [("late:1", "Nguyễn Chuyên Viên"), ("late:1", "Lê Giám Đốc")],
        MON: [("late:2", "Hồ Chánh Văn Phòng")],
        LATEST: [("late:3", "Đặng Chủ Tịch")],
    }
    session.refresh(inquiry)
    assert inquiry.next_reminder_at is None


def test_before_anybody_is_the_case_officer_the_staff_is_reminded(province, session):
    colleague = a_person("Cao Đồng Nghiệp", agency=province.department)
    an_inquiry(province, status=Status.ASSIGNED)
    session.commit()
    assert {name for _, name in run_daily(WED, WED)[WED]} == {"Nguyễn Chuyên Viên", colleague.full_name}


def test_before_it_is_assigned_the_agency_that_took_it_in_is_reminded(province, session):
    an_inquiry(province, status=Status.RECEIVED)
    session.commit()
    told = run_daily(WED, FRI)
    assert told[WED] == [("reminder:before", "Trần Văn Thư")]
    assert told[FRI] == [("late:1", "Trần Văn Thư"), ("late:1", "Hồ Chánh Văn Phòng")]


def test_an_officer_who_left_is_not_told_but_the_staff_is(province, session):
    colleague = a_person("Cao Đồng Nghiệp", agency=province.department)
    an_inquiry(province, status=Status.DRAFTING)
    province.drafter.active = False
    session.commit()
    assert run_daily(WED, WED)[WED] == [("reminder:before", colleague.full_name)]


def test_todays_substitute_is_told_instead(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    accounts.enter_absence(province.head, province.deputy, from_on=THU, to_on=FRI, actor=province.head, now=NOW)
    session.commit()
    assert run_daily(FRI, FRI)[FRI] == [("late:1", "Nguyễn Chuyên Viên"), ("late:1", "Phạm Phó")]
    notice = session.scalars(sa.select(Notice).where(Notice.person_id == province.deputy.id)).one()
    assert (notice.instead_of_id, notice.about_id) == (province.head.id, inquiry.id)


def test_after_a_gap_only_what_is_true_is_said_and_every_level(province, session):
    an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    assert run_daily(THU, THU, hour=10)[THU] == [("reminder:last_day", "Nguyễn Chuyên Viên")]
    kinds = {kind for kind, _ in run_daily(LATEST, LATEST)[LATEST]}
    assert kinds == {"late:1", "late:2", "late:3"}


def test_a_late_reminder_says_how_much_is_left_now(province, session):
    an_inquiry(province, status=Status.DRAFTING, kind=Kind.ANSWER_ON_PRESS)  # 30 days, Mon 21 December
    session.commit()
    jobs.remind(at(date(2026, 12, 16)))  # five working days before was Mon 14
    notice = session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
    assert (notice.kind.value, notice.data["days"]) == ("reminder:before", 3)


@pytest.mark.parametrize("hour", [0, 6, 17, 23])
def test_day_terms_are_quiet_outside_office_hours_and_told_in_the_next(province, session, hour):
    an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    assert jobs.remind(at(WED, hour) if hour >= 8 else at(THU, hour)) == 0
    assert jobs.remind(at(THU, 9)) == 1


def test_day_terms_are_quiet_on_weekends_and_holidays(province, session):
    an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    assert run_daily(date(2026, 11, 28), date(2026, 11, 29), hour=10) == {}  # Saturday and Sunday; late since Friday
    assert jobs.remind(at(date(2026, 12, 1))) > 0


def test_clocks_of_hours_speak_at_any_hour_and_their_mail_is_urgent(province, session):
    # 24 hours from Fri 16:25; 12, 4 and 1 hours before the end are Sat 04:25, 12:25 and 15:25.
    an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT)
    session.commit()
    told = []
    for minutes in range(0, 36 * 60, 5):
        now = NOW + timedelta(minutes=minutes)
        told += [(minutes // 60, kind, name) for kind, name in said()[len(told) :]] if jobs.remind(now) else []
    assert [(hour, kind) for hour, kind, _ in told] == [
        (11, "reminder:before"),
        (19, "reminder:before"),
        (22, "reminder:before"),
        (24, "late:1"),
        (24, "late:1"),
        (26, "late:2"),
        (30, "late:3"),
    ]
    notices = session.scalars(sa.select(Notice).where(Notice.kind.like("reminder:%")).order_by(Notice.id)).all()
    assert [notice.data["hours"] for notice in notices] == [12, 4, 1]
    assert all(notice.urgent for notice in notices)


def test_a_case_that_is_finished_reminds_nobody(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    answer.withdraw(inquiry, "Báo rút câu hỏi", actor=province.clerk, now=NOW)
    session.commit()
    assert run_daily(WED, LATEST) == {}
    session.refresh(inquiry)
    assert inquiry.next_reminder_at is None


def test_the_asked_agency_is_reminded_of_its_part_and_its_delay_is_its_own(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    a_part(inquiry, province.other, "Số hộ bị ảnh hưởng", actor=province.drafter, now=NOW)
    session.commit()  # one working day: Mon 23; late on Wed 25, Thu 26, Mon 30
    told = run_daily(date(2026, 11, 21), date(2026, 11, 25))
    assert told[date(2026, 11, 23)] == [("reminder:last_day", "Võ Người Ngoài")]
    late = [entry for entry in told[WED] if entry[0] == "late:1"]
    assert late == [("late:1", "Võ Người Ngoài"), ("late:1", "Đỗ Giám Đốc")]
    notice = session.scalars(sa.select(Notice).where(Notice.kind == "late:1")).first()
    assert (notice.data["agency"], notice.data["note"]) == ("Sở Tài chính", "Số hộ bị ảnh hưởng")


def test_a_part_that_is_sent_or_no_longer_asked_for_reminds_nobody(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    for agency in (province.other, province.office):
        a_part(inquiry, agency, "Góp ý", actor=province.drafter, now=NOW)
    a_sent_part(inquiry, "120 hộ", actor=province.stranger, now=NOW)
    parts.end_coordination(inquiry, province.office, actor=province.drafter, now=NOW)
    session.commit()
    told = run_daily(date(2026, 11, 21), WED)
    assert told == {WED: [("reminder:before", "Nguyễn Chuyên Viên")]}
    assert set(session.scalars(sa.select(Participation.next_reminder_at))) == {None}


def test_a_part_due_at_an_hour_of_a_day_is_reminded_of_in_the_morning(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    due_at = at(FRI, 16)
    a_part(inquiry, province.other, "Góp ý", due_at=due_at, actor=province.drafter, now=NOW)
    session.commit()
    told = run_daily(date(2026, 11, 21), FRI)
    parts = {
        day: kinds
        for day, every in told.items()
        if (kinds := [kind for kind, name in every if name == "Võ Người Ngoài"])
    }
    assert parts == {THU: ["reminder:before"], FRI: ["reminder:last_day"]}


def test_one_clock_that_cannot_be_read_does_not_silence_the_others(province, session):
    broken = an_inquiry(province, status=Status.DRAFTING)
    an_inquiry(province, status=Status.DRAFTING)
    broken.clock = {**broken.clock, "steps": [{"kind": "unheard_of"}]}
    session.commit()
    with pytest.raises(KeyError):
        jobs.remind(at(WED))
    assert said() == [("reminder:before", "Nguyễn Chuyên Viên")]
    session.refresh(broken)
    assert broken.next_reminder_at == at(WED, 9)


def test_eight_senders_at_once_tell_each_once(app, province, session):
    for _ in range(12):
        an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    failures = []

    def send():
        with app.app_context():
            try:
                jobs.remind(at(LATEST))
            except Exception as error:
                failures.append(error)

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    jobs.remind(at(LATEST))
    assert len(said()) == 12 * 4  # officer and head, provincial office, chairman
    assert session.scalar(sa.select(sa.func.count()).where(Inquiry.next_reminder_at.is_not(None))) == 0


def test_the_case_says_who_was_reminded_when_and_whether_they_read_it(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    run_daily(WED, FRI)
    session.execute(sa.update(Notice).where(Notice.person_id == province.head.id).values(read_at=at(FRI, 9)))
    session.commit()
    page = sign_in(province.head).get(f"/inquiries/{inquiry.id}").text
    reminded = page.split('id="reminded"')[1].split("</section>")[0]
    assert "08:00 25/11/2026" in reminded
    assert "Lê Giám Đốc (đã đọc)" in reminded
    assert "Nguyễn Chuyên Viên (chưa đọc)" in reminded
    assert "Trần Thị" not in reminded  # the journalist


def test_a_stopped_clock_reminds_nobody_and_running_on_never_escalates_at_once(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)  # due Thu 26
    evidence = "Công văn hỏi lại ngày 23/11"
    stops.pause(inquiry, StopReason.WAITING_FOR_PRESS, MON, evidence, actor=province.drafter, now=at(WED, 7))
    session.commit()
    assert run_daily(WED, date(2026, 11, 29)) == {}
    stops.resume(inquiry, actor=province.drafter, now=at(FRI, 9))
    session.commit()
    assert inquiry.next_reminder_at > at(FRI, 9)
    assert jobs.remind(at(FRI, 9, 1)) == 0
    told = run_daily(FRI, date(2026, 12, 4))
    assert {kind for _, every in told.items() for kind, _ in every} >= {"reminder:last_day", "late:1"}
    first_late = min(day for day, every in told.items() if any(kind.startswith("late") for kind, _ in every))
    assert first_late > inquiry.due_on


def test_an_extension_is_told_of_anew_for_the_new_due_day(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    session.commit()
    jobs.remind(at(WED))
    stops.ask_extension(inquiry, ExtensionReason.COMPLEX, 2, "Cần đo đạc", actor=province.drafter, now=at(WED, 9))
    stops.grant_extension(inquiry, actor=province.head, now=at(WED, 10))
    session.commit()
    assert inquiry.due_on == MON
    told = run_daily(THU, MON)
    assert told == {
        FRI: [("reminder:before", "Nguyễn Chuyên Viên")],
        MON: [("reminder:last_day", "Nguyễn Chuyên Viên")],
    }


def test_an_officer_who_went_to_another_agency_is_reminded_of_nothing_and_the_case_is_not_forgotten(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    officer = a_person("Cao Đồng Nghiệp", agency=province.department)
    handling.take_case(inquiry, officer, actor=province.head, now=NOW)
    officer.agency = province.other
    session.commit()
    jobs.remind(at(WED))
    assert said() == [("reminder:before", "Nguyễn Chuyên Viên")]


def test_a_head_who_went_to_another_agency_no_longer_answers_for_the_case(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    assert inquiry.responsible_id == province.head.id
    province.head.agency, province.department.head = province.other, province.deputy
    session.commit()
    jobs.remind(at(FRI))
    assert said() == [("late:1", "Nguyễn Chuyên Viên"), ("late:1", "Phạm Phó")]
