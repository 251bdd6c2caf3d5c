"""Reports of a class and of a year as Excel workbooks, with the same figures as the official papers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from flask_babel import force_locale

from pr_tracker.office_time import office_day, write_day, write_moment, write_time
from pr_tracker.reports import labels_training as labels
from pr_tracker.reports.documents.training import (
    AGENCY_TITLES,
    CAME,
    LISTED,
    MARKS,
    TURNS,
    YEAR_TITLES,
)
from pr_tracker.reports.queries.classes import ClassReport
from pr_tracker.reports.queries.years import YearReport
from pr_tracker.reports.rules_training import together
from pr_tracker.sheets import Sheet, write_workbook


def write_class_workbook(report: ClassReport, out: BinaryIO, *, now: datetime) -> None:
    """Write the report of a class: by session, by agency, results, feedback, before and after, people."""
    with force_locale("vi"):
        write_workbook(_class_sheets(report, now), out)


def write_year_workbook(report: YearReport, out: BinaryIO, *, now: datetime) -> None:
    """Write the report of a year: its classes, by agency, who is trained."""
    write_workbook(year_sheets(report, now), out)


def year_sheets(report: YearReport, now: datetime) -> list[Sheet]:
    """The tables of a year's report: its classes first."""
    with force_locale("vi"):
        return [*_year_sheets(report, now)]


def _class_sheets(report: ClassReport, now: datetime) -> Iterator[Sheet]:
    one = report.training_class
    about = f"{one.course.title}, {one.name}, số liệu đến {write_moment(now)}"
    yield Sheet(
        "Theo buổi",
        about,
        ["Buổi", "Ngày", "Từ", "Đến", "Chuyên đề", "Báo cáo viên", *MARKS.values(), "Dự học", "Đã hủy"],
        [_session(each) for each in report.sessions],
        [LISTED, CAME],
    )
    rows = [(each.agency, each.listed, each.came, each.came_to_all, each.certificates) for each in report.agencies]
    yield Sheet("Theo đơn vị", about, ["Đơn vị", *AGENCY_TITLES], rows, [LISTED, CAME])
    head = ["Mã", "Họ và tên", "Chức vụ", "Đơn vị", "Số buổi dự", "Số buổi", "Điểm", "Bài thu hoạch", "Giấy chứng nhận"]
    yield Sheet("Học viên", about, head, [_person(each) for each in report.people], [LISTED])
    yield Sheet("Kết quả", about, ["Nội dung", "Số"], _results(report))
    yield _feedback(report, about)
    if report.feedback.texts:
        said = [(question, words) for question, texts in report.feedback.texts for words in texts]
        yield Sheet("Ý kiến ghi thêm", about, ["Câu hỏi", "Ý kiến"], said)
    if report.effects:
        yield _effects(report, about)


def _session(one: Any) -> list[Any]:
    times = [office_day(one.starts_at), write_time(one.starts_at), write_time(one.ends_at)]
    if one.cancelled:
        return [one.number, *times, one.topic, one.lecturer, *[""] * (len(MARKS) + 1), "có"]
    numbers = [one.marks.get(mark, 0) for mark in MARKS]
    return [one.number, *times, one.topic, one.lecturer, *numbers, one.attended, ""]


def _person(one: Any) -> list[Any]:
    who = [one.code, one.full_name, one.title, one.agency, one.attended, one.held]
    return [*who, "" if one.mark is None else one.mark, "có" if one.paper else "", one.certificate]


def _results(report: ClassReport) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        ("Có trong danh sách", len(report.people)),
        ("Dự học", report.came),
        ("Có điểm kiểm tra", len(report.marks)),
        ("Điểm trung bình", report.mean_mark or ""),
        ("Đã nộp bài thu hoạch", report.papers),
        ("Giấy chứng nhận", report.certificates),
    ]
    if report.passed is not None:
        rows.insert(4, (f"Đạt từ {report.training_class.course.least_mark} điểm", report.passed))
    return rows


def _feedback(report: ClassReport, about: str) -> Sheet:
    found = report.feedback
    notes = [f"{found.answers} ý kiến trên {found.asked} người dự học."]
    if not found.is_shown:
        notes.append("Chưa đủ 5 ý kiến nên chưa tổng hợp.")
    rows: list[list[Any]] = [
        [one.words, one.answers, one.mean or "", f"{one.agreeing}%", *one.counts] for one in found.scales
    ]
    head = ["Nội dung", "Số ý kiến", "Điểm 1–5", "Đồng ý", "5", "4", "3", "2", "1"]
    return Sheet("Ý kiến", about, head, rows, notes)


def _effects(report: ClassReport, about: str) -> Sheet:
    assert report.spans is not None
    before, after = report.spans
    head = ["Đơn vị", "Dự học"]
    for side in ("trước", "sau"):
        head += [f"Đến hạn, {side}", f"Đúng hạn, {side}", f"Bị trả lại, {side}", f"Cải chính, {side}"]
    rows = [
        [one.agency or "Cộng", one.attended] + [number for side in (one.before, one.after) for number in _handled(side)]
        for one in (*report.effects, together(report.effects))
    ]
    span = (
        f"Trước: {write_day(before.since)}–{write_day(before.until)}; "
        f"sau: {write_day(after.since)}–{write_day(after.until)}."
    )
    return Sheet("Trước và sau", about, head, rows, [span, str(labels.EFFECT_DEFINITION)])


def _handled(one: Any) -> tuple[int, int, int, int]:
    return one.due, one.on_time, one.returned, one.corrected


def _year_sheets(report: YearReport, now: datetime) -> Iterator[Sheet]:
    about = f"Tập huấn năm {report.year}, số liệu đến {write_moment(now)}"
    head = ["Khóa học", "Lớp", "Địa điểm", "Từ ngày", "Đến ngày", "Số buổi", "Có trong danh sách", "Dự học"]
    yield Sheet(
        "Các lớp",
        about,
        [*head, "Giấy chứng nhận"],
        [[one.course, one.name, one.place, one.first_on, one.last_on, *_numbers(one)] for one in report.classes],
        [LISTED, CAME],
    )
    rows = [(one.agency, one.came, one.people, one.certificates) for one in report.agencies]
    yield Sheet("Theo đơn vị", about, ["Đơn vị", *YEAR_TITLES], rows, [CAME, TURNS])
    found = report.coverage
    yield Sheet(
        "Đã qua tập huấn",
        f"Người được phát ngôn đã qua tập huấn, đến ngày {write_day(found.on)}",
        ["Tư cách phát ngôn", *(str(words) for words in labels.COVER.values())],
        [(str(words), *(found.counted(kind)[cover] for cover in labels.COVER)) for kind, words in labels.KINDS.items()],
        [str(labels.TRAINED_DEFINITION)],
    )


def _numbers(one: Any) -> tuple[int, int, int, int]:
    return one.sessions, one.listed, one.came, one.certificates
