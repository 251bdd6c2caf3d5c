"""The weekly list of late units as official paper, and its rows as sheets for Excel and CSV."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.office_time import office_day, write_moment
from pr_tracker.pdf.fonts import Choice
from pr_tracker.reports import labels_late as labels
from pr_tracker.reports.rules_late import LateKind, LateList, LateUnit
from pr_tracker.sheets import Sheet

NOBODY = "Chưa phân công"


def write_late_list(
    found: LateList,
    out: BinaryIO,
    *,
    keeper: Agency,
    place: str,
    now: datetime,
    typeface: Choice = "host",
    check: pdf.Check | None = None,
) -> None:
    """Write the list of a week, in Vietnamese; the keeper's head signs."""
    with force_locale("vi"):
        blocks = _blocks(found, keeper, place, now)
        pdf.build(pdf.Document(title_of(found), blocks, check=check), out, face=typeface)


def title_of(found: LateList) -> str:
    """What the paper is, in Vietnamese."""
    days = f"từ {write_moment(found.week.since_at)} đến {write_moment(found.week.until_at)}"
    about = f"Đơn vị chậm trả lời, cung cấp thông tin cho báo chí, tuần {days}"
    return f"{about}: {found.agency}" if found.agency else about


def _blocks(found: LateList, keeper: Agency, place: str, now: datetime) -> Iterator[pdf.Block]:
    yield letterhead(
        keeper,
        place=place,
        day=office_day(now),
        kind="Danh sách",
        abstract=title_of(found),
        symbol=keeper.code,
        draft=True,
    )
    yield pdf.Text(f"(Tính đến {write_moment(found.as_of)})", align="center", face="italic")
    if found.units:
        yield pdf.Text(
            f"Có {len(found.units)} đơn vị chậm: {found.count(LateKind.OVERDUE)} đề nghị quá hạn chưa trả lời, "
            f"{found.count(LateKind.LATE)} đề nghị xong trễ hạn trong tuần, {found.count(LateKind.PART)} phần phối hợp "
            "quá hạn chưa gửi."
        )
        yield _summary(found)
        for unit in found.units:
            yield pdf.Heading(f"{unit.name or NOBODY} ({len(unit.items)})", 2)
            yield _items(unit)
    else:
        yield pdf.Text("Trong tuần không có đơn vị nào chậm.")
    yield pdf.Heading("Cách tính", 2)
    yield pdf.Text(str(labels.UNIT_DEFINITION))
    yield pdf.Facts([(str(labels.KIND[kind]), sentence(str(words))) for kind, words in labels.KIND_DEFINITION.items()])
    # a last sentence, so that the signature never stands alone
    yield pdf.Text(f"Danh sách có {found.total} việc chậm của {len(found.units)} đơn vị.")
    superior = [f"{keeper.superior.name} (để báo cáo)"] if keeper.superior else []
    yield pdf.Closing(signature(keeper), pdf.Recipients([*superior, "Các đơn vị có tên trong danh sách"]))


def _summary(found: LateList) -> pdf.Table:
    columns = [pdf.Column("STT", 1, "center", fits="1000"), pdf.Column("Đơn vị", 5)]
    columns += [pdf.Column(str(words), 2, "center") for words in labels.KIND.values()]
    rows = [
        (str(at), unit.name or NOBODY, *(str(unit.count(kind)) for kind in LateKind))
        for at, unit in enumerate(found.units, 1)
    ]
    together = ("", "Cộng", *(str(found.count(kind)) for kind in LateKind))
    return pdf.Table(columns, [*rows, together])


def _items(unit: LateUnit) -> pdf.Table:
    columns = [
        pdf.Column("STT", 1, "center", fits="1000"),
        pdf.Column("Số", 2.6, fits="ĐN-2026-0001"),
        pdf.Column("Nội dung, cơ quan báo chí", 7),
        pdf.Column("Hạn", 2.4, fits="31/12/2026"),
        pdf.Column("Chậm", 3.4),
        pdf.Column("Tình trạng", 2.8),
    ]
    rows = [
        (
            str(at),
            item.code,
            [pdf.Piece(item.subject), pdf.Piece(item.outlet, "italic")],
            labels.due_words(item),
            labels.late_words(item),
            str(labels.KIND[item.kind]),
        )
        for at, item in enumerate(unit.items, 1)
    ]
    return pdf.Table(columns, rows, size=10)


def late_sheets(found: LateList) -> list[Sheet]:
    """Everything that is late on a line, then the units, in Vietnamese."""
    with force_locale("vi"):
        about = f"{title_of(found)}, tính đến {write_moment(found.as_of)}"
        notes = [str(labels.UNIT_DEFINITION)]
        notes += [f"{labels.KIND[kind]}: {words}" for kind, words in labels.KIND_DEFINITION.items()]
        head = ["Đơn vị", "Số", "Nội dung", "Cơ quan báo chí", "Đơn vị chủ trì", "Hạn", "Chậm", "Tình trạng"]
        rows = [
            [
                unit.name or NOBODY,
                item.code,
                item.subject,
                item.outlet,
                item.lead or NOBODY,
                item.due,
                labels.late_words(item),
                str(labels.KIND[item.kind]),
            ]
            for unit in found.units
            for item in unit.items
        ]
        units = [[unit.name or NOBODY, *(unit.count(kind) for kind in LateKind)] for unit in found.units]
        units.append(["Cộng", *(found.count(kind) for kind in LateKind)])
        return [
            Sheet("Việc chậm", about, head, rows, notes),
            Sheet("Theo đơn vị", about, ["Đơn vị", *(str(words) for words in labels.KIND.values())], units),
        ]
