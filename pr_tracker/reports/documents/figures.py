"""The report of a month or quarter as official paper (Báo cáo), and its rows as sheets for Excel and CSV."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency
from pr_tracker.charts import Look
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.inquiries.labels import KIND
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.pdf.fonts import Choice
from pr_tracker.reports import labels_figures as labels
from pr_tracker.reports.documents.pictures import by_unit, over_time
from pr_tracker.reports.rules_figures import BY_GROUND, Every, Measure, PeriodReport, Stretch, due, share
from pr_tracker.sheets import Sheet, write_csv, write_workbook

M = Measure
NOBODY = "Chưa phân công"
COMPARED = (*labels.TIMES[1:], *labels.RESULTS, *labels.OTHERS)


def write_period_report(
    report: PeriodReport,
    out: BinaryIO,
    *,
    keeper: Agency,
    place: str,
    now: datetime,
    typeface: Choice = "host",
    check: pdf.Check | None = None,
) -> None:
    """Write the report of a month or quarter as it stands at `now`, in Vietnamese; the keeper's head signs."""
    with force_locale("vi"):
        blocks = _blocks(report, keeper, place, now)
        pdf.build(pdf.Document(f"Báo cáo: {title_of(report)}", blocks, check=check), out, face=typeface)


def title_of(report: PeriodReport) -> str:
    """What the paper is about, in Vietnamese."""
    about = f"Công tác phát ngôn và cung cấp thông tin cho báo chí {_named(report.stretch)}"
    return f"{about} của {report.agency}" if report.agency else about


def _named(stretch: Stretch) -> str:
    if stretch.every is Every.MONTH:
        return f"tháng {stretch.number} năm {stretch.year}"
    return f"quý {labels.ROMAN[stretch.number - 1]} năm {stretch.year}"


def _blocks(report: PeriodReport, keeper: Agency, place: str, now: datetime) -> Iterator[pdf.Block]:
    yield letterhead(
        keeper,
        place=place,
        day=office_day(now),
        kind="Báo cáo",
        abstract=title_of(report),
        symbol=f"BC-{keeper.code}",
        draft=True,
    )
    days = f"từ ngày {write_day(report.period.since)} đến ngày {write_day(report.period.until)}"
    yield pdf.Text(f"(Số liệu {days}, tính đến {write_moment(now)})", align="center", face="italic")
    yield pdf.Heading("I. Tình hình chung")
    yield pdf.Numbered(list(_sentences(report)))
    yield pdf.Heading("So với kỳ trước", 2)
    yield from _compared(report)
    yield from _over_time(report)
    if report.units and report.agency_id is None:
        yield from _by_unit(report)
    yield from _by_kind(report)
    yield pdf.Heading("Cách tính", 2)
    yield pdf.Text(str(labels.SUMS))
    yield pdf.Facts(list(_definitions()))
    superior = [f"{keeper.superior.name} (để báo cáo)"] if keeper.superior else []
    about = title_of(report)
    yield pdf.Text(f"Trên đây là báo cáo {about[:1].lower()}{about[1:]}./.")
    yield pdf.Closing(signature(keeper), pdf.Recipients(superior))


def _sentences(report: PeriodReport) -> Iterator[str]:
    """What a superior reads first, as sentences."""
    whole = report.whole
    compared = "cùng số ngày đầu của kỳ trước" if report.is_running else "kỳ trước"
    yield (
        f"Tiếp nhận {whole[M.RECEIVED]} đề nghị của báo chí ({compared}: {report.before[M.RECEIVED]}), "
        f"kỳ trước chuyển sang {whole[M.CARRIED]}. Trong số tiếp nhận có {whole[M.FORWARDED]} phản ánh, kiến nghị, "
        "phê bình do báo chí chuyển đến."
    )
    grounds = [
        f"{str(labels.MEASURE[ground])[:1].lower()}{str(labels.MEASURE[ground])[1:]}: {whole[ground]}"
        for ground in BY_GROUND
        if whole[ground]
    ]
    yield (
        f"Đã trả lời {whole[M.ANSWERED]}, đã từ chối có nêu lý do {whole[M.REFUSED]}"
        + (f" ({'; '.join(grounds)})" if grounds else "")
        + f", báo chí đã rút {whole[M.GIVEN_UP]}, chưa xong {whole[M.OPEN]}."
    )
    on_time = f"Đúng hạn {whole[M.ON_TIME]} trên {due(whole)} đề nghị đến hạn ({labels.share_words(whole)})"
    yield (
        f"{on_time if due(whole) else 'Không có đề nghị nào đến hạn'}, "
        f"trễ hạn {whole[M.LATE]}, quá hạn chưa trả lời {whole[M.OVERDUE]}, đang xử lý trong hạn {whole[M.RUNNING]}. "
        + " ".join(labels.beside_rate(report))
    )
    yield (
        f"Đã gửi {whole[M.CORRECTIONS]} văn bản phản hồi, yêu cầu cải chính; tổ chức {whole[M.CONFERENCES]} cuộc họp "
        f"báo; chủ động phát hành {whole[M.RELEASES]} thông cáo, phát ngôn; mở {whole[M.CLASSES]} lớp tập huấn với "
        f"{whole[M.TURNS]} lượt người dự."
    )


