"""The register of a period (sổ theo dõi) as PDF: every inquiry on a line, then the figures under their definition."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries.labels_parts import blame_words
from pr_tracker.inquiries.labels_timing import RESULT
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.lists import name_of
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_timing import Timing
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.outlets.models import Journalist
from pr_tracker.pdf.fonts import Choice
from pr_tracker.reports import labels
from pr_tracker.reports.queries.register import agency_name, figures_of, outlet_name
from pr_tracker.reports.rules import Blame, Figures
from pr_tracker.sheets import Sheet

COLUMNS = (
    pdf.Column("STT", 3, "center", fits="10000"),
    pdf.Column("Số", 6, fits="ĐN-2026-0001"),
    pdf.Column("Ngày nhận", 6, fits="31/12/2026"),
    pdf.Column("Cơ quan báo chí, nhà báo", 11),
    pdf.Column("Nội dung", 21),
    pdf.Column("Loại", 8),
    pdf.Column("Hạn trả lời", 6, fits="31/12/2026"),
    pdf.Column("Đơn vị chủ trì", 9),
    pdf.Column("Tình trạng", 7),
    pdf.Column("Ngày trả lời", 6, fits="31/12/2026"),
    pdf.Column("Hình thức", 8),
    pdf.Column("Kết quả thời hạn", 8),
    pdf.Column("Căn cứ từ chối", 7),
)
# What a register is narrowed to, beside what has a name.
_ONLY = (
    ("late", "chỉ đề nghị trễ hạn, quá hạn"),
    ("only_open", "chỉ đề nghị chưa xong"),
    ("my_turn", "chỉ đề nghị đến lượt người lập sổ"),
    ("paused", "chỉ đề nghị đang tạm dừng thời hạn"),
    ("stopped", "chỉ đề nghị đã tạm dừng thời hạn"),
    ("extended", "chỉ đề nghị được gia hạn"),
    ("unassigned", "chỉ đề nghị chưa phân công"),
)
# Of the totals; the refusals name their grounds, the rate its two numbers.
_TOTAL_WEIGHTS = (1, 1, 2.4, 1, 1, 1.3, 1.3, 1.3, 1.7)


def write_register(
    rows: Sequence[sa.Row],
    blamed: Blame,
    filters: Filters,
    out: BinaryIO,
    *,
    keeper: Agency,
    place: str,
    now: datetime,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write the register of these rows as it stands at `now`, in Vietnamese; `place` begins its date line.

    The keeper's head signs it and the superior receives it, so it needs an official number: that is left open for the
    document office, and the paper says DỰ THẢO.
    """
    with force_locale("vi"):
        blocks = _blocks(rows, blamed, filters, keeper, place, now)
        pdf.build(pdf.Document(register_title(filters), blocks, landscape=True, check=check), out, face=typeface)


def register_title(filters: Filters) -> str:
    """What the register of these filters is called."""
    return f"Sổ theo dõi {_abstract(filters)}"


def _blocks(
    rows: Sequence[sa.Row], blamed: Blame, filters: Filters, keeper: Agency, place: str, now: datetime
) -> Iterator[pdf.Block]:
    calendar = deadlines.working_calendar()
    yield letterhead(
        keeper,
        place=place,
        day=office_day(now),
        kind="Sổ theo dõi",
        abstract=_abstract(filters)[:1].upper() + _abstract(filters)[1:],
        symbol=keeper.code,
        draft=True,
    )
    scope = "; ".join([*_scope(filters), f"số liệu đến {write_moment(now)}"])
    yield pdf.Text(f"({scope[:1].upper()}{scope[1:]})", align="center", face="italic")
    yield pdf.Table(
        COLUMNS,
        (_row(number, row, now, calendar, blamed) for number, row in enumerate(rows, 1)),
        size=9,
        empty="Không có đề nghị nào trong kỳ.",
    )
    yield pdf.Heading("Tổng hợp")
    figures = figures_of(rows)
    yield _totals(figures)
    yield pdf.Text(" ".join(labels.adjusted_words(figures)))
    yield pdf.Heading("Trễ hạn do đơn vị nào", 2)
    yield pdf.Text(" ".join(labels.blame_figures(blamed)))
    if blamed.by_agency:
        yield _by_agency(blamed)
    yield pdf.Heading("Cách tính", 2)
    yield pdf.Facts([*_definitions()])
    yield pdf.Text(f"Sổ này có {len(rows)} đề nghị.")  # a last sentence, so that the signature never stands alone
    superior = [f"{keeper.superior.name} (để báo cáo)"] if keeper.superior else []
    yield pdf.Closing(signature(keeper), pdf.Recipients(superior))


