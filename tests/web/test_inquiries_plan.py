"""Where the time of an inquiry is: on its page, in lists, for coordinating agencies, before it is saved.

The example throughout: a forwarded opinion received at 10:05 on Friday 20/11/2026, due on Monday 14/12. By the default
shares the draft is due at 15:00 on Friday 4/12, the approval at 08:00 on Wednesday 9/12, the province's at 10:45 on
Friday 11/12 (counted by hand in tests/unit/test_deadlines_plan.py).
"""

import re
from datetime import date, time, timedelta

import pytest

from pr_tracker.deadlines import actions_plan, queries
from pr_tracker.deadlines.rules import Deadline, recount
from pr_tracker.deadlines.rules_plan import Shares
from pr_tracker.deadlines.rules_terms import Stop, StopReason
from pr_tracker.inquiries.actions import answer, handling, refusing, sealing
from pr_tracker.inquiries.actions.beats import set_clock
from pr_tracker.inquiries.queries.plan import part_due_at, stages_of
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.office_time import office_instant, write_moment
from tests.factories.accounts import an_agency
from tests.factories.inquiries import Province, an_inquiry, refused
from tests.factories.parts import a_part, a_sent_part
from tests.statements import counted


def at(day, month, hour=9, minute=0):
    return office_instant(date(2026, month, day), time(hour, minute))


RECEIVED, LOGGED = at(20, 11, 10, 5), at(20, 11, 10, 31)


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def now(set_clock):
    """now(instant): what the wall clock says from here on."""
    set_clock(LOGGED)
    return set_clock


@pytest.fixture
def case(province, session, now):
    """case(status, …): the example in this status; every step was taken at 10:31 on the day of receipt."""

    def case(status=Status.ASSIGNED, **facts):
        facts = {"kind": Kind.FORWARDED_OPINION, "received_at": RECEIVED, "now": LOGGED, **facts}
        inquiry = an_inquiry(province, status=status, **facts)
        session.commit()
        return inquiry

    return case


def panel(page):
    """The lines of the plan on a case's page: (state, words, due)."""
    shown = page.split('id="plan"')[1].split("</section>")[0]
    lines = re.findall(r'<li(?: class="is-(\w+)")?>.*?<span>(.*?)</span><span>(.*?)</span></li>', shown, re.S)
    return [(state, re.sub(r"<small>", ": ", re.sub(r"</small>", "", words)), due) for state, words, due in lines]


def open_page(client, inquiry):
    answer_ = client.get(f"/inquiries/{inquiry.id}")
    assert answer_.status_code == 200
    return answer_.text


def eaten_in(client, address="/queue"):
    return re.findall(r'<span class="eaten">(.*?)</span>', client.get(address).text)


# The page of a case


def test_the_page_says_which_stage_runs_since_when_and_what_comes(case, province, sign_in, now):
    inquiry = case(Status.ASSIGNED)
    now(at(25, 11, 9, 40))  # Wednesday: 20, 23 and 25 November, the 24th is off
    page = open_page(sign_in(province.drafter), inquiry)
    assert panel(page) == [
        ("done", "Phân công: Văn phòng Ủy ban nhân dân tỉnh, 26 phút", "20/11"),
        ("now", "Dự thảo: Sở Xây dựng, đang dùng ngày thứ 2 trên 9", "15:00 04/12"),
        ("", "Lãnh đạo Sở Xây dựng duyệt: 3 ngày làm việc", "08:00 09/12"),
        ("", "UBND tỉnh cho ý kiến, khi cần: lãnh đạo hoặc người phát ngôn, 2 ngày làm việc", "10:45 11/12"),
        ("", "Gửi báo: Sở Xây dựng, 1 ngày làm việc", "14/12"),
    ]
    assert "viết dự thảo trả lời trước 15:00 thứ Sáu 04/12" in page


def test_the_plan_follows_the_lead_agencys_shares(case, province, sign_in, session):
    inquiry = case(Status.ASSIGNED)
    actions_plan.set_shares(province.department, Shares(80, 20, 0, 0), actor=province.head, now=LOGGED)
    session.commit()
    lines = panel(open_page(sign_in(province.drafter), inquiry))
    assert [line[1].split(":")[0] for line in lines] == ["Phân công", "Dự thảo", "Lãnh đạo Sở Xây dựng duyệt"]
    assert lines[-1][2] == "14/12"


