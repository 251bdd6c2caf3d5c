"""Refusals and letters about wrong articles of a period: the official list, and the same rows for a spreadsheet."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries import labels_articles as letter_words
from pr_tracker.inquiries.queries.refusals import Wanted
from pr_tracker.inquiries.rules_articles import state_of
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.pdf.fonts import Choice
from pr_tracker.reports.labels import FORM_IN_SHORT
from pr_tracker.reports.queries.register import agency_name
from pr_tracker.reports.rules import Period
from pr_tracker.sheets import Sheet

_MOMENT = "16:30 31/12/2026"
REFUSALS = (
    pdf.Column("STT", 2.4, "center", fits="10000"),
    pdf.Column("Số", 5, fits="ĐN-2026-0001"),
    pdf.Column("Nội dung", 12),
    pdf.Column("Cơ quan báo chí", 7),
    pdf.Column("Đơn vị chủ trì", 7),
    pdf.Column("Căn cứ từ chối", 16),
    pdf.Column("Lý do đã nêu với báo chí", 16),
    pdf.Column("Trả lời lúc", 5, fits=_MOMENT),
    pdf.Column("Hình thức", 7),
)
CORRECTIONS = (
    pdf.Column("STT", 2.4, "center", fits="10000"),
    pdf.Column("Số", 5, fits="ĐN-2026-0001"),
    pdf.Column("Vụ việc", 12),
    pdf.Column("Đơn vị", 8),
    pdf.Column("Cơ quan báo chí", 8),
    pdf.Column("Tin, bài", 11),
    pdf.Column("Văn bản", 8),
    pdf.Column("Lần", 2.4, "center"),
    pdf.Column("Số, ngày văn bản", 7),
    pdf.Column("Gửi lúc", 5, fits=_MOMENT),
    pdf.Column("Hạn", 5, fits=_MOMENT),
    pdf.Column("Kết quả", 7),
    pdf.Column("Đăng, phát lúc", 5, fits=_MOMENT),
)


@dataclass(frozen=True)
class Listed:
    """A list of a period: what it is of, its columns, its rows as plain values, the sentence under it."""

    name: str
    abstract: str
    columns: Sequence[pdf.Column]
    rows: Sequence[Sequence[Any]]
    closing: str
    scope: Sequence[str] = ()  # what it is narrowed to

    @property
    def title(self) -> str:
        """What the paper is called."""
        return f"Danh sách {self.abstract[:1].lower()}{self.abstract[1:]}"


def refusals(rows: Sequence[sa.Row], period: Period, wanted: Wanted) -> Listed:
    """Rows of queries.refusals.table."""
    with force_locale("vi"):
        grounds = Counter(row.refusal_ground for row in rows)
        words = inquiry_words.GROUND
        parts = [f"{words[ground]}: {count}" for ground, count in sorted(grounds.items())]
        closing = f"Danh sách có {len(rows)} trường hợp từ chối{': ' if parts else ''}{'; '.join(parts)}."
        abstract = f"Đề nghị của báo chí bị từ chối cung cấp thông tin {_days(period)}"
        cells = [[*_refusal(at, row)] for at, row in enumerate(rows, 1)]
        scope = [*_of_agency(wanted.agency_id)]
        scope += [f"căn cứ từ chối: {inquiry_words.GROUND[wanted.ground]}"] if wanted.ground else []
        return Listed("Từ chối cung cấp thông tin", abstract, REFUSALS, cells, closing, scope)


def _of_agency(agency_id: int | None) -> Iterator[str]:
    if agency_id is not None:
        yield f"đơn vị chủ trì: {agency_name(agency_id)}"


def _refusal(at: int, row: sa.Row) -> Iterator[Any]:
    ground = row.refusal_ground
    yield from (at, write_number(row.year, row.number), row.subject, row.outlet, row.agency)
    yield f"{inquiry_words.GROUND[ground]} ({inquiry_words.GROUND_ARTICLE[ground]})"
    yield from (row.refusal_reason, row.finished_at)
    yield sentence(str(FORM_IN_SHORT[row.answer_form])) if row.answer_form else ""


def corrections(rows: Sequence[sa.Row], period: Period, now: datetime, agency_id: int | None) -> Listed:
    """Rows of queries.articles.letters_about_wrong_words."""
    with force_locale("vi"):
        cases = len({row.inquiry_id for row in rows})
        closing = f"Danh sách có {len(rows)} văn bản về {cases} vụ việc."
        abstract = f"Văn bản phản hồi, yêu cầu cải chính, xin lỗi gửi cơ quan báo chí {_days(period)}"
        cells = [[*_letter(at, row, now)] for at, row in enumerate(rows, 1)]
        return Listed("Phản hồi, cải chính", abstract, CORRECTIONS, cells, closing, [*_of_agency(agency_id)])


def _letter(at: int, row: sa.Row, now: datetime) -> Iterator[Any]:
    yield from (at, write_number(row.year, row.inquiry_number), row.about, row.agency, row.outlet, row.article or "")
    dated = write_day(row.dated_on) if row.dated_on else ""
    yield from (str(letter_words.LETTER_KIND[row.kind]), row.round, ", ".join(filter(None, (row.number, dated))))
    yield from (row.sent_at, row.due_on or row.due_at)
    yield from (sentence(str(letter_words.LETTER_STATE[state_of(row, now)])), row.published_at)


def _days(period: Period) -> str:
    return f"từ ngày {write_day(period.since)} đến ngày {write_day(period.until)}"


def sheet_of(listed: Listed, now: datetime) -> Sheet:
    """The same rows for Excel and CSV: days are days, moments are moments."""
    about = "; ".join([listed.abstract, *listed.scope, f"số liệu đến {write_moment(now)}"])
    return Sheet(listed.name, about, [column.title for column in listed.columns], listed.rows, [listed.closing])


def write_list(
    listed: Listed,
    out: BinaryIO,
    check: pdf.Check | None = None,
    *,
    keeper: Agency,
    place: str,
    now: datetime,
    typeface: Choice = "host",
) -> None:
    """Write the list as an official paper, in Vietnamese; the keeper's head signs it."""
    with force_locale("vi"):
        blocks = _blocks(listed, keeper, place, now)
        pdf.build(pdf.Document(listed.title, blocks, landscape=True, check=check), out, face=typeface)


def _blocks(listed: Listed, keeper: Agency, place: str, now: datetime) -> Iterator[pdf.Block]:
    yield letterhead(
        keeper,
        place=place,
        day=office_day(now),
        kind="Danh sách",
        abstract=listed.abstract,
        symbol=keeper.code,
        draft=True,
    )
    scope = "; ".join([*listed.scope, f"số liệu đến {write_moment(now)}"])
    yield pdf.Text(f"({scope[:1].upper()}{scope[1:]})", align="center", face="italic")
    rows = ([_cell(value) for value in row] for row in listed.rows)
    yield pdf.Table(listed.columns, rows, size=9, empty="Trong kỳ không có trường hợp nào.")
    yield pdf.Text(listed.closing)
    superior = [f"{keeper.superior.name} (để báo cáo)"] if keeper.superior else []
    yield pdf.Closing(signature(keeper), pdf.Recipients(superior))


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, date):
        return write_day(value)
    return "" if value is None else str(value)
