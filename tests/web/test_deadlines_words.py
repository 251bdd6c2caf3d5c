"""Deadlines in the officials' words, and in English. Now is Wednesday 25 November 2026, 09:40."""

from datetime import date, time

import pytest
from flask_babel import force_locale

from pr_tracker.deadlines import labels, labels_names
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import ClockFace, Deadline, DueTime, FaceState, TermSettings, compute
from pr_tracker.deadlines.rules_faces import Unit
from pr_tracker.deadlines.rules_table import VERSIONS
from pr_tracker.deadlines.rules_terms import Extension, ExtensionReason, Stop, StopReason
from pr_tracker.office_time import office_instant

NOW = office_instant(date(2026, 11, 25), time(9, 40))
FRI_20_NOV = office_instant(date(2026, 11, 20), time(10, 5))
RUNNING, SOON, OVERDUE, PAUSED, MET, LATE = FaceState


@pytest.fixture(autouse=True)
def words(engine_app):
    with engine_app.app_context():
        yield


def computed(key, at=FRI_20_NOV):
    return compute(key, at, calendar=seeded_calendar())


@pytest.mark.parametrize(
    ("face", "vi", "en"),
    [
        (ClockFace(RUNNING, Unit.WORKING_DAYS, 3), "Còn 3 ngày làm việc", "3 working days left"),
        (ClockFace(SOON, Unit.WORKING_DAYS, 1), "Còn 1 ngày làm việc", "1 working day left"),
        (ClockFace(SOON, Unit.LAST_DAY), "Hết hôm nay", "Ends today"),
        (ClockFace(SOON, Unit.MINUTES, 180), "Còn 3 giờ", "3 hours left"),
        (ClockFace(SOON, Unit.MINUTES, 440), "Còn 7 giờ 20 phút", "7 hours 20 minutes left"),
        (ClockFace(SOON, Unit.MINUTES, 0), "Còn chưa đến 1 phút", "less than a minute left"),
        (ClockFace(RUNNING, Unit.HOURS, 23), "Còn 23 giờ", "23 hours left"),
        (ClockFace(SOON, Unit.NOTHING), "Không còn ngày làm việc nào", "No working day left"),
        (ClockFace(OVERDUE, Unit.WORKING_DAYS, 2), "Quá hạn 2 ngày làm việc", "Overdue by 2 working days"),
        (ClockFace(OVERDUE, Unit.NOTHING), "Quá hạn", "Overdue"),
        (ClockFace(PAUSED, Unit.DAYS, 1), "Đang dừng, đã dừng 1 ngày", "Paused, for 1 day so far"),
        (ClockFace(PAUSED, Unit.NOTHING), "Đang dừng", "Paused"),
        (ClockFace(MET, Unit.DAYS, 1), "Đúng hạn, sớm 1 ngày", "On time, 1 day early"),
        (ClockFace(MET, Unit.MINUTES, 0), "Đúng hạn", "On time"),
        (ClockFace(LATE, Unit.WORKING_DAYS, 2), "Trễ 2 ngày làm việc", "Late by 2 working days"),
        (ClockFace(LATE, Unit.NOTHING), "Trễ hạn", "Late"),
    ],
)
def test_the_chip_says(face, vi, en):
    assert labels.face_words(face) == vi
    with force_locale("en"):
        assert labels.face_words(face) == en


@pytest.mark.parametrize(
    ("due", "version", "vi"),
    [
        (DueTime.on_day(date(2026, 11, 20)), "internal_reply@2026-07-01", "hạn nội bộ, hết thứ Sáu 20/11"),
        (DueTime.on_day(date(2026, 11, 25)), "forwarded_opinion_notice@2026-07-01", "luật định, hết 24:00 hôm nay"),
        (DueTime.on_day(date(2027, 1, 4)), "answer_on_press@2026-07-01", "luật định, hết thứ Hai 04/01/2027"),
        (
            DueTime.at_minute(office_instant(date(2026, 11, 25), time(12, 40))),
            "incident_initial_info@2026-07-01",
            "24 giờ, hết 12:40 hôm nay",
        ),
        (
            DueTime.at_minute(office_instant(date(2026, 11, 26), time(9, 0))),
            "incident_initial_info@2026-07-01",
            "24 giờ, hết 09:00 ngày mai",
        ),
        (
            DueTime.at_minute(office_instant(date(2026, 11, 27), time(16, 0))),
            "internal_input@2026-07-01",
            "hạn nội bộ, hết 16:00 thứ Sáu 27/11",
        ),
    ],
)
def test_the_line_under_the_chip_says_which_deadline_and_when_exactly(due, version, vi):
    assert labels.exact_words(due, version=version, now=NOW) == vi