def test_before_anybody_leads_the_assignment_is_what_runs(case, province, sign_in, now):
    inquiry = case(Status.RECEIVED)
    now(at(20, 11, 11, 5))
    lines = panel(open_page(sign_in(province.clerk), inquiry))
    assert lines[0] == ("now", "Phân công: Văn phòng Ủy ban nhân dân tỉnh, đã chờ 1 giờ", "")
    assert not any(state for state, _words, _due in lines[1:])


def test_a_stage_that_is_over_says_by_whom_and_how_long_it_took(case, province, sign_in, now):
    inquiry = case(Status.DRAFTING)
    answer.submit(inquiry, actor=province.drafter, now=now(at(2, 12, 10)))  # Wednesday, 7 working days later
    lines = panel(open_page(sign_in(province.head), inquiry))
    assert lines[1] == ("done", "Dự thảo: Nguyễn Chuyên Viên, 7 ngày làm việc", "02/12")
    assert lines[2] == ("now", "Lãnh đạo Sở Xây dựng duyệt: từ hôm nay, 5 ngày làm việc", "08:00 09/12")


def test_a_returned_text_is_the_drafts_time_again(case, province, sign_in, now):
    inquiry = case(Status.RETURNED)
    now(at(25, 11))
    lines = panel(open_page(sign_in(province.drafter), inquiry))
    assert [line[0] for line in lines] == ["done", "now", "", "", ""]


def test_nothing_records_the_second_approval_and_the_page_says_so(case, province, sign_in, now):
    inquiry = case(Status.APPROVED)
    now(at(10, 12))
    client = sign_in(province.drafter)
    assert [line[0] for line in panel(open_page(client, inquiry))] == ["done", "done", "done", "now", ""]
    now(at(14, 12))
    lines = panel(open_page(client, inquiry))
    assert lines[3][:2] == ("", "UBND tỉnh cho ý kiến, khi cần: hồ sơ không ghi nhận khâu này")
    assert lines[4][0] == "now"


def test_an_answered_case_shows_where_its_time_went(case, province, sign_in, now):
    inquiry = case(Status.DRAFTING)
    answer.submit(inquiry, actor=province.drafter, now=at(2, 12, 10))
    sealing.approve(inquiry, actor=province.deputy, now=at(2, 12, 15))
    told = {"at": at(4, 12, 8), "speaker": province.head, "evidence": "Công văn số 12/SXD-VP"}
    sealing.release(inquiry, AnswerForm.WRITTEN, **told, actor=province.drafter, now=at(4, 12, 9))
    now(at(30, 12))
    page = open_page(sign_in(province.drafter), inquiry)
    assert "Thời gian đã đi đâu" in page
    assert panel(page) == [
        ("done", "Phân công: Văn phòng Ủy ban nhân dân tỉnh, 26 phút", "20/11"),
        ("done", "Dự thảo: Nguyễn Chuyên Viên, 7 ngày làm việc", "02/12"),
        ("done", "Lãnh đạo Sở Xây dựng duyệt: Phạm Phó, 5 giờ", "02/12"),
        ("done", "Gửi báo: Sở Xây dựng, 2 ngày làm việc", "04/12"),
    ]


def test_a_refused_case_ends_with_the_refusal(case, province, sign_in, now):
    inquiry = case(Status.ASSIGNED)
    refused(inquiry, province, told=False)
    told = {"at": now(at(23, 11, 10)), "evidence": "Công văn số 15/SXD-VP"}
    refusing.refuse(inquiry, AnswerForm.WRITTEN, **told, actor=province.drafter, now=told["at"])
    assert panel(open_page(sign_in(province.head), inquiry))[-1] == (
        "done",
        "Đã từ chối (nêu lý do): Sở Xây dựng, 1 ngày làm việc",
        "23/11",
    )


def test_an_hour_clock_counts_hours_through_the_night(case, province, sign_in, now):
    inquiry = case(Status.ASSIGNED, kind=Kind.INCIDENT)  # 24 hours from Friday 10:05: the draft until 00:15, by plan
    now(at(20, 11, 22, 0))
    lines = panel(open_page(sign_in(province.drafter), inquiry))
    assert lines[1] == ("now", "Dự thảo: Sở Xây dựng, đang dùng giờ thứ 12 trên 15", "00:15 21/11")
    assert lines[-1][2] == "10:05 21/11"


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.INCIDENT, Kind.ANSWER_ON_PRESS])
def test_every_case_at_any_time_has_a_page_and_a_line_in_the_lists(case, province, sign_in, now, status, kind):
    inquiry = case(status, kind=kind)
    client = sign_in(province.clerk)
    for day in (LOGGED, at(23, 11), at(9, 12), at(24, 12)):
        now(day)
        open_page(client, inquiry)
        assert client.get("/queue").status_code == client.get("/inquiries").status_code == 200


