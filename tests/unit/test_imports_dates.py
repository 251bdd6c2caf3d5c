"""Days and moments as ledgers write them: read exactly, or refused with the reason; nothing is guessed."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.imports import rules_dates
from pr_tracker.imports.rules import Column, head_key, match_columns, nearest
from pr_tracker.imports.rules_dates import read_day, read_time


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        ("20/11/2026", date(2026, 11, 20), None),
        ("5/3/2026", date(2026, 3, 5), None),
        ("20-11-2026", date(2026, 11, 20), None),
        ("20.11.2026", date(2026, 11, 20), None),
        ("2026-11-20", date(2026, 11, 20), None),
        ("2026-11-20 16:30:00", date(2026, 11, 20), time(16, 30)),
        ("ngày 05 tháng 3 năm 2026", date(2026, 3, 5), None),
        ("16:30 20/11/2026", date(2026, 11, 20), time(16, 30)),
        ("20/11/2026 16:30", date(2026, 11, 20), time(16, 30)),
        ("16h30 ngày 20/11/2026", date(2026, 11, 20), time(16, 30)),
        ("16g30, 20/11/2026", date(2026, 11, 20), time(16, 30)),
        ("lúc 16 giờ 30 phút ngày 20/11/2026", date(2026, 11, 20), time(16, 30)),
        ("4:30 PM 20/11/2026", date(2026, 11, 20), time(16, 30)),
        ("Thứ Sáu, 20/11/2026", date(2026, 11, 20), None),
    ],
)
def test_a_day_is_read_as_offices_write_it(typed, day, at):
    read = read_day(typed, typed)
    assert (read.day, read.at, read.wrong, read.doubt) == (day, at, None, None)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("31/02/2026", rules_dates.IMPOSSIBLE_DATE),
        ("29/02/2025", rules_dates.IMPOSSIBLE_DATE),
        ("11/20/2026", rules_dates.SWAPPED),
        ("45/45/2026", rules_dates.IMPOSSIBLE_DATE),
        ("ASAP", rules_dates.NO_DATE_YET),
        ("sớm nhất có thể", rules_dates.NO_DATE_YET),
        ("Khẩn", rules_dates.NO_DATE_YET),
        ("tuần sau", rules_dates.NOT_A_DATE),
        ("20/11", rules_dates.NOT_A_DATE),
        ("20/11/2026 (gia hạn)", rules_dates.TEXT_BESIDE_DATE),
        ("20/11/2026 - 25/11/2026", rules_dates.TWO_DATES),
        ("20/11/1026", rules_dates.FAR_AWAY),
        ("25:70 20/11/2026", rules_dates.BAD_TIME),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(typed, why):
    read = read_day(typed, typed)
    assert read.day is None
    assert read.wrong.message == why


def test_days_of_a_workbook_are_days_and_numbers_are_doubtful():
    assert read_day(datetime(2026, 11, 20, 16, 30), "").at == time(16, 30)
    assert read_day(datetime(2026, 11, 20), "").at is None
    assert read_day(date(2026, 11, 20), "").day == date(2026, 11, 20)
    serial = read_day(46346, "46346")
    assert (serial.day, serial.doubt.message) == (date(2026, 11, 20), rules_dates.SERIAL)
    short = read_day("20/11/26", "20/11/26")
    assert (short.day, short.doubt.message) == (date(2026, 11, 20), rules_dates.SHORT_YEAR)


@pytest.mark.parametrize("typed", ["", " ", "-", "…", "không"])
def test_an_empty_cell_says_nothing(typed):
    assert read_day(typed, typed).is_empty


def test_a_time_in_its_own_column():
    assert read_time(time(16, 30), "") == time(16, 30)
    assert read_time("8h", "8h") == time(8)
    assert read_time(0.6875, "0.6875") == time(16, 30)
    assert read_time("", "") is None
    assert read_time("chiều", "chiều").message == rules_dates.BAD_TIME


@given(st.dates(rules_dates.EARLIEST, rules_dates.LATEST), st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"]))
def test_every_written_day_is_read_back(day, form):
    assert read_day(day.strftime(form), day.strftime(form)).day == day


@given(st.text(max_size=60))
def test_no_text_is_an_error_of_ours(text):
    read = read_day(text, text)
    assert read.is_empty or (read.day is None) != (read.wrong is None)


def test_heads_are_known_with_and_without_marks_and_with_brackets():
    columns = (Column("received", "Ngày nhận"), Column("outlet", "Cơ quan báo chí", ("báo",)))
    known = {head_key(name): one.key for one in columns for name in (one.label, *one.heads)}
    assert match_columns(["STT", "NGAY  NHAN (dd/mm/yyyy)", "Báo:", "Báo"], known) == {"received": 1, "outlet": 2}


def test_the_nearest_names_come_first():
    names = ["Báo Tuổi Trẻ", "Báo Thanh Niên", "Đài Phát thanh và Truyền hình An Giang", "Báo An Giang"]
    assert nearest("tuoi tre tphcm", names) == ("Báo Tuổi Trẻ",)
    assert nearest("Báo An Giag", names)[0] == "Báo An Giang"
    assert nearest("xyz", names) == ()
