"""Reports of a class and of a year as official papers (Decree 30/2020/NĐ-CP): Báo cáo kết quả tập huấn."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from flask_babel import force_locale, format_decimal

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency
from pr_tracker.office_time import office_day, write_day, write_moment, write_time
from pr_tracker.pdf.fonts import Choice
from pr_tracker.reports import labels_training as labels
from pr_tracker.reports.queries.classes import ClassReport, SessionFigures
from pr_tracker.reports.queries.coverage import trained
from pr_tracker.reports.queries.years import YearReport
from pr_tracker.reports.rules_training import Effect, together
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.rules_roll import Mark

MARKS = {
    Mark.PRESENT: "Có mặt",
    Mark.LATE: "Đi muộn",
    Mark.LEFT_EARLY: "Về sớm",
    Mark.EXCUSED: "Vắng có phép",
    Mark.ABSENT: "Vắng",
    None: "Chưa ghi",
}
LISTED = "Có trong danh sách: học viên có chỗ trong lớp, hoặc đã được điểm danh; không kể danh sách dự bị."
CAME = "Dự học: có mặt, đi muộn hoặc về sớm ít nhất một buổi; buổi đã hủy không tính."
TURNS = "Lượt người: mỗi người dự ít nhất một buổi của một lớp tính một lượt; số người: mỗi người tính một lần."


def write_class_report(
    report: ClassReport,
    out: BinaryIO,
    *,
    place: str,
    now: datetime,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write the report of a class as it stands at `now`, in Vietnamese; the head of its agency signs."""
    one = report.training_class
    abstract = class_abstract(one)
    with force_locale("vi"):
        blocks = [
            _head(one.course.agency, place, now, abstract),
            *_class_facts(report, now),
            *_class_figures(report),
            *_results(report),
            *_effects(report),
            *_people(report),
            *_definitions(),
            _closing(one.course.agency),
        ]
        pdf.build(pdf.Document(f"Báo cáo: {abstract}", blocks, check=check), out, face=typeface)