# Whose time is being used


def test_a_list_names_whose_time_a_late_draft_is_using(case, province, sign_in, now):
    inquiry = case(Status.DRAFTING)
    client = sign_in(province.clerk)
    now(at(4, 12, 15, 0))
    assert eaten_in(client) == []
    now(at(4, 12, 15, 1))
    assert eaten_in(client) == ["Sở Xây dựng đang dùng thời gian của khâu duyệt"]
    assert eaten_in(client, "/inquiries") == eaten_in(client)
    now(at(14, 12))
    assert eaten_in(client) == ["Sở Xây dựng đang dùng thời gian của khâu gửi báo"]
    page = open_page(client, inquiry)
    assert "theo kế hoạch phải xong trước 15:00 thứ Sáu 04/12. Sở Xây dựng đang dùng thời gian" in page
    now(at(15, 12))
    assert eaten_in(client) == []  # overdue: the chip says so, and there is no later time to use


def test_before_anybody_leads_the_agency_that_logged_it_is_using_the_time(case, province, sign_in, now):
    case(Status.RECEIVED)
    now(at(7, 12))
    said = ["Văn phòng Ủy ban nhân dân tỉnh đang dùng thời gian của khâu duyệt"]
    assert eaten_in(sign_in(province.clerk)) == said


def test_whoever_was_given_the_case_late_is_not_blamed(case, province, sign_in, now, session):
    inquiry = case(Status.RECEIVED)
    handling.assign(inquiry, province.department, actor=province.clerk, now=at(3, 12))
    session.commit()
    now(at(7, 12))
    assert eaten_in(sign_in(province.clerk)) == ["Giao muộn, đang dùng thời gian của khâu duyệt"]


def test_an_approver_who_got_the_text_late_is_not_blamed_until_the_own_time_is_over(
    case, province, sign_in, now, session
):
    inquiry = case(Status.DRAFTING)
    answer.submit(inquiry, actor=province.drafter, now=at(8, 12, 15))  # Tuesday; three working days were planned
    session.commit()
    client = sign_in(province.clerk)
    now(at(10, 12))
    assert eaten_in(client) == ["Trình muộn, đang dùng thời gian của khâu UBND tỉnh cho ý kiến"]
    now(at(14, 12))
    assert eaten_in(client) == ["Lãnh đạo Sở Xây dựng đang dùng thời gian của khâu gửi báo"]


def test_an_approved_answer_uses_nobodys_time(case, province, sign_in, now):
    case(Status.APPROVED)
    now(at(14, 12))
    assert eaten_in(sign_in(province.clerk)) == []


def stop(inquiry, start, end):
    before = Deadline.from_json(inquiry.clock)
    stops = (Stop(StopReason.WAITING_FOR_PRESS, start, end),)
    set_clock(inquiry, recount(before, calendar=queries.working_calendar(), stops=stops), now=start)
    inquiry.paused_at, inquiry.paused_until = start, end


def test_a_clock_that_stands_uses_nobodys_time_and_its_plan_waits(case, province, sign_in, now, session):
    inquiry = case(Status.DRAFTING, kind=Kind.QUESTION)  # due on Thursday 26/11, the draft by Wednesday 25/11 11:30
    stop(inquiry, at(23, 11, 8), at(2, 12, 8))
    session.commit()
    client = sign_in(province.clerk)
    now(at(1, 12))
    assert eaten_in(client) == []
    assert "Dự thảo: Nguyễn Chuyên Viên, Sở Xây dựng, đồng hồ đang dừng" in str(panel(open_page(client, inquiry)))
    draft = stages_of(inquiry)[0]
    assert draft.due_at > at(2, 12, 8)
    now(draft.due_at + timedelta(minutes=1))
    assert eaten_in(client) == ["Sở Xây dựng đang dùng thời gian của khâu duyệt"]


# Coordinating agencies


def ask(inquiry, province, when, **facts):
    return a_part(inquiry, province.other, "Số hộ", actor=province.drafter, now=when, **facts)