def _abstract(filters: Filters) -> str:
    assert filters.since is not None and filters.until is not None  # noqa: PT018 - a register has a period
    return f"đề nghị của báo chí từ ngày {write_day(filters.since)} đến ngày {write_day(filters.until)}"


def _scope(filters: Filters) -> Iterator[str]:
    """What the register was narrowed to."""
    words, narrow = inquiry_words, filters
    named = {
        "tìm theo": narrow.text,
        "đơn vị chủ trì": narrow.agency_id and agency_name(narrow.agency_id),
        "cơ quan báo chí": narrow.outlet_id and outlet_name(narrow.outlet_id),
        "tên cơ quan báo chí có": narrow.outlet_name,
        "cán bộ xử lý hoặc người chịu trách nhiệm": narrow.person_id and name_of(Person, narrow.person_id),
        "tên cán bộ xử lý hoặc người chịu trách nhiệm có": narrow.person_name,
        "nhà báo": narrow.journalist_id and name_of(Journalist, narrow.journalist_id),
        "tình trạng": narrow.status and words.STATUS[narrow.status],
        "loại": narrow.kind and words.KIND[narrow.kind],
        "thời hạn": narrow.timing and labels.TIMING[narrow.timing],
        "kết quả": narrow.result and RESULT[narrow.result],
        "căn cứ từ chối": narrow.ground and labels.GROUND_IN_SHORT[narrow.ground],
        "chưa xong khi bắt đầu ngày": narrow.carried and write_day(narrow.carried),
    }
    yield from (f"{name}: {value}" for name, value in named.items() if value)
    yield from (words for is_narrowed, words in _ONLY if getattr(filters, is_narrowed))


def _row(number: int, row: sa.Row, now: datetime, calendar: WorkingCalendar, blamed: Blame) -> tuple[pdf.Cell, ...]:
    refused = row.refusal_ground is not None
    finished = row.released_at or (row.finished_at if refused else None)
    return (
        str(number),
        write_number(row.year, row.number),
        write_moment(row.received_at),
        [pdf.Piece(row.outlet), *([pdf.Piece(row.journalist_names, "italic")] if row.journalist_names else [])],
        row.subject,
        str(inquiry_words.KIND[row.kind]),
        write_day(row.due_on) if row.due_on else write_moment(row.due_at),
        row.lead or "Chưa phân công",
        str(inquiry_words.STATUS[row.status]),
        write_moment(finished) if finished else "",
        sentence(str(labels.FORM_IN_SHORT[row.answer_form])) if row.answer_form else "",
        _timing_cell(row, now, calendar, blamed),
        str(labels.GROUND_IN_SHORT[row.refusal_ground]) if refused else "",
    )


def register_sheet(rows: Sequence[sa.Row], blamed: Blame, filters: Filters, now: datetime) -> Sheet:
    """The register for Excel and CSV: the paper's rows, days as days and moments as moments."""
    with force_locale("vi"):
        calendar = deadlines.working_calendar()
        listed = [[*_values(number, row, now, calendar, blamed)] for number, row in enumerate(rows, 1)]
        about = "; ".join([register_title(filters), *_scope(filters), f"số liệu đến {write_moment(now)}"])
        notes = [f"{term}: {words}" for term, words in _definitions()]
        return Sheet("Sổ theo dõi", about, [column.title for column in COLUMNS], listed, notes)