def _definitions() -> Iterator[tuple[str, str]]:
    for measure, words in labels.MEASURE_DEFINITION.items():
        yield str(labels.MEASURE[measure]), sentence(str(words))
    yield str(labels.RATE), sentence(str(labels.RATE_DEFINITION))


def _compared(report: PeriodReport) -> Iterator[pdf.Block]:
    compared = report.compared
    days = f"{write_day(compared.since)}–{write_day(compared.until)}"
    if report.is_running:
        yield pdf.Text("Kỳ báo cáo chưa kết thúc: so với số ngày đầu tương ứng của kỳ trước.", face="italic")
    yield pdf.Table(
        [
            pdf.Column("Chỉ tiêu", 4),
            pdf.Column("Kỳ này", 1.4, "center"),
            pdf.Column(f"Kỳ trước ({days})", 2.2, "center"),
            pdf.Column("Tăng, giảm", 1.4, "center"),
        ],
        _compared_rows(report),
    )


def _compared_rows(report: PeriodReport) -> Iterator[tuple[str, ...]]:
    """Figure by figure: its name, this period, the one before, the change; the rate last."""
    whole, before = report.whole, report.before
    for measure in COMPARED:
        change = labels.change_words(whole[measure], before[measure])
        yield str(labels.MEASURE[measure]), str(whole[measure]), str(before[measure]), change
    change = labels.share_change_words(whole, before)
    yield str(labels.RATE), labels.share_words(whole), labels.share_words(before), change


def _over_time(report: PeriodReport) -> Iterator[pdf.Block]:
    yield pdf.Heading("Tỷ lệ đúng hạn qua các kỳ", 2)
    yield pdf.Chart(over_time(report))
    yield _table("Kỳ", labels.TIMES[1:], [(labels.short_stretch(one.stretch), one.counts) for one in report.run])


def _by_unit(report: PeriodReport) -> Iterator[pdf.Block]:
    together = ("Cộng", report.whole)
    units = [*((unit.name or NOBODY, unit.counts) for unit in report.units), together]
    asked = [*((unit.name or NOBODY, unit.counts) for unit in report.units_asked), together]
    yield pdf.Heading("II. Theo đơn vị")
    yield pdf.Heading("Thời hạn trả lời", 2)
    if report.whole[M.RECEIVED]:
        looks = ((Look.SOLID, "Đúng hạn"), (Look.LATE, "Trễ hạn, quá hạn"), (Look.OPEN, "Đang xử lý, đã rút"))
        yield pdf.Chart(by_unit(report), looks)
    yield _table("Đơn vị", labels.TIMES, asked)
    yield pdf.Heading("Kết quả và công việc khác", 2)
    yield _table("Đơn vị", (*labels.RESULTS, *labels.OTHERS), units, rate=False)
    refused = [(name, counts) for name, counts in units if counts[M.REFUSED]]
    if refused:
        yield pdf.Heading("Từ chối theo căn cứ", 2)
        yield _table("Đơn vị", (*labels.grounds_in(report.whole), M.REFUSED), refused, rate=False)


