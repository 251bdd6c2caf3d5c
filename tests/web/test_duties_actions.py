"""Duties: they open once, are done with evidence, follow press conferences; two at once do not undo each other."""

from datetime import date, timedelta

import pytest

from pr_tracker.audit.queries import entries_of, faults_in_chain
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.duties import actions, queries
from pr_tracker.duties import actions_conferences as conferences
from pr_tracker.duties.rules import DutyEvent, DutyKind, DutyState, Item, NoticeSettings
from pr_tracker.errors import BadInput, ChangedMeanwhile, NotAllowed, NotFound, StepNotAllowed
from pr_tracker.spokespersons.rules import SpokespersonEvent
from tests.factories.accounts import NOW
from tests.factories.duties import (
    Province,
    a_conference,
    a_periodic_conference,
    a_publication,
    conference_facts,
    office,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def province(session):
    return Province()


def opened(duties):
    return {(duty.kind, duty.period): duty for duty in duties}


def events(*subjects):
    return [row.event for row in entries_of(*subjects)]


# What comes round


def test_month_and_report_year_open_once(province):
    first = actions.open_periodic(province.top, now=NOW)
    assert set(opened(first)) == {(DutyKind.MONTHLY, "2026-11"), (DutyKind.ANNUAL, "2026")}
    assert actions.open_periodic(province.top, now=NOW + DAY) == []
    december = actions.open_periodic(province.top, now=office(1, 12))
    assert set(opened(december)) == {(DutyKind.MONTHLY, "2026-12")}


def test_a_cancelled_month_does_not_open_again(province):
    month = opened(actions.open_periodic(province.top, now=NOW))[DutyKind.MONTHLY, "2026-11"]
    actions.cancel(month, "Ghi nhầm", actor=province.chief, now=NOW)
    assert actions.open_periodic(province.top, now=NOW + HOUR) == []


def test_nothing_opens_before_the_law(province):
    assert actions.open_periodic(province.top, now=office(30, 6)) == []


def test_the_three_months_wait_for_a_press_conference(province):
    a_conference(province, office(1, 12), agency=province.top, periodic=True)
    assert DutyKind.QUARTERLY not in {duty.kind for duty in actions.open_periodic(province.top, now=NOW)}


def test_the_clock_of_a_duty_is_stored_whole(province):
    month = opened(actions.open_periodic(province.top, now=office(2, 11)))[DutyKind.MONTHLY, "2026-11"]
    deadline = Deadline.from_json(month.clock)
    assert (month.due_on, month.ends_at, month.clock_version) == (deadline.due_on, deadline.ends_at, deadline.version)
    # Five working days before Monday 30: 27, 26, 25, 23, 20; the 24th is Vietnam Culture Day.
    assert month.next_reminder_at == office(20, 11, hour=8)


# Done with evidence


def test_a_duty_is_done_with_evidence_and_its_history_says_whether_late(province):
    month = opened(actions.open_periodic(province.top, now=NOW))[DutyKind.MONTHLY, "2026-11"]
    late = office(2, 12)
    actions.complete(month, late, "Bản tin tháng 11", "https://angiang.gov.vn", actor=province.clerk, now=late + HOUR)
    assert (month.state, month.done_at, month.recorded_at) == (DutyState.DONE, late, late + HOUR)
    assert month.next_reminder_at is None
    entry = entries_of(month)[0]
    assert (entry.event, entry.data["late"], entry.actor_name) == (DutyEvent.DONE, True, "Trần Văn Thư")
    assert not list(faults_in_chain())


@pytest.mark.parametrize("evidence", ["", "   "])
def test_no_duty_is_done_without_evidence(province, evidence):
    duty = a_publication(province)
    with pytest.raises(BadInput) as refusal:
        actions.complete(duty, NOW, evidence, actor=province.head, now=NOW)
    assert refusal.value.field == "evidence"


def test_a_duty_is_not_done_in_the_future_or_before_it_began(province):
    duty = a_publication(province, NOW - HOUR)
    for at in (NOW + HOUR, NOW - 2 * HOUR):
        with pytest.raises(BadInput) as refusal:
            actions.complete(duty, at, "Đã đăng", actor=province.head, now=NOW)
        assert refusal.value.field == "done_at"


def test_only_who_owes_it_acts(province):
    duty = a_publication(province)
    for stranger in (province.stranger, province.clerk, province.chairman, province.supervisor):
        with pytest.raises(NotAllowed):
            actions.complete(duty, NOW, "Đã đăng", actor=stranger, now=NOW)


def test_the_office_does_the_duties_of_the_province(province):
    month = opened(actions.open_periodic(province.top, now=NOW))[DutyKind.MONTHLY, "2026-11"]
    actions.complete(month, NOW, "Bản tin", actor=province.clerk, now=NOW)
    assert month.done_by_id == province.clerk.id


def test_who_comes_second_is_told(province):
    duty = a_publication(province)
    seen = duty.version
    actions.complete(duty, NOW, "Đã đăng", actor=province.staff, now=NOW, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        actions.complete(duty, NOW, "Đăng rồi", actor=province.head, now=NOW, seen=seen)
    with pytest.raises(StepNotAllowed):
        actions.complete(duty, NOW, "Đăng rồi", actor=province.head, now=NOW)


def test_evidence_is_corrected_and_the_former_words_stay(province):
    duty = a_publication(province)
    actions.complete(duty, NOW, "Đã đăng", actor=province.head, now=NOW)
    actions.correct_evidence(duty, "Đã đăng ở mục Người phát ngôn", actor=province.staff, now=NOW + DAY)
    assert duty.done_at == NOW
    assert entries_of(duty)[0].data["former"] == {"evidence": "Đã đăng", "link": ""}


def test_only_a_head_cancels_and_says_why(province):
    duty = a_publication(province)
    with pytest.raises(NotAllowed):
        actions.cancel(duty, "Thu hồi quyết định", actor=province.staff, now=NOW)
    with pytest.raises(BadInput):
        actions.cancel(duty, " ", actor=province.head, now=NOW)
    actions.cancel(duty, "Thu hồi quyết định", actor=province.head, now=NOW)
    assert (duty.state, duty.next_reminder_at) == (DutyState.CANCELLED, None)
    assert entries_of(duty)[0].data["reason"] == "Thu hồi quyết định"


# Spokespersons


def test_a_decision_starts_24_hours(province):
    duty = a_publication(province, NOW - HOUR)
    assert duty.due_at == NOW + 23 * HOUR
    assert events(duty, duty.decision) == [DutyEvent.OPEN, SpokespersonEvent.RECORD]


def test_a_decision_is_recorded_once_and_not_before_it_is_made(province):
    a_publication(province)
    with pytest.raises(BadInput):
        a_publication(province)
    with pytest.raises(BadInput):
        a_publication(province, NOW + HOUR, number="216/QĐ-SXD")


# Press conferences and their notices


def test_a_department_owes_a_notice_24_hours_before(province):
    conference = a_conference(province, office(30, 11))
    (notice,) = queries.notices_of(conference.id)
    assert (notice.kind, notice.agency_id) == (DutyKind.NOTICE, province.department.id)
    assert notice.due_at == office(29, 11)
    assert [item.text for item in notice.notice_items][:2] == ["09:00 30/11/2026", "Hội trường A"]


def test_the_province_owes_no_notice(province):
    conference = a_conference(province, office(30, 11), agency=province.top)
    assert queries.notices_of(conference.id) == []


def test_no_notice_is_owed_for_a_start_before_the_law(province):
    conference = a_conference(province, office(20, 6))
    assert queries.notices_of(conference.id) == []


def test_moving_the_start_recounts_the_notice_and_its_time(province):
    conference = a_conference(province, office(30, 11))
    moved = conference_facts(office(2, 12, hour=14), place="Hội trường B")
    conferences.change(conference, moved, actor=province.staff, now=NOW)
    (notice,) = queries.notices_of(conference.id)
    assert notice.due_at == office(1, 12, hour=14)
    assert [item.text for item in notice.notice_items][:2] == ["14:00 02/12/2026", "Hội trường B"]
    assert events(notice)[0] == DutyEvent.MOVE
    assert events(conference) == [DutyEvent.CHANGE, DutyEvent.PLAN]


def test_a_notice_of_the_old_start_is_owed_anew(province):
    conference = a_conference(province, office(30, 11))
    (first,) = queries.notices_of(conference.id)
    actions.fill_items(first, ["a", "b", "c", "d", "e", "f"], actor=province.staff, now=NOW)
    actions.complete(first, NOW, "Công văn số 1", actor=province.staff, now=NOW)
    conferences.change(conference, conference_facts(office(30, 11, hour=15)), actor=province.staff, now=NOW)
    second, kept = queries.notices_of(conference.id)
    assert (kept.state, kept.due_at) == (DutyState.DONE, office(29, 11))
    assert (second.state, second.due_at) == (DutyState.OPEN, office(29, 11, hour=15))


def test_a_notice_that_was_given_stays_when_only_the_place_changes(province):
    conference = a_conference(province, office(30, 11))
    (first,) = queries.notices_of(conference.id)
    actions.fill_items(first, ["a", "b", "c", "d", "e", "f"], actor=province.staff, now=NOW)
    actions.complete(first, NOW, "Công văn số 1", actor=province.staff, now=NOW)
    facts = conference_facts(office(30, 11), place="Hội trường B")
    conferences.change(conference, facts, actor=province.staff, now=NOW)
    assert len(queries.notices_of(conference.id)) == 1


def test_a_notice_is_given_with_all_six_items(province):
    (notice,) = queries.notices_of(a_conference(province, office(30, 11)).id)
    with pytest.raises(BadInput):
        actions.complete(notice, NOW, "Công văn số 1", actor=province.staff, now=NOW)
    texts = [item.text for item in notice.notice_items][:4]
    actions.fill_items(notice, [*texts, "Các báo", "Bà Lan, 0000"], actor=province.staff, now=NOW)
    actions.complete(notice, NOW, "Công văn số 1", actor=province.staff, now=NOW)
    assert notice.state is DutyState.DONE


def test_calling_off_ends_the_notice(province):
    conference = a_conference(province, office(30, 11))
    conferences.call_off(conference, "Chuyển sang thông cáo", actor=province.staff, now=NOW)
    (notice,) = queries.notices_of(conference.id)
    assert (notice.state, notice.cancel_reason) == (DutyState.CANCELLED, "Chuyển sang thông cáo")
    with pytest.raises(StepNotAllowed):
        conferences.hold(conference, NOW, "Thông cáo", actor=province.staff, now=NOW)


def test_only_the_province_holds_periodic_ones(province):
    with pytest.raises(BadInput):
        a_conference(province, office(30, 11), periodic=True)


# The three months


def test_a_periodic_conference_fulfils_the_three_months_and_starts_the_next(province):
    a_periodic_conference(province, office(24, 9, hour=14))
    running = queries.running_quarter(province.top.id)
    assert running.due_on == date(2026, 12, 24)
    a_periodic_conference(province, office(2, 12, hour=9))
    assert (running.done_at, running.state) == (office(2, 12, hour=9), DutyState.DONE)
    following = queries.running_quarter(province.top.id)
    assert following.due_on == date(2027, 3, 2)  # Tuesday


def test_an_ad_hoc_conference_leaves_the_three_months(province):
    a_periodic_conference(province, office(24, 9))
    running = queries.running_quarter(province.top.id)
    conference = a_conference(province, office(2, 11), agency=province.top, now=office(1, 11))
    conferences.hold(conference, office(2, 11), "Thông cáo", actor=province.clerk, now=office(2, 11, hour=12))
    assert queries.running_quarter(province.top.id) is running


def test_an_older_conference_recorded_afterwards_changes_nothing(province):
    a_periodic_conference(province, office(24, 9))
    running = queries.running_quarter(province.top.id)
    a_periodic_conference(province, office(8, 7), now=NOW)
    assert queries.running_quarter(province.top.id) is running
    assert running.state is DutyState.OPEN


def test_two_on_one_day_start_two_periods(province):
    a_periodic_conference(province, office(24, 9, hour=9))
    a_periodic_conference(province, office(24, 9, hour=15))
    assert queries.running_quarter(province.top.id).trigger_at == office(24, 9, hour=15)


def test_the_three_months_end_only_with_a_conference(province):
    a_periodic_conference(province, office(24, 9))
    running = queries.running_quarter(province.top.id)
    with pytest.raises(StepNotAllowed):
        actions.complete(running, NOW, "Họp báo", actor=province.clerk, now=NOW)


def test_the_pass_opens_the_three_months_that_nobody_opened(province, session):
    a_periodic_conference(province, office(24, 9))
    running = queries.running_quarter(province.top.id)
    assert running is not None
    assert actions.open_periodic(province.top, now=NOW) != []
    assert queries.running_quarter(province.top.id) is running


# What was recorded wrongly


def test_a_head_opens_again_what_was_recorded_wrongly(province):
    duty = a_publication(province, NOW - HOUR)
    ends_at = duty.ends_at
    actions.complete(duty, NOW, "Đã đăng nhầm tên", actor=province.staff, now=NOW)
    with pytest.raises(NotAllowed):
        actions.reopen(duty, "Sai tên", actor=province.staff, now=NOW)
    actions.reopen(duty, "Sai tên", actor=province.head, now=NOW)
    assert (duty.state, duty.ends_at, duty.evidence) == (DutyState.OPEN, ends_at, "")
    assert duty.next_reminder_at is not None
    assert entries_of(duty)[0].data["former"]["evidence"] == "Đã đăng nhầm tên"
    with pytest.raises(StepNotAllowed):
        actions.reopen(duty, "Sai tên", actor=province.head, now=NOW)


def test_taking_back_a_periodic_conference_turns_the_three_months_back(province):
    a_periodic_conference(province, office(24, 9))
    first = queries.running_quarter(province.top.id)
    second = a_periodic_conference(province, office(2, 11))
    begun = queries.running_quarter(province.top.id)
    conferences.take_back_record(second, "Ghi nhầm ngày", actor=province.chairman, now=NOW)
    assert (first.state, begun.state, second.is_planned) == (DutyState.OPEN, DutyState.CANCELLED, True)
    assert queries.running_quarter(province.top.id) is first
    conferences.hold(second, office(2, 11), "Thông cáo số 2", actor=province.clerk, now=NOW)  # right after all
    assert queries.running_quarter(province.top.id) is begun
    assert first.state is DutyState.DONE


def test_an_earlier_conference_is_not_taken_back_under_a_later_one(province):
    first = a_periodic_conference(province, office(24, 9))
    a_periodic_conference(province, office(2, 11))
    with pytest.raises(StepNotAllowed):
        conferences.take_back_record(first, "Ghi nhầm", actor=province.chairman, now=NOW)


def test_a_conference_that_takes_place_after_all_owes_its_notice_again(province):
    conference = a_conference(province, office(30, 11))
    conferences.call_off(conference, "Hoãn", actor=province.staff, now=NOW)
    (notice,) = queries.notices_of(conference.id)
    with pytest.raises(StepNotAllowed):
        actions.reopen(notice, "Vẫn họp", actor=province.head, now=NOW)
    conferences.take_back_record(conference, "Vẫn họp", actor=province.head, now=NOW)
    assert (notice.state, conference.is_planned) == (DutyState.OPEN, True)


# The province's form of the notice


def test_the_office_words_the_notice_once(province):
    settings = NoticeSettings("Sở Văn hóa và Thể thao", ("Ngày giờ", "", "", "", "", ""))
    actions.set_notice_form(settings, actor=province.clerk, now=NOW, seen=0)
    assert queries.notice_form().settings == settings
    with pytest.raises(ChangedMeanwhile):
        actions.set_notice_form(NoticeSettings(), actor=province.chief, now=NOW, seen=0)
    with pytest.raises(NotAllowed):
        actions.set_notice_form(NoticeSettings(), actor=province.head, now=NOW, seen=1)


def test_items_keep_the_label_they_were_written_under(province):
    (notice,) = queries.notices_of(a_conference(province, office(30, 11)).id)
    settings = NoticeSettings("", ("Ngày giờ", "", "", "", "", ""))
    actions.set_notice_form(settings, actor=province.clerk, now=NOW, seen=0)
    assert notice.notice_items[0] == Item("", "09:00 30/11/2026")
    actions.fill_items(notice, ["sáng thứ Hai"], actor=province.staff, now=NOW)
    assert notice.notice_items[0] == Item("Ngày giờ", "sáng thứ Hai")


# Who sees what


def test_each_sees_the_duties_of_their_own_agency(province):
    month = opened(actions.open_periodic(province.top, now=NOW))[DutyKind.MONTHLY, "2026-11"]
    own = a_publication(province)
    for reader in (province.clerk, province.chairman, province.supervisor, province.chief):
        assert {row.id for row in queries.open_duties(reader)} >= {month.id, own.id}
    assert [row.id for row in queries.open_duties(province.staff)] == [own.id]
    assert queries.open_duties(province.stranger) == []
    with pytest.raises(NotFound):
        queries.get_duty(month.id, province.staff)
    with pytest.raises(NotFound):
        queries.get_duty(own.id, province.stranger)


def test_a_conference_of_another_agency_is_not_found(province):
    conference = a_conference(province, office(30, 11))
    assert queries.get_conference(conference.id, province.supervisor) is conference
    with pytest.raises(NotFound):
        queries.get_conference(conference.id, province.stranger)
