"""The month picture of a deadline: what each day is to the count."""

from datetime import date, time

import pytest

from pr_tracker.deadlines.labels_month import month_picture
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import compute
from pr_tracker.deadlines.rules_terms import Stop, StopReason
from pr_tracker.office_time import office_instant

FRI_20_NOV = office_instant(date(2026, 11, 20), time(10, 5))


@pytest.fixture(autouse=True)
def words(engine_app):
    with engine_app.app_context():
        yield


def picture(key, at=FRI_20_NOV):
    return month_picture(compute(key, at, calendar=seeded_calendar()))


def day_in(rows, number, month_row):
    return next(day for day in rows[month_row] if day.number == number)


def test_working_days_are_numbered_and_the_days_off_named():
    rows = picture("forwarded_opinion_notice")
    assert [len(row) for row in rows] == [7] * 5  # Monday 16 November to Sunday 20 December
    assert day_in(rows, 16, 0)[1:] == ("/11", "o", "", "")
    assert day_in(rows, 20, 0).look == "s"
    assert day_in(rows, 21, 0)[2:] == ("w", "không tính", "")
    assert day_in(rows, 23, 1)[2:] == ("c", "ngày 1", "1")
    assert day_in(rows, 24, 1)[2:] == ("h", "Ngày Văn hóa Việt Nam", "nghỉ")
    assert day_in(rows, 1, 2)[1:3] == ("/12", "c")
    assert day_in(rows, 14, 4)[2:] == ("d", "ngày 15, hạn", "15")
    assert day_in(rows, 15, 4).look == "o"


def test_calendar_days_count_weekends_and_show_the_roll_to_a_working_day():
    rows = picture("answer_on_press")
    assert day_in(rows, 21, 0)[2:] == ("c", "ngày 1", "1")
    assert day_in(rows, 20, 4)[2:] == ("w", "ngày 30, ngày nghỉ", "30")  # Sunday 20 December
    assert day_in(rows, 21, 5)[2:] == ("d", "hạn", "hạn")


def test_hours_run_through_every_day_of_the_picture():
    rows = picture("incident_initial_info")  # 24 hours from Friday 20 November, 10:05
    assert day_in(rows, 20, 0)[2:] == ("s", "từ 10:05", "mốc")
    assert day_in(rows, 21, 0)[2:] == ("d", "hạn 10:05", "hạn")


def test_a_yearly_date_shows_the_day_to_keep_and_the_last_one_allowed():
    rows = picture("annual_report")  # before Sunday 20 December: by Friday 18
    assert day_in(rows, 18, 0)[2:] == ("d", "cần xong", "hạn")
    assert day_in(rows, 19, 0)[2] == "w"


def test_months_show_the_start_and_the_end_and_leave_out_what_lies_between():
    rows = picture("press_conference_quarterly")  # three months from Friday 20 November 2026: Saturday 20 February 2027
    assert rows[2] == [] and len(rows) == 6  # noqa: PT018
    assert rows[3][0].month == "/02"
    assert day_in(rows, 20, -2)[2:4] == ("w", "cùng ngày")
    assert day_in(rows, 22, -1)[2:] == ("d", "hạn", "hạn")


def test_a_term_without_a_date_has_no_picture():
    assert picture("correction_periodical") == []


def test_the_days_a_clock_stood_still_are_neither_counted_nor_days_off():
    stop = Stop(
        StopReason.WAITING_FOR_PRESS,
        office_instant(date(2026, 12, 2), time(15)),
        office_instant(date(2026, 12, 4), time(8)),
    )
    deadline = compute(
        "internal_reply", office_instant(date(2026, 11, 30), time(9)), calendar=seeded_calendar(), stops=[stop]
    )
    # 3 working days: Tue 1, Wed 2, [stopped Thu 3, Fri 4], [Sat 5, Sun 6], Mon 7
    rows = month_picture(deadline)
    assert day_in(rows, 2, 0)[2:] == ("c", "ngày 2", "2")
    assert [day_in(rows, number, 0)[2:] for number in (3, 4)] == [("p", "tạm dừng", "dừng")] * 2
    assert day_in(rows, 5, 0).look == "w"
    assert day_in(rows, 7, 1)[2:] == ("d", "ngày 3, hạn", "3")


def test_a_clock_stopped_on_its_last_day_is_due_when_it_runs_on():
    stop = Stop(
        StopReason.FORCE_MAJEURE, office_instant(date(2026, 12, 3), time(9)), office_instant(date(2026, 12, 7), time(8))
    )
    deadline = compute(
        "internal_reply", office_instant(date(2026, 11, 30), time(9)), calendar=seeded_calendar(), stops=[stop]
    )
    rows = month_picture(deadline)
    assert day_in(rows, 3, 0).words == "ngày 3"
    assert day_in(rows, 7, 1)[2:] == ("d", "hạn", "hạn")