def _values(number: int, row: sa.Row, now: datetime, calendar: WorkingCalendar, blamed: Blame) -> Iterator[Any]:
    """The cells of the paper's row, in lines where they have pieces; what is a time stays one."""
    refused = row.refusal_ground is not None
    times = {2: row.received_at, 6: row.due_on or row.due_at}
    times[9] = row.released_at or (row.finished_at if refused else None)
    for at, cell in enumerate(_row(number, row, now, calendar, blamed)):
        if at == 0:
            yield number
        elif at in times:
            yield times[at]
        else:
            yield cell if isinstance(cell, str) else "\n".join(piece.text for piece in cell)


def _timing_cell(row: sa.Row, now: datetime, calendar: WorkingCalendar, blamed: Blame) -> pdf.Cell:
    """What became of the deadline, because of whom, and what was done to its clock."""
    done = [
        words.format(days)
        for words, days in (("Đã dừng {} ngày", row.stopped_days), ("Đã gia hạn {} ngày", row.extended_days))
        if days
    ]
    because = blame_words(blamed.by_case.get(row.id), is_over=row.finished_at is not None)
    done = [because, *done] if because else done
    return [pdf.Piece(timing_words(row, now, calendar)), *(pdf.Piece(words, "italic") for words in done)]


def timing_words(row: sa.Row, now: datetime, calendar: WorkingCalendar) -> str:
    """What became of the deadline; for a late or overdue one also by how much."""
    if row.timing not in (Timing.LATE, Timing.OVERDUE):
        return str(labels.TIMING[Timing(row.timing)])
    return deadline_words.face_words(inquiry_words.face_of(row, now, calendar))


def _definitions() -> Iterator[tuple[str, str]]:
    for timing, definition in labels.DEFINITION.items():
        yield str(labels.TIMING[timing]), sentence(str(definition))
    yield str(labels.RATE), sentence(str(labels.RATE_DEFINITION))
    yield "Trễ hạn do đơn vị nào", sentence(str(labels.LATENESS_DEFINITION))


def _by_agency(blamed: Blame) -> pdf.Table:
    """Of each agency: what it led, late by whose doing; what it was asked for; the sums are whole."""
    titles = ("Đơn vị", *(str(title) for title in labels.LATENESS_COLUMNS.values()))
    rows = [
        (each.agency or "Chưa phân công", *(str(getattr(each, name)) for name in labels.LATENESS_COLUMNS))
        for each in blamed.by_agency
    ]
    sums = [sum(getattr(each, name) for each in blamed.by_agency) for name in labels.LATENESS_COLUMNS]
    return pdf.Table(
        [pdf.Column(title, 3 if at == 0 else 1.4, "left" if at == 0 else "center") for at, title in enumerate(titles)],
        [*rows, ("Cộng", *map(str, sums))],
        size=9,
    )


def _totals(figures: Figures) -> pdf.Table:
    grounds = [f"{labels.GROUND_IN_SHORT[ground]}: {count}" for ground, count in sorted(figures.by_ground.items())]
    refused = [pdf.Piece(str(figures.refused)), *(pdf.Piece(words) for words in grounds)]
    titles = ("Cộng", "Đã trả lời", "Đã từ chối", *(str(words) for words in labels.TIMING.values()), str(labels.RATE))
    timed = [str(figures.by_timing[timing]) for timing in labels.TIMING]
    return pdf.Table(
        [pdf.Column(title, weight, "center") for title, weight in zip(titles, _TOTAL_WEIGHTS, strict=True)],
        [(str(figures.total), str(figures.answered), refused, *timed, labels.rate_words(figures))],
    )