def test_fifteen_working_days_are_explained_step_by_step():
    rule, trigger, first, skipped, proposed, result = labels.explain(computed("forwarded_opinion_notice"))
    assert "15 ngày làm việc. Khoản 3 Điều 18 Nghị định 237/2026/NĐ-CP." in rule.text
    assert "10:05 thứ Sáu 20/11/2026. Không tính ngày này" in trigger.text
    assert first == ("Ngày đầu tiên được tính", "Thứ Hai 23/11/2026", ())
    assert skipped.title == "Không tính 9 ngày"
    assert skipped.rows == (
        ("21–22/11", "thứ Bảy, Chủ nhật"),
        ("24/11", "Ngày Văn hóa Việt Nam"),
        ("28–29/11", "thứ Bảy, Chủ nhật"),
        ("05–06/12", "thứ Bảy, Chủ nhật"),
        ("12–13/12", "thứ Bảy, Chủ nhật"),
    )
    assert proposed.text == "Nếu được xác nhận, ngày hết hạn không đổi."
    assert proposed.rows[0] == ("23/11", "nghỉ hoán đổi, làm bù thứ Bảy 28/11/2026")
    assert result == ("Ngày thứ 15: thứ Hai 14/12/2026", "Hết hạn lúc 24:00.", ())


def test_the_same_walk_in_english():
    with force_locale("en"):
        steps = labels.explain(computed("forwarded_opinion_notice"))
    assert steps[3].rows[1] == ("24/11", "Vietnam Culture Day")
    assert steps[-1] == ("Day 15: Monday 14/12/2026", "Ends at 24:00.", ())


def test_a_roll_names_the_day_off_and_the_article():
    roll = labels.explain(computed("answer_on_press"))[3]
    assert roll.text.startswith("Chủ nhật 20/12/2026 là ngày nghỉ nên thời hạn kết thúc vào ngày làm việc tiếp theo")
    assert "khoản 5 Điều 148 Bộ luật Dân sự" in roll.text


def test_estimated_tet_says_that_it_is_estimated():
    steps = labels.explain(computed("complaint_conclusion_notice", office_instant(date(2027, 2, 3), time(9))))
    assert ("04–10/02", "Tết Nguyên đán (ước tính)") in steps[3].rows


def test_a_day_off_names_the_decision_that_says_so_and_old_json_without_one_reads():
    deadline = computed("internal_reply", office_instant(date(2025, 12, 31), time(10)))  # Wednesday
    assert labels.explain(deadline)[3].rows == (
        ("01/01", "Tết Dương lịch"),
        ("02/01", "nghỉ hoán đổi, làm bù thứ Bảy 10/01/2026, theo 12729/VPCP-KGVX"),
        ("03–04/01", "thứ Bảy, Chủ nhật"),
    )
    old = deadline.to_json()
    for day in old["steps"][3]["days"]:
        del day["decision"]
    assert Deadline.from_json(old).steps[3].days[1].decision is None


def test_a_swapped_day_off_names_the_saturday_worked_for_it():
    steps = labels.explain(computed("complaint_conclusion_notice", office_instant(date(2026, 8, 28), time(9))))
    assert ("31/08", "nghỉ hoán đổi, làm bù thứ Bảy 22/08/2026") in steps[3].rows
    assert ("01–02/09", "Quốc khánh") in steps[3].rows


