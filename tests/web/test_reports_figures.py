"""The one definition of on time and late, on both engines; the register's order and what it leaves out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pr_tracker.errors import BadInput, NotFound
from pr_tracker.inquiries.actions import answer, sealing, stops
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind, RefusalGround
from pr_tracker.inquiries.rules_number import TypedNumber
from pr_tracker.inquiries.rules_timing import Timing
from pr_tracker.reports import labels
from pr_tracker.reports.queries.register import figures, figures_of, get_numbered, register_rows
from pr_tracker.reports.rules import Adjusted
from tests.factories import inquiries as factories
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.stops import ask_extension, pause

# An incident taken up on Friday at 16:25 is due on Saturday at 16:25; the whole of that minute is still in time.
END = NOW - timedelta(minutes=5) + timedelta(hours=24, minutes=1)
BEFORE, AT, AFTER = END - timedelta(seconds=1), END, END + timedelta(hours=1)
ALL = Filters(since=date(2026, 1, 1), until=date(2027, 12, 31))


@pytest.fixture
def province(session):
    return Province()


def released(province, at):
    inquiry = an_inquiry(province, status=Status.APPROVED, kind=Kind.INCIDENT)
    told = {"at": at, "speaker": province.head, "evidence": "Công văn số 12/SXD-VP"}
    sealing.release(inquiry, AnswerForm.WRITTEN, **told, actor=province.drafter, now=at)
    return inquiry


def refused(province, at):
    inquiry = an_inquiry(province, status=Status.ASSIGNED, kind=Kind.INCIDENT)
    factories.refused(inquiry, province, now=at)
    return inquiry


def withdrawn(province, at):
    inquiry = an_inquiry(province, kind=Kind.INCIDENT)
    answer.withdraw(inquiry, "Báo rút", actor=province.clerk, now=at)
    return inquiry


def still_open(province, at):
    return an_inquiry(province, kind=Kind.INCIDENT)


@pytest.mark.parametrize(
    ("end", "at", "timing"),
    [
        (released, BEFORE, Timing.ON_TIME),
        (released, AT, Timing.LATE),
        (refused, BEFORE, Timing.ON_TIME),
        (refused, AFTER, Timing.LATE),
        (withdrawn, BEFORE, Timing.WITHDRAWN),
        (withdrawn, AFTER, Timing.LATE),
        (still_open, BEFORE, Timing.RUNNING),
        (still_open, AT, Timing.OVERDUE),
    ],
)
def test_what_becomes_of_a_deadline_is_defined_once(province, session, end, at, timing):
    inquiry = end(province, at)
    assert inquiry.ends_at == END
    (row,) = register_rows(None, ALL, at)
    assert row.timing == timing
    counted = figures(None, ALL, at)
    assert counted == figures_of([row])
    assert counted.by_timing == {timing: 1}
    late = register_rows(None, replace(ALL, late=True), at)
    assert bool(late) is (timing in (Timing.LATE, Timing.OVERDUE))


def test_an_archived_case_keeps_what_became_of_it(province, session):
    an_inquiry(province, status=Status.ARCHIVED)
    counted = figures(None, ALL, NOW)
    assert (counted.by_timing, counted.answered) == ({Timing.ON_TIME: 1}, 1)


def test_figures_count_states_grounds_and_what_fell_due(province, session):
    for status in Status:
        an_inquiry(province, status=status)
    counted = figures(None, ALL, NOW)
    assert counted.by_status == dict.fromkeys(Status, 1)
    assert counted.by_ground == {RefusalGround.INVESTIGATION: 1}
    assert (counted.total, counted.answered, counted.refused, counted.due) == (10, 2, 1, 3)
    assert counted == figures_of(register_rows(None, ALL, NOW))


def test_the_register_follows_the_order_of_receipt_and_takes_both_days_whole(province, session):
    for days, subject in ((0, "sau"), (3, "trước"), (30, "ngoài kỳ")):
        an_inquiry(province, subject=subject, received_at=NOW - timedelta(days=days, minutes=5))
    rows = register_rows(None, Filters(since=date(2026, 11, 17), until=date(2026, 11, 20)), NOW)
    assert [row.subject for row in rows] == ["trước", "sau"]
    assert len(register_rows(None, ALL, NOW, limit=2)) == 2


def test_a_reader_has_the_figures_of_what_they_may_see(province, session):
    an_inquiry(province, status=Status.ASSIGNED)
    an_inquiry(province)
    seen = [figures(person, ALL, NOW).total for person in (None, province.clerk, province.drafter, province.stranger)]
    assert seen == [2, 2, 1, 0]


def test_a_number_without_a_year_must_mean_one_inquiry(province, session):
    first = an_inquiry(province)
    assert get_numbered(TypedNumber(1, None, sure=True)) is first
    an_inquiry(province, now=NOW + timedelta(days=60))
    assert get_numbered(TypedNumber(1, 2026, sure=True)) is first
    with pytest.raises(BadInput, match="ĐN-2026-0001, ĐN-2027-0001"):
        get_numbered(TypedNumber(1, None, sure=True))
    with pytest.raises(NotFound):
        get_numbered(TypedNumber(9, None, sure=True))


def test_stops_and_extensions_stand_beside_the_rate(session):
    province = Province()
    plain, longer, stopped = (an_inquiry(province, status=Status.APPROVED) for _ in range(3))
    ask_extension(longer, province.drafter, days=2)
    stops.grant_extension(longer, actor=province.head, now=NOW)
    pause(stopped, province.drafter)
    for inquiry in (plain, longer):
        sealing.release(
            inquiry,
            AnswerForm.WRITTEN,
            at=NOW,
            speaker=province.head,
            evidence="Công văn 12",
            actor=province.drafter,
            now=NOW,
        )
    session.commit()
    expected = Adjusted(stopped=1, stopped_days=2, extended=1, extended_days=2, on_time_extended=1)
    found = figures(None, ALL, NOW)
    assert found == figures_of(register_rows(None, ALL, NOW))
    assert (found.by_timing[Timing.ON_TIME], found.adjusted) == (2, expected)
    assert labels.adjusted_words(found) == [
        "Trong đó 1 hồ sơ đã tạm dừng, tổng 2 ngày.",
        "1 hồ sơ được gia hạn, tổng 2 ngày.",
        "Đúng hạn không kể hồ sơ được gia hạn: 1.",
    ]
    assert [row.id for row in register_rows(None, replace(ALL, extended=True), NOW)] == [longer.id]
    assert [row.id for row in register_rows(None, replace(ALL, stopped=True), NOW)] == [stopped.id]
