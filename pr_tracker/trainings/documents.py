"""The attendance sheet on paper: who should be there, a place to sign, and the marks when the roll was called."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from pr_tracker.office_time import office_day, write_day, write_time
from pr_tracker.pdf import Closing, Column, Document, Letterhead, Signature, Table, Text, build
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.queries.plan import number_of
from pr_tracker.trainings.queries.roll import roll_of
from pr_tracker.trainings.rules_roll import Mark, row_code

_LATER = 5  # empty rows for those who come without being on the list
# Official papers are in Vietnamese whatever language the screen has.
_MARKS = {
    Mark.PRESENT: "Có mặt",
    Mark.LATE: "Đi muộn",
    Mark.LEFT_EARLY: "Về sớm",
    Mark.EXCUSED: "Vắng có phép",
    Mark.ABSENT: "Vắng",
}
_LETTERS = (
    "Cột Ghi chú, khi không có mặt đầy đủ: m đi muộn, s về sớm, p vắng có phép, v vắng. "
    "Các dòng trống cuối dành cho người đến ngoài danh sách."
)
_SIGN = "(Ký, ghi rõ họ tên)"
_SIGN_MM, _READ_MM = 9.0, 7.0


def write_sheet(
    session: ClassSession, out: BinaryIO, *, place: str, filled: bool, venue: tuple[int, str] | None = None
) -> None:
    """Write the sheet of a session as PDF: empty for signing, or with the marks, lying to have room for them.

    With a remote venue (id, name) only those who sit there.
    """
    course = session.training_class.course
    roll = [row for row in roll_of(session) if venue is None or row.venue_id == venue[0]]
    title = f"Danh sách điểm danh: {course.title}, {session.training_class.name}"
    superior = course.agency.superior
    head = Letterhead(
        superior=superior.name if superior else "",
        issuer=course.agency.name,
        symbol="",
        place=place,
        day=office_day(session.starts_at),
        kind="Danh sách điểm danh",
        abstract=f"{course.title}, {session.training_class.name}",
        draft=False,
    )
    blocks: list[Any] = [
        head,
        *(Text(line, "left") for line in _facts(session)),
        *([Text(f"Điểm cầu: {venue[1]}", "left")] if venue else []),
        *([] if filled else [Text(_LETTERS, "left")]),
        Table(
            _columns(filled),
            _rows(roll, filled),
            row_height=_READ_MM if filled else _SIGN_MM,
            empty="Chưa có học viên trong danh sách",
        ),
        Text(_total(roll, filled), "left"),
        _closing(),
    ]
    build(Document(title, blocks, landscape=filled), out)


def _facts(session: ClassSession) -> Iterator[str]:
    number = number_of(session)
    day, times = (
        write_day(office_day(session.starts_at)),
        f"{write_time(session.starts_at)}–{write_time(session.ends_at)}",
    )
    yield f"Buổi {number}: {session.topic}"
    yield f"Thời gian: {times} ngày {day}"
    for label, value in (("Địa điểm", session.place), ("Báo cáo viên", session.lecturer)):
        if value:
            yield f"{label}: {value}"


def _columns(filled: bool) -> list[Column]:
    return [
        Column("STT", 0.5, "center", fits="999"),
        Column("Mã", 0.6, "center", fits="A01"),
        Column("Họ và tên", 2.1),
        Column("Chức vụ", 1.6),
        Column("Đơn vị", 2.9),
        *([Column("Điểm danh", 1.2, fits="Vắng có phép")] if filled else []),
        Column("Ký tên", 1.4),
        Column("Ghi chú", 1.0),
    ]


def _rows(roll: Sequence[Any], filled: bool) -> Iterator[tuple[str, ...]]:
    for place, row in enumerate(roll, 1):
        who = (str(place), row_code(row.number), row.full_name, row.title, row.agency_name)
        yield (*who, _MARKS.get(row.mark, "Chưa ghi"), "", row.remark or "") if filled else (*who, "", "")
    if roll and not filled:
        yield from (("",) * 7 for _ in range(_LATER))


def _total(roll: Sequence[Any], filled: bool) -> str:
    if not filled:
        return f"Danh sách có {len(roll)} người. Số người ký: ……"
    numbers = [f"{words.lower()} {sum(row.mark is mark for row in roll)}" for mark, words in _MARKS.items()]
    unmarked = sum(row.mark is None for row in roll)
    return f"Danh sách có {len(roll)} người: {', '.join(numbers)}" + (f", chưa ghi {unmarked}." if unmarked else ".")


def _closing() -> Closing:
    return Closing(
        Signature((), ("Đại diện đơn vị tổ chức",), note=_SIGN), Signature((), ("Người điểm danh",), note=_SIGN)
    )