def test_the_annual_report_is_to_be_done_on_the_friday_before():
    steps = labels.explain(computed("annual_report"))
    assert steps[1] == ("Kỳ", "Năm báo cáo: 2026.", ())
    assert steps[-1] == ("Kết quả: thứ Sáu 18/12/2026", "Cần xong trước 24:00 ngày này.", ())


def test_an_unconfirmed_term_says_so():
    rule = labels.explain(computed("internal_reply"))[0].text
    assert "Số ngày là cài đặt của cơ quan." in rule
    assert "Thời hạn này chưa xác nhận." in rule


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.code)
def test_every_version_of_every_clock_can_be_said_in_both_languages(version):
    for language in ("vi", "en"):
        with force_locale(language):
            said = [
                labels_names.term_words(version.term),
                labels_names.basis_words(version.basis),
                labels.kind_words(version.code),
                str(labels_names.CLOCKS[version.key]),
                str(labels_names.TRIGGERS[version.trigger]),
                str(labels_names.BEARERS[version.bearer]),
            ]
            at = office_instant(version.valid_from, time(9))
            said += [text for step in labels.explain(computed(version.key, at)) for text in (step.title, step.text)]
        assert not any("%(" in text or "None" in text for text in said)


def adjusted():
    """Five working days from Monday 30 November 2026, extended by one, stopped Wednesday 2 to Thursday 10 December."""
    at = office_instant(date(2026, 11, 30), time(9))
    return compute(
        "internal_reply",
        at,
        calendar=seeded_calendar(),
        settings=TermSettings(internal_reply=5),
        extensions=[Extension(ExtensionReason.NEW_FACTS, 1, office_instant(date(2026, 12, 1), time(10)))],
        stops=[
            Stop(
                StopReason.WAITING_FOR_PRESS,
                office_instant(date(2026, 12, 2), time(15)),
                office_instant(date(2026, 12, 10), time(8)),
            )
        ],
    )


def test_an_extension_and_a_stop_are_told_with_what_they_did_to_the_last_day():
    extension, stop = labels.explain(adjusted())[4:6]
    assert extension == (
        "Gia hạn 1 ngày làm việc",
        "Phát sinh tình tiết mới, cho phép lúc 10:00 thứ Ba 01/12/2026. "
        "Ngày cuối chuyển từ thứ Hai 07/12/2026 sang thứ Ba 08/12/2026.",
        (),
    )
    assert stop == (
        "Tạm dừng 6 ngày làm việc",
        "Chờ cơ quan báo chí bổ sung nội dung đề nghị, từ 15:00 thứ Tư 02/12/2026 đến 08:00 thứ Năm 10/12/2026. "
        "Giữ nguyên 4 ngày làm việc còn lại: ngày cuối chuyển từ thứ Ba 08/12/2026 sang thứ Tư 16/12/2026.",
        (("03–10/12", "không tính"),),
    )
    assert labels.explain(adjusted())[-1].title == "Ngày thứ 6: thứ Tư 16/12/2026"


def test_the_same_stop_in_english():
    with force_locale("en"):
        stop = labels.explain(adjusted())[5]
    assert stop.title == "Stopped for 6 working days"
    assert stop.text.endswith(
        "4 working days were left and are kept: the last day moves from Tuesday 08/12/2026 to Wednesday 16/12/2026."
    )


def test_a_case_whose_clock_was_neither_stopped_nor_extended_says_so():
    walk = labels.explain(computed("internal_reply"), of_case=True)
    assert walk[-2] == ("Tạm dừng, gia hạn", "Không có", ())
    assert "Tạm dừng, gia hạn" not in [step.title for step in labels.explain(adjusted(), of_case=True)]
    hours = labels.explain(computed("incident_initial_info"), of_case=True)
    assert "Tạm dừng, gia hạn" not in [step.title for step in hours]


def test_a_version_nobody_shipped_is_still_called_statutory_or_internal():
    assert labels.kind_words("answer_on_press@2027-03-01") == "luật định"
    assert labels.kind_words("internal_reply@2027-03-01") == "hạn nội bộ"
