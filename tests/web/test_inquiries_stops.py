"""The clock is stopped and the term extended only where the rule allows, with evidence, and counted for ever.

Now is Friday 20 November 2026, 16:30. The internal term is 3 working days: Mon 23, Wed 25 (24 November is off), Thu 26.
"""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.db import db
from pr_tracker.deadlines.actions import set_agency_term
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import ClockKey, Deadline, FaceState
from pr_tracker.deadlines.rules_terms import ExtensionReason, StopReason
from pr_tracker.errors import BadInput, NotAllowed
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import answer, handling, sealing, stops
from pr_tracker.inquiries.models import InquiryExtension, InquiryPause
from pr_tracker.inquiries.queries.case import history_of
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry, refused
from tests.factories.stops import ask_extension, pause

THU_26, WED_25, MON_30 = date(2026, 11, 26), date(2026, 11, 25), date(2026, 11, 30)
ONE_DAY = timedelta(days=1)
MON_23_09H = office_instant(date(2026, 11, 23)) + timedelta(hours=9)


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def inquiry(province):
    return an_inquiry(province, status=Status.ASSIGNED)


def refusal_of(act, *args, **kwargs):
    with pytest.raises(BadInput) as refused:
        act(*args, **kwargs)
    db.session.expire_all()
    return refused.value.message % refused.value.params


def test_a_stop_moves_the_due_day_at_once_and_keeps_the_days_that_were_left(province, inquiry):
    assert inquiry.due_on == THU_26
    pause(inquiry, province.drafter)
    assert (inquiry.due_on, inquiry.stopped_days) == (MON_30, 2)  # 3 working days after Wed 25, stopped Mon 23, Wed 25
    assert (inquiry.paused_at, inquiry.paused_until) == (NOW, office_instant(WED_25))
    calendar = working_calendar()
    for day, state, amount in ((0, FaceState.PAUSED, 0), (4, FaceState.PAUSED, 4), (5, FaceState.RUNNING, 3)):
        face = labels.face_of(inquiry, NOW + day * ONE_DAY, calendar)
        assert (face.state, face.amount) == (state, amount)


def test_it_runs_on_by_itself_and_may_be_stopped_again(province, inquiry):
    pause(inquiry, province.drafter)
    later = office_instant(THU_26) + timedelta(hours=9)
    pause(inquiry, province.head, runs_on=date(2026, 11, 27), now=later)
    first, second = db.session.scalars(sa.select(InquiryPause).order_by(InquiryPause.id))
    assert (first.ended_at, first.ended_by_id) == (first.planned_until, None)
    assert (second.ended_at, second.begun_by_id) == (None, province.head.id)
    assert (inquiry.stopped_days, inquiry.due_on) == (3, date(2026, 12, 1))


def test_letting_it_run_on_early_counts_the_due_day_anew(province, inquiry):
    pause(inquiry, province.drafter)
    stops.resume(inquiry, actor=province.head, now=MON_23_09H)
    assert (inquiry.due_on, inquiry.stopped_days) == (date(2026, 11, 27), 1)
    assert inquiry.paused_at is inquiry.paused_until is None
    ended = db.session.scalar(sa.select(InquiryPause))
    assert (ended.ended_at, ended.ended_by_id) == (MON_23_09H, province.head.id)
    face = labels.face_of(inquiry, MON_23_09H, working_calendar())
    assert (face.state, face.amount) == (FaceState.RUNNING, 3)
    assert refusal_of(stops.resume, inquiry, actor=province.head, now=MON_23_09H) == "The clock is not stopped."


def test_stopped_and_let_run_on_the_same_day_changes_nothing(province, inquiry):
    pause(inquiry, province.drafter)
    stops.resume(inquiry, actor=province.drafter, now=NOW + timedelta(minutes=5))
    assert (inquiry.due_on, inquiry.stopped_days) == (THU_26, 0)


def test_a_clock_is_stopped_once_a_day_at_most(province, inquiry):
    pause(inquiry, province.drafter)
    stops.resume(inquiry, actor=province.drafter, now=NOW + timedelta(minutes=2))
    assert "once a day" in refusal_of(pause, inquiry, province.head, now=NOW + timedelta(minutes=5))
    pause(inquiry, province.head, now=MON_23_09H)
    assert inquiry.stopped_days > 0


@pytest.mark.parametrize(
    ("runs_on", "because"),
    [
        (date(2026, 11, 20), "a day after today"),
        (date(2026, 11, 24), "24/11/2026 is a day off"),
        (date(2026, 11, 22), "22/11/2026 is a day off"),
        (date(2026, 12, 8), "11 days; of 10 that the rule allows, 10 are left"),
        (date(2061, 1, 3), "covers the years"),
    ],
)
def test_a_stop_ends_on_a_working_day_within_what_the_rule_allows(province, inquiry, runs_on, because):
    assert because in refusal_of(pause, inquiry, province.drafter, runs_on=runs_on)