def test_a_part_is_due_by_the_plan_when_that_is_earlier_and_the_page_says_why(case, province, sign_in, now, session):
    inquiry = case(Status.ASSIGNED, kind=Kind.QUESTION)
    # Friday 20/11 from 10:31: 269 minutes, Monday 450, Wednesday 240 up to the draft's end at 11:30: two thirds of 959
    # are 639, which leaves 370 of Monday: 15:40. Its own term would end with Monday.
    part = ask(inquiry, province, LOGGED)
    assert (write_moment(part.due_at), part.due_on, part.clock, part.due_by_plan) == (
        "15:30 23/11/2026",
        None,
        None,
        True,
    )
    session.commit()
    page = open_page(sign_in(province.drafter), inquiry)
    assert "theo kế hoạch dự thảo, sớm hơn hạn của đơn vị" in page
    assert "hạn 15:30 23/11/2026 theo kế hoạch dự thảo" in page
    assert ("", "Sở Tài chính: nội dung phối hợp, theo kế hoạch dự thảo", "15:30 23/11") in panel(page)


def test_a_part_is_due_by_its_own_term_when_that_is_earlier(case, province, sign_in, now, session):
    inquiry = case(Status.ASSIGNED)  # two thirds of the draft are far behind Monday 23/11
    part = ask(inquiry, province, LOGGED)
    assert (part.due_on, part.due_by_plan) == (date(2026, 11, 23), False)
    assert Deadline.from_json(part.clock).due_on == part.due_on
    session.commit()
    client = sign_in(province.drafter)
    assert ("", "Sở Tài chính: nội dung phối hợp", "23/11") in panel(open_page(client, inquiry))
    now(at(25, 11))
    assert ("", "Sở Tài chính: nội dung phối hợp, đã quá hạn", "23/11") in panel(open_page(client, inquiry))


def test_a_typed_time_is_nobody_elses(case, province):
    inquiry = case(Status.ASSIGNED, kind=Kind.QUESTION)
    part = ask(inquiry, province, LOGGED, due_at=at(27, 11, 16))
    assert (part.due_at, part.due_by_plan) == (at(27, 11, 16), False)


@pytest.mark.parametrize("when", [at(25, 11, 10, 30), at(26, 11, 10)])
def test_a_draft_that_is_late_already_makes_no_other_agency_late(case, province, when):
    inquiry = case(Status.ASSIGNED, kind=Kind.QUESTION)  # the draft is due on Wednesday 25/11 at 11:30
    assert part_due_at(inquiry, when) is None
    assert ask(inquiry, province, when).due_on is not None


def test_the_form_says_by_when_the_plan_wants_a_part(case, province, sign_in):
    inquiry = case(Status.ASSIGNED, kind=Kind.QUESTION)
    page = sign_in(province.drafter).get(f"/inquiries/{inquiry.id}/coordination").text
    assert "không muộn hơn 15:30 23/11/2026" in page


def test_a_part_that_is_in_is_done_in_the_plan(case, province, sign_in, now, session):
    inquiry = case(Status.ASSIGNED)
    ask(inquiry, province, LOGGED)
    a_sent_part(inquiry, "214 hộ", actor=province.stranger, now=now(at(23, 11)))
    session.commit()
    line = ("done", "Sở Tài chính: đã gửi nội dung phối hợp", "23/11")
    assert line in panel(open_page(sign_in(province.drafter), inquiry))


# Before it is saved


def test_the_form_of_a_new_inquiry_shows_the_plan_before_saving(province, session, sign_in, now):
    session.commit()
    typed = {"kind": "forwarded_opinion", "received_at": "10:05 20/11/2026", "lead_id": str(province.department.id)}
    page = sign_in(province.clerk).post("/inquiries/preview", data=typed).text
    lines = dict(re.findall(r"<span>([^<]*)</span><span>([^<]*)</span></li>", page))
    assert (lines["Dự thảo xong"], lines["Gửi báo"]) == ("15:00 04/12", "14/12")


# The database is asked once


def test_a_longer_list_sends_no_more_statements(case, province, session, sign_in, now):
    def statements():
        with counted() as sent:
            client.get("/queue")
        return len(sent)

    client = sign_in(province.clerk)
    case(Status.DRAFTING)
    now(at(7, 12))
    few = statements()
    for number in range(6):
        inquiry = case(Status.DRAFTING, subject=f"Việc {number}")
        handling.assign(inquiry, an_agency_with_head(province), actor=province.clerk, now=LOGGED)
    session.commit()
    assert len(eaten_in(client)) == 7
    assert statements() <= few


def an_agency_with_head(province):
    from pr_tracker.permissions import Role
    from tests.factories.accounts import a_person

    agency = an_agency(superior=province.office)
    a_person(agency=agency, roles=(Role.HEAD,))
    return agency
