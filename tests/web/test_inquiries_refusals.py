"""Refusals: the law of the day they are told, the list per agency and ground, the table."""

from datetime import UTC, datetime, timedelta

import pytest

from pr_tracker import clock
from pr_tracker.errors import BadInput, NotAllowed, StepNotAllowed
from pr_tracker.inquiries.actions import answer, handling, refusing, sealing
from pr_tracker.inquiries.queries import refusals
from pr_tracker.inquiries.queries.refusals import Wanted
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, RefusalGround
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry, approved, refused

LAST_MINUTE = datetime(2026, 6, 30, 16, 59, tzinfo=UTC)  # 23:59 of 30 June in the office
MIDNIGHT = LAST_MINUTE + timedelta(minutes=1)
TOLD = {"evidence": "Công văn số 15/SXD-VP"}


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


def drafted(province, ground, now):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, now=now - timedelta(days=2))
    answer.save_and_submit(inquiry, "Chính sách đang soạn", ground=ground, actor=province.drafter, now=now)
    approved(inquiry, province, now=now)
    return inquiry


def test_the_fourth_ground_is_told_until_the_last_minute_of_june_and_not_from_the_first_of_july(province):
    early = drafted(province, RefusalGround.DRAFT_POLICY, LAST_MINUTE - timedelta(hours=1))
    later = {"actor": province.drafter, "now": MIDNIGHT, **TOLD}
    refusing.refuse(early, AnswerForm.WRITTEN, at=LAST_MINUTE, **later)
    assert early.refusal_ground is RefusalGround.DRAFT_POLICY
    late = drafted(province, RefusalGround.DRAFT_POLICY, LAST_MINUTE - timedelta(hours=1))
    with pytest.raises(BadInput):
        refusing.refuse(late, AnswerForm.WRITTEN, at=MIDNIGHT, **later)
    with pytest.raises(BadInput):
        drafted(province, RefusalGround.DRAFT_POLICY, MIDNIGHT)


def test_nothing_is_refused_before_it_is_approved_nor_told_before(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    told = {"evidence": "Điện thoại", "actor": province.drafter}
    with pytest.raises(StepNotAllowed):
        refusing.refuse(inquiry, AnswerForm.INTERVIEW, at=NOW, now=NOW, **told)
    refused(inquiry, province, now=NOW + timedelta(hours=1), told=False)
    with pytest.raises(BadInput):
        refusing.refuse(inquiry, AnswerForm.INTERVIEW, at=NOW, now=NOW + timedelta(hours=2), **told)


def test_a_refusal_is_not_released_and_an_answer_is_not_a_refusal(province):
    refusal = an_inquiry(province, status=Status.ASSIGNED)
    refused(refusal, province, told=False)
    with pytest.raises(BadInput):
        sealing.release(
            refusal, AnswerForm.WRITTEN, at=NOW, speaker=province.head, **TOLD, actor=province.drafter, now=NOW
        )
    inquiry = an_inquiry(province, status=Status.APPROVED)
    with pytest.raises(BadInput):
        refusing.refuse(inquiry, AnswerForm.WRITTEN, at=NOW, **TOLD, actor=province.drafter, now=NOW)


def test_the_ground_is_sealed_with_the_reason(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    refused(inquiry, province, told=False)
    inquiry.approved_draft.ground = RefusalGround.SECRET
    with pytest.raises(BadInput):
        refusing.refuse(inquiry, AnswerForm.WRITTEN, at=NOW, **TOLD, actor=province.drafter, now=NOW)


def test_whoever_wrote_the_refusal_does_not_approve_it(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    reason = {"ground": RefusalGround.SECRET, "actor": province.deputy, "now": NOW}
    answer.save_and_submit(inquiry, "Bí mật đời sống riêng tư", **reason)
    with pytest.raises(NotAllowed):
        sealing.approve(inquiry, actor=province.deputy, now=NOW)


def test_figures_count_per_agency_and_ground_only_what_one_sees(province, session):
    today = office_day(NOW)
    for ground in (RefusalGround.SECRET, RefusalGround.SECRET, RefusalGround.INVESTIGATION):
        inquiry = an_inquiry(province, status=Status.ASSIGNED)
        refused(inquiry, province, ground=ground)
    wanted = Wanted(today, today)
    found = {(row.name, row.refusal_ground): row.number for row in refusals.figures(wanted, province.clerk)}
    assert found == {("Sở Xây dựng", RefusalGround.SECRET): 2, ("Sở Xây dựng", RefusalGround.INVESTIGATION): 1}
    assert refusals.figures(wanted, province.stranger) == []
    yesterday = today - timedelta(days=1)
    assert refusals.figures(Wanted(yesterday, yesterday), province.clerk) == []
    on_secret = Wanted(today, today, province.department.id, RefusalGround.SECRET)
    assert len(session.execute(refusals.table(on_secret, province.clerk)).all()) == 2


def test_pages_follow_each_other_without_gap_or_repeat(province, monkeypatch):
    monkeypatch.setattr(refusals, "PAGE_SIZE", 2)
    for _ in range(5):
        refused(an_inquiry(province, status=Status.ASSIGNED), province)
    wanted, seen, place = Wanted(office_day(NOW), office_day(NOW)), [], None
    while True:
        rows, place = refusals.page(wanted, province.clerk, place)
        seen += [row.id for row in rows]
        if place is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_the_page_has_figures_that_lead_to_their_lists_and_a_safe_table(province, session, sign_in):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, subject="=1+1")
    refused(inquiry, province)
    handling.add_watcher(inquiry, province.other, actor=province.clerk, now=NOW)
    session.commit()
    client = sign_in(province.clerk)
    page = client.get("/inquiries/refusals").text
    assert "1 lần từ chối" in page
    assert "ground=investigation" in page
    assert ">Vụ án đang điều tra</p>" in page
    assert ">Vụ án đang điều tra</p>" not in client.get("/inquiries/refusals?ground=secret").text
    assert client.get("/inquiries/refusals?from=x&to=&ground=?&agency=-1&before=1.x").status_code == 200
    table = client.get("/inquiries/refusals.csv")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in table.text
