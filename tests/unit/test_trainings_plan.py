"""Conflicts of rooms and people, days of a copied class, remote venues as typed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.errors import BadInput
from pr_tracker.trainings.rules import VenueFacts, read_venues
from pr_tracker.trainings.rules_conflicts import (
    Clash,
    Planned,
    conflicts_among,
    lecturers_in,
    rooms_in,
    trainee_key,
)
from pr_tracker.trainings.rules_copy import shifted

EIGHT = datetime(2026, 11, 25, 1, tzinfo=UTC)
CALENDAR = WorkingCalendar({}, 2024, 2028)


def planned(number, starts=EIGHT, hours=3, **what):
    return Planned(number, number, starts, starts + timedelta(hours=hours), "Chuyên đề", f"Lớp {number}", **what)


def clashes(*sessions):
    return [each.clash for conflict in conflicts_among(sessions) for each in conflict.shared]


def test_a_room_is_not_used_twice_at_once():
    one, other = (
        planned(number, rooms=rooms_in([place])) for number, place in ((1, "Hội trường A"), (2, "hội trường a"))
    )
    assert clashes(one, other) == [Clash.ROOM]


def test_a_session_may_begin_in_the_room_where_another_has_just_ended():
    later = planned(2, EIGHT + timedelta(hours=3), rooms=rooms_in(["Hội trường A"]))
    assert clashes(planned(1, rooms=rooms_in(["Hội trường A"])), later) == []


@pytest.mark.parametrize("place", ["", "Trực tuyến", "Zoom"])
def test_the_net_is_no_room(place):
    assert clashes(planned(1, rooms=rooms_in([place])), planned(2, rooms=rooms_in([place]))) == []


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("ThS. Lê Văn Giảng, Phó Giám đốc Sở Nội vụ", ["le van giang"]),
        ("PGS.TS. Lê Văn Giảng; nhà báo Trần Hạnh", ["le van giang", "tran hanh"]),
        ("Ông Lê Văn Giảng và bà Trần Hạnh", ["le van giang", "tran hanh"]),
        ("", []),
    ],
)
def test_lecturers_are_known_by_their_names_alone(typed, keys):
    assert list(lecturers_in(typed)) == keys


def test_a_lecturer_a_trainer_and_trainees_cannot_be_in_two_sessions():
    people = {trainee_key(None, f"Học viên {number}", "Sở Y tế"): f"Học viên {number}" for number in range(5)}
    one = planned(1, lecturers=lecturers_in("TS. Lê Văn Giảng"), trainers={"7": "Hương"}, trainees=people)
    other = planned(2, lecturers=lecturers_in("Lê Văn Giảng"), trainers={"7": "Hương"}, trainees=people)
    (found,) = conflicts_among([other, one])
    assert [each.clash for each in found.shared] == [Clash.LECTURER, Clash.TRAINER, Clash.TRAINEE]
    assert (len(found.shared[2].names), found.shared[2].more) == (3, 2)


def test_whoever_has_an_account_is_known_by_it():
    assert trainee_key(7, "Lý Quốc Bảo", "Sở Y tế") == trainee_key(7, "Lý Quốc Bảo", "Sở Tài chính")
    assert trainee_key(None, "lý quốc bảo", "so y te") == trainee_key(None, "Lý Quốc Bảo", "Sở Y tế")


def test_a_copied_class_keeps_the_working_days_between_its_sessions():
    # Tuesday 18, Thursday 20, Tuesday 25 November 2025; anew from Thursday 5 March 2026.
    days = [date(2025, 11, 18), date(2025, 11, 20), date(2025, 11, 25)]
    assert list(shifted(days, date(2026, 3, 5), CALENDAR).values()) == [
        date(2026, 3, 5),
        date(2026, 3, 9),
        date(2026, 3, 12),
    ]


def test_a_session_on_a_saturday_stays_the_day_after_the_friday():
    days = [date(2026, 3, 6), date(2026, 3, 7)]
    assert shifted(days, date(2026, 3, 11), CALENDAR)[date(2026, 3, 7)] == date(2026, 3, 12)


@given(
    st.sets(st.dates(date(2025, 1, 1), date(2025, 12, 31)), min_size=1, max_size=8),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_sessions_of_a_copy_keep_their_order_and_share_no_day(days, first):
    moved = shifted(days, first, CALENDAR)
    new = [moved[day] for day in sorted(days)]
    assert new[0] == first
    assert new == sorted(set(new))


def test_venues_are_typed_one_a_line():
    assert read_venues(["Điểm cầu Phú Quốc; Hội trường UBND đặc khu", "Điểm cầu Hà Tiên"]) == [
        VenueFacts("Điểm cầu Phú Quốc", "Hội trường UBND đặc khu"),
        VenueFacts("Điểm cầu Hà Tiên"),
    ]


@pytest.mark.parametrize(
    "lines", [["Hà Tiên", "hà tiên"], ["; Hội trường"], ["x" * 121], [f"Xã {n}" for n in range(61)]]
)
def test_venues_that_cannot_be_are_refused(lines):
    with pytest.raises(BadInput) as refused:
        read_venues(lines)
    assert refused.value.field == "venues"