def _by_kind(report: PeriodReport) -> Iterator[pdf.Block]:
    rows = [(str(KIND[kind]), report.kinds[kind.value]) for kind in Kind if kind.value in report.kinds]
    if rows:
        yield pdf.Heading("Theo loại đề nghị", 2)
        yield _table("Loại đề nghị", labels.TIMES[1:], [*rows, ("Cộng", report.whole)])


def _table(
    first: str, measures: Sequence[Measure], rows: Sequence[tuple[str, Mapping[Measure, int]]], *, rate: bool = True
) -> pdf.Table:
    columns = [pdf.Column(first, 3), *(pdf.Column(str(labels.MEASURE[each]), 1.3, "center") for each in measures)]
    lines = [(name, *(str(counts.get(each, 0)) for each in measures)) for name, counts in rows]
    if rate:
        columns.append(pdf.Column(str(labels.RATE), 1.3, "center", fits="100,0%"))
        lines = [(*line, labels.share_words(counts)) for line, (_name, counts) in zip(lines, rows, strict=True)]
    return pdf.Table(columns, lines, size=9)


# --- Excel and CSV ------------------------------------------------------------------------------------------


def write_period_workbook(report: PeriodReport, out: BinaryIO, now: datetime) -> None:
    """All tables of the report, a sheet each, in Vietnamese."""
    write_workbook(period_sheets(report, now), out)


def write_period_csv(report: PeriodReport, out: BinaryIO, now: datetime) -> None:
    """The table of units."""
    write_csv(period_sheets(report, now)[0], out)


def period_sheets(report: PeriodReport, now: datetime) -> list[Sheet]:
    """Units first, then kinds, the comparison, the run over time; the definitions stand under the first."""
    with force_locale("vi"):
        about = f"{title_of(report)}, số liệu đến {write_moment(now)}"
        return [_units(report, about), _kinds(report, about), _comparison(report, about), _run(report, about)]


def _units(report: PeriodReport, about: str) -> Sheet:
    measures = list(dict.fromkeys([*labels.TIMES, *labels.result_columns(report.whole)]))
    measures += [M.PAUSED, M.STOPPED, M.EXTENDED]
    rows = [_line(unit.name or NOBODY, unit.counts, measures) for unit in report.units]
    notes = [str(labels.SUMS), *(f"{name}: {words}" for name, words in _definitions())]
    return Sheet("Theo đơn vị", about, _head("Đơn vị", measures), [*rows, _together(report, measures)], notes)


def _kinds(report: PeriodReport, about: str) -> Sheet:
    measures = labels.TIMES[1:]
    rows = [_line(str(KIND[kind]), report.kinds[kind.value], measures) for kind in Kind if kind.value in report.kinds]
    return Sheet("Theo loại", about, _head("Loại đề nghị", measures), [*rows, _together(report, measures)])


def _comparison(report: PeriodReport, about: str) -> Sheet:
    compared = report.compared
    before = f"Kỳ trước ({write_day(compared.since)}–{write_day(compared.until)})"
    mine, theirs = report.whole, report.before
    rows: list[list[Any]] = [
        [str(labels.MEASURE[each]), mine[each], theirs[each], mine[each] - theirs[each]] for each in COMPARED
    ]
    rates = share(mine), share(theirs)
    change = round(rates[0] - rates[1], 1) if rates[0] is not None and rates[1] is not None else None
    rows.append([f"{labels.RATE} (%)", *rates, change])
    return Sheet("So với kỳ trước", about, ["Chỉ tiêu", "Kỳ này", before, "Tăng, giảm"], rows)


def _run(report: PeriodReport, about: str) -> Sheet:
    measures = labels.TIMES[1:]
    rows = [_line(labels.short_stretch(one.stretch), one.counts, measures) for one in report.run]
    return Sheet("Qua các kỳ", about, _head("Kỳ", measures), rows)


def _head(first: str, measures: Sequence[Measure]) -> list[str]:
    return [first, *(str(labels.MEASURE[each]) for each in measures), f"{labels.RATE} (%)"]


def _line(name: str, counts: Mapping[Measure, int], measures: Sequence[Measure]) -> list[Any]:
    return [name, *(counts.get(each, 0) for each in measures), share(counts)]


def _together(report: PeriodReport, measures: Sequence[Measure]) -> list[Any]:
    return _line("Cộng", report.whole, measures)
