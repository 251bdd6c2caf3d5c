"""The province's list of spokespersons on paper (Decree 30/2020/NĐ-CP, annex I) and as a table for machines."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any, BinaryIO

from flask_babel import force_locale
from flask_babel import gettext as _

from pr_tracker import pdf, sheets
from pr_tracker.accounts.documents import letterhead
from pr_tracker.accounts.models import Agency
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.pdf.fonts import Choice
from pr_tracker.spokespersons import labels
from pr_tracker.spokespersons.queries import Entry
from pr_tracker.spokespersons.rules import Speaker

_COLUMNS = (
    pdf.Column("STT", 3, "center", fits="100"),
    pdf.Column("Cơ quan", 16),
    pdf.Column("Người đứng đầu", 15),
    pdf.Column("Người phát ngôn, chức vụ", 17),
    pdf.Column("Điện thoại", 9, fits="0000 000 000"),
    pdf.Column("Thư điện tử công vụ", 18, fits="phatngon.sgddt@angiang.gov.vn"),
    pdf.Column("Quyết định, văn bản", 11, fits="4120/QĐ-VPUBND"),
)
LIST_TITLE = "Danh sách người phát ngôn"


def write_list(
    entries: Sequence[Entry],
    changed_at: datetime | None,
    out: BinaryIO,
    *,
    keeper: Agency,
    place: str,
    now: datetime,
    province: str,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write the province's list as it stands at `now`, in Vietnamese, under the letterhead of UBND tỉnh (`keeper`).

    A list has no number of its own, and this one is printed from the register: it says so instead of a signature.
    """
    with force_locale("vi"):
        blocks = _blocks(entries, changed_at, keeper, place, now, province)
        pdf.build(pdf.Document(LIST_TITLE, blocks, landscape=True, check=check), out, face=typeface)


def _blocks(
    entries: Sequence[Entry], changed_at: datetime | None, keeper: Agency, place: str, now: datetime, province: str
) -> Iterator[pdf.Block]:
    yield letterhead(
        keeper,
        place=place,
        day=office_day(now),
        kind="Danh sách",
        abstract=f"Người phát ngôn và cung cấp thông tin cho báo chí của các cơ quan hành chính nhà nước {province}",
        draft=False,
    )
    changed = f", thay đổi lần cuối lúc {write_moment(changed_at)}" if changed_at else ""
    yield pdf.Text(f"(Số liệu đến {write_moment(now)}{changed})", align="center", face="italic")
    number = 0
    for group, rows in groupby(entries, key=lambda entry: labels.group_of(entry.agency.kind)):
        listed = list(rows)
        yield pdf.Heading(str(labels.GROUPS[group]))
        numbered = enumerate(listed, number + 1)
        yield pdf.Table(_COLUMNS, (row for at, entry in numbered for row in _rows(at, entry)), size=11)
        number += len(listed)
    yield pdf.Text(_closing_words(entries))


def _rows(number: int, entry: Entry) -> Iterator[tuple[pdf.Cell, ...]]:
    """A row for each who speaks; the agency and its head stand in the first."""
    agency = entry.agency
    head = [pdf.Piece(agency.head, "bold"), pdf.Piece(agency.head_title or "")] if agency.head else "Chưa ghi"
    first: tuple[pdf.Cell, ...] = (str(number), agency.name, head)
    if not entry.speakers:
        yield (*first, "Chưa giao, người đứng đầu phát ngôn", "", "", "")
    for one in entry.speakers:
        who = [pdf.Piece(one.full_name, "bold"), pdf.Piece(labels.role_words(one))]
        yield (*first, who, one.phone, one.email, [pdf.Piece(one.number), pdf.Piece(write_day(one.day))])
        first = ("", "", "")


def _closing_words(entries: Sequence[Entry]) -> str:
    speakers = [one for entry in entries for one in entry.speakers]
    permanent = sum(one.matter is None for one in speakers)
    authorised = len(speakers) - permanent
    more = f", {authorised} người được ủy quyền phát ngôn về vụ việc cụ thể" if authorised else ""
    return (
        f"Danh sách có {len(entries)} cơ quan, {permanent} người phát ngôn thường xuyên{more}. Người đứng đầu cơ quan "
        "luôn có quyền phát ngôn (Điều 3 Nghị định số 244/2026/NĐ-CP). Bản in từ sổ theo dõi người phát ngôn của "
        "Ủy ban nhân dân tỉnh."
    )


def write_csv(entries: Sequence[Entry], changed_at: datetime | None) -> bytes:
    """The list as CSV, a row for each spokesperson; nothing in it runs as a formula."""
    out = BytesIO()
    sheets.write_csv(list_sheet(entries, changed_at), out)
    return out.getvalue()


def write_workbook(entries: Sequence[Entry], changed_at: datetime | None) -> bytes:
    """The same for Excel."""
    out = BytesIO()
    sheets.write_workbook([list_sheet(entries, changed_at)], out)
    return out.getvalue()


def list_sheet(entries: Sequence[Entry], changed_at: datetime | None) -> sheets.Sheet:
    """The rows of both."""
    rows = []
    for entry in entries:
        agency, group = entry.agency, labels.GROUPS[labels.group_of(entry.agency.kind)]
        first = (group, agency.name, agency.head or "", agency.head_title or "")
        for one in entry.speakers or (None,):
            own = _speaker_cells(one) if one else [""] * 9
            rows.append([*first, *own, changed_at])
    return sheets.Sheet(_("List"), _("Who speaks for the agencies of the province"), _heads(), rows)


def _speaker_cells(one: Speaker) -> list[Any]:
    paper = (one.number, one.day, one.matter or "", one.until_at)
    return [labels.kind_words(one), one.full_name, one.title, one.phone, one.email, *paper]


def _heads() -> list[str]:
    return [
        _("Group"),
        _("Agency"),
        _("Head of agency"),
        _("Position of the head"),
        _("May speak as"),
        _("Full name"),
        _("Position"),
        _("Work phone"),
        _("Official e-mail"),
        _("Number of the paper"),
        _("Day of the paper"),
        _("Matter"),
        _("Until"),
        _("List last changed"),
    ]