def test_all_stops_together_have_a_maximum(province, inquiry):
    pause(inquiry, province.drafter, runs_on=date(2026, 12, 4))  # 9 working days
    at = office_instant(date(2026, 12, 7)) + timedelta(hours=9)
    said = refusal_of(pause, inquiry, province.drafter, runs_on=date(2026, 12, 9), now=at)
    assert "2 days; of 10 that the rule allows, 1 are left" in said
    pause(inquiry, province.drafter, runs_on=date(2026, 12, 8), now=at)
    at = office_instant(date(2026, 12, 9)) + timedelta(hours=9)
    assert "10 days in all" in refusal_of(pause, inquiry, province.drafter, runs_on=date(2026, 12, 10), now=at)


def test_a_clock_is_not_stopped_twice_at_once(province, inquiry, session):
    pause(inquiry, province.drafter)
    session.commit()
    assert "stopped already; it runs on from 25/11/2026" in refusal_of(pause, inquiry, province.drafter, now=MON_23_09H)
    pauses = InquiryPause.__table__
    twice = sa.insert(pauses).from_select(
        [c.name for c in pauses.c if c.name != "id"], sa.select(*[c for c in pauses.c if c.name != "id"])
    )
    with pytest.raises(IntegrityError):
        session.execute(twice)


def test_what_is_overdue_is_neither_stopped_nor_extended(province, inquiry):
    too_late = inquiry.ends_at
    for act in (pause, ask_extension):
        assert "The term has ended" in refusal_of(act, inquiry, province.drafter, now=too_late)


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        (Kind.FORWARDED_OPINION, "a term the law sets"),
        (Kind.ANSWER_ON_PRESS, "a term the law sets"),
        (Kind.INCIDENT, "does not count days"),
    ],
)
def test_a_term_the_law_sets_is_neither_stopped_nor_extended(province, kind, because):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, kind=kind)
    for act in (pause, ask_extension):
        assert because in refusal_of(act, inquiry, province.drafter)


@pytest.mark.parametrize("who", ["clerk", "stranger", "supervisor", "other_head"])
def test_only_people_of_the_lead_agency_stop_the_clock_or_ask_for_more_time(province, inquiry, who):
    for act in (pause, ask_extension):
        with pytest.raises(NotAllowed):
            act(inquiry, getattr(province, who))


def test_evidence_is_needed(province, inquiry):
    assert refusal_of(pause, inquiry, province.drafter, evidence="  ") == "Please fill this in."
    assert refusal_of(ask_extension, inquiry, province.drafter, evidence="") == "Please fill this in."


def test_finishing_a_stopped_case_ends_the_stop_at_that_moment(province, session):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    pause(inquiry, province.drafter)
    sealing.release(
        inquiry,
        AnswerForm.WRITTEN,
        at=MON_23_09H,
        speaker=province.head,
        evidence="Công văn 12",
        actor=province.drafter,
        now=MON_23_09H + ONE_DAY,
    )
    assert (inquiry.due_on, inquiry.stopped_days) == (date(2026, 11, 27), 1)
    assert labels.face_of(inquiry, NOW + 9 * ONE_DAY, working_calendar()).state is FaceState.MET
    assert db.session.scalar(sa.select(InquiryPause.ended_at)) == MON_23_09H


def test_an_answer_given_before_the_stop_takes_the_stop_away(province):
    inquiry = an_inquiry(province, status=Status.APPROVED, now=NOW - timedelta(hours=2))
    pause(inquiry, province.drafter)
    released = {"at": NOW - timedelta(hours=1), "speaker": province.head, "evidence": "Công văn 12"}
    sealing.release(inquiry, AnswerForm.WRITTEN, **released, actor=province.drafter, now=MON_23_09H)
    assert (inquiry.due_on, inquiry.stopped_days) == (THU_26, 0)


@pytest.mark.parametrize("finish", ["refuse", "withdraw"])
def test_refusal_and_withdrawal_end_a_stop_and_leave_nothing_to_decide(province, inquiry, finish, session):
    pause(inquiry, province.drafter)
    asked = ask_extension(inquiry, province.drafter)
    if finish == "refuse":
        refused(inquiry, province, now=MON_23_09H)
    else:
        answer.withdraw(inquiry, "Báo rút", actor=province.drafter, now=MON_23_09H)
    session.commit()
    assert (inquiry.paused_at, inquiry.stopped_days) == (None, 1)
    assert (asked.decided_at, asked.granted, asked.decided_by_id) == (MON_23_09H, None, None)


