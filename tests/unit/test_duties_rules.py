"""Clocks of duties counted by hand, with the weekday; periods, items, who acts."""

from datetime import date, timedelta

import pytest

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import compute
from pr_tracker.duties.rules import (
    DutyKind,
    DutyState,
    Item,
    NoticeItem,
    NoticeSettings,
    acts_for,
    follow_plan,
    items_from,
    known_items,
    missing_items,
    month_of,
    owes_notice,
    quarter_after,
    require_done_at,
    state_of,
    year_of,
)
from pr_tracker.errors import BadInput
from tests.factories.duties import conference_facts, office

CALENDAR = seeded_calendar()


def due(period):
    return compute(period.kind.clock_key, period.trigger_at, calendar=CALENDAR)


# Clocks by hand


def test_the_annual_report_of_2026_is_kept_on_friday_18_december():
    deadline = due(year_of(date(2026, 11, 23)))
    assert deadline.due_on == date(2026, 12, 18)  # Friday; 19 December, the last day before the 20th, is a Saturday
    assert deadline.ends_at == office(20, 12, hour=0)


def test_the_annual_report_of_2027_is_kept_on_friday_17_december():
    assert due(year_of(date(2027, 3, 1))).due_on == date(2027, 12, 17)  # 19 December is a Sunday, 18 a Saturday


def test_the_information_of_november_runs_to_monday_30():
    deadline = due(month_of(date(2026, 11, 5)))
    assert deadline.due_on == date(2026, 11, 30)  # Monday
    assert deadline.ends_at == office(1, 12, hour=0)


def test_the_information_of_october_is_kept_on_friday_30_though_saturday_31_still_counts():
    deadline = due(month_of(date(2026, 10, 31)))
    assert deadline.due_on == date(2026, 10, 30)
    assert deadline.ends_at == office(1, 11, hour=0)


def test_three_months_from_30_november_end_on_28_february_a_sunday_so_on_monday_1_march():
    deadline = due(quarter_after(office(30, 11)))
    assert deadline.due_on == date(2027, 3, 1)


def test_three_months_from_24_september_end_on_thursday_24_december():
    assert due(quarter_after(office(24, 9, hour=14, minute=30))).due_on == date(2026, 12, 24)


def test_the_notice_of_a_conference_on_monday_at_nine_is_due_on_sunday_at_nine():
    deadline = compute(DutyKind.NOTICE.clock_key, office(30, 11), calendar=CALENDAR)
    assert deadline.due_at == office(29, 11)  # a Sunday: hours do not wait for offices


def test_a_spokesperson_assigned_on_friday_evening_is_published_by_saturday_evening():
    deadline = compute(DutyKind.PUBLICATION.clock_key, office(20, 11, hour=17, minute=30), calendar=CALENDAR)
    assert deadline.due_at == office(21, 11, hour=17, minute=30)


# Periods


def test_a_period_that_began_before_the_law_begins_with_it():
    assert year_of(date(2026, 7, 15)).trigger_at == office(1, 7, hour=0)
    assert year_of(date(2027, 7, 15)).trigger_at == office(1, 1, 2027, hour=0)


def test_periods_are_named_by_month_year_and_minute():
    assert month_of(date(2026, 11, 23)).key == "2026-11"
    assert year_of(date(2026, 11, 23)).key == "2026"
    assert quarter_after(office(24, 9, hour=14, minute=30)).key == "2026-09-24T14:30+07:00"


# Who owes and who acts


def test_only_the_province_gives_no_notice():
    assert [kind for kind in AgencyKind if not owes_notice(kind)] == [AgencyKind.PROVINCE]


def test_the_provincial_office_does_the_duties_of_the_province_and_its_own_only():
    office_kind, province, department = AgencyKind.PROVINCE_OFFICE, AgencyKind.PROVINCE, AgencyKind.DEPARTMENT
    assert acts_for(office_kind, 2, province, 1)
    assert acts_for(office_kind, 2, office_kind, 2)
    assert not acts_for(office_kind, 2, department, 3)
    assert not acts_for(department, 3, province, 1)
    assert not acts_for(department, 3, department, 4)


def test_a_duty_is_open_done_or_cancelled():
    assert state_of(None, None) is DutyState.OPEN
    assert state_of(office(1, 11), None) is DutyState.DONE
    assert state_of(None, office(1, 11)) is DutyState.CANCELLED


def test_what_is_done_was_done_in_the_past_and_after_it_began():
    now = office(20, 11)
    require_done_at(now, not_before=now - timedelta(days=1), now=now)
    with pytest.raises(BadInput):
        require_done_at(now + timedelta(minutes=1), not_before=None, now=now)
    with pytest.raises(BadInput):
        require_done_at(now - timedelta(days=2), not_before=now - timedelta(days=1), now=now)


# The six items


def test_a_plan_fills_in_time_place_content_and_chair():
    items = known_items(conference_facts(office(30, 11)), NoticeSettings(), "09:00 30/11/2026")
    assert [item.text for item in items] == [
        "09:00 30/11/2026",
        "Hội trường A",
        "Tiến độ và phương án",
        "Giám đốc Lê Giám Đốc",
        "",
        "",
    ]
    assert missing_items(items) == 2


def test_a_line_the_province_worded_itself_is_left_to_people():
    settings = NoticeSettings("", ("Ngày giờ", "", "", "", "", ""))
    items = known_items(conference_facts(office(30, 11)), settings, "09:00 30/11/2026")
    assert items[0] == Item("Ngày giờ", "")


def test_items_stand_under_the_labels_of_the_day():
    settings = NoticeSettings("", ("Ngày giờ", "", "", "", "", ""))
    assert items_from([" sáng mai "], settings) == (Item("Ngày giờ", "sáng mai"), *[Item()] * 5)


def test_what_people_wrote_stays_when_the_plan_changes():
    old = known_items(conference_facts(place="Phòng 1"), NoticeSettings(), "09:00")
    new = known_items(conference_facts(place="Phòng 2"), NoticeSettings(), "10:00")
    written = (old[0], Item("", "Phòng 1, tầng 2"), *old[2:4], Item("", "Các báo"), Item())
    followed = follow_plan(written, old, new)
    assert [item.text for item in followed][:2] == ["10:00", "Phòng 1, tầng 2"]
    assert followed[4] == Item("", "Các báo")


def test_the_law_asks_for_six_items():
    assert len(NoticeItem) == len(NoticeSettings().labels) == 6