def write_year_report(
    report: YearReport,
    out: BinaryIO,
    *,
    keeper: Agency,
    place: str,
    now: datetime,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write the report of a year as it stands at `now`, in Vietnamese; the keeper's head signs."""
    abstract = year_abstract(report.year)
    with force_locale("vi"):
        blocks = [_head(keeper, place, now, abstract), *_year(report, now), _closing(keeper)]
        pdf.build(pdf.Document(f"Báo cáo: {abstract}", blocks, check=check), out, face=typeface)


def class_abstract(one: TrainingClass) -> str:
    """What the report of a class is about."""
    return f"Kết quả {one.name}, {one.course.title}"


def year_abstract(year: int) -> str:
    """What the report of a year is about."""
    return f"Công tác tập huấn phát ngôn và cung cấp thông tin cho báo chí năm {year}"


def _head(agency: Agency, place: str, now: datetime, abstract: str) -> pdf.Letterhead:
    day = office_day(now)
    return letterhead(
        agency, place=place, day=day, kind="Báo cáo", abstract=abstract, symbol=f"BC-{agency.code}", draft=True
    )


def _closing(agency: Agency) -> pdf.Closing:
    superior = [f"{agency.superior.name} (để báo cáo)"] if agency.superior else []
    return pdf.Closing(signature(agency), pdf.Recipients(superior))


# --- a class ------------------------------------------------------------------------------------------------


def _class_facts(report: ClassReport, now: datetime) -> Iterator[pdf.Block]:
    one, held = report.training_class, [each for each in report.sessions if not each.cancelled]
    course = one.course
    days = list(dict.fromkeys(write_day(office_day(session.starts_at)) for session in held))
    facts = [
        ("Khóa học", course.title),
        ("Căn cứ", course.legal_ground),
        ("Thời gian", ", ".join(days) or "chưa có buổi học"),
        ("Địa điểm", one.place),
        ("Số buổi", f"{len(held)}, đã tổ chức {len(report.held)}"),
        ("Có trong danh sách", f"{len(report.people)} người"),
        ("Dự học", f"{report.came} người"),
        ("Giấy chứng nhận đã cấp", f"{report.certificates}"),
    ]
    yield pdf.Text(f"(Số liệu đến {write_moment(now)})", align="center", face="italic")
    yield pdf.Heading("I. Thông tin chung")
    yield pdf.Facts([(label, value) for label, value in facts if value])


def _class_figures(report: ClassReport) -> Iterator[pdf.Block]:
    yield pdf.Heading("II. Theo buổi học")
    titles = ["Buổi", "Chuyên đề, báo cáo viên", *MARKS.values(), "Dự học"]
    yield pdf.Table(
        [pdf.Column(title, 4.2 if at == 1 else 1, "left" if at == 1 else "center") for at, title in enumerate(titles)],
        [_session_row(one) for one in report.sessions],
        size=9,
        empty="Lớp chưa có buổi học nào.",
    )
    yield pdf.Heading("III. Theo đơn vị")
    columns = [pdf.Column("Đơn vị", 4), *(pdf.Column(title, 1.2, "center") for title in AGENCY_TITLES)]
    rows = [
        (one.agency or "Không ghi đơn vị", *map(str, (one.listed, one.came, one.came_to_all, one.certificates)))
        for one in report.agencies
    ]
    yield pdf.Table(columns, [*rows, ("Cộng", *map(str, _agency_sums(report)))] if rows else [], size=10, empty=NOBODY)


AGENCY_TITLES = ("Có trong danh sách", "Dự học", "Dự đủ các buổi", "Giấy chứng nhận")
NOBODY = "Lớp chưa có học viên nào."


def _agency_sums(report: ClassReport) -> tuple[int, ...]:
    own = report.agencies
    return (
        sum(one.listed for one in own),
        sum(one.came for one in own),
        sum(one.came_to_all for one in own),
        sum(one.certificates for one in own),
    )


def _session_row(one: SessionFigures) -> tuple[pdf.Cell, ...]:
    when = f"{write_time(one.starts_at)}–{write_time(one.ends_at)} ngày {write_day(office_day(one.starts_at))}"
    said = [when, *([one.lecturer] if one.lecturer else []), *(["Đã hủy"] if one.cancelled else [])]
    numbers = ["" if one.cancelled else str(one.marks.get(mark, 0)) for mark in MARKS]
    came = "" if one.cancelled else f"{one.attended}/{one.listed}"
    return (str(one.number), [pdf.Piece(one.topic), *(pdf.Piece(words, "italic") for words in said)], *numbers, came)


def _results(report: ClassReport) -> Iterator[pdf.Block]:
    course = report.training_class.course
    yield pdf.Heading("IV. Kết quả")
    facts = [("Có điểm kiểm tra", f"{len(report.marks)} người")]
    if report.mean_mark is not None:
        facts.append(("Điểm trung bình", f"{format_decimal(report.mean_mark)}/10"))
    if report.passed is not None:
        least = format_decimal(course.least_mark)
        facts.append((f"Đạt từ {least} điểm trở lên", f"{report.passed}/{len(report.marks)}"))
    facts.append(("Đã nộp bài thu hoạch", f"{report.papers} người"))
    facts.append(("Giấy chứng nhận", f"{report.certificates}/{len(report.people)} người"))
    yield pdf.Facts(facts)
    yield pdf.Heading("V. Ý kiến học viên")
    found = report.feedback
    yield pdf.Text(f"Có {found.answers} ý kiến (không ghi tên) trên {found.asked} người dự học.")
    if not found.is_shown:
        yield pdf.Text("Chưa đủ 5 ý kiến nên chưa tổng hợp.")
        return
    yield pdf.Table(
        [
            pdf.Column("Nội dung", 6),
            *(pdf.Column(title, 1.3, "center") for title in ("Số ý kiến", "Điểm 1–5", "Đồng ý")),
        ],
        [
            (one.words, str(one.answers), format_decimal(one.mean) if one.mean is not None else "", f"{one.agreeing}%")
            for one in found.scales
        ],
        size=10,
    )


def _effects(report: ClassReport) -> Iterator[pdf.Block]:
    if not report.effects or report.spans is None:
        return
    before, after = report.spans
    yield pdf.Heading("VI. Trước và sau lớp học, theo đơn vị")
    yield pdf.Text(
        f"Trước: từ {write_day(before.since)} đến {write_day(before.until)}; "
        f"sau: từ {write_day(after.since)} đến {write_day(after.until)}; mỗi bên {after.days} ngày."
    )
    titles = ("Dự học", "Đúng hạn, trước", "Đúng hạn, sau", "Bị trả lại, trước", "sau", "Cải chính, trước", "sau")
    yield pdf.Table(
        [pdf.Column("Đơn vị", 3), *(pdf.Column(title, 1.3, "center") for title in titles)],
        [_effect_row(one) for one in (*report.effects, together(report.effects))],
        size=9,
    )


def _effect_row(one: Effect) -> tuple[str, ...]:
    rates = [labels.handled_words(side) for side in (one.before, one.after)]
    counts = (one.before.returned, one.after.returned, one.before.corrected, one.after.corrected)
    return (one.agency or "Cộng", str(one.attended), *rates, *map(str, counts))


def _people(report: ClassReport) -> Iterator[pdf.Block]:
    yield pdf.Heading("Danh sách học viên")
    columns = [
        pdf.Column("STT", 0.6, "center", fits="999"),
        pdf.Column("Mã", 0.7, "center", fits="A01"),
        pdf.Column("Họ và tên", 2.2),
        pdf.Column("Chức vụ, đơn vị", 3.2),
        pdf.Column("Số buổi dự", 0.9, "center"),
        pdf.Column("Điểm", 0.8, "center"),
        pdf.Column("Thu hoạch", 0.9, "center"),
        pdf.Column("Số giấy chứng nhận", 1.5, "center", fits="0001/2026"),
    ]
    rows = [
        (
            str(at),
            one.code,
            one.full_name,
            ", ".join(filter(None, (one.title, one.agency))),
            f"{one.attended}/{one.held}",
            "" if one.mark is None else format_decimal(one.mark),
            "Có" if one.paper else "",
            one.certificate,
        )
        for at, one in enumerate(report.people, 1)
    ]
    yield pdf.Table(columns, rows, size=9, empty=NOBODY)


def _definitions() -> Iterator[pdf.Block]:
    yield pdf.Heading("Cách tính", 2)
    for words in (LISTED, CAME, str(labels.EFFECT_DEFINITION)):
        yield pdf.Text(words)


# --- a year -------------------------------------------------------------------------------------------------


def _year(report: YearReport, now: datetime) -> Iterator[pdf.Block]:
    covers = report.coverage.counted()
    yield pdf.Text(f"(Số liệu đến {write_moment(now)})", align="center", face="italic")
    yield pdf.Heading("I. Tổng số")
    yield pdf.Facts(
        [
            ("Khóa học, lớp, buổi", f"{report.courses} khóa, {len(report.classes)} lớp, {report.sessions} buổi"),
            ("Lượt người dự học", f"{report.came}"),
            ("Số người dự học", f"{report.people}"),
            ("Giấy chứng nhận đã cấp", f"{report.certificates}"),
            ("Đã qua tập huấn, còn hiệu lực", f"{trained(covers)}/{covers.total()} người được phát ngôn"),
        ]
    )
    yield pdf.Heading("II. Các lớp")
    titles = ("Buổi", "Danh sách", "Dự học", "Chứng nhận")
    yield pdf.Table(
        [pdf.Column("Khóa, lớp", 4), pdf.Column("Thời gian, địa điểm", 3)]
        + [pdf.Column(title, 1.1, "center") for title in titles],
        [
            (
                [pdf.Piece(one.course), pdf.Piece(one.name, "italic")],
                ", ".join(filter(None, (days_words(one.first_on, one.last_on), one.place))),
                *map(str, (one.sessions, one.listed, one.came, one.certificates)),
            )
            for one in report.classes
        ],
        size=10,
        empty="Trong năm chưa có lớp nào.",
    )
    yield pdf.Heading("III. Theo đơn vị")
    yield pdf.Table(
        [pdf.Column("Đơn vị", 5), *(pdf.Column(title, 1.2, "center") for title in YEAR_TITLES)],
        [
            (one.agency or "Không ghi đơn vị", *map(str, (one.came, one.people, one.certificates)))
            for one in report.agencies
        ],
        size=10,
        empty="Trong năm chưa có ai dự học.",
    )
    yield from _year_coverage(report)


YEAR_TITLES = ("Lượt người", "Số người", "Giấy chứng nhận")


def _year_coverage(report: YearReport) -> Iterator[pdf.Block]:
    found = report.coverage
    yield pdf.Heading(f"IV. Người được phát ngôn đã qua tập huấn, đến ngày {write_day(found.on)}")
    yield pdf.Table(
        [
            pdf.Column("Tư cách phát ngôn", 3),
            *(pdf.Column(str(words), 1.3, "center") for words in labels.COVER.values()),
        ],
        [
            (str(words), *(str(found.counted(kind)[cover]) for cover in labels.COVER))
            for kind, words in labels.KINDS.items()
        ],
        size=10,
    )
    yield pdf.Heading("Cách tính", 2)
    for words in (CAME, TURNS, str(labels.TRAINED_DEFINITION)):
        yield pdf.Text(words)


def days_words(first: object, last: object) -> str:
    """One day, or from one to another."""
    return write_day(first) if first == last else f"{write_day(first)}–{write_day(last)}"  # type: ignore[arg-type]