def test_another_lead_keeps_stops_and_extensions_and_only_the_term_is_its_own(province, inquiry):
    set_agency_term(province.other, ClockKey.INTERNAL_REPLY, 5, actor=None, now=NOW)
    pause(inquiry, province.drafter)
    ask_extension(inquiry, province.drafter, days=1)
    stops.grant_extension(inquiry, actor=province.head, now=NOW)
    assert inquiry.due_on == date(2026, 12, 1)
    handling.assign(inquiry, province.other, actor=province.clerk, now=MON_23_09H)
    assert (inquiry.stopped_days, inquiry.extended_days, inquiry.due_on) == (2, 1, date(2026, 12, 3))
    deadline = Deadline.from_json(inquiry.clock)
    assert [each.reason for each in deadline.stops] == [StopReason.WAITING_FOR_PRESS]
    assert [each.reason for each in deadline.extensions] == [ExtensionReason.COMPLEX]


def test_an_extension_counts_only_when_a_second_person_grants_it(province, inquiry):
    asked = ask_extension(inquiry, province.head)
    assert inquiry.due_on == THU_26
    with pytest.raises(NotAllowed, match="second person"):
        stops.grant_extension(inquiry, actor=province.head, now=NOW)
    stops.grant_extension(inquiry, "Đồng ý", actor=province.deputy, now=MON_23_09H)
    assert (inquiry.due_on, inquiry.extended_days) == (MON_30, 2)
    assert (asked.granted, asked.decided_by_id, asked.decision) == (True, province.deputy.id, "Đồng ý")


def test_declining_needs_a_reason_and_moves_nothing(province, inquiry):
    asked = ask_extension(inquiry, province.drafter)
    assert refusal_of(stops.decline_extension, inquiry, " ", actor=province.head, now=NOW) == "Please fill this in."
    stops.decline_extension(inquiry, "Còn đủ thời gian", actor=province.head, now=NOW)
    assert (asked.granted, inquiry.due_on, inquiry.extended_days) == (False, THU_26, 0)
    assert "No extension waits" in refusal_of(stops.grant_extension, inquiry, actor=province.head, now=NOW)


def test_extensions_have_a_maximum_in_all_and_wait_one_at_a_time(province, inquiry):
    assert "1 to 5 days" in refusal_of(ask_extension, inquiry, province.drafter, days=6)
    ask_extension(inquiry, province.drafter, days=4)
    assert "waits for a decision" in refusal_of(ask_extension, inquiry, province.drafter, days=1)
    stops.grant_extension(inquiry, actor=province.head, now=NOW)
    assert "1 to 1 days" in refusal_of(ask_extension, inquiry, province.drafter, days=2)
    ask_extension(inquiry, province.drafter, days=1)
    stops.grant_extension(inquiry, actor=province.head, now=NOW)
    assert "5 days in all" in refusal_of(ask_extension, inquiry, province.drafter, days=1)


def test_after_the_term_an_extension_can_only_be_declined(province, inquiry):
    ask_extension(inquiry, province.drafter)
    too_late = inquiry.ends_at
    assert "The term has ended" in refusal_of(stops.grant_extension, inquiry, actor=province.head, now=too_late)
    stops.decline_extension(inquiry, "Đã quá hạn", actor=province.head, now=too_late)


