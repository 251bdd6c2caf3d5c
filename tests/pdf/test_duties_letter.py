"""The notice of a press conference, read back: letterhead, the six items, open places, who signs; the calendar file."""

from io import BytesIO

import pytest
from flask_babel import force_locale
from icalendar import Calendar

from pr_tracker.duties import actions, queries
from pr_tracker.duties.documents import calendar_of, write_notice
from pr_tracker.duties.rules import NoticeSettings
from pr_tracker.notices.documents import write_feed
from tests.factories.accounts import NOW
from tests.factories.duties import Province, a_conference, a_publication, office
from tests.pdf.reading import pages, words


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def notice(province):
    return queries.notices_of(a_conference(province, office(30, 11)).id)[0]


def letter(notice, settings=None):
    out = BytesIO()
    settings = settings or NoticeSettings()
    write_notice(notice, settings, out, place="An Giang", now=NOW, typeface="packaged")
    return out.getvalue()


def test_the_letter_says_who_writes_what_to_whom(notice, province):
    with force_locale("en"):  # an official paper stays Vietnamese
        text = words(letter(notice))
    for said in (
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG",
        "SỞ XÂY DỰNG",
        "DỰ THẢO",
        "An Giang, ngày 20 tháng 11 năm 2026",
        "V/v thông báo tổ chức họp báo",
        "Kính gửi: Cơ quan quản lý nhà nước về báo chí",
        "Căn cứ khoản 3 Điều 22 Nghị định 237/2026/NĐ-CP, Sở Xây dựng thông báo việc tổ chức họp báo (trực tiếp)",
        "“Tiến độ các dự án giao thông”",
        "Thời gian: 09:00 30/11/2026",
        "Địa điểm: Hội trường A",
        "Nội dung: Tiến độ và phương án",
        "Người chủ trì: Giám đốc Lê Giám Đốc",
        "Nơi nhận:",
        "GIÁM ĐỐC",
        "Lê Giám Đốc",
    ):
        assert said in text, said


def test_what_is_still_empty_leaves_its_place(notice):
    assert "Người liên hệ: …" in words(letter(notice))


def test_the_province_words_addressee_and_items(notice, province):
    settings = NoticeSettings("Sở Văn hóa và Thể thao tỉnh An Giang", ("", "", "", "", "", "Đầu mối"))
    actions.set_notice_form(settings, actor=province.clerk, now=NOW, seen=0)
    actions.fill_items(notice, ["a", "b", "c", "d", "e", "Bộ phận Văn thư"], actor=province.staff, now=NOW)
    text = words(letter(notice, settings))
    assert "Kính gửi: Sở Văn hóa và Thể thao tỉnh An Giang" in text
    assert "Đầu mối: Bộ phận Văn thư" in text


def test_the_number_stays_empty_for_the_document_office(notice, province):
    text = words(letter(notice))
    assert f"/{province.department.code}" in text
    assert "Số:" in text


def test_long_items_go_on_over_pages(notice, province):
    long = "Nội dung dài của cuộc họp báo. " * 30
    actions.fill_items(notice, [long] * 6, actor=province.staff, now=NOW)
    assert len(pages(letter(notice))) > 1


# The calendar


def fed(person):
    file = write_feed(calendar_of(person, NOW), name="Hạn", base="https://x.example", domain="x.example", now=NOW)
    return {str(event["uid"]): event for event in Calendar.from_ical(file).walk("VEVENT")}


def test_the_calendar_has_what_the_agency_owes_and_plans(notice, province):
    duty = a_publication(province, office(20, 11, hour=15))
    events = fed(province.staff)
    own = {
        f"duty-{notice.id}@x.example",
        f"duty-{duty.id}@x.example",
        f"press-conference-{notice.conference_id}@x.example",
    }
    assert set(events) == own
    event = events[f"duty-{duty.id}@x.example"]
    assert event["dtstart"].dt == office(21, 11, hour=15)
    assert str(event["summary"]) == "Công khai người phát ngôn: Phạm Phát Ngôn"


def test_the_office_has_the_duties_of_the_province_as_whole_days(notice, province):
    actions.open_periodic(province.top, now=NOW)
    days = {str(event["summary"]): event["dtstart"].dt.isoformat() for event in fed(province.clerk).values()}
    assert days == {"Thông tin định kỳ tháng 11/2026": "2026-11-30", "Báo cáo năm 2026": "2026-12-18"}


def test_who_does_no_duties_has_none_in_the_calendar(notice, province):
    assert fed(province.supervisor) == {}
    assert fed(province.stranger) == {}
