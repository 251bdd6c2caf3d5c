"""Letters of invitation as PDF: one a person (giấy mời), one an agency with its people (công văn); in Vietnamese."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Agency
from pr_tracker.office_time import office_day, write_day, write_time
from pr_tracker.pdf.fonts import Choice
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import invitation_of, invited_of, naming_of, venue_names
from pr_tracker.trainings.queries.plan import sessions_of
from pr_tracker.trainings.rules_roll import row_code

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_OPEN = "Sẽ thông báo sau"


def write_invitations(
    one: TrainingClass,
    people: Sequence[Participant],
    out: BinaryIO,
    *,
    place: str,
    base: str,
    typeface: Choice = "host",
) -> None:
    """A letter to each of the people, a page each, with the QR and the code of their own; `base` begins its address."""
    with force_locale("vi"):
        title = f"Giấy mời: {one.course.title}, {one.name}"
        blocks = _letters(one, people, place, base)
        pdf.build(pdf.Document(title, blocks, numbered=False), out, face=typeface)


def _letters(one: TrainingClass, people: Sequence[Participant], place: str, base: str) -> Iterator[pdf.Block]:
    facts, venues, said = _facts(one), venue_names(one.id), invitation_of(one.id)
    for at, row in enumerate(people):
        if at:
            yield pdf.PageBreak()
        yield letterhead(
            one.course.agency,
            place=place,
            day=said.signed_on,
            kind="Giấy mời",
            abstract=f"Tham dự {_course(one)}",
            symbol=f"GM-{one.course.agency.code}",
            number=said.number,
            draft=not said.number,
        )
        yield pdf.Addressees([", ".join(part for part in (row.full_name, row.title, row.agency_name) if part)])
        yield pdf.Text(
            f"{one.course.agency.name} trân trọng kính mời {row.full_name} tham dự {_course(one)}, {one.name}."
        )
        own = [("Điểm cầu", venues[row.venue_id])] if row.venue_id in venues else []
        yield pdf.Facts([*facts, *own])
        yield from _words(said)
        link = f"{base}/my-class/{row.token}"
        yield pdf.Qr(link, [f"Mã cá nhân: {row.personal_code}", *_HOW])
        yield pdf.Text("Rất mong đại biểu tham dự đầy đủ, đúng thời gian./.")
        yield pdf.Closing(signature(one.course.agency), pdf.Recipients(["Như trên"]))


_HOW = (
    "Quét mã bằng điện thoại để mở trang cá nhân, không cần tài khoản: xác nhận tham dự, báo vắng, cử người đi thay, "
    "xem lịch và tải tài liệu.",
    "Khi đến lớp, đưa mã này hoặc nhập mã cá nhân để điểm danh.",
)


def write_agency_letter(
    one: TrainingClass, agency: Agency, out: BinaryIO, *, place: str, typeface: Choice = "host"
) -> None:
    """The letter to an agency: its people are invited; or, while it has named nobody, it is asked to name some."""
    with force_locale("vi"):
        title = f"Công văn mời dự lớp: {one.course.title}, {agency.name}"
        pdf.build(pdf.Document(title, _agency_blocks(one, agency, place)), out, face=typeface)


def _agency_blocks(one: TrainingClass, agency: Agency, place: str) -> Iterator[pdf.Block]:
    said, people = invitation_of(one.id), invited_of(one.id, agency.id)
    yield letterhead(
        one.course.agency,
        place=place,
        day=said.signed_on,
        kind="",
        abstract=f"{'mời' if people else 'cử người'} tham dự {_course(one)}",
        symbol=one.course.agency.code,
        number=said.number,
        draft=not said.number,
    )
    yield pdf.Addressees([agency.name])
    ground = f"Căn cứ {one.course.legal_ground}, " if one.course.legal_ground else ""
    yield pdf.Text(f"{ground}{one.course.agency.name} tổ chức {_course(one)}, {one.name}, cụ thể như sau:")
    yield pdf.Facts(_facts(one))
    yield from _request(one, agency, people)
    yield from _words(said)
    yield pdf.Text(f"{one.course.agency.name} trân trọng đề nghị {agency.name} quan tâm phối hợp thực hiện./.")
    yield pdf.Closing(signature(one.course.agency), pdf.Recipients(["Như trên"]))


def _request(one: TrainingClass, agency: Agency, people: Sequence[Participant]) -> Iterator[pdf.Block]:
    """Whom the agency sends: the people named, or how many to name until when."""
    if people:
        yield pdf.Text(f"Kính mời các đồng chí sau của {agency.name} tham dự:")
        columns = [
            pdf.Column("STT", 0.5, "center", fits="999"),
            pdf.Column("Mã", 0.6, "center", fits="A01"),
            pdf.Column("Họ và tên", 2.2),
            pdf.Column("Chức vụ", 2.6),
            pdf.Column("Ghi chú", 1.2),
        ]
        yield pdf.Table(columns, [_line(at, row) for at, row in enumerate(people, 1)])
        return
    naming = naming_of(one, agency.id)
    number = f"{naming.seats} người" if naming.seats else "người"
    until = (
        f" trước {write_time(naming.closes_at)} ngày {write_day(office_day(naming.closes_at))}"
        if naming.closes_at
        else ""
    )
    yield pdf.Text(f"Đề nghị {agency.name} cử {number} tham dự và cập nhật danh sách trên hệ thống{until}.")


def _line(at: int, row: Participant) -> tuple[str, ...]:
    waits = "Danh sách chờ" if row.waiting_at else ""
    return str(at), row_code(row.number), row.full_name, row.title, waits


def _course(one: TrainingClass) -> str:
    """The course as it stands within a sentence: "lớp …" before a title that does not say what it is."""
    title = one.course.title
    within = title[0].lower() + title[1:]
    if within.startswith(("hội nghị", "lớp", "khóa")):
        return within
    return f"lớp {within}" if within.startswith(("tập huấn", "bồi dưỡng")) else f"khóa “{title}”"


def _facts(one: TrainingClass) -> list[tuple[str, str]]:
    sessions = [row for row in sessions_of(one.id) if row.cancelled_at is None]
    times = "\n".join(_session_words(row, one.place) for row in sessions) or _OPEN
    topics = one.course.topics.strip()
    facts = [("Thời gian", times), ("Địa điểm", one.place or (sessions[0].place if sessions else "") or _OPEN)]
    return facts + ([("Nội dung", topics)] if topics and len(sessions) < 2 else [])


def _session_words(row: Any, usual_place: str) -> str:
    day = office_day(row.starts_at)
    when = f"{write_time(row.starts_at)}–{write_time(row.ends_at)}, {_WEEKDAYS[day.weekday()]} {write_day(day)}"
    place = f", tại {row.place}" if row.place and row.place != usual_place else ""
    return f"{when}: {row.topic}{place}"


def _words(said: Any) -> Iterator[pdf.Block]:
    if said.note:
        yield pdf.Text(said.note)
    if said.contact:
        yield pdf.Text(f"Đầu mối liên hệ: {said.contact}.")