def test_where_only_one_head_leads_and_asks_the_province_decides(province, session):
    lonely = an_agency("Sở Du lịch", superior=province.office)
    head = a_person("Lý Một Mình", agency=lonely, roles=(Role.HEAD,), title="Giám đốc")
    chairman = a_person(
        "Mai Chủ Tịch", agency=an_agency("Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE), roles=(Role.HEAD,)
    )
    inquiry = an_inquiry(province)
    handling.assign(inquiry, lonely, actor=province.clerk, now=NOW)
    ask_extension(inquiry, head)
    for nobody in (head, province.clerk, province.head):
        with pytest.raises(NotAllowed):
            stops.grant_extension(inquiry, actor=nobody, now=NOW)
    stops.grant_extension(inquiry, actor=chairman, now=NOW)
    assert inquiry.extended_days == 2


def test_the_database_itself_refuses_to_let_one_person_do_both(province, inquiry, session):
    asked = ask_extension(inquiry, province.head)
    asked.granted, asked.decided_by_id, asked.decided_at = True, province.head.id, NOW
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_stored_deadline_and_the_rows_tell_the_same(province, inquiry, session):
    pause(inquiry, province.drafter)
    ask_extension(inquiry, province.drafter, days=3)
    stops.grant_extension(inquiry, actor=province.head, now=NOW)
    stops.resume(inquiry, actor=province.drafter, now=MON_23_09H)
    session.commit()
    deadline = Deadline.from_json(inquiry.clock)
    rows = session.scalars(sa.select(InquiryPause).order_by(InquiryPause.id))
    assert [(s.reason, s.from_at, s.until_at) for s in deadline.stops] == [
        (row.reason, row.from_at, row.ended_at or row.planned_until) for row in rows
    ]
    granted = session.scalars(sa.select(InquiryExtension).where(InquiryExtension.granted))
    assert [(e.reason, e.days, e.granted_at) for e in deadline.extensions] == [
        (row.reason, row.days, row.decided_at) for row in granted
    ]
    assert (deadline.stopped_days, deadline.extended_days) == (inquiry.stopped_days, inquiry.extended_days)
    assert (deadline.due_on, deadline.ends_at) == (inquiry.due_on, inquiry.ends_at)


def test_history_tells_each_act_as_a_sentence_with_its_evidence(province, inquiry, session):
    pause(inquiry, province.drafter)
    stops.resume(inquiry, actor=province.drafter, now=MON_23_09H)
    ask_extension(inquiry, province.drafter)
    stops.grant_extension(inquiry, actor=province.head, now=MON_23_09H)
    session.commit()
    said = [labels.sentence(row) for row in history_of(inquiry)[:4]][::-1]
    assert said == [
        "Nguyễn Chuyên Viên tạm dừng thời hạn, tính tiếp từ 25/11/2026. "
        "Lý do: chờ cơ quan báo chí bổ sung nội dung đề nghị. Hạn: 30/11/2026.",
        "Nguyễn Chuyên Viên cho tính tiếp thời hạn. Hạn: 27/11/2026.",
        "Nguyễn Chuyên Viên đề nghị gia hạn thêm 2 ngày làm việc: nội dung phức tạp, cần xác minh thêm.",
        "Lê Giám Đốc, Giám đốc, đồng ý gia hạn thêm 2 ngày làm việc. Hạn: 01/12/2026.",
    ]
    assert labels.quotation(history_of(inquiry)[3]).startswith("Thư điện tử gửi phóng viên")
    assert list(faults_in_chain()) == []


def test_the_asker_is_told_what_was_decided_and_the_other_leaders_what_there_is_to_decide(province, inquiry, session):
    colleague = a_person("Tô Chuyên Viên", agency=province.department)
    ask_extension(inquiry, colleague)
    stops.grant_extension(inquiry, actor=province.head, now=NOW)
    session.commit()
    told = {kind: set() for kind in NoticeKind}
    for notice in session.scalars(sa.select(Notice)):
        told[notice.kind].add(notice.person_id)
    assert told[NoticeKind.EXTENSION_ASKED] == {province.head.id, province.deputy.id}
    assert colleague.id in told[NoticeKind.EXTENSION_GRANTED]
    assert province.head.id not in told[NoticeKind.EXTENSION_GRANTED]


def test_the_usual_length_of_a_stop_depends_on_its_reason_and_on_what_is_left(province, inquiry):
    usual = {reason: (days, day) for reason, (days, day) in stops.usual_stops(inquiry, NOW).items()}
    assert usual == {
        StopReason.WAITING_FOR_PRESS: (2, WED_25),
        StopReason.WAITING_FOR_OUTSIDE: (5, MON_30),
        StopReason.FORCE_MAJEURE: (3, THU_26),
    }
    pause(inquiry, province.drafter, runs_on=date(2026, 12, 3))  # 8 of 10
    later = office_instant(date(2026, 12, 4)) + timedelta(hours=9)
    assert stops.usual_stops(inquiry, later)[StopReason.WAITING_FOR_OUTSIDE] == (2, date(2026, 12, 8))
    assert office_day(later) == date(2026, 12, 4)


def test_a_lead_with_a_shorter_term_keeps_a_stop_that_began_after_that_term(province, inquiry):
    set_agency_term(province.other, ClockKey.INTERNAL_REPLY, 1, actor=None, now=NOW)
    wednesday = office_instant(WED_25) + timedelta(hours=9)
    pause(inquiry, province.drafter, runs_on=date(2026, 11, 27), now=wednesday)
    handling.assign(inquiry, province.other, actor=province.clerk, now=wednesday)
    assert (inquiry.due_on, inquiry.stopped_days) == (date(2026, 11, 23), 0)  # it had run out before it was stopped
    assert len(Deadline.from_json(inquiry.clock).stops) == 1
